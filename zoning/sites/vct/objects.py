"""The geometric objects of a VCT file: points, lines and polygons, with their arcs turned into lines."""

from array import array
from collections.abc import Callable
from sys import intern

import numpy as np

from zoning.errors import SiteError
from zoning.sites.drawing import Coordinates
from zoning.sites.vct.curves import NoCircleError, arc, circle, circle_through
from zoning.sites.vct.lines import Lines
from zoning.sites.vct.sheet import JOIN_DEGREES, JOIN_M, Made, Shape

_DIRECT, _BY_REFERENCE = 1, 100
_OF_LINES, _OF_POLYGONS = 21, 22
_DIRECTED, _CLUSTER = 3, 4
_IN_ROW = 8
# The numbers of GB/T 17798-2007, and those below 10 of its edition of 1999.
_POLYLINE, _ARC, _CIRCLE_THROUGH = (11, 1), (12, 2), (3,)
_RING, _RING_CIRCLE_THROUGH, _RING_CIRCLE = 11, 12, 13
_UNREAD_SEGMENTS = {
    4: ("四点椭圆", "ellipse by four points"),
    5: ("光滑曲线", "smooth curve"),
    6: ("样条曲线", "spline"),
    13: ("圆心弧", "arc by centre and angles"),
    14: ("椭圆弧", "elliptical arc"),
    15: ("三次样条曲线", "cubic spline"),
    16: ("B 样条曲线", "B-spline"),
    17: ("贝塞尔曲线", "Bézier curve"),
}
_UNREAD_RINGS = {14: ("椭圆", "ellipse")}


