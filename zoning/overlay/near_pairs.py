"""Pairs of geometries that touch each other, found without filling the memory where all touch all."""

import numpy as np
import shapely
from numpy.typing import NDArray

MOST_PAIRS = 200_000
_STEP = 64


def touching_pairs(geometries: NDArray[np.object_]) -> tuple[NDArray[np.int64], bool]:
    """Return the pairs (m, 2) of geometries that have a point in common, smaller number first.

    Returns
    -------
    tuple
        The pairs, and whether these are all: the search ends after `MOST_PAIRS`.
    """
    shapely.prepare(geometries)
    tree = shapely.STRtree(geometries)
    found: list[NDArray[np.int64]] = [np.empty((0, 2), dtype=np.int64)]
    total = 0
    for start in range(0, len(geometries), _STEP):
        asked, met = tree.query(geometries[start : start + _STEP], predicate="intersects")
        first = asked + start
        found.append(np.column_stack([first, met])[met > first])
        total += len(found[-1])
        if total > MOST_PAIRS:
            return np.concatenate(found)[:MOST_PAIRS], False
    return np.concatenate(found), True
