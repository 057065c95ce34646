"""Blocks of text as they are pasted from Word, PDF and messages."""

from collections.abc import Sequence
from pathlib import Path

from intake_cases import UNKNOWN_CRS, Case, Read, Refused, cases, check
from point_tables import AREA, CODE, DATUM, FAR, FIRST, HOLE, HOLE_AREA, SQUARE, Point, area, dms, pasted, plane
from zoning.errors import CRSError

AGREE = (
    "pasted：平面坐标与经纬度互相吻合（最大相差 0.000 米），采用平面坐标，"
    "坐标系为 EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）"
)
DEGREES = "pasted：坐标表没有写坐标系，坐标是落在工作空间区域内的经纬度，按 CGCS2000 经纬度读取"
PLANE = Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",))
LONLAT = Read(AREA, FIRST, crs="EPSG:4490", repairs=("closed-ring",), area_tolerance_m2=5, warnings=(DEGREES,))
XY = f"{DATUM}，3度带37带\n"


def listed(template: str, points: Sequence[Point] = SQUARE, *, start: int = 1, between: str = "\n") -> str:
    """Fill i, n and e (metres), x and y (degrees), a and b (angles) into a template for every point."""
    rows = zip(points, plane(points), strict=True)
    return between.join(
        template.format(i=i, n=n, e=e, x=x, y=y, a=dms(x), b=dms(y)) for i, ((x, y), (n, e)) in enumerate(rows, start)
    )


