"""The file or server that holds the tables, and its transactions.

SQLite runs with a rollback journal (DELETE) and synchronous=EXTRA, not with a write-ahead log: a WAL needs memory that
all readers share, which network drives do not offer, and a copy of the file without its -wal file lacks the last
changes. With the journal one file is the whole register, a commit is on the disk when it is reported, and after a kill
the next opener rolls the unfinished change back. Writers begin with BEGIN IMMEDIATE (PostgreSQL: hold the row of the
chain), so that what they have read cannot change before they write.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFreeError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from zoning.errors import ContentError, UsageError, ZoningError
from zoning.layers.postgis.address import Address, parse_address
from zoning.mistakes import Mistake
from zoning.registers import failures
from zoning.registers.schema import Chain
from zoning.registers.upgrade import Upgrade
from zoning.texts import Text

WAIT_S = 20
"""How long a writer waits for another one."""
_KEPT, _MOST_MORE = 4, 12
"""Connections that stay open, and how many more there may be: writers stand in line with one each, readers go by."""
# A server that is gone without a word (power, cable) must not be waited for; the URL may say otherwise.
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
_SCHEMES = ("postgresql:", "postgres:")
_WRITES = "zoning_writes"


@dataclass(slots=True)
class _Progress:
    """How far a change has come: `commits` once all of it is handed over and is to be kept."""

    commits: bool = False


class Database:
    """Where the tables are.

    Attributes
    ----------
    name
        What sentences call it.
    path
        The SQLite file; None for a server.
    upgrade
        What was done to tables of an earlier version when it was opened.
    """

    def __init__(self, engine: Engine, name: str, path: Path | None, address: Address | None) -> None:
        self._engine = engine
        self.upgrade: Upgrade | None = None
        self.name = name
        self.path = path
        self.address = address
        self._told = failures.Told(Text(name, name) if address is None else Text(f"数据库 {name}", f"database {name}"))

    def speak_to_strangers(self) -> None:
        """Say of failures what anybody may know: neither where the file is nor what a database server said."""
        self._told = failures.FOR_STRANGERS

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of all tables.

        Raises
        ------
        ContentError
            When the file or database does not answer or fails (`RegisterFailedError`), or a file that belongs to it
            cannot be read.
        """
        with self._failures(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection whose changes are kept at the end, all of them; an error undoes all of them.

        Raises
        ------
        ContentError
            When the file or database does not answer or fails (`RegisterFailedError`), another writer does not end in
            time, or the disk is full (`NoRoomError`): nothing was written.
        UnknownEndError
            When the connection was lost while the changes were being kept: they may have been written or not.
        """
        with self._failures() as progress, self._engine.connect() as plain:
            connection = plain.execution_options(**{_WRITES: True})
            with connection.begin():
                if self.address is not None:
                    connection.execute(select(Chain.events).with_for_update())
                yield connection
                progress.commits = True

    @contextlib.contextmanager
    def changing_tables(self) -> Iterator[Connection]:
        """Yield a connection on which no other program changes tables at the same time.

        Raises
        ------
        ContentError
            When the file or database does not answer or fails (`RegisterFailedError`), or the disk is full
            (`NoRoomError`).
        """
        with self._failures(), self._engine.connect() as plain:
            connection = plain.execution_options(**{_WRITES: True})
            with connection.begin():
                if self.address is not None:
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1516130919)")
                yield connection

    def leave_wal(self) -> None:
        """Bring a file back to the rollback journal, where another program has put it into WAL mode.

        Raises
        ------
        ContentError
            When the file cannot be opened or written, or is none of SQLite.
        """
        with self._failures(), self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None and raw.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                raw.execute("PRAGMA journal_mode = DELETE")

    def close(self) -> None:
        """Let go of the file or the connections."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _failures(self) -> Iterator[_Progress]:
        progress = _Progress()
        try:
            yield progress
        except DBAPIError as error:
            raise self._failure(error.orig or error, progress) from error
        except NoneFreeError as error:
            raise failures.all_busy(self._told) from error
        except OSError as error:
            raise failures.os_failure(self._told, error) from error
        except sqlite3.Error as error:
            raise self._failure(error, progress) from error
        except ZoningError:
            raise
        except Exception as error:
            if self.address is not None and _is_psycopg(error):
                raise self._failure(error, progress) from error
            raise

    def _failure(self, error: BaseException, progress: _Progress) -> ContentError:
        if self.address is not None:
            return failures.postgres_failure(self._told, self.address, error, commits=progress.commits)
        return failures.sqlite_failure(self._told, getattr(error, "sqlite_errorname", ""), str(error))


def open_database(address: str, *, create: bool, upgrade: bool = False) -> Database:
    """Open the file or server of an address, and bring its tables up to date; see `zoning.registers.store`.

    Raises
    ------
    UsageError
        When the address is neither a file name nor a URL of PostgreSQL, there is no register and none is to be made, or
        the library for PostgreSQL is not installed.
    ContentError
        When it is no register, is of a newer version, or of an older one that nobody asked to upgrade, or cannot be
        opened.
    """
    from zoning.registers.migrating import bring_up_to_date

    database = _server(address) if address.startswith(_SCHEMES) else _file(Path(address), create=create)
    try:
        database.upgrade = bring_up_to_date(database, create=create, upgrade=upgrade)
    except BaseException:
        database.close()
        raise
    return database


def _file(path: Path, *, create: bool) -> Database:
    name = str(path)
    if "://" in name or ":/" in name[2:]:
        raise UsageError(
            "--register：写成文件名，或 postgresql://主机/数据库 的形式",
            "--register: write a file name, or postgresql://host/database",
        )
    if path.is_dir():
        raise UsageError(f"{name} 是文件夹；请写出台账文件的名称", f"{name} is a folder: name the file of the register")
    if not create and not path.exists():
        raise failures.missing(name)
    uri = f"file:{quote(str(path.absolute()))}?mode={'rwc' if create else 'rw'}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = EXTRA")
            connection.execute("PRAGMA trusted_schema = OFF")
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    found = Database(engine, name, path, None)
    found.leave_wal()
    return found


