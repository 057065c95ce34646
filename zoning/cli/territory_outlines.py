"""The outlines of the territories, as thin lines under maps of many things."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoning.overlay.source import LayerSource

_SIMPLE_DEGREES = 0.000_5  # fifty metres: a line on a map of the county


def territory_outlines(source: "LayerSource", on: date) -> Iterator[tuple[str, list[list[tuple[float, float]]]]]:
    """Yield name and rings (degrees) of every territory; none where they cannot be read: the map does without."""
    import shapely

    from zoning.layers.datum import WORLD
    from zoning.layers.reader import Unavailable

    layer = source.layer(source.catalogue.territory_layer, on=on, bounds=WORLD)
    if isinstance(layer, Unavailable):
        return
    outlines = shapely.simplify(layer.plane.to_lonlat(layer.whole()), _SIMPLE_DEGREES)
    for name, zone_id, outline in zip(layer.names, layer.ids, outlines, strict=True):
        rings = [ring for ring in shapely.get_rings(outline) if len(ring.coords) > 3]  # noqa: PLR2004 - four points close a triangle
        yield name or zone_id, [[(round(x, 5), round(y, 5)) for x, y in ring.coords] for ring in rings]
