"""Ground on paper: rectangles, the plane of a map, its scale, and where a place lies on the sheet."""

import pytest
import shapely

from zoning.errors import CRSError
from zoning.maps.paper.format import Format
from zoning.maps.paper.marks import MM_PER_POINT
from zoning.maps.paper.projection import GroundPoint, Projected, Projection
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.view import MapView, fitting_scale, usual_scale

BOX = Rectangle(10, 20, 40, 80)


# --- rectangles -----------------------------------------------------------------------------------------------------


def test_measures_of_a_rectangle() -> None:
    assert (BOX.width, BOX.height, BOX.middle, BOX.sides) == (30, 60, (25, 50), (10, 20, 40, 80))
    assert BOX.shape.equals(shapely.box(10, 20, 40, 80))


@pytest.mark.parametrize(("by", "sides"), [(2, (8, 18, 42, 82)), (0, (10, 20, 40, 80)), (-5, (15, 25, 35, 75))])
def test_a_rectangle_grows_on_every_side(by: float, sides: tuple[float, ...]) -> None:
    assert BOX.grown(by).sides == sides


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (Rectangle(39.9, 20, 50, 80), True),
        (Rectangle(40, 20, 50, 80), False),
        (Rectangle(0, 20, 10, 80), False),
        (Rectangle(0, 20, 10.1, 80), True),
        (Rectangle(10, 80, 40, 90), False),
        (Rectangle(10, 79.9, 40, 90), True),
        (Rectangle(10, 0, 40, 20), False),
        (Rectangle(10, 0, 40, 20.1), True),
        (Rectangle(20, 30, 30, 40), True),
        (Rectangle(0, 0, 100, 100), True),
    ],
)
def test_a_common_edge_is_no_common_ground(other: Rectangle, *, meets: bool) -> None:
    assert BOX.meets(other) is meets
    assert other.meets(BOX) is meets


@pytest.mark.parametrize(
    ("other", "holds"),
    [
        (BOX, True),
        (Rectangle(20, 30, 30, 40), True),
        (Rectangle(9.9, 30, 30, 40), False),
        (Rectangle(20, 19.9, 30, 40), False),
        (Rectangle(20, 30, 40.1, 40), False),
        (Rectangle(20, 30, 30, 80.1), False),
    ],
)
def test_what_reaches_the_edge_lies_inside(other: Rectangle, *, holds: bool) -> None:
    assert BOX.holds(other) is holds


# --- formats --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paper", "short", "long"), [("A4", 210, 297), ("A3", 297, 420), ("A2", 420, 594), ("A1", 594, 841)]
)
def test_sheets_have_the_sizes_of_iso_216(paper: str, short: float, long: float) -> None:
    upright = Format.of(paper, landscape=False)  # type: ignore[arg-type]  # a parameter of the test
    level = Format.of(paper, landscape=True)  # type: ignore[arg-type]  # a parameter of the test
    assert (upright.width, upright.height, upright.landscape) == (short, long, False)
    assert (level.width, level.height, level.landscape) == (long, short, True)
    assert level.margin == upright.margin


def test_tight_type_is_smaller_and_the_column_stays() -> None:
    plain, tight = Format.of("A3", landscape=True), Format.of("A3", landscape=True, tight=0.75)
    assert tight.size == pytest.approx(0.75 * plain.size)
    assert (tight.column, tight.margin) == (plain.column, plain.margin)


def test_sizes_of_type_are_in_order() -> None:
    one = Format.of("A4", landscape=True)
    assert one.small < one.size < one.head < one.title


def test_columns_and_labels_of_the_grid_have_room() -> None:
    """Nearly two thirds of a millimetre for each point of type, which itself is a third of a millimetre high."""
    one = Format.of("A4", landscape=True)
    assert one.small * MM_PER_POINT < one.rim == one.gutter < one.column / 10
    assert Format.of("A4", landscape=True, tight=0.5).gutter == one.gutter / 2


