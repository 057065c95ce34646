"""The options of `zoning plan grid`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.options import SESSION, Format, Lang, On, OutputFormat, Workspace, t
from zoning.cli.plan_statistics_app import OutFolder, Territory

_HELP = t(
    "执法网格：把行政区划成 N 公里方格，编号稳定，逐格列出分区、名录和责任人",
    "enforcement grid: the territory in cells of N km with stable codes, and zones, registers and people of each cell",
)
_EPILOG = t(
    "网格按平面坐标的整倍数对齐（默认为辖区所在三度带），边界变动不改变编号。"
    "内容见工作空间的 plans/enforcement-grid.yaml。输出含责任人姓名，仅供内部使用。",
    "Cells lie on whole multiples of the plane's coordinates (the 3-degree zone of the territory), so a change of "
    "border changes no code. What is listed: plans/enforcement-grid.yaml of the workspace. The output names persons: "
    "it is for the office only.",
)

CellSize = Annotated[
    str | None, typer.Option("--cell", metavar="LENGTH", help=t("网格边长，如 5km", "side of a cell, such as 5km"))
]
Crs = Annotated[
    str | None,
    typer.Option("--crs", metavar="EPSG:N", help=t("网格所在的平面坐标系", "the plane that the cells are squares of")),
]
Minimum = Annotated[
    str | None,
    typer.Option("--minimum", metavar="AREA", help=t("最小网格面积，如 1km2", "smallest cell, such as 1km2")),
]
SliverWay = Annotated[
    str | None,
    typer.Option(
        "--slivers",
        metavar="join|name",
        help=t(
            "小于最小面积的边角：并入相邻网格，或保留并标明", "what is smaller: joins a neighbour, or is kept and named"
        ),
    ),
]
Officers = Annotated[
    int | None,
    typer.Option("--officers", min=1, metavar="N", help=t("每格应配人数", "officers that a cell is to have")),
]
People = Annotated[
    Path | None,
    typer.Option(
        "--people",
        metavar="FILE",
        help=t(
            "网格责任人表（CSV、XLSX：网格、姓名、职务、单位、电话）",
            "people of the cells (CSV, XLSX: cell, name, role, office, contact)",
        ),
    ),
]


def add_grid(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="grid", help=_HELP, epilog=_EPILOG)(_grid)


def _grid(  # noqa: PLR0913, PLR0917 - the options of the contract
    territory: Territory,
    cell: CellSize = None,
    crs: Crs = None,
    minimum: Minimum = None,
    slivers: SliverWay = None,
    officers: Officers = None,
    people: People = None,
    out: OutFolder = None,
    on: On = None,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Divide a territory into cells."""
    from zoning.cli.plan_grid import GridRequest, run_grid

    request = GridRequest(territory, cell, crs, minimum, slivers, officers, people, out, on, workspace)
    raise typer.Exit(run_grid(SESSION, request, as_json=output is OutputFormat.json))
