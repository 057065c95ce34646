"""Coordinates that cannot be where they are said to be: refused, with the likely cause."""

from math import pi
from pathlib import Path

import chinese_systems as cs
from crs_parcel import HOME, Point, Turn, area, geojson, home_plane, own_system, shapefile, utm
from intake_cases import UNKNOWN_CRS, Case, Read, Refused, cases, check
from zoning.errors import CRSError, SiteError, ZoningError

LONLAT = "EPSG:4490（CGCS2000 经纬度）"
Z37 = "EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）"
Z38 = "EPSG:4526（CGCS2000 3° 带第 38 带，Y 带带号）"
Z19 = "EPSG:4497（CGCS2000 6° 带第 19 带，Y 带带号）"
CM111 = "EPSG:4546（CGCS2000 3° 带，中央经线 111°，Y 不带带号）"
CM114 = "EPSG:4547（CGCS2000 3° 带，中央经线 114°，Y 不带带号）"
UTM49 = "EPSG:32649（WGS 84 / UTM zone 49N）"
UTM49S = "EPSG:32749（WGS 84 / UTM zone 49S）"


def would_fit(start: str, *causes: str, place: str = "a.geojson 第 1 个图形") -> Refused:
    """Return the refusal that names what would fit."""
    listed = " 或 ".join(causes)
    return Refused(
        f"{place}：{start}；若为 {listed}，则落在工作空间的区域内，请更正文件，或用 --crs 说明坐标系", CRSError
    )


def at(name: str, lon: float, lat: float, away: str) -> str:
    return f"按 {name}读取，位于经度 {lon:.4f}°、纬度 {lat:.4f}°（工作空间区域{away}）"


def impossible(numbers: str, name: str) -> str:
    return f"坐标 ({numbers}) 在 {name}中不可能"


def times(factor: float, turn: Turn) -> Turn:
    return lambda point: (factor * turn(point)[0], factor * turn(point)[1])


def plus(east: float, north: float, turn: Turn) -> Turn:
    return lambda point: (turn(point)[0] + east, turn(point)[1] + north)


def same(point: Point) -> Point:
    return point


