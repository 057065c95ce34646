"""Where a ring meets itself: crossings, touches, and stretches that it runs along twice."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from math import atan2, tau

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay.ring_edges import meeting_edges
from zoning.quality.faults import Gathering, Spot
from zoning.quality.outline import Floats, Indices, Outline
from zoning.texts import Text, joined

_POINT, _LINE = 0, 1
_SAME_M = 1e-4
_SAME_ANGLE = 1e-9

Point = tuple[float, float]


def check_ring(outline: Outline, ring: int, faults: Gathering) -> bool:
    """Report where a ring meets itself; tell whether it does.

    The outline holds no repeated points and no spikes without area.

    Raises
    ------
    TangledError
        When it does so more often than any boundary.
    """
    where = outline.vertices_of(ring)
    walk = _Walk(outline.xy[where], outline.number[where].tolist(), ring + 1, outline.steps)
    pairs = meeting_edges(walk.xy)
    if len(pairs) == 0:
        return False
    edges = np.asarray(shapely.linestrings(np.stack([walk.xy, np.roll(walk.xy, -1, axis=0)], axis=1)))
    meet = shapely.intersection(edges[pairs[:, 0]], edges[pairs[:, 1]])
    types = shapely.get_type_id(meet)
    along = meet[types == _LINE]
    _overlaps(walk, pairs[types == _LINE], along, faults)
    covered = {point for line in along for point in (line.coords[0], line.coords[-1])}
    _points(walk, pairs[types == _POINT], shapely.get_coordinates(meet[types == _POINT]), covered, faults)
    return True


@dataclass(frozen=True, slots=True)
class _Walk:
    """One ring: its vertices (n, 2) with their numbers in the file."""

    xy: Floats
    numbers: list[int]
    ring: int
    metres: Floats

    def number(self, vertex: int) -> int:
        return self.numbers[vertex % len(self.numbers)]

    def edge(self, edge: int) -> str:
        return f"{self.number(edge)}–{self.number(edge + 1)}"

    def at(self, vertex: int) -> Point:
        x, y = self.xy[vertex % len(self.numbers)].tolist()
        return x, y


@dataclass(frozen=True, slots=True, order=True)
class _Pass:
    """One time that a ring comes through a point: at a vertex, or in the middle of the edge that begins there."""

    vertex: int
    middle: bool

    def angles(self, point: Point, walk: _Walk) -> tuple[float, float]:
        """Return the directions from which it comes and into which it goes."""
        ends = walk.at(self.vertex if self.middle else self.vertex - 1), walk.at(self.vertex + 1)
        first, last = (atan2(y - point[1], x - point[0]) for x, y in ends)
        return first, last

    def text(self, walk: _Walk) -> Text:
        if self.middle:
            return Text(f"第 {walk.edge(self.vertex)} 点的边", f"edge {walk.edge(self.vertex)}")
        return Text(f"第 {walk.number(self.vertex)} 点", f"vertex {walk.number(self.vertex)}")


def _points(walk: _Walk, pairs: Indices, points: Floats, covered: set[Point], faults: Gathering) -> None:
    """Report the points in which edges meet, each once."""
    through: defaultdict[Point, set[_Pass]] = defaultdict(set)
    crossings: dict[tuple[int, int], tuple[Point, int, int]] = {}
    for (first, second), (x, y) in zip(pairs.tolist(), points.tolist(), strict=True):
        point = (x, y)
        if point in covered:
            continue
        passes = [_pass_of(walk, edge, point) for edge in (first, second)]
        if all(one.middle for one in passes):
            key = (round(x * walk.metres[0] / _SAME_M), round(y * walk.metres[1] / _SAME_M))
            crossings.setdefault(key, (point, first, second))
        else:
            through[point].update(passes)
    _keep_crossings(walk, list(crossings.values()), faults)
    _keep_touches(walk, through, faults)


def _pass_of(walk: _Walk, edge: int, point: Point) -> _Pass:
    if point == walk.at(edge):
        return _Pass(edge, middle=False)
    if point == walk.at(edge + 1):
        return _Pass((edge + 1) % len(walk.numbers), middle=False)
    return _Pass(edge, middle=True)


def _keep_crossings(walk: _Walk, crossings: list[tuple[Point, int, int]], faults: Gathering) -> None:
    for point, first, second in faults.each("self-crossing", crossings):
        one, other = walk.edge(first), walk.edge(second)
        text = Text(
            f"第 {walk.ring} 圈：第 {one} 点的边与第 {other} 点的边相交",
            f"ring {walk.ring}: edge {one} crosses edge {other}",
        )
        faults.keep("self-crossing", text, (Spot(*point, walk.ring),))


def _keep_touches(walk: _Walk, through: dict[Point, set[_Pass]], faults: Gathering) -> None:
    crossed = {point: _crosses(point, passes, walk) for point, passes in through.items()}
    for kind, wanted in (("self-crossing", True), ("self-touch", False)):
        for point in faults.each(kind, [point for point in through if crossed[point] is wanted]):
            passes = sorted(through[point])
            at, ring = joined(one.text(walk) for one in passes), walk.ring
            text = (
                Text(f"第 {ring} 圈：边界在{at.zh}处穿过自身", f"ring {ring}: the border crosses itself at {at.en}")
                if wanted
                else Text(f"第 {ring} 圈：{at.zh}相接于一点", f"ring {ring}: {at.en} meet in one point")
            )
            faults.keep(kind, text, _spots(point, passes, walk))


def _spots(point: Point, passes: Iterable[_Pass], walk: _Walk) -> list[Spot]:
    return [Spot(*point, walk.ring, walk.number(one.vertex)) for one in passes if not one.middle]


def _crosses(point: Point, passes: Iterable[_Pass], walk: _Walk) -> bool:
    """Tell whether two passes through a point come out on the other side of each other."""
    ways = [one.angles(point, walk) for one in passes]
    # Of thousands of passes through one point, the first are enough to say what it is.
    return any(_interleave(one, other) for one, other in combinations(ways[:50], 2))


def _interleave(one: tuple[float, float], other: tuple[float, float]) -> bool:
    width = (one[1] - one[0]) % tau
    first, last = ((angle - one[0]) % tau for angle in other)
    for angle in (first, last):
        if min(angle, tau - angle, abs(angle - width)) < _SAME_ANGLE:
            return False
    return (first < width) != (last < width)


def _overlaps(walk: _Walk, pairs: Indices, along: Iterable[BaseGeometry], faults: Gathering) -> None:
    """Report the stretches that a ring runs along twice, each in one piece."""
    lines = list(along)
    if not lines:
        return
    pair_at = {
        end: pair for pair, line in zip(pairs.tolist(), lines, strict=True) for end in (line.coords[0], line.coords[-1])
    }
    merged = shapely.get_parts(shapely.line_merge(shapely.union_all(lines)))
    for line in faults.each("self-overlap", merged.tolist()):
        first, second = pair_at.get(line.coords[0]) or pair_at.get(line.coords[-1]) or pairs[0].tolist()
        xy = shapely.get_coordinates(line) * walk.metres
        length = float(np.hypot(*np.diff(xy, axis=0).T).sum())
        one, other = walk.edge(first), walk.edge(second)
        text = Text(
            f"第 {walk.ring} 圈：第 {one} 点的边与第 {other} 点的边重合，边界有 {length:.2f} 米走了两遍",
            f"ring {walk.ring}: edge {one} lies on edge {other}; the border runs twice along {length:.2f} m",
        )
        middle = line.interpolate(0.5, normalized=True)
        faults.keep("self-overlap", text, (Spot(middle.x, middle.y, walk.ring),), amount=round(length, 4))
