"""The frame of the province: its extent in the measuring plane, its cells of many sizes, its valleys."""

from dataclasses import dataclass

import numpy as np

from bench.province.chance import Chance, Floats, Whole

LATITUDE, LONGITUDE = 37.5, 105.0
"""Parallel of true scale and zero meridian of the measuring plane; about 110-114.5°E, 35.8-39.2°N lie in the extent."""

WEST_M, SOUTH_M = 450_000.0, 4_690_000.0
WIDTH_M, HEIGHT_M = 400_000.0, 380_000.0

CELL_M = 40_000.0
VALLEYS = 24
SWING_M = 3_000.0
BEND_M = 16_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Squares that do not overlap, from 40 km down to 40 km / 2^levels.

    Attributes
    ----------
    centres
        (n, 2)
    sizes
        (n,) length of a side, metres.
    levels
        (n,) how often the largest square was quartered.
    """

    centres: Floats
    sizes: Floats
    levels: Whole

    def chosen(self, mask: np.ndarray) -> "Cells":
        """Return some of them."""
        return Cells(self.centres[mask], self.sizes[mask], self.levels[mask])


def cells(chance: Chance, kept: tuple[float, ...], used: tuple[float, ...]) -> Cells:
    """Quarter the province at random.

    Parameters
    ----------
    kept
        Share of the squares of each level that are not quartered further; that of the last level is 1.
    used
        Share of those that are returned.
    """
    across, up = int(WIDTH_M // CELL_M), int(HEIGHT_M // CELL_M)
    east, north = np.meshgrid(np.arange(across), np.arange(up))
    corners = np.column_stack([east.ravel(), north.ravel()]) * CELL_M + (WEST_M, SOUTH_M)
    size = CELL_M
    found: list[Cells] = []
    for level, (share, use) in enumerate(zip(kept, used, strict=True)):
        stay = chance.uniform(0.0, 1.0, len(corners)) < share
        leaves = corners[stay]
        leaves = leaves[chance.uniform(0.0, 1.0, len(leaves)) < use]
        count = len(leaves)
        sizes = np.full(count, size, dtype=np.float64)
        found.append(
            Cells(np.asarray(leaves + size / 2, dtype=np.float64), sizes, np.full(count, level, dtype=np.int64))
        )
        size /= 2
        steps = np.array([(0.0, 0.0), (size, 0.0), (0.0, size), (size, size)])
        corners = (corners[~stay][:, None, :] + steps[None]).reshape(-1, 2)
    return Cells(
        np.concatenate([part.centres for part in found]),
        np.concatenate([part.sizes for part in found]),
        np.concatenate([part.levels for part in found]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Valleys:
    """Valleys from south to north, side by side: x = middle + swing(y), so that they never meet."""

    middles: Floats
    swings: Floats

    @classmethod
    def of(cls, seed: int) -> "Valleys":
        """Draw the valleys of a province."""
        middles = WEST_M + WIDTH_M * (np.arange(VALLEYS) + 0.5) / VALLEYS
        knots = int(HEIGHT_M // BEND_M) + 2
        return cls(middles, Chance(seed, "valleys").uniform(-SWING_M, SWING_M, (VALLEYS, knots)))

    def x(self, valley: Whole, y: Floats) -> Floats:
        """Return the middle of valleys at some heights; slopes stay below 0.6."""
        at = np.clip((y - SOUTH_M) / BEND_M, 0.0, self.swings.shape[1] - 1.000001)
        low = np.floor(at).astype(np.int64)
        part = at - low
        smooth = part * part * (3.0 - 2.0 * part)
        one, other = self.swings[valley, low], self.swings[valley, low + 1]
        return np.asarray(self.middles[valley] + one + (other - one) * smooth)
