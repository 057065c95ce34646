"""Which ring is an outline and which a hole: decided by containment, never by number or direction."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.sites.drawing import Coordinates, Drawing
from zoning.sites.footprint_geometry import closed
from zoning.sites.limits import MOST_CROSSINGS
from zoning.sites.tangles import mended, tangled_rings

# Rounded coordinates let a hole stick out of its outline by slivers.
_INSIDE, _OUTSIDE = 0.999, 0.001
_FIRST_CHUNK, _PAIRS_AT_ONCE = 256, 500_000
_CUT_AT_ONCE = 1_000
_MOST_MEETINGS = 200_000


class CrossingError(ValueError):
    """Two rings overlap in part, or are the same: neither is a hole of the other.

    Attributes
    ----------
    first, second
        Positions of the rings.
    """

    def __init__(self, first: int, second: int, *, same: bool) -> None:
        super().__init__(f"rings {first} and {second}")
        self.first, self.second, self.same = first, second, same


@dataclass(frozen=True, slots=True)
class Grouped:
    """Rings in their roles.

    Attributes
    ----------
    polygons
        Each an outline and its holes.
    is_hole
        Per ring in the order given.
    """

    polygons: tuple[Drawing, ...]
    is_hole: tuple[bool, ...]

    def geometry(self) -> BaseGeometry:
        """Return the polygon or multipolygon."""
        made = [shapely.Polygon(drawing.rings[0], list(drawing.rings[1:])) for drawing in self.polygons]
        return made[0] if len(made) == 1 else shapely.MultiPolygon(made)


# Impossible numbers are refused with a sentence where the record is put together; here they must not be warned of.
@np.errstate(all="ignore")
def regroup(rings: list[Coordinates]) -> Grouped:
    """Group rings: one inside an odd number of others is a hole of the innermost of them.

    Raises
    ------
    CrossingError
        When two rings overlap in part.
    TangledError
        When it would take all day.
    """
    around = _containers(rings)
    holes: dict[int, list[Coordinates]] = {i: [] for i, outer in enumerate(around) if len(outer) % 2 == 0}
    for i, outer in enumerate(around):
        if i not in holes:
            # The innermost container is itself inside all the others.
            holes[max(outer, key=lambda j: len(around[j]))].append(rings[i])
    polygons = tuple(Drawing("polygon", (rings[i], *inner)) for i, inner in holes.items())
    return Grouped(polygons, tuple(i not in holes for i in range(len(rings))))


def _containers(rings: list[Coordinates]) -> list[list[int]]:
    """Return for every ring the rings around it."""
    around: list[list[int]] = [[] for _ in rings]
    if len(rings) == 1:
        return around
    areas = np.array([_enclosed(ring) for ring in rings], dtype=object)
    sizes = shapely.area(areas)
    left = len(rings) + _MOST_MEETINGS + 1
    for pairs in _meeting(areas):
        for small, large in _inside(areas, sizes, pairs[:, :left]):
            around[small].append(large)
        left -= pairs.shape[1]
        if left < 0:
            raise tangled_rings(_MOST_MEETINGS)
    return around


def _inside(areas: NDArray[np.object_], sizes: NDArray[np.float64], pairs: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Return which of the pairs are a ring and one around it; an overlap in part is refused."""
    small, large = pairs
    larger = (sizes[small] > sizes[large]) | ((sizes[small] == sizes[large]) & (small > large))
    small, large = pairs[:, ~larger & (small != large) & (sizes[small] != 0)]
    share = shapely.area(shapely.intersection(areas[small], areas[large])) / sizes[small]
    same = (share > _INSIDE) & (sizes[small] > _INSIDE * sizes[large])
    crossing = np.flatnonzero(same | ((share > _OUTSIDE) & (share < _INSIDE)))
    if len(crossing):
        at = crossing[0]
        raise CrossingError(*sorted((int(small[at]), int(large[at]))), same=bool(same[at]))
    held = share >= _INSIDE
    return list(zip(small[held].tolist(), large[held].tolist(), strict=True))


def _meeting(areas: NDArray[np.object_]) -> Iterator[NDArray[np.intp]]:
    """Yield the pairs that meet, few at a time: all of them at once could fill the memory."""
    tree = shapely.STRtree(areas)
    start, step = 0, _FIRST_CHUNK
    while start < len(areas):
        pairs = tree.query(areas[start : start + step], predicate="intersects")
        pairs[0] += start
        yield from (pairs[:, at : at + _CUT_AT_ONCE] for at in range(0, pairs.shape[1], _CUT_AT_ONCE))
        start += step
        step = max(1, min(2 * step, _PAIRS_AT_ONCE * step // max(pairs.shape[1], 1)))


def _enclosed(ring: Coordinates) -> BaseGeometry:
    return mended(shapely.Polygon(closed(ring[:, :2])), MOST_CROSSINGS)
