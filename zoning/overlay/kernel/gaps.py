"""Distances in the plane between borders that do not meet."""

from math import sqrt

from zoning.overlay.kernel.borders import BLOCKS, open_block, open_ring
from zoning.overlay.kernel.cells import cell_gap2
from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.layout import CELL_EDGES, CELL_HEAD, VERTEX_STARTS
from zoning.overlay.kernel.memory import WORD, Base, put_whole, real, whole
from zoning.overlay.kernel.rings import next_ring, ring_at, rings_between
from zoning.overlay.kernel.windows import Window

_MORE = 1 + 1e-9  # for the rounding of the root
_STACK = 32  # where the stack of blocks begins


@compiled
def _point_gap2(floats: int, point: int, others: int, at: int) -> float:
    """Return the square of the distance of a point to a segment."""
    x, y = real(floats, point) - real(others, at), real(floats, point + 1) - real(others, at + 1)
    along, up = real(others, at + 2) - real(others, at), real(others, at + 3) - real(others, at + 1)
    square = along * along + up * up
    dot = x * along + y * up
    if dot >= square:
        x, y = real(floats, point) - real(others, at + 2), real(floats, point + 1) - real(others, at + 3)
        return x * x + y * y
    if dot <= 0:
        return x * x + y * y
    cross = x * up - y * along
    return cross * cross / square


@compiled
def _edges_gap2(one: int, a: int, two: int, b: int) -> float:
    """Return the square of the distance of two segments that do not meet."""
    return min(
        _point_gap2(one, a, two, b),
        _point_gap2(one, a + 2, two, b),
        _point_gap2(two, b, one, a),
        _point_gap2(two, b + 2, one, a),
    )


@compiled
def _apart2(floats: int, edge: int, others: int, box: int) -> float:
    """Return the square of the distance of the box of an edge to a box."""
    x1, y1, x2, y2 = real(floats, edge), real(floats, edge + 1), real(floats, edge + 2), real(floats, edge + 3)
    x = max(0.0, min(x1, x2) - real(others, box + 2), real(others, box) - max(x1, x2))
    y = max(0.0, min(y1, y2) - real(others, box + 3), real(others, box + 1) - max(y1, y2))
    return x * x + y * y


@compiled
def _run_gap2(one: tuple[Base, int, int], floats: int, run: tuple[int, int, int], best2: float) -> float:
    """Return the square of the distance of a run to the border of the site in a cell; `best2` when it is not below.

    `run`: the place of its box, its first and its last vertex.
    """
    sites, cells, cell = one
    box, first, last = run
    for index in range(cell + CELL_HEAD, cell + CELL_HEAD + whole(cells, cell + CELL_EDGES)):
        edge = whole(cells, index) & ~1
        if _apart2(sites[0], edge, floats, box) < best2:
            for vertex in range(first, last):
                best2 = min(best2, _edges_gap2(sites[0], edge, floats, 2 * vertex))
    return best2


@compiled
def border_gap2(
    one: tuple[Base, int, int], zones: Base, zone: int, best2: float, at: int, runs: int
) -> tuple[float, int]:
    """Measure from the border of a site in a cell to the border of a zone.

    Parameters
    ----------
    one
        Sites, cells, cell.
    best2
        Square of the distance below which something is wanted.
    at, runs
        A meeting, whose blocks are used; address of room for first and last vertex of all runs below `best2`, or 0.

    Returns
    -------
    tuple
        Square of the distance, `best2` when it is not below; how many runs were found.
    """
    ints, blocks = zones[1], at + WORD * BLOCKS
    found, count = best2, 0
    first, index = rings_between(ints, zone)[0], next_ring(zones, zone, 0, _around(one[1], one[2], best2))
    while index >= 0:
        ring = ring_at(ints, first, index) >> 1
        begin = whole(ints, whole(ints, VERTEX_STARTS) + ring)
        end = whole(ints, whole(ints, VERTEX_STARTS) + ring + 1) - 1
        top = open_ring(zones, ring, blocks)
        while top >= _STACK:
            level, number = whole(blocks, top), whole(blocks, top + 1)
            span = whole(blocks, 16 + level)
            top -= 2
            box = whole(blocks, level) + 4 * number
            if cell_gap2(one[1], one[2], zones[0], box) >= best2:
                continue
            vertex = begin + number * span
            stop = min(vertex + span, end)
            if level > 0:
                top = open_block(blocks, top, level, number, stop - vertex)
                continue
            gap2 = _run_gap2(one, zones[0], (box, vertex, stop), best2)
            found = min(found, gap2)
            if runs == 0:
                best2 = found
            elif gap2 < best2:
                put_whole(runs, 2 * count, vertex)
                put_whole(runs, 2 * count + 1, stop)
                count += 1
        index = next_ring(zones, zone, index + 1, _around(one[1], one[2], best2))
    return found, count


@compiled
def _around(cells: int, cell: int, square: float) -> Window:
    """Return a box that holds everything nearer to a cell than the root of a square."""
    reach = sqrt(square) * _MORE
    return (
        real(cells, cell) - reach,
        real(cells, cell + 1) - reach,
        real(cells, cell + 2) + reach,
        real(cells, cell + 3) + reach,
    )
