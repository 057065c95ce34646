"""What reports of a workspace are made with: parts, templates, maps."""

from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.maps import own_or_builtin
from zoning.errors import ContentError

if TYPE_CHECKING:
    from zoning.cli.session import Session
    from zoning.maps.content import Picture as Relief
    from zoning.maps.map_product import MapProduct
    from zoning.maps.scene import Scene
    from zoning.report.making import MapsOf, Reporter
    from zoning.report.source import WorkspaceParts
    from zoning.styles.stylebook import Stylebook
    from zoning.workspace import Workspace


def reporter_of(
    session: "Session",
    workspace: "Workspace",
    *,
    maker: str = "",
    template: Path | None = None,
    maps: bool = True,
) -> "Reporter":
    """Return the reporter of a workspace, with what it lacks taken from the program.

    Raises
    ------
    ContentError
        When content of the workspace has a mistake, or the template is not there.
    """
    from zoning import __version__
    from zoning.maps.made import Made
    from zoning.report.making import Reporter, no_maps
    from zoning.styles.stylebook import read_stylebook

    if template is not None and not template.is_file():
        raise ContentError(f"--template：{template} 不存在", f"--template: there is no file {template}")
    outcomes = own_or_builtin(workspace, "styles/outcomes.yaml")
    stylebook = read_stylebook(workspace.root / "styles", outcomes=outcomes)
    parts = _parts(workspace, stylebook)
    made = Made(session.today().isoformat(), __version__, maker)
    return Reporter(
        parts=parts,
        page=own_or_builtin(workspace, f"maps/{parts.content.template}"),
        word=own_or_builtin(workspace, f"maps/{parts.content.word_template}"),
        language=session.language,
        made=made,
        own=template,
        maps=_maps(session, workspace, stylebook, made) if maps else no_maps,
    )


def _parts(workspace: "Workspace", stylebook: "Stylebook") -> "WorkspaceParts":
    from zoning.report.content import read_report_content
    from zoning.report.source import WorkspaceParts
    from zoning.rules.wording.territories import read_territories

    return WorkspaceParts(
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        territories=read_territories(workspace.root / "rules"),
        content=read_report_content(own_or_builtin(workspace, "maps/report.yaml")),
        outcomes=stylebook.outcomes,
    )


def _maps(session: "Session", workspace: "Workspace", stylebook: "Stylebook", made: object) -> "MapsOf":
    from zoning.cli.map import read_products
    from zoning.maps.made import Made
    from zoning.report.site_maps import MapMaker

    def relief(scene: "Scene", product: "MapProduct") -> "Relief | None":
        from zoning.maps.hillshade import relief_picture

        files = [workspace.root / name for name in workspace.file.relief]
        if product.relief is None or not files:
            return None
        return relief_picture(files, scene.box, product.relief, paper=stylebook.outcomes.paper)

    products = [product for product in read_products(workspace).values() if product.of == "site"]
    known = made if isinstance(made, Made) else Made("", "")
    maker = MapMaker(
        catalogue=workspace.catalogue,
        products=products,
        stylebook=stylebook,
        source=session.source(workspace),
        relief=relief,
        language=session.language,
        made=known,
    )
    return maker.draw
