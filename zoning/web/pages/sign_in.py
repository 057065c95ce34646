"""Signing in and out."""

import time
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from zoning.texts import Text
from zoning.web.access import PUBLIC, signed_in
from zoning.web.accounts.accounts import Accounts
from zoning.web.accounts.identity import COOKIE, client_of, cookie_name
from zoning.web.accounts.passwords import fits
from zoning.web.accounts.rates import Attempts
from zoning.web.accounts.sessions import Sessions
from zoning.web.rendering import LANGUAGE_COOKIE, render
from zoning.web.routes import Routes
from zoning.web.server import server_of

routes = Routes()
_ATTEMPTS = Attempts(time.monotonic)
_WRONG = Text("账号或密码不对", "account or password is wrong")


@routes.get("/sign-in", access=PUBLIC)
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Show the form."""
    return _page(request, next)


@routes.post("/sign-in", access=PUBLIC)
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=80)] = "",
    password: Annotated[str, Form(max_length=400)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002
) -> Response:
    """Begin a session; a session that the browser had is ended."""
    server = server_of(request)
    keys = f"account:{name}", f"client:{client_of(request)}"
    wait = _ATTEMPTS.wait_s(*keys)
    if wait > 0:
        text = Text(
            f"尝试次数过多，请 {wait:.0f} 秒后再试", f"too many attempts: try again in {wait:.0f} seconds"
        )
        return _page(request, next, text, 429, {"Retry-After": f"{wait:.0f}"})
    if not fits(Accounts(server.store.database).password_of(name), password):
        _ATTEMPTS.failed(*keys)
        return _page(request, next, _WRONG, 401)
    _ATTEMPTS.succeeded(*keys)
    sessions = sessions_of(request)
    if (before := request.cookies.get(cookie_name(server.settings), "")):
        sessions.end(before)
    answer = RedirectResponse(own_path(next), 303)
    answer.set_cookie(
        cookie_name(server.settings),
        sessions.begin(name, server.now()),
        httponly=True,
        samesite="lax",
        secure=server.settings.is_secure,
        path="/",
    )
    return answer


@routes.post("/sign-out", access=signed_in())
def sign_out(request: Request) -> Response:
    """End the session."""
    server = server_of(request)
    sessions_of(request).end(request.cookies.get(cookie_name(server.settings), ""))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(cookie_name(server.settings), path="/")
    return answer


@routes.post("/language", access=PUBLIC)
def choose_language(
    request: Request,
    lang: Annotated[str, Form()] = "zh",
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002
) -> Response:
    """Remember the language of this browser."""
    answer = RedirectResponse(own_path(next), 303)
    secure = server_of(request).settings.is_secure
    answer.set_cookie(LANGUAGE_COOKIE, "en" if lang == "en" else "zh", max_age=31_536_000, samesite="lax", secure=secure)
    return answer


def sessions_of(request: Request) -> Sessions:
    """Return the sessions of the server."""
    server = server_of(request)
    return Sessions(server.store.database, hours=server.settings.session_hours)


def own_path(target: str) -> str:
    """Return a path of this server; never an address elsewhere (`//host`, `https:`, a backslash)."""
    parts = urlsplit(target)
    is_own = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith("//")
    return target if is_own and "\\" not in target and target.isprintable() else "/"


def _page(
    request: Request, target: str, problem: Text | None = None, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    has_oidc = server_of(request).settings.oidc is not None
    return render(
        request, "sign-in.html.j2", status=status, headers=headers, next=own_path(target), problem=problem, oidc=has_oidc
    )


_ = COOKIE
