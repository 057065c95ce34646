import json
from pathlib import Path
from typing import Any

import pytest

import boundary_writers as bw
from zoning.errors import CRSError, SiteError
from zoning.sites import Site, read_sites, site_lonlat_bounds

WGS84_NOTE = "WGS84 longitude and latitude are taken as CGCS2000 (they agree within decimetres)"


def read(path: Path, **options: Any) -> tuple[Site, ...]:
    return read_sites(path, expected=bw.EXPECTED, **options)


def warnings(site: Site) -> list[str]:
    """Return what the reader said: that the square is written in hundredths of a degree belongs to other tests."""
    return [warning.en for warning in site.warnings if "are written to 0.0" not in warning.en]


def test_geojson_is_wgs84_by_its_standard(tmp_path: Path) -> None:
    text = bw.geojson(
        bw.polygon([bw.SQUARE, bw.HOLE]), properties={"编号": "A1", "name": "甲", "面积": 1.5, "空": None}
    )
    (site,) = read(bw.write(tmp_path / "a.geojson", text))
    assert (site.id, site.name, site.crs) == ("A1", "甲", "EPSG:4326")
    assert list(bw.shape(site).exterior.coords) == list(bw.SQUARE)
    assert list(bw.shape(site).interiors[0].coords) == list(bw.HOLE)
    assert site.attributes == {"编号": "A1", "name": "甲", "面积": "1.5"}
    assert warnings(site) == [WGS84_NOTE]


@pytest.mark.parametrize(
    "name", ["EPSG:4525", "urn:ogc:def:crs:EPSG::4525", "http://www.opengis.net/def/crs/EPSG/0/4525"]
)
def test_declared_crs_of_geojson_is_honoured_with_a_warning(tmp_path: Path, name: str) -> None:
    text = bw.geojson(bw.polygon([bw.plane("EPSG:4525", bw.SQUARE)]), crs=bw.named_crs(name))
    (site,) = read(bw.write(tmp_path / "a.json", text))
    assert site.crs == "EPSG:4525"
    (warning,) = warnings(site)
    assert warning.startswith(f"a.json: the GeoJSON declares {name} (its standard allows WGS84 longitude")


def test_crs84_is_what_the_standard_says(tmp_path: Path) -> None:
    crs = bw.named_crs("urn:ogc:def:crs:OGC:1.3:CRS84")
    (site,) = read(bw.write(tmp_path / "a.geojson", bw.geojson(bw.polygon([bw.SQUARE]), crs=crs)))
    assert (site.crs, warnings(site)) == ("EPSG:4326", [WGS84_NOTE])


def test_swapped_degrees_are_exchanged_with_a_warning(tmp_path: Path) -> None:
    text = bw.geojson(bw.polygon([[(y, x) for x, y in bw.SQUARE]]))
    (site,) = read(bw.write(tmp_path / "a.geojson", text))
    assert list(bw.shape(site).exterior.coords) == list(bw.SQUARE)
    assert warnings(site)[-1].startswith("a.geojson: the two coordinates are in the opposite order")


def test_web_mercator_is_read_but_never_measured(tmp_path: Path) -> None:
    text = bw.geojson(bw.polygon([bw.plane("EPSG:3857", bw.SQUARE)]), crs=bw.named_crs("EPSG:3857"))
    (site,) = read(bw.write(tmp_path / "a.geojson", text))
    assert site.crs == "EPSG:3857"
    assert "never measured in" in warnings(site)[-1]
    assert site_lonlat_bounds([site]) == pytest.approx((112.30, 35.40, 112.31, 35.41), abs=1e-9)


def test_bare_geometry_feature_and_collection(tmp_path: Path) -> None:
    shape = bw.polygon([bw.SQUARE])
    label = {"type": "Point", "coordinates": [112.305, 35.405]}
    collection = {"type": "GeometryCollection", "geometries": [shape, label]}
    sites: list[Site] = []
    for document in (shape, {"type": "Feature", "id": 7, "geometry": shape, "properties": None}, collection):
        sites += read(bw.write(tmp_path / "范围.geojson", json.dumps(document)))
    assert {(site.name, site.geometry.geom_type) for site in sites} == {("范围", "Polygon")}
    assert [site.id for site in sites] == ["1", "7", "1"]
    assert warnings(sites[2])[-1].endswith(
        "1 lines or points inside the polygons (labels) are not part of the footprint"
    )


