"""Footprints in another coordinate system: edges stay where they were, points go in only where an edge would bend."""

import json
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer
from shapely.geometry import LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from both_languages import both
from exchange_world import converted, site
from zoning.errors import CRSError, UsageError
from zoning.exchange.geojson import write_geojson
from zoning.exchange.kml import write_kml
from zoning.exchange.moving import LARGEST_BEND_M, Mover
from zoning.exchange.parcel import Parcel
from zoning.exchange.target import Encoding, Target
from zoning.exchange.writers import Order
from zoning.layers.datum import LonLat

LONLAT, ZONE_37, ZONE_38 = "EPSG:4490", "EPSG:4525", "EPSG:4526"
GEOD = Geod(ellps="GRS80")
SMALL = box(112.30, 35.40, 112.301, 35.401)
LONG = box(112.0, 35.0, 112.5, 35.3)


def mover(source: str, target: str) -> Mover:
    return Mover(source, target, LonLat())


def to_plane(code: str, lonlat: BaseGeometry) -> BaseGeometry:
    way = Transformer.from_crs(LONLAT, code, always_xy=True)
    made: BaseGeometry = shapely.transform(lonlat, lambda xy: np.column_stack(way.transform(xy[:, 0], xy[:, 1])))
    return made


# --- moving ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [LONLAT, ZONE_37])
def test_what_stays_in_its_system_is_not_touched(code: str) -> None:
    way = mover(code, code)
    shape = to_plane(code, SMALL) if code != LONLAT else SMALL
    assert way.moved(shape) is shape
    assert way.added == 0


@pytest.mark.parametrize(
    "shape",
    [
        SMALL,
        Point(112.3, 35.4),
        MultiPoint([(112.3, 35.4), (112.31, 35.41)]),
        LineString([(112.3, 35.4), (112.301, 35.401), (112.302, 35.4)]),
        MultiPolygon([SMALL, box(112.31, 35.4, 112.311, 35.401)]),
        MultiLineString([[(112.3, 35.4), (112.301, 35.4)], [(112.31, 35.4), (112.311, 35.4)]]),
        box(112.30, 35.40, 112.303, 35.403).difference(box(112.301, 35.401, 112.302, 35.402)),
    ],
    ids=lambda shape: shape.geom_type,
)
def test_a_short_footprint_is_moved_point_by_point(shape: BaseGeometry) -> None:
    way = mover(LONLAT, ZONE_37)
    moved = way.moved(shape)
    assert moved.geom_type == shape.geom_type
    assert way.added == 0
    assert shapely.get_coordinates(moved) == pytest.approx(shapely.get_coordinates(to_plane(ZONE_37, shape)), abs=1e-6)


@pytest.mark.parametrize(("source", "target"), [(LONLAT, ZONE_37), (ZONE_37, LONLAT), (ZONE_38, ZONE_37)])
def test_a_short_footprint_comes_back_to_where_it_was(source: str, target: str) -> None:
    shape = SMALL if source == LONLAT else to_plane(source, SMALL)
    there = mover(source, target).moved(shape)
    back = mover(target, source).moved(there)
    assert shapely.get_coordinates(back) == pytest.approx(shapely.get_coordinates(shape), rel=1e-12)


def off_m(edge: np.ndarray[Any, Any]) -> float:
    """Return how far the middle of an edge of the plane lies from that of the parallel between its ends."""
    back = Transformer.from_crs(ZONE_37, LONLAT, always_xy=True)
    lon, lat = back.transform(edge[:, 0], edge[:, 1])
    middle = back.transform(*edge.mean(axis=0))
    return float(GEOD.inv(middle[0], middle[1], float(np.mean(lon)), float(np.mean(lat)))[2])


def test_an_edge_that_would_bend_is_divided_until_it_does_not() -> None:
    way = mover(LONLAT, ZONE_37)
    ring = shapely.get_coordinates(way.moved(LONG))
    assert way.added == len(ring) - 5 > 0
    worst = max(off_m(ring[number : number + 2]) for number in range(len(ring) - 1))
    assert worst <= 1.01 * LARGEST_BEND_M
    # Half as many points would not have been enough.
    assert max(off_m(ring[number : number + 3 : 2]) for number in range(0, len(ring) - 2, 2)) > LARGEST_BEND_M


