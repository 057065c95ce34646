"""Areas of what polygons have in common, by upright slabs: nothing is cut, nothing is snapped, no GEOS overlay.

The plane is cut into slabs at every vertex and at every crossing of two borders. Within a slab no borders cross, so
that what lies in which polygon is counted from the lowest border to the highest, and an area is a sum of trapezoids.
Borders so near that rounding mistakes one for the other have as good as nothing between them: unlike an overlay this
cannot lose land.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Inside = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Strips:
    """The trapezoids between neighbouring borders in all slabs.

    Attributes
    ----------
    areas
        (n,) square metres.
    inside
        For each polygon (n,) whether a trapezoid lies in it.
    """

    areas: Floats
    inside: tuple[Inside, ...]

    def area(self, wanted: Inside) -> float:
        """Return the area of some of the trapezoids."""
        return float(self.areas[wanted].sum())

    def of(self, number: int) -> "Strips":
        """Return the trapezoids that lie in one polygon."""
        mine = self.inside[number]
        return Strips(self.areas[mine], tuple(inside[mine] for inside in self.inside))

    def any_of(self, numbers: Sequence[int]) -> Inside:
        """Return which trapezoids lie in one polygon at least."""
        found: Inside = np.zeros(len(self.areas), dtype=bool)
        for number in numbers:
            found |= self.inside[number]
        return found


def strips(polygons: Sequence[BaseGeometry], west: float, east: float) -> Strips:
    """Cut polygons into trapezoids.

    Parameters
    ----------
    polygons
        Valid; with small coordinates, since lengths are as exact as these.
    west, east
        Only what lies between is cut.
    """
    ends, owner = _edges(polygons)
    meets = (ends[:, :, 0].max(axis=1) >= west) & (ends[:, :, 0].min(axis=1) <= east)
    ends, owner = ends[meets], owner[meets]
    stops = np.concatenate([[west, east], ends[:, :, 0].ravel(), _crossings(ends, owner)])
    stops = np.unique(stops[(stops >= west) & (stops <= east)])
    # From west to east; upright edges bound no trapezoid.
    ends, owner = _eastward(ends, owner)
    first, last = np.searchsorted(stops, ends[:, 0, 0]), np.searchsorted(stops, ends[:, 1, 0], side="right") - 1
    first, last = np.maximum(first, 0), np.minimum(last, len(stops) - 1)
    counts = np.maximum(last - first, 0)
    edge = np.repeat(np.arange(len(ends)), counts)
    slab = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    (x0, y0), (x1, y1) = ends[edge, 0].T, ends[edge, 1].T
    along = ((stops[slab] + stops[slab + 1]) / 2 - x0) / (x1 - x0)
    height = y0 + along * (y1 - y0)
    order = np.lexsort((height, slab))
    height, slab, owner = height[order], slab[order], owner[edge[order]]
    areas = np.diff(height, append=0.0) * np.diff(stops)[slab]
    inside = tuple(_between(owner == number) for number in range(len(polygons)))
    return Strips(areas, inside)


def _edges(polygons: Sequence[BaseGeometry]) -> tuple[Floats, NDArray[np.int64]]:
    """Return the ends (n, 2, 2) of all edges, and whose they are."""
    parts, polygon = shapely.get_parts(np.asarray([*polygons, None], dtype=object)[:-1], return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    first = np.flatnonzero(ring[1:] == ring[:-1])
    return np.stack([xy[first], xy[first + 1]], axis=1), polygon[part[ring[first]]]


def _eastward(ends: Floats, owner: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    wide = ends[:, 0, 0] != ends[:, 1, 0]
    ends, owner = ends[wide], owner[wide]
    backward = ends[:, 0, 0] > ends[:, 1, 0]
    ends[backward] = ends[backward, ::-1]
    return ends, owner


def _crossings(ends: Floats, owner: NDArray[np.int64]) -> Floats:
    """Return where from west to east edges of different polygons cross; a stop too many does no harm."""
    edges = np.asarray(shapely.linestrings(ends), dtype=object)
    one, other = shapely.STRtree(edges).query(edges)
    apart = (one < other) & (owner[one] != owner[other])
    one, other = one[apart], other[apart]
    start, way = ends[:, 0], ends[:, 1] - ends[:, 0]
    between, turn = start[other] - start[one], _cross(way[one], way[other])
    with np.errstate(divide="ignore", invalid="ignore"):
        along, across = _cross(between, way[other]) / turn, _cross(between, way[one]) / turn
    # Rounding may put a crossing at an end just outside.
    slack = 1e-9
    met = (along >= -slack) & (along <= 1 + slack) & (across >= -slack) & (across <= 1 + slack)
    found: Floats = start[one[met], 0] + along[met] * way[one[met], 0]
    return found


def _cross(one: Floats, other: Floats) -> Floats:
    found: Floats = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return found


def _between(mine: Inside) -> Inside:
    """Return what lies between the borders of one polygon, from every first to every second in a slab."""
    count = np.cumsum(mine)
    found: Inside = count % 2 == 1
    return found
