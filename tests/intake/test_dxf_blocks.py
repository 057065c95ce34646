"""Blocks put into a DXF: their places worked out by hand; arrays, nesting, mirrors, and bombs."""

from math import cos, pi, radians, sin
from pathlib import Path
from typing import Any

from dxf_files import (
    LAYER,
    MERIDIAN,
    ORIGIN,
    SQUARE,
    Entity,
    block,
    circle,
    drawing,
    hatch,
    insert,
    lonlat,
    loop,
    lwpolyline,
)
from intake_cases import Case, Read, Refused, cases, check

CRS = {"crs": "EPSG:4525"}
CORNER = lonlat(0, 0)
FRAME = lwpolyline([(-500, -500), (500, -500), (500, 500), (-500, 500)], layer="TK", handle="E1")
UNIT: list[tuple[float, float]] = [(0, 0), (10, 0), (10, 5), (0, 5)]


def good(name: str, read: Read, *entities: Entity, options: dict[str, object] | None = None, **how: Any) -> Case:
    """Return the case of a drawing that is read."""
    return Case(name, drawing(*entities, **how), read, options=CRS | (options or {}), expected=MERIDIAN)


def bad(name: str, zh: str, *entities: Entity, options: dict[str, object] | None = None, **how: Any) -> Case:
    """Return the case of a drawing that is refused."""
    return Case(name, drawing(*entities, **how), Refused(zh), options=CRS | (options or {}), expected=MERIDIAN)


def unit(*, layer: str = "0") -> Entity:
    """Return an outline of 10 by 5 around its own origin, for blocks."""
    return lwpolyline(UNIT, moved=False, layer=layer)


def turned(x: float, y: float, degrees: float) -> tuple[float, float]:
    """Return longitude and latitude of a place turned around ORIGIN."""
    a = radians(degrees)
    return lonlat(x * cos(a) - y * sin(a), x * sin(a) + y * cos(a))


FROM_THE_RIGHT = lwpolyline([*UNIT[1:], UNIT[0]], moved=False, layer="0")

