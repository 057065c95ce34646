"""What a GeoPackage says in several places, compared: its coordinate system, and which records its index holds.

GDAL takes the system by the number in `gpkg_geometry_columns` and finds records through the index, and asks no further.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from zoning.errors import CRSError
from zoning.layers.datum import parse_crs, same_crs
from zoning.texts import Text

_UNDEFINED = (None, -1, 0)
_MOST_HEADS = 10
_HEAD = 5  # the flags of a geometry and the number of its system
_EMPTY = 0b1_0000


class _Table:
    """One table of records with a geometry, as the database describes it."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self.name, self.quoted = name, _quoted(name)
        self._connection = connection
        columns = "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ? COLLATE NOCASE"
        found: tuple[str, Any] = connection.execute(columns, (name,)).fetchone() or ("", None)
        self.column, self.srs_id = found
        keys = [row[1] for row in connection.execute(f"PRAGMA table_info({self.quoted})") if row[5]]
        self.key = _quoted(keys[0]) if keys else "rowid"
        self.geometry = _quoted(self.column)

    def is_plain(self) -> bool:
        """Tell whether its records have numbers: those of a view have none."""
        found = self._connection.execute(
            "SELECT type FROM sqlite_master WHERE name = ? COLLATE NOCASE", (self.name,)
        ).fetchone()
        return bool(self.column) and found is not None and found[0] == "table"


def contradiction_in(path: Path, table: str, fids: Sequence[int]) -> Text | None:
    """Return what a GeoPackage says in two ways; None where it agrees with itself.

    Parameters
    ----------
    fids
        Numbers of the records that were read; only of these the geometries are looked at.

    Raises
    ------
    sqlite3.Error
        When it is no database, or damaged.
    """
    with _opened(path) as connection:
        described = _Table(connection, table)
        if not described.column:
            return None
        found = _of_contents(connection, described) or _of_definition(connection, described)
        if found is None and described.is_plain():
            found = _of_geometries(connection, described, fids) or _of_index(connection, described)
    return None if found is None else Text(f"{path.name}：{found.zh}", f"{path.name}: {found.en}")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    # With a journal beside it the database is read as it stands with the journal, else without any lock.
    journal = path.with_name(path.name + "-wal")
    alone = "" if journal.is_file() and journal.stat().st_size else "&immutable=1"
    with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro{alone}", uri=True)) as connection:
        yield connection


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _of_contents(connection: sqlite3.Connection, table: _Table) -> Text | None:
    stated = connection.execute(
        "SELECT srs_id FROM gpkg_contents WHERE table_name = ? COLLATE NOCASE", (table.name,)
    ).fetchone()
    if stated is None or stated[0] in _UNDEFINED or stated[0] == table.srs_id:
        return None
    return _differs(table, Text("gpkg_contents 中是", "gpkg_contents"), stated[0])


def _of_definition(connection: sqlite3.Connection, table: _Table) -> Text | None:
    row = connection.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (table.srs_id,),
    ).fetchone()
    if row is None or str(row[0]).upper() != "EPSG" or not isinstance(row[2], str):
        return None
    return _two_meanings(f"EPSG:{row[1]}", row[2])


@lru_cache(maxsize=64)
def _two_meanings(code: str, definition: str) -> Text | None:
    try:
        written = parse_crs(definition)
        if same_crs(code, definition):
            return None
    except CRSError:
        # A definition that cannot be read, or none: the code alone counts.
        return None
    return Text(
        f"坐标系的编号 {code} 与它的定义“{written.name}”不是一回事；请在 GIS 软件中核对，统一后重新导出",
        f"the coordinate system is numbered {code} and defined as '{written.name}', which is another one; check it in "
        "a GIS program and export the file again",
    )


def _of_geometries(connection: sqlite3.Connection, table: _Table, fids: Sequence[int]) -> Text | None:
    rows = connection.execute(
        f"SELECT min({table.key}), substr({table.geometry}, 4, {_HEAD}) AS head FROM {table.quoted} "  # noqa: S608 - quoted
        f"WHERE {table.key} IN (SELECT value FROM json_each(?)) GROUP BY head LIMIT {_MOST_HEADS}",
        (json.dumps([int(fid) for fid in fids]),),
    )
    for fid, head in rows.fetchall():
        srs_id = _srs_id(head)
        if srs_id not in _UNDEFINED and srs_id != table.srs_id:
            return _differs(table, Text(f"记录 fid={fid} 的图形里是", f"the geometry of record fid={fid}"), srs_id)
    return None


def _srs_id(head: object) -> int | None:
    if not isinstance(head, bytes) or len(head) < _HEAD:
        return None
    return int.from_bytes(head[1:], "little" if head[0] & 1 else "big", signed=True)


def _differs(table: _Table, place: Text, found: object) -> Text:
    return Text(
        f"坐标系前后矛盾：gpkg_geometry_columns 中是 srs_id {table.srs_id}，{place.zh} srs_id {found}；"
        "请在 GIS 软件中核对，统一后重新导出",
        f"it contradicts itself about the coordinate system: srs_id {table.srs_id} in gpkg_geometry_columns, srs_id "
        f"{found} in {place.en}; check it in a GIS program and export the file again",
    )


def _of_index(connection: sqlite3.Connection, table: _Table) -> Text | None:
    index = f"rtree_{table.name}_{table.column}"
    rows = _quoted(f"{index}_rowid")
    tables = "SELECT count(*) FROM sqlite_master WHERE name = ? COLLATE NOCASE"
    if not connection.execute(tables, (f"{index}_rowid",)).fetchone()[0]:
        return None
    shapes = f"FROM {table.quoted} WHERE {table.geometry} IS NOT NULL"
    (written,) = connection.execute(f"SELECT count(*) {shapes}").fetchone()
    (listed,) = connection.execute(f"SELECT count(*) FROM {rows}").fetchone()  # noqa: S608 - quoted
    if written == listed:
        return None
    missing = connection.execute(
        f"SELECT {table.key}, substr({table.geometry}, 4, 1) {shapes} "  # noqa: S608 - quoted
        f"AND {table.key} NOT IN (SELECT rowid FROM {rows})"
    )
    # Empty geometries stand in no index.
    fid = next((fid for fid, flags in missing if not (isinstance(flags, bytes) and flags and flags[0] & _EMPTY)), None)
    if fid is None:
        return None
    return Text(
        f"空间索引缺少记录 fid={fid}，按范围读取会漏掉它；请在 GIS 软件中重建空间索引，或重新导出",
        f"its spatial index lacks record fid={fid}, which would be missed where a window is read; build the index anew "
        "in a GIS program, or export the file again",
    )
