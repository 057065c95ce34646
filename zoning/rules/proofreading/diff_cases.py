"""Worked cases run on two rule bases: which of them come out differently."""

from dataclasses import dataclass

from zoning.errors import ContentError
from zoning.layers.catalogue import Catalogue
from zoning.rules.cases import Case, run_case
from zoning.rules.rulebook import Rulebook
from zoning.rules.verdict import Finding
from zoning.rules.wording.cases import outcome_text
from zoning.texts import Text

Side = tuple[Rulebook, Catalogue]


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A worked case that comes out differently on the two sides."""

    rule: str
    case: str
    before: Text
    after: Text


@dataclass(frozen=True, slots=True)
class _Came:
    """What came out; two results weigh the same where both leave the decision alone."""

    text: Text
    weight: object


def compare_cases(rule_id: str, case: Case, before: Side, after: Side) -> CaseChange | None:
    """Run a case on both sides; None where it comes out alike."""
    was, is_ = _run(rule_id, case, before), _run(rule_id, case, after)
    return None if was.weight == is_.weight else CaseChange(rule_id, case.name, was.text, is_.text)


def _run(rule_id: str, case: Case, side: Side) -> _Came:
    rulebook, catalogue = side
    rule = rulebook.get(rule_id)
    if rule is None:
        return _Came(Text("没有这条规则", "there is no such rule"), None)
    try:
        result = run_case(case, rule, rulebook, catalogue)
    except ContentError as error:
        text = Text(f"无法运行：{error.get('zh')}", f"cannot be run: {error.get('en')}")
        return _Came(text, text)
    if result.finding is None and result.mistake is not None and rule.in_force.covers(case.on):
        text = Text(f"无法运行：{result.mistake.zh}", f"cannot be run: {result.mistake.en}")
        return _Came(text, text)
    text = outcome_text(result.finding, rulebook.vocabulary, catalogue)
    if result.finding is not None and not result.finding.verified and result.finding.decision is not None:
        text = Text(f"{text.zh}（待核实，不单独决定）", f"{text.en} (not verified, never decides alone)")
    return _Came(text, _weight(result.finding))


def _weight(finding: Finding | None) -> object:
    if finding is None or finding.outcome == "does_not_apply":
        return None
    asked = frozenset((*finding.missing_facts, *finding.missing_layers))
    return (finding.outcome, finding.effect, finding.decision, finding.blocked, finding.possible_effects, asked)
