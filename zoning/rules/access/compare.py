"""A site against the access lists in force, clause by clause.

A clause without `complies_when` is never "complies": a person has to compare it. Unknown facts stay unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zoning.citations import binds_in
from zoning.quantities import format_area
from zoning.rules.access.clauses import AccessList, Clause
from zoning.rules.access.entries import ClauseEntry, FactEntry, ListEntry, SilentDimension, Status, UnitComparison
from zoning.rules.access.hits import LAYER, UnitHit, gap_m2, unit_hits
from zoning.rules.access.lists import AccessLists
from zoning.rules.access.sentences import clause_reasons, contradictions, expired, unknown_unit
from zoning.rules.access.unit_codes import class_in, county_in
from zoning.rules.access.words import (
    CLASS_TITLES,
    DIMENSIONS,
    LEVELS,
    Level,
    Result,
    UnitClass,
)
from zoning.rules.conditions import AtPlace, Condition, leaves
from zoning.rules.facts import Vocabulary
from zoning.rules.situation import Situation
from zoning.rules.truth import TRUE, Answer, Truth
from zoning.rules.wording.values import value_text
from zoning.texts import Text

_EXPECTED: tuple[Level, ...] = ("province", "city", "unit")
"""The levels of which every unit has a list (省 + 市 + 管控单元); lists of counties are rare."""

_ROUNDING_M2 = 1e-4
_DOUBT = Text(
    "单元的类别或所属县不能确定，本条是否适用须核实",
    "the class or the county of the unit is not certain: verify whether the clause holds here",
)


def compare(lists: AccessLists, situation: Situation, vocabulary: Vocabulary) -> tuple[UnitComparison, ...]:
    """Compare a site, or the part of it in one territory, with the lists in force on its day.

    Returns
    -------
    tuple
        One entry per unit that is hit or may be hit, largest overlap first; then one for every part that lies in no
        unit or where the units are not known. Empty only when the workspace has no layer of units.
    """
    if LAYER not in situation.layers:
        return ()
    overlap = situation.overlaps.get(LAYER)
    if overlap is None:
        return (_without_unit(situation, "no_data", situation.area_m2, None),)
    clerk = _Clerk(lists, lists.in_force(situation.on), situation, vocabulary)
    entries = [clerk.unit(hit) for hit in unit_hits(overlap)]
    if overlap.status == "no_data" or overlap.uncovered_m2 > 0:
        without = overlap.uncovered_m2 or situation.area_m2
        entries.append(_without_unit(situation, "no_data", without, overlap.reason))
    gap = gap_m2(overlap)
    if gap > max(situation.tolerance_m2, _ROUNDING_M2) or not entries:
        entries.append(_without_unit(situation, "no_unit", gap or situation.area_m2, None))
    return tuple(entries)


def _without_unit(situation: Situation, status: Status, area_m2: float, why: Text | None) -> UnitComparison:
    area = format_area(area_m2)
    if status == "no_data":
        because = why or Text("图层数据缺失", "the layer has no data")
        reason = Text(
            f"{area.zh}所在的管控单元未知（{because.zh}）：清单未核查",
            f"the units of {area.en} are not known ({because.en}): the lists were not checked",
        )
    else:
        reason = Text(
            f"{area.zh}不在任何管控单元之内，请核实单元图层：清单未核查",
            f"{area.en} lie in no management unit, verify the layer: the lists were not checked",
        )
    return UnitComparison(
        territory=situation.territory,
        unit=None,
        name="",
        class_=None,
        class_title=None,
        certainty="certain",
        overlap_m2=round(area_m2, 4),
        share=_share(area_m2, situation),
        status=status,
        reason=reason,
        missing_levels=_EXPECTED,
        lists=(),
        clauses=(),
        silent=(),
        warnings=(),
    )


def _share(area_m2: float, situation: Situation) -> float:
    return round(min(area_m2 / situation.area_m2, 1.0), 8) if situation.area_m2 > 0 else 0.0


@dataclass(frozen=True, slots=True)
class _Clerk:
    """Compares one site with the lists that hold on its day."""

    lists: AccessLists
    in_force: tuple[AccessList, ...]
    situation: Situation
    vocabulary: Vocabulary

    def unit(self, hit: UnitHit) -> UnitComparison:
        counties, renamed = self._counties(hit)
        classes = _classes(hit)
        editions = self.lists.for_unit(hit.code, self.situation.on)
        found = [entry for e in editions for entry in _clauses_of(e, hit.code, counties, classes)]
        found.sort(key=_order)
        own = [edition for edition in editions if edition.speaks_of(hit.code)]
        used = dict.fromkeys([entry.edition.id for entry in found] + [edition.id for edition in own])
        have = {entry.clause.level for entry in found} | ({"unit"} if own else set())
        return UnitComparison(
            territory=self.situation.territory,
            unit=hit.code,
            name=hit.name,
            class_=hit.class_id,
            class_title=_class_title(hit, self.situation),
            certainty=hit.certainty,
            overlap_m2=round(hit.overlap_m2, 4),
            share=_share(hit.overlap_m2, self.situation),
            status="compared" if own else "no_list",
            reason=None if own else self._no_list(hit.code, counties),
            missing_levels=tuple(level for level in _EXPECTED if level not in have),
            lists=tuple(self._list_entry(self.lists.editions[name]) for name in used),
            clauses=tuple(self._clause(entry) for entry in found),
            silent=_silent(hit.code, own),
            warnings=(*renamed, *contradictions(hit, own)),
        )

    def _counties(self, hit: UnitHit) -> tuple[tuple[str, ...], list[Text]]:
        """Return the codes by which wider lists are found for a unit: its county's, unless that is one of the past."""
        here = self.situation.territory
        county = county_in(hit.code)
        if county is None:
            return (here,), []
        today = self.lists.former_codes.get(county, county)
        if today.startswith(here) or here.startswith(today):
            return (today,), []
        text = Text(
            f"单元编码中的县级代码 {county} 与项目所在辖区 {here} 不同（可能是更名前的代码）："
            "省、市、县级清单按两者核对",
            f"the county code {county} inside the unit code is not that of the territory {here} (perhaps from before "
            "a renaming): lists of both were compared",
        )
        return (today, here), [text]

    def _no_list(self, code: str, counties: tuple[str, ...]) -> Text:
        others = [edition for edition in self.lists.editions.values() if edition.speaks_of(code)]
        if others:
            nearest = max(others, key=lambda edition: edition.valid_from)
            return expired(nearest, self.lists.last_day(nearest), self.situation.on)
        return unknown_unit(
            code,
            [e for e in self.in_force if e.by_unit and any(binds_in(e.territories, county) for county in counties)],
        )

    def _list_entry(self, edition: AccessList) -> ListEntry:
        last = self.lists.last_day(edition)
        return ListEntry(
            edition=edition.id,
            title=edition.title,
            issuer=edition.issuer,
            number=edition.number,
            valid_from=edition.valid_from,
            valid_to=None if last == date.max else last,
            schematic=edition.schematic,
        )

    def _clause(self, found: "_Found") -> ClauseEntry:
        edition, clause = found.edition, found.clause
        concerned = self._decide(clause.applies_when)
        # Places take time: they are measured only where the clause concerns the project.
        decided = concerned.truth is not Truth.FALSE and clause.complies_when is not None
        met = self._decide(clause.complies_when) if decided else None
        result = outcome(concerned, met)
        doubtful = found.doubtful and result == "violates"
        if doubtful:
            result = "to_verify"
        open_ = [concerned, *([met] if met is not None else [])] if result == "to_verify" else []
        missing = dict.fromkeys(name for answer in open_ for name in answer.missing)
        layers = dict.fromkeys(p.missing_layer for answer in open_ for p in answer.places if p.missing_layer)
        return ClauseEntry(
            id=f"{edition.id}/{clause.unit or clause.level}/{clause.number}",
            edition=edition.id,
            level=clause.level,
            dimension=clause.dimension,
            number=clause.number,
            printed=clause.printed,
            text=clause.text,
            effect=clause.effect,
            facts=self._facts(clause),
            result=result,
            reasons=(
                *clause_reasons(clause, result, (concerned, met), self.vocabulary),
                *([_DOUBT] if doubtful else []),
            ),
            missing_facts=tuple(missing),
            missing_layers=tuple(layers),
        )

    def _decide(self, condition: Condition | None) -> Answer:
        return TRUE if condition is None else condition.decide(self.situation, {})

    def _facts(self, clause: Clause) -> tuple[FactEntry, ...]:
        conditions = [c for c in (clause.applies_when, clause.complies_when) if c is not None]
        asked = dict.fromkeys(
            leaf.fact for condition in conditions for leaf in leaves(condition) if not isinstance(leaf, AtPlace)
        )
        return tuple(self._fact(name) for name in asked)

    def _fact(self, name: str) -> FactEntry:
        fact = self.vocabulary.facts[name]
        value = self.situation.facts.get(name)
        text = value_text(fact, value)
        return FactEntry(fact=name, title=fact.title, value=text, known=value is not None)


