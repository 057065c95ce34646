"""Whether the server lives, whether it can work, and its figures."""

import shutil

from fastapi import Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy import select

from zoning.errors import ZoningError
from zoning.registers.schema import Chain
from zoning.version import __version__
from zoning.web.access import PUBLIC, only
from zoning.web.operation.metrics import metrics_of
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of

routes = Routes()
LEAST_FREE_BYTES = 200_000_000
"""With less room on the disk no file of a person is taken any more."""


@routes.get("/health", access=PUBLIC)
def health() -> Response:
    """Answer: the process lives. For supervisors that start it again."""
    return JSONResponse({"status": "ok", "version": __version__})


@routes.get("/ready", access=PUBLIC)
def ready(request: Request) -> Response:
    """Answer whether work can be done: 503 when the register cannot be read, or the disk is full.

    Says which part, not why: the address is open to everybody.
    """
    found = state_of(server_of(request))
    return JSONResponse({name: "ok" if good else "failing" for name, good in found.items()}, _status(found))


@routes.get("/metrics", access=only("admin", scope="metrics"))
def figures(request: Request) -> Response:
    """Return the figures in the text format of Prometheus."""
    text = metrics_of(server_of(request)).text()
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def state_of(server: Server) -> dict[str, bool]:
    """Return what works: register, room on the disk."""
    try:
        with server.store.database.reading() as connection:
            connection.execute(select(Chain.events)).scalar_one()
        register = True
    except ZoningError:
        register = False
    try:
        room = shutil.disk_usage(server.folder("")).free >= LEAST_FREE_BYTES
    except OSError:
        room = False
    return {"register": register, "disk": room}


def _status(found: dict[str, bool]) -> int:
    return 200 if all(found.values()) else 503
