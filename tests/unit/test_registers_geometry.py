"""Which geometries can be the place of a record, and how they are kept to the last bit."""

import hashlib
import struct
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from both_languages import both
from register_world import pits, text
from zoning.mistakes import Mistake
from zoning.registers.geometry import check_place, geometry_of, wkb_of

AREA = shapely.box(112.40, 35.48, 112.41, 35.49)
LINE = shapely.LineString([(112.40, 35.48), (112.41, 35.49)])
POINT = shapely.Point(112.40, 35.48)
MANY = shapely.MultiPolygon([AREA, shapely.box(112.5, 35.5, 112.6, 35.6)])
BOW = shapely.Polygon([(112.0, 35.0), (112.1, 35.1), (112.1, 35.0), (112.0, 35.1)])


def refusal(shape: str, geometry: BaseGeometry) -> tuple[str, str]:
    kind = pits(shape=shape)
    return both(lambda: check_place(kind, geometry), Mistake)


@pytest.mark.parametrize(
    ("shape", "geometry"),
    [
        ("area", AREA),
        ("area", MANY),
        ("line", LINE),
        ("line", shapely.MultiLineString([LINE])),
        ("point", POINT),
        ("point", shapely.MultiPoint([POINT])),
        ("any", AREA),
        ("any", LINE),
        ("any", POINT),
        ("none", None),
        ("area", None),  # not known where
    ],
)
def test_a_place_of_the_right_form_is_taken(shape: str, geometry: BaseGeometry | None) -> None:
    check_place(pits(shape=shape), geometry)


@pytest.mark.parametrize(
    ("shape", "geometry", "sentence"),
    [
        ("area", LINE, ("图形应为面", "the geometry has to be an area")),
        ("area", POINT, ("图形应为面", "the geometry has to be an area")),
        ("line", AREA, ("图形应为线", "the geometry has to be a line")),
        ("point", LINE, ("图形应为点", "the geometry has to be a point")),
        ("none", POINT, ("矿坑没有图形", "pit: this kind has no geometry")),
        ("any", shapely.Point(), ("图形是空的", "the geometry is empty")),
        ("area", shapely.Polygon(), ("图形是空的", "the geometry is empty")),
    ],
)
def test_a_place_of_another_form_is_refused(shape: str, geometry: BaseGeometry, sentence: tuple[str, str]) -> None:
    assert refusal(shape, geometry) == sentence


@pytest.mark.parametrize("at", [(180, 90), (-180, -90), (0, 0)])
def test_the_edges_of_the_earth_are_on_it(at: tuple[float, float]) -> None:
    check_place(pits(shape="point"), shapely.Point(at))


@pytest.mark.parametrize(
    "at", [(180.0000001, 0), (-180.0000001, 0), (0, 90.0000001), (0, -90.0000001), (38_500_000, 3_930_000)]
)
def test_coordinates_of_a_plane_are_no_degrees(at: tuple[float, float]) -> None:
    assert refusal("point", shapely.Point(at)) == (
        "坐标不是经纬度（度）",
        "the coordinates are no longitudes and latitudes in degrees",
    )


def test_coordinates_that_are_no_numbers_are_refused() -> None:
    nowhere = shapely.Point(float("nan"), float("nan"))
    with pytest.raises(Mistake):
        check_place(pits(shape="any"), nowhere)


def test_an_outline_that_crosses_itself_is_refused_with_the_reason_and_the_way() -> None:
    zh, en = refusal("area", BOW)
    assert zh == "图形有错（Self-intersection[112.05 35.05]）；请先用 zoning inspect 查看、用 zoning convert 修复"
    assert en == (
        "the geometry is not valid (Self-intersection[112.05 35.05]): look with zoning inspect, "
        "repair with zoning convert"
    )


def test_a_point_is_kept_as_the_bytes_of_its_coordinates() -> None:
    lon, lat = 112.1 + 1e-13, 1 / 3
    # Well-known binary: little endian (1), point (1), two doubles.
    by_hand = struct.pack("<BIdd", 1, 1, lon, lat)
    key, wkb = wkb_of(shapely.Point(lon, lat))
    assert (key, wkb) == (hashlib.sha256(by_hand).hexdigest(), by_hand)


def test_a_reference_system_does_not_change_the_digest() -> None:
    assert wkb_of(shapely.set_srid(AREA, 4490)) == wkb_of(AREA)


@pytest.mark.parametrize("geometry", [AREA, MANY, LINE, POINT])
def test_what_was_kept_comes_back(geometry: BaseGeometry) -> None:
    assert shapely.equals_identical(geometry_of(wkb_of(geometry)[1]), geometry)


def test_no_bytes_are_no_place() -> None:
    assert geometry_of(None) is None


def test_a_type_names_its_item_in_the_refusal() -> None:
    item: dict[str, Any] = {"zh": "养殖户", "en": "farm"}
    kind = pits(shape="none", item=item, title=text("farms"))
    assert both(lambda: check_place(kind, AREA), Mistake) == ("养殖户没有图形", "farm: this kind has no geometry")
