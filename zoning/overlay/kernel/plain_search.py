"""The search of the packed tree without compiled functions: to load those takes longer than to answer for one site."""

import numpy as np
from numpy.typing import NDArray

from zoning.overlay.kernel.layout import FANOUT, NODES, TREE_LEVELS, TREE_ZONES, ZONE_BOXES, Flat, Floats, Ints

Box = tuple[float, float, float, float]


def search_plain(flat: Flat, tree: Flat, box: Box) -> Ints:
    """Return the places of all shapes whose boxes meet a box, touching included, in the order of the tree."""
    at, levels = int(tree.ints[NODES]), int(tree.ints[TREE_LEVELS])
    starts = [int(start) for start in tree.ints[at : at + levels + 1]]
    nodes = np.arange(min(int(tree.ints[TREE_ZONES]), 1))
    for level in range(levels, 0, -1):
        met = nodes[_meeting(tree.floats, 4 * (starts[level - 1] + nodes), box)]
        size = starts[level - 1] - starts[level - 2] if level > 1 else int(tree.ints[TREE_ZONES])
        nodes = (met[:, None] * FANOUT + np.arange(FANOUT)).ravel()
        nodes = nodes[nodes < size]
    found: Ints = nodes[_meeting(flat.floats, int(flat.ints[ZONE_BOXES]) + 4 * nodes, box)]
    return found


def _meeting(floats: Floats, at: Ints, box: Box) -> NDArray[np.bool_]:
    """Return which of the boxes that start at some places meet a box."""
    found: NDArray[np.bool_] = (
        (floats[at] <= box[2]) & (floats[at + 2] >= box[0]) & (floats[at + 1] <= box[3]) & (floats[at + 3] >= box[1])
    )
    return found
