"""From pairs of dates to patches: robust threshold, morphology, outlines.

The change of all protected pixels gives median and spread (median of the distances from the median, x 1.4826: as the
standard deviation of normal noise; Rousseeuw and Croux 1993). A pixel has changed when it lies `robust` spreads and
`least_change` off the median. Rasters are read tile by tile.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.layers.datum import LonLat
from zoning.mines.raster_grid import Grid, back_to_lonlat
from zoning.mines.watch.days import Day
from zoning.mines.watch.pairs import Pair
from zoning.mines.watch.settings import Change

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Geometries = NDArray[np.object_]
Tell = Callable[[int, int], None]

_TILE = 1024
_BINS = 8_000
_CONSISTENT = 1.4826
_LEAST_SPREAD = 0.005  # of values that hardly differ: rounding of the rasters is no change


@dataclass(frozen=True, slots=True)
class Spread:
    """The usual change between two dates, over all protected land in view."""

    pair: Pair
    pixels: int
    median: float
    spread: float


@dataclass(frozen=True, slots=True, eq=False)
class RawPatch:
    """A place that changed.

    Attributes
    ----------
    geometry
        Longitude and latitude; outline of whole pixels.
    pixels
        How many.
    before, after
        Mean values over its pixels, each of the newest pair that sees it: what changed since the last pair counts.
    off
        Mean distance from the median change, in spreads.
    dates
        On how many of the newer dates the change shows.
    """

    geometry: BaseGeometry
    pixels: int
    before: float
    after: float
    off: float
    dates: int


@dataclass(frozen=True, slots=True, eq=False)
class FoundChange:
    """What the rasters say; `invalid` is where no pair has two values, longitude and latitude."""

    spreads: tuple[Spread, ...]
    patches: tuple[RawPatch, ...]
    invalid: Geometries


@dataclass(frozen=True, slots=True)
class _Tile:
    """A part of the grid, in pixels, with a margin that its neighbours own."""

    column: int
    row: int
    width: int
    height: int
    core: tuple[slice, slice]


@dataclass(slots=True, eq=False)
class _Part:
    """A patch, or the part of it in a tile: sums over its pixels, (pixels, before, after, off, dates)."""

    geometry: BaseGeometry
    sums: Floats


class ChangeFinder:
    """Finds change between pairs of days.

    Parameters
    ----------
    grid
        What all days are seen on.
    land
        Protected land in the coordinate system of the grid, polygons (n,).
    """

    def __init__(
        self, grid: Grid, days: dict[Any, Day], pairs: Sequence[Pair], land: Geometries, settings: Change
    ) -> None:
        self._grid, self._days, self._pairs, self._settings = grid, days, tuple(pairs), settings
        self._land = np.asarray(land, dtype=object)
        shapely.prepare(self._land)
        self._tree = shapely.STRtree(self._land)
        pixel = self._pixel_m()
        self._opening, self._closing = int(settings.opening // pixel), int(settings.closing // pixel)
        self._span = settings.possible[1] - settings.possible[0]

    def find(self, tell: Tell | None = None) -> FoundChange:
        """Find what changed.

        Raises
        ------
        LayerError, CRSError
            When a raster cannot be read, or its coordinate system has no exact way to CGCS2000.
        """
        tiles = list(self._tiles())
        spreads = self._spreads(tiles, tell)
        parts: list[_Part] = []
        invalid: list[BaseGeometry] = []
        for number, tile in enumerate(tiles, start=1):
            found, gaps = self._in_tile(tile, spreads)
            parts += found
            invalid += gaps
            if tell is not None:
                tell(len(tiles) + number, 2 * len(tiles))
        ways = LonLat()
        patches = [self._patch(part, ways) for part in _joined(parts)]
        outlines = np.empty(len(invalid), dtype=object)
        outlines[:] = invalid
        return FoundChange(spreads, tuple(patches), back_to_lonlat(self._grid.crs, outlines, ways))

    def _pixel_m(self) -> float:
        from zoning.layers.datum import parse_crs

        return self._grid.dx * (111_320.0 if parse_crs(self._grid.crs).is_geographic else 1.0)

    def _tiles(self) -> Iterator[_Tile]:
        """Yield the tiles with protected land."""
        grid, margin = self._grid, 2 * (self._opening + self._closing) + 1
        for top, left in product(range(0, grid.height, _TILE), range(0, grid.width, _TILE)):
            bottom, right = min(top + _TILE, grid.height), min(left + _TILE, grid.width)
            if not len(self._tree.query(self._box(left, top, right, bottom), predicate="intersects")):
                continue
            column, row = max(left - margin, 0), max(top - margin, 0)
            width, height = min(right + margin, grid.width) - column, min(bottom + margin, grid.height) - row
            core = np.s_[top - row : bottom - row, left - column : right - column]
            yield _Tile(column, row, width, height, core)

    def _box(self, left: int, top: int, right: int, bottom: int) -> BaseGeometry:
        grid = self._grid
        return shapely.box(
            grid.left + left * grid.dx,
            grid.top - bottom * grid.dy,
            grid.left + right * grid.dx,
            grid.top - top * grid.dy,
        )

    def _at(self, column: int, row: int) -> Any:
        from rasterio.transform import Affine

        grid = self._grid
        return Affine(grid.dx, 0.0, grid.left + column * grid.dx, 0.0, -grid.dy, grid.top - row * grid.dy)

    def _protected(self, tile: _Tile, *, touched: bool) -> Flags:
        """Tell which pixels of a tile are protected: by their centre, or by any part of them."""
        from rasterio.features import rasterize

        box = self._box(tile.column, tile.row, tile.column + tile.width, tile.row + tile.height)
        near = self._tree.query(box, predicate="intersects")
        # Only what lies in the tile is drawn: a zone can have a hundred thousand corners.
        cut = [part for part in shapely.intersection(self._land[near], box) if shapely.get_dimensions(part) == 2]  # noqa: PLR2004 - areas
        if not cut:
            return np.zeros((tile.height, tile.width), dtype=bool)
        drawn = rasterize(
            cut,
            out_shape=(tile.height, tile.width),
            transform=self._at(tile.column, tile.row),
            all_touched=touched,
            dtype="uint8",
        )
        return np.asarray(drawn, dtype=bool)

    def _windows(self, tile: _Tile) -> Iterator[tuple[Floats, Floats]]:
        window = (tile.column, tile.row, tile.width, tile.height)
        for pair in self._pairs:
            yield self._days[pair.before].window(*window), self._days[pair.after].window(*window)

    def _spreads(self, tiles: Sequence[_Tile], tell: Tell | None) -> tuple[Spread, ...]:
        """Return median and spread of the change of protected pixels: from counts, so that memory does not grow."""
        edges = np.linspace(-self._span, self._span, _BINS + 1)
        counts = np.zeros((len(self._pairs), _BINS), dtype=np.int64)
        for number, tile in enumerate(tiles, start=1):
            inside = self._protected(tile, touched=False)[tile.core]
            for row, (before, after) in enumerate(self._windows(tile)):
                change = (after - before)[tile.core][inside]
                counts[row] += np.histogram(change[np.isfinite(change)], edges)[0]
            if tell is not None:
                tell(number, 2 * len(tiles))
        middles = (edges[:-1] + edges[1:]) / 2
        return tuple(_spread(pair, middles, row) for pair, row in zip(self._pairs, counts, strict=True))

    def _in_tile(self, tile: _Tile, spreads: Sequence[Spread]) -> tuple[list[_Part], list[BaseGeometry]]:
        shape = (tile.height, tile.width)
        # Values before and after, spreads off, steps: of the newest pair that has a value.
        newest = np.full((4, *shape), np.nan)
        dates = np.zeros(shape)
        for spread, (before, after) in zip(spreads, self._windows(tile), strict=True):
            step = after - before - spread.median
            off = step / spread.spread
            dates += self._changed(step, off)
            first = np.isnan(newest[0]) & np.isfinite(step)
            for layer, values in zip(newest, (before, after, off, step), strict=True):
                layer[first] = values[first]
        before, after, off, step = newest
        valid = np.isfinite(before)
        changed = self._smoothed(self._changed(step, off)) & valid
        missing = self._protected(tile, touched=True) & ~valid
        at = self._at(tile.column, tile.row)
        core = np.zeros(shape, dtype=bool)
        core[tile.core] = True
        return _parts(changed & core, np.stack([before, after, off, dates]), at), _outlines(missing & core, at)

    def _changed(self, step: Floats, off: Floats) -> Flags:
        rule = self._settings
        with np.errstate(invalid="ignore"):
            loss = (off <= -rule.robust) & (step <= -rule.least_change)
            gain = (off >= rule.robust) & (step >= rule.least_change)
        found = {"loss": loss, "gain": gain, "both": loss | gain}[rule.direction]
        return np.asarray(found, dtype=bool)

    def _smoothed(self, changed: Flags) -> Flags:
        """Take away what is narrow, close what is narrow, fill holes of one pixel."""
        from scipy import ndimage

        cross = ndimage.generate_binary_structure(2, 1)
        if self._opening:
            changed = ndimage.binary_opening(changed, ndimage.iterate_structure(cross, self._opening))
        if self._closing:
            # At the border of a window closing loses pixels of its own.
            changed = changed | ndimage.binary_closing(changed, ndimage.iterate_structure(cross, self._closing))
        around = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
        holes = ndimage.convolve(changed.astype(np.uint8), around, mode="constant") == around.sum()
        return np.asarray(changed | holes, dtype=bool)

    def _patch(self, part: _Part, ways: LonLat) -> RawPatch:
        outline = np.empty(1, dtype=object)
        outline[0] = part.geometry
        pixels = part.sums[0]
        before, after, off, dates = (part.sums[1:] / pixels).tolist()
        place = back_to_lonlat(self._grid.crs, outline, ways)[0]
        return RawPatch(place, round(pixels), before, after, off, max(round(dates), 1))


def _spread(pair: Pair, middles: Floats, counts: NDArray[np.int64]) -> Spread:
    total = int(counts.sum())
    if not total:
        return Spread(pair, 0, 0.0, _LEAST_SPREAD)
    median = _median(middles, counts)
    distances = np.abs(middles - median)
    order = np.argsort(distances, kind="stable")
    spread = _CONSISTENT * _median(distances[order], counts[order])
    return Spread(pair, total, median, max(spread, _LEAST_SPREAD))


def _median(values: Floats, counts: NDArray[np.int64]) -> float:
    return float(values[np.searchsorted(np.cumsum(counts), counts.sum() / 2)])


def _parts(changed: Flags, layers: Floats, at: Any) -> list[_Part]:
    """Return the patches of a tile; pixels that meet at a corner belong together."""
    from rasterio.features import shapes
    from scipy import ndimage

    labels, count = ndimage.label(changed, np.ones((3, 3)))
    if not count:
        return []
    outlines: dict[int, list[BaseGeometry]] = {}
    for outline, label in shapes(labels.astype(np.int32), mask=changed, transform=at):
        outlines.setdefault(int(label), []).append(shapely.geometry.shape(outline))
    numbers = np.arange(1, count + 1)
    sums = [ndimage.sum_labels(layer, labels, numbers) for layer in (np.ones(labels.shape), *layers)]
    return [
        _Part(shapely.union_all(outlines[label]), np.array([column[label - 1] for column in sums]))
        for label in numbers.tolist()
    ]


def _outlines(flags: Flags, at: Any) -> list[BaseGeometry]:
    from rasterio.features import shapes

    if not flags.any():
        return []
    return [shapely.geometry.shape(shape) for shape, _ in shapes(flags.astype(np.uint8), mask=flags, transform=at)]


def _joined(parts: Sequence[_Part]) -> list[_Part]:
    """Join what the borders of tiles cut, west to east and north to south."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not parts:
        return []
    shapes = np.empty(len(parts), dtype=object)
    shapes[:] = [part.geometry for part in parts]
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    links = coo_array((np.ones(len(one)), (one, other)), shape=(len(parts), len(parts)))
    count, groups = connected_components(links, directed=False)
    found = []
    for group in range(count):
        mine = np.flatnonzero(groups == group)
        sums = np.sum([parts[number].sums for number in mine.tolist()], axis=0)
        found.append(_Part(shapely.union_all(shapes[mine]), sums))
    return found
