"""The plain form of the overlay: no index, nothing prepared, nothing kept. What the fast form must agree with."""

from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.layers.reader import Features
from zoning.overlay.plane import MeasuringPlane
from zoning.sites.site import Site


@dataclass(frozen=True, slots=True)
class SlowResult:
    """Overlap area and share per class that reaches the tolerance, the ledger, and the status for accuracy 0."""

    status: str
    areas: dict[str, float]
    sliver_count: int
    sliver_sum_m2: float
    site_m2: float


def slow_overlay(site: Site, features: Features, plane: MeasuringPlane, tolerance_m2: float) -> SlowResult:
    """Clip the site with every zone, one after the other, and unite per class."""
    footprint = plane.to_plane([site.geometry], site.crs, step_m=10.0)[0]
    pieces: dict[str, list[BaseGeometry]] = {}
    for zone, class_id in zip(features.geometries, features.class_ids, strict=True):
        plain = plane.to_plane([zone], features.crs, step_m=85.0)[0]
        pieces.setdefault(class_id, []).append(_polygons(footprint.intersection(plain)))
    united = {class_id: shapely.union_all(parts) for class_id, parts in pieces.items()}
    total = shapely.union_all(list(united.values())).area
    wanted = tolerance_m2
    if all(area.area < tolerance_m2 for area in united.values()) and total >= tolerance_m2:
        wanted = 1e-6
    areas = {class_id: area.area for class_id, area in united.items() if area.area >= wanted}
    parts = [part.area for area in united.values() for part in getattr(area, "geoms", [area])]
    small = [area for area in parts if 1e-6 < area < tolerance_m2]
    return SlowResult("affected" if areas else "not_affected", areas, len(small), sum(small), footprint.area)


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    parts = [part for part in getattr(geometry, "geoms", [geometry]) if part.area > 0]
    return shapely.union_all(parts)
