"""The pieces that lines of a drawing consist of: straight runs, arcs of ellipses, polylines with bulges."""

import itertools
from collections.abc import Sequence
from math import cos, pi, radians, sin, sqrt, tan

import numpy as np
import pytest
import shapely

from drawn_lines import conic, mark, path, straight
from zoning.sites.cad.curves import Array, Conic, Line, Piece, Spline, bulged, flat_path, turn
from zoning.sites.cad.shapes import Filling

EYE = np.eye(3)
MOVED = np.array([[0.0, -2.0, 0.0, 5.0], [2.0, 0.0, 0.0, 6.0], [0.0, 0.0, 2.0, 7.0], [0.0, 0.0, 0.0, 1.0]])
"""A quarter turn to the left, twice as large, then 5, 6, 7 further."""


def uncounted(_count: int) -> None:
    """Count nothing."""


def points(*rows: Sequence[float]) -> Array:
    return np.array([[x, y, *(z or [0.0])] for x, y, *z in rows], dtype=np.float64)


def ends(piece: Piece) -> list[list[float]]:
    rounded: list[list[float]] = np.round(piece.ends, 9).tolist()
    return rounded


# --- Straight runs ---

RUN = straight((0, 0), (1, 0), (1, 2))


def test_a_straight_run() -> None:
    assert ends(RUN) == [[0, 0, 0], [1, 2, 0]]
    assert ends(RUN.reversed()) == [[1, 2, 0], [0, 0, 0]]
    assert RUN.reversed().points.tolist() == RUN.points[::-1].tolist()
    assert RUN.moved(MOVED).points.tolist() == [[5, 6, 7], [5, 8, 7], [1, 8, 7]]


def test_the_points_of_a_run_are_counted_before_they_are_given() -> None:
    counted: list[int] = []
    assert RUN.flat(0.1, counted.append).tolist() == RUN.points.tolist()
    assert counted == [3]


# --- Arcs ---

QUARTER = conic(1, 2, 10, 0, pi / 2)
ELLIPSE = Conic(points((0, 0))[0], points((3, 0))[0], points((0, 2))[0], 0.0, 2 * pi)


def test_an_arc() -> None:
    assert ends(QUARTER) == [[11, 2, 0], [1, 12, 0]]
    assert ends(QUARTER.reversed()) == [[1, 12, 0], [11, 2, 0]]
    assert QUARTER.radius == pytest.approx(10 * sqrt(2))  # at least the longer half axis
    assert QUARTER.curved
    assert not RUN.curved


def test_an_arc_in_a_block_that_is_turned_and_stretched() -> None:
    assert ends(QUARTER.moved(MOVED)) == [[1, 28, 7], [-19, 8, 7]]
    assert np.allclose(
        QUARTER.moved(MOVED).flat(0.01, uncounted), QUARTER.flat(0.005, uncounted) @ MOVED[:3, :3].T + MOVED[:3, 3]
    )


@pytest.mark.parametrize(
    ("piece", "segment"),
    [
        (conic(0, 0, 10, 0, 2 * pi), 100 * pi),
        (conic(0, 0, 10, 0, pi), 50 * pi),
        (conic(0, 0, 10, 0, pi / 2), 25 * pi - 50),
        (conic(0, 0, 10, pi / 2, 0), 50 - 25 * pi),
        (conic(5, 5, 10, pi, 2 * pi), 50 * pi),
        (ELLIPSE, 6 * pi),
        (Conic(ELLIPSE.centre, ELLIPSE.v, ELLIPSE.u, 0.0, 2 * pi), -6 * pi),
    ],
)
def test_the_area_between_an_arc_and_its_chord(piece: Conic, segment: float) -> None:
    assert piece.segment_area == pytest.approx(segment)


@pytest.mark.parametrize("tolerance", [0.5, 0.01, 0.0001])
@pytest.mark.parametrize("piece", [QUARTER, ELLIPSE, conic(0, 0, 500, 0, 1)])
def test_the_area_that_chords_lose(piece: Conic, tolerance: float) -> None:
    made = piece.flat(tolerance, uncounted)[:, :2]
    left = shapely.Polygon(made).area if len(made) > 2 else 0.0
    assert piece.lost_area(tolerance) == pytest.approx(piece.segment_area - left, abs=1e-6)


@pytest.mark.parametrize("tolerance", [0.1, 0.001])
@pytest.mark.parametrize("radius", [0.5, 10.0, 1000.0])
def test_no_chord_is_farther_than_the_tolerance_nor_turns_more_than_three_degrees(
    radius: float, tolerance: float
) -> None:
    made = conic(0, 0, radius, 0, pi).flat(tolerance, uncounted)
    middle = (made[1:] + made[:-1]) / 2
    assert (radius - np.linalg.norm(middle, axis=1)).max() <= tolerance * 1.000001
    assert len(made) >= 61


