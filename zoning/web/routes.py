"""Routes that say who may use them. What is not declared does not exist: `demand_declared` refuses to start.

Access is decided before a body is read, so that nobody can fill the disk without an account.
"""

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from zoning.texts import Text
from zoning.web.access import Access, Who
from zoning.web.refusals import Refused

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_SAFE = ("GET", "HEAD", "OPTIONS")
_DECLARED = "__zoning_access__"

F = TypeVar("F", bound=Callable[..., Any])
Identify = Callable[[Request], Who]
"""Tells who asks; `app.state.identify`."""


class GuardedRoute(APIRoute):
    """A route whose handler runs only for those whom its declaration admits."""

    def get_route_handler(self) -> Handler:
        """Return the handler behind the guard."""
        handler = super().get_route_handler()
        access: Access = getattr(self.endpoint, _DECLARED)

        async def guarded(request: Request) -> Response:
            who = await run_in_threadpool(request.app.state.identify, request)
            request.state.who = who
            if not access.admits(who):
                return _turned_away(request, who)
            if request.method not in _SAFE and who.is_signed_in and who.scopes is None:
                await demand_own_form(request, who)
            return await handler(request)

        return guarded


async def demand_own_form(request: Request, who: Who) -> None:
    """Refuse what another site made the browser send (CSRF): the origin is looked at first, then the session's mark.

    The mark comes in the header X-CSRF (scripts) or in the field `csrf` (forms).

    Raises
    ------
    Refused
        403.
    """
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    host = request.headers.get("host", "")
    foreign = site not in ("same-origin", "none") or (origin is not None and urlsplit(origin).netloc != host)
    mark: object = request.headers.get("x-csrf")
    if not foreign and mark is None and _is_form(request):
        mark = (await request.form(max_files=64, max_fields=2000)).get("csrf")
    if foreign or not isinstance(mark, str) or not _same(mark, who.csrf):
        raise Refused(403, Text("请求不是从本系统页面发出的，未执行；请刷新页面后重试",
                                "this request did not come from a page of this system and was not carried out: "
                                "reload the page and try again"))


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


def _turned_away(request: Request, who: Who) -> Response:
    if not who.is_signed_in and wants_page(request) and request.method == "GET":
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(target, safe='')}", 303)
    raise _refusal(who)


def _refusal(who: Who) -> Refused:
    if who.is_signed_in:
        return Refused(403, Text("您的角色不能使用此功能", "your role may not use this"))
    return Refused(401, Text("请先登录", "sign in first"))


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

    def any(
        self, path: str, methods: list[str], *, access: Access, **options: Any
    ) -> Callable[[F], F]:
        """Declare a route for several methods."""
        return self._add(path, methods, access, options)

    def _add(
        self, path: str, methods: list[str], access: Access, options: dict[str, Any]
    ) -> Callable[[F], F]:
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
        who = await run_in_threadpool(request.app.state.identify, request)
        scope.setdefault("state", {})["who"] = who
        if not access.admits(who):
            raise _refusal(who)
        if request.method not in _SAFE and who.is_signed_in and who.scopes is None:
            await demand_own_form(request, who)
        await app(scope, receive, send)

    return guard
