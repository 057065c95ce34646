"""Which outlines of a DXF count: layers, rings within rings, symbols, texts; each case with all that is said."""

from math import pi
from pathlib import Path
from typing import Any

from dxf_files import (
    INNER,
    LAYER,
    MERIDIAN,
    ORIGIN,
    SQUARE,
    Entity,
    at,
    circle,
    drawing,
    entity,
    line,
    lonlat,
    lwpolyline,
    text,
)
from intake_cases import Case, Read, Refused, cases, check

CRS = {"crs": "EPSG:4525"}
CORNER = lonlat(0, 0)
FRAME = lwpolyline([(-500, -500), (500, -500), (500, 500), (-500, 500)], layer="TK", handle="E1")
BESIDE = [(x + 300, y) for x, y in SQUARE]
HOLE_SAID = "a.dxf 第 1 个图形：其内有 1 个闭合图形（共约 1200.0 m²），按扣除处理；若不是扣除部分，请移到别的图层"


def good(name: str, read: Read, *entities: Entity, options: dict[str, object] | None = None, **how: Any) -> Case:
    """Return the case of a drawing that is read."""
    return Case(name, drawing(*entities, **how), read, options=CRS | (options or {}), expected=MERIDIAN)


def bad(name: str, zh: str, *entities: Entity, options: dict[str, object] | None = None, **how: Any) -> Case:
    """Return the case of a drawing that is refused."""
    return Case(name, drawing(*entities, **how), Refused(zh), options=CRS | (options or {}), expected=MERIDIAN)


LAYERS = [
    good(
        "utf-8-since-2007-whatever-the-code-page-says",
        Read(
            10_000,
            CORNER,
            fields={"attributes": {"图层": LAYER, "句柄": "A1", "实体": "LWPOLYLINE"}, "encoding": "utf-8"},
        ),
        lwpolyline(SQUARE),
        version="AC1021",
        encoding="utf-8",
    ),
    good(
        "gbk-before-2007",
        Read(10_000, CORNER, fields={"encoding": "gb18030"}),
        lwpolyline(SQUARE),
        FRAME,
        options={"layer": LAYER},
    ),
    good(
        "gbk-under-a-western-code-page",
        Read(10_000, CORNER, fields={"encoding": "gb18030"}),
        lwpolyline(SQUARE),
        FRAME,
        page="ANSI_1252",
        options={"layer": LAYER},
    ),
    good(
        "name-in-escapes",
        Read(10_000, CORNER),
        lwpolyline(SQUARE, layer=r"\U+7EA2\U+7EBF"),
        FRAME,
        options={"layer": "红线"},
    ),
    good("other-case", Read(10_000, CORNER), lwpolyline(SQUARE, layer="Jzx"), FRAME, options={"layer": "JZX"}),
    bad(
        "several-layers",
        "a.dxf：有 2 个图层可能是边界：TK（1 个闭合图形，约 100.00 公顷）；JZX（2 个闭合图形，约 2.00 公顷）；"
        "请用 --layer 指定边界所在的图层（按名称像是 JZX）",
        lwpolyline(SQUARE, layer="JZX"),
        lwpolyline(BESIDE, layer="JZX"),
        FRAME,
    ),
    bad(
        "a-frame-and-a-boundary-that-is-not-closed",
        "a.dxf：有 2 个图层可能是边界：TK（1 个闭合图形，约 100.00 公顷）；用地红线（1 条未闭合的线，"
        "首末点至少相距 0.050 m）；"
        "请用 --layer 指定边界所在的图层（按名称像是 用地红线）",
        lwpolyline([*SQUARE, (0, 0.05)], closed=False),
        FRAME,
    ),
    bad(
        "a-frame-and-a-region",
        "a.dxf：有 2 个图层可能是边界：TK（1 个闭合图形，约 100.00 公顷）；DK（1 个 REGION，不能读取）；"
        "请用 --layer 指定边界所在的图层（按名称像是 DK）",
        entity("REGION", (1, "acis"), layer="DK"),
        FRAME,
    ),
    bad(
        "a-frame-and-parcels-drawn-with-common-sides",
        "a.dxf：有 2 个图层可能是边界：TK（1 个闭合图形，约 100.00 公顷）；ZD（2 处有三条以上的线相接）；"
        "请用 --layer 指定边界所在的图层（按名称像是 ZD）",
        *(line(SQUARE[i], SQUARE[(i + 1) % 4], layer="ZD") for i in range(4)),
        line((50, 0), (50, 100), layer="ZD"),
        lwpolyline([(0, 0), (100, 100)], layer="ZD", closed=False),
        FRAME,
    ),
    bad(
        "no-such-layer",
        "a.dxf：没有图层 红线，或其中没有线；有线的图层：TK、用地红线",
        lwpolyline(SQUARE),
        FRAME,
        options={"layer": "红线"},
    ),
    good(
        "frozen-layer",
        Read(10_000, CORNER, warnings=("a.dxf：关闭、冻结的图层或隐藏的 1 个闭合图形没有读取：TK",)),
        lwpolyline(SQUARE),
        FRAME,
        layers=[("TK", 1, 7)],
    ),
    good(
        "frozen-layer-asked-for",
        Read(1_000_000, lonlat(-500, -500)),
        FRAME,
        layers=[("TK", 1, 7)],
        options={"layer": "tk"},
    ),
    bad(
        "all-layers-off",
        "a.dxf：闭合图形都在关闭或冻结的图层上：用地红线；请打开图层后重新导出，或用 --layer 指定",
        lwpolyline(SQUARE),
        layers=[(LAYER, 0, -7)],
    ),
    good("invisible-line", Read(10_000, CORNER), lwpolyline(SQUARE), lwpolyline(BESIDE, (60, 1))),
]

