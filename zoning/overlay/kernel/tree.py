"""A static tree over boxes, packed into arrays: sixteen neighbours of the Hilbert curve to a node, level by level."""

import numpy as np

from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.layout import (
    FANOUT,
    GROUP_MASKS,
    GROUPS,
    LOOSE,
    LOOSE_MASKS,
    MOST_LEVELS,
    NODES,
    NUMBERS,
    PLACES,
    TREE_GROUPS,
    TREE_HEAD,
    TREE_LEVELS,
    TREE_ZONES,
    ZONE_BOXES,
    ZONES,
    Flat,
    Floats,
    Ints,
)
from zoning.overlay.kernel.memory import address, put_whole, whole
from zoning.overlay.kernel.packing import box_level

_LAST_BIT = 63


@compiled
def build_tree(flat: Flat, numbers: Ints, groups: Ints, loose: Ints) -> tuple[Floats, Ints]:
    """Return the arrays of a tree over shapes that lie along a Hilbert curve.

    Parameters
    ----------
    numbers, groups, loose
        (n,) as `zoning.overlay.kernel.layout` says.
    """
    count = flat.ints[ZONES]
    starts = np.zeros(MOST_LEVELS + 1, np.int64)
    levels, size, nodes = 0, count, 0
    while size > 1 or levels == 0:
        size = (size + FANOUT - 1) // FANOUT
        nodes += size
        levels += 1
        starts[levels] = nodes
    ints = np.zeros(TREE_HEAD + MOST_LEVELS + 1 + 4 * count + 2 * nodes, np.int64)
    ints[TREE_ZONES], ints[TREE_LEVELS], ints[NODES] = count, levels, TREE_HEAD
    for level in range(MOST_LEVELS + 1):
        ints[TREE_HEAD + level] = starts[level]
    ints[NUMBERS] = TREE_HEAD + MOST_LEVELS + 1
    ints[GROUPS] = ints[NUMBERS] + count
    ints[LOOSE] = ints[GROUPS] + count
    ints[GROUP_MASKS] = ints[LOOSE] + count
    ints[LOOSE_MASKS] = ints[GROUP_MASKS] + nodes
    ints[PLACES] = ints[LOOSE_MASKS] + nodes
    for zone in range(count):
        ints[ints[NUMBERS] + zone] = numbers[zone]
        ints[ints[GROUPS] + zone] = groups[zone]
        ints[ints[LOOSE] + zone] = loose[zone]
        ints[ints[PLACES] + numbers[zone]] = zone
        ints[TREE_GROUPS] = max(ints[TREE_GROUPS], groups[zone] + 1)
    # The boxes of the zones before those of the nodes, so that each level follows the one below.
    floats = np.empty(4 * (count + nodes))
    for index in range(4 * count):
        floats[index] = flat.floats[flat.ints[ZONE_BOXES] + index]
    below, size = 0, count
    for level in range(levels):
        box_level(address(floats), below, size, 4 * (count + starts[level]))
        below, size = 4 * (count + starts[level]), starts[level + 1] - starts[level]
    for index in range(2):
        _mask(address(ints), GROUPS + index, GROUP_MASKS + index)
    return floats[4 * count :], ints


@compiled
def _mask(ints: int, groups: int, masks: int) -> None:
    """Write for each node which groups it holds."""
    below, size = whole(ints, groups), whole(ints, TREE_ZONES)
    for level in range(whole(ints, TREE_LEVELS)):
        nodes = whole(ints, NODES) + level
        at, count = whole(ints, masks) + whole(ints, nodes), whole(ints, nodes + 1) - whole(ints, nodes)
        for node in range(count):
            mask = 0
            for child in range(node * FANOUT, min(node * FANOUT + FANOUT, size)):
                entry = whole(ints, below + child)
                if level > 0:
                    mask |= entry
                elif entry >= 0:
                    mask |= 1 << min(entry, _LAST_BIT)
            put_whole(ints, at + node, mask)
        below, size = at, count


@compiled
def search(flat: Flat, tree: Flat, box: tuple[float, float, float, float]) -> Ints:
    """Return the places of all shapes whose boxes meet a box, touching included, in the order of the tree."""
    found = np.empty(64, np.int64)
    stack = np.empty(2 * FANOUT * MOST_LEVELS, np.int64)
    starts = tree.ints[NODES]
    count, top = 0, 0
    stack[0], stack[1] = tree.ints[TREE_LEVELS], 0
    while top >= 0:
        level, node = stack[top], stack[top + 1]
        top -= 2
        floats = tree.floats if level > 0 else flat.floats
        at = 4 * (tree.ints[starts + level - 1] + node) if level > 0 else flat.ints[ZONE_BOXES] + 4 * node
        if floats[at] > box[2] or floats[at + 2] < box[0] or floats[at + 1] > box[3] or floats[at + 3] < box[1]:
            continue
        if level == 0:
            if count == len(found):
                found = _longer(found)
            found[count] = node
            count += 1
            continue
        size = tree.ints[TREE_ZONES]
        if level > 1:
            size = tree.ints[starts + level - 1] - tree.ints[starts + level - 2]
        for child in range(node * FANOUT, min(node * FANOUT + FANOUT, size)):
            top += 2
            stack[top], stack[top + 1] = level - 1, child
    return found[:count]


@compiled
def _longer(found: Ints) -> Ints:
    grown = np.empty(4 * len(found), np.int64)
    for index in range(len(found)):
        grown[index] = found[index]
    return grown