# --- scales ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("least", "usual"),
    [
        (0, 500),
        (499, 500),
        (500, 500),
        (501, 600),
        (601, 750),
        (751, 1_000),
        (1_000, 1_000),
        (1_001, 1_250),
        (1_251, 1_500),
        (1_501, 2_000),
        (2_001, 2_500),
        (2_501, 3_000),
        (3_001, 4_000),
        (4_001, 5_000),
        (7_501, 10_000),
        (75_000, 75_000),
        (75_001, 100_000),
        (1_000_001, 1_250_000),
    ],
)
def test_usual_scales(least: float, usual: int) -> None:
    assert usual_scale(least) == usual


def test_a_rounding_error_does_not_make_a_map_smaller() -> None:
    assert usual_scale(10_000 * (1 + 1e-9)) == 10_000
    assert usual_scale(10_000 * (1 + 1e-6)) == 12_500


@pytest.mark.parametrize(
    ("wide", "high", "scale"), [(1_000, 500, 10_000), (500, 1_000, 20_000), (1_001, 1, 12_500), (1, 500.1, 12_500)]
)
def test_the_side_that_needs_more_decides(wide: float, high: float, scale: int) -> None:
    """A place of 100 mm by 50 mm: 1,000 m in 100 mm is 1:10,000."""
    assert fitting_scale(Rectangle(0, 0, wide, high), Rectangle(0, 0, 100, 50)) == scale


# --- the plane ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lon", "zone", "meridian", "crs"),
    [
        (73.5, 25, 75, "EPSG:4513"),
        (109.49, 36, 108, "EPSG:4524"),
        (109.5, 37, 111, "EPSG:4525"),
        (111.0, 37, 111, "EPSG:4525"),
        (112.49, 37, 111, "EPSG:4525"),
        (112.5, 38, 114, "EPSG:4526"),
        (136.49, 45, 135, "EPSG:4533"),
    ],
)
def test_a_map_is_in_the_zone_of_its_middle(lon: float, zone: int, meridian: int, crs: str) -> None:
    """On the border of two zones the eastern one, as for files that are written."""
    found = Projection.around(lon)
    assert (found.zone, found.meridian, found.crs) == (zone, meridian, crs)


@pytest.mark.parametrize("lon", [73.49, 136.5, 8.0, -112.0])
def test_where_there_is_no_zone_there_is_no_map(lon: float) -> None:
    with pytest.raises(CRSError) as caught:
        Projection.around(lon)
    assert caught.value.get("zh") == (
        f"经度 {lon:.2f}° 不在 CGCS2000 3 度带的范围（73.5° 至 136.5°）内，不能按高斯投影出图"
    )
    assert f"longitude {lon:.2f}° lies outside" in caught.value.get("en")


def test_on_the_central_meridian_lengths_are_true_and_north_is_up() -> None:
    plane = Projection(37)
    point = plane.point(111.0, 35.5)
    assert point.east == pytest.approx(37_500_000)
    assert plane.scale_error(111.0, 35.5) == pytest.approx(0, abs=1e-9)
    assert plane.convergence(111.0, 35.5) == 0


def test_away_from_it_lengths_grow_with_the_square_of_the_distance() -> None:
    """y² / 2R² with R = 6,371 km: 120 km give 177 ppm."""
    plane = Projection(37)
    lon, _ = plane.lonlat(37_620_000, 3_930_000)
    assert plane.scale_error(lon, 35.5) * 1e6 == pytest.approx((120 / 6371) ** 2 / 2 * 1e6, rel=0.01)


@pytest.mark.parametrize(("lon", "degrees"), [(112.0, 0.5), (110.0, -0.5)])
def test_grid_north_turns_east_of_true_north_east_of_the_meridian(lon: float, degrees: float) -> None:
    """At 30° of latitude the sine is a half."""
    assert Projection(37).convergence(lon, 30.0) == pytest.approx(degrees)


def test_there_and_back() -> None:
    plane = Projection(38)
    point = plane.point(113.2, 35.7)
    assert plane.lonlat(point.east, point.north) == pytest.approx((113.2, 35.7), abs=1e-9)


