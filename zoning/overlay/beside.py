"""Overlays of shapes of the measuring plane, taken beside them on a grid (`Origin`) and brought back.

For whoever has shapes of the plane and no footprint: plans, audits, comparisons. In the large coordinates of the plane
a whole face can be lost, or found, where borders all but coincide: a gap that is none, an overlap that is not told.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay import robust
from zoning.overlay.origin import Origin, finest_grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from zoning.overlay.plane import Floats, Geometries

_NOTHING = shapely.MultiPolygon()
_NUMBERS = 2.0**53  # that all are whole


def intersection(one: Any, other: BaseGeometry) -> Any:
    """Return what a geometry of the plane, or (n,) of them, has in common with another."""
    return _overlaid(robust.intersection, one, other)


def difference(one: Any, other: BaseGeometry) -> Any:
    """Return what of a geometry of the plane, or (n,) of them, does not lie in another."""
    return _overlaid(robust.difference, one, other)


def outside_m2(one: BaseGeometry, other: BaseGeometry) -> float:
    """Return how much of a geometry of the plane does not lie in another, m²."""
    if one.is_empty or shapely.covers(other, one):
        return 0.0
    origin = Origin.among([one])
    return float(robust.difference(origin.near(one), origin.near(other), origin.grid_m).area)


def union(shapes: "Sequence[BaseGeometry] | Geometries") -> BaseGeometry:
    """Return geometries of the plane as one, an area alone as it is; nothing for none."""
    kept = [shape for shape in shapes if not shape.is_empty]
    if not kept:
        return _NOTHING
    if len(kept) == 1:
        if shapely.get_dimensions(kept[0]) == 2:  # noqa: PLR2004 - what has an area
            return kept[0]
        # A line may run over itself.
        kept = kept * 2
    origin = Origin.among(kept)
    return _back(origin, robust.union(origin.all_near(kept), origin.grid_m))


def common(ones: "Geometries", others: "Geometries | BaseGeometry") -> "Geometries":
    """Return what pairs of geometries of the plane (k,), (k,) or one, have in common, (k,): each is cut beside itself.

    Pieces of neighbours need not share their corners to the last bit: for that they are cut together, or on one grid.
    """
    others = _each(others, len(ones))
    found = np.full(len(ones), _NOTHING, dtype=object)
    for pairs, here, cut in _pairs(ones, others):
        found[pairs] = _moved(cut, here)
        broken = pairs[~shapely.is_valid(found[pairs])]
        for number in broken.tolist():
            found[number] = intersection(ones[number], others[number])
    return found


def common_m2(ones: "Geometries", others: "Geometries | BaseGeometry") -> "Floats":
    """Return the areas that pairs of geometries of the plane (k,), (k,) or one, have in common, (k,), m²."""
    found = np.zeros(len(ones))
    for pairs, _, cut in _pairs(ones, _each(others, len(ones))):
        found[pairs] = shapely.area(cut)
    return found


def _overlaid(operation: Callable[..., Any], one: Any, other: BaseGeometry) -> Any:
    """Overlay beside the first; of the other what is far away matters to none of them."""
    if isinstance(one, BaseGeometry):
        if one.is_empty:
            return one
        origin = Origin.among([one])
        return _back(origin, operation(origin.near(one), origin.near(other), origin.grid_m))
    if not len(one) or shapely.is_empty(one).all():
        return one.copy()
    origin = Origin.among(one)
    cut = operation(origin.all_near(one), origin.near(other), origin.grid_m)
    return np.asarray([*(_back(origin, each) for each in cut), None], dtype=object)[:-1]


def _back(origin: Origin, found: BaseGeometry) -> BaseGeometry:
    """Return what was found on the grid of an origin in the plane, valid."""
    if found.is_empty:
        return found
    far = max(abs(origin.x), abs(origin.y)) + max(map(abs, found.bounds))
    if far > origin.grid_m * _NUMBERS:
        return origin.back(found)
    # Of a frame around a site every point of the grid is a number: nothing is rounded, and nothing can come to cross.
    exact: BaseGeometry = shapely.transform(found, lambda xy: np.add(xy, (origin.x, origin.y)))
    return exact


def _each(others: "Geometries | BaseGeometry", count: int) -> "Geometries":
    return np.full(count, others, dtype=object) if isinstance(others, BaseGeometry) else others


def _pairs(ones: "Geometries", others: "Geometries") -> "Iterator[tuple[NDArray[np.int64], Floats, Geometries]]":
    """Yield pairs whose boxes meet: numbers (j,), where each is seen from (j, 2), what both have in common (j,)."""
    boxes, theirs = shapely.bounds(ones), shapely.bounds(others)
    low, high = np.maximum(boxes[:, :2], theirs[:, :2]), np.minimum(boxes[:, 2:], theirs[:, 2:])
    met = np.flatnonzero((low <= high).all(axis=1))
    here = np.round((low[met] + high[met]) / 2)
    reach = np.maximum((high[met] - low[met]).max(axis=1), 1.0)
    finest = finest_grid(boxes) if len(met) else 0.0
    grids = np.asarray([Origin.beside(0.0, 0.0, each, finest).grid_m for each in reach])
    for grid_m in np.unique(grids).tolist():
        mine = np.flatnonzero(grids == grid_m)
        one, other = _moved(ones[met[mine]], -here[mine]), _moved(others[met[mine]], -here[mine])
        yield met[mine], here[mine], _cut(one, other, grid_m)


def _cut(ones: "Geometries", others: "Geometries", grid_m: float) -> "Geometries":
    try:
        return np.asarray(shapely.intersection(ones, others, grid_size=grid_m), dtype=object)
    except shapely.GEOSException:
        pairs = zip(ones, others, strict=True)
        return np.asarray([*(robust.intersection(a, b, grid_m) for a, b in pairs), None], dtype=object)[:-1]


def _moved(shapes: "Geometries", by: "Floats") -> "Geometries":
    """Return shapes (k,), each moved by its own (k, 2)."""
    xy, owners = shapely.get_coordinates(shapes, return_index=True)
    return np.asarray(shapely.set_coordinates(shapes.copy(), xy + by[owners]), dtype=object)
