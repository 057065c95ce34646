"""Ragged rings that cannot cross themselves: star-shaped around their centre, squeezed and turned."""

import numpy as np

from bench.province.chance import Chance, Floats, Whole, fractal, on_grid, places, starts

ROUGH, FADE = 0.3, 0.6
_HIGHEST = ROUGH / (1.0 - FADE)
_NARROWEST = 0.45


class Stars:
    """Rings around centres; no vertex farther from its centre than the reach.

    Parameters
    ----------
    centres
        (n, 2)
    reach_m
        (n,)
    counts
        (n,) vertices.
    """

    def __init__(self, chance: Chance, centres: Floats, reach_m: Floats, counts: Whole) -> None:
        self.centres, self.counts = centres, counts
        self._squeeze = chance.uniform(_NARROWEST, 1.0, len(counts))
        self._turn = chance.turns(len(counts))
        owner, index = places(counts)
        self._owner = owner
        angle = 2 * np.pi * (index + chance.uniform(-0.2, 0.2, len(owner))) / counts[owner]
        wave = fractal(chance, counts, first=3, fade=FADE, closed=True)
        radius = reach_m[owner] * (1.0 + ROUGH * wave) / (1.0 + _HIGHEST)
        self._from_centre = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
        nearest = np.minimum.reduceat(radius, starts(counts)[:-1])
        # Between vertices a ring comes nearer than at them.
        self.free_m = np.asarray(0.6 * nearest * self._squeeze)
        """(n,) everything this near to the centre lies inside the ring."""

    def areas_m2(self) -> Floats:
        """Return the areas of the rings, (n,)."""
        x, y = self._from_centre.T
        first = starts(self.counts)[:-1]
        after = np.arange(1, len(x) + 1)
        after[starts(self.counts)[1:] - 1] = first
        doubled = np.add.reduceat(x * y[after] - x[after] * y, first)
        return np.asarray(0.5 * doubled * self._squeeze)

    def xy(self, scale: float | Floats = 1.0) -> Floats:
        """Return the vertices of all rings, counter-clockwise, not closed, (n, 2); scaled rings lie in each other."""
        size = np.broadcast_to(scale, self.counts.shape)[self._owner]
        x, y = self._from_centre[:, 0] * size, self._from_centre[:, 1] * size * self._squeeze[self._owner]
        cos, sin = self._turn[self._owner].T
        turned = np.column_stack([x * cos - y * sin, x * sin + y * cos])
        return on_grid(turned + self.centres[self._owner])


def holes(chance: Chance, stars: Stars, number: Whole) -> tuple[Stars, Whole]:
    """Return holes inside rings, around their centres side by side, and the ring of each.

    Parameters
    ----------
    number
        (n,) how many holes each ring gets.
    """
    owner, index = places(number)
    angle = 2 * np.pi * index / np.maximum(number[owner], 1)
    free = stars.free_m[owner]
    middle = stars.centres[owner] + 0.5 * free[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    reach = 0.4 * free * np.sin(np.pi / np.maximum(number[owner], 2))
    counts = np.maximum(6, stars.counts[owner] // 12)
    return Stars(chance, on_grid(middle), reach, counts), owner


def with_holes(shells: Stars, inner: Stars, owner: Whole) -> tuple[Floats, Whole, Whole]:
    """Return the vertices of shells, each followed by its holes; the number of vertices per ring, of rings per zone."""
    rings_of = 1 + np.bincount(owner, minlength=len(shells.counts)).astype(np.int64)
    # Shell k stands before its holes.
    order = np.argsort(np.concatenate([np.arange(len(shells.counts)) * 2, owner * 2 + 1]), kind="stable")
    counts = np.concatenate([shells.counts, inner.counts])
    xy = np.concatenate([shells.xy(), inner.xy()])
    first = starts(counts)[order]
    taken = counts[order]
    ring, place = places(taken)
    return xy[first[ring] + place], taken, rings_of
