"""One geometry of GML 2, 3.1 or 3.2, put together from the events of its elements."""

import re
from array import array
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from zoning.sites.drawing import Coordinates, Drawing, MalformedError
from zoning.sites.limits import Tally
from zoning.sites.refusals import LINKED
from zoning.sites.vector.gml_curves import arcs, circle, joined, most_points
from zoning.sites.vector.position_text import is_spaced, positions
from zoning.sites.where import Where

_POLYGONS = frozenset({"Polygon", "PolygonPatch", "Rectangle", "Triangle"})
_PATHS = frozenset({"LineString", "LinearRing", "LineStringSegment"})
_ARCS = frozenset({"Arc", "ArcString"})
_HOLDERS = _PATHS | _ARCS | {"Circle", "Point"}
_DRAWN = _POLYGONS | {"Point", "LineString"}
_JOINED = frozenset({"Curve", "Ring", "CompositeCurve"})
_INNER = frozenset({"interior", "innerBoundaryIs"})
BOXES = frozenset({"Envelope", "EnvelopeWithTimePeriod", "Box"})
_NUMBERS = frozenset({"pos", "posList", "coordinates", "coord", "X", "Y", "Z"})
_WHOLE = frozenset({
    "OrientableCurve", "OrientableSurface", "Surface", "PolyhedralSurface", "TriangulatedSurface", "CompositeSurface",
    "MultiSurface", "MultiPolygon", "MultiCurve", "MultiLineString", "MultiPoint", "MultiGeometry",
    "GeometricComplex",
})  # fmt: skip
_UNREADABLE = frozenset({
    "Solid", "MultiSolid", "CompositeSolid", "Tin", "Grid", "RectifiedGrid", "TopoCurve", "TopoSurface", "TopoSolid",
    "ArcByCenterPoint", "ArcByBulge", "ArcStringByBulge", "CircleByCenterPoint", "BSpline", "Bezier", "CubicSpline",
    "Clothoid", "Geodesic", "GeodesicString", "OffsetCurve", "Cone", "Cylinder", "Sphere",
})  # fmt: skip
GEOMETRIES = _POLYGONS | _WHOLE | _UNREADABLE | _JOINED | {"LineString", "LinearRing", "Point"}
"""Elements that begin a geometry."""

_WORD = re.compile(r"\S+")
_AT_ONCE = 50_000  # arrays take a tenth of the memory of lists
_PLAIN_NUMBERS = re.compile(r"[0-9\s.eE+-]*")


@dataclass(slots=True)
class _Frame:
    """An element inside the geometry that is still open."""

    name: str
    dimensions: int | None
    reversed: bool = False
    numbers: "array[float]" = field(default_factory=lambda: array("d"))
    per_position: int = 0
    paths: list[Coordinates] = field(default_factory=list)
    holes: list[Coordinates] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)

    def add(self, piece: Coordinates) -> None:
        """Append positions, to the fewest dimensions that any of them has."""
        size = piece.shape[1]
        if self.per_position not in (0, size):
            size = min(size, self.per_position)
            self.numbers = array("d", self.positions()[:, :size].ravel().tolist())
        self.per_position = size
        self.numbers.frombytes(np.ascontiguousarray(piece[:, :size], dtype=np.float64).tobytes())

    def positions(self) -> Coordinates:
        """Return the positions so far."""
        if not self.per_position:
            return np.empty((0, 2))
        return np.array(self.numbers, dtype=np.float64).reshape(-1, self.per_position)


