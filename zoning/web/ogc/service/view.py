"""What somebody sees of the services: collections and the process, by role and by what the token is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from zoning.web.access import CASE_READERS, Access, Who, only, signed_in
from zoning.web.ogc.service.collection import Collection
from zoning.web.ogc.service.layers import layer_collections
from zoning.web.ogc.service.registers import register_collections

if TYPE_CHECKING:
    from zoning.web.server import Server

WHO_SEES: Mapping[str, Access] = {
    "layers": signed_in("layers:read"),
    "cases": only(*CASE_READERS, scope="cases:read"),
    "parcels": signed_in("parcels:read"),
}
WHO_CHECKS = only("reviewer", "planner", scope="check")


@dataclass(frozen=True, slots=True)
class View:
    """What one person or program may ask for."""

    collections: Mapping[str, Collection]
    may_check: bool


class Views:
    """The collections of a server; made anew when its content was read again."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._lock = Lock()
        self._of: object = None
        self._all: Mapping[str, Collection] = {}

    def view(self, who: Who) -> View:
        """Return what somebody may ask for."""
        shown = {name: one for name, one in self._collections().items() if WHO_SEES[one.kind].admits(who)}
        return View(shown, WHO_CHECKS.admits(who))

    def _collections(self) -> Mapping[str, Collection]:
        workspace = self._server.workspace
        with self._lock:
            if self._of is not workspace:
                registers = register_collections(self._server.store.types, self._server.store)
                self._all = {**layer_collections(workspace.catalogue), **registers}
                self._of = workspace
            return self._all
