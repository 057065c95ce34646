"""The options of `zoning register import` and `zoning mines import`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake
from zoning.cli.options import SESSION, Encoding, Format, OutputFormat, t
from zoning.cli.register_options import By, Note, RegisterRequest, takes_register

_HELP = t(
    "导入台账：Excel、CSV、Shapefile、GeoPackage、GDB 等；有一行出错就什么也不导入（除非 --partial）",
    "import a ledger: Excel, CSV, shapefile, GeoPackage, GDB ...; with one wrong row nothing (unless --partial)",
)
_EPILOG = t(
    "退出码：0 已导入；3 部分导入（--partial，有行被拒）；10 有错误，没有导入；2 用法错误；12 坐标系问题。",
    "Exit codes: 0 imported; 3 imported in part (--partial, rows were refused); 10 mistakes, nothing imported; "
    "2 wrong usage; 12 coordinate system.",
)

LedgerFile = Annotated[Path, typer.Argument(metavar="FILE", help=t("台账或边界文件", "ledger or boundary file"))]
Shapes = Annotated[
    Path | None,
    typer.Option("--shapes", metavar="FILE", help=t("按编号给表格配图形的边界文件", "shapes of a table, by number")),
]
Sheet = Annotated[str | None, typer.Option("--layer", help=t("工作表或图层", "which sheet or layer"))]
Crs = Annotated[
    str | None,
    typer.Option("--crs", help=t("坐标系（文件未写或写错时）", "coordinate system, where the file has none")),
]
DatumShift = Annotated[
    Path | None,
    typer.Option("--datum-shift", metavar="FILE", help=t("西安80、北京54 转换参数", "parameters from an old datum")),
]
Limit = Annotated[
    list[str] | None,
    typer.Option("--limit", metavar="NAME=N", help=t("改变读取的上限", "change a limit of reading")),
]
Sandbox = Annotated[
    bool,
    typer.Option(
        "--sandbox",
        help=t("在受限的独立进程中读取边界文件", "read a boundary file in a process of its own with limits"),
    ),
]
TerritoryOf = Annotated[
    str | None,
    typer.Option(
        "--territory",
        metavar="CODE|NAME",
        help=t("没有写行政区的行属于哪里", "territory of the rows that name none"),
    ),
]
Partial = Annotated[bool, typer.Option("--partial", help=t("导入没有错误的行", "import the rows without mistakes"))]
Refused = Annotated[
    Path | None,
    typer.Option(
        "--refused",
        metavar="FILE.xlsx",
        help=t("被拒的行写到此文件（改正后可再导入）", "where the refused rows go, to be corrected and imported"),
    ),
]
OnlyNew = Annotated[bool, typer.Option("--new", help=t("已有的编号算错误", "a number that is there is a mistake"))]
ClearEmpty = Annotated[
    bool, typer.Option("--clear-empty", help=t("空单元格清空原值（默认不变）", "an empty cell empties the field"))
]
DryRun = Annotated[bool, typer.Option("--dry-run", help=t("只显示会改变什么", "only show what would change"))]


def add_import(app: typer.Typer, kind: str | None) -> None:
    """Add the command; `kind` fixes the kind of register."""

    def import_(  # noqa: PLR0913, PLR0917 - the options of the contract
        file: LedgerFile,
        shapes: Shapes = None,
        layer: Sheet = None,
        crs: Crs = None,
        encoding: Encoding = None,
        datum_shift: DatumShift = None,
        limit: Limit = None,
        sandbox: Sandbox = False,  # noqa: FBT002 - a flag
        territory: TerritoryOf = None,
        partial: Partial = False,  # noqa: FBT002 - a flag
        refused: Refused = None,
        new: OnlyNew = False,  # noqa: FBT002 - a flag
        clear_empty: ClearEmpty = False,  # noqa: FBT002 - a flag
        dry_run: DryRun = False,  # noqa: FBT002 - a flag
        by: By = None,
        note: Note = "",
        format_: Format = OutputFormat.text,
        *,
        where: RegisterRequest,
    ) -> None:
        """Import a ledger."""
        from zoning.cli.register_import import ImportRequest, run_import

        intake = Intake(crs=crs, layer=layer, encoding=encoding, datum_shift=datum_shift, limit=limit, sandbox=sandbox)
        request = ImportRequest(
            file, intake, shapes, territory, partial, refused, new, clear_empty, dry_run, by, note,
            format_ is OutputFormat.json,
        )  # fmt: skip
        raise typer.Exit(run_import(SESSION, request, where))

    app.command("import", help=_HELP, epilog=_EPILOG)(takes_register(import_, kind))