@pytest.mark.parametrize(
    ("piece", "tolerance", "steps"),
    [
        # Three degrees at most, and two steps at least.
        (conic(0, 0, 1, 0, pi), 0.5, 60),
        (conic(0, 0, 1, 0, radians(0.1)), 0.5, 2),
        (conic(0, 0, 1, pi, 0), 0.5, 60),
        (conic(0, 0, 0.001, 0, pi), 0.01, 60),
        # 2 acos(1 - 0.0001 / 100): 0.162 degrees.
        (conic(0, 0, 100, 0, pi / 2), 0.0001, 556),
    ],
)
def test_the_number_of_chords(piece: Conic, tolerance: float, steps: int) -> None:
    counted: list[int] = []
    assert len(piece.flat(tolerance, counted.append)) == steps + 1
    assert counted == [steps + 1]


def test_an_arc_as_large_as_a_planet_still_has_chords() -> None:
    """1 - tolerance / radius is 1 for a float; the chord is sqrt(8 tolerance radius) long."""
    huge = conic(0, 0, 1e15, 0, 1e-7)
    steps = len(huge.flat(0.01, uncounted)) - 1
    assert steps == pytest.approx(1e8 / sqrt(8 * 0.01 * 1e15), rel=0.1)


# --- Splines ---

BEZIER = Spline(points((0, 0), (0, 10), (10, 10), (10, 0)), np.array([0.0] * 4 + [1.0] * 4), np.ones(4), 3)


def bezier(t: float) -> list[float]:
    s = 1 - t
    return [30 * s * t * t + 10 * t**3, 30 * s * s * t + 30 * s * t * t, 0.0]


def test_a_spline_of_four_points_is_a_bezier_curve() -> None:
    made = BEZIER.flat(0.001, uncounted)
    assert made[0].tolist() == [0, 0, 0]
    assert made[-1].tolist() == [10, 0, 0]
    curve = np.array([bezier(i / 2000)[:2] for i in range(2001)])
    assert shapely.distance(shapely.LineString(made[:, :2]), shapely.points(curve)).max() <= 0.001
    assert shapely.distance(shapely.LineString(curve), shapely.points(made[:, :2])).max() <= 0.0001


def test_a_spline_backwards_and_moved() -> None:
    assert ends(BEZIER.reversed()) == [[10, 0, 0], [0, 0, 0]]
    assert ends(BEZIER.reversed().reversed()) == ends(BEZIER)
    assert BEZIER.reversed().flat(0.1, uncounted).tolist() == BEZIER.flat(0.1, uncounted)[::-1].tolist()
    assert ends(BEZIER.moved(MOVED)) == [[5, 6, 7], [5, 26, 7]]
    assert BEZIER.curved


def test_the_points_of_a_spline_are_counted() -> None:
    counted: list[int] = []
    assert len(BEZIER.flat(0.001, counted.append)) <= sum(counted)
    assert counted[0] == 8  # four in every span, and as many again


def test_a_heavier_point_draws_a_curve_nearer() -> None:
    heavy = Spline(BEZIER.control, BEZIER.knots, np.array([1.0, 5.0, 5.0, 1.0]), 3)
    assert heavy.flat(0.01, uncounted)[:, 1].max() > BEZIER.flat(0.01, uncounted)[:, 1].max() + 1


# --- Angles and bulges ---


@pytest.mark.parametrize(
    ("start", "end", "round_by"),
    [
        (0, 1, 1),
        (1, 0, 2 * pi - 1),
        (0, 0, 2 * pi),
        (1, 1 + 2 * pi, 2 * pi),
        (5, 1, 2 * pi - 4),
        (-1, 1, 2),
        (0, 2 * pi, 2 * pi),
    ],
)
def test_how_far_an_arc_goes_round_to_the_left(start: float, end: float, round_by: float) -> None:
    assert turn(start, end) == pytest.approx(round_by)


def kinds(pieces: Sequence[Piece]) -> list[str]:
    return [type(piece).__name__ for piece in pieces]


CORNERS = points((0, 0), (10, 0), (10, 10), (0, 10))


