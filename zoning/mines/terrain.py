"""Slope, aspect, relief and curvature of an elevation model, window by window.

How they are taken, over the eight neighbours of a cell:

- slope and aspect: Horn 1981 (weights 1-2-1). Aspect is the direction of steepest descent, degrees clockwise from grid
  north; flat ground has none (NaN).
- curvature: Zevenbergen and Thorne 1987, -2 (D + E) x 100, per 100 m: positive where the ground is a hump, negative
  where it is a hollow. Exact for every surface of second degree.
- relief: highest less lowest cell of a rectangle around the cell that reaches `radius_m` each way, rounded to cells,
  one at least.

Sizes of cells are metres on the ground. Where the model is in degrees they are taken row by row on the ellipsoid:
east-west N cos(lat) d(lon), north-south M d(lat), both at the middle of the row; over three rows of 30 m the width
differs by less than 1e-5. A projected model is taken as it is: its scale on the ground (0.9996 in UTM, up to 1.0003 at
the edge of a 3-degree zone) is left aside, which changes a slope of 30 degrees by 0.01 degrees.

A cell whose window is not complete (edge of the model, a neighbour without height) has no value: NaN.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import cos, radians, sin, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zoning.layers.datum import parse_crs
from zoning.mines.rasters import Grid, OpenScene

Floats = NDArray[np.float64]
Quantity = Literal["elevation", "slope", "aspect", "from_south", "relief", "curvature"]
QUANTITIES: tuple[Quantity, ...] = ("elevation", "slope", "aspect", "from_south", "relief", "curvature")

STRIP = 256
"""Rows that are worked on at a time: a model of 4,000 x 4,000 needs some 100 MB."""

_A = 6_378_137.0
_E2 = 0.006694380022903416  # GRS80
_SOUTH, _CIRCLE = 180.0, 360.0
_PER_100_M = 100.0


def cell_sizes_m(grid: Grid, first_row: int, rows: int) -> tuple[Floats, Floats]:
    """Return width and height of the cells of some rows, metres, each (rows,). Row 0 is the northernmost.

    Raises
    ------
    CRSError
        When the coordinate system of the grid is unknown.
    """
    crs = parse_crs(grid.crs)
    if not crs.is_geographic:
        factor = float(crs.axis_info[0].unit_conversion_factor)
        return np.full(rows, grid.dx * factor), np.full(rows, grid.dy * factor)
    middles = grid.top - (np.arange(first_row, first_row + rows) + 0.5) * grid.dy
    sizes = [_degree_m(float(latitude)) for latitude in middles]
    return np.array([wide * grid.dx for wide, _ in sizes]), np.array([high * grid.dy for _, high in sizes])


def _degree_m(latitude: float) -> tuple[float, float]:
    """Return the lengths of a degree east-west and north-south."""
    w2 = 1 - _E2 * sin(radians(latitude)) ** 2
    return radians(1) * _A * cos(radians(latitude)) / sqrt(w2), radians(1) * _A * (1 - _E2) / w2**1.5


def gradient(heights: Floats, wide_m: Floats, high_m: Floats) -> tuple[Floats, Floats]:
    """Return the rise to the east and to the north, metres per metre, by Horn's weights.

    Parameters
    ----------
    heights
        (rows + 2, columns + 2) with one cell more on every side, NaN where unknown.
    wide_m, high_m
        (rows,) sizes of the cells.
    """
    a, b, c = heights[:-2, :-2], heights[:-2, 1:-1], heights[:-2, 2:]
    d, f = heights[1:-1, :-2], heights[1:-1, 2:]
    g, h, i = heights[2:, :-2], heights[2:, 1:-1], heights[2:, 2:]
    unknown = np.where(np.isnan(heights[1:-1, 1:-1]), np.nan, 0.0)
    east = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * wide_m[:, None]) + unknown
    north = ((a + 2 * b + c) - (g + 2 * h + i)) / (8 * high_m[:, None]) + unknown
    return east, north


def slope_deg(heights: Floats, wide_m: Floats, high_m: Floats) -> Floats:
    """Return the slope in degrees, (rows, columns); see `gradient` for the parameters."""
    east, north = gradient(heights, wide_m, high_m)
    return np.asarray(np.degrees(np.arctan(np.hypot(east, north))))


def aspect_deg(heights: Floats, wide_m: Floats, high_m: Floats) -> Floats:
    """Return the direction of steepest descent (rows, columns), 0 to 360 degrees from north; NaN on flat ground."""
    east, north = gradient(heights, wide_m, high_m)
    toward = np.degrees(np.arctan2(-east, -north)) % _CIRCLE
    return np.where((east == 0) & (north == 0), np.nan, toward)


def from_south_deg(heights: Floats, wide_m: Floats, high_m: Floats) -> Floats:
    """Return how far the ground (rows, columns) is turned from the sun: 0 facing south, 180 north; flat ground 90."""
    east, north = gradient(heights, wide_m, high_m)
    away = np.abs(_SOUTH - np.degrees(np.arctan2(-east, -north)) % _CIRCLE)
    return np.where((east == 0) & (north == 0), _SOUTH / 2, away)


def curvature(heights: Floats, wide_m: Floats, high_m: Floats) -> Floats:
    """Return the curvature per 100 m, (rows, columns): positive on humps, negative in hollows."""
    middle = heights[1:-1, 1:-1]
    across = ((heights[1:-1, :-2] + heights[1:-1, 2:]) / 2 - middle) / wide_m[:, None] ** 2
    along = ((heights[:-2, 1:-1] + heights[2:, 1:-1]) / 2 - middle) / high_m[:, None] ** 2
    corners = heights[:-2, :-2] + heights[:-2, 2:] + heights[2:, :-2] + heights[2:, 2:]
    # As for the slope: a window that is not complete has no value.
    return np.asarray(-2 * (across + along) * _PER_100_M + np.where(np.isnan(corners), np.nan, 0.0))


def relief_m(heights: Floats, rows_around: int, columns_around: int) -> Floats:
    """Return highest less lowest height of the rectangle around each cell.

    Parameters
    ----------
    heights
        (rows + 2 rows_around, columns + 2 columns_around), NaN where unknown.
    """
    from scipy.ndimage import maximum_filter, minimum_filter

    size = (2 * rows_around + 1, 2 * columns_around + 1)
    unknown = np.isnan(heights)
    highest = maximum_filter(np.where(unknown, -np.inf, heights), size=size)
    lowest = minimum_filter(np.where(unknown, np.inf, heights), size=size)
    gaps = maximum_filter(unknown.astype(np.uint8), size=size).astype(bool)
    inner = np.s_[rows_around : heights.shape[0] - rows_around, columns_around : heights.shape[1] - columns_around]
    return np.where(gaps[inner], np.nan, highest[inner] - np.where(gaps[inner], 0.0, lowest[inner]))


def around(grid: Grid, radius_m: float, row: int) -> tuple[int, int]:
    """Return how many rows and columns `radius_m` reaches at a row, rounded, one at least.

    Raises
    ------
    CRSError
        When the coordinate system of the grid is unknown.
    """
    wide, high = cell_sizes_m(grid, row, 1)
    return max(1, round(radius_m / float(high[0]))), max(1, round(radius_m / float(wide[0])))


def window(
    model: OpenScene, place: tuple[int, int, int, int], quantities: Sequence[Quantity], *, radius_m: float
) -> dict[Quantity, Floats]:
    """Return quantities of a window of a model, each (height, width).

    Parameters
    ----------
    place
        Column, row, width, height of the window; it may reach beyond the model, where everything is NaN.
    radius_m
        Of the relief.

    Raises
    ------
    LayerError, CRSError
        When the model cannot be read, or its coordinate system is unknown.
    """
    column, row, width, height = place
    wide, high = cell_sizes_m(model.grid, row, height)
    # One rectangle for the whole model: a map must not depend on how it is cut into strips.
    rows_around, columns_around = around(model.grid, radius_m, model.grid.height // 2)
    more_rows, more_columns = (rows_around, columns_around) if "relief" in quantities else (1, 1)
    heights = _heights(model, column - more_columns, row - more_rows, width + 2 * more_columns, height + 2 * more_rows)
    beside = heights[more_rows - 1 : more_rows + height + 1, more_columns - 1 : more_columns + width + 1]
    made: dict[Quantity, Floats] = {}
    for name in quantities:
        if name == "elevation":
            made[name] = beside[1:-1, 1:-1]
        elif name == "relief":
            made[name] = relief_m(heights, rows_around, columns_around)
        else:
            made[name] = _OF_NINE[name](beside, wide, high)
    return made


_OF_NINE = {"slope": slope_deg, "aspect": aspect_deg, "from_south": from_south_deg, "curvature": curvature}


def _heights(model: OpenScene, column: int, row: int, width: int, height: int) -> Floats:
    """Return heights of a window, NaN beyond the model."""
    grid = model.grid
    left, top = max(column, 0), max(row, 0)
    right, bottom = min(column + width, grid.width), min(row + height, grid.height)
    found = np.full((height, width), np.nan)
    if left < right and top < bottom:
        values, _ = model.window(left, top, right - left, bottom - top)
        found[top - row : bottom - row, left - column : right - column] = values
    return found


def strips(grid: Grid, rows: int = STRIP) -> Iterator[tuple[int, int, int, int]]:
    """Yield the windows (column, row, width, height) that a grid is worked through in, from the north."""
    for row in range(0, grid.height, rows):
        yield 0, row, grid.width, min(rows, grid.height - row)


def terrain(
    model: OpenScene, quantities: Sequence[Quantity], *, radius_m: float
) -> Iterator[tuple[tuple[int, int, int, int], Mapping[Quantity, Floats]]]:
    """Yield the quantities (height, width) of a whole model by strips, with column, row, width, height of each.

    Raises
    ------
    LayerError, CRSError
        As `window` does.
    """
    for place in strips(model.grid):
        yield place, window(model, place, quantities, radius_m=radius_m)