def test_line_outside_the_polygon_of_a_collection_is_refused(tmp_path: Path) -> None:
    road = {"type": "LineString", "coordinates": [[112.305, 35.405], [112.35, 35.405]]}
    document = {"type": "GeometryCollection", "geometries": [bw.polygon([bw.SQUARE]), road]}
    with pytest.raises(SiteError, match="mixes polygons with lines"):
        read(bw.write(tmp_path / "a.geojson", json.dumps(document)))


def test_ids_of_features_are_unique(tmp_path: Path) -> None:
    shape = bw.polygon([bw.SQUARE])
    features = [
        {"type": "Feature", "id": i, "geometry": shape, "properties": p} for i, p in [(1, None), (1, {"编号": "2"})]
    ]
    features += [{"type": "Feature", "geometry": shape, "properties": {"Id": 0, "名称": " 丙\n 地块 "}}]
    sites = read(bw.write(tmp_path / "a.geojson", json.dumps({"type": "FeatureCollection", "features": features})))
    assert [(site.id, site.name) for site in sites] == [("1", "a 1"), ("2", "a 2"), ("3", "丙 地块")]


def test_geojson_without_territories(tmp_path: Path) -> None:
    path = bw.write(tmp_path / "a.geojson", bw.geojson(bw.polygon([bw.SQUARE])))
    assert len(read_sites(path, expected=None)) == 1
    path = bw.write(tmp_path / "b.geojson", bw.geojson(bw.polygon([bw.plane("EPSG:4525", bw.SQUARE)])))
    with pytest.raises(CRSError, match="impossible in EPSG:4326"):
        read_sites(path, expected=None)


@pytest.mark.parametrize(
    ("text", "srid"),
    [("SRID=4490;{}", "4490"), ("srid = 4490 ;\n{}\n", "4490"), ("SRID=4490;GEOMETRYCOLLECTION ({})", "4490")],
)
def test_wkt(tmp_path: Path, text: str, srid: str) -> None:
    path = bw.write(tmp_path / "a.wkt", text.format(bw.wkt([bw.SQUARE, bw.HOLE])))
    (site,) = read(path)
    assert (site.id, site.name, site.crs) == ("1", "a", f"EPSG:{srid}")
    assert list(bw.shape(site).exterior.coords) == list(bw.SQUARE)
    assert list(bw.shape(site).interiors[0].coords) == list(bw.HOLE)


@pytest.mark.parametrize(
    ("text", "kind", "parts"),
    [
        ("MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5),(5.5 5.2,5.6 5.2,5.6 5.3,5.5 5.2)))", "MultiPolygon", 2),
        ("MULTILINESTRING((0 0,1 1),(2 2,3 3))", "MultiLineString", 2),
        ("MULTIPOINT((0 0),(1 1))", "MultiPoint", 2),
        ("MULTIPOINT(0 0,1 1,2 2)", "MultiPoint", 3),
        ("POINT(1 2)", "Point", 1),
        ("LINESTRING Z (0 0 5,1 1 5)", "LineString", 1),
        ("LINESTRINGZM(0 0 5 1,1 1 5 2)", "LineString", 1),
        ("POINT M (1 2 3)", "Point", 1),
        ("GEOMETRYCOLLECTION(POINT(0 0),GEOMETRYCOLLECTION(POINT(1 1)))", "MultiPoint", 2),
    ],
)
def test_spellings_of_wkt(tmp_path: Path, text: str, kind: str, parts: int) -> None:
    path = bw.write(tmp_path / "a.txt", text.lower())
    (site,) = read_sites(path, expected=None, crs="EPSG:4490", width_m=3.0)
    assert site.geometry.geom_type == kind
    assert len(getattr(site.geometry, "geoms", [site.geometry])) == parts
    assert not site.geometry.has_z
    assert site.width_m == (None if kind == "MultiPolygon" else 3.0)


