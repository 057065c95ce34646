"""Which zones a footprint touches: the larger of the two brings its index."""

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    from zoning.overlay.plane import Geometries


def meet(zones: "Geometries", place: BaseGeometry) -> NDArray[np.bool_]:
    """Return which zones (n,) have a point in common with a prepared geometry.

    A field of 20 vertices is looked up along a road of 2,000, a footprint of 5 along a border of 20,000.
    """
    larger = shapely.get_num_coordinates(zones) > shapely.get_num_coordinates(place)
    found: NDArray[np.bool_] = np.zeros(len(zones), dtype=bool)
    found[larger] = shapely.intersects(zones[larger], place)
    found[~larger] = shapely.intersects(place, zones[~larger])
    return found
