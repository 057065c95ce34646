"""Making geometries valid, with a ledger: what was repaired, how often, and by how much the area changed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.sites.site import Repair
from zoning.texts import Text

Area = Callable[[BaseGeometry], float]

_TEXTS = {
    "z-dropped": Text("去除高程或量测值", "heights or measures left out"),
    "duplicate-vertices": Text("删除重复界址点", "duplicate vertices removed"),
    "self-crossing": Text(
        "边界自相交，已在交点处断开，各部分均保留", "border crosses itself: split at the crossings, all parts kept"
    ),
    "ring-roles": Text("内外圈关系有误，已按位置重新判定", "wrong roles of rings: settled by where they lie"),
    "overlapping-parts": Text(
        "各部分互相重叠，已合并，不重复计算", "parts overlap each other: united, nothing counted twice"
    ),
    "collapsed-parts": Text("删除面积为零的部分", "parts without area removed"),
}
_CROSSING_DEGREE = 3
_SHORTEST_RING = 4  # a triangle, closed


@dataclass(frozen=True, slots=True)
class Repaired:
    """A valid geometry, and what had to be done for it."""

    geometry: BaseGeometry
    repairs: tuple[Repair, ...]


def repair_polygons(geometry: BaseGeometry, area: Area) -> Repaired:
    """Return the polygons of a geometry as a valid Polygon or MultiPolygon, empty when nothing has an area.

    A part that a crossing border encloses is kept whichever way it runs, overlapping parts are united, and a hole
    outside its polygon is a part: what is in doubt belongs to the footprint.

    Parameters
    ----------
    area
        Measures a geometry of the same coordinate system on the ellipsoid, m².
    """
    ledger = _Ledger(area)
    flat = _flatten(geometry, ledger)
    parts = [part for part in shapely.get_parts(flat) if part.geom_type == "Polygon" and not part.is_empty]
    distinct = [_without_duplicates(part, ledger) for part in parts]
    mended = [_mend(part, ledger) for part in distinct]
    return Repaired(_join(mended, ledger), ledger.entries())


def repair_lines(geometry: BaseGeometry, area: Area) -> Repaired:
    """Return a line geometry without heights, duplicate vertices and lines without length."""
    ledger = _Ledger(area)
    flat = _with_length(_flatten(geometry, ledger), ledger)
    clean: BaseGeometry = shapely.remove_repeated_points(flat)
    ledger.add("duplicate-vertices", _vertices(flat) - _vertices(clean))
    return Repaired(clean, ledger.entries())


def _with_length(lines: BaseGeometry, ledger: "_Ledger") -> BaseGeometry:
    if lines.geom_type not in {"LineString", "MultiLineString"}:
        return lines
    parts = shapely.get_parts(lines)
    long = parts[shapely.length(parts) > 0]
    if len(long) == len(parts):
        return lines
    ledger.add("collapsed-parts", len(parts) - len(long))
    return shapely.MultiLineString(list(long))


class _Ledger:
    def __init__(self, area: Area) -> None:
        self.area = area
        self._counts: Counter[str] = Counter()
        self._changes: Counter[str] = Counter()

    def add(self, kind: str, count: int, before: BaseGeometry | None = None, after: BaseGeometry | None = None) -> None:
        if count == 0:
            return
        self._counts[kind] += count
        if before is not None and after is not None:
            self._changes[kind] += self.area(after) - self.area(before)  # type: ignore[assignment]

    def entries(self) -> tuple[Repair, ...]:
        return tuple(
            Repair(kind, self._counts[kind], float(self._changes[kind]), _TEXTS[kind])
            for kind in _TEXTS
            if self._counts[kind]
        )


def _flatten(geometry: BaseGeometry, ledger: _Ledger) -> BaseGeometry:
    ledger.add("z-dropped", int(shapely.has_z(geometry) or shapely.has_m(geometry)))
    flat: BaseGeometry = shapely.force_2d(geometry)
    return flat


def _without_duplicates(part: BaseGeometry, ledger: _Ledger) -> BaseGeometry:
    """Return a polygon without repeated vertices and without rings that have fewer than three."""
    rings = [_distinct(ring, ledger) for ring in shapely.get_rings(part)]
    if len(rings[0]) < _SHORTEST_RING:
        ledger.add("collapsed-parts", 1)
        return shapely.Polygon()
    holes = [ring for ring in rings[1:] if len(ring) >= _SHORTEST_RING]
    ledger.add("collapsed-parts", len(rings) - 1 - len(holes))
    return shapely.Polygon(rings[0], holes)


def _distinct(ring: BaseGeometry, ledger: _Ledger) -> NDArray[np.float64]:
    corners = shapely.get_coordinates(ring)
    kept = np.append(True, np.any(np.diff(corners, axis=0) != 0, axis=1))
    ledger.add("duplicate-vertices", int((~kept).sum()))
    return np.asarray(corners[kept])


def _mend(part: BaseGeometry, ledger: _Ledger) -> BaseGeometry:
    """Make one polygon valid: a Polygon or MultiPolygon, maybe empty."""
    if part.is_valid or not isinstance(part, shapely.Polygon):
        return part
    shell = shapely.Polygon(part.exterior)
    inner = [shapely.Polygon(ring) for ring in part.interiors]
    outline = _mend_rings(shell, ledger)
    holes = [_mend_rings(hole, ledger) for hole in inner]
    outside = [hole for hole in holes if not hole.is_empty and not shapely.intersects(hole, outline)]
    inside = [hole for hole in holes if not hole.is_empty and shapely.intersects(hole, outline)]
    mended = shapely.difference(outline, shapely.union_all(inside)) if inside else outline
    result = polygonal(shapely.union_all([mended, *outside])) if outside else polygonal(mended)
    if outside or (outline.equals(shell) and all(hole.is_valid for hole in inner)):
        # Every ring is sound by itself, so it is their places that were wrong.
        ledger.add("ring-roles", max(len(outside), 1), part, result)
    return result


def _mend_rings(ring: BaseGeometry, ledger: _Ledger) -> BaseGeometry:
    if ring.is_valid:
        return ring
    split = shapely.node(shapely.LineString(shapely.get_coordinates(ring)))
    mended = _wound(ring, split)
    if mended.is_empty:
        ledger.add("collapsed-parts", 1)
        return mended
    ledger.add("self-crossing", max(_crossings(split), 1), ring, mended)
    return mended


def _wound(ring: BaseGeometry, split: BaseGeometry) -> BaseGeometry:
    """Return everything that the ring runs around at least once, in whichever direction.

    Both loops of a figure eight count; a hole that is joined to its outline by a bridge there and back does not.
    """
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(split)))
    corners = shapely.get_coordinates(ring)
    inside = [face for face in faces if _winding(corners, shapely.get_coordinates(face.representative_point())[0]) != 0]
    return polygonal(shapely.union_all(inside)) if inside else shapely.Polygon()


def _winding(corners: NDArray[np.float64], point: NDArray[np.float64]) -> int:
    """Return how often a closed ring (n, 2) runs around a point, counter-clockwise positive."""
    angles = np.arctan2(corners[:, 1] - point[1], corners[:, 0] - point[0])
    turns = (np.diff(angles) + np.pi) % (2 * np.pi) - np.pi
    return round(float(turns.sum()) / (2 * np.pi))


def _crossings(split: BaseGeometry) -> int:
    """Return how many points a border passes more than once."""
    lines = shapely.get_parts(split)
    ends = Counter(point for line in lines for point in (line.coords[0], line.coords[-1]))
    return sum(degree >= _CROSSING_DEGREE for degree in ends.values())


def _join(parts: list[BaseGeometry], ledger: _Ledger) -> BaseGeometry:
    single = [part for mended in parts for part in shapely.get_parts(mended)]
    if len(single) == 1:
        only: BaseGeometry = single[0]
        return only
    together = shapely.MultiPolygon(single)
    if together.is_valid:
        return together
    united = polygonal(shapely.union_all(single))
    kind = "ring-roles" if _nested(single) else "overlapping-parts"
    ledger.add(kind, max(len(single) - len(shapely.get_parts(united)), 1), together, united)
    return united


def _vertices(geometry: BaseGeometry) -> int:
    return int(shapely.get_num_coordinates(geometry))


def _nested(parts: list[BaseGeometry]) -> bool:
    ordered = sorted(parts, key=lambda part: -part.area)
    return any(shapely.contains(big, small) for big, small in pairwise(ordered))


def polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry: touching edges and points are no area."""
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        return geometry
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in {"Polygon", "MultiPolygon"}]
    single = [leaf for part in parts for leaf in shapely.get_parts(part)]
    return single[0] if len(single) == 1 else shapely.MultiPolygon(single)
