"""Tables -> a GeoPackage 1.2 that holds their styles: QGIS opens every table as it is drawn on our maps."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from zoning.atomic_write import appear
from zoning.errors import ContentError, os_reason
from zoning.layers.catalogue import Geometry
from zoning.maps.qgis.tables import Table
from zoning.mistakes import Mistake
from zoning.styles.drawing import Drawing
from zoning.styles.qml import qml
from zoning.styles.sld import sld
from zoning.texts import Text

CRS = "EPSG:4490"
GEOMETRY = "geom"
STYLES = "layer_styles"
# The table that QGIS itself makes; GDAL carries it along in copies.
_CREATE = f"""
CREATE TABLE IF NOT EXISTS {STYLES} (
  id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
  description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))
"""
_NAME_LENGTH = 30
_KINDS: dict[Geometry, tuple[str, ...]] = {
    "polygon": ("POLYGON", "MULTIPOLYGON"),
    "line": ("LINESTRING", "MULTILINESTRING"),
}


@dataclass(frozen=True, slots=True)
class StyledTable:
    """A table of a GeoPackage and the way it is drawn; `name` is what QGIS calls the style."""

    table: str
    drawing: Drawing
    name: str


def geopackage(tables: Iterable[Table], on: str) -> bytes:
    """Return a GeoPackage with styles; the same tables give the same bytes.

    Parameters
    ----------
    on
        The only date inside the file, ISO 8601.
    """
    listed = tuple(tables)
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        path = Path(folder) / "made.gpkg"
        with _dated(on):
            for number, table in enumerate(listed):
                _write(path, table, append=number > 0)
        with closing(sqlite3.connect(path)) as database, database:
            for table in listed:
                database.execute(
                    "UPDATE gpkg_contents SET description = ? WHERE table_name = ?", (table.description, table.name)
                )
            styled = [
                StyledTable(table.name, table.drawing, table.drawing.title)
                for table in listed
                if table.drawing is not None
            ]
            _add_styles(database, styled, on)
        return path.read_bytes()


def style_geopackage(path: Path, styles: Iterable[StyledTable], on: str) -> None:
    """Put styles into a GeoPackage that exists, as the default of each table; whole or not at all.

    A table that has a default style keeps it under its name, no longer as the default; a style of the same table and
    name is replaced.

    Parameters
    ----------
    on
        The date of the styles, ISO 8601.

    Raises
    ------
    ContentError
        When the file cannot be read or written, is no GeoPackage, lacks a table, or a table holds shapes that the style
        would not draw.
    """
    partial = path.with_name(f".{path.name}.styled")
    try:
        shutil.copyfile(path, partial)
        _style(path, partial, styles, on)
        appear(partial, path)
    except OSError as error:
        reason = os_reason(error)
        raise ContentError(f"{path}：无法写入样式（{reason.zh}）", f"{path}: cannot be styled ({reason.en})") from error
    finally:
        partial.unlink(missing_ok=True)


def _style(path: Path, partial: Path, styles: Iterable[StyledTable], on: str) -> None:
    try:
        with closing(sqlite3.connect(partial)) as database, database:
            _add_styles(database, styles, on)
    except sqlite3.DatabaseError as error:
        raise ContentError(
            f"{path}：不是可用的 GeoPackage（{error}）", f"{path}: this is no usable GeoPackage ({error})"
        ) from error
    except Mistake as error:
        raise ContentError(f"{path}：{error.text.zh}", f"{path}: {error.text.en}") from error


def _place(database: sqlite3.Connection, style: StyledTable) -> tuple[str, str]:
    """Return table and geometry column; a Mistake where the style would leave rows of the table undrawn."""
    found = database.execute(
        "SELECT column_name, geometry_type_name FROM gpkg_geometry_columns WHERE table_name = ?", (style.table,)
    ).fetchone()
    if found is None:
        raise Mistake(Text(f"没有数据表“{style.table}”", f"there is no table '{style.table}'"))
    if found[1] not in _KINDS[style.drawing.geometry]:
        raise Mistake(
            Text(
                f"数据表“{style.table}”的图形类型为 {found[1]}，此样式不能全部画出；请把面和线分成两个表",
                f"the table '{style.table}' holds {found[1]} and this style would leave some of it undrawn: "
                "keep areas and lines in two tables",
            )
        )
    return style.table, found[0]


def _add_styles(database: sqlite3.Connection, styles: Iterable[StyledTable], on: str) -> None:
    database.execute(_CREATE)
    stamp = f"{on}T00:00:00.000Z"
    database.execute(
        "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
        "VALUES (?, 'attributes', ?, '', ?, 0)",
        (STYLES, STYLES, stamp),
    )
    for style in styles:
        place = _place(database, style)
        name = style.name[:_NAME_LENGTH]
        where = "WHERE f_table_name = ? AND f_geometry_column = ?"
        database.execute(f"DELETE FROM {STYLES} {where} AND styleName = ?", (*place, name))  # noqa: S608 - our own words
        database.execute(f"UPDATE {STYLES} SET useAsDefault = 0 {where}", place)  # noqa: S608 - our own words
        database.execute(
            f"INSERT INTO {STYLES} (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "  # noqa: S608 - our own words
            "styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) "
            "VALUES ('', '', ?, ?, ?, ?, ?, 1, ?, '', NULL, ?)",
            (*place, name, qml(style.drawing), sld(style.drawing, style.table), style.drawing.title, stamp),
        )


@contextmanager
def _dated(on: str) -> Iterator[None]:
    """Let GDAL write this date instead of now."""
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{on}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _write(path: Path, table: Table, *, append: bool) -> None:
    from pyogrio.raw import write

    columns = [
        np.array([row[index] for row in table.rows], dtype=object if name in table.texts else np.float64)
        for index, name in enumerate(table.fields)
    ]
    spatial = table.geometries is not None
    lines = table.drawing is not None and table.drawing.geometry == "line"
    write(
        path,
        geometry=shapely.to_wkb(np.array(table.geometries, dtype=object)) if spatial else None,
        field_data=columns,
        fields=list(table.fields),
        layer=table.name,
        driver="GPKG",
        geometry_type=("MultiLineString" if lines else "MultiPolygon") if spatial else None,
        crs=CRS if spatial else None,
        append=append,
        dataset_options=None if append else {"VERSION": "1.2"},
        layer_options={"GEOMETRY_NAME": GEOMETRY} if spatial else None,
    )
