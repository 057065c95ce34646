"""Values of a GeoPackage that are no UTF-8, which its texts have to be: the driver leaves them out without a word."""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from zoning.sites.raw import RawSite
from zoning.sites.vector.vector_files import Record
from zoning.sites.where import Where

Lost = Mapping[int, Mapping[str, str]]
"""Number of the record -> field -> what stands there, with the bytes that are no text in hexadecimal digits."""


def lost_texts(connection: sqlite3.Connection, table: str, key: str, geometry: str) -> Lost:
    """Return the values that the driver leaves out.

    Parameters
    ----------
    table, key
        In quotation marks.
    geometry
        Name of the column with the geometries.
    """
    fields = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != geometry]
    quoted = ['"' + field.replace('"', '""') + '"' for field in fields]
    if not fields:
        return {}
    # A text that is no UTF-8 can be had as bytes only.
    columns = ", ".join(f"CASE WHEN typeof({name}) = 'text' THEN CAST({name} AS BLOB) END" for name in quoted)
    rows = connection.execute(f"SELECT {columns} FROM {table} ORDER BY {key}")  # noqa: S608 - quoted
    found: dict[int, dict[str, str]] = {}
    for number, values in enumerate(rows, 1):
        for field, value in zip(fields, values, strict=True):
            if value is not None and not _is_text(value):
                found.setdefault(number, {})[field] = value.decode("utf-8", errors="backslashreplace")
    return found


def _is_text(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def restored(record: Record, lost: Lost) -> Record:
    """Return the record with the values that the driver has left out."""
    own = lost.get(record.number)
    return record if own is None else replace(record, attributes={**record.attributes, **own})


def with_lost(site: RawSite, lost: Lost, where: Where) -> RawSite:
    """Return the footprint with a warning for each value that is no text."""
    number = site.where.record or 0
    told = tuple(
        where.at_record(number).sentence(
            f"字段 {field} 的值不是 UTF-8 文字，读不出来，按字节写作 {value}；请核对后重新导出",
            f"the value of field {field} is no UTF-8 text and cannot be read, its bytes are written as {value}; check "
            "it and export the file again",
        )
        for field, value in lost.get(number, {}).items()
    )
    return replace(site, warnings=(*told, *site.warnings)) if told else site
