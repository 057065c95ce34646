"""What reports of a workspace are made with: parts, templates, maps."""

from pathlib import Path
from typing import TYPE_CHECKING

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


_CONTENT = ("styles", "maps")
_WRITERS = ("docxtpl", "python-docx", "openpyxl", "jinja2", "weasyprint", "matplotlib", "shapely")
"""Packages that decide how a report looks in its bytes, and are always installed."""


def reporter_of(
    session: "Session",
    workspace: "Workspace",
    *,
    maker: str = "",
    template: Path | None = None,
    maps: bool = True,
    made_on: str | None = None,
) -> "Reporter":
    """Return the reporter of a workspace, with what it lacks taken from the program.

    Parameters
    ----------
    made_on
        The day that is printed in reports, ISO 8601; today where it is left out.

    Raises
    ------
    ContentError
        When content of the workspace has a mistake, or the template is not there.
    """
    from zoning.maps.made import Made
    from zoning.report.making import Reporter, no_maps
    from zoning.styles.stylebook import read_stylebook
    from zoning.version import __version__

    if template is not None and not template.is_file():
        raise ContentError(f"--template：{template} 不存在", f"--template: there is no file {template}")
    outcomes = workspace.own_or_builtin("styles/outcomes.yaml")
    stylebook = read_stylebook(workspace.root / "styles", outcomes=outcomes)
    parts = _parts(workspace, stylebook)
    made = Made(made_on or session.today().isoformat(), __version__, maker)
    return Reporter(
        parts=parts,
        page=workspace.own_or_builtin(f"maps/{parts.content.template}"),
        word=workspace.own_or_builtin(f"maps/{parts.content.word_template}"),
        language=session.language,
        made=made,
        own=template,
        maps=_maps(session, workspace, stylebook, made) if maps else no_maps,
    )


def report_digests(workspace: "Workspace", *, maps: bool) -> dict[str, str]:
    """Return what reports rest on besides their verdicts, by name: content, templates, programs; elevations of maps."""
    from importlib.metadata import version

    from zoning.layers.digests import file_sha256
    from zoning.version import __version__
    from zoning.workspace import builtin_root

    found = {name: version(name) for name in _WRITERS} | {"zoning": __version__, "maps": str(maps)}
    for root in dict.fromkeys((workspace.root, builtin_root())):
        files = [path for folder in _CONTENT for path in sorted((root / folder).rglob("*")) if path.is_file()]
        files += [root / "rules" / "territories.yaml"]
        if maps and root == workspace.root:
            files += [root / name for name in workspace.file.relief]
        found |= {f"{path}": file_sha256(path) for path in files if path.is_file()}
    return found


def _parts(workspace: "Workspace", stylebook: "Stylebook") -> "WorkspaceParts":
    from zoning.report.content import read_report_content
    from zoning.report.source import WorkspaceParts
    from zoning.rules.wording.territories import read_territories

    return WorkspaceParts(
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        territories=read_territories(workspace.root / "rules"),
        content=read_report_content(workspace.own_or_builtin("maps/report.yaml")),
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
