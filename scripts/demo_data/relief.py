"""Plausible relief: valleys carved by the rivers, ridges between them, heights within a documented range."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from demo_data.coverage import waves
from demo_data.plane import Floats, from_degrees, to_plane
from demo_data.shapes import generator

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_CONCAVITY = 0.46  # exponent of slope against drained area, as in natural valleys
_STEEPEST = 0.62
_PASSES = 40
_FLOOR_M = 45.0  # height above the river up to which valley floors are flattened
_STEPS = tuple((dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if (dy, dx) != (0, 0))


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of equal size in degrees; row 0 lies in the north."""

    west: float
    north: float
    size: float
    rows: int
    columns: int

    def centres(self) -> Floats:
        """Return the centres of all cells in the plane, shape (rows * columns, 2)."""
        lon = self.west + (np.arange(self.columns) + 0.5) * self.size
        lat = self.north - (np.arange(self.rows) + 0.5) * self.size
        lons, lats = np.meshgrid(lon, lat)
        return to_plane(np.column_stack([lons.ravel(), lats.ravel()]))

    def cells(self, points: Floats) -> tuple[Ints, Ints]:
        """Return rows and columns of places in degrees, shape (n, 2), kept inside the grid."""
        row = np.floor((self.north - points[:, 1]) / self.size).astype(np.int64)
        column = np.floor((points[:, 0] - self.west) / self.size).astype(np.int64)
        return np.clip(row, 0, self.rows - 1), np.clip(column, 0, self.columns - 1)

    def finer(self, times: int) -> "Grid":
        """Return the same extent with cells `times` smaller."""
        return Grid(self.west, self.north, self.size / times, self.rows * times, self.columns * times)


@dataclass(frozen=True, slots=True)
class Relief:
    """Heights in metres, shape (rows, columns), and for each cell the one below and how many drain through it."""

    grid: Grid
    height: Floats
    slope: Floats
    above_river: Floats
    downstream: Ints
    drained: Floats

    def sample(self, values: Floats, points: Floats) -> Floats:
        """Return values of the grid at places in degrees, shape (n, 2)."""
        row, column = self.grid.cells(points)
        found: Floats = values[row, column]
        return found


def grid_over(bounds: Sequence[float], size: float, margin: float = 0.02) -> Grid:
    """Return a grid over bounds in degrees (west, south, east, north)."""
    west, north = np.floor((bounds[0] - margin) / size) * size, np.ceil((bounds[3] + margin) / size) * size
    rows = int(np.ceil((north - bounds[1] + margin) / size))
    columns = int(np.ceil((bounds[2] + margin - west) / size))
    return Grid(round(float(west), 6), round(float(north), 6), size, rows, columns)


def burn(grid: Grid, lines: Sequence[tuple[Floats, float, float]]) -> Floats:
    """Return heights of river cells, NaN elsewhere; a line has vertices in degrees, first and last height."""
    bed = np.full((grid.rows, grid.columns), np.nan)
    for points, start, end in lines:
        length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        along = np.arange(0, length[-1], grid.size / 3)
        dense = np.column_stack([np.interp(along, length, points[:, k]) for k in (0, 1)])
        inside = (dense[:, 0] > grid.west) & (dense[:, 0] < grid.west + grid.columns * grid.size)
        inside &= (dense[:, 1] < grid.north) & (dense[:, 1] > grid.north - grid.rows * grid.size)
        row, column = grid.cells(dense[inside])
        bed[row, column] = np.fmin(bed[row, column], (start + (end - start) * along / length[-1])[inside])
    return bed


def _neighbours(grid: Grid) -> tuple[Ints, Floats]:
    """Return for each cell its eight neighbours (-1 beyond the edge) and their distances."""
    rows, columns = np.divmod(np.arange(grid.rows * grid.columns), grid.columns)
    width = grid.size * 111_320 * np.cos(np.radians(grid.north - grid.rows * grid.size / 2))
    found, away = [], []
    for dy, dx in _STEPS:
        row, column = rows + dy, columns + dx
        ok = (row >= 0) & (row < grid.rows) & (column >= 0) & (column < grid.columns)
        found.append(np.where(ok, row * grid.columns + column, -1))
        away.append(float(np.hypot(dy * grid.size * 110_950, dx * width)))
    return np.array(found), np.array(away)


