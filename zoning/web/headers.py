"""What every answer says to browsers, and how much a request may bring, and how slowly."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from zoning.texts import Text
from zoning.web.refusals import Refused

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; worker-src 'self' blob:; form-action 'self'; frame-ancestors 'self'; "
    "base-uri 'none'"
)
DOCUMENT_POLICY: Final = (
    "sandbox allow-scripts allow-popups allow-downloads allow-modals; default-src 'none'; "
    "script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
    "connect-src data: blob:; worker-src blob:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
"""For maps and reports that were made as one file: their scripts run, but apart from the session and the server."""

_ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(self), camera=(self), microphone=()"),
)
_PIECE_S = 20.0
"""A client that sends nothing for so long is let go."""
_SLOWEST = 10_000
"""Bytes a second that a body has to come at, after the first `_PIECE_S` seconds."""


class Safety:
    """Middleware: headers on every answer, limits on every body."""

    def __init__(self, app: Any, *, most_bytes: int, is_secure: bool) -> None:
        self._app = app
        self._most = most_bytes
        self._is_secure = is_secure

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        limits = _Body(receive, self._most, too_long=not length.isdigit() or int(length) > self._most)
        await self._app(scope, limits.receive, self._with_headers(scope, send))

    def _with_headers(self, scope: Any, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                names = {name.lower() for name, _ in headers}
                headers += [pair for pair in _ALWAYS if pair[0] not in names]
                if b"content-security-policy" not in names:
                    headers.append((b"content-security-policy", PAGE_POLICY.encode()))
                if b"cache-control" not in names:
                    static = scope["path"].startswith("/static/")
                    headers.append((b"cache-control", b"public, max-age=3600" if static else b"no-store"))
                if self._is_secure:
                    headers.append((b"strict-transport-security", b"max-age=31536000"))
                message = {**message, "headers": headers}
            await send(message)

        return sending


class _Body:
    """The body of a request as it comes in: neither longer nor slower than allowed."""

    def __init__(self, receive: Receive, most: int, *, too_long: bool) -> None:
        self._receive = receive
        self._most = most
        self._too_long = too_long
        self._got = 0
        self._began: float | None = None

    async def receive(self) -> Message:
        """Return the next message of the client.

        Raises
        ------
        Refused
            413 or 408.
        """
        if self._too_long:
            raise _too_large(self._most)
        clock = asyncio.get_running_loop().time
        began = self._began = clock() if self._began is None else self._began
        try:
            message = await asyncio.wait_for(self._receive(), None if self._is_over else _PIECE_S)
        except TimeoutError:
            raise _too_slow() from None
        self._got += len(message.get("body", b""))
        self._is_over = not message.get("more_body", False)
        if self._got > self._most:
            raise _too_large(self._most)
        waited = clock() - began
        if not self._is_over and waited > _PIECE_S and self._got < _SLOWEST * waited:
            raise _too_slow()
        return message

    _is_over = False


def _too_large(most: int) -> Refused:
    size = f"{most / 1e6:,.0f} MB"
    return Refused(413, Text(f"内容超过上限 {size}，没有读取", f"more than the limit of {size}: it was not read"))


def _too_slow() -> Refused:
    return Refused(408, Text("上传太慢，已中止，没有保存", "the upload was too slow and was ended; nothing was kept"))
