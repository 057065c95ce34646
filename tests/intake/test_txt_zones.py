"""Where the points of a coordinate TXT lie: order of columns, zone, datum, unit; and the area and count it states."""

from pathlib import Path

import pytest

import boundary_writers as bw
from intake_cases import UNKNOWN_CRS, YANGCHENG, Case, Read, Refused, cases, check
from txt_cases import (
    FIRST,
    HOLLOW_M2,
    PLAIN_37,
    PLAIN_38,
    PLAIN_SIX_19,
    SIX_19,
    SQUARE_M2,
    ZONE_37,
    ZONE_38,
    Make,
    parcel,
    rows,
    txt,
    whole,
)
from zoning.errors import CRSError
from zoning.sites.limits import Options
from zoning.sites.raw import Declared
from zoning.sites.txt.coordinate_txt import read_coordinate_txt

SWAPPED = "地块.txt：X、Y 两列的次序相反（按数值大小判定），已对调读取"
ONLY_ZONE = (
    "地块.txt：Y 坐标不带带号，[属性描述] 也没有写“带号”；只有按第 {} 带（中央经线 {}°）读取才落在工作空间区域内，"
    "已按此读取；请核对"
)
DEGREES = "地块.txt：{}，坐标按 CGCS2000 的纬度、经度读取（坐标 TXT 规定用米）"
HEADER_SAYS, PLACE_SAYS = "表头计量单位为度", "数值为落在工作空间区域内的度数"
SHANXI = (110.2, 34.5, 114.6, 40.8)
BORDER = bw.shifted(bw.SQUARE, 0.195)
"""Lies across 112.5°E."""
WEST = bw.shifted(bw.SQUARE, -1.6)
BESIDE = bw.shifted(bw.SQUARE, 0.7)


def placed(code: str, *warnings: str, ring: bw.Ring = bw.SQUARE, tolerance_m: float = 0.001) -> Read:
    return Read(SQUARE_M2, ring[0], crs=code, warnings=warnings, tolerance_m=tolerance_m)


def swapped(lines: list[str]) -> list[str]:
    return [f"{name},{ring},{y},{x}" for name, ring, x, y in (line.split(",") for line in lines)]


def degrees(ring: bw.Ring = bw.SQUARE) -> list[str]:
    return [f"J{n},1,{lat:.9f},{lon:.9f}" for n, (lon, lat) in enumerate(ring, 1)]


def in_code(code: str, **header: str) -> Make:
    return txt(rows(bw.SQUARE, code=code), **header)


def stated(area: str) -> Make:
    return txt(parcel=f"5,{area},DK01,一号地块,面,,,,@")


def area_of_file(square_metres: float | None, *warnings: str) -> Read:
    return Read(SQUARE_M2, FIRST, warnings=warnings, fields={"stated_area_m2": square_metres})


def counted(number: str, points: int | None, *warnings: str, lines: list[str] | None = None) -> Case:
    area = SQUARE_M2 if lines is None else HOLLOW_M2
    return Case(
        f"{number or 'no'} points stated of {len(lines or '12345')} rows",
        txt(lines, parcel=f"{number},,DK01,一号地块,面,,,,@"),
        Read(area, FIRST, holes=lines is not None, warnings=warnings, fields={"stated_points": points}),
    )


