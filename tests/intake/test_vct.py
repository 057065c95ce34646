"""VCT 3.0: what is read, with polygons made of shared and reversed lines."""

from collections.abc import Callable, Sequence
from math import pi
from pathlib import Path
from typing import Any

from pyproj import Transformer

from boundary_writers import HOLE, SQUARE, Ring, plane, shifted, write
from intake_cases import Case, Read, cases, check
from vct_files import (
    Layer,
    direct_text,
    line_text,
    of_objects,
    polygon_text,
    section,
    vct,
)

SQUARE_M2, HOLE_M2 = 1007808.37654, 90703.306576
FIRST, HOLE_FIRST = SQUARE[0], HOLE[0]
NEXT = shifted(SQUARE, 0.01)
NEXT_M2 = SQUARE_M2
GAUSS_38: dict[str, Any] = {"Parameters": "114,1,38500000,0,3,38"}


def rounded(code: str, ring: Ring) -> list[tuple[float, float]]:
    """Return the ring in a plane as the file will hold it: what neighbours share is the same to the last digit."""
    return [(round(x, 4), round(y, 4)) for x, y in plane(code, ring)]


def zone_37(*rings: Ring) -> list[list[tuple[float, float]]]:
    """Return rings in zone 37 with the zone in front of the easting."""
    return [rounded("EPSG:4525", ring) for ring in rings]


def made(text: str, encoding: str = "gb18030", name: str = "a.vct") -> Callable[[Path], Path]:
    """Return what writes the text."""
    return lambda folder: write(folder / name, text, encoding)


def bound_lines(rings: Sequence[Ring]) -> list[str]:
    """Return every ring as two lines, the second of them backwards: 1 and -2, 3 and -4 ..."""
    texts = []
    for number, ring in enumerate(rings):
        half = len(ring) // 2
        texts.append(line_text(2 * number + 1, ring[: half + 1]))
        texts.append(line_text(2 * number + 2, ring[half:][::-1]))
    return texts


SQUARE_37, HOLE_37, NEXT_37 = zone_37(SQUARE, HOLE, NEXT)
ISLAND = [(x / 2 + 112.3045 / 2, y / 2 + 35.4045 / 2) for x, y in HOLE]
ISLAND_37 = zone_37(ISLAND)[0]
READ = Read(SQUARE_M2, FIRST, crs="EPSG:4525")
WITH_HOLE = Read(SQUARE_M2 - HOLE_M2, FIRST, holes=1, crs="EPSG:4525")
CIRCLE_CENTRE = (37_618_500.0, 3_920_300.0)
RADIUS = 300.0
# 118.5 km east of the meridian the plane is larger than the ellipsoid by 1 + 118.5² / (2 · 6371²) in each direction.
CIRCLE_M2 = pi * RADIUS**2 / (1 + 118.5**2 / (2 * 6371**2)) ** 2
TO_DEGREES = Transformer.from_crs("EPSG:4525", "EPSG:4490", always_xy=True)
CIRCLE = Read(
    CIRCLE_M2,
    TO_DEGREES.transform(CIRCLE_CENTRE[0] + RADIUS, CIRCLE_CENTRE[1]),
    repairs=("curve-to-line",),
    area_tolerance_m2=1,
)


def ring_of_points(kind: int, *rows: str) -> str:
    """Return a file with one polygon whose ring is of this kind."""
    text = "\n".join(["7", "2001010100", "Unknown", "1", "1.0,1.0", "1", str(kind), *rows, "0"])
    return of_objects([], [text])


def arcs() -> str:
    """Return a circle of two arcs by three points."""
    x, y = CIRCLE_CENTRE
    upper = [(x + RADIUS, y), (x, y + RADIUS), (x - RADIUS, y)]
    lower = [(x - RADIUS, y), (x, y - RADIUS), (x + RADIUS, y)]
    return of_objects([line_text(1, upper, kind=12), line_text(2, lower, kind=12)], [polygon_text(7, [1, 2])])


