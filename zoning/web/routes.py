"""Routes that say who may use them. What is not declared does not exist: `demand_declared` refuses to start.

Access is decided before a body is read, so that nobody can fill the disk without an account.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Mount

from zoning.errors import ZoningError
from zoning.registers.failures import RegisterFailedError
from zoning.texts import Text
from zoning.web.access import NOBODY, Access, Who
from zoning.web.headers import BODY, Body
from zoning.web.refusals import Refused, fault_answer

if TYPE_CHECKING:
    from zoning.web.server import Server

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_SAFE = ("GET", "HEAD", "OPTIONS")
_DECLARED = "__zoning_access__"
_SMALL = 65_536
"""What everybody may send, also without an account: a sign-in form."""
_MOST_FILES = 64
_MOST_FIELDS = 2000
_LONGEST_FIELD = 8 << 20
"""Of a form, bytes: coordinates that were pasted or drawn."""
_IDENTIFIERS = ThreadPoolExecutor(8, "zoning-identify")
F = TypeVar("F", bound=Callable[..., Any])


class GuardedRoute(APIRoute):
    """A route whose handler runs only for those whom its declaration admits."""

    def get_route_handler(self) -> Handler:
        """Return the handler behind the guard."""
        handler = super().get_route_handler()
        access: Access = getattr(self.endpoint, _DECLARED)

        async def guarded(request: Request) -> Response:
            request.scope.get("zoning.seen", {})["route"] = self.path
            try:
                who = await _asking(request, access)
                request.state.who = who
                if not access.admits(who):
                    return _turned_away(request, who, access)
                async with limited_body(request, who):
                    await _demand_own(request, who)
                    return await handler(request)
            except (HTTPException, ZoningError, RequestValidationError):
                raise
            except ClientDisconnect:
                return Response(status_code=400)
            except Exception as error:  # noqa: BLE001 - shown and logged as a fault of the program
                return fault_answer(request, error)
            finally:
                await request.close()  # files of a form that no handler took

        return guarded


async def _asking(request: Request, access: Access) -> Who:
    """Return who asks; nobody, where the register does not answer and the page is for everybody."""
    try:
        return await _identified(request)
    except RegisterFailedError:
        if access.is_public and request.method in _SAFE:
            return NOBODY
        raise


async def _identified(request: Request) -> Who:
    # Threads of their own: those that answer pages may all be waiting for checks.
    return await asyncio.get_running_loop().run_in_executor(_IDENTIFIERS, request.app.state.identify, request)


async def _demand_own(request: Request, who: Who) -> None:
    """Refuse what another site made a browser send; also the sign-in form, where nobody is signed in yet."""
    if request.method in _SAFE or who.scopes is not None:
        return
    if who.is_signed_in:
        await demand_own_form(request, who)
    elif is_foreign(request):
        raise _foreign()
    elif _is_form(request):
        await _read_form(request)


async def demand_own_form(request: Request, who: Who) -> None:
    """Refuse what another site made the browser send (CSRF): the origin is looked at first, then the session's mark.

    The mark comes in the header X-CSRF (scripts) or in the field `csrf` (forms).

    Raises
    ------
    Refused
        403.
    """
    if is_foreign(request):
        raise _foreign()
    mark: object = request.headers.get("x-csrf")
    if _is_form(request):
        form = await _read_form(request)
        mark = form.get("csrf") if mark is None else mark
    if not isinstance(mark, str) or not _same(mark, who.csrf):
        raise _foreign()


def is_foreign(request: Request) -> bool:
    """Tell whether a browser says that another site sent the request; programs say nothing of it."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    told = request.headers.get("origin") or request.headers.get("referer")
    if told is None:
        return False
    own = {request.headers.get("host", "").lower(), urlsplit(_public_url(request)).netloc.lower()} - {""}
    try:
        return urlsplit(told).netloc.lower() not in own
    except ValueError:
        return True


def _foreign() -> Refused:
    text = Text(
        "请求不是从本系统页面发出的，未执行；请刷新页面后重试",
        "this request did not come from a page of this system and was not carried out: reload the page and try again",
    )
    return Refused(403, text)


def _public_url(request: Request) -> str:
    from zoning.web.server import server_of

    return server_of(request).settings.public_url


async def _read_form(request: Request) -> FormData:
    """Read a form once, with limits of our own; the handler gets the same one."""
    return await request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_FIELD)


@asynccontextmanager
async def limited_body(request: Request, who: Who) -> AsyncIterator[None]:
    """Let a request bring only as much as it may: little without an account, no more than is left of the day's share.

    What was received is counted, whatever becomes of it.
    """
    body: Body | None = request.scope.get(BODY)
    if body is None or request.method in _SAFE:
        yield
        return
    from zoning.web.server import server_of

    server = server_of(request)
    quotas = server.settings.quotas
    if not who.is_signed_in:
        body.at_most(_SMALL)
        yield
        return
    if not request.headers.get("content-type", "").startswith("multipart/"):
        body.at_most(quotas.body_bytes)
    if body.declared is None or body.declared > _SMALL:
        left = max(0, quotas.day_bytes - await run_in_threadpool(_used, server, who))
        body.at_most(max(left, _SMALL), _day_is_full(quotas.day_bytes, left))
    try:
        yield
    finally:
        server.guards.volumes.add(who.name, body.got)


