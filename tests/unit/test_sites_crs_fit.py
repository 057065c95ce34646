"""Whether boxes lie near the territories, how a misfit is explained, and what a file without a system is told."""

import numpy as np
import pytest
import shapely

import chinese_systems as cs
import gauss_krueger as gk
from zoning.errors import CRSError, SiteError, ZoningError
from zoning.sites.crs.identify import identify
from zoning.sites.crs.misfit import (
    bearing,
    explained,
    inside,
    lonlat_bounds,
    lonlat_boxes,
    near,
    no_crs,
    stray,
    strays,
)
from zoning.sites.raw import RawFile
from zoning.sites.where import Where
from zoning.texts import Text

HERE = Where("a.dxf")
EXPECTED = (112.0, 35.0, 113.0, 36.0)
Box = tuple[float, float, float, float]
SILENT = RawFile((), None, silence=Text("图形没有坐标系", "the drawing has no coordinate system"))


def boxes(*given: Box) -> np.ndarray:
    return np.array(given, dtype=float)


# --- Near the territories ---


@pytest.mark.parametrize(
    ("box", "found"),
    [
        ((112.2, 35.2, 112.3, 35.3), True),
        ((100.0, 20.0, 130.0, 50.0), True),  # around all of it
        ((111.0, 35.2, 111.5, 35.3), True),  # half a degree west of it
        ((111.0, 35.2, 111.49, 35.3), False),
        ((113.5, 35.2, 114.0, 35.3), True),
        ((113.51, 35.2, 114.0, 35.3), False),
        ((112.2, 34.0, 112.3, 34.5), True),
        ((112.2, 34.0, 112.3, 34.49), False),
        ((112.2, 36.5, 112.3, 37.0), True),
        ((112.2, 36.51, 112.3, 37.0), False),
        ((113.4, 36.51, 113.6, 36.6), False),
        ((-180.0, -90.0, 180.0, 90.0), True),
        ((-180.1, -90.0, 180.0, 90.0), False),  # not on the earth
        ((-180.0, -90.1, 180.0, 90.0), False),
        ((-180.0, -90.0, 180.1, 90.0), False),
        ((-180.0, -90.0, 180.0, 90.1), False),
        ((np.nan, 35.2, 112.3, 35.3), False),
        ((np.inf, np.inf, np.inf, np.inf), False),
    ],
)
def test_half_a_degree_around_the_territories_is_near(box: Box, *, found: bool) -> None:
    assert near(boxes(box), EXPECTED).tolist() == [found]


@pytest.mark.parametrize(
    ("box", "found"),
    [
        ((-180.0, -90.0, 180.0, 90.0), True),
        ((10.0, 10.0, 10.0, 10.0), True),
        ((-180.001, 0.0, 0.0, 0.0), False),
        ((0.0, -90.001, 0.0, 0.0), False),
        ((0.0, 0.0, 180.001, 0.0), False),
        ((0.0, 0.0, 0.0, 90.001), False),
        ((np.inf, 0.0, np.inf, 0.0), False),
    ],
)
def test_without_territories_all_of_the_earth_is_near(box: Box, *, found: bool) -> None:
    assert near(boxes(box), None).tolist() == [found]


def test_each_box_is_answered_for_itself() -> None:
    found = near(boxes((112.2, 35.2, 112.3, 35.3), (0.0, 0.0, 1.0, 1.0), (112.9, 35.9, 113.0, 36.0)), EXPECTED)
    assert found.tolist() == [True, False, True]
    assert near(np.empty((0, 4)), EXPECTED).tolist() == []


@pytest.mark.parametrize(
    ("box", "found"),
    [
        ((107.0, 30.0, 118.0, 41.0), False),  # five degrees around it, exactly
        ((106.99, 30.0, 118.0, 41.0), True),
        ((107.0, 29.99, 118.0, 41.0), True),
        ((107.0, 30.0, 118.01, 41.0), True),
        ((107.0, 30.0, 118.0, 41.01), True),
        ((112.2, 35.2, 112.3, 35.3), False),
    ],
)
def test_what_reaches_farther_than_five_degrees_is_a_stray(box: Box, *, found: bool) -> None:
    assert strays(boxes(box), EXPECTED).tolist() == [found]


def test_without_territories_nothing_is_a_stray() -> None:
    assert strays(boxes((-180.0, -90.0, 180.0, 90.0), (0.0, 0.0, 1.0, 1.0)), None).tolist() == [False, False]