READ = [
    Case("x-and-y-named", pasted(XY + listed("J{i} X={n} Y={e}")), PLANE),
    Case("x-and-y-with-colons-and-metres", pasted(XY + listed("J{i}：X：{n}m，Y：{e}m；")), PLANE),
    Case("bullets", pasted(XY + listed("• {i}号点 {n}，{e}")), PLANE),
    Case("numbered-list", pasted(XY + listed("（{i}）{n}，{e}")), PLANE),
    Case(
        "numbers-in-circles",
        pasted(XY + "".join(f"{c}{n}、{e}\n" for c, (n, e) in zip("①②③④", plane(), strict=True))),
        PLANE,
    ),
    Case("east-first", pasted(XY + listed("{e},{n}")), PLANE),
    Case("one-cell-on-each-line", pasted(XY + "点号\nX坐标\nY坐标\n" + listed("J{i}\n{n}\n{e}")), PLANE),
    Case("one-cell-on-each-line-with-empty-lines", pasted(XY + listed("J{i}\n\n{n}\n\n{e}\n")), PLANE),
    Case(
        "column-after-column",
        pasted(
            XY
            + "\n".join(f"J{i}" for i in range(1, 5))
            + "\n"
            + "\n".join(n for n, _ in plane())
            + "\n"
            + "\n".join(e for _, e in plane())
        ),
        PLANE,
    ),
    Case("word-table-with-tabs", pasted(XY + "点号\tX坐标\tY坐标\n" + listed("J{i}\t{n}\t{e}")), PLANE),
    Case("heights-beside", pasted(XY + "点号、X、Y、高程\n" + listed("J{i} {n} {e} 856.32")), PLANE),
    Case("one-line-of-angles", pasted("拐点：" + listed("{i}、东经{a}，北纬{b}", between="；") + "。"), LONLAT),
    Case("angles-with-letters", pasted(listed("{i} E{a} N{b}")), LONLAT),
    Case("angles-behind-a-point", pasted(listed("{i}.{a}，{b}")), LONLAT),
    Case("latitude-first", pasted(listed("北纬{b}，东经{a}")), LONLAT),
    Case("angles-broken-over-lines", pasted(listed("东经\n{a}\n北纬\n{b}")), LONLAT),
    Case(
        "angles-with-dashes",
        pasted("\n".join(f"{i} {dms(x, signs='-- ')} {dms(y, signs='-- ')}" for i, (x, y) in enumerate(SQUARE, 1))),
        LONLAT,
    ),
    Case(
        "angles-with-blanks",
        pasted("\n".join(f"J{i} {dms(x, signs='   ')} {dms(y, signs='   ')}" for i, (x, y) in enumerate(SQUARE, 1))),
        LONLAT,
    ),
    Case(
        "plain-list",
        pasted(listed("{x:.2f},{y:.2f}", between=" ")),
        Read(
            AREA,
            FIRST,
            crs="EPSG:4490",
            repairs=("closed-ring",),
            warnings=("pasted：坐标只写到 0.01°，取整使点位最多偏 718.1 米；核对红线请提供更精确的坐标", DEGREES),
        ),
    ),
    Case("plain-list-latitude-first", pasted(listed("{y:.9f} {x:.9f}")), LONLAT),
    Case(
        "gcj-is-said",
        pasted("高德地图拾取：\n" + listed("{x:.9f},{y:.9f}")),
        Read(
            AREA,
            (112.293966, 35.399283),
            crs="EPSG:4490",
            repairs=("closed-ring",),
            tolerance_m=300,
            area_tolerance_m2=3000,
        ),
    ),
    Case(
        "sentences-around",
        pasted(
            f"拟建场地四至范围如下，总面积100.7公顷（合1510.5亩），投资3200.5万元，联系电话13800138000，"
            f"批复日期2024年3月5日。\n{XY}"
            + listed("J{i} X={n} Y={e}")
            + "\n以上为拟建场地拐点坐标，距最近村庄约1.2km。"
        ),
        Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",)),
    ),
    Case(
        "area-in-a-sentence",
        pasted(f"某项目占地面积为100.7公顷。{XY}" + listed("J{i} X={n} Y={e}")),
        Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",), fields={"stated_area_m2": 1_007_000.0}),
    ),
    Case(
        "centre-beside-corners",
        pasted(f"{XY}中心坐标：X=3920300.0，Y=37618500.0\n拐点坐标：\n" + listed("J{i} X={n} Y={e}")),
        Read(
            AREA, FIRST, crs=CODE, repairs=("closed-ring",), warnings=("pasted:2：中心点的坐标不是界址点，未计入范围",)
        ),
    ),
    Case(
        "centre-in-degrees-beside-corners-in-metres",
        pasted("中心点坐标：东经112°18′18″，北纬35°24′18″\n" + XY + listed("J{i} X={n} Y={e}")),
        PLANE,
    ),
    Case(
        "metres-and-degrees",
        pasted(XY + listed("J{i} X={n} Y={e} 东经{a} 北纬{b}")),
        Read(
            AREA,
            FIRST,
            crs=CODE,
            repairs=("closed-ring",),
            warnings=(AGREE,),
        ),
    ),
    Case(
        "range-before-the-corners",
        pasted("地理坐标：东经112°18′00″～112°18′36″，北纬35°24′00″～35°24′36″\n" + XY + listed("J{i} X={n} Y={e}")),
        PLANE,
    ),
    Case(
        "range-in-degrees-before-angles",
        pasted("东经112°18′00″～112°18′36″，北纬35°24′00″～35°24′36″\n" + listed("{i} E{a} N{b}")),
        LONLAT,
    ),
    Case("angles-beside-lengths", pasted(listed("{i} E{a} N{b} 35.20")), LONLAT),
    Case(
        "two-parcels",
        pasted(f"{XY}地块一：\n" + listed("J{i} X={n} Y={e}") + "\n地块二：\n" + listed("J{i} X={n} Y={e}", FAR)),
        Read(AREA + area(FAR), FIRST, 2, 2, crs=CODE, repairs=("closed-ring",), name="地块一"),
    ),
    Case(
        "hole-behind-a-word",
        pasted(
            f"{XY}外圈\n" + listed("J{i} X={n} Y={e}") + "\n内环（扣除）\n" + listed("J{i} X={n} Y={e}", HOLE, start=5)
        ),
        Read(AREA - HOLE_AREA, FIRST, holes=1, crs=CODE, repairs=("closed-ring",)),
    ),
    Case(
        "single-point",
        pasted("112.30, 35.40"),
        Read(0, FIRST, crs="EPSG:4490", fields={"width_m": 100.0}),
        {"radius_m": 50.0},
    ),
    Case(
        "single-point-with-area",
        pasted("中心坐标：东经112°18′00.00″，北纬35°24′00.00″"),
        Read(
            0,
            FIRST,
            crs="EPSG:4490",
            warnings=("pasted:1：只有中心点和面积，按 20,000.00 平方米的圆读取，真实形状未知；结论仅供参考",),
        ),
        {"area_m2": 20_000.0},
    ),
    Case(
        "line",
        pasted(XY + listed("K{i} {n} {e}", SQUARE[:3])),
        Read(0, FIRST, crs=CODE, fields={"width_m": 20.0}),
        {"width_m": 20.0},
    ),
    Case("grouped-thousands", pasted(XY + "\n".join(f"{float(n):,.3f}  {float(e):,.3f}" for n, e in plane())), PLANE),
]

