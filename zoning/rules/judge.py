"""Rules + situation -> findings: one per rule in force in the territory on the day, never fewer.

A rule whose layers lie clear of the site says the same of every site with the same facts: such findings are kept, so
that thousands of sites are judged at the cost of what they touch.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from graphlib import TopologicalSorter

from zoning.overlay.overlap import LayerOverlap
from zoning.rules.facts import FactSheet
from zoning.rules.finding import DECISION_OF, Prepared, Side, apply_prepared
from zoning.rules.places import Relation, Where
from zoning.rules.relations import could_be
from zoning.rules.rule import STRICTNESS, Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.truth import Answer, Place, Truth
from zoning.rules.verdict import Finding

_SURE = (Truth.FALSE, Truth.UNKNOWN, Truth.TRUE)
_MOST_KEPT = 50_000
_MOST_SIDES = 30_000  # each holds a finding
_MOST_SHEETS = 1_000


def judge(rulebook: Rulebook, situation: Situation) -> tuple[Finding, ...]:
    """Apply every rule in force in the situation's territory on its day, ordered by rule id."""
    return Judge(rulebook).findings(situation)


def unread_layers(rulebook: Rulebook, situation: Situation) -> frozenset[str]:
    """Return the layers without data here that a rule in force which can prohibit or restrict speaks of."""
    return Judge(rulebook).unread_layers(situation)


