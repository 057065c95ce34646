"""Where a DXF lies: units, order of the axes, what is said about the coordinate system; what is said if nothing is."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pyproj import CRS, Transformer

from dxf_files import (
    LAYER,
    MERIDIAN,
    ORIGIN,
    SQUARE,
    Entity,
    drawing,
    lonlat,
    lwpolyline,
    raw,
    text,
)
from intake_cases import UNKNOWN_CRS, Case, Read, Refused, cases, check
from zoning.errors import CRSError

CORNER = lonlat(0, 0)
X, Y = ORIGIN
PLACES = [(X + x, Y + y) for x, y in SQUARE]
STATED = {"crs": "EPSG:4525"}
IN_38 = [(38_364_000.0 + x, 3_920_000.0 + y) for x, y in SQUARE]
LOCAL = [(500.0 + x, 300.0 + y) for x, y in SQUARE]
WKT = CRS.from_epsg(4525).to_wkt("WKT1_ESRI")


def placed(points: Sequence[Sequence[float]], **how: Any) -> Entity:
    """Return an outline with these very numbers."""
    return lwpolyline(points, moved=False, **how)


def times(factor: float) -> Entity:
    """Return the square with all numbers multiplied."""
    return placed([(x * factor, y * factor) for x, y in PLACES])


def to(code: str) -> list[tuple[float, float]]:
    """Return the square at ORIGIN in another system."""
    way = Transformer.from_crs("EPSG:4525", code, always_xy=True)
    return [way.transform(*place) for place in PLACES]


def geodata(code: int, *, shift: float = 0.0) -> Entity:
    """Return the object that tells AutoCAD where a drawing lies."""
    head, tail = '<Dictionary><Alias id="', '" type="CoordinateSystem"><ObjectId>X</ObjectId>'
    pairs: Entity = [(0, "GEODATA"), (5, "D1"), (90, 2), (70, 2), *raw((1.0, 2.0, 0.0))]
    pairs += [*raw((1.0 + shift, 2.0, 0.0), 11), (40, 1.0), (12, 0.0), (22, 1.0), (303, f"{head}{code}{tail}")]
    return [*pairs, (301, "<Namespace>EPSG Code</Namespace></Alias></Dictionary>")]


def beside(prj: str, make: Callable[[Path], Path], suffix: str = ".prj") -> Callable[[Path], Path]:
    """Return the function that writes a file of the same name beside a drawing."""

    def both(folder: Path) -> Path:
        path = make(folder)
        path.with_suffix(suffix).write_text(prj, encoding="utf-8")
        return path

    return both


def no_crs(fitting: str, said: str = "DXF 没有坐标系") -> Refused:
    """Return the refusal of a drawing without a coordinate system."""
    return Refused(f"a.dxf：{said}，{UNKNOWN_CRS} --crs {fitting}", CRSError)


ZONE_37 = "EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）"
ZONE_38 = "EPSG:4526（CGCS2000 3° 带第 38 带，Y 带带号）"
PLAIN_38 = "EPSG:4547（CGCS2000 3° 带，中央经线 114°，Y 不带带号）"

CASES = [
    Case(
        "millimetres-by-the-header",
        drawing(times(1000), unit=4),
        Read(10_000, CORNER, warnings=("a.dxf：文件头的单位是毫米，坐标已换算为米读取",)),
        STATED,
        MERIDIAN,
    ),
    Case(
        "kilometres-by-the-header",
        drawing(times(0.001), unit=7),
        Read(10_000, CORNER, warnings=("a.dxf：文件头的单位是千米，坐标已换算为米读取",)),
        STATED,
        MERIDIAN,
    ),
    Case(
        "header-of-the-template-says-millimetres",
        drawing(times(1), unit=4),
        Read(
            10_000,
            CORNER,
            warnings=("a.dxf：文件头的单位是毫米，但坐标按米才落在工作空间的区域内，已按米读取",),
        ),
        STATED,
        MERIDIAN,
    ),
    Case("unitless", drawing(times(1), unit=0), Read(10_000, CORNER), STATED, MERIDIAN),
    Case("no-unit-at-all", drawing(times(1), unit=None), Read(10_000, CORNER), STATED, MERIDIAN),
    Case(
        "millimetres-and-nobody-says-so",
        drawing(times(1000), unit=0),
        Refused(
            "a.dxf：坐标像是以毫米为单位（文件头写的是无单位），换算为米后才落在工作空间的区域内；"
            "请在 CAD 中缩放为米（SCALE），或把图形单位（UNITS）改为实际单位后重新导出"
        ),
        STATED,
        MERIDIAN,
    ),
    Case(
        "millimetres-and-the-header-says-metres",
        drawing(times(1000), unit=6),
        Refused(
            "a.dxf：坐标像是以毫米为单位（文件头写的是米），换算为米后才落在工作空间的区域内；"
            "请在 CAD 中缩放为米（SCALE），或把图形单位（UNITS）改为实际单位后重新导出"
        ),
        {},
        MERIDIAN,
    ),
    Case("no-system-with-prefix", drawing(placed(IN_38)), no_crs(ZONE_38)),
    Case("no-system-without-prefix", drawing(placed([(x - 38e6, y) for x, y in IN_38])), no_crs(PLAIN_38)),
    Case(
        "no-system-exchanged-axes",
        drawing(placed([(y, x) for x, y in IN_38])),
        no_crs(f"{ZONE_38}（两列坐标对调）"),
    ),
    Case(
        "exchanged-axes",
        drawing(placed([(y, x) for x, y in PLACES])),
        Read(
            10_000,
            CORNER,
            warnings=("a.dxf：两列坐标的次序相反（按数值大小和所在区域判定），已对调读取",),
        ),
        STATED,
        MERIDIAN,
    ),
    Case(
        "degrees",
        drawing(placed(to("EPSG:4490"))),
        Read(
            10_000,
            CORNER,
            crs="EPSG:4490",
            warnings=("a.dxf：DXF 没有坐标系，坐标是落在工作空间区域内的经纬度，按 CGCS2000 经纬度读取",),
        ),
        {},
        MERIDIAN,
    ),
    Case(
        "gap-of-two-metres-in-degrees-is-no-millimetre",
        drawing(placed([*to("EPSG:4490"), (CORNER[0], CORNER[1] + 0.00002)], closed=False)),
        Refused(
            f"a.dxf：图层 {LAYER} 上没有闭合的线：LWPOLYLINE（句柄 A1）的首末点相距 2.226 m，"
            f"末点在 (111, {CORNER[1] + 0.00002:.10g})；"
            "请在 CAD 中闭合（PEDIT→闭合）后重新导出，若是线状工程请用 --width 说明宽度（米）"
        ),
        {},
        MERIDIAN,
    ),
    Case(
        "local-coordinates",
        drawing(placed(LOCAL)),
        Refused(
            "a.dxf：坐标在 (500, 300) 与 (600, 400) 之间，是独立（假定）坐标，不知道地块在哪里；"
            "请测绘单位转换为 2000 国家大地坐标系后重新导出",
            CRSError,
        ),
    ),
    Case(
        "utm",
        drawing(placed(to("EPSG:32649"))),
        Read(10_000, CORNER, crs="EPSG:32649", area_tolerance_m2=0.1),
        {"crs": "EPSG:32649"},
        MERIDIAN,
    ),
    Case(
        "prj-beside-it",
        beside(WKT, drawing(times(1))),
        Read(10_000, CORNER, crs="EPSG:4525", warnings=("a.dxf：坐标系取自同名的 a.prj",)),
        {},
        MERIDIAN,
    ),
    Case(
        "prj-of-a-shapefile",
        beside("", beside(WKT, drawing(times(1))), ".shp"),
        no_crs(ZONE_37),
        {},
        MERIDIAN,
    ),
    Case(
        "note-of-a-gis",
        drawing(times(1), objects=[[(0, "XRECORD"), (5, "E1"), (280, 1), (1, WKT[:200]), (1, WKT[200:])]]),
        Read(10_000, CORNER, crs="EPSG:4525", warnings=("a.dxf：坐标系取自 GIS 软件写在图中的定义",)),
        {},
        MERIDIAN,
    ),
    Case(
        "geodata",
        drawing(times(1), objects=[geodata(4525)]),
        Read(10_000, CORNER, crs="EPSG:4525", warnings=("a.dxf：坐标系取自图中的地理位置（GEODATA）",)),
        {},
        MERIDIAN,
    ),
    Case(
        "geodata-that-moves-the-drawing",
        drawing(times(1), objects=[geodata(4525, shift=500.0)]),
        no_crs(ZONE_37),
        {},
        MERIDIAN,
    ),
    Case(
        "text-that-names-an-old-datum",
        drawing(placed(IN_38), text("1980西安坐标系", (0, -50))),
        no_crs(ZONE_38, "DXF 没有坐标系（图中文字写有“1980西安坐标系”）"),
    ),
    Case(
        "system-stated-against-a-text",
        drawing(times(1), text("坐标系：1954年北京坐标系", (0, -50))),
        Read(
            10_000,
            CORNER,
            warnings=(
                "a.dxf：图中文字写有“坐标系：1954年北京坐标系”：坐标若属旧坐标系，会偏差数十至上百米；请向测绘单位核实",
            ),
        ),
        STATED,
        MERIDIAN,
    ),
]


@cases(CASES)
def test_where_a_dxf_lies(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
