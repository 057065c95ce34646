"""Gauss-Krüger by Krüger's series in the third flattening, independent of PROJ.

Charles Karney, Transverse Mercator with an accuracy of a few nanometers, Journal of Geodesy 85 (2011), equations 7-9,
12, 14 and 35: sixth order in n, good to 5 nm within 35 degrees of the meridian. Plain floats, one point at a time.
"""

from math import asinh, atan2, atanh, cos, cosh, degrees, hypot, radians, sin, sinh, sqrt

AXIS_M = 6_378_137.0
FLATTENING = 1 / 298.257222101
"""The ellipsoid of CGCS2000."""


def _series(flattening: float) -> tuple[float, tuple[float, ...]]:
    """Return the radius of the rectifying sphere over the axis, and the six coefficients of the forward series."""
    n = flattening / (2 - flattening)
    radius = (1 + n**2 / 4 + n**4 / 64 + n**6 / 256) / (1 + n)
    alpha = (
        n / 2 - 2 / 3 * n**2 + 5 / 16 * n**3 + 41 / 180 * n**4 - 127 / 288 * n**5 + 7891 / 37800 * n**6,
        13 / 48 * n**2 - 3 / 5 * n**3 + 557 / 1440 * n**4 + 281 / 630 * n**5 - 1983433 / 1935360 * n**6,
        61 / 240 * n**3 - 103 / 140 * n**4 + 15061 / 26880 * n**5 + 167603 / 181440 * n**6,
        49561 / 161280 * n**4 - 179 / 168 * n**5 + 6601661 / 7257600 * n**6,
        34729 / 80640 * n**5 - 3418889 / 1995840 * n**6,
        212378941 / 319334400 * n**6,
    )
    return radius, alpha


def plane(
    lon: float, lat: float, meridian: float, *, axis_m: float = AXIS_M, flattening: float = FLATTENING
) -> tuple[float, float]:
    """Return metres east of the meridian and north of the equator, scale 1 on the meridian."""
    radius, alpha = _series(flattening)
    e = sqrt(flattening * (2 - flattening))
    tau = sin(radians(lat)) / cos(radians(lat))
    sigma = sinh(e * atanh(e * tau / hypot(1, tau)))
    conformal = tau * hypot(1, sigma) - sigma * hypot(1, tau)
    away = radians(lon - meridian)
    xi = atan2(conformal, cos(away))
    eta = asinh(sin(away) / hypot(conformal, cos(away)))
    north = xi + sum(a * sin(2 * j * xi) * cosh(2 * j * eta) for j, a in enumerate(alpha, 1))
    east = eta + sum(a * cos(2 * j * xi) * sinh(2 * j * eta) for j, a in enumerate(alpha, 1))
    return axis_m * radius * east, axis_m * radius * north


def degrees_of(
    east: float, north: float, meridian: float, *, axis_m: float = AXIS_M, flattening: float = FLATTENING
) -> tuple[float, float]:
    """Return longitude and latitude: the forward series solved by Newton's method on the sphere."""
    lon, lat = meridian + degrees(east / (axis_m * cos(north / axis_m))), degrees(north / axis_m)
    for _ in range(20):
        x, y = plane(lon, lat, meridian, axis_m=axis_m, flattening=flattening)
        lon += degrees((east - x) / (axis_m * cos(radians(lat))))
        lat += degrees((north - y) / axis_m)
    return lon, lat
