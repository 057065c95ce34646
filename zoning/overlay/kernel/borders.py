"""A zone met by a cell of a site in a window: the area in common, and whether their borders meet.

The zone's border is not gathered as a whole: a few edges at a time are summed against the pieces of the site.
"""

from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.layout import (
    BOX_STARTS,
    FANOUT,
    RUN_BOXES,
    SIGNS,
    VERTEX_STARTS,
)
from zoning.overlay.kernel.memory import WORD, Base, put_real, put_whole, real, whole
from zoning.overlay.kernel.orientation import segments_meet
from zoning.overlay.kernel.rings import next_ring, ring_at, rings_between
from zoning.overlay.kernel.windows import (
    Window,
    add_edge,
    add_flat,
    clear,
    common_area,
    edge_at,
    half_full,
    near_count,
    near_edge,
    prepare,
    restart,
    words_for,
)

_BATCH = 96
# What a meeting holds: area, its error, width and height of the windows with an area, whether borders meet, whether
# areas are wanted, where the pieces of the site are; then the way through the blocks of a ring, the pieces of the zone,
# those of the site.
_AREA, _ERROR, _EXTENT, _MEET, _WANTED, _SITE = 0, 1, 2, 3, 4, 5
BLOCKS = 8
_STACK = 32
_BLOCK_WORDS = 32 + 2 * (FANOUT + 1) * 8
_ZONE = BLOCKS + _BLOCK_WORDS


@compiled
def meeting_words(pieces: int) -> int:
    """Return how many numbers a meeting needs, when a cell of the site has so many edges and flat pieces."""
    return _ZONE + words_for(_BATCH) + words_for(pieces + 2)


@compiled
def prepare_meeting(at: int, pieces: int) -> None:
    """Say how many edges and flat pieces a cell of the site can have."""
    put_whole(at, _SITE, at + WORD * (_ZONE + words_for(_BATCH)))
    prepare(at + WORD * _ZONE, _BATCH)
    prepare(whole(at, _SITE), pieces + 2)


@compiled
def begin(at: int, areas: int) -> None:
    """Begin with another site or zone; `areas` is 1 when areas are wanted, 0 when only whether borders meet."""
    put_real(at, _AREA, 0.0)
    put_real(at, _ERROR, 0.0)
    put_real(at, _EXTENT, 0.0)
    put_whole(at, _MEET, 0)
    put_whole(at, _WANTED, areas)


@compiled
def site_pieces(at: int) -> int:
    """Return where the pieces of the site are."""
    return whole(at, _SITE)


@compiled
def result(at: int) -> tuple[float, float, float, bool]:
    """Return the area so far, its largest error, width and height of where it lies, and whether the borders meet."""
    return real(at, _AREA), real(at, _ERROR), real(at, _EXTENT), whole(at, _MEET) != 0


@compiled
def meet_zone(at: int, sites: Base, zones: Base, zone: int, window: Window) -> None:
    """Sum what a zone has in a window against the pieces of the site there."""
    clear(at + WORD * _ZONE, window)
    before = real(at, _AREA)
    first, index = rings_between(zones[1], zone)[0], next_ring(zones, zone, 0, window)
    # A closed ring that lies above the window passes over it there and back: only those that meet it count.
    while index >= 0:
        _meet_ring(at, sites, zones, ring_at(zones[1], first, index) >> 1, window)
        index = next_ring(zones, zone, index + 1, window)
    _sum(at, sites, zones)
    if real(at, _AREA) != before:
        put_real(at, _EXTENT, real(at, _EXTENT) + window[2] - window[0] + window[3] - window[1])


