"""The nearest free displacement, against a search of all displacements of a fine grid that shares no code with it."""

from math import hypot

import numpy as np
import pytest
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from advice_world import clutter, nearer_on_a_grid, shape
from zoning.advice.obstacles import Forbidden, Obstacle
from zoning.advice.search import Displacement, Search, _simple, all_directions, bearing_deg, moved, turned


def forbidden(*areas: BaseGeometry) -> Forbidden:
    return Forbidden.of([Obstacle((area,), ("R001",)) for area in areas])


@pytest.mark.parametrize("seed", range(40))
def test_nothing_on_a_fine_grid_is_nearer_by_more_than_the_resolution(seed: int) -> None:
    # 300 of them: scripts/soak_advice.py.
    assert nearer_on_a_grid(seed) == []


def test_the_start_is_taken_where_it_is_free() -> None:
    found = Search(forbidden(shapely.box(10, 10, 20, 20)), 1.0).nearest(shapely.box(0, 0, 5, 5), 50.0)
    assert found.displacement == Displacement(0.0, 0.0)


def test_a_square_in_a_bar_leaves_it_by_the_short_way() -> None:
    # The bar is 30 m high, the square 10 m; from its place 2 m under the middle it leaves by 20 - 2 m to the south.
    found = Search(forbidden(shapely.box(-500, -15, 500, 15)), 0.2).nearest(shapely.box(-5, -7, 5, 3), 100.0)
    assert found.displacement is not None
    assert found.displacement.distance_m == pytest.approx(15 + 3, abs=0.2)
    assert found.displacement.north_m == pytest.approx(-18, abs=0.2)
    assert bearing_deg(found.displacement) == pytest.approx(180, abs=2)


def test_an_opening_is_used_that_is_a_metre_wider_than_the_shape() -> None:
    wall = shapely.box(-100, -100, 100, 100).difference(shapely.box(20, -5.5, 31, 5.5))
    found = Search(forbidden(wall), 1.0).nearest(shapely.box(-5, -5, 5, 5), 90.0)
    assert found.displacement is not None
    assert found.displacement.distance_m == pytest.approx(25.0, abs=0.6)


def test_an_opening_that_is_narrower_than_the_shape_is_none() -> None:
    wall = shapely.box(-100, -100, 100, 100).difference(shapely.box(20, -4.9, 30, 4.9))
    assert Search(forbidden(wall), 1.0).nearest(shapely.box(-5, -5, 5, 5), 90.0).displacement is None


def test_a_combination_forbids_only_where_all_its_areas_are_touched() -> None:
    both = Forbidden.of([Obstacle((shapely.box(-50, -50, 50, 50), shapely.box(-50, 0, 50, 50)), ("R001",))])
    found = Search(both, 0.2).nearest(shapely.box(-5, -1, 5, 9), 100.0)
    assert found.displacement is not None
    # It need not leave the large area: off the upper half is enough.
    assert found.displacement.distance_m == pytest.approx(9.0, abs=0.2)


def test_a_displacement_that_did_not_hold_is_not_found_again() -> None:
    search = Search(forbidden(shapely.box(-20, -20, 20, 20)), 0.5)
    first = search.nearest(shapely.box(-5, -5, 5, 5), 100.0).displacement
    assert first is not None
    search.exclude(first, 10.0)
    second = search.nearest(shapely.box(-5, -5, 5, 5), 100.0).displacement
    assert second is not None
    assert hypot(second.east_m - first.east_m, second.north_m - first.north_m) >= 10.0 - 0.5


def test_too_many_squares_make_the_answer_coarser_and_it_says_so() -> None:
    chance = np.random.default_rng(7)
    obstacles = clutter(chance, 60, 120.0)
    search = Search(forbidden(shapely.box(-30, -30, 30, 30), *obstacles), 0.01, most_squares=200)
    assert search.nearest(shape(chance, 20.0), 100.0).resolution_m > 0.01


def test_a_shape_of_very_many_vertices_is_held_by_one_of_fewer() -> None:
    angles = np.linspace(0, 2 * np.pi, 3_000)
    ragged = shapely.Polygon(np.column_stack((np.cos(angles), np.sin(angles))) * (50 + np.sin(97 * angles))[:, None])
    simple = _simple(ragged, 0.25)
    assert simple.covers(ragged)
    assert shapely.get_num_coordinates(simple) < shapely.get_num_coordinates(ragged) / 2
    assert simple.difference(ragged.buffer(0.26)).is_empty
    # Few vertices are left as they are.
    assert _simple(shapely.box(0, 0, 1, 1), 0.25).equals(shapely.box(0, 0, 1, 1))


def test_shapes_are_moved_as_they_are() -> None:
    tried = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(3, 0, 4, 1)])
    two = moved(tried, np.array([[10.0, 0.0], [0.0, -5.0]]))
    assert two[0].equals(affinity.translate(tried, 10, 0))
    assert two[1].equals(affinity.translate(tried, 0, -5))


def test_a_shape_is_turned_counter_clockwise_about_the_middle_of_its_area() -> None:
    bar = turned(shapely.box(0, 0, 10, 2), 90.0)
    assert bar.bounds == pytest.approx((4, -4, 6, 6))
    assert turned(bar, 0.0) is bar


@pytest.mark.parametrize(("step", "count"), [(15.0, 23), (45.0, 7), (180.0, 1)])
def test_all_turns_are_tried_once(step: float, count: int) -> None:
    turns = all_directions(step)
    assert len(turns) == count
    assert len({turn % 360 for turn in turns}) == count
    assert 0.0 not in turns
