"""One state of a database: a read-only transaction in which nothing changes while layers are read from it."""

import contextlib
import os
import socket
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, LiteralString

from zoning.layers.formats import UnreadableError
from zoning.layers.postgis import failures
from zoning.layers.postgis.address import Address

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.sql import SQL, Composed

CONNECT_S = 5
"""How long a connection may take, unless the URL says otherwise (connect_timeout)."""
STATEMENT_S = 60
"""How long the server may work on one part of a window, unless the URL says otherwise (statement_timeout)."""
DIGEST_S = 600
"""The same for the digest of a whole table."""
LOCK_S = 10
"""How long to wait for somebody who changes the table itself."""
APPLICATION = "zoning"

_GRACE_S = 10.0  # for the way of the answer through the network
_ROWS = 1000
# A server that is gone without a word (power, cable) must not be waited for.
_DEFAULTS = {
    "connect_timeout": CONNECT_S,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
# How values turn into text must not depend on what the server or the user is set to. Row-level security would hide
# zones without a word: with this setting it is an error.
_SETTINGS = {
    "row_security": "off",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "lc_monetary": "C",
    "cursor_tuple_fraction": "1",
    "jit": "off",
    "lock_timeout": f"{LOCK_S}s",
}
_ABOUT = """
SELECT (SELECT n.nspname FROM pg_catalog.pg_extension e
        JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis'),
       (SELECT setting::pg_catalog.int8 FROM pg_catalog.pg_settings WHERE name = 'statement_timeout'),
       ARRAY(SELECT (n.nspname || '.' || c.relname)::pg_catalog.text FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname || '.' || c.relname = ANY ({names}) AND c.relkind IN ('r', 'p', 'v')
        AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT'))
"""
Rows = list[tuple[Any, ...]]


class Snapshot:
    """A connection with an open transaction, REPEATABLE READ and READ ONLY.

    Every table is locked against changes of its structure before the state is taken: one that is emptied with TRUNCATE
    and filled again afterwards would otherwise seem to hold nothing.

    Parameters
    ----------
    tables
        The tables (schema.table) that will be read.

    Attributes
    ----------
    locked
        The tables and views among them that can be read.
    failed
        Those that could not be locked, with the reason.
    kept
        What was found out about this state; for whoever reads it.

    Raises
    ------
    UnreadableError
        When there is no connection, no PostGIS, or psycopg is not installed.
    """

    def __init__(self, address: Address, tables: Iterable[str]) -> None:
        self.address = address
        self.locked: set[str] = set()
        self.failed: dict[str, UnreadableError] = {}
        self.kept: dict[object, Any] = {}
        self._owner = os.getpid()
        self._connection = _connect(address)
        self._close = weakref.finalize(self, _close, self._connection, self._owner)
        self._limit_s: float | None = None  # of the server, the role or the URL
        self._late = False
        try:
            self._begin(sorted(tables))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the transaction and the connection."""
        self._close()

    def is_alive(self) -> bool:
        """Tell whether the connection still answers, and belongs to this process."""
        if self._owner != os.getpid() or self._connection.closed:
            return False
        try:
            self._run("SELECT 1", STATEMENT_S)
        except UnreadableError:
            return False
        return True

    def rows(self, query: "SQL | Composed", what: str, *, limit_s: float = STATEMENT_S) -> Rows:
        """Return all rows of a query; `what` names what is read.

        Raises
        ------
        UnreadableError
            When the connection is lost, the answer does not come in time, or the server refuses.
        """
        with self._step(what, limit_s) as limit:
            return self._run(query, limit, what)

    def portions(self, query: "SQL | Composed", what: str) -> Iterator[Rows]:
        """Yield the rows of a query in portions, each with a time limit of its own; see `rows`."""
        from psycopg import sql

        with self._step(what, STATEMENT_S) as limit:
            self._run(sql.SQL("DECLARE portions NO SCROLL CURSOR FOR {}").format(query), limit, what)
            while portion := self._run(sql.SQL("FETCH {} FROM portions").format(sql.Literal(_ROWS)), limit, what):
                yield portion
            self._run("CLOSE portions", limit, what)

    def _begin(self, tables: Sequence[str]) -> None:
        from psycopg import sql

        about = sql.SQL(_ABOUT.strip()).format(names=sql.Literal(list(tables)))
        schema, limit_ms, there = self._run(about, STATEMENT_S)[0]
        if schema is None:
            raise failures.no_postgis(self.address)
        self._limit_s = limit_ms / 1000 or None
        # None of these takes the snapshot yet; the first query does.
        self._run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", STATEMENT_S)
        for name, value in _SETTINGS.items():
            self._run(sql.SQL("SET LOCAL {} = {}").format(sql.Identifier(name), sql.Literal(value)), STATEMENT_S)
        # Only functions of PostgreSQL and PostGIS are ever called.
        path = sql.SQL("SET LOCAL search_path = pg_catalog, {}, pg_temp").format(sql.Identifier(schema))
        self._run(path, STATEMENT_S)
        for table in there:
            self._lock(table)

    def _lock(self, table: str) -> None:
        from psycopg import sql

        command = sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(sql.Identifier(*table.split(".", 1)))
        what = f"{self.address.name}:{table}"
        try:
            with self._step(what, STATEMENT_S) as limit:
                self._run(command, limit, what)
        except UnreadableError as error:
            if self._connection.closed:
                raise
            self.failed[table] = error.anew()
        else:
            self.locked.add(table)

    @contextlib.contextmanager
    def _step(self, what: str, limit_s: float) -> Iterator[float]:
        """Run statements so that a refused one does not end the transaction; yield their time limit, seconds."""
        from psycopg import sql

        self._run("SAVEPOINT step", STATEMENT_S, what)
        try:
            if self._limit_s is None:
                limit = sql.Literal(round(limit_s * 1000))
                self._run(sql.SQL("SET LOCAL statement_timeout = {}").format(limit), STATEMENT_S, what)
            yield self._limit_s or limit_s
            self._run("RELEASE SAVEPOINT step", STATEMENT_S, what)
        except (Exception, GeneratorExit):
            self._undo(what)
            raise
        except BaseException:
            self.close()  # interrupted in the middle of something
            raise

    def _undo(self, what: str) -> None:
        if self._connection.closed:
            return
        try:
            self._run("ROLLBACK TO SAVEPOINT step", STATEMENT_S, what)
            self._run("RELEASE SAVEPOINT step", STATEMENT_S, what)
        except UnreadableError:
            self.close()

    def _run(self, query: "SQL | Composed | LiteralString", limit_s: float, what: str | None = None) -> Rows:
        """Run one statement, and return its rows in their binary form."""
        import psycopg

        what = what or self.address.name
        try:
            with self._deadline(limit_s + _GRACE_S):
                cursor = self._connection.execute(query, binary=True)
                return cursor.fetchall() if cursor.description is not None else []
        except (psycopg.Error, OSError, UnicodeError) as error:
            if self._late:
                self.close()
                raise failures.too_slow(what, limit_s) from error
            if self._connection.closed or self._connection.broken:
                self.close()
                raise failures.lost(self.address, what) from error
            if isinstance(error, psycopg.errors.QueryCanceled):
                raise failures.too_slow(what, limit_s) from error
            raise failures.refused(self.address, what, error) from error

    @contextlib.contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        """Cut the connection when the block takes longer: a server that hangs does not watch the time itself."""
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self._late = True
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self._connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)


def _connect(address: Address) -> "Connection[tuple[Any, ...]]":
    try:
        import psycopg
    except ImportError as error:
        raise failures.not_installed() from error
    # What the URL says comes first; libpq itself looks up what it leaves out.
    asked = address.options
    defaults = {name: value for name, value in _DEFAULTS.items() if name not in asked}
    try:
        told = psycopg.conninfo.make_conninfo(
            address.url, application_name=APPLICATION, client_encoding="UTF8", **defaults
        )
        return psycopg.connect(told, autocommit=True, prepare_threshold=None)
    except (psycopg.Error, OSError, UnicodeError) as error:
        # Without its cause: that may hold the address as it was written.
        raise failures.not_connected(address, error) from None


def _close(connection: "Connection[tuple[Any, ...]]", owner: int) -> None:
    # A process that was forked must not end the session of its parent.
    if os.getpid() == owner:
        connection.close()
