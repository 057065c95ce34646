"""Outlines as small whole numbers, for pages that carry thousands of them."""

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

PER_DEGREE = 1_000_000
SIMPLE_DEGREES = 0.000_02
"""Two metres: less than the line that is drawn."""


def steps_of(shape: BaseGeometry) -> Iterator[list[int]]:
    """Yield every ring or line of a geometry in degrees: its first vertex in millionths, then the steps to the next."""
    for part in shapely.get_parts(shape):
        if part.geom_type == "Point":
            continue
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in rings:
            cells = np.rint(shapely.get_coordinates(ring) * PER_DEGREE).astype(np.int64)
            steps = np.diff(cells, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
            yield [int(number) for number in steps.ravel()]
