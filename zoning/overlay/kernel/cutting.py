"""Sites cut into cells with few edges each: what a long road touches is looked for along the road.

The cells of a site are rectangles beside each other. Each knows the edges that pass through it, and the chains that
pass above it as flat pieces; so the part of the site in a cell is known without any clipping.
"""

from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.layout import (
    CELL_STARTS,
    CELLS,
    CELLS_HEAD,
    EDGES,
    FLATS,
    MOST_CELLS,
    MOST_PIECES,
    PART_STARTS,
    RING_STARTS,
    SIGNS,
    SPAN,
    SPANS,
    VERTEX_STARTS,
    WORDS,
    ZONE_BOXES,
    ZONES,
    Flat,
    Floats,
    Ints,
)
from zoning.overlay.kernel.memory import WORD, Base, address, put_real, put_whole, real, whole
from zoning.overlay.kernel.space import words
from zoning.overlay.kernel.windows import Window, edge_at

Numbers = TypeVar("Numbers", bound=NDArray[Any])

MOST_EDGES = 24
"""Cells with more edges are cut, as long as that helps."""

_DEEPEST = 40
_TASK = 12  # first and last edge, first and last flat piece, weight, depth, whether edges were cut off below; window
_DEPTH, _CUT, _WINDOW = 5, 6, 8


class _Lists(NamedTuple):
    """Cells so far."""

    boxes: Floats
    spans: Ints
    edges: Ints
    flats: Floats


@compiled
def cut_sites(sites: Flat) -> tuple[Floats, Ints]:
    """Return the cells of all sites, as `zoning.overlay.kernel.layout` says."""
    base = (address(sites.floats), address(sites.ints))
    count = sites.ints[ZONES]
    starts = np.zeros(count + 1, np.int64)
    lists = _Lists(
        np.empty(4 * count + 64), np.empty(SPAN * count + 64, np.int64), np.empty(64, np.int64), np.empty(64)
    )
    ends, most = np.zeros(3, np.int64), np.zeros(2, np.int64)
    for site in range(count):
        edges = _edges_between(base, site)
        lists = _room(lists, ends, edges, 0)
        if edges > MOST_EDGES:
            lists = _cut(base, site, lists, ends)
        elif edges > 0:
            ends[1] += _all_edges(base, site, address(lists.edges) + WORD * ends[1])
            _whole_site(base, site, lists, ends)
        starts[site + 1] = ends[0]
        most[0] = max(most[0], starts[site + 1] - starts[site])
    for at in range(0, SPAN * ends[0], SPAN):
        spans = lists.spans
        most[1] = max(most[1], spans[at + 1] - spans[at] + spans[at + 3] - spans[at + 2])
    return _joined(lists, starts, ends, most)


@compiled
def _room(lists: _Lists, ends: Ints, edges: int, pieces: int) -> _Lists:
    """Return lists in which one more cell fits."""
    return _Lists(
        _longer(lists.boxes, 4 * ends[0] + 4),
        _longer(lists.spans, SPAN * ends[0] + SPAN),
        _longer(lists.edges, ends[1] + edges),
        _longer(lists.flats, 3 * (ends[2] + pieces)),
    )


@compiled
def _longer(list_: Numbers, length: int) -> Numbers:
    if len(list_) >= length:
        return list_
    grown: Numbers = np.empty(2 * length, list_.dtype)  # type: ignore[assignment] # of the same type
    for index in range(len(list_)):
        grown[index] = list_[index]
    return grown


@compiled
def _joined(lists: _Lists, starts: Ints, ends: Ints, most: Ints) -> tuple[Floats, Ints]:
    cells = ends[0]
    ints = np.zeros(CELLS_HEAD + len(starts) + SPAN * cells + ends[1], np.int64)
    floats = np.empty(4 * cells + 3 * ends[2])
    ints[CELLS], ints[MOST_CELLS], ints[MOST_PIECES] = cells, most[0], most[1]
    ints[WORDS] = words(most[0], most[1])
    ints[CELL_STARTS], ints[SPANS] = CELLS_HEAD, CELLS_HEAD + len(starts)
    ints[EDGES], ints[FLATS] = CELLS_HEAD + len(starts) + SPAN * cells, 4 * cells
    _copy(starts, len(starts), ints, ints[CELL_STARTS])
    _copy(lists.spans, SPAN * cells, ints, ints[SPANS])
    _copy(lists.edges, ends[1], ints, ints[EDGES])
    _copy(lists.boxes, 4 * cells, floats, 0)
    _copy(lists.flats, 3 * ends[2], floats, ints[FLATS])
    return floats, ints


@compiled
def _copy(values: NDArray[Any], count: int, to: NDArray[Any], at: int) -> None:
    for index in range(count):
        to[at + index] = values[index]


@compiled
def _edges_between(flat: Base, site: int) -> int:
    """Return how many edges a shape has."""
    ints = flat[1]
    first = whole(ints, whole(ints, RING_STARTS) + whole(ints, whole(ints, PART_STARTS) + site))
    last = whole(ints, whole(ints, RING_STARTS) + whole(ints, whole(ints, PART_STARTS) + site + 1))
    starts = whole(ints, VERTEX_STARTS)
    return whole(ints, starts + last) - whole(ints, starts + first) - (last - first)


