"""The map of one examined footprint, drawn with the styles and the map product of the workspace."""

from typing import TYPE_CHECKING

from zoning.cli.session import Session

if TYPE_CHECKING:
    from zoning.check import Examination
    from zoning.workspace import Workspace

BASE_MAP = "ZONING_BASE_MAP"
BASE_MAP_KEY = "ZONING_BASE_MAP_KEY"


def map_of(examination: "Examination", workspace: "Workspace", session: Session) -> str:
    """Return the offline page of one footprint; a base map only when the environment names one and gives its key."""
    from zoning.maps.web_map import MapOptions

    options = MapOptions(session.environ.get(BASE_MAP) or None, session.environ.get(BASE_MAP_KEY, ""))
    return workspace.site_map(examination, session.language, source=session.source(workspace), options=options)
