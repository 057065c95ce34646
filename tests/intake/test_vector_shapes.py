"""FlatGeobuf, GeoPackage, shapefiles and folders of shapefiles."""

import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pyproj import CRS

import boundary_writers as bw
from gdal_writers import frame, write
from intake_cases import UNKNOWN_CRS, Case, Read, Refused, cases, check
from zoning.errors import CRSError
from zoning.sites import Limits, read_sites

SQUARE_M2 = 1_007_808.376
FIRST = (112.30, 35.40)
SECOND = bw.shifted(bw.SQUARE, 0.05)
ONE = frame([bw.SQUARE, bw.HOLE], columns={"名称": ["东区"], "编号": ["D7"]})
MANY = frame(*([bw.shifted(bw.SQUARE, n * 0.001)] for n in range(40)))
SYSTEM_38 = CRS.from_epsg(4526).to_wkt("WKT1_ESRI")
Make = Callable[[Path], Path]


def read(**more: Any) -> Read:
    holed = {"area_m2": SQUARE_M2 * 0.91, "area_tolerance_m2": 10.0, "holes": 1}
    return Read(**{"first": FIRST, "crs": "EPSG:4525", **holed, **more})


def plain(**more: object) -> Read:
    return read(**{"area_m2": SQUARE_M2, "area_tolerance_m2": 0.0, "holes": 0, **more})


def fgb(content: Any, change: Callable[[bytes], bytes] = lambda data: data, **options: Any) -> Make:
    def make(folder: Path) -> Path:
        data = write(folder / "whole.fgb", content, "FlatGeobuf", **options).read_bytes()
        return bw.write(folder / "a.fgb", change(data))

    return make


def shapefile(name: str = "a.shp", *, prj: str | None = SYSTEM_38, dbf: bool = False) -> Make:
    """Return a maker of a shapefile written byte by byte."""

    def make(folder: Path) -> Path:
        shp = bw.write_bare_shapefile(folder / name, [bw.plane("EPSG:4526", bw.SQUARE)[::-1]])
        if prj is not None:
            shp.with_suffix(".prj").write_text(prj, encoding="utf-8")
        if dbf:
            bw.write_dbf(shp.with_suffix(".dbf"), "地块名称".encode("gbk"), 20, "东区㎡".encode("gbk"))
        return shp

    return make


def folder_of(*names: str, more: Callable[[Path], object] = lambda _: None) -> Make:
    def make(folder: Path) -> Path:
        inner = folder / "上报资料"
        inner.mkdir()
        for name in names:
            shapefile(name, dbf=True)(inner)
        more(inner)
        return inner

    return make


def cut_field(folder: Path) -> Path:
    """Write the field 地块名称 in UTF-8: ten bytes hold three characters and a third of the fourth."""
    shp = shapefile()(folder)
    bw.write_dbf(shp.with_suffix(".dbf"), "地块名称".encode()[:10], 20, "东区".encode())
    return shp


def capitals(folder: Path) -> Path:
    shp = shapefile("A.SHP", dbf=True)(folder)
    for suffix in (".shx", ".dbf", ".prj"):
        shp.with_suffix(suffix).rename(shp.with_suffix(suffix.upper()))
    bw.write(folder / "A.SHP.xml", "<metadata/>")
    return shp


def deleted(folder: Path) -> Path:
    shp = bw.write_shapefile(folder / "a.shp", [bw.SQUARE], [SECOND])
    dbf = bytearray(shp.with_suffix(".dbf").read_bytes())
    first, width = struct.unpack_from("<HH", dbf, 8)
    dbf[first + width] = ord("*")
    bw.write(shp.with_suffix(".dbf"), bytes(dbf))
    return shp


def stale_index(folder: Path) -> Path:
    """Write two shapes of which the index and the table know one."""
    shp = bw.write_bare_shapefile(folder / "a.shp", [bw.plane("EPSG:4526", bw.SQUARE)[::-1]])
    older = shp.with_suffix(".shx").read_bytes()
    bw.write_bare_shapefile(shp, *([bw.plane("EPSG:4526", ring)[::-1]] for ring in (bw.SQUARE, SECOND)))
    bw.write(shp.with_suffix(".shx"), older)
    shp.with_suffix(".prj").write_text(SYSTEM_38, encoding="utf-8")
    return shp


def points_that_are_not_there(folder: Path) -> Path:
    shp = shapefile()(folder)
    data = bytearray(shp.read_bytes())
    data[148:152] = struct.pack("<I", 2_000_000_000)
    return bw.write(shp, bytes(data))


def lost_row(folder: Path) -> Path:
    """Write forty rows, the third without a geometry."""
    path = write(folder / "a.gpkg", MANY, "GPKG", layer="地块")
    with closing(sqlite3.connect(path)) as connection, connection:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _: 0)
        connection.execute("UPDATE 地块 SET geom = NULL WHERE fid = 3")
    return path


