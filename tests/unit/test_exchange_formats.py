"""Every format that is written, read by the product and by a library that knows nothing of it."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import pytest
import shapely
from ezdxf.filemanagement import read as read_dxf
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

import boundary_writers as bw
from exchange_world import ATTRIBUTES, converted, notes, polygon, site
from zoning.errors import ContentError, CRSError, UsageError
from zoning.exchange.attributes import short_names
from zoning.exchange.target import Encoding, Target
from zoning.sites import Site, read_sites

ISLAND = bw.shifted(bw.SQUARE, 0.02)
HOLLOW = polygon(bw.SQUARE, bw.HOLE)
TWO = shapely.MultiPolygon([HOLLOW, polygon(ISLAND)])
TRUE = [*bw.SQUARE, *bw.HOLE, *ISLAND]
ALL = tuple(Target)


def written(folder: Path, geometry: BaseGeometry, target: Target, **options: Any) -> Path:
    """Write one footprint and return the file."""
    path = folder / f"红线{target.suffix}"
    path.write_bytes(converted(site(geometry), target, **options).content)
    return path


def lonlat(one: Site) -> list[tuple[float, float]]:
    way = Transformer.from_crs(one.crs, "EPSG:4490", always_xy=True)
    return [way.transform(x, y) for x, y in shapely.get_coordinates(one.geometry).tolist()]


def furthest_m(found: list[tuple[float, float]], true: list[bw.Point]) -> float:
    """Return how far the furthest true vertex is from the nearest one found, metres."""
    scale = np.array([111_320 * np.cos(np.radians(35.4)), 110_950])
    a, b = np.array(true) * scale, np.array(found) * scale
    return max(float(np.hypot(*(b - vertex).T).min()) for vertex in a)


@pytest.mark.parametrize("target", ALL)
def test_the_product_reads_what_it_writes(tmp_path: Path, target: Target) -> None:
    sites = read_sites(written(tmp_path, TWO, target), expected=bw.EXPECTED)
    parts = [part for one in sites for part in shapely.get_parts(one.geometry)]
    assert sorted(shapely.get_num_interior_rings(part) for part in parts) == [0, 1]
    assert furthest_m([xy for one in sites for xy in lonlat(one)], TRUE) < 0.001
    degrees = target in (Target.geojson, Target.kml)
    assert {one.crs for one in sites} <= ({"EPSG:4490", "EPSG:4326"} if degrees else {"EPSG:4525"})


@pytest.mark.parametrize("target", [Target.geojson, Target.gpkg, Target.shp, Target.kml, Target.txt, Target.csv])
def test_id_and_name_are_carried(tmp_path: Path, target: Target) -> None:
    (one,) = read_sites(written(tmp_path, HOLLOW, target), expected=bw.EXPECTED)
    assert (one.id, one.name) == ("DK01", "一号地块")


def test_geojson() -> None:
    document = json.loads(converted(site(TWO), Target.geojson).content)
    feature = document["features"][0]
    assert feature["id"] == "DK01"
    assert feature["properties"] == {"地块编号": "DK01", "地块名称": "一号地块", **ATTRIBUTES}
    for outline, *holes in feature["geometry"]["coordinates"]:
        assert shapely.LinearRing(outline).is_ccw
        assert not any(shapely.LinearRing(hole).is_ccw for hole in holes)
    lon, lat = feature["geometry"]["coordinates"][0][0][0]
    assert (lon, lat) == pytest.approx(bw.SQUARE[0], abs=1e-8)
    assert document["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::4490"


@pytest.mark.parametrize("target", [Target.gpkg, Target.shp])
def test_tables_name_their_system(tmp_path: Path, target: Target) -> None:
    path = written(tmp_path, HOLLOW, target)
    place = f"zip://{path}" if target is Target.shp else str(path)
    with fiona.open(place) as source:
        assert CRS.from_wkt(source.crs_wkt).to_epsg(min_confidence=50) == 4525
        (record,) = list(source)
    told = dict(record["properties"])
    if target is Target.gpkg:
        assert told == {"地块编号": "DK01", "地块名称": "一号地块", **ATTRIBUTES}
    else:
        expected = {
            "DKBH": "DK01",
            "DKMC": "一号地块",
            "DKYT": "工业用地",
            "DLBM": "0601",
            "TFH": "J49",
            "备注": "二期",
        }
        assert told == expected
    assert shapely.geometry.shape(record["geometry"]).equals(HOLLOW)


@pytest.mark.parametrize(("encoding", "cpg"), [(None, b"GBK"), (Encoding.utf8, b"UTF-8")])
def test_characters_of_a_shapefile(tmp_path: Path, encoding: Encoding | None, cpg: bytes) -> None:
    path = written(tmp_path, HOLLOW, Target.shp, encoding=encoding)
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == [f"红线.{end}" for end in ("cpg", "dbf", "prj", "shp", "shx")]
        assert archive.read("红线.cpg").strip() == cpg
        assert "一号地块".encode("gbk" if encoding is None else "utf-8") in archive.read("红线.dbf")
        assert archive.read("红线.prj").startswith(b'PROJCS["CGCS2000_3_Degree_GK_Zone_37"')


def test_shapefile_keeps_what_fits() -> None:
    long = {"准入要求及管控措施说明": "禁" * 200, "准入要求及管控措施依据": "限"}
    made = converted(site(HOLLOW, attributes=long), Target.shp)
    renamed = "地块编号→DKBH、地块名称→DKMC、准入要求及管控措施说明→准入要求及、准入要求及管控措施依据→准入要求_2"
    assert notes(made) == [
        f"Shapefile 的字段名最多 10 个字节，已改名：{renamed}",
        "Shapefile 的文字最多 254 个字节，1 项过长，已截短",
    ]
    with pytest.raises(ContentError, match="not in GBK; use --encoding-out UTF-8"):
        converted(site(HOLLOW, name="𠮷地块"), Target.shp)
    line = site(shapely.LineString([(37_620_000, 3_920_000), (37_620_100, 3_920_000)]), width_m=5.0)
    with pytest.raises(ContentError, match="polygon, line records"):
        converted([site(HOLLOW), line], Target.shp)
    assert converted([site(HOLLOW), line], Target.gpkg).content.startswith(b"SQLite format 3\0")


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["name", "NAME"], {"name": "name", "NAME": "NAME_2"}),
        (["abcdefghijkl", "abcdefghijkm"], {"abcdefghijkl": "abcdefghij", "abcdefghijkm": "abcdefgh_2"}),
        ([""], {"": "F"}),
    ],
)
def test_short_names_differ(names: list[str], short: Mapping[str, str]) -> None:
    assert dict(short_names(names, "gbk")) == short


def test_the_same_day_gives_the_same_bytes() -> None:
    for target in (Target.txt, Target.geojson, Target.shp, Target.kml, Target.wkt, Target.csv):
        assert converted(site(TWO), target).content == converted(site(TWO), target).content


def test_table_of_vertices() -> None:
    made = converted(site(HOLLOW), Target.csv)
    assert made.content.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(made.content.decode("utf-8-sig"))))
    assert [row["圈号"] for row in table] == ["1"] * 5 + ["2"] * 5
    assert [row["点号"] for row in table[:5]] == ["J1", "J2", "J3", "J4", "J1"]
    x, y = bw.plane("EPSG:4525", bw.SQUARE)[0]
    assert (float(table[0]["X（北）"]), float(table[0]["Y（东）"])) == pytest.approx((y, x), abs=0.00051)
    assert {row["坐标系"] for row in table} == {"CGCS2000 3度带 第37带"}
    degrees = converted(site(HOLLOW), Target.csv, crs="4490", encoding=Encoding.gbk)
    first = next(csv.DictReader(io.StringIO(degrees.content.decode("gb18030"))))
    assert (float(first["经度"]), float(first["纬度"])) == pytest.approx(bw.SQUARE[0], abs=1e-8)


def test_drawing() -> None:
    made = converted(site(TWO), Target.dxf)
    drawing = read_dxf(io.StringIO(made.content.decode("utf-8")))
    assert drawing.units == 6
    lines: list[Any] = list(drawing.modelspace().query("LWPOLYLINE"))
    assert [line.closed for line in lines] == [True, True, True]
    assert {line.dxf.layer for line in lines} == {"范围线"}
    assert next(iter(lines[0].get_points("xy"))) == pytest.approx(bw.plane("EPSG:4525", bw.SQUARE)[0], abs=1e-6)
    (label,) = drawing.modelspace().query("TEXT")
    assert (label.dxf.text, label.dxf.layer) == ("DK01 一号地块", "注记")
    geodata = drawing.modelspace().get_geodata()
    assert geodata is not None
    assert geodata.get_crs() == (4525, True)
    with pytest.raises(UsageError, match="in metres"):
        converted(site(TWO), Target.dxf, crs="EPSG:4490")


@pytest.mark.parametrize("target", [Target.geojson, Target.kml, Target.wkt, Target.csv, Target.gpkg, Target.shp])
def test_lines_and_points(tmp_path: Path, target: Target) -> None:
    for geometry in (
        shapely.LineString(bw.plane("EPSG:4525", bw.SQUARE[:3])),
        shapely.MultiLineString([bw.plane("EPSG:4525", ring[:2]) for ring in (bw.SQUARE, ISLAND)]),
        shapely.MultiPoint(bw.plane("EPSG:4525", bw.SQUARE[:3])),
    ):
        path = tmp_path / f"a{target.suffix}"
        path.write_bytes(converted(site(geometry, width_m=9.0), target).content)
        sites = read_sites(path, expected=bw.EXPECTED, width_m=9.0)
        true = [lonlat(site(geometry, width_m=9.0))]
        assert furthest_m([xy for one in sites for xy in lonlat(one)], true[0]) < 0.001
        assert {one.geometry.geom_type.removeprefix("Multi") for one in sites} == {
            geometry.geom_type.removeprefix("Multi")
        }


def test_formats_of_degrees_have_no_zone() -> None:
    for target in (Target.geojson, Target.kml):
        with pytest.raises(UsageError, match="longitude and latitude only"):
            converted(site(HOLLOW), target, zone=37)
        with pytest.raises(UsageError, match="EPSG:4490, EPSG:4326"):
            converted(site(HOLLOW), target, crs="EPSG:4525")
        assert converted(site(HOLLOW), target, crs="EPSG:4326").crs == "EPSG:4326"


def test_other_systems() -> None:
    made = converted(site(HOLLOW), Target.wkt, crs="EPSG:32649")
    geometry = shapely.from_wkt(made.content.decode().partition(";")[2])
    forth = Transformer.from_crs("EPSG:4326", "EPSG:32649", always_xy=True)
    assert shapely.get_coordinates(geometry)[0] == pytest.approx(forth.transform(*bw.SQUARE[0]), abs=0.001)
    with pytest.raises(ContentError, match="has none; write gpkg"):
        converted(site(HOLLOW), Target.wkt, crs="+proj=tmerc +lon_0=112.5 +x_0=500000 +ellps=GRS80 +towgs84=0,0,0")
    with pytest.raises(CRSError, match="unknown coordinate system"):
        converted(site(HOLLOW), Target.wkt, crs="no such thing")


def test_characters_are_fixed_by_most_formats() -> None:
    with pytest.raises(UsageError, match="txt, shp and csv leave a choice"):
        converted(site(HOLLOW), Target.kml, encoding=Encoding.gbk)
