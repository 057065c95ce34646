"""What of a site lies outside zones: its area, and whether the accuracy of the borders can change that."""

from dataclasses import replace

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, Zone, box_m, features, footprint
from zoning.overlay.beyond import Outskirts, outskirts
from zoning.overlay.overlap import Beyond
from zoning.overlay.plane_layer import PlaneLayer

SITE = box_m(0, 0, 100, 100)
ONE, TWO = frozenset({"level-1"}), frozenset({"level-2"})
BOTH, NONE = ONE | TWO, frozenset[str]()
CRS = "EPSG:4525"
HECTARE = 10_000.0
NEARLY = pytest.approx(HECTARE, rel=2e-3)  # the plane of the file is no equal-area one


def beyond(
    zones: list[Zone],
    classes: frozenset[str] = ONE,
    *,
    accuracy_m: float = 0.0,
    tolerance_m2: float = 1.0,
    site: BaseGeometry = SITE,
) -> Beyond:
    found = features(zones, crs=CRS, accuracy_m=accuracy_m)
    layer = PlaneLayer.of(found, PLANE)
    return Outskirts(footprint(site, CRS), layer, tolerance_m2).of(classes, unleveled=False)


def zone(west: float, south: float, east: float, north: float, class_id: str = "level-1") -> Zone:
    return box_m(west, south, east, north), class_id


WIDE = zone(-500, -500, 600, 600)
WEST_HALF = zone(-500, -500, 50, 600)


def test_a_site_outside_every_zone_lies_wholly_outside() -> None:
    found = beyond([zone(5000, 0, 6000, 100)])
    assert found.area_m2 == NEARLY
    assert (found.certain, found.possible) == (True, True)


def test_a_layer_without_zones_leaves_all_outside() -> None:
    found = beyond([])
    assert found.area_m2 == NEARLY
    assert (found.certain, found.possible) == (True, True)


def test_a_site_deep_inside_a_zone_has_nothing_outside() -> None:
    assert beyond([WIDE], accuracy_m=10) == Beyond(0.0, certain=False, possible=False)


def test_half_a_site_outside_is_half_its_area() -> None:
    found = beyond([WEST_HALF])
    assert found.area_m2 == pytest.approx(HECTARE / 2, rel=2e-3)
    assert (found.certain, found.possible) == (True, True)


def test_zones_beside_each_other_leave_no_gap() -> None:
    found = beyond([WEST_HALF, zone(50, -500, 600, 600)])
    assert found.area_m2 == pytest.approx(0.0, abs=1e-3)
    assert not found.certain


def test_zones_above_each_other_are_counted_once() -> None:
    found = beyond([WEST_HALF, WEST_HALF, zone(-500, -500, 20, 600)])
    assert found.area_m2 == pytest.approx(HECTARE / 2, rel=2e-3)


def test_the_hole_of_a_zone_is_outside() -> None:
    holed = box_m(-500, -500, 600, 600).difference(box_m(10, 10, 30, 30))
    assert beyond([(holed, "level-1")]).area_m2 == pytest.approx(400, rel=2e-3)


@pytest.mark.parametrize(
    ("classes", "share"),
    [
        (ONE, 0.5),
        (TWO, 0.75),
        (BOTH, 0.25),
        # Without a class no zone counts.
        (NONE, 1.0),
        (frozenset({"unknown"}), 1.0),
    ],
)
def test_only_zones_of_the_classes_count(classes: frozenset[str], share: float) -> None:
    found = beyond([WEST_HALF, zone(75, -500, 600, 600, "level-2")], classes)
    assert found.area_m2 == pytest.approx(HECTARE * share, rel=2e-3)


