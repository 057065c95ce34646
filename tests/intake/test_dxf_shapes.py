"""What closed lines, curves and hatches of a DXF enclose: areas by the formulas of the circle and of Bézier curves."""

from math import pi, radians, sin, sqrt, tan
from pathlib import Path
from typing import Any

from dxf_files import (
    INNER,
    MERIDIAN,
    ORIGIN,
    SQUARE,
    Entity,
    arc,
    arc_edge,
    ascii_dxf,
    at,
    binary_dxf,
    circle,
    drawing,
    edges,
    ellipse,
    entity,
    hatch,
    line,
    line_edge,
    lonlat,
    loop,
    lwpolyline,
    pairs_of,
    polyline,
    raw,
    spline,
    write,
)
from intake_cases import Case, Read, cases, check

CRS = {"crs": "EPSG:4525"}
CORNER = lonlat(0, 0)


def good(name: str, read: Read, *entities: Entity, **how: Any) -> Case:
    """Return the case of a drawing that is read in zone 37."""
    return Case(name, drawing(*entities, **how), read, options=CRS, expected=MERIDIAN)


def written(name: str, read: Read, data: bytes) -> Case:
    """Return the case of a file."""

    def make(folder: Path) -> Path:
        return write(folder / "a.dxf", data)

    return Case(name, make, read, options=CRS, expected=MERIDIAN)


def segment(radius: float, degrees: float) -> float:
    """Return the area between an arc and its chord."""
    angle = radians(degrees)
    return radius * radius * (angle - sin(angle)) / 2


def within(area: float, length: float) -> float:
    """Return how far chords within 0.1 mm of curves of this length may miss the area: two thirds of a strip."""
    return max(0.0001 * length, 1e-6 * area)


HALF = Read(10_000 + pi * 50 * 50 / 2, CORNER, repairs=("curve-to-line",), area_tolerance_m2=within(0, 50 * pi))
QUARTER = tan(radians(90) / 4)
R12_SQUARE = pairs_of(polyline(SQUARE), version="AC1009")
PLAIN = pairs_of(lwpolyline(SQUARE))
PLAIN_2018 = pairs_of(lwpolyline(SQUARE), version="AC1032")
CIRCLE_KNOTS = (0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4)
CIRCLE_FRAME = [(10, 0), (10, 10), (0, 10), (-10, 10), (-10, 0), (-10, -10), (0, -10), (10, -10), (10, 0)]
S = sqrt(0.5)

