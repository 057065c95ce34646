"""The options of `zoning mines mode`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake, takes_intake
from zoning.cli.mines_priority_app import Dem, OutFolder, ParcelsFile, RegisterPlace, Territory
from zoning.cli.options import SESSION, Facts, Format, Lang, On, OutputFormat, Sets, Workspace, t

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
    app.command(name="mode", help=_HELP, epilog=_EPILOG)(takes_intake(mode))


def mode(  # noqa: PLR0913, PLR0917 - the options of the contract
    parcels: ParcelsFile = None,
    dem: Dem = None,
    cover: Cover = None,
    raster: Rasters = None,
    vector: Vectors = None,
    facts: Facts = None,
    sets: Sets = None,
    on: On = None,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    out: OutFolder = None,
    register: RegisterPlace = None,
    territory: Territory = None,
    *,
    maps: Maps = False,
    intake: Intake,
) -> None:
    """Score and check the ways of restoring parcels."""
    from zoning.cli.mines_mode import ModeRequest, run_mode
    from zoning.cli.mines_parcels import ParcelsRequest

    request = ModeRequest(
        parcels=ParcelsRequest(parcels, territory, intake, register),
        dem=dem,
        cover=cover,
        rasters=tuple(raster or ()),
        vectors=tuple(vector or ()),
        facts=facts,
        sets=tuple(sets or ()),
        on=on,
        workspace=workspace,
        out=out,
        maps=maps,
    )
    raise typer.Exit(run_mode(SESSION, request, as_json=output is OutputFormat.json))
