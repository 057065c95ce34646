"""The ends of checks are written down, later where that cannot be done at once: a full disk, a database that restarts.

A check whose row is there has to come to an end while the server runs: nobody would look at it otherwise before the
next start.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import update

from zoning.errors import ZoningError
from zoning.registers.entries import Stamp
from zoning.registers.schema_server import StoredCheck
from zoning.web.hooks.announce import announce
from zoning.web.server import Server

_LOG = logging.getLogger("zoning.web.checks")
_AGAIN_S: Final = 2.0
_LEAVE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class End:
    """How a check ended: the columns of its row that change, what is announced of it, by whom and when."""

    check: str
    values: Mapping[str, Any]
    told: Mapping[str, str]
    stamp: Stamp


class Ending:
    """Writes ends; those that cannot be written now wait for a thread that tries again."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._late: deque[End] = deque()
        self._turn = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def end(self, end: End) -> bool:
        """Write an end down now; False where that cannot be done before later."""
        try:
            self._write(end)
        except ZoningError:
            _LOG.warning("the end of a check is written later", exc_info=True)
            self.later(end)
            return False
        return True

    def later(self, end: End) -> None:
        """Write an end down as soon as it can be."""
        with self._turn:
            self._late.append(end)
            if self._thread is None and not self._is_closed:
                self._thread = threading.Thread(target=self._work, name="zoning-endings", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Try what waits once more, and end; the next start ends the rest as interrupted."""
        with self._turn:
            self._is_closed = True
            self._turn.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(_LEAVE_S)

    def _work(self) -> None:
        while True:
            with self._turn:
                if not self._late:
                    self._thread = None
                    return
                end = self._late[0]
                self._turn.wait(0 if self._is_closed else _AGAIN_S)
                is_last = self._is_closed
            try:
                self._write(end)
            except ZoningError:
                if is_last:
                    return
                continue
            except Exception:  # noqa: BLE001 - logged; the other checks must not wait for this one
                _LOG.exception("the end of a check cannot be written")
            with self._turn:
                self._late.popleft()

    def _write(self, end: End) -> None:
        """Write an end, unless it is there: the last try may have been kept although the answer to it was lost."""
        open_ones = StoredCheck.state.in_(("waiting", "failed"))
        with self._server.store.database.writing() as connection:
            query = update(StoredCheck).where(StoredCheck.id == end.check, open_ones).values(**end.values)
            if connection.execute(query).rowcount == 1:
                announce(connection, "check.done", end.told, end.stamp)


_ALL: "WeakKeyDictionary[Server, Ending]" = WeakKeyDictionary()
_LOCK = threading.Lock()


def ending_of(server: Server) -> Ending:
    """Return what writes the ends of a server's checks."""
    with _LOCK:
        if server not in _ALL:
            _ALL[server] = Ending(server)
        return _ALL[server]


def begin(server: Server) -> Callable[[], None]:
    """Return what ends it; its thread begins when it is needed."""
    return ending_of(server).close
