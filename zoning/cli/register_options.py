"""The options of every register command: which register, of which kind, who acts. Declared once.

The same commands stand under `zoning register`, for every kind, and under `zoning mines`, for mine parcels only.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from zoning.cli.options import SpokenLanguage, Workspace, t

DEFAULT_KIND = "mine-parcels"

_PANEL = t("哪个台账", "Which register")
_Kind = Annotated[
    str,
    typer.Option(
        "--type",
        "-k",
        metavar="KIND",
        help=t("台账类型，见 zoning register kinds", "kind of register, see: zoning register kinds"),
        rich_help_panel=_PANEL,
    ),
]
_Register = Annotated[
    str | None,
    typer.Option(
        "--register",
        "-r",
        metavar="FILE|URL",
        help=t(
            "台账文件，或 postgresql:// 地址（默认 $ZONING_REGISTER，其次工作空间的 register.sqlite）",
            "file of the register, or postgresql:// address ($ZONING_REGISTER, else register.sqlite of the workspace)",
        ),
        rich_help_panel=_PANEL,
    ),
]
_Files = Annotated[
    Path | None,
    typer.Option(
        "--files",
        metavar="DIR",
        help=t(
            "存放照片和文件的文件夹（默认在台账旁）", "folder of photos and documents (default: beside the register)"
        ),
        rich_help_panel=_PANEL,
    ),
]
_Lang = Annotated[SpokenLanguage | None, typer.Option("--lang", help=t("语言：zh 或 en", "language: zh or en"))]

By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="NAME",
        help=t("操作人（默认 $ZONING_ACTOR，其次登录名）", "who does it ($ZONING_ACTOR, else the login name)"),
    ),
]
Note = Annotated[
    str, typer.Option("--note", metavar="TEXT", help=t("说明，记入日志", "a remark, kept in the audit log"))
]
ExpectVersion = Annotated[
    int | None,
    typer.Option(
        "--expect-version",
        metavar="N",
        help=t(
            "只在记录仍是第 N 版时更改（show 中所见的版本）", "change it only if it still is version N, as show told"
        ),
    ),
]
RecordId = Annotated[str, typer.Argument(metavar="ID", help=t("编号", "number of the record"))]


@dataclass(frozen=True, slots=True)
class RegisterRequest:
    """Which register a command is about: kind, file or URL, folder of files, workspace."""

    kind: str
    register: str | None
    files: Path | None
    workspace: Path | None


def takes_register(command: Callable[..., None], kind: str | None) -> Callable[..., None]:
    """Give a command the options that say which register; it receives them together as its parameter `where`.

    Parameters
    ----------
    kind
        Where it is fixed there is no option --type.
    """
    keyword = inspect.Parameter.KEYWORD_ONLY
    own: dict[str, tuple[Any, Any]] = {
        "register": (None, _Register),
        "files": (None, _Files),
        "workspace": (None, Workspace),
        "lang": (None, _Lang),
    }
    if kind is None:
        own = {"type_": (DEFAULT_KIND, _Kind), **own}
    added = [inspect.Parameter(name, keyword, default=default, annotation=a) for name, (default, a) in own.items()]

    @functools.wraps(command)
    def wrapper(**values: Any) -> None:
        values.pop("lang")  # read before the help is built
        chosen = values.pop("type_", kind)
        where = RegisterRequest(chosen, values.pop("register"), values.pop("files"), values.pop("workspace"))
        command(**values, where=where)

    signature = inspect.signature(command)
    rest = [p.replace(kind=keyword) for name, p in signature.parameters.items() if name != "where"]
    wrapper.__signature__ = signature.replace(parameters=[*rest, *added])  # type: ignore[attr-defined]
    hints = get_type_hints(command, include_extras=True)
    hints.pop("where", None)
    wrapper.__annotations__ = {**hints, **{p.name: p.annotation for p in added}}
    return wrapper