def _flooded(start: Floats, sea: Bools, near: Ints) -> tuple[Ints, Ints]:
    """Return for each cell the cell that rising water reaches it from, and the order in which cells are reached."""
    below = np.arange(start.size)
    done = sea.copy()
    heap = [(float(start[i]), int(i)) for i in np.flatnonzero(sea)]
    heapq.heapify(heap)
    links = near.T.tolist()
    values = start.tolist()
    order = []
    while heap:
        level, cell = heapq.heappop(heap)
        order.append(cell)
        for other in links[cell]:
            if other >= 0 and not done[other]:
                done[other] = True
                below[other] = cell
                heapq.heappush(heap, (max(values[other], level + 1e-3), other))
    return below, np.array(order)


def _accumulated(below: Ints, order: Ints) -> Floats:
    """Return the number of cells that drain through each cell; `order` runs from the rivers upward."""
    total = [1.0] * below.size
    to = below.tolist()
    for cell in reversed(order.tolist()):
        if to[cell] != cell:
            total[to[cell]] += total[cell]
    return np.array(total)


def _climbed(below: Ints, order: Ints, step: Floats, bed: Floats) -> tuple[Floats, Floats]:
    """Return the climb from the river to each cell and the height of that river cell."""
    climb, base = [0.0] * below.size, bed.tolist()
    to, rise = below.tolist(), step.tolist()
    for cell in order.tolist():
        down = to[cell]
        if down != cell:
            climb[cell], base[cell] = climb[down] + rise[cell], base[down]
    return np.array(climb), np.array(base)


def carved(grid: Grid, bed: Floats, steepness: Floats, name: str, *, highest: float, inside: Bools) -> Relief:
    """Let rivers carve a relief whose highest place `inside` is `highest` metres.

    `bed` are the heights of river cells (NaN elsewhere), `steepness` is high in mountains; both (rows, columns).
    """
    near, away = _neighbours(grid)
    hardness = generator(f"{name} hardness").uniform(0.6, 1.4, bed.size)
    flat, steep = bed.ravel(), steepness.ravel() * hardness
    sea = ~np.isnan(flat)
    centres = grid.centres()
    rough = steep * (1 + 0.5 * waves(centres, f"{name} relief", 7000.0, octaves=5))
    start = rough * 100 + 20 * waves(centres, f"{name} fine", 900.0, octaves=2)
    below, order = _flooded(start, sea, near)
    rise = base = drained = flat
    for number in range(_PASSES):
        drained = _accumulated(below, order)
        slope = np.minimum(steep * drained**-_CONCAVITY, _STEEPEST)
        rise, base = _climbed(below, order, slope * _distance(below, grid), flat)
        if number < _PASSES - 1:
            below = _steepest(base + rise, sea, near, away)
            order = np.argsort(base + rise, kind="stable")
    rise = rise**2 / (rise + _FLOOR_M)
    within = inside.ravel() & (rise > 0)
    height = np.minimum(base + rise * np.min((highest - base[within]) / rise[within]), highest)
    shape = (grid.rows, grid.columns)
    tops = np.where(sea.reshape(shape), height.reshape(shape), blurred(height.reshape(shape)))
    return Relief(
        grid, tops, slopes(grid, tops), (height - base).reshape(shape), below.reshape(shape), drained.reshape(shape)
    )


def blurred(values: Floats) -> Floats:
    """Return each cell as weighted mean of itself and its neighbours: hillsides without single-cell gullies."""
    for axis in (0, 1):
        wide = np.concatenate([np.take(values, [0], axis), values, np.take(values, [-1], axis)], axis)
        count = values.shape[axis]
        first, middle, last = (np.take(wide, np.arange(k, k + count), axis) for k in range(3))
        values = (first + 2 * middle + last) / 4
    return values


