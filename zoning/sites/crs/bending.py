"""How far a straight edge bends when it is converted: vertices are moved, the edges between them are not."""

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from zoning.sites.crs.conversion import Floats, Move

_GEOD = Geod(ellps="GRS80")
_LONG_DEGREES = 0.001  # about 100 m: shorter edges bend by less than 2 cm
_STEPS = np.arange(1, 16)[:, None, None] / 16  # the shortest wave of the shifts is 11 km long
_MOST_EDGES = 100_000


def bend_m(geometry: BaseGeometry, move: Move) -> float:
    """Return the largest distance between a converted point of an edge and the edge between the converted vertices.

    Parameters
    ----------
    geometry
        Longitude and latitude as the file has them.
    """
    coordinates, rings = shapely.get_coordinates(_lines(geometry), return_index=True)
    start, end = coordinates[:-1][rings[:-1] == rings[1:]], coordinates[1:][rings[:-1] == rings[1:]]
    length = np.hypot(*(end - start).T)
    longest = np.argsort(length)[::-1][:_MOST_EDGES]
    longest = longest[length[longest] > _LONG_DEGREES]
    if not len(longest):
        return 0.0
    start, end = start[longest], end[longest]
    new_start, new_end = move(start), move(end)
    worst = 0.0
    for step in _STEPS:
        on_edge = move(start + step * (end - start))
        straight = new_start + step * (new_end - new_start)
        worst = max(worst, float(np.max(_GEOD.inv(*on_edge.T, *straight.T)[2])))
    return worst


def _lines(geometry: BaseGeometry) -> Floats:
    parts = shapely.get_parts(shapely.get_parts(geometry))
    areal = shapely.get_dimensions(parts) == 2  # noqa: PLR2004 - polygons
    return np.concatenate([shapely.get_rings(parts[areal]), parts[~areal]])
