"""The options of `zoning advise`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake, takes_intake
from zoning.cli.map_options import Target as MapTarget
from zoning.cli.options import SESSION, Facts, Format, Lang, On, OutputFormat, Sets, Workspace, t

_HELP = t(
    "建议：地块扣除禁止区后的剩余、最近的可行位置、离另一结论多远；--select 为选址",
    "advise: what is left of a site, the nearest place where it fits, how near another verdict is; --select: places",
)
_EPILOG = t(
    "每条建议都按普通地块重新检查，未通过的不列出并计数。退出码同 check：0 通过，1 不通过或受限，3 待补充信息；"
    "--select：0 有可行位置，1 没有，3 只有待补充信息的位置。",
    "Every advice is checked again like any site; what does not come out clear is left out and counted. Exit codes as "
    "of check: 0 permitted, 1 prohibited or restricted, 3 undetermined; --select: 0 a clear place was found, 1 none, "
    "3 only places with open questions.",
)

Reach = Annotated[
    str, typer.Option("--reach", metavar="LENGTH", help=t("移动的最大距离，如 5km", "how far it may be moved: 5km"))
]
Resolution = Annotated[
    str,
    typer.Option(
        "--resolution", metavar="LENGTH", help=t("最近位置的精度，如 1m", "how exact the nearest place is: 1m")
    ),
]
Turns = Annotated[
    float,
    typer.Option("--turns", metavar="DEGREES", help=t("旋转的步长（度），0 为不旋转", "step of turns; 0: no turns")),
]
Piece = Annotated[
    str,
    typer.Option("--piece", metavar="AREA", help=t("剩余部分的最小有用面积", "smallest useful piece of the remainder")),
]
PieceWidth = Annotated[
    str, typer.Option("--piece-width", metavar="LENGTH", help=t("最小有用宽度", "narrowest useful strip"))
]
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="DIR",
        help=t("把 JSON 和图形写到此文件夹", "write JSON and geometries to this folder"),
    ),
]
Gpkg = Annotated[
    bool, typer.Option("--gpkg", help=t("图形写成 GeoPackage 而非 GeoJSON", "GeoPackage instead of GeoJSON"))
]
MapTo = Annotated[
    MapTarget | None,
    typer.Option("--map", help=t("另写建议图（须有 --out）", "write a map of the advice as well (with --out)")),
]
Select = Annotated[
    bool,
    typer.Option(
        "--select",
        help=t(
            "选址：--within 中面积为 --area（宽 --width）的最佳位置",
            "find the best places of --area (and --width) in --within",
        ),
    ),
]
Within = Annotated[
    str | None,
    typer.Option(
        "--within",
        metavar="FILE|TERRITORY",
        help=t("选址范围：边界文件，或行政区代码", "where to look: a boundary file, or the code of a territory"),
    ),
]
Weights = Annotated[
    Path | None,
    typer.Option("--weights", metavar="FILE", help=t("各项指标的权重（YAML）", "weights of the criteria (YAML)")),
]
Places = Annotated[int, typer.Option("--places", metavar="K", help=t("列出几个位置", "how many places"))]


def add_advise(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_HELP, epilog=_EPILOG)(advise)


@takes_intake
def advise(  # noqa: PLR0913 - the options of the contract
    site: Annotated[
        Path | None, typer.Argument(metavar="SITE", help=t("边界文件", "boundary file; left out with --select"))
    ] = None,
    facts: Facts = None,
    sets: Sets = None,
    on: On = None,
    workspace: Workspace = None,
    output: Format = OutputFormat.text,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    out: OutFolder = None,
    *,
    gpkg: Gpkg = False,
    map_to: MapTo = None,
    reach: Reach = "5 km",
    resolution: Resolution = "1 m",
    turns: Turns = 15.0,
    piece: Piece = "1 mu",
    piece_width: PieceWidth = "5 m",
    select: Select = False,
    within: Within = None,
    weights: Weights = None,
    places: Places = 5,
    intake: Intake,
) -> None:
    """Advise on sites, or select them."""
    from zoning.cli.advise import AdviseRequest, run_advise, terms_of
    from zoning.cli.check import CheckRequest

    request = AdviseRequest(
        check=CheckRequest(site, facts, tuple(sets or ()), on, workspace, intake, out),
        terms=terms_of(reach, resolution, turns, piece, piece_width),
        as_gpkg=gpkg,
        within=within,
        weights=weights,
        places=places,
        map_to=map_to,
    )
    if select:
        from zoning.cli.advise_select import run_select

        raise typer.Exit(run_select(SESSION, request, as_json=output is OutputFormat.json))
    raise typer.Exit(run_advise(SESSION, request, as_json=output is OutputFormat.json))
