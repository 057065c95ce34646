"""VCT: what is refused, with the line, the id and the way out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from boundary_writers import SQUARE, Ring, plane, shifted, write
from intake_cases import UNKNOWN_CRS, Case, Refused, cases, check
from vct_files import Layer, direct_text, head, line_text, of_objects, polygon_text, section, vct
from zoning.errors import CRSError
from zoning.sites import Limits


def rounded(ring: Ring, code: str = "EPSG:4525") -> list[tuple[float, float]]:
    """Return the ring in a plane."""
    return [(round(x, 4), round(y, 4)) for x, y in plane(code, ring)]


def made(text: str, name: str = "a.vct") -> Callable[[Path], Path]:
    """Return what writes the text."""
    return lambda folder: write(folder / name, text, "gb18030")


SQUARE_37, NEXT_37 = rounded(SQUARE), rounded(shifted(SQUARE, 0.01))
CROSSING_37 = rounded(shifted(SQUARE, 0.005))
HALVES = [line_text(1, SQUARE_37[:3]), line_text(2, SQUARE_37[2:])]
ONE = Layer([[SQUARE_37]])
OTHER = Layer([[NEXT_37]], code="2003010100", name="地类图斑", table="DLTB")
OLD_HEAD = (
    "HeadBegin\nDatamark: LANDUSE.VCT\nVersion: 2.0\nUnit: M\nDim: 2\nTopo: 1\nCoordinate: M\n"
    "Spheroid: IAG-75 Spheroid\nParameters: 6378140,6356755\nMeridian: 114\nSeparator: ,\nHeadEnd\n"
)
XIAN = "坐标属于 1980 西安坐标系，与 2000 国家大地坐标系之间没有公开的转换参数，直接套用会偏差数十至上百米；"
XIAN += "请测绘单位转换为 2000 国家大地坐标系后再提交，或用 --datum-shift 给出转换参数文件"
BEIJING = XIAN.replace("1980 西安坐标系", "1954 北京坐标系")


def stated(**changes: Any) -> Callable[[Path], Path]:
    """Return a square with changes of the head."""
    return made(vct(ONE, **changes))


def cut(text: str, end: str) -> Callable[[Path], Path]:
    """Return the text up to and with the last `end`."""
    return made(text[: text.rindex(end) + len(end)] + "\n")


def crs_refused(zh: str) -> Refused:
    """Return a refusal of the coordinate system."""
    return Refused(zh, CRSError)


def idrisi(folder: Path) -> Path:
    """Write a binary .vct: type, number of features, header of 261 bytes."""
    return write(folder / "a.vct", b"\x03" + (2).to_bytes(4, "little") + bytes(256) + b"\0" * 40)


def ring_text(kind: int, *rows: str) -> str:
    """Return a file with one polygon whose only ring is of this kind."""
    return of_objects([], ["\n".join(["7", "20", "Unknown", "1", "1.0,1.0", "1", str(kind), *rows, "0"])])


def line_of(kind: int, *rows: str, feature: int = 1) -> str:
    """Return a file with a line of one segment of this kind."""
    return of_objects(["\n".join(["1", "2001010100", "Unknown", str(feature), "1", str(kind), *rows, "0"])], [])


def nested(depth: int) -> str:
    """Return polygons each of which is made of the one before; the last closes the circle."""
    texts = [polygon_text(key, [key + 1], made_of=22) for key in range(1, depth)]
    return of_objects([], [*texts, polygon_text(depth, [1], made_of=22)])


NO_ZONE = (
    f"{UNKNOWN_CRS} --crs EPSG:4546（CGCS2000 3° 带，中央经线 111°，Y 不带带号）、"
    "--crs EPSG:32649（WGS 84 / UTM zone 49N）"
)
VERSION = "；请导出为 VCT 3.0 或 Shapefile"
CHECK = "；请核对后改正"
SQUARE_M = SQUARE_37[0]
AGAIN = "；请重新导出"
TWO = vct(ONE, OTHER)

CASES = [
    Case(
        "VCT 2.0",
        made(OLD_HEAD),
        Refused(f"a.vct:3：是 LANDUSE.VCT 2.0 版的 VCT，只读取 VCT 3.0（GB/T 17798-2007）{VERSION}"),
    ),
    Case(
        "VCT 1.0 by its keys",
        made(OLD_HEAD.replace("Version: 2.0\n", "").replace("LANDUSE.VCT", "CNSDTF-VCT")),
        Refused(f"a.vct：是 CNSDTF-VCT 版的 VCT，只读取 VCT 3.0（GB/T 17798-2007）{VERSION}"),
    ),
    Case(
        "Idrisi",
        idrisi,
        Refused("a.vct：是二进制的 .vct（可能是 Idrisi 软件的格式），不是 VCT 3.0 文本；请导出为 VCT 3.0 或 Shapefile"),
    ),
    Case(
        "Idrisi that looks like WKB",
        lambda folder: write(folder / "a.vct", b"\x01" + (3).to_bytes(4, "little") + bytes(300)),
        Refused("a.vct：是二进制的 .vct（可能是 Idrisi 软件的格式），不是 VCT 3.0 文本；请导出为 VCT 3.0 或 Shapefile"),
    ),
    Case(
        "two layers",
        made(TWO),
        Refused(
            "a.vct：有 2 个面图层；请用 --layer 指定一个（要素代码、名称或表名）：2001010100 项目用地 XMYD（1 个）、"
            "2003010100 地类图斑 DLTB（1 个）"
        ),
    ),
    Case(
        "no such layer",
        made(TWO),
        Refused(
            "a.vct：没有图层 XZQ；可选：2001010100 项目用地 XMYD（1 个）、2003010100 地类图斑 DLTB（1 个）、"
            "1099000000（3 个）"
        ),
        {"layer": "XZQ"},
    ),
    Case("no features", made(vct()), Refused(f"a.vct：没有任何图形{AGAIN}")),
    Case(
        "line missing",
        made(of_objects(HALVES[:1], [polygon_text(7, [1, 2])])),
        Refused("a.vct:45：面 7 引用的线 2 不在文件中；请导出完整的文件"),
    ),
    Case(
        "id twice",
        made(of_objects([*HALVES, HALVES[1]], [polygon_text(7, [1, 2])])),
        Refused("a.vct:67：面 7 引用的线 2 标识码重复（第 42 行和第 53 行）；请重新导出"),
    ),
    Case(
        "lines that do not join",
        made(
            of_objects([HALVES[0], line_text(2, [(x + 3, y + 4) for x, y in SQUARE_37[2:]])], [polygon_text(7, [1, 2])])
        ),
        Refused(f"a.vct:56：面 7 的边界线没有首尾相接：线 1 与线 2 之间相差 5.000 米，围不成面{AGAIN}"),
    ),
    Case(
        "open chain",
        made(of_objects([line_text(1, SQUARE_37[:2]), line_text(2, SQUARE_37[1:3])], [polygon_text(7, [1, 2])])),
        Refused(f"a.vct:54：面 7 的边界线没有首尾相接：线 2 与线 1 之间相差 1434.147 米，围不成面{AGAIN}"),
    ),
    Case(
        "rings that cross",
        made(of_objects([], [direct_text(7, [SQUARE_37, CROSSING_37])])),
        Refused("a.vct:34：面 7 的第 1 环与第 2 环相交，分不清内外；请改正"),
    ),
    Case(
        "ring twice",
        made(of_objects([], [direct_text(7, [SQUARE_37, SQUARE_37])])),
        Refused("a.vct:34：面 7 的第 1 环与第 2 环重复；请删去一个"),
    ),
    Case(
        "line without points",
        made(of_objects([line_text(1, [])], [polygon_text(7, [1])])),
        Refused("a.vct:42：面 7 引用的线 1 没有点；请重新导出"),
    ),
    Case("polygons in a circle", made(nested(3)), Refused(f"a.vct:52：面 3 层层引用超过 32 层，可能循环引用{AGAIN}")),
    Case(
        "line of itself",
        made(of_objects(["1\n20\nUnknown\n100\n1\n1\n0"], [polygon_text(7, [1])])),
        Refused(f"a.vct:31：线 1 层层引用超过 32 层，可能循环引用{AGAIN}"),
    ),
    Case(
        "polygon taken backwards",
        made(of_objects([], [direct_text(1, [SQUARE_37], code="9"), polygon_text(7, [-1], made_of=22)])),
        Refused("a.vct:48：面 7 由面组成，其中面 -1 带负号，含义不明；请导出为由线组成的面"),
        {"layer": "2001010100"},
    ),
    Case(
        "more points stated than there are",
        made(of_objects([HALVES[0].replace("\n3\n", "\n999999999\n")], [])),
        Refused(f"a.vct:41：写明有 999999999 个点，只有 3 个{AGAIN}"),
    ),
    Case(
        "more ids stated than there are",
        made(of_objects(HALVES, [polygon_text(7, [1, 2], count=5)])),
        Refused(f"a.vct:64：写明有 5 个对象标识号，实有 2 个{AGAIN}"),
    ),
    Case(
        "fewer ids stated than there are",
        made(of_objects(HALVES, [polygon_text(7, [1, 2], count=1)])),
        Refused(f"a.vct:63：写明有 1 个对象标识号，实有 2 个{AGAIN}"),
    ),
    Case(
        "not a number",
        made(of_objects([line_text(1, [(float("nan"), 1), (2, 3)])], [])),
        Refused("a.vct:38：“nan,1.0000” 不是坐标；应为 X,Y 两个数字，请改正"),
    ),
    Case(
        "huge number",
        made(of_objects([line_text(1, [(1e308, 1), (2, 3)], decimals=0)], [])),
        Refused(f"a.vct:38：“{1e308:.0f}"[:70] + "” 不是坐标；应为 X,Y 两个数字，请改正"),
    ),
    Case(
        "coordinate of one number",
        made(of_objects([HALVES[0].replace(",", ";")], [])),
        Refused(f"a.vct:38：写明有 3 个点，只有 0 个{AGAIN}"),
    ),
    Case(
        "object without its 0",
        made(of_objects([HALVES[0].removesuffix("\n0"), HALVES[1]], [])),
        Refused(f"a.vct:41：线 1 应在此处以 0 结束，却是 “2”{AGAIN}"),
    ),
    Case("cut in an object", cut(vct(ONE), "1099000000"), Refused(f"a.vct:41：文件在此处中断{AGAIN}")),
    Case(
        "cut after an object",
        cut(vct(ONE), "21\n1\n1\n0"),
        Refused(f"a.vct:55：PolygonBegin 没有对应的 PolygonEnd，文件不完整{AGAIN}"),
    ),
    Case(
        "cut before the polygons",
        cut(vct(ONE), "LineEnd"),
        Refused("a.vct：只有边界线 1099000000（1 个），没有由它们组成的面，文件不完整；请重新导出"),
    ),
    Case(
        "no LineEnd",
        made(vct(ONE).replace("LineEnd\n", "")),
        Refused(f"a.vct:54：PolygonBegin 之前缺少 LineEnd{AGAIN}"),
    ),
    Case(
        "section in an object",
        made(of_objects(["1\n20\nUnknown"], [])),
        Refused(f"a.vct:34：对象还没有写完就到了 LineEnd{AGAIN}"),
    ),
    Case(
        "no HeadEnd",
        made(vct(ONE).replace("HeadEnd\n", "")),
        Refused(f"a.vct:21：FeatureCodeBegin 之前缺少 HeadEnd{AGAIN}"),
    ),
    Case(
        "text in no section",
        made(head() + "\n多余的一行\n"),
        Refused(f"a.vct:21：“多余的一行” 不在任何一节之内{AGAIN}"),
    ),
    Case(
        "comment without end",
        made(head() + "\nCommentBegin\nabc\n"),
        Refused(f"a.vct:21：CommentBegin 没有对应的 CommentEnd{AGAIN}"),
    ),
    Case(
        "fields without their 0",
        made(vct(ONE).replace("FJ,Varbin\n0", "FJ,Varbin")),
        Refused(f"a.vct:36：表 XMYD 的字段没有以 0 结束{AGAIN}"),
    ),
    Case(
        "id is no number",
        made(of_objects(["L1" + HALVES[0][1:]], [])),
        Refused("a.vct:31：标识码 “L1” 不是整数；请重新导出"),
    ),
    Case(
        "arc by centre",
        made(line_of(13, "1,1", "5", "0", "90")),
        Refused("a.vct:36：线段类型 13（圆心弧）不能读取；请在原软件中转为折线后导出"),
    ),
    Case(
        "Bézier curve",
        made(line_of(17, "4")),
        Refused("a.vct:36：线段类型 17（贝塞尔曲线）不能读取；请在原软件中转为折线后导出"),
    ),
    Case(
        "unknown segment",
        made(line_of(99, "4")),
        Refused("a.vct:36：线段类型 99（未知）不能读取；请在原软件中转为折线后导出"),
    ),
    Case(
        "ellipse",
        made(ring_text(14, "1,1", "2,2", "0.5")),
        Refused("a.vct:40：圈的类型 14（椭圆）不能读取；请在原软件中转为折线后导出"),
    ),
    Case(
        "circle in a line",
        made(ring_text(12, "1,1", "2,2", "3,3")),
        Refused("a.vct:43：三点圆的三个点重合或在一条直线上，定不出圆；请改正"),
    ),
    Case("radius 0", made(ring_text(13, "1,1", "0")), Refused("a.vct:42：半径 0 不是正数；请改正")),
    Case(
        "unknown type of line",
        made(line_of(11, feature=7)),
        Refused(f"a.vct:34：线的特征类型是 7，应为 1、100 之一{AGAIN}"),
    ),
    Case(
        "unknown composition",
        made(of_objects(HALVES, [polygon_text(7, [1, 2], made_of=23)])),
        Refused(f"a.vct:61：间接坐标面的构成类型是 23，应为 21、22 之一{AGAIN}"),
    ),
    Case("Xian 1980", stated(Spheroid="西安80,6378140,298.257"), crs_refused(f"a.vct：{XIAN}")),
    Case("Beijing 1954", stated(Spheroid="Krassovsky,6378245.0,298.3"), crs_refused(f"a.vct：{BEIJING}")),
    Case(
        "flattening",
        stated(Spheroid="CGCS2000,6378137,298.3"),
        crs_refused(f"a.vct:10：参考椭球是 CGCS2000 的，扁率倒数却是 298.3，应为 298.257{CHECK}"),
    ),
    Case(
        "spheroid against its axis",
        stated(Spheroid="CGCS2000,6378140,298.257"),
        crs_refused(f"a.vct:10：参考椭球写的是 CGCS2000，长半轴却是 6378140（1980 西安坐标系）{CHECK}"),
    ),
    Case(
        "meridian against the zone",
        stated(Parameters="114,1,37500000,0,3,37"),
        crs_refused(f"a.vct:13：文件头 Parameters 的中央经线是 114，东坐标的带号却是 37（中央经线 111°）{CHECK}"),
    ),
    Case(
        "false easting against the zone",
        stated(Parameters="111,1,38500000,0"),
        crs_refused(f"a.vct:13：文件头 Parameters 的东偏移的带号是 38，东坐标的带号却是 37（中央经线 111°）{CHECK}"),
    ),
    Case(
        "width against the zone",
        stated(Parameters="111,1,500000,0,6,37"),
        crs_refused(f"a.vct:13：文件头 Parameters 的分带是 6，东坐标的带号却是 37（中央经线 111°）{CHECK}"),
    ),
    Case(
        "meridian against the zone of the head",
        made(vct(Layer([[rounded(SQUARE, "EPSG:4546")]]), Parameters="111,1,500000,0,3,38")),
        crs_refused(f"a.vct:13：文件头 Parameters 的中央经线是 111，带号却是 38（中央经线 114°）{CHECK}"),
    ),
    Case(
        "two zones",
        made(vct(Layer([[SQUARE_37], [rounded(SQUARE, "EPSG:4526")]]))),
        crs_refused("a.vct:78：东坐标的带号不一致（37 和 38）；请换算到同一带后导出"),
    ),
    Case(
        "no meridian",
        made(vct(Layer([[rounded(SQUARE, "EPSG:4546")]]), Parameters=None)),
        crs_refused(f"a.vct：文件头的 Parameters 没有中央经线，东坐标也不带带号，{NO_ZONE}"),
    ),
    Case(
        "degrees under P",
        made(vct(Layer([[list(SQUARE)]]))),
        crs_refused("a.vct:56：坐标 (112.3, 35.4) 是度数，文件头却写明单位是米；请改正文件头或重新导出"),
    ),
    Case(
        "unit against the type",
        stated(XYUnit="D"),
        crs_refused("a.vct:8：坐标单位 XYUnit 是 D，与坐标系类型 P 不符；D 用度，P 用米，请改正"),
    ),
    Case(
        "offset",
        stated(Offset="100,200"),
        Refused("a.vct:17：坐标偏移量 Offset 是 100,200，不是 0，含义不明；请导出不带偏移量的坐标"),
    ),
    Case(
        "axes",
        stated(XAxisDirection="W"),
        Refused("a.vct:6：坐标轴方向为 X=W、Y=N，只能一个向东（E）、一个向北（N）；请改正"),
    ),
    Case("four dimensions", stated(Dim="4"), Refused("a.vct:5：坐标维数 Dim 是 “4”，只能是 2 或 3；请改正")),
    Case(
        "prime meridian",
        stated(PrimeMeridian="Paris"),
        crs_refused("a.vct:11：首子午线是 “Paris”，只读取格林尼治；请改正"),
    ),
    Case(
        "limit of vertices",
        made(vct(ONE)),
        Refused("a.vct：超过 4 个点的上限；请只导出项目范围，或用 --limit vertices=… 提高上限"),
        {"limits": Limits(vertices=4)},
    ),
    Case(
        "line as footprint",
        made(line_of(11, "2", "37618000.0,3920000.0", "37618000.0,3921000.0")),
        Refused("a.vct:31：是线，没有面积；请用 --width 说明宽度（米），或提供面状范围；不属于项目的线请从文件中删去"),
    ),
    Case(
        "endless line",
        made(head() + "\n" + "1" * 1_000_001 + "\n"),
        Refused(f"a.vct:21：这一行超过 1000000 个字符{AGAIN}"),
    ),
    Case(
        "attributes only",
        made(head() + "\n" + section("Attribute", "A", "1,2", "TableEnd") + "\n"),
        Refused(f"a.vct：没有任何图形{AGAIN}"),
    ),
]


@cases(CASES)
def test_vct_refused(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