def test_corners_are_kept_among_the_points_that_were_put_in() -> None:
    moved = shapely.get_coordinates(mover(LONLAT, ZONE_37).moved(LONG))
    for corner in shapely.get_coordinates(to_plane(ZONE_37, LONG)):
        assert np.min(np.hypot(*(moved - corner).T)) < 1e-6


def test_rings_of_all_parts_stay_closed_and_counted() -> None:
    holed = LONG.difference(box(112.1, 35.1, 112.4, 35.2))
    way = mover(LONLAT, ZONE_37)
    both_parts: BaseGeometry = shapely.union_all([holed, box(112.0, 34.5, 112.5, 34.8)])
    moved = way.moved(both_parts)
    assert moved.is_valid
    before, after = (shapely.get_num_coordinates(one) for one in (both_parts, moved))
    assert after - before == way.added
    assert sorted(len(part.interiors) for part in shapely.get_parts(moved)) == [0, 1]


@pytest.mark.parametrize(("source", "target"), [(LONLAT, "EPSG:2413"), ("EPSG:2361", LONLAT)])
def test_an_old_datum_has_no_exact_way(source: str, target: str) -> None:
    """Beijing 1954 and Xian 1980."""
    with pytest.raises(CRSError, match="has no published transformation to CGCS2000"):
        mover(source, target).moved(SMALL)


# --- wishes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (
            {"zone": 37, "crs": "EPSG:4526"},
            ("--zone 与 --to-crs 只能给一个", "give either --zone or --to-crs"),
        ),
        (
            {"target": Target.kml, "zone": 37},
            (
                "--zone：kml 只能写经纬度；需要带坐标时请写成 txt、shp、gpkg、dxf、wkt 或 csv",
                "--zone: kml holds longitude and latitude only; with a zone write txt, shp, gpkg, dxf, wkt, csv",
            ),
        ),
        (
            {"target": Target.geojson, "crs": "EPSG:4525"},
            (
                "--to-crs：geojson 只能写经纬度（EPSG:4490、EPSG:4326）",
                "--to-crs: geojson holds longitude and latitude only (EPSG:4490, EPSG:4326)",
            ),
        ),
        (
            {"crs": "EPSG:4545"},
            (
                "--to-crs：坐标 TXT 规定用 CGCS2000 3 度带、Y 带带号（EPSG:4513–4533）；请用 --zone 说明带号",
                (
                    "--to-crs: a coordinate TXT is in a CGCS2000 3° zone, easting with zone (EPSG:4513 to 4533); state "
                    "it with --zone"
                ),
            ),
        ),
    ],
)
def test_wishes_that_do_not_go_together_are_refused(wish: dict[str, Any], sentence: tuple[str, str]) -> None:
    assert both(lambda: converted(site(SMALL, LONLAT), **wish), UsageError) == sentence


@pytest.mark.parametrize(
    ("target", "wish", "crs"),
    [
        (Target.txt, {}, ZONE_37),
        (Target.txt, {"zone": 38}, ZONE_38),
        (Target.txt, {"crs": "4525"}, ZONE_37),
        (Target.geojson, {}, LONLAT),
        (Target.geojson, {"crs": "4326"}, "EPSG:4326"),
        (Target.kml, {"crs": "EPSG:4490"}, LONLAT),
        (Target.wkt, {"crs": "EPSG:32649"}, "EPSG:32649"),
    ],
)
def test_the_system_is_the_one_that_was_asked_for_or_that_of_the_place(
    target: Target, wish: dict[str, Any], crs: str
) -> None:
    assert converted(site(SMALL, LONLAT), target, **wish).crs == crs


def test_points_that_were_put_in_and_repairs_are_said() -> None:
    made = converted(site(LONG, LONLAT, name="长地块"), Target.wkt, zone=37)
    (bent,) = [note for note in made.notes if "弯曲" in note.zh]
    assert bent.zh.startswith("地块“长地块”有长边：换算到 EPSG:4525（CGCS2000 ")
    assert "后会弯曲 1 厘米以上，已在边上加" in bent.zh
    bow = Polygon([(112.30, 35.40), (112.31, 35.41), (112.31, 35.40), (112.30, 35.41)])
    repaired = converted(site(bow, LONLAT, name="结"), Target.wkt)
    assert [note.zh.split("：")[0] for note in repaired.notes][:1] == ["地块“结”写出的是修复后的图形"]
    assert repaired.content.startswith(b"SRID=4525;MULTIPOLYGON")


