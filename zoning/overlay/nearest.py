"""Geodesic distances: the plane preselects, the local frame finds the nearest points, the ellipsoid measures."""

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

if TYPE_CHECKING:
    from zoning.overlay.footprint import Footprint
    from zoning.overlay.plane import Geometries

_RUN = 16  # segments per piece of a boundary: long borders are searched like many short ones

TOUCH_M = 1e-6
"""Borders nearer than this touch: nearer than that, rounding decides whether they do."""


class Borders:
    """Boundaries of zones in the measuring plane, cut into short runs and indexed.

    Parameters
    ----------
    geometries
        (n,) polygons or lines of the measuring plane.
    """

    def __init__(self, geometries: "Geometries") -> None:
        self._runs = _runs(_lines(geometries))
        self._tree = STRtree(self._runs)

    def distance_m(self, footprint: "Footprint", limit_m: float) -> float | None:
        """Return the geodesic distance of a footprint to the nearest border, None when it is more than `limit_m`.

        Borders inside the footprint are at distance 0. A footprint inside a zone has a distance to the zone's border:
        whether it touches the zone is not asked here.
        """
        site, skew = footprint.geometry, skew_of(footprint, limit_m)
        if not len(self._runs):
            return None
        # Metres of the plane, good to the skew: what can be nearest in true metres is at most skew² farther.
        _, rough = self._tree.query_nearest(
            site, max_distance=limit_m * skew + 1e-6, return_distance=True, all_matches=False
        )
        if not len(rough):
            return None
        if rough[0] < TOUCH_M:
            return 0.0
        near = self._tree.query(site, predicate="dwithin", distance=rough[0] * skew * skew)
        # In the order of the borders: of several that are equally near the first is measured, in whatever index.
        found = exact_m(footprint, self._runs[np.sort(near)])
        return found if found <= limit_m else None


def skew_of(footprint: "Footprint", limit_m: float) -> float:
    """Return by what factor lengths of the plane differ from true ones, at most, within `limit_m` of a footprint."""
    frame = footprint.frame
    return max(frame.stretch, 1 / frame.stretch) * frame.slack(footprint.radius_m + limit_m)


def exact_m(footprint: "Footprint", candidates: "Geometries") -> float:
    """Return the geodesic distance of a footprint to the nearest of some borders (n,) that do not touch it."""
    true = footprint.frame.to_frame(candidates)
    nearest = true[int(np.argmin(shapely.distance(footprint.local, true)))]
    link = shapely.shortest_line(footprint.local, nearest)
    ends = shapely.get_coordinates(footprint.frame.to_plane([link]))
    return footprint.plane.distance_m(ends[0], ends[1])


def _lines(geometries: "Geometries") -> "Geometries":
    polygons = shapely.get_dimensions(geometries) == 2  # noqa: PLR2004 - what has an area
    borders = geometries.copy()
    borders[polygons] = shapely.boundary(geometries[polygons])
    return np.asarray(shapely.get_parts(borders), dtype=object)


def _runs(lines: "Geometries") -> "Geometries":
    """Cut lines into runs of at most `_RUN` segments."""
    coordinates, owner = shapely.get_coordinates(lines, return_index=True)
    if not len(coordinates):
        return np.empty(0, dtype=object)
    counts = np.bincount(owner)
    counts = counts[counts > 0]
    first = np.repeat(np.cumsum(counts) - counts, counts)
    last = np.repeat(counts - 1, counts)
    place = np.arange(len(coordinates)) - first
    run = np.cumsum((place == 0) | ((place % _RUN == 0) & (place < last))) - 1
    # The vertex between two runs belongs to both.
    shared = np.flatnonzero((place % _RUN == 0) & (place > 0) & (place < last))
    index: NDArray[np.int64] = np.concatenate([run, run[shared] - 1])
    points = np.concatenate([np.arange(len(coordinates)), shared])
    order = np.lexsort((points, index))
    return np.asarray(shapely.linestrings(coordinates[points[order]], indices=index[order]), dtype=object)
