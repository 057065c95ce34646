"""True metres around a site: where buffers and nearest points are taken.

The measuring plane is stretched by k east-west and 1/k north-south at the latitude of the site, and the stretch changes
with the latitude. The frame undoes both: x/k, y*k, and a quadratic bend by c = tan(latitude) / N. What is left is of
second order: 0.025 mm in 1 km, 3 cm in 10 km.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin, sqrt, tan
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    from zoning.overlay.plane import Floats, Geometries, MeasuringPlane

_A = 6_378_137.0
_F = 1 / 298.257222101
_E2 = _F * (2 - _F)


@dataclass(frozen=True, slots=True)
class LocalFrame:
    """A plane tangent to the ellipsoid at one point of the measuring plane.

    Attributes
    ----------
    x, y
        The point in the measuring plane.
    stretch
        k: how much longer the measuring plane is east-west there.
    bend
        c, per metre.
    """

    x: float
    y: float
    stretch: float
    bend: float

    @classmethod
    def at(cls, plane: "MeasuringPlane", x: float, y: float) -> "LocalFrame":
        """Return the frame at a point of the plane."""
        latitude = radians(plane.to_lonlat([shapely.Point(x, y)])[0].y)
        stretch = _parallel(radians(plane.latitude)) / _parallel(latitude)
        curve = _A / sqrt(1 - _E2 * sin(latitude) ** 2)
        return cls(x, y, stretch, tan(latitude) / curve)

    def to_frame(self, geometries: "Sequence[BaseGeometry] | Geometries") -> "Geometries":
        """Return geometries of the measuring plane in true metres around the point, (n,)."""

        def bend(xy: "Floats") -> "Floats":
            x, y = (xy[:, 0] - self.x) / self.stretch, (xy[:, 1] - self.y) * self.stretch
            return np.column_stack((x * (1 - self.bend * y), y + self.bend / 2 * (x * x + y * y)))

        return np.asarray(shapely.transform(np.asarray(geometries, dtype=object), bend), dtype=object)

    def to_plane(self, geometries: "Sequence[BaseGeometry] | Geometries") -> "Geometries":
        """Return geometries of the frame in the measuring plane, (n,)."""

        def unbend(uv: "Floats") -> "Floats":
            u, v = uv[:, 0], uv[:, 1]
            x, y = u, v
            # Each round wins a factor of (distance / 8000 km).
            for _ in range(5):
                x, y = u / (1 - self.bend * y), v - self.bend / 2 * (x * x + y * y)
            return np.column_stack((x * self.stretch + self.x, y / self.stretch + self.y))

        return np.asarray(shapely.transform(np.asarray(geometries, dtype=object), unbend), dtype=object)

    def reach(self, metres: float, radius_m: float) -> tuple[float, float]:
        """Return width and height in the measuring plane that hold `metres` anywhere within `radius_m` of the point."""
        slack = self.slack(metres + radius_m)
        return metres * self.stretch * slack, metres / self.stretch * slack

    def slack(self, metres: float) -> float:
        """Return by what factor lengths of the plane can differ some metres away from what they are at the point."""
        return 1 + 2 * abs(self.bend) * metres + (metres / _A) ** 2 + 1e-6


def _parallel(latitude: float) -> float:
    """Radius of the parallel in units of the equator's."""
    return cos(latitude) / sqrt(1 - _E2 * sin(latitude) ** 2)
