"""Making geometries valid: what was repaired, how often, and by how much the area changed."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.overlay import beside
from zoning.overlay.polygons import polygonal
from zoning.overlay.ring_edges import meeting_edges, out_and_back, refuse_tangle
from zoning.sites.site import Repair
from zoning.texts import Text

__all__ = ["Repaired", "enclosed", "polygonal", "repair_lines", "repair_polygons", "wound"]

Area = Callable[[BaseGeometry], float]

_TEXTS = {
    "z-dropped": Text("去除高程或量测值", "heights or measures left out"),
    "duplicate-vertices": Text("删除重复界址点", "duplicate vertices removed"),
    "spikes": Text(
        "删除边界上去而复返、没有面积的尖刺", "spikes removed on which the border runs out and back without area"
    ),
    "self-crossing": Text(
        "边界自相交，已在交点处断开，各部分均保留", "border crosses itself: split at the crossings, all parts kept"
    ),
    "ring-roles": Text("内外圈关系有误，已按位置重新判定", "wrong roles of rings: settled by where they lie"),
    "overlapping-parts": Text(
        "各部分互相重叠，已合并，不重复计算", "parts overlap each other: united, nothing counted twice"
    ),
    "adjoining-parts": Text("各部分有公共边，已合并", "parts that share edges united"),
    "collapsed-parts": Text("删除面积为零的部分", "parts without area removed"),
}
_CROSSING_DEGREE = 3
_LONG = 10_000  # vertices; to ask whether a tangle is valid takes minutes
_HITS_AT_ONCE = 20_000_000
_SAME_AREA = 1e-9
_FINEST = 2.0**-44
_SHORTEST_RING = 4  # a triangle, closed
# Rounded coordinates let rings that only touch share slivers, and let one stick out of another that holds it.
_TOUCHING, _ALL = 0.001, 0.999


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

    Returns
    -------
    Repaired
        The changes of area of its repairs add up to the area after minus the area as drawn (loops that run the other
        way counting negative).

    Raises
    ------
    TangledError
        When a border crosses itself more often than any boundary does.
    """
    repairs = _Repairs(area)
    flat = _flatten(geometry, repairs)
    parts = [part for part in shapely.get_parts(flat) if part.geom_type == "Polygon" and not part.is_empty]
    distinct = [_without_duplicates(part, repairs) for part in parts]
    mended = [_mend(part, repairs) for part in distinct]
    return Repaired(_join(mended, repairs), repairs.entries())


def enclosed(ring: BaseGeometry) -> BaseGeometry:
    """Return what one ring (a polygon without holes) runs around, valid; see `repair_polygons`.

    Raises
    ------
    TangledError
        When it crosses itself more often than any boundary does.
    """
    return _mend_rings(ring, _Repairs(lambda _: 0.0), 1)


def repair_lines(geometry: BaseGeometry, area: Area) -> Repaired:
    """Return a line geometry without heights, duplicate vertices and lines without length."""
    repairs = _Repairs(area)
    flat = _with_length(_flatten(geometry, repairs), repairs)
    clean: BaseGeometry = shapely.remove_repeated_points(flat)
    repairs.add("duplicate-vertices", _vertices(flat) - _vertices(clean))
    return Repaired(clean, repairs.entries())


def _with_length(lines: BaseGeometry, repairs: "_Repairs") -> BaseGeometry:
    if lines.geom_type not in {"LineString", "MultiLineString"}:
        return lines
    parts = shapely.get_parts(lines)
    long = parts[shapely.length(parts) > 0]
    if len(long) == len(parts):
        return lines
    repairs.add("collapsed-parts", len(parts) - len(long))
    return shapely.MultiLineString(list(long))


class _Repairs:
    def __init__(self, area: Area) -> None:
        self.area = area
        self._counts: Counter[str] = Counter()
        self._changes: defaultdict[str, float] = defaultdict(float)

    def add(self, kind: str, count: int, change_m2: float = 0.0) -> None:
        if count:
            self._counts[kind] += count
            self._changes[kind] += change_m2

    def entries(self) -> tuple[Repair, ...]:
        return tuple(
            Repair(kind, self._counts[kind], self._changes[kind], _TEXTS[kind]) for kind in _TEXTS if self._counts[kind]
        )


def _flatten(geometry: BaseGeometry, repairs: _Repairs) -> BaseGeometry:
    repairs.add("z-dropped", int(shapely.has_z(geometry) or shapely.has_m(geometry)))
    flat: BaseGeometry = shapely.force_2d(geometry)
    return flat


