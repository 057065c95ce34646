"""The area of several shapes together, nothing counted twice and nothing lost."""

from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay.origin import Origin
from zoning.overlay.robust import union


def united_m2(shapes: Iterable[BaseGeometry]) -> float:
    """Return the area of the union of shapes of the measuring plane, m²; 0 for none.

    They are united beside themselves on a grid (`Origin`): in large coordinates a whole face can be lost.
    """
    kept = np.asarray([shape for shape in shapes if not shape.is_empty], dtype=object)
    if not len(kept):
        return 0.0
    west, south, east, north = shapely.total_bounds(kept)
    reach = max(east - west, north - south, 1.0)
    origin = Origin.beside((west + east) / 2, (south + north) / 2, reach)
    return float(union(origin.all_near(kept), origin.grid_m).area)