def by_indirect_lines() -> str:
    """Return a polygon of lines that are made of lines, one of them backwards."""
    pieces = [line_text(i + 1, SQUARE_37[i : i + 2]) for i in range(4)]
    pair = "11\n1099000000\nUnknown\n100\n2\n1,2\n0"
    other = "12\n1099000000\nUnknown\n100\n2\n-4,-3\n0"
    return of_objects([*pieces, pair, other], [polygon_text(7, [11, -12])])


def by_polygons() -> str:
    """Return a polygon made of two others that have another feature code."""
    parts = [direct_text(1, [SQUARE_37], code="9"), direct_text(2, [NEXT_37], code="9")]
    return of_objects([], [*parts, polygon_text(7, [1, 2], made_of=22)])


def many_lines() -> str:
    """Return a ring of 21 lines, so that the ids fill three rows."""
    west, south, east, north = SQUARE_37[0], SQUARE_37[1], SQUARE_37[2], SQUARE_37[3]
    points = [west, *_between(west, south, 17), south, east, north, west]
    texts = [line_text(i + 1, points[i : i + 2]) for i in range(len(points) - 1)]
    return of_objects(texts, [polygon_text(7, list(range(1, len(points))))])


def _between(a: tuple[float, float], b: tuple[float, float], count: int) -> list[tuple[float, float]]:
    steps = [i / (count + 1) for i in range(1, count + 1)]
    return [(round(a[0] + (b[0] - a[0]) * s, 4), round(a[1] + (b[1] - a[1]) * s, 4)) for s in steps]


def commented() -> str:
    """Return a file with CRLF, blank lines, comments, small letters and sections that hold no footprint."""
    skipped = [
        section("Annotation", "9", "2001010101", "Unknown", "1", "PolygonBegin 注记", "1.0,1.0,0", "0"),
        section("Topology", section("NodeTopology", "5", "2", "1,2", "0")),
        section("Style", section("Representation", "A", "1", "COLOR,0", "0")),
        section("Comment", "这里是说明"),
    ]
    text = vct(Layer([zone_37(SQUARE, HOLE)]), more=skipped)
    for word in ("HeadBegin", "HeadEnd", "LineBegin", "PolygonEnd", "TableEnd"):
        text = text.replace(word, word.lower())
    return text.replace("\n", "\r\n\r\n")


def old_separator() -> str:
    """Return a file whose values stand between vertical bars."""
    table = Layer([zone_37(SQUARE)], rows=["1001|14041001|1|甲，乙,丙|||20250301|"])
    text = vct(table, Separator="|")
    begin, end = text.index("FeatureCodeBegin"), text.index("LineBegin")
    return text[:begin] + text[begin:end].replace(",", "|") + text[end:]


UNSIGNED = "a.vct:37：面 7 中线 2 的正负号与首尾相接的方向不符，已按首尾相接的方向连接"
OTHERS = "a.vct：以下图层没有读取：3001 道路中线 LX（1 个）；需要时用 --layer 指定"
WIDE = (SQUARE_37[0], SQUARE_37[1])


def with_line_layer() -> str:
    """Return a polygon layer beside a layer of lines."""
    road = Layer([], code="3001", name="道路中线", table="LX", kind="Line")
    text = vct(Layer([zone_37(SQUARE)]), road)
    return text.replace("LineEnd", line_text(500, WIDE, code="3001") + "\nLineEnd")


def of_points() -> str:
    """Return a file that holds one point."""
    x, y = CIRCLE_CENTRE
    return of_objects([], [], points=["\n".join(["3", "2001010100", "Unknown", "1", "1", f"{x},{y}", "0"])])


TWO_LAYERS = (
    Layer([zone_37(SQUARE)]),
    Layer([zone_37(NEXT)], code="2003010100", name="地类图斑", table="DLTB"),
)
ONLY_NEXT = Read(NEXT_M2, NEXT[0], name="地类图斑1002")

