"""Shapes laid out in flat arrays, with a box for each run of edges and for each block of runs."""

import numpy as np

from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.layout import (
    AREAL,
    AREAS,
    BOX_STARTS,
    BOXES,
    FANOUT,
    GROVE_BOXES,
    GROVE_STARTS,
    HEAD,
    KINDS,
    PART_STARTS,
    PARTS,
    RING_ORDER,
    RING_STARTS,
    RINGS,
    RUN_BOXES,
    SIGNS,
    VERTEX_STARTS,
    VERTICES,
    ZONE_BOXES,
    ZONES,
    Floats,
    Ints,
)
from zoning.overlay.kernel.memory import Base, address, put_real, put_whole, real, whole


@compiled
def pack(xy: Floats, starts: tuple[Ints, Ints, Ints], kinds: Ints, areas: Floats) -> tuple[Floats, Ints]:
    """Return the arrays of shapes.

    Parameters
    ----------
    xy
        (v, 2) coordinates.
    starts
        First vertex of each ring, first ring of each part, first part of each zone, each with the end as last entry.
    kinds
        (n,) types of geometry, in the numbers of shapely.
    areas
        (n,) square metres; empty for lines.
    """
    rings, parts, zones = starts
    boxes = groves = 0
    for ring in range(len(rings) - 1):
        boxes += boxes_of(rings[ring + 1] - 1 - rings[ring])
    for zone in range(len(kinds)):
        groves += groves_of(parts[zones[zone + 1]] - parts[zones[zone]])
    # Zeros: the same shapes always give the same bytes.
    ints = np.zeros(HEAD + 3 * len(zones) - 1 + len(parts) + 4 * len(rings) - 2, np.int64)
    ints[ZONES], ints[PARTS], ints[RINGS] = len(zones) - 1, len(parts) - 1, len(rings) - 1
    ints[VERTICES], ints[BOXES], ints[AREAL] = len(xy), boxes, len(areas) > 0
    ints[PART_STARTS] = HEAD
    ints[RING_STARTS] = ints[PART_STARTS] + len(zones)
    ints[VERTEX_STARTS] = ints[RING_STARTS] + len(parts)
    ints[BOX_STARTS] = ints[VERTEX_STARTS] + len(rings)
    ints[KINDS] = ints[BOX_STARTS] + len(rings)
    ints[SIGNS] = ints[KINDS] + len(kinds)
    ints[RING_ORDER] = ints[SIGNS] + len(rings) - 1
    ints[GROVE_STARTS] = ints[RING_ORDER] + len(rings) - 1
    ints[RUN_BOXES] = 2 * len(xy)
    ints[ZONE_BOXES] = ints[RUN_BOXES] + 4 * boxes
    ints[AREAS] = ints[ZONE_BOXES] + 4 * len(kinds)
    ints[GROVE_BOXES] = ints[AREAS] + len(areas)
    floats = np.zeros(ints[GROVE_BOXES] + 4 * groves)
    base = (address(floats), address(ints))
    _copy_whole(base[1], ints[PART_STARTS], address(zones), len(zones))
    _copy_whole(base[1], ints[RING_STARTS], address(parts), len(parts))
    _copy_whole(base[1], ints[VERTEX_STARTS], address(rings), len(rings))
    _copy_whole(base[1], ints[KINDS], address(kinds), len(kinds))
    _copy_whole(base[0], 0, address(xy), 2 * len(xy))
    _copy_whole(base[0], ints[AREAS], address(areas), len(areas))
    _fill_rings(base)
    _box_zones(base)
    return floats, ints


@compiled
def groves_of(rings: int) -> int:
    """Return how many boxes of rings a zone with so many has."""
    return (rings + FANOUT - 1) // FANOUT if rings > FANOUT else 0


@compiled
def _copy_whole(to: int, at: int, values: int, count: int) -> None:
    # Floats, too: only their bits are moved.
    for index in range(count):
        put_whole(to, at + index, whole(values, index))


@compiled
def boxes_of(edges: int) -> int:
    """Return how many boxes a ring of so many edges has, all levels together."""
    if edges <= 0:
        return 0
    level = (edges + FANOUT - 1) // FANOUT
    total = level
    while level > 1:
        level = (level + FANOUT - 1) // FANOUT
        total += level
    return total


@compiled
def _fill_rings(base: Base) -> None:
    """Write boxes and signs of all rings."""
    floats, ints = base
    box = 0
    for part in range(whole(ints, PARTS)):
        shell = whole(ints, whole(ints, RING_STARTS) + part)
        for ring in range(shell, whole(ints, whole(ints, RING_STARTS) + part + 1)):
            put_whole(ints, whole(ints, BOX_STARTS) + ring, box)
            first = whole(ints, whole(ints, VERTEX_STARTS) + ring)
            last = whole(ints, whole(ints, VERTEX_STARTS) + ring + 1) - 1
            _box_ring(floats, whole(ints, RUN_BOXES) + 4 * box, first, last)
            box += boxes_of(last - first)
            left = _runs_left(floats, first, last)
            put_whole(ints, whole(ints, SIGNS) + ring, int(left != (ring == shell)))
            put_whole(ints, whole(ints, RING_ORDER) + ring, 2 * ring + int(ring > shell))
    put_whole(ints, whole(ints, BOX_STARTS) + whole(ints, RINGS), box)


