"""`zoning account`: its options."""

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_type_hints

import typer

from zoning.cli.options import SESSION, Lang, Workspace, t
from zoning.cli.serve_options import Config, Files, Register
from zoning.cli.serve_settings import ServeRequest

account_app = typer.Typer(
    help=t("工作台的账号：建立、列出、角色、密码、停用", "accounts of the workbench: make, list, roles, password, off"),
    no_args_is_help=True,
)
_Name = Annotated[str, typer.Argument(metavar="NAME", help=t("账号", "name of the account"))]
_Roles = Annotated[
    list[str],
    typer.Option(
        "--role",
        metavar="ROLE",
        help=t(
            "角色：viewer 查看、reviewer 审查、planner 规划、restoration 矿山修复、admin 管理；可重复",
            "role: viewer, reviewer, planner, restoration, admin; may be repeated",
        ),
    ),
]


def _of_server(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which server; it receives them together as its parameter `where`."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    own: dict[str, Any] = {
        "workspace": Workspace,
        "config": Config,
        "register": Register,
        "files": Files,
        "lang": Lang,
    }
    added = [inspect.Parameter(name, keyword, default=None, annotation=kind) for name, kind in own.items()]

    @functools.wraps(command)
    def wrapper(**values: Any) -> None:
        values.pop("lang")  # read before the help is built
        told = {name: values.pop(name) for name in ("workspace", "config", "register", "files")}
        command(**values, where=ServeRequest(**told))

    signature = inspect.signature(command)
    rest = [p.replace(kind=keyword) for name, p in signature.parameters.items() if name != "where"]
    wrapper.__signature__ = signature.replace(parameters=[*rest, *added])  # type: ignore[attr-defined]  # Typer reads it
    hints = get_type_hints(command, include_extras=True)
    hints.pop("where", None)
    wrapper.__annotations__ = {**hints, **{p.name: p.annotation for p in added}}
    return wrapper


@account_app.command("list", help=t("列出账号", "list the accounts"))
@_of_server
def list_(*, where: ServeRequest) -> None:
    """List the accounts."""
    from zoning.cli.account import run_list

    raise typer.Exit(run_list(SESSION, where))


@account_app.command(
    help=t(
        "建立账号；密码在终端输入两次，或由标准输入给出",
        "make an account; the password is asked for, or comes on stdin",
    )
)
@_of_server
def add(
    name: _Name,
    role: _Roles,
    title: Annotated[str, typer.Option("--title", help=t("姓名", "name of the person"))] = "",
    *,
    where: ServeRequest,
) -> None:
    """Make an account."""
    from zoning.cli.account import run_add

    raise typer.Exit(run_add(SESSION, where, name, role, title))


@account_app.command(help=t("重设密码；其全部会话随即结束", "set a new password; all sessions of the account end"))
@_of_server
def password(name: _Name, *, where: ServeRequest) -> None:
    """Set a password."""
    from zoning.cli.account import run_password

    raise typer.Exit(run_password(SESSION, where, name))


@account_app.command(help=t("改变角色；其全部会话随即结束", "change the roles; all sessions of the account end"))
@_of_server
def roles(name: _Name, role: _Roles, *, where: ServeRequest) -> None:
    """Change the roles."""
    from zoning.cli.account import run_roles

    raise typer.Exit(run_roles(SESSION, where, name, role))


@account_app.command(help=t("停用账号", "switch an account off"))
@_of_server
def off(name: _Name, *, where: ServeRequest) -> None:
    """Switch an account off."""
    from zoning.cli.account import run_switch

    raise typer.Exit(run_switch(SESSION, where, name, is_active=False))


@account_app.command(help=t("恢复账号", "switch an account on again"))
@_of_server
def on(name: _Name, *, where: ServeRequest) -> None:
    """Switch an account on."""
    from zoning.cli.account import run_switch

    raise typer.Exit(run_switch(SESSION, where, name, is_active=True))


@account_app.command(
    help=t("把统一身份（OIDC）的用户归到账号", "give the account to an identity of the provider (OIDC)")
)
@_of_server
def link(
    name: _Name,
    subject: Annotated[
        str,
        typer.Argument(metavar="SUBJECT", help=t("登录时所示的身份编号", "the identity, as the sign-in page tells it")),
    ],
    *,
    where: ServeRequest,
) -> None:
    """Give an account to an identity."""
    from zoning.cli.account import run_link

    raise typer.Exit(run_link(SESSION, where, name, subject))
