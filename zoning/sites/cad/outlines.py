"""Which lines of a layer enclose something: closed by themselves, or joined end to end within a millimetre."""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.sites.cad.curves import FULL, Array, Conic, Line, Piece, Spline, Take, flat_path
from zoning.sites.cad.shapes import Filling, Mark, Path
from zoning.sites.tangles import mended

CLOSING_M = 0.001
_COARSE_STEPS = 64
_Node = int
Nodes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed line.

    Attributes
    ----------
    paths
        One, or several in order and direction.
    gap
        Largest distance between ends that were taken as one, in units of the drawing.
    """

    paths: tuple[Path, ...]
    gap: float = 0.0

    @property
    def mark(self) -> Mark:
        """Of the first line."""
        return self.paths[0].mark

    @property
    def filling(self) -> Filling | None:
        """Of the hatch that it belongs to."""
        return self.paths[0].filling

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All pieces in order."""
        return tuple(piece for path in self.paths for piece in path.pieces)

    def filled(self, filling: Filling) -> "Outline":
        """Return it as a loop of a hatch."""
        return replace(self, paths=tuple(replace(path, filling=filling) for path in self.paths))

    def ring(self, tolerance: float, take: Take) -> Array:
        """Return its points, the first one repeated at the end; shape (n, 3)."""
        points = flat_path(self.pieces, tolerance, take)
        return np.vstack([points[:-1], points[:1]])

    def coarse(self) -> Array:
        """Return few points of it in the plane, good for an idea of its size."""
        parts = [
            piece.points[:, :2] if isinstance(piece, Line) else piece.flat(_rough(piece), _uncounted)[:, :2]
            for piece in self.pieces
        ]
        return np.concatenate(parts)

    def size(self) -> float:
        """Return the signed area, without flattening what a formula tells."""
        arcs = sum(piece.segment_area for piece in self.pieces if isinstance(piece, Conic))
        parts = [
            piece.flat(_rough(piece), _uncounted)
            if isinstance(piece, Spline)
            else piece.points
            if isinstance(piece, Line)
            else piece.ends
            for piece in self.pieces
        ]
        return arcs + area(np.concatenate(parts))

    def vertices(self) -> Array:
        """Return the points that were drawn: those of straight runs, and the ends of curves; shape (n, 2)."""
        parts = [piece.points if isinstance(piece, Line) else piece.ends for piece in self.pieces]
        return np.concatenate(parts)[:, :2]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one layer.

    Attributes
    ----------
    open
        Chains of lines that enclose nothing.
    branches
        Places where three or more ends of lines meet, so that nobody can tell which way the boundary goes.
    """

    outlines: list[Outline]
    open: list[tuple[Path, ...]]
    branches: list[Array]


def _rough(piece: Piece) -> float:
    box = piece.control if not isinstance(piece, Conic | Line) else None
    size = piece.radius if isinstance(piece, Conic) else float(np.ptp(box, axis=0).max()) if box is not None else 1.0
    return max(size, 1e-12) / _COARSE_STEPS


def _uncounted(_count: int) -> None:
    """Count nothing: these are few points."""


def area(points: Array) -> float:
    """Return the signed area of a ring, positive when it runs to the left; shifted first for the sake of digits."""
    x, y = (points[1:, :2] - points[0, :2]).T
    return float(x[:-1] @ y[1:] - y[:-1] @ x[1:]) / 2


def find_outlines(paths: Sequence[Path], tolerance: float, crossings: int) -> Lines:
    """Sort the lines of one layer into outlines and open chains; the order of the file decides all orders.

    Parameters
    ----------
    tolerance
        In units of the drawing.
    crossings
        How often a line may cross itself.

    Raises
    ------
    TangledError
    """
    outlines: list[tuple[int, Outline]] = []
    loose: dict[object, list[int]] = defaultdict(list)
    open_chains: list[tuple[int, tuple[Path, ...]]] = []
    for number, path in enumerate(paths):
        gap = 0.0 if path.closed else _gap(path)
        if gap <= tolerance:
            made = Outline((path,), gap)
            # A line there and back, or a point, encloses nothing.
            if _encloses(made, tolerance, crossings):
                outlines.append((number, made))
            elif not _is_point(path, tolerance):
                open_chains.append((number, (path,)))
        else:
            loose[path.filling].append(number)
    branches: list[Array] = []
    for numbers in loose.values():
        for first, chain, closing in _chains([paths[i] for i in numbers], tolerance, branches):
            made = Outline(chain, 0.0 if closing is None else closing)
            if closing is not None and _encloses(made, tolerance, crossings):
                outlines.append((numbers[first], made))
            else:
                open_chains.append((numbers[first], chain))
    return Lines(
        [outline for _, outline in sorted(outlines, key=lambda pair: pair[0])],
        [chain for _, chain in sorted(open_chains, key=lambda pair: pair[0])],
        branches,
    )


def _gap(path: Path) -> float:
    first, last = path.ends
    return float(np.hypot(*(last - first)))


def _encloses(outline: Outline, tolerance: float, crossings: int) -> bool:
    least = tolerance * tolerance
    if abs(outline.size()) > least:
        return True
    # The lobes of a figure of eight cancel each other out.
    points = outline.coarse()
    return len(points) > 2 and bool(mended(shapely.Polygon(points), crossings).area > least)  # noqa: PLR2004 - three corners make a ring


def _is_point(path: Path, tolerance: float) -> bool:
    return bool(np.ptp(Outline((path,)).coarse(), axis=0).max() <= tolerance)


def _chains(
    paths: list[Path], tolerance: float, branches: list[Array]
) -> Iterator[tuple[int, tuple[Path, ...], float | None]]:
    """Join open lines; yield the number of the first line, the chain, and its largest gap when it closes.

    Where three or more ends meet nothing is joined: which way the boundary goes would be a guess. These places go to
    `branches`. A chain that comes back to such a place is closed all the same.
    """
    ends = np.array([path.ends for path in paths])
    nodes = _nodes(ends.reshape(-1, 2), tolerance).reshape(-1, 2)
    here: dict[_Node, list[int]] = defaultdict(list)
    seen: dict[tuple[_Node, _Node], Array] = {}
    doubled = [_is_double(path, pair, seen) for path, pair in zip(paths, nodes.tolist(), strict=True)]
    for number, pair in enumerate(nodes.tolist()):
        if not doubled[number]:
            for node in pair:
                here[node].append(number)
    crowded = ((node, numbers[0]) for node, numbers in here.items() if len(numbers) > 2)  # noqa: PLR2004 - three ends at one node
    branches += [ends[number, int(nodes[number, 1] == node)] for node, number in crowded]
    done = list(doubled)
    for number, path in enumerate(paths):
        if done[number]:
            continue
        done[number] = True
        chain, gap, closed = _follow(number, path, paths, ends, nodes, here, done)
        yield number, tuple(chain), gap if closed else None


def _follow(
    number: int,
    path: Path,
    paths: list[Path],
    ends: Array,
    nodes: Nodes,
    here: dict[_Node, list[int]],
    done: list[bool],
) -> tuple[deque[Path], float, bool]:
    """Walk on from one line until the start is met again or the way is not clear, then the other way."""
    chain, gap = deque([path]), 0.0
    start, node = nodes[number].tolist()
    last = ends[number, 1]
    for backwards in (False, True):
        while len(here[node]) == 2 and node != start:  # noqa: PLR2004 - a node in the middle of a chain
            nxt = next((i for i in here[node] if not done[i]), None)
            if nxt is None:
                break
            done[nxt] = True
            # Going backwards the line that comes before must end here.
            flip = bool(nodes[nxt, 0] == node) == backwards
            piece = _turned(paths[nxt]) if flip else paths[nxt]
            near, far = (1, 0) if nodes[nxt, 1] == node else (0, 1)
            gap = max(gap, float(np.hypot(*(ends[nxt, near] - last))))
            node, last = int(nodes[nxt, far]), ends[nxt, far]
            (chain.appendleft if backwards else chain.append)(piece)
        if node == start and len(chain) > 1:
            first = ends[number, int(backwards)]
            return chain, max(gap, float(np.hypot(*(first - last)))), True
        start, node, last = node, nodes[number, 0].item(), ends[number, 0]
    return chain, gap, False


def _turned(path: Path) -> Path:
    pieces = tuple(piece.reversed() for piece in reversed(path.pieces))
    return Path(path.mark, pieces, path.closed, path.filling, path.symbol_at)


def _is_double(path: Path, pair: list[int], seen: dict[tuple[_Node, _Node], Array]) -> bool:
    """Tell whether a straight line between the same two ends was met before."""
    if len(path.pieces) != 1 or not isinstance(path.pieces[0], Line) or len(path.pieces[0].points) != 2:  # noqa: PLR2004 - a straight line
        return False
    key = (min(pair), max(pair))
    if key in seen:
        return True
    seen[key] = path.ends
    return False


def _nodes(points: Array, tolerance: float) -> Nodes:
    """Return the number of the place where each end lies: ends within the tolerance are the same place."""
    # One point for each small cell keeps the number of neighbours low, however many points lie together.
    cells = np.floor(points / (tolerance / 4))
    _, first, cell = np.unique(cells, axis=0, return_index=True, return_inverse=True)
    there = points_at(points[first])
    pairs = shapely.STRtree(there).query(there, predicate="dwithin", distance=tolerance)
    parent = list(range(len(first)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in pairs.T.tolist():
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    roots = np.array([root(i) for i in range(len(first))])
    made: Nodes = roots[cell.ravel()]
    return made


def points_at(places: Array) -> NDArray[np.object_]:
    """Return places as points, shape (n,)."""
    # Its stubs allow for a single point, too.
    return cast("NDArray[np.object_]", shapely.points(places))


def is_circle(outline: Outline, tolerance: float) -> tuple[Array, float] | None:
    """Return centre and radius of an outline that is a full circle, or two halves of one."""
    pieces = outline.pieces
    first = pieces[0]
    if not isinstance(first, Conic) or not all(isinstance(piece, Conic) for piece in pieces):
        return None
    turned = 0.0
    for piece in pieces:
        if not isinstance(piece, Conic) or np.abs(piece.centre - first.centre)[:2].max() > tolerance:
            return None
        turned += piece.end - piece.start
    whole = abs(abs(turned) - FULL) < 1e-6  # noqa: PLR2004 - as far as a float tells
    return (first.centre[:2], float(np.linalg.norm(first.u))) if whole else None