TWO_RINGS = rows(bw.SQUARE, bw.HOLE)
CASES = [
    Case("zone 38", in_code(ZONE_38, 带号="38"), placed(ZONE_38)),
    Case("zone only before the easting", in_code(ZONE_38, 带号=""), placed(ZONE_38)),
    Case("zone only in the header", in_code(PLAIN_37), placed(PLAIN_37)),
    Case("zone of the header in words", in_code(PLAIN_38, 带号="第38带"), placed(PLAIN_38)),
    Case("width in words", in_code(ZONE_37, 几度分带="三度带", 投影类型="高斯-克吕格投影"), placed(ZONE_37)),
    Case("east before north", txt(swapped(rows(bw.SQUARE))), placed(ZONE_37, SWAPPED)),
    Case("east before north without prefix", txt(swapped(rows(bw.SQUARE, code=PLAIN_37))), placed(PLAIN_37, SWAPPED)),
    Case("names of the columns do not count", whole(
        bw.txt(swapped(rows(bw.SQUARE)), 坐标顺序="点号 圈号 X（北） Y（东）")
    ), placed(ZONE_37, SWAPPED)),
    Case("no zone at all, the county is in one: 37", in_code(PLAIN_37, 带号=""), placed(
        PLAIN_37, ONLY_ZONE.format(37, 111)
    )),
    Case("no zone at all, the county is in one: 38", in_code(PLAIN_38, 带号=""), placed(
        PLAIN_38, ONLY_ZONE.format(38, 114)
    )),
    Case("no zone at all, across the border of zones", txt(rows(BORDER, code=PLAIN_38), 带号=""), placed(
        PLAIN_38, ONLY_ZONE.format(38, 114), ring=BORDER
    )),
    Case("no zone at all, and swapped", txt(swapped(rows(bw.SQUARE, code=PLAIN_37)), 带号=""), placed(
        PLAIN_37, SWAPPED, ONLY_ZONE.format(37, 111)
    )),
    Case("no zone, width of 6", in_code(PLAIN_SIX_19, 带号="", 几度分带="6"), placed(
        PLAIN_SIX_19, ONLY_ZONE.format(19, 111)
    )),
    Case("no zone, two lie in a wide territory", txt(rows(WEST, code=PLAIN_37), 带号=""), Refused(
        "地块.txt：Y 坐标不带带号，[属性描述] 也没有写“带号”，按第 37 带 EPSG:4546"
        "（CGCS2000 3° 带，中央经线 111°，Y 不带带号）和第 38 带 EPSG:4547（CGCS2000 3° 带，中央经线 114°，Y 不带带号）"
        "读取都落在工作空间区域内，无法判定；请写明“带号”，或用 --crs 说明坐标系", CRSError
    ), expected=SHANXI),
    Case("no zone, two lie in the territory, the user knows", txt(
        rows(WEST, code=PLAIN_37), 带号=""
    ), placed(PLAIN_37, ring=WEST), {"crs": PLAIN_37}, SHANXI),
    Case("no zone and no territory", in_code(PLAIN_37, 带号=""), Refused(
        "地块.txt：Y 坐标不带带号，[属性描述] 也没有写“带号”，"
        "坐标系未知；请向提供单位问明后用 --crs 说明，如 --crs EPSG:4526（CGCS2000 3° 带第 38 带，Y 带带号）", CRSError
    ), expected=None),
    Case("a little beside the territory", txt(rows(BESIDE, code=PLAIN_37), 带号=""), Refused(
        f"地块.txt：Y 坐标不带带号，[属性描述] 也没有写“带号”，{UNKNOWN_CRS} "
        "--crs EPSG:4546（CGCS2000 3° 带，中央经线 111°，Y 不带带号）、--crs EPSG:32649（WGS 84 / UTM zone 49N）",
        CRSError,
    )),
    Case("header and prefix disagree", in_code(ZONE_38), Refused(
        "地块.txt:9：表头带号为 37，Y 坐标的带号却是 38；请核对后改正其中之一", CRSError
    )),
    Case("6° zone", in_code(SIX_19, 带号="19", 几度分带="6"), placed(SIX_19)),
    Case("6° zone, width not stated", in_code(SIX_19, 带号="", 几度分带=""), placed(SIX_19)),
    Case("6° zone in the header alone", in_code(PLAIN_SIX_19, 带号="19", 几度分带="6度带"), placed(PLAIN_SIX_19)),
    Case("6° prefix, width 3", in_code(SIX_19, 带号=""), Refused(
        "地块.txt:6：几度分带为 3，Y 坐标的带号 19 却是 6 度带的；请核对后改正其中之一", CRSError
    )),
    Case("3° prefix, width 6", in_code(ZONE_37, 带号="", 几度分带="6"), Refused(
        "地块.txt:6：几度分带为 6，Y 坐标的带号 37 却是 3 度带的；请核对后改正其中之一", CRSError
    )),
    Case("zone 19, width 3", in_code(PLAIN_37, 带号="19"), Refused(
        "地块.txt:9：带号 19 是 6 度带的带号，几度分带却是 3；请核对后改正其中之一", CRSError
    )),
    Case("width of 1.5", in_code(ZONE_37, 几度分带="1.5"), Refused(
        "地块.txt:6：几度分带为 “1.5”，只读取 3 度带和 6 度带；请换带为 3 度带后导出", CRSError
    )),
    Case("two zones in one file", whole(
        bw.txt(rows(bw.SQUARE), 带号="") + parcel("B", rows(bw.shifted(bw.SQUARE, 0.3), code=ZONE_38))
    ), Refused("地块.txt:20：Y 坐标的带号与前面不一致（前面第 37 带，此处第 38 带）；请换算到同一带", CRSError)),
    Case("prefix in part of the rows", txt([*rows(bw.SQUARE)[:3], *rows(bw.SQUARE, code=PLAIN_37)[3:]]), Refused(
        "地块.txt:17：Y 坐标的带号与前面不一致（前面第 37 带，此处不带带号）；请换算到同一带", CRSError
    )),
    Case("the user's code with prefix, eastings without", in_code(PLAIN_37, 坐标系="", 带号=""), Refused(
        "地块.txt 第 1 个图形：坐标 (618082.9871, 3919746.783) 在 EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）中"
        "不可能；若为 EPSG:4546（CGCS2000 3° 带，中央经线 111°，Y 不带带号） 或 EPSG:32649（WGS 84 / UTM zone 49N），"
        "则落在工作空间的区域内，请更正文件，或用 --crs 说明坐标系", CRSError
    ), {"crs": ZONE_37}),
    Case("no system, the user states it", in_code(PLAIN_38, 坐标系="", 带号=""), placed(PLAIN_38), {"crs": PLAIN_38}),
    Case("CGCS2000 by its short name", in_code(ZONE_37, 坐标系="CGCS2000"), placed(ZONE_37)),
    Case("WGS84", in_code(ZONE_37, 坐标系="WGS-84坐标系"), placed(
        ZONE_37, "WGS84 坐标按 2000 国家大地坐标系处理（相差厘米至分米级）"
    )),
    Case("a system of two names", in_code(ZONE_37, 坐标系="1980西安转2000"), Refused(
        "地块.txt:5：坐标系 “1980西安转2000” 不能识别；规定为 2000国家大地坐标系", CRSError
    )),
    Case("shift parameters of nought", in_code(ZONE_37, 转换参数="0,0,0.000,0，0,0,0"), placed(ZONE_37)),
    Case("shift parameters", in_code(ZONE_37, 转换参数=",,,,,,0.0001"), Refused(
        "地块.txt:11：转换参数不为零，本工具不做参数转换；请提交转换后的坐标", CRSError
    )),
    Case("degrees, the header says so", txt(degrees(), 计量单位="度", 投影类型="", 带号=""), placed(
        "EPSG:4490", DEGREES.format(HEADER_SAYS)
    )),
    Case("degrees, the header says so, no territory", txt(degrees(), 计量单位="度"), placed(
        "EPSG:4490", DEGREES.format(HEADER_SAYS)
    ), expected=None),
    Case("degrees in the territory, the header says metres", txt(degrees()), placed(
        "EPSG:4490", DEGREES.format(PLACE_SAYS)
    )),
    Case("longitude before latitude", txt(swapped(degrees())), placed(
        "EPSG:4490", SWAPPED, DEGREES.format(PLACE_SAYS)
    )),
    Case("degrees outside the territory", txt(degrees(bw.shifted(bw.SQUARE, 1.0))), Refused(
        "地块.txt:14：坐标 (35.4, 113.3) 是度数；坐标 TXT 规定用米（X 7 位、Y 8 位），请换算后导出；"
        "确为十进制度数时请在表头写明 计量单位=度"
    )),
    Case("degrees without a system", txt(degrees(), 坐标系=""), Refused(
        f"地块.txt：[属性描述] 没有写“坐标系”，{UNKNOWN_CRS} --crs EPSG:4490（CGCS2000 经纬度）", CRSError
    )),
    Case("metres, the header says degrees", txt(计量单位="度"), placed(
        ZONE_37, "地块.txt：计量单位写的是度，坐标却是米（按数值大小判定），已按米读取"
    )),
    # 100.8157 ha in the plane: 1,008,157.33 m², 1,512.24 mu.
    Case("area in hectares", stated("100.8157"), area_of_file(100.8157 * 10_000)),
    Case("area in square metres", stated("1008157.33"), area_of_file(1_008_157.33)),
    Case("area in mu", stated("1512.24"), area_of_file(1512.24 * 10_000 / 15)),
    Case("area with its unit: hectares", stated("100.8157公顷"), area_of_file(100.8157 * 10_000)),
    Case("area with its unit: square metres", stated("1008157.3㎡"), area_of_file(1_008_157.3)),
    Case("area with its unit: mu", stated("1512.24 亩"), area_of_file(1512.24 * 10_000 / 15)),
    Case("area with the wrong unit", stated("100.8157亩"), area_of_file(100.8157 * 10_000 / 15)),
    Case("area off by a fifth", stated("120"), area_of_file(1_200_000.0)),
    Case("area of nought", stated("0.0000"), area_of_file(None, "地块.txt:13：标注面积为 0，未比较")),
    Case("area in words", stated("约百公顷"), area_of_file(
        None, "地块.txt:13：标注面积 “约百公顷” 不是数字，未比较"
    )),
    Case("area in degrees", txt(degrees(), parcel="5,100.8,D,,面,,,,@", 计量单位="度"), Read(
        SQUARE_M2, FIRST, fields={"stated_area_m2": 1_008_000.0}
    )),
    counted("5", 4),
    counted("4", 4),
    counted("", None),
    counted("7", 7),
    counted("若干", None, "地块.txt:13：标注界址点数 “若干” 不是整数，实有 5 行"),
    counted("10", 8, lines=TWO_RINGS),
    counted("8", 8, lines=TWO_RINGS),
    counted("7", 7, lines=TWO_RINGS),
]  # fmt: skip


