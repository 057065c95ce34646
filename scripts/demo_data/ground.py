"""What grows and stands where: the masks from which fields, forests and slopes are drawn."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demo_data.coverage import waves
from demo_data.land import FINE, Land, fine_heights, inside
from demo_data.plane import Floats
from demo_data.relief import Bools, Grid, blurred, refined, slopes


@dataclass(frozen=True, slots=True)
class Limits:
    """How steep and how high above the river fields may lie, in degrees and metres."""

    slope: float
    above: float
    height: float


_LIMITS = {
    "140522": Limits(7.5, 190, 1150),
    "140502": Limits(5.0, 120, 950),
    "140825": Limits(4.0, 260, 760),
    "1403": Limits(4.6, 160, 1150),
}


_CLEARINGS, _OLD_CLEARINGS = -0.85, -0.35  # noise below which woods are open
_FALLOW = -0.25  # noise below which gentle ground is grass
_HIGH_GROUND = {"140825": 0.885}  # share of the territory below the mountain forest


@dataclass(frozen=True, slots=True)
class Ground:
    """Rasters of a territory, shape (rows, columns): heights, slopes, and where fields and forests may be."""

    grid: Grid
    height: Floats
    slope: Floats
    above: Floats
    here: Bools
    arable: Bools
    wooded: Bools
    old_wood: Bools


def ground_of(land: Land) -> Ground:
    """Return the ground of a territory."""
    grid, height = fine_heights(land)
    slope = slopes(grid, height)
    above = refined(land.relief.above_river, FINE)
    code = land.facts.code
    patch = waves(grid.centres(), f"{code} patches", 2600.0).reshape(height.shape)
    limits = _LIMITS[code]
    here = inside(land, grid)
    gentle = blurred(slope)
    arable = (
        (gentle < limits.slope + 1.2 * patch) & (above < limits.above * (1 + 0.4 * patch)) & (height < limits.height)
    )
    steep, high = _wide(slope), _wide(above)
    wooded = ~arable & ((steep > limits.slope * 0.95) | (high > limits.above * 1.3)) & (patch > _CLEARINGS)
    old = wooded & (_wide(height) > np.quantile(height[here], _HIGH_GROUND.get(code, 0.7))) & (patch > _OLD_CLEARINGS)
    return Ground(grid, height, slope, above, here, arable & here, wooded & here, old & here)


def _wide(values: Floats) -> Floats:
    """Return means over some hundred metres."""
    for _ in range(6):
        values = blurred(values)
    return values


COVER = {1: "耕地", 2: "林地", 3: "草地灌丛", 4: "水域", 5: "建设用地", 6: "裸地"}


def cover_of(ground: Ground, *, fields: Bools, water: Bools, built: Bools) -> npt.NDArray[np.uint8]:
    """Return land cover codes (see `COVER`), 0 outside the drawn area."""
    cover = np.full(ground.height.shape, 3, dtype=np.uint8)
    tilled = waves(ground.grid.centres(), "tilled", 1900.0).reshape(cover.shape) > _FALLOW
    cover[ground.arable & tilled] = 1
    cover[ground.wooded] = 2
    cover[ground.slope > 34] = 6
    for code, mask in ((1, fields), (5, built), (4, water)):
        cover[mask] = code
    cover[~ground.here] = 0
    return cover
