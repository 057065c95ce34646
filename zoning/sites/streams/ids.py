"""The ids given so far, of files with any number of records: in a database that SQLite keeps beside, not in memory."""

import sqlite3
from types import TracebackType
from typing import Self

_CACHE_KIB = 8_192


class IdsOnDisk:
    """Ids that were taken; see `zoning.sites.naming.Ids`.

    The database has no name and is gone with the connection; what does not fit its cache goes to the folder for
    temporary files.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE ids (id TEXT PRIMARY KEY, copies INTEGER) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget everything."""
        self._database.close()

    def take(self, wanted: str) -> bool:
        """Take an id; tell whether it was free."""
        return self._run("INSERT OR IGNORE INTO ids VALUES (?, 2)", wanted).rowcount == 1

    def copies(self, wanted: str) -> int:
        """Return the number from which to look for a free copy."""
        (copies,) = self._run("SELECT copies FROM ids WHERE id = ?", wanted).fetchone()
        return int(copies)

    def note(self, wanted: str, copies: int) -> None:
        """Remember how far the copies of an id were counted."""
        self._run("UPDATE ids SET copies = ? WHERE id = ?", copies, wanted)

    def _run(self, query: str, *values: str | int) -> sqlite3.Cursor:
        try:
            return self._database.execute(query, values)
        except sqlite3.Error as error:
            # The disk is full, or its temporary folder gone.
            raise OSError(str(error)) from error


class NumbersOnly:
    """Ids of a file whose records are called by their numbers: none is given twice."""

    def take(self, wanted: str) -> bool:
        """Tell that the id was free."""
        del wanted
        return True

    def copies(self, wanted: str) -> int:
        """Return where to start; never asked."""
        del wanted
        return 2

    def note(self, wanted: str, copies: int) -> None:
        """Forget it."""
