"""How coarsely the coordinates of a footprint were written, and what that leaves open.

A boundary in whole thousandths of a degree may lie 70 m off, whatever the format. The step is read from the numbers
themselves: all of them are multiples of it.
"""

from dataclasses import dataclass
from math import ceil, cos, hypot, radians

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.sites.where import Where
from zoning.texts import Text

_METRES_PER_DEGREE = 111_320.0  # a degree of longitude on the equator: the longest
_COARSE_M = 1.0
_FINEST_DIGITS = 5
_ULPS = 4.0


@dataclass(frozen=True, slots=True)
class Rounding:
    """What rounding to the last digit may have moved a point by, metres; 0 when that is less than 1 m."""

    accuracy_m: float = 0.0
    text: Text | None = None


def rounding_of(geometry: BaseGeometry, where: Where, *, degrees: bool) -> Rounding:
    """Tell how coarsely a geometry was written.

    Parameters
    ----------
    geometry
        As the file has it, x east.
    degrees
        Whether its numbers are degrees, else metres.
    """
    xy = shapely.get_coordinates(geometry)
    step = _step(xy, degrees=degrees)
    if step is None:
        return Rounding()
    shrink = cos(radians(float(np.median(xy[:, 1])))) if degrees else 1.0
    metres = _METRES_PER_DEGREE if degrees else 1.0
    moved = hypot(step / 2 * shrink, step / 2) * metres
    if moved <= _COARSE_M:
        return Rounding()
    moved = ceil(moved * 10) / 10
    shown = f"{step:.5f}".rstrip("0").rstrip(".")
    text = where.sentence(
        f"坐标只写到 {shown}{'°' if degrees else ' 米'}，取整使点位最多偏 {moved:.1f} 米；核对红线请提供更精确的坐标",
        f"the coordinates are written to {shown}{'°' if degrees else ' m'} only, which moves points by up to "
        f"{moved:.1f} m; for a check at a boundary give finer ones",
    )
    return Rounding(moved, text)


def _step(xy: np.ndarray, *, degrees: bool) -> float | None:
    """Return the last written digit, None when it is finer than matters."""
    powers = range(_FINEST_DIGITS + 1) if degrees else range(-3, 0)
    # Multiples of a coarse step are multiples of the finest, but for a rounding error or two: most end here.
    if not _multiples(xy, powers[-1], 4 * _ULPS):
        return None
    return next((float(10.0**-power) for power in powers if _multiples(xy, power, _ULPS)), None)


def _multiples(xy: np.ndarray, power: int, ulps: float) -> bool:
    scaled = xy * 10.0**power
    return bool((np.abs(scaled - np.round(scaled)) <= ulps * np.spacing(np.abs(scaled))).all())
