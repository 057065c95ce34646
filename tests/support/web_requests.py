"""Requests as routes get them, without a server that listens: what was sent, in a scope of ASGI."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from fastapi import Request

from zoning.web.access import NOBODY, Who


def scope_of(
    method: str = "GET",
    path: str = "/",
    headers: Mapping[str, str] | None = None,
    *,
    server: Any = None,
    query: str = "",
    client: tuple[str, int] | None = ("10.0.0.7", 1),
) -> dict[str, Any]:
    """Return the scope of a request; the host is `zoning.example` and JSON is asked for unless headers say other."""
    told = {"host": "zoning.example", "accept": "application/json", **(headers or {})}
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in told.items()],
        "client": client,
        "server": ("zoning.example", 80),
        "scheme": "http",
        "app": SimpleNamespace(state=SimpleNamespace(server=server)),
        "state": {},
    }


def request_of(
    method: str = "GET",
    path: str = "/",
    headers: Mapping[str, str] | None = None,
    *,
    body: bytes = b"",
    who: Who = NOBODY,
    **more: Any,
) -> Request:
    """Return a request with its body; `more` are those of `scope_of`."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    request = Request(scope_of(method, path, headers, **more), receive)
    request.state.who = who
    return request
