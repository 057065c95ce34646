"""Writes tables and rasters so that two runs give the same bytes."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyogrio
import rasterio
import shapely
from affine import Affine
from pyogrio.raw import write
from shapely import MultiLineString, MultiPolygon

from demo_data.plane import GEOGRAPHIC, to_degrees
from demo_data.relief import Grid
from demo_data.shapes import polygons
from demo_data.zones import Table, Zone

MADE_ON = "2026-11-22T00:00:00.000Z"  # stands in the files; the clock is not read


def _columns(zones: tuple[Zone, ...]) -> dict[str, npt.NDArray[np.generic]]:
    columns: dict[str, npt.NDArray[np.generic]] = {
        "zone_id": np.array([z.id for z in zones], dtype=object),
        # That all of it is schematic is said once, by the layer and by every product, not in each name.
        "name": np.array([z.name.removesuffix("（示意）") for z in zones], dtype=object),
        "class": np.array([z.kind for z in zones], dtype=object),
    }
    for place, (field, first) in enumerate(zones[0].more):
        values = [zone.more[place][1] for zone in zones]
        columns[field] = np.array(values, dtype=object if isinstance(first, str) else type(first))
    return columns


def _geometry(zone: Zone, *, lines: bool) -> bytes:
    shape = to_degrees(zone.geometry)
    multi = MultiLineString(list(shapely.get_parts(shape))) if lines else MultiPolygon(polygons(shape))
    return bytes(shapely.to_wkb(shapely.normalize(multi), flavor="iso"))


def write_table(table: Table, folder: Path) -> Path:
    """Write one GeoPackage in EPSG:4490 and return its path."""
    path = folder / f"{table.file}.gpkg"
    path.unlink(missing_ok=True)
    columns = _columns(table.zones)
    # Small pages: a GeoPackage holds some twenty tables, most of them empty.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": MADE_ON, "OGR_SQLITE_PRAGMA": "page_size=1024"})
    write(
        path,
        geometry=np.array([_geometry(z, lines=table.lines) for z in table.zones], dtype=object),
        field_data=list(columns.values()),
        fields=list(columns),
        layer=table.layer,
        driver="GPKG",
        geometry_type="MultiLineString" if table.lines else "MultiPolygon",
        crs=GEOGRAPHIC,
        dataset_options={"VERSION": "1.2"},
    )
    return path


def write_raster(values: npt.NDArray[np.generic], grid: Grid, path: Path, description: str) -> Path:
    """Write one compressed GeoTIFF in EPSG:4490 and return its path."""
    path.unlink(missing_ok=True)
    profile = {
        "driver": "GTiff", "height": grid.rows, "width": grid.columns, "count": 1, "dtype": values.dtype.name,
        "crs": GEOGRAPHIC, "transform": Affine(grid.size, 0.0, grid.west, 0.0, -grid.size, grid.north),
        "compress": "deflate", "zlevel": 9, "predictor": 2, "tiled": True, "blockxsize": 256, "blockysize": 256,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        target.write(values, 1)
        target.set_band_description(1, description)
    return path