def _distance(below: Ints, grid: Grid) -> Floats:
    row, column = np.divmod(np.arange(below.size), grid.columns)
    to_row, to_column = np.divmod(below, grid.columns)
    width = 111_320 * np.cos(np.radians(grid.north - grid.rows * grid.size / 2))
    found: Floats = np.hypot((row - to_row) * grid.size * 110_950, (column - to_column) * grid.size * width)
    return found


def _steepest(height: Floats, sea: Bools, near: Ints, away: Floats) -> Ints:
    lower = np.where(near >= 0, (height - height[near]) / away[:, None], -np.inf)
    choice = np.argmax(lower, axis=0)
    cells = np.arange(height.size)
    return np.where(sea | (lower[choice, cells] <= 0), cells, near[choice, cells])


def slopes(grid: Grid, height: Floats) -> Floats:
    """Return slopes in degrees of heights in metres."""
    width = grid.size * 111_320 * np.cos(np.radians(grid.north - grid.rows * grid.size / 2))
    dy, dx = np.gradient(height, grid.size * 110_950, width)
    return np.asarray(np.round(np.degrees(np.arctan(np.hypot(dx, dy))), 4))


def refined(values: Floats, times: int) -> Floats:
    """Interpolate a grid smoothly (cubic) to cells `times` smaller."""
    for axis in (0, 1):
        values = _refined_along(np.moveaxis(values, axis, 0), times)
        values = np.moveaxis(values, 0, axis)
    return values


def _refined_along(values: Floats, times: int) -> Floats:
    place = (np.arange(len(values) * times) + 0.5) / times - 0.5
    left = np.floor(place).astype(np.int64)
    t = (place - left)[:, None]
    p = [values[np.clip(left + k, 0, len(values) - 1)] for k in (-1, 0, 1, 2)]
    slope = p[2] - p[0]
    bend = 2 * p[0] - 5 * p[1] + 4 * p[2] - p[3]
    twist = 3 * (p[1] - p[2]) + p[3] - p[0]
    return p[1] + 0.5 * t * (slope + t * (bend + t * twist))


def streams(relief: Relief, least_cells: float) -> list[tuple[Floats, float]]:
    """Return the brooks of a relief: vertices in degrees from source to mouth, with the cells drained at the mouth."""
    grid = relief.grid
    below, drained = relief.downstream.ravel(), relief.drained.ravel()
    own = np.arange(below.size)
    wet = (drained >= least_cells) & (below != own)
    fed = np.zeros(below.size, dtype=bool)
    fed[below[wet]] = True
    used = np.zeros(below.size, dtype=bool)
    found = []
    for head in sorted(np.flatnonzero(wet & ~fed).tolist(), key=lambda c: (-_length(c, below), c)):
        path = [head]
        while not used[path[-1]] and below[path[-1]] != path[-1]:
            used[path[-1]] = True
            path.append(int(below[path[-1]]))
        row, column = np.divmod(np.array(path), grid.columns)
        lon, lat = grid.west + (column + 0.5) * grid.size, grid.north - (row + 0.5) * grid.size
        found.append((np.column_stack([lon, lat]), float(drained[path[-2]]) if len(path) > 1 else 0.0))
    return found


def _length(cell: int, below: Ints) -> int:
    count = 0
    while below[cell] != cell:
        cell, count = int(below[cell]), count + 1
    return count


def mask_of(grid: Grid, zone: BaseGeometry) -> Bools:
    """Tell which cells have their centre in a zone in degrees, shape (rows, columns)."""
    area = from_degrees(zone)
    shapely.prepare(area)
    centres = grid.centres()
    found: Bools = shapely.contains_xy(area, centres[:, 0], centres[:, 1]).reshape(grid.rows, grid.columns)
    return found
