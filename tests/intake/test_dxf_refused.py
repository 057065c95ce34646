"""Damaged and hostile DXF: each is refused with one sentence that names the place, or read where nothing is lost."""

from collections.abc import Callable
from pathlib import Path

from dxf_files import (
    LAYER,
    MERIDIAN,
    SQUARE,
    Entity,
    ascii_dxf,
    at,
    binary_dxf,
    circle,
    drawing,
    edges,
    entity,
    hatch,
    insert,
    line,
    line_edge,
    lonlat,
    loop,
    lwpolyline,
    pairs_of,
    polyline,
    spline,
    text,
    write,
)
from intake_cases import Case, Read, Refused, cases, check
from zoning.sites import Limits

CRS = {"crs": "EPSG:4525"}
CORNER = lonlat(0, 0)
WHOLE = ascii_dxf(pairs_of(lwpolyline(SQUARE)))
OUT_OF_STEP = "此处应为组码（0–1071 的整数），却是 “{}”，文件不完整或已损坏；请重新导出 DXF"
DAMAGED = "缺少坐标、数字有误或不完整；请在 CAD 中检查（AUDIT）后重新导出"
CUT = "a.dxf：ENTITIES 段没有结束，文件不完整；请重新导出 DXF"
BINARY_CUT = "a.dxf：二进制 DXF 不完整或已损坏；请重新导出，最好存成文本（ASCII）DXF"


def made(data: bytes) -> Callable[[Path], Path]:
    """Return the function that writes these bytes."""
    return lambda folder: write(folder / "a.dxf", data)


def refused(name: str, data: bytes, zh: str, **options: object) -> Case:
    """Return the case of a file that is refused."""
    return Case(name, made(data), Refused(zh), CRS | options, MERIDIAN)


def broken(name: str, listed: Entity, what: str, **options: object) -> Case:
    """Return the case of a drawing with one entity that cannot be read; it begins at line 37."""
    return Case(name, drawing(listed), Refused(f"a.dxf:37：{what}{DAMAGED}"), CRS | options, MERIDIAN)


def line_of(data: bytes, piece: bytes) -> int:
    """Return the number of the line in which a piece stands first."""
    return data[: data.index(piece)].count(b"\n") + 1


GARBAGE = WHOLE.replace(b" 90\r\n4\r\n", b" 90\r\n4\r\nhello\r\n4\r\n")
NAN = [*lwpolyline(SQUARE)[:-1], (20, "nan")]
ONE_VALUE = [*lwpolyline(SQUARE), (10, "1_000"), (20, 1.0)]
OFFICE_LAYER = entity("LWPOLYLINE", (90, 4), *at((0, 0)), layer="TK")

