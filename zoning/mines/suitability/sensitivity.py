"""How much the best mode hangs on the weights: each weight moved alone, and all of them at once by chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoning.mines.suitability.content import Group, Suitability
from zoning.mines.suitability.scoring import Score

Floats = NDArray[np.float64]
_NONE = -1


@dataclass(frozen=True, slots=True)
class Nudge:
    """One weight moved alone: how many parcels get another best mode, and which."""

    mode: str
    criterion: str
    weight: float
    moved: float
    changed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stability:
    """Of one parcel.

    Attributes
    ----------
    same
        Share of the random weights under which its best mode stays what it is; None where there is no mode.
    best
        How often each mode comes first, by share.
    nudges
        Weights that change its best mode when they are moved alone: mode and criterion.
    """

    same: float | None
    best: Mapping[str, float]
    nudges: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Of all parcels of a run."""

    nudges: tuple[Nudge, ...]
    parcels: tuple[Stability, ...]


def sensitivity(
    content: Suitability,
    group: Group,
    found: Sequence[Mapping[str, Score]],
    allowed: Sequence[Sequence[str]],
) -> Sensitivity:
    """Move the weights of a group of modes.

    Parameters
    ----------
    found
        Scores of each parcel.
    allowed
        Modes of each parcel that the law does not forbid: others never come first.
    """
    field = _Field.of(content, group, found, allowed)
    base = field.best(field.weights)
    nudges = tuple(field.nudges(base, content.sensitivity.step))
    counts = field.draws(content)
    shares = counts / content.sensitivity.samples
    changing: dict[int, list[tuple[str, str]]] = {}
    for one in nudges:
        for number in one.changed:
            changing.setdefault(number, []).append((one.mode, one.criterion))
    parcels = []
    for number, best in enumerate(base.tolist()):
        firsts = {mode: float(shares[number, k]) for k, mode in enumerate(field.modes) if shares[number, k] > 0}
        same = None if best == _NONE else float(shares[number, best])
        parcels.append(Stability(same, firsts, tuple(dict.fromkeys(changing.get(number, ())))))
    return Sensitivity(nudges, tuple(parcels))


@dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """Memberships of parcels, as arrays.

    Attributes
    ----------
    suits
        By mode (parcels, criteria of the mode): the end of the membership that puts modes in order.
    out
        (parcels, modes) whether the mode cannot come first.
    """

    modes: tuple[str, ...]
    criteria: tuple[tuple[str, ...], ...]
    weights: tuple[Floats, ...]
    suits: tuple[Floats, ...]
    out: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        content: Suitability,
        group: Group,
        found: Sequence[Mapping[str, Score]],
        allowed: Sequence[Sequence[str]],
    ) -> "_Field":
        modes = tuple(content.of(group))
        criteria = tuple(tuple(n for n, use in content.modes[m].uses.items() if use.weight > 0) for m in modes)
        weights = tuple(
            np.array([content.modes[m].uses[n].weight for n in mine]) for m, mine in zip(modes, criteria, strict=True)
        )
        suits = tuple(
            np.array([_ends(content, one[m], mine) for one in found]).reshape(len(found), len(mine))
            for m, mine in zip(modes, criteria, strict=True)
        )
        out = np.array(
            [
                [bool(one[m].knocked_out_by) or m not in lawful for m in modes]
                for one, lawful in zip(found, allowed, strict=True)
            ]
        ).reshape(len(found), len(modes))
        return cls(modes, criteria, weights, suits, out)

    def best(self, weights: Sequence[Floats]) -> NDArray[np.int64]:
        """Return the number of the best mode of each parcel, -1 where there is none."""
        totals = np.column_stack([suit @ weight for suit, weight in zip(self.suits, weights, strict=True)])
        totals = np.where(self.out, -np.inf, totals)
        found = np.argmax(totals, axis=1)
        return np.where(self.out.all(axis=1), _NONE, found).astype(np.int64)

    def nudges(self, base: NDArray[np.int64], step: float) -> "list[Nudge]":
        made = []
        for number, mode in enumerate(self.modes):
            for place, criterion in enumerate(self.criteria[number]):
                for sign in (-1, 1):
                    own = moved(self.weights[number], place, 1 + sign * step)
                    changed = np.flatnonzero(
                        self.best([*self.weights[:number], own, *self.weights[number + 1 :]]) != base
                    )
                    weight = float(self.weights[number][place])
                    made.append(Nudge(mode, criterion, weight, float(own[place]), tuple(changed.tolist())))
        return made

    def draws(self, content: Suitability) -> NDArray[np.int64]:
        """Return how often each mode comes first at each parcel, (parcels, modes)."""
        told = content.sensitivity
        random = np.random.default_rng(told.seed)
        drawn = [random.dirichlet(weight * told.concentration, told.samples) for weight in self.weights]
        counts = np.zeros(self.out.shape, dtype=np.int64)
        for sample in range(told.samples):
            best = self.best([weights[sample] for weights in drawn])
            rows = np.flatnonzero(best != _NONE)
            counts[rows, best[rows]] += 1
        return counts


def moved(weights: Floats, place: int, factor: float) -> Floats:
    """Return weights (n,) with one of them multiplied, 1 at most, and the others in their proportions: the sum stays 1.

    >>> moved(np.array([0.5, 0.3, 0.2]), 0, 1.2).round(9).tolist()
    [0.6, 0.24, 0.16]
    """
    own = min(float(weights[place]) * factor, 1.0)
    rest = 1.0 - float(weights[place])
    if rest <= 0:
        return weights.copy()
    made = weights * ((1.0 - own) / rest)
    made[place] = own
    return np.asarray(made)


def _ends(content: Suitability, score: Score, criteria: Sequence[str]) -> list[float]:
    parts = {part.criterion: part.membership for part in score.parts}
    ends = {"lowest": "low", "middle": "middle", "highest": "high"}[content.ranking]
    return [float(getattr(parts[name], ends)) for name in criteria]
