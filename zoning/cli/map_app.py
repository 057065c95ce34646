"""The options of `zoning map`."""

from pathlib import Path
from typing import Annotated

import typer

from zoning.cli.intake import Intake, takes_intake
from zoning.cli.map_options import PaperName, Target
from zoning.cli.options import SESSION, Facts, Lang, On, Out, Sets, Workspace, t

_HELP = t(
    "画图：每个地块一份离线地图，或按地图产品为地块、行政区、河流出图（html、pdf、png、svg、qgis）",
    "draw maps: one offline page per footprint, or products of a site, a territory or its rivers "
    "(html, pdf, png, svg, qgis)",
)
_EPILOG = t(
    "例：zoning map 地块.txt；zoning map -t 140522 -p three-control-lines --to pdf --paper A2；"
    "zoning map -t 阳城县 -p river --river 沁河 --to pdf；zoning map -t 140522 --all --to pdf。"
    "产品写在工作空间的 maps/products/。",
    "Examples: zoning map site.txt; zoning map -t 140522 -p three-control-lines --to pdf --paper A2; "
    "zoning map -t 140522 -p river --river 沁河 --to pdf; zoning map -t 140522 --all --to pdf. "
    "Products are content: maps/products/ of the workspace.",
)

SitePath = Annotated[Path | None, typer.Argument(metavar="[SITE]", help=t("边界文件", "boundary file"))]
Product = Annotated[
    str | None,
    typer.Option(
        "--product", "-p", metavar="ID", help=t("地图产品（maps/products/ 的文件名）", "id of the map product")
    ),
]
Territory = Annotated[
    str | None,
    typer.Option("--territory", "-t", metavar="CODE|NAME", help=t("行政区代码或名称", "code or name of a territory")),
]
River = Annotated[
    list[str] | None,
    typer.Option("--river", metavar="NAME", help=t("河流名称，可重复（默认较长的各条）", "river; may be repeated")),
]
All = Annotated[bool, typer.Option("--all", help=t("出全部产品", "make every product"))]
To = Annotated[
    list[Target] | None,
    typer.Option("--to", help=t("输出格式，可重复（默认 html）", "what to write; may be repeated (html)")),
]
PaperSize = Annotated[
    PaperName | None,
    typer.Option(
        "--paper", case_sensitive=False, metavar="A4|A3|A2|A1", help=t("纸张，代替产品所定", "size of the paper")
    ),
]
Scale = Annotated[
    str | None,
    typer.Option("--scale", metavar="1:N|fit", help=t("比例尺，如 1:10000，代替产品所定", "scale, such as 1:10000")),
]
Maker = Annotated[
    str, typer.Option("--maker", metavar="NAME", help=t("制图单位", "office or person that makes the map"))
]


def add_map(app: typer.Typer) -> None:
    """Add `zoning map` to the commands."""
    app.command(name="map", help=_HELP, epilog=_EPILOG)(_draw_map)


@takes_intake
def _draw_map(  # noqa: PLR0913 - the options of the contract
    site: SitePath = None,
    out: Out = Path("out"),
    *,
    product: Product = None,
    territory: Territory = None,
    river: River = None,
    every: All = False,
    to: To = None,
    paper: PaperSize = None,
    scale: Scale = None,
    maker: Maker = "",
    facts: Facts = None,
    sets: Sets = None,
    on: On = None,
    workspace: Workspace = None,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
    intake: Intake,
) -> None:
    """Draw maps."""
    from zoning.cli.check import CheckRequest
    from zoning.cli.map import MapRequest, run_map_formats

    check = CheckRequest(site, facts, tuple(sets or ()), on, workspace, intake, out)
    rivers = tuple(river or ())
    request = MapRequest(check, product, territory, rivers, every, paper=paper, scale=scale, maker=maker)
    raise typer.Exit(run_map_formats(SESSION, request, tuple(dict.fromkeys(to or [Target.html]))))
