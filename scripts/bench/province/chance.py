"""Chance that is the same everywhere: the raw bits of PCG64, which numpy promises never to change."""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

GRID_PER_M = 1024.0
"""Coordinates lie on a grid of 1/1024 m: sines that differ in the last bit between machines give the same bytes."""

_BITS, _UNIT = np.uint64(11), 2.0**-53


class Chance:
    """A stream of numbers of its own for each purpose."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, crc32(purpose.encode())]))

    def uniform(self, low: float, high: float, shape: int | tuple[int, ...]) -> Floats:
        """Return numbers of [low, high)."""
        count = int(np.prod(shape))
        unit = (self._bits.random_raw(count) >> _BITS).astype(np.float64) * _UNIT
        return np.asarray(low + (high - low) * unit).reshape(shape)

    def whole(self, low: int, high: int, shape: int | tuple[int, ...]) -> Whole:
        """Return whole numbers from `low` up to `high` - 1."""
        return np.floor(self.uniform(low, high, shape)).astype(np.int64)

    def spread(self, low: float, high: float, count: int) -> Floats:
        """Return numbers of [low, high) of which each doubling holds as many."""
        return np.asarray(low * np.exp2(self.uniform(0.0, float(np.log2(high / low)), count)))

    def order(self, count: int) -> Whole:
        """Return 0 ... count - 1, shuffled."""
        return np.argsort(self.uniform(0.0, 1.0, count), kind="stable").astype(np.int64)

    def turns(self, count: int) -> Floats:
        """Return unit vectors in all directions, (count, 2), without sine or cosine."""
        half = self.uniform(-1.0, 1.0, count)
        flip = np.where(self.uniform(0.0, 1.0, count) < 0.5, -1.0, 1.0)
        square = half * half
        return np.asarray(flip[:, None] * np.column_stack([(1 - square) / (1 + square), 2 * half / (1 + square)]))


def on_grid(metres: Floats) -> Floats:
    """Return coordinates on the grid of the province."""
    return np.asarray(np.round(metres * GRID_PER_M) / GRID_PER_M)


def starts(counts: Whole) -> Whole:
    """Return where runs of these lengths begin, and where the last one ends, (n + 1,)."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])


def places(counts: Whole) -> tuple[Whole, Whole]:
    """Return for each entry of runs of these lengths the number of its run, and its place in it."""
    owner = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    return owner, np.arange(len(owner), dtype=np.int64) - np.repeat(starts(counts)[:-1], counts)


def ragged(chance: Chance, place: Floats, owner: Whole, knots: Whole, *, closed: bool) -> Floats:
    """Return noise along curves: random values at `knots` even places of each curve, straight in between.

    Parameters
    ----------
    place
        (n,) position of each vertex on its curve, 0 ... 1.
    owner
        (n,) the curve of each vertex.
    knots
        (curves,) how many values a curve has; a closed one returns to its first.
    """
    held = knots if closed else knots + 1
    values = chance.uniform(-1.0, 1.0, int(held.sum()))
    first = starts(held)[owner]
    at = place * knots[owner]
    low = np.minimum(np.floor(at).astype(np.int64), knots[owner] - 1)
    part = at - low
    high = (low + 1) % knots[owner] if closed else low + 1
    return np.asarray((1.0 - part) * values[first + low] + part * values[first + high])


def fractal(chance: Chance, counts: Whole, *, first: int, fade: float, closed: bool) -> Floats:
    """Return noise of many octaves along curves of `counts` vertices: large bays with small ones in them.

    The octaves have `first`, 2 `first`, 4 `first` ... knots, each with `fade` of the height of the one before; the
    first has height 1. A curve gets no more knots than it has vertices.
    """
    owner, index = places(counts)
    steps = counts if closed else np.maximum(counts - 1, 1)
    place = index / steps[owner]
    total = np.zeros(len(owner))
    knots, height = first, 1.0
    while knots <= int(counts.max()):
        fits = knots <= counts
        here = fits[owner]
        if here.any():
            number = np.cumsum(fits) - 1
            kinds = np.full(int(fits.sum()), knots, dtype=np.int64)
            total[here] += height * ragged(chance, place[here], number[owner[here]], kinds, closed=closed)
        knots, height = knots * 2, height * fade
    return total
