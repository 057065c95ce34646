"""Measure lines of sight: a corridor of 40 km, a station every 200 m, on 2,000 x 2,000 cells of 30 m."""

import time

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from bench.rows import Row, at_most, show, without_targets
from zoning.mines.corridor import Line
from zoning.mines.elevation import Elevation
from zoning.mines.viewshed import SightParameters, Viewshed, viewshed

SECONDS = 120.0
SIDE = 2_000
CORRIDOR_KM = 40.0
PARCELS = 5_000
SEED = 20260101
_CELL_M = 30.0


def terrain(side: int) -> Elevation:
    """Return ridges of some hundred metres with rough slopes, the same on every run."""
    chance = np.random.default_rng(SEED)
    ridges = gaussian_filter(chance.normal(size=(side, side)), 25)
    rough = gaussian_filter(chance.normal(size=(side, side)), 4)
    heights = 900 + ridges / ridges.std() * 180 + rough * 60
    return Elevation(heights.astype(np.float32), "EPSG:4546", 470_000.0, 3_960_000.0, _CELL_M, _CELL_M)


def corridor(grid: Elevation, length_km: float) -> Line:
    """Return a line through the middle of the grid."""
    middle = grid.shape[0] / 2
    half = length_km * 1000 / _CELL_M / 2
    rows, columns = (
        np.array([middle - half * 0.6, middle + half * 0.6]),
        np.array([middle - half * 0.8, middle + half * 0.8]),
    )
    return Line("line", "line", "rail", shapely.LineString(grid.lonlat(rows, columns)))


def parcels(grid: Elevation, count: int) -> list[shapely.Polygon]:
    """Return round parcels of 0.8 to 20 hectares."""
    chance = np.random.default_rng(SEED + 1)
    side = grid.shape[0]
    centres = grid.lonlat(chance.uniform(20, side - 20, count), chance.uniform(20, side - 20, count))
    radii = chance.uniform(0.0005, 0.0025, count)
    return [shapely.Point(*centre).buffer(radius) for centre, radius in zip(centres, radii, strict=True)]


def measure_sight(side: int, count: int) -> list[Row]:
    """Look at parcels, and at every cell of the grid."""
    grid = terrain(side)
    line = corridor(grid, CORRIDOR_KM * side / SIDE)
    viewshed(grid, [line], parcels(grid, 3), SightParameters())  # compiles
    rows = []
    for what, shapes in ((f"{count:,} parcels", parcels(grid, count)), ("every cell", [_whole(grid)])):
        begin = time.perf_counter()
        seen = viewshed(grid, [line], shapes, SightParameters())
        seconds = time.perf_counter() - begin
        rows.append(at_most(f"lines of sight, {side:,} x {side:,}, {what}", seconds, SECONDS, unit="s"))
        rows.append(Row("    stations x cells", f"{len(seen.stations)} x {len(seen.cells.owner):,}"))
        rows.append(Row("    cells in sight", f"{_share(seen) * 100:.1f} %"))
    return rows if side == SIDE else without_targets(rows)


def _whole(grid: Elevation) -> shapely.Polygon:
    side = grid.shape[0]
    edge: NDArray[np.float64] = np.linspace(0.0, side - 1.0, 200)
    low, high = np.zeros(200), np.full(200, side - 1.0)
    ring_rows = np.concatenate([low, edge, high, edge[::-1]])
    ring_columns = np.concatenate([edge, high, edge[::-1], low])
    return shapely.Polygon(grid.lonlat(ring_rows, ring_columns))


def _share(seen: Viewshed) -> float:
    return float((seen.counts > 0).mean())


def report(side: int = SIDE) -> int:
    """Measure and print."""
    show(measure_sight(side, PARCELS * side * side // (SIDE * SIDE)))
    return 0
