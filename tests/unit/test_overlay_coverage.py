"""Where a layer speaks: what of a footprint is covered, and how far around it."""

import pytest
import shapely

from overlay_world import PLANE, box_m, footprint
from zoning.errors import TangledError
from zoning.overlay.coverage import Coverage, Covered
from zoning.overlay.origin import Origin
from zoning.overlay.plane import MeasuringPlane

ZONE = "EPSG:4525"
SITE = footprint(box_m(0, 0, 100, 100), ZONE)
WIDE = (-5000.0, -5000.0, 5000.0, 5000.0)
# 1 m² of the zone is so much on the ellipsoid: the plane of Gauss and Krüger is a little too large here.
SCALE = SITE.area_m2 / 10_000
# An edge of 10 km is cut into 85 m, that of the site into 10 m: they differ by some µm along 100 m.
EDGE_M2 = 1e-3


def coverage(*areas: shapely.Polygon) -> Coverage:
    area = areas[0] if len(areas) == 1 else shapely.MultiPolygon(list(areas))
    return Coverage.of(area, ZONE, PLANE)


def over(*areas: shapely.Polygon, search_m: float = 1000.0) -> Covered:
    return coverage(*areas).over(SITE, search_m)


def holed(*holes: shapely.Polygon) -> shapely.Polygon:
    return shapely.Polygon(box_m(*WIDE).exterior, [hole.exterior for hole in holes])


def test_a_site_inside_is_covered_as_far_as_was_searched() -> None:
    assert over(box_m(*WIDE)) == Covered(0.0, SITE.area_m2, 1000.0)


@pytest.mark.parametrize(
    ("search_m", "reach_m"), [(250.0, 250.0), (299.0, 299.0), (301.0, 300.0), (5000.0, 300.0), (0.0, 0.0)]
)
def test_the_reach_ends_at_the_nearest_border_of_the_coverage(search_m: float, reach_m: float) -> None:
    found = over(box_m(-400, -5000, 400, 5000), search_m=search_m)
    assert found.reach_m == pytest.approx(reach_m, rel=2e-4)
    assert (found.uncovered_m2, found.covered_m2) == (0.0, SITE.area_m2)


def test_a_hole_of_the_coverage_beside_the_site_ends_the_reach() -> None:
    assert over(holed(box_m(150, 0, 200, 100))).reach_m == pytest.approx(50.0, rel=2e-4)


def test_a_site_along_the_border_is_covered_and_reaches_nowhere() -> None:
    found = over(box_m(0, -5000, 5000, 5000))
    assert found.covered_m2 == pytest.approx(SITE.area_m2, abs=EDGE_M2)
    assert found.reach_m == 0.0


@pytest.mark.parametrize("west", [1.0, 30.0, 50.0, 99.0])
def test_a_site_across_the_border_is_divided(west: float) -> None:
    found = over(box_m(west, -5000, 5000, 5000))
    assert found.uncovered_m2 == pytest.approx(100 * west * SCALE, rel=1e-6, abs=EDGE_M2)
    assert found.covered_m2 == pytest.approx(100 * (100 - west) * SCALE, rel=1e-6, abs=EDGE_M2)
    assert found.reach_m == 0.0


def test_both_parts_make_up_the_site() -> None:
    found = over(shapely.Polygon([*box_m(20, 20, 70, 400).exterior.coords[:2], (37_627_010, 3_930_060)]))
    assert found.uncovered_m2 + found.covered_m2 == pytest.approx(SITE.area_m2, rel=1e-12)


def test_a_site_outside_has_nothing_covered() -> None:
    found = over(box_m(200, 0, 5000, 5000))
    assert found.covered_m2 == 0.0
    assert found.uncovered_m2 == pytest.approx(SITE.area_m2)


@pytest.mark.parametrize(("side", "closed"), [(0.5, True), (0.99, True), (1.01, False), (2.0, False)])
def test_holes_below_a_square_metre_are_seams(side: float, closed: bool) -> None:
    found = over(holed(box_m(50, 50, 50 + side, 50 + side)))
    if closed:
        assert found == Covered(0.0, SITE.area_m2, 1000.0)
    else:
        assert found.uncovered_m2 == pytest.approx(side * side * SCALE, rel=1e-6)


def test_of_several_holes_only_the_small_ones_are_closed() -> None:
    found = over(holed(box_m(50, 50, 50.5, 50.5), box_m(80, 80, 90, 90)))
    assert found.uncovered_m2 == pytest.approx(100 * SCALE, rel=1e-6)


