"""`zoning atlas`: a PDF with an index page and one page per township or management unit."""

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoning.cli.map_options import PaperName, scale_of
from zoning.cli.options import SESSION, Lang, On, Workspace, t
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.cli.session import Session
    from zoning.maps.content import Box, Picture
    from zoning.maps.map_product import MapProduct
    from zoning.workspace import Workspace as OpenWorkspace

_HELP = t(
    "一个行政区的图集（PDF）：索引页，然后每个乡镇或每个管控单元一页",
    "the atlas of a territory (PDF): an index page, then one page per township or management unit",
)
_EPILOG = t(
    "例：zoning atlas 140522；zoning atlas 阳城县 --by unit --paper A4 --scale 1:25000 --out 图集.pdf",
    "Examples: zoning atlas 140522; zoning atlas 阳城县 --by unit --paper A4 --scale 1:25000 --out atlas.pdf",
)
_PRODUCT = "three-control-lines"


class By(StrEnum):
    """What an atlas has a page for."""

    township = "township"
    unit = "unit"


_LAYERS = {By.township: "townships", By.unit: "management-units"}


@dataclass(frozen=True, slots=True)
class AtlasRequest:
    """The options of one atlas."""

    territory: str
    by: By = By.township
    product: str = _PRODUCT
    paper: PaperName | None = None
    scale: str | None = None
    out: Path | None = None
    on: str | None = None
    workspace: Path | None = None
    maker: str = ""


def run_atlas(session: "Session", request: AtlasRequest) -> int:
    """Make an atlas and print its path; return the exit code.

    Raises
    ------
    UsageError
        When product or territory are unknown, a day is no date, or the paper has no room at the scale that is asked
        for.
    ContentError, LayerError, CRSError
        When workspace, product, styles, a layer or the relief cannot be read, or the file cannot be written.
    """
    from zoning.atomic_write import write_whole
    from zoning.maps.made import Made
    from zoning.maps.paper.atlas import render_atlas
    from zoning.maps.paper.units import unit_scenes, units_of
    from zoning.maps.scenes import territory_scene
    from zoning.styles.stylebook import read_stylebook
    from zoning.version import __version__

    workspace = session.open_workspace(request.workspace)
    on = session.day(request.on)
    product = _product(workspace, request)
    outcomes = workspace.own_or_builtin("styles/outcomes.yaml")
    stylebook = read_stylebook(workspace.root / "styles", outcomes=outcomes)
    source = session.source(workspace)
    catalogue = workspace.catalogue
    units = units_of(source, catalogue, _LAYERS[request.by], request.territory, on)
    session.say(Text(f"读取图层：{len(units)} 幅", f"reading the layers: {len(units)} sheets"))
    # Pages are drawn on a larger scale than the territory: borders are kept as they are.
    scene = territory_scene(source, catalogue, product, request.territory, on=on, detail_m=0.0)
    path = request.out or Path("out") / f"{scene.frame.code}-atlas-{request.by}.pdf"

    def relief(box: "Box") -> "Picture | None":
        return _relief(workspace, product, box, stylebook.outcomes.paper)

    atlas = render_atlas(
        scene,
        unit_scenes(scene, units, source, catalogue, product, on),
        product,
        stylebook,
        session.language,
        Made(session.today().isoformat(), __version__, request.maker),
        relief=relief,
        progress=session.say,
    )
    write_whole(path, atlas)
    sys.stdout.write(f"{path}\n")
    return 0


def _product(workspace: "OpenWorkspace", request: AtlasRequest) -> "MapProduct":
    from zoning.cli.check import CheckRequest
    from zoning.cli.map import MapRequest, chosen_products

    check = CheckRequest(None, None, (), request.on, workspace.root)
    wanted = MapRequest(check, product=request.product, territory=request.territory)
    (product,) = chosen_products(workspace, wanted, ("territory",), _PRODUCT)
    changes: dict[str, object] = {}
    if request.paper is not None:
        changes["size"] = request.paper.value
    if request.scale is not None:
        changes["scale"] = scale_of(request.scale)
    return product.model_copy(update={"paper": product.paper.model_copy(update=changes)})


def _relief(workspace: "OpenWorkspace", product: "MapProduct", box: "Box", paper: str) -> "Picture | None":
    from zoning.maps.hillshade import relief_picture

    files = [workspace.root / name for name in workspace.file.relief]
    if product.relief is None or not files:
        return None
    return relief_picture(files, box, product.relief, paper=paper)


def add_atlas(app: typer.Typer) -> None:
    """Add `zoning atlas` to the commands."""
    app.command(name="atlas", help=_HELP, epilog=_EPILOG)(_atlas)


def _atlas(  # noqa: PLR0913, PLR0917 - the options of the contract
    territory: Annotated[
        str, typer.Argument(metavar="TERRITORY", help=t("行政区代码或名称", "code or name of a territory"))
    ],
    by: Annotated[
        By, typer.Option("--by", help=t("每页一个乡镇，或一个管控单元", "a page per township or unit"))
    ] = By.township,
    product: Annotated[
        str, typer.Option("--product", "-p", metavar="ID", help=t("每页画哪个地图产品", "the map product of the pages"))
    ] = _PRODUCT,
    paper: Annotated[
        PaperName | None,
        typer.Option("--paper", case_sensitive=False, metavar="A4|A3|A2|A1", help=t("纸张", "size of the paper")),
    ] = None,
    scale: Annotated[
        str | None,
        typer.Option("--scale", metavar="1:N|fit", help=t("比例尺（默认每页取合适的）", "scale (what fits each page)")),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help=t("写到此文件", "file to write"))
    ] = None,
    on: On = None,
    maker: Annotated[str, typer.Option("--maker", metavar="NAME", help=t("制图单位", "office or person"))] = "",
    workspace: Workspace = None,
    lang: Lang = None,  # noqa: ARG001 - read before the help is built
) -> None:
    """Make an atlas."""
    request = AtlasRequest(territory, by, product, paper, scale, out, on, workspace, maker)
    raise typer.Exit(run_atlas(SESSION, request))
