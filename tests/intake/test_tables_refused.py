"""Tables of points that may mean two things, or nothing: refused with the cell and what to do."""

from pathlib import Path

from intake_cases import FAR_CRS, UNKNOWN_CRS, Case, Refused, cases, check
from point_tables import DATUM, both, degrees, metres, text_file, three_of, without_zone
from zoning.errors import CRSError

HEAD = f"{DATUM}\n点号,X坐标,Y坐标\n"
NO_CRS = f"坐标表没有写坐标系，{UNKNOWN_CRS} --crs EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）"

CASES = [
    Case("no-statement", text_file("点号,X坐标,Y坐标\n" + metres()), Refused(f"a.csv：{NO_CRS}", CRSError)),
    Case("no-statement-no-headings", text_file(metres()), Refused(f"a.csv：{NO_CRS}", CRSError)),
    Case(
        "xian-1980",
        text_file(f"1980西安坐标系\n点号,X,Y\n{metres()}"),
        Refused(
            "a.csv：坐标属于 1980 西安坐标系，与 2000 国家大地坐标系之间没有公开的转换参数，"
            "直接套用会偏差数十至上百米；"
            "请测绘单位转换为 2000 国家大地坐标系后再提交，或用 --datum-shift 给出转换参数文件",
            CRSError,
        ),
    ),
    Case(
        "beijing-1954-degrees",
        text_file(degrees("北京54坐标系\n点号,经度,纬度\n")),
        Refused(
            "a.csv：坐标属于 1954 北京坐标系，与 2000 国家大地坐标系之间没有公开的转换参数，"
            "直接套用会偏差数十至上百米；"
            "请测绘单位转换为 2000 国家大地坐标系后再提交，或用 --datum-shift 给出转换参数文件",
            CRSError,
        ),
    ),
    Case(
        "two-datums",
        text_file(f"由1980西安坐标系转换为{DATUM}\n点号,X,Y\n{metres()}"),
        Refused(
            "a.csv:1：文件里写了几种坐标系（2000 国家大地坐标系、1980 西安坐标系），分不清坐标属于哪一种；"
            "请删去无关的，或用 --crs 说明",
            CRSError,
        ),
    ),
    Case(
        "meridian-against-the-prefix",
        text_file(f"{DATUM} 中央子午线114°\n点号,X,Y\n{metres()}"),
        Refused("a.csv:1：表中写的是 3° 带第 38 带，东坐标的带号却是 37；请核对后改正其中之一", CRSError),
    ),
    Case(
        "local-meridian",
        text_file(without_zone("CGCS2000 中央子午线112°30′\n点号,X,Y\n")),
        Refused(
            "a.csv:1：中央子午线112°30 不是 3° 带或 6° 带的中央子午线，是地方坐标系；请换算为 2000 "
            "国家大地坐标系 3° 带，或用 --crs 说明",
            CRSError,
        ),
    ),
    Case(
        "no-zone",
        text_file(without_zone("CGCS2000\n点号,X,Y\n")),
        Refused(
            f"a.csv：坐标表没有写带号或中央子午线，Y 坐标也不带带号，{UNKNOWN_CRS} "
            "--crs EPSG:4546（CGCS2000 3° 带，中央经线 111°，Y 不带带号）、--crs EPSG:32649（WGS 84 / UTM zone 49N）",
            CRSError,
        ),
    ),
    Case(
        "two-zones",
        text_file(HEAD + three_of(metres()) + "J4,3920867.6,38376976.7\n"),
        Refused(
            "a.csv:6：东坐标的带号与前面不一致（前面为 3° 带第 37 带，此处为 3° 带第 38 带）；请换算到同一带", CRSError
        ),
    ),
    Case(
        "one-row-exchanged",
        text_file(HEAD + three_of(metres()) + "J4,37618082.987,3919746.783\n"),
        Refused("a.csv:6：X、Y 的次序与前面的点相反；请统一后提交"),
    ),
    Case(
        "metres-and-degrees-differ",
        text_file(both(0.0001)),
        Refused(
            "a.csv:4：点 J3 的平面坐标（按 EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号））与经纬度相差 "
            "9.08 米（按位数应不超过 0.05 米）；请核对，或删去其中一组",
            CRSError,
        ),
    ),
    Case(
        "metres-and-degrees-in-xian",
        text_file(f"1980西安坐标系\n{both()}"),
        Refused(
            "a.csv:3：点 J1 的平面坐标（按 EPSG:2361（1980 西安坐标系 3° 带第 37 带，Y "
            "带带号））与经纬度相差 1.83 米（按位数应不超过 0.05 米）；请核对，或删去其中一组",
            CRSError,
        ),
    ),
    Case(
        "packed-or-decimal",
        text_file("点号,经度,纬度\n1,112.24305,35.30102\n2,112.25305,35.30102\n3,112.25305,35.31102\n"),
        Refused(
            "a.csv:2：经纬度可能是十进制度，也可能是 度.分秒（112.24305 或为 112°24′30.50″），两者相差可达数十公里；"
            "请在表头写明 经度（度）或 经度（度.分秒），或在每个数后写上 °"
        ),
    ),
    Case(
        "packed-heading-decimal-number",
        text_file("点号,经度（度分秒）,纬度（度分秒）\n1,112.3061,35.4005\n"),
        Refused(
            "a.csv:2：第 2 列：表头说明是度分秒，“112.3061” 却不是 度.分秒（如 112.24305 表示 "
            "112°24′30.5″）；请改正该值或表头"
        ),
    ),
    Case(
        "sixty-seconds",
        text_file("点号,经度,纬度\n1,112°24′60″,35°30′10″\n"),
        Refused("a.csv:2：第 2 列：“112°24'60\"” 的分或秒不小于 60；请改正"),
    ),
    Case(
        "sixty-minutes",
        text_file("点号,经度,纬度\n1,112-60-10,35-30-10\n"),
        Refused("a.csv:2：第 2 列：“112-60-10” 的分或秒不小于 60；请改正"),
    ),
    Case(
        "lost-digits",
        text_file("点号,X,Y\nJ1,3.92E+06,3.76E+07\n"),
        Refused(
            "a.csv:2：第 2 列：“3.92E+06” 是科学计数法，尾数已丢失；请在 Excel 中把该列设为“数值”（保留 3 "
            "位小数）后重新导出"
        ),
    ),
    Case(
        "decimal-comma",
        text_file("点号;X;Y\nJ1;3919746,783;37618082,987\n"),
        Refused("a.csv:2：第 2 列：“3919746,783” 的逗号看来是小数点；请把小数点写成 “.”"),
    ),
    Case(
        "letter-o-for-zero",
        text_file(HEAD + "J1,39197O6.783,37618082.987\n"),
        Refused("a.csv:3：第 2 列“39197O6.783” 不是坐标；请改正"),
    ),
    Case(
        "coordinate-missing",
        text_file(HEAD + "J1,,37618082.987\n"),
        Refused("a.csv:3：第 2 列是空的，这个点缺坐标；请补全"),
    ),
    Case(
        "digits-missing",
        text_file(HEAD + "J1,391974.783,37618082.987\n"),
        Refused(
            "a.csv:3：坐标 (391974.783, 37618082.99) 不合规定：北坐标整数 7 位，东坐标整数 8 "
            "位（含带号）或 6 位；请改正；若是其他坐标系，请用 --crs 说明"
        ),
    ),
    Case(
        "kilometres",
        text_file("点号,X(km),Y(km)\nJ1,3919.7467,37618.0829\n"),
        Refused("a.csv:1：“X(km)” 的单位是 km，只读取米或度；请换算后提交"),
    ),
    Case(
        "row-not-split",
        text_file(HEAD + metres() + "J5 3919746.783 37618082.987\n"),
        Refused("a.csv:7：“J5 3919746.783 37618082.987” 里有坐标，却不在坐标列；请移到坐标列，或删去"),
    ),
    Case(
        "points-before-headings",
        text_file(metres() + "点号,X,Y\n" + metres()),
        Refused("a.csv:1：这一行的坐标在表头之前；请把表头移到第一个点之前"),
    ),
    Case(
        "two-sets-of-columns",
        text_file("点号,X,Y,X,Y\nJ1,1,2,3,4\n"),
        Refused("a.csv:1：表头有 2 组坐标（X、Y、X、Y），分不清该用哪一组；请只保留一组"),
    ),
    Case(
        "three-columns",
        text_file("点号,X,Y,北坐标\nJ1,1,2,3\n"),
        Refused("a.csv:1：表头有 3 个坐标列（X、Y、北坐标），配不成对；请只保留一对"),
    ),
    Case(
        "open-quote",
        text_file(f"{DATUM}\n点号,X,Y,备注\n" + metres().replace("\n", ',"界桩\n', 1)),
        Refused("a.csv:3：此行的引号没有成对，后面的行会被并入一格；请补上或删去引号"),
    ),
    Case(
        "nowhere",
        text_file("点号,经度,纬度\n1,12.5,41.9\n2,12.6,41.9\n3,12.6,42.0\n"),
        Refused(f"a.csv：坐标表没有写坐标系，{FAR_CRS}", CRSError),
    ),
    Case(
        "no-numbers", text_file("点号,X,Y\n", "a.csv"), Refused("a.csv：扩展名是 .csv，内容却不是这种格式；请重新导出")
    ),
]


@cases(CASES)
def test_refused(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
