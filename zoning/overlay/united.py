"""The area of several shapes together, nothing counted twice and nothing lost."""

from collections.abc import Iterable

import numpy as np
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
    origin = Origin.among(kept)
    return float(union(origin.all_near(kept), origin.grid_m).area)
