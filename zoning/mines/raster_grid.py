"""Where the pixels of a raster lie, and the way of geometries into its coordinate system and back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.errors import CRSError
from zoning.layers.datum import LonLat, parse_crs

Floats = NDArray[np.float64]

_STEP_DEGREES = 85.0 / 111_700.0  # edges of 85 m bend by 0.1 mm between planes
_SQUARE = 1e-9


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the pixels of a raster lie; row 0 is the northernmost.

    Attributes
    ----------
    crs
        As PROJ understands it.
    left, top
        Upper left corner, units of the coordinate system.
    dx, dy
        Size of a pixel, both positive, same units.
    """

    crs: str
    left: float
    top: float
    dx: float
    dy: float
    width: int
    height: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top, in units of the coordinate system."""
        return (self.left, self.top - self.dy * self.height, self.left + self.dx * self.width, self.top)

    @property
    def transform(self) -> tuple[float, float, float, float, float, float]:
        """The affine transformation in the order of rasterio's `Affine`."""
        return (self.dx, 0.0, self.left, 0.0, -self.dy, self.top)

    def in_pixels(self, geometries: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return geometries (n,) of the coordinate system in pixels: x from the left, y up from the bottom."""
        left, bottom, _, _ = self.bounds
        moved: Any = shapely.transform(geometries, lambda xy: (xy - (left, bottom)) / (self.dx, self.dy))
        return np.asarray(moved, dtype=object)

    def brought(self, geometries: NDArray[np.object_], ways: LonLat) -> NDArray[np.object_]:
        """Return geometries (n,) of longitude and latitude in the coordinate system of the grid, edges where they were.

        Raises
        ------
        CRSError
            When the coordinate system has no exact way to CGCS2000, or cannot show the place.
        """
        return brought_into(self.crs, geometries, ways)


def brought_into(crs: str, geometries: NDArray[np.object_], ways: LonLat) -> NDArray[np.object_]:
    """Return geometries (n,) of longitude and latitude (EPSG:4490) in another coordinate system, edges kept.

    Raises
    ------
    CRSError
        When `crs` has no exact way to CGCS2000, or cannot show the place.
    """
    way = ways.transformer(crs)
    flat = shapely.force_2d(geometries)
    if way is None:
        return np.asarray(flat, dtype=object)

    def move(xy: Floats) -> Floats:
        return np.column_stack(way.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))

    moved: Any = shapely.transform(shapely.segmentize(flat, _STEP_DEGREES), move)
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise CRSError(
            f"有图斑超出坐标系“{crs[:60]}”的范围",
            f"parcels lie outside of what '{crs[:60]}' can show",
        )
    return np.asarray(moved, dtype=object)


def back_to_lonlat(crs: str, geometries: NDArray[np.object_], ways: LonLat) -> NDArray[np.object_]:
    """Return geometries (n,) of a raster's coordinate system as longitude and latitude (EPSG:4490), edges kept.

    Raises
    ------
    CRSError
        When the coordinate system has no exact way to CGCS2000.
    """
    way = ways.transformer(crs)
    if way is None:
        return np.asarray(geometries, dtype=object)
    step = _STEP_DEGREES if parse_crs(crs).is_geographic else 85.0

    def move(xy: Floats) -> Floats:
        return np.column_stack(way.transform(xy[:, 0], xy[:, 1]))

    moved: Any = shapely.transform(shapely.segmentize(geometries, step), move)
    return np.asarray(moved, dtype=object)


def grid_of(dataset: Any, path: Path) -> Grid:
    """Return where the pixels of an open raster lie.

    Raises
    ------
    CRSError
        When it does not say its coordinate system, or its rows do not run from west to east.
    """
    if dataset.crs is None:
        raise CRSError(
            f"{path.name}：栅格没有坐标系；请先写入（如 gdal_edit.py -a_srs EPSG:4490）",
            f"{path.name}: the raster does not say its coordinate system; write it first "
            "(such as gdal_edit.py -a_srs EPSG:4490)",
        )
    at = dataset.transform
    if abs(at.b) > _SQUARE * abs(at.a) or abs(at.d) > _SQUARE * abs(at.e) or at.a <= 0:
        raise CRSError(
            f"{path.name}：栅格是旋转的或左右颠倒的；请先重采样为正北向上",
            f"{path.name}: the raster is rotated or mirrored; warp it to north up first",
        )
    code = dataset.crs.to_epsg()
    crs = dataset.crs.to_wkt() if code is None else f"EPSG:{code}"
    top = at.f if at.e < 0 else at.f + at.e * dataset.height
    return Grid(crs, at.c, top, at.a, abs(at.e), dataset.width, dataset.height)


def ground_of(grid: Grid, ways: LonLat) -> BaseGeometry:
    """Return the ground that a raster shows, longitude and latitude, edges kept.

    Raises
    ------
    CRSError
        When the coordinate system has no exact way to CGCS2000.
    """
    box = np.asarray([shapely.box(*grid.bounds)], dtype=object)
    if ways.transformer(grid.crs) is None:
        found: BaseGeometry = box[0]
        return found
    sides = np.hypot(grid.dx * grid.width, grid.dy * grid.height) / 64
    moved: BaseGeometry = back_to_lonlat(grid.crs, np.asarray(shapely.segmentize(box, sides), dtype=object), ways)[0]
    return moved
