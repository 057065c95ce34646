"""Large polygons cut into small pieces: halves of halves, until each has few enough vertices, or fills its box."""

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray

from bench.peers.interface import Whole
from bench.province.zones import Geometries

Mask = NDArray[np.bool_]


def polygon_parts(geometries: Geometries) -> tuple[Geometries, Whole]:
    """Return the polygons of geometries, and the number of the geometry of each; points and lines are left out."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    kept = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    return parts[kept], owner[kept]


def cut(geometries: Geometries, too_large: Callable[[Geometries], Mask]) -> tuple[Geometries, Whole]:
    """Halve polygons across their longer side for as long as they are too large; return the pieces and their owners."""
    pieces, owner = polygon_parts(geometries)
    done: list[Geometries] = []
    owners: list[Whole] = []
    while len(pieces):
        large = too_large(pieces)
        done.append(pieces[~large])
        owners.append(owner[~large])
        pieces, owner = _halves(pieces[large], owner[large])
    return np.concatenate(done), np.concatenate(owners)


def _halves(pieces: Geometries, owner: Whole) -> tuple[Geometries, Whole]:
    west, south, east, north = shapely.bounds(pieces).T
    wide = east - west > north - south
    middle = np.where(wide, (west + east) / 2, (south + north) / 2)
    first = shapely.box(west, south, np.where(wide, middle, east), np.where(wide, north, middle))
    other = shapely.box(np.where(wide, middle, west), np.where(wide, south, middle), east, north)
    # Not clip_by_rect: it gives wrong areas.
    parts = [polygon_parts(shapely.intersection(pieces, half)) for half in (first, other)]
    return np.concatenate([p for p, _ in parts]), np.concatenate([owner[of] for _, of in parts])


def more_vertices_than(most: int) -> Callable[[Geometries], Mask]:
    """Return the test for zones."""

    def too_large(pieces: Geometries) -> Mask:
        return np.asarray(shapely.get_num_coordinates(pieces) > most)

    return too_large


def emptier_and_longer_than(share: float, longest_m: float) -> Callable[[Geometries], Mask]:
    """Return the test for sites: bands whose boxes hold almost nothing of them."""

    def too_large(pieces: Geometries) -> Mask:
        west, south, east, north = shapely.bounds(pieces).T
        wide, high = east - west, north - south
        return np.asarray((np.maximum(wide, high) > longest_m) & (shapely.area(pieces) < share * wide * high))

    return too_large