@pytest.mark.parametrize(
    ("classes", "unleveled", "share"),
    [
        (ONE, True, 0.0),
        # The class is only assumed: a rule on it does not rest on these zones.
        (ONE, False, 1.0),
        # Zones without a class may count whatever classes are meant.
        (TWO, True, 0.0),
        (NONE, True, 0.0),
    ],
)
def test_zones_that_bear_no_class_count_where_it_is_said(
    classes: frozenset[str], share: float, *, unleveled: bool
) -> None:
    found = replace(features([WIDE], crs=CRS), assumed=(True,))
    measured = Outskirts(footprint(SITE, CRS), PlaneLayer.of(found, PLANE), 1.0).of(classes, unleveled=unleveled)
    assert measured.area_m2 == pytest.approx(HECTARE * share, rel=2e-3)


@pytest.mark.parametrize(
    ("east", "certain", "possible"),
    [
        # The border lies 10 m off, and may lie 20 m elsewhere.
        (110, False, True),
        (90, False, True),
        (60, True, True),
        (600, False, False),
    ],
)
def test_the_accuracy_of_a_border_makes_the_answer_only_possible(east: float, *, certain: bool, possible: bool) -> None:
    found = beyond([zone(-500, -500, east, 600)], accuracy_m=20)
    assert (found.certain, found.possible) == (certain, possible)


@pytest.mark.parametrize(
    ("east", "outside"),
    [(110, False), (100, False), (90, True)],
)
def test_without_an_error_of_position_both_answers_are_the_same(east: float, *, outside: bool) -> None:
    found = beyond([zone(-500, -500, east, 600)])
    assert (found.certain, found.possible) == (outside, outside)


@pytest.mark.parametrize(("tolerance_m2", "outside"), [(50.0, True), (150.0, False)])
def test_what_is_below_the_tolerance_is_not_outside(tolerance_m2: float, *, outside: bool) -> None:
    # A strip of 1 m x 100 m.
    found = beyond([zone(-500, -500, 99, 600)], tolerance_m2=tolerance_m2)
    assert found.area_m2 == pytest.approx(100, rel=2e-3)
    assert (found.certain, found.possible) == (outside, outside)


def test_land_that_the_layer_does_not_cover_is_not_outside_its_zones() -> None:
    # The layer knows only the land west of the middle of the site.
    west = box_m(-5000, -5000, 50, 5000)
    found = replace(features([], crs=CRS, coverage=west), coverage_crs=CRS)
    measured = Outskirts(footprint(SITE, CRS), PlaneLayer.of(found, PLANE), 1.0).of(ONE, unleveled=False)
    assert measured.area_m2 == pytest.approx(HECTARE / 2, rel=2e-3)


def test_lines_have_no_inside_and_so_no_outside() -> None:
    line = shapely.LineString([(112.3, 35.4), (112.5, 35.6)])
    layer = PlaneLayer.of(features([(line, "level-1")], lines=True), PLANE)
    assert outskirts(footprint(SITE, CRS), layer, 1.0) is None


def test_the_function_for_areas_measures_the_same() -> None:
    layer = PlaneLayer.of(features([WEST_HALF], crs=CRS), PLANE)
    measure = outskirts(footprint(SITE, CRS), layer, 1.0)
    assert measure is not None
    assert measure(ONE, unleveled=False) == beyond([WEST_HALF])


def test_what_was_measured_once_is_kept_for_each_question_apart() -> None:
    layer = PlaneLayer.of(features([WEST_HALF], crs=CRS), PLANE)
    outside = Outskirts(footprint(SITE, CRS), layer, 1.0)
    first = outside.of(ONE, unleveled=False)
    assert outside.of(ONE, unleveled=False) is first
    assert outside.of(TWO, unleveled=False).area_m2 == NEARLY
    assert outside.of(ONE, unleveled=True) == first
    assert set(outside.known) == {(ONE, False), (TWO, False), (ONE, True)}


def test_a_site_of_several_parts_is_measured_as_one() -> None:
    site = shapely.union_all([box_m(0, 0, 100, 50), box_m(300, 0, 400, 50)])
    assert beyond([zone(-500, -500, 200, 600)], site=site).area_m2 == pytest.approx(5000, rel=2e-3)
