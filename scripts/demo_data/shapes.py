"""Ragged shapes that keep documented extents and areas."""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon, affinity
from shapely.geometry.base import BaseGeometry

from demo_data.plane import Floats, LonLat, point, to_plane

Bounds = tuple[float, float, float, float]

_LIMIT = 1.8  # largest displacement in standard deviations: keeps rings from crossing themselves
_PRECISION = 1e-7


def generator(name: str) -> np.random.Generator:
    """Return random numbers that depend on `name` alone."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]))


def ragged(points: Floats, name: str, *, roughness: float = 0.15, step: float = 150.0) -> Floats:
    """Displace midpoints of a line, shape (n, 2), until no part is longer than `step` metres; vertices stay."""
    random = generator(name)
    while True:
        start, end = points[:-1], points[1:]
        along = end - start
        length = np.hypot(along[:, 0], along[:, 1])
        long = np.flatnonzero(length > step)
        if long.size == 0:
            return points
        shift = np.clip(random.normal(0.0, 1.0, long.size), -_LIMIT, _LIMIT) * roughness
        across = np.column_stack([-along[long, 1], along[long, 0]])
        middle = (start[long] + end[long]) / 2 + across * shift[:, None]
        points = np.insert(points, long + 1, middle, axis=0)


def polygons(geometry: BaseGeometry) -> list[Polygon]:
    """Return the polygons of a geometry, largest first; lines and points are left out."""
    parts = [part for part in shapely.get_parts(shapely.get_parts(geometry)) if isinstance(part, Polygon)]
    return sorted((p for p in parts if not p.is_empty), key=lambda p: -p.area)


def surface(geometry: BaseGeometry, least: float = 0.0) -> MultiPolygon:
    """Return the areal part of a geometry without parts and holes smaller than `least` m²."""
    kept = [p for p in polygons(geometry) if p.area >= max(least, 1e-6)]
    holes = [Polygon(p.exterior, [h for h in p.interiors if Polygon(h).area >= least]) for p in kept]
    return MultiPolygon(holes)


def large(geometry: BaseGeometry, least: float) -> MultiPolygon:
    """Return the parts of a geometry of at least `least` m², with all their holes."""
    return MultiPolygon([p for p in polygons(geometry) if p.area >= least])


def ring(places: Sequence[LonLat], name: str, *, roughness: float = 0.13, step: float = 150.0) -> Polygon:
    """Return a ragged polygon through the given places."""
    closed = to_plane([*places, places[0]])
    return polygons(Polygon(ragged(closed, name, roughness=roughness, step=step)).buffer(0))[0]


def blob(place: LonLat, area: float, name: str, *, stretch: float = 1.3, step: float = 60.0) -> Polygon:
    """Return a ragged lobe of exactly `area` m² around a place, `stretch` times as long as wide."""
    random = generator(name)
    count = 11
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False) + random.uniform(-0.2, 0.2, count)
    reach = random.uniform(0.7, 1.25, count)
    turn = random.uniform(0, np.pi)
    x, y = reach * np.cos(angle) * stretch, reach * np.sin(angle)
    lobe = np.column_stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)])
    radius = float(np.sqrt(area / np.pi / stretch))
    closed = np.vstack([lobe, lobe[:1]]) * radius + point(place)
    return sized(Polygon(ragged(closed, name, roughness=0.12, step=max(step, radius / 12))).buffer(0), area)


def sized(shape: BaseGeometry, area: float) -> Polygon:
    """Scale the largest part of a shape about its centre to exactly `area` m²."""
    outline = Polygon(polygons(shape)[0].exterior)
    factor = (area / outline.area) ** 0.5
    return affinity.scale(outline, factor, factor, origin=outline.centroid)


def fitted(family: Callable[[float], BaseGeometry], area: float, low: float, high: float) -> MultiPolygon:
    """Return the member of a family, growing from `low` to `high`, that has the wanted area.

    Raises
    ------
    ValueError
        When the wanted area lies outside the family.
    """
    smallest, largest = family(low).area, family(high).area
    if not smallest <= area <= largest:
        msg = f"area {area:.0f} m² is not between {smallest:.0f} and {largest:.0f}"
        raise ValueError(msg)
    for _ in range(60):
        middle = (low + high) / 2
        found = family(middle)
        if abs(found.area / area - 1) < _PRECISION:
            break
        low, high = (middle, high) if found.area < area else (low, middle)
    return surface(family((low + high) / 2))


def framed(shape: Polygon, bounds: Bounds, bulge: float = 0.0) -> Polygon:
    """Stretch a shape to exact bounds; `bulge` in -0.8..0.45 fills the bounds less or more without leaving them."""
    x0, y0, x1, y1 = shape.bounds
    to_x0, to_y0, to_x1, to_y1 = bounds

    def warp(points: Floats) -> Floats:
        unit = (points - [x0, y0]) / [x1 - x0, y1 - y0] * 2 - 1
        full = unit * (1 + bulge * (1 - unit**2))
        return (full + 1) / 2 * [to_x1 - to_x0, to_y1 - to_y0] + [to_x0, to_y0]

    return shapely.transform(shape, warp)


def framed_to(shape: Polygon, bounds: Bounds, area: float) -> Polygon:
    """Return a shape with exact bounds and exact area."""
    return polygons(fitted(lambda bulge: framed(shape, bounds, bulge), area, -0.8, 0.45))[0]


def rounded(shape: BaseGeometry, distance: float, *, detail: float = 4.0) -> BaseGeometry:
    """Return `shape` grown (or shrunk, below zero) by a distance in metres, with few vertices."""
    return shape.buffer(distance, quad_segs=3).simplify(detail)


def roughened(shape: BaseGeometry, name: str, *, step: float, least: float) -> MultiPolygon:
    """Give a rounded shape ragged borders; parts and holes under `least` m² are left out."""
    found = []
    for number, part in enumerate(polygons(surface(shape, least).simplify(2.5 * step))):
        rings = [ragged(shapely.get_coordinates(r), f"{name} {number} {k}", roughness=0.13, step=step)
                 for k, r in enumerate([part.exterior, *part.interiors])]  # fmt: skip
        found.append(Polygon(rings[0], rings[1:]).buffer(0))
    return surface(shapely.union_all(found), least)


def softened(points: Floats, *, closed: bool, times: int = 2) -> Floats:
    """Cut the corners of a line or ring, shape (n, 2); the ends of an open line stay."""
    for _ in range(times):
        start, end = points[:-1], points[1:]
        cut = np.empty((2 * len(start), 2))
        cut[0::2], cut[1::2] = start * 0.75 + end * 0.25, start * 0.25 + end * 0.75
        points = np.vstack([cut, cut[:1]]) if closed else np.vstack([points[:1], cut[1:-1], points[-1:]])
    return points
