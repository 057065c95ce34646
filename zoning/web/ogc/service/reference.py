"""Coordinate reference systems of the services, each with the axis order that its authority says.

Sources: OGC API - Features Part 2 (18-058r1), clause 6 (CRS84 is always there; coordinates follow the axis order of the
CRS). Which systems are offered is the team's choice: CGCS2000 and its 3-degree Gauss-Krüger belts 111-120 E.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
_CODES: Final = (4490, 4326, 4546, 4547, 4548, 4549)
SYSTEMS: Final[tuple[str, ...]] = (CRS84, *(f"{_EPSG}{code}" for code in _CODES))
_PARTS: Final = 50  # pieces of an edge of a box in projected coordinates: curves in degrees are followed to < 1 m
_DEGREE_DIGITS, _METRE_DIGITS = 9, 4


@dataclass(frozen=True, slots=True)
class Reference:
    """A coordinate reference system.

    Attributes
    ----------
    swaps
        Whether its first axis points north.
    """

    uri: str
    is_geographic: bool
    swaps: bool
    forward: Transformer | None

    def written(self, geometries: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return geometries (n,) of lon/lat in this system, in its axis order, rounded to a tenth of a millimetre."""
        digits = _DEGREE_DIGITS if self.is_geographic else _METRE_DIGITS

        def turned(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            x, y = xy[:, 0], xy[:, 1]
            if self.forward is not None:
                x, y = self.forward.transform(x, y)
            pair = (y, x) if self.swaps else (x, y)
            return np.column_stack(pair).round(digits)

        return np.asarray(shapely.transform(shapely.force_2d(geometries), turned), dtype=object)

    def box(self, corners: tuple[float, float, float, float]) -> BaseGeometry | None:
        """Return a box of this system (axis order as written) as an area in lon/lat; None where it lies nowhere."""
        one, other, far_one, far_other = corners
        west, south, east, north = (other, one, far_other, far_one) if self.swaps else corners
        if self.is_geographic:
            if west > east:  # across the antimeridian
                return shapely.union(shapely.box(west, south, 180, north), shapely.box(-180, south, east, north))
            return shapely.box(west, south, east, north)
        if west > east or self.forward is None:
            return None
        longest = max(east - west, north - south) / _PARTS
        edges = shapely.segmentize(shapely.box(west, south, east, north), longest) if longest else None
        if edges is None:
            return None
        ring = shapely.get_coordinates(edges)
        x, y = self.forward.transform(ring[:, 0], ring[:, 1], direction="INVERSE")
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            return None
        return shapely.make_valid(shapely.Polygon(np.column_stack((x, y))))


@cache
def reference(uri: str) -> Reference | None:
    """Return one of `SYSTEMS`; None for all others."""
    if uri not in SYSTEMS:
        return None
    if uri == CRS84:
        return Reference(uri, is_geographic=True, swaps=False, forward=None)
    system: Any = CRS.from_epsg(int(uri.removeprefix(_EPSG)))
    swaps = system.axis_info[0].direction == "north"
    if system.is_geographic:
        return Reference(uri, is_geographic=True, swaps=swaps, forward=None)
    return Reference(
        uri, is_geographic=False, swaps=swaps, forward=Transformer.from_crs("EPSG:4490", system, always_xy=True)
    )