class GeometryBuilder:
    """Takes the elements of one geometry; `drawings` is filled when the last has been left.

    Attributes
    ----------
    systems
        Every srsName that stands in the geometry.
    curved
        An arc was turned into lines.
    spaced
        Spaces follow the commas inside its coordinates.
    """

    def __init__(self, tally: Tally, where: Where) -> None:
        self.tally = tally
        self.where = where
        self.systems: dict[str, None] = {}
        self.curved = self.spaced = False
        self.drawings: list[Drawing] = []
        self._frames: list[_Frame] = []
        self._leaf: dict[str, str] = {}
        self._coord: list[float] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Enter an element; attributes have their names without namespace."""
        if "href" in attributes:
            raise MalformedError(LINKED.zh, LINKED.en)
        if name in _UNREADABLE:
            raise MalformedError(
                f"几何类型 {name} 不能读取（曲线请先转为折线，体请转为面）",
                f"the geometry type {name} is not read (convert curves to lines, bodies to polygons first)",
            )
        if name in _NUMBERS:
            self._leaf = attributes
            return
        if "srsName" in attributes:
            self.systems[attributes["srsName"].strip()] = None
        outer = self._frames[-1].dimensions if self._frames else None
        stated = _dimensions(attributes)
        if name in _POLYGONS or name in _HOLDERS:
            self.tally.count("parts" if name in _DRAWN else "rings", 1, self.where)
        self._frames.append(_Frame(name, stated or outer, attributes.get("orientation") == "-"))

    def end(self, name: str, text: str) -> bool:
        """Leave an element; tell whether it was the geometry itself."""
        if name in _NUMBERS:
            self._take(name, text)
            return False
        frame = self._frames.pop()
        _close(frame)
        if not self._frames:
            self.drawings = [*frame.drawings, *(Drawing("line", (path,)) for path in frame.paths)]
            return True
        self._hand_up(frame, self._frames[-1])
        return False

    def _take(self, name: str, text: str) -> None:
        """Give the numbers of a leaf to the element that they belong to."""
        if name in ("X", "Y", "Z"):
            self._coord += self._floats(text).tolist()
            return
        if "srsName" in self._leaf:
            self.systems[self._leaf["srsName"].strip()] = None
        holder = next((frame for frame in reversed(self._frames) if frame.name in _HOLDERS), None)
        if holder is None:
            if any(frame.name in BOXES for frame in self._frames):
                return
            raise _misplaced(name)
        if name == "coord":
            piece, self._coord = np.array([self._coord]), []
            if not 2 <= piece.shape[1] <= 3:  # noqa: PLR2004 - x, y and perhaps z
                raise _not_positions(text)
        elif name == "coordinates":
            piece = self._coordinates(text)
        else:
            numbers = self._floats(text)
            even = _positions(name, numbers, _dimensions(self._leaf) or holder.dimensions, holder.name)
            if even is None:
                raise _not_positions(text)
            piece = even
        if name != "coordinates":
            self.tally.count("vertices", len(piece), self.where)
        holder.add(piece)

    def _floats(self, text: str) -> Coordinates:
        if _PLAIN_NUMBERS.fullmatch(text) is None:
            raise _not_positions(text)
        words, numbers = _WORD.finditer(text), array("d")
        try:
            while some := [float(word[0]) for word in islice(words, _AT_ONCE)]:
                numbers.extend(some)
                if len(numbers) > 3 * self.tally.limits.vertices:  # whatever the dimensions
                    self.tally.count("vertices", len(numbers) // 3, self.where)
        except ValueError as error:
            raise _not_positions(text) from error
        return np.array(numbers, dtype=np.float64)

    def _coordinates(self, text: str) -> Coordinates:
        decimal, cs, ts = (self._leaf.get(key, usual) for key, usual in (("decimal", "."), ("cs", ","), ("ts", " ")))
        if len({decimal, cs, ts}) < 3:  # noqa: PLR2004 - three signs that differ
            raise _not_positions(text)
        if (decimal, cs, ts) != (".", ",", " "):
            between = ts if ts.strip() else None
            rows = (row.split(cs if cs.strip() else None) for row in text.split(between))
            text = " ".join(",".join(number.strip().replace(decimal, ".") for number in row) for row in rows if row)
        self.spaced = self.spaced or is_spaced(text)
        try:
            return positions(text, lambda more: self.tally.count("vertices", more, self.where))
        except ValueError as error:
            raise _not_positions(text) from error

    def _hand_up(self, frame: _Frame, parent: _Frame) -> None:
        if frame.name == "Point":
            holder = next((outer for outer in reversed(self._frames) if outer.name in _HOLDERS), None)
            if holder is not None:  # a vertex given as a point of its own
                holder.add(frame.positions())
                return
        if frame.name in _ARCS or frame.name == "Circle":
            frame.paths = [self._curve(frame)]
        parent.drawings += frame.drawings
        parent.holes += frame.holes
        if frame.name in _INNER:
            parent.holes += frame.paths
        else:
            parent.paths += frame.paths

    def _curve(self, frame: _Frame) -> Coordinates:
        points = frame.positions()
        self.curved = True
        self.tally.count("vertices", most_points(max(len(points) - 1, 1)) // 2, self.where)
        return circle(points) if frame.name == "Circle" else arcs(points)


def _close(frame: _Frame) -> None:
    """Make of an element what its name says."""
    if frame.name in _PATHS:
        frame.paths = [frame.positions()]
    elif frame.name == "Point":
        frame.drawings = [Drawing("point", (frame.positions(),))]
    elif frame.name in _JOINED:
        frame.paths = [joined(frame.paths)]
    elif frame.name in _POLYGONS:
        if len(frame.paths) > 1:
            raise MalformedError(
                f"一个 {frame.name} 有 {len(frame.paths)} 个外环，应正好有 1 个；请重新导出",
                f"a {frame.name} has {len(frame.paths)} outer rings, it must have exactly 1; export it again",
            )
        rings = (*(frame.paths or [np.empty((0, 2))]), *frame.holes)
        frame.drawings = [*frame.drawings, Drawing("polygon", rings)]
        frame.paths, frame.holes = [], []
    if frame.reversed:
        frame.paths = [path[::-1] for path in reversed(frame.paths)]


def _positions(name: str, numbers: Coordinates, dimensions: int | None, holder: str) -> Coordinates | None:
    """Return the positions; None when the numbers do not come out even."""
    if name == "pos":
        dimensions = dimensions if len(numbers) == dimensions else len(numbers)
    elif dimensions is None:
        dimensions = _guessed(numbers, holder)
    if not 2 <= dimensions <= 3 or len(numbers) % dimensions:  # noqa: PLR2004 - x, y and perhaps z
        return None
    return numbers.reshape(-1, dimensions)


def _guessed(numbers: Coordinates, holder: str) -> int:
    """Return 2, unless a ring closes only when its numbers are taken by threes."""
    by_threes = len(numbers) % 3 == 0 and np.array_equal(numbers[:3], numbers[-3:])
    by_twos = len(numbers) % 2 == 0 and (holder != "LinearRing" or np.array_equal(numbers[:2], numbers[-2:]))
    return 3 if by_threes and not by_twos else 2


def _dimensions(attributes: dict[str, str]) -> int | None:
    stated = attributes.get("srsDimension") or attributes.get("dimension") or ""
    return int(stated) if stated.isdecimal() and len(stated) == 1 else None


def _not_positions(text: str) -> MalformedError:
    short = " ".join(text[:40].split())[:30].strip()
    return MalformedError(
        f"坐标 “{short}” 有误（数字或个数不对）；请重新导出",
        f"the coordinates “{short}” are wrong (a number, or how many there are); export it again",
    )


def _misplaced(name: str) -> MalformedError:
    return MalformedError(
        f"元素 {name} 不在环、线或点之内；请重新导出",
        f"the element {name} stands in no ring, line or point; export it again",
    )