CASES = [
    refused("cut-in-the-middle-of-a-line", WHOLE[: WHOLE.index(b"AcDbPolyline") + 4], CUT),
    refused("cut-after-an-entity", WHOLE[: WHOLE.rindex(b"  0\r\nENDSEC")], CUT),
    refused(
        "cut-within-a-code",
        WHOLE[: WHOLE.rindex(b"  0\r\nENDSEC")] + b" 1",
        f"a.dxf:{line_of(WHOLE, b'EOF') - 3}：" + OUT_OF_STEP.format("1"),
    ),
    refused(
        "word-instead-of-a-code",
        GARBAGE,
        f"a.dxf:{line_of(GARBAGE, b'hello')}：" + OUT_OF_STEP.format("hello"),
    ),
    refused(
        "code-out-of-range",
        WHOLE.replace(b" 90\r\n4\r\n", b"99999\r\n4\r\n"),
        f"a.dxf:{line_of(WHOLE, b' 90')}：" + OUT_OF_STEP.format("99999"),
    ),
    refused("utf-16", WHOLE.decode("gbk").encode("utf-16"), "a.dxf：文本是 UTF-16 编码；请在 CAD 中另存为 DXF"),
    refused(
        "no-entities-section",
        b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n  0\r\nENDSEC\r\n  0\r\nEOF\r\n",
        "a.dxf：没有 ENTITIES 段，不含图形；请重新导出 DXF",
    ),
    refused(
        "section-within-a-section",
        WHOLE.replace(b"  0\r\nENDSEC\r\n  0\r\nEOF", b"  0\r\nSECTION\r\n  2\r\nOBJECTS\r\n  0\r\nEOF"),
        f"a.dxf:{line_of(WHOLE, b'EOF') - 3}：ENTITIES 段没有结束就开始了新的段，文件已损坏；请重新导出 DXF",
    ),
    refused(
        "drawing-named-dxf",
        b"AC1027\0\0\0\0\0\3" + bytes(200),
        "a.dxf：DWG 是 AutoCAD 的内部格式，不能可靠读取；请在 CAD 中用“另存为”存成 DXF（AutoCAD 2007/2010 DXF）后提交",
    ),
    refused("binary-garbage", b"AutoCAD Binary DXF\r\n\x1a\x00" + bytes(range(256)) * 20, BINARY_CUT),
    refused("binary-cut", binary_dxf(pairs_of(lwpolyline(SQUARE)))[:-60], BINARY_CUT),
    refused("binary-without-content", b"AutoCAD Binary DXF\r\n\x1a\x00", BINARY_CUT),
    refused(
        "empty-model-space",
        ascii_dxf(pairs_of(text("说明", (0, 0)))),
        "a.dxf：模型空间里没有能作为边界的线；请只导出边界所在的图层，用闭合的多段线（LWPOLYLINE）绘制",
    ),
    refused(
        "only-in-paper-space",
        ascii_dxf(pairs_of(lwpolyline(SQUARE, (67, 1)))),
        "a.dxf：模型空间里没有线，1 条线都在图纸空间（布局），没有真实坐标；请把边界放到模型空间后重新导出",
    ),
    Case("end-of-file-missing", made(WHOLE[: WHOLE.rindex(b"  0\r\nEOF")]), Read(10_000, CORNER), CRS, MERIDIAN),
    Case("blank-lines-at-the-end", made(WHOLE[:-8] + b"\r\n\r\n\r\n"), Read(10_000, CORNER), CRS, MERIDIAN),
    broken("coordinate-that-is-no-number", NAN, "LWPOLYLINE（句柄 A1）"),
    broken("number-of-a-program", ONE_VALUE, "LWPOLYLINE（句柄 A1）"),
    broken("infinite-coordinate", [*lwpolyline(SQUARE), (10, "1e999"), (20, 1.0)], "LWPOLYLINE（句柄 A1）"),
    broken("fewer-points-than-stated", lwpolyline(SQUARE)[:-2], "LWPOLYLINE（句柄 A1）"),
    broken("x-without-y", entity("LINE", (10, 1.0), (20, 2.0), (11, 3.0)), "LINE（句柄 A1）"),
    broken("radius-of-nothing", circle((0, 0), 0), "CIRCLE（句柄 C1）"),
    broken("vertex-that-is-no-number", [*polyline(SQUARE, end=False), (0, "VERTEX"), (10, "x"), (20, 1.0)], "POLYLINE"),
    broken("spline-with-too-few-knots", spline([(0, 0), (9, 0), (9, 9), (0, 0)], [0, 0, 1, 1], 3), "SPLINE（句柄 A1）"),
    broken(
        "hatch-edge-of-an-infinite-radius",
        hatch(edges([(72, 2), *at((0, 0)), (40, "inf"), (50, 0.0), (51, 360.0), (73, 1)])),
        "HATCH（句柄 F1）",
    ),
    broken(
        "spline-with-falling-knots",
        spline([(0, 0), (9, 0), (9, 9), (0, 0)], [0, 0, 0, 1, 0, 1, 1, 1], 3),
        "SPLINE（句柄 A1）",
    ),
    broken(
        "hatch-with-a-loop-missing", [*hatch(loop(SQUARE))[:13], (91, 2), *hatch(loop(SQUARE))[14:]], "HATCH（句柄 F1）"
    ),
    broken(
        "hatch-that-states-a-billion-points", hatch([(92, 3), (93, 2_000_000_000), *at((0, 0))]), "HATCH（句柄 F1）"
    ),
    broken("block-of-scale-nothing", insert("P", (0, 0), (41, 0.0)), "INSERT（句柄 B1）"),
    broken(
        "plane-without-a-direction", lwpolyline(SQUARE, (210, 0.0), (220, 0.0), (230, 0.0)), "LWPOLYLINE（句柄 A1）"
    ),
    Case(
        "damage-on-another-layer-than-asked-for",
        drawing(lwpolyline(SQUARE), OFFICE_LAYER),
        Read(10_000, CORNER),
        CRS | {"layer": LAYER},
        MERIDIAN,
    ),
    refused(
        "damage-on-another-layer",
        ascii_dxf(pairs_of(lwpolyline(SQUARE), OFFICE_LAYER)),
        "a.dxf：有 2 个图层可能是边界：用地红线（1 个闭合图形，约 1.00 公顷）；TK（1 个 LWPOLYLINE，不能读取）；"
        "请用 --layer 指定边界所在的图层（按名称像是 用地红线）",
    ),
    refused(
        "hatch-whose-edges-do-not-meet",
        ascii_dxf(pairs_of(hatch(edges(line_edge((0, 0), (100, 0)), line_edge((100, 0), (100, 100)))))),
        "a.dxf：图层 用地红线 上没有闭合的线：HATCH（句柄 F1）的首末点相距 141.421 m，末点在 (37500100, 3925100)；"
        "请在 CAD 中闭合（PEDIT→闭合）后重新导出，若是线状工程请用 --width 说明宽度（米）",
    ),
    refused(
        "line-there-and-back",
        ascii_dxf(pairs_of(lwpolyline([(0, 0), (100, 0), (100, 100), (100, 0)]))),
        "a.dxf：图层 用地红线 上的 LWPOLYLINE（句柄 A1）首尾相接却围不成面（来回重合）；请按边界重新绘制",
    ),
    refused(
        "three-lines-meet-at-one-end",
        ascii_dxf(pairs_of(*(line(SQUARE[i], SQUARE[(i + 1) % 4]) for i in range(4)), line((0, 0), (-50, 0)))),
        "a.dxf：图层 用地红线 上除闭合图形外还有 1 条未闭合的线或填充伸出范围，例如 LINE（"
        "句柄 A1）起点 (37500000, 3925000)，"
        "首末点相距 50.000 m；若是边界请闭合（PEDIT→闭合），否则请移到别的图层",
    ),
    refused(
        "two-parcels-of-lines-with-one-side-in-common",
        ascii_dxf(
            pairs_of(
                *(line(SQUARE[i], SQUARE[(i + 1) % 4]) for i in range(4)),
                line((100, 0), (200, 0)),
                line((200, 0), (200, 100)),
                line((200, 100), (100, 100)),
            )
        ),
        "a.dxf：图层 用地红线 上没有闭合的线：在 (37500100, 3925000) 等 2 处有三条以上的线相接，走向不明；"
        "请在 CAD 中用 BOUNDARY 生成闭合的多段线后重新导出",
    ),
    Case(
        "two-rings-of-lines-that-touch-in-a-point",
        drawing(
            *(line(SQUARE[i], SQUARE[(i + 1) % 4]) for i in range(4)),
            *(line((-SQUARE[i][0], -SQUARE[i][1]), (-SQUARE[i - 1][0], -SQUARE[i - 1][1])) for i in range(4)),
        ),
        Read(20_000, CORNER, footprints=2, parts=2),
        CRS,
        MERIDIAN,
    ),
    refused(
        "circle-as-large-as-the-sun",
        ascii_dxf(pairs_of(circle((0, 0), 7e8))),
        "a.dxf：超过 200000 个点的上限；请只导出项目范围，或用 --limit vertices=… 提高上限",
        limits=Limits(vertices=200_000),
    ),
    refused(
        "more-vertices-than-allowed",
        ascii_dxf(pairs_of(lwpolyline([(i, i * i) for i in range(300)]))),
        "a.dxf：超过 100 个点的上限；请只导出项目范围，或用 --limit vertices=… 提高上限",
        limits=Limits(vertices=100),
    ),
    refused(
        "more-old-vertices-than-allowed",
        ascii_dxf(pairs_of(polyline([(i, i * i) for i in range(300)]))),
        "a.dxf：超过 100 个点的上限；请只导出项目范围，或用 --limit vertices=… 提高上限",
        limits=Limits(vertices=100),
    ),
    refused(
        "outlines-in-outlines-by-the-thousand",
        ascii_dxf(
            pairs_of(*(lwpolyline([(-i, -i), (i, -i), (i, i), (-i, i)], handle=f"{i:X}") for i in range(1, 1001)))
        ),
        "a.dxf：各环互相重叠或嵌套超过 200000 处，不能作为范围；请删除重复的环后重新导出",
    ),
]


@cases(CASES)
def test_damaged_and_hostile_dxf(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
