"""Signing in and out."""

from math import ceil
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from zoning.texts import Text
from zoning.web.access import PUBLIC, signed_in
from zoning.web.accounts.accounts import Accounts
from zoning.web.accounts.devices import device_mark, known_device, secret_of
from zoning.web.accounts.identity import DEVICE_COOKIE, client_of, cookie_name, sessions_of
from zoning.web.accounts.passwords import fits
from zoning.web.accounts.rates import keys_of
from zoning.web.rendering import LANGUAGE_COOKIE, render
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of

routes = Routes()
_WRONG = Text("账号或密码不对", "account or password is wrong")
_DEVICE_S = 180 * 86_400


@routes.get("/sign-in", access=PUBLIC)
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Show the form."""
    return sign_in_form(request, next)


@routes.post("/sign-in", access=PUBLIC)
async def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=80)] = "",
    password: Annotated[str, Form(max_length=400)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002 - the name in the form
) -> Response:
    """Begin a session; a session that the browser had is ended."""
    server = server_of(request)
    attempts, name = server.guards.attempts, name.strip()
    keys = keys_of(name, client_of(request), await run_in_threadpool(_device, request, name))
    wait = attempts.begin(keys)
    if wait > 0:
        seconds = str(ceil(wait))
        text = Text(f"尝试次数过多，请 {seconds} 秒后再试", f"too many attempts: try again in {seconds} seconds")
        return await run_in_threadpool(sign_in_form, request, next, text, 429, {"Retry-After": seconds})
    kept = await run_in_threadpool(Accounts(server.store.database).password_of, name)
    if not await server.guards.verifier.run(lambda: fits(kept, password)):
        return await run_in_threadpool(sign_in_form, request, next, _WRONG, 401)
    attempts.succeeded(keys)
    return await run_in_threadpool(begin_session, request, name, next)


def begin_session(request: Request, name: str, target: str) -> Response:
    """Begin a session of an account whose owner has shown who he is, and go where he wanted to."""
    server = server_of(request)
    before = request.cookies.get(cookie_name(server.settings), "")
    cookie = sessions_of(request).begin(name, server.now(), instead_of=before)
    answer = RedirectResponse(own_path(target), 303)
    _set(answer, server, cookie_name(server.settings), cookie)
    mark = device_mark(_secret(server), name)
    _set(answer, server, cookie_name(server.settings, DEVICE_COOKIE), mark, max_age=_DEVICE_S)
    return answer


@routes.post("/sign-out", access=signed_in())
def sign_out(request: Request) -> Response:
    """End the session."""
    server = server_of(request)
    sessions_of(request).end(request.cookies.get(cookie_name(server.settings), ""))
    answer = RedirectResponse("/sign-in", 303, {"Clear-Site-Data": '"cache"'})
    answer.delete_cookie(cookie_name(server.settings), path="/", secure=server.settings.is_secure, httponly=True)
    return answer


@routes.post("/language", access=PUBLIC)
def choose_language(
    request: Request,
    lang: Annotated[str, Form()] = "zh",
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002 - the name in the form
) -> Response:
    """Remember the language of this browser."""
    answer = RedirectResponse(own_path(next), 303)
    remember_language(request, answer, lang)
    return answer


def remember_language(request: Request, answer: Response, lang: str) -> None:
    """Let this browser be spoken to in a language."""
    secure = server_of(request).settings.is_secure
    chosen = "en" if lang == "en" else "zh"
    answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=31_536_000, samesite="lax", secure=secure, httponly=True)


def own_path(target: str) -> str:
    """Return a path of this server; never an address elsewhere (`//host`, `https:`, a backslash), never a loop."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    is_own = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith("//")
    if not is_own or "\\" in target or not target.isprintable() or parts.path in ("/sign-in", "/sign-out"):
        return "/"
    return target


def sign_in_form(
    request: Request,
    target: str,
    problem: Text | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return the sign-in page; before there is an account, it says how the first one is made."""
    server = server_of(request)
    is_new = Accounts(server.store.database).is_empty()
    values = {"next": own_path(target), "problem": problem, "oidc": server.settings.oidc, "is_new": is_new}
    return render(request, "sign-in.html.j2", status=status, headers=headers, **values)


def _device(request: Request, name: str) -> str:
    server = server_of(request)
    mark = request.cookies.get(cookie_name(server.settings, DEVICE_COOKIE), "")
    return known_device(_secret(server), name, mark) if mark else ""


def _secret(server: Server) -> bytes:
    return secret_of(server.folder("keys"), "device")


def _set(answer: Response, server: Server, name: str, value: str, max_age: int | None = None) -> None:
    secure = server.settings.is_secure
    answer.set_cookie(name, value, max_age=max_age, httponly=True, samesite="lax", secure=secure, path="/")
