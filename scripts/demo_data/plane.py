"""The plane in which everything is drawn: equal-area on the CGCS2000 ellipsoid, so areas here are official areas."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

GEOGRAPHIC = "EPSG:4490"
MEASURING = "+proj=cea +ellps=GRS80 +lat_ts=35.5 +units=m +no_defs"
DIGITS = 7  # of a degree: about 1 cm
GRID_M = 0.05
HECTARE = 10_000.0
SQUARE_KILOMETRE = 1_000_000.0

Floats = npt.NDArray[np.float64]
LonLat = tuple[float, float]


@cache
def _transformer(*, forward: bool) -> Transformer:
    pair = (GEOGRAPHIC, MEASURING) if forward else (MEASURING, GEOGRAPHIC)
    return Transformer.from_crs(*pair, always_xy=True)


def dms(degrees: int, minutes: int, seconds: int = 0) -> float:
    """Return an angle in decimal degrees.

    >>> dms(35, 30)
    35.5
    """
    return degrees + minutes / 60 + seconds / 3600


def to_plane(points: Sequence[LonLat] | Floats) -> Floats:
    """Turn longitudes and latitudes, shape (n, 2), into metres of the plane."""
    array = np.asarray(points, dtype=float)
    moved: Floats = np.column_stack(_transformer(forward=True).transform(array[:, 0], array[:, 1]))
    return moved


def point(place: LonLat) -> Floats:
    """Return one place in the plane, shape (2,)."""
    spot: Floats = to_plane([place])[0]
    return spot


def box_of(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    """Return the bounds in the plane of an extent in degrees."""
    (x0, y0), (x1, y1) = to_plane([(west, south), (east, north)])
    return float(x0), float(y0), float(x1), float(y1)


def _degrees(points: Floats) -> Floats:
    lon, lat = _transformer(forward=False).transform(points[:, 0], points[:, 1])
    return np.round(np.column_stack([lon, lat]), DIGITS)


def to_degrees(geometry: BaseGeometry) -> BaseGeometry:
    """Turn a geometry of the plane into rounded degrees; equal vertices stay equal."""
    moved = shapely.remove_repeated_points(shapely.transform(geometry, _degrees))
    return moved if moved.is_valid else shapely.make_valid(moved, method="structure")


def lonlat(spot: shapely.Point) -> LonLat:
    """Return a point of the plane in degrees."""
    degrees = shapely.get_coordinates(to_degrees(spot))[0]
    return float(degrees[0]), float(degrees[1])


def from_degrees(geometry: BaseGeometry) -> BaseGeometry:
    """Turn a geometry in degrees into metres of the plane."""
    return shapely.transform(geometry, to_plane)