RINGS = [
    good(
        "ring-in-a-ring",
        Read(10_000 - 1_200, CORNER, holes=1, warnings=(HOLE_SAID,)),
        lwpolyline(INNER),
        lwpolyline(SQUARE),
    ),
    good(
        "island-in-a-hole",
        Read(10_000 - 1_200 + 100, CORNER, footprints=2, parts=2, holes=1, warnings=(HOLE_SAID,)),
        lwpolyline(SQUARE),
        lwpolyline(INNER, handle="A2"),
        lwpolyline([(30, 30), (40, 30), (40, 40), (30, 40)], handle="A3"),
    ),
    good(
        "drawn-twice",
        Read(10_000, CORNER, warnings=("a.dxf：图层 用地红线 上有 1 个重复的闭合图形，只计一次",)),
        lwpolyline(SQUARE),
        lwpolyline([(0.0004, 100), (0, 0), (100, 0), (100, 100)]),
    ),
    good(
        "nearly-the-same-twice",
        Read(
            10_000 + 9_900,
            CORNER,
            footprints=2,
            parts=2,
            warnings=("a.dxf：图层 用地红线 上有 1 对几乎重合的闭合图形，都作为单独的地块读取；请核对",),
        ),
        lwpolyline(SQUARE),
        lwpolyline([(0, 0), (100, 0), (100, 99), (0, 99)], handle="A2"),
    ),
    good(
        "crossing-outlines",
        Read(20_000, CORNER, footprints=2, parts=2),
        lwpolyline(SQUARE),
        lwpolyline([(x + 50, y) for x, y in SQUARE], handle="A2"),
    ),
    good(
        "self-crossing-outline-stays",
        Read(0, CORNER, area_tolerance_m2=1),
        lwpolyline([(0, 0), (100, 100), (100, 0), (0, 100)]),
    ),
    good(
        "circles-of-boundary-points",
        Read(
            10_000,
            CORNER,
            warnings=("a.dxf：图层 用地红线 上 4 个界址点符号（落在界址点上的小圆或图块）不计入范围",),
        ),
        lwpolyline(SQUARE),
        *(circle(corner, 0.5) for corner in SQUARE),
    ),
    good(
        "circles-on-a-layer-of-their-own", Read(10_000, CORNER), lwpolyline(SQUARE), circle((100, 0), 0.5, layer="JZP")
    ),
    good(
        "small-circle-away-from-the-vertices",
        Read(
            10_000 - pi * 0.25,
            CORNER,
            holes=1,
            repairs=("curve-to-line",),
            warnings=(
                "a.dxf 第 1 个图形：其内有 1 个闭合图形（共约 0.8 m²），按扣除处理；若不是扣除部分，请移到别的图层",
            ),
        ),
        lwpolyline(SQUARE),
        circle((50, 50), 0.5),
    ),
    good(
        "one-text-inside",
        Read(10_000, CORNER, name="一号采场"),
        lwpolyline(SQUARE),
        text("一号采场", (50, 50)),
        text("812.5", (60, 60)),
    ),
    good(
        "two-texts-inside",
        Read(10_000, CORNER, name="a"),
        lwpolyline(SQUARE),
        text("甲", (50, 50)),
        text("乙", (60, 60)),
    ),
    good(
        "names-of-two",
        Read(20_000, CORNER, footprints=2, parts=2, name="甲"),
        lwpolyline(SQUARE),
        lwpolyline(BESIDE, handle="A2"),
        entity("MTEXT", *text("", (50, 50))[5:7], (1, r"{\fSimSun|b0;甲}"), layer="zj"),
    ),
    good(
        "texts-and-points-on-the-layer",
        Read(10_000, CORNER, name="J1", warnings=("a.dxf：图层 用地红线 上的 3 个文字、标注或点不计入范围",)),
        lwpolyline(SQUARE),
        text("J1", (1, 1), layer=LAYER),
        entity("POINT", *at((50, 50))),
        entity("DIMENSION", (1, "100.00")),
    ),
    good(
        "open-line-inside",
        Read(10_000, CORNER, warnings=("a.dxf：图层 用地红线 上在范围以内的 1 条未闭合的线或填充不计入范围",)),
        lwpolyline(SQUARE),
        line((10, 10), (90, 90)),
    ),
    bad(
        "open-line-outside",
        "a.dxf：图层 用地红线 上除闭合图形外还有 1 条未闭合的线或填充伸出范围，例如 LWPOLYLINE（"
        "句柄 A2）起点 (37500300, 3925000)，"
        "首末点相距 0.350 m；若是边界请闭合（PEDIT→闭合），否则请移到别的图层",
        lwpolyline(SQUARE),
        lwpolyline([*BESIDE, (300, 0.35)], closed=False, handle="A2"),
    ),
    bad(
        "face-outside",
        "a.dxf：图层 用地红线 上除闭合图形外还有 1 条未闭合的线或填充伸出范围，例如 SOLID（"
        "句柄 A1）起点 (37500000, 3925000)；"
        "若是边界请闭合（PEDIT→闭合），否则请移到别的图层",
        lwpolyline(BESIDE),
        entity(
            "SOLID",
            (10, ORIGIN[0]),
            (20, ORIGIN[1]),
            (11, ORIGIN[0] + 9),
            (21, ORIGIN[1]),
            (12, ORIGIN[0]),
            (22, ORIGIN[1] + 9),
        ),
    ),
    bad(
        "not-closed",
        "a.dxf：图层 用地红线 上没有闭合的线：LWPOLYLINE（句柄 A1）的首末点相距 0.350 m，"
        "末点在 (37500000, 3925000.35)；"
        "请在 CAD 中闭合（PEDIT→闭合）后重新导出，若是线状工程请用 --width 说明宽度（米）",
        lwpolyline([*SQUARE, (0, 0.35)], closed=False),
    ),
    good(
        "line-with-a-width",
        Read(0, CORNER, fields={"width_m": 8.0}),
        lwpolyline(SQUARE, closed=False),
        options={"width_m": 8.0},
    ),
    bad(
        "region",
        "a.dxf:37：图层 用地红线 上有 1 个 REGION，不能读取，可能是边界；请转换为闭合的多段线（"
        "面域用 EXPLODE 再 PEDIT 合并），"
        "或移到别的图层",
        entity("REGION", (1, "acis")),
        lwpolyline(BESIDE),
    ),
]

CASES = [*LAYERS, *RINGS]


@cases(CASES)
def test_what_counts_in_a_dxf(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
