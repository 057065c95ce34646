"""Rings laid end to end: neighbours, areas and lengths of every one."""

from math import cos, pi, radians, sin, sqrt

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from zoning.quality.faults import Spot
from zoning.quality.outline import Outline, is_geographic, metres_of, metres_per_unit, steps_of

A = 6_378_137.0
E2 = 1 / 298.257222101 * (2 - 1 / 298.257222101)
BOX = shapely.box(0, 0, 30, 20)
HOLED = shapely.Polygon([(100, 0), (200, 0), (200, 50)], [[(150, 10), (160, 10), (160, 20), (150, 15)]])


def outline(*polygons: shapely.Polygon, metres: tuple[float, float] = (1.0, 1.0)) -> Outline:
    return Outline.of(np.asarray([*polygons, None], dtype=object)[:-1], np.asarray(metres))


def test_rings_are_counted_through_all_parts_without_the_closing_vertex() -> None:
    found = outline(BOX, HOLED)
    assert found.ring.tolist() == [0] * 4 + [1] * 3 + [2] * 4
    assert found.number.tolist() == [1, 2, 3, 4, 1, 2, 3, 1, 2, 3, 4]
    assert found.is_hole.tolist() == [False, False, True]
    assert found.part.tolist() == [0, 1, 1]
    assert (found.starts.tolist(), found.ends.tolist()) == ([0, 4, 7], [4, 7, 11])


def test_the_neighbours_of_the_first_and_last_vertex_are_each_other() -> None:
    before, after = outline(BOX, HOLED).neighbours()
    assert before.tolist() == [3, 0, 1, 2, 6, 4, 5, 10, 7, 8, 9]
    assert after.tolist() == [1, 2, 3, 0, 5, 6, 4, 8, 9, 10, 7]


def test_areas_are_those_of_each_ring_whichever_way_it_runs() -> None:
    # Box 30 x 20, triangle 100 x 50 / 2, quadrilateral by hand: 10 x 10 less a triangle of 10 x 5 / 2.
    assert outline(BOX, HOLED).areas_m2().tolist() == pytest.approx([600.0, 2500.0, 75.0])
    assert outline(BOX.reverse()).areas_m2().tolist() == pytest.approx([600.0])


def test_areas_far_from_zero_lose_nothing() -> None:
    far = shapely.box(37_627_000, 3_930_000, 37_627_000.1, 3_930_000.1)
    assert outline(far).areas_m2().tolist() == pytest.approx([0.01], rel=1e-6)


def test_areas_are_of_metres_on_the_ellipsoid_and_lengths_of_the_surveyor() -> None:
    found = outline(BOX, metres=(0.9998, 1.0003))
    assert found.areas_m2()[0] == pytest.approx(600 * 0.9998 * 1.0003)
    assert found.lengths_m().tolist() == [20.0, 30.0, 20.0, 30.0]


def test_lengths_of_degrees_are_metres() -> None:
    found = outline(BOX, metres=(90_000.0, 111_000.0))
    assert found.lengths_m().tolist() == [20 * 111_000.0, 30 * 90_000.0] * 2


@pytest.mark.parametrize(
    ("metres", "steps"),
    [
        ((0.9981, 1.0019), (1.0, 1.0)),
        ((0.9979, 1.0), (0.9979, 1.0)),
        ((1.0, 1.0021), (1.0, 1.0021)),
        ((90_000.0, 111_000.0), (90_000.0, 111_000.0)),
    ],
)
def test_what_differs_by_less_than_two_thousandths_is_a_surveyors_plane(
    metres: tuple[float, float], steps: tuple[float, float]
) -> None:
    assert steps_of(np.asarray(metres)).tolist() == list(steps)
    assert outline(BOX, metres=metres).steps.tolist() == list(steps)


def test_without_some_vertices_the_others_keep_their_numbers() -> None:
    gone: NDArray[np.bool_] = np.zeros(11, dtype=bool)
    gone[[1, 7]] = True
    left = outline(BOX, HOLED).without(gone)
    assert left.number.tolist() == [1, 3, 4, 1, 2, 3, 2, 3, 4]
    assert left.starts.tolist() == [0, 3, 6]
    assert left.ring_spot(2) == Spot(160.0, 10.0, 3, 2)


def test_a_slice_holds_the_vertices_of_one_ring() -> None:
    found = outline(BOX, HOLED)
    assert [found.vertices_of(ring) for ring in range(3)] == [slice(0, 4), slice(4, 7), slice(7, 11)]


def test_spots_are_counted_from_one() -> None:
    found = outline(BOX, HOLED)
    assert found.spot(5) == Spot(200.0, 0.0, 2, 2)
    assert found.ring_spot(1) == Spot(100.0, 0.0, 2, 1)


# --- metres per unit


def per_degree(latitude: float) -> tuple[float, float]:
    """Return metres per degree east and north by the radii of curvature of GRS80."""
    bend = 1 - E2 * sin(radians(latitude)) ** 2
    return A / sqrt(bend) * cos(radians(latitude)) * pi / 180, A * (1 - E2) / bend**1.5 * pi / 180


@pytest.mark.parametrize(("crs", "geographic"), [("EPSG:4490", True), ("EPSG:4326", True), ("EPSG:4525", False)])
def test_systems_of_degrees_are_told_from_others(crs: str, geographic: bool) -> None:
    assert is_geographic(crs) is geographic


@pytest.mark.parametrize("latitude", [0.0, 20.0, 35.5, 53.0])
def test_a_degree_is_as_long_as_the_radii_of_curvature_say(latitude: float) -> None:
    box = shapely.box(112, latitude - 0.5, 113, latitude + 0.5)
    assert metres_per_unit(box, "EPSG:4490").tolist() == pytest.approx(per_degree(latitude))


def test_a_degree_at_the_equator_is_111320_and_110574_metres() -> None:
    assert metres_per_unit(shapely.box(0, -1, 1, 1), "EPSG:4490").tolist() == pytest.approx([111_319.49, 110_574.28])


@pytest.mark.parametrize(("east_m", "scale"), [(0.0, 1.0), (127_000.0, 1.000199), (200_000.0, 1.000493)])
def test_a_metre_of_a_zone_is_shorter_away_from_its_meridian(east_m: float, scale: float) -> None:
    # m = 1 + y² / 2R²: true metres are plane metres by m.
    x = 37_500_000 + east_m
    found = metres_per_unit(shapely.box(x - 10, 3_930_000, x + 10, 3_930_020), "EPSG:4525")
    assert found.tolist() == pytest.approx([1 / scale, 1 / scale], abs=2e-6)


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4525"])
def test_many_at_once_are_the_same_as_one_by_one(crs: str) -> None:
    middles = [(112.4, 35.5), (113.0, 40.0)] if crs == "EPSG:4490" else [(37_627_000, 3_930_000), (37_400_000, 4e6)]
    one_by_one = [metres_per_unit(shapely.Point(middle), crs) for middle in middles]
    assert metres_of(np.asarray(middles, dtype=float), crs) == pytest.approx(np.asarray(one_by_one), rel=1e-9)