CASES = [
    good("closed-lwpolyline", Read(10_000, CORNER, name="a", crs="EPSG:4525"), lwpolyline(SQUARE)),
    good("r12-polyline", Read(10_000, CORNER), polyline(SQUARE), version="AC1009"),
    written("binary-2000", Read(10_000, CORNER), binary_dxf(PLAIN)),
    written("binary-r12", Read(10_000, CORNER), binary_dxf(R12_SQUARE, wide=False)),
    written("binary-2018", Read(10_000, CORNER), binary_dxf(PLAIN_2018, "utf-8")),
    written("comment-first", Read(10_000, CORNER), b"999\r\nmade by hand\r\n" + ascii_dxf(PLAIN)),
    written("bom", Read(10_000, CORNER), b"\xef\xbb\xbf" + ascii_dxf(PLAIN_2018, "utf-8")),
    written("unix-line-ends", Read(10_000, CORNER), ascii_dxf(PLAIN).replace(b"\r\n", b"\n")),
    good("first-point-repeated", Read(10_000, CORNER), lwpolyline([*SQUARE, SQUARE[0]], closed=False)),
    good("flag-and-first-point-repeated", Read(10_000, CORNER), lwpolyline([*SQUARE, SQUARE[0]])),
    good(
        "gap-of-0.8-mm",
        Read(10_000, CORNER, repairs=("closed-ring",), area_tolerance_m2=0.1),
        lwpolyline([*SQUARE, (0.0008, 0)], closed=False),
    ),
    good("elevation", Read(10_000, CORNER, repairs=("z-dropped",)), lwpolyline(SQUARE, (38, 812.5))),
    good(
        "polyline-in-space",
        Read(10_000, CORNER, repairs=("z-dropped",)),
        polyline([(*point, 800 + i) for i, point in enumerate(SQUARE)], flags=9),
        version="AC1009",
    ),
    good("half-circle-by-bulge", HALF, lwpolyline(SQUARE, bulges=[0, 1, 0, 0])),
    good(
        "bulge-inwards",
        Read(
            10_000 - segment(50 / sin(radians(45)), 90),
            CORNER,
            repairs=("curve-to-line",),
            area_tolerance_m2=within(0, 120),
        ),
        lwpolyline(SQUARE, bulges=[0, -QUARTER, 0, 0]),
    ),
    good(
        "bulge-clockwise-closing-segment",
        Read(
            10_000 + segment(50 / sin(radians(45)), 90),
            CORNER,
            repairs=("curve-to-line",),
            area_tolerance_m2=within(0, 120),
        ),
        lwpolyline([(0, 0), (0, 100), (100, 100), (100, 0)], bulges=[0, 0, 0, -QUARTER]),
    ),
    good("r12-bulge", HALF, polyline(SQUARE, bulges=[0, 1, 0, 0]), version="AC1009"),
    good(
        "more-than-half-a-circle",
        Read(
            10_000 + pi * 50**2 * 2 - segment(50 * sqrt(2), 90),
            CORNER,
            repairs=("curve-to-line",),
            area_tolerance_m2=within(0, 400),
        ),
        lwpolyline(SQUARE, bulges=[0, tan(radians(270) / 4), 0, 0]),
    ),
    good(
        "ring-of-two-half-circles",
        Read(pi * 900, lonlat(-30, 0), repairs=("curve-to-line",), area_tolerance_m2=within(0, 60 * pi)),
        lwpolyline([(-30, 0), (30, 0)], bulges=[1, 1]),
    ),
    good(
        "circle",
        Read(pi * 2500, lonlat(50, 0), repairs=("curve-to-line",), area_tolerance_m2=within(0, 100 * pi)),
        circle((0, 0), 50),
    ),
    good(
        "ellipse",
        Read(pi * 40 * 10, lonlat(40, 0), repairs=("curve-to-line",), area_tolerance_m2=within(0, 200)),
        ellipse((0, 0), (40, 0), 0.25),
    ),
    good(
        "rational-spline-that-is-a-circle",
        Read(pi * 100, lonlat(10, 0), repairs=("curve-to-line",), area_tolerance_m2=within(0, 63)),
        spline(CIRCLE_FRAME, CIRCLE_KNOTS, 2, weights=[1, S, 1, S, 1, S, 1, S, 1]),
    ),
    good(
        # The area of a Bézier loop P0 = P3 is 3/20 of the cross product of P1 and P2 seen from P0.
        "bezier-loop",
        Read(0.15 * 100 * 100, CORNER, repairs=("curve-to-line",), area_tolerance_m2=within(0, 200)),
        spline([(0, 0), (100, 0), (0, 100), (0, 0)], [0, 0, 0, 0, 1, 1, 1, 1], 3),
    ),
    good("solid-hatch", Read(10_000, CORNER), hatch(loop(SQUARE))),
    good("hatch-with-hole", Read(10_000 - 30 * 40, CORNER, holes=1), hatch(loop(SQUARE), loop(INNER, 16))),
    good(
        "hatch-with-two-parts",
        Read(10_000 + 1_200, CORNER, footprints=2, parts=2),
        hatch(loop(SQUARE), loop([(x + 200, y) for x, y in INNER])),
    ),
    good("hatch-that-fills-its-holes", Read(10_000, CORNER), hatch(loop(SQUARE), loop(INNER, 0), style=2)),
    good(
        "hatch-of-the-outer-band",
        Read(10_000 - 1_200, CORNER, holes=1),
        hatch(loop(SQUARE), loop(INNER, 16), loop([(30, 30), (40, 30), (40, 40), (30, 40)], 0), style=1),
    ),
    good("hole-around-a-text-of-a-hatch", Read(10_000, CORNER), hatch(loop(SQUARE), loop(INNER, 8))),
    good(
        "hatch-of-edges",
        Read(10_000 - pi * 200, CORNER, holes=1, repairs=("curve-to-line",), area_tolerance_m2=within(0, 63)),
        hatch(
            edges(*(line_edge(SQUARE[i], SQUARE[(i + 1) % 4]) for i in range(4))),
            edges(arc_edge((50, 50), 20, 0, 180), line_edge((30, 50), (70, 50)), flags=16),
        ),
    ),
    good(
        "hatch-edge-to-the-right",
        # From 0 to 180 degrees counted to the right: the lower half, here with a rectangle upon it.
        Read(9_600 - pi * 200, CORNER, holes=1, repairs=("curve-to-line",), area_tolerance_m2=within(0, 63)),
        hatch(
            loop(SQUARE),
            edges(
                arc_edge((50, 50), 20, 0, 180, left=False),
                line_edge((30, 50), (30, 60)),
                line_edge((30, 60), (70, 60)),
                line_edge((70, 60), (70, 50)),
                flags=16,
            ),
        ),
    ),
    good(
        "hatch-over-its-own-outline",
        Read(
            10_000,
            CORNER,
            warnings=("a.dxf：图层 用地红线 上有 1 个重复的闭合图形，只计一次",),
        ),
        lwpolyline(SQUARE),
        hatch(loop([*SQUARE[2:], *SQUARE[:2]])),
    ),
    good(
        "lines-joined",
        Read(10_000, CORNER, warnings=("a.dxf 第 1 个图形：边界由 4 条首尾相接的线合成",)),
        line(SQUARE[0], SQUARE[1]),
        line(SQUARE[3], SQUARE[2]),
        line(SQUARE[0], SQUARE[3]),
        line(SQUARE[2], SQUARE[1]),
    ),
    good(
        "lines-joined-within-a-millimetre",
        Read(10_000, CORNER, repairs=("closed-ring",), area_tolerance_m2=0.2),
        line(SQUARE[0], SQUARE[1]),
        line((100.0006, 0.0006), SQUARE[2]),
        lwpolyline([SQUARE[2], SQUARE[3], (0, 0.0009)], closed=False),
    ),
    good(
        "line-drawn-twice-in-a-chain",
        Read(10_000, CORNER),
        *(line(SQUARE[i], SQUARE[(i + 1) % 4]) for i in (0, 1, 1, 2, 3)),
    ),
    good(
        "lines-and-an-arc",
        HALF,
        line(SQUARE[0], SQUARE[1]),
        arc((100, 50), 50, 270, 90),
        line(SQUARE[2], SQUARE[3]),
        line(SQUARE[3], SQUARE[0]),
    ),
    good(
        "mirrored-plane",
        # In the plane of (0, 0, -1) x runs west: the points lie at their negative x.
        Read(10_000, CORNER),
        lwpolyline(
            [(-ORIGIN[0] - x, ORIGIN[1] + y) for x, y in SQUARE], (210, 0.0), (220, 0.0), (230, -1.0), moved=False
        ),
    ),
    good(
        "mirrored-bulge",
        # A bulge to the left in the mirrored plane is one to the right: this one goes outwards.
        HALF,
        lwpolyline(
            [(-ORIGIN[0] - x, ORIGIN[1] + y) for x, y in SQUARE],
            (210, 0.0),
            (220, 0.0),
            (230, -1.0),
            moved=False,
            bulges=[0, -1, 0, 0],
        ),
    ),
    good(
        "mirrored-circle",
        Read(pi * 2500, lonlat(-50, 0), repairs=("curve-to-line",), area_tolerance_m2=within(0, 100 * pi)),
        entity("CIRCLE", *raw((-ORIGIN[0], ORIGIN[1])), (40, 50.0), (210, 0.0), (220, 0.0), (230, -1.0)),
    ),
    good("mpolygon", Read(10_000 - 1_200, CORNER, holes=1), [
        (0, "MPOLYGON"), (8, "用地红线"), (30, 0.0), (91, 2), *loop(SQUARE)[:-1], *loop(INNER)[:-1],
        (11, 0.0), (21, 0.0),
    ]),
    good("plain-tags-without-subclasses", Read(10_000, CORNER), [
        (0, "LWPOLYLINE"), (8, "0"), (90, 4), (70, 1), *(pair for point in SQUARE for pair in at(point))
    ], version="AC1009"),
]  # fmt: skip


@cases(CASES)
def test_shapes_of_a_dxf(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
