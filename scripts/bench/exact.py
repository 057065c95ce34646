"""Areas and meetings of two shapes in rational numbers: slow, and right to the last digit. It decides disputes."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Point = tuple[Fraction, Fraction]


def exact_area_m2(one: BaseGeometry, other: BaseGeometry) -> Fraction:
    """Return the area that two valid polygons have in common.

    A point lies in a polygon when the edges above it, those to the left minus those to the right, add up to one. So the
    common area is the sum over all pairs of edges of the area below both, signed by both directions.
    """
    if shapely.get_dimensions(one) < 2 or shapely.get_dimensions(other) < 2:
        return Fraction(0)
    theirs, mine = sorted((_edges(one), _edges(other)), key=len)
    # Edges below all of the smaller shape add nothing: what is summed over its edges both ways is zero.
    mine = mine[_not_below(mine, theirs)]
    floor = Fraction(float(theirs[:, 1::2].min()))
    total = Fraction(0)
    for edge in theirs:
        low, high = min(edge[0], edge[2]), max(edge[0], edge[2])
        beside = (np.minimum(mine[:, 0], mine[:, 2]) < high) & (np.maximum(mine[:, 0], mine[:, 2]) > low)
        for near in mine[beside]:
            total += _below_both(edge, near, floor)
    return total


def exactly_meet(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Tell whether two valid shapes, polygons or lines, have a point in common."""
    mine, theirs = _edges(one), _edges(other)
    if len(mine) < len(theirs):
        one, mine, other, theirs = other, theirs, one, mine
    if any(_crossing(edge, near) for edge in theirs for near in mine[_box_meets(mine, edge)]):
        return True
    return _holds(one, mine, other) or _holds(other, theirs, one)


def _edges(shape: BaseGeometry) -> Floats:
    """Return all edges (n, 4) of a shape; polygons have their inside to the left."""
    found: list[Floats] = []
    if shapely.get_dimensions(shape) < 2:
        chains = [shapely.get_coordinates(line) for line in shapely.get_parts(shape)]
    else:
        turned = shapely.orient_polygons(shape)
        chains = [
            shapely.get_coordinates(ring) for part in shapely.get_parts(turned) for ring in shapely.get_rings(part)
        ]
    found.extend(np.hstack([xy[:-1], xy[1:]]) for xy in chains)
    return np.concatenate(found)


def _not_below(edges: Floats, smaller: Floats) -> NDArray[np.bool_]:
    x, y = edges[:, 0::2], edges[:, 1::2]
    west, east = smaller[:, 0::2].min(), smaller[:, 0::2].max()
    inside = (x.max(axis=1) > west) & (x.min(axis=1) < east)
    return np.asarray(inside & (y.max(axis=1) >= smaller[:, 1::2].min()))


def _below_both(edge: Floats, near: Floats, floor: Fraction) -> Fraction:
    """Return the area between `floor` and the lower of two edges, over the x that they share, signed."""
    x0, y0, x1, y1 = map(Fraction, edge.tolist())
    u0, v0, u1, v1 = map(Fraction, near.tolist())
    sign = 1 if (x1 > x0) == (u1 > u0) else -1
    low, high = max(min(x0, x1), min(u0, u1)), min(max(x0, x1), max(u0, u1))
    if low >= high:
        return Fraction(0)
    slope, steep = (y1 - y0) / (x1 - x0), (v1 - v0) / (u1 - u0)
    first, last = y0 + slope * (low - x0) - floor, y0 + slope * (high - x0) - floor
    begin, end = v0 + steep * (low - u0) - floor, v0 + steep * (high - u0) - floor
    if (first <= begin) == (last <= end) or first == begin or last == end:
        lower = (first, last) if first + last <= begin + end else (begin, end)
        return sign * (high - low) * sum(lower) / 2
    # They cross in between: there the lower changes.
    part = (begin - first) / ((begin - first) + (last - end))
    middle = first + (last - first) * part
    left = (min(first, begin) + middle) * part
    right = (middle + min(last, end)) * (1 - part)
    return sign * (high - low) * (left + right) / 2


def _box_meets(edges: Floats, edge: Floats) -> NDArray[np.bool_]:
    west, south, east, north = (
        min(edge[0], edge[2]),
        min(edge[1], edge[3]),
        max(edge[0], edge[2]),
        max(edge[1], edge[3]),
    )
    x, y = edges[:, 0::2], edges[:, 1::2]
    beside = (x.min(axis=1) > east) | (x.max(axis=1) < west)
    return np.asarray(~(beside | (y.min(axis=1) > north) | (y.max(axis=1) < south)))


def _crossing(edge: Floats, near: Floats) -> bool:
    """Tell whether two edges whose boxes meet have a point in common."""
    a, b = _ends(edge)
    c, d = _ends(near)
    one, two = _side(a, b, c), _side(a, b, d)
    three, four = _side(c, d, a), _side(c, d, b)
    # Boxes that meet are enough where all four lie on one line.
    return one * two <= 0 and three * four <= 0


def _ends(edge: Floats) -> tuple[Point, Point]:
    x0, y0, x1, y1 = map(Fraction, edge.tolist())
    return (x0, y0), (x1, y1)


def _side(start: Point, end: Point, point: Point) -> int:
    turn = (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])
    return (turn > 0) - (turn < 0)


def _holds(shape: BaseGeometry, edges: Floats, other: BaseGeometry) -> bool:
    """Tell whether a polygon holds a vertex of any part of another shape; their edges do not meet."""
    if shapely.get_dimensions(shape) < 2:
        return False
    return any(_inside(edges, point) for point in _first_points(other))


def _first_points(shape: BaseGeometry) -> Iterator[Point]:
    for part in shapely.get_parts(shape):
        x, y = shapely.get_coordinates(part)[0].tolist()
        yield Fraction(x), Fraction(y)


def _inside(edges: Floats, point: Point) -> bool:
    """Count the edges above a point that is on none of them: odd is inside."""
    x = float(point[0])
    over = (np.minimum(edges[:, 0], edges[:, 2]) <= x) & (np.maximum(edges[:, 0], edges[:, 2]) > x)
    above = 0
    for edge in edges[over]:
        start, end = _ends(edge)
        turn = _side(start, end, point) * (1 if end[0] > start[0] else -1)
        above += turn < 0
    return above % 2 == 1