def test_a_sound_footprint_is_written_without_a_word_about_repairs() -> None:
    assert converted(site(SMALL, LONLAT), Target.geojson).notes == ()


# --- GeoJSON and KML ------------------------------------------------------------------------------------------------


def order(*parcels: Parcel) -> Order:
    return Order(parcels, LONLAT, date(2026, 6, 1), Encoding.utf8, "红线")


def parcel(geometry: BaseGeometry, name: str = "一号", **attributes: str) -> Parcel:
    return Parcel("DK1", name, geometry, None, attributes)


def test_geojson_says_its_system_and_has_one_feature_a_line() -> None:
    text = write_geojson(order(parcel(SMALL, note="=1"), parcel(Point(112.3, 35.4)))).content.decode()
    assert len(text.splitlines()) == 4
    content = json.loads(text)
    assert (content["name"], content["crs"]["properties"]["name"]) == ("红线", "urn:ogc:def:crs:EPSG::4490")
    one, other = content["features"]
    assert (one["id"], one["properties"]["note"], other["geometry"]["type"]) == ("DK1", "=1", "Point")


def test_outlines_of_geojson_run_against_the_clock_and_holes_with_it() -> None:
    holed = shapely.orient_polygons(SMALL.buffer(0.001).difference(SMALL), exterior_cw=True)
    (feature,) = json.loads(write_geojson(order(parcel(holed))).content)["features"]
    outline, hole = feature["geometry"]["coordinates"]
    assert (shapely.LinearRing(outline).is_ccw, shapely.LinearRing(hole).is_ccw) == (True, False)


KML = {"k": "http://www.opengis.net/kml/2.2"}


def kml(*parcels: Parcel) -> ET.Element:
    return ET.fromstring(write_kml(order(*parcels)).content)  # noqa: S314 - written by us


def test_kml_has_a_placemark_for_each_footprint_with_its_attributes() -> None:
    root = kml(parcel(SMALL, "A&B<矿>", note="x"), parcel(SMALL))
    assert root.findtext("k:Document/k:name", None, KML) == "红线"
    one, other = root.findall(".//k:Placemark", KML)
    assert (one.findtext("k:name", None, KML), other.findtext("k:name", None, KML)) == ("A&B<矿>", "一号")
    told = {data.attrib["name"]: data.findtext("k:value", None, KML) for data in one.findall(".//k:Data", KML)}
    assert told["note"] == "x"


@pytest.mark.parametrize(
    ("geometry", "path", "count"),
    [
        (SMALL, "k:Polygon/k:outerBoundaryIs/k:LinearRing/k:coordinates", 5),
        (
            SMALL.buffer(0.001, quad_segs=1).difference(SMALL),
            "k:Polygon/k:innerBoundaryIs/k:LinearRing/k:coordinates",
            5,
        ),
        (LineString([(112.3, 35.4), (112.4, 35.4)]), "k:LineString/k:coordinates", 2),
        (Point(112.3, 35.4), "k:Point/k:coordinates", 1),
        (MultiPoint([(112.3, 35.4), (112.4, 35.4)]), "k:MultiGeometry/k:Point/k:coordinates", 1),
        (MultiPolygon([SMALL]), "k:Polygon/k:outerBoundaryIs/k:LinearRing/k:coordinates", 5),
        (
            MultiPolygon([SMALL, box(112.31, 35.4, 112.32, 35.41)]),
            "k:MultiGeometry/k:Polygon/k:outerBoundaryIs/k:LinearRing/k:coordinates",
            5,
        ),
    ],
)
def test_kml_writes_longitude_before_latitude_in_nine_decimals(geometry: BaseGeometry, path: str, count: int) -> None:
    text = kml(parcel(geometry)).findtext(f".//k:Placemark/{path}", None, KML)
    assert text is not None
    places = text.split(" ")
    assert len(places) == count
    for place in places:
        lon, lat = place.split(",")
        assert 112 < float(lon) < 113
        assert 35 < float(lat) < 36
        assert [len(number.split(".")[1]) for number in (lon, lat)] == [9, 9]


def test_kml_says_that_its_numbers_are_not_wgs84() -> None:
    (note,) = write_kml(order(parcel(SMALL))).notes
    assert note.zh == "KML 规定为 WGS84 经纬度；写出的是 CGCS2000 经纬度，两者相差厘米至分米级"
