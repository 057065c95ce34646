"""Curves of a drawing against their formulas, splines and blocks against a library that the reader does not ask."""

from math import atan2, cos, hypot, pi, radians, sin

import numpy as np
import pytest
from ezdxf.filemanagement import new
from ezdxf.math import BSpline, Vec3
from hypothesis import given
from hypothesis import strategies as st

from zoning.sites.cad.curves import Conic, Line, Spline, bulged, flat_path, turn
from zoning.sites.cad.entities import axes, spline
from zoning.sites.cad.outlines import area
from zoning.sites.cad.shapes import Insert, Mark
from zoning.sites.cad.tags import Tags

FLAT = np.eye(3)
MARK = Mark(b"0", "INSERT", "", 0)


def uncounted(_count: int) -> None:
    """Count nothing."""


def circle(radius: float) -> Conic:
    """Return a circle around the origin."""
    return Conic(np.zeros(3), np.array([radius, 0, 0]), np.array([0, radius, 0]), 0.0, 2 * pi)


@pytest.mark.parametrize("radius", [0.00001, 0.3, 50.0, 1e4, 1e7])
def test_no_chord_of_a_circle_is_farther_than_the_tolerance(radius: float) -> None:
    points = circle(radius).flat(0.0001, uncounted)
    middles = (points[:-1] + points[1:]) / 2
    assert radius - np.hypot(*middles[:, :2].T).min() <= 0.0001 + 1e-9 * radius
    assert np.hypot(*points[:, :2].T) == pytest.approx(np.full(len(points), radius))


@pytest.mark.parametrize("radius", [0.3, 50.0, 1e4])
def test_lost_area_is_what_the_chords_lose(radius: float) -> None:
    piece = circle(radius)
    lost = pi * radius**2 - area(piece.flat(0.0001, uncounted))
    assert piece.lost_area(0.0001) == pytest.approx(lost, rel=1e-3)
    assert piece.segment_area == pytest.approx(pi * radius**2)


def test_an_arc_that_runs_back_has_the_opposite_area() -> None:
    piece = Conic(np.zeros(3), np.array([10.0, 0, 0]), np.array([0, 10.0, 0]), 0.0, 1.0)
    assert piece.reversed().segment_area == -piece.segment_area
    assert piece.reversed().ends == pytest.approx(piece.ends[::-1])


def test_a_skewed_circle_keeps_to_the_tolerance() -> None:
    skew = np.eye(4)
    skew[0, 1] = 3.0
    piece = circle(100.0).moved(skew)
    fine, coarse = piece.flat(1e-7, uncounted), piece.flat(0.0001, uncounted)
    assert area(fine) == pytest.approx(pi * 100**2, rel=1e-8)
    assert area(fine) - area(coarse) <= 0.0001 * 1400


@given(st.floats(-3.0, 3.0), st.floats(0.01, 6.28))
def test_turn_is_in_one_round(start: float, round_by: float) -> None:
    assert turn(start, start + round_by) == pytest.approx(round_by)
    assert turn(start, start) == 2 * pi


@given(
    st.tuples(st.floats(-100, 100), st.floats(-100, 100)),
    st.tuples(st.floats(200, 300), st.floats(-100, 100)),
    st.floats(-5, 5).filter(lambda bulge: abs(bulge) > 0.001),
)
def test_a_bulge_is_the_tangent_of_a_quarter_of_its_angle(
    first: tuple[float, float], second: tuple[float, float], bulge: float
) -> None:
    points = np.array([[*first, 0.0], [*second, 0.0]])
    (piece,) = bulged(points, [bulge, 0.0], FLAT, closed=False)
    assert isinstance(piece, Conic)
    assert piece.ends == pytest.approx(points, abs=1e-6)
    chord = hypot(second[0] - first[0], second[1] - first[1])
    middle = piece._at(np.array([(piece.start + piece.end) / 2]))[0]
    sagitta = hypot(*(middle[:2] - points.mean(axis=0)[:2]))
    assert sagitta == pytest.approx(abs(bulge) * chord / 2)


def test_straight_and_round_runs_meet_at_the_points_of_the_file() -> None:
    points = np.array([[0.0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0]])
    pieces = bulged(points, [0, 1, 0, 0], FLAT, closed=True)
    assert [type(piece) for piece in pieces] == [Line, Conic, Line]
    ring = flat_path(pieces, 0.0001, uncounted)
    rows = {tuple(row) for row in ring.tolist()}
    assert {tuple(row) for row in points.tolist()} <= rows
    assert len(rows) == len(ring) - 1


@pytest.mark.parametrize("degree", [1, 2, 3, 5])
def test_splines_agree_with_another_evaluation(degree: int) -> None:
    angles = np.linspace(0, 5, 12)
    control = np.column_stack([100 * np.cos(angles), 50 * np.sin(2 * angles), angles])
    other = BSpline([Vec3(*row) for row in control.tolist()], order=degree + 1)
    mine = spline(control, list(other.knots()), [], degree)
    at = np.linspace(0, other.max_t, 101)
    expected = [list(point) for point in other.points(at.tolist())]
    assert mine._at(at) == pytest.approx(np.array(expected), abs=1e-9)