class Objects:
    """Takes the objects of one file."""

    def __init__(self, lines: Lines, dim: int, *, degrees: bool) -> None:
        self._lines, self._dim, self._degrees = lines, dim, degrees

    def point(self, first: str) -> Shape:
        """Take a point or a cluster of points; `first` is the line of its id.

        Raises
        ------
        SiteError
            When a number is missing or none, or the object does not end.
        """
        key, line, code = self._start(first)
        lines = self._lines
        kind = lines.integer("点的特征类型", "type of the point")
        count = 2 if kind == _DIRECTED else 1
        following = lines.need()
        if lines.has_values(following):
            lines.put_back(following)
        else:
            count = lines.as_integer(following, "点数", "number of points")
        values = lines.coordinates(count, self._dim)
        # The second point of a directed one only tells its direction.
        kept = values if kind == _CLUSTER else values[: self._dim]
        lines.end_object(f"点 {key}", f"the point {key}")
        return Shape(key, line, code, "point", paths=(kept,))

    def line(self, first: str) -> Shape:
        """Take a line.

        Raises
        ------
        SiteError
            When a number is missing or none, the kind of the line or of a segment is not read, a curve has no circle or
            is given in degrees, the segments do not join, the ids are not as many as stated, or the object does not
            end.
        """
        key, line, code = self._start(first)
        lines = self._lines
        kind = lines.integer("线的特征类型", "type of the line")
        if kind == _BY_REFERENCE:
            refs = self._references()
            lines.end_object(f"线 {key}", f"the line {key}")
            return Shape(key, line, code, "line", "lines", refs=refs)
        if kind != _DIRECT:
            raise self._unknown("线的特征类型", "type of a line", kind, "1、100", "1, 100")
        segments = lines.integer("线段条数", "number of segments")
        path, curves = array("d"), 0
        for _ in range(segments):
            piece, curved = self._segment()
            path.extend(self._continued(path, piece, key))
            curves += curved
        lines.end_object(f"线 {key}", f"the line {key}")
        return Shape(key, line, code, "line", paths=(path,), curves=curves)

    def polygon(self, first: str) -> Shape:
        """Take a polygon.

        Raises
        ------
        SiteError
            When a number is missing or none, the kind of the polygon or of a ring is not read, a curve has no circle or
            is given in degrees, the ids are not as many as stated, or the object does not end.
        """
        key, line, code = self._start(first)
        lines = self._lines
        kind = lines.integer("面的特征类型", "type of the polygon")
        if kind not in (_DIRECT, _BY_REFERENCE):
            raise self._unknown("面的特征类型", "type of a polygon", kind, "1、100", "1, 100")
        lines.coordinates(1, self._dim)  # the label point
        if kind == _BY_REFERENCE:
            parts = lines.integer("间接坐标面的构成类型", "kind of composition")
            if parts not in (_OF_LINES, _OF_POLYGONS):
                raise self._unknown("间接坐标面的构成类型", "kind of composition", parts, "21、22", "21, 22")
            refs = self._references()
            lines.end_object(f"面 {key}", f"the polygon {key}")
            made: Made = "lines" if parts == _OF_LINES else "polygons"
            return Shape(key, line, code, "polygon", made, refs=refs)
        rings, curves = [], 0
        for _ in range(lines.integer("圈数", "number of rings")):
            ring, curved = self._ring()
            rings.append(ring)
            curves += curved
        lines.end_object(f"面 {key}", f"the polygon {key}")
        return Shape(key, line, code, "polygon", paths=tuple(rings), curves=curves)

    def _start(self, first: str) -> tuple[int, int, str]:
        """Take the code and the style; return id, line and code."""
        lines = self._lines
        key = lines.as_integer(first, "标识码", "id")
        number = lines.number
        code = lines.need()
        lines.need()
        return key, number, intern(code)

    def _references(self) -> "array[int]":
        """Take a stated number of ids; writers count the zeros between parts, or forget to."""
        lines = self._lines
        count = lines.integer("对象个数", "number of ids")
        refs, named = array("q"), 0
        while True:
            row = lines.need()
            # A 0 of its own ends the object, unless a full row stands before it and more ids have to come.
            if row == "0" and (len(refs) >= count or not refs or len(refs) % _IN_ROW):
                break
            for text in lines.split(row.rstrip(f",{lines.separator}")):
                key = lines.as_integer(text, "对象标识号", "id", signed=True)
                refs.append(key)
                named += key != 0
            if len(refs) > count and named > count:
                break
        if count not in (len(refs), named):
            raise lines.error(
                f"写明有 {count} 个对象标识号，实有 {len(refs)} 个；请重新导出",
                f"{count} ids are stated, {len(refs)} follow; export it again",
            )
        lines.put_back("0")
        return refs

    def _segment(self) -> tuple["array[float]", int]:
        lines = self._lines
        kind = lines.integer("线段类型", "type of the segment")
        if kind in _POLYLINE:
            return lines.coordinates(lines.integer("点数", "number of points"), self._dim), 0
        if kind in _ARC:
            return self._curve(arc, "三点圆弧", "arc by three points"), 1
        if kind in _CIRCLE_THROUGH:
            return self._curve(circle_through, "三点圆", "circle through three points"), 1
        raise self._unread("线段类型", "type of the segment", kind, _UNREAD_SEGMENTS)

    def _ring(self) -> tuple["array[float]", int]:
        lines = self._lines
        kind = lines.integer("圈的类型", "type of the ring")
        if kind == _RING:
            return lines.coordinates(lines.integer("点数", "number of points"), self._dim), 0
        if kind == _RING_CIRCLE_THROUGH:
            return self._curve(circle_through, "三点圆", "circle through three points"), 1
        if kind == _RING_CIRCLE:
            return self._circle(), 1
        raise self._unread("圈的类型", "type of the ring", kind, _UNREAD_RINGS)

    def _points(self, count: int) -> Coordinates:
        """Take a fixed number of points, before which some writers repeat the number."""
        lines = self._lines
        following = lines.need()
        if lines.has_values(following):
            lines.put_back(following)
        elif lines.as_integer(following, "点数", "number of points") != count:
            raise lines.error(
                f"点数是 {following}，应为 {count}；请改正",
                f"the number of points is {following} but must be {count}; correct it",
            )
        return np.array(lines.coordinates(count, self._dim)).reshape(-1, self._dim)

    def _curve(self, make: Callable[[Coordinates], Coordinates], zh: str, en: str) -> "array[float]":
        points = self._points(3)
        self._refuse_in_degrees(zh, en)
        try:
            made = make(points)
        except NoCircleError:
            raise self._lines.error(
                f"{zh}的三个点重合或在一条直线上，定不出圆；请改正",
                f"the three points of the {en} coincide or lie in a line and fix no circle; correct them",
            ) from None
        return self._row(made)

    def _circle(self) -> "array[float]":
        centre = self._points(1)[0]
        radius = self._lines.number_of("半径", "radius")
        self._refuse_in_degrees("圆", "circle")
        if radius <= 0:
            raise self._lines.error(
                f"半径 {radius:g} 不是正数；请改正", f"the radius {radius:g} is not positive; correct it"
            )
        return self._row(circle((float(centre[0]), float(centre[1])), radius))

    def _row(self, points: Coordinates) -> "array[float]":
        heights = np.zeros((len(points), self._dim - 2))
        return array("d", np.column_stack([points, heights]).ravel().tobytes())

    def _refuse_in_degrees(self, zh: str, en: str) -> None:
        if self._degrees:
            raise self._lines.error(
                f"{zh}的坐标是经纬度，画出的不是圆；请在原软件中转为折线后导出",
                f"the {en} is given in degrees where it is no circle; turn it into lines in the program it comes from",
            )

    def _continued(self, path: "array[float]", piece: "array[float]", key: int) -> "array[float]":
        """Return the piece without the point at which it joins the path."""
        if not path or not piece:
            return piece
        end = path[-self._dim :]
        if max(abs(end[0] - piece[0]), abs(end[1] - piece[1])) <= (JOIN_DEGREES if self._degrees else JOIN_M):
            return piece[self._dim :]
        raise self._lines.error(
            f"线 {key} 的线段没有首尾相接；请重新导出", f"the segments of the line {key} do not join; export it again"
        )

    def _unread(self, zh: str, en: str, kind: int, known: dict[int, tuple[str, str]]) -> SiteError:
        name = known.get(kind, ("未知", "unknown"))
        return self._lines.error(
            f"{zh} {kind}（{name[0]}）不能读取；请在原软件中转为折线后导出",
            f"the {en} {kind} ({name[1]}) is not read; turn it into lines in the program it comes from",
        )

    def _unknown(self, zh: str, en: str, kind: int, allowed: str, allowed_en: str) -> SiteError:
        return self._lines.error(
            f"{zh}是 {kind}，应为 {allowed} 之一；请重新导出",
            f"the {en} is {kind}, it must be one of {allowed_en}; export it again",
        )
