"""Counts and logs every request: what was asked by route, never by whom, with which file or which words."""

import json
import logging
import sys
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from zoning.web.operation.metrics import metrics_of
from zoning.web.server import Server

Message = MutableMapping[str, Any]

_LOG = logging.getLogger("zoning.web.requests")
_PACKAGE = Path(__file__).resolve().parents[3]
_KEPT = ("event", "id", "method", "route", "status", "ms", "bytes", "fault", "job", "kind", "state", "seconds")
"""Fields that a line may have besides time, level and module: none of them holds what people wrote."""


class Watching:
    """Middleware: one line of the log and one count for each request; the answer names its id (X-Request-ID)."""

    def __init__(self, app: Any, *, server: Server) -> None:
        self._app = app
        self._metrics = metrics_of(server)

    async def __call__(
        self,
        scope: Any,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number, began = uuid.uuid4().hex[:12], time.perf_counter()
        # Who handles the request writes its route into it: the path itself may hold anything.
        seen: dict[str, Any] = {"status": 500, "bytes": 0, "route": _mounted(scope)}
        scope["zoning.seen"] = seen

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), (b"x-request-id", number.encode())]}
            else:
                seen["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            seconds = time.perf_counter() - began
            self._metrics.request(scope["method"], seen["route"], seen["status"], seconds)
            told = {"event": "request", "id": number, "method": scope["method"], **seen}
            _LOG.info("request", extra={**told, "ms": round(seconds * 1000, 1)})


def _mounted(scope: Any) -> str:
    """Return the mount that answered, or nothing: paths that nobody declared may hold anything."""
    for prefix in ("/static", "/ogc"):
        if scope["path"].startswith(prefix):
            return prefix
    return "-"


class JsonLines(logging.Formatter):
    """One JSON object a line, with the fields of `_KEPT` only.

    Of an error the line holds its class and the places in the program that it came through, not its words: they may
    quote what people wrote.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return a line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"time": at, "level": record.levelname.lower(), "module": record.name}
        told |= {name: getattr(record, name) for name in _KEPT if hasattr(record, name)}
        if "event" not in told:
            told["event"] = record.msg if isinstance(record.msg, str) and not record.args else record.name
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
            told["places"] = [_place(frame) for frame in traceback.extract_tb(record.exc_info[2])]
        return json.dumps(told, ensure_ascii=False)


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    name = path.relative_to(_PACKAGE).as_posix() if path.is_relative_to(_PACKAGE) else path.name
    return f"{name}:{frame.lineno} {frame.name}"


def log_to_stderr(level: int = logging.INFO) -> None:
    """Write the log of the server to stderr, where systemd and containers pick it up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("zoning", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level if name == "zoning" else max(level, logging.WARNING))


MIDDLEWARE = (Watching,)
