"""`zoning account`: who may sign in to the workbench. A password is never an argument: others could read it."""

import getpass
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from zoning.cli.register_opening import stamp_of, tell_upgrade
from zoning.cli.serve_settings import ServeRequest, settings_of
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.web.accounts.accounts import Accounts


def run_list(session: Session, where: ServeRequest) -> int:
    """Print all accounts: name, person, roles, whether it is switched on.

    Raises
    ------
    UsageError
        When there is no workspace, no register or no library of the server.
    ContentError
        When the settings have mistakes, or the register cannot be opened.
    """
    from zoning.web.access import ROLES

    with _accounts(session, where, create=False) as accounts:
        for account in accounts.all():
            roles = ", ".join(word.get(session.language) for role, word in ROLES.items() if role in account.roles)
            state = Text("启用", "on") if account.is_active else Text("停用", "off")
            told = account.name, account.title, roles, state.get(session.language)
            sys.stdout.write("\t".join(told) + "\n")
    return 0


def run_add(session: Session, where: ServeRequest, name: str, roles: Sequence[str], title: str) -> int:
    """Make an account.

    Raises
    ------
    UsageError
        When there is an account of this name, name, title, role or password is not allowed, or the two passwords
        differ; when there is no workspace, no register or no library of the server.
    ContentError
        When the settings have mistakes, or the register cannot be opened or written.
    """
    with _accounts(session, where, create=True) as accounts:
        if accounts.get(name) is not None:
            raise UsageError(f"已有账号“{name}”", f"there is an account '{name}' already")
        word = _password(session)
        accounts.create(name, title=title, roles=roles, password=word, stamp=stamp_of(session, None))
    session.say(Text(f"已建立账号 {name}，可以登录工作台", f"made the account {name}: it may sign in to the workbench"))
    return 0


def run_password(session: Session, where: ServeRequest, name: str) -> int:
    """Set a new password.

    Raises
    ------
    UsageError
        When there is no account of this name, the password is not allowed, or the two differ; when there is no
        workspace, no register or no library of the server.
    ContentError
        When the settings have mistakes, or the register cannot be opened or written.
    """
    with _accounts(session, where, create=False) as accounts:
        _demand(accounts, name)
        accounts.change(name, password=_password(session), stamp=stamp_of(session, None))
    session.say(Text(f"已重设 {name} 的密码，其会话已全部结束", f"set the password of {name}; its sessions have ended"))
    return 0


def run_roles(session: Session, where: ServeRequest, name: str, roles: Sequence[str]) -> int:
    """Change the roles.

    Raises
    ------
    UsageError, ContentError
        As `run_password`; when a role is unknown, or nobody could administrate any more.
    """
    with _accounts(session, where, create=False) as accounts:
        accounts.change(name, roles=roles, stamp=stamp_of(session, None))
    session.say(Text(f"已改变 {name} 的角色", f"changed the roles of {name}"))
    return 0


def run_switch(session: Session, where: ServeRequest, name: str, *, is_active: bool) -> int:
    """Switch an account on or off.

    Raises
    ------
    UsageError, ContentError
        As `run_password`; when nobody could administrate any more.
    """
    with _accounts(session, where, create=False) as accounts:
        accounts.change(name, is_active=is_active, stamp=stamp_of(session, None))
    told = Text(f"已恢复账号 {name}", f"switched {name} on") if is_active else None
    session.say(
        told or Text(f"已停用账号 {name}，其会话和令牌已失效", f"switched {name} off; its sessions and tokens ended")
    )
    return 0


def run_link(session: Session, where: ServeRequest, name: str, subject: str) -> int:
    """Give an account to an identity of the provider.

    Raises
    ------
    UsageError, ContentError
        As `run_password`; when the identity belongs to another account.
    """
    with _accounts(session, where, create=False) as accounts:
        accounts.change(name, subject=subject, stamp=stamp_of(session, None))
    session.say(Text(f"{subject} 现在以账号 {name} 登录", f"{subject} now signs in as {name}"))
    return 0


@contextmanager
def _accounts(session: Session, where: ServeRequest, *, create: bool) -> "Iterator[Accounts]":
    from zoning.cli.serve import demand_serve_extra

    demand_serve_extra()
    from zoning.registers.store import open_store
    from zoning.web.accounts.accounts import Accounts

    settings, types = settings_of(session, where)
    with open_store(settings.register, types, create=create, files=settings.files) as store:
        tell_upgrade(session, store)
        yield Accounts(store.database)


def _demand(accounts: "Accounts", name: str) -> None:
    if accounts.get(name) is None:
        raise UsageError(f"没有账号“{name}”", f"there is no account '{name}'")


def _password(session: Session) -> str:
    """Ask for a password twice on the terminal, or take the first line of stdin."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        return line.rstrip("\r\n")
    first = getpass.getpass(Text("密码：", "password: ").get(session.language))
    if getpass.getpass(Text("再输一次：", "once more: ").get(session.language)) != first:
        raise UsageError("两次输入不一致，没有改变", "the two are not the same: nothing was changed")
    return first
