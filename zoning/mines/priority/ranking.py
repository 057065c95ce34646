"""The order of parcels: phases first, then weighted scores; what it hinges on, and how firm it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoning.mines.priority.content import LeftOut, Phase, Priority, Unknown
from zoning.mines.priority.scoring import Inputs, Score, codes_of, score
from zoning.registers.record import Record
from zoning.texts import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EQUAL = 1e-9
"""Scores that differ by less are a tie."""

_WHERE: Mapping[Unknown, float] = {"lowest": 0.0, "middle": 0.5, "highest": 1.0}


@dataclass(frozen=True, slots=True)
class Ranked:
    """One parcel in the order.

    Attributes
    ----------
    rank
        From 1; parcels that tie share it.
    best, worst
        The ranks that it can have, whatever the unknown inputs turn out to be.
    phase, latest_phase
        The first phase that it may belong to, where it stands in the order; and the last one.
    score, low, high
        0 to 1, weighted mean of the criteria; the interval where inputs are not known.
    scores
        Of the criteria that count, in their order.
    tied_with
        Other parcels of the same rank.
    moves
        Lowest and highest rank when each weight in turn is moved.
    """

    parcel: Record
    rank: int
    best: int
    worst: int
    phase: str
    latest_phase: str
    score: float
    low: float
    high: float
    scores: tuple[Score, ...]
    tied_with: tuple[str, ...]
    moves: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What moving one weight down and up does to the order.

    Attributes
    ----------
    weight, lower, upper
        Share of the criterion in the score, and what it was moved to (of weights that are shared out anew).
    largest
        By how many ranks the parcel that moves most moves; `parcel` is its id, "" where none moves.
    moved
        How many parcels change their rank at all.
    """

    criterion: str
    weight: float
    lower: float
    upper: float
    largest: int
    parcel: str
    moved: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order.

    Attributes
    ----------
    weights
        Share of each criterion that counts; together 1.
    aside
        Optional criteria that nothing was given for.
    left_out
        Parcels that are not ranked, each with the reason.
    """

    content: Priority
    weights: Mapping[str, float]
    aside: tuple[str, ...]
    parcels: tuple[Ranked, ...]
    left_out: tuple[tuple[Record, LeftOut], ...]
    sensitivity: tuple[Sensitivity, ...]


def rank(parcels: Sequence[Record], inputs: Sequence[Inputs], content: Priority) -> Ranking:
    """Put parcels in order.

    Parameters
    ----------
    inputs
        What is known of each parcel, in the same order.
    """
    reasons = [_left_out(one, content) for one in parcels]
    kept = [place for place, reason in enumerate(reasons) if reason is None]
    left_out = tuple((parcels[place], reason) for place, reason in enumerate(reasons) if reason is not None)
    rows = [
        tuple(score(name, criterion, inputs[place]) for name, criterion in content.criteria.items()) for place in kept
    ]
    aside = tuple(
        name
        for number, (name, criterion) in enumerate(content.criteria.items())
        if criterion.optional and all(row[number].value is None for row in rows)
    )
    names = [name for name, criterion in content.criteria.items() if name not in aside and criterion.weight > 0]
    whole = sum(content.criteria[name].weight for name in names)
    weights = {name: content.criteria[name].weight / whole for name in names}
    table = _Table.of([[one for one in row if one.criterion in weights] for row in rows], list(weights.values()))
    phases = [_phases(inputs[place], content.phases) for place in kept]
    firsts = np.array([one for one, _ in phases], dtype=np.int64)
    lasts = np.array([other for _, other in phases], dtype=np.int64)
    places = _Places(table, firsts, lasts, _WHERE[content.unknown])
    ids = [parcels[place].id for place in kept]
    moved = places.moved(weights, content.sensitivity, ids)
    order = places.order(table.weights, ids)
    found = places.ranked([parcels[place] for place in kept], tuple(content.phases), moved[1])
    return Ranking(content, weights, aside, tuple(found[place] for place in order), left_out, moved[0])


def _left_out(parcel: Record, content: Priority) -> LeftOut | None:
    for one in content.left_out:
        if set(codes_of(parcel.values.get(one.field))) & set(one.codes):
            return one
    return None


def _phases(inputs: Inputs, phases: Mapping[str, Phase]) -> tuple[int, int]:
    """Return the first phase that a parcel may belong to, and the last one."""
    first: int | None = None
    for number, phase in enumerate(phases.values()):
        holds = _holds(inputs, phase)
        if holds is not False and first is None:
            first = number
        if holds:
            return (number if first is None else first), number
    last = len(phases) - 1
    return (last if first is None else first), last


def _holds(inputs: Inputs, phase: Phase) -> bool | None:
    """Tell whether the conditions of a phase hold; None where that is not known."""
    answers: list[bool | None] = []
    when = phase.when
    if when.in_sight is not None:
        seen = "not known" if inputs.sight is None else inputs.sight.in_sight
        answers.append(None if seen == "not known" else (seen == "yes") == when.in_sight)
    if when.corridor_within is not None:
        off, limit = inputs.corridor, when.corridor_within
        answers.append(None if off is None or off[0] <= limit < off[1] else off[1] <= limit)
    if False in answers:
        return False
    return None if None in answers else True


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Scores from at least (n, k) to at most (n, k), and the weights (k,)."""

    low: Floats
    high: Floats
    weights: Floats
    scores: tuple[tuple[Score, ...], ...]

    @classmethod
    def of(cls, rows: Sequence[Sequence[Score]], weights: Sequence[float]) -> "_Table":
        shape = (len(rows), len(weights))
        low = np.array([[one.low for one in row] for row in rows], dtype=np.float64).reshape(shape)
        high = np.array([[one.high for one in row] for row in rows], dtype=np.float64).reshape(shape)
        return cls(low, high, np.array(weights), tuple(tuple(row) for row in rows))


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Phases (n,) and scores: who stands where."""

    table: _Table
    first: Ints
    last: Ints
    where: float

    def totals(self, weights: Floats) -> Floats:
        """Return the score of each parcel that counts for the order (n,)."""
        low, high = self.table.low @ weights, self.table.high @ weights
        return np.asarray(low + (high - low) * self.where)

    def ranks(self, weights: Floats) -> Ints:
        """Return the ranks (n,) from 1 under weights (criteria,); equal scores of one phase share one."""
        totals = self.totals(weights)
        order = np.lexsort((-totals, self.first))
        ranks = np.empty(len(order), dtype=np.int64)
        for place, number in enumerate(order.tolist()):
            ranks[number] = place + 1
            if place:
                before = int(order[place - 1])
                if self.first[before] == self.first[number] and totals[before] - totals[number] < EQUAL:
                    ranks[number] = ranks[before]
        return ranks

    def order(self, weights: Floats, ids: Sequence[str]) -> list[int]:
        """Return the numbers of the parcels in their order under weights (criteria,); those that tie by id."""
        ranks = self.ranks(weights)
        return sorted(range(len(ids)), key=lambda number: (int(ranks[number]), ids[number]))

    def bounds(self) -> tuple[Ints, Ints]:
        """Return the best and the worst rank that each parcel can have (n,)."""
        low, high = self.table.low @ self.table.weights, self.table.high @ self.table.weights
        best, worst = np.empty(len(low), dtype=np.int64), np.empty(len(low), dtype=np.int64)
        for number in range(len(low)):
            first, last = self.first[number], self.last[number]
            surely = (self.last < first) | ((self.last == first) & (low > high[number] + EQUAL))
            maybe = (self.first < last) | ((self.first == last) & (high > low[number] + EQUAL))
            maybe[number] = False
            best[number], worst[number] = 1 + surely.sum(), 1 + maybe.sum()
        return best, worst

    def moved(
        self, weights: Mapping[str, float], part: float, ids: Sequence[str]
    ) -> tuple[tuple[Sensitivity, ...], tuple[Ints, Ints]]:
        """Move each weight down and up by a part of itself, 0 to 1.

        Return what each does, and the lowest and highest rank of each parcel (n,).
        """
        base = self.ranks(self.table.weights)
        lowest, highest, found = base.copy(), base.copy(), []
        for number, name in enumerate(weights):
            own, far = float(self.table.weights[number]), np.zeros(len(base), dtype=np.int64)
            for factor in (1 - part, 1 + part):
                ranks = self.ranks(self._with(number, factor))
                lowest, highest = np.minimum(lowest, ranks), np.maximum(highest, ranks)
                far = np.maximum(far, np.abs(ranks - base))
            largest = int(far.max()) if len(far) else 0
            mover = min(ids[place] for place in np.flatnonzero(far == largest).tolist()) if largest else ""
            lower, upper = (float(self._with(number, factor)[number]) for factor in (1 - part, 1 + part))
            found.append(Sensitivity(name, own, lower, upper, largest, mover, int((far > 0).sum())))
        return tuple(found), (lowest, highest)

    def _with(self, number: int, factor: float) -> Floats:
        """Return the weights with one of them multiplied, shared out anew."""
        changed = self.table.weights.copy()
        changed[number] *= factor
        return np.asarray(changed / changed.sum())

    def ranked(self, parcels: Sequence[Record], phases: Sequence[str], moves: tuple[Ints, Ints]) -> list[Ranked]:
        """Return every parcel with all that is said of it."""
        weights = self.table.weights
        low, high, totals = self.table.low @ weights, self.table.high @ weights, self.totals(weights)
        ranks, (best, worst) = self.ranks(weights), self.bounds()
        same: dict[int, list[str]] = {}
        for number, parcel in enumerate(parcels):
            same.setdefault(int(ranks[number]), []).append(parcel.id)
        return [
            Ranked(
                parcel,
                int(ranks[number]),
                int(best[number]),
                int(worst[number]),
                phases[int(self.first[number])],
                phases[int(self.last[number])],
                float(totals[number]),
                float(low[number]),
                float(high[number]),
                self.table.scores[number],
                tuple(sorted(one for one in same[int(ranks[number])] if one != parcel.id)),
                (int(moves[0][number]), int(moves[1][number])),
            )
            for number, parcel in enumerate(parcels)
        ]


def reason(ranked: Ranked, ranking: Ranking, count: int = 3) -> Text:
    """Return in words why a parcel stands where it stands: phase, what counts most, what is not known, ties."""
    phase = ranking.content.phases[ranked.phase].title
    zh, en = [phase.zh], [phase.en]
    if ranked.latest_phase != ranked.phase:
        later = ranking.content.phases[ranked.latest_phase].title
        zh.append(f"分期未定，最迟为“{later.zh}”")
        en.append(f"the phase is not settled, '{later.en}' at the latest")
    known = [one for one in ranked.scores if one.high > 0 and one.known]
    known.sort(key=lambda one: -one.high * ranking.weights[one.criterion])
    for one in known[:count]:
        points = f"+{one.high * ranking.weights[one.criterion]:.3f}"
        zh.append(f"{one.reason.zh}（{points}）")
        en.append(f"{one.reason.en} ({points})")
    for one in ranked.scores:
        if not one.known:
            weight = ranking.weights[one.criterion]
            span = f"+{one.low * weight:.3f}–{one.high * weight:.3f}"
            zh.append(f"{one.reason.zh}（{span}）")
            en.append(f"{one.reason.en} ({span})")
    if ranked.tied_with:
        zh.append(f"与 {'、'.join(ranked.tied_with)} 得分相同，按编号排列")
        en.append(f"the same score as {', '.join(ranked.tied_with)}, listed by number")
    return Text("；".join(zh), "; ".join(en))
