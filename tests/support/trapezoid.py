"""Area on the ellipsoid by the trapezoid formula of TD/T 1055, written for the tests and from the formula alone.

Between an edge, the meridian L0 and the parallels of its ends lies a trapezoid; its area is a series in the squared
eccentricity. The sum over the edges of a ring, each taken with its sign, is the area of the ring.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import cos, fsum, radians, sin

from pyproj import Transformer
from shapely import segmentize
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

A_AXIS = 6_378_137.0
FLATTENING = 1 / 298.257222101
B_AXIS = A_AXIS * (1 - FLATTENING)
E2 = FLATTENING * (2 - FLATTENING)
ORIGIN = radians(60.0)

A = 1 + 3 / 6 * E2 + 30 / 80 * E2**2 + 35 / 112 * E2**3 + 630 / 2304 * E2**4
B = 1 / 6 * E2 + 15 / 80 * E2**2 + 21 / 112 * E2**3 + 420 / 2304 * E2**4
C = 3 / 80 * E2**2 + 7 / 112 * E2**3 + 180 / 2304 * E2**4
D = 1 / 112 * E2**3 + 45 / 2304 * E2**4
E = 5 / 2304 * E2**4

LonLat = tuple[float, float]


def ring_area(ring: Sequence[LonLat]) -> float:
    """Return the area of a closed ring of longitudes and latitudes in degrees, m²."""
    return abs(fsum(_trapezoid(one, other) for one, other in pairwise(ring)))


def _trapezoid(one: LonLat, other: LonLat) -> float:
    width = (radians(one[0]) + radians(other[0])) / 2 - ORIGIN
    height = radians(other[1]) - radians(one[1])
    middle = (radians(other[1]) + radians(one[1])) / 2
    series = (
        A * sin(height / 2) * cos(middle)
        - B * sin(3 * height / 2) * cos(3 * middle)
        + C * sin(5 * height / 2) * cos(5 * middle)
        - D * sin(7 * height / 2) * cos(7 * middle)
        + E * sin(9 * height / 2) * cos(9 * middle)
    )
    return 2 * B_AXIS**2 * width * series


def area_m2(geometry: BaseGeometry, crs: str, step_m: float = 10.0) -> float:
    """Return the area of polygons, their edges densified to `step_m` in their own coordinate system."""
    geographic = crs in {"EPSG:4490", "EPSG:4326"}
    dense = segmentize(geometry, step_m / 111_700 if geographic else step_m)
    to_lonlat = None if geographic else Transformer.from_crs(crs, "EPSG:4490", always_xy=True)

    def lonlat(points: Iterable[tuple[float, ...]]) -> list[LonLat]:
        pairs = [(point[0], point[1]) for point in points]
        return pairs if to_lonlat is None else [(lon, lat) for lon, lat in to_lonlat.itransform(pairs)]

    total = 0.0
    for part in getattr(dense, "geoms", [dense]):
        assert isinstance(part, Polygon)
        holes = [ring_area(lonlat(hole.coords)) for hole in part.interiors]
        total += ring_area(lonlat(part.exterior.coords)) - sum(holes)
    return total
