"""Tables of points as CSV: rings, holes, parcels, points with a size, lines with a width."""

from pathlib import Path

from intake_cases import Case, Read, Refused, cases, check
from point_tables import AREA, CODE, DATUM, FAR, FIRST, HOLE, HOLE_AREA, SQUARE, area, metres, plane, text_file

HEAD = f"{DATUM}\n点号,X,Y\n"
RINGED = f"{DATUM}\n点号,圈号,X,Y\n"
CLOSED = [*SQUARE, SQUARE[0]]
CLOSED_HOLE = [*HOLE, HOLE[0]]
HOLED = "a.csv:3：共 2 圈，其中 1 圈在其他圈内，按扣除的内环读取"
WITH_HOLE = AREA - HOLE_AREA
TWO = AREA + area(FAR)
POINT = "名称,经度（度）,纬度（度）"
LINE = SQUARE[:3]
NO_SIZE = (
    "a.csv 第 1 个图形：是点，没有面积；请用 --radius 说明半径（米），或用 --area 说明面积（如 2公顷），"
    "或提供面状范围；不属于项目的点请从文件中删去"
)


def holed(*repairs: str) -> Read:
    return Read(WITH_HOLE, FIRST, holes=1, crs=CODE, repairs=repairs, warnings=(HOLED,))


def two(footprints: int = 2, name: str | None = None, *repairs: str) -> Read:
    return Read(TWO, FIRST, footprints, parts=2, crs=CODE, repairs=repairs or ("closed-ring",), name=name)


def column(values: list[str], rows: str) -> str:
    """Put a first column before rows; empty where the list has ended."""
    lines = rows.splitlines(keepends=True)
    return "".join(f"{value},{line}" for value, line in zip([*values, *[""] * len(lines)], lines, strict=False))


def panels(*, across: bool) -> str:
    rows = metres().splitlines()
    pairs = ((0, 1), (2, 3)) if across else ((0, 2), (1, 3))
    return f"{DATUM}\n点号,X,Y,点号,X,Y\n" + "".join(f"{rows[a]},{rows[b]}\n" for a, b in pairs)


