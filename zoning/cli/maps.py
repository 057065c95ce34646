"""The map of one examined footprint, drawn with the styles and the map product of the workspace."""

from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.session import Session

if TYPE_CHECKING:
    from zoning.check import Examination
    from zoning.workspace import Workspace

BASE_MAP = "ZONING_BASE_MAP"
BASE_MAP_KEY = "ZONING_BASE_MAP_KEY"


def map_of(examination: "Examination", workspace: "Workspace", session: Session) -> str:
    """Return the offline page of one footprint; a base map only when the environment names one and gives its key."""
    from zoning.maps.gathering import content_from
    from zoning.maps.hillshade import relief_picture
    from zoning.maps.product import read_site_map
    from zoning.maps.sheet import sheet_of
    from zoning.maps.web_map import MapOptions, render_site_map
    from zoning.rules.wording.territories import read_territories
    from zoning.styles.stylebook import read_stylebook

    stylebook = read_stylebook(workspace.root / "styles", outcomes=own_or_builtin(workspace, "styles/outcomes.yaml"))
    product = read_site_map(own_or_builtin(workspace, "maps/site-map.yaml"))
    files = [workspace.root / name for name in workspace.file.relief]
    box = sheet_of(examination.footprint.lonlat, product.sheet)
    relief = relief_picture(files, box, product.relief, paper=stylebook.outcomes.paper) if files else None
    content = content_from(
        examination,
        workspace.catalogue,
        product,
        relief=relief,
        source=session.source(workspace),
        territories=read_territories(workspace.root / "rules"),
    )
    options = MapOptions(session.environ.get(BASE_MAP) or None, session.environ.get(BASE_MAP_KEY, ""))
    return render_site_map(content, language=session.language, product=product, stylebook=stylebook, options=options)


def own_or_builtin(workspace: "Workspace", name: str) -> Path:
    """Return a file of the workspace; where it has none, the one that comes with the program."""
    from zoning.workspace import builtin_root

    own = workspace.root / name
    return own if own.is_file() else builtin_root() / name
