"""Overlay of shapes that were valid before they were transformed.

Two edges a few nanometres apart can cross when a shape goes from one plane to another, and GEOS then refuses it. It is
mended only where that happens: to ask every shape whether it is valid would take longer than the overlay.
"""

from collections.abc import Callable
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay.repair import polygonal


def intersection(one: Any, other: BaseGeometry) -> Any:
    """Return what a geometry, or (n,) of them, has in common with another."""
    return _overlaid(shapely.intersection, one, other)


def difference(one: Any, other: BaseGeometry) -> Any:
    """Return what of a geometry, or (n,) of them, does not lie in another."""
    return _overlaid(shapely.difference, one, other)


def _overlaid(operation: Callable[[Any, Any], Any], one: Any, other: BaseGeometry) -> Any:
    try:
        return operation(one, other)
    except shapely.GEOSException:
        return operation(_mended(one), _mended(other))


def _mended(shapes: Any) -> Any:
    if isinstance(shapes, BaseGeometry):
        return shapes if shapes.is_valid else _areas(shapely.make_valid(shapes), shapes)
    found = shapes.copy()
    found[:] = [_mended(shape) for shape in shapes]
    return found


def _areas(mended: BaseGeometry, before: BaseGeometry) -> BaseGeometry:
    # What crosses itself by nanometres falls into a polygon and some lines.
    return polygonal(mended) if shapely.get_dimensions(before) == 2 else mended  # noqa: PLR2004 - what has an area