RINGS = [
    Case("hole-by-closing", text_file(HEAD + metres(CLOSED) + metres(CLOSED_HOLE)), holed()),
    Case("hole-by-empty-row", text_file(HEAD + metres() + ",,\n" + metres(HOLE)), holed("closed-ring")),
    Case("hole-by-numbers-that-restart", text_file(HEAD + metres() + metres(HOLE)), holed("closed-ring")),
    Case(
        "hole-by-ring-column",
        text_file(RINGED + metres(ring="1") + metres(HOLE, start=5, ring="2")),
        holed("closed-ring"),
    ),
    Case(
        "hole-by-ring-column-without-headings",
        text_file(f"{DATUM}\n" + metres(ring="1") + metres(HOLE, start=5, ring="2")),
        Read(WITH_HOLE, FIRST, holes=1, crs=CODE, repairs=("closed-ring",), warnings=(HOLED.replace(":3", ":2"),)),
    ),
    Case(
        "hole-by-title", text_file(HEAD + metres() + "内环（扣除）,,\n" + metres(HOLE, start=5)), holed("closed-ring")
    ),
    Case(
        "ring-number-one-everywhere",
        text_file(RINGED + metres(CLOSED, ring="1") + metres(CLOSED_HOLE, ring="1")),
        holed(),
    ),
    Case(
        "parts-by-empty-row",
        text_file(HEAD + metres(CLOSED) + "\n" + metres([*FAR, FAR[0]], start=5)),
        Read(TWO, FIRST, 1, 2, crs=CODE),
    ),
    Case("closing-point-twice", text_file(HEAD + metres([*CLOSED, SQUARE[0]])), Read(AREA, FIRST, crs=CODE)),
    Case("closed-with-the-first-number", text_file(HEAD + metres() + metres(SQUARE[:1])), Read(AREA, FIRST, crs=CODE)),
    Case(
        "page-break-in-a-closed-ring",
        text_file(HEAD + metres(SQUARE[:3]) + "续表,,\n点号,X,Y\n" + metres([SQUARE[3], SQUARE[0]], start=4)),
        Read(AREA, FIRST, crs=CODE),
    ),
    Case(
        "empty-row-in-a-closed-ring",
        text_file(HEAD + metres(SQUARE[:3]) + "\n" + metres([SQUARE[3], SQUARE[3], SQUARE[0]], start=4)),
        Read(AREA, FIRST, crs=CODE),
    ),
    Case("panels-down", text_file(panels(across=False)), Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",))),
    Case("panels-across", text_file(panels(across=True)), Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",))),
    Case(
        "centre-is-no-corner",
        text_file(HEAD + metres() + "中心点,3920300.000,37618500.000\n"),
        Read(
            AREA, FIRST, crs=CODE, repairs=("closed-ring",), warnings=("a.csv:7：中心点的坐标不是界址点，未计入范围",)
        ),
    ),
    Case(
        "height-is-dropped",
        text_file(f"{DATUM}\n点号,X,Y,高程(m)\n" + metres().replace("\n", ",856.32\n")),
        Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",)),
    ),
]
PARCELS = [
    Case(
        "parcels-by-title",
        text_file(f"{DATUM}\n1号地块 J1-J4\n点号,X,Y\n{metres()}2号地块 J5-J8\n点号,X,Y\n{metres(FAR, start=5)}"),
        two(2, "1号地块 J1-J4"),
    ),
    Case(
        "parcels-by-title-in-one-table",
        text_file(HEAD + "地块一,,\n" + metres() + "地块二,,\n" + metres(FAR)),
        two(2, "地块一"),
    ),
    Case(
        "parcels-by-names-between",
        text_file(HEAD + metres(CLOSED) + "风井场地,,\n" + metres([*FAR, FAR[0]], start=5)),
        Read(TWO, FIRST, 2, 2, crs=CODE),
    ),
    Case(
        "parcels-by-column",
        text_file(f"{DATUM}\n地块编号,点号,X,Y\n" + column(["D1"] * 4 + ["D2"] * 4, metres() + metres(FAR))),
        two(),
    ),
    Case(
        "parcels-by-merged-cells",
        text_file(
            f"{DATUM}\n地块名称,点号,X,Y,面积（公顷）\n"
            + column(
                ["东区", "", "", "", "西区"],
                metres().replace("\n", ",100.7\n", 1).replace("\n", ",\n", 0) + metres(FAR),
            )
        ),
        Read(TWO, FIRST, 2, 2, crs=CODE, repairs=("closed-ring",), name="东区", fields={"stated_area_m2": 1_007_000.0}),
    ),
    Case(
        "area-in-the-title",
        text_file(f"{DATUM}，总面积：1510.5亩\n点号,X,Y\n{metres()}"),
        Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",), fields={"stated_area_m2": 1_007_000.0}),
    ),
]
THIN = [
    Case(
        "points-with-radius",
        text_file(f"{POINT},半径(m)\n一号风井,112.30,35.40,50\n二号风井,112.31,35.41,30m\n"),
        Read(0, FIRST, 2, 2, name="一号风井", fields={"width_m": 100.0}),
    ),
    Case(
        "point-with-area",
        text_file("项目名称,经度（度）,纬度（度）,面积（亩）\n某某项目,112.30,35.40,15\n"),
        Read(
            0,
            FIRST,
            name="某某项目",
            fields={"width_m": 2 * (10_000 / 3.141592653589793) ** 0.5},
            warnings=("a.csv:2：只有中心点和面积，按 10,000.00 平方米的圆读取，真实形状未知；结论仅供参考",),
        ),
    ),
    Case(
        "point-with-diameter",
        text_file("名称,经度（度）,纬度（度）,直径\n钻孔,112.30,35.40,3\n"),
        Read(0, FIRST, fields={"width_m": 3.0}),
    ),
    Case(
        "point-with-option",
        text_file("经度（度）,纬度（度）\n112.30,35.40\n"),
        Read(0, FIRST, fields={"width_m": 40.0}),
        {"radius_m": 20.0},
    ),
    Case(
        "line-by-column",
        text_file(f"{DATUM}\n点号,X,Y,类型,宽度（米）\n" + metres(LINE).replace("\n", ",线,12\n")),
        Read(0, FIRST, crs=CODE, fields={"width_m": 12.0}),
    ),
    Case(
        "line-by-width-column",
        text_file(f"{DATUM}\n点号,X,Y,路基宽度(m)\n" + metres(LINE).replace("\n", ",8.5\n")),
        Read(0, FIRST, crs=CODE, fields={"width_m": 8.5}),
    ),
    Case(
        "line-by-width",
        text_file(HEAD + metres(LINE)),
        Read(
            0,
            FIRST,
            crs=CODE,
            fields={"width_m": 10.0},
            warnings=("a.csv:3：3 个点没有首尾相接，按宽 10 米的线读取；若是面请去掉 --width",),
        ),
        {"width_m": 10.0},
    ),
    Case(
        "line-of-two-points",
        text_file(HEAD + metres(LINE[:2])),
        Read(0, FIRST, crs=CODE, fields={"width_m": 10.0}),
        {"width_m": 10.0},
    ),
    Case("closed-ring-beside-width", text_file(HEAD + metres(CLOSED)), Read(AREA, FIRST, crs=CODE), {"width_m": 10.0}),
    Case(
        "red-line-is-an-area",
        text_file(f"公路服务区用地红线\n{HEAD}{metres()}"),
        Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",)),
    ),
    Case(
        "kind-says-polygon",
        text_file(f"输气管道\n{DATUM}\n点号,X,Y,类型\n" + metres().replace("\n", ",面\n")),
        Read(AREA, FIRST, crs=CODE, repairs=("closed-ring",)),
    ),
]
REFUSED = [
    Case(
        "break-or-not",
        text_file(HEAD + metres() + "\n" + metres(FAR, start=5)),
        Refused(
            "a.csv:7：点号在此处断开后接着编（J4、J5），前一圈没有闭合，分不清是一圈还是两圈；"
            "若是一圈请删去此处的空行或文字，若是两圈请在每圈末尾重写首点，或用 圈号、地块 列说明"
        ),
    ),
    Case(
        "rings-cross",
        text_file(HEAD + metres(CLOSED) + metres([*((x + 0.005, y) for x, y in CLOSED)])),
        Refused("a.csv：第 3–7 行的圈与第 8–12 行的圈相交，分不清内外；请改正，或用 地块 列分成不同的地块"),
    ),
    Case(
        "ring-twice",
        text_file(HEAD + metres(CLOSED) + metres(CLOSED)),
        Refused("a.csv：第 3–7 行的圈与第 8–12 行的圈重复；请删去一个"),
    ),
    Case(
        "two-more-points-after-closing",
        text_file(HEAD + metres(CLOSED) + metres(FAR[:2], start=5)),
        Refused("a.csv:8：此处起的一圈不同界址点少于 3 个，围不成面；请补全界址点，或检查分段和首尾点"),
    ),
    Case(
        "panels-in-no-order",
        text_file(
            f"{DATUM}\n点号,X,Y,点号,X,Y\n"
            + "".join(f"J{a},{n},{e},J{b},{n},{e}\n" for (a, b), (n, e) in zip(((1, 7), (4, 9)), plane(), strict=False))
        ),
        Refused("a.csv:3：表格左右并列，点号既不是从上到下、也不是从左到右连续，分不清点的次序；请改成一列"),
    ),
    Case(
        "line-or-area",
        text_file(f"输气管线坐标表\n{HEAD}{metres(LINE)}"),
        Refused(
            "a.csv:4：写的是“管线”，有 3 个点：若是线状工程请用 --width 说明宽度（米）；若是范围线，"
            "请在标题写明“范围”或加 类型 列写“面”"
        ),
    ),
    Case(
        "line-without-width",
        text_file(f"{DATUM}\n点号,X,Y,类型\n" + metres(LINE).replace("\n", ",线\n")),
        Refused(
            "a.csv 第 1 个图形：是线，没有面积；请用 --width 说明宽度（米），或提供面状范围；"
            "不属于项目的线请从文件中删去"
        ),
    ),
    Case(
        "two-widths",
        text_file(
            f"{DATUM}\n点号,X,Y,宽度\n"
            + metres(LINE[:2]).replace("\n", ",8\n", 1).replace("\n", ",9\n", 2).replace(",8,9", ",8")
        ),
        Refused("a.csv:3：同一条线的宽度不一致（8、9 米）；请分成不同的线，或统一宽度"),
    ),
    Case(
        "point-without-size",
        text_file("经度（度）,纬度（度）\n112.30,35.40\n"),
        Refused(NO_SIZE),
    ),
    Case(
        "area-of-a-point-without-unit",
        text_file("项目名称,经度（度）,纬度（度）,面积\n某某项目,112.30,35.40,15\n"),
        Refused("a.csv:2：点的面积 “15” 没有单位；请在表头写明，如 面积（公顷）"),
    ),
    Case(
        "radius-is-no-number",
        text_file(f"{POINT},半径(m)\n一号风井,112.30,35.40,约50\n"),
        Refused("a.csv:2：“半径(m)” 列的 “约50” 不是以米为单位的正数；请改正"),
    ),
    Case(
        "sites-that-would-be-one-polygon",
        text_file(
            "序号,企业名称,经度（度）,纬度（度）\n1,甲煤矿,112.30,35.40\n2,乙煤矿,112.31,35.40\n3,丙煤矿,112.31,35.41\n"
        ),
        Refused(NO_SIZE),
    ),
    Case(
        "radius-for-a-polygon",
        text_file(HEAD + metres()),
        Refused(
            "a.csv:3：给了点的半径或面积，这里却有 4 个相连的点；若是一个面请去掉该选项，若各是一个点请加 类型 列写“点”"
        ),
        {"radius_m": 50.0},
    ),
    Case(
        "kinds-differ",
        text_file(f"{DATUM}\n点号,X,Y,类型\n" + metres(LINE).replace("\n", ",线\n", 2)[:-1] + ",面\n"),
        Refused("a.csv:3：同一地块的类型不一致（线、面）；请统一"),
    ),
]

CASES = [*RINGS, *PARCELS, *THIN, *REFUSED]


@cases(CASES)
def test_shapes(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
