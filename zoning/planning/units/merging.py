"""Pieces too small for a unit of their own join a neighbour; what they join is a rule, never chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from zoning.overlay.plane import Geometries

Numbers = NDArray[np.int64]
_ROUNDING_M = 1e-6


@dataclass(frozen=True, slots=True)
class Merge:
    """One piece that joined another.

    `piece` and `into` are labels before all merging; `border_m` is the length of their common border in the plane.
    """

    piece: int
    into: int
    area_m2: float
    border_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """What became of the pieces.

    Attributes
    ----------
    into
        (n,) the piece that each one belongs to in the end; its own number where it stays.
    merges
        In the order in which they were made.
    kept_small
        Pieces below the minimum that no neighbour may take.
    """

    into: Numbers
    merges: tuple[Merge, ...]
    kept_small: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """Common borders of pieces: (k, 2) pairs, smaller number first, and (k,) lengths in metres of the plane."""

    pairs: Numbers
    lengths_m: NDArray[np.float64]


def common_borders(pieces: Geometries, asked: NDArray[np.bool_] | None = None) -> Borders:
    """Measure the borders that pieces of one partition have in common; pieces that meet in points have none.

    Parameters
    ----------
    asked
        (n,) only the borders of these pieces are measured, with whomever they are.
    """
    wanted = np.arange(len(pieces)) if asked is None else np.flatnonzero(asked)
    one, other = STRtree(pieces).query(pieces[wanted], predicate="intersects")
    one = wanted[one]
    one, other = np.minimum(one, other), np.maximum(one, other)
    pairs = np.unique(np.column_stack([one, other]), axis=0)
    one, other = pairs[:, 0], pairs[:, 1]
    apart = one < other
    one, other = one[apart], other[apart]
    borders = shapely.boundary(pieces)
    # Pieces of a partition share their corners to the last bit: there are no crossings that could be lost.
    lengths = np.asarray(shapely.length(shapely.intersection(borders[one], borders[other])))
    met = lengths > _ROUNDING_M
    return Borders(np.column_stack([one[met], other[met]]).astype(np.int64), lengths[met])


def merge_small(
    areas_m2: Sequence[float] | NDArray[np.float64],
    borders: Borders,
    ranks: Sequence[int] | Numbers,
    minimum_m2: float | NDArray[np.float64],
    *,
    parts: Sequence[int] | Numbers | None = None,
) -> Merged:
    """Let pieces below a minimum join a neighbour, the smallest first.

    A piece joins one of its own rank, else one of a stricter rank: to a looser one it would lose its protection. Among
    several the one with the longest common border takes it, then the larger, then the one with the smaller number.

    Parameters
    ----------
    areas_m2, ranks
        (n,) of the pieces; rank 0 is the strictest.
    minimum_m2
        One for all, or (n,) of each piece; 0: nothing is merged.
    parts
        (n,) the township of each piece, -1 for land in none: a piece joins one of its own township only, and land in
        no township any. Left out: all are of one.
    """
    areas, strict = np.asarray(areas_m2, dtype=float), np.asarray(ranks, dtype=np.int64)
    of_part = np.zeros(len(areas), dtype=np.int64) if parts is None else np.asarray(parts, dtype=np.int64)
    least = np.broadcast_to(np.asarray(minimum_m2, dtype=float), areas.shape)
    return _Merging(areas, borders, strict, of_part, least).result()


class _Merging:
    """Groups of pieces, each named by its first piece."""

    def __init__(
        self,
        areas: NDArray[np.float64],
        borders: Borders,
        ranks: Numbers,
        parts: Numbers,
        minimum_m2: NDArray[np.float64],
    ) -> None:
        self._areas = areas.copy()
        self._ranks = ranks
        self._parts = parts
        self._minimum = minimum_m2
        self._into = np.arange(len(areas), dtype=np.int64)
        self._border: list[dict[int, float]] = [{} for _ in range(len(areas))]
        for (one, other), length in zip(borders.pairs.tolist(), borders.lengths_m.tolist(), strict=True):
            self._border[one][other] = self._border[other][one] = length

    def result(self) -> Merged:
        merges: list[Merge] = []
        kept: list[int] = []
        waiting = {int(piece) for piece in np.flatnonzero(self._areas < self._minimum)}
        while waiting:
            piece = min(waiting, key=lambda number: (self._areas[number], number))
            waiting.discard(piece)
            target = self._target(piece)
            if target is None:
                kept.append(piece)
                continue
            merges.append(Merge(piece, target, float(self._areas[piece]), self._border[piece][target]))
            self._join(piece, target)
            if self._areas[target] >= self._minimum[target]:
                waiting.discard(target)
        return Merged(self._into, tuple(merges), tuple(sorted(kept)))

    def _target(self, piece: int) -> int | None:
        rank = self._ranks[piece]
        own = self._parts[piece]
        allowed = [
            other
            for other in self._border[piece]
            if self._ranks[other] <= rank and (own < 0 or self._parts[other] == own)
        ]
        if not allowed:
            return None
        # The nearest rank first: a piece never becomes stricter than it has to.
        return max(
            allowed, key=lambda other: (self._ranks[other], self._border[piece][other], self._areas[other], -other)
        )

    def _join(self, piece: int, target: int) -> None:
        self._into[self._into == piece] = target
        self._areas[target] += self._areas[piece]
        for other, length in self._border[piece].items():
            del self._border[other][piece]
            if other != target:
                self._border[target][other] = self._border[other][target] = (
                    self._border[target].get(other, 0.0) + length
                )
        self._border[piece] = {}
