"""Permanent basic farmland: blocks of 1,000 fields along the valleys, with borders in common."""

from collections.abc import Iterator

import numpy as np

from bench.province.chance import Chance, Floats, Whole, on_grid
from bench.province.land import HEIGHT_M, SOUTH_M, VALLEYS, Valleys
from bench.province.zones import Layer, Ragged, joined

ROWS, COLUMNS = 40, 25
BLOCK = ROWS * COLUMNS
WIDE_M, HIGH_M = 90.0, 80.0
_PITCH_M = ROWS * HIGH_M + 100.0
_JITTER = 0.2
_MORE = 6  # vertices on a border beside its ends, at most: a field has 4 to 28
_BEND = 0.04
_AT_ONCE = 50


def slots(seed: int) -> tuple[Whole, Floats]:
    """Return valley and southern end of every place for a block, in the order in which they are farmed."""
    up = int(HEIGHT_M // _PITCH_M)
    order = Chance(seed, "slots").order(VALLEYS * up)
    return order % VALLEYS, np.asarray(SOUTH_M + (order // VALLEYS) * _PITCH_M, dtype=np.float64)


def fields(seed: int, count: int) -> Layer:
    """Return `count` fields, whole blocks; the first of many are those of few."""
    blocks = count // BLOCK
    valley, south = slots(seed)
    if not 0 < blocks <= len(valley) or blocks * BLOCK != count:
        raise ValueError(f"fields: {count} is no multiple of {BLOCK} up to {len(valley) * BLOCK}")
    valleys = Valleys.of(seed)
    parts = list(_blocks(seed, valleys, valley[:blocks], south[:blocks]))
    return Layer("farmland", joined(parts), np.full(count, "farmland"))


def _blocks(seed: int, valleys: Valleys, valley: Whole, south: Floats) -> Iterator[Ragged]:
    for begin in range(0, len(valley), _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        # A stream of its own for every block: the first do not depend on how many follow.
        parts = [_plan(Chance(seed, f"block {begin + k}")) for k in range(len(valley[some]))]
        cells = np.stack([cell for cell, _ in parts])
        kept = np.stack([mask for _, mask in parts])
        y = cells[..., 1] + south[some][:, None, None]
        x = cells[..., 0] + valleys.x(np.broadcast_to(valley[some][:, None, None], y.shape), y)
        counts = kept.sum(axis=-1).reshape(-1)
        xy = on_grid(np.stack([x, y], axis=-1)[kept])
        rings = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
        yield Ragged(3, xy, (rings, np.arange(len(counts) + 1, dtype=np.int64)))


def _plan(chance: Chance) -> tuple[Floats, np.ndarray]:
    """Return closed rings of the fields of one block, padded, (fields, 29, 2), and which of the vertices are real."""
    i, j = np.meshgrid(np.arange(ROWS + 1), np.arange(COLUMNS + 1), indexing="ij")
    jitter = chance.uniform(-_JITTER, _JITTER, (ROWS + 1, COLUMNS + 1, 2))
    nodes = np.stack([(j - COLUMNS / 2 + jitter[..., 0]) * WIDE_M, (i + 0.5 + jitter[..., 1]) * HIGH_M], axis=-1)
    across, on_across = _between(chance, nodes[:, :-1], nodes[:, 1:])
    up, on_up = _between(chance, nodes[:-1], nodes[1:])
    always = np.ones((ROWS, COLUMNS, 1), dtype=bool)
    corner = nodes[:, :, None]
    cells = np.concatenate(
        [
            corner[:-1, :-1],
            across[:-1],
            corner[:-1, 1:],
            up[:, 1:],
            corner[1:, 1:],
            across[1:, :, ::-1],
            corner[1:, :-1],
            up[:, :-1, ::-1],
            corner[:-1, :-1],
        ],
        axis=2,
    )
    sides = [on_across[:-1], on_up[:, 1:], on_across[1:, :, ::-1], on_up[:, :-1, ::-1]]
    kept = np.concatenate([always, *[part for side in sides for part in (side, always)]], axis=2)
    return cells.reshape(BLOCK, -1, 2), kept.reshape(BLOCK, -1)


def _between(chance: Chance, one: Floats, other: Floats) -> tuple[Floats, np.ndarray]:
    """Return vertices between neighbouring nodes, padded to `_MORE`, and which of them are real: mostly few."""
    shape = one.shape[:2]
    luck = chance.uniform(0.0, 1.0, shape)
    number = np.floor(luck * luck * (_MORE + 1)).astype(np.int64)
    index = np.arange(_MORE)
    place = (index + 1) / (number[..., None] + 1)
    side = chance.uniform(-_BEND, _BEND, (*shape, _MORE))
    chord = (other - one)[:, :, None]
    across = np.stack([-chord[..., 1], chord[..., 0]], axis=-1)
    return one[:, :, None] + chord * place[..., None] + across * side[..., None], index < number[..., None]
