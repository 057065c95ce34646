"""Coordinates in other systems, written from the published formulas with plain floats: the oracles of the CRS tests.

Nothing here uses PROJ or the code under test.
"""

from math import asin, atan2, cos, degrees, hypot, log, pi, radians, sin, sqrt, tan

import gauss_krueger as gk

Point = tuple[float, float]

WGS84_FLATTENING = 1 / 298.257223563
KRASSOVSKY = (6_378_245.0, 1 / 298.3)
IAG_1975 = (6_378_140.0, 1 / 298.257)
GRS80 = (6_378_137.0, 1 / 298.257222101)


def zone_plane(point: Point, meridian: float, east: float) -> Point:
    """Return easting and northing of CGCS2000."""
    x, y = gk.plane(*point, meridian)
    return x + east, y


def utm(point: Point, zone: int) -> Point:
    """Return easting and northing of UTM north on WGS 84."""
    x, y = gk.plane(*point, 6 * zone - 183, flattening=WGS84_FLATTENING)
    return 0.9996 * x + 500_000, 0.9996 * y


def web_mercator(point: Point) -> Point:
    """Return coordinates of EPSG:3857: the sphere's Mercator."""
    lon, lat = point
    return 6_378_137.0 * radians(lon), 6_378_137.0 * log(tan(pi / 4 + radians(lat) / 2))


def gcj02(point: Point) -> Point:
    """Return GCJ-02: metres of the shift as polynomials and sines of the degrees from 105°E 35°N."""
    lon, lat = point
    x, y = lon - 105, lat - 35
    common = 13.333333333333334 * (sin(6 * pi * x) + sin(2 * pi * x))
    dx = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common
    dx += (20 * sin(pi * x) + 40 * sin(pi * x / 3)) * 2 / 3 + (150 * sin(pi * x / 12) + 300 * sin(pi * x / 30)) * 2 / 3
    dy = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common
    dy += (20 * sin(pi * y) + 40 * sin(pi * y / 3)) * 2 / 3 + (160 * sin(pi * y / 12) + 320 * sin(pi * y / 30)) * 2 / 3
    a, e2 = 6_378_245.0, 0.00669342162296594323
    w = 1 - e2 * sin(radians(lat)) ** 2
    return (
        lon + dx * 180 / (a / sqrt(w) * cos(radians(lat)) * pi),
        lat + dy * 180 / (a * (1 - e2) / (w * sqrt(w)) * pi),
    )


def bd09(point: Point) -> Point:
    """Return BD-09: GCJ-02, turned and lengthened a little in polar coordinates."""
    x, y = gcj02(point)
    k = pi * 3000 / 180
    z, t = hypot(x, y) + 0.00002 * sin(k * y), atan2(y, x) + 0.000003 * cos(k * x)
    return z * cos(t) + 0.0065, z * sin(t) + 0.006


def geocentric(lon: float, lat: float, ellipsoid: tuple[float, float]) -> tuple[float, float, float]:
    """Return metres from the earth's centre of a point on an ellipsoid (axis, flattening)."""
    a, f = ellipsoid
    e2 = f * (2 - f)
    across = a / sqrt(1 - e2 * sin(radians(lat)) ** 2)
    return (
        across * cos(radians(lat)) * cos(radians(lon)),
        across * cos(radians(lat)) * sin(radians(lon)),
        across * (1 - e2) * sin(radians(lat)),
    )


def geodetic(x: float, y: float, z: float, ellipsoid: tuple[float, float]) -> Point:
    """Return longitude and latitude of a point near an ellipsoid, by iteration."""
    a, f = ellipsoid
    e2 = f * (2 - f)
    p = hypot(x, y)
    lat = asin(z / sqrt(x * x + y * y + z * z))
    for _ in range(30):
        across = a / sqrt(1 - e2 * sin(lat) ** 2)
        lat = atan2(z + e2 * across * sin(lat), p)
    return degrees(atan2(y, x)), degrees(lat)


def bursa_wolf(
    point: Point, ellipsoid: tuple[float, float], shift: tuple[float, ...], *, convention: str = "position_vector"
) -> Point:
    """Return CGCS2000 longitude and latitude of a point on an old ellipsoid.

    `shift` is dx, dy, dz in metres, rx, ry, rz in seconds, scale in ppm; small angles, as the parameters are published.
    """
    dx, dy, dz, rx, ry, rz, ppm = shift
    sign = 1 if convention == "position_vector" else -1
    ax, ay, az = (sign * radians(angle / 3600) for angle in (rx, ry, rz))
    x, y, z = geocentric(*point, ellipsoid)
    k = 1 + ppm * 1e-6
    return geodetic(
        dx + k * (x - az * y + ay * z),
        dy + k * (az * x + y - ax * z),
        dz + k * (-ay * x + ax * y + z),
        GRS80,
    )


def similarity(point: Point, dn: float, de: float, clockwise_seconds: float, scale: float) -> Point:
    """Return easting and northing after a turn from north towards east, a stretch and a shift."""
    east, north = point
    turn = radians(clockwise_seconds / 3600)
    return (
        de + scale * (north * sin(turn) + east * cos(turn)),
        dn + scale * (north * cos(turn) - east * sin(turn)),
    )
