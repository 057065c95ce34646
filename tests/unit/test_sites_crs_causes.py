"""What coordinates in the wrong place would have to be: each cause is a mistake that people make, undone."""

from collections.abc import Callable

import numpy as np
import pytest

import chinese_systems as cs
import gauss_krueger as gk
from zoning.sites.crs.causes import MOST, likely_causes, mars_causes, other_systems
from zoning.sites.crs.misfit import inside

Bounds = tuple[float, float, float, float]

TERRITORY = (112.25, 35.3, 112.4, 35.45)
LON, LAT = 112.3, 35.41
EAST_37, NORTH_37 = gk.plane(LON, LAT, 111)
EAST_38, NORTH_38 = gk.plane(LON, LAT, 114)
"""The same place from the meridians 111° and 114°, without the 500 km."""

LONLAT = "EPSG:4490 (CGCS2000 longitude and latitude)"
PLAIN_37 = "EPSG:4546 (CGCS2000 3° zone, meridian 111°E)"
PLAIN_38 = "EPSG:4547 (CGCS2000 3° zone, meridian 114°E)"
ZONE_37 = "EPSG:4525 (CGCS2000 3° zone 37, easting with zone)"
ZONE_38 = "EPSG:4526 (CGCS2000 3° zone 38, easting with zone)"
ZONE_19 = "EPSG:4497 (CGCS2000 6° zone 19, easting with zone)"
UTM_49 = "EPSG:32649 (WGS 84 / UTM zone 49N)"
MERCATOR = "EPSG:3857 (WGS 84 / Pseudo-Mercator)"
EXCHANGED = " with the two coordinates exchanged"


def at(x: float, y: float) -> Bounds:
    return x, y, x, y


def causes(
    point: tuple[float, float], stated: str = "EPSG:4490", territory: Bounds = TERRITORY, *, plain_only: bool = False
) -> list[str]:
    found = likely_causes(at(*point), stated, territory, inside(territory), plain_only=plain_only)
    return [text.en for text in found]


OTHER_SYSTEMS: dict[str, tuple[tuple[float, float], str, list[str]]] = {
    "degrees said to be metres": ((LON, LAT), "EPSG:4525", [LONLAT]),
    "zone 38 said to be 37": ((EAST_38 + 38.5e6, NORTH_38), "EPSG:4525", [ZONE_38]),
    "zone 37 said to be degrees": ((EAST_37 + 37.5e6, NORTH_37), "EPSG:4490", [ZONE_37]),
    "a zone of 6 degrees": ((EAST_37 + 19.5e6, NORTH_37), "EPSG:4490", [ZONE_19]),
    "without the zone, meridian 114": ((EAST_38 + 5e5, NORTH_38), "EPSG:4490", [PLAIN_38]),
    "without the zone, as in UTM": ((EAST_37 + 5e5, NORTH_37), "EPSG:4547", [PLAIN_37, UTM_49]),
    "of two alike the stated kind first": ((EAST_37 + 5e5, NORTH_37), "EPSG:32650", [UTM_49, PLAIN_37]),
    "Web Mercator": (cs.web_mercator((LON, LAT)), "EPSG:4490", [MERCATOR]),
    "degrees, north first": ((LAT, LON), "EPSG:4525", [LONLAT + EXCHANGED]),
    "metres, north first": ((NORTH_38, EAST_38 + 38.5e6), "EPSG:4525", [ZONE_38 + EXCHANGED]),
    "Web Mercator, north first": (cs.web_mercator((LON, LAT))[::-1], "EPSG:4490", [MERCATOR + EXCHANGED]),
}


@pytest.mark.parametrize("case", OTHER_SYSTEMS)
def test_numbers_that_are_right_in_another_system(case: str) -> None:
    point, stated, expected = OTHER_SYSTEMS[case]
    assert causes(point, stated) == expected
    assert causes(point, stated, plain_only=True) == expected


