"""Zones found by their boxes, and by the distance of their borders."""

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, box_m, footprint, metres
from zoning.overlay.footprint import Footprint
from zoning.overlay.nearest import Borders, exact_m, skew_of
from zoning.overlay.zone_index import GeosIndex

ZONE = "EPSG:4525"
SITE = footprint(box_m(0, 0, 100, 100), ZONE)


def in_plane(*shapes: BaseGeometry) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    return np.asarray(PLANE.to_plane(shapes, ZONE, step_m=85), dtype=object)


def index(*zones: tuple[BaseGeometry, int, bool]) -> GeosIndex:
    """Return the index of zones (geometry, class number, whether it bears no class)."""
    return GeosIndex(
        in_plane(*(zone for zone, _, _ in zones)),
        np.asarray([number for _, number, _ in zones], dtype=np.int64),
        np.asarray([assumed for _, _, assumed in zones], dtype=bool),
    )


def line(*points: tuple[float, float]) -> BaseGeometry:
    return shapely.LineString([metres(*point) for point in points])


FOUR = index(
    (box_m(300, 0, 400, 100), 2, False),
    (box_m(150, 0, 250, 100), 0, False),
    (box_m(-900, 0, -200, 100), 2, True),
    (box_m(0, 2000, 100, 2100), 1, False),
)


@pytest.mark.parametrize(
    ("metres_around", "found"), [(0.0, []), (45.0, []), (55.0, [1]), (205.0, [0, 1, 2]), (2500.0, [0, 1, 2, 3])]
)
def test_zones_whose_boxes_meet_come_in_the_order_of_the_file(metres_around: float, found: list[int]) -> None:
    assert FOUR.meeting(SITE.box(metres_around)).tolist() == found


def test_a_box_that_only_touches_is_met() -> None:
    plain = GeosIndex(np.asarray([shapely.box(0, 0, 1, 1)], dtype=object), np.zeros(1, np.int64), np.zeros(1, bool))
    assert plain.meeting((1.0, 1.0, 2.0, 2.0)).tolist() == [0]
    assert plain.meeting((1.0000001, 1.0, 2.0, 2.0)).tolist() == []


def test_an_index_of_nothing_finds_nothing() -> None:
    empty = index()
    assert empty.meeting(SITE.box(1e6)).tolist() == []
    assert empty.distances_m(SITE, 1e6) == {}
    assert empty.unleveled_m(SITE, 1e6) is None


@pytest.mark.parametrize(
    ("limit_m", "distances"),
    [
        (10.0, {}),
        (100.0, {0: 50.0}),
        (199.0, {0: 50.0}),
        (201.0, {0: 50.0, 2: 200.0}),
        (5000.0, {0: 50.0, 1: 1900.0, 2: 200.0}),
    ],
)
def test_each_class_has_the_distance_of_its_nearest_zone(limit_m: float, distances: dict[int, float]) -> None:
    found = FOUR.distances_m(SITE, limit_m)
    assert found == pytest.approx(distances, rel=2e-4)
    assert list(found) == sorted(found)


@pytest.mark.parametrize(("limit_m", "distance"), [(100.0, None), (199.0, None), (201.0, 200.0)])
def test_zones_that_bear_no_class_have_a_distance_of_their_own(limit_m: float, distance: float | None) -> None:
    assert FOUR.unleveled_m(SITE, limit_m) == (None if distance is None else pytest.approx(distance, rel=2e-4))


def test_the_same_index_answers_again_with_another_limit() -> None:
    assert [sorted(FOUR.distances_m(SITE, limit)) for limit in (100.0, 5000.0, 100.0)] == [[0], [0, 1, 2], [0]]


# --- borders


def borders(*shapes: BaseGeometry) -> Borders:
    return Borders(in_plane(*shapes))


def test_a_site_inside_a_zone_has_a_distance_to_its_border() -> None:
    around = box_m(-300, -500, 600, 500)
    assert borders(around).distance_m(SITE, 1000.0) == pytest.approx(300.0, rel=2e-4)


def test_a_zone_inside_the_site_is_at_no_distance() -> None:
    assert borders(box_m(40, 40, 60, 60)).distance_m(SITE, 1000.0) == 0.0


@pytest.mark.parametrize("zone", [box_m(100, 0, 200, 100), box_m(50, 50, 500, 500), box_m(100, 100, 200, 200)])
def test_a_border_that_touches_or_crosses_is_at_no_distance(zone: BaseGeometry) -> None:
    assert borders(zone).distance_m(SITE, 0.0) == 0.0