def gpkg(folder: Path) -> Path:
    write(folder / "a.gpkg", ONE, "GPKG", layer="东区")
    return write(folder / "a.gpkg", frame([SECOND]), "GPKG", layer="西区", append=True)


def link(folder: Path) -> None:
    bw.write(folder.parent / "secret", b"x" * 100)
    (folder / "a.dbf").unlink()
    (folder / "a.dbf").symlink_to(folder.parent / "secret")


def between_two(data: bytes) -> bytes:
    """Keep the first ten features: behind magic, header and an index of 40 + 3 + 1 nodes of 40 bytes."""
    position = 12 + int(struct.unpack_from("<I", data, 8)[0]) + 44 * 40
    for _ in range(10):
        position += 4 + int(struct.unpack_from("<I", data, position)[0])
    return data[:position]


UNLISTED = "a.shp：.shp 中有 136 字节不在 .shx 索引之内（编辑后留下的旧图形，或索引已过时），未读取；请核对图形是否齐全"
UNREAD = "上报资料：读取了 a.shp，文件夹内其他可能有坐标的文件未读取：坐标.txt、红线.dwg"
PRJ_LONG = f"a.shp：.prj 有 {70_000} 字节，不是坐标系或编码说明；请重新导出"

CASES = [
    Case("FlatGeobuf with an index", fgb(ONE), read(name="东区", fields={"id": "D7"})),
    Case("FlatGeobuf without an index", fgb(ONE, SPATIAL_INDEX="NO"), read()),
    Case(
        "FlatGeobuf of forty",
        fgb(MANY),
        plain(area_m2=40 * SQUARE_M2, area_tolerance_m2=200.0, footprints=40, parts=40, first=(112.339, 35.40)),
    ),
    Case("GeoPackage, one of two layers", gpkg, read(name="东区"), {"layer": "东区"}),
    Case(
        "shapefile with GBK and no .cpg",
        shapefile(dbf=True),
        plain(first=(112.30, 35.40), crs="EPSG:4526", name="东区㎡"),
    ),
    Case("shapefile in capitals, notes beside it", capitals, plain(crs="EPSG:4526", name="东区㎡")),
    Case(
        "shapefile, name of a field cut",
        cut_field,
        plain(crs="EPSG:4526", name="东区", fields={"attributes": {"地块名": "东区"}}),
    ),
    Case(
        "shapefile with a deleted row",
        deleted,
        plain(crs="EPSG:4526", warnings=("a.shp：1 个图形在属性表中已标为删除，未读取",)),
    ),
    Case(
        "shapefile with an index out of date",
        stale_index,
        plain(
            crs="EPSG:4526",
            warnings=(UNLISTED,),
        ),
    ),
    Case(
        "folder of one shapefile",
        folder_of("a.shp"),
        plain(crs="EPSG:4526", name="东区㎡", fields={"source": "上报资料/a.shp"}),
    ),
    Case("folder of two, one chosen", folder_of("a.shp", "b.shp"), plain(crs="EPSG:4526"), {"layer": "b"}),
    Case(
        "folder with other files",
        folder_of(
            "a.shp",
            more=lambda folder: [bw.write(folder / name, b"1 2") for name in ("坐标.txt", "红线.dwg", "说明.pdf")],
        ),
        plain(crs="EPSG:4526", warnings=(UNREAD,)),
    ),
    Case(
        "folder, shapefile without table",
        folder_of("a.shp", more=lambda folder: (folder / "a.dbf").unlink()),
        plain(crs="EPSG:4526", name="a"),
    ),
]


def refused(name: str, make: Make, zh: str, options: dict[str, Any] | None = None, **more: Any) -> Case:
    return Case(name, make, Refused(zh, **more), options or {})


HEADER = "a.fgb：FlatGeobuf 的文件头不完整或有误；请重新导出"
ZONE_37, ZONE_38 = (f"EPSG:{code}（CGCS2000 3° 带第 {zone} 带，Y 带带号）" for zone, code in ((37, 4525), (38, 4526)))
NO_PRJ = f"上报资料/a.shp：没有 .prj 文件，{UNKNOWN_CRS} --crs {ZONE_38}"
TWO_FILES = folder_of("a.shp", "b.shp")

