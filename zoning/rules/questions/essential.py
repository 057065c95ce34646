"""Which facts a decision depends on: the smallest set of questions whose answers decide it, whatever they are.

Every finding asks for one of five levels, and the strictest level is the decision (`LABELS`): nothing; a restriction
that no fact can settle; a restriction; a prohibition that no fact can settle, or a procedure to be finished first; a
prohibition. So the decision D is a function of the facts that are unknown: D(answers) = the label of the highest level.

A fact is *essential* when, for some answers to the other facts, changing its answer changes D. The essential facts are
the smallest set that decides D, and the only smallest one:

- every deciding set holds each essential fact e: take answers to the others under which e changes D. They fix the
  answers to every set without e, and do not decide D;
- the essential facts decide D: take two lists of answers that agree on them, and change the first into the second one
  fact at a time. Only facts that are not essential change, so D never does.

A check decides in three-valued logic, which can leave open what every answer would settle alike (`x` prohibits, and
`not x` prohibits as well). Where that happens, the facts that close it are asked for too (`deciding`).

The search over answers ends early where the unknown rest cannot matter. It is bounded: where the bound is reached, the
question is kept, so that none that is needed is ever dropped.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Protocol, TypeVar

from zoning.rules.facts import AtLeast, FactValue
from zoning.rules.questions.answers import Answers
from zoning.rules.verdict import Decision

LABELS: tuple[Decision, ...] = ("permitted", "undetermined", "restricted", "undetermined", "prohibited")
NOTHING, MAYBE_RESTRICTED, RESTRICTED, MAYBE_PROHIBITED, PROHIBITED = range(5)

_MOST_NODES = 4000
_MOST_TRIED = 100

Values = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a unit asks for when some facts are known.

    Attributes
    ----------
    level
        The level that a check would find now.
    missing
        The facts that could change it; none when it is decided.
    high
        The highest level that it could still come to.
    """

    level: int
    missing: tuple[str, ...]
    high: int


class Unit(Protocol):
    """A rule, or several that can make each other step back, applied to one site."""

    def read(self, values: Values) -> Reading:
        """Apply it with these facts known."""
        ...


U = TypeVar("U", bound=Unit)


def waiting(units: Iterable[U], known: Values, floor: int) -> tuple[int, list[tuple[U, Reading]]]:
    """Return the level that is certain, and the units that could still rise above it, each with its reading."""
    readings = [(unit, unit.read(known)) for unit in units]
    certain = max([floor, *(reading.level for _, reading in readings if not reading.missing)])
    return certain, [(unit, reading) for unit, reading in readings if reading.missing and reading.high > certain]


class OutOfBounds(Exception):  # noqa: N818 - no error: the search was long enough
    """The search has reached its bound."""


class _Budget:
    def __init__(self) -> None:
        self.left = _MOST_NODES

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise OutOfBounds


