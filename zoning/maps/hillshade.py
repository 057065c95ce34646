"""Shaded relief of a window of an elevation model, as a picture that lies true on a web map.

A web map stretches a picture between two corners in web Mercator. The elevations are therefore warped to that grid
first; shading them in their own grid and stretching the picture by its corners would displace it.
"""

import base64
from collections.abc import Sequence
from math import atanh, cos, radians, sin
from pathlib import Path

import numpy as np
import numpy.typing as npt

from zoning.errors import LayerError
from zoning.maps.content import Box, Picture
from zoning.maps.product import Relief

_RADIUS = 6378137.0
_QUALITY = 80
_STRIP_ROWS = 128
# Shadow goes to a warm grey, light to white: the paper keeps its tone.
_SHADOW = np.array([112.0, 104.0, 90.0])
_LIGHT = np.array([255.0, 255.0, 252.0])

Grid = npt.NDArray[np.float64]


def mercator(lon: float, lat: float) -> tuple[float, float]:
    """Return web Mercator metres of a place.

    >>> [round(v, 2) for v in mercator(112.5, 35.5)]
    [12523442.71, 4232038.46]
    """
    return _RADIUS * radians(lon), _RADIUS * atanh(sin(radians(lat)))


def grid_shape(box: Box, longer_side: int) -> tuple[int, int]:
    """Return rows and columns of a picture of `box` with square pixels in web Mercator."""
    west, south = mercator(box.west, box.south)
    east, north = mercator(box.east, box.north)
    scale = longer_side / max(east - west, north - south)
    return max(2, round((north - south) * scale)), max(2, round((east - west) * scale))


def elevations(files: Sequence[Path], box: Box, shape: tuple[int, int]) -> Grid:
    """Return heights in metres on the web Mercator grid of `box`, NaN where no file has any; later files fill the gaps.

    Raises
    ------
    LayerError
        When a file cannot be read as an elevation model with a coordinate system.
    """
    heights = np.full(shape, np.nan)
    for path in files:
        gaps = np.isnan(heights)
        if not gaps.any():
            break
        np.copyto(heights, _warped(path, box, shape), where=gaps)
    return heights


def _warped(path: Path, box: Box, shape: tuple[int, int]) -> Grid:
    import rasterio
    from affine import Affine
    from rasterio.enums import Resampling
    from rasterio.errors import RasterioError
    from rasterio.vrt import WarpedVRT

    west, south = mercator(box.west, box.south)
    east, north = mercator(box.east, box.north)
    rows, columns = shape
    transform = Affine((east - west) / columns, 0.0, west, 0.0, (south - north) / rows, north)
    try:
        with rasterio.open(path) as source:
            if source.crs is None:
                raise _unreadable(path, "no coordinate system")
            # Bilinear facets would show as patches of one shade where the model is coarser than the picture.
            smooth = Resampling.cubic_spline
            # Without it what lies beyond the model would be read as sea level, with a cliff around the land.
            nothing = source.nodata if source.nodata is not None else _no_height(source.dtypes[0])
            with WarpedVRT(
                source,
                crs="EPSG:3857",
                transform=transform,
                width=columns,
                height=rows,
                resampling=smooth,
                nodata=nothing,
            ) as warped:
                band = warped.read(1)
                known = warped.dataset_mask() > 0
    except RasterioError as error:
        raise _unreadable(path, str(error)) from error
    return np.where(known, band, np.nan)


def _no_height(cells: str) -> float:
    """Return a value that is no height, for models that name none; `cells` is the type of the numbers."""
    if np.dtype(cells).kind == "f":
        return float("nan")
    span = np.iinfo(cells)
    return float(span.min if span.min < 0 else span.max)


def _unreadable(path: Path, reason: str) -> LayerError:
    return LayerError(
        f"{path.name}：无法作为带坐标系的高程栅格读取（{reason}）；请换用 GeoTIFF 高程模型",
        f"{path.name}: cannot be read as an elevation raster with a coordinate system ({reason}); "
        "use a GeoTIFF elevation model",
    )


def shade(heights: Grid, cell_m: float, style: Relief) -> Grid:
    """Return the light on each cell, 0 dark to 1 bright (Horn 1981); NaN stays NaN.

    Parameters
    ----------
    cell_m
        Size of a cell on the ground.
    """
    edge = np.pad(heights, 1, mode="edge")
    a, b, c = edge[:-2, :-2], edge[:-2, 1:-1], edge[:-2, 2:]
    d, f = edge[1:-1, :-2], edge[1:-1, 2:]
    g, h, i = edge[2:, :-2], edge[2:, 1:-1], edge[2:, 2:]
    east_up = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * cell_m) * style.exaggeration
    north_up = ((a + 2 * b + c) - (g + 2 * h + i)) / (8 * cell_m) * style.exaggeration
    altitude, azimuth = radians(style.altitude), radians(style.azimuth)
    light = np.sin(altitude) - np.cos(altitude) * (east_up * np.sin(azimuth) + north_up * np.cos(azimuth))
    shaded: Grid = np.clip(light / np.sqrt(1 + east_up**2 + north_up**2), 0.0, 1.0)
    return shaded


