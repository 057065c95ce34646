"""`zoning backup`: its options."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.options import SESSION, Lang, t
from zoning.cli.register_options import DEFAULT_KIND, RegisterRequest, takes_register

backup_app = typer.Typer(
    help=t(
        "备份台账、文件和工作空间：制作、核对、恢复", "back up register, files and workspace: make, verify, restore"
    ),
    no_args_is_help=True,
)
_File = Annotated[Path, typer.Argument(metavar="FILE", help=t("备份文件", "the backup"))]


def _make(
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help=t("写到此文件（默认按时刻命名）", "file to write")),
    ] = None,
    *,
    where: RegisterRequest,
) -> None:
    """Make a backup."""
    from zoning.cli.backup import BackupRequest, run_make

    raise typer.Exit(run_make(SESSION, BackupRequest(where, out)))


# The tables of all kinds go into a backup: which kind is asked for does not matter.
backup_app.command("make", help=t("制作备份；服务运行时也可以", "make a backup; the server may go on"))(
    takes_register(_make, DEFAULT_KIND)
)


@backup_app.command(
    help=t(
        "核对备份：逐个文件、逐行日志；退出码 0 完整，1 有误",
        "check a backup, file by file and row by row: 0 whole, 1 not",
    )
)
def verify(file: _File, lang: Lang = None) -> None:  # noqa: ARG001 - read before the help is built
    """Verify a backup."""
    from zoning.cli.backup import run_verify

    raise typer.Exit(run_verify(SESSION, file))


@backup_app.command(help=t("恢复到新文件夹", "restore into a new folder"))
def restore(
    file: _File,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help=t("新文件夹", "the new folder"))],
    register: Annotated[
        str | None,
        typer.Option(
            "--register",
            metavar="URL",
            help=t("把台账恢复到空的 PostgreSQL 数据库", "restore the tables into an empty PostgreSQL database"),
        ),
    ] = None,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Restore a backup."""
    from zoning.cli.backup import run_restore

    raise typer.Exit(run_restore(SESSION, file, to, register))
