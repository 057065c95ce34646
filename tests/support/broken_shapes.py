"""Shapes with faults, in whole metres from one place in the county, so that every answer can be checked in the head."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE
from zoning.overlay.footprint import Footprint
from zoning.quality.faults import Fault
from zoning.quality.site_quality import SiteQuality, quality_of
from zoning.sites.site import Repair, Site

EAST, NORTH = 37_627_000.0, 3_930_000.0
SQUARE = [(0, 0), (100, 0), (100, 100), (0, 100)]
Ring = Sequence[tuple[float, float]]


def placed(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry near (0, 0) in the county, in EPSG:4525."""
    moved: BaseGeometry = shapely.transform(geometry, lambda xy: xy + np.array([EAST, NORTH]))
    return moved


def site_of(
    geometry: BaseGeometry,
    *,
    name: str = "地块一",
    stated_area_m2: float | None = None,
    stated_points: int | None = None,
    repairs: tuple[Repair, ...] = (),
) -> Site:
    """Return a footprint as if it had been read."""
    return Site(
        "1",
        name,
        placed(geometry),
        "EPSG:4525",
        "site.txt",
        stated_area_m2=stated_area_m2,
        stated_points=stated_points,
        repairs=repairs,
    )


def judged(geometry: BaseGeometry, **stated: Any) -> SiteQuality:
    """Return the quality of a shape."""
    return quality_of(Footprint.of(site_of(geometry, **stated), PLANE))


def ring(*points: tuple[float, float]) -> shapely.Polygon:
    """Return a polygon without holes."""
    return shapely.Polygon(points)


def places(fault: Fault) -> list[tuple[float, float, int | None, int | None]]:
    """Return the places of a fault in metres, with ring and vertex."""
    return [(round(p.x - EAST, 3), round(p.y - NORTH, 3), p.ring, p.vertex) for p in fault.places]


BOX = shapely.box(0, 0, 100, 100)
PLANE_SHARE = 1 / 1.000398
"""Area on the ellipsoid by area in the plane of zone 37, 1.4° from its meridian."""


def with_holes(*holes: shapely.Polygon) -> shapely.Polygon:
    """Return a square of 100 m with holes."""
    return shapely.Polygon(SQUARE, [hole.exterior for hole in holes])


At = tuple[float, float, int | None, int | None]
Expected = list[tuple[str, str, list[At]]]

