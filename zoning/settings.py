"""What a check needs to know of a workspace, and its digest."""

from dataclasses import asdict, dataclass

from zoning.layers.catalogue import Catalogue
from zoning.layers.digests import content_sha256
from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class Settings:
    """What the check needs to know of a workspace.

    Attributes
    ----------
    latitude
        Parallel of true scale of the measuring plane, degrees.
    search_m
        How far around a site the nearest zones are looked for.
    tolerance_m2
        Overlaps below this area are slivers, unless the layer states its own tolerance.

    Examples
    --------
    >>> notice = Text("初步研判", "preliminary")
    >>> Settings("office", latitude=35.5, search_m=2000.0, tolerance_m2=1.0, notice=notice).search_m
    2000.0
    """

    name: str
    latitude: float
    search_m: float
    tolerance_m2: float
    notice: Text


def settings_digest(settings: Settings, catalogue: Catalogue) -> str:
    """Return the SHA-256 of what a verdict rests on in `zoning.yaml`."""
    return content_sha256(asdict(settings) | {"territory_layer": catalogue.territory_layer})