@compiled
def _box_zones(base: Base) -> None:
    floats, ints = base
    groves = 0
    for zone in range(whole(ints, ZONES)):
        at = whole(ints, ZONE_BOXES) + 4 * zone
        _no_box(floats, at)
        first = whole(ints, whole(ints, RING_STARTS) + whole(ints, whole(ints, PART_STARTS) + zone))
        last = whole(ints, whole(ints, RING_STARTS) + whole(ints, whole(ints, PART_STARTS) + zone + 1))
        for ring in range(first, last):
            end = whole(ints, whole(ints, BOX_STARTS) + ring + 1)
            if end > whole(ints, whole(ints, BOX_STARTS) + ring):
                _extend(floats, at, whole(ints, RUN_BOXES) + 4 * (end - 1))
        put_whole(ints, whole(ints, GROVE_STARTS) + zone, groves)
        groves += groves_of(last - first)
    put_whole(ints, whole(ints, GROVE_STARTS) + whole(ints, ZONES), groves)


@compiled
def box_groves(floats: Floats, ints: Ints) -> None:
    """Write the boxes of rings of those zones that have many, in their order."""
    base, to = address(floats), address(ints)
    for zone in range(ints[ZONES]):
        at = ints[GROVE_BOXES] + 4 * ints[ints[GROVE_STARTS] + zone]
        first = ints[ints[RING_STARTS] + ints[ints[PART_STARTS] + zone]]
        last = ints[ints[RING_STARTS] + ints[ints[PART_STARTS] + zone + 1]]
        if last - first > FANOUT:
            for start in range(first, last, FANOUT):
                _no_box(base, at)
                for place in range(start, min(start + FANOUT, last)):
                    ring = whole(to, ints[RING_ORDER] + place) >> 1
                    _extend(base, at, ints[RUN_BOXES] + 4 * (ints[ints[BOX_STARTS] + ring + 1] - 1))
                at += 4


@compiled
def _no_box(floats: int, at: int) -> None:
    put_real(floats, at, np.inf)
    put_real(floats, at + 1, np.inf)
    put_real(floats, at + 2, -np.inf)
    put_real(floats, at + 3, -np.inf)


@compiled
def _box_ring(floats: int, at: int, first: int, last: int) -> None:
    """Write the boxes of a ring from `at` on: runs, blocks of runs, last the whole ring."""
    count = 0
    for start in range(first, last, FANOUT):
        west = south = np.inf
        east = north = -np.inf
        for vertex in range(start, min(start + FANOUT, last) + 1):
            x, y = real(floats, 2 * vertex), real(floats, 2 * vertex + 1)
            west, south, east, north = min(west, x), min(south, y), max(east, x), max(north, y)
        put_real(floats, at + 4 * count, west)
        put_real(floats, at + 4 * count + 1, south)
        put_real(floats, at + 4 * count + 2, east)
        put_real(floats, at + 4 * count + 3, north)
        count += 1
    below = at
    while count > 1:
        box_level(floats, below, count, below + 4 * count)
        below += 4 * count
        count = (count + FANOUT - 1) // FANOUT


@compiled
def box_level(floats: int, below: int, count: int, at: int) -> None:
    """Write the boxes of blocks from `at` on, of `count` boxes that start at `below`."""
    for start in range(0, count, FANOUT):
        _no_box(floats, at)
        for child in range(start, min(start + FANOUT, count)):
            _extend(floats, at, below + 4 * child)
        at += 4


@compiled
def _extend(floats: int, at: int, by: int) -> None:
    put_real(floats, at, min(real(floats, at), real(floats, by)))
    put_real(floats, at + 1, min(real(floats, at + 1), real(floats, by + 1)))
    put_real(floats, at + 2, max(real(floats, at + 2), real(floats, by + 2)))
    put_real(floats, at + 3, max(real(floats, at + 3), real(floats, by + 3)))


@compiled
def _runs_left(floats: int, first: int, last: int) -> bool:
    """Tell whether a closed ring runs counterclockwise: its area, from its own first vertex, is positive."""
    x, y = real(floats, 2 * first), real(floats, 2 * first + 1)
    twice = 0.0
    for one in range(2 * first + 2, 2 * last - 2, 2):
        across = (real(floats, one) - x) * (real(floats, one + 3) - y)
        twice += across - (real(floats, one + 2) - x) * (real(floats, one + 1) - y)
    return twice > 0