def test_several_wkt_geometries_are_several_sites(tmp_path: Path) -> None:
    text = "\n".join(f"SRID=4490;{bw.wkt([ring])};" for ring in (bw.SQUARE, bw.shifted(bw.SQUARE, 0.1)))
    assert [site.id for site in read(bw.write(tmp_path / "a.wkt", text))] == ["1", "2"]
    with pytest.raises(CRSError, match="differ in SRID"):
        read(bw.write(tmp_path / "a.wkt", text.replace("SRID=4490", "SRID=4525", 1)))


def test_kml_with_folders_data_and_holes(tmp_path: Path) -> None:
    data = '<ExtendedData><SchemaData><SimpleData name="DKBH">K7</SimpleData></SchemaData></ExtendedData>'
    text = bw.kml(f"<Folder><name>夹</name>{bw.placemark([bw.SQUARE, bw.HOLE], more=data)}</Folder>")
    (site,) = read(bw.write(tmp_path / "a.kml", text))
    assert (site.id, site.name, site.crs, site.attributes) == ("K7", "矿区", "EPSG:4326", {"DKBH": "K7"})
    assert list(bw.shape(site).interiors[0].coords) == list(bw.HOLE)
    assert site.repairs == ()


def test_kml_heights_are_dropped_and_reported(tmp_path: Path) -> None:
    text = bw.kml(bw.placemark([bw.SQUARE])).replace(",0 ", ",715.5 ")
    (site,) = read(bw.write(tmp_path / "a.kml", text))
    assert [(repair.kind, repair.count) for repair in site.repairs] == [("z-dropped", 4)]


@pytest.mark.parametrize(("declared", "codec"), [("GB2312", "gb18030"), ("gbk", "gbk"), ("UTF-16", "utf-16")])
def test_kml_in_other_encodings(tmp_path: Path, declared: str, codec: str) -> None:
    text = bw.kml(bw.placemark([bw.SQUARE], name="喆"), declaration=f'<?xml version="1.0" encoding="{declared}"?>')
    (site,) = read(bw.write(tmp_path / "a.kml", text, codec))
    assert site.name == "喆"


def test_kml_multigeometry_and_placemarks_without_geometry(tmp_path: Path) -> None:
    two = bw.placemark([bw.SQUARE]).replace("<Polygon>", "<MultiGeometry><Polygon>", 1)
    other = bw.placemark([bw.shifted(bw.SQUARE, 0.1)])
    second = other[other.index("<Polygon>") : other.index("</Placemark>")]
    two = two.replace("</Placemark>", f"{second}</MultiGeometry></Placemark>")
    (site,) = read(bw.write(tmp_path / "a.kml", bw.kml(two, "<Placemark><name>说明</name></Placemark>")))
    assert len(bw.shape(site).geoms) == 2
    assert "a.kml: 1 placemarks without a geometry were left out" in warnings(site)


def test_kml_lines_and_points(tmp_path: Path) -> None:
    path = "<LineString><coordinates>112.3,35.4 112.31,35.4</coordinates></LineString>"
    spot = "<Point><coordinates>112.3,35.4,0</coordinates></Point>"
    text = bw.kml(*(f"<Placemark>{shape}</Placemark>" for shape in (path, spot)))
    sites = read(bw.write(tmp_path / "a.kml", text), width_m=20.0)
    assert [(site.geometry.geom_type, site.width_m) for site in sites] == [("LineString", 20.0), ("Point", 20.0)]


def test_a_polygon_keeps_no_width(tmp_path: Path) -> None:
    (site,) = read(bw.write(tmp_path / "a.geojson", bw.geojson(bw.polygon([bw.SQUARE]))), width_m=20.0)
    assert site.width_m is None


def test_stated_crs_overrules_the_file_with_a_warning(tmp_path: Path) -> None:
    text = bw.geojson(bw.polygon([bw.plane("EPSG:4525", bw.SQUARE)]))
    (site,) = read(bw.write(tmp_path / "a.geojson", text), crs="EPSG:4525")
    assert site.crs == "EPSG:4525"
    (warning,) = warnings(site)
    assert warning.startswith(
        "a.geojson: the file is in EPSG:4326 (WGS84 longitude and latitude), it was read as EPSG:4525"
    )
