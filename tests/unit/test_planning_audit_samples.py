"""Borders as points with a direction, and the segments that lie near them: in metres, worked out in the head."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.planning.audit.borders import _lines, _stretches
from zoning.planning.audit.samples import Segments, samples_of

LINE = shapely.LineString([(0, 0), (100, 0)])
BENT = shapely.LineString([(0, 0), (30, 0), (30, 40)])
COSINE = float(np.cos(np.radians(6)))


def array(*shapes: BaseGeometry) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def test_points_stand_in_the_middle_of_equal_stretches() -> None:
    found = samples_of(array(LINE), 25.0)
    assert found.xy.tolist() == [[12.5, 0], [37.5, 0], [62.5, 0], [87.5, 0]]
    assert found.along.tolist() == [12.5, 37.5, 62.5, 87.5]
    assert found.ways.tolist() == [[1, 0]] * 4
    assert (len(found), found.line.tolist()) == (4, [0] * 4)


@pytest.mark.parametrize(("length", "count"), [(1.0, 1), (14.9, 1), (15.1, 2), (25.0, 2), (25.1, 3), (100.0, 10)])
def test_a_line_has_a_point_for_every_step_and_one_at_least(length: float, count: int) -> None:
    found = samples_of(array(shapely.LineString([(0, 0), (length, 0)])), 10.0)
    assert len(found) == count
    assert found.along == pytest.approx((np.arange(count) + 0.5) * length / count)


def test_points_follow_the_bends_of_their_line() -> None:
    found = samples_of(array(BENT), 10.0)
    assert found.xy.tolist() == [[5, 0], [15, 0], [25, 0], [30, 5], [30, 15], [30, 25], [30, 35]]
    assert found.ways.tolist() == [[1, 0]] * 3 + [[0, 1]] * 4


def test_lines_are_numbered_and_each_is_measured_from_its_own_begin() -> None:
    found = samples_of(array(BENT, shapely.LineString([(0, 90), (0, 70)])), 10.0)
    assert found.line.tolist() == [0] * 7 + [1] * 2
    assert found.along[-2:].tolist() == [5.0, 15.0]
    assert found.ways[-1].tolist() == [0.0, -1.0]


def test_a_vertex_that_stands_twice_changes_nothing() -> None:
    twice = shapely.LineString([(0, 0), (50, 0), (50, 0), (100, 0)])
    assert samples_of(array(twice), 25.0).xy.tolist() == samples_of(array(LINE), 25.0).xy.tolist()
    assert len(Segments(array(twice))) == 2


@pytest.mark.parametrize(("most", "count"), [(None, 100), (1000, 100), (50, 50), (10, 10)])
def test_long_borders_get_no_more_points_than_asked_for(most: int | None, count: int) -> None:
    assert len(samples_of(array(LINE), 1.0, most)) == count


def test_some_of_the_points() -> None:
    found = samples_of(array(LINE), 25.0).only(np.array([True, False, False, True]))
    assert found.along.tolist() == [12.5, 87.5]
    assert samples_of(array(LINE), 25.0).only(np.array([2])).along.tolist() == [62.5]


def nearest(
    line: BaseGeometry, *others: BaseGeometry, reach_m: float = 5.0, shift: tuple[float, float] = (0.0, 0.0)
) -> list[tuple[int, list[float]]]:
    samples = samples_of(array(line), 25.0)
    point, away = Segments(array(*others)).nearest(samples, np.array(shift), reach_m, COSINE)
    return list(zip(point.tolist(), away.tolist(), strict=True))


@pytest.mark.parametrize(("height", "found"), [(0.0, True), (4.9, True), (5.1, False), (-3.0, True)])
def test_a_parallel_edge_is_found_within_reach(height: float, found: bool) -> None:
    other = shapely.LineString([(-50, height), (150, height)])
    assert nearest(LINE, other) == ([(number, [0.0, height]) for number in range(4)] if found else [])


@pytest.mark.parametrize(("degrees", "found"), [(0.0, 4), (5.9, 4), (6.1, 0), (90.0, 0), (180.0, 4)])
def test_an_edge_in_another_direction_is_no_common_border(degrees: float, found: int) -> None:
    samples = samples_of(array(LINE), 25.0)
    turn = np.radians(degrees)
    edges = [shapely.LineString([(x, y), (x + np.cos(turn), y + np.sin(turn))]) for x, y in samples.xy.tolist()]
    assert len(nearest(LINE, *edges)) == found


def test_the_nearest_of_several_edges_counts() -> None:
    found = nearest(LINE, *(shapely.LineString([(0, y), (100, y)]) for y in (3, -2, 4)))
    assert [away for _, away in found] == [[0.0, -2.0]] * 4


def test_the_foot_lies_on_the_edge_and_not_beyond_its_end() -> None:
    found = dict(nearest(LINE, shapely.LineString([(40, 3), (100, 3)])))
    assert found[1] == [2.5, 3.0]
    assert 0 not in found


def test_points_are_moved_before_they_are_compared() -> None:
    other = shapely.LineString([(0, 20), (100, 20)])
    assert nearest(LINE, other) == []
    assert nearest(LINE, other, shift=(0.0, 18.0)) == [(number, [0.0, 2.0]) for number in range(4)]


def test_without_edges_nothing_is_near() -> None:
    assert nearest(LINE) == []


def test_borders_of_areas_are_whole_rings_and_lines_stay_lines() -> None:
    holed = shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(2, 2), (4, 2), (4, 4), (2, 4)]])
    found = _lines(array(holed, LINE))
    assert sorted(round(line.length, 6) for line in found) == [8.0, 40.0, 100.0]


def test_a_ring_that_is_cut_where_it_begins_is_joined_again() -> None:
    found = _lines(array(shapely.box(0, 0, 10, 10)), near=shapely.box(5, -5, 20, 20))
    assert [line.length for line in found] == [20.0]


def test_what_lies_far_away_is_left_out() -> None:
    assert len(_lines(array(shapely.box(0, 0, 10, 10)), near=shapely.box(50, 50, 60, 60))) == 0


@pytest.mark.parametrize(
    ("apart", "runs"),
    [
        ("..........", []),
        ("###.......", [[0, 1, 2]]),
        # A single point between does not break a run; two do.
        ("##.##.....", [[0, 1, 3, 4]]),
        ("##..##....", [[0, 1], [4, 5]]),
        ("#########.", [list(range(9))]),
        (".........#", [[9]]),
    ],
)
def test_runs_of_points_that_are_apart(apart: str, runs: list[list[int]]) -> None:
    samples = samples_of(array(LINE), 10.0)
    flags = np.array([sign == "#" for sign in apart])
    assert [run.tolist() for run in _stretches(samples, np.arange(10), flags)] == runs


def test_a_run_ends_with_its_line() -> None:
    halves = array(*(shapely.LineString(ends) for ends in pairwise([(0, 0), (50, 0), (100, 0)])))
    samples = samples_of(halves, 10.0)
    runs = _stretches(samples, np.arange(10), np.ones(10, dtype=bool))
    assert [run.tolist() for run in runs] == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]