def ground_cell_m(box: Box, rows: int) -> float:
    """Return the size on the ground of a cell of the web Mercator grid, which is larger by 1 / cos(latitude)."""
    _, south = mercator(box.west, box.south)
    _, north = mercator(box.west, box.north)
    return (north - south) / rows * cos(radians((box.south + box.north) / 2))


def tint(light: Grid, style: Relief, paper: str) -> npt.NDArray[np.uint8]:
    """Return the picture (3, rows, columns): paper that darkens in the shade and brightens in the light."""
    ground = np.array([int(paper[k : k + 2], 16) for k in (1, 3, 5)], dtype=float)
    level = np.sin(radians(style.altitude))
    dark = np.clip((level - light) / level, 0, 1) ** 0.9 * style.strength * 1.6
    bright = np.clip((light - level) / (1 - level), 0, 1) * style.strength
    mixed = ground[:, None, None] + (_SHADOW - ground)[:, None, None] * np.nan_to_num(np.clip(dark, 0, 1))
    mixed = mixed + (_LIGHT[:, None, None] - mixed) * np.nan_to_num(bright)
    picture: npt.NDArray[np.uint8] = np.round(mixed).astype(np.uint8)
    return picture


def relief_picture(
    files: Sequence[Path], box: Box, style: Relief, *, paper: str, within: Box | None = None
) -> Picture | None:
    """Return the shaded relief of `box`; None where no file has heights there.

    Parameters
    ----------
    within
        What the map is about: around it the relief fades into the paper, so that it ends without an edge.

    Raises
    ------
    LayerError
        When a file cannot be read.
    """
    shape = grid_shape(box, style.pixels)
    heights = elevations(files, box, shape)
    if np.isnan(heights).all():
        return None
    picture = _shaded(heights, ground_cell_m(box, shape[0]), style, paper)
    if within is not None:
        picture = _faded(picture, box, within, paper)
    return Picture(f"data:image/webp;base64,{base64.b64encode(_webp(picture)).decode('ascii')}", box)


def _shaded(heights: Grid, cell_m: float, style: Relief, paper: str) -> npt.NDArray[np.uint8]:
    """Return the picture (3, rows, columns), reckoned strip by strip: the whole takes a quarter of a gigabyte."""
    rows, columns = heights.shape
    picture = np.empty((3, rows, columns), np.uint8)
    for first in range(0, rows, _STRIP_ROWS):
        last = min(first + _STRIP_ROWS, rows)
        # Light on a cell comes from the slope to its neighbours: a row more at each side.
        low, high = max(first - 1, 0), min(last + 1, rows)
        light = shade(heights[low:high], cell_m, style)[first - low : last - low]
        picture[:, first:last] = tint(light, style, paper)
    return picture


def _faded(picture: npt.NDArray[np.uint8], box: Box, within: Box, paper: str) -> npt.NDArray[np.uint8]:
    """Return the picture, from `within` to the edges of the box ever more like paper."""
    _, rows, columns = picture.shape
    across = _rise(box.west, within.west, within.east, box.east, columns)
    south, low, high, north = (mercator(box.west, lat)[1] for lat in (box.south, within.south, within.north, box.north))
    down = _rise(south, low, high, north, rows)[::-1]
    ground = np.array([int(paper[k : k + 2], 16) for k in (1, 3, 5)], dtype=np.float32)
    for band, tone in zip(picture, ground, strict=True):
        share = np.outer(down, across)
        band[:] = np.round(tone + (band - tone) * share)
    return picture


def _rise(start: float, low: float, high: float, end: float, count: int) -> npt.NDArray[np.float32]:
    """Return 0 at both ends of a line of cells and 1 between two places on it, with soft steps between."""
    middles = start + (np.arange(count) + 0.5) / count * (end - start)
    known = np.clip(np.interp(middles, [start, low, high, end], [0.0, 1.0, 1.0, 0.0]), 0.0, 1.0)
    return (known * known * (3.0 - 2.0 * known)).astype(np.float32)


def _webp(picture: npt.NDArray[np.uint8]) -> bytes:
    import warnings

    from rasterio.errors import NotGeoreferencedWarning
    from rasterio.io import MemoryFile

    bands, rows, columns = picture.shape
    with warnings.catch_warnings(), MemoryFile() as memory:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with memory.open(
            driver="WEBP", width=columns, height=rows, count=bands, dtype="uint8", QUALITY=_QUALITY
        ) as file:
            file.write(picture)
        return bytes(memory.read())
