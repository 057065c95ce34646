"""The options of `zoning mines priority`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake
from zoning.cli.mines_options import OPTIONS, DeskOptions, RunOptions
from zoning.cli.options import SESSION, t

_HELP = t(
    "优先顺序：高铁、高速可视范围优先，由近及远，分期分步；每个名次附理由、未知项和敏感性",
    "order of restoration: what is in sight of the corridor first, from near to far; every rank with its reasons",
)
_EPILOG = t(
    "准则、权重、圈层和分期在 mines/priority.yaml；未知项使得分成为区间，绝不记为 0。",
    "Criteria, weights, rings and phases stand in mines/priority.yaml; what is not known makes the score an interval.",
)

_Corridor = Annotated[
    str | None,
    typer.Option(
        "--corridor",
        metavar="LAYER[:CLASS,...]|FILE",
        help=t(
            "线路：工作空间的线图层（可限类别）或任意线文件（默认见 mines/priority.yaml）",
            "the lines: a layer of the workspace, some of its classes, or a file (default: mines/priority.yaml)",
        ),
    ),
]
_Start = Annotated[
    str | None,
    typer.Option(
        "--start",
        metavar="LON,LAT",
        help=t("由近及远的起点，如高铁东站的经纬度", "where to begin, e.g. the place of the railway station"),
    ),
]

_Works = Annotated[
    Path | None,
    typer.Option(
        "--works",
        metavar="FILE",
        help=t(
            "zoning mines works 写出的 works.json：所需资金取其造价",
            "works.json of zoning mines works: its cost is the money that is needed",
        ),
    ),
]


def add_priority(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="priority", help=_HELP, epilog=_EPILOG)(OPTIONS(_priority))


def _priority(
    *,
    desk: DeskOptions,
    corridor: _Corridor = None,
    start: _Start = None,
    works: _Works = None,
    run: RunOptions,
    intake: Intake,
) -> None:
    """Put parcels in order."""
    from zoning.cli.mines_priority import run_priority

    raise typer.Exit(run_priority(SESSION, desk.request(intake, run), corridor, start, works, as_json=run.as_json))
