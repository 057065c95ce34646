"""VCT files written from polygons: neighbours share their edges as lines, one of them refers to it backwards.

Nothing here uses the reader. Rings are closed lists of points in the coordinates of the file.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

Point = tuple[float, float]
Ring = Sequence[Point]
Rings = Sequence[Ring]

EDGE_CODE = "1099000000"
HEAD: Mapping[str, str] = {
    "DataMark": "LANDUSE-VCT",
    "Version": "3.0",
    "CoordinateSystemType": "P",
    "Dim": "2",
    "XAxisDirection": "E",
    "YAxisDirection": "N",
    "XYUnit": "M",
    "ZUnit": "M",
    "Spheroid": "CGCS2000,6378137.0,298.257222101",
    "PrimeMeridian": "Greenwich",
    "Projection": "高斯-克吕格投影",
    "Parameters": "111,1,37500000,0,3,37",
    "VerticalDatum": "1985国家高程基准",
    "TemporalReferenceSystem": "北京时间",
    "MapScale": "2000",
    "Offset": "0,0",
    "Date": "20250301",
    "Separator": ",",
}
FIELDS = ("BSM,Char,18", "TBBH,Char,8", "XMMC,Char,60", "TBMJ,Float,15,2", "SJNF,Int,4", "RQ,Date,8", "FJ,Varbin")


@dataclass(frozen=True)
class Layer:
    """A feature code with its table and objects: `areas` are lists of rings, outline first."""

    areas: Sequence[Rings]
    code: str = "2001010100"
    name: str = "项目用地"
    table: str = "XMYD"
    kind: str = "Polygon"
    rows: Sequence[str] = ()


@dataclass
class Written:
    """Lines and the references to them, as they come together."""

    lines: dict[tuple[Point, ...], int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


def head(**changes: str | None) -> str:
    """Return the head; None leaves an entry out."""
    entries = {name: value for name, value in {**HEAD, **changes}.items() if value is not None}
    return "\n".join(["HeadBegin", *(f"{name}:{value}" for name, value in entries.items()), "HeadEnd"])


def section(name: str, *objects: str) -> str:
    """Return a section with its objects."""
    return "\n".join([f"{name}Begin", *objects, f"{name}End"])


def line_text(key: int, points: Ring, *, code: str = EDGE_CODE, kind: int = 11, decimals: int = 4) -> str:
    """Return a line of one segment."""
    rows = [f"{x:.{decimals}f},{y:.{decimals}f}" for x, y in points]
    return "\n".join([str(key), code, "Unknown", "1", "1", str(kind), str(len(rows)), *rows, "0"])


def polygon_text(
    key: int, refs: Sequence[int], *, code: str = "2001010100", made_of: int = 21, count: int | None = None
) -> str:
    """Return a polygon that refers to lines, eight in a row."""
    rows = [",".join(str(ref) for ref in refs[i : i + 8]) for i in range(0, len(refs), 8)]
    stated = str(len(refs) if count is None else count)
    return "\n".join([str(key), code, "Unknown", "100", "1.0,1.0", str(made_of), stated, *rows, "0"])


def direct_text(key: int, rings: Rings, *, code: str = "2001010100", decimals: int = 4) -> str:
    """Return a polygon with coordinates of its own."""
    rows = [str(key), code, "Unknown", "1", "1.0,1.0", str(len(rings))]
    for ring in rings:
        rows += ["11", str(len(ring)), *(f"{x:.{decimals}f},{y:.{decimals}f}" for x, y in ring)]
    return "\n".join([*rows, "0"])


def codes(*layers: Layer) -> str:
    """Return the list of feature codes, with one table that has no geometry."""
    return section("FeatureCode", *(f"{a.code},{a.name},{a.kind},{a.table}" for a in layers), "QLR,QLR")


def tables(*names: str, fields: Sequence[str] = FIELDS) -> str:
    """Return the structure of tables that all have the same fields."""
    return section("TableStructure", *("\n".join([f"{name},{len(fields)}", *fields, "0"]) for name in names))


def attributes(rows: Mapping[str, Sequence[str]]) -> str:
    """Return the rows of every table."""
    return section("Attribute", *("\n".join([name, *listed, "TableEnd"]) for name, listed in rows.items()))


def share_edges(areas: Iterable[Rings], written: Written, *, decimals: int = 4) -> list[list[int]]:
    """Add the lines of the areas; return for every area the ids it is made of, with a 0 between its rings.

    Lines are cut where three edges meet and where the neighbour changes, as a topology of the area would have them.
    """
    listed = list(areas)
    beside: dict[frozenset[Point], set[int]] = defaultdict(set)
    around: dict[Point, set[Point]] = defaultdict(set)
    for number, rings in enumerate(listed):
        for ring in rings:
            for a, b in pairwise(ring):
                beside[frozenset((a, b))].add(number)
                around[a].add(b)
                around[b].add(a)

    def is_node(point: Point) -> bool:
        neighbours = {frozenset(beside[frozenset((point, other))]) for other in around[point]}
        return len(around[point]) != 2 or len(neighbours) > 1

    made = []
    for rings in listed:
        refs: list[int] = []
        for ring in rings:
            refs += [0] * bool(refs) + [_reference(piece, written, decimals) for piece in _pieces(ring, is_node)]
        made.append(refs)
    return made


def _pieces(ring: Ring, is_node: object) -> list[list[Point]]:
    assert callable(is_node)
    corners = list(ring[:-1])
    start = next((i for i, point in enumerate(corners) if is_node(point)), 0)
    turned = [*corners[start:], *corners[: start + 1]]
    pieces = [[turned[0]]]
    for point in turned[1:]:
        pieces[-1].append(point)
        if is_node(point):
            pieces.append([point])
    return [piece for piece in pieces if len(piece) > 1]


def _reference(piece: list[Point], written: Written, decimals: int) -> int:
    if piece[0] == piece[-1]:
        # The same closed line may begin elsewhere in the ring of the neighbour.
        known = next((line for line in written.lines if line[0] == line[-1] and set(line) == set(piece)), (piece[0],))
        start = piece.index(known[0])
        piece = [*piece[start:-1], *piece[: start + 1]]
    forwards, backwards = tuple(piece), tuple(reversed(piece))
    if forwards in written.lines:
        return written.lines[forwards]
    if backwards in written.lines:
        return -written.lines[backwards]
    key = 1 + len(written.lines)
    written.lines[forwards] = key
    written.texts.append(line_text(key, piece, decimals=decimals))
    return key


def vct(*layers: Layer, more: Sequence[str] = (), decimals: int = 4, **changes: Any) -> str:
    """Return a whole file; `more` are further sections, `changes` those of the head."""
    written = Written()
    refs = share_edges((area for layer in layers for area in layer.areas), written, decimals=decimals)
    taken = iter(zip(range(1001, 1001 + len(refs)), refs, strict=True))
    polygons, rows = [], {}
    for layer in layers:
        listed = [next(taken) for _ in layer.areas]
        polygons += [polygon_text(key, made, code=layer.code) for key, made in listed]
        texts = layer.rows or [
            f"{key},1404{key},{key - 1000},{layer.name}{key},,2025,20250301,a.bin" for key, _ in listed
        ]
        rows[layer.table] = texts
    parts = [
        head(**changes),
        codes(*layers),
        tables(*dict.fromkeys(layer.table for layer in layers)),
        section("Line", *written.texts),
        section("Polygon", *polygons),
        *more,
        attributes(rows),
    ]
    return "\n\n".join(parts) + "\n"


def of_objects(
    lines: Sequence[str], polygons: Sequence[str], *, points: Sequence[str] = (), **changes: str | None
) -> str:
    """Return a file without attributes from objects that are already written."""
    parts = [head(**changes), codes(Layer(())), section("Point", *points), section("Line", *lines)]
    return "\n\n".join([*parts, section("Polygon", *polygons)]) + "\n"
