"""From the tags of one entity to what it draws. Meanings of the group codes: Autodesk's DXF reference."""

import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from zoning.sites.cad.curves import FULL, Array, Conic, Line, Piece, Spline, bulged, turn
from zoning.sites.cad.shapes import Entity, Insert, Mark, Note, Path, Unread
from zoning.sites.cad.tags import Tags, Value, real

NO_PLACE: Array = np.empty((0, 3))
FILLINGS = frozenset({"HATCH", "MPOLYGON"})
NOTES = frozenset({"TEXT", "MTEXT", "ATTRIB"})
LABELS = frozenset(
    {
        "ACAD_TABLE", "ARCALIGNEDTEXT", "ARC_DIMENSION", "ATTDEF", "CAMERA", "DGNUNDERLAY", "DIMENSION", "DWFUNDERLAY",
        "GEOPOSITIONMARKER", "IMAGE", "LARGE_RADIAL_DIMENSION", "LEADER", "LIGHT", "MLEADER", "MULTILEADER",
        "OLE2FRAME", "OLEFRAME", "PDFUNDERLAY", "POINT", "RAY", "RTEXT", "SECTION", "SHAPE", "SUN", "TOLERANCE",
        "VIEWPORT", "WIPEOUT", "XLINE",
    }
)  # fmt: skip
"""Never a boundary: lettering, pictures, construction lines."""

_CLOSED, _SPACE_LINE, _MESH, _POLYFACE = 1, 8, 16, 64
_FRAME_VERTEX = 16
_PERIODIC_OR_CLOSED = 3
_HIGHEST_DEGREE = 11
_LONGEST_TURN = 360.0
_WIDEST_SCALE = 1e9


def mark(tags: Tags) -> Mark:
    """Return what every entity has."""
    handle = tags.text(5).decode("latin-1")
    return Mark(tags.text(8) or b"0", tags.kind, handle, tags.line, bool(tags.whole(60)))


def entities(tags: Tags) -> list[Entity]:
    """Return what an entity draws; nothing for lettering without a text, pictures and the like.

    Raises
    ------
    ValueError
        When numbers are missing or wrong.
    """
    maker = _MAKERS.get(tags.kind)
    if maker is not None:
        return [maker(tags)]
    if tags.kind in FILLINGS:
        from zoning.sites.cad.hatches import hatch

        return hatch(tags, mark(tags), axes(tags))
    return [] if tags.kind in LABELS else [Unread(mark(tags), NO_PLACE)]


def axes(tags: Tags) -> Array:
    """Return the axes of the entity's own plane as columns, shape (3, 3)."""
    if 230 not in tags.codes:  # noqa: PLR2004 - DXF: z of the direction
        return np.eye(3)
    from ezdxf.math import OCS

    normal = np.array(tags.point(210))
    size = float(np.linalg.norm(normal))
    if size == 0:
        raise ValueError(size)
    plane = OCS((normal / size).tolist())
    return np.array([list(axis) for axis in (plane.ux, plane.uy, plane.uz)]).T


def _path(tags: Tags, *pieces: Piece, closed: bool = False) -> Path:
    return Path(mark(tags), tuple(pieces), closed)


def _line(tags: Tags) -> Path:
    return _path(tags, Line(np.array([tags.point(10), tags.point(11)])))


def _circle(tags: Tags) -> Path:
    return _path(tags, _round(tags, 0.0, FULL), closed=True)


def _arc(tags: Tags) -> Path:
    start, end = math.radians(tags.real(50)), math.radians(tags.real(51))
    return _path(tags, _round(tags, start, start + turn(start, end)))


def _round(tags: Tags, start: float, end: float) -> Conic:
    plane, radius = axes(tags), tags.real(40)
    if radius <= 0:
        raise ValueError(radius)
    return Conic(plane @ np.array(tags.point()), radius * plane[:, 0], radius * plane[:, 1], start, end)


def _ellipse(tags: Tags) -> Path:
    major = np.array(tags.point(11))
    normal = np.array(tags.point(210)) if 230 in tags.codes else np.array([0.0, 0.0, 1.0])  # noqa: PLR2004 - DXF: z of the direction
    size = float(np.linalg.norm(normal))
    if size == 0 or not major.any():
        raise ValueError(major)
    minor = tags.real(40, 1.0) * np.cross(normal / size, major)
    start = tags.real(41)
    going = turn(start, tags.real(42, FULL))
    whole = FULL - going < 1e-9  # noqa: PLR2004 - as far as a float tells
    arc = Conic(np.array(tags.point()), major, minor, start, start + going)
    return _path(tags, arc, closed=whole)


def _spline(tags: Tags) -> Path:
    control = _points(tags, 10)
    closed = bool(tags.whole(70) & _PERIODIC_OR_CLOSED)
    if len(control) == 0:
        control, degree, knots = _interpolated(_points(tags, 11))
        return _path(tags, spline(control, knots, [], degree), closed=False)
    return _path(tags, spline(control, tags.reals(40), tags.reals(41), tags.whole(71, 3)), closed=closed)


def spline(control: Array, knots: list[float], weights: list[float], degree: int) -> Spline:
    """Return a B-spline.

    Raises
    ------
    ValueError
        When its numbers do not belong together.
    """
    count = len(control)
    rising = all(a <= b for a, b in pairwise(knots))
    if not (1 <= degree <= _HIGHEST_DEGREE and degree < count and len(knots) == count + degree + 1 and rising):
        raise ValueError(degree)
    if knots[degree] >= knots[-degree - 1] or (weights and (len(weights) != count or min(weights) <= 0)):
        raise ValueError(weights)
    return Spline(control, np.array(knots), np.array(weights or [1.0] * count), degree)


