"""The accounts of the office, for administrators: list, make, change, switch off, reset a password."""

from typing import Annotated, Any

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from zoning.errors import ZoningError
from zoning.texts import Text
from zoning.web.access import SCOPE_WORDS, only
from zoning.web.accounts.accounts import Account, Accounts, ChangedMeanwhileError
from zoning.web.accounts.identity import sessions_of
from zoning.web.accounts.passwords import SHORTEST
from zoning.web.accounts.tokens import Tokens
from zoning.web.navigation import Entry
from zoning.web.refusals import not_found
from zoning.web.rendering import local, render
from zoning.web.routes import Routes
from zoning.web.server import server_of, who_of

routes = Routes()
_ADMIN = only("admin")
NAVIGATION = (Entry(90, "/accounts", Text("账号", "Accounts"), _ADMIN),)
_DONE = {
    "made": Text("已建立账号", "the account was made"),
    "changed": Text("已保存", "saved"),
    "password": Text("已重设密码，其会话和令牌已全部失效", "the password was set; all its sessions and tokens ended"),
    "off": Text("已停用，其会话和令牌已全部失效", "switched off; all its sessions and tokens ended"),
    "on": Text("已恢复", "switched on"),
    "sessions": Text("其会话已全部结束", "all its sessions ended"),
    "token": Text("令牌已撤销", "the token was revoked"),
}


@routes.get("/accounts", access=_ADMIN)
def accounts_page(request: Request, done: str = "") -> Response:
    """Show all accounts and the form for a new one."""
    return _list(request, {}, done=done)


@routes.post("/accounts", access=_ADMIN)
def make(
    request: Request,
    name: Annotated[str, Form(max_length=200)] = "",
    title: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=400)] = "",
    role: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Make an account.

    Raises
    ------
    ContentError
        When the register does not answer, so that not even the page can be shown; what else is refused stands on the
        page.
    """
    server, roles = server_of(request), role or []
    try:
        stamp = server.stamp(who_of(request))
        if not password:
            raise _no_password()
        Accounts(server.store.database).create(name, title=title, roles=roles, password=password, stamp=stamp)
    except ZoningError as error:
        typed = {"name": name, "title": title, "roles": roles}
        return _list(request, typed, problem=error.text, status=error.http_status)
    return RedirectResponse("/accounts?done=made", 303)


@routes.get("/accounts/{name}", access=_ADMIN)
def account_page(request: Request, name: str, done: str = "") -> Response:
    """Show one account."""
    return _one(request, _account(request, name), done=done)


@routes.post("/accounts/{name}", access=_ADMIN)
def change(
    request: Request,
    name: str,
    version: Annotated[int, Form()] = 0,
    title: Annotated[str, Form(max_length=200)] = "",
    role: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Change the name of the person and the roles."""
    server, roles = server_of(request), role or []
    accounts = Accounts(server.store.database)
    _account(request, name)
    try:
        accounts.change(name, version=version, title=title, roles=roles, stamp=server.stamp(who_of(request)))
    except ChangedMeanwhileError:
        # Nothing that was typed is lost; whoever sends it again does so with open eyes.
        actor, at = accounts.last_change(name)
        text = Text(
            f"{actor} 已于 {local(at)} 修改此账号，您的修改没有保存；下面是您填写的内容，核对后可再次保存",
            f"{actor} changed this account at {local(at)} and your change was not saved: below is what you typed; "
            "look at it and save it again",
        )
        return _one(request, _account(request, name), {"title": title, "roles": roles}, problem=text, status=409)
    except ZoningError as error:
        typed = {"title": title, "roles": roles}
        return _one(request, _account(request, name), typed, problem=error.text, status=error.http_status)
    return _back(name, "changed")


@routes.post("/accounts/{name}/password", access=_ADMIN)
def reset_password(request: Request, name: str, password: Annotated[str, Form(max_length=400)] = "") -> Response:
    """Set a password for somebody else."""
    server = server_of(request)
    account = _account(request, name)
    try:
        Accounts(server.store.database).change(name, password=password, stamp=server.stamp(who_of(request)))
    except ZoningError as error:
        return _one(request, account, problem=error.text, status=error.http_status)
    return _back(name, "password")


@routes.post("/accounts/{name}/active", access=_ADMIN)
def switch(request: Request, name: str, to: Annotated[str, Form()] = "off") -> Response:
    """Switch an account off or on."""
    server = server_of(request)
    account = _account(request, name)
    try:
        stamp = server.stamp(who_of(request))
        Accounts(server.store.database).change(name, is_active=to == "on", stamp=stamp)
    except ZoningError as error:
        return _one(request, account, problem=error.text, status=error.http_status)
    return _back(name, "on" if to == "on" else "off")


@routes.post("/accounts/{name}/sessions", access=_ADMIN)
def end_sessions(request: Request, name: str) -> Response:
    """End all sessions of an account."""
    server = server_of(request)
    _account(request, name)
    Accounts(server.store.database).end_sessions(name, server.stamp(who_of(request)))
    return _back(name, "sessions")


@routes.post("/accounts/{name}/tokens/{token}/revoke", access=_ADMIN)
def revoke(request: Request, name: str, token: str) -> Response:
    """End a token of an account."""
    server = server_of(request)
    if not Tokens(server.store.database).revoke(name, token, server.stamp(who_of(request))):
        raise not_found("没有这个有效令牌", "there is no such valid token")
    return _back(name, "token")


def _account(request: Request, name: str) -> Account:
    found = Accounts(server_of(request).store.database).get(name)
    if found is None:
        raise not_found("没有这个账号", "there is no such account")
    return found


def _back(name: str, done: str) -> Response:
    from urllib.parse import quote

    return RedirectResponse(f"/accounts/{quote(name, safe='')}?done={done}", 303)


def _no_password() -> ZoningError:
    from zoning.errors import UsageError

    return UsageError("请填写初始密码", "give it a first password")


def _list(
    request: Request, typed: dict[str, Any], *, problem: Text | None = None, status: int = 200, done: str = ""
) -> Response:
    accounts = Accounts(server_of(request).store.database).all()
    values: dict[str, Any] = {
        "accounts": accounts,
        "typed": typed,
        "problem": problem,
        "done": _DONE.get(done),
        "shortest": SHORTEST,
    }
    return render(request, "accounts.html.j2", status=status, **values)


def _one(
    request: Request,
    account: Account,
    typed: dict[str, Any] | None = None,
    *,
    problem: Text | None = None,
    status: int = 200,
    done: str = "",
) -> Response:
    server = server_of(request)
    return render(
        request,
        "accounts-one.html.j2",
        status=status,
        account=account,
        typed=typed or {"title": account.title, "roles": account.roles},
        problem=problem,
        done=_DONE.get(done),
        shortest=SHORTEST,
        sessions=sessions_of(request).of(account.name, server.now()),
        tokens=Tokens(server.store.database).of(account.name),
        scopes=SCOPE_WORDS,
    )