def test_rational_splines_agree_with_another_evaluation() -> None:
    control = np.array([[0.0, 0, 0], [30, 80, 0], [60, -40, 0], [100, 50, 0], [120, 0, 0]])
    weights = [1, 3, 0.5, 2, 1]
    other = BSpline([Vec3(*row) for row in control.tolist()], order=4, weights=weights)
    mine = spline(control, list(other.knots()), [float(weight) for weight in weights], 3)
    at = np.linspace(0, other.max_t, 101)
    assert mine._at(at) == pytest.approx(np.array([list(p) for p in other.points(at.tolist())]), abs=1e-9)


def test_a_flattened_spline_keeps_to_the_tolerance() -> None:
    control = np.array([[0.0, 0, 0], [0, 300, 0], [300, -300, 0], [300, 0, 0]])
    mine = spline(control, [0, 0, 0, 0, 1, 1, 1, 1], [], 3)
    coarse, fine = mine.flat(0.001, uncounted), mine.flat(1e-6, uncounted)
    import shapely

    away = shapely.distance(shapely.points(fine[:, :2]), shapely.LineString(coarse[:, :2]))
    assert away.max() <= 0.0011
    assert mine.reversed().flat(0.001, uncounted)[0] == pytest.approx(control[-1])


@pytest.mark.parametrize(
    ("knots", "weights", "degree"),
    [
        ([0, 0, 1, 1], [], 3),
        ([0, 0, 0, 1, 0, 1, 1, 1], [], 3),
        ([0] * 8, [], 3),
        ([0, 0, 0, 0, 1, 1, 1, 1], [1, 1, 1], 3),
        ([0, 0, 0, 0, 1, 1, 1, 1], [1, -1, 1, 1], 3),
        ([0, 0, 0, 0, 1, 1, 1, 1], [], 0),
    ],
)
def test_splines_whose_numbers_do_not_belong_together(knots: list[float], weights: list[float], degree: int) -> None:
    with pytest.raises(ValueError, match=r".*"):
        spline(np.zeros((4, 3)), knots, weights, degree)


@given(
    st.tuples(*[st.floats(-50, 50)] * 3),
    st.tuples(*[st.sampled_from([-3.0, -1.0, 0.5, 2.0])] * 3),
    st.floats(0, 360),
    st.sampled_from([(0.0, 0.0, 1.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0), (0.3, -0.2, 0.5)]),
    st.tuples(st.floats(-9, 9), st.floats(-9, 9)),
)
def test_places_of_blocks_agree_with_another_library(
    at: tuple[float, float, float],
    scale: tuple[float, float, float],
    degrees: float,
    normal: tuple[float, float, float],
    base: tuple[float, float],
) -> None:
    document = new()
    document.blocks.new("B", base_point=base)
    other = document.modelspace().add_blockref(
        "B",
        at,
        {"xscale": scale[0], "yscale": scale[1], "zscale": scale[2], "rotation": degrees, "extrusion": normal},
    )
    plane = axes(Tags("INSERT", 0, [210, 220, 230], list(normal)))
    mine = Insert(MARK, b"B", np.array(at), scale, radians(degrees), plane)
    matrix = mine.matrix(np.array([*base, 0.0]))
    for point in ((0.0, 0.0, 0.0), (3.0, -2.0, 1.0), (10.0, 7.0, 0.0)):
        assert matrix @ [*point, 1.0] == pytest.approx([*other.matrix44().transform(point), 1.0], abs=1e-9)


def test_rows_and_columns_turn_with_the_block() -> None:
    mine = Insert(MARK, b"B", np.zeros(3), (2.0, 2.0, 2.0), radians(30), FLAT, 3, 4, (30.0, 20.0))
    last = mine.matrix(np.zeros(3), 2, 3)[:2, 3]
    # Column 3 stands 60 along the turned x axis, row 2 stands 60 along the turned y axis.
    assert last == pytest.approx(
        [60 * cos(radians(30)) - 60 * sin(radians(30)), 60 * sin(radians(30)) + 60 * cos(radians(30))]
    )
    assert atan2(last[1], last[0]) == pytest.approx(radians(75))


def test_a_spline_knows_its_ends_either_way() -> None:
    mine = Spline(np.array([[0.0, 0, 0], [5, 9, 0], [10, 0, 0]]), np.array([0.0, 0, 0, 1, 1, 1]), np.ones(3), 2)
    assert mine.ends == pytest.approx(np.array([[0.0, 0, 0], [10, 0, 0]]))
    assert mine.reversed().ends == pytest.approx(np.array([[10.0, 0, 0], [0, 0, 0]]))
