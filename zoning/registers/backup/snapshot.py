"""All tables as they stood at one moment, as an SQLite file: from SQLite and from PostgreSQL."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, delete, func, insert, select

from zoning.errors import ContentError
from zoning.registers.database import Database, open_database
from zoning.registers.schema import Chain, LoggedEvent
from zoning.registers.schema_cases import StoredVerdict
from zoning.registers.schema_server import StoredAccount

_TOGETHER = 500
_METADATA = (StoredVerdict.metadata, StoredAccount.metadata)[0]
"""All tables: those of cases and of the server join those of the registers."""


def take_snapshot(database: Database, target: Path) -> None:
    """Copy all tables into a new file; writers may go on, what they write later is not in it.

    Raises
    ------
    ContentError
        When the register cannot be read or the file not be written.
    """
    if database.path is not None:
        _copy_file(database.path, target)
        return
    with (
        closing(open_database(str(target), create=True)) as copy,
        database.reading() as source,
        copy.writing() as connection,
    ):
        copy_rows(source, connection)


def fill_database(snapshot: Path, database: Database) -> None:
    """Fill an empty database from a snapshot, in one transaction.

    Raises
    ------
    ContentError
        When there is something in it already.
    """
    with (
        closing(open_database(str(snapshot), create=False)) as copy,
        copy.reading() as source,
        database.writing() as connection,
    ):
        if connection.execute(select(func.count()).select_from(LoggedEvent)).scalar_one():
            raise ContentError(
                f"{database.name} 中已有台账，没有改动；恢复须用空数据库",
                f"{database.name} holds a register already and was left as it is: restore into an empty database",
            )
        copy_rows(source, connection)


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy every row of every table; parents come before what refers to them."""
    target.execute(delete(Chain))  # the first row of a new register
    for table in _METADATA.sorted_tables:
        rows = source.execution_options(yield_per=_TOGETHER).execute(select(table)).mappings()
        for some in rows.partitions(_TOGETHER):
            target.execute(insert(table), [dict(row) for row in some])


def _copy_file(path: Path, target: Path) -> None:
    """Copy an SQLite register page by page in one step: readers go on, writers wait for that moment."""
    uri = f"file:{quote(str(path.absolute()))}?mode=ro"
    try:
        with (
            closing(sqlite3.connect(uri, uri=True, timeout=60)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise ContentError(
            f"台账 {path.name} 没有备份：{error}", f"the register {path.name} was not backed up: {error}"
        ) from error