class Board:
    """All units of a site with the facts that are known; what they wait for, and what their decision depends on.

    Parameters
    ----------
    floor
        The level that holds whatever the facts are: layers or land that no rule could be applied to.
    answers
        The representative answers to each fact.
    """

    def __init__(self, units: Iterable[Unit], known: Values, answers: Mapping[str, Answers], floor: int) -> None:
        self.known = dict(known)
        self._answers = answers
        self.floor, open_ = waiting(units, self.known, floor)
        self.units = [unit for unit, _ in open_]
        self.facts = tuple(dict.fromkeys(fact for _, reading in open_ for fact in reading.missing))
        self._touching = {fact: [unit for unit, r in open_ if fact in r.missing] for fact in self.facts}
        self._beside = {fact: [unit for unit, r in open_ if fact not in r.missing] for fact in self.facts}
        self._missing = {id(unit): reading.missing for unit, reading in open_}
        self._benign = self._harmless()

    def given(self, fact: str, value: FactValue) -> FactValue:
        """Return what is known of a fact when it is answered: words that follow from a code stay."""
        held = self.known.get(fact)
        if isinstance(held, AtLeast) and isinstance(value, tuple):
            return (*held, *(word for word in value if word not in held))
        return value

    def values_of(self, fact: str) -> tuple[FactValue, ...]:
        """Return the representative answers to a fact."""
        return tuple(self.given(fact, value) for value in self._answers[fact].values)

    def weights_of(self, fact: str) -> tuple[float, ...]:
        """Return how many answers each representative stands for, as shares."""
        return self._answers[fact].weights

    def waits_for(self, values: Values) -> set[str]:
        """Return the facts that a check would still ask for when `values` are known."""
        return {fact for _, reading in waiting(self.units, values, self.floor)[1] for fact in reading.missing}

    def deciding(self) -> tuple[str, ...]:
        """Return the facts that decide what a check finds: the essential ones, and what three values leave open."""
        chosen = [fact for fact in self.facts if self.is_essential(fact)]
        added: list[str] = []
        while (more := self._left_open({*chosen, *added})) is not None:
            added.extend(more)
        for fact in list(added):
            if self._left_open({*chosen, *added} - {fact}) is None:
                added.remove(fact)
        return tuple(fact for fact in self.facts if fact in chosen or fact in added)

    def is_essential(self, fact: str) -> bool:
        """Tell whether an answer to the fact can change the decision; `True` as well where the search grew too long."""
        if self._changes_alone(fact):
            return True
        try:
            found = self._search(fact, dict(self.known), _Budget())
        except OutOfBounds:
            return True
        return found or not all(self._answers[name].whole for name in self.facts)

    def _harmless(self) -> dict[str, FactValue]:
        """Return answers to all facts under which little is found: most witnesses lie near them."""
        values = {**self.known, **{fact: self.values_of(fact)[0] for fact in self.facts}}
        for _ in range(2):
            for fact in self.facts:
                best = min(self.values_of(fact), key=lambda value: self._found(fact, {**values, fact: value}))
                values[fact] = best
        return values

    def _found(self, fact: str, values: Values) -> tuple[int, int]:
        levels = [unit.read(values).level for unit in self._touching[fact]]
        return max(levels, default=0), sum(levels)

    def _changes_alone(self, fact: str) -> bool:
        """Look for a change of the decision near the harmless answers: one unit after the other."""
        values = dict(self._benign)
        for unit in self._touching[fact]:
            others = [name for name in self._missing[id(unit)] if name != fact]
            for answers in islice(product(*(self.values_of(name) for name in others)), _MOST_TRIED):
                values.update(zip(others, answers, strict=True))
                levels = {unit.read(_with(values, fact, value)).level for value in self.values_of(fact)}
                if len(levels) > 1 and self._labels_differ(fact, values):
                    return True
            values.update({name: self._benign[name] for name in others})
        return False

    def _labels_differ(self, fact: str, values: Values) -> bool:
        touching = self._touching[fact]
        rest = max((unit.read(values).level for unit in self._beside[fact]), default=0)
        fixed = max(rest, self.floor)
        answers = (_with(values, fact, value) for value in self.values_of(fact))
        return len({LABELS[max([fixed, *(u.read(given).level for u in touching)])] for given in answers}) > 1

    def _search(self, fact: str, values: dict[str, FactValue], budget: _Budget) -> bool:
        """Look for answers to the other facts under which `fact` changes the decision; exhaustive."""
        budget.spend()
        touching = self._touching[fact]
        rest = [(unit, unit.read(values)) for unit in self._beside[fact]]
        fixed = max([self.floor, *(r.level for _, r in rest if not r.missing)])
        tops: list[int] = []
        pending: list[Reading] = []
        for value in self.values_of(fact):
            readings = [unit.read(_with(values, fact, value)) for unit in touching]
            top = max([fixed, *(r.level for r in readings if not r.missing)])
            tops.append(top)
            pending.extend(r for r in readings if r.missing and r.high > top)
        if pending:
            return self._branch(fact, max(pending, key=lambda r: r.high), values, budget)
        if len(set(tops)) == 1:
            return False
        whole = self._completed(values, self.facts)
        if self._labels_differ(fact, whole):
            return True
        # Only a unit that can rise above the lowest top can hide, or uncover, the change.
        hiding = [(u, r) for u, r in rest if r.missing and r.high > min(tops)]
        if not hiding:
            return False
        _, reading = max(hiding, key=lambda pair: pair[0].read(whole).level)
        return self._branch(fact, reading, values, budget)

    def _branch(self, fact: str, reading: Reading, values: dict[str, FactValue], budget: _Budget) -> bool:
        name = next(name for name in reading.missing if name != fact)
        return any(self._search(fact, _with(values, name, value), budget) for value in self.values_of(name))

    def _left_open(self, chosen: set[str]) -> list[str] | None:
        """Return facts that a check still waits for although all of `chosen` are answered, and all answers agree."""
        for unit in self.units:
            if set(self._missing[id(unit)]) <= chosen:
                continue
            budget = _Budget()
            try:
                found = self._open_case(unit, dict(self.known), chosen, budget)
            except OutOfBounds:
                found = self._missing[id(unit)]
            if found is not None:
                return [fact for fact in found if fact not in chosen]
        return None

    def _open_case(
        self, unit: Unit, values: dict[str, FactValue], chosen: set[str], budget: _Budget
    ) -> Sequence[str] | None:
        budget.spend()
        reading = unit.read(values)
        readings = [other.read(values) for other in self.units]
        fixed = max([self.floor, *(r.level for r in readings if not r.missing)])
        if not reading.missing or reading.high <= fixed:
            return None
        name = next((fact for fact in reading.missing if fact in chosen), None)
        if name is None:
            if self._label(self._completed(values, chosen)) != self._label(self._completed(values, self.facts)):
                return reading.missing
            asked = (f for r in readings if r.missing and r.high > fixed for f in r.missing if f in chosen)
            name = next(asked, None)
        if name is None:
            return None
        tries: Iterator[Sequence[str] | None] = (
            self._open_case(unit, _with(values, name, value), chosen, budget) for value in self.values_of(name)
        )
        return next((found for found in tries if found is not None), None)

    def _completed(self, values: Values, facts: Iterable[str]) -> dict[str, FactValue]:
        """Return `values` with harmless answers to those of `facts` that are not answered yet."""
        open_ = [fact for fact in facts if fact not in values or isinstance(values[fact], AtLeast)]
        return {**values, **{fact: self._benign[fact] for fact in open_}}

    def _label(self, values: Values) -> Decision:
        return LABELS[max([self.floor, *(unit.read(values).level for unit in self.units)])]


def _with(values: Values, fact: str, value: FactValue) -> dict[str, FactValue]:
    return {**values, fact: value}