@pytest.mark.parametrize(
    ("point", "found"),
    [
        ((112.0, 35.0), True),
        ((113.0, 36.0), True),
        ((111.999, 35.5), False),
        ((113.001, 35.5), False),
        ((112.5, 34.999), False),
        ((112.5, 36.001), False),
        ((np.nan, 35.5), False),
    ],
)
def test_the_border_of_a_box_lies_in_it(point: tuple[float, float], *, found: bool) -> None:
    assert inside(EXPECTED)(np.array([point])).tolist() == [found]


# --- Boxes in degrees ---


def test_degrees_stay_as_they_are() -> None:
    given = boxes((112.1, 35.1, 112.2, 35.3), (0.0, -1.0, 2.0, 3.0))
    assert np.array_equal(lonlat_boxes(given, "EPSG:4490"), given)


def test_all_four_corners_of_a_box_of_metres_count() -> None:
    """West of the meridian parallels bend: one corner lies farthest south, another one farthest west."""
    (x0, y0), (x1, y1) = (100_000.0, 3_900_000.0), (200_000.0, 4_000_000.0)
    corners = [gk.degrees_of(x - 5e5, y, 114) for x in (x0, x1) for y in (y0, y1)]
    lons, lats = zip(*corners, strict=True)
    found = lonlat_boxes(boxes((x0, y0, x1, y1)), "EPSG:4547")[0]
    assert found.tolist() == pytest.approx([min(lons), min(lats), max(lons), max(lats)], abs=1e-9)


def test_numbers_that_are_impossible_are_infinite() -> None:
    found = lonlat_boxes(boxes((1e30, 1e30, 2e30, 2e30)), "EPSG:4547")
    assert not np.isfinite(found).any()


def test_the_bounds_of_a_shape() -> None:
    assert lonlat_bounds(shapely.box(112.1, 35.1, 112.2, 35.3), "EPSG:4490") == (112.1, 35.1, 112.2, 35.3)
    x, y = cs.zone_plane((112.3, 35.4), 111, 37.5e6)
    assert lonlat_bounds(shapely.Point(x, y), "EPSG:4525") == pytest.approx((112.3, 35.4, 112.3, 35.4), abs=1e-9)


# --- How far and on which side ---


@pytest.mark.parametrize(
    ("end", "zh", "en"),
    [
        ((112.0, 35.91), "以北约 45 km", "about 45 km north"),
        ((112.5, 35.9), "以东北约 63 km", "about 63 km north-east"),
        ((112.5, 35.5), "以东约 45 km", "about 45 km east"),
        ((112.5, 35.1), "以东南约 64 km", "about 64 km south-east"),
        ((112.0, 35.09), "以南约 45 km", "about 45 km south"),
        ((111.5, 35.1), "以西南约 64 km", "about 64 km south-west"),
        ((111.5, 35.5), "以西约 45 km", "about 45 km west"),
        ((111.5, 35.9), "以西北约 63 km", "about 63 km north-west"),
    ],
)
def test_eight_sides(end: tuple[float, float], zh: str, en: str) -> None:
    text = bearing((112.0, 35.5), end)
    assert (text.zh, text.en) == (zh, en)


@pytest.mark.parametrize(
    ("north_m", "en"),
    [
        (0.4, "about 0 m north"),
        (998.0, "about 998 m north"),
        (1_001.0, "about 1.0 km north"),
        (1_260.0, "about 1.3 km north"),
        (9_940.0, "about 9.9 km north"),
        (10_020.0, "about 10 km north"),
        (10_600.0, "about 11 km north"),
        (123_400.0, "about 123 km north"),
    ],
)
def test_distances_are_written_as_fine_as_they_matter(north_m: float, en: str) -> None:
    """At 35.5° a degree of the meridian is 110 950 m, within some 50 m over a degree."""
    lat = 35.5 + north_m / 110_950
    assert bearing((112.0, 35.5), (112.0, lat)).en == en


# --- The sentence about a misfit ---


def misfit(box: Box, code: str = "EPSG:4490", expected: Box | None = EXPECTED) -> ZoningError:
    crs, given = identify(code, HERE), np.array(box, dtype=float)
    return explained(HERE.at_record(3), given, lonlat_boxes(given[None, :], crs.near)[0], crs, expected)


