"""Lines of sight on grounds small enough to be worked by hand: one line, a few cells of ten metres."""

from math import nan, sqrt

import numpy as np
import pytest

from zoning.mines.sightlines import FAR, HIDDEN, TOUCH_M, UNKNOWN, VISIBLE, sight

CELL_M = 10.0
Place = tuple[float, float]


def looked(
    ground: list[list[float]],
    target: tuple[int, int],
    *,
    eye: Place = (0.0, 0.0),
    eye_m: float = 0.0,
    target_m: float = 0.0,
    farthest_m: float = 1e6,
    bend: float = 0.0,
) -> tuple[int, float]:
    """Return state and distance of one target."""
    heights = np.array(ground, dtype=np.float32)
    size = np.full(len(ground), CELL_M)
    states, distances = np.full(1, 9, dtype=np.uint8), np.zeros(1)
    sight(
        heights, size, size, eye[0], eye[1], eye_m, np.array([target[0]]), np.array([target[1]]),
        target_m, farthest_m, bend, states, distances,
    )  # fmt: skip
    return int(states[0]), float(distances[0])


def east(*heights: float) -> list[list[float]]:
    return [list(heights)]


def south(*heights: float) -> list[list[float]]:
    return [[height] for height in heights]


@pytest.mark.parametrize(
    ("heights", "state"),
    [
        ((0, 0, 0, 0), VISIBLE),  # along a plane
        ((0, 1, 0, 0), HIDDEN),
        ((0, 0, 1, 0), HIDDEN),
        ((0, -5, -5, 0), VISIBLE),
        ((0, 1, 2, 3), VISIBLE),  # up a slope
        ((0, 0, 2, 3), VISIBLE),  # a hollow slope
        ((0, 2, 2, 3), HIDDEN),  # a slope that bulges
        ((0, 1, 2.5, 3), HIDDEN),
        ((0, 0, 0, -30), HIDDEN),  # behind the edge of a cliff
    ],
)
@pytest.mark.parametrize("back", [False, True])
def test_ground_above_the_line_hides_in_every_direction(heights: tuple[float, ...], state: int, back: bool) -> None:
    last = len(heights) - 1
    seen = heights[::-1] if back else heights
    eye, target = (last, 0) if back else (0, last)
    assert looked(east(*seen), (0, target), eye=(0, eye), eye_m=heights[0]) == (state, CELL_M * last)
    assert looked(south(*seen), (target, 0), eye=(eye, 0), eye_m=heights[0]) == (state, CELL_M * last)


@pytest.mark.parametrize(
    ("eye_m", "state"),
    # Over 4 m at one third of the way to 0 m the eye needs 6 m: 6 x 2/3 = 4.
    [(5.9, HIDDEN), (6.0, VISIBLE), (6.1, VISIBLE)],
)
def test_a_higher_eye_sees_over_a_wall(eye_m: float, state: int) -> None:
    assert looked(east(0, 4, 0, 0), (0, 3), eye_m=eye_m)[0] == state


@pytest.mark.parametrize(("target_m", "state"), [(11.9, HIDDEN), (12.0, VISIBLE), (12.1, VISIBLE)])
def test_a_tall_target_is_seen_over_a_wall(target_m: float, state: int) -> None:
    # From 0 m over 4 m at one third of the way: 12 m at its end.
    assert looked(east(0, 4, 0, 0), (0, 3), target_m=target_m)[0] == state


@pytest.mark.parametrize(("above", "state"), [(0.0, VISIBLE), (TOUCH_M / 2, VISIBLE), (TOUCH_M * 2, HIDDEN)])
def test_ground_that_touches_the_line_does_not_hide(above: float, state: int) -> None:
    # A float32 near zero tells a millionth of a metre.
    assert looked(east(0, above, 0), (0, 2))[0] == state


@pytest.mark.parametrize(
    ("heights", "state"),
    [
        ((0, nan, 0, 0), UNKNOWN),
        ((0, 0, nan, 0), UNKNOWN),
        ((0, nan, 1, 0), HIDDEN),  # known ground that hides goes before ground that is not known
        ((0, 1, nan, 0), HIDDEN),
        ((0, 0, 0, nan), UNKNOWN),
    ],
)
def test_ground_that_is_not_known_never_means_hidden_or_seen(heights: tuple[float, ...], state: int) -> None:
    last = len(heights) - 1
    assert looked(east(*heights), (0, last))[0] == state
    assert looked(south(*heights), (last, 0))[0] == state


def test_an_eye_whose_height_is_not_known_sees_nothing_for_certain() -> None:
    assert looked(east(0, 0, 0), (0, 2), eye_m=nan) == (UNKNOWN, 20.0)


@pytest.mark.parametrize(("farthest_m", "state"), [(29.9, FAR), (30.0, VISIBLE), (30.1, VISIBLE)])
def test_a_target_at_the_largest_distance_is_still_looked_at(farthest_m: float, state: int) -> None:
    assert looked(east(0, 0, 0, 0), (0, 3), farthest_m=farthest_m) == (state, 30.0)


def test_a_target_too_far_is_far_whatever_lies_there() -> None:
    assert looked(east(0, 9, nan, nan), (0, 3), farthest_m=29.0) == (FAR, 30.0)


def test_the_cell_of_the_eye_is_in_sight() -> None:
    assert looked([[0, 9], [9, 9]], (0, 0), eye_m=1.7) == (VISIBLE, 0.0)