_Places = tuple[tuple[str, Relation], ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A rule with what its finding depends on; `places`: its number among the `_Docket.places`."""

    prepared: Prepared
    facts: tuple[str, ...]
    places: int


@dataclass(frozen=True, slots=True)
class _Docket:
    """The rules in force in one territory on one day.

    Attributes
    ----------
    strict_layers
        The layers of rules that can prohibit or restrict: without their data nothing is permitted.
    overrides
        Which rule another steps back for, by their numbers, stronger and weaker; see `_overrides`.
    places
        Layers and relations that rules speak of; many rules speak of the same.
    kept
        Findings that hold for every site with the same facts and the same clear layers.
    numbers
        A number for each combination of facts or of clear layers: it is compared sooner than the combination.
    """

    entries: tuple[_Entry, ...]
    places: tuple[_Places, ...]
    strict_layers: tuple[str, ...]
    overrides: tuple[tuple[int, int], ...]
    kept: dict[Hashable, Finding] = field(default_factory=dict)
    answers: dict[Hashable, Answer] = field(default_factory=dict)
    sides: dict[Hashable, dict[Truth, Side]] = field(default_factory=dict)
    sheets: dict[Hashable, tuple[Hashable, ...]] = field(default_factory=dict)
    numbers: dict[Hashable, int] = field(default_factory=dict)

    def numbered(self, combination: Hashable) -> Hashable:
        """Return the number of a combination; the combination itself where no more is kept."""
        found = self.numbers.get(combination)
        if found is None:
            if len(self.numbers) >= _MOST_KEPT:
                return combination
            found = self.numbers[combination] = len(self.numbers)
        return found


class Judge:
    """Applies a rulebook to many sites."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._dockets: dict[tuple[date, str], _Docket] = {}

    def findings(self, situation: Situation) -> tuple[Finding, ...]:
        """Apply every rule in force in the situation's territory on its day, ordered by rule id."""
        docket = self._docket(situation)
        site = _Site(docket, situation)
        kept, states = docket.kept, site.states
        findings = [
            kept.get((told, states[entry.places])) or _finding(entry, told, site)
            for entry, told in zip(docket.entries, _told(docket, situation.facts), strict=True)
        ]
        return _after_overrides(docket, findings, situation) if docket.overrides else tuple(findings)

    def unread_layers(self, situation: Situation) -> frozenset[str]:
        """Return the layers without data here that a rule in force which can prohibit or restrict speaks of."""
        layers = self._docket(situation).strict_layers
        return frozenset(name for name in layers if _is_unread(situation.overlaps.get(name)))

    def _docket(self, situation: Situation) -> _Docket:
        key = (situation.on, situation.territory)
        if key not in self._dockets:
            self._dockets[key] = self._new_docket(situation)
        return self._dockets[key]

    def _new_docket(self, situation: Situation) -> _Docket:
        rules = self.rulebook.in_force(situation.on, situation.territory)
        strict = (
            where.layer
            for rule in rules
            if rule.scope != "baseline" and any(effect in DECISION_OF for effect in rule.effects)
            for where in rule.places
        )
        places: dict[_Places, int] = {}
        entries = []
        for rule in rules:
            spoken_of = tuple(dict.fromkeys((where.layer, where.relation) for where in rule.places))
            number = places.setdefault(spoken_of, len(places))
            entries.append(_Entry(Prepared.of(rule, situation, self.rulebook), rule.facts, number))
        return _Docket(tuple(entries), tuple(places), tuple(dict.fromkeys(strict)), _overrides(rules))


def _overrides(rules: Sequence[Rule]) -> tuple[tuple[int, int], ...]:
    """Return which rule another steps back for, a stronger one after those that it steps back for itself.

    Whether a rule steps back must be known before it is asked what it lifts. Rules that stand in a circle lift nothing.
    """
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    below = [{numbers[one.rule] for one in rule.overrides if one.rule in numbers} for rule in rules]
    reached = [_below(number, below) for number in range(len(rules))]
    kept = [{weaker for weaker in found if number not in reached[weaker]} for number, found in enumerate(below)]
    before: dict[int, set[int]] = {number: set() for number in range(len(rules))}
    for stronger, found in enumerate(kept):
        for weaker in found:
            before[weaker].add(stronger)
    order = tuple(TopologicalSorter(before).static_order())
    return tuple((stronger, weaker) for stronger in order for weaker in sorted(kept[stronger]))


def _below(number: int, below: Sequence[set[int]]) -> set[int]:
    """Return all rules that step back for a rule, or for one of those."""
    found: set[int] = set()
    open_ = [number]
    while open_:
        more = below[open_.pop()] - found
        found |= more
        open_.extend(more)
    return found


class _Site:
    """What of a site the kept findings depend on: worked out once for each combination of places.

    Attributes
    ----------
    states
        For each of the `_Docket.places` on what their answers depend; None where they are particular to this site.
    answered
        Answers of places that several rules of this site ask for.
    """

    def __init__(self, docket: _Docket, situation: Situation) -> None:
        self.docket = docket
        self.situation = situation
        self.answered: dict[str, Place] = {}
        self._known: dict[tuple[str, Relation], Hashable] = {}
        self.states = [self._of(places) for places in docket.places]

    def _of(self, places: _Places) -> Hashable:
        found: list[Hashable] = []
        for place in places:
            if place not in self._known:
                self._known[place] = _state(self.situation.overlaps.get(place[0]), place[1])
            state = self._known[place]
            if state is None:
                return None
            found.append(state)
        return self.docket.numbered(tuple(found))


def _state(overlap: LayerOverlap | None, relation: Relation) -> Hashable:
    if overlap is None:
        return "missing"
    if overlap.status == "no_data" and overlap.covered_m2 == 0 and not overlap.classes and not overlap.distances_m:
        # A site that is covered in part is particular: how much of it lies outside zones is its own.
        return None if overlap.unleveled_m is not None else ("no data", overlap.edition, overlap.reason)
    clear = overlap.status == "not_affected" and not overlap.classes and overlap.uncovered_m2 == 0
    if not clear or relation in ("outside", "inside"):
        return None
    if relation == "overlaps":
        return ("clear", overlap.edition)
    far = not overlap.distances_m and overlap.unleveled_m is None and overlap.covered_reach_m >= overlap.searched_m
    return ("far", overlap.edition, overlap.accuracy_m, overlap.searched_m) if far else None


def _finding(entry: _Entry, told: Hashable, site: _Site) -> Finding:
    """Return a finding that is not kept yet, or is particular to a site."""
    docket, state = site.docket, site.states[entry.places]
    fact: Answer | None = None
    if state is None:
        fact = _answer(entry, told, site)
        if fact is None or fact.truth is not Truth.FALSE:
            sides = _sides(docket, told) if entry.prepared.places_in_where_only else None
            return apply_prepared(entry.prepared, site.situation, fact, sides, site.answered)
        state = "unmet"
    key = (told, state)
    found = docket.kept.get(key)
    if found is None:
        found = apply_prepared(entry.prepared, site.situation, fact)
        if len(docket.kept) < _MOST_KEPT:
            docket.kept[key] = found
    return found


def _sides(docket: _Docket, told: Hashable) -> dict[Truth, Side] | None:
    """Return what was found for other sites with the same facts; None where no more is kept."""
    if told not in docket.sides and len(docket.sides) < _MOST_SIDES:
        docket.sides[told] = {}
    return docket.sides.get(told)


def _answer(entry: _Entry, told: Hashable, site: _Site) -> Answer | None:
    """Return the answer of a condition that asks for facts only, the same for all sites with these facts."""
    if not entry.prepared.asks_facts_only:
        return None
    answers = site.docket.answers
    found = answers.get(told)
    if found is None:
        found = entry.prepared.answer(site.situation)
        if len(answers) < _MOST_KEPT:
            answers[told] = found
    return found


def _told(docket: _Docket, facts: FactSheet) -> tuple[Hashable, ...]:
    """Return, for each rule, a key for itself with what is known of the facts that it asks for; once for a sheet."""
    sheet = tuple(sorted(facts.values.items()))
    found = docket.sheets.get(sheet)
    if found is None:
        known = facts.values
        found = tuple(
            docket.numbered((number, *[known.get(name) for name in entry.facts]))
            for number, entry in enumerate(docket.entries)
        )
        if len(docket.sheets) < _MOST_SHEETS:
            docket.sheets[sheet] = found
    return found


def _is_unread(overlap: LayerOverlap | None) -> bool:
    # A site that touches a zone here can still lie partly where the layer has no data.
    return overlap is None or overlap.status == "no_data" or overlap.uncovered_m2 > 0


def _after_overrides(docket: _Docket, findings: list[Finding], situation: Situation) -> tuple[Finding, ...]:
    """Let rules step back where a rule applies that says so: special before general, later before earlier.

    A rule that has stepped back itself lifts nothing.
    """
    rules = [entry.prepared.rule for entry in docket.entries]
    for number, other in docket.overrides:
        stronger, weaker = findings[number], findings[other]
        if stronger.outcome == "does_not_apply" or stronger.overridden_by is not None:
            continue
        if not stronger.verified or stronger.blocked or not _covers(stronger, weaker):
            continue
        milder = STRICTNESS[stronger.effect] < STRICTNESS[weaker.effect] and stronger.layer is not None
        reaches = _reaches_as_far(rules[number], rules[other], situation) if milder else Truth.TRUE
        if reaches is Truth.TRUE:
            findings[other] = _stepped_back(weaker, stronger)
        elif reaches is Truth.UNKNOWN:
            findings[other] = _left_open(weaker)
    return tuple(findings)


def _left_open(weaker: Finding) -> Finding:
    """Return a finding that holds only if there is land here that the stronger rule does not speak of."""
    if weaker.outcome != "applies" or weaker.decision not in ("prohibited", "restricted"):
        return weaker
    return weaker.model_copy(
        update={
            "outcome": "undetermined",
            "decision": "undetermined",
            "possible_effects": (weaker.effect,),
            "blocked": True,
            "missing_layers": () if weaker.layer is None else (weaker.layer,),
        }
    )


def _stepped_back(weaker: Finding, stronger: Finding) -> Finding:
    """Return the weaker finding; while it is not known whether the stronger one applies, it is not known either."""
    if stronger.outcome == "applies":
        return weaker.model_copy(update={"overridden_by": stronger.rule, "decision": None})
    if weaker.outcome != "applies" or weaker.decision not in ("prohibited", "restricted"):
        return weaker
    if all(STRICTNESS[effect] >= STRICTNESS[weaker.effect] for effect in stronger.possible_effects):
        # Whether or not the stronger one applies: it is no milder.
        return weaker
    changed = {
        "outcome": "undetermined",
        "decision": "undetermined",
        "possible_effects": (weaker.effect,),
        "missing_facts": stronger.missing_facts,
        "missing_layers": stronger.missing_layers,
    }
    return weaker.model_copy(update=changed)


def _covers(stronger: Finding, weaker: Finding) -> bool:
    """Tell whether the stronger rule speaks of all the land that the weaker one speaks of, or binds no less."""
    if weaker.outcome == "does_not_apply":
        return False
    if STRICTNESS[stronger.effect] >= STRICTNESS[weaker.effect] or stronger.layer is None:
        return True
    same = (stronger.layer, stronger.class_) == (weaker.layer, weaker.class_)
    return same and (stronger.overlap_m2 or 0.0) >= (weaker.overlap_m2 or 0.0)


def _reaches_as_far(stronger: Rule, weaker: Rule, situation: Situation) -> Truth:
    """Tell whether every zone that the weaker rule finds here is one that the stronger rule speaks of.

    A finding names its largest zone only: a ban on level 1 and level 2 does not fall for a rule on level 1. A place
    inside a condition is no land that could be compared.
    """
    if len(weaker.places) != len(weaker.where):
        return Truth.FALSE
    found = [
        max((_found_in(where, other, situation) for other in stronger.where), key=_SURE.index, default=Truth.FALSE)
        for where in weaker.where
    ]
    return min(found, key=_SURE.index, default=Truth.TRUE)


def _found_in(where: Where, other: Where, situation: Situation) -> Truth:
    if where.model_copy(update={"classes": ()}) != other.model_copy(update={"classes": ()}):
        return _truth(_is_clear(where, situation))
    overlap, layer = situation.overlaps.get(where.layer), situation.layers.get(where.layer)
    if not other.classes or overlap is None or layer is None:
        return _truth(not other.classes)
    more = tuple(name for name in where.classes or layer.classes if name not in other.classes)
    if where.relation != "overlaps":
        # Without classes it speaks of zones that bear none as well.
        return _truth(bool(where.classes) and not more)
    if not more:
        return Truth.TRUE
    if any(found.class_id in more for found in overlap.classes):
        return Truth.FALSE
    unknown = overlap.status == "no_data" or overlap.uncovered_m2 > 0
    doubtful = any(found.assumed or could_be(found.class_id, more, layer, overlap) for found in overlap.classes)
    return Truth.UNKNOWN if unknown or doubtful else Truth.TRUE


def _truth(value: bool) -> Truth:  # noqa: FBT001 - a mapping
    return Truth.TRUE if value else Truth.FALSE


def _is_clear(where: Where, situation: Situation) -> bool:
    overlap = situation.overlaps.get(where.layer)
    return where.relation == "overlaps" and overlap is not None and overlap.status == "not_affected"
