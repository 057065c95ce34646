"""The systematic shift between two layers that are drawn on the same borders: found robustly, or not claimed.

A border says only how far it is off across itself, so single nearest points tell nothing. Every point of the one layer
votes for all shifts that would put it on a parallel edge of the other; where the borders run in several directions the
votes meet in one place. The best place is then refined by least squares of the distances across the border.
"""

from dataclasses import dataclass
from math import cos, radians, sqrt

import numpy as np

from zoning.overlay.plane import Geometries
from zoning.planning.audit.samples import Floats, Numbers, Samples, Segments, samples_of

_STEP_M = 10.0
_MOST_SAMPLES = 1_500
_CELL_M = 2.0
_ANGLE = cos(radians(6.0))
_SAME_M = 1.0
"""A point this near to a parallel edge lies on the same border."""
_FEWEST = 30
_SHARE = 0.4
"""Of the points that could lie on a border of the other layer, so many must after the shift."""
_ABOVE_CHANCE = 3.0
_ROUND = 0.02
"""Smallest share of the weaker direction: below, the shift along the borders is not told by them."""
_ROUNDS = 12
_FIRST_REACH_M = 6.0
_NORMAL_95 = 2.4477  # radius of a circle that holds 95 % of a normal distribution in the plane


@dataclass(frozen=True, slots=True)
class Shift:
    """By how much the second layer is off from the first.

    Attributes
    ----------
    dx_m, dy_m
        East and north: how far the second layer lies from where the first has it.
    confidence_m
        Radius that holds the true value with 95 %, as far as the scatter of the borders tells.
    share
        Of the points that could lie on a common border, how many do after the shift is undone.
    share_before
        How many of all do without it.
    length_m
        Of the border that the shift explains.
    """

    dx_m: float
    dy_m: float
    confidence_m: float
    share: float
    share_before: float
    length_m: float


def estimate_shift(first: Geometries, second: Geometries, *, reach_m: float, least_m: float) -> Shift | None:
    """Return the shift of the second layer's borders against the first's; None where none is to be claimed.

    Parameters
    ----------
    first, second
        (n,), (m,) LineStrings in metres of one local frame.
    reach_m
        The largest shift that is looked for.
    least_m
        Smaller ones are not told.
    """
    if not len(first) or not len(second):
        return None
    samples, segments = samples_of(second, _STEP_M, _MOST_SAMPLES), Segments(first)
    step = float(np.asarray(_lengths(second)).sum()) / max(len(samples), 1)
    matched, _ = segments.nearest(samples, np.zeros(2), _SAME_M, _ANGLE)
    off = np.ones(len(samples), dtype=bool)
    off[matched] = False
    rest = samples.only(off)
    if len(rest) < _FEWEST:
        return None
    start, could = _best_vote(rest, segments, reach_m)
    if start is None:
        return None
    found = _refined(rest, segments, start)
    if found is None:
        return None
    shift, confidence, count = found
    share = count / could
    if share < _SHARE or count < _FEWEST or float(np.hypot(*shift)) < max(least_m, 2 * confidence):
        return None
    dx, dy = (-shift).tolist()
    return Shift(dx, dy, confidence, share, len(matched) / len(samples), count * step)


def _lengths(lines: Geometries) -> Floats:
    import shapely

    return np.asarray(shapely.length(lines))