CASES = [
    good("block-as-it-is", Read(50, CORNER), insert("P", (0, 0)), blocks=[block("P", unit())]),
    good(
        "block-takes-the-layer-of-its-insert",
        Read(50, CORNER),
        insert("P", (0, 0)),
        FRAME,
        blocks=[block("P", unit())],
        options={"layer": LAYER},
    ),
    good(
        "block-with-a-layer-of-its-own",
        Read(50, CORNER),
        insert("P", (0, 0), layer="TK"),
        FRAME,
        blocks=[block("P", unit(layer="DK"))],
        options={"layer": "DK"},
    ),
    good(
        "block-scaled-and-turned",
        Read(50 * 6, turned(20, 0, 30)),
        insert("P", (0, 0), (41, 2.0), (42, 3.0), (50, 30.0)),
        blocks=[block("P", FROM_THE_RIGHT)],
    ),
    good(
        "block-mirrored", Read(50, lonlat(-10, 0)), insert("P", (0, 0), (41, -1.0)), blocks=[block("P", FROM_THE_RIGHT)]
    ),
    good(
        "block-with-a-base-point",
        Read(50 * 4, lonlat(-20, -10)),
        insert("P", (0, 0), (41, 2.0), (42, 2.0)),
        blocks=[block("P", unit(), base=(10, 5))],
    ),
    good(
        "block-in-a-block",
        # The inner one doubles and moves by (100, 0); the outer one turns by 90 degrees: (100, 0) comes to (0, 100).
        Read(50 * 4, lonlat(0, 100)),
        insert("OUT", (0, 0), (50, 90.0)),
        blocks=[
            block("OUT", insert("IN", (100, 0), (41, 2.0), (42, 2.0), layer="0", moved=False)),
            block("IN", unit()),
        ],
    ),
    good(
        "array-of-blocks",
        # Three columns of 20, two rows of 30, turned by 90 degrees and not scaled: the last stands at (-30, 40).
        Read(50 * 4 * 6, CORNER, footprints=6, parts=6),
        insert("P", (0, 0), (41, 2.0), (42, 2.0), (50, 90.0), (70, 3), (71, 2), (44, 20.0), (45, 30.0)),
        blocks=[block("P", unit())],
    ),
    good(
        "round-block-stretched-to-an-ellipse",
        Read(pi * 20 * 10, lonlat(20, 0), repairs=("curve-to-line",), area_tolerance_m2=0.01),
        insert("P", (0, 0), (41, 2.0)),
        blocks=[block("P", circle((0, 0), 10, layer="0", moved=False))],
    ),
    good(
        "block-in-the-mirrored-plane",
        Read(50, lonlat(-10, 0)),
        insert("P", (-ORIGIN[0], ORIGIN[1]), (210, 0.0), (220, 0.0), (230, -1.0), moved=False),
        blocks=[block("P", FROM_THE_RIGHT)],
    ),
    good(
        "block-of-a-boundary-point",
        Read(
            10_000,
            CORNER,
            warnings=("a.dxf：图层 用地红线 上 1 个界址点符号（落在界址点上的小圆或图块）不计入范围",),
        ),
        lwpolyline(SQUARE),
        insert("JZD", SQUARE[1]),
        blocks=[block("JZD", lwpolyline([(-1, -1), (1, -1), (0, 1)], moved=False, layer="0"))],
    ),
    good(
        "block-on-a-frozen-layer",
        Read(10_000, CORNER),
        lwpolyline(SQUARE),
        insert("P", (300, 0), layer="TK"),
        blocks=[block("P", unit(layer=LAYER))],
        layers=[("TK", 1, 7)],
    ),
    good(
        "hatch-in-blocks",
        Read(10_000 + 10_000, lonlat(0, 0), footprints=2, parts=2),
        insert("P", (0, 0), moved=False),
        insert("P", (300, 0), moved=False),
        blocks=[block("P", hatch(loop(SQUARE), layer="0"))],
    ),
    bad(
        "external-reference",
        "a.dxf:65：图层 用地红线 上的外部参照或图块没有内容（句柄 B1）；请绑定外部参照（XREF→绑定）后重新导出",
        insert("界线", (0, 0)),
        blocks=[block("界线", flags=4)],
    ),
    bad(
        "block-in-itself",
        "a.dxf：块 A 引用了自身；请在 CAD 中改正后重新导出",
        insert("A", (0, 0)),
        blocks=[block("A", insert("B", (0, 0))), block("B", insert("A", (0, 0)))],
    ),
    bad(
        "blocks-nested-too-deeply",
        "a.dxf：块的嵌套超过 32 层；请分解（EXPLODE）后重新导出，或用 --limit nesting=… 提高上限",
        insert("N0", (0, 0)),
        blocks=[block(f"N{i}", insert(f"N{i + 1}", (0, 0))) for i in range(5000)],
    ),
    bad(
        "array-of-a-billion",
        "a.dxf：图块和阵列展开后有 2147352578 个图形，超过允许的 10000 个；请分解（EXPLODE）并只保留边界后重新导出",
        insert("P", (0, 0), (70, 32767), (71, 32767), (44, 1.0), (45, 1.0)),
        blocks=[block("P", unit())],
    ),
    bad(
        "blocks-that-double-thirty-times",
        "a.dxf：图块和阵列展开后有 2147483647 个图形，超过允许的 10000 个；请分解（EXPLODE）并只保留边界后重新导出",
        insert("N0", (0, 0)),
        blocks=[block(f"N{i}", insert(f"N{i + 1}", (0, 0)), insert(f"N{i + 1}", (1, 0))) for i in range(30)],
    ),
]


@cases(CASES)
def test_blocks_of_a_dxf(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