CASES += [
    refused(
        "FlatGeobuf cut off in a feature",
        fgb(MANY, lambda data: data[:-200]),
        "a.fgb：文件头记录有 40 个图形，只读到 38 个，文件不完整或损坏；请重新导出",
    ),
    refused(
        "FlatGeobuf cut off between two features",
        fgb(MANY, between_two),
        "a.fgb：文件头记录有 40 个图形，只读到 10 个，文件不完整或损坏；请重新导出",
    ),
    refused(
        "FlatGeobuf with bytes behind it",
        fgb(ONE, lambda data: data + b"\0"),
        "a.fgb：第 1 个图形之后的内容不完整或有误；请重新导出",
    ),
    refused(
        "FlatGeobuf, header of four thousand MB",
        fgb(ONE, lambda data: data[:8] + b"\xff\xff\xff\xff" + data[12:]),
        HEADER,
    ),
    refused("FlatGeobuf, header of zeros", fgb(ONE, lambda data: data[:12] + bytes(400)), HEADER),
    refused(
        "FlatGeobuf without a system",
        fgb(frame([bw.SQUARE], code=None)),
        f"a.fgb：文件没有说明坐标系，{UNKNOWN_CRS} --crs {ZONE_37}",
        error=CRSError,
    ),
    refused("GeoPackage of two layers", gpkg, "a.gpkg：有 2 个图层；请用 --layer 指定一个：东区、西区"),
    refused(
        "GeoPackage, a row without geometry",
        lost_row,
        "a.gpkg 第 3 个图形：没有几何图形或图形为空；请删除该记录或补画图形",
    ),
    refused(
        "shapefile, counts beyond the file",
        points_that_are_not_there,
        "a.shp：超过 4000000 个点的上限；请只导出项目范围，或用 --limit vertices=… 提高上限",
    ),
    refused("shapefile, huge .prj", shapefile(prj=SYSTEM_38.ljust(70_000)), PRJ_LONG),
    refused(
        "shapefile and table too large together",
        shapefile(dbf=True),
        "a.shp：与旁边的同名文件共有 0.0 MB，超过上限 0 MB；请只导出项目范围，或用 --limit file_bytes=… 提高上限",
        {"limits": Limits(file_bytes=300)},
    ),
    refused("folder of two shapefiles", TWO_FILES, "上报资料：有 2 个图层；请用 --layer 指定一个：a、b"),
    refused("folder, no such shapefile", TWO_FILES, "上报资料：没有图层 c；可选：a、b", {"layer": "c"}),
    refused(
        "folder, no .prj", folder_of("a.shp", more=lambda folder: (folder / "a.prj").unlink()), NO_PRJ, error=CRSError
    ),
    refused(
        "folder with a link", folder_of("a.shp", more=link), "上报资料：其中的 a.dbf 是链接，不是文件；请提供文件本身"
    ),
    refused(
        "folder with too many files",
        TWO_FILES,
        "上报资料：文件夹内的文件超过 3 个；请指定其中的 .shp 文件",
        {"limits": Limits(members=3)},
    ),
    refused(
        "folder, shapefile cut off",
        folder_of("a.shp", more=lambda folder: bw.write(folder / "a.shp", (folder / "a.shp").read_bytes()[:-4])),
        "上报资料/a.shp：.shp 只有 232 字节，文件头记录为 236 字节，文件不完整；请重新导出",
    ),
]


@cases(CASES)
def test_shapes(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


ESRI_SYSTEMS = [
    ("EPSG:4526", "CGCS2000_3_Degree_GK_Zone_38", 114.0, 38_500_000.0),
    ("EPSG:4547", "CGCS2000_3_Degree_GK_CM_114E", 114.0, 500_000.0),
    ("EPSG:4525", "CGCS2000_3_Degree_GK_Zone_37", 111.0, 37_500_000.0),
    ("EPSG:4546", "CGCS2000_3_Degree_GK_CM_111E", 111.0, 500_000.0),
    ("EPSG:4497", "CGCS2000_GK_Zone_19", 111.0, 19_500_000.0),
]


@pytest.mark.parametrize(("code", "name", "meridian", "easting"), ESRI_SYSTEMS)
@pytest.mark.parametrize("projection", ["Gauss_Kruger", "Transverse_Mercator"])
def test_systems_as_arcgis_writes_them(
    tmp_path: Path, code: str, name: str, meridian: float, easting: float, projection: str
) -> None:
    geographic = (
        'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,'
        '298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
    )
    numbers = {
        "False_Easting": easting, "False_Northing": 0.0, "Central_Meridian": meridian, "Scale_Factor": 1.0,
        "Latitude_Of_Origin": 0.0,
    }  # fmt: skip
    parameters = ",".join(f'PARAMETER["{key}",{value}]' for key, value in numbers.items())
    shp = bw.write_bare_shapefile(tmp_path / "a.shp", [bw.plane(code, bw.SQUARE)[::-1]])
    shp.with_suffix(".prj").write_text(
        f'PROJCS["{name}",{geographic},PROJECTION["{projection}"],{parameters},UNIT["Meter",1.0]]'
    )
    (site,) = read_sites(shp, expected=bw.EXPECTED)
    assert site.crs == code
