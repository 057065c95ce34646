"""The mean slope of a place from elevation rasters: cells weighted by the part of each that the place covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from zoning.errors import LayerError
from zoning.layers.datum import Bounds

_GEOD = Geod(ellps="GRS80")
_MOST_CELLS = 20_000_000
_LONLAT = "EPSG:4490"


@dataclass(frozen=True, slots=True, eq=False)
class SlopeRaster:
    """Slopes in degrees, (rows, columns), NaN without data; north up, in longitude and latitude."""

    slopes: NDArray[np.float64]
    west: float
    north: float
    wide: float
    high: float

    @classmethod
    def read(cls, path: Path, bounds: Bounds) -> "SlopeRaster | None":
        """Read the window of an elevation model; None when it does not reach there.

        Raises
        ------
        LayerError
            When the file cannot be read as an elevation model with a coordinate system.
        """
        import rasterio
        from rasterio.errors import RasterioError
        from rasterio.vrt import WarpedVRT
        from rasterio.windows import Window

        try:
            with rasterio.open(path) as source:
                if source.crs is None:
                    raise _unreadable(path, "no coordinate system")
                with WarpedVRT(source, crs=_LONLAT, add_alpha=False) as lonlat:
                    west, south, east, north = bounds
                    wide, high = lonlat.transform.a, -lonlat.transform.e
                    left, top = lonlat.transform.c, lonlat.transform.f
                    # One cell more on every side: a slope needs its neighbours.
                    first = max(0, int((west - left) / wide) - 1), max(0, int((top - north) / high) - 1)
                    last = (
                        min(lonlat.width, int((east - left) / wide) + 3),
                        min(lonlat.height, int((top - south) / high) + 3),
                    )
                    if last[0] - first[0] < 3 or last[1] - first[1] < 3:  # noqa: PLR2004 - no slope without neighbours
                        return None
                    if (last[0] - first[0]) * (last[1] - first[1]) > _MOST_CELLS:
                        raise _unreadable(path, "the window holds too many cells")
                    window = Window(first[0], first[1], last[0] - first[0], last[1] - first[1])
                    heights = lonlat.read(1, window=window, masked=True).astype("float64").filled(nan)
        except (RasterioError, OSError) as error:
            raise _unreadable(path, str(error)) from error
        corner = left + first[0] * wide, top - first[1] * high
        return cls(_slopes(heights, corner[1], wide, high), corner[0], corner[1], wide, high)

    def mean(self, place: BaseGeometry) -> float | None:
        """Return the mean slope of a place in longitude and latitude; None where a part of it has no data."""
        west, south, east, north = place.bounds
        columns = range(int((west - self.west) // self.wide), int((east - self.west) // self.wide) + 1)
        rows = range(int((self.north - north) // self.high), int((self.north - south) // self.high) + 1)
        if min(columns) < 0 or min(rows) < 0:
            return None
        if max(columns) >= self.slopes.shape[1] or max(rows) >= self.slopes.shape[0]:
            return None
        at = [(row, column) for row in rows for column in columns]
        x = np.array([self.west + column * self.wide for _, column in at])
        y = np.array([self.north - row * self.high for row, _ in at])
        cells = shapely.box(x, y - self.high, x + self.wide, y)
        parts = shapely.area(shapely.intersection(cells, place))
        values = np.array([self.slopes[row, column] for row, column in at])
        used = parts > 0
        mean = float((values[used] * parts[used]).sum() / parts[used].sum()) if used.any() else nan
        return None if isnan(mean) else mean


def read_slopes(files: Sequence[Path], bounds: Bounds) -> list[SlopeRaster]:
    """Read the windows of all elevation models that reach into a box of degrees.

    Raises
    ------
    LayerError
        When one of them cannot be read as an elevation model with a coordinate system.
    """
    found = (SlopeRaster.read(path, bounds) for path in files if path.is_file())
    return [raster for raster in found if raster is not None]


def mean_slope(rasters: Sequence[SlopeRaster], place: BaseGeometry) -> float | None:
    """Return the mean slope of a place in degrees from the first raster that holds all of it."""
    found = (raster.mean(place) for raster in rasters)
    return next((value for value in found if value is not None), None)


def _slopes(heights: NDArray[np.float64], north: float, wide: float, high: float) -> NDArray[np.float64]:
    """Return the steepest slope at each cell, degrees, from the differences to its neighbours; NaN beside NaN."""
    rows = heights.shape[0]
    latitudes = north - (np.arange(rows) + 0.5) * high
    zeros = np.zeros(rows)
    _, _, east_m = _GEOD.inv(zeros, latitudes, zeros + wide, latitudes)
    _, _, north_m = _GEOD.inv(zeros, latitudes, zeros, latitudes + high)
    down, across = np.gradient(heights)
    found: NDArray[np.float64] = np.degrees(
        np.arctan(np.hypot(across / np.asarray(east_m)[:, None], down / np.asarray(north_m)[:, None]))
    )
    # At the rim the difference reaches over one cell only.
    found[[0, -1], :] = nan
    found[:, [0, -1]] = nan
    return found


def _unreadable(path: Path, why: str) -> LayerError:
    return LayerError(f"高程栅格 {path.name} 不可读：{why}", f"the elevation raster {path.name} cannot be read: {why}")