REFUSED = [
    Case(
        "range",
        pasted("项目位于东经112°24′30″～112°25′10″，北纬35°30′10″～35°31′20″"),
        Refused("pasted:1：“东经112°24'30\"”至“112°25'10\"”是坐标的起止范围，不是界址点；请提供各界址点的坐标"),
    ),
    Case(
        "half-a-point",
        pasted(XY + listed("J{i} X={n} Y={e}") + "\nJ5 X=3919746.783"),
        Refused(
            "pasted:6：“X=3919746.783” 没有成对的另一个坐标（之前读到 4 个点）；请补全或改正，每个点写 X "
            "和 Y（或经度和纬度）"
        ),
    ),
    Case(
        "point-in-the-middle-halved",
        pasted(XY + listed("J{i} X={n} Y={e}").replace("Y=", "", 2).replace(plane()[1][1], "")),
        Refused(
            "pasted:3：“X=3919758.772” 没有成对的另一个坐标（之前读到 1 个点）；请补全或改正，每个点写 X "
            "和 Y（或经度和纬度）"
        ),
    ),
    Case(
        "columns-without-point-numbers",
        pasted(XY + "\n".join(n for n, _ in plane()) + "\n" + "\n".join(e for _, e in plane())),
        Refused(
            "pasted:2：“3919746.783” 没有成对的另一个坐标（之前读到 0 个点）；请补全或改正，每个点写 X 和 "
            "Y（或经度和纬度）"
        ),
    ),
    Case(
        "corners-in-both-kinds",
        pasted(XY + listed("J{i} X={n} Y={e}") + "\n东经112°18′00″北纬35°24′00″\n东经112°18′30″北纬35°24′00″"),
        Refused("pasted:6：平面坐标有 4 个点，经纬度有 2 个点，配不上；请只保留一种"),
    ),
    Case(
        "sixty-minutes",
        pasted("东经112°61′30″，北纬35°30′10″"),
        Refused("pasted:1：“112°61'30\"” 的分或秒不小于 60；请改正"),
    ),
    Case(
        "lost-digits",
        pasted("J1 3.92E+06 3.76E+07"),
        Refused(
            "pasted:1：“3.92E+06” 是科学计数法，尾数已丢失；请在 Excel 中把该列设为“数值”（保留 3 位小数）后重新导出"
        ),
    ),
    Case(
        "no-datum",
        pasted(listed("J{i} X={n} Y={e}")),
        Refused(
            f"pasted：坐标表没有写坐标系，{UNKNOWN_CRS} --crs EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）",
            CRSError,
        ),
    ),
    Case(
        "only-numbers-of-another-kind",
        pasted("联系电话13800138000，总投资2350.5万元"),
        Refused(
            "pasted：文本里没有读到坐标；每行写一个点，如 “J1,3919746.783,37618082.987” 或 "
            "“112.345,35.678”，最好带表头 点号,X坐标,Y坐标"
        ),
    ),
    Case(
        "line-or-area",
        pasted("天然气管线走向\n" + listed("{x:.9f},{y:.9f}", SQUARE[:3])),
        Refused(
            "pasted:2：写的是“管线”，有 3 个点：若是线状工程请用 --width 说明宽度（米）；若是范围线，"
            "请在标题写明“范围”或加 类型 列写“面”"
        ),
    ),
    Case(
        "packed-or-decimal",
        pasted("1 112.2430 35.3010\n2 112.2530 35.3010\n3 112.2530 35.3110"),
        Refused(
            "pasted:1：经纬度可能是十进制度，也可能是 度.分秒（112.243 或为 112°24′30.00″），"
            "两者相差可达数十公里；请在表头写明 经度（度）或 经度（度.分秒），或在每个数后写上 °"
        ),
    ),
    Case(
        "words-contradict",
        pasted("东经112°24′30″N，北纬35°30′10″"),
        Refused("pasted:1：“112°24'30\"N” 前后的方位字互相矛盾"),
    ),
]

CASES = [*READ, *REFUSED]


@cases(CASES)
def test_pasted(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