def test_a_cell_of_the_eye_that_is_not_known_is_not_known() -> None:
    assert looked(east(nan, 0), (0, 0), eye_m=1.7) == (UNKNOWN, 0.0)


@pytest.mark.parametrize(
    ("ground", "state"),
    [
        ([[0, 0, 0], [0, 0, 0], [0, 0, 0]], VISIBLE),
        ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], HIDDEN),  # the diagonal runs through the middle of the cell
        ([[0, 9, 9], [9, 0, 9], [9, 9, 0]], VISIBLE),  # and through no other one
        ([[0, 0, 0], [0, nan, 0], [0, 0, 0]], UNKNOWN),
        ([[0, nan, nan], [nan, 0, nan], [nan, nan, 0]], VISIBLE),
    ],
)
def test_a_diagonal_looks_at_the_cells_it_runs_through(ground: list[list[float]], state: int) -> None:
    found = looked(ground, (2, 2))
    assert found[0] == state
    assert found[1] == pytest.approx(20 * sqrt(2))


@pytest.mark.parametrize(
    ("upper", "lower", "state"),
    # To (1, 2) the line crosses column 1 half way between the rows: the ground there is the mean of both.
    [(1, -1, VISIBLE), (1, -2, VISIBLE), (1, -0.5, HIDDEN), (-1, 1.5, HIDDEN), (nan, -9, UNKNOWN), (-9, nan, UNKNOWN)],
)
def test_between_two_cells_the_ground_is_between_their_heights(upper: float, lower: float, state: int) -> None:
    assert looked([[0, upper, 0], [0, lower, 0]], (1, 2))[0] == state
    assert looked([[0, 0], [upper, lower], [0, 0]], (2, 1))[0] == state


@pytest.mark.parametrize(
    ("ground", "state"),
    [
        # From (0, 0) to (2, 1): column 1 is only the target's; row 1 is crossed at half a column.
        ([[0, 0], [0, 3], [0, 0]], HIDDEN),
        ([[0, 0], [3, 0], [0, 0]], HIDDEN),
        ([[0, 5], [0, 0], [5, 0]], VISIBLE),
    ],
)
def test_the_crossings_with_rows_count_like_those_with_columns(ground: list[list[float]], state: int) -> None:
    assert looked(ground, (2, 1))[0] == state


def test_hidden_by_rows_goes_before_not_known_by_columns() -> None:
    # To (3, 2) the line crosses column 1 at row 1.5 (not known), row 1 at column 2/3 and row 2 at column 4/3.
    ground: list[list[float]] = [[0, 0, 0], [9, nan, 0], [0, 0, 9], [0, 0, 0]]
    assert looked(ground, (3, 2))[0] == HIDDEN


@pytest.mark.parametrize(
    ("column", "state"),
    # An eye between two cells: the wall in column 1 lies behind it, or before it.
    [(0.5, HIDDEN), (0.99, HIDDEN), (1.01, VISIBLE), (1.5, VISIBLE)],
)
def test_an_eye_stands_anywhere_and_what_is_behind_it_hides_nothing(column: float, state: int) -> None:
    found = looked(east(0, 5, 0, 0), (0, 3), eye=(0.0, column), eye_m=0.0)
    assert found[0] == state
    assert found[1] == pytest.approx(10 * (3 - column))


def test_the_earth_bends_away_from_a_far_target() -> None:
    # At 30 m the ground has fallen by 0.9 m, at 10 and 20 m by 0.1 and 0.4: the first cell hides the target's foot.
    bend = 0.001
    assert looked(east(0, 0, 0, 0), (0, 3), bend=bend)[0] == HIDDEN
    # The line from the eye at h over the target must clear -0.1 at 1/3: 2/3 h - 0.3 >= -0.1, and -0.4 at 2/3.
    assert looked(east(0, 0, 0, 0), (0, 3), bend=bend, eye_m=0.29)[0] == HIDDEN
    assert looked(east(0, 0, 0, 0), (0, 3), bend=bend, eye_m=0.61)[0] == VISIBLE


def test_every_target_gets_its_own_answer_and_nothing_else_is_changed() -> None:
    heights = np.array([[0, 0, 3, 0, nan]], dtype=np.float32)
    before = heights.copy()
    size = np.full(1, CELL_M)
    states, distances = np.zeros(5, dtype=np.uint8), np.zeros(5)
    columns = np.array([4, 3, 2, 1, 0])
    sight(heights, size, size, 0.0, 0.0, 1.0, np.zeros(5, dtype=np.int64), columns, 0.0, 35.0, 0.0, states, distances)
    assert states.tolist() == [FAR, HIDDEN, VISIBLE, VISIBLE, VISIBLE]
    assert distances.tolist() == [40.0, 30.0, 20.0, 10.0, 0.0]
    assert np.array_equal(heights, before, equal_nan=True)


def test_the_size_of_a_cell_is_that_of_the_row_in_the_middle() -> None:
    heights = np.zeros((5, 4), dtype=np.float32)
    east_m, north_m = np.array([10.0, 20, 30, 40, 50]), np.array([1.0, 2, 3, 4, 5])
    states, distances = np.zeros(2, dtype=np.uint8), np.zeros(2)
    sight(heights, east_m, north_m, 0.0, 0.0, 1.0, np.array([4, 0]), np.array([3, 3]), 0.0, 1e6, 0.0, states, distances)
    # Rows 0 to 4: the middle is row 2; along row 0 it is that row.
    assert distances.tolist() == pytest.approx([sqrt((3 * 30) ** 2 + (4 * 3) ** 2), 30.0])
