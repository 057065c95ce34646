"""Drawings become one shapely geometry; what is repaired on the way is recorded, what cannot be meant is refused.

Kept for the overlay to repair with their change of area: self-crossing rings, repeated vertices, overlapping parts.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import SiteError, TangledError
from zoning.sites.drawing import Coordinates, Drawing
from zoning.sites.limits import MOST_CROSSINGS
from zoning.sites.site import Repair
from zoning.sites.tangles import mended, refuse_hopeless
from zoning.sites.where import Where
from zoning.texts import Text

LARGEST_COORDINATE = 1e11  # eastings in millimetres, with their zone: the misfit names the unit
_CORNERS = 3
_XY = 2


@dataclass(frozen=True, slots=True)
class Assembled:
    """A footprint with what happened to it."""

    geometry: BaseGeometry
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[Text, ...] = ()


def assemble(
    drawings: list[Drawing], *, where: Where, width_m: float | None, crossings: int = MOST_CROSSINGS
) -> Assembled:
    """Return the footprint of one record; readers call `zoning.sites.records.raw_site`, which counts as well.

    Parameters
    ----------
    crossings
        How often a border may meet itself.

    Raises
    ------
    SiteError
        When the record is empty, has too few points or impossible numbers, mixes polygons with lines that stand
        outside them, has a border in random order, or is a line or point without a width.
    """
    if not drawings or any(len(ring) == 0 for drawing in drawings for ring in (drawing.rings or ((),))):
        raise where.error("没有几何图形或图形为空；请删除该记录或补画图形", "it has no geometry; remove it or draw it")
    _check_numbers(drawings, where)
    repairs = _z_repair(drawings)
    areas = [drawing for drawing in drawings if drawing.kind == "polygon"]
    if not areas:
        return Assembled(_thin(drawings, where, width_m), repairs)
    unclosed = sum(not _is_closed(ring) for area in areas for ring in area.rings)
    geometry = _polygons(areas, where)
    try:
        refuse_hopeless(geometry, crossings)
        warnings = _labels(geometry, drawings, where, crossings)
    except TangledError as error:
        raise where.error_of(error.text) from error
    return Assembled(geometry, (*closed_rings(unclosed), *repairs), warnings)


def closed_rings(count: int) -> tuple[Repair, ...]:
    """Return the repair of `count` rings whose last point was not the first; none for 0."""
    text = Text(f"闭合了 {count} 个未闭合的环", f"closed {count} open ring{'s' * (count != 1)}")
    return (Repair("closed-ring", count, 0.0, text),) if count else ()


def _check_numbers(drawings: list[Drawing], where: Where) -> None:
    for drawing in drawings:
        for ring in drawing.rings:
            xy = ring[:, :_XY]
            bad = ~(np.abs(xy) <= LARGEST_COORDINATE).all(axis=1)
            if bad.any():
                point = ", ".join(f"{number:g}" for number in xy[int(np.argmax(bad))])
                raise where.error(
                    f"坐标 ({point}) 不是可能的位置；请改正该点",
                    f"the coordinates ({point}) are no possible place; correct this point",
                )


def _z_repair(drawings: list[Drawing]) -> tuple[Repair, ...]:
    # A height of 0 says nothing; KML writes it everywhere.
    heights = (ring[:, _XY:] for drawing in drawings for ring in drawing.rings if ring.shape[1] > _XY)
    count = sum(int(np.any(np.nan_to_num(h) != 0, axis=1).sum()) for h in heights)
    text = Text(f"忽略了 {count} 个点的高程或量度值", f"dropped the height or measure of {count} points")
    return (Repair("z-dropped", count, 0.0, text),) if count else ()


def _distinct(ring: Coordinates, enough: int) -> bool:
    left = ring
    for _ in range(enough - 1):
        left = left[(left != left[0]).any(axis=1)]
        if len(left) == 0:
            return False
    return True


def _polygons(areas: list[Drawing], where: Where) -> BaseGeometry:
    polygons = []
    for area in areas:
        rings = [ring[:, :_XY] for ring in area.rings]
        if not all(_distinct(ring, _CORNERS) for ring in rings):
            raise where.error(
                "有一个环的不同界址点少于 3 个，围不成面；请补全界址点",
                "a ring has fewer than 3 distinct points and encloses nothing; complete its points",
            )
        shell, *holes = [shapely.linearrings(closed(ring)) for ring in rings]
        polygons.append(shapely.Polygon(shell, holes))
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def closed(ring: Coordinates) -> Coordinates:
    """Return the ring with its first point repeated at the end, once."""
    return ring if _is_closed(ring) else np.vstack([ring, ring[:1]])


def _labels(geometry: BaseGeometry, drawings: list[Drawing], where: Where, crossings: int) -> tuple[Text, ...]:
    """Leave out points and lines inside the polygons (labels); anything outside would change the footprint."""
    thin = [_path(drawing) for drawing in drawings if drawing.kind != "polygon"]
    if not thin:
        return ()
    cover = mended(geometry, crossings)
    shapely.prepare(cover)
    if not shapely.covers(cover, np.array(thin, dtype=object)).all():
        raise where.error(
            "同一个图形里既有面，又有面以外的线或点；请分成不同的图形",
            "it mixes polygons with lines or points that lie outside them; split it into separate records",
        )
    return (
        where.sentence(
            f"面内的 {len(thin)} 个线或点（标注）不计入范围",
            f"{len(thin)} lines or points inside the polygons (labels) are not part of the footprint",
        ),
    )


def _path(drawing: Drawing) -> BaseGeometry:
    points = drawing.rings[0][:, :_XY]
    return shapely.Point(points[0]) if len(points) == 1 else shapely.LineString(points)


def _thin(drawings: list[Drawing], where: Where, width_m: float | None) -> BaseGeometry:
    kinds = {drawing.kind for drawing in drawings}
    if len(kinds) > 1:
        raise where.error(
            "同一个图形里既有线又有点；请分成不同的图形", "it mixes lines and points; split it into separate records"
        )
    lines = kinds == {"line"}
    if lines and not all(_distinct(drawing.rings[0][:, :_XY], 2) for drawing in drawings):
        raise where.error("线的不同点少于 2 个；请补全", "a line has fewer than 2 distinct points; complete it")
    if width_m is None:
        raise _no_width(drawings, where, lines=lines)
    paths = [drawing.rings[0][:, :_XY] for drawing in drawings]
    if len(paths) == 1:
        return _path(drawings[0])
    return shapely.MultiLineString(paths) if lines else shapely.MultiPoint(np.vstack(paths))


def _no_width(drawings: list[Drawing], where: Where, *, lines: bool) -> SiteError:
    if not lines:
        return where.error(
            "是点，没有面积；请用 --radius 说明半径（米），或用 --area 说明面积（如 2公顷），或提供面状范围；"
            "不属于项目的点请从文件中删去",
            "it is a point without an area; give its radius in metres with --radius, its area with --area (such as "
            "2ha), or a polygon; remove points that are not part of the project",
        )
    if all(_is_closed(drawing.rings[0]) and len(drawing.rings[0]) > _CORNERS for drawing in drawings):
        return where.error(
            "是首尾相接的线，不是面；若它是范围线请转换为面，若是线状工程请用 --width 说明宽度（米）",
            "it is a closed line, not a polygon; if it is the boundary convert it to a polygon, "
            "if it is a linear project give its width in metres with --width",
        )
    return where.error(
        "是线，没有面积；请用 --width 说明宽度（米），或提供面状范围；不属于项目的线请从文件中删去",
        "it is a line without an area; give its width in metres with --width, or a polygon; remove lines that are not "
        "part of the project",
    )


def _is_closed(path: Coordinates) -> bool:
    return bool(np.array_equal(path[0, :_XY], path[-1, :_XY]))
