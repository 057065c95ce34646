"""Records of layer files without a shape are counted, whatever the format."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio.raw
import pytest
import shapely
from pyarrow import parquet

from zoning.layers.shapeless import shapeless_records

SHAPES = [shapely.box(112, 35, 113, 36), None, shapely.Polygon(), shapely.box(113, 35, 114, 36)]


@pytest.mark.parametrize(
    ("file", "driver"),
    [("a.gpkg", "GPKG"), ("a.geojson", "GeoJSON"), ("a.shp", "ESRI Shapefile"), ("a.fgb", "FlatGeobuf")],
)
def test_records_without_a_shape_are_counted(tmp_path: Path, file: str, driver: str) -> None:
    # A shapefile has no empty polygon but only none at all, FlatGeobuf keeps neither in its index.
    _write(tmp_path / file, driver, SHAPES)
    assert shapeless_records(tmp_path / file, None) == 2
    _write(tmp_path / f"full{file}", driver, [SHAPES[0], SHAPES[3]])
    assert shapeless_records(tmp_path / f"full{file}", None) == 0


def test_so_are_those_of_a_parquet_file(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = {"id": ["1", "2", "3"], "shape": [shapely.to_wkb(SHAPES[0]), None, shapely.to_wkb(SHAPES[2])]}
    arrow = pa.table(table).replace_schema_metadata({"geo": '{"primary_column": "shape"}'})
    parquet.write_table(arrow, path)
    assert shapeless_records(path, None) == 2


def _write(path: Path, driver: str, shapes: list[shapely.Polygon | None]) -> None:
    wkb = np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], dtype=object)
    names = np.array([f"Z{number}" for number in range(len(shapes))], dtype=object)
    options = {"SPATIAL_INDEX": "NO"} if driver == "FlatGeobuf" else {}
    pyogrio.raw.write(path, wkb, [names], ["id"], driver=driver, geometry_type="Polygon", crs="EPSG:4490", **options)