def _without_duplicates(part: BaseGeometry, repairs: _Repairs) -> BaseGeometry:
    """Return a polygon without repeated vertices and without rings that have fewer than three."""
    rings = [_distinct(ring, repairs) for ring in shapely.get_rings(part)]
    if len(rings[0]) < _SHORTEST_RING:
        repairs.add("collapsed-parts", 1)
        return shapely.Polygon()
    holes = [ring for ring in rings[1:] if len(ring) >= _SHORTEST_RING]
    repairs.add("collapsed-parts", len(rings) - 1 - len(holes))
    return shapely.Polygon(rings[0], holes)


def _distinct(ring: BaseGeometry, repairs: _Repairs) -> NDArray[np.float64]:
    corners = shapely.get_coordinates(ring)
    kept = np.append(True, np.any(np.diff(corners, axis=0) != 0, axis=1))
    repairs.add("duplicate-vertices", int((~kept).sum()))
    return np.asarray(corners[kept])


def _mend(part: BaseGeometry, repairs: _Repairs) -> BaseGeometry:
    """Make one polygon valid: a Polygon or MultiPolygon, maybe empty."""
    if not isinstance(part, shapely.Polygon):
        return part
    for ring in shapely.get_rings(part) if shapely.get_num_coordinates(part) > _LONG else ():
        if shapely.get_num_coordinates(ring) > _LONG:
            refuse_tangle(shapely.get_coordinates(ring)[:-1])
    if part.is_valid:
        return part
    shell = outline = _mend_rings(shapely.Polygon(part.exterior), repairs, 1)
    mended = [_mend_rings(shapely.Polygon(ring), repairs, -1) for ring in part.interiors]
    drawn = outline.area - sum(hole.area for hole in mended)
    outline, holes, exchanged = _outermost(outline, [hole for hole in mended if not hole.is_empty])
    inside = [hole for hole in holes if _share(hole, outline) > _TOUCHING]
    outside = [hole for hole in holes if _share(hole, outline) <= _TOUCHING]
    # What sticks out of the outline is in doubt and belongs to the footprint; slivers come from rounding.
    outside += [beside.difference(hole, outline) for hole in inside if _share(hole, outline) < _ALL]
    left = beside.difference(outline, beside.union(inside)) if inside else outline
    result = polygonal(beside.union([left, *outside])) if outside else polygonal(left)
    sound = [shell, *mended] == [shapely.Polygon(ring) for ring in shapely.get_rings(part)]
    if sound or outside or exchanged or abs(result.area - drawn) > _SAME_AREA * outline.area:
        # Every ring is sound by itself now, so it is their places that are wrong.
        change = repairs.area(result) - repairs.area(shell) + sum(map(repairs.area, mended))
        repairs.add("ring-roles", max(len(outside), 1), change)
    return result


def _outermost(outline: BaseGeometry, holes: list[BaseGeometry]) -> tuple[BaseGeometry, list[BaseGeometry], bool]:
    """Return outline and holes with the ring that runs around all as the outline; tell whether that changed anything.

    Some programs write the outline last. A hole that is the outline itself leaves it as it is: what is in doubt belongs
    to the footprint.
    """
    around = [hole for hole in holes if _share(outline, hole) >= _ALL]
    if not around:
        return outline, holes, False
    largest = max([outline, *around], key=lambda ring: ring.area)
    rest = [ring for ring in (outline, *holes) if ring is not largest]
    return largest, [ring for ring in rest if _share(largest, ring) < _ALL], True


def _share(ring: BaseGeometry, other: BaseGeometry) -> float:
    """Return how much of a ring's area lies within another."""
    return float(beside.intersection(ring, other).area / ring.area) if ring.area > 0 else 0.0


def _mend_rings(ring: BaseGeometry, repairs: _Repairs, sign: int) -> BaseGeometry:
    """Return what a ring encloses; `sign` is -1 for a hole, whose growth makes the footprint smaller."""
    if ring.is_valid:
        return ring
    straight = _without_spikes(ring, repairs, sign)
    if straight.is_valid:
        return straight
    xy = shapely.get_coordinates(straight)[:-1]
    meeting_edges(xy)  # refuses a tangle before it is taken apart
    split = _split(straight)
    mended = wound(straight, split)
    if mended.is_empty:
        repairs.add("collapsed-parts", 1, -sign * repairs.area(straight))
        return mended
    repairs.add("self-crossing", max(_crossings(split), 1), sign * (repairs.area(mended) - repairs.area(straight)))
    return mended