CASES = [
    Case("square", made(vct(Layer([zone_37(SQUARE)]))), READ),
    Case("hole of a closed line", made(vct(Layer([zone_37(SQUARE, HOLE)]))), WITH_HOLE),
    Case(
        "neighbours share a line",
        made(vct(Layer([zone_37(SQUARE), zone_37(NEXT)]))),
        Read(2 * SQUARE_M2, NEXT[0], footprints=2, parts=2),
    ),
    Case(
        "hole filled by another polygon",
        made(vct(Layer([zone_37(SQUARE, HOLE), zone_37(HOLE)]))),
        Read(SQUARE_M2, FIRST, footprints=2, parts=2, holes=1),
    ),
    Case(
        "holes made of two lines, one backwards",
        made(of_objects(bound_lines([SQUARE_37, HOLE_37]), [polygon_text(7, [1, -2, 0, 3, -4])])),
        WITH_HOLE,
    ),
    Case(
        "hole before the outline",
        made(of_objects(bound_lines([SQUARE_37, HOLE_37]), [polygon_text(7, [3, -4, 0, 1, -2])])),
        WITH_HOLE,
    ),
    Case(
        "several parts and an island in a hole",
        made(
            of_objects(
                bound_lines([SQUARE_37, HOLE_37, ISLAND_37, zone_37(shifted(SQUARE, 0.02))[0]]),
                [polygon_text(7, [1, -2, 0, 3, -4, 0, 5, -6, 0, 7, -8])],
            )
        ),
        Read(2 * SQUARE_M2 - HOLE_M2 * 0.75, FIRST, parts=3, holes=1),
    ),
    Case(
        "no zero between the rings",
        made(of_objects(bound_lines([SQUARE_37, HOLE_37]), [polygon_text(7, [1, -2, 3, -4])])),
        WITH_HOLE,
    ),
    Case(
        "the zeros are not counted",
        made(of_objects(bound_lines([SQUARE_37, HOLE_37]), [polygon_text(7, [1, -2, 0, 3, -4], count=4)])),
        WITH_HOLE,
    ),
    Case(
        "the signs are missing",
        made(of_objects(bound_lines([SQUARE_37]), [polygon_text(7, [1, 2])])),
        Read(SQUARE_M2, FIRST, warnings=(UNSIGNED.replace(":37", ":56"),)),
    ),
    Case(
        "the sign of the first line is wrong",
        made(of_objects([line_text(i + 1, SQUARE_37[i : i + 2]) for i in range(4)], [polygon_text(7, [-1, 2, 3, 4])])),
        Read(SQUARE_M2, FIRST, warnings=(UNSIGNED.replace(":37", ":74"),)),
    ),
    Case("21 lines in three rows", made(many_lines()), Read(SQUARE_M2, FIRST)),
    Case("lines made of lines", made(by_indirect_lines()), Read(SQUARE_M2, FIRST)),
    Case(
        "polygons made of polygons", made(by_polygons()), Read(2 * SQUARE_M2, FIRST, parts=2), {"layer": "2001010100"}
    ),
    Case("coordinates of its own", made(of_objects([], [direct_text(7, [SQUARE_37, HOLE_37])])), WITH_HOLE),
    Case(
        "open ring of its own coordinates",
        made(of_objects([], [direct_text(7, [SQUARE_37[:-1]])])),
        Read(SQUARE_M2, FIRST, repairs=("closed-ring",)),
    ),
    Case(
        "circle of two arcs",
        made(arcs()),
        CIRCLE,
    ),
    Case(
        "circle by centre and radius",
        made(ring_of_points(13, "37618500.0,3920300.0", "300.0")),
        CIRCLE,
    ),
    Case(
        "circle through three points",
        made(ring_of_points(12, "37618800.0,3920300.0", "37618500.0,3920600.0", "37618200.0,3920300.0")),
        CIRCLE,
    ),
    Case("blank lines, CRLF, small letters, other sections", made(commented()), WITH_HOLE),
    Case("UTF-8 with BOM", made(vct(Layer([zone_37(SQUARE)])), "utf-8-sig"), READ),
    Case(
        "GB2312",
        made(vct(Layer([zone_37(SQUARE)])), "gb2312"),
        Read(SQUARE_M2, FIRST, name="项目用地1001", fields={"encoding": "gb18030"}),
    ),
    Case("another separator", made(old_separator()), Read(SQUARE_M2, FIRST, name="甲，乙,丙")),
    Case("layer by code", made(vct(*TWO_LAYERS)), ONLY_NEXT, {"layer": "2003010100"}),
    Case("layer by name", made(vct(*TWO_LAYERS)), ONLY_NEXT, {"layer": "地类图斑"}),
    Case("layer by table", made(vct(*TWO_LAYERS)), ONLY_NEXT, {"layer": "dltb"}),
    Case("a layer of lines is left out aloud", made(with_line_layer()), Read(SQUARE_M2, FIRST, warnings=(OTHERS,))),
    Case("a layer of lines", made(with_line_layer()), Read(0, FIRST), {"layer": "LX", "width_m": 20.0}),
    Case("a point", made(of_points()), Read(0, TO_DEGREES.transform(*CIRCLE_CENTRE)), {"radius_m": 50.0}),
    Case(
        "north before east by the head",
        made(vct(Layer([[[(y, x) for x, y in SQUARE_37]]]), XAxisDirection="N", YAxisDirection="E")),
        READ,
    ),
    Case(
        "north before east against the head",
        made(vct(Layer([[[(y, x) for x, y in SQUARE_37]]]))),
        Read(SQUARE_M2, FIRST, crs="EPSG:4525"),
    ),
    Case("three dimensions", made(of_objects([], [direct_text(7, [SQUARE_37])], Dim="3")), Read(SQUARE_M2, FIRST)),
    Case(
        "zone 38",
        made(vct(Layer([[rounded("EPSG:4526", SQUARE)]]), **GAUSS_38)),
        Read(SQUARE_M2, FIRST, crs="EPSG:4526"),
    ),
    Case(
        "other order of the parameters",
        made(vct(Layer([zone_37(SQUARE)]), Parameters="111.0,,,,1.0,37500000,0.0,3,37")),
        READ,
    ),
    Case(
        "meridian in degrees and minutes",
        made(vct(Layer([zone_37(SQUARE)]), Parameters="1110000,0,1,500000,0,37")),
        READ,
    ),
    Case("the zone stands only in the eastings", made(vct(Layer([zone_37(SQUARE)]), Parameters=None)), READ),
    Case(
        "without zone",
        made(vct(Layer([[rounded("EPSG:4546", SQUARE)]]), Parameters="111,1,500000,0,3,37")),
        Read(SQUARE_M2, FIRST, crs="EPSG:4546"),
    ),
    Case(
        "the zone stands only in the head",
        made(vct(Layer([[rounded("EPSG:4546", SQUARE)]]))),
        Read(
            SQUARE_M2,
            FIRST,
            crs="EPSG:4546",
            warnings=("a.vct:13：文件头的东偏移 37500000 带有带号，坐标却不带；按不带带号读取",),
        ),
    ),
    Case(
        "6-degree zone",
        made(vct(Layer([[rounded("EPSG:4497", SQUARE)]]), Parameters="111,1,19500000,0,6,19")),
        Read(SQUARE_M2, FIRST, crs="EPSG:4497"),
    ),
    Case(
        "degrees",
        made(
            vct(
                Layer([[list(SQUARE)]]),
                decimals=9,
                CoordinateSystemType="D",
                XYUnit="D",
                Projection=None,
                Parameters=None,
            )
        ),
        Read(SQUARE_M2, FIRST, crs="EPSG:4490"),
    ),
    Case(
        "degrees, latitude first by the head",
        made(
            vct(
                Layer([[[(y, x) for x, y in SQUARE]]]),
                decimals=9,
                CoordinateSystemType="D",
                XYUnit="D",
                XAxisDirection="N",
                YAxisDirection="E",
            )
        ),
        Read(SQUARE_M2, FIRST, crs="EPSG:4490"),
    ),
    Case("spheroid by its numbers", made(vct(Layer([zone_37(SQUARE)]), Spheroid=",6378137,298.2572221")), READ),
    Case("version in words", made(vct(Layer([zone_37(SQUARE)]), Version="GB/T 17798-2007")), READ),
    Case(
        "no type of system but --crs",
        made(vct(Layer([zone_37(SQUARE)]), CoordinateSystemType=None)),
        READ,
        {"crs": "EPSG:4525"},
    ),
]


@cases(CASES)
def test_vct(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
