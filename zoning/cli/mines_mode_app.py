"""The options of `zoning mines mode`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake
from zoning.cli.mines_options import OPTIONS, DeskOptions, RunOptions
from zoning.cli.options import SESSION, Facts, Sets, t

_HELP = t(
    "修复方向：五宜和四种修复方式的适宜性得分、逐项依据、合规性核查和建议",
    "restoration mode: scores of the five targets and four ways, their trace, what the law says, and what to choose",
)
_EPILOG = t(
    "退出码：0 完成；2 用法错误；10 内容错误；11 文件或图层不可读；12 坐标系问题。",
    "Exit codes: 0 done; 2 wrong usage; 10 content error; 11 file or layer unreadable; 12 coordinate system.",
)
Cover = Annotated[
    Path | None,
    typer.Option(
        "--cover",
        metavar="FILE",
        help=t("土地覆盖栅格，代码见 mines/suitability.yaml", "land cover, codes as in mines/suitability.yaml"),
    ),
]
Rasters = Annotated[
    list[str] | None,
    typer.Option(
        "--raster", metavar="NAME=FILE", help=t("某准则的栅格，如 soil-depth=土层.tif", "raster of a criterion")
    ),
]
Vectors = Annotated[
    list[str] | None,
    typer.Option(
        "--vector",
        metavar="NAME=FILE",
        help=t("某准则的矢量文件，如 village=村庄.gpkg", "vector file of a criterion, such as village=villages.gpkg"),
    ),
]
Maps = Annotated[
    bool, typer.Option("--maps", help=t("另写每种方向的逐像元得分图（GeoTIFF）", "score maps pixel by pixel as well"))
]


def add_mode(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="mode", help=_HELP, epilog=_EPILOG)(OPTIONS(_mode))


def _mode(  # noqa: PLR0913 - the options of the contract
    *,
    desk: DeskOptions,
    cover: Cover = None,
    raster: Rasters = None,
    vector: Vectors = None,
    facts: Facts = None,
    sets: Sets = None,
    maps: Maps = False,
    run: RunOptions,
    intake: Intake,
) -> None:
    """Score and check the ways of restoring parcels."""
    from zoning.cli.mines_mode import ModeRequest, run_mode

    request = ModeRequest(
        parcels=desk.which(intake),
        dem=desk.dem,
        cover=cover,
        rasters=tuple(raster or ()),
        vectors=tuple(vector or ()),
        facts=facts,
        sets=tuple(sets or ()),
        on=run.on,
        workspace=run.workspace,
        out=run.out,
        maps=maps,
    )
    raise typer.Exit(run_mode(SESSION, request, as_json=run.as_json))