def test_a_place_outside_says_where_it_lies_and_how_far() -> None:
    error = misfit((110.0, 35.4, 110.2, 35.6))
    assert type(error) is SiteError
    assert error.get("en") == (
        "a.dxf, record 3: read as EPSG:4490 (CGCS2000 longitude and latitude) it lies at longitude 110.1000°, latitude "
        "35.5000° (about 172 km west of the workspace's territories), outside every territory of the workspace "
        "(112.00–113.00°E, 35.00–36.00°N); check the coordinates, or use a workspace that covers the place"
    )
    assert error.get("zh") == (
        "a.dxf 第 3 个图形：按 EPSG:4490（CGCS2000 经纬度）读取，位于经度 110.1000°、纬度 35.5000°"
        "（工作空间区域以西约 172 km），在工作空间的全部区域（112.00–113.00°E, 35.00–36.00°N）之外；请核对坐标，"
        "或换用包含该地的工作空间"
    )


@pytest.mark.parametrize(
    ("centre", "side"),
    [
        ((112.5, 40.0), "north"),
        ((112.5, 30.0), "south"),
        ((120.0, 35.5), "east"),
        ((105.0, 35.5), "west"),
        ((118.0, 41.0), "north-east"),
        ((107.0, 30.0), "south-west"),
    ],
)
def test_the_side_is_that_of_the_nearest_border(centre: tuple[float, float], side: str) -> None:
    x, y = centre
    said = misfit((x, y, x, y)).get("en")
    assert f" km {side} of the workspace's territories)" in said


def test_a_box_whose_middle_lies_in_the_territories_is_not_said_to_lie_away() -> None:
    said = misfit((-190.0, 35.4, 415.0, 35.6)).get("en")
    assert "impossible" in said
    over = explained(
        HERE,
        np.array((1.0, 2.0, 3.0, 4.0)),
        np.array((112.4, 35.4, 112.6, 35.6)),
        identify("EPSG:4490", HERE),
        EXPECTED,
    )
    assert "it lies at longitude 112.5000°, latitude 35.5000°, outside" in over.get("en")


def test_without_territories_nothing_lies_away() -> None:
    """Numbers that would fit on the earth, but were asked about."""
    assert "it lies at longitude 110.1000°, latitude 35.5000°; check" in misfit(
        (110.0, 35.4, 110.2, 35.6), expected=None
    ).get("en")


def test_impossible_numbers_are_quoted() -> None:
    error = misfit((1_234.5678, 95.0, 1_235.0, 96.0))
    assert "the coordinates (1234.5678, 95) are impossible in EPSG:4490 (CGCS2000 longitude and latitude)" in error.get(
        "en"
    )
    assert "坐标 (1234.5678, 95) 在 EPSG:4490（CGCS2000 经纬度）中不可能" in error.get("zh")


def test_infinite_numbers_are_quoted_and_lead_to_no_guess() -> None:
    error = misfit((np.inf, np.inf, np.inf, np.inf), "EPSG:4547")
    assert "the coordinates (inf, inf) are impossible in EPSG:4547" in error.get("en")
    assert "it would fit" not in error.get("en")


def test_another_system_is_an_error_of_the_coordinate_system() -> None:
    x, y = cs.zone_plane((112.3, 35.4), 114, 38.5e6)
    error = misfit((x, y, x, y), "EPSG:4525")
    assert type(error) is CRSError
    assert error.get("en").endswith(
        "; it would fit the workspace's territories if it were EPSG:4526 (CGCS2000 3° zone 38, easting with zone): "
        "correct the file, or state the system with --crs"
    )
    assert error.get("zh").endswith(
        "；若为 EPSG:4526（CGCS2000 3° 带第 38 带，Y 带带号），则落在工作空间的区域内，请更正文件，"
        "或用 --crs 说明坐标系"
    )


def test_several_systems_that_fit_are_joined() -> None:
    x, y = cs.zone_plane((112.3, 35.4), 111, 5e5)
    error = misfit((x, y, x, y), "EPSG:4547")
    assert (
        "if it were EPSG:4546 (CGCS2000 3° zone, meridian 111°E) or EPSG:32649 (WGS 84 / UTM zone 49N):"
        in error.get("en")
    )
    assert "EPSG:4546（CGCS2000 3° 带，中央经线 111°，Y 不带带号） 或 EPSG:32649" in error.get("zh")


def test_a_mistake_in_the_numbers_is_named_where_it_leads_into_the_territories() -> None:
    assert "in kilometres: correct the file" in misfit((345.6, 3_920.0, 345.7, 3_920.1), "EPSG:4547").get("en")


