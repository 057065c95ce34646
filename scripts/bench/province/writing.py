"""Zones and sites as files that other programs read."""

import json
from pathlib import Path

import numpy as np
import shapely

from bench.province.land import LATITUDE, LONGITUDE
from bench.province.zones import Geometries
from zoning.overlay.plane import MeasuringPlane

TYPES = {1: "LineString", 3: "Polygon", 5: "MultiLineString", 6: "MultiPolygon"}


def measuring_plane() -> MeasuringPlane:
    """Return the plane that the province lies in."""
    return MeasuringPlane(LATITUDE, LONGITUDE)


def write_geopackage(
    path: Path,
    geometries: Geometries,
    classes: np.ndarray,
    name: str,
    *,
    crs: str | None = None,
    ids: np.ndarray | None = None,
) -> None:
    """Write zones with `zone_id`, `name` and `class`, indexed.

    Parameters
    ----------
    crs
        Of the geometries; the measuring plane when left out.
    ids
        (n,) numbered when left out.
    """
    import pyogrio.raw

    if ids is None:
        ids = np.array([f"{name}-{number}" for number in range(len(geometries))], dtype=object)
    fields = [ids, ids, np.asarray(classes).astype(object)]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(geometries),
        fields,
        np.array(["zone_id", "name", "class"], dtype=object),
        layer=name,
        driver="GPKG",
        geometry_type=TYPES[int(shapely.get_type_id(geometries).max())],
        crs=measuring_plane().crs if crs is None else crs,
        SPATIAL_INDEX="YES",
    )


def write_parquet(path: Path, geometries: Geometries) -> None:
    """Write GeoParquet with the number of each geometry in `id`; without a coordinate system: all lie in the plane."""
    import pyarrow as pa
    import pyarrow.parquet

    types = sorted({TYPES[kind] for kind in np.unique(shapely.get_type_id(geometries)).tolist()})
    bounds = [float(edge) for edge in shapely.total_bounds(geometries)]
    column = {"encoding": "WKB", "geometry_types": types, "crs": None, "bbox": bounds}
    head = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": column}}
    table = pa.table(
        {
            "id": pa.array(np.arange(len(geometries), dtype=np.int64)),
            "geometry": pa.array(shapely.to_wkb(geometries), type=pa.binary()),
        }
    )
    pyarrow.parquet.write_table(table.replace_schema_metadata({"geo": json.dumps(head)}), path)
