"""Records of layer files without a shape: no map shows them, no site can meet them, and somebody has to be told."""

import json
import warnings
from pathlib import Path

import numpy as np
import shapely

from zoning.layers.formats import FORMATS


def shapeless_records(path: Path, table: str | None) -> int:
    """Return how many records of a layer file that can be read have no geometry, or an empty one."""
    shapes = np.asarray(shapely.from_wkb(_geometries(path, table)), dtype=object)
    return int((shapely.is_missing(shapes) | shapely.is_empty(shapes)).sum())


def _geometries(path: Path, table: str | None) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    if FORMATS[path.suffix.lower()] == "GeoParquet":
        from pyarrow import parquet

        column = json.loads((parquet.read_schema(path).metadata or {})[b"geo"])["primary_column"]
        return np.asarray(parquet.read_table(path, columns=[column]).column(0).to_pylist(), dtype=object)
    import pyogrio.raw

    with warnings.catch_warnings():
        # What GDAL notices of the others was told when the layer was read.
        warnings.simplefilter("ignore")
        _, _, found, _ = pyogrio.raw.read(path, layer=table, columns=[])
    return np.asarray(found, dtype=object)
