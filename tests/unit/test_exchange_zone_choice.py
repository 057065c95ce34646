"""The 3° zone of footprints: that of the largest part of their area, or the one that the user wants."""

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import UsageError
from zoning.exchange.zone_choice import ZoneChoice, choose_zone, zone_at


def box(west: float, east: float) -> BaseGeometry:
    return shapely.box(west, 35.4, east, 35.41)


@pytest.mark.parametrize(
    ("longitude", "zone"),
    [(-1.5, 0), (-1.51, -1), (0, 0), (1.4999, 0), (1.5, 1), (111, 37), (112.4999, 37), (112.5, 38), (180, 60)],
)
def test_a_zone_reaches_a_degree_and_a_half_to_each_side(longitude: float, zone: int) -> None:
    assert zone_at(longitude) == zone


@pytest.mark.parametrize(
    ("west", "east", "zone"),
    [
        (112.30, 112.31, 37),
        (112.49, 112.50, 37),
        (112.50, 112.51, 38),
        (73.5, 73.6, 25),
        (136.4, 136.49, 45),
    ],
)
def test_a_footprint_in_one_zone_is_written_in_it(west: float, east: float, zone: int) -> None:
    assert choose_zone([(box(west, east), 1000.0)], None) == ZoneChoice(zone)


def test_areas_decide_between_footprints_and_not_their_number() -> None:
    west, east = box(112.30, 112.31), box(112.60, 112.61)
    assert choose_zone([(west, 100.0), (west, 100.0), (east, 300.0)], None).zone == 38
    assert choose_zone([(west, 100.0), (west, 201.0), (east, 300.0)], None).zone == 37


def test_of_two_equal_halves_the_western_zone_is_taken() -> None:
    assert choose_zone([(box(112.30, 112.31), 50.0), (box(112.60, 112.61), 50.0)], None).zone == 37


def test_a_footprint_across_the_border_counts_by_its_parts_in_both() -> None:
    """A quarter lies west of 112.5; of 40,000 m² that are 10,000, one hectare."""
    choice = choose_zone([(box(112.49, 112.53), 40_000.0)], None)
    assert choice.zone == 38
    (note,) = choice.notes
    assert note.zh == (
        "地块跨 3 度带分界（第 37 带 1.0000 公顷（15.00 亩）、第 38 带 3.0000 公顷（45.00 亩）），"
        "整个文件按面积较大的第 38 带写出；需要另一带时用 --zone"
    )
    assert note.en.startswith("the footprints lie across the border of 3° zones (zone 37 1.0000 ha")
    assert note.en.endswith(
        "; the whole file is written in zone 38, which holds most of them; ask for another one with --zone"
    )


def test_a_footprint_across_three_zones_names_all_of_them() -> None:
    (note,) = choose_zone([(box(108.5, 113.5), 5.0e6)], None).notes
    assert [word in note.en for word in ("zone 36 ", "zone 37 ", "zone 38 ", "zone 39 ")] == [True, True, True, False]


def test_what_has_no_area_counts_where_its_middle_lies() -> None:
    """A line as it covers the ground has an area; its longitude and latitude have none."""
    line = shapely.LineString([(112.46, 35.4), (112.52, 35.4)])
    assert choose_zone([(line, 80.0)], None) == ZoneChoice(37)
    assert choose_zone([(shapely.Point(112.51, 35.4), 12.0)], None) == ZoneChoice(38)


@pytest.mark.parametrize("longitude", [73.4, 136.6, 8.0, -100.0])
def test_outside_of_the_zones_of_the_country_a_system_has_to_be_stated(longitude: float) -> None:
    with pytest.raises(UsageError) as caught:
        choose_zone([(box(longitude, longitude + 0.01), 1.0)], None)
    assert caught.value.get("zh") == (
        f"地块在经度 {longitude:.4f}°，不在 3 度带第 25–45 带之内；请用 --to-crs 说明坐标系"
    )
    assert f"longitude {longitude:.4f}°, in none of the 3° zones 25 to 45" in caught.value.get("en")


@pytest.mark.parametrize("zone", [24, 46, 0, -37, 112])
def test_a_number_that_is_no_zone(zone: int) -> None:
    with pytest.raises(UsageError) as caught:
        choose_zone([(box(112.3, 112.31), 1.0)], zone)
    assert caught.value.get("zh") == f"--zone：{zone} 不是 3 度带的带号（25–45）；写 auto 则自动选择"
    assert caught.value.get("en") == f"--zone: {zone} is no 3° zone (25 to 45); write auto to have it chosen"


def test_the_user_may_take_the_smaller_zone_and_nothing_is_said() -> None:
    assert choose_zone([(box(112.49, 112.53), 40_000.0)], 37) == ZoneChoice(37)


@pytest.mark.parametrize(
    ("west", "east", "fits"),
    [
        (107.5, 107.6, True),
        (107.49, 107.6, False),
        (114.4, 114.5, True),
        (114.4, 114.51, False),
        (107.5, 114.5, True),
    ],
)
def test_three_degrees_and_a_half_from_the_meridian_is_the_furthest(west: float, east: float, *, fits: bool) -> None:
    """The central meridian of zone 37 is 111°."""
    if fits:
        assert choose_zone([(box(west, east), 1.0)], 37).zone == 37
        return
    with pytest.raises(UsageError, match="too far away"):
        choose_zone([(box(west, east), 1.0)], 37)


def test_too_far_says_how_far_all_footprints_reach() -> None:
    with pytest.raises(UsageError) as caught:
        choose_zone([(box(112.3, 112.4), 1.0), (box(118.0, 118.25), 1.0)], 37)
    assert caught.value.get("zh") == (
        "--zone：第 37 带的中央经线是 111°，地块在经度 112.3000°–118.2500°，相距太远；写 auto 则自动选择"
    )
    assert caught.value.get("en") == (
        "--zone: the meridian of zone 37 is 111°E, the footprints lie at 112.3000–118.2500°E, too far away; write auto "
        "to have it chosen"
    )
