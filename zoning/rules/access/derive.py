"""What the access lists say of a project as a whole: the fact `unit_access_list`, with its derivation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from zoning.rules.access.entries import ClauseEntry, UnitComparison
from zoning.rules.access.words import DIMENSION_TITLES
from zoning.texts import Text

FACT = "unit_access_list"

Verdict = Literal["prohibited", "restricted", "not-listed"]


@dataclass(frozen=True, slots=True)
class Derivation:
    """A value of the fact, None while it is unknown, and what it follows from."""

    value: Verdict | None
    because: Text


def derive_unit_access_list(comparisons: Sequence[UnitComparison]) -> Derivation:
    """Derive the fact from the comparisons with all units.

    A clause that is violated in a unit that is certainly hit decides by its effect, the strictest first. "Restricted"
    and "not listed" are told only when nothing is left that could turn out stricter: a fact that becomes known later
    never takes a derived value back.
    """
    if not comparisons:
        return Derivation(None, Text("工作空间没有管控单元图层", "the workspace has no layer of management units"))
    for effect, value in _DECIDING:
        found = _violated(comparisons, effect)
        if found is None:
            continue
        if effect == "restrict" and (open_ := _open(comparisons, may_prohibit=True)) is not None:
            return Derivation(None, open_)
        return Derivation(value, _clause_text(*found))
    open_ = _open(comparisons, may_prohibit=False)
    if open_ is not None:
        return Derivation(None, open_)
    codes = "、".join(entry.unit or "" for entry in comparisons)
    return Derivation(
        "not-listed",
        Text(
            f"单元 {codes} 的准入清单逐条对照，均为符合或不涉及",
            f"every clause for {codes} is met or does not concern the project",
        ),
    )


_DECIDING: tuple[tuple[str, Verdict], ...] = (("prohibit", "prohibited"), ("restrict", "restricted"))


def _violated(comparisons: Sequence[UnitComparison], effect: str) -> tuple[UnitComparison, ClauseEntry] | None:
    for entry in comparisons:
        for clause in entry.clauses:
            if entry.certainty == "certain" and clause.result == "violates" and clause.effect == effect:
                return entry, clause
    return None


def _open(comparisons: Sequence[UnitComparison], *, may_prohibit: bool) -> Text | None:
    """Return what is not settled; with `may_prohibit` only what could still end in a prohibition."""
    for entry in comparisons:
        if entry.status != "compared":
            return entry.reason
        for clause in entry.clauses:
            unsettled = clause.result == "to_verify" or (clause.result == "violates" and entry.certainty == "possible")
            unmet = clause.result == "violates" and not may_prohibit
            if unmet or (unsettled and (clause.effect == "prohibit" or not may_prohibit)):
                return _clause_text(entry, clause)
    return None


_RESULTS: dict[str, Text] = {
    "violates": Text("不符合", "is not complied with"),
    "to_verify": Text("需进一步核实", "is to be verified"),
}


def _clause_text(entry: UnitComparison, clause: ClauseEntry) -> Text:
    result = _RESULTS[clause.result]
    dimension = DIMENSION_TITLES[clause.dimension]
    title = next(one.title for one in entry.lists if one.edition == clause.edition)
    hit = Text("（精度内可能涉及）", " (possibly hit)") if entry.certainty == "possible" else Text("", "")
    return Text(
        f"单元 {entry.unit}{hit.zh}：《{title.zh}》{dimension.zh} {clause.number} {result.zh}",
        f"unit {entry.unit}{hit.en}: '{title.en}', {dimension.en} {clause.number} {result.en}",
    )
