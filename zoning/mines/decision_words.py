"""The words of decisions on modes: those of verdicts; what is permitted is so only in this preliminary check."""

from zoning.rules.verdict import Decision
from zoning.rules.wording.words import DECISIONS as OF_VERDICTS
from zoning.texts import Text

DECISIONS: dict[Decision, Text] = {**OF_VERDICTS, "permitted": Text("判定通过（初步）", "permitted (preliminary)")}