@compiled
def _meet_ring(at: int, sites: Base, zones: Base, ring: int, window: Window) -> None:
    ints, pieces = zones[1], at + WORD * _ZONE
    start = whole(ints, whole(ints, VERTEX_STARTS) + ring)
    edges = whole(ints, whole(ints, VERTEX_STARTS) + ring + 1) - 1 - start
    right = whole(ints, whole(ints, SIGNS) + ring)
    blocks = at + WORD * BLOCKS
    top = open_ring(zones, ring, blocks)
    while top >= _STACK:
        level, number = whole(blocks, top), whole(blocks, top + 1)
        span = whole(blocks, 16 + level)
        first = start + number * span
        last = min(first + span, start + edges)
        box = whole(blocks, level) + 4 * number
        top -= 2
        if half_full(pieces, FANOUT):
            _sum(at, sites, zones)
        if (
            real(zones[0], box) > window[2]
            or real(zones[0], box + 2) < window[0]
            or real(zones[0], box + 3) < window[1]
        ):
            continue
        if real(zones[0], box + 1) > window[3]:
            begin_x, end_x = real(zones[0], 2 * first), real(zones[0], 2 * last)
            weight = 1.0 if (begin_x > end_x) != right else -1.0
            add_flat(pieces, min(begin_x, end_x), max(begin_x, end_x), weight, window)
        elif level > 0:
            top = open_block(blocks, top, level, number, last - first)
        else:
            for vertex in range(first, last):
                add_edge(pieces, zones, 2 * vertex + right, window)


@compiled
def open_ring(zones: Base, ring: int, blocks: int) -> int:
    """Begin the way through the blocks of a ring with the largest; return the top of the stack of blocks.

    Written are for each level where its boxes start, 16 places on how many edges a box holds, and the stack: level and
    number of the block.
    """
    ints = zones[1]
    at = whole(ints, RUN_BOXES) + 4 * whole(ints, whole(ints, BOX_STARTS) + ring)
    starts = whole(ints, VERTEX_STARTS)
    edges = whole(ints, starts + ring + 1) - 1 - whole(ints, starts + ring)
    level, span = 0, FANOUT
    put_whole(blocks, 0, at)
    put_whole(blocks, 16, span)
    while edges > span:
        at += 4 * ((edges + span - 1) // span)
        level += 1
        span *= FANOUT
        put_whole(blocks, level, at)
        put_whole(blocks, 16 + level, span)
    put_whole(blocks, _STACK, level)
    put_whole(blocks, _STACK + 1, 0)
    return _STACK if edges > 0 else _STACK - 2


@compiled
def open_block(blocks: int, top: int, level: int, number: int, edges: int) -> int:
    """Put the blocks of a block on the stack; return its top."""
    below = whole(blocks, 16 + level - 1)
    for child in range(number * FANOUT, number * FANOUT + (edges + below - 1) // below):
        top += 2
        put_whole(blocks, top, level - 1)
        put_whole(blocks, top + 1, child)
    return top


@compiled
def _sum(at: int, sites: Base, zones: Base) -> None:
    """Add up what was gathered of the zone."""
    site, zone = whole(at, _SITE), at + WORD * _ZONE
    if whole(at, _WANTED):
        area, error = common_area(site, zone)
        put_real(at, _AREA, real(at, _AREA) + area)
        put_real(at, _ERROR, real(at, _ERROR) + error)
    if not whole(at, _MEET) and _edges_meet(site, sites, zone, zones):
        put_whole(at, _MEET, 1)
    restart(zone)


@compiled
def _edges_meet(one: int, sites: Base, two: int, zones: Base) -> bool:
    """Tell whether any of the edges near have a point in common; exact."""
    for p in range(near_count(one)):
        x1, y1, x2, y2 = edge_at(sites, near_edge(one, p))
        for q in range(near_count(two)):
            x3, y3, x4, y4 = edge_at(zones, near_edge(two, q))
            if (
                max(x1, x2) >= min(x3, x4)
                and min(x1, x2) <= max(x3, x4)
                and max(y1, y2) >= min(y3, y4)
                and min(y1, y2) <= max(y3, y4)
                and segments_meet((x1, y1), (x2, y2), (x3, y3), (x4, y4))
            ):
                return True
    return False
