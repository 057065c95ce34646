import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import Any

import fiona
import pytest
from pyproj import CRS

import boundary_writers as bw
from geopackage_edits import changed_geopackage
from zoning.errors import SiteError
from zoning.sites import Limits, Site, read_sites, site_lonlat_bounds


def read(path: Path, **options: Any) -> tuple[Site, ...]:
    return read_sites(path, expected=bw.EXPECTED, **options)


def test_shapefile_with_two_records(tmp_path: Path) -> None:
    shp = bw.write_shapefile(tmp_path / "地块.shp", [bw.SQUARE, bw.HOLE], [bw.shifted(bw.SQUARE, 0.05)])
    first, second = read(shp)
    assert (first.id, second.id, first.name, first.source) == ("D1", "D2", "阳城㎡喆", "地块.shp")
    assert first.crs == "EPSG:4526"
    assert len(bw.shape(first).interiors) == 1
    assert first.attributes == {"名称": "阳城㎡喆", "编号": "D1", "面积": "1.5"}
    assert first.warnings == ()
    assert first.repairs == ()


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_texts_without_cpg(tmp_path: Path, encoding: str) -> None:
    shp = bw.write_shapefile(tmp_path / "a.shp", [bw.SQUARE], encoding=encoding)
    shp.with_suffix(".cpg").unlink()
    (site,) = read(shp)
    assert site.attributes["名称"] == "阳城㎡喆"


@pytest.mark.parametrize(("cpg", "warned"), [("936", 0), ("GBK", 0), ("UTF-8", 1), ("ISO-8859-1", 1), ("OEM", 0)])
def test_cpg_is_believed_only_where_it_fits(tmp_path: Path, cpg: str, warned: int) -> None:
    shp = bw.write_shapefile(tmp_path / "a.shp", [bw.SQUARE], encoding="GBK")
    shp.with_suffix(".cpg").write_text(cpg)
    (site,) = read(shp)
    assert site.name == "阳城㎡喆"
    assert len(site.warnings) == warned


def test_field_name_and_text_cut_inside_a_character(tmp_path: Path) -> None:
    shp = bw.write_bare_shapefile(tmp_path / "a.shp", [bw.plane("EPSG:4526", bw.SQUARE)])
    shp.with_suffix(".prj").write_text(CRS.from_epsg(4526).to_wkt("WKT1_ESRI"))
    name, value = "环境管控单元名称".encode()[:10], "阳城县优先保护单元".encode()[:16]
    bw.write_dbf(shp.with_suffix(".dbf"), name, 16, value)
    (site,) = read(shp)
    assert site.attributes == {"环境管": "阳城县优先"}


def test_encoding_stated_by_the_user(tmp_path: Path) -> None:
    shp = bw.write_shapefile(tmp_path / "a.shp", [bw.SQUARE], encoding="GBK")
    (site,) = read(shp, encoding="cp936")
    assert site.name == "阳城㎡喆"
    with pytest.raises(SiteError, match="the table is not in utf-8"):
        read(shp, encoding="utf-8")


def test_esri_prj_without_code(tmp_path: Path) -> None:
    shp = bw.write_shapefile(tmp_path / "a.shp", [bw.SQUARE])
    prj = shp.with_suffix(".prj").read_text()
    assert "AUTHORITY" not in prj
    shp.with_suffix(".prj").write_text(prj.replace("CGCS2000_3_Degree_GK_Zone_38", "我的坐标系"), encoding="gbk")
    (site,) = read(shp)
    assert site.crs == "EPSG:4526"


def test_degrees_without_prj_are_taken_with_a_warning(tmp_path: Path) -> None:
    shp = bw.write_bare_shapefile(tmp_path / "a.shp", [list(bw.SQUARE)])
    (site,) = read(shp)
    assert site.crs == "EPSG:4490"
    assert "taken as CGCS2000 longitude and latitude" in site.warnings[0].en


def test_hole_that_runs_the_wrong_way_round(tmp_path: Path) -> None:
    outline, hole = (bw.plane("EPSG:4526", ring)[::-1] for ring in (bw.SQUARE, bw.shifted(bw.SQUARE, 0.0)))
    inner = [
        ((x - outline[0][0]) / 2 + outline[0][0] + 100, (y - outline[0][1]) / 2 + outline[0][1] + 100) for x, y in hole
    ]
    shp = bw.write_bare_shapefile(tmp_path / "a.shp", [outline, inner])
    (site,) = read(shp, crs="EPSG:4526")
    assert site.geometry.geom_type == "Polygon"
    assert len(bw.shape(site).interiors) == 1
    (repair,) = site.repairs
    # The hole is a quarter of the square and counted twice before: outline + hole -> outline - hole.
    assert repair.kind == "ring-roles"
    assert repair.area_change_m2 == pytest.approx(-site.geometry.area / 0.75 * 0.5, rel=1e-3)


