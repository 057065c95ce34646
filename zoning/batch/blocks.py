"""Records of the boundary file in blocks, and in tasks of footprints that lie near each other."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import shapely

from zoning.batch.job import Task
from zoning.overlay.kernel.order import hilbert_order
from zoning.sites.crs.misfit import lonlat_bounds

if TYPE_CHECKING:
    from zoning.sites.streaming import Row

BLOCK = 8_192
TASK = 128
TASKS_PER_BLOCK = 10_000
"""The numbers of tasks of one block lie in one such range; block 3 begins with task 30,000."""

_MOST_VERTICES = 4_000_000  # of one block, so that long borders do not fill the memory
_NOWHERE = (np.nan,) * 4


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
    """Return the order of records along a Hilbert curve through their places; those without a place come last."""
    places = np.array([_place(row) for row in rows], dtype=np.float64).reshape(-1, 4)
    return [int(index) for index in hilbert_order(places)]


def _place(row: "Row") -> tuple[float, float, float, float]:
    if row.site is None or row.site.geometry.is_empty:
        return _NOWHERE
    return lonlat_bounds(row.site.geometry, row.site.crs)
