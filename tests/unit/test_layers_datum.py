"""Boxes of degrees, and coordinate systems on their way to longitude and latitude."""

from math import cos, radians

import pytest
from pyproj import Transformer

from zoning.errors import CRSError
from zoning.layers.datum import WORLD, Bounds, LonLat, grown_bounds, holds, parse_crs, same_crs

HERE: Bounds = (112.3, 35.4, 112.5, 35.6)


@pytest.mark.parametrize("metres", [0.0, 1.0, 5_000.0, 200_000.0])
@pytest.mark.parametrize("box", [HERE, (112.3, -35.6, 112.5, -35.4), (0.0, -1.0, 1.0, 0.5)])
def test_a_box_grows_by_the_shortest_degree_to_all_sides(box: Bounds, metres: float) -> None:
    west, south, east, north = grown_bounds(box, metres)
    high = metres / 110_574.0
    assert (box[1] - south, north - box[3]) == pytest.approx((high, high))
    # The parallel that is farthest from the equator is the shortest one.
    wide = high / cos(radians(max(abs(box[1]), abs(box[3])) + high))
    assert (box[0] - west, east - box[2]) == pytest.approx((wide, wide))


@pytest.mark.parametrize("latitude", [88.0, 89.9, 90.0])
def test_beside_a_pole_the_box_stays_finite(latitude: float) -> None:
    west, _, east, _ = grown_bounds((0.0, latitude, 0.0, latitude), 110_574.0)
    assert (west, east) == pytest.approx((-20.0, 20.0))


@pytest.mark.parametrize(
    ("other", "held"),
    [
        (HERE, True),
        ((112.31, 35.41, 112.49, 35.59), True),
        ((112.29, 35.4, 112.5, 35.6), False),
        ((112.3, 35.39, 112.5, 35.6), False),
        ((112.3, 35.4, 112.51, 35.6), False),
        ((112.3, 35.4, 112.5, 35.61), False),
        (WORLD, False),
    ],
)
def test_a_box_holds_what_reaches_beyond_it_on_no_side(other: Bounds, held: bool) -> None:
    assert holds(HERE, other) is held
    assert holds(WORLD, other)


@pytest.mark.parametrize("name", ["EPSG:4525", "epsg:4525", "4490", "+proj=longlat +ellps=GRS80"])
def test_systems_are_known_by_code_and_by_description(name: str) -> None:
    assert len(parse_crs(name).axis_info) == 2


def test_a_system_with_heights_is_taken_without_them() -> None:
    assert len(parse_crs("EPSG:4979").axis_info) == 2


@pytest.mark.parametrize("name", ["", "EPSG:999999", "高斯投影", "EPSG:", "x" * 200])
def test_a_name_that_no_system_bears_is_refused_and_cut_short(name: str) -> None:
    with pytest.raises(CRSError) as caught:
        parse_crs(name)
    assert caught.value.get("zh") == f"不认识的坐标系“{name[:60]}”；请写 EPSG 代码（如 EPSG:4525）"
    assert caught.value.get("en") == f"unknown coordinate system '{name[:60]}'; write an EPSG code such as EPSG:4525"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("EPSG:4490", "EPSG:4490", True),
        ("EPSG:4490", "OGC:CRS84", True),
        ("EPSG:4326", "EPSG:4490", True),
        ("EPSG:4525", "EPSG:4526", False),
        ("EPSG:4525", "EPSG:4490", False),
        ("EPSG:4546", "EPSG:4525", False),
        ("EPSG:4610", "EPSG:4490", False),
    ],
)
def test_systems_are_the_same_when_equal_numbers_mean_equal_places(one: str, other: str, same: bool) -> None:
    assert same_crs(one, other) is same
    assert same_crs(other, one) is same


def test_an_unknown_system_is_not_the_same_as_any() -> None:
    with pytest.raises(CRSError):
        same_crs("EPSG:4490", "nowhere")


# --- boxes from one system into the other


def in_zone(bounds: Bounds) -> Bounds:
    return Transformer.from_crs(4490, 4525, always_xy=True).transform_bounds(*bounds, densify_pts=21)


