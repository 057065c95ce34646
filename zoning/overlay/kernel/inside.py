"""Whether points and rings lie in a shape: exact, since it only asks on which side of edges points lie."""

import numpy as np

from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.layout import (
    AREAL,
    BOX_STARTS,
    FANOUT,
    PART_STARTS,
    RUN_BOXES,
    VERTEX_STARTS,
    ZONE_BOXES,
)
from zoning.overlay.kernel.memory import Base, real, whole
from zoning.overlay.kernel.orientation import orientation
from zoning.overlay.kernel.rings import next_ring, ring_at, rings_between


@compiled
def point_inside(flat: Base, zone: int, x: float, y: float) -> bool:
    """Tell whether a point that is not on the border lies in a polygon: edges above it are counted."""
    window = (x, y, x, np.inf)
    first, index = rings_between(flat[1], zone)[0], next_ring(flat, zone, 0, window)
    odd = False
    while index >= 0:
        odd ^= _ring_odd(flat, ring_at(flat[1], first, index) >> 1, x, y)
        index = next_ring(flat, zone, index + 1, window)
    return odd


@compiled
def _ring_odd(flat: Base, ring: int, x: float, y: float) -> bool:
    """Tell whether an odd number of edges of a ring lies above a point."""
    floats, ints = flat
    start = whole(ints, whole(ints, VERTEX_STARTS) + ring)
    end = whole(ints, whole(ints, VERTEX_STARTS) + ring + 1) - 1
    box = whole(ints, RUN_BOXES) + 4 * whole(ints, whole(ints, BOX_STARTS) + ring)
    odd = False
    for first in range(start, end, FANOUT):
        if real(floats, box) <= x <= real(floats, box + 2) and y <= real(floats, box + 3):
            last = min(first + FANOUT, end)
            if real(floats, box + 1) > y:
                # The chain lies above as a whole: only its ends count.
                odd ^= (real(floats, 2 * first) <= x) != (real(floats, 2 * last) <= x)
            else:
                for vertex in range(first, last):
                    odd ^= _above(floats, 2 * vertex, x, y)
        box += 4
    return odd


@compiled
def _above(floats: int, at: int, x: float, y: float) -> bool:
    x1, y1, x2, y2 = real(floats, at), real(floats, at + 1), real(floats, at + 2), real(floats, at + 3)
    if (x1 <= x) == (x2 <= x) or max(y1, y2) < y:
        return False
    if min(y1, y2) > y:
        return True
    side = orientation((x1, y1), (x2, y2), (x, y))
    return side > 0 if x1 > x2 else side < 0


@compiled
def rings_inside(shapes: Base, shape: int, flat: Base, zone: int) -> tuple[int, int, int]:
    """Count the rings of a shape that lie in a polygon whose border none of them meets.

    Returns
    -------
    tuple
        Parts (shells, or lines), parts inside, holes inside.
    """
    floats, ints = shapes
    parts = whole(ints, whole(ints, PART_STARTS) + shape + 1) - whole(ints, whole(ints, PART_STARTS) + shape)
    inside = holes = 0
    if not whole(flat[1], AREAL):
        return parts, 0, 0
    box, others = whole(flat[1], ZONE_BOXES) + 4 * zone, flat[0]
    window = (real(others, box), real(others, box + 1), real(others, box + 2), real(others, box + 3))
    first, index = rings_between(ints, shape)[0], next_ring(shapes, shape, 0, window)
    while index >= 0:
        ring = ring_at(ints, first, index)
        at = 2 * whole(ints, whole(ints, VERTEX_STARTS) + (ring >> 1))
        if point_inside(flat, zone, real(floats, at), real(floats, at + 1)):
            inside += 1 - (ring & 1)
            holes += ring & 1
        index = next_ring(shapes, shape, index + 1, window)
    return parts, inside, holes
