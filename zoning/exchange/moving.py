"""Geometries brought into another coordinate system with their edges where they were."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from zoning.layers.datum import LonLat, same_crs

LARGEST_BEND_M = 0.01
"""An edge is straight in its own coordinate system; where it would bend by more in the other, points are put in."""

_MOST_PIECES = 1_000
_GEOD = Geod(ellps="GRS80")
Path = NDArray[np.float64]


@dataclass(slots=True)
class Mover:
    """The way from one coordinate system to another, both with x east; longitude and latitude of CGCS2000 between.

    Attributes
    ----------
    added
        Points that were put in so far.

    Raises
    ------
    CRSError
        When one of the two has no exact way to CGCS2000.
    """

    source: str
    target: str
    ways: LonLat
    added: int = 0

    def moved(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return the geometry in the other coordinate system.

        Raises
        ------
        CRSError
            When one of the two systems has no exact way to CGCS2000.
        """
        if same_crs(self.source, self.target):
            return geometry
        made: BaseGeometry = shapely.transform(self._with_bends(geometry), self.to_target)
        return made

    def to_lonlat(self, xy: Path) -> Path:
        """Return degrees, shape (n, 2)."""
        way = self.ways.transformer(self.source)
        return xy if way is None else np.column_stack(way.transform(xy[:, 0], xy[:, 1]))

    def to_target(self, xy: Path) -> Path:
        """Return coordinates of the target, shape (n, 2)."""
        lonlat = self.to_lonlat(xy)
        way = self.ways.transformer(self.target)
        if way is None:
            return lonlat
        return np.column_stack(way.transform(lonlat[:, 0], lonlat[:, 1], direction="INVERSE"))

    def _with_bends(self, geometry: BaseGeometry) -> BaseGeometry:
        if geometry.geom_type in ("Point", "MultiPoint"):
            return geometry
        parts = [self._bent_part(part) for part in shapely.get_parts(geometry)]
        if len(parts) == 1:
            return parts[0]
        lines = parts[0].geom_type == "LineString"
        together: Any = shapely.multilinestrings(parts) if lines else shapely.multipolygons(parts)
        return cast("BaseGeometry", together)

    def _bent_part(self, part: BaseGeometry) -> BaseGeometry:
        if part.geom_type == "LineString":
            return shapely.LineString(self._bent(shapely.get_coordinates(part)))
        shell, *holes = [self._bent(shapely.get_coordinates(ring)) for ring in shapely.get_rings(part)]
        return shapely.Polygon(shell, holes)

    def _bent(self, path: Path) -> Path:
        """Divide the edges that would bend."""
        pieces = self._pieces(path)
        if (pieces == 1).all():
            return path
        self.added += int((pieces - 1).sum())
        made = [
            path[i] + (path[i + 1] - path[i]) * (np.arange(count) / count)[:, None]
            for i, count in enumerate(pieces.tolist())
        ]
        return np.vstack([*made, path[-1:]])

    def _pieces(self, path: Path) -> NDArray[np.int64]:
        """Return in how many pieces each edge must go: the bend of a piece falls with the square of its length."""
        ends, middles = self.to_target(path), self.to_target((path[:-1] + path[1:]) / 2)
        chords = (ends[:-1] + ends[1:]) / 2
        off = Mover(self.target, self.target, self.ways)
        a, b = off.to_lonlat(chords), off.to_lonlat(middles)
        bends = np.asarray(_GEOD.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2])
        pieces = np.ceil(np.sqrt(np.maximum(bends / LARGEST_BEND_M, 1.0)) - 1e-6)
        return np.clip(pieces, 1, _MOST_PIECES).astype(np.int64)