def test_the_border_of_a_hole_is_a_border() -> None:
    hole = box_m(-60, -500, 500, 500)
    around = shapely.Polygon(box_m(-5000, -5000, 5000, 5000).exterior, [hole.exterior])
    assert borders(around).distance_m(SITE, 1000.0) == pytest.approx(60.0, rel=2e-4)


def test_a_line_is_its_own_border() -> None:
    assert borders(line((130, -500), (130, 500))).distance_m(SITE, 100.0) == pytest.approx(30.0, rel=2e-4)


def test_lines_and_areas_may_lie_in_one_layer() -> None:
    both = borders(box_m(500, 0, 600, 100), line((-70, -500), (-70, 500)))
    assert both.distance_m(SITE, 1000.0) == pytest.approx(70.0, rel=2e-4)


def test_a_part_of_many_parts_is_found() -> None:
    parts = [box_m(1000 * number, 3000, 1000 * number + 10, 3010) for number in range(1, 20)]
    near = shapely.MultiPolygon([*parts, box_m(180, 0, 190, 10)])
    assert borders(near).distance_m(SITE, 5000.0) == pytest.approx(80.0, rel=2e-4)


@pytest.mark.parametrize("limit_m", [0.0, 1.0, 79.9])
def test_what_lies_beyond_the_limit_is_not_told(limit_m: float) -> None:
    assert borders(box_m(180, 0, 190, 10)).distance_m(SITE, limit_m) is None


@pytest.mark.parametrize("vertices", [2, 3, 16, 17, 18, 32, 33, 34, 49, 100])
@pytest.mark.parametrize("nearest", ["first", "middle", "last"])
def test_every_edge_of_a_long_line_can_be_the_nearest(vertices: int, nearest: str) -> None:
    # A line that runs 20 km away to the south and back; only at one edge it comes within 50 m.
    place = {"first": 0, "middle": (vertices - 1) // 2, "last": vertices - 2}[nearest]
    points = [(10_000.0 + 10 * number, -20_000.0) for number in range(vertices)]
    points[place], points[place + 1] = (150.0, -100.0), (150.0, 200.0)
    found = Borders(in_plane(line(*points))).distance_m(SITE, 1000.0)
    assert found == pytest.approx(50.0, rel=2e-4)


def test_the_nearer_of_two_is_taken_whatever_their_order() -> None:
    near, far = box_m(140, 0, 150, 100), box_m(-60, 0, -50, 100)
    for zones in ((near, far), (far, near)):
        assert borders(*zones).distance_m(SITE, 1000.0) == pytest.approx(40.0, rel=2e-4)


def site_at(latitude: float) -> Footprint:
    return footprint(shapely.box(112.4, latitude, 112.4001, latitude + 0.0001))


@pytest.mark.parametrize("latitude", [22.0, 35.5, 48.0])
def test_in_the_plane_lengths_differ_by_the_skew_at_most(latitude: float) -> None:
    here = site_at(latitude)
    skew = skew_of(here, 5000.0)
    x, y = here.geometry.centroid.coords[0]
    start = np.asarray((x, y))
    for turn in np.linspace(0, 2 * np.pi, 16, endpoint=False):
        end = start + 5000.0 / skew * np.asarray((np.cos(turn), np.sin(turn)))
        true = PLANE.distance_m(start, end)
        assert 1 / skew <= true / float(np.hypot(*(end - start))) <= skew


@pytest.mark.parametrize("latitude", [22.0, 48.0])
def test_the_skew_is_more_than_one_on_both_sides_of_the_true_parallel(latitude: float) -> None:
    here = site_at(latitude)
    stretch = here.frame.stretch
    assert skew_of(here, 0.0) == pytest.approx(max(stretch, 1 / stretch), rel=1e-4)
    assert skew_of(here, 0.0) > 1.1


def test_of_several_candidates_the_nearest_in_true_metres_is_measured() -> None:
    # At 48°N the plane is a fifth longer to the east than it is: there 1,000 m look farther than 1,100 m to the north.
    here = site_at(48.0)
    lon, lat = 112.40005, 48.00005
    ends = [PLANE.geod.fwd(lon, lat, turn, far)[:2] for turn, far in ((90, 1000.0), (0, 1100.0))]
    points = PLANE.to_plane([shapely.Point(end).buffer(1e-7).exterior for end in ends], "EPSG:4490", step_m=85)
    planar = shapely.distance(here.geometry, points)
    assert planar[0] > planar[1]
    expected = min(PLANE.geod.inv(112.4001, lat, *ends[0])[2], PLANE.geod.inv(lon, 48.0001, *ends[1])[2])
    assert exact_m(here, points) == pytest.approx(expected, abs=0.02)
    assert Borders(points).distance_m(here, 5000.0) == pytest.approx(expected, abs=0.02)
