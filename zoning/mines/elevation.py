"""Elevation models: a window of a raster of heights, with the true size of its cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import cos, floor, radians, sin, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from zoning.errors import LayerError
from zoning.exchange.moving import Mover
from zoning.layers.datum import CGCS2000, Bounds, LonLat
from zoning.layers.digests import file_sha256

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GEOD = Geod(ellps="GRS80")
_A, _F = 6_378_137.0, 1 / 298.257222101
_E2 = _F * (2 - _F)
_METRES_PER_DEGREE = 110_574.0  # shortest degree of latitude: windows are rather too large
_SPARE_CELLS = 3
_LOWEST_M, _HIGHEST_M = -500.0, 9_000.0  # of any ground
_LEAST_SHARE = 1e-7  # of a cell: below it rounding decides whether a border crosses it


@dataclass(frozen=True, eq=False)
class Elevation:
    """Heights on a grid whose rows run west to east, the northern one first.

    Attributes
    ----------
    heights
        (rows, columns) metres; NaN where the height is not known.
    crs
        Of the grid, what pyproj understands.
    west, north
        Outer corner of the first cell, in `crs`.
    width, height
        Of a cell, in units of `crs`, both positive.
    sha256
        Of the file.
    """

    heights: NDArray[np.float32]
    crs: str
    west: float
    north: float
    width: float
    height: float
    name: str = ""
    sha256: str = ""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.heights.shape
        return int(rows), int(columns)

    @cached_property
    def ways(self) -> LonLat:
        """Transformers."""
        return LonLat()

    @cached_property
    def cells_m(self) -> tuple[Floats, Floats]:
        """How far apart the centres of neighbours are, east-west and north-south, metres on the ellipsoid, per row.

        Taken along the middle column.
        """
        rows, columns = self.shape
        lines = np.arange(rows, dtype=np.float64)
        return self.sizes_m(lines, np.full(rows, (columns - 1) / 2))

    def sizes_m(self, rows: Floats, columns: Floats) -> tuple[Floats, Floats]:
        """Return width and height of the cells around places of the grid (n,), metres on the ellipsoid.

        A cell of a plane that is not conformal may be sheared; its area is then not their product.
        """
        west, east = self.lonlat(rows, columns - 0.5), self.lonlat(rows, columns + 0.5)
        north, south = self.lonlat(rows - 0.5, columns), self.lonlat(rows + 0.5, columns)
        wide = _GEOD.inv(west[:, 0], west[:, 1], east[:, 0], east[:, 1])[2]
        high = _GEOD.inv(north[:, 0], north[:, 1], south[:, 0], south[:, 1])[2]
        return np.asarray(wide, dtype=np.float64), np.asarray(high, dtype=np.float64)

    def lonlat(self, rows: Floats, columns: Floats) -> Floats:
        """Return degrees (n, 2) of places of the grid: row and column of a cell are those of its centre."""
        xy = np.column_stack((self.west + (columns + 0.5) * self.width, self.north - (rows + 0.5) * self.height))
        return Mover(self.crs, CGCS2000, self.ways).to_target(xy)

    def places(self, lonlat: Floats) -> tuple[Floats, Floats]:
        """Return rows and columns of points in degrees (n, 2)."""
        xy = Mover(CGCS2000, self.crs, self.ways).to_target(np.asarray(lonlat, dtype=np.float64))
        return (self.north - xy[:, 1]) / self.height - 0.5, (xy[:, 0] - self.west) / self.width - 0.5

    def at(self, rows: Floats, columns: Floats) -> Floats:
        """Return heights (n,) between the centres of four cells, bilinear.

        NaN where one of the cells that count is not known, and beyond the outermost centres.
        """
        last_row, last_column = self.shape[0] - 1, self.shape[1] - 1
        inside = (rows >= 0) & (rows <= last_row) & (columns >= 0) & (columns <= last_column)
        r, c = np.where(inside, rows, 0.0), np.where(inside, columns, 0.0)
        top, left = np.floor(r).astype(np.int64), np.floor(c).astype(np.int64)
        down, right = r - top, c - left
        bottom, beyond = np.minimum(top + 1, last_row), np.minimum(left + 1, last_column)
        total = np.zeros(len(r))
        for row, by in ((top, 1 - down), (bottom, down)):
            for column, across in ((left, 1 - right), (beyond, right)):
                weight = by * across
                # A neighbour that has no weight may be unknown.
                total += np.where(weight > 0, self.heights[row, column].astype(np.float64) * weight, 0.0)
        return np.where(inside, total, np.nan)

    def moved(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry in degrees in the coordinates of the grid."""
        return Mover(CGCS2000, self.crs, self.ways).moved(geometry)

    @cached_property
    def radius_m(self) -> float:
        """The mean radius of curvature of the ellipsoid in the middle of the grid, sqrt(M N)."""
        rows, columns = self.shape
        middle = self.lonlat(np.array([(rows - 1) / 2]), np.array([(columns - 1) / 2]))[0, 1]
        w2 = 1 - _E2 * sin(radians(middle)) ** 2
        return _A * sqrt(1 - _E2) / w2


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a grid that parcels cover, with the exact share of each.

    Attributes
    ----------
    owner
        (n,) number of the parcel, ascending.
    rows, columns
        (n,)
    share
        (n,) of the cell that lies in the parcel, above 0 to 1.
    area_m2
        (n,) of that part, on the ellipsoid.
    beyond_m2
        Per parcel (p,): what lies outside the grid.
    """

    owner: Ints
    rows: Ints
    columns: Ints
    share: Floats
    area_m2: Floats
    beyond_m2: Floats


def cells_of(elevation: Elevation, parcels: Sequence[BaseGeometry | None]) -> Cells:
    """Return the cells under parcels (degrees); a parcel without geometry has none."""
    from exactextract import exact_extract
    from exactextract.raster import NumPyRasterSource

    rows, columns = elevation.shape
    west, north = elevation.west, elevation.north
    box = (west, north - rows * elevation.height, west + columns * elevation.width, north)
    grid = NumPyRasterSource(np.zeros((rows, columns), dtype=np.uint8), *box)
    moved = [None if parcel is None or parcel.is_empty else elevation.moved(parcel) for parcel in parcels]
    frame = shapely.box(*box)
    known = [(number, shape) for number, shape in enumerate(moved) if shape is not None and frame.intersects(shape)]
    found = exact_extract(grid, [_feature(*one) for one in known], ["cell_id", "coverage"]) if known else []
    parts = [(number, one["properties"]) for (number, _), one in zip(known, found, strict=True)]
    owner = np.concatenate([np.full(len(p["cell_id"]), n) for n, p in parts] or [np.empty(0)]).astype(np.int64)
    cells = np.concatenate([p["cell_id"] for _, p in parts] or [np.empty(0)]).astype(np.int64)
    share = np.concatenate([p["coverage"] for _, p in parts] or [np.empty(0)]).astype(np.float64)
    kept = share > _LEAST_SHARE
    owner, cells, share = owner[kept], cells[kept], share[kept]
    line, column = cells // columns, cells % columns
    wide, high = elevation.sizes_m(line.astype(np.float64), column.astype(np.float64)) if len(cells) else (share, share)
    areas = share * wide * high
    inside = np.bincount(owner, weights=areas, minlength=len(parcels))
    whole = np.array([0.0 if parcel is None else ellipsoid_m2(parcel) for parcel in parcels])
    out = np.array([shape is not None and not frame.covers(shape) for shape in moved], dtype=bool)
    return Cells(owner, line, column, share, areas, np.where(out, np.maximum(whole - inside, 0.0), 0.0))


def ellipsoid_m2(geometry: BaseGeometry) -> float:
    """Return the area of a geometry in degrees, edges geodesic."""
    return abs(float(_GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))[0]))


def _feature(number: int, shape: BaseGeometry) -> dict[str, Any]:
    return {"type": "Feature", "geometry": shapely.geometry.mapping(shape), "properties": {"number": number}}


def around(geometries: Sequence[BaseGeometry], reach_m: float) -> Bounds:
    """Return the box in degrees that holds everything within metres of geometries in degrees."""
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(np.asarray(geometries, dtype=object)))
    high = reach_m / _METRES_PER_DEGREE
    wide = high / max(cos(radians(min(max(abs(south), abs(north)) + high, 89.0))), 0.02)
    return west - wide, south - high, east + wide, north + high


def read_elevation(path: Path, bounds: Bounds | None = None) -> Elevation:
    """Read an elevation model, or the cells of it that a box in degrees needs.

    Raises
    ------
    LayerError
        When the file is no raster, has no coordinate system, is rotated, or holds nothing in the box.
    """
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(path) as source:
            if source.crs is None:
                raise _unreadable(path, "没有坐标系", "it has no coordinate system")
            crs = f"EPSG:{code}" if (code := source.crs.to_epsg()) else source.crs.to_wkt()
            step = source.transform
            if step.b or step.d or step.a <= 0 or step.e >= 0:
                raise _unreadable(path, "栅格有旋转或上下颠倒", "its rows do not run from west to east, north first")
            rows, columns = _window(path, source, crs, bounds)
            band = source.read(1, window=(rows, columns), masked=True)
            factor, offset = source.scales[0], source.offsets[0]
    except RasterioError as error:
        raise _unreadable(path, str(error), str(error)) from error
    heights = np.ma.filled(band.astype(np.float32), np.nan) * np.float32(factor) + np.float32(offset)
    heights = np.where(np.isfinite(heights), heights, np.float32(np.nan)).astype(np.float32)
    # Marks of "no height" that the file does not declare would be cliffs.
    heights[(heights < _LOWEST_M) | (heights > _HIGHEST_M)] = np.nan
    west, north = step.c + columns[0] * step.a, step.f + rows[0] * step.e
    return Elevation(heights, crs, west, north, step.a, -step.e, path.name, file_sha256(path))


def _window(path: Path, source: Any, crs: str, bounds: Bounds | None) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the first row and the one after the last, and the columns likewise."""
    box = None if bounds is None else LonLat().bounds_in(crs, bounds)
    if box is None:
        return (0, source.height), (0, source.width)
    step = source.transform
    left, right = floor((box[0] - step.c) / step.a) - _SPARE_CELLS, floor((box[2] - step.c) / step.a) + _SPARE_CELLS
    top, bottom = floor((box[3] - step.f) / step.e) - _SPARE_CELLS, floor((box[1] - step.f) / step.e) + _SPARE_CELLS
    rows = (max(top, 0), min(bottom + 1, source.height))
    columns = (max(left, 0), min(right + 1, source.width))
    if rows[0] >= rows[1] or columns[0] >= columns[1]:
        raise _unreadable(path, "与图斑没有重叠", "it holds nothing where the parcels lie")
    return rows, columns


def _unreadable(path: Path, zh: str, en: str) -> LayerError:
    return LayerError(
        f"{path.name}：不能作为高程栅格使用（{zh}）；请换用带坐标系的 GeoTIFF",
        f"{path.name}: cannot be used as an elevation raster ({en}); use a GeoTIFF with a coordinate system",
    )
