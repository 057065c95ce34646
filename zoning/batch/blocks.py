"""Records of the boundary file in blocks, and in tasks of footprints that lie near each other."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.batch.job import Task
from zoning.sites.crs.misfit import lonlat_bounds

if TYPE_CHECKING:
    from zoning.sites.streaming import Row

BLOCK = 8_192
TASK = 128
TASKS_PER_BLOCK = 10_000
"""The numbers of tasks of one block lie in one such range; block 3 begins with task 30,000."""

_MOST_VERTICES = 4_000_000  # of one block, so that long borders do not fill the memory
_LEVEL = 16  # of the Hilbert curve: cells of a 65,536th of the extent
_LEAST_DEGREES = 1e-9


def blocks(chunks: Iterable[tuple["Row", ...]]) -> Iterator[tuple["Row", ...]]:
    """Yield the records in blocks of `BLOCK`, or fewer where they have very many vertices, however they come."""
    held: list[Row] = []
    vertices = 0
    for row in chain.from_iterable(chunks):
        more = 0 if row.site is None else int(shapely.get_num_coordinates(row.site.geometry))
        if held and (len(held) == BLOCK or vertices + more > _MOST_VERTICES):
            yield tuple(held)
            held, vertices = [], 0
        held.append(row)
        vertices += more
    if held:
        yield tuple(held)


def tasks(block: tuple["Row", ...], number: int, size: int) -> Iterator[Task]:
    """Cut block `number` into tasks of `size` footprints along a Hilbert curve."""
    order = along_curve(block)
    first = number * TASKS_PER_BLOCK
    for task, start in enumerate(range(0, len(order), size), first):
        yield Task(task, tuple(block[index] for index in order[start : start + size]))


def along_curve(rows: tuple["Row", ...]) -> list[int]:
    """Return the order of records along a Hilbert curve through their centres; those without a place come last."""
    centres = np.array([_centre(row) for row in rows], dtype=np.float64).reshape(-1, 2)
    placed = np.isfinite(centres).all(axis=1)
    distances = np.full(len(rows), np.iinfo(np.int64).max, dtype=np.int64)
    if placed.any():
        distances[placed] = _hilbert(centres[placed])
    return [int(index) for index in np.argsort(distances, kind="stable")]


def _centre(row: "Row") -> tuple[float, float]:
    if row.site is None or row.site.geometry.is_empty:
        return np.nan, np.nan
    west, south, east, north = lonlat_bounds(row.site.geometry, row.site.crs)
    return (west + east) / 2, (south + north) / 2


def _hilbert(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return how far along the curve each point lies, (n, 2) -> (n,)."""
    import geopandas

    low, high = points.min(axis=0), points.max(axis=0)
    # A curve through one point, or along a meridian, needs a box as well.
    extent = (*low.tolist(), *np.maximum(high, low + _LEAST_DEGREES).tolist())
    series = geopandas.GeoSeries.from_xy(points[:, 0], points[:, 1])
    return np.asarray(series.hilbert_distance(total_bounds=extent, level=_LEVEL), dtype=np.int64)
