"""GCJ-02 and BD-09 forwards, in plain Python, as map vendors' documents and many programs give the formulas.

Only the way there: what the product inverts is compared with it. Longitude and latitude in degrees.
"""

from math import atan2, cos, pi, sin, sqrt

_A, _EE = 6378245.0, 0.00669342162296594323  # the ellipsoid of Krasovsky
_BD = pi * 3000.0 / 180.0


def _wave(value: float, *terms: tuple[float, float]) -> float:
    return sum(size * sin(value * pi * often) for size, often in terms) * 2.0 / 3.0


def to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Return where GCJ-02 shows a point of WGS84."""
    x, y = lon - 105.0, lat - 35.0
    root = sqrt(abs(x))
    both = _wave(x, (20.0, 6.0), (20.0, 2.0))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    north += _wave(y, (20.0, 1.0), (40.0, 1 / 3)) + _wave(y, (160.0, 1 / 12), (320.0, 1 / 30))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    east += _wave(x, (20.0, 1.0), (40.0, 1 / 3)) + _wave(x, (150.0, 1 / 12), (300.0, 1 / 30))
    phi = lat / 180.0 * pi
    magic = 1 - _EE * sin(phi) ** 2
    north = north * 180.0 / (_A * (1 - _EE) / (magic * sqrt(magic)) * pi)
    east = east * 180.0 / (_A / sqrt(magic) * cos(phi) * pi)
    return lon + east, lat + north


def to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """Return where BD-09 shows a point of WGS84."""
    x, y = to_gcj02(lon, lat)
    z = sqrt(x * x + y * y) + 0.00002 * sin(y * _BD)
    theta = atan2(y, x) + 0.000003 * cos(x * _BD)
    return z * cos(theta) + 0.0065, z * sin(theta) + 0.006