MISTAKES: dict[str, tuple[tuple[float, float], list[str]]] = {
    "zone 37 written as 39": ((EAST_37 + 39.5e6, NORTH_37), [f"{ZONE_37} with its zone mistyped as 39"]),
    "zone 38 written as 83": ((EAST_38 + 83.5e6, NORTH_38), []),
    "zone 19 written as 20": ((EAST_37 + 20.5e6, NORTH_37), [f"{ZONE_19} with its zone mistyped as 20"]),
    "no 500 km, east of its meridian": ((EAST_37, NORTH_37), [f"{PLAIN_37} without the false easting of 500 km"]),
    "no 500 km, west of its meridian": ((EAST_38, NORTH_38), [f"{PLAIN_38} without the false easting of 500 km"]),
    "millimetres": ((1e3 * (EAST_38 + 5e5), 1e3 * NORTH_38), [f"{PLAIN_38} in millimetres"]),
    "centimetres": ((1e2 * (EAST_38 + 38.5e6), 1e2 * NORTH_38), [f"{ZONE_38} in centimetres"]),
    "kilometres": (((EAST_38 + 5e5) / 1e3, NORTH_38 / 1e3), [f"{PLAIN_38} in kilometres"]),
    "kilometres with the zone": (((EAST_37 + 37.5e6) / 1e3, NORTH_37 / 1e3), [f"{ZONE_37} in kilometres"]),
    "west of Greenwich": ((-LON, LAT), [f"{LONLAT} without the minus sign"]),
    "south of the equator": ((LON, -LAT), [f"{LONLAT} without the minus sign"]),
    "both signs": ((-LON, -LAT), [f"{LONLAT} without the minus sign"]),
    "a northing below 0": ((EAST_38 + 5e5, -NORTH_38), [f"{PLAIN_38} without the minus sign"]),
    "10 000 km on the northing": (
        (EAST_38 + 5e5, NORTH_38 + 1e7),
        [f"{PLAIN_38} with 10 000 km too many in the northing, as in the southern hemisphere"],
    ),
    "degrees.minutes-seconds": (
        (112.1800, 35.2436),
        [f"{LONLAT} written as degrees.minutes-seconds (112.1830 for 112°18′30″)"],
    ),
    "degrees-minutes-seconds": (
        (1121800.0, 352436.0),
        [f"{LONLAT} written as degrees-minutes-seconds (1121830 for 112°18′30″)"],
    ),
    "minutes beyond 59": ((112.6000, 35.2436), []),
    "seconds beyond 59": ((112.1860, 35.2436), []),
    "59 minutes and seconds": ((1111800.0, 345959.0), []),
    "radians": ((float(np.radians(LON)), float(np.radians(LAT))), [f"{LONLAT} in radians"]),
    "not finite sense at all": ((1e12, 1e12), []),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_in_the_numbers(case: str) -> None:
    point, expected = MISTAKES[case]
    assert causes(point) == expected


@pytest.mark.parametrize("case", [name for name, (_, found) in MISTAKES.items() if found])
def test_mistakes_in_the_numbers_with_north_first(case: str) -> None:
    (x, y), expected = MISTAKES[case]
    found = causes((y, x))
    assert found == [f"{text}{EXCHANGED}" for text in expected]


@pytest.mark.parametrize("case", MISTAKES)
def test_where_only_systems_are_asked_for_no_mistake_is_guessed(case: str) -> None:
    assert causes(MISTAKES[case][0], plain_only=True) == []


def test_sentences_in_chinese() -> None:
    def zh(x: float, y: float) -> list[str]:
        return [text.zh for text in likely_causes(at(x, y), "EPSG:4490", TERRITORY, inside(TERRITORY))]

    three_38 = "EPSG:4547（CGCS2000 3° 带，中央经线 114°，Y 不带带号）"
    lonlat = "EPSG:4490（CGCS2000 经纬度）"
    assert zh(LAT, LON) == [f"{lonlat}（两列坐标对调）"]
    assert zh(EAST_38, NORTH_38) == [f"{three_38}而东坐标没有加 500 公里"]
    assert zh((EAST_38 + 5e5) / 1e3, NORTH_38 / 1e3) == [f"{three_38}而单位是千米"]
    assert zh(EAST_37 + 39.5e6, NORTH_37) == ["EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）而带号误写为 39"]
    assert zh(-LON, LAT) == [f"{lonlat}而负号多写"]
    assert zh(EAST_38 + 5e5, NORTH_38 + 1e7) == [f"{three_38}而北坐标多加了 10000 公里（南半球的常数）"]
    assert zh(112.1800, 35.2436) == [f"{lonlat}而写成度.分秒（112.1830 即 112°18′30″）"]
    assert zh(1121800.0, 352436.0) == [f"{lonlat}而写成度分秒连写（1121830 即 112°18′30″）"]
    assert zh(*np.radians((LON, LAT)).tolist()) == [f"{lonlat}而单位是弧度"]


def test_numbers_right_elsewhere_are_no_mistake() -> None:
    """West of 114° by 1.7°: also without the 500 km from 117° it might be, but nobody mistyped right numbers."""
    wide = (112.0, 35.3, 120.0, 35.45)
    assert causes((EAST_38 + 5e5, NORTH_38), territory=wide) == [
        "EPSG:4548 (CGCS2000 3° zone, meridian 117°E)",
        PLAIN_38,
        "EPSG:4549 (CGCS2000 3° zone, meridian 120°E)",
        "EPSG:32650 (WGS 84 / UTM zone 50N)",
    ]


def test_no_more_than_four_and_the_nearest_meridians_first() -> None:
    found = causes((5e5, 3_920_000.0), territory=(100.0, 30.0, 120.0, 40.0))
    assert len(found) == MOST == 4
    assert [text.split()[0] for text in found] == ["EPSG:4546", "EPSG:4545", "EPSG:4547", "EPSG:4544"]


def test_one_place_is_named_once() -> None:
    assert causes((35.4, 35.4), "EPSG:4525", (35.0, 35.0, 36.0, 36.0)) == [LONLAT]


def test_the_centre_of_the_box_is_tried() -> None:
    box = (LON - 1.0, LAT - 1.0, LON + 1.0, LAT + 1.0)
    assert [text.en for text in likely_causes(box, "EPSG:4525", TERRITORY, inside(TERRITORY))] == [LONLAT]
    aside = (LON, LAT, LON + 2.0, LAT)
    assert likely_causes(aside, "EPSG:4525", TERRITORY, inside(TERRITORY)) == []


def test_packed_corners_are_unpacked_before_they_are_averaged() -> None:
    """112°10′ and 112°50′ have 112°30′ between them; 112.1 and 112.5 have 112.3, which would be 112°30′ as well.

    Of 112°59′ and 113°01′ only the unpacked ones have 113° between them: 112.80 is no number of minutes.
    """
    territory = (112.99, 35.39, 113.01, 35.42)
    box = (112.5900, 35.2400, 113.0100, 35.2500)
    found = likely_causes(box, "EPSG:4490", territory, inside(territory))
    assert [text.en for text in found] == [
        f"{LONLAT} written as degrees.minutes-seconds (112.1830 for 112°18′30″)",
    ]


OF_OLD_DATUMS = [
    ("EPSG:2361", (EAST_38 + 38.5e6, NORTH_38), ["EPSG:2362 (Xian 1980 3° zone 38, easting with zone)"]),
    ("EPSG:2361", (LON, LAT), ["EPSG:4610 (Xian 1980 longitude and latitude)"]),
    ("EPSG:2362", (EAST_37 + 5e5, NORTH_37), ["EPSG:2382 (Xian 1980 3° zone, meridian 111°E)"]),
    ("EPSG:2413", (EAST_38 + 38.5e6, NORTH_38), ["EPSG:2414 (Beijing 1954 3° zone 38, easting with zone)"]),
    ("EPSG:4214", (EAST_37 + 19.5e6, NORTH_37), ["EPSG:21419 (Beijing 1954 6° zone 19, easting with zone)"]),
    ("EPSG:2361", cs.web_mercator((LON, LAT)), []),
]


@pytest.mark.parametrize(("stated", "point", "expected"), OF_OLD_DATUMS)
def test_of_an_old_datum_only_its_own_systems_are_named(
    stated: str, point: tuple[float, float], expected: list[str]
) -> None:
    assert causes(point, stated, plain_only=True) == expected


def test_web_mercator_is_tried_where_its_numbers_look_like_a_zone_of_6_degrees() -> None:
    """13 048 000 m on the sphere are 117.2°E; as zone 13 they would lie near 75°E."""
    territory = (117.0, 35.0, 117.5, 36.0)
    assert causes(cs.web_mercator((117.2, 35.5)), territory=territory) == [MERCATOR]


@pytest.mark.parametrize(("west", "named"), [(110.0, True), (114.4, True), (114.6, False), (107.4, False)])
def test_a_zone_is_tried_to_three_and_a_half_degrees_from_its_meridian(west: float, *, named: bool) -> None:
    territory = (west, 35.0, west + 0.05, 36.0)
    x, y = gk.plane(west + 0.025, 35.5, 111)
    assert (PLAIN_37 in causes((x + 5e5, y), territory=territory)) is named


# --- Of whole files ---


@pytest.mark.parametrize(
    ("point", "stated", "expected"),
    [
        ((EAST_37 + 5e5, NORTH_37), "EPSG:4547", ["EPSG:4546", "EPSG:32649"]),
        ((EAST_37 + 5e5, NORTH_37), "EPSG:4546", ["EPSG:32649"]),
        ((EAST_37 + 5e5, NORTH_37), "EPSG:32649", ["EPSG:4546"]),
        ((LON, LAT), "EPSG:4547", ["EPSG:4490"]),
        ((LON, LAT), "EPSG:4490", []),
        ((LAT, LON), "EPSG:4547", []),
        ((np.nan, LAT), "EPSG:4547", []),
        ((LON, np.inf), "EPSG:4547", []),
    ],
)
def test_codes_of_other_systems(point: tuple[float, float], stated: str, expected: list[str]) -> None:
    box = np.array(at(*point))
    assert other_systems(box, stated, TERRITORY, inside(TERRITORY)) == expected


def test_codes_of_other_systems_ask_for_the_centre() -> None:
    box = np.array([LON - 2, LAT - 2, LON + 2, LAT + 2])
    assert other_systems(box, "EPSG:4547", TERRITORY, inside(TERRITORY)) == ["EPSG:4490"]


@pytest.mark.parametrize(("shift", "named"), [(cs.gcj02, "GCJ-02"), (cs.bd09, "BD-09")])
def test_the_shift_of_web_maps(shift: Callable[[cs.Point], cs.Point], named: str) -> None:
    """A territory of 20 m: where the shifted place is undone, it lies in it."""
    small = (LON - 1e-4, LAT - 1e-4, LON + 1e-4, LAT + 1e-4)
    shifted = np.array([shift((LON, LAT)), shift((LON + 5e-5, LAT))])
    found = mars_causes(shifted, inside(small))
    assert [text.en.split(" (")[0] for text in found] == [named]


def test_every_vertex_has_to_lie_in_the_territories_once_the_shift_is_undone() -> None:
    small = (LON - 1e-4, LAT - 1e-4, LON + 1e-4, LAT + 1e-4)
    shifted = np.array([cs.gcj02((LON, LAT)), cs.gcj02((LON + 1e-3, LAT))])
    assert mars_causes(shifted, inside(small)) == []


def test_outside_of_china_no_shift_is_named() -> None:
    assert mars_causes(np.array([[10.0, 50.0]]), inside((9.0, 49.0, 11.0, 51.0))) == []