def test_territories_that_overlap_count_once() -> None:
    found = over(box_m(-500, -500, 60, 500), box_m(40, -500, 80, 500))
    assert found.covered_m2 == pytest.approx(8000 * SCALE, rel=1e-6)


def test_a_seam_between_neighbours_is_no_border() -> None:
    found = over(box_m(*WIDE[:2], 50, 5000), box_m(50, -5000, *WIDE[2:]))
    assert found == Covered(0.0, SITE.area_m2, 1000.0)


def test_an_area_that_crosses_itself_is_mended_and_keeps_both_loops() -> None:
    west, south, east, north = box_m(*WIDE).bounds
    bow = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    found = Coverage.of(bow, ZONE, PLANE).area
    assert found.is_valid
    assert found.area == pytest.approx(0.5 * SCALE * 10_000 * 10_000, rel=1e-4)


def test_a_tangle_is_refused() -> None:
    # A star of 500 points: every edge crosses nearly all others.
    star = shapely.Point(37_627_000, 3_930_000).buffer(1000, quad_segs=126).exterior.coords[:-1][:503]
    order = [star[(number * 251) % 503] for number in range(503)]
    with pytest.raises(TangledError):
        Coverage.of(shapely.Polygon(order), ZONE, PLANE)


# --- parts that others ask for


def test_a_box_inside_is_returned_as_it_is_seen_from_the_origin() -> None:
    origin, box = SITE.origin, shapely.box(*SITE.box(100.0))
    assert coverage(box_m(*WIDE)).inside(box, origin).equals(origin.near(box))


def test_of_a_box_across_the_border_the_covered_part_is_returned() -> None:
    origin, box = SITE.origin, SITE.geometry
    found = coverage(box_m(25, -5000, 5000, 5000)).inside(box, origin)
    assert found.area == pytest.approx(7500 * SCALE, rel=1e-6)
    assert origin.back(found).bounds[2:] == pytest.approx(box.bounds[2:])


@pytest.mark.parametrize(("west", "outside_m2"), [(-10.0, 0.0), (0.0, 0.0), (1.0, 100.0), (100.0, 10_000.0)])
def test_what_of_a_place_is_not_covered(west: float, outside_m2: float) -> None:
    found = coverage(box_m(west, -5000, 5000, 5000)).outside_m2(SITE.geometry, SITE.origin)
    assert found == pytest.approx(outside_m2 * SCALE, rel=1e-6, abs=EDGE_M2)


def test_far_from_zero_nothing_is_lost_or_found() -> None:
    # The same figures from an origin that is not that of the site.
    middle = SITE.geometry.centroid
    origin = Origin.beside(middle.x, middle.y, 1e5)
    found = coverage(box_m(25, -5000, 5000, 5000)).outside_m2(SITE.geometry, origin)
    assert found == pytest.approx(2500 * SCALE, rel=1e-6)


# --- what is remembered


def test_the_answer_of_one_coverage_is_not_that_of_another() -> None:
    here = footprint(box_m(0, 0, 100, 100), ZONE)
    full, half = coverage(box_m(*WIDE)), coverage(box_m(50, -5000, 5000, 5000))
    found = [each.over(here, 1000.0).uncovered_m2 for each in (full, half, full)]
    assert found == [0.0, pytest.approx(5000 * SCALE, rel=1e-6), 0.0]


def test_the_answer_of_one_search_is_not_that_of_another() -> None:
    here, area = footprint(box_m(0, 0, 100, 100), ZONE), coverage(box_m(*WIDE))
    assert [area.over(here, search).reach_m for search in (10.0, 2000.0, 10.0)] == [10.0, 2000.0, 10.0]


def test_the_same_question_has_the_same_answer() -> None:
    here, area = footprint(box_m(0, 0, 100, 100), ZONE), coverage(box_m(50, -5000, 5000, 5000))
    assert area.over(here, 1000.0) is area.over(here, 1000.0)


def test_coverage_lies_in_the_plane_that_it_is_asked_for() -> None:
    other = Coverage.of(box_m(*WIDE), ZONE, MeasuringPlane(45.0))
    assert other.area.area == pytest.approx(coverage(box_m(*WIDE)).area.area, rel=1e-9)
    assert other.area.bounds[2] != pytest.approx(coverage(box_m(*WIDE)).area.bounds[2], rel=1e-3)
