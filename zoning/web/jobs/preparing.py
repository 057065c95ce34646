"""Layers are prepared beside the work of people: at the start of a server, and whenever content has changed.

No answer depends on it; checks are faster by far with it. It runs where jobs run, behind everything else. Then new
workers that use the prepared layers, and are ready for more, take the places of the old ones, which work until then.
"""

import json
import logging
import threading
from collections.abc import Callable
from typing import Any, Final

from zoning.errors import ZoningError
from zoning.web.jobs.folders import remove
from zoning.web.refusals import Refused
from zoning.web.server import Server
from zoning.web.workers.pool import Pool
from zoning.web.workers.work import Task

_LOG = logging.getLogger("zoning.web.jobs")
_FOLDER: Final = "preparing"
_SECONDS = 6 * 3600.0
_FIRST_S = 3.0
"""The first page and the first check of a server come before."""


class Preparer:
    """The thread that prepares layers."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._turn = threading.Event()
        self._end = threading.Event()
        self._stop: Callable[[], None] | None = None
        self._thread = threading.Thread(target=self._work, name="zoning-prepare", daemon=True)

    def begin(self) -> None:
        """Prepare now, and whenever the workers are renewed."""
        self._server.pool.renewed.append(self.look)
        self._turn.set()
        self._thread.start()

    def look(self) -> None:
        """Say that the content may be another one."""
        self._turn.set()

    def close(self) -> None:
        """End; what is prepared by half leaves nothing."""
        self._server.pool.renewed.remove(self.look)
        self._end.set()
        self._turn.set()
        if (stop := self._stop) is not None:
            stop()
        self._thread.join(10)

    def _work(self) -> None:
        while True:
            self._turn.wait()
            if self._end.wait(_FIRST_S):
                return
            self._turn.clear()
            try:
                prepare(self._server, self._begun)
                if not self._end.is_set():
                    self._server.pool.refresh()
            except (ZoningError, Refused, OSError):
                if not self._end.is_set():
                    _LOG.exception("layers are not prepared: checks read their files")

    def _begun(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        if self._end.is_set():
            stop()


def prepare(server: Server, on_start: Callable[[Callable[[], None]], None] | None = None) -> int:
    """Prepare what is not current; return how many layers were prepared.

    Raises
    ------
    Refused, ZoningError
        As `Pool.run`.
    """
    folder = server.folder(_FOLDER)
    quotas = server.settings.quotas
    arguments = ["layers", "prepare", "--workspace", str(server.settings.workspace), "--format", "json"]
    language = server.settings.language
    task = Task(folder, "command", arguments, language, seconds=_SECONDS, memory_mb=quotas.memory_mb, room_mb=20_000)
    outcome = server.pool.jobs.run(task, on_start)
    try:
        found: list[dict[str, Any]] = json.loads((folder / "stdout").read_bytes()) if outcome.state == "done" else []
    except (OSError, ValueError):
        found = []
    states = [one["state"] for one in found]
    if outcome.state != "done" or outcome.code or "refused" in states:
        about = {"outcome": outcome.state, "code": outcome.code, "refused": states.count("refused")}
        _LOG.warning("not all layers are prepared: checks read the files of the others", extra=about)
    remove(folder)
    return states.count("built")


def begin(server: Server) -> Callable[[], None]:
    """Start preparing; return what ends it. Workers that belong to somebody else are left alone."""
    pool: object = server.pool
    if not isinstance(pool, Pool):
        return lambda: None
    preparer = Preparer(server)
    preparer.begin()
    return preparer.close
