"""What of a shape's border lies in a window, as pieces over which areas are summed.

A polygon is the signed sum of what lies under its edges: positive under edges that run from right to left, its inside
below them. So of a window only those edges matter that pass through it, and those above it: a chain of edges above is
as good as one flat piece along the window's top from the first to the last of its points. Whole runs and blocks of runs
are taken as one chain, or left out where they lie beside or below the window.

Pieces are rows: left, right, height on the left and on the right, slope, weight, and how large the numbers were that
the heights were worked out from; in metres from the window's lower left corner. Row 0 is the flat piece over the whole
width: its weight counts all chains that pass above all of it.
"""

from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.memory import WORD, Base, put_real, put_whole, real, whole

Window = tuple[float, float, float, float]
"""West, south, east, north."""

Edge = tuple[float, float, float, float]

Nature = tuple[float, float, float]
"""Slope, weight, and size of the numbers of a piece."""

_FEW = 1e-14  # what rounding can do to a height, times the heights that went into it: much more than it does
_ROUNDING = 2.0**-51  # the same, not more than it does

# Pieces: how many rows, how many edges near, for how many of each there is room; then the rows, then the edges.
_ROWS, _NEAR, _ROOM, _HEAD = 0, 1, 2, 4
_ROW = 7


@compiled
def words_for(pieces: int) -> int:
    """Return how many numbers the pieces of so many edges need: an edge can leave two."""
    return _HEAD + _ROW * (2 * pieces + 2) + pieces + 1


@compiled
def prepare(at: int, pieces: int) -> None:
    """Say for how many edges there is room."""
    put_whole(at, _ROOM, pieces)


@compiled
def clear(at: int, window: Window) -> None:
    """Begin a new window."""
    put_whole(at, _ROWS, 1)
    put_whole(at, _NEAR, 0)
    height = window[3] - window[1]
    _write_row(at, 0, (0.0, window[2] - window[0], height, height), (0.0, 0.0, height))


@compiled
def near_count(at: int) -> int:
    """Return how many edges pass through the closed window, or within rounding."""
    return whole(at, _NEAR)


@compiled
def near_edge(at: int, index: int) -> int:
    """Return one of them."""
    return whole(at, _HEAD + _ROW * (2 * whole(at, _ROOM) + 2) + index)


@compiled
def half_full(at: int, more: int) -> bool:
    """Tell whether so many more edges may not fit in."""
    room = whole(at, _ROOM)
    return whole(at, _NEAR) + more > room or whole(at, _ROWS) + 2 * more > 2 * room


@compiled
def restart(at: int) -> None:
    """Go on in the same window without the pieces so far, which have been summed."""
    put_whole(at, _ROWS, 1)
    put_whole(at, _NEAR, 0)
    add_weight(at, -real(at, _HEAD + 5))


@compiled
def add_weight(at: int, weight: float) -> None:
    """Add a chain that passes above all of the window."""
    put_real(at, _HEAD + 5, real(at, _HEAD + 5) + weight)


@compiled
def add_flat(at: int, left: float, right: float, weight: float, window: Window) -> None:
    """Add a chain above the window, from x = left to x = right."""
    west, east = max(left, window[0]), min(right, window[2])
    if east <= west:
        return
    if west <= window[0] and east >= window[2]:
        add_weight(at, weight)
        return
    height = window[3] - window[1]
    _add_row(at, (west - window[0], east - window[0], height, height), (0.0, weight, height))


@compiled
def _add_row(at: int, piece: Edge, nature: Nature) -> None:
    row = whole(at, _ROWS)
    _write_row(at, row, piece, nature)
    put_whole(at, _ROWS, row + 1)


@compiled
def _write_row(at: int, row: int, piece: Edge, nature: Nature) -> None:
    start = _HEAD + _ROW * row
    put_real(at, start, piece[0])
    put_real(at, start + 1, piece[1])
    put_real(at, start + 2, piece[2])
    put_real(at, start + 3, piece[3])
    put_real(at, start + 4, nature[0])
    put_real(at, start + 5, nature[1])
    put_real(at, start + 6, nature[2])


@compiled
def edge_at(flat: Base, edge: int) -> Edge:
    """Return the ends of an edge."""
    at = edge & ~1
    return real(flat[0], at), real(flat[0], at + 1), real(flat[0], at + 2), real(flat[0], at + 3)


