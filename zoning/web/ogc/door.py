"""The door of the OGC services: /ogc. What is behind it is loaded when somebody comes for the first time."""

import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from zoning.web.access import EVERY_ROLE, Access, Who
from zoning.web.routes import Routes
from zoning.web.server import server_of

if TYPE_CHECKING:
    from zoning.web.server import Server

_SCOPES: Final = frozenset({"layers:read", "cases:read", "parcels:read", "check"})
_PATH: Final = "/ogc"
Door = Callable[[Any, Any, Any], Awaitable[None]]
_DOORS: "WeakKeyDictionary[Server, Door]" = WeakKeyDictionary()
routes = Routes()


@dataclass(frozen=True, slots=True)
class AnyScope(Access):
    """Access for whoever is signed in, and for tokens of one of the scopes; what they see is decided inside."""

    def admits(self, who: Who) -> bool:
        """Tell whether somebody may come in."""
        if who.scopes is not None and _SCOPES.isdisjoint(who.scopes):
            return False
        return not who.roles.isdisjoint(self.roles)


ACCESS: Final = AnyScope(EVERY_ROLE, "layers:read")


def make(server: "Server") -> Door:
    """Return the services of a server as an ASGI application."""
    lock = threading.Lock()
    made: list[Any] = []

    def application() -> Any:
        with lock:
            if not made:
                from zoning.web.ogc.service.app import Service

                made.append(Service(server).application())
            return made[0]

    async def door(scope: Any, receive: Any, send: Any) -> None:
        inner = made[0] if made else await run_in_threadpool(application)
        await inner(scope, receive, send)

    _DOORS[server] = door
    return door


class _Inside(Response):
    """The answer of the services to a request for their landing page without a slash at the end."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._door({**scope, "path": f"{_PATH}/", "root_path": scope.get("root_path", "") + _PATH}, receive, send)


@routes.get(_PATH, access=ACCESS)
def landing(request: Request) -> Response:
    """Show the landing page."""
    return _Inside(_DOORS[server_of(request)])


MOUNTS: Final = {_PATH: (make, ACCESS)}