def _best_vote(samples: Samples, segments: Segments, reach_m: float) -> tuple[Floats | None, int]:
    """Return the shift with most votes, and how many points could have voted; None where chance explains it."""
    point, segment = segments.near(samples.xy, reach_m)
    parallel = np.abs((samples.ways[point] * segments.ways[segment]).sum(axis=1)) >= _ANGLE
    point, segment = point[parallel], segment[parallel]
    could = len(np.unique(point))
    if could < _FEWEST:
        return None, could
    size = 2 * int(np.ceil(reach_m / _CELL_M)) + 1
    votes = np.zeros(size * size, dtype=np.int64)
    # Point by point in blocks: a vote counts once for a cell, however many edges lead there.
    for block in np.array_split(np.unique(point), max(1, could // 200)):
        inside = (point >= block[0]) & (point <= block[-1])
        votes += _votes(samples, segments, point[inside], segment[inside], reach_m, size)
    grid = _smoothed(votes.reshape(size, size))
    row, column = np.unravel_index(int(np.argmax(grid)), grid.shape)
    middle = size // 2
    away = np.hypot(*(np.indices(grid.shape) - np.array([row, column])[:, None, None])) * _CELL_M
    disc = np.hypot(*(np.indices(grid.shape) - middle)) * _CELL_M <= reach_m
    chance = float(grid[disc & (away > 4 * _CELL_M)].mean())
    if grid[row, column] < max(_FEWEST, _ABOVE_CHANCE * chance):
        return None, could
    return np.array([(int(column) - middle) * _CELL_M, (int(row) - middle) * _CELL_M]), could


def _votes(
    samples: Samples, segments: Segments, point: Numbers, segment: Numbers, reach_m: float, size: int
) -> Numbers:
    """Return how many points vote for each cell of shifts, (size * size,)."""
    start = segments.starts[segment] - samples.xy[point]
    end = segments.ends[segment] - samples.xy[point]
    way = end - start
    length = np.hypot(*way.T)
    # Only the stretch of the edge that can be reached.
    foot = -(start * way).sum(axis=1) / np.maximum(length, 1e-9)
    low, high = np.clip(foot - reach_m, 0, length), np.clip(foot + reach_m, 0, length)
    counts = np.maximum(np.ceil((high - low) / (_CELL_M / 2)), 1).astype(np.int64) + 1
    pair = np.repeat(np.arange(len(point)), counts)
    place = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
    along = low[pair] + (high - low)[pair] * place / (counts - 1)[pair]
    shifts = start[pair] + way[pair] * (along / np.maximum(length, 1e-9)[pair])[:, None]
    cells = np.rint(shifts / _CELL_M).astype(np.int64) + size // 2
    inside = (np.hypot(*shifts.T) <= reach_m) & (cells >= 0).all(axis=1) & (cells < size).all(axis=1)
    flat = cells[inside, 1] * size + cells[inside, 0]
    once = np.unique(point[pair[inside]] * (size * size) + flat) % (size * size)
    return np.bincount(once, minlength=size * size)


def _smoothed(grid: Numbers) -> Floats:
    """Return the mean of every cell and its neighbours: the peak may lie between two cells."""
    wide = np.pad(grid.astype(np.float64), 1)
    rows = wide[:-2] + wide[1:-1] + wide[2:]
    found: Floats = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9
    return found


def _refined(samples: Samples, segments: Segments, start: Floats) -> tuple[Floats, float, int] | None:
    """Return shift, 95 % radius and how many points lie on the other layer's borders after it."""
    shift, reach = start, _FIRST_REACH_M
    for _ in range(_ROUNDS):
        point, away = segments.nearest(samples, shift, reach, _ANGLE)
        if len(point) < _FEWEST:
            return None
        across = np.column_stack([-samples.ways[point, 1], samples.ways[point, 0]])
        distance = (away * across).sum(axis=1)
        # Feet at the end of an edge lie along the border as well: only the way across counts, and far ones less.
        weight = 1 / (1 + (distance / max(float(np.median(np.abs(distance))) * 3, 0.01)) ** 2)
        normal = (across * weight[:, None]).T @ across
        weak, strong = np.linalg.eigvalsh(normal)
        if weak < _ROUND * strong:
            return None
        step = np.linalg.solve(normal, (across * (weight * distance)[:, None]).sum(axis=0))
        shift = shift + step
        reach = max(_SAME_M * 2, reach / 2)
    point, away = segments.nearest(samples, shift, _SAME_M, _ANGLE)
    if len(point) < _FEWEST:
        return None
    across = np.column_stack([-samples.ways[point, 1], samples.ways[point, 0]])
    scatter = float(np.sqrt(np.mean((away * across).sum(axis=1) ** 2)))
    weak = float(np.linalg.eigvalsh(across.T @ across)[0])
    # Points of one line are not independent of each other: lines count, not points.
    shrink = sqrt(len(point) / max(len(np.unique(samples.line[point])), 1))
    return shift, _NORMAL_95 * max(scatter, 1e-3) * shrink / sqrt(max(weak, 1e-9)), len(point)