def _split(ring: BaseGeometry) -> BaseGeometry:
    """Return a ring as lines that meet at their ends only."""
    corners = shapely.get_coordinates(ring)
    line = shapely.LineString(corners)
    try:
        split: BaseGeometry = shapely.node(line)
    except shapely.errors.GEOSException:
        # Crossings nearer to each other than the numbers can tell: they are put on a grid, 2 µm wide in a county.
        split = shapely.union_all([line], grid_size=float(np.abs(corners).max()) * _FINEST)
    return split


def _without_spikes(ring: BaseGeometry, repairs: _Repairs, sign: int) -> BaseGeometry:
    xy = shapely.get_coordinates(ring)[:-1]
    spikes = out_and_back(xy)
    straight = shapely.Polygon(np.delete(xy, [vertex for spike in spikes for vertex in spike], axis=0))
    if not spikes or shapely.convex_hull(straight).area == 0:
        # What is nothing but a spike is a part without area.
        return ring
    repairs.add("spikes", len(spikes), sign * (repairs.area(straight) - repairs.area(ring)))
    return straight


def wound(ring: BaseGeometry, split: BaseGeometry) -> BaseGeometry:
    """Return everything that the ring runs around at least once, in whichever direction.

    Both loops of a figure eight count; a hole that is joined to its outline by a bridge there and back does not.

    Parameters
    ----------
    split
        The ring as lines that meet at their ends only.
    """
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(split)))
    inside = faces[_windings(shapely.get_coordinates(ring), shapely.point_on_surface(faces)) != 0]
    return polygonal(beside.union(inside)) if len(inside) else shapely.Polygon()


def _windings(corners: NDArray[np.float64], points: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return how often a closed ring (n, 2) runs around each of some points off it, counter-clockwise positive.

    Counted where a ray to the east meets the ring: edges that run up count one, those that run down count minus one.
    """
    xy = shapely.get_coordinates(points)
    edges = np.asarray(shapely.linestrings(np.stack([corners[:-1], corners[1:]], axis=1)))
    far = np.column_stack([np.full(len(xy), corners[:, 0].max() + 1.0), xy[:, 1]])
    rays = np.asarray(shapely.linestrings(np.stack([xy, far], axis=1)))
    tree = shapely.STRtree(edges)
    step = max(1, _HITS_AT_ONCE // len(edges))
    parts = [
        _turns(corners, xy[start : start + step], tree.query(rays[start : start + step]))
        for start in range(0, len(xy), step)
    ]
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _turns(corners: NDArray[np.float64], xy: NDArray[np.float64], hits: NDArray[np.int64]) -> NDArray[np.int64]:
    asked, met = hits
    (x, y), (x0, y0), (x1, y1) = xy[asked].T, corners[met].T, corners[met + 1].T
    up = (y0 <= y) & (y < y1)
    down = (y1 <= y) & (y < y0)
    left_of = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
    turns = (up & (left_of > 0)).astype(np.int64) - (down & (left_of < 0))
    return np.bincount(asked, weights=turns, minlength=len(xy)).round().astype(np.int64)


def _crossings(split: BaseGeometry) -> int:
    """Return how many points a border passes more than once."""
    lines = shapely.get_parts(split)
    ends = Counter(point for line in lines for point in (line.coords[0], line.coords[-1]))
    return sum(degree >= _CROSSING_DEGREE for degree in ends.values())


def _join(parts: list[BaseGeometry], repairs: _Repairs) -> BaseGeometry:
    single = [part for mended in parts for part in shapely.get_parts(mended)]
    if len(single) == 1:
        only: BaseGeometry = single[0]
        return only
    together = shapely.MultiPolygon(single)
    if together.is_valid:
        return together
    united = polygonal(beside.union(single))
    lost = together.area - united.area
    kind = "adjoining-parts" if abs(lost) <= _SAME_AREA * united.area else "overlapping-parts"
    if kind == "overlapping-parts" and _nested(single):
        kind = "ring-roles"
    change = repairs.area(united) - repairs.area(together)
    repairs.add(kind, max(len(single) - len(shapely.get_parts(united)), 1), change)
    return united


def _vertices(geometry: BaseGeometry) -> int:
    return int(shapely.get_num_coordinates(geometry))


def _nested(parts: list[BaseGeometry]) -> bool:
    ordered = sorted(parts, key=lambda part: -part.area)
    return any(shapely.contains(big, small) for big, small in pairwise(ordered))
