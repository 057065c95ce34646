"""Linear projects: roads, pipelines, power lines as bands of 20 to 60 m, 5 to 80 km long."""

import numpy as np

from bench.province.chance import Chance, Floats, fractal, on_grid, places
from bench.province.land import HEIGHT_M, SOUTH_M, WEST_M, WIDTH_M
from bench.province.zones import Ragged, polygons

_LENGTH_M = (5_000.0, 80_000.0)
_STEP_M = (50.0, 200.0)
_WIDTH_M = (20.0, 60.0)
_SWAY = 0.06
_MARGIN = 0.08


def bands(chance: Chance, count: int) -> Ragged:
    """Return bands whose two sides run beside each other: graphs over a straight line, so that they are simple."""
    length = chance.spread(*_LENGTH_M, count)
    counts = np.ceil(length / chance.uniform(*_STEP_M, count)).astype(np.int64) + 1
    half = chance.uniform(*_WIDTH_M, count) / 2
    turn = chance.turns(count)
    centre = (WEST_M, SOUTH_M) + (_MARGIN + (1 - 2 * _MARGIN) * chance.uniform(0.0, 1.0, (count, 2))) * (
        WIDTH_M,
        HEIGHT_M,
    )
    owner, index = places(counts)
    jitter = chance.uniform(-0.3, 0.3, len(owner)) * ((index > 0) & (index < counts[owner] - 1))
    along = length[owner] * ((index + jitter) / (counts[owner] - 1) - 0.5)
    aside = length[owner] * _SWAY * fractal(chance, counts, first=2, fade=0.45, closed=False)
    ring, place = places(2 * counts)
    there = place < counts[ring]
    first = (np.cumsum(counts) - counts)[ring]
    vertex = first + np.where(there, place, 2 * counts[ring] - 1 - place)
    side = aside[vertex] + np.where(there, -half[ring], half[ring])
    return polygons(_turned(along[vertex], side, turn[ring]) + on_grid(centre)[ring], 2 * counts)


def _turned(along: Floats, aside: Floats, turn: Floats) -> Floats:
    cos, sin = turn.T
    return on_grid(np.column_stack([along * cos - aside * sin, along * sin + aside * cos]))
