"""The options of `zoning mines priority`, and those that it shares with volumes and works."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake, takes_intake
from zoning.cli.options import SESSION, Format, Lang, On, OutputFormat, Workspace, t

_HELP = t(
    "优先顺序：高铁、高速可视范围优先，由近及远，分期分步；每个名次附理由、未知项和敏感性",
    "order of restoration: what is in sight of the corridor first, from near to far; every rank with its reasons",
)
_EPILOG = t(
    "准则、权重、圈层和分期在 mines/priority.yaml；未知项使得分成为区间，绝不记为 0。",
    "Criteria, weights, rings and phases stand in mines/priority.yaml; what is not known makes the score an interval.",
)

ParcelsFile = Annotated[
    Path | None,
    typer.Option(
        "--parcels",
        "-p",
        metavar="FILE",
        help=t("图斑边界文件（默认：台账）", "boundary file of the parcels (default: the register)"),
    ),
]
Territory = Annotated[
    str | None,
    typer.Option(
        "--territory", "-t", metavar="CODE", help=t("台账中只取此辖区", "of the register, only this territory")
    ),
]
RegisterPlace = Annotated[
    str | None,
    typer.Option("--register", "-r", metavar="FILE|URL", help=t("台账文件或数据库地址", "file or URL of the register")),
]
Dem = Annotated[
    Path | None,
    typer.Option("--dem", metavar="FILE", help=t("高程模型（GeoTIFF，带坐标系）", "elevation model (GeoTIFF)")),
]
OutFolder = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="DIR", help=t("写到此文件夹", "folder to write to"))
]
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
    app.command(name="priority", help=_HELP, epilog=_EPILOG)(takes_intake(_priority))


def _priority(  # noqa: PLR0913 - the options of the contract
    *,
    parcels: ParcelsFile = None,
    territory: Territory = None,
    register: RegisterPlace = None,
    dem: Dem = None,
    corridor: _Corridor = None,
    start: _Start = None,
    works: _Works = None,
    out: OutFolder = None,
    on: On = None,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    intake: Intake,
) -> None:
    """Put parcels in order."""
    from zoning.cli.mines_parcels import ParcelsRequest
    from zoning.cli.mines_priority import run_priority
    from zoning.cli.mines_priority_desk import DeskRequest

    request = DeskRequest(ParcelsRequest(parcels, territory, intake, register), dem, out, on, workspace)
    raise typer.Exit(run_priority(SESSION, request, corridor, start, works, as_json=output is OutputFormat.json))
