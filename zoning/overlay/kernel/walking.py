"""The way of a site through the tree of a layer: to all zones near enough, nearer nodes first.

Near is measured from the cells of the site, not from its box: a long road keeps to the nodes along the road.
"""

import numpy as np

from zoning.overlay.kernel.cells import cell_gap2
from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.layout import (
    CELL_STARTS,
    FANOUT,
    MOST_LEVELS,
    NODES,
    RECORDS,
    TREE_LEVELS,
    TREE_ZONES,
    ZONE_BOXES,
)
from zoning.overlay.kernel.memory import WORD, Base, put_real, put_whole, real, whole

Goal = tuple[int, int, int, int]
"""What is looked for: address of the squares of the distances up to which the zones of each group are wanted, number of
groups, heads of the lists of groups and of masks in the tree (-1 when all zones are of group 0)."""

Layer = tuple[Base, Base]
"""Shapes of the zones and the tree over them."""

_LAST_BIT = 63
_LEVELS = MOST_LEVELS + 2
# Per level: how many cells are near, the next child, how many children; then the open level and the room for cells.
# Then per level the children, nearest first, and the squares of their distances; then the cells.
_NUMBERS, _NEXT, _ENDS, _LEVEL, _ROOM = 0, _LEVELS, 2 * _LEVELS, 3 * _LEVELS, 3 * _LEVELS + 1
_CHILDREN = 3 * _LEVELS + 2
_GAPS = _CHILDREN + _LEVELS * FANOUT
_CELLS = _GAPS + _LEVELS * FANOUT


@compiled
def walk_words(cells: int) -> int:
    """Return how many numbers the way of a site with so many cells needs."""
    return _CELLS + _LEVELS * cells


@compiled
def prepare_walk(walk: int, cells: int) -> None:
    """Say how many cells a site can have."""
    put_whole(walk, _ROOM, cells)


@compiled
def start(walk: int, cells: int, site: int, tree: Base) -> None:
    """Begin at the root with the cells of a site."""
    first = whole(cells, whole(cells, CELL_STARTS) + site)
    last = whole(cells, whole(cells, CELL_STARTS) + site + 1)
    top = whole(tree[1], TREE_LEVELS)
    row = _CELLS + (top + 1) * whole(walk, _ROOM)
    for cell in range(first, last):
        put_whole(walk, row + cell - first, whole(cells, whole(cells, RECORDS) + cell))
    put_whole(walk, _NUMBERS + top + 1, last - first)
    put_whole(walk, _CHILDREN + top * FANOUT, 0)
    put_real(walk, _GAPS + top * FANOUT, 0.0)
    put_whole(walk, _NEXT + top, 0)
    put_whole(walk, _ENDS + top, int(whole(tree[1], TREE_ZONES) > 0))
    put_whole(walk, _LEVEL, top)


@compiled
def cells_near(walk: int) -> int:
    """Return how many cells are near the zone found last."""
    return whole(walk, _NUMBERS)


@compiled
def cell_near(walk: int, index: int) -> int:
    """Return one of them."""
    return whole(walk, _CELLS + index)


@compiled
def next_zone(walk: int, cells: int, layer: Layer, goal: Goal) -> int:
    """Return the place of the next zone that may be near enough, -1 when there is none."""
    top = whole(layer[1][1], TREE_LEVELS)
    level = whole(walk, _LEVEL)
    while level <= top:
        index = whole(walk, _NEXT + level)
        if index == whole(walk, _ENDS + level):
            level += 1
            continue
        put_whole(walk, _NEXT + level, index + 1)
        node = whole(walk, _CHILDREN + level * FANOUT + index)
        bound2 = _bound2(layer[1], goal, level, node)
        if not real(walk, _GAPS + level * FANOUT + index) <= bound2:
            continue
        if _choose(walk, cells, layer, (level, node), bound2) == 0:
            continue
        if level == 0:
            put_whole(walk, _LEVEL, 0)
            return node
        level -= 1
        _open(walk, cells, layer, (level, node), bound2)
    put_whole(walk, _LEVEL, level)
    return -1


@compiled
def _bound2(tree: Base, goal: Goal, level: int, node: int) -> float:
    """Return the largest distance, squared, at which something below a node is still wanted."""
    best2, groups, of_zones, of_nodes = goal
    if of_zones < 0:
        return real(best2, 0)
    ints = tree[1]
    if level == 0:
        group = whole(ints, whole(ints, of_zones) + node)
        return real(best2, group) if group >= 0 else -1.0
    mask = whole(ints, whole(ints, of_nodes) + whole(ints, whole(ints, NODES) + level - 1) + node)
    bound2 = -1.0
    for group in range(groups):
        if mask >> min(group, _LAST_BIT) & 1:
            bound2 = max(bound2, real(best2, group))
    return bound2


@compiled
def _box(layer: Layer, level: int, node: int) -> Base:
    """Return the floats that hold the box of a node, and where it begins there."""
    zones, tree = layer
    if level > 0:
        return tree[0], 4 * (whole(tree[1], whole(tree[1], NODES) + level - 1) + node)
    return zones[0], whole(zones[1], ZONE_BOXES) + 4 * node


@compiled
def _choose(walk: int, cells: int, layer: Layer, place: tuple[int, int], bound2: float) -> int:
    """Keep those cells of the parent that are near enough to a node; return how many."""
    level, node = place
    floats, box = _box(layer, level, node)
    row = _CELLS + level * whole(walk, _ROOM)
    above = row + whole(walk, _ROOM)
    count = 0
    for index in range(whole(walk, _NUMBERS + level + 1)):
        cell = whole(walk, above + index)
        if cell_gap2(cells, cell, floats, box) <= bound2:
            put_whole(walk, row + count, cell)
            count += 1
    put_whole(walk, _NUMBERS + level, count)
    return count


@compiled
def _open(walk: int, cells: int, layer: Layer, place: tuple[int, int], bound2: float) -> None:
    """List the children of a node on the level, nearest first."""
    level, node = place
    ints = layer[1][1]
    size = whole(ints, TREE_ZONES)
    if level > 0:
        size = whole(ints, whole(ints, NODES) + level) - whole(ints, whole(ints, NODES) + level - 1)
    row = _CELLS + (level + 1) * whole(walk, _ROOM)
    children, gaps = walk + WORD * (_CHILDREN + level * FANOUT), walk + WORD * (_GAPS + level * FANOUT)
    count = 0
    for child in range(node * FANOUT, min(node * FANOUT + FANOUT, size)):
        floats, box = _box(layer, level, child)
        gap2 = np.inf
        for index in range(whole(walk, _NUMBERS + level + 1)):
            gap2 = min(gap2, cell_gap2(cells, whole(walk, row + index), floats, box))
        if not gap2 <= bound2:
            continue
        at = count
        while at > 0 and real(gaps, at - 1) > gap2:
            put_whole(children, at, whole(children, at - 1))
            put_real(gaps, at, real(gaps, at - 1))
            at -= 1
        put_whole(children, at, child)
        put_real(gaps, at, gap2)
        count += 1
    put_whole(walk, _NEXT + level, 0)
    put_whole(walk, _ENDS + level, count)
