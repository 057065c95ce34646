"""Lines of sight over a grid of heights, compiled: from one eye to many cells.

The ground along a line is made of straight pieces: at every crossing with a line between the centres of two neighbours
the height is interpolated between them (the "R3" of the literature: every target has its own ray). The ground at
distance d falls below the horizon of the eye by (1 - k) d^2 / (2 R): curvature of the earth, less refraction.
"""

from collections.abc import Callable
from math import sqrt
from typing import Any, ParamSpec, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")

FAR, HIDDEN, VISIBLE, UNKNOWN = 0, 1, 2, 3
"""States of a target: beyond the largest distance; behind known ground; in sight; ground between is not known."""

TOUCH_M = 1e-6
"""Ground that rises above a line by less does not hide: lines along a plane are decided by rounding."""


def _compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile on first use; kept on disk where a folder can be written (this file calls into no other)."""
    try:
        made: Any = numba.njit(nogil=True, error_model="numpy", cache=True)(function)
    except RuntimeError:
        made = numba.njit(nogil=True, error_model="numpy")(function)
    kept: Callable[P, R] = made
    return kept


@_compiled
def _between(  # noqa: PLR0913, PLR0917 - figures of one ray
    heights: NDArray[np.float32],
    eye: float,
    cell: int,
    eye_beside: float,
    sideways: float,
    distance: float,
    eye_m: float,
    rise: float,
    bend: float,
) -> int:
    """Go along axis 1 of the heights from the eye to a cell; `sideways` is how far the ray moves along axis 0."""
    last_beside, way = heights.shape[0] - 1, cell - eye
    first = int(np.floor(eye)) + 1 if way > 0 else cell + 1
    last = cell - 1 if way > 0 else int(np.ceil(eye)) - 1
    state = VISIBLE
    for crossing in range(first, last + 1):
        part = (crossing - eye) / way
        place = eye_beside + part * sideways
        low = min(max(int(np.floor(place)), 0), last_beside)
        weight = place - low
        ground = float(heights[low, crossing])
        if weight > 0.0:
            ground = ground * (1.0 - weight) + float(heights[min(low + 1, last_beside), crossing]) * weight
        if np.isnan(ground):
            state = UNKNOWN
            continue
        reach = part * distance
        if ground - bend * reach * reach - eye_m > part * rise + TOUCH_M:
            return HIDDEN
    return state


@_compiled
def sight(  # noqa: PLR0913, PLR0917 - compiled: no objects
    heights: NDArray[np.float32],
    east_m: NDArray[np.float64],
    north_m: NDArray[np.float64],
    eye_row: float,
    eye_column: float,
    eye_m: float,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    target_m: float,
    farthest_m: float,
    bend: float,
    states: NDArray[np.uint8],
    distances: NDArray[np.float64],
) -> None:
    """Tell of every target (rows, columns: (n,) cells, `target_m` above the ground) whether the eye sees it.

    `heights` (rows, columns) are metres, NaN where not known; `east_m` and `north_m` (rows,) the sizes of a cell; the
    eye is told in cells, its height above the datum of the heights; `bend` is (1 - k) / (2 R), per metre. Written are
    `states` (n,): FAR, HIDDEN, VISIBLE or UNKNOWN, and `distances` (n,), metres along the ground.
    """
    last_row = heights.shape[0] - 1
    for number in range(len(rows)):
        row, column = rows[number], columns[number]
        down, across = row - eye_row, column - eye_column
        middle = min(max(round(0.5 * (row + eye_row)), 0), last_row)
        distance = sqrt((across * east_m[middle]) ** 2 + (down * north_m[middle]) ** 2)
        distances[number] = distance
        if distance > farthest_m:
            states[number] = FAR
            continue
        top = float(heights[row, column])
        if np.isnan(top) or np.isnan(eye_m):
            states[number] = UNKNOWN
            continue
        rise = top + target_m - bend * distance * distance - eye_m
        state = VISIBLE
        if across != 0.0:
            state = _between(heights, eye_column, column, eye_row, down, distance, eye_m, rise, bend)
        if state != HIDDEN and down != 0.0:
            other = _between(heights.T, eye_row, row, eye_column, across, distance, eye_m, rise, bend)
            # Known ground that hides goes before ground that is not known.
            state = state if other == VISIBLE else other
        states[number] = state
