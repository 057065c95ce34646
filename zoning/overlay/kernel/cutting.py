"""Sites cut into cells with few edges each: what a long road touches is looked for along the road.

The cells of a site are rectangles beside each other. Each knows the edges that pass through it, and the chains that
pass above it as flat pieces; so the part of the site in a cell is known without any clipping.
"""

import numpy as np

from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.layout import (
    CELL_EDGES,
    CELL_FLATS,
    CELL_HEAD,
    CELL_STARTS,
    CELL_WEIGHT,
    CELLS,
    CELLS_HEAD,
    MOST_CELLS,
    MOST_PIECES,
    RECORDS,
    SIGNS,
    VERTEX_STARTS,
    WORDS,
    ZONE_BOXES,
    ZONES,
    Flat,
    Ints,
)
from zoning.overlay.kernel.memory import WORD, Base, address, put_real, put_whole, real, whole
from zoning.overlay.kernel.rings import rings_between
from zoning.overlay.kernel.space import words
from zoning.overlay.kernel.windows import Window, edge_at

MOST_EDGES = 24
"""Cells with more edges are cut, as long as that helps."""

_DEEPEST = 40
_TASK = 12  # first and last edge, first and last flat piece, weight, depth, whether edges were cut off below; window
_DEPTH, _CUT, _WINDOW = 5, 6, 8
# Cells so far: how many, the end of the last description, the most edges and flat pieces of one.
_COUNT, _END, _MOST = 0, 1, 2

Lists = tuple[Ints, Ints]
"""Descriptions of cells, one after the other, and where each begins."""


@compiled
def cut_sites(sites: Flat) -> Ints:
    """Return the cells of all sites, as `zoning.overlay.kernel.layout` says."""
    base = (address(sites.floats), address(sites.ints))
    count = sites.ints[ZONES]
    starts, tally = np.zeros(count + 1, np.int64), np.zeros(3, np.int64)
    lists = (np.empty(64, np.int64), np.empty(count + 64, np.int64))
    most = 0
    for site in range(count):
        edges = _edges_between(base, site)
        if edges > MOST_EDGES:
            lists = _cut(base, site, lists, tally)
        elif edges > 0:
            lists = _room(lists, tally, edges, 0)
            _whole_site(base, site, address(lists[0]) + WORD * tally[_END])
            _enter(lists, tally, edges, 0)
        starts[site + 1] = tally[_COUNT]
        most = max(most, starts[site + 1] - starts[site])
    cells = tally[_COUNT]
    first = CELLS_HEAD + len(starts) + cells
    made = np.zeros(first + tally[_END], np.int64)
    made[CELLS], made[MOST_CELLS], made[MOST_PIECES] = cells, most, tally[_MOST]
    made[WORDS] = words(most, tally[_MOST])
    made[CELL_STARTS], made[RECORDS] = CELLS_HEAD, CELLS_HEAD + len(starts)
    for index in range(len(starts)):
        made[CELLS_HEAD + index] = starts[index]
    for cell in range(cells):
        made[CELLS_HEAD + len(starts) + cell] = first + lists[1][cell]
    for index in range(tally[_END]):
        made[first + index] = lists[0][index]
    return made


@compiled
def _room(lists: Lists, tally: Ints, edges: int, flats: int) -> Lists:
    """Return lists in which one more cell fits."""
    need = tally[_END] + CELL_HEAD + edges + 3 * flats
    return _longer(lists[0], need), _longer(lists[1], tally[_COUNT] + 1)


@compiled
def _longer(list_: Ints, length: int) -> Ints:
    if len(list_) >= length:
        return list_
    grown = np.empty(2 * length, np.int64)
    for index in range(len(list_)):
        grown[index] = list_[index]
    return grown


@compiled
def _enter(lists: Lists, tally: Ints, edges: int, flats: int) -> None:
    """Count a cell whose description was written behind the last."""
    lists[1][tally[_COUNT]] = tally[_END]
    tally[_COUNT] += 1
    tally[_END] += CELL_HEAD + edges + 3 * flats
    tally[_MOST] = max(tally[_MOST], edges + flats)


@compiled
def _edges_between(flat: Base, site: int) -> int:
    """Return how many edges a shape has."""
    first, last = rings_between(flat[1], site)
    starts = whole(flat[1], VERTEX_STARTS)
    return whole(flat[1], starts + last) - whole(flat[1], starts + first) - (last - first)


