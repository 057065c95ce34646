"""The edges of one ring: where it runs out and back, which of its edges meet.

Bounded: a tangle is refused before it is taken apart.
"""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.sites.tangles import tangled_border

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

MOST_MEETINGS = 20_000
"""A ring whose edges meet more often is no boundary; taking it apart would take all memory."""

_STRAIGHT = 1e-10  # sine of the angle of a spike without area: 1 µm beside 10 km
_CORNERS = 3
_SAMPLE = 200
_WHOLE = 2_000
_CHUNK = 4_096
_PAIRS_AT_ONCE = 2_500_000_000
_SMALLEST_CHUNK = 64


def out_and_back(xy: Floats) -> list[list[int]]:
    """Return the vertices of a ring on which it turns around on its own way: spikes without area.

    Parameters
    ----------
    xy
        Vertices (n, 2), the first not repeated at the end, no two neighbours equal.

    Returns
    -------
    list
        Per spike the vertices that go with it, tip first; three vertices are always left.
    """
    after = np.roll(xy, -1, axis=0) - xy
    before = np.roll(xy, 1, axis=0) - xy
    turns = np.flatnonzero(_turns_back(before, after))
    if len(turns) == 0:
        return []
    return _Unwinding(xy).run(turns.tolist())


def _turns_back(before: Floats, after: Floats) -> NDArray[np.bool_]:
    cross = before[..., 0] * after[..., 1] - before[..., 1] * after[..., 0]
    dot = (before * after).sum(axis=-1)
    turned: NDArray[np.bool_] = (dot > 0) & (np.abs(cross) <= _STRAIGHT * dot)
    return turned


class _Unwinding:
    """Takes the tips off a ring, and what becomes a tip by that."""

    def __init__(self, xy: Floats) -> None:
        count = len(xy)
        self._xy = xy
        self._next = [*range(1, count), 0]
        self._before = [count - 1, *range(count - 1)]
        self._gone = [False] * count
        self._left = count

    def run(self, tips: list[int]) -> list[list[int]]:
        return [spike for tip in tips if (spike := self._spike(tip))]

    def _spike(self, tip: int) -> list[int]:
        taken: list[int] = []
        waiting = [tip]
        while waiting and self._left > _CORNERS:
            vertex = waiting.pop()
            if not self._gone[vertex] and self._is_tip(vertex):
                first, last = self._before[vertex], self._next[vertex]
                self._take(vertex, taken)
                if (self._xy[first] == self._xy[last]).all() and self._left > _CORNERS:
                    self._take(last, taken)
                waiting += [first, self._next[first]]
        return taken

    def _is_tip(self, vertex: int) -> bool:
        here = self._xy[vertex]
        return bool(_turns_back(self._xy[self._before[vertex]] - here, self._xy[self._next[vertex]] - here))

    def _take(self, vertex: int, taken: list[int]) -> None:
        first, last = self._before[vertex], self._next[vertex]
        self._next[first], self._before[last] = last, first
        self._gone[vertex] = True
        self._left -= 1
        taken.append(vertex)


def meeting_edges(xy: Floats) -> Indices:
    """Return the pairs of edges of a ring that meet although they do not follow each other, (m, 2), smaller first.

    Parameters
    ----------
    xy
        Vertices (n, 2), the first not repeated at the end, no two neighbours equal. Edge i runs from vertex i on.

    Raises
    ------
    TangledError
        When there are more than `MOST_MEETINGS`.
    """
    edges, tree = _edges(xy)
    count = len(edges)
    if count > _WHOLE:
        _refuse_tangle(edges, tree)
    found: list[Indices] = []
    total = 0
    for rows in _chunks(count):
        pairs = _pairs(edges, tree, rows)
        found.append(pairs)
        total += len(pairs)
        if total > MOST_MEETINGS:
            raise tangled_border(MOST_MEETINGS)
    return np.concatenate(found)


def refuse_tangle(xy: Floats) -> None:
    """Refuse a ring (n, 2) of which already a few edges meet thousands of others.

    Raises
    ------
    TangledError
        When it is such a ring.
    """
    _refuse_tangle(*_edges(xy))


def _edges(xy: Floats) -> tuple[NDArray[np.object_], shapely.STRtree]:
    edges = np.asarray(shapely.linestrings(np.stack([xy, np.roll(xy, -1, axis=0)], axis=1)))
    return edges, shapely.STRtree(edges)


def _refuse_tangle(edges: NDArray[np.object_], tree: shapely.STRtree) -> None:
    """Look at a few edges first: all at once could fill the memory."""
    met = 0
    for row in np.linspace(0, len(edges) - 1, _SAMPLE).astype(np.int64).tolist():
        met += len(tree.query(edges[row], predicate="intersects")) - _CORNERS
        if met > 2 * MOST_MEETINGS:
            raise tangled_border(MOST_MEETINGS)


def _chunks(count: int) -> Iterator[Indices]:
    step = int(min(_CHUNK, max(_SMALLEST_CHUNK, _PAIRS_AT_ONCE // max(count, 1))))
    for start in range(0, count, step):
        yield np.arange(start, min(start + step, count))


def _pairs(edges: NDArray[np.object_], tree: shapely.STRtree, rows: Indices) -> Indices:
    asked, met = tree.query(edges[rows], predicate="intersects")
    first, second = rows[asked], met
    apart = second - first
    count = len(edges)
    # The last edge and the first follow each other as well.
    kept = (apart > 1) & ~((first == 0) & (second == count - 1))
    return np.column_stack([first[kept], second[kept]])
