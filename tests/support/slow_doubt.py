"""Certainty from its definition: whole borders, whole zones, no index, no clip; what `Doubt` must agree with.

Shares nothing with `zoning.overlay` but the local frame and the measuring plane, which have oracles of their own. All
shapes are seen from one point in the middle of the world of the tests, since far from zero GEOS loses land.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, metres
from zoning.overlay.footprint import Footprint
from zoning.overlay.frame import LocalFrame

Zones = NDArray[np.object_]

STEPS_PER_METRE = 10
_ARC, _FINE_ARC = 16, 64
_EDGE_M = 50.0
_SAME_M, _SEAM_M = 1e-6, 0.0005
_HERE = np.round(shapely.get_coordinates(PLANE.to_plane([shapely.Point(metres(0, 0))], "EPSG:4525", step_m=1.0))[0])


def seen(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape of the measuring plane as it is seen from the middle of the world."""
    found: BaseGeometry = shapely.transform(shape, lambda xy: xy - _HERE)
    return found


def unseen(shape: BaseGeometry) -> BaseGeometry:
    """Return what is seen from the middle of the world in the measuring plane."""
    found: BaseGeometry = shapely.transform(shape, lambda xy: xy + _HERE)
    return found


@dataclass(frozen=True, eq=False)
class SlowSite:
    """A footprint that is grown and shrunk anew, with every vertex of its border.

    Parameters
    ----------
    footprint
        Only its geometry, its frame, its territory and its whole are looked at.
    """

    footprint: Footprint
    known: dict[float, BaseGeometry] = field(default_factory=dict)

    @cached_property
    def geometry(self) -> BaseGeometry:
        """The footprint, seen."""
        return seen(self.footprint.geometry)

    @cached_property
    def whole(self) -> BaseGeometry | None:
        """The whole site where the footprint is a part of it, seen."""
        return None if self.footprint.whole is None else seen(self.footprint.whole.geometry)

    @cached_property
    def frame(self) -> LocalFrame:
        """The local frame of what is seen."""
        frame = self.footprint.frame
        return replace(frame, x=frame.x - _HERE[0], y=frame.y - _HERE[1])

    def resized(self, metres: float) -> BaseGeometry:
        """Return the footprint grown by true metres, or shrunk by them where they are negative."""
        if metres == 0:
            return self.geometry
        if metres not in self.known:
            self.known[metres] = self._grown(metres) if metres > 0 else self._shrunk(metres)
        return self.known[metres]

    def to_frame(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return what is seen in true metres around the site."""
        found: BaseGeometry = self.frame.to_frame([geometry])[0]
        # Borders a few nanometres apart can cross when they are bent.
        return found if found.is_valid else areal(shapely.make_valid(found))

    def _grown(self, metres: float) -> BaseGeometry:
        grown = self._buffer(self.geometry, metres)
        if self.whole is None or self.footprint.within is None:
            return grown
        within = seen(self.footprint.within)
        # A part grows neither into the rest of its site nor out of its territory, unless that ends with the site.
        own = shapely.difference(grown, shapely.difference(self.whole, self.geometry))
        ends_with_the_site = shapely.difference(within, shapely.buffer(self.whole, _SAME_M)).is_empty
        return own if ends_with_the_site else areal(shapely.intersection(own, within))

    def _shrunk(self, metres: float) -> BaseGeometry:
        if self.whole is None:
            return self._buffer(self.geometry, metres)
        # The cut of a part is no border of the site.
        return areal(shapely.intersection(self._buffer(self.whole, metres), self.geometry))

    def _buffer(self, geometry: BaseGeometry, metres: float) -> BaseGeometry:
        local = shapely.buffer(self.to_frame(geometry), metres, quad_segs=_ARC)
        if local.is_empty:
            return shapely.Polygon()
        found: BaseGeometry = self.frame.to_plane([shapely.segmentize(local, _EDGE_M)])[0]
        return found


@dataclass(frozen=True, eq=False)
class SlowDoubt:
    """One class of a layer, or the land outside some classes, under a footprint.

    Attributes
    ----------
    zones
        (n,) all zones of the class, however far.
    union
        The same as one geometry.
    overlap
        Footprint x zones.
    size
        Area, or length of lines.
    enough
        Smallest size that counts.
    by_segments
        Shrunk is what remains without a band along every single segment of the whole border, of site and of zones. By
        default GEOS shrinks the polygons, which is the same and a hundred times as quick, but straightens borders by up
        to 1 % of the metres, and lets seams of no width vanish.
    """

    site: SlowSite
    zones: Zones
    union: BaseGeometry
    overlap: BaseGeometry
    size: Callable[[BaseGeometry], float]
    enough: float
    accuracy_m: float
    by_segments: bool = False

    def meets(self) -> bool:
        """Tell whether the footprint as drawn overlaps."""
        return self.size(self.overlap) >= self.enough

    def touched(self, metres: float) -> bool:
        """Tell whether the footprint grown by metres overlaps."""
        if metres == 0:
            return self.meets()
        pieces = shapely.intersection(self.zones, self.site.resized(metres))
        return self.size(shapely.union_all(pieces)) >= self.enough

    def certain(self, metres: float) -> bool:
        """Tell whether the overlap remains whatever the border does within metres."""
        return self.meets() and (metres == 0 or self._left(metres) or self._deep(metres))

    def flips(self, steps: int) -> bool:
        """Tell whether at an accuracy of so many steps of 0.1 m the answer is no more that of accuracy zero."""
        metres = steps / STEPS_PER_METRE
        return not self.holds(metres) if self.meets() else self.holds(metres)

    def holds(self, metres: float) -> bool:
        """Tell whether what overlaps does so for certain, and whether what does not overlap may."""
        return self.certain(metres) if self.meets() else self.touched(metres)

    def flips_at_m(self) -> float | None:
        """Return the first step at which the answer is another; None when it stays certain to the end of the search."""
        stays, other = 0, self.last_step
        if self.meets() and not self.flips(other):
            return None
        while other - stays > 1:
            middle = (stays + other) // 2
            stays, other = (stays, middle) if self.flips(middle) else (middle, other)
        return other / STEPS_PER_METRE

    @property
    def last_step(self) -> int:
        """Four times the accuracy or more: 51.2 m, 102.4 m, 204.8 m and so on."""
        steps = 512
        while steps < 4 * self.accuracy_m * STEPS_PER_METRE:
            steps += steps
        return steps

    def seams(self) -> tuple["SlowDoubt", "SlowDoubt"]:
        """Return the same with every seam between neighbouring zones open, and with every one closed.

        Edges that neighbours share are cut at other points: up to 0.1 mm lies between them, here and there.
        """
        resized = [shapely.buffer(self.zones, by, join_style="mitre") for by in (-_SEAM_M, _SEAM_M)]
        shut = [replace(self, union=shapely.union_all(zones), by_segments=True) for zones in resized]
        return shut[0], shut[1]

    def _left(self, metres: float) -> bool:
        if self.by_segments:
            whole = self.site.whole or self.site.geometry
            left = shapely.difference(self._true_overlap, _band(self.site.to_frame(whole), metres))
            return float(left.area) >= self.enough
        return self.size(shapely.intersection(self.site.resized(-metres), self.overlap)) >= self.enough

    def _deep(self, metres: float) -> bool:
        if self.overlap.area == 0:
            return False
        if self.by_segments:
            return float(shapely.difference(self._true_overlap, _band(self._true_union, metres)).area) >= self.enough
        inner = shapely.buffer(self._true_union, -metres, quad_segs=_ARC)
        return float(shapely.intersection(self._true_overlap, inner).area) >= self.enough

    @cached_property
    def _true_overlap(self) -> BaseGeometry:
        return self.site.to_frame(self.overlap)

    @cached_property
    def _true_union(self) -> BaseGeometry:
        return self.site.to_frame(self.union)


def segments(zones: Zones) -> Zones:
    """Return every segment of the borders of polygons, or of lines, by itself."""
    polygons = shapely.get_dimensions(zones) == 2
    lines = [*shapely.get_parts(shapely.boundary(zones[polygons])), *shapely.get_parts(zones[~polygons])]
    ends: list[NDArray[np.float64]] = [np.empty((0, 2, 2))]
    for line in lines:
        xy = shapely.get_coordinates(line)
        ends.append(np.stack([xy[:-1], xy[1:]], axis=1))
    return np.asarray(shapely.linestrings(np.concatenate(ends)), dtype=object)


def _band(place: BaseGeometry, metres: float) -> BaseGeometry:
    """Return everything within metres of the border of a polygon."""
    bands = shapely.buffer(segments(np.asarray([place], dtype=object)), metres, quad_segs=_FINE_ARC)
    band: BaseGeometry = shapely.union_all(bands)
    return band


def areal(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry, each as it is."""
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        return geometry
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])