@compiled
def _all_edges(flat: Base, site: int, at: int) -> int:
    """Write all edges of a shape to an address; return how many."""
    ints = flat[1]
    first, last = rings_between(ints, site)
    starts, signs = whole(ints, VERTEX_STARTS), whole(ints, SIGNS)
    count = 0
    for ring in range(first, last):
        for vertex in range(whole(ints, starts + ring), whole(ints, starts + ring + 1) - 1):
            put_whole(at, count, 2 * vertex + whole(ints, signs + ring))
            count += 1
    return count


@compiled
def _whole_site(flat: Base, site: int, record: int) -> None:
    """Describe a site as one cell."""
    box = whole(flat[1], ZONE_BOXES) + 4 * site
    for side in range(4):
        put_real(record, side, real(flat[0], box + side))
    put_whole(record, CELL_EDGES, _all_edges(flat, site, record + WORD * CELL_HEAD))
    put_whole(record, CELL_FLATS, 0)
    put_whole(record, CELL_WEIGHT, 0)


@compiled
def _cut(flat: Base, site: int, lists: Lists, tally: Ints) -> Lists:
    count = _edges_between(flat, site)
    # Open tasks are a stack, and so are their lists: what follows the list of the task on top is free.
    space = np.empty(_TASK * (2 * _DEEPEST + 4) + 6 * count + 64 + 3 * (4 * count + 64), np.int64)
    tasks = address(space)
    edges = tasks + WORD * _TASK * (2 * _DEEPEST + 4)
    flats = edges + WORD * (6 * count + 64)
    for field in range(_WINDOW):
        put_whole(tasks, field, 0)
    put_whole(tasks, 1, _all_edges(flat, site, edges))
    box = whole(flat[1], ZONE_BOXES) + 4 * site
    for side in range(4):
        put_real(tasks, _WINDOW + side, real(flat[0], box + side))
    open_tasks = 1
    while open_tasks > 0:
        task = tasks + WORD * _TASK * (open_tasks - 1)
        size, pieces = whole(task, 1) - whole(task, 0), whole(task, 3) - whole(task, 2)
        fits = whole(task, 1) + 2 * size <= 6 * count and whole(task, 3) + 2 * (size + pieces) <= 4 * count
        if size > MOST_EDGES and fits and whole(task, _DEPTH) < _DEEPEST and _halve(flat, task, edges, flats):
            open_tasks += 1
            continue
        lists = _room(lists, tally, size, pieces)
        if _close(flat, task, (edges, flats), address(lists[0]) + WORD * tally[_END]):
            _enter(lists, tally, size, pieces)
        open_tasks -= 1
    # Named once more: the space lives until here.
    tally[_COUNT] += 0 * space[0]
    return lists


@compiled
def _halve(flat: Base, task: int, edges: int, flats: int) -> bool:
    """Open tasks for the halves of a window, in place of the task; not when they have hardly fewer edges."""
    west, south = real(task, _WINDOW), real(task, _WINDOW + 1)
    east, north = real(task, _WINDOW + 2), real(task, _WINDOW + 3)
    x, y = (west + east) / 2, (south + north) / 2
    one, two = (west, south, east, y), (west, y, east, north)
    if east - west >= north - south:
        one, two = (west, south, x, north), (x, south, east, north)
    # The first is made behind the second and then takes the place of the task.
    other, later = task + WORD * _TASK, task + 2 * WORD * _TASK
    _open(flat, task, later, one, (whole(task, 1), whole(task, 3)), (edges, flats))
    _open(flat, task, other, two, (whole(later, 1), whole(later, 3)), (edges, flats))
    size = whole(task, 1) - whole(task, 0)
    if whole(other, 1) - whole(task, 1) > size + size // 2:
        return False
    for field in range(_TASK):
        put_whole(task, field, whole(later, field))
    return True


