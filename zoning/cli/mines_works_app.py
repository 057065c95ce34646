"""The options of `zoning mines works`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake, takes_intake
from zoning.cli.mines_priority_app import Dem, OutFolder, ParcelsFile, RegisterPlace, Territory
from zoning.cli.mines_volumes_app import Design
from zoning.cli.options import SESSION, Format, Lang, On, OutputFormat, Workspace, t

_HELP = t(
    "工程量和造价：七项工程措施，每个数字附公式；没有单价的造价为“未知”",
    "quantities and cost of the seven measures, each figure with its formula; without prices the cost is not known",
)
_EPILOG = t(
    "公式、数值和单价在 mines/works.yaml；来源文件没有单价，随附内容也没有，用 --prices 给出。",
    "Formulas, figures and prices stand in mines/works.yaml; no source gives prices: name your own with --prices.",
)

_Prices = Annotated[
    Path | None,
    typer.Option("--prices", metavar="FILE", help=t("单价文件（YAML）", "file with unit prices (YAML)")),
]
_Mode = Annotated[
    Path | None,
    typer.Option(
        "--mode",
        metavar="FILE",
        help=t(
            "zoning mines mode 写出的 mode.json：修复方向以它为准",
            "mode.json of zoning mines mode: its recommended modes go before the register's",
        ),
    ),
]


def add_works(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="works", help=_HELP, epilog=_EPILOG)(takes_intake(_works))


def _works(  # noqa: PLR0913 - the options of the contract
    *,
    parcels: ParcelsFile = None,
    territory: Territory = None,
    register: RegisterPlace = None,
    dem: Dem = None,
    design: Design = "rim",
    mode: _Mode = None,
    prices: _Prices = None,
    out: OutFolder = None,
    on: On = None,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    intake: Intake,
) -> None:
    """Count the works."""
    from zoning.cli.mines_parcels import ParcelsRequest
    from zoning.cli.mines_priority_desk import DeskRequest
    from zoning.cli.mines_works import WorksRequest, run_works

    desk = DeskRequest(ParcelsRequest(parcels, territory, intake, register), dem, out, on, workspace)
    raise typer.Exit(run_works(SESSION, WorksRequest(desk, design, mode, prices), as_json=output is OutputFormat.json))
