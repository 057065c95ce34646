"""One footprint against one layer from the definitions, by brute force: what `measure` must agree with.

Every zone is cut, every segment of every border is measured, nothing is left out because it is far away; areas are
summed up without an overlay (`slow_areas`). Of the layer only geometries, classes, ids, coverage and accuracy are read.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from slow_areas import Inside, Strips, strips
from slow_doubt import SlowDoubt, SlowSite, Zones, areal, seen, segments, unseen
from zoning.overlay.footprint import Footprint
from zoning.overlay.frame import LocalFrame
from zoning.overlay.plane_layer import PlaneLayer

ROUNDING_M2 = 1e-6
LINE_ENOUGH_M = 0.1
LINE_SHRUNK_M = 0.001
GRID_M = 2.0**-36
"""Where borders all but coincide GEOS loses land, unless crossings are rounded."""

_GEOD = Geod(ellps="GRS80")
_TOUCHING_M = 1e-6
_MEETING_M = 1e-9


@dataclass(frozen=True, eq=False)
class SlowLayer:
    """What is taken of a layer: all zones, their union per class, the segments of their borders; seen."""

    layer: PlaneLayer
    unions: dict[object, BaseGeometry] = field(default_factory=dict)
    cut: dict[object, Zones] = field(default_factory=dict)

    @property
    def lines(self) -> bool:
        """Whether the zones are lines."""
        return self.layer.layer.geometry == "line"

    @cached_property
    def zones(self) -> Zones:
        """All zones, (n,)."""
        return np.asarray([*(seen(zone) for zone in self.layer.whole()), None], dtype=object)[:-1]

    @cached_property
    def covered(self) -> BaseGeometry:
        """The covered land."""
        return seen(self.layer.coverage.area)

    def union(self, wanted: NDArray[np.bool_]) -> BaseGeometry:
        """Return some of the zones as one geometry."""
        key = wanted.tobytes()
        if key not in self.unions:
            self.unions[key] = shapely.union_all(self.zones[wanted], grid_size=None if self.lines else GRID_M)
        return self.unions[key]

    def rest(self, wanted: NDArray[np.bool_]) -> BaseGeometry:
        """Return the covered land outside some of the zones."""
        key = ("rest", wanted.tobytes())
        if key not in self.unions:
            self.unions[key] = areal(shapely.difference(self.covered, self.union(wanted), grid_size=GRID_M))
        return self.unions[key]

    def borders(self, wanted: NDArray[np.bool_]) -> Zones:
        """Return the segments of the borders of some zones in the plane, each zone by itself."""
        key = wanted.tobytes()
        if key not in self.cut:
            self.cut[key] = segments(self.layer.whole()[wanted])
        return self.cut[key]

    def edge_of_coverage(self) -> Zones:
        """Return the segments of the border of the coverage in the plane."""
        if "coverage" not in self.cut:
            self.cut["coverage"] = segments(np.asarray([self.layer.coverage.area], dtype=object))
        return self.cut["coverage"]


@dataclass(frozen=True, eq=False)
class SlowClass:
    """One class under the footprint, whether or not it is reported; (n,) over all zones of the class."""

    class_id: str
    numbers: NDArray[np.int64]
    pieces: Zones
    sizes: NDArray[np.float64]
    size: float
    doubt: SlowDoubt


@dataclass(frozen=True, eq=False)
class SlowOverlay:
    """One footprint against one layer."""

    footprint: Footprint
    slow: SlowLayer
    search_m: float
    tolerance_m2: float
    site: SlowSite

    @property
    def accuracy_m(self) -> float:
        """Of layer and site together."""
        return self.slow.layer.layer.accuracy_m + self.footprint.site.accuracy_m

    def size(self, geometry: BaseGeometry) -> float:
        """Return the area on the ellipsoid, or the geodesic length of lines."""
        if not self.slow.lines:
            return float(geometry.area)
        return float(_GEOD.geometry_length(self.footprint.plane.to_lonlat([unseen(geometry)])[0]))

    def uncovered_m2(self, site_accuracy_m: float) -> float:
        """Return the part outside the coverage; where that does not count, what the site's accuracy carries out.

        At most the footprint itself.
        """
        drawn = self.outside_m2()
        if drawn >= self.tolerance_m2 or site_accuracy_m == 0:
            return drawn
        carried = self._outside_m2(self.site.resized(site_accuracy_m))
        return min(max(drawn, carried), self.footprint.area_m2)

    def outside_m2(self) -> float:
        """Return the part of the footprint as drawn outside the coverage."""
        return self._strips.area(~self._covered)

    def covered_m2(self) -> float:
        """Return the part of the footprint as drawn inside the coverage."""
        return self._strips.area(self._covered)

    def _outside_m2(self, place: BaseGeometry) -> float:
        if shapely.covers(self.slow.covered, place):
            return 0.0
        west, _, east, _ = place.bounds
        found = strips([place, self.slow.covered], west, east)
        return found.area(found.inside[0] & ~found.inside[1])

    @cached_property
    def _met(self) -> list[int]:
        """Zones that the footprint crosses or lies in."""
        if self.slow.lines:
            return []
        return np.flatnonzero(shapely.intersects(self.slow.zones, self.site.geometry)).tolist()

    @cached_property
    def _strips(self) -> Strips:
        """The footprint, the coverage and the zones met, in the footprint."""
        west, _, east, _ = self.site.geometry.bounds
        return strips([self.site.geometry, self.slow.covered, *self.slow.zones[self._met]], west, east).of(0)

    @property
    def _covered(self) -> Inside:
        return self._strips.inside[1]

    def _in_zones(self, wanted: NDArray[np.bool_]) -> Inside:
        return self._strips.any_of([place for place, zone in enumerate(self._met, start=2) if wanted[zone]])

    def reach_m(self) -> float:
        """Return the distance to the border of the coverage, at most the search."""
        nearest = self._nearest_m(self.slow.edge_of_coverage())
        return min(nearest, self.search_m)

    def classes(self) -> list[SlowClass]:
        """Return all classes that have zones, strictest first, with the amount that counts for them."""
        layer, lines = self.slow.layer, self.slow.lines
        cut = self.site.resized(-LINE_SHRUNK_M) if lines else self.site.geometry
        grid_m = None if lines else GRID_M
        pieces = shapely.intersection(self.slow.zones, cut, grid_size=grid_m)
        if not lines:
            pieces = np.asarray([*(areal(piece) for piece in pieces), None], dtype=object)[:-1]
        united = {
            number: shapely.union_all(pieces[layer.class_numbers == number], grid_size=grid_m)
            for number in range(len(layer.class_order))
            if (layer.class_numbers == number).any()
        }
        enough = self.enough()
        return [self._class(number, pieces, overlap, enough) for number, overlap in united.items()]

    def enough(self) -> float:
        """Return the smallest amount that counts: the tolerance, or next to nothing where only the sum reaches it."""
        if self.slow.lines:
            return LINE_ENOUGH_M
        areas = [self.inside_m2(number) for number in range(len(self.slow.layer.class_order))]
        together = self._strips.area(self._in_zones(np.ones(len(self.slow.zones), dtype=bool)))
        only_together = all(area < self.tolerance_m2 for area in areas) and together >= self.tolerance_m2
        return ROUNDING_M2 if only_together else max(self.tolerance_m2, ROUNDING_M2)

    def slivers(self, classes: list[SlowClass]) -> list[tuple[float, bool]]:
        """Return the areas of all parts, of whatever size, and whether they meet another part of their class."""
        if self.slow.lines:
            return []
        found: list[tuple[float, bool]] = []
        for each in classes:
            parts = shapely.get_parts(each.doubt.overlap)
            near = shapely.STRtree(parts).query(parts, predicate="dwithin", distance=_MEETING_M)[0]
            meets = np.bincount(near, minlength=len(parts)) > 1
            found += zip(shapely.area(parts).tolist(), meets.tolist(), strict=True)
        return found

    def apart(self, classes: list[SlowClass]) -> list[float]:
        """Return the areas of all parts where those of different zones do not hang together."""
        pieces = [piece for each in classes for piece in each.pieces]
        return [] if self.slow.lines else shapely.area(shapely.get_parts(np.asarray(pieces, dtype=object))).tolist()

    def beyond(self, class_ids: frozenset[str]) -> SlowDoubt:
        """Return the land outside zones of some classes, zones without a class counted to them."""
        rest = self.slow.rest(self._selected(class_ids))
        overlap = areal(shapely.intersection(rest, self.site.geometry, grid_size=GRID_M))
        return self._doubt(np.asarray([rest], dtype=object), rest, overlap, max(self.tolerance_m2, ROUNDING_M2))

    def beyond_m2(self, class_ids: frozenset[str]) -> float:
        """Return how much of the footprint is covered and lies outside these zones."""
        return self._strips.area(self._covered & ~self._in_zones(self._selected(class_ids)))

    def inside_m2(self, number: int) -> float:
        """Return how much of the footprint lies in the zones of a class."""
        return self._strips.area(self._in_zones(self.slow.layer.class_numbers == number))

    def _selected(self, class_ids: frozenset[str]) -> NDArray[np.bool_]:
        layer = self.slow.layer
        names = zip(layer.class_ids, layer.assumed.tolist(), strict=True)
        return np.asarray([assumed or name in class_ids for name, assumed in names], dtype=bool)

    def distance_m(self, number: int) -> float:
        """Return the distance to the nearest zone of a class; 0 where one touches, or lies around the footprint."""
        return self._distance_m(self.slow.layer.class_numbers == number)

    def unleveled_m(self) -> float | None:
        """Return the distance to the nearest zone without a class; None when there is no such zone."""
        assumed = np.asarray(self.slow.layer.assumed, dtype=bool)
        return self._distance_m(assumed) if assumed.any() else None

    def _distance_m(self, wanted: NDArray[np.bool_]) -> float:
        if bool(shapely.intersects(self.slow.zones[wanted], self.site.geometry).any()):
            return 0.0
        return self._nearest_m(self.slow.borders(wanted))

    def _nearest_m(self, segments: Zones) -> float:
        frame = self.footprint.frame
        local, true = frame.to_frame([self.footprint.geometry])[0], frame.to_frame(segments)
        rough = float(shapely.distance(local, shapely.multilinestrings(true)))
        if rough <= _TOUCHING_M:
            return 0.0
        # The frame bends far from its point: whatever may be nearest is measured in a frame of its own.
        shapely.prepare(local)
        near = shapely.dwithin(local, true, rough * 1.0001 + 0.01)
        return min(self._geodesic_m(local, segment) for segment in true[near])

    def _geodesic_m(self, local: BaseGeometry, segment: BaseGeometry) -> float:
        """Return the length of the shortest link of the footprint to a segment, both in the frame of the site."""
        frame, plane = self.footprint.frame, self.footprint.plane
        link = shapely.shortest_line(local, segment)
        middle = frame.to_plane([shapely.centroid(link)])[0]
        close = LocalFrame.at(plane, middle.x, middle.y)
        # Only the edges around the first end can hold the true nearest point.
        around = shapely.intersection(local.boundary, shapely.Point(link.coords[0]).buffer(50.0))
        one, other = (close.to_frame(frame.to_plane([each]))[0] for each in (around, segment))
        ends = plane.to_lonlat(close.to_plane([shapely.shortest_line(one, other)]))[0].coords
        return float(_GEOD.inv(*ends[0], *ends[1])[2])

    def _class(self, number: int, pieces: Zones, overlap: BaseGeometry, enough: float) -> SlowClass:
        layer = self.slow.layer
        wanted = layer.class_numbers == number
        mine = pieces[wanted]
        doubt = self._doubt(self.slow.zones[wanted], self.slow.union(wanted), overlap, enough)
        numbers = np.flatnonzero(wanted)
        if self.slow.lines:
            sizes, size = np.asarray([self.size(piece) for piece in mine]), self.size(overlap)
        else:
            only = (np.arange(len(wanted)) == zone for zone in numbers)
            sizes, size = np.asarray([self._strips.area(self._in_zones(one)) for one in only]), self.inside_m2(number)
        return SlowClass(layer.class_order[number], numbers, mine, sizes, size, doubt)

    def _doubt(self, zones: Zones, union: BaseGeometry, overlap: BaseGeometry, enough: float) -> SlowDoubt:
        return SlowDoubt(self.site, zones, union, overlap, self.size, enough, self.accuracy_m)