def _used(server: "Server", who: Who) -> int:
    from zoning.web.accounts.volumes import handed_in

    day, settings = server.today(), server.settings
    return server.guards.volumes.used(
        who.name, day, lambda: handed_in(server.store.database, settings.files, who.name, day)
    )


def _day_is_full(most: int, left: int) -> Text:
    limit, rest = f"{most / 1e6:,g} MB", f"{left / 1e6:,.1f} MB"
    zh = f"今日上传量上限 {limit}，还剩 {rest}，此文件超出，没有读取；请明天再传，或请管理员提高上限"
    en = (
        f"the limit of a day is {limit} and {rest} of it are left: this was not read. Upload it tomorrow, or ask for a "
        "higher limit"
    )
    return Text(zh, en)


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "")
    return kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded"))


def _same(one: str, other: str) -> bool:
    from hmac import compare_digest

    return bool(other) and compare_digest(one.encode(), other.encode())


def wants_page(request: Request) -> bool:
    """Tell whether a person looks at the answer: not on the interfaces of programs."""
    if request.url.path.startswith(("/api/", "/ogc")):
        return False
    return "text/html" in request.headers.get("accept", "text/html")


def _turned_away(request: Request, who: Who, access: Access) -> Response:
    is_program = "authorization" in request.headers
    if not who.is_signed_in and not is_program and wants_page(request) and request.method == "GET":
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(target, safe='')}", 303)
    raise _refusal(request, who, access)


def _refusal(request: Request, who: Who, access: Access) -> Refused:
    if not who.is_signed_in:
        if "authorization" in request.headers:
            text = Text("令牌无效、已过期或已撤销", "the token is unknown, has expired or was revoked")
        else:
            text = Text("请先登录", "sign in first")
        return Refused(401, text, {"WWW-Authenticate": "Bearer"})
    if who.scopes is not None and access.scope is None:
        return Refused(403, Text("令牌不能用于网页，请登录后使用", "tokens do not open pages: sign in"))
    if who.scopes is not None and access.scope not in who.scopes:
        scope = access.scope
        return Refused(403, Text(f"令牌缺少权限范围 {scope}", f"the token lacks the scope {scope}"))
    return Refused(403, Text("您的角色不能使用此功能", "your role may not use this"))


class Routes:
    """Collects routes of one part of the workbench; each names its access."""

    def __init__(self, *, prefix: str = "", tags: Iterable[str] = (), in_schema: bool = False) -> None:
        self._prefix = prefix
        self._tags = list(tags)
        self._in_schema = in_schema
        self._all: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []

    def install(self, app: FastAPI) -> None:
        """Add the routes to an application."""
        for path, endpoint, options in self._all:
            app.router.add_api_route(path, endpoint, route_class_override=GuardedRoute, **options)

    def get(self, path: str, *, access: Access, **options: Any) -> Callable[[F], F]:
        """Declare a page or resource."""
        return self._add(path, ["GET"], access, options)

    def post(self, path: str, *, access: Access, **options: Any) -> Callable[[F], F]:
        """Declare something that changes."""
        return self._add(path, ["POST"], access, options)

    def any(self, path: str, methods: list[str], *, access: Access, **options: Any) -> Callable[[F], F]:
        """Declare a route for several methods."""
        return self._add(path, methods, access, options)

    def _add(self, path: str, methods: list[str], access: Access, options: dict[str, Any]) -> Callable[[F], F]:
        def declare(endpoint: F) -> F:
            setattr(endpoint, _DECLARED, access)
            given = {"include_in_schema": self._in_schema, "response_class": HTMLResponse, **options}
            if self._in_schema and "response_class" not in options:
                del given["response_class"]
            if not self._in_schema:
                given.setdefault("response_model", None)
            self._all.append((self._prefix + path, endpoint, {"methods": methods, "tags": self._tags or None, **given}))
            return endpoint

        return declare


def declared(app: FastAPI) -> dict[tuple[str, str], Access]:
    """Return the access of every route by method and path.

    Raises
    ------
    RuntimeError
        When a route declares none.
    """
    found: dict[tuple[str, str], Access] = {}
    mounts: dict[str, Access] = app.state.mounts
    for route in app.routes:
        for method in _methods(route):
            if isinstance(route, Mount):
                access = mounts.get(route.path)
            else:
                access = getattr(getattr(route, "endpoint", None), _DECLARED, None)
            if access is None:
                raise RuntimeError(getattr(route, "path", repr(route)))
            found[method, getattr(route, "path", "")] = access
    return found


def _methods(route: BaseRoute) -> list[str]:
    return sorted(getattr(route, "methods", None) or ["GET"])


def guarded_mount(app: Any, access: Access) -> Callable[..., Awaitable[None]]:
    """Return an ASGI application that admits only those whom the access names; for applications of others."""

    async def guard(scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        who = await _identified(request)
        scope.setdefault("state", {})["who"] = who
        if not access.admits(who):
            raise _refusal(request, who, access)
        async with limited_body(request, who):
            by_browser = request.method not in _SAFE and who.scopes is None and who.is_signed_in
            # The body is for the application: the mark comes in the header.
            if by_browser and (is_foreign(request) or not _same(request.headers.get("x-csrf", ""), who.csrf)):
                raise _foreign()
            await app(scope, receive, send)

    return guard
