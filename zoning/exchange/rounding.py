"""Coordinates with the decimals of a text format, still a valid geometry."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError
from zoning.exchange.parcel import Parcel

METRE_DECIMALS, DEGREE_DECIMALS = 3, 9
"""Both are better than 1 mm."""


def rounded(parcel: Parcel, decimals: int) -> BaseGeometry:
    """Return the geometry with rounded coordinates.

    Raises
    ------
    ContentError
        When nothing of it is left: narrower than the last decimal.
    """
    made: BaseGeometry = shapely.remove_repeated_points(
        shapely.transform(parcel.geometry, lambda xy: np.round(xy, decimals))
    )
    if not made.is_valid:
        # Corners nearer than the last decimal have changed sides.
        made = shapely.set_precision(parcel.geometry, 10.0**-decimals)
    if made.is_empty or not made.is_valid:
        raise ContentError(
            f"地块“{parcel.name}”窄于坐标的最后一位小数，无法写出；请检查界址点",
            f"footprint '{parcel.name}' is narrower than the last decimal of the coordinates; check its points",
        )
    return made
