"""Files written by pyogrio, where the reader uses fiona and checks of its own."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely

import boundary_writers as bw


def frame(
    *polygons: Sequence[bw.Ring], code: str | None = "EPSG:4525", columns: Mapping[str, Any] | None = None
) -> gpd.GeoDataFrame:
    """Return a table of polygons (rings in degrees) in the plane of `code`; None: zone 37 without saying so."""
    shapes = []
    for rings in polygons:
        shell, *holes = [bw.plane(code or "EPSG:4525", ring) for ring in rings]
        shapes.append(shapely.Polygon(shell, holes))
    return gpd.GeoDataFrame(dict(columns or {}), geometry=shapes, crs=code)


def write(path: Path, content: gpd.GeoDataFrame, driver: str, **options: Any) -> Path:
    """Write or append a layer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a layer without a system is what some tests want
        pyogrio.write_dataframe(content, path, driver=driver, **options)
    return path


def write_gdb(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> Path:
    """Write a file geodatabase."""
    for number, (name, content) in enumerate(layers.items()):
        write(path, content, "OpenFileGDB", layer=name, append=number > 0, geometry_type="MultiPolygon")
    return path
