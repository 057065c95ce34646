"""How sentences of the audit call zones, layers and quantities."""

from zoning.layers.catalogue import Layer
from zoning.quantities import format_area
from zoning.texts import Text, joined


def zone_name(layer: Layer, zone: str, name: str) -> Text:
    """Return how sentences call a zone.

    An id that is the name is written once.
    """
    shown = zone if not name or name == zone else f"{name}（{zone}）"
    plain = zone if not name or name == zone else f"{name} ({zone})"
    return Text(f"{layer.title.zh}“{shown}”", f"{layer.title.en} '{plain}'")


def area_text(area_m2: float) -> Text:
    """Return an area: small ones in m², others as people hand them in."""
    if area_m2 < 1000.0:  # noqa: PLR2004 - a tenth of a hectare
        return Text(f"{area_m2:,.2f} 平方米", f"{area_m2:,.2f} m²")
    return format_area(area_m2)


def listed(words: list[Text], most: int = 5) -> Text:
    """Return words in a row; of many the first."""
    more = len(words) - most
    named = joined(words[:most])
    if more <= 0:
        return named
    return Text(f"{named.zh}等 {len(words)} 个", f"{named.en} and {more} more")
