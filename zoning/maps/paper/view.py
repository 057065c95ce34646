"""Where the ground lies on the paper: projection, scale and the rectangle of the map."""

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.maps.paper.projection import GroundPoint, Projected, Projection
from zoning.maps.paper.rectangle import Rectangle

MM_PER_M = 1000.0
_STEPS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5)
_FINEST_MM = 0.02


@dataclass(frozen=True)
class MapView:
    """A window of the ground on paper.

    Attributes
    ----------
    kept
        What was projected before, with the projection itself.
    scale
        The denominator.
    place
        The neat line, millimetres on the sheet.
    centre
        What lies in its middle.
    """

    kept: Projected
    scale: int
    place: Rectangle
    centre: GroundPoint

    @property
    def projection(self) -> Projection:
        """The plane of the map."""
        return self.kept.projection

    def on_paper(self, geometry: BaseGeometry, *, exact: bool = False) -> BaseGeometry:
        """Return a geometry of longitude and latitude in millimetres on the sheet.

        Parameters
        ----------
        exact
            Keep every corner; else corners that lie within a fiftieth of a millimetre of a line are left out.
        """
        if exact:
            return self.from_ground(self.kept.whole(geometry))
        return self.from_ground(self.kept.simple(geometry, _FINEST_MM / MM_PER_M * self.scale))

    def near(self, geometry: BaseGeometry) -> bool:
        """Tell whether the box of a geometry of longitude and latitude meets the map."""
        return self.ground.meets(Rectangle(*self.kept.whole(geometry).bounds).grown(1.0))

    def from_ground(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry of the projection's plane in millimetres on the sheet."""
        middle = np.array(self.place.middle)
        centre = np.array([self.centre.east, self.centre.north])
        moved: BaseGeometry = shapely.transform(geometry, lambda xy: (xy - centre) * (MM_PER_M / self.scale) + middle)
        return moved

    def at(self, point: GroundPoint) -> tuple[float, float]:
        """Return where a place lies on the sheet, millimetres."""
        x, y = self.place.middle
        per_m = MM_PER_M / self.scale
        return x + (point.east - self.centre.east) * per_m, y + (point.north - self.centre.north) * per_m

    @property
    def ground(self) -> Rectangle:
        """The window in metres of the projection's plane."""
        wide, high = self.place.width * self.scale / MM_PER_M / 2, self.place.height * self.scale / MM_PER_M / 2
        east, north = self.centre.east, self.centre.north
        return Rectangle(east - wide, north - high, east + wide, north + high)


def usual_scale(least: float) -> int:
    """Return the largest usual scale with at least this denominator: 1, 1.25, 1.5, 2 ... 7.5 times a power of ten.

    >>> usual_scale(18_300), usual_scale(10_000), usual_scale(5.0)
    (20000, 10000, 500)
    """
    least = max(least, 500.0)
    power = 10.0 ** floor(log10(least))
    candidates = (step * factor for factor in (power, power * 10) for step in _STEPS)
    # A ten-millionth is rounding, not land.
    return ceil(next(value for value in candidates if value >= least * (1 - 1e-7)))


def fitting_scale(extent: Rectangle, place: Rectangle) -> int:
    """Return the largest usual scale at which an extent (metres) fits into a rectangle (millimetres)."""
    return usual_scale(max(extent.width / place.width, extent.height / place.height) * MM_PER_M)
