"""What all requests share: settings, the register, the workers, the workspace as it stands."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Request

from zoning.registers.entries import Stamp
from zoning.registers.store import Store
from zoning.web.access import Who
from zoning.web.accounts.guards import Guards
from zoning.web.settings import ServerSettings

if TYPE_CHECKING:
    from zoning.overlay.source import LayerSource
    from zoning.web.workers.pool import Pool
    from zoning.workspace import Workspace

_CHINA = timezone(timedelta(hours=8))


@dataclass(slots=True, eq=False, weakref_slot=True)
class Server:
    """Settings, register, workers, workspace, clock.

    `workspace` and `source` are those of the pages; workers hold their own. `reload()` is called when content changed.
    `guards` remembers who tried to sign in and who handed in how much.
    """

    settings: ServerSettings
    store: Store
    pool: "Pool"
    workspace: "Workspace"
    source: "LayerSource"
    reopen: Callable[[], "tuple[Workspace, LayerSource]"]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    guards: Guards = field(default_factory=Guards)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Let what fails in the register be told in words that anybody may read."""
        self.store.database.speak_to_strangers()

    def now(self) -> datetime:
        """Return the moment, with its zone (UTC)."""
        return self.clock()

    def today(self) -> date:
        """Return the day in China."""
        return self.now().astimezone(_CHINA).date()

    def stamp(self, who: Who, note: str = "") -> Stamp:
        """Return who does something, and when."""
        return Stamp(who.name, self.now(), note)

    def folder(self, name: str) -> Path:
        """Return a folder below `settings.state`, made where it is missing."""
        found = self.settings.state / name
        found.mkdir(parents=True, exist_ok=True)
        return found

    def reload(self, note: "Callable[[Workspace], None] | None" = None) -> None:
        """Read the workspace again, for the pages and in all workers; running checks end with the content they have.

        Parameters
        ----------
        note
            Writes down, of what was read, that it is used from now on; where that fails it is not used.

        Raises
        ------
        ZoningError
            When the content cannot be read: everything stays as it is.
        """
        with self._lock:
            workspace, source = self.reopen()
            _ = workspace.rulebook
            if note is not None:
                note(workspace)
            self.pool.renew()
            self.workspace, self.source = workspace, source


def server_of(request: Request) -> Server:
    """Return the server of a request."""
    server: Server = request.app.state.server
    return server


def who_of(request: Request) -> Who:
    """Return who asks; set by the guard of the route."""
    who: Who = request.state.who
    return who
