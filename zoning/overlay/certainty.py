"""Certain, possible or clear: what the positional accuracy of layer and site leaves of an overlap.

With accuracy a an overlap is certain when no displacement of the border by up to a can undo it: when the footprint
shrunk by a still overlaps, or when a part of the overlap lies deeper than a inside the zone (a road 10 m wide through
the middle of a reserve). It is possible when only the footprint grown by a overlaps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay import robust
from zoning.overlay.footprint import Footprint
from zoning.overlay.plane import Geometries
from zoning.overlay.repair import polygonal

STEP_M = 0.1
"""Accuracy at which the certainty flips is given to this step."""

_SEARCH_STEPS = 512  # 51.2 m, doubled until it is four times the accuracy

_NOTHING = shapely.MultiLineString()

Amount = Callable[[BaseGeometry], float]


@dataclass(frozen=True, eq=False)
class Doubt:
    """One class of a layer under a footprint.

    Attributes
    ----------
    zones
        (n,) zones of the class that the footprint grown by the accuracy meets, in the measuring plane.
    around
        Gives all zones of the class within a distance.
    accuracy_m
        Of layer and site together.
    overlap
        Footprint x zones, as it is seen from the origin of the footprint.
    amount
        Size of a geometry: area, or geodesic length of lines.
    enough
        Smallest amount that counts.
    """

    footprint: Footprint
    zones: Geometries
    around: Callable[[float], Geometries]
    accuracy_m: float
    overlap: BaseGeometry
    amount: Amount
    enough: float

    def touched(self, accuracy_m: float) -> bool:
        """Tell whether the footprint grown by `accuracy_m` overlaps."""
        if accuracy_m == 0:
            return self.amount(self.overlap) >= self.enough
        grown = self.footprint.near_of(self.footprint.grown(accuracy_m))
        return self.amount(robust.union(robust.intersection(self._near_zones, grown))) >= self.enough

    def certain(self, accuracy_m: float) -> bool:
        """Tell whether the overlap remains whatever the border does within `accuracy_m`."""
        if self.amount(self.overlap) < self.enough:
            return False
        return accuracy_m == 0 or self._left(accuracy_m) or self._deep(accuracy_m)

    def flips_at_m(self) -> float | None:
        """Return the smallest accuracy at which the answer becomes or ceases to be "possible", to 0.1 m.

        None when it stays certain up to four times the accuracy (at least 51.2 m).
        """
        steps = self._steps
        if self.amount(self.overlap) < self.enough:
            return _last(lambda n: not self.touched(n * STEP_M), steps)
        if self.certain(steps * STEP_M):
            return None
        left = _last(lambda n: self._left(n * STEP_M), steps)
        if not self._deep(left):
            return left
        return _last(lambda n: n * STEP_M <= left or self._deep(n * STEP_M), steps)

    def _left(self, accuracy_m: float) -> bool:
        """Tell whether the footprint shrunk by `accuracy_m` still overlaps."""
        left = self.footprint.shrunk(accuracy_m)
        if left.is_empty:
            return False
        near = self.footprint.near_of(left)
        common = near if self.overlap is self.footprint.near else robust.intersection(near, self.overlap)
        return self.amount(common) >= self.enough

    def _deep(self, accuracy_m: float) -> bool:
        """Tell whether enough of the overlap lies deeper than `accuracy_m` inside the zones."""
        if shapely.get_dimensions(self.overlap) < 2:  # noqa: PLR2004 - a line has no inside
            return False
        grown = self.footprint.grown(accuracy_m)
        if self.footprint.whole is None and bool(np.any(shapely.covers(self.zones, grown))):
            return True
        west, south, east, north = self._true_overlap.bounds
        reach = accuracy_m * 1.001
        near = shapely.clip_by_rect(self._true_border, west - reach, south - reach, east + reach, north + reach)
        deep = robust.difference(self._true_overlap, near.buffer(accuracy_m))
        return float(deep.area) >= self.enough

    @cached_property
    def _steps(self) -> int:
        return _steps(self.accuracy_m)

    @cached_property
    def _near_zones(self) -> Geometries:
        return self.footprint.origin.all_near(self.zones)

    @cached_property
    def _true_overlap(self) -> BaseGeometry:
        return self._to_frame(self.overlap)

    def _to_frame(self, near: BaseGeometry) -> BaseGeometry:
        """Return in true metres what is seen from the origin."""
        found: BaseGeometry = self.footprint.frame.to_frame([self.footprint.origin.back(near)])[0]
        return found

    @cached_property
    def _true_border(self) -> BaseGeometry:
        """The border of all zones of the class together, without what is too far away to matter."""
        limit = self._steps * STEP_M
        around, near = self.around(limit), self.footprint.surroundings(limit)
        met = around[shapely.intersects(near, around)]
        # Where zones only touch the surroundings, points and lines are left beside the areas.
        cut = robust.intersection(self.footprint.origin.all_near(met), self.footprint.near_of(near))
        border: Any = polygonal(robust.union(cut)).boundary if len(met) else _NOTHING
        return _near_edges(self._to_frame(border), self._true_overlap, limit * 1.001)


def doubt_reach_m(accuracy_m: float) -> float:
    """Return how far around a footprint zones bear on the certainty."""
    return _steps(accuracy_m) * STEP_M


def _steps(accuracy_m: float) -> int:
    steps = _SEARCH_STEPS
    while steps * STEP_M < 4 * accuracy_m:
        steps *= 2
    return steps


def _near_edges(lines: BaseGeometry, place: BaseGeometry, metres: float) -> BaseGeometry:
    """Return the edges of lines within a distance of a place, in runs; the ends of the runs lie farther than that."""
    rings = shapely.get_parts(lines)
    xy, owner = shapely.get_coordinates(rings, return_index=True)
    first = np.flatnonzero(owner[1:] == owner[:-1])
    edges = shapely.linestrings(np.stack([xy[first], xy[first + 1]], axis=1))
    shapely.prepare(place)
    near = first[shapely.dwithin(place, edges, metres)]
    if len(near) == len(first):
        return lines
    run = np.cumsum(np.diff(near, prepend=-2) != 1) - 1
    closing = np.flatnonzero(np.diff(run, append=-1) != 0)
    points = np.concatenate([near, near[closing] + 1])
    runs = np.concatenate([run, run[closing]])
    order = np.lexsort((points, runs))
    cut = shapely.multilinestrings(shapely.linestrings(xy[points[order]], indices=runs[order]))
    # Where a ring begins no run is to end.
    found: BaseGeometry = shapely.line_merge(cut)
    return found


def _last(holds: Callable[[int], bool], steps: int) -> float:
    """Return the step after the last n < `steps` for which a monotone condition holds, in metres.

    The same midpoints are tried for every layer, so that a footprint is shrunk or grown by each of them once.
    """
    n, step = 0, steps // 2
    while step:
        if holds(n + step):
            n += step
        step //= 2
    return round((n + 1) * STEP_M, 1)