def binding_clauses(lists: AccessLists, code: str, on: date) -> tuple[tuple[AccessList, Clause], ...]:
    """Return all clauses that bind a unit on a day, widest level first, in the order of the dimensions."""
    county = county_in(code)
    counties = () if county is None else (lists.former_codes.get(county, county),)
    told = class_in(code)
    classes = frozenset(CLASS_TITLES) if told is None else frozenset((told,))
    found = [entry for edition in lists.for_unit(code, on) for entry in _clauses_of(edition, code, counties, classes)]
    return tuple((entry.edition, entry.clause) for entry in sorted(found, key=_order))


def outcome(concerned: Answer, met: Answer | None) -> Result:
    """Return how a clause comes out: does it concern the project, and does the project meet it.

    `met` is None where nobody has written down when it is met.

    >>> outcome(TRUE, None)
    'to_verify'
    """
    if concerned.truth is Truth.FALSE:
        return "not_concerned"
    if met is not None and met.truth is Truth.TRUE:
        return "complies"
    if met is not None and met.truth is Truth.FALSE and concerned.truth is Truth.TRUE:
        return "violates"
    return "to_verify"


@dataclass(frozen=True, slots=True)
class _Found:
    """A clause that binds a unit, or may bind it (`doubtful`: its class or county is not certain)."""

    edition: AccessList
    clause: Clause
    doubtful: bool


