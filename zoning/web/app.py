"""Puts the workbench together: every module below `pages`, `api`, `ogc` and `operation` brings its own part.

A part is a module with some of these names: `routes` (`Routes`); `NAVIGATION` (entries of the menu); `MOUNTS` (path ->
application of others and its access, made for a server); `BACKGROUND` (called with the server when it starts; returns
what ends it); `MIDDLEWARE` (classes around everything, made with the application and the server).
"""

import pkgutil
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from zoning.version import __version__
from zoning.web.access import PUBLIC, Access
from zoning.web.accounts.identity import identify
from zoning.web.headers import Safety
from zoning.web.navigation import Entry
from zoning.web.refusals import add_refusals
from zoning.web.routes import declared, guarded_mount
from zoning.web.server import Server

STATIC = Path(__file__).parent / "static"
_PACKAGES: Final = ("pages", "api", "ogc", "operation")


@cache
def parts() -> tuple[ModuleType, ...]:
    """Return all parts in the order of their names."""
    found = []
    for package in _PACKAGES:
        home = import_module(f"zoning.web.{package}")
        names = sorted(one.name for one in pkgutil.iter_modules(home.__path__))
        found += [import_module(f"{home.__name__}.{name}") for name in names]
    return tuple(found)


@asynccontextmanager
async def _life(server: Server) -> AsyncIterator[None]:
    """Begin what goes on in the background; end all of it."""
    with ExitStack() as ends:
        ends.callback(server.store.close)
        ends.callback(server.pool.close)
        for part in parts():
            for begin in getattr(part, "BACKGROUND", ()):
                ends.callback(begin(server))
        yield


def create_app(server: Server) -> FastAPI:
    """Return the application.

    Raises
    ------
    RuntimeError
        When a route does not say who may use it.
    """
    # FastAPI's own pages load scripts from elsewhere.
    app = FastAPI(
        title="zoning",
        version=__version__,
        lifespan=lambda _: _life(server),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.server = server
    app.state.identify = identify
    mounts: dict[str, Access] = {"/static": PUBLIC}
    app.state.mounts = mounts
    entries: list[Entry] = []
    app.state.navigation = entries
    add_refusals(app)
    for part in parts():
        if (routes := getattr(part, "routes", None)) is not None:
            routes.install(app)
        entries.extend(getattr(part, "NAVIGATION", ()))
        for path, (make, access) in getattr(part, "MOUNTS", {}).items():
            app.mount(path, guarded_mount(make(server), access))
            mounts[path] = access
    entries.sort(key=lambda entry: entry.place)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for part in parts():
        for layer in getattr(part, "MIDDLEWARE", ()):
            app.add_middleware(layer, server=server)
    app.add_middleware(Safety, most_bytes=server.settings.quotas.upload_bytes, is_secure=server.settings.is_secure)
    declared(app)
    return app