def _interpolated(fit: Array) -> tuple[Array, int, list[float]]:
    """Return the curve through fit points as the CAD programs draw it when the file has nothing else."""
    if not 2 <= len(fit) <= 10_000:  # noqa: PLR2004 - points of the fit
        raise ValueError(len(fit))
    from ezdxf.math import fit_points_to_cad_cv

    made = fit_points_to_cad_cv([tuple(point) for point in fit.tolist()])
    return np.array([list(point) for point in made.control_points]), made.degree, list(made.knots())


def _points(tags: Tags, code: int) -> Array:
    """Return all points that begin with `code`, shape (n, 3)."""
    columns = [tags.reals(code), tags.reals(code + 10), tags.reals(code + 20)]
    columns[2] = columns[2] or [0.0] * len(columns[0])
    return np.array(columns).T  # unequal columns raise ValueError


def _polyline(tags: Tags) -> Path:
    """Read a LWPOLYLINE."""
    points = _points(tags, 10)
    if len(points) == 0 or tags.whole(90, len(points)) != len(points):
        raise ValueError(len(points))
    points[:, 2] = tags.real(38)
    bulges = [0.0] * len(points)
    if 42 in tags.codes:  # noqa: PLR2004 - DXF: a bulge
        at = -1
        for code, value in zip(tags.codes, tags.values, strict=True):
            at += code == 10  # noqa: PLR2004 - DXF: x of the next point
            if code == 42:  # noqa: PLR2004 - DXF: a bulge
                bulges[max(at, 0)] = real(value)
    closed = bool(tags.whole(70) & _CLOSED)
    return _path(tags, *bulged(points, bulges, axes(tags), closed=closed), closed=closed)


@dataclass(slots=True)
class OldPolyline:
    """A POLYLINE of the old form, whose vertices follow as entities of their own."""

    tags: Tags
    numbers: "array[float]" = field(default_factory=lambda: array("d"))
    broken: bool = False

    def add(self, vertex: Tags) -> None:
        """Take the next VERTEX.

        Raises
        ------
        ValueError
        """
        flags = vertex.whole(70)
        if not flags & _FRAME_VERTEX:
            self.numbers.extend((*vertex.point(), vertex.real(42)))

    def made(self) -> Entity:
        """Return the line, once its vertices are complete.

        Raises
        ------
        ValueError
        """
        if self.broken:
            raise ValueError(self.tags.kind)
        rows = np.array(self.numbers).reshape(-1, 4)
        points, flags = rows[:, :3], self.tags.whole(70)
        if flags & (_MESH | _POLYFACE):
            return Unread(mark(self.tags), points)
        if len(points) == 0:
            raise ValueError(flags)
        closed = bool(flags & _CLOSED)
        if flags & _SPACE_LINE:
            return _path(self.tags, *bulged(points, [0.0] * len(points), np.eye(3), closed=closed), closed=closed)
        points[:, 2] = self.tags.real(30)
        return _path(self.tags, *bulged(points, rows[:, 3].tolist(), axes(self.tags), closed=closed), closed=closed)


def _face(tags: Tags) -> Unread:
    """Read a filled triangle or quadrangle, which no boundary is drawn with."""
    corners = [tags.point(code) for code in (10, 11, 12, 13) if code in tags.codes]
    plane = np.eye(3) if tags.kind == "3DFACE" else axes(tags)
    return Unread(mark(tags), np.array(corners) @ plane.T)


def _note(tags: Tags) -> Note:
    parts = [value for code, value in zip(tags.codes, tags.values, strict=True) if code in (1, 3) and _is_text(value)]
    content = b"".join(part.strip(b"\r\n") for part in parts if isinstance(part, bytes))
    at = np.array(tags.point())
    return Note(mark(tags), at if tags.kind == "MTEXT" else axes(tags) @ at, content)


def _is_text(value: Value) -> bool:
    return isinstance(value, bytes)


def _insert(tags: Tags) -> Insert:
    rows, columns = tags.whole(71, 1), tags.whole(70, 1)
    scale = tags.real(41, 1.0), tags.real(42, 1.0), tags.real(43, 1.0)
    if not all(1 / _WIDEST_SCALE <= abs(factor) <= _WIDEST_SCALE for factor in scale):
        raise ValueError(scale)
    return Insert(
        mark(tags),
        tags.text(2),
        np.array(tags.point()),
        scale,
        math.radians(tags.real(50) % _LONGEST_TURN),
        axes(tags),
        max(rows, 1),
        max(columns, 1),
        (tags.real(45), tags.real(44)),
        tags.text(360),
    )


_MAKERS: dict[str, Callable[[Tags], Entity]] = {
    "LINE": _line,
    "ARC": _arc,
    "CIRCLE": _circle,
    "ELLIPSE": _ellipse,
    "SPLINE": _spline,
    "LWPOLYLINE": _polyline,
    "INSERT": _insert,
    "TEXT": _note,
    "MTEXT": _note,
    "ATTRIB": _note,
    "SOLID": _face,
    "TRACE": _face,
    "3DFACE": _face,
}
