"""The options of `zoning mines volumes`."""

from typing import Annotated

import typer

from zoning.cli.intake import Intake
from zoning.cli.mines_options import OPTIONS, Design, DeskOptions, RunOptions
from zoning.cli.options import SESSION, t

_HELP = t(
    "填挖方：图斑地面到设计面（坑沿拟合平面、设计标高、另一期高程）之间的体积，坡度分级面积",
    "cut and fill between the ground and a design surface (rim plane, level, other model); areas by slope",
)
_EPILOG = t(
    "像元按落在图斑内的准确部分计；没有高程的部分列出占比，不估算。",
    "Cells count with their exact part; what has no height is told as a share and never estimated.",
)

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
    app.command(name="volumes", help=_HELP, epilog=_EPILOG)(OPTIONS(_volumes))


def _volumes(
    *,
    desk: DeskOptions,
    design: Design = "rim",
    vertical_error: _CommonError = None,
    cell_error: _CellError = None,
    run: RunOptions,
    intake: Intake,
) -> None:
    """Measure cut and fill."""
    from zoning.cli.mines_volumes import run_volumes
    from zoning.mines.volumes import VerticalError

    stated = vertical_error is not None or cell_error is not None
    error = VerticalError(vertical_error or 0.0, cell_error or 0.0) if stated else None
    raise typer.Exit(run_volumes(SESSION, desk.request(intake, run), design, error, as_json=run.as_json))
