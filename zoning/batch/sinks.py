"""Rows -> files: GeoParquet, GeoPackage, CSV, lines of JSON. The same rows always give the same bytes."""

import errno
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from zoning.batch.columns import CRS, GEOMETRY, VERDICT
from zoning.batch.flat import with_multipolygons, without_formulas, without_geometry, without_lists
from zoning.batch.merging import SLICE
from zoning.batch.work import unpack

BOX = "bbox"
_BOX_TYPE = pa.struct([(name, pa.float64()) for name in ("xmin", "ymin", "xmax", "ymax")])
_MARK = b"\xef\xbb\xbf"  # tells a spreadsheet that the text is UTF-8
TABLE = "results"


@dataclass(frozen=True, slots=True)
class Target:
    """The file to write.

    Attributes
    ----------
    wkt
        Whether a CSV holds the geometry.
    on
        Day of the check: a GeoPackage tells when it was changed, and must not tell the clock.
    areas_only
        Whether all geometries are polygons: programs then show a GeoPackage as one layer.
    """

    path: Path
    schema: pa.Schema
    on: date
    wkt: bool = False
    areas_only: bool = False


def write_parquet(target: Target, tables: Iterator[pa.Table]) -> None:
    """Write GeoParquet 1.1: geometry as WKB, a box per row and group of rows."""
    from pyarrow import parquet

    position = target.schema.get_field_index(GEOMETRY)
    schema = target.schema.set(position, pa.field(GEOMETRY, pa.binary())).append(pa.field(BOX, _BOX_TYPE))
    seen = _Seen()
    with parquet.ParquetWriter(target.path, schema, compression="zstd") as writer:
        for table in tables:
            boxes = seen.look(table[GEOMETRY])
            rows = table.set_column(position, GEOMETRY, table[GEOMETRY].cast(pa.binary())).append_column(BOX, boxes)
            writer.write_table(rows, row_group_size=SLICE)
        writer.add_key_value_metadata({"geo": json.dumps(seen.metadata(), ensure_ascii=False)})


@dataclass(slots=True)
class _Seen:
    """Kinds and extent of the geometries so far: GeoParquet states them at the end."""

    kinds: set[str] = field(default_factory=set)
    extent: list[float] | None = None

    def look(self, column: pa.ChunkedArray) -> pa.Array:
        """Return the boxes of some geometries."""
        shapes = shapely.from_wkb(column.to_numpy())
        self.kinds |= {shape.geom_type for shape in shapes if shape is not None}
        boxes = shapely.bounds(shapes)
        without = np.isnan(boxes).any(axis=1)
        if not without.all():
            low, high = np.nanmin(boxes[:, :2], axis=0), np.nanmax(boxes[:, 2:], axis=0)
            old = self.extent or [*low, *high]
            self.extent = [
                *np.minimum(old[:2], low).tolist(),
                *np.maximum(old[2:], high).tolist(),
            ]
        return pa.StructArray.from_arrays(
            [pa.array(side) for side in boxes.T], fields=list(_BOX_TYPE), mask=pa.array(without)
        )

    def metadata(self) -> dict[str, Any]:
        """Return what the key `geo` says."""
        import pyproj

        column: dict[str, Any] = {
            "encoding": "WKB",
            "geometry_types": sorted(self.kinds),
            "crs": pyproj.CRS(CRS).to_json_dict(),
            "covering": {"bbox": {side: [BOX, side] for side in ("xmin", "ymin", "xmax", "ymax")}},
        }
        if self.extent is not None:
            column["bbox"] = self.extent
        return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}


def write_geopackage(target: Target, tables: Iterator[pa.Table]) -> None:
    """Write one table with its index."""
    import pyogrio

    def batches() -> Iterator[pa.RecordBatch]:
        for table in tables:
            rows = with_multipolygons(table) if target.areas_only else table
            yield from without_lists(rows).to_batches()

    reader = pa.RecordBatchReader.from_batches(without_lists(target.schema.empty_table()).schema, batches())
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{target.on.isoformat()}T00:00:00.000Z"})
    try:
        with _plainly_named(target.path) as path:
            pyogrio.write_arrow(
                reader,
                path,
                driver="GPKG",
                layer=TABLE,
                geometry_name=GEOMETRY,
                geometry_type="MultiPolygon" if target.areas_only else "Unknown",
                crs=CRS,
                layer_options={"GEOMETRY_NAME": GEOMETRY},
            )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    _check_geopackage(target.path)


@contextmanager
def _plainly_named(path: Path) -> Iterator[Path]:
    """Give another path to the same file where a library would take the signs of the path for an address."""
    if not set("!;?") & set(str(path)):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        link = Path(folder) / "there"
        link.symlink_to(path.parent.resolve(), target_is_directory=True)
        yield link / path.name


def _check_geopackage(path: Path) -> None:
    """Raise an OSError when rows or index are not whole: the library does not say what fails while it closes a file."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        try:
            (rows,) = database.execute(f"SELECT count({GEOMETRY}) FROM {TABLE}").fetchone()  # noqa: S608 - our own names
            (indexed,) = database.execute(f"SELECT count(*) FROM rtree_{TABLE}_{GEOMETRY}").fetchone()  # noqa: S608 - our own names
            (state,) = database.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as error:
            raise OSError(errno.EIO, str(error)) from error
    if rows != indexed or state != "ok":
        raise OSError(errno.EIO, "the file is not whole")


def write_csv(target: Target, tables: Iterator[pa.Table]) -> None:
    """Write UTF-8 with its mark, which spreadsheets need; no text of it can run as a formula."""
    from pyarrow import csv

    def rows(table: pa.Table) -> pa.Table:
        return without_formulas(without_geometry(without_lists(table), wkt=target.wkt))

    with target.path.open("wb") as file:
        file.write(_MARK)
        with csv.CSVWriter(
            file, rows(target.schema.empty_table()).schema, write_options=csv.WriteOptions(quoting_style="needed")
        ) as writer:
            for table in tables:
                writer.write_table(rows(table))


WRITERS: dict[str, Callable[[Target, Iterator[pa.Table]], None]] = {
    ".parquet": write_parquet,
    ".gpkg": write_geopackage,
    ".csv": write_csv,
}
"""By the suffix of the file."""


def without_verdicts(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Yield tables without the verdicts, where they hold them."""
    for table in tables:
        yield table.drop_columns([VERDICT]) if VERDICT in table.schema.names else table


def with_lines(tables: Iterator[pa.Table], path: Path) -> Iterator[pa.Table]:
    """Yield tables without the verdicts, after writing these to `path`: line n is record n.

    Of a record that was refused the line says why.
    """
    with path.open("wb") as file:
        for table in tables:
            told = table.select(["number", "name", "error_code", "error_zh", "error_en"]).to_pylist()
            for packed, row in zip(table[VERDICT], told, strict=True):
                file.write(unpack(packed.as_py()) if packed.is_valid else _refusal(row))
                file.write(b"\n")
            yield table.drop_columns([VERDICT])


def _refusal(row: dict[str, Any]) -> bytes:
    error = {"code": row["error_code"], "zh": row["error_zh"], "en": row["error_en"]}
    line = {"schema": "zoning.refusal/1", "number": row["number"], "name": row["name"], "error": error}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()
