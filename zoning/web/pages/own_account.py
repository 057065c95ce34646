"""One's own account: password, language, where one is signed in, tokens for programs."""

from math import ceil
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from zoning.errors import UsageError, ZoningError
from zoning.registers.canonical import moment
from zoning.texts import Text
from zoning.web.access import SCOPE_WORDS, signed_in
from zoning.web.accounts.accounts import Accounts
from zoning.web.accounts.identity import client_of, cookie_name, sessions_of
from zoning.web.accounts.passwords import SHORTEST, fits
from zoning.web.accounts.rates import keys_of
from zoning.web.accounts.tokens import Tokens
from zoning.web.pages.sign_in import begin_session, remember_language
from zoning.web.refusals import Refused, not_found
from zoning.web.rendering import render
from zoning.web.routes import Routes
from zoning.web.server import server_of, who_of

routes = Routes()
_DAYS = (30, 90, 180, 366)
_DONE = {
    "password": Text("密码已更改，其他会话已结束", "the password was changed; your other sessions ended"),
    "language": Text("语言已保存", "the language was saved"),
    "sessions": Text("会话已结束", "ended"),
    "token": Text(
        "令牌已撤销，使用它的程序不能再连接", "the token was revoked: programs with it cannot connect any more"
    ),
}


@routes.get("/account", access=signed_in())
def own_page(request: Request, done: str = "") -> Response:
    """Show one's own account."""
    return _page(request, done=done)


@routes.post("/account/password", access=signed_in())
async def change_password(
    request: Request,
    old: Annotated[str, Form(max_length=400)] = "",
    new: Annotated[str, Form(max_length=400)] = "",
    again: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Change the own password: all sessions end, and this browser gets a new one.

    Raises
    ------
    Refused
        429 after too many attempts; what else is refused stands on the page.
    ContentError
        When the register does not answer.
    """
    server, who = server_of(request), who_of(request)
    accounts = Accounts(server.store.database)
    keys = keys_of(who.name, client_of(request), f"own:{who.name}")
    wait = server.guards.attempts.begin(keys)
    if wait > 0:
        seconds = str(ceil(wait))
        text = Text(f"尝试次数过多，请 {seconds} 秒后再试", f"too many attempts: try again in {seconds} seconds")
        raise Refused(429, text, {"Retry-After": seconds})
    kept = await run_in_threadpool(accounts.password_of, who.name)
    try:
        if not await server.guards.verifier.run(lambda: fits(kept, old)):
            raise UsageError("现在的密码不对", "your present password is another one")
        server.guards.attempts.succeeded(keys)
        if new != again:
            raise UsageError("两次输入的新密码不一致", "the new password was typed differently the second time")
        await server.guards.verifier.run(lambda: accounts.change(who.name, password=new, stamp=server.stamp(who)))
    except ZoningError as error:
        return await run_in_threadpool(_page, request, problem=error.text, status=error.http_status)
    return await run_in_threadpool(begin_session, request, who.name, "/account?done=password")


@routes.post("/account/language", access=signed_in())
def change_language(request: Request, lang: Annotated[str, Form()] = "zh") -> Response:
    """Remember the language with the account."""
    server, who = server_of(request), who_of(request)
    chosen = "en" if lang == "en" else "zh"
    Accounts(server.store.database).change(who.name, language=chosen, stamp=server.stamp(who))
    answer = RedirectResponse("/account?done=language", 303)
    remember_language(request, answer, chosen)
    return answer


@routes.post("/account/sessions", access=signed_in())
def end_sessions(request: Request, session: Annotated[str, Form(max_length=80)] = "") -> Response:
    """End one session, or all but this one."""
    cookie = request.cookies.get(cookie_name(server_of(request).settings), "")
    sessions_of(request).end_of(who_of(request).name, session, but=cookie)
    return RedirectResponse("/account?done=sessions", 303)


@routes.post("/account/tokens", access=signed_in())
def make_token(
    request: Request,
    title: Annotated[str, Form(max_length=200)] = "",
    scope: Annotated[list[str] | None, Form()] = None,
    days: Annotated[int, Form()] = 90,
) -> Response:
    """Make a token and show it, this once."""
    server, who = server_of(request), who_of(request)
    try:
        secret = Tokens(server.store.database).create(
            who.name, title=title, scopes=scope or [], days=days, stamp=server.stamp(who)
        )
    except ZoningError as error:
        return _page(request, problem=error.text, status=error.http_status, title=title, chosen=scope)
    return _page(request, secret=secret)


@routes.post("/account/tokens/{token}/revoke", access=signed_in())
def revoke_token(request: Request, token: str) -> Response:
    """End one of the own tokens."""
    server, who = server_of(request), who_of(request)
    if not Tokens(server.store.database).revoke(who.name, token, server.stamp(who)):
        raise not_found("没有这个有效令牌", "there is no such valid token")
    return RedirectResponse("/account?done=token", 303)


def _page(
    request: Request,
    *,
    problem: Text | None = None,
    status: int = 200,
    done: str = "",
    secret: str = "",
    title: str = "",
    chosen: list[str] | None = None,
) -> Response:
    server, who = server_of(request), who_of(request)
    cookie = request.cookies.get(cookie_name(server.settings), "")
    return render(
        request,
        "account.html.j2",
        status=status,
        account=Accounts(server.store.database).get(who.name),
        sessions=sessions_of(request).of(who.name, server.now(), cookie),
        tokens=Tokens(server.store.database).of(who.name),
        now=moment(server.now()),
        scopes=SCOPE_WORDS,
        days=_DAYS,
        shortest=SHORTEST,
        problem=problem,
        done=_DONE.get(done),
        secret=secret,
        title=title,
        chosen=chosen or [],
    )
