"""Where a layer is authoritative: outside of it the answer is "no data", never "not affected"."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay import beside, robust
from zoning.overlay.footprint import Footprint
from zoning.overlay.nearest import Borders
from zoning.overlay.origin import Origin
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.repair import repair_polygons

_STEP_M = 85.0
_GAP_M2 = 1.0  # gaps between neighbouring territories that come from rounding


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a footprint, and of the land around it, a layer speaks of.

    Attributes
    ----------
    uncovered_m2, covered_m2
        Parts of the footprint.
    reach_m
        Distance to the nearest place without data, at most as far as was searched; 0 when a part is uncovered.
    """

    uncovered_m2: float
    covered_m2: float
    reach_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """The area of authority in the measuring plane, united and prepared, with its borders."""

    area: BaseGeometry
    borders: Borders

    @classmethod
    def of(cls, area: BaseGeometry, crs: str, plane: MeasuringPlane) -> "Coverage":
        """Bring the area of authority into the measuring plane.

        Raises
        ------
        CRSError
            When `crs` has no exact way to CGCS2000, or coordinates do not fit it.
        TangledError
            When a border crosses itself more often than any boundary does.
        """
        parts = shapely.get_parts(np.asarray([area], dtype=object))
        valid = [part if part.is_valid else repair_polygons(part, lambda _: 0.0).geometry for part in parts]
        united = _without_gaps(beside.union(plane.to_plane(np.asarray(valid, dtype=object), crs, step_m=_STEP_M)))
        shapely.prepare(united)
        return cls(united, Borders(np.asarray([united], dtype=object)))

    def inside(self, box: BaseGeometry, origin: Origin) -> BaseGeometry:
        """Return the covered part of a box, seen from an origin; mostly that is the box, found without cutting."""
        near = origin.near(box)
        if shapely.covers(self.area, box):
            return near
        found: BaseGeometry = robust.intersection(origin.near(self.area), near, origin.grid_m)
        return found

    def outside_m2(self, place: BaseGeometry, origin: Origin) -> float:
        """Return how much of a polygon of the plane is not covered."""
        if shapely.covers(self.area, place):
            return 0.0
        return float(robust.difference(origin.near(place), origin.near(self.area), origin.grid_m).area)

    def over(self, footprint: Footprint, search_m: float) -> Covered:
        """Return what is covered; remembered by the footprint, since many layers cover the same area."""
        key = ("coverage", id(self), search_m)
        kept = footprint.kept(key)
        if kept is None:
            # Kept with the coverage itself: its id stays its own.
            kept = (self._measure(footprint, search_m), self)
            footprint.keep(key, kept)
        found: Covered = kept[0]
        return found

    def _measure(self, footprint: Footprint, search_m: float) -> Covered:
        geometry = footprint.geometry
        if not shapely.covers(self.area, geometry):
            near, grid = footprint.origin.near(self.area), footprint.origin.grid_m
            # Each by itself: what is left of a difference of two large areas is rounding.
            inside = robust.intersection(footprint.near, near, grid)
            outside = robust.difference(footprint.near, near, grid)
            return Covered(float(outside.area), float(inside.area), 0.0)
        nearest = self.borders.distance_m(footprint, search_m)
        return Covered(0.0, footprint.area_m2, search_m if nearest is None else nearest)


def _without_gaps(area: BaseGeometry) -> BaseGeometry:
    """Close holes that are smaller than any tolerance: seams, not places without data."""
    parts = [
        shapely.Polygon(part.exterior, [ring for ring in part.interiors if shapely.Polygon(ring).area >= _GAP_M2])
        for part in shapely.get_parts(area)
        if part.geom_type == "Polygon"
    ]
    return shapely.MultiPolygon(parts)