def packed(scale: float) -> Turn:
    """Return degrees written as dd.mmss times a scale."""

    def pack(value: float) -> float:
        seconds = round(value * 3600)
        return (seconds // 3600 + seconds % 3600 // 60 / 100 + seconds % 60 / 10_000) * scale

    return lambda point: (pack(point[0]), pack(point[1]))


in_37, in_38, plain_37, plain_38 = (
    home_plane(*numbers) for numbers in ((111, 37.5e6), (114, 38.5e6), (111, 5e5), (114, 5e5))
)

SHIFTED = [
    Case(
        "265 km: zone 38 said to be 37",
        geojson(HOME, "EPSG:4525", in_38),
        would_fit(at(Z37, 120.2617, 35.0609, "以东约 667 km"), Z38),
    ),
    Case(
        "265 km: meridian 114 said to be 111",
        geojson(HOME, "EPSG:4546", plain_38),
        would_fit(at(CM111, 109.3060, 35.4050, "以西约 245 km"), CM114),
    ),
    Case(
        "265 km: mistyped zone of 3 degrees",
        geojson(HOME, "EPSG:4526", plus(1e6, 0, in_37)),
        would_fit(at(Z38, 115.3060, 35.4050, "以东约 214 km"), f"{Z37}而带号误写为 38"),
    ),
    Case(
        "mistyped zone of 6 degrees",
        geojson(HOME, "EPSG:4498", plus(1e6, 0, home_plane(111, 19.5e6))),
        would_fit(
            at("EPSG:4498（CGCS2000 6° 带第 20 带，Y 带带号）", 118.3060, 35.4050, "以东约 486 km"),
            f"{Z19}而带号误写为 20",
        ),
    ),
    Case(
        "zone missing in front",
        geojson(HOME, "EPSG:4525", plain_37),
        would_fit(impossible("618097.5751, 3919746.783", Z37), CM111, UTM49),
    ),
    Case(
        "zone in front of a plain easting",
        geojson(HOME, "EPSG:4546", in_37),
        would_fit(impossible("37618097.58, 3919746.783", CM111), Z37),
    ),
    Case(
        "3 degrees said to be 6",
        geojson(HOME, "EPSG:4497", in_37),
        would_fit(impossible("37618097.58, 3919746.783", Z19), Z37),
    ),
    Case(
        "false easting missing",
        geojson(HOME, "EPSG:4546", home_plane(111, 0)),
        would_fit(at(CM111, 106.8063, 35.3392, "以西约 472 km"), f"{CM111}而东坐标没有加 500 公里"),
    ),
    Case(
        "false easting missing, west of the meridian",
        geojson(HOME, "EPSG:4547", home_plane(114, 0)),
        would_fit(at(CM114, 106.8256, 35.2035, "以西约 471 km"), f"{CM114}而东坐标没有加 500 公里"),
    ),
    Case(
        "exchanged columns and the other zone",
        geojson(HOME, "EPSG:4526", lambda point: in_37(point)[::-1]),
        would_fit(impossible("3919746.783, 37618097.58", Z38), f"{Z37}（两列坐标对调）"),
    ),
]
UNITS = [
    Case(
        "millimetres",
        geojson(HOME, "EPSG:4546", times(1000, plain_37)),
        would_fit(impossible("618097575.1, 3919746783", CM111), f"{CM111}而单位是毫米", f"{UTM49}而单位是毫米"),
    ),
    Case(
        "millimetres with the zone",
        geojson(HOME, "EPSG:4525", times(1000, in_37)),
        would_fit(impossible("3.761809758e+10, 3919746783", Z37), f"{Z37}而单位是毫米"),
    ),
    Case(
        "kilometres",
        geojson(HOME, "EPSG:4525", times(0.001, in_37)),
        would_fit(impossible("37618.09758, 3919.746783", Z37), f"{Z37}而单位是千米"),
    ),
    Case(
        "degrees said to be metres",
        geojson(HOME, "EPSG:4525"),
        would_fit(impossible("112.3, 35.4", Z37), LONLAT),
    ),
    Case(
        "metres said to be degrees",
        geojson(HOME, None, in_37),
        would_fit(impossible("37618097.58, 3919746.783", "EPSG:4326（WGS84 经纬度）"), Z37),
    ),
    Case(
        "radians",
        geojson(HOME, "EPSG:4490", times(pi / 180, same)),
        would_fit(at(LONLAT, 1.9601, 0.6179, "以西约 11786 km"), f"{LONLAT}而单位是弧度"),
    ),
    Case(
        "dddmmss as degrees",
        geojson(HOME, "EPSG:4490", packed(10_000)),
        would_fit(impossible("1121800, 352400", LONLAT), f"{LONLAT}而写成度分秒连写（1121830 即 112°18′30″）"),
    ),
]
SIGNS = [
    Case(
        "west instead of east",
        geojson(HOME, "EPSG:4490", lambda point: (-point[0], point[1])),
        would_fit(at(LONLAT, -112.3060, 35.4050, "以东北约 10924 km"), f"{LONLAT}而负号多写"),
    ),
    Case(
        "south instead of north",
        geojson(HOME, "EPSG:4490", lambda point: (point[0], -point[1])),
        would_fit(at(LONLAT, 112.3060, -35.4050, "以南约 7805 km"), f"{LONLAT}而负号多写"),
    ),
    Case(
        "UTM south said for north",
        geojson(HOME, "EPSG:32749", utm(49)),
        would_fit(at(UTM49S, 112.8478, -54.8644, "以南约 9968 km"), UTM49, CM111),
    ),
    Case(
        "northing with the constant of the south",
        geojson(HOME, "EPSG:32649", plus(0, 1e7, utm(49))),
        would_fit(at(UTM49, -70.8461, 54.8278, "以北约 9964 km"), UTM49S),
    ),
]


def stated(name: str, crs: str, turn: Turn | None, zh: str, error: type[ZoningError] = CRSError) -> Case:
    """Return the case of a shapefile without .prj whose system the user states."""
    return Case(name, shapefile(HOME, None, turn), Refused(zh, error), options={"crs": crs})


UNKNOWN = "a.shp：无法识别坐标系 “{}”；请写成 EPSG 代码，例如 EPSG:4526（CGCS2000 3° 带第 38 带）"
ZONES = (
    "a.shp：“{}” 的带号或中央经线缺少或不对：3° 带为第 25–45 带（中央经线 75°–135°，每 3°），6° 带为第 13–23 带"
    "（75°–135°，每 6°）；请写成例如 CGCS2000 3度带 38带"
)
OLD = (
    "a.shp：坐标属于 {}，与 2000 国家大地坐标系之间没有公开的转换参数，直接套用会偏差数十至上百米；"
    "请测绘单位转换为 2000 国家大地坐标系后再提交，或用 --datum-shift 给出转换参数文件"
)
XIAN, BEIJING = OLD.format("1980 西安坐标系"), OLD.format("1954 北京坐标系")
WORDS = [
    stated("no zone", "CGCS2000 3度带", plain_38, ZONES.format("CGCS2000 3度带")),
    stated("3-degree number for 6 degrees", "CGCS2000 6度带 38带", plain_38, ZONES.format("CGCS2000 6度带 38带")),
    stated("6-degree number for 3 degrees", "CGCS2000 3度带 19带", plain_37, ZONES.format("CGCS2000 3度带 19带")),
    stated("no such meridian", "CGCS2000 中央经线112", plain_37, ZONES.format("CGCS2000 中央经线112")),
    stated(
        "UTM without hemisphere",
        "UTM 49",
        utm(49),
        "a.shp：“UTM 49” 没有写明半球或带号不在 1–60 之内；请写成 UTM 49N",
    ),
    stated("local system", "地方坐标系", plain_38, UNKNOWN.format("地方坐标系")),
    stated("a word that PROJ would take for another datum", "beijing", plain_38, UNKNOWN.format("beijing")),
    stated("Baidu's metres", "BD09MC", plain_38, UNKNOWN.format("BD09MC")),
    stated("xian with zone", "西安80 38带", in_38, XIAN),
    stated("xian in full", "1980西安坐标系", None, XIAN),
    stated("xian by code", "EPSG:2362", in_38, XIAN),
    stated("beijing with zone", "北京54 37带", plain_37, BEIJING),
    stated("beijing by code", "EPSG:21419", home_plane(111, 19.5e6), BEIJING),
    stated("new beijing", "EPSG:4555", None, OLD.format("新 1954 北京坐标系")),
    Case(
        "metres stated as GCJ-02",
        shapefile(HOME, None, plain_38),
        would_fit(impossible("345561.5885, 3920282.467", "GCJ-02（国测局加密坐标）"), CM114, place="a.shp 第 1 个图形"),
        options={"crs": "GCJ02"},
    ),
    Case(
        "GCJ-02 abroad",
        geojson([(x - 100, y) for x, y in HOME], None),
        Refused(
            "a.geojson 第 1 个图形：有界址点在中国范围之外，GCJ-02 只在中国境内有定义，不能反算；请核对坐标和坐标系",
            CRSError,
        ),
        options={"crs": "GCJ02"},
        expected=None,
    ),
    Case(
        "height plane by an ellipsoid of its own",
        shapefile(HOME, own_system("某矿", 1.0).replace("6378137.0", "6378937.0"), plain_38),
        Refused("a.shp：坐标系 “某矿” 的基准无法可靠地转换；请转换为 2000 国家大地坐标系后再提交", CRSError),
    ),
]
SILENT = [
    Case(
        "no prj: the fitting codes are listed",
        shapefile(HOME, None, plain_37),
        Refused(
            f"a.shp：没有 .prj 文件，{UNKNOWN_CRS} --crs {CM111}、--crs {UTM49}",
            CRSError,
        ),
    ),
    Case(
        "no prj: the columns are exchanged",
        shapefile(HOME, None, lambda point: in_37(point)[::-1]),
        Refused(
            f"a.shp：没有 .prj 文件，{UNKNOWN_CRS} --crs {Z37}（两列坐标对调）",
            CRSError,
        ),
    ),
    Case(
        "nothing would fit",
        geojson(HOME, "EPSG:4525", lambda point: (1.0, 2.0 + point[0])),
        Refused(
            f"a.geojson 第 1 个图形：{impossible('1, 114.3', Z37)}，在工作空间的全部区域（112.00–112.95°E, "
            "35.10–35.75°N）之外；请核对坐标，或换用包含该地的工作空间",
            SiteError,
        ),
    ),
    Case(
        "exchanged columns alone are put right",
        geojson(HOME, "EPSG:4547", lambda point: plain_38(point)[::-1]),
        Read(
            area(HOME),
            HOME[0],
            crs="EPSG:4547",
            warnings=("a.geojson：两列坐标的次序相反（按数值大小和所在区域判定），已对调读取",),
        ),
    ),
    Case(
        "exchanged columns of GCJ-02",
        shapefile(HOME, None, lambda point: cs.gcj02(point)[::-1]),
        Read(area(HOME), HOME[-1], warnings=("a.shp：两列坐标的次序相反（按数值大小和所在区域判定），已对调读取",)),
        options={"crs": "GCJ02"},
    ),
]

CASES = [*SHIFTED, *UNITS, *SIGNS, *WORDS, *SILENT]


@cases(CASES)
def test_misfit(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
