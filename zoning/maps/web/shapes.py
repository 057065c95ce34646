"""Shapes for the page: simplified so that shared borders stay shared, then whole numbers from vertex to vertex."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

PER_DEGREE = 1_000_000
"""The page knows places to a millionth of a degree: about 10 cm."""

_METRES_PER_DEGREE = 111_320.0

Parts = list[list[list[int]]]
"""Of one zone: parts (polygons or lines), each a list of rings, each flat: first vertex, then the steps to the next."""


def simplified(geometries: Sequence[BaseGeometry], *, tolerance_m: float, lines: bool) -> NDArray[np.object_]:
    """Return the zones of one layer with fewer vertices; neighbours still meet along every shared border.

    Parameters
    ----------
    geometries
        (n,) longitude and latitude. Zones that overlap keep their own borders.
    tolerance_m
        Of three vertices in a row the middle one goes when their triangle is smaller than the square of this.

    Returns
    -------
    numpy.ndarray
        (n,). A zone that would vanish or break is returned as it was: on this page nothing may look free that is not.
    """
    exact = np.asarray(list(geometries), dtype=object)
    if not len(exact) or tolerance_m <= 0:
        return exact
    tolerance = tolerance_m / _METRES_PER_DEGREE
    if lines:
        return np.asarray(shapely.simplify(exact, tolerance), dtype=object)
    areas = np.asarray([_areas(geometry) for geometry in exact], dtype=object)
    coarse = np.asarray(shapely.coverage_simplify(areas, tolerance), dtype=object)
    broken = shapely.is_empty(coarse) | ~shapely.is_valid(coarse)
    coarse[broken] = areas[broken]
    return coarse


def _areas(geometry: BaseGeometry) -> BaseGeometry:
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    return shapely.union_all([part for part in shapely.get_parts(geometry) if shapely.get_dimensions(part) == 2])  # noqa: PLR2004 - areas


def parts_of(geometry: BaseGeometry) -> Parts:
    """Return the rings of a zone as whole numbers.

    >>> import shapely
    >>> parts_of(shapely.box(112, 35, 112.00001, 35.00001))[0][0][:6]
    [112000010, 35000000, 0, 10, -10, 0]
    """
    return [[_steps(ring) for ring in _rings(part)] for part in shapely.get_parts(geometry) if not part.is_empty]


def _rings(part: BaseGeometry) -> Iterable[BaseGeometry]:
    return [part.exterior, *part.interiors] if isinstance(part, Polygon) else [part]


def _steps(ring: BaseGeometry) -> list[int]:
    cells = np.rint(shapely.get_coordinates(ring) * PER_DEGREE).astype(np.int64)
    moves = np.diff(cells, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    # A step of nothing says nothing, but two vertices are always kept: a zone smaller than a cell is still a zone.
    kept = np.any(moves != 0, axis=1)
    kept[: 2 if len(kept) > 1 else 1] = True
    found: list[int] = moves[kept].ravel().tolist()
    return found


def boxes_of(geometries: Sequence[BaseGeometry] | NDArray[np.object_]) -> NDArray[np.int32]:
    """Return (n, 4) west, south, east, north in millionths of a degree, rounded outwards."""
    bounds: NDArray[Any] = shapely.bounds(np.asarray(geometries, dtype=object)) * PER_DEGREE
    return np.column_stack((np.floor(bounds[:, :2]), np.ceil(bounds[:, 2:]))).astype("<i4")


def vertices(geometries: Sequence[BaseGeometry] | NDArray[np.object_]) -> int:
    """Return how many vertices there are."""
    return int(shapely.get_num_coordinates(np.asarray(geometries, dtype=object)).sum())
