"""What an uploaded file holds: tables, fields, the values of those that could be classes."""

import json
import warnings
from collections import Counter
from pathlib import Path
from typing import Any, Final

from zoning.layers.formats import FORMATS, UnreadableError, read_table
from zoning.texts import Text

MOST_VALUES: Final = 60
"""A field with more different values is no class field."""
_MOST_TABLES, _MOST_FIELDS, _MOST_TEXT = 40, 200, 80


def look_into(path: Path) -> list[dict[str, Any]]:
    """Return the tables of a layer file.

    Returns
    -------
    list
        For each: `name` (None where the format has no tables), `zones`, `crs`, `fields`: `name`, `values` (value ->
        count, at most `MOST_VALUES`; None where there are more).

    Raises
    ------
    UnreadableError
        When the file cannot be read, or has no table with geometry.
    """
    names = _tables(path)
    if not names:
        raise UnreadableError(Text("文件中没有带图形的数据表", "the file has no table with geometry"))
    return [_table(path, name) for name in names[:_MOST_TABLES]]


def fields_of(path: Path, table: str | None) -> tuple[str, ...]:
    """Return the fields of a table."""
    if FORMATS.get(path.suffix.lower()) == "GeoParquet":
        from pyarrow import ArrowException, parquet

        try:
            schema = parquet.read_schema(path)
            column = json.loads((schema.metadata or {})[b"geo"])["primary_column"]
        except (ArrowException, OSError, KeyError, ValueError) as error:
            raise _unreadable(path) from error
        return tuple(name for name in schema.names if name != column)
    import pyogrio.errors

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tuple(str(name) for name in pyogrio.read_info(path, layer=table)["fields"])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise _unreadable(path) from error


def _tables(path: Path) -> list[str | None]:
    if FORMATS.get(path.suffix.lower()) == "GeoParquet":
        return [None]
    import pyogrio.errors

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [str(name) for name, geometry in pyogrio.list_layers(path) if geometry is not None]
    except pyogrio.errors.DataSourceError as error:
        raise _unreadable(path) from error


def _table(path: Path, name: str | None) -> dict[str, Any]:
    fields = fields_of(path, name)[:_MOST_FIELDS]
    table = read_table(path, name, fields=fields, encoding=None, window=lambda _: None)
    return {
        "name": name,
        "zones": len(table.geometries),
        "crs": _crs_name(table.crs),
        "fields": [{"name": field, "values": _values(table.columns[field])} for field in fields],
    }


def _values(column: tuple[str, ...]) -> dict[str, int] | None:
    counted = Counter(column)
    if len(counted) > MOST_VALUES or any(len(value) > _MOST_TEXT for value in counted):
        return None
    return dict(sorted(counted.items()))


def _crs_name(crs: str | None) -> str | None:
    if crs is None:
        return None
    from zoning.layers.datum import parse_crs

    try:
        parsed = parse_crs(crs)
    except Exception:  # noqa: BLE001 - what cannot be read is shown as it stands; it is refused when it is used
        return crs[:60]
    code = parsed.to_epsg()
    return f"EPSG:{code}" if code else parsed.name


def _unreadable(path: Path) -> UnreadableError:
    kind = FORMATS[path.suffix.lower()]
    return UnreadableError(Text(f"文件无法读取：不是完好的 {kind}", f"the file cannot be read: it is no intact {kind}"))
