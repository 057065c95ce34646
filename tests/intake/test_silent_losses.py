"""Files of which a part, a ring or a record would be lost without a word, or an old datum overheard."""

import json
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from pyproj import CRS

import boundary_writers as bw
from gdal_writers import frame, write, write_gdb
from intake_cases import Case, Read, Refused, cases, check
from mapinfo_files import mif, region, write_mif
from zoning.errors import CRSError

SQUARE_M2 = 1_007_808.376
FIRST = (112.30, 35.40)
SECOND = bw.shifted(bw.SQUARE, 0.05)
INNER = bw.HOLE[::-1]  # counter-clockwise, as the square
LEFT_OUT = bw.shifted(bw.HOLE, 0.003)
THREE = frame([bw.SQUARE], [SECOND], [bw.shifted(bw.SQUARE, 0.1)])
SYSTEM_38 = CRS.from_epsg(4526).to_wkt("WKT1_ESRI")
XIAN_IN_CHINESE = SYSTEM_38.replace("CGCS2000_3_Degree_GK_Zone_38", "西安80_38带").replace(
    "D_China_2000", "D_西安_1980"
)
ODD = [(112.42813, 35.48917), (112.42906, 35.48917), (112.42906, 35.49017), (112.42813, 35.48917)]
OLD = (
    "a.shp：坐标属于 1980 西安坐标系，与 2000 国家大地坐标系之间没有公开的转换参数，直接套用会偏差数十至上百米；"
    "请测绘单位转换为 2000 国家大地坐标系后再提交，或用 --datum-shift 给出转换参数文件"
)
OLD_IN_CSV = OLD.replace("a.shp", "a.csv").replace("1980 西安坐标系", "{}")
Make = Callable[[Path], Path]


def shapefile(*records: list[bw.Ring], prj: str = SYSTEM_38) -> Make:
    """Return a maker of a shapefile whose rings run as they are given: outlines run clockwise in this format."""

    def make(folder: Path) -> Path:
        shp = bw.write_bare_shapefile(
            folder / "a.shp", *([bw.plane("EPSG:4526", r) for r in rings] for rings in records)
        )
        shp.with_suffix(".prj").write_text(prj, encoding="utf-8")
        return shp

    return make


def stating(count: int) -> Make:
    """Return a maker of a GeoPackage of three rows that states another number."""

    def make(folder: Path) -> Path:
        path = write(folder / "a.gpkg", THREE, "GPKG", layer="地块")
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE gpkg_ogr_contents SET feature_count = ?", (count,))
        return path

    return make


def gdb_stating_one(folder: Path) -> Path:
    """Write a geodatabase of three rows whose table states one."""
    write_gdb(folder / "a.gdb", {"地块": THREE})
    table = max((folder / "a.gdb").glob("*.gdbtable"))
    data = bytearray(table.read_bytes())
    data[4:8] = struct.pack("<I", 1)
    bw.write(table, bytes(data))
    return folder / "a.gdb"


def table(head: str) -> Make:
    """Return a maker of a CSV with the square as WKT, and a text in front of it."""
    places = ",".join(f"{x:.6f} {y:.6f}" for x, y in ODD)
    return lambda folder: bw.write(folder / "a.csv", f'id,geom\n1,"{head}POLYGON(({places}))"\n')


def esri(own: int) -> Make:
    geometry = {"rings": [bw.SQUARE[::-1]], "spatialReference": {"wkid": own}}
    document = {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkid": 4490},
        "features": [{"attributes": {}, "geometry": geometry}],
    }
    return lambda folder: bw.write(folder / "a.json", json.dumps(document))


def kml(polygon: str) -> Make:
    text = bw.kml(f"<Placemark><Polygon>{polygon}</Polygon></Placemark>")
    return lambda folder: bw.write(folder / "a.kml", text)


def kml_ring(name: str, ring: bw.Ring) -> str:
    places = " ".join(f"{x},{y}" for x, y in ring)
    return f"<{name}><LinearRing><coordinates>{places}</coordinates></LinearRing></{name}>"


