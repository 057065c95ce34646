"""MapInfo: exchange files written by hand, tables with Chinese names in every charset."""

from collections.abc import Callable, Sequence
from math import pi
from pathlib import Path
from typing import Any

import pytest
from pyproj import Transformer

from boundary_writers import EXPECTED, HOLE, SQUARE, Ring, plane, shifted
from intake_cases import Case, Read, cases, check
from mapinfo_files import PLAIN_111, ROW, ZONE_37, mif, points, region, write_mif, write_tab
from zoning.sites import read_sites

SQUARE_M2, HOLE_M2 = 1007808.37654, 90703.306576
FIRST = SQUARE[0]
NAMES = {"XMMC": "项目名称", "TBBH": "图斑编号"}
WGS = "坐标系记为 WGS84 的高斯-克吕格带（MapInfo 旧版没有 CGCS2000），"
WGS += "按 EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）读取"


def zone_37(ring: Ring) -> list[tuple[float, float]]:
    """Return the ring in zone 37, the zone in front of the easting."""
    return plane("EPSG:4525", ring)


SQUARE_37, HOLE_37 = zone_37(SQUARE), zone_37(HOLE)
FAR_37 = zone_37(shifted(SQUARE, 0.02))
TO_DEGREES = Transformer.from_crs("EPSG:4525", "EPSG:4490", always_xy=True)
X, Y = 37_618_500.0, 3_920_300.0
# 118.5 km east of the meridian the plane is larger than the ellipsoid by 1 + 118.5² / (2 · 6371²) in each direction.
ENLARGED = (1 + 118.5**2 / (2 * 6371**2)) ** 2
READ = Read(SQUARE_M2, FIRST, crs="EPSG:4525", name="阳城一号", warnings=(f"a.mif：{WGS}",))
WITH_HOLE = Read(SQUARE_M2 - HOLE_M2, FIRST, holes=1, crs="EPSG:4525")


def made(text: str, *rows: str, encoding: str = "gbk") -> Callable[[Path], Path]:
    """Return what writes .mif and .mid."""
    return lambda folder: write_mif(folder, text, *rows, encoding=encoding)


def table(*areas: Sequence[Ring], **changes: Any) -> Callable[[Path], Path]:
    """Return what writes a table."""
    return lambda folder: write_tab(folder / "a.tab", *areas, **changes)


def upper(folder: Path) -> Path:
    """Write a table whose files have their suffixes in capital letters."""
    path = write_tab(folder / "a.tab", [SQUARE_37], names=NAMES)
    for file in list(folder.iterdir()):
        file.rename(file.with_suffix(file.suffix.upper()))
    return path.with_suffix(".TAB")


def box(name: str, behind: str = "") -> str:
    """Return an object in the box of 200 by 100 m."""
    return f"{name} {X} {Y} {X + 200} {Y + 100}{behind}\n    Pen (1,2,0)\n"


