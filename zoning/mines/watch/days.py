"""All rasters of one day, seen on one grid as one."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from zoning.mines.raster_grid import Grid
from zoning.mines.rasters import OpenScene, Scene, open_scene

_TILES = 12  # as many as a window of the watch touches
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Day:
    """The open rasters of a day, all on one grid."""

    on: date
    scenes: tuple[OpenScene, ...]

    def window(self, column: int, row: int, width: int, height: int) -> Floats:
        """Return the values of a window, (height, width): of the first raster that has one, NaN where none has."""
        values = np.full((height, width), np.nan)
        for scene in self.scenes:
            gaps = np.isnan(values)
            if not gaps.any():
                break
            more, _ = scene.window(column, row, width, height)
            values[gaps] = more[gaps]
        return values


@contextmanager
def open_days(scenes: Sequence[Scene], days: Sequence[date], grid: Grid) -> Iterator[dict[date, Day]]:
    """Open the rasters of some days on a grid.

    Raises
    ------
    UsageError, LayerError, CRSError
        When a raster has no such band, cannot be read, or does not say where it lies.
    """
    with ExitStack() as stack:
        yield {
            day: Day(
                day,
                tuple(
                    stack.enter_context(open_scene(scene, grid, tiles=_TILES)) for scene in scenes if scene.on == day
                ),
            )
            for day in sorted(set(days))
        }
