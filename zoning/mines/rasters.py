"""Rasters of the desk: opened and read block by block, with their coordinate system, nodata, clouds and dates told."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoning.errors import LayerError, UsageError
from zoning.mines.band_formula import Formula, parse_formula
from zoning.mines.raster_grid import Grid, grid_of

__all__ = [
    "CLOUD",
    "NODATA",
    "TILE",
    "TILES_KEPT",
    "VALID",
    "CloudMask",
    "Grid",
    "OpenScene",
    "Scene",
    "open_dataset",
    "open_scene",
    "unreadable",
]

Floats = NDArray[np.float64]
Flags = NDArray[np.uint8]

VALID, NODATA, CLOUD = 0, 1, 2
"""What a pixel is."""

CACHE_MB = 64
"""Memory that GDAL may keep of decoded blocks: it would take a twentieth of the machine."""

TILE = 512
"""Rasters are read in squares of so many pixels."""

TILES_KEPT = 32
"""That many of them stay in memory for the next window: 2.4 MB each."""


@dataclass(frozen=True, slots=True)
class CloudMask:
    """Where the clouds of a scene are told.

    Attributes
    ----------
    path
        Raster of codes; None: a band of the scene itself. It may have another grid: the nearest pixel counts, and
        where it has no value or does not reach, the sky counts as clouded.
    codes, bits
        A pixel is clouded when its code is one of `codes`, or has one of `bits` (0 is the lowest) set. Without either,
        every code but 0 is a cloud.
    """

    path: Path | None = None
    band: int = 1
    codes: tuple[int, ...] = ()
    bits: tuple[int, ...] = ()

    def clouded(self, codes: NDArray[Any]) -> NDArray[np.bool_]:
        """Tell which codes mean a cloud, same shape."""
        if not self.codes and not self.bits:
            return np.asarray(codes != 0)
        found = np.isin(codes, self.codes) if self.codes else np.zeros(codes.shape, dtype=bool)
        for bit in self.bits:
            found |= (codes.astype(np.int64) >> bit) & 1 == 1
        return np.asarray(found)


@dataclass(frozen=True, slots=True)
class Scene:
    """One raster and how its pixels become values.

    Attributes
    ----------
    on
        The day that it shows; None where nobody asks.
    band
        The band whose values count, from 1; unused with a formula.
    formula
        Over the bands, such as `(b4-b3)/(b4+b3)`; see `zoning.mines.band_formula`.
    scale, offset
        value = stored x scale + offset, of every band; None: what the file itself says (1 and 0 where it is silent).
    nodata
        Stored value that means nothing; None: what the file itself says.
    valid
        Smallest and largest value that can be; what lies outside is nodata.
    """

    path: Path
    on: date | None = None
    band: int = 1
    formula: str = ""
    scale: float | None = None
    offset: float | None = None
    nodata: float | None = None
    valid: tuple[float, float] | None = None
    cloud: CloudMask | None = None


class OpenScene:
    """A scene that is open: give windows of it, in values and in what its pixels are.

    Get it from `open_scene`. Decoded tiles are kept, so that neighbours are read once.
    """

    def __init__(self, scene: Scene, dataset: Any, mask: Any, scales: tuple[Any, Any], tiles: int) -> None:
        self.scene = scene
        self.grid = grid_of(dataset, scene.path)
        self._dataset, self._mask = dataset, mask
        self._scales = scales
        self._most_tiles = tiles
        self._formula: Formula | None = parse_formula(scene.formula) if scene.formula else None
        self.bands = self._formula.bands if self._formula else (scene.band,)
        lacking = [band for band in self.bands if not 1 <= band <= dataset.count]
        if lacking:
            raise UsageError(
                f"{scene.path.name}：没有第 {lacking[0]} 波段；共 {dataset.count} 个波段",
                f"{scene.path.name}: there is no band {lacking[0]}; it has {dataset.count}",
            )
        # Rasters that grow upwards are read from their other end.
        self._upwards = dataset.transform.e > 0
        self._tiles: OrderedDict[tuple[int, int], tuple[Floats, Flags]] = OrderedDict()

    def window(self, column: int, row: int, width: int, height: int) -> tuple[Floats, Flags]:
        """Return values and what the pixels are, each (height, width); values are NaN where the pixel is not valid.

        Raises
        ------
        LayerError
            When the pixels cannot be read.
        """
        values = np.empty((height, width))
        flags = np.empty((height, width), dtype=np.uint8)
        for tile_row in range(row // TILE, (row + height - 1) // TILE + 1):
            for tile_column in range(column // TILE, (column + width - 1) // TILE + 1):
                tile_values, tile_flags = self._tile(tile_column, tile_row)
                left, top = tile_column * TILE, tile_row * TILE
                x0, x1 = max(column, left), min(column + width, left + tile_values.shape[1])
                y0, y1 = max(row, top), min(row + height, top + tile_values.shape[0])
                to = np.s_[y0 - row : y1 - row, x0 - column : x1 - column]
                here = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
                values[to], flags[to] = tile_values[here], tile_flags[here]
        return values, flags

    def _tile(self, column: int, row: int) -> tuple[Floats, Flags]:
        key = (column, row)
        if key in self._tiles:
            self._tiles.move_to_end(key)
            return self._tiles[key]
        left, top = column * TILE, row * TILE
        width, height = min(TILE, self.grid.width - left), min(TILE, self.grid.height - top)
        self._tiles[key] = made = self._read(left, top, width, height)
        if len(self._tiles) > self._most_tiles:
            self._tiles.popitem(last=False)
        return made

    def _read(self, left: int, top: int, width: int, height: int) -> tuple[Floats, Flags]:
        missing = np.zeros((height, width), dtype=bool)
        bands = {}
        for band in self.bands:
            bands[band], gaps = self._band(band, left, top, width, height)
            missing |= gaps
        values = bands[self.scene.band] if self._formula is None else self._formula.values(bands)
        if self.scene.valid is not None:
            with np.errstate(invalid="ignore"):
                missing |= (values < self.scene.valid[0]) | (values > self.scene.valid[1])
        missing |= ~np.isfinite(values)
        flags = np.where(missing, NODATA, VALID).astype(np.uint8)
        if self.scene.cloud is not None:
            source = self._dataset if self._mask is None else self._mask
            codes = self._pixels(source, self.scene.cloud.band, left, top, width, height)
            clouded = self.scene.cloud.clouded(codes)
            if self._mask is not None:
                # Where the mask has nothing to say, nobody knows that the sky was clear.
                clouded |= self._pixels(source, self.scene.cloud.band, left, top, width, height, masks=True) == 0
            flags[clouded & ~missing] = CLOUD
        values[flags != VALID] = np.nan
        return values, flags

    def _band(self, band: int, left: int, top: int, width: int, height: int) -> tuple[Floats, NDArray[np.bool_]]:
        stored = self._pixels(self._dataset, band, left, top, width, height)
        values = stored.astype(np.float64)
        if self.scene.nodata is not None:
            gaps = values == self.scene.nodata
        elif self._whole(band):
            gaps = np.zeros(values.shape, dtype=bool)
        else:
            gaps = self._pixels(self._dataset, band, left, top, width, height, masks=True) == 0
        scale = self.scene.scale if self.scene.scale is not None else self._scales[0][band - 1]
        offset = self.scene.offset if self.scene.offset is not None else self._scales[1][band - 1]
        if scale != 1.0 or offset != 0.0:
            values = values * scale + offset
        return values, gaps

    def _whole(self, band: int) -> bool:
        """Tell whether the file says that all pixels are valid."""
        from rasterio.enums import MaskFlags

        return list(self._dataset.mask_flag_enums[band - 1]) == [MaskFlags.all_valid]

    def _pixels(
        self, source: Any, band: int, left: int, top: int, width: int, height: int, *, masks: bool = False
    ) -> NDArray[Any]:
        from rasterio.errors import RasterioError
        from rasterio.windows import Window

        # The mask is warped to the grid of the scene, north up: only the scene itself may grow upwards.
        upwards = self._upwards and source is self._dataset
        first = self.grid.height - top - height if upwards else top
        window = Window(left, first, width, height)
        try:
            found = source.read_masks(band, window=window) if masks else source.read(band, window=window)
        except RasterioError as error:
            raise unreadable(self.scene.path, error) from error
        return np.asarray(found[::-1] if upwards else found)


@contextmanager
def open_scene(scene: Scene, onto: Grid | None = None, *, tiles: int = TILES_KEPT) -> Iterator[OpenScene]:
    """Open a scene, and its cloud mask on the same grid.

    Parameters
    ----------
    onto
        Another grid that the scene is to be seen on: the nearest pixel counts.
    tiles
        How many are kept in memory.

    Raises
    ------
    LayerError
        When a file cannot be read as a raster.
    CRSError
        When it does not say its coordinate system, or is rotated.
    UsageError
        When the formula cannot be read or asks for a band that is not there.
    """
    import rasterio

    with ExitStack() as stack:
        stack.enter_context(rasterio.Env(GDAL_CACHEMAX=CACHE_MB))
        dataset = stack.enter_context(open_dataset(scene.path))
        grid = grid_of(dataset, scene.path)
        scales = (dataset.scales, dataset.offsets)
        if onto is not None and onto != grid:
            grid = onto
            dataset = stack.enter_context(_warped(dataset, grid, scene.nodata))
        mask = None
        if scene.cloud is not None and scene.cloud.path is not None:
            mask = stack.enter_context(_warped(stack.enter_context(open_dataset(scene.cloud.path)), grid, None))
        yield OpenScene(scene, dataset, mask, scales, tiles)


def _warped(dataset: Any, grid: Grid, nodata: float | None) -> Any:
    """Return a raster as seen on a grid; where it does not reach is nodata."""
    from rasterio.enums import Resampling
    from rasterio.transform import Affine
    from rasterio.vrt import WarpedVRT

    told = {} if nodata is None else {"src_nodata": nodata, "nodata": nodata}
    return WarpedVRT(
        dataset,
        crs=grid.crs,
        transform=Affine(*grid.transform),
        width=grid.width,
        height=grid.height,
        resampling=Resampling.nearest,
        add_alpha=nodata is None and dataset.nodata is None,
        **told,
    )


@contextmanager
def open_dataset(path: Path) -> Iterator[Any]:
    """Open a raster file for reading with rasterio.

    Raises
    ------
    LayerError
        When it cannot be read as a raster.
    """
    import rasterio
    from rasterio.errors import RasterioError

    try:
        dataset = rasterio.open(path)
    except RasterioError as error:
        raise unreadable(path, error) from error
    with dataset:
        yield dataset


def unreadable(path: Path, error: Exception) -> LayerError:
    """Return the sentence for a raster that cannot be read."""
    why = (str(error).splitlines() or [type(error).__name__])[0].replace(str(path), path.name)
    return LayerError(f"{path.name}：不能作为栅格读取（{why}）", f"{path.name}: cannot be read as a raster ({why})")