def at(x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude of a place in zone 37."""
    lon, lat = TO_DEGREES.transform(x, y)
    return lon, lat


TEXT = f'Text\n    "一号地块"\n    {X} {Y} {X + 100} {Y + 20}\n    Font ("Arial",0,0,0)\n'
PLINE = f"Pline 2\n{X} {Y}\n{X + 100} {Y}\n    Pen (1,2,0)\n"
INSIDE = points([(37_618_500.0, 3_920_300.0), (37_618_600.0, 3_920_400.0)])

CASES = [
    Case("MIF", made(mif(region(SQUARE_37))), READ),
    Case("MIF in UTF-8", made(mif(region(SQUARE_37), charset="UTF-8"), encoding="utf-8"), READ),
    Case("MIF in GBK of charset Neutral", made(mif(region(SQUARE_37), charset="Neutral")), READ),
    Case("MIF in GBK without charset", made(mif(region(SQUARE_37), charset=None)), READ),
    Case(
        "MIF in GBK that says Latin 1",
        made(mif(region(SQUARE_37), charset="WindowsLatin1")),
        Read(
            SQUARE_M2,
            FIRST,
            name="阳城一号",
            fields={"encoding": "gb18030"},
            warnings=("a.mif：Charset 写的是 WindowsLatin1，文字实为 gb18030，已按后者读取",),
        ),
    ),
    Case("region with a hole", made(mif(region(SQUARE_37, HOLE_37))), WITH_HOLE),
    Case("hole first, both rings the same way round", made(mif(region(HOLE_37[::-1], SQUARE_37))), WITH_HOLE),
    Case(
        "region of two parts and a hole",
        made(mif(region(SQUARE_37, HOLE_37, FAR_37))),
        Read(2 * SQUARE_M2 - HOLE_M2, FIRST, parts=2, holes=1),
    ),
    Case("open ring", made(mif(region(SQUARE_37[:-1]))), Read(SQUARE_M2, FIRST)),
    Case("rectangle", made(mif(box("Rect"))), Read(20_000 / ENLARGED, at(X, Y), area_tolerance_m2=0.1)),
    Case(
        "circle",
        made(mif(f"Ellipse {X} {Y} {X + 200} {Y + 200}\n    Pen (1,2,0)\n")),
        Read(pi * 100**2 / ENLARGED, at(X + 200, Y + 100), repairs=("curve-to-line",), area_tolerance_m2=0.2),
    ),
    Case(
        "ellipse",
        made(mif(box("Ellipse"))),
        Read(pi * 100 * 50 / ENLARGED, at(X + 200, Y + 50), repairs=("curve-to-line",), area_tolerance_m2=0.2),
    ),
    Case(
        "rounded rectangle",
        made(mif(box("Roundrect", "\n    40"))),
        Read((20_000 - (4 - pi) * 20**2) / ENLARGED, at(X, Y + 20), repairs=("curve-to-line",), area_tolerance_m2=1),
    ),
    Case("line", made(mif(f"Line {X} {Y} {X + 100} {Y}\n    Pen (1,2,0)\n")), Read(0, at(X, Y)), {"width_m": 20.0}),
    Case("polyline", made(mif(PLINE)), Read(0, at(X, Y)), {"width_m": 20.0}),
    Case(
        "polyline of two parts",
        made(
            mif(
                f"Pline Multiple 2\n  2\n{X} {Y}\n{X + 100} {Y}\n  2\n{X} {Y + 9}\n{X + 100} {Y + 9}\n    Pen (1,2,0)\n"
            )
        ),
        Read(0, at(X, Y), parts=2),
        {"width_m": 3.0},
    ),
    Case(
        "arc",
        made(mif(box("Arc", "\n  0 90"))),
        Read(0, at(X + 200, Y + 50), repairs=("curve-to-line",)),
        {"width_m": 3.0},
    ),
    Case("point", made(mif(f"Point {X} {Y}\n    Symbol (35,0,12)\n")), Read(0, at(X, Y)), {"radius_m": 50.0}),
    Case(
        "points",
        made(mif(f"Multipoint 2\n{INSIDE}    Symbol (35,0,12)\n")),
        Read(0, at(X, Y), parts=2),
        {"radius_m": 9.0},
    ),
    Case(
        "labels are left out aloud",
        made(mif(TEXT, region(SQUARE_37)), '"标注","T",0', ROW),
        Read(SQUARE_M2, FIRST, name="阳城一号", warnings=("a.mif：1 个文字标注没有读取",)),
    ),
    Case(
        "collection of a region and a line in it",
        made(mif("Collection 2\n" + region(SQUARE_37) + f"Pline 2\n{INSIDE}    Pen (1,2,0)\n")),
        Read(SQUARE_M2, FIRST, warnings=("a.mif:11：面内的 1 个线或点（标注）不计入范围",)),
    ),
    Case("delimiter tab", made(mif(region(SQUARE_37), delimiter="\t"), ROW.replace(",", "\t")), READ),
    Case("without columns", made(mif(region(SQUARE_37), columns=())), Read(SQUARE_M2, FIRST, name="a")),
    Case("CRLF and capitals", made(mif(region(SQUARE_37)).replace("Region", "REGION").replace("\n", "\r\n")), READ),
    Case(
        "clause with bounds on two lines",
        made(mif(region(SQUARE_37), system=ZONE_37 + "\n Bounds (36000000, 2000000) (39000000, 6000000)")),
        READ,
    ),
    Case(
        "without zone",
        made(mif(region(plane("EPSG:4546", SQUARE)), system=PLAIN_111)),
        Read(SQUARE_M2, FIRST, crs="EPSG:4546"),
    ),
    Case(
        "GRS 80",
        made(mif(region(SQUARE_37), system=ZONE_37.replace("104", "33"))),
        Read(SQUARE_M2, FIRST, crs="EPSG:4525"),
    ),
    Case(
        "datum of its own without shifts",
        made(mif(region(SQUARE_37), system=ZONE_37.replace("104", "999, 0, 0, 0, 0"))),
        Read(SQUARE_M2, FIRST, crs="EPSG:4525"),
    ),
    Case(
        "UTM",
        made(
            mif(
                region(plane("EPSG:32649", SQUARE)),
                system='CoordSys Earth Projection 8, 104, "m", 111, 0, 0.9996, 500000, 0',
            )
        ),
        Read(SQUARE_M2, FIRST, crs="EPSG:32649"),
    ),
    Case(
        "degrees on WGS84",
        made(mif(region(SQUARE, decimals=9), system="CoordSys Earth Projection 1, 104")),
        Read(SQUARE_M2, FIRST, crs="EPSG:4326"),
    ),
    Case(
        "degrees of no datum",
        made(mif(region(SQUARE, decimals=9), system="CoordSys Earth Projection 1, 0")),
        Read(
            SQUARE_M2,
            FIRST,
            crs="EPSG:4490",
            warnings=("a.mif：坐标系没有指定基准（0），坐标是落在工作空间区域内的经纬度，按 CGCS2000 经纬度读取",),
        ),
    ),
    Case(
        "degrees without CoordSys",
        made(mif(region(SQUARE, decimals=9), system=None)),
        Read(SQUARE_M2, FIRST, crs="EPSG:4490"),
    ),
    Case(
        "NonEarth with --crs",
        made(mif(region(SQUARE_37), system='CoordSys NonEarth Units "m" Bounds (0, 0) (50000000, 8000000)')),
        Read(SQUARE_M2, FIRST, crs="EPSG:4525"),
        {"crs": "EPSG:4525"},
    ),
    Case("table", table([SQUARE_37], names=NAMES), Read(SQUARE_M2, FIRST, crs="EPSG:4525", name="阳城㎡")),
    Case("table with a hole", table([SQUARE_37, HOLE_37]), WITH_HOLE),
    Case("suffixes in capitals", upper, Read(SQUARE_M2, FIRST, name="阳城㎡")),
    Case(
        "table of two rows",
        table([SQUARE_37], [FAR_37], names=NAMES),
        Read(2 * SQUARE_M2, FIRST, footprints=2, parts=2, name="阳城㎡"),
    ),
    Case(
        "coarse table",
        table([SQUARE_37], bounds=None),
        Read(
            SQUARE_M2,
            FIRST,
            tolerance_m=0.03,
            area_tolerance_m2=60,
            warnings=("a.tab：表内坐标的最小间隔约 0.03 米（坐标范围 Bounds 过大），界址点有相应的误差",),
        ),
    ),
    Case(
        "table in degrees",
        table([list(SQUARE)], code="EPSG:4326", bounds="112,35,113,36"),
        Read(SQUARE_M2, FIRST, crs="EPSG:4326"),
    ),
]


@cases(CASES)
def test_mapinfo(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("WindowsSimpChinese", "CP936"),
        ("Neutral", "CP936"),
        ("WindowsLatin1", "CP936"),
        ("UTF-8", "UTF-8"),
        ("Neutral", "UTF-8"),
    ],
)
def test_names_and_texts_of_a_table_are_right_in_every_charset(charset: str, encoding: str, tmp_path: Path) -> None:
    path = write_tab(tmp_path / "a.tab", [SQUARE_37], names=NAMES, charset=charset, encoding=encoding)
    site = read_sites(path, expected=EXPECTED)[0]
    assert site.attributes == {"项目名称": "阳城㎡", "图斑编号": "D1"}
    assert (site.name, site.id) == ("阳城㎡", "D1")


def test_a_stated_encoding_is_used_or_refused(tmp_path: Path) -> None:
    path = write_tab(tmp_path / "a.tab", [SQUARE_37], charset="Neutral")
    assert read_sites(path, expected=EXPECTED, encoding="GBK")[0].name == "阳城㎡"
    with pytest.raises(Exception, match="the attributes are not in UTF-8; leave --encoding out or state the right one"):
        read_sites(path, expected=EXPECTED, encoding="UTF-8")


def test_nothing_of_the_file_is_changed(tmp_path: Path) -> None:
    path = write_tab(tmp_path / "a.tab", [SQUARE_37], charset="Neutral")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    read_sites(path, expected=EXPECTED)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