def collection(folder: Path) -> Path:
    two = region(bw.SQUARE) + region(SECOND)
    return write_mif(folder, mif(f"Collection 2\n{two}", system="CoordSys Earth Projection 1, 104"), '"东区"')


def holed(*repairs: str) -> Read:
    return Read(SQUARE_M2 * 0.91, FIRST, area_tolerance_m2=10.0, holes=1, crs="EPSG:4526", repairs=repairs)


ALL_THREE = Read(3 * SQUARE_M2, FIRST, area_tolerance_m2=20.0, footprints=3, parts=3)

CASES = [
    Case("shapefile, outline clockwise, hole the other way", shapefile([bw.SQUARE[::-1], INNER]), holed()),
    Case("shapefile, outline and hole turned round", shapefile([bw.SQUARE, bw.HOLE]), holed("ring-roles")),
    Case("shapefile, hole first and both turned round", shapefile([bw.HOLE, bw.SQUARE]), holed()),
    Case(
        "shapefile, two holes, all turned round",
        shapefile([bw.SQUARE, bw.HOLE, LEFT_OUT]),
        Read(SQUARE_M2 * 0.82, FIRST, area_tolerance_m2=20.0, holes=2, crs="EPSG:4526", repairs=("ring-roles",)),
    ),
    Case(
        "shapefile of Xian 1980, its name in Chinese beside the ellipsoid of CGCS2000",
        shapefile([bw.SQUARE[::-1]], prj=XIAN_IN_CHINESE),
        Refused(OLD, CRSError),
    ),
    Case(
        "shapefile in UTM, which Gauss-Krüger may be mistaken for",
        lambda folder: write(folder / "a.shp", frame([bw.SQUARE], code="EPSG:32649"), "ESRI Shapefile"),
        Read(
            SQUARE_M2,
            FIRST,
            crs="EPSG:32649",
            warnings=(
                "坐标系是 UTM 投影；国内测绘成果一般是高斯-克吕格投影，若写错，位置会偏南北方向 1 公里以上；请核对",
            ),
        ),
    ),
    Case("GeoPackage that states fewer rows than it has", stating(1), ALL_THREE),
    Case("GeoPackage that states more rows than it has", stating(7), ALL_THREE),
    Case("FileGDB whose table states fewer rows than it has", gdb_stating_one, ALL_THREE),
    Case("Esri JSON, system of the geometry as of the set", esri(4490), Read(SQUARE_M2, FIRST, crs="EPSG:4490")),
    *(
        Case(f"WKT in a CSV, SRID {number}", table(f"SRID={number};"), Refused(OLD_IN_CSV.format(name), CRSError))
        for number, name in ((4610, "1980 西安坐标系"), (4214, "1954 北京坐标系"))
    ),
    Case(
        "Esri JSON, old datum in the geometry",
        esri(4610),
        Refused(
            "a.json 第 1 个图形：图形自带的 spatialReference 与文件的不同；一个文件只能有一个坐标系，请转换后重新导出",
            CRSError,
        ),
    ),
    Case(
        "KML polygon of holes alone",
        kml(kml_ring("innerBoundaryIs", bw.SQUARE)),
        Refused("a.kml 第 1 个图形：一个 Polygon 有 0 个 outerBoundaryIs，应正好有 1 个；请重新导出"),
    ),
    Case(
        "KML hole before its outline",
        kml(kml_ring("innerBoundaryIs", bw.HOLE) + kml_ring("outerBoundaryIs", bw.SQUARE)),
        Read(SQUARE_M2 * 0.91, FIRST, area_tolerance_m2=10.0, holes=1, crs="EPSG:4326"),
    ),
    Case(
        "MIF collection of two regions",
        collection,
        Refused("a.mif:21：一个 Collection 里有两个 region，只能各有一个；请重新导出"),
    ),
]


@cases(CASES)
def test_nothing_is_lost_in_silence(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
