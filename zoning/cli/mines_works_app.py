"""The options of `zoning mines works`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake
from zoning.cli.mines_options import OPTIONS, Design, DeskOptions, RunOptions
from zoning.cli.options import SESSION, t

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
    app.command(name="works", help=_HELP, epilog=_EPILOG)(OPTIONS(_works))


def _works(
    *,
    desk: DeskOptions,
    design: Design = "rim",
    mode: _Mode = None,
    prices: _Prices = None,
    run: RunOptions,
    intake: Intake,
) -> None:
    """Count the works."""
    from zoning.cli.mines_works import WorksRequest, run_works

    request = WorksRequest(desk.request(intake, run), design, mode, prices)
    raise typer.Exit(run_works(SESSION, request, as_json=run.as_json))