def _clauses_of(
    edition: AccessList, code: str, counties: tuple[str, ...], classes: frozenset[UnitClass]
) -> Iterable[_Found]:
    for clause in edition.by_unit.get(code, ()):
        yield _Found(edition, clause, doubtful=False)
    here = [binds_in(edition.territories, county) for county in counties]
    for clause in edition.wider:
        wanted = frozenset(clause.classes)
        if clause.unit == code:
            yield _Found(edition, clause, doubtful=False)
        elif clause.unit is None and any(here) and (not wanted or classes & wanted):
            yield _Found(edition, clause, doubtful=not all(here) or bool(wanted and not classes <= wanted))


def _order(found: _Found) -> tuple[int, int, str]:
    # Python's sort is stable: within a dimension the order of the list stays.
    return LEVELS.index(found.clause.level), DIMENSIONS.index(found.clause.dimension), found.edition.id


def _classes(hit: UnitHit) -> frozenset[UnitClass]:
    """Return the classes whose clauses count: where code and layer disagree, or say nothing, rather too many."""
    told = {name for name in (class_in(hit.code), hit.class_id) if name is not None}
    known: frozenset[UnitClass] = frozenset(name for name in CLASS_TITLES if name in told)
    return known or frozenset(CLASS_TITLES)


def _class_title(hit: UnitHit, situation: Situation) -> Text | None:
    return situation.layers[LAYER].classes[hit.class_id].title if hit.class_id is not None else None


def _silent(code: str, own: Iterable[AccessList]) -> tuple[SilentDimension, ...]:
    editions = list(own)
    spoken = {clause.dimension for edition in editions for clause in edition.by_unit.get(code, ())}
    wording: Mapping[str, str] = {
        name: text
        for edition in editions
        if code in edition.records
        for name, text in edition.records[code].no_clause.items()
    }
    return tuple(
        SilentDimension(dimension=name, wording=wording.get(name, ""))
        for name in DIMENSIONS
        if editions and name not in spoken
    )