@compiled
def add_edge(at: int, flat: Base, edge: int, window: Window) -> None:
    """Add what one edge has in a window."""
    x1, y1, x2, y2 = edge_at(flat, edge)
    if min(x1, x2) > window[2] or max(x1, x2) < window[0] or max(y1, y2) < window[1]:
        return
    weight = 1.0 if (x1 > x2) != (edge & 1) else -1.0
    if min(y1, y2) > window[3]:
        add_flat(at, min(x1, x2), max(x1, x2), weight, window)
    elif x1 == x2:
        _add_near(at, edge)
    elif x1 < x2:
        _add_sloped(at, edge, (x1, y1, x2, y2), weight, window)
    else:
        _add_sloped(at, edge, (x2, y2, x1, y1), weight, window)


@compiled
def _add_near(at: int, edge: int) -> None:
    count = whole(at, _NEAR)
    put_whole(at, _HEAD + _ROW * (2 * whole(at, _ROOM) + 2) + count, edge)
    put_whole(at, _NEAR, count + 1)


@compiled
def _add_sloped(at: int, edge: int, ends: Edge, weight: float, window: Window) -> None:
    """Add an edge that is given from left to right."""
    x1, y1, x2, y2 = ends[0], ends[1] - window[1], ends[2], ends[3] - window[1]
    left, right = max(x1, window[0]), min(x2, window[2])
    slope = (y2 - y1) / (x2 - x1)
    low = y1 if left == x1 else y1 + (left - x1) * slope
    high = y2 if right == x2 else y1 + (right - x1) * slope
    scale = abs(y1) + abs(y2)
    few = _FEW * scale
    height = window[3] - window[1]
    if max(low, high) < -few:
        return
    if min(low, high) > height + few:
        add_flat(at, left, right, weight, window)
        return
    _add_near(at, edge)
    if right > left and max(low, high) > 0:
        _clip(at, (left, right, low, high), (slope, weight, scale), window)


@compiled
def _clip(at: int, piece: Edge, nature: Nature, window: Window) -> None:
    """Add a piece as wide as the window at most: what is below is left out, what is above is flat."""
    left, right, low, high = piece
    slope, weight, _ = nature
    height = window[3] - window[1]
    if min(low, high) >= height:
        add_flat(at, left, right, weight, window)
        return
    if low < 0:
        left, low = min(left - low / slope, right), 0.0
    elif high < 0:
        right, high = max(right - high / slope, left), 0.0
    if low > height:
        cut = min(left + (height - low) / slope, right)
        add_flat(at, left, cut, weight, window)
        left, low = cut, height
    elif high > height:
        cut = max(right + (height - high) / slope, left)
        add_flat(at, cut, right, weight, window)
        right, high = cut, height
    if right > left:
        _add_row(at, (left - window[0], right - window[0], low, high), nature)


@compiled
def winding(at: int) -> float:
    """Return 1 when a window through which no edge passes lies in the shape, 0 when it lies outside."""
    middle = real(at, _HEAD + 1) / 2
    found = real(at, _HEAD + 5)
    for row in range(1, whole(at, _ROWS)):
        start = _HEAD + _ROW * row
        if real(at, start) <= middle < real(at, start + 1):
            found += real(at, start + 5)
    return found


@compiled
def common_area(one: int, two: int) -> tuple[float, float]:
    """Return the area that two shapes have in common in a window, and by how much that can be wrong.

    A height is wrong by a few units in the last place of the numbers that it was worked out from.
    """
    area = gross = 0.0
    for p in range(whole(one, _ROWS)):
        row = one + WORD * (_HEAD + _ROW * p)
        weight = real(row, 5)
        if weight == 0:
            continue
        for q in range(whole(two, _ROWS)):
            other = two + WORD * (_HEAD + _ROW * q)
            left, right = max(real(row, 0), real(other, 0)), min(real(row, 1), real(other, 1))
            if right > left and real(other, 5) != 0:
                width = (right - left) * weight * real(other, 5)
                area += width * _lower(row, other, left, right)
                gross += abs(width) * (real(row, 6) + real(other, 6))
    return area, gross * _ROUNDING


@compiled
def _lower(one: int, two: int, left: float, right: float) -> float:
    """Return the mean height of the lower of two pieces between left and right."""
    low = real(two, 2) + (left - real(two, 0)) * real(two, 4)
    high = real(two, 3) - (real(two, 1) - right) * real(two, 4)
    # How much the first is above the second at both ends.
    start = real(one, 2) + (left - real(one, 0)) * real(one, 4) - low
    end = real(one, 3) - (real(one, 1) - right) * real(one, 4) - high
    below = min(start, 0.0) + min(end, 0.0)
    if start * end < 0:
        # They cross: below zero is a triangle.
        below *= below / (below - max(start, end))
    return (low + high + below) / 2