@compiled
def _all_edges(flat: Base, site: int, at: int) -> int:
    """Write all edges of a shape to an address; return how many."""
    ints = flat[1]
    first = whole(ints, whole(ints, RING_STARTS) + whole(ints, whole(ints, PART_STARTS) + site))
    last = whole(ints, whole(ints, RING_STARTS) + whole(ints, whole(ints, PART_STARTS) + site + 1))
    starts, signs = whole(ints, VERTEX_STARTS), whole(ints, SIGNS)
    count = 0
    for ring in range(first, last):
        for vertex in range(whole(ints, starts + ring), whole(ints, starts + ring + 1) - 1):
            put_whole(at, count, 2 * vertex + whole(ints, signs + ring))
            count += 1
    return count


@compiled
def _whole_site(flat: Base, site: int, lists: _Lists, ends: Ints) -> None:
    """Make one cell of a site whose edges are written already."""
    cell = ends[0]
    box = whole(flat[1], ZONE_BOXES) + 4 * site
    for side in range(4):
        lists.boxes[4 * cell + side] = real(flat[0], box + side)
    lists.spans[SPAN * cell] = ends[1] - _edges_between(flat, site)
    lists.spans[SPAN * cell + 1] = ends[1]
    lists.spans[SPAN * cell + 2] = lists.spans[SPAN * cell + 3] = ends[2]
    lists.spans[SPAN * cell + 4] = 0
    ends[0] = cell + 1


@compiled
def _cut(flat: Base, site: int, lists: _Lists, ends: Ints) -> _Lists:
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
        lists = _room(lists, ends, size, pieces)
        _close(flat, task, (edges, flats), lists, ends)
        open_tasks -= 1
    # Named once more: the space lives until here.
    ends[0] += 0 * space[0]
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
    last = first[0]
    for index in range(whole(task, 0), whole(task, 1)):
        edge = whole(edges, index)
        x1, y1, x2, y2 = edge_at(flat, edge)
        left, right = max(min(x1, x2), west), min(max(x1, x2), east)
        if left > right:
            continue
        if max(y1, y2) < window[1]:
            put_whole(new, _CUT, 1)
        elif min(y1, y2) <= window[3]:
            put_whole(edges, last, edge)
            last += 1
        else:
            _open_flat(new, flats, left, right, 1.0 if (x1 > x2) != (edge & 1) else -1.0)
    put_whole(new, 1, last)


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
def _close(flat: Base, task: int, space: Base, lists: _Lists, ends: Ints) -> None:
    """Make a cell of a task, when something of the site lies in it."""
    edges, flats = space
    size, pieces, weight = whole(task, 1) - whole(task, 0), whole(task, 3) - whole(task, 2), whole(task, 4)
    if size == 0 and _inside(task, flats) == 0:
        return
    west, south = real(task, _WINDOW + 2), real(task, _WINDOW + 3)
    east, north = real(task, _WINDOW), real(task, _WINDOW + 1)
    for index in range(pieces):
        row = 3 * (whole(task, 2) + index)
        for field in range(3):
            lists.flats[3 * (ends[2] + index) + field] = real(flats, row + field)
        west, east = min(west, real(flats, row)), max(east, real(flats, row + 1))
    for index in range(size):
        edge = whole(edges, whole(task, 0) + index)
        lists.edges[ends[1] + index] = edge
        x1, y1, x2, y2 = edge_at(flat, edge)
        west, east = min(west, x1, x2), max(east, x1, x2)
        south, north = min(south, y1, y2), max(north, y1, y2)
    # Below a border that was cut off, and under chains above, the site reaches through the cell.
    box = 4 * ends[0]
    full = weight != 0 or size == 0
    lists.boxes[box] = real(task, _WINDOW) if full else max(west, real(task, _WINDOW))
    lists.boxes[box + 1] = max(south, real(task, _WINDOW + 1))
    if whole(task, _CUT) or size == 0:
        lists.boxes[box + 1] = real(task, _WINDOW + 1)
    lists.boxes[box + 2] = real(task, _WINDOW + 2) if full else min(east, real(task, _WINDOW + 2))
    lists.boxes[box + 3] = real(task, _WINDOW + 3) if full or pieces > 0 else min(north, real(task, _WINDOW + 3))
    span = SPAN * ends[0]
    lists.spans[span], lists.spans[span + 1] = ends[1], ends[1] + size
    lists.spans[span + 2], lists.spans[span + 3] = ends[2], ends[2] + pieces
    lists.spans[span + 4] = weight
    ends[0] += 1
    ends[1] += size
    ends[2] += pieces


@compiled
def _inside(task: int, flats: int) -> int:
    """Return 1 when a window without edges lies in the site, otherwise 0."""
    middle = (real(task, _WINDOW) + real(task, _WINDOW + 2)) / 2
    inside = whole(task, 4)
    for index in range(whole(task, 2), whole(task, 3)):
        if real(flats, 3 * index) <= middle < real(flats, 3 * index + 1):
            inside += int(real(flats, 3 * index + 2))
    return inside
