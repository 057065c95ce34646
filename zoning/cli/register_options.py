"""The options of every register command: which register, of which kind, who acts. Declared once.

The same commands stand under `zoning register`, for every kind, and under `zoning mines`, for mine parcels only.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.option_groups import Command, takes_options
from zoning.cli.options import Lang, Workspace, t

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

    kind: _Kind = DEFAULT_KIND
    register: _Register = None
    files: _Files = None
    workspace: Workspace = None
    lang: Lang = None
    """Read before the help is built."""


@dataclass(frozen=True, slots=True)
class _MineParcels(RegisterRequest):
    """The register of mine parcels: its kind is no option."""

    kind: str = field(default=DEFAULT_KIND, init=False)


def takes_register(command: Command, kind: str | None) -> Command:
    """Give a command the options that say which register; it receives them together as its parameter `where`.

    Parameters
    ----------
    kind
        `DEFAULT_KIND`: there is no option --type; None: there is one.
    """
    return takes_options(where=RegisterRequest if kind is None else _MineParcels)(command)