def test_long_edges_bend_as_they_run_on_the_ground() -> None:
    """A parallel of half a degree; its middle in the plane lies where the parallel runs and not on the chord."""
    plane = Projection(37)
    made = plane.project(shapely.LineString([(112.0, 35.5), (112.5, 35.5)]))
    middle = plane.point(112.25, 35.5)
    assert made.distance(shapely.Point(middle.east, middle.north)) < 0.01
    chord = shapely.LineString([made.coords[0], made.coords[-1]])
    assert chord.distance(shapely.Point(middle.east, middle.north)) > 25


def test_heights_are_left_out() -> None:
    assert not Projection(37).project(shapely.Point(112, 35, 800)).has_z


def test_a_geometry_is_projected_once() -> None:
    kept = Projected(Projection(37))
    one, same = shapely.Point(112, 35), shapely.Point(112, 35)
    assert kept.whole(one) is kept.whole(one)
    assert kept.whole(same) is not kept.whole(one)


def test_corners_within_the_tolerance_are_left_out_for_that_tolerance_alone() -> None:
    kept = Projected(Projection(37))
    bent = shapely.LineString([(112.0, 35.0), (112.001, 35.000_01), (112.002, 35.0)])
    assert len(kept.simple(bent, 5.0).coords) == 2
    assert len(kept.simple(bent, 0.1).coords) == 3
    assert len(kept.simple(bent, 5.0).coords) == 2


# --- the window -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def view() -> MapView:
    """Return a map of 1:10,000, 200 mm by 100 mm: 2 km by 1 km."""
    return MapView(Projected(Projection(37)), 10_000, Rectangle(20, 30, 220, 130), GroundPoint(37_620_000, 3_920_000))


def test_the_window_in_metres(view: MapView) -> None:
    assert view.ground == Rectangle(37_619_000, 3_919_500, 37_621_000, 3_920_500)
    assert view.projection.zone == 37


@pytest.mark.parametrize(
    ("east", "north", "spot"),
    [
        (37_620_000, 3_920_000, (120, 80)),
        (37_621_000, 3_920_500, (220, 130)),
        (37_619_000, 3_919_500, (20, 30)),
        (37_620_100, 3_919_990, (130, 79)),
    ],
)
def test_ten_metres_are_a_millimetre(view: MapView, east: float, north: float, spot: tuple[float, float]) -> None:
    assert view.at(GroundPoint(east, north)) == pytest.approx(spot)
    made = view.from_ground(shapely.Point(east, north))
    assert made.bounds[:2] == pytest.approx(spot)


def test_longitude_and_latitude_come_to_the_same_place(view: MapView) -> None:
    lon, lat = view.projection.lonlat(37_620_100, 3_919_990)
    made = view.on_paper(shapely.Point(lon, lat), exact=True)
    assert made.bounds[:2] == pytest.approx((130, 79), abs=1e-6)


def test_what_no_eye_sees_is_left_out_unless_every_corner_counts(view: MapView) -> None:
    """A corner 0.1 m beside a line is a hundredth of a millimetre, one of 0.5 m a twentieth."""
    ends = [(37_619_900, 3_920_000), (37_620_100, 3_920_000)]
    for off, corners in ((0.1, 2), (0.5, 3)):
        path = [ends[0], (37_620_000, 3_920_000 + off), ends[1]]
        line = shapely.LineString([view.projection.lonlat(*xy) for xy in path])
        assert len(view.on_paper(line).coords) == corners
        assert len(view.on_paper(line, exact=True).coords) == 3


@pytest.mark.parametrize(("east", "near"), [(37_621_000.9, True), (37_621_001.1, False), (37_618_998.9, False)])
def test_a_metre_beside_the_map_is_near(view: MapView, east: float, *, near: bool) -> None:
    lon, lat = view.projection.lonlat(east, 3_920_000)
    assert view.near(shapely.Point(lon, lat)) is near
