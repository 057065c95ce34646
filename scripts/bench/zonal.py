"""Measure zonal statistics: 5,000 parcels on 40 rasters of 4,000 x 4,000 pixels, the process with its children."""

import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from bench.processes import run
from bench.rows import at_most, show

SECONDS = 180.0
MEMORY_MB = 1_000.0
PARCELS, SIDE, PIXEL_M = 5_000, 4_000, 10.0
WORKERS = 2
_CRS, _WEST, _NORTH = "EPSG:4546", 480_000.0, 3_960_000.0
_CORNERS = 40
_RADII_M = (30.0, 200.0)
_PROGRAM = Path(__file__).resolve().parent


def report(rasters: int) -> int:
    """Draw the rasters, measure, print."""
    with tempfile.TemporaryDirectory(prefix="zoning-zonal-") as name:
        folder = Path(name)
        draw(folder, rasters)
        done = run([sys.executable, str(_PROGRAM), "zonal-once", name], watch=True)
    title = f"zonal statistics, {PARCELS:,} parcels x {rasters} rasters of {SIDE:,} x {SIDE:,}, {WORKERS} processes"
    show(
        [
            at_most(title, done.seconds, SECONDS, unit="s"),
            at_most("    memory of all processes", done.tree_mb, MEMORY_MB, unit="MB", digits=0),
        ]
    )
    sys.stdout.write(done.stdout)
    return 0


def draw(folder: Path, rasters: int) -> None:
    """Write NDVI x 10,000 as 16-bit numbers, a tenth of it without data, each raster its own."""
    import rasterio
    from rasterio.transform import Affine

    chance = np.random.default_rng(7)
    base = (2_000 + 6_000 * chance.random((SIDE, SIDE), dtype=np.float32)).astype(np.int16) // 50 * 50
    coarse = chance.random((SIDE // 50, SIDE // 50)) < 0.1
    base[coarse.repeat(50, 0).repeat(50, 1)] = -32_768
    profile = {"driver": "GTiff", "width": SIDE, "height": SIDE, "count": 1, "dtype": "int16", "nodata": -32_768}
    at = Affine(PIXEL_M, 0, _WEST, 0, -PIXEL_M, _NORTH)
    more = {"tiled": True, "compress": "deflate", "zlevel": 1, "crs": _CRS, "transform": at}
    for number in range(rasters):
        with rasterio.open(folder / f"ndvi_{2016 + number // 4}Q{number % 4 + 1}.tif", "w", **profile, **more) as file:
            file.write(np.roll(base, number * 97, axis=(0, 1)), 1)
            file.scales = (0.0001,)


def parcels() -> NDArray[np.object_]:
    """Return parcels of 0.3 to 12 hectares all over the rasters, degrees."""
    chance = np.random.default_rng(11)
    way = Transformer.from_crs(_CRS, "EPSG:4490", always_xy=True)
    angles = np.sort(chance.uniform(0, 2 * np.pi, (PARCELS, _CORNERS)), axis=1)
    radii = chance.uniform(*_RADII_M, (PARCELS, 1)) * chance.uniform(0.7, 1.0, (PARCELS, _CORNERS))
    edge = 2 * _RADII_M[1]
    size = SIDE * PIXEL_M
    x = _WEST + chance.uniform(edge, size - edge, (PARCELS, 1)) + radii * np.cos(angles)
    y = _NORTH - chance.uniform(edge, size - edge, (PARCELS, 1)) + radii * np.sin(angles)
    lon, lat = way.transform(x, y)
    return np.asarray(shapely.polygons(np.stack([lon, lat], axis=-1)), dtype=object)


def once(folder: Path) -> int:
    """Compute, in this process and its children."""
    from zoning.mines.rasters import Scene
    from zoning.mines.zonal import zonal_statistics

    scenes = [Scene(path) for path in sorted(folder.glob("*.tif"))]
    found = zonal_statistics(scenes, parcels(), workers=min(WORKERS, os.cpu_count() or 1))
    spent = os.times()
    cpu = spent.user + spent.system + spent.children_user + spent.children_system
    sys.stdout.write(f"CPU time of all processes {cpu:.0f} s\n")
    sys.stdout.write(f"mean of means {np.nanmean(found.stats['mean']):.4f}, valid {found.valid.mean():.4f}\n")
    return 0
