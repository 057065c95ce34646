"""What the access lists say of a project as a whole: the fact `unit_access_list`, with its derivation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from zoning.rules.access.entries import ClauseEntry, UnitComparison
from zoning.rules.access.words import DIMENSION_TITLES
from zoning.rules.derivation.derive import Derivation, Derived
from zoning.rules.facts import FactSheet, FactValue, Vocabulary
from zoning.texts import Text

FACT = "unit_access_list"
VIOLATED = "access_list_violated"
FROM = "access-lists"

ListAnswer = Literal["prohibited", "restricted", "not-listed"]

# What a reviewer may have told: from these nothing stricter follows.
_MILD = ("encouraged", "guided", "not-listed")
_STRICT: dict[str, int] = {"restricted": 1, "prohibited": 2}


@dataclass(frozen=True, slots=True)
class AccessAnswer:
    """A value of the fact, None while it is unknown, what it follows from, and the clause that decides."""

    value: ListAnswer | None
    because: Text
    clause: str | None = None


def with_access_fact(vocabulary: Vocabulary, sheet: FactSheet, comparisons: Sequence[UnitComparison]) -> Derived:
    """Add what follows from the comparisons to the facts of a project; the stricter of told and found counts.

    Returns
    -------
    Derived
        With a warning where what was told contradicts the lists.
    """
    answer = derive_unit_access_list(comparisons)
    fact = vocabulary.facts.get(FACT)
    violated = next((found for effect, _ in _DECIDING if (found := _violated(comparisons, effect))), None)
    if violated is not None and VIOLATED in vocabulary.facts:
        sheet = FactSheet({**sheet.values, VIOLATED: True})
    if answer.value is None or fact is None:
        return Derived(sheet)
    told = sheet.get(FACT)
    if told is None:
        value: FactValue = (answer.value,)
        because = (answer.clause,) if answer.clause is not None else ()
        entry = Derivation(fact=FACT, value=(answer.value,), from_=FROM, because=because, basis=answer.because)
        return Derived(FactSheet({**sheet.values, FACT: value}), (entry,))
    said = told[0] if isinstance(told, tuple) and told else ""
    if said == answer.value or (said in _MILD and answer.value in _MILD):
        return Derived(sheet)
    title = fact.values.get(answer.value, Text(answer.value, answer.value))
    stricter = _STRICT.get(answer.value, 0) > _STRICT.get(said, 0)
    how = Text("按对照结果判断", "the comparison counts") if stricter else Text("按所填判断", "it was kept")
    warning = Text(
        f"所填“{fact.title.zh}”与准入清单的对照不一致，{how.zh}，请核对：{answer.because.zh}（对照结果为“{title.zh}”）",
        f"what was told of '{fact.title.en}' contradicts the access lists; {how.en}, verify it: "
        f"{answer.because.en} (follows: {title.en})",
    )
    if stricter:
        sheet = FactSheet({**sheet.values, FACT: (answer.value,)})
    return Derived(sheet, (), (warning,))


def derive_unit_access_list(comparisons: Sequence[UnitComparison]) -> AccessAnswer:
    """Derive the fact from the comparisons with all units.

    A clause that is violated in a unit that is certainly hit decides by its effect, the strictest first. "Restricted"
    and "not listed" are told only when nothing is left that could turn out stricter: a fact that becomes known later
    never takes a derived value back.
    """
    if not comparisons:
        return AccessAnswer(None, Text("工作空间没有管控单元图层", "the workspace has no layer of management units"))
    for effect, value in _DECIDING:
        found = _violated(comparisons, effect)
        if found is None:
            continue
        if effect == "restrict" and (open_ := _open(comparisons, may_prohibit=True)) is not None:
            return AccessAnswer(None, open_)
        return AccessAnswer(value, _clause_text(*found), found[1].id)
    open_ = _open(comparisons, may_prohibit=False)
    if open_ is not None:
        return AccessAnswer(None, open_)
    codes = "、".join(entry.unit or "" for entry in comparisons)
    return AccessAnswer(
        "not-listed",
        Text(
            f"单元 {codes} 的准入清单逐条对照，均为符合或不涉及",
            f"every clause for {codes} is met or does not concern the project",
        ),
    )


_DECIDING: tuple[tuple[str, ListAnswer], ...] = (("prohibit", "prohibited"), ("restrict", "restricted"))


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
    hit = Text("（精度内可能涉及）", " (possibly affected)") if entry.certainty == "possible" else Text("", "")
    return Text(
        f"单元 {entry.unit}{hit.zh}：《{title.zh}》{dimension.zh} {clause.number} {result.zh}",
        f"unit {entry.unit}{hit.en}: '{title.en}', {dimension.en} {clause.number} {result.en}",
    )
