"""What every answer says to browsers, and how much a request may bring, and how slowly."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import Request

from zoning.texts import Text
from zoning.web.refusals import Refused, fault_answer, refusal_answer, words_of_status

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
BODY: Final = "zoning.body"
"""Where a scope holds its `Body`."""
_MB = 1_000_000
_HEAD_BYTES = 32 << 10
_MOST_HEADERS = 200
_PIECE_S = 20.0
"""A client that sends nothing for so long is let go."""
_SLOWEST = 10_000
"""Bytes a second that a body has to come at, after the first `_PIECE_S` seconds."""


class Safety:
    """Middleware: headers on every answer, also of faults; limits on every body; foreign names of this host refused."""

    def __init__(self, app: Any, *, most_bytes: int, is_secure: bool) -> None:
        self._app = app
        self._most = most_bytes
        self._is_secure = is_secure

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sending = self._with_headers(scope, send)
        body = scope[BODY] = Body(receive, self._most, _declared(scope))
        if (refused := _too_long_head(scope) or _foreign_host(scope)) is not None:
            await refusal_answer(Request(scope), refused)(scope, body.receive, sending)
            return
        has_begun = False

        async def noticing(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await sending(message)

        try:
            await self._app(scope, body.receive, noticing)
        except Exception as error:
            if has_begun:
                raise
            await fault_answer(Request(scope), error)(scope, body.receive, sending)

    def _with_headers(self, scope: Any, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = _safe(list(message.get("headers", ())), is_static=scope["path"].startswith("/static/"))
                if self._is_secure:
                    headers.append((b"strict-transport-security", b"max-age=31536000"))
                message = {**message, "headers": headers}
            await send(message)

        return sending


def _safe(headers: list[tuple[bytes, bytes]], *, is_static: bool) -> list[tuple[bytes, bytes]]:
    """Return headers with those that every answer has; what an answer says itself stays."""
    names = {name.lower() for name, _ in headers}
    cached = b"public, max-age=3600" if is_static else b"no-store"
    usual = (*_ALWAYS, (b"content-security-policy", PAGE_POLICY.encode()), (b"cache-control", cached))
    return headers + [pair for pair in usual if pair[0] not in names]


def bare_answer(status: int) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return headers and text of a refusal that never reaches the application: what is no HTTP, too many at once."""
    text = words_of_status(status)
    body = f"{text.zh}\n{text.en}\n".encode()
    told = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    return _safe([*told, (b"connection", b"close")], is_static=False), body


async def crowded(scope: Any, receive: Receive, send: Send) -> None:
    """Stand for the application while too many are connected."""
    del scope, receive
    headers, body = bare_answer(503)
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _declared(scope: Any) -> int | None:
    """Return the length that a request says its body has; None where it comes in pieces."""
    told = dict(scope["headers"])
    if b"content-length" in told and told[b"content-length"].isdigit():
        return int(told[b"content-length"])
    return None if b"transfer-encoding" in told else 0


def _too_long_head(scope: Any) -> Refused | None:
    """Refuse a head that no browser sends: the HTTP library lets one through that comes in a single piece."""
    size = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    size += sum(len(name) + len(value) for name, value in scope["headers"])
    if size <= _HEAD_BYTES and len(scope["headers"]) <= _MOST_HEADERS:
        return None
    return Refused(431, Text("请求头过长", "the head of the request is too long"), {"Connection": "close"})


def _foreign_host(scope: Any) -> Refused | None:
    """Refuse a name that is not ours, where ours is known: pages of others must not reach us under theirs.

    Addresses in figures and `localhost` are always ours: no other name can be made to point at us by them.
    """
    public = scope["app"].state.server.settings.public_url
    if not public:
        return None
    told = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
    try:
        name = urlsplit(f"//{told}").hostname or ""
    except ValueError:
        name = ""
    if name in (urlsplit(public).hostname, "localhost") or _is_address(name):
        return None
    text = Text(f"请用 {public} 访问", f"this server is reached as {public}")
    return Refused(400, text)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


class Body:
    """The body of a request as it comes in: neither longer nor slower than allowed.

    Attributes
    ----------
    declared
        Bytes that the client said it would send; None where it did not say.
    got
        Bytes that came.
    """

    def __init__(self, receive: Receive, most: int, declared: int | None) -> None:
        self._receive = receive
        self._most = most
        self._why: Text | None = None
        self.declared = declared
        self.got = 0
        self._began: float | None = None
        self._is_over = False

    def at_most(self, most: int, why: Text | None = None) -> None:
        """Allow no more than this, if it is less than what is allowed already; `why` is said where it is more."""
        if most < self._most:
            self._most, self._why = most, why

    async def receive(self) -> Message:
        """Return the next message of the client.

        Raises
        ------
        Refused
            413 or 408.
        """
        if self.declared is not None and self.declared > self._most:
            raise self._too_large()
        clock = asyncio.get_running_loop().time
        began = self._began = clock() if self._began is None else self._began
        try:
            message = await asyncio.wait_for(self._receive(), None if self._is_over else _PIECE_S)
        except TimeoutError:
            raise _too_slow() from None
        self.got += len(message.get("body", b""))
        self._is_over = not message.get("more_body", False)
        if self.got > self._most:
            raise self._too_large()
        waited = clock() - began
        if not self._is_over and waited > _PIECE_S and self.got < _SLOWEST * waited:
            raise _too_slow()
        return message

    def _too_large(self) -> Refused:
        size = f"{self._most / 1e6:,.0f} MB" if self._most >= _MB else f"{self._most / 1e3:,.0f} kB"
        text = Text(f"内容超过上限 {size}，没有读取", f"more than the limit of {size}: it was not read")
        # What still comes is not waited for.
        return Refused(413, self._why or text, {"Connection": "close"})


def _too_slow() -> Refused:
    text = Text("上传太慢，已中止，没有保存", "the upload was too slow and was ended; nothing was kept")
    return Refused(408, text, {"Connection": "close"})
