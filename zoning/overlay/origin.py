"""A point beside the site from which overlays are taken, and a grid for them: far from zero GEOS loses land.

Where borders all but coincide, as those of neighbours do that were drawn with different vertices, GEOS takes some
crossings for others, or snaps the borders by some µm. With the large coordinates of the measuring plane, and now and
then with small ones, a whole field of 45 m² was lost or found by that. On a grid it cannot be; seen from the site the
grid can be so fine that corners lie on it as they are, and only crossings are rounded, by a hundredth of a nanometre.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log2
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay.polygons import polygonal

if TYPE_CHECKING:
    from zoning.overlay.plane import Floats, Geometries


_DIGITS = 51  # of the 53 that a number has
_FINEST = 2.0**-37
_FINER = 64  # than the last digit of the largest coordinate: others may be smaller


@dataclass(frozen=True, slots=True)
class Origin:
    """A point of the measuring plane in whole metres: a shape that is near it is moved there to the last bit.

    Attributes
    ----------
    x, y
        The point in the measuring plane.
    grid_m
        The finest grid on which a site and the land around it can be laid: 7 pm for sites up to 32 km across.
    """

    x: float
    y: float
    grid_m: float = _FINEST

    @classmethod
    def beside(cls, x: float, y: float, reach_m: float = 1.0, finest_m: float = _FINEST) -> "Origin":
        """Return the origin next to a point of the plane, for a site that reaches so far from it."""
        return cls(float(round(x)), float(round(y)), max(finest_m, 2.0 ** (ceil(log2(reach_m)) - _DIGITS)))

    @classmethod
    def among(cls, shapes: "Sequence[BaseGeometry] | Geometries") -> "Origin":
        """Return the origin in the middle of shapes of one plane, for overlays of what lies there; also of degrees."""
        west, south, east, north = bounds = shapely.total_bounds(np.asarray(shapes, dtype=object)).tolist()
        reach = max(east - west, north - south, 1.0)
        return cls.beside((west + east) / 2, (south + north) / 2, reach, finest_grid(bounds))

    def near(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry of the plane as it is seen from here."""
        found: BaseGeometry = shapely.transform(geometry, self._near)
        return found

    def all_near(self, geometries: "Sequence[BaseGeometry] | Geometries") -> "Geometries":
        """Return geometries of the plane as they are seen from here, (n,)."""
        return np.asarray(shapely.transform(np.asarray(geometries, dtype=object), self._near), dtype=object)

    def back(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry that is seen from here in the plane, valid."""
        found: Any = shapely.transform(geometry, self._back)
        if found.is_valid or shapely.get_dimensions(found) < 2:  # noqa: PLR2004 - lines may cross themselves
            kept: BaseGeometry = found
            return kept
        # Rounded as numbers of the plane are, by a nanometre, two edges can cross.
        mended: BaseGeometry = polygonal(shapely.make_valid(found))
        return mended

    def _near(self, xy: "Floats") -> "Floats":
        return np.subtract(xy, (self.x, self.y))

    def _back(self, xy: "Floats") -> "Floats":
        return np.add(xy, (self.x, self.y))


def finest_grid(bounds: "Sequence[float] | Floats") -> float:
    """Return the finest grid that shapes within bounds need: degrees are finer than metres."""
    return min(_FINEST, float(np.spacing(np.nanmax(np.abs(bounds)))) / _FINER)
