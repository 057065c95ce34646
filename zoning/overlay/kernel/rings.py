"""The rings of a zone that may matter in a window: of thousands of parts or holes only a few are looked at."""

from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.layout import (
    BOX_STARTS,
    FANOUT,
    GROVE_BOXES,
    GROVE_STARTS,
    PART_STARTS,
    RING_ORDER,
    RING_STARTS,
    RUN_BOXES,
)
from zoning.overlay.kernel.memory import Base, real, whole
from zoning.overlay.kernel.windows import Window


@compiled
def rings_between(ints: int, zone: int) -> tuple[int, int]:
    """Return the first ring of a zone, and the one behind its last."""
    starts, parts = whole(ints, RING_STARTS), whole(ints, PART_STARTS) + zone
    return whole(ints, starts + whole(ints, parts)), whole(ints, starts + whole(ints, parts + 1))


@compiled
def next_ring(flat: Base, zone: int, index: int, window: Window) -> int:
    """Return the index of the next ring whose box meets a window, from an index on; -1 when there is none."""
    ints = flat[1]
    first, last = rings_between(ints, zone)
    count = last - first
    groves = whole(ints, GROVE_BOXES) + 4 * whole(ints, whole(ints, GROVE_STARTS) + zone)
    while index < count:
        if count > FANOUT and index % FANOUT == 0 and not _meets(flat[0], groves + index // FANOUT * 4, window):
            index += FANOUT
            continue
        end = whole(ints, whole(ints, BOX_STARTS) + (ring_at(ints, first, index) >> 1) + 1)
        if _meets(flat[0], whole(ints, RUN_BOXES) + 4 * (end - 1), window):
            return index
        index += 1
    return -1


@compiled
def ring_at(ints: int, first: int, index: int) -> int:
    """Return twice the number of a ring, plus one for a hole; `first` is the first ring of the zone."""
    return whole(ints, whole(ints, RING_ORDER) + first + index)


@compiled
def _meets(floats: int, box: int, window: Window) -> bool:
    return (
        real(floats, box) <= window[2]
        and real(floats, box + 2) >= window[0]
        and real(floats, box + 1) <= window[3]
        and real(floats, box + 3) >= window[1]
    )