def test_beside_the_territories_only_systems_are_named_no_mistakes() -> None:
    """Some 30 km north of them: another zone would fit, a number of kilometres would not be guessed."""
    x, y = cs.zone_plane((112.5, 36.3), 114, 38.5e6)
    assert "if it were EPSG:4526" in misfit((x, y, x, y), "EPSG:4525").get("en")
    x, y = (number / 1000 for number in cs.zone_plane((112.5, 36.3), 114, 5e5))
    assert "it would fit" not in misfit((x, y, x, y), "EPSG:4547").get("en")


def test_without_territories_the_system_is_doubted() -> None:
    error = misfit((200.0, 95.0, 201.0, 96.0), expected=None)
    assert type(error) is CRSError
    assert error.get("en").endswith(
        "are impossible in EPSG:4490 (CGCS2000 longitude and latitude); check the coordinate system"
    )
    assert error.get("zh").endswith("中不可能；请核对坐标系")


def test_a_stray_names_both_ends() -> None:
    error = stray(HERE, np.array((112.0, 35.0, 130.12345, 36.0)))
    assert type(error) is SiteError
    assert "from longitude 112.0000°, latitude 35.0000° to longitude 130.1234°, latitude 36.0000°" in error.get("en")


# --- A file without a coordinate system ---


def silent(box: Box, expected: Box | None = EXPECTED) -> CRSError:
    return no_crs(SILENT, np.array(box, dtype=float), expected, HERE)


def test_the_systems_that_fit_are_offered() -> None:
    x, y = cs.zone_plane((112.3, 35.4), 114, 5e5)
    error = silent((x, y, x, y))
    assert error.get("en") == (
        "a.dxf: the drawing has no coordinate system, so the coordinate system is unknown; ask whoever made the file "
        "(the numbers of Xian 1980 and Beijing 1954 look alike) and state it; these fit the workspace's territories: "
        "--crs EPSG:4547 (CGCS2000 3° zone, meridian 114°E)"
    )
    assert error.get("zh") == (
        "a.dxf：图形没有坐标系，坐标系未知；请向提供单位问明（西安80、北京54 的数值与此相近，看不出来）后说明，"
        "能落在工作空间区域内的是 --crs EPSG:4547（CGCS2000 3° 带，中央经线 114°，Y 不带带号）"
    )


def test_several_systems_are_offered_one_by_one() -> None:
    x, y = cs.zone_plane((112.3, 35.4), 111, 5e5)
    said = silent((x, y, x, y))
    assert "--crs EPSG:4546 (CGCS2000 3° zone, meridian 111°E), --crs EPSG:32649 (WGS 84 / UTM zone 49N)" in said.get(
        "en"
    )
    assert "、--crs EPSG:32649" in said.get("zh")


def test_a_system_that_puts_it_beside_the_territories_is_offered_too() -> None:
    x, y = cs.zone_plane((112.5, 36.3), 114, 38.5e6)
    assert "--crs EPSG:4526" in silent((x, y, x, y)).get("en")


def test_mistakes_in_the_numbers_are_not_offered_as_systems() -> None:
    said = silent((345.6, 3_920.0, 345.7, 3_920.1))
    assert said.get("en") == (
        "a.dxf: the drawing has no coordinate system, so the coordinate system is unknown, and in none of the usual "
        "ones does it lie in the workspace's territories; check the coordinates, ask whoever made the file and state "
        "the system with --crs"
    )
    assert said.get("zh") == (
        "a.dxf：图形没有坐标系，坐标系未知，按常用的坐标系也都不落在工作空间的区域内；请核对坐标，"
        "向提供单位问明坐标系后用 --crs 说明"
    )


def test_without_territories_an_example_is_given() -> None:
    said = silent((345_600.0, 3_920_000.0, 345_700.0, 3_920_100.0), None)
    assert said.get("en") == (
        "a.dxf: the drawing has no coordinate system, so the coordinate system is unknown; ask whoever made the file "
        "and state it with --crs, for example --crs EPSG:4526 (CGCS2000 3° zone 38, easting with zone)"
    )
    assert said.get("zh") == (
        "a.dxf：图形没有坐标系，坐标系未知；请向提供单位问明后用 --crs 说明，如 --crs EPSG:4526"
        "（CGCS2000 3° 带第 38 带，Y 带带号）"
    )


def test_a_file_without_records_is_offered_nothing() -> None:
    assert "none of the usual ones" in silent((np.nan, np.nan, np.nan, np.nan)).get("en")
