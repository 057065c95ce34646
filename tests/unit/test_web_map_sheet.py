"""The window of the map and what is cut out for it."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from zoning.maps.content import Box
from zoning.maps.product import Sheet
from zoning.maps.sheet import cut, flat, geojson, label_place, sheet_of
from zoning.maps.wording import amount_text, share_text

GEOD = Geod(ellps="GRS80")
SHEET = Sheet(margin=2000, times=1.5, proportion=1.3)


def test_the_sheet_reaches_the_margin_beyond_a_small_site() -> None:
    site = box(112.40, 35.48, 112.401, 35.481)
    west, south, east, north = sheet_of(site, SHEET)
    assert GEOD.inv(112.4005, north, 112.4005, 35.481)[2] == pytest.approx(2000, rel=0.01)
    assert GEOD.inv(112.4005, south, 112.4005, 35.48)[2] == pytest.approx(2000, rel=0.01)
    wide = GEOD.inv(west, 35.4805, east, 35.4805)[2]
    assert wide / GEOD.inv(112.4, south, 112.4, north)[2] == pytest.approx(1.3, rel=0.01)


def test_the_sheet_of_a_large_site_grows_with_it() -> None:
    site = box(112.3, 35.48, 112.5, 35.50)  # 18.1 km by 2.2 km: the margin becomes 1.5 x 18.1 km
    north = sheet_of(site, SHEET).north
    assert GEOD.inv(112.4, north, 112.4, 35.50)[2] == pytest.approx(1.5 * 18_130, rel=0.02)


@given(detail=st.floats(0.1, 30), seed=st.integers(0, 50))
def test_cutting_stays_on_the_sheet_and_within_its_detail(detail: float, seed: int) -> None:
    window = Box(112.39, 35.47, 112.42, 35.49)
    zone = shapely.Point(112.40 + seed / 5000, 35.48).buffer(0.012, quad_segs=64)
    drawn = cut(zone, window, detail_m=detail)
    exact = zone.intersection(box(*window))
    assert box(*window).buffer(1e-12).contains(drawn)
    assert drawn.hausdorff_distance(exact) <= detail / 111_320 * 1.0001 + 1e-12


def test_what_lies_elsewhere_leaves_nothing() -> None:
    assert cut(box(110, 30, 111, 31), Box(112, 35, 113, 36), detail_m=1).is_empty


def test_coordinates_are_rounded_to_1e_7_degrees() -> None:
    found = geojson(Polygon([(112.123456789, 35.1), (112.2, 35.1), (112.2, 35.2)]))
    assert found["type"] == "Polygon"
    assert found["coordinates"][0][0] == (112.1234568, 35.1)  # type: ignore[index]  # GeoJSON


def test_a_name_stands_inside_the_largest_part() -> None:
    horseshoe = Polygon([(0, 0), (9, 0), (9, 9), (8, 9), (8, 1), (1, 1), (1, 9), (0, 9)])
    (lat, lon), (high, wide) = label_place(MultiPolygon([box(20, 0, 21, 1), horseshoe]))
    assert horseshoe.contains(shapely.Point(lon, lat))
    assert (high, wide) == (4.5, 4.5)


def test_a_name_stands_in_the_middle_of_a_line() -> None:
    assert label_place(LineString([(0, 0), (10, 0)]))[0] == (0, 5)


def test_areas_and_lines_of_a_collection_come_apart() -> None:
    mixed = shapely.GeometryCollection([box(0, 0, 1, 1), LineString([(2, 2), (3, 3)])])
    assert flat(mixed, lines=False).equals(box(0, 0, 1, 1))
    assert flat(mixed, lines=True).equals(LineString([(2, 2), (3, 3)]))
    assert flat(box(0, 0, 1, 1), lines=True).is_empty


def test_what_is_there_never_reads_as_nothing() -> None:
    assert share_text(0.00004) == "< 0.01 %"
    assert share_text(0.0) == "0.00 %"
    assert amount_text(12345.0, None, "zh") == "1.2345 公顷 (18.52 亩)"
    assert amount_text(0.0, 120.0, "en") == "120.00 m"
    assert amount_text(0.0, 0.0, "en") == ""
