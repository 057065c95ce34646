"""GCJ-02 (国测局) and BD-09 (百度), the shifted longitudes and latitudes of Chinese web maps, and their exact inverse.

Map vendors shift CGCS2000 / WGS 84 coordinates by some hundred metres. The shift is known as a formula that was
published by reverse engineering; the official algorithm is not public. The inverse here undoes that formula to far
below a millimetre, so what remains is how well the formula stands for the official algorithm.

Nobody with authority states that. What users report of the published formula: an agreement of about 10 m (author of a
widely used library, github.com/wandergis/coordtransform/issues/16), 11 m in Wuhan
(github.com/googollee/eviltransform/issues/59), 3.4 m on average with a standard deviation of 2.7 m against control
points (package pygcj on PyPI). Hence 10 m for GCJ-02 at 95 %, never 0, and 15 m for BD-09, whose own second shift
(rebuilt by trial as well, with waves of 2 and 35 m in it) comes on top.

The shifts change along an edge: what is straight on the web map is not straight in CGCS2000. Vertices are converted,
and how far the edges between them bend is measured and added to the accuracy (0.1 m and 1.7 m for edges of 1 km, 11 m
and 84 m for 10 km).
"""

import numpy as np

from zoning.sites.crs.conversion import Conversion, Floats, Move, NotConvertibleError
from zoning.sites.crs.zones import LONLAT
from zoning.texts import Text

GCJ02 = "GCJ02"
BD09 = "BD09"
GCJ02_ACCURACY_M = 10.0
BD09_ACCURACY_M = 15.0

CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north of where the shift is applied; outside it there is none, so nothing can be undone."""

_AXIS_M = 6_378_245.0
_ECCENTRICITY_2 = 0.006_693_421_622_965_943_23
_ORIGIN = np.array([105.0, 35.0])
_BD_STEP = np.array([0.0065, 0.006])
_BD_WAVE = np.pi * 3000.0 / 180.0
_EXACT_DEGREES = 2e-13  # 0.02 µm; the numbers themselves are stored to 1.4e-14
# Within 30 nm of 105°E the root in the formula is steeper than the shift is long, and the rounds swing back and forth.
_NEAR_ENOUGH_DEGREES = 1e-11
_ROUNDS = 30
_BLOCK = 200_000  # vertices at a time: the terms of the formula take 20 times the memory of the vertices

Shift = Move


def gcj02(lonlat: Floats) -> Floats:
    """Return longitude and latitude (n, 2) of CGCS2000 as GCJ-02, degrees."""
    x, y = (lonlat - _ORIGIN).T
    root = np.sqrt(np.abs(x))
    shared = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + (shared + _waves(x, 20, 40, 150, 300)) * 2 / 3
    north = (
        -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + (shared + _waves(y, 20, 40, 160, 320)) * 2 / 3
    )
    latitude = np.radians(lonlat[:, 1])
    flat = 1 - _ECCENTRICITY_2 * np.sin(latitude) ** 2
    meridian = _AXIS_M * (1 - _ECCENTRICITY_2) / flat**1.5
    parallel = _AXIS_M / np.sqrt(flat) * np.cos(latitude)
    moved: Floats = lonlat + np.degrees(np.column_stack((east / parallel, north / meridian)))
    return moved


def _waves(t: Floats, *heights: float) -> Floats:
    """Sum of sines with half waves of 1, 3, 12 and 30 degrees."""
    total: Floats = np.sum([h * np.sin(np.pi * t / w) for h, w in zip(heights, (1, 3, 12, 30), strict=True)], axis=0)
    return total


def bd09(lonlat: Floats) -> Floats:
    """Return longitude and latitude (n, 2) of CGCS2000 as BD-09, degrees."""
    return _second_shift(gcj02(lonlat))


def _second_shift(lonlat: Floats) -> Floats:
    x, y = lonlat.T
    distance = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_WAVE)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_WAVE)
    moved: Floats = np.column_stack((distance * np.cos(angle), distance * np.sin(angle))) + _BD_STEP
    return moved


def from_gcj02(lonlat: Floats) -> Floats:
    """Return GCJ-02 longitudes and latitudes (n, 2) as CGCS2000.

    Raises
    ------
    NotConvertibleError
        Outside the box of China.
    """
    return _undone(gcj02, lonlat, "GCJ-02")


def from_bd09(lonlat: Floats) -> Floats:
    """Return BD-09 longitudes and latitudes (n, 2) as CGCS2000; see `from_gcj02`."""
    return _undone(bd09, lonlat, "BD-09")


def _undone(shift: Shift, shifted: Floats, name: str) -> Floats:
    """Solve shift(p) = shifted for p; see `_solved`."""
    if not _in_china(shifted):
        raise _outside(name)
    blocks = [_solved(shift, shifted[i : i + _BLOCK], name) for i in range(0, len(shifted), _BLOCK)]
    return np.concatenate(blocks) if blocks else shifted


def _solved(shift: Shift, shifted: Floats, name: str) -> Floats:
    """Solve it by rounds: each leaves 1/200 of the error, the shift hardly changes over its own length."""
    found, error = shifted, shift(shifted) - shifted
    for _ in range(_ROUNDS):
        if np.max(np.abs(error), initial=0.0) <= _EXACT_DEGREES:
            break
        found = found - error
        error = shift(found) - shifted
    if np.max(np.abs(error), initial=0.0) > _NEAR_ENOUGH_DEGREES:
        raise _outside(name)
    return found


def _in_china(lonlat: Floats) -> bool:
    west, south, east, north = CHINA
    x, y = lonlat.T
    return bool(np.all((x >= west) & (x <= east) & (y >= south) & (y <= north)))


def _outside(name: str) -> NotConvertibleError:
    return NotConvertibleError(
        f"有界址点在中国范围之外，{name} 只在中国境内有定义，不能反算；请核对坐标和坐标系",
        f"a vertex lies outside of China, where {name} is not defined and cannot be undone; check the coordinates "
        "and their system",
    )


def _conversion(name: str, title: Text, accuracy_m: float, move: Move) -> Conversion:
    return Conversion(
        title=Text(f"{name}（{title.zh}）", f"{name} ({title.en})"),
        near=LONLAT,
        text=Text(
            f"由 {name}（{title.zh}）反算为 CGCS2000 经纬度，界址点逐点反算；反算误差小于 1 mm，但公开的公式只是官方"
            f"算法的近似，位置精度按 ±{accuracy_m:g} m 计，仅供参考",
            f"{name} ({title.en}) was converted back to CGCS2000 longitude and latitude, vertex by vertex; undoing the "
            "published formula is exact to 1 mm, but the formula only approximates the official algorithm: a "
            f"positional accuracy of ±{accuracy_m:g} m is assumed, for orientation only",
        ),
        accuracy_m=accuracy_m,
        move=move,
        bends=True,
    )


MARS = {
    GCJ02: _conversion(
        "GCJ-02", Text("国测局加密坐标", "shifted coordinates of Chinese web maps"), GCJ02_ACCURACY_M, from_gcj02
    ),
    BD09: _conversion("BD-09", Text("百度坐标", "coordinates of Baidu maps"), BD09_ACCURACY_M, from_bd09),
}
"""The conversions by the name that the user, or a file, states."""
