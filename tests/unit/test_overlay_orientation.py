"""The side of a line on which a point lies, against exact fractions; also as the kernel runs it."""

from fractions import Fraction
from itertools import permutations
from math import inf, nextafter

import pytest

from zoning.overlay.kernel.orientation import Point, orientation, segments_meet


def exact(a: Point, b: Point, c: Point) -> int:
    """Return the sign of the determinant in fractions, where nothing is rounded."""
    (ax, ay), (bx, by), (cx, cy) = ((Fraction(x), Fraction(y)) for x, y in (a, b, c))
    value = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx)
    return (value > 0) - (value < 0)


@pytest.mark.parametrize(
    ("c", "side"), [((0.0, 1.0), 1), ((5.0, 0.001), 1), ((0.0, -1.0), -1), ((5.0, 0.0), 0), ((-3.0, 0.0), 0)]
)
def test_left_is_one_and_right_is_minus_one(c: Point, side: int) -> None:
    assert orientation((0.0, 0.0), (1.0, 0.0), c) == side
    assert orientation((1.0, 0.0), (0.0, 0.0), c) == -side


def test_a_point_that_is_an_end_lies_on_the_line() -> None:
    a, b = (37_627_000.123, 3_930_000.456), (37_627_100.789, 3_930_050.321)
    assert [orientation(a, b, a), orientation(a, b, b), orientation(a, a, b)] == [0, 0, 0]


@pytest.mark.parametrize("far", [0.0, 1.0, 680_000.0, 37_627_000.0])
@pytest.mark.parametrize("steps", [-3, -1, 0, 1, 3])
def test_one_last_digit_beside_a_line_is_not_on_it(far: float, steps: int) -> None:
    # The middle of a line from (far, far) to (far + 24, far + 24), moved by single floats: Kettner's example (2008).
    y = far + 12.0
    for _ in range(abs(steps)):
        y = nextafter(y, inf if steps > 0 else -inf)
    a, b, c = (far, far), (far + 24.0, far + 24.0), (far + 12.0, y)
    side = (steps > 0) - (steps < 0)
    assert exact(a, b, c) == side
    assert orientation(a, b, c) == side


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1 / 3, 1e6])
def test_points_all_but_on_one_line_are_told_as_fractions_tell_them(scale: float) -> None:
    base = 0.5 * scale
    for number in range(64):
        c = (base + (number % 8) * 2.0**-53 * scale, base + (number // 8) * 2.0**-53 * scale)
        a, b = (12.0 * scale, 12.0 * scale), (24.0 * scale, 24.0 * scale)
        assert orientation(a, b, c) == exact(a, b, c)


def test_turning_the_three_points_around_keeps_the_side_and_exchanging_two_changes_it() -> None:
    points = ((0.1, 0.2), (0.3, 0.6000000000000001), (0.7, 1.4))
    signs = {order: orientation(*(points[number] for number in order)) for order in permutations(range(3))}
    even, odd = [(0, 1, 2), (1, 2, 0), (2, 0, 1)], [(0, 2, 1), (2, 1, 0), (1, 0, 2)]
    assert {signs[order] for order in even} == {exact(*points)}
    assert {signs[order] for order in odd} == {-exact(*points)}


MEETINGS: list[tuple[str, tuple[Point, Point], tuple[Point, Point], bool]] = [
    ("crossing", ((0, 0), (2, 2)), ((0, 2), (2, 0)), True),
    ("a common end", ((0, 0), (2, 2)), ((2, 2), (3, 0)), True),
    ("an end on the other", ((0, 0), (2, 0)), ((1, 0), (1, 5)), True),
    ("one on the other", ((0, 0), (3, 0)), ((1, 0), (2, 0)), True),
    ("the same", ((0, 0), (3, 1)), ((0, 0), (3, 1)), True),
    ("boxes that meet alone", ((0, 0), (4, 4)), ((3, 0), (4, 2)), False),
    ("beside each other", ((0, 0), (4, 4)), ((0, 1), (3, 4)), False),
    ("just beside the end", ((0, 0), (2, 0)), ((1, 5e-324), (1, 5)), False),
]


@pytest.mark.parametrize(("what", "one", "other", "meet"), MEETINGS, ids=[row[0] for row in MEETINGS])
def test_segments_meet_where_they_have_a_point_in_common(
    what: str, one: tuple[Point, Point], other: tuple[Point, Point], meet: bool
) -> None:
    (a, b), (c, d) = (tuple((float(x), float(y)) for x, y in ends) for ends in (one, other))
    assert segments_meet(a, b, c, d) is meet, what
    assert segments_meet(c, d, a, b) is meet
    assert segments_meet(b, a, d, c) is meet