@cases(CASES)
def test_zones(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


@pytest.mark.parametrize(
    ("datum", "written", "zone", "code"),
    [
        ("1980西安坐标系", ZONE_37, "", "EPSG:2361"),
        ("80国家大地坐标系", PLAIN_37, "37", "EPSG:2382"),
        ("西安80", SIX_19, "", "EPSG:2333"),
        ("1980西安坐标系", PLAIN_SIX_19, "19", "EPSG:2344"),
        ("1954北京坐标系", ZONE_38, "", "EPSG:2414"),
        ("北京54", PLAIN_38, "38", "EPSG:2435"),
        ("1954年北京坐标系", SIX_19, "", "EPSG:21419"),
        ("54北京坐标系", PLAIN_SIX_19, "19", "EPSG:21459"),
    ],
)
def test_old_datums_are_named_for_the_users_parameters(
    tmp_path: Path, datum: str, written: str, zone: str, code: str
) -> None:
    """Their codes: EPSG registry (Xian 1980 zone 37 = 2361, Beijing 1954 zone 38 = 2414 ...)."""
    path = in_code(written, 坐标系=datum, 带号=zone, 几度分带="")(tmp_path)
    with pytest.raises(CRSError, match="no public parameters"):
        read_coordinate_txt(path, Options(YANGCHENG))
    read = read_coordinate_txt(path, Options(YANGCHENG, datum_shift=tmp_path / "shift.yaml"))
    assert read.declared == Declared(code)


def test_an_old_datum_in_degrees(tmp_path: Path) -> None:
    path = txt(degrees(), 坐标系="1980西安坐标系", 计量单位="度")(tmp_path)
    read = read_coordinate_txt(path, Options(YANGCHENG, datum_shift=tmp_path / "shift.yaml"))
    assert read.declared == Declared("EPSG:4610")


def test_the_county_straddles_two_zones() -> None:
    assert YANGCHENG[0] < 112.5 < YANGCHENG[2]