SHAPES: dict[str, tuple[BaseGeometry, Expected]] = {
    "a square": (ring(*SQUARE), []),
    "a square with a hole": (with_holes(shapely.box(20, 20, 40, 40)), []),
    "a hole that touches its outline in a point": (with_holes(ring((0, 50), (20, 40), (20, 60))), []),
    "a vertex on a straight edge": (ring((0, 0), (50, 0), *SQUARE[1:]), []),
    "a bow-tie": (
        ring((0, 0), (100, 100), (100, 0), (0, 100)),
        [("self-crossing", "error", [(50, 50, 1, None)])],
    ),
    "a crossing at two vertices in one place": (
        ring((0, 0), (50, 50), (100, 100), (100, 0), (50, 50), (0, 100)),
        [("self-crossing", "error", [(50, 50, 1, 2), (50, 50, 1, 5)])],
    ),
    "a touch of two vertices": (
        ring((0, 0), (50, 50), (100, 0), (100, 100), (50, 50), (0, 100)),
        [("self-touch", "error", [(50, 50, 1, 2), (50, 50, 1, 5)])],
    ),
    "a vertex on another edge": (
        ring((0, 0), (100, 0), (100, 100), (50, 0), (0, 100)),
        [("self-touch", "error", [(50, 0, 1, 4)])],
    ),
    "a hole on a bridge": (
        ring(*SQUARE, (0, 50), (30, 50), (30, 70), (70, 70), (70, 30), (30, 30), (30, 50), (0, 50)),
        [("self-overlap", "error", [(15, 50, 1, None)])],
    ),
    "a spike out and back": (
        ring((0, 0), (100, 0), (100, 100), (130, 140), (100, 100), (0, 100)),
        [("spike", "error", [(130, 140, 1, 4)])],
    ),
    "a spike along an edge": (
        ring((0, 0), (100, 0), (100, 150), (100, 100), (0, 100)),
        [("spike", "error", [(100, 150, 1, 3)])],
    ),
    "a spike of several vertices": (
        ring((0, 0), (100, 0), (100, 100), (120, 120), (130, 150), (120, 120), (100, 100), (0, 100)),
        [("spike", "error", [(130, 150, 1, 5)])],
    ),
    "a spike at the start": (
        ring((130, 140), (100, 100), (0, 100), (0, 0), (100, 0), (100, 100)),
        [("spike", "error", [(130, 140, 1, 1)])],
    ),
    "a narrow spike": (
        ring((0, 0), (100, 0), (100, 100), (50.1, 100), (50, 150), (49.9, 100), (0, 100)),
        [("spike", "warning", [(50, 150, 1, 5)])],
    ),
    "repeated points": (
        ring((0, 0), (100, 0), (100, 0), (100, 0), (100, 100), (0, 100), (0, 0)),
        [
            ("duplicate-points", "warning", [(100, 0, 1, 3), (100, 0, 1, 2)]),
            ("duplicate-points", "warning", [(100, 0, 1, 4), (100, 0, 1, 3)]),
        ],
    ),
    "a ring closed twice": (
        shapely.Polygon([*SQUARE, (0, 0), (0, 0)]),
        [("duplicate-points", "warning", [(0, 0, 1, 5), (0, 100, 1, 4)])],
    ),
    "a short edge": (
        ring((0, 0), (100, 0), (100.005, 0), (100, 100), (0, 100)),
        [("short-edge", "note", [(100, 0, 1, 2), (100.005, 0, 1, 3)])],
    ),
    "a mistyped digit of 30 km": (
        ring((0, 0), (100, 0), (100, 30_100), (0, 200)),
        [("remote-vertex", "error", [(100, 30_100, 1, 3)])],
    ),
    "a mistyped digit of 2 km": (
        ring((0, 0), (100, 0), (120, 100), (100, 2_100), (0, 200)),
        [("remote-vertex", "warning", [(100, 2_100, 1, 4)])],
    ),
    "a long strip": (
        ring((-12_000, 0), (0, 0), (0, 500), (-12_000, 500)),
        [
            ("long-edge", "warning", [(-12_000, 0, 1, 1), (0, 0, 1, 2)]),
            ("long-edge", "warning", [(0, 500, 1, 3), (-12_000, 500, 1, 4)]),
        ],
    ),
    "a hole outside": (
        with_holes(ring((200, 0), (220, 0), (220, 20))),
        [("hole-outside", "error", [(200, 0, 2, 1)])],
    ),
    "a hole across the outline": (
        with_holes(shapely.box(90, 40, 120, 60)),
        [("hole-crosses", "error", [(100, 40, 2, None), (100, 60, 2, None)])],
    ),
    "a hole along the outline": (
        with_holes(shapely.box(90, 40, 100, 60)),
        [("hole-crosses", "error", [(100, 40, 2, None), (100, 60, 2, None)])],
    ),
    "two holes over each other": (
        with_holes(shapely.box(20, 20, 50, 50), shapely.box(40, 40, 60, 60)),
        [("holes-overlap", "error", [(45, 45, 3, None)])],
    ),
    "a part in a part": (
        shapely.MultiPolygon([BOX, shapely.box(20, 20, 50, 50)]),
        [("nested-parts", "error", [(35, 35, 2, None)])],
    ),
    "parts over each other": (
        shapely.MultiPolygon([BOX, shapely.box(90, 20, 150, 50)]),
        [("overlapping-parts", "error", [(95, 35, 2, None)])],
    ),
    "parts with an edge in common": (
        shapely.MultiPolygon([BOX, shapely.box(100, 20, 150, 50)]),
        [("adjoining-parts", "note", [(100, 20, 2, None)])],
    ),
    "a part without area": (
        shapely.MultiPolygon([BOX, ring((200, 0), (210, 0), (230, 0))]),
        [("collapsed-part", "error", [(200, 0, 2, 1)])],
    ),
    "a part that runs there and back": (
        shapely.MultiPolygon([BOX, ring((200, 0), (210, 0), (230, 10), (210, 0))]),
        [("collapsed-part", "error", [(200, 0, 2, 1)])],
    ),
    "a tiny part": (
        shapely.MultiPolygon([BOX, ring((200, 0), (200.5, 0), (200.5, 0.5), (200, 0.5))]),
        [("tiny-part", "warning", [(200, 0, 2, 1)])],
    ),
    "a sliver": (
        shapely.MultiPolygon([BOX, ring((200, 0), (200.3, 0), (200.3, 100), (200, 100))]),
        [("sliver-part", "warning", [(200, 0, 2, 1)])],
    ),
}
"""What is drawn, and per fault: kind, severity, places (metres east and north, ring, vertex)."""