def test_overlapping_parts_are_left_to_the_overlay(tmp_path: Path) -> None:
    rings = [bw.plane("EPSG:4526", ring)[::-1] for ring in (bw.SQUARE, bw.shifted(bw.SQUARE, 0.005))]
    shp = bw.write_bare_shapefile(tmp_path / "a.shp", rings)
    (site,) = read(shp, crs="EPSG:4526")
    assert len(bw.shape(site).geoms) == 2
    assert site.repairs == ()


def test_open_ring_of_a_shapefile(tmp_path: Path) -> None:
    shp = bw.write_bare_shapefile(tmp_path / "a.shp", [bw.plane("EPSG:4526", bw.SQUARE)[:-1]])
    (site,) = read(shp, crs="EPSG:4526")
    assert [repair.kind for repair in site.repairs] == ["closed-ring"]


def test_reading_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    shp = bw.write_shapefile(tmp_path / "a.shp", [bw.SQUARE])
    gpkg = bw.write_gpkg(tmp_path / "a.gpkg", [bw.SQUARE])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    read(shp)
    read(gpkg)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_zipped_shapefile_with_names_in_gbk(tmp_path: Path) -> None:
    shp = bw.write_shapefile(tmp_path / "a.shp", [bw.SQUARE])
    archive = bw.zipped_shapefile(tmp_path / "b.zip", shp, "项目/红线")
    data = archive.read_bytes()
    # As Chinese Windows packs: names in GBK, no flag that says UTF-8.
    raw, utf8 = "项目/红线".encode("gbk"), "项目/红线".encode()
    padded = raw + b"_" * (len(utf8) - len(raw))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        pieces = data.split(sign)
        data = pieces[0] + b"".join(sign + p[: offset - 4] + b"\0\0" + p[offset - 2 :] for p in pieces[1:])
    (site,) = read(bw.write(tmp_path / "红线.zip", data.replace(utf8, padded)))
    assert (site.id, site.name, site.source) == ("D1", "阳城㎡喆", "红线.zip/项目/红线____.shp")


def test_zip_with_several_boundaries_asks_which(tmp_path: Path) -> None:
    shp = bw.write_shapefile(tmp_path / "a.shp", [bw.SQUARE])
    members = {f"{stem}{s}": shp.with_suffix(s) for stem in ("东区", "西区") for s in (".shp", ".shx", ".dbf", ".prj")}
    archive = bw.zipped(tmp_path / "x.zip", members)
    with pytest.raises(SiteError, match=r"choose one with --layer: 东区\.shp, 西区\.shp"):
        read(archive)
    assert len(read(archive, layer="西区")) == 1


def test_resource_forks_of_macs_are_not_boundaries(tmp_path: Path) -> None:
    shp = bw.write_shapefile(tmp_path / "a.shp", [bw.SQUARE])
    members: dict[str, Path | bytes] = {f"a{s}": shp.with_suffix(s) for s in (".shp", ".shx", ".dbf", ".prj")}
    members["__MACOSX/._a.shp"] = b"x"
    assert len(read(bw.zipped(tmp_path / "x.zip", members))) == 1


def test_kmz(tmp_path: Path) -> None:
    text = bw.kml(bw.placemark([bw.SQUARE])).encode()
    (site,) = read(bw.zipped(tmp_path / "a.kmz", {"doc.kml": text, "files/icon.png": b"png"}))
    assert (site.name, site.source, site.crs) == ("矿区", "a.kmz/doc.kml", "EPSG:4326")


def test_limits_are_the_callers(tmp_path: Path) -> None:
    path = bw.write(tmp_path / "a.kml", bw.kml(bw.placemark([bw.SQUARE])))
    with pytest.raises(SiteError, match=r"more than the allowed 0 MB"):
        read_sites(path, expected=None, limits=Limits(file_bytes=100))


def test_geopackage_and_its_layers(tmp_path: Path) -> None:
    path = bw.write_gpkg(tmp_path / "a.gpkg", [bw.SQUARE], layer="地块")
    with fiona.open(
        path, "w", driver="GPKG", layer="说明", schema={"geometry": "None", "properties": {"t": "str"}}
    ) as t:
        t.write({"geometry": None, "properties": {"t": "x"}})
    with fiona.open(
        path, "w", driver="GPKG", layer="空", crs="EPSG:4525", schema={"geometry": "Polygon", "properties": {}}
    ):
        pass
    (site,) = read(path)
    assert (site.name, site.crs) == ("地块", "EPSG:4525")
    bw.write_gpkg(path, [bw.SQUARE], layer="另一个")
    with pytest.raises(SiteError, match="it holds 2 layers; choose one with --layer: 另一个, 地块"):
        read(path)
    assert read(path, layer="地块")[0].name == "地块"
    with pytest.raises(SiteError, match="there is no layer x"):
        read(path, layer="x")


