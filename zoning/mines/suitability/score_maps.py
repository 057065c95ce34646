"""Scores pixel by pixel as GeoTIFF: two bands, the lowest and the highest that a score can be.

The grid is that of the elevation model, or of the land cover where there is none. Other rasters are taken at the
nearest pixel. Distances go from the middle of a pixel to the middle of the nearest pixel that a zone or line touches
(good to one pixel); a pixel lies in a zone with its middle. Parcels are scored without these roundings.

A pixel that fails a limit is 0; one whose limit cannot be told is 0 in the first band. What the register says of
parcels is no matter of pixels: such criteria are not known.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.atomic_write import appear
from zoning.errors import ContentError, UsageError, os_reason
from zoning.mines.rasters import Grid, OpenScene, open_dataset
from zoning.mines.suitability.content import Mode, Suitability
from zoning.mines.suitability.distance import Nearness
from zoning.mines.suitability.inputs import Given, Inputs
from zoning.mines.suitability.membership import Membership
from zoning.mines.suitability.values import by_class
from zoning.mines.terrain import Quantity, cell_sizes_m, strips, window
from zoning.overlay.plane import Geometries, MeasuringPlane

Floats = NDArray[np.float64]
Place = tuple[int, int, int, int]
_PERCENT = 100.0
_DECIMALS = 3  # more would only make the files large
_NOTHING = -1.0
"""Written where a pixel has no value of the raster that gives the grid."""


def write_score_maps(
    inputs: Inputs,
    given: Given,
    modes: Sequence[str],
    folder: Path,
    plane: MeasuringPlane,
    *,
    tick: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Path]:
    """Write one map per mode, each whole or not at all; return their paths.

    Parameters
    ----------
    tick
        Told how many strips are done, and of how many.

    Raises
    ------
    UsageError
        When there is neither an elevation model nor a land cover.
    ContentError
        When a file cannot be written.
    LayerError
        When a raster cannot be read.
    """
    base = inputs.scenes.get("dem") or inputs.scenes.get("cover")
    if base is None:
        raise UsageError("--maps：须给出 --dem 或 --cover", "--maps: give --dem or --cover")
    folder.mkdir(parents=True, exist_ok=True)
    paths = {mode: folder / f"score-{mode}.tif" for mode in modes}
    with _warped(given, inputs, base.grid) as others, _written(paths, base.grid) as files:
        pixels = _Pixels(inputs, base, others, plane)
        places = list(strips(base.grid))
        for number, place in enumerate(places, start=1):
            for mode, (low, high) in pixels.scores(place, modes).items():
                _put(files[mode], place, low, high)
            tick(number, len(places))
    return list(paths.values())


class _Pixels:
    """Gives the scores of strips."""

    def __init__(self, inputs: Inputs, base: OpenScene, others: Mapping[str, Any], plane: MeasuringPlane) -> None:
        self.inputs, self.base, self.others, self.plane = inputs, base, others, plane
        self.content: Suitability = inputs.content
        self._moved: dict[str, Geometries] = {}

    def scores(self, place: Place, modes: Sequence[str]) -> dict[str, tuple[Floats, Floats]]:
        """Return lowest and highest score of each mode, each (height, width), NaN beyond the base raster."""
        values = self._values(place, modes)
        there = ~np.isnan(self.base.window(*place)[0])
        made = {}
        for mode in modes:
            low, high = _score(self.content, self.content.modes[mode], values, there.shape)
            made[mode] = np.where(there, low, np.nan), np.where(there, high, np.nan)
        return made

    def _values(self, place: Place, modes: Sequence[str]) -> dict[str, Floats | None]:
        wanted = dict.fromkeys(name for mode in modes for name in self.content.modes[mode].uses)
        quantities: list[Quantity] = [
            quantity for name in wanted if (quantity := self.content.criteria[name].origin.terrain) is not None
        ]
        model = self.inputs.scenes.get("dem")
        made = (
            window(model, place, list(dict.fromkeys(quantities)), radius_m=self.content.relief_radius.value)
            if model is not None and quantities
            else {}
        )
        values: dict[str, Floats | None] = {}
        for name in wanted:
            origin = self.content.criteria[name].origin
            if origin.terrain is not None:
                values[name] = made.get(origin.terrain)
            elif origin.place is not None:
                values[name] = self._places(name, place, as_share=origin.inside is not None)
            elif origin.value is not None:
                values[name] = None
            else:
                values[name] = self._other("cover" if origin.cover else name, place)
        return values

    def _other(self, name: str, place: Place) -> Floats | None:
        from rasterio.windows import Window

        if self.inputs.scenes.get(name) is self.base:
            return self.base.window(*place)[0]
        if name not in self.others:
            return None
        band = self.others[name].read(1, window=Window(*place), masked=True)
        found: Floats = np.ma.filled(band.astype(np.float64), np.nan)
        return found

    def _places(self, name: str, place: Place, *, as_share: bool) -> Floats | None:
        near = self.inputs.nearness.get(name)
        if not isinstance(near, Nearness):
            return None
        shapes = self._shapes(name, near)
        if as_share:
            return _PERCENT * self._burnt(shapes, place, touched=False)
        return self._distances(shapes, place, near.search_m)

    def _shapes(self, name: str, near: Nearness) -> Geometries:
        """Return the zones of a criterion in the coordinate system of the grid."""
        if name not in self._moved:
            lonlat = self.plane.to_lonlat(near.geometries)
            self._moved[name] = self.base.grid.brought(lonlat, self.inputs.ways)
        return self._moved[name]

    def _distances(self, shapes: Geometries, place: Place, search_m: float) -> Floats:
        from scipy.ndimage import distance_transform_edt

        column, row, width, height = place
        wide, high = (float(sizes[0]) for sizes in cell_sizes_m(self.base.grid, row + height // 2, 1))
        # What is nearest may lie beyond the strip, and beyond the raster.
        right, down = ceil(search_m / wide), ceil(search_m / high)
        around = (column - right, row - down, width + 2 * right, height + 2 * down)
        free = self._burnt(shapes, around, touched=True) == 0
        if free.all():
            return np.full((height, width), search_m)
        metres = distance_transform_edt(free, sampling=(high, wide))[down : down + height, right : right + width]
        return np.asarray(np.minimum(metres, search_m))

    def _burnt(self, shapes: Geometries, place: Place, *, touched: bool) -> Floats:
        """Return 1 where a pixel of a window lies in one of the shapes, or touches it, else 0."""
        from rasterio.features import rasterize
        from rasterio.transform import Affine

        grid, (column, row, width, height) = self.base.grid, place
        left, top = grid.left + column * grid.dx, grid.top - row * grid.dy
        box = shapely.box(left, top - height * grid.dy, left + width * grid.dx, top)
        met = shapes[shapely.intersects(shapes, box)]
        if not met.size:
            return np.zeros((height, width))
        burnt = rasterize(
            met.tolist(),
            out_shape=(height, width),
            transform=Affine(grid.dx, 0.0, left, 0.0, -grid.dy, top),
            all_touched=touched,
            dtype="uint8",
        )
        return np.asarray(burnt, dtype=np.float64)


def _score(
    content: Suitability, mode: Mode, values: Mapping[str, Floats | None], shape: tuple[int, ...]
) -> tuple[Floats, Floats]:
    low, high = np.zeros(shape), np.zeros(shape)
    fails, doubtful = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for name, use in mode.uses.items():
        value = values[name]
        known = np.zeros(shape, dtype=bool) if value is None else ~np.isnan(value)
        if use.membership is not None:
            suits = np.full(shape, np.nan) if value is None else _suits(content, use.membership, value)
            known = known & ~np.isnan(suits)
            extent = use.membership.extent
            low += use.weight * np.where(known, suits, extent.low)
            high += use.weight * np.where(known, suits, extent.high)
        if use.limit is not None:
            if value is not None and use.limit.among:
                met = by_class(value, content.legend.by_code, dict.fromkeys(use.limit.among, 1.0), 0.0) == 1.0
            elif value is not None:
                met = use.limit.fails_numbers(value)
            else:
                met = np.zeros(shape, dtype=bool)
            fails |= met
            doubtful |= ~known
    low[fails | doubtful] = 0.0
    high[fails] = 0.0
    return low, high


def _suits(content: Suitability, rule: Membership, value: Floats) -> Floats:
    if rule.table is None or rule.other is None:
        return rule.of_numbers(value)
    return by_class(value, content.legend.by_code, rule.table, rule.other)


@contextmanager
def _warped(given: Given, inputs: Inputs, grid: Grid) -> Iterator[dict[str, Any]]:
    """Open the rasters that do not give the grid, warped to it."""
    from rasterio.enums import Resampling
    from rasterio.transform import Affine
    from rasterio.vrt import WarpedVRT

    rasters = {"cover": given.cover, **given.rasters}
    with ExitStack() as stack:
        made = {}
        for name, path in rasters.items():
            if path is None or inputs.scenes[name].grid is grid:
                continue
            dataset = stack.enter_context(open_dataset(path))
            made[name] = stack.enter_context(
                WarpedVRT(
                    dataset,
                    crs=grid.crs,
                    transform=Affine(*grid.transform),
                    width=grid.width,
                    height=grid.height,
                    resampling=Resampling.nearest,
                    # What lies beyond the file is not known, whatever the file calls nothing.
                    add_alpha=dataset.nodata is None,
                )
            )
        yield made


@contextmanager
def _written(paths: Mapping[str, Path], grid: Grid) -> Iterator[dict[str, Any]]:
    """Open files beside their places, and move them there when all went well."""
    import rasterio
    from rasterio.transform import Affine

    partial: dict[str, Path] = {}
    try:
        with ExitStack() as stack:
            files = {}
            for mode, path in paths.items():
                handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tif", dir=path.parent)
                os.close(handle)
                partial[mode] = Path(name)
                files[mode] = stack.enter_context(
                    rasterio.open(
                        name,
                        "w",
                        driver="GTiff",
                        dtype="float32",
                        count=2,
                        nodata=_NOTHING,
                        width=grid.width,
                        height=grid.height,
                        crs=grid.crs,
                        transform=Affine(*grid.transform),
                        tiled=True,
                        blockxsize=256,
                        blockysize=256,
                        compress="deflate",
                        predictor=3,
                    )
                )
                files[mode].set_band_description(1, "lowest")
                files[mode].set_band_description(2, "highest")
            yield files
        for mode, path in paths.items():
            partial[mode].chmod(0o644)
            appear(partial[mode], path)
    except OSError as error:
        reason = os_reason(error)
        folder = next(iter(paths.values())).parent
        raise ContentError(
            f"{folder}：得分图写入失败（{reason.zh}）", f"{folder}: the score maps cannot be written ({reason.en})"
        ) from error
    finally:
        for path in partial.values():
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _put(file: Any, place: Place, low: Floats, high: Floats) -> None:
    from rasterio.windows import Window

    for band, values in ((1, low), (2, high)):
        file.write(
            np.where(np.isnan(values), _NOTHING, np.round(values, _DECIMALS)).astype(np.float32),
            band,
            window=Window(*place),
        )