def _server(url: str) -> Database:
    try:
        address = parse_address(url)
    except Mistake as mistake:
        raise UsageError(f"--register：{mistake.text.zh}", f"--register: {mistake.text.en}") from mistake
    try:
        import psycopg
    except ImportError as error:
        raise failures.not_installed() from error
    told = {name: value for name, value in _PATIENCE.items() if name not in address.options}

    def connect() -> "psycopg.Connection[Any]":
        connection = psycopg.connect(address.url, application_name="zoning", **told)
        try:
            connection.execute(f"SET lock_timeout = '{WAIT_S}s'")
            connection.commit()
        except BaseException:
            connection.close()
            raise
        return connection

    # One state for all that is read together. Writers hold the row of the chain before they read anything else, and
    # must then see what the one before them has committed: READ COMMITTED.
    engine = create_engine(
        "postgresql+psycopg://",
        creator=connect,
        pool_size=_KEPT,
        max_overflow=_MOST_MORE,
        pool_timeout=WAIT_S,
        pool_use_lifo=True,
        pool_pre_ping=True,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        level = "READ COMMITTED" if writes else "REPEATABLE READ, READ ONLY"
        connection.exec_driver_sql(f"SET TRANSACTION ISOLATION LEVEL {level}")

    _close_what_comes_back_late(engine)
    return Database(engine, address.name, None, address)


def _close_what_comes_back_late(engine: Engine) -> None:
    """Close connections that are still at work when the others are let go of: the old pool would only drop them."""
    let_go = threading.Event()
    event.listen(engine, "engine_disposed", lambda _: let_go.set())

    @event.listens_for(engine, "checkin")
    def close_late(_: object, record: ConnectionPoolEntry) -> None:
        if let_go.is_set():
            record.close()


def _is_psycopg(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] == "psycopg"
