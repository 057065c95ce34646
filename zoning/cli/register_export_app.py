"""The options of `export`, `template` and `as-layer`, under `zoning register` and `zoning mines`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.options import SESSION, Overwrite, t
from zoning.cli.register_formats import CodeStyle, ExportFormat
from zoning.cli.register_options import RegisterRequest, takes_register

OutFile = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help=t("写到此文件", "file to write"))]
Target = Annotated[ExportFormat, typer.Option("--to", help=t("写成哪种格式", "which format to write"))]
TerritoryOf = Annotated[
    str | None,
    typer.Option("--territory", metavar="CODE", help=t("只写这个行政区", "only records of this territory")),
]
StateOf = Annotated[str | None, typer.Option("--state", metavar="STATE", help=t("只写这个状态", "only this state"))]
Codes = Annotated[
    CodeStyle, typer.Option("--codes", help=t("Excel 里代码怎样写", "how codes are written in the workbook"))
]
Public = Annotated[
    bool, typer.Option("--public", help=t("不写个人信息（人员、电话）", "without names and telephones of persons"))
]
Complete = Annotated[
    list[str] | None,
    typer.Option(
        "--complete",
        metavar="CODE",
        help=t("台账在此行政区是完整的，可重复；只有这些记录进图层", "a territory in which the register is complete"),
    ),
]
EditionId = Annotated[
    str | None, typer.Option("--edition", metavar="ID", help=t("版本名（默认为生效日）", "its id (the first day)"))
]
ValidFrom = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help=t("生效日（默认今天）", "its first day (today)"))
]


def add_export(app: typer.Typer, kind: str | None) -> None:
    """Add the command `export`; `kind` fixes the kind of register."""

    def export(
        target: Target = ExportFormat.xlsx,
        out: OutFile = None,
        territory: TerritoryOf = None,
        state: StateOf = None,
        codes: Codes = CodeStyle.both,
        public: Public = False,  # noqa: FBT002 - a flag
        overwrite: Overwrite = False,  # noqa: FBT002 - a flag
        *,
        where: RegisterRequest,
    ) -> None:
        """Write the register as a file."""
        from zoning.cli.register_export import ExportRequest, run_export

        request = ExportRequest(target, out, territory, state, codes, not public, overwrite)
        raise typer.Exit(run_export(SESSION, request, where))

    help_text = t(
        "导出台账：Excel（按国家属性列序）、GeoPackage、Shapefile（ZIP）、JSON；可改后再导入",
        "write the register: Excel in the order of the national ledger, GeoPackage, shapefile (ZIP), JSON",
    )
    app.command(help=help_text)(takes_register(export, kind))


def add_template(app: typer.Typer, kind: str | None) -> None:
    """Add the command `template`; `kind` fixes the kind of register."""

    def template(
        out: OutFile = None,
        overwrite: Overwrite = False,  # noqa: FBT002 - a flag
        *,
        where: RegisterRequest,
    ) -> None:
        """Write an empty ledger."""
        from zoning.cli.register_export import run_template

        raise typer.Exit(run_template(SESSION, out, where, overwrite=overwrite))

    help_text = t(
        "空台账表：表头、下拉选项，代码表在第二页", "an empty ledger: headings, drop-downs, code lists on page 2"
    )
    app.command(help=help_text)(takes_register(template, kind))


def add_as_layer(app: typer.Typer, kind: str | None) -> None:
    """Add the command `as-layer`; `kind` fixes the kind of register."""

    def as_layer(
        complete: Complete = None,
        edition: EditionId = None,
        valid_from: ValidFrom = None,
        overwrite: Overwrite = False,  # noqa: FBT002 - a flag
        *,
        where: RegisterRequest,
    ) -> None:
        """Make an edition of a layer from the register."""
        from zoning.cli.register_layer import AsLayerRequest, run_as_layer
        from zoning.cli.register_opening import optional_day

        day = optional_day(valid_from, "--from")
        request = AsLayerRequest(tuple(complete or ()), edition, day, overwrite)
        raise typer.Exit(run_as_layer(SESSION, request, where))

    help_text = t(
        "把台账写成图层的一个版本，规则由此看见它（如污染地块，R135-R137）",
        "make an edition of a layer from the register, so that the rules see it (plots: R135 to R137)",
    )
    app.command("as-layer", help=help_text)(takes_register(as_layer, kind))
