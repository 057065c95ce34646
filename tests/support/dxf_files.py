"""DXF written tag by tag, as text and as binary: nothing of the reader, and nothing of the library that it uses.

An entity is a list of pairs of group code and value; places are metres east and north of ORIGIN.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from pyproj import Transformer

Pair = tuple[int, float | int | str]
Entity = list[Pair]
Point = Sequence[float]

ORIGIN = 37_500_000.0, 3_925_000.0
"""On the meridian of zone 37, 111°E: there the plane has the scale of the ellipsoid, areas need no correction."""

MERIDIAN = (110.8, 35.1, 111.4, 35.75)
"""Where footprints at ORIGIN are expected."""

SQUARE: Sequence[Point] = [(0, 0), (100, 0), (100, 100), (0, 100)]
INNER: Sequence[Point] = [(20, 20), (50, 20), (50, 60), (20, 60)]
LAYER = "用地红线"


def lonlat(x: float, y: float, code: str = "EPSG:4525") -> tuple[float, float]:
    """Return longitude and latitude of a place."""
    way = Transformer.from_crs(code, "EPSG:4490", always_xy=True)
    lon, lat = way.transform(ORIGIN[0] + x, ORIGIN[1] + y)
    return lon, lat


def at(point: Point, code: int = 10) -> Entity:
    """Return the pairs of a point; with a third number its height."""
    x, y, *z = point
    pairs: Entity = [(code, ORIGIN[0] + x), (code + 10, ORIGIN[1] + y)]
    return [*pairs, (code + 20, z[0])] if z else pairs


def raw(point: Point, code: int = 10) -> Entity:
    """Return the pairs of a point or vector that is not moved to ORIGIN."""
    return [(code + 10 * i, float(value)) for i, value in enumerate(point)]


def entity(kind: str, *pairs: Pair, layer: str = LAYER, handle: str = "A1") -> Entity:
    """Return an entity; without a handle where that is empty."""
    start: Entity = [(0, kind), *([(5, handle)] if handle else []), (100, "AcDbEntity"), (8, layer)]
    return [*start, *pairs]


def lwpolyline(
    points: Sequence[Point],
    *more: Pair,
    closed: bool = True,
    bulges: Sequence[float] = (),
    moved: bool = True,
    layer: str = LAYER,
    handle: str = "A1",
) -> Entity:
    """Return a LWPOLYLINE."""
    place = at if moved else raw
    pairs: Entity = [(100, "AcDbPolyline"), (90, len(points)), (70, int(closed)), *more]
    for i, point in enumerate(points):
        pairs += place(point)
        if bulges:
            pairs.append((42, bulges[i]))
    return entity("LWPOLYLINE", *pairs, layer=layer, handle=handle)


def polyline(
    points: Sequence[Point], *, flags: int = 1, layer: str = LAYER, bulges: Sequence[float] = (), end: bool = True
) -> Entity:
    """Return a POLYLINE of the old form with its vertices."""
    pairs: Entity = [(0, "POLYLINE"), (8, layer), (66, 1), (70, flags), (10, 0.0), (20, 0.0), (30, 0.0)]
    for i, point in enumerate(points):
        pairs += [(0, "VERTEX"), (8, layer), *at(point)]
        if bulges:
            pairs.append((42, bulges[i]))
    return [*pairs, (0, "SEQEND"), (8, layer)] if end else pairs


def line(start: Point, end: Point, layer: str = LAYER, handle: str = "A1") -> Entity:
    """Return a LINE."""
    return entity("LINE", (100, "AcDbLine"), *at(start), *at(end, 11), layer=layer, handle=handle)


def arc(centre: Point, radius: float, start: float, end: float, layer: str = LAYER) -> Entity:
    """Return an ARC from one angle to the other, degrees, to the left."""
    return entity("ARC", (100, "AcDbCircle"), *at(centre), (40, radius), (50, start), (51, end), layer=layer)


def circle(centre: Point, radius: float, layer: str = LAYER, handle: str = "C1", *, moved: bool = True) -> Entity:
    """Return a CIRCLE."""
    place = at(centre) if moved else raw(centre)
    return entity("CIRCLE", (100, "AcDbCircle"), *place, (40, radius), layer=layer, handle=handle)


def ellipse(centre: Point, major: Point, ratio: float, layer: str = LAYER) -> Entity:
    """Return a whole ELLIPSE."""
    turn: Entity = [(41, 0.0), (42, 6.283185307179586)]
    return entity("ELLIPSE", (100, "AcDbEllipse"), *at(centre), *raw((*major, 0), 11), (40, ratio), *turn, layer=layer)


def spline(
    control: Sequence[Point], knots: Sequence[float], degree: int, weights: Sequence[float] = (), *, flags: int = 1
) -> Entity:
    """Return a SPLINE."""
    pairs: Entity = [(100, "AcDbSpline"), (70, flags), (71, degree), (72, len(knots)), (73, len(control))]
    pairs += [(40, knot) for knot in knots]
    pairs += [(41, weight) for weight in weights]
    for point in control:
        pairs += at((*point, 0.0))
    return entity("SPLINE", *pairs)


def loop(points: Sequence[Point], flags: int = 1) -> Entity:
    """Return a loop of a hatch that is a polyline."""
    pairs: Entity = [(92, flags | 2), (72, 0), (73, 1), (93, len(points))]
    for point in points:
        pairs += at(point)
    return [*pairs, (97, 0)]


def edges(*listed: Entity, flags: int = 1) -> Entity:
    """Return a loop of a hatch that consists of edges."""
    return [(92, flags), (93, len(listed)), *(pair for edge in listed for pair in edge), (97, 0)]


def line_edge(start: Point, end: Point) -> Entity:
    """Return a straight edge of a hatch."""
    return [(72, 1), *at(start), *at(end, 11)]


def arc_edge(centre: Point, radius: float, start: float, end: float, *, left: bool = True) -> Entity:
    """Return a round edge; one that runs to the right has its angles counted to the right as well."""
    return [(72, 2), *at(centre), (40, radius), (50, start), (51, end), (73, int(left))]


def hatch(*loops: Entity, style: int = 0, layer: str = LAYER, handle: str = "F1") -> Entity:
    """Return a solid HATCH."""
    start: Entity = [(100, "AcDbHatch"), (10, 0.0), (20, 0.0), (30, 0.0), (210, 0.0), (220, 0.0), (230, 1.0)]
    start += [(2, "SOLID"), (70, 1), (71, 0), (91, len(loops))]
    end: Entity = [(75, style), (76, 1), (98, 1), (10, 0.0), (20, 0.0)]
    inner = [pair for each in loops for pair in each]
    return entity("HATCH", *start, *inner, *end, layer=layer, handle=handle)


def insert(name: str, place: Point, *more: Pair, layer: str = LAYER, moved: bool = True) -> Entity:
    """Return an INSERT of a block."""
    where = at(place) if moved else raw(place)
    return entity("INSERT", (100, "AcDbBlockReference"), (2, name), *where, *more, layer=layer, handle="B1")


def text(content: str, place: Point, layer: str = "注记") -> Entity:
    """Return a TEXT."""
    return entity("TEXT", (100, "AcDbText"), *at(place), (40, 2.5), (1, content), layer=layer, handle="T1")


def block(name: str, *entities: Entity, base: Point = (0, 0), flags: int = 0) -> Entity:
    """Return the definition of a block, its points in its own coordinates."""
    start: Entity = [(0, "BLOCK"), (8, "0"), (2, name), (70, flags), *raw((*base, 0)), (3, name), (1, "")]
    return [*start, *(pair for each in entities for pair in each), (0, "ENDBLK"), (8, "0")]


def pairs_of(
    *entities: Entity,
    version: str = "AC1015",
    page: str = "ANSI_936",
    unit: int | None = 6,
    layers: Iterable[tuple[str, int, int]] = (),
    blocks: Sequence[Entity] = (),
    objects: Sequence[Entity] = (),
) -> Entity:
    """Return all pairs of a drawing; `layers` are name, flags (1 frozen) and colour (negative: off)."""
    pairs: Entity = [(0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, version), (9, "$DWGCODEPAGE"), (3, page)]
    if unit is not None:
        pairs += [(9, "$INSUNITS"), (70, unit)]
    pairs += [(0, "ENDSEC"), (0, "SECTION"), (2, "TABLES"), (0, "TABLE"), (2, "LAYER"), (70, 1)]
    for name, flags, colour in layers:
        pairs += [(0, "LAYER"), (2, name), (70, flags), (62, colour), (6, "CONTINUOUS")]
    pairs += [(0, "ENDTAB"), (0, "ENDSEC")]
    for section, content in (("BLOCKS", blocks), ("ENTITIES", entities), ("OBJECTS", objects)):
        if content or section == "ENTITIES":
            pairs += [(0, "SECTION"), (2, section), *(pair for each in content for pair in each), (0, "ENDSEC")]
    return [*pairs, (0, "EOF")]


def ascii_dxf(pairs: Entity, encoding: str = "gbk") -> bytes:
    """Return the text form."""
    return "".join(f"{code:3d}\r\n{value}\r\n" for code, value in pairs).encode(encoding)


def binary_dxf(pairs: Entity, encoding: str = "gbk", *, wide: bool = True) -> bytes:
    """Return the binary form; group codes of R12 have one byte, later ones two."""
    body = b"AutoCAD Binary DXF\r\n\x1a\x00"
    for code, value in pairs:
        body += struct.pack("<H" if wide else "<B", code)
        if isinstance(value, str):
            body += value.encode(encoding) + b"\0"
        elif code in range(90, 100):
            body += struct.pack("<i", value)
        elif code in range(60, 80):
            body += struct.pack("<h", value)
        else:
            body += struct.pack("<d", value)
    return body


def write(path: Path, data: bytes) -> Path:
    """Write a file and return its path."""
    path.write_bytes(data)
    return path


def drawing(*entities: Entity, encoding: str = "gbk", name: str = "a.dxf", **how: Any) -> Callable[[Path], Path]:
    """Return the function that writes a drawing as text into a folder; `how` goes to `pairs_of`."""
    return lambda folder: write(folder / name, ascii_dxf(pairs_of(*entities, **how), encoding))
