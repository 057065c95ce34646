"""What a GeoPackage may be made of: plain tables. A view or a virtual table computes, and may compute for ever."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from zoning.sites.refusals import NO_GEOPACKAGE
from zoning.sites.where import Where

_MOST_TABLES = 5_000
_REGISTERED = "SELECT table_name FROM gpkg_contents UNION SELECT table_name FROM gpkg_geometry_columns"
_OBJECTS = "SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE type IN ('table', 'view')"
_COMPUTED = (2, 3)  # `hidden` of PRAGMA table_xinfo: columns that are computed


def check_database(path: Path, where: Where) -> None:
    """Refuse a database that computes what it shows, or that holds changes in a file beside it.

    Raises
    ------
    SiteError
    """
    _check_unsaved(path, where)
    with opened_database(path, where) as connection:
        _check_objects(connection, where)


@contextmanager
def opened_database(path: Path, where: Where) -> Iterator[sqlite3.Connection]:
    """Open a GeoPackage as a database; one that is damaged is refused, then or while it is read.

    Raises
    ------
    SiteError
        When it is damaged or none.
    """
    try:
        # Nothing may be written beside it, not even the locks of a database in WAL mode.
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            yield connection
    except (sqlite3.Error, UnicodeError) as error:
        raise where.error_of(NO_GEOPACKAGE) from error


def _check_unsaved(path: Path, where: Where) -> None:
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.is_symlink() or (beside.exists() and beside.stat().st_size > 0):
            raise where.error(
                f"旁边的 {beside.name} 里还有未写入的修改；请先在打开它的软件中保存并关闭，再提交",
                f"{beside.name} beside it holds changes that are not in it yet; save and close it in the program that "
                "has it open",
            )


def _check_objects(connection: sqlite3.Connection, where: Where) -> None:
    objects = connection.execute(_OBJECTS).fetchmany(_MOST_TABLES + 1)
    if len(objects) > _MOST_TABLES:
        raise where.error(
            f"有超过 {_MOST_TABLES} 个表；请只导出项目范围",
            f"it has more than {_MOST_TABLES} tables; export the footprint alone",
        )
    for kind, name, sql in objects:
        if name.lower().startswith("gpkg_"):
            _check_plain(connection, where, kind, name, sql)
    registered = {name.lower() for (name,) in connection.execute(_REGISTERED) if isinstance(name, str)}
    for kind, name, sql in objects:
        if name.lower() in registered:
            _check_plain(connection, where, kind, name, sql)


def _check_plain(connection: sqlite3.Connection, where: Where, kind: str, name: str, sql: str) -> None:
    virtual = sql.lstrip().upper().startswith("CREATE VIRTUAL")
    if kind == "table" and not virtual:
        columns = connection.execute("SELECT hidden FROM pragma_table_xinfo(?)", (name,))
        if not any(hidden in _COMPUTED for (hidden,) in columns):
            return
    raise where.error(
        f"图层 {name} 不是普通的表（是视图、虚拟表或含计算列），不予读取；请另存为新的 GeoPackage",
        f"the layer {name} is no plain table (a view, a virtual table, or with computed columns) and is not read; save "
        "it as a new GeoPackage",
    )
