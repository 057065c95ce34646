"""The options of `zoning mines volumes`, and the design surface that works takes as well."""

from typing import Annotated

import typer

from zoning.cli.intake import Intake, takes_intake
from zoning.cli.mines_priority_app import Dem, OutFolder, ParcelsFile, RegisterPlace, Territory
from zoning.cli.options import SESSION, Format, Lang, On, OutputFormat, Workspace, t

_HELP = t(
    "填挖方：图斑地面到设计面（坑沿拟合平面、设计标高、另一期高程）之间的体积，坡度分级面积",
    "cut and fill between the ground and a design surface (rim plane, level, other model); areas by slope",
)
_EPILOG = t(
    "像元按落在图斑内的准确部分计；没有高程的部分列出占比，不估算。",
    "Cells count with their exact part; what has no height is told as a share and never estimated.",
)

Design = Annotated[
    str,
    typer.Option(
        "--design",
        metavar="rim|LEVEL|FILE",
        help=t(
            "设计面：rim 为坑沿拟合平面，数字为设计标高（米），或另一个高程模型",
            "design surface: rim (plane fitted to the rim), a level in metres, or another elevation model",
        ),
    ),
]
_CommonError = Annotated[
    float | None,
    typer.Option(
        "--vertical-error",
        metavar="METRES",
        min=0,
        help=t(
            "两个面高差的系统误差（标准差，整个图斑共有）",
            "standard error of the difference of the surfaces that all cells of a parcel share",
        ),
    ),
]
_CellError = Annotated[
    float | None,
    typer.Option(
        "--cell-error",
        metavar="METRES",
        min=0,
        help=t("两个面高差的随机误差（标准差，各像元独立）", "standard error of each cell, independent of the others"),
    ),
]


def add_volumes(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="volumes", help=_HELP, epilog=_EPILOG)(takes_intake(_volumes))


def _volumes(  # noqa: PLR0913 - the options of the contract
    *,
    parcels: ParcelsFile = None,
    territory: Territory = None,
    register: RegisterPlace = None,
    dem: Dem = None,
    design: Design = "rim",
    vertical_error: _CommonError = None,
    cell_error: _CellError = None,
    out: OutFolder = None,
    on: On = None,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    intake: Intake,
) -> None:
    """Measure cut and fill."""
    from zoning.cli.mines_parcels import ParcelsRequest
    from zoning.cli.mines_priority_desk import DeskRequest
    from zoning.cli.mines_volumes import run_volumes
    from zoning.mines.volumes import VerticalError

    stated = vertical_error is not None or cell_error is not None
    error = VerticalError(vertical_error or 0.0, cell_error or 0.0) if stated else None
    request = DeskRequest(ParcelsRequest(parcels, territory, intake, register), dem, out, on, workspace)
    raise typer.Exit(run_volumes(SESSION, request, design, error, as_json=output is OutputFormat.json))