def test_degrees_stay_as_they_are() -> None:
    lonlat = LonLat()
    assert lonlat.bounds_in("EPSG:4490", HERE) == HERE
    assert lonlat.bounds_of("OGC:CRS84", HERE) == HERE


def test_a_box_of_degrees_in_a_zone_holds_its_bent_edges() -> None:
    found = LonLat().bounds_in("EPSG:4525", HERE)
    assert found == pytest.approx(in_zone(HERE), abs=0.001)


def test_a_box_of_a_zone_in_degrees_holds_the_box_it_came_from() -> None:
    found = LonLat().bounds_of("EPSG:4525", in_zone(HERE))
    assert found is not None
    assert holds(found, (112.3 + 1e-9, 35.4 + 1e-9, 112.5 - 1e-9, 35.6 - 1e-9))
    assert holds(grown_bounds(HERE, 1000.0), found)


@pytest.mark.parametrize(
    ("bounds", "shown"),
    [
        ((105.0, 20.0, 135.0, 50.0), True),
        ((104.9, 20.0, 135.0, 50.0), False),
        ((105.0, 19.9, 135.0, 50.0), False),
        (WORLD, False),
    ],
)
def test_a_projection_is_not_trusted_over_more_than_thirty_degrees(bounds: Bounds, shown: bool) -> None:
    assert (LonLat().bounds_in("EPSG:4525", bounds) is not None) is shown


def test_a_box_beyond_all_bounds_has_no_place() -> None:
    far = (1e30, 1e30, 2e30, 2e30)
    assert LonLat().bounds_of("EPSG:4525", far) is None
    assert LonLat().bounds_of("EPSG:4490", (0.0, 0.0, float("inf"), 1.0)) is None


def test_a_transformer_is_built_once() -> None:
    lonlat = LonLat()
    assert lonlat.transformer("EPSG:4525") is lonlat.transformer("EPSG:4525")
    assert lonlat.transformer("EPSG:4490") is None


@pytest.mark.parametrize("crs", ["EPSG:4214", "EPSG:4610", "EPSG:2382"])
def test_an_old_datum_has_no_way(crs: str) -> None:
    with pytest.raises(CRSError) as caught:
        LonLat().transformer(crs)
    assert "没有公开的转换参数，粗略平移可差数十至上百米" in caught.value.get("zh")
    assert "has no published transformation to CGCS2000" in caught.value.get("en")


SHOWN: list[tuple[str, Bounds, bool]] = [
    ("EPSG:4490", HERE, True),
    ("EPSG:4490", (-180.0, -90.0, 180.0, 90.0), True),
    ("EPSG:4490", (-180.1, 0.0, 0.0, 1.0), False),
    ("EPSG:4490", (0.0, 0.0, 180.1, 1.0), False),
    ("EPSG:4490", (0.0, -90.1, 1.0, 1.0), False),
    ("EPSG:4490", (35.4, 112.3, 35.6, 112.5), False),
    ("EPSG:4490", (37_500_000.0, 3_900_000.0, 37_600_000.0, 4_000_000.0), False),
    ("EPSG:4525", (37_500_000.0, 3_900_000.0, 37_600_000.0, 4_000_000.0), True),
    ("EPSG:4525", (38_400_000.0, 3_900_000.0, 38_500_000.0, 4_000_000.0), False),
    ("EPSG:4525", (36_999_000.0, 3_900_000.0, 37_600_000.0, 4_000_000.0), False),
    ("EPSG:4525", (37_500_000.0, 3_900_000.0, 38_000_001.0, 4_000_000.0), False),
    ("EPSG:4525", (500_000.0, 3_900_000.0, 600_000.0, 4_000_000.0), False),
    ("EPSG:4525", (3_900_000.0, 37_500_000.0, 4_000_000.0, 37_600_000.0), False),
    ("EPSG:4546", (400_000.0, 3_900_000.0, 600_000.0, 4_000_000.0), True),
    ("EPSG:4546", (37_400_000.0, 3_900_000.0, 37_600_000.0, 4_000_000.0), False),
]


@pytest.mark.parametrize(("crs", "bounds", "shown"), SHOWN)
def test_swapped_axes_and_another_zone_cannot_be_shown(crs: str, bounds: Bounds, shown: bool) -> None:
    assert LonLat().shows(crs, bounds) is shown
