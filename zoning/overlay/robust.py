"""Overlay of shapes that were valid before they were transformed.

Two edges a few nanometres apart can cross when a shape goes from one plane to another, and GEOS then refuses it. It is
mended only where that happens: to ask every shape whether it is valid would take longer than the overlay.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.overlay.polygons import polygonal


def intersection(one: Any, other: BaseGeometry, grid_m: float | None = None) -> Any:
    """Return what a geometry, or (n,) of them, has in common with another.

    Parameters
    ----------
    grid_m
        Where borders may all but coincide: to which grid crossings are rounded (`Origin.grid_m`). Without one GEOS can
        lose a whole field whose border runs a nanometre beside a seam.
    """
    return _overlaid(shapely.intersection, one, other, grid_m)


def difference(one: Any, other: BaseGeometry, grid_m: float | None = None) -> Any:
    """Return what of a geometry, or (n,) of them, does not lie in another; see `intersection`."""
    return _overlaid(shapely.difference, one, other, grid_m)


def union(shapes: NDArray[np.object_], grid_m: float | None = None) -> BaseGeometry:
    """Return (n,) geometries as one, one alone as it is; see `intersection`."""
    if len(shapes) == 1:
        only: BaseGeometry = shapes[0]
        return only
    try:
        found: BaseGeometry = shapely.union_all(shapes, grid_size=grid_m)
    except shapely.GEOSException:
        found = shapely.union_all(_mended(shapes))
    return found


def _overlaid(operation: Callable[..., Any], one: Any, other: BaseGeometry, grid_m: float | None) -> Any:
    try:
        return operation(one, other) if grid_m is None else operation(one, other, grid_size=grid_m)
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