@pytest.mark.parametrize("undefined", [-1, 0])
def test_geopackage_without_a_coordinate_system(tmp_path: Path, undefined: int) -> None:
    path = bw.write_gpkg(tmp_path / "a.gpkg", [bw.SQUARE])
    with closing(sqlite3.connect(path)) as connection:
        ((shape,),) = connection.execute("SELECT geom FROM 地块").fetchall()
    changed_geopackage(
        path,
        ("UPDATE gpkg_geometry_columns SET srs_id = ?", (undefined,)),
        ("UPDATE gpkg_contents SET srs_id = ?", (undefined,)),
        ("UPDATE 地块 SET geom = ?", (shape[:4] + struct.pack("<i", undefined) + shape[8:],)),
    )
    with pytest.raises(Exception, match="the layer 地块 has no coordinate system"):
        read(path)
    assert read(path, crs="EPSG:4525")[0].crs == "EPSG:4525"


def test_curves_become_lines_within_a_tenth_of_a_millimetre(tmp_path: Path) -> None:
    """A full circle of 100 m radius, made of two arcs: area pi r²."""
    path = bw.write_gpkg(tmp_path / "a.gpkg", [bw.SQUARE])
    x, y = bw.plane("EPSG:4525", bw.SQUARE)[0]
    arcs = struct.pack("<BII10d", 1, 8, 5, x - 100, y, x, y + 100, x + 100, y, x, y - 100, x - 100, y)
    with sqlite3.connect(path) as connection:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _: 0)
        (old,) = connection.execute("SELECT geom FROM 地块").fetchone()
        connection.execute("UPDATE 地块 SET geom = ?", (old[:40] + struct.pack("<BII", 1, 10, 1) + arcs,))
    connection.close()
    (site,) = read(path)
    assert [repair.kind for repair in site.repairs] == ["curve-to-line"]
    # The area of a polygon with n = 3600 corners is smaller by 2 pi² / 3 n² = 5.1e-7.
    assert site.geometry.area == pytest.approx(3.14159265359 * 100**2, rel=6e-7)


def test_heights_are_dropped_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with fiona.open(
        path, "w", driver="GPKG", crs="EPSG:4490", schema={"geometry": "3D Polygon", "properties": {}}
    ) as target:
        ring = [(x, y, 700.0) for x, y in bw.SQUARE]
        target.write({"geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {}})
    (site,) = read(path)
    assert not site.geometry.has_z
    assert [(repair.kind, repair.count) for repair in site.repairs] == [("z-dropped", 5)]


def test_bounds_of_several_sites(tmp_path: Path) -> None:
    shp = bw.write_shapefile(tmp_path / "a.shp", [bw.SQUARE], [bw.shifted(bw.SQUARE, 0.05)])
    assert site_lonlat_bounds(read(shp)) == pytest.approx((112.30, 35.40, 112.36, 35.41), abs=3e-4)


def test_geometry_that_gdal_cannot_read(tmp_path: Path) -> None:
    path = bw.write_gpkg(tmp_path / "a.gpkg", [bw.SQUARE])
    with sqlite3.connect(path) as connection:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _: 0)
        connection.execute("UPDATE 地块 SET geom = x'00'")
    connection.close()
    with pytest.raises(SiteError, match=r"a.gpkg, record 1: it has no geometry"):
        read(path)


def test_collections_are_taken_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    shapes = [bw.polygon([ring]) for ring in (bw.SQUARE, bw.shifted(bw.SQUARE, 0.05))]
    schema = {"geometry": "GeometryCollection", "properties": {}}
    with fiona.open(path, "w", driver="GPKG", crs="EPSG:4490", schema=schema) as target:
        target.write({"geometry": {"type": "GeometryCollection", "geometries": shapes}, "properties": {}})
    (site,) = read(path)
    assert len(bw.shape(site).geoms) == 2


def test_gdal_is_silent_on_damage(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    shp = bw.write_shapefile(tmp_path / "a.shp", [bw.SQUARE])
    shp.with_suffix(".dbf").write_bytes(shp.with_suffix(".dbf").read_bytes()[:40].ljust(2000, b"\0"))
    with pytest.raises(SiteError):
        read(shp)
    assert capfd.readouterr() == ("", "")