@compiled
def _open(flat: Base, task: int, new: int, window: Window, first: tuple[int, int], lists: Base) -> None:
    """Make a task of what a task has in a part of its window."""
    edges, flats = lists
    west, _, east, _ = window
    put_whole(new, 0, first[0])
    put_whole(new, 2, first[1])
    put_whole(new, 3, first[1])
    put_whole(new, 4, whole(task, 4))
    put_whole(new, _DEPTH, whole(task, _DEPTH) + 1)
    put_whole(new, _CUT, whole(task, _CUT))
    for side in range(4):
        put_real(new, _WINDOW + side, window[side])
    for index in range(whole(task, 2), whole(task, 3)):
        left, right = max(real(flats, 3 * index), west), min(real(flats, 3 * index + 1), east)
        _open_flat(new, flats, left, right, real(flats, 3 * index + 2))
    last, follows = first[0], -1
    begin = end = 0.0
    for index in range(whole(task, 0), whole(task, 1)):
        edge = whole(edges, index)
        x1, y1, x2, y2 = edge_at(flat, edge)
        if min(y1, y2) > window[3]:
            # Edges above that follow each other are as good as one.
            if edge != follows:
                _open_chain(new, flats, begin, end, follows & 1)
                begin = x1
            follows, end = edge + 2, x2
        elif max(min(x1, x2), west) <= min(max(x1, x2), east):
            if max(y1, y2) < window[1]:
                put_whole(new, _CUT, 1)
            else:
                put_whole(edges, last, edge)
                last += 1
    _open_chain(new, flats, begin, end, follows & 1)
    put_whole(new, 1, last)


@compiled
def _open_chain(task: int, flats: int, begin: float, end: float, right: int) -> None:
    """Add a chain above the window that runs from x = begin to x = end."""
    left, last = max(min(begin, end), real(task, _WINDOW)), min(max(begin, end), real(task, _WINDOW + 2))
    _open_flat(task, flats, left, last, 1.0 if (begin > end) != right else -1.0)


@compiled
def _open_flat(task: int, flats: int, left: float, right: float, weight: float) -> None:
    if left >= right:
        return
    if left <= real(task, _WINDOW) and right >= real(task, _WINDOW + 2):
        put_whole(task, 4, whole(task, 4) + int(weight))
        return
    last = whole(task, 3)
    put_real(flats, 3 * last, left)
    put_real(flats, 3 * last + 1, right)
    put_real(flats, 3 * last + 2, weight)
    put_whole(task, 3, last + 1)


@compiled
def _close(flat: Base, task: int, space: Base, record: int) -> bool:
    """Describe what a task has as a cell; tell whether something of the site lies in it."""
    edges, flats = space
    size, pieces, weight = whole(task, 1) - whole(task, 0), whole(task, 3) - whole(task, 2), whole(task, 4)
    if size == 0 and _inside(task, flats) == 0:
        return False
    put_whole(record, CELL_EDGES, size)
    put_whole(record, CELL_FLATS, pieces)
    put_whole(record, CELL_WEIGHT, weight)
    west, south = real(task, _WINDOW + 2), real(task, _WINDOW + 3)
    east, north = real(task, _WINDOW), real(task, _WINDOW + 1)
    for index in range(size):
        edge = whole(edges, whole(task, 0) + index)
        put_whole(record, CELL_HEAD + index, edge)
        x1, y1, x2, y2 = edge_at(flat, edge)
        west, east = min(west, x1, x2), max(east, x1, x2)
        south, north = min(south, y1, y2), max(north, y1, y2)
    for index in range(3 * pieces):
        put_real(record, CELL_HEAD + size + index, real(flats, 3 * whole(task, 2) + index))
    for row in range(3 * whole(task, 2), 3 * whole(task, 3), 3):
        west, east = min(west, real(flats, row)), max(east, real(flats, row + 1))
    # Below a border that was cut off, and under chains above, the site reaches through the cell.
    full = weight != 0 or size == 0
    put_real(record, 0, real(task, _WINDOW) if full else max(west, real(task, _WINDOW)))
    deep = size == 0 or whole(task, _CUT) == 1
    put_real(record, 1, real(task, _WINDOW + 1) if deep else max(south, real(task, _WINDOW + 1)))
    put_real(record, 2, real(task, _WINDOW + 2) if full else min(east, real(task, _WINDOW + 2)))
    high = full or pieces > 0
    put_real(record, 3, real(task, _WINDOW + 3) if high else min(north, real(task, _WINDOW + 3)))
    return True


@compiled
def _inside(task: int, flats: int) -> int:
    """Return 1 when a window without edges lies in the site, otherwise 0."""
    middle = (real(task, _WINDOW) + real(task, _WINDOW + 2)) / 2
    inside = whole(task, 4)
    for index in range(whole(task, 2), whole(task, 3)):
        if real(flats, 3 * index) <= middle < real(flats, 3 * index + 1):
            inside += int(real(flats, 3 * index + 2))
    return inside