@pytest.mark.parametrize(
    ("bulges", "closed", "expected"),
    [
        ([0, 0, 0, 0], True, ["Line"]),
        ([0, 0, 0, 0], False, ["Line"]),
        ([1, 0, 0, 0], True, ["Conic", "Line"]),
        ([0, 1, 0, 0], True, ["Line", "Conic", "Line"]),
        ([0, 0, 0, 1], True, ["Line", "Conic"]),
        ([0, 0, 0, 1], False, ["Line"]),  # nothing begins at the last point
        ([1, 1, 1, 1], True, ["Conic"] * 4),
        ([1, 1, 1, 1], False, ["Conic"] * 3),
        ([0, 1e-10, 0, 0], True, ["Line"]),
        ([0, -1, -1, 0], True, ["Line", "Conic", "Conic", "Line"]),
    ],
)
def test_runs_and_arcs_of_a_polyline(bulges: list[float], expected: list[str], *, closed: bool) -> None:
    pieces = bulged(CORNERS, bulges, EYE, closed=closed)
    assert kinds(pieces) == expected
    # They follow each other from the first point to the last.
    for one, other in itertools.pairwise(pieces):
        assert np.allclose(one.ends[1], other.ends[0])
    assert np.allclose(pieces[0].ends[0], CORNERS[0])
    assert np.allclose(pieces[-1].ends[1], CORNERS[0] if closed else CORNERS[-1])


@pytest.mark.parametrize("degrees", [10, 90, 180, 270, 350])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_bulge_is_the_tangent_of_a_quarter_of_the_angle(degrees: int, sign: int) -> None:
    (arc, _) = bulged(CORNERS[:2], [sign * tan(radians(degrees / 4)), 0], EYE, closed=True)
    assert isinstance(arc, Conic)
    assert arc.end - arc.start == pytest.approx(sign * radians(degrees))
    # The chord of an angle a on a circle of radius r is 2 r sin(a / 2) long.
    assert np.linalg.norm(arc.u) == pytest.approx(10 / (2 * sin(radians(degrees / 2))))
    # Positive bulges lie on the right of their chord, that is, below it.
    middle = arc.flat(0.0001, uncounted)
    height = middle[len(middle) // 2, 1]
    assert height == pytest.approx(-sign * 10 / 2 * tan(radians(degrees / 4)), abs=0.01 * abs(height))


def test_a_polyline_in_a_plane_of_its_own() -> None:
    """The plane stands upright: its y is the height."""
    upright = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    (run,) = bulged(points((1, 2, 3), (4, 5, 3)), [0, 0], upright, closed=False)
    assert ends(run) == [[1, 3, 2], [4, 3, 5]]
    arc, _ = bulged(points((0, 0, 3), (10, 0, 3)), [1, 0], upright, closed=True)
    assert isinstance(arc, Conic)
    assert arc.centre.tolist() == pytest.approx([5, 3, 0])


def test_the_points_of_a_polyline_stay_as_they_are() -> None:
    before = CORNERS.copy()
    bulged(CORNERS, [1, 0, 0.5, 0], EYE, closed=True)
    assert (before == CORNERS).all()


# --- Paths ---


def test_meeting_points_come_once_with_the_number_of_the_straight_run() -> None:
    nearly = straight((11.0 + 1e-9, 2), (20, 2))
    made = flat_path([QUARTER.reversed(), nearly], 1.0, uncounted)
    assert np.isclose(made[:, 0], 11).sum() == 1
    assert [11.0 + 1e-9, 2.0, 0.0] in made.tolist()
    assert len(made) == len(QUARTER.flat(1.0, uncounted)) + 1


def test_a_path_of_one_piece_has_all_its_points() -> None:
    assert flat_path([RUN], 1.0, uncounted).tolist() == RUN.points.tolist()


def test_the_ends_of_a_line() -> None:
    assert path(RUN, straight((1, 2), (8, 9))).ends.tolist() == [[0, 0], [8, 9]]


def test_a_line_as_a_part_of_a_block() -> None:
    own = path(Line(points((0, 0), (1, 0))), filling=Filling(7, 1, 0))
    other, at = mark("B2"), np.array([5.0, 6.0])
    made = own.moved(MOVED, other, 3, at)
    assert (made.mark, made.filling, made.closed) == (other, Filling(7, 1, 0, 3), False)
    assert made.ends.tolist() == [[5, 6], [5, 8]]
    assert made.symbol_at is at
    assert path(RUN).moved(MOVED, other, 3, at).filling is None


@pytest.mark.parametrize("angle", [0, 30, 90, 200])
def test_a_circle_is_the_same_from_wherever_it_begins(angle: int) -> None:
    start = radians(angle)
    made = conic(0, 0, 10, start, start + 2 * pi).flat(0.001, uncounted)
    assert made[0].tolist() == pytest.approx([10 * cos(start), 10 * sin(start), 0])
    assert shapely.Polygon(made[:, :2]).area == pytest.approx(100 * pi, rel=0.001)
