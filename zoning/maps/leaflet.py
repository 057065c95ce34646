"""Map content -> what `site-layers.js` draws with Leaflet: panes, zones with their looks, site, conflict pieces."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.maps.content import Conflict, MapContent, MapLayer
from zoning.maps.product import BaseMap
from zoning.maps.sheet import FOR_DISPLAY, geojson
from zoning.maps.tree import starts_on
from zoning.styles.hatches import dash_array, needs_pattern
from zoning.styles.legend import class_key, pattern_id
from zoning.styles.stylebook import ClassStyle, Stylebook

_LOWEST = 300  # of the panes of zones; relief, mask, conflict pieces and site have fixed ones
_MASK_DEGREES = 0.000_02


def chart(content: MapContent, stylebook: Stylebook, base_map: BaseMap | None, key: str) -> dict[str, Any]:
    """Return the chart of one site as a value of JSON, coordinates in degrees (EPSG:4490), looks as Leaflet names them.

    `zoningMap.drawSite` of `assets/site-layers.js` reads it. `key` is that of the base map.
    """
    south, west, north, east = content.sheet.south, content.sheet.west, content.sheet.north, content.sheet.east
    return {
        "centre": [(south + north) / 2, (west + east) / 2],
        "tiles": None if base_map is None else _tiles(base_map, key),
        "relief": _relief(content),
        "layers": list(_layers(content, stylebook)),
        "mask": _mask(content, stylebook),
        "conflicts": _conflicts(content, stylebook),
        "site": _site(content, stylebook),
    }


def _tiles(base_map: BaseMap, key: str) -> dict[str, Any]:
    return {
        "address": base_map.address.replace("{key}", key),
        "credit": base_map.credit.zh,
        "maxZoom": base_map.max_zoom,
    }


def _relief(content: MapContent) -> dict[str, Any] | None:
    if content.relief is None:
        return None
    west, south, east, north = content.relief.box
    return {"source": content.relief.source, "bounds": [[south, west], [north, east]]}


def _layers(content: MapContent, stylebook: Stylebook) -> Iterator[dict[str, Any]]:
    number = 0
    for layer in content.layers:
        if not layer.zones and layer.uncovered is None:
            continue
        numbers = range(number, number + len(layer.zones))
        number += len(layer.zones)
        yield {
            "id": layer.layer.id,
            "height": _LOWEST + stylebook.of_layer(layer.layer.id).order // 6,
            "shown": starts_on(layer, content, stylebook),
            "classes": [_class(name, layer, numbers, stylebook) for name in layer.drawn_classes],
        }


def _class(name: str, layer: MapLayer, numbers: range, stylebook: Stylebook) -> dict[str, Any]:
    """Return the zones of a class, each with its number in the payload."""
    zones = [
        _feature(geojson(zone.geometry, digits=FOR_DISPLAY), z=number)
        for number, zone in zip(numbers, layer.zones, strict=True)
        if zone.class_id == name
    ]
    style = stylebook.of_class(layer.layer.id, name)
    return {"look": _zone_look(class_key(layer.layer.id, name), style, layer), "zones": zones}


def _feature(geometry: dict[str, object], **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _zone_look(key: str, style: ClassStyle, layer: MapLayer) -> dict[str, Any]:
    look: dict[str, Any] = {
        "color": style.outline,
        "weight": style.width,
        "opacity": 0.95,
        "dashArray": dash_array(style),
    }
    if layer.layer.geometry == "line":
        return {**look, "fill": False}
    if needs_pattern(style):
        return {**look, "fillColor": f"url(#{pattern_id(key)})", "fillOpacity": 1}
    return {**look, "fillColor": style.fill, "fillOpacity": style.fill_opacity}


def _mask(content: MapContent, stylebook: Stylebook) -> dict[str, Any]:
    """Cover what lies beyond the sheet: zones end there because they are cut, not because they end."""
    west, south, east, north = content.sheet
    wide, high = (east - west) * 3, (north - south) * 3
    outer = _ring(west - wide, south - high, east + wide, north + high)
    inset_x, inset_y = (east - west) * 0.002, (north - south) * 0.002
    inner = [_ring(west + inset_x, south + inset_y, east - inset_x, north - inset_y)[::-1]]
    if content.land is not None:
        # Every ring turns from what is shown to what is not, or back.
        shown = shapely.simplify(content.land, _MASK_DEGREES)
        inner = [_corners(ring) for ring in shapely.get_rings(shapely.get_parts(shown))]
    look = {"color": "#8A8578", "weight": 1, "fillColor": stylebook.outcomes.paper, "fillOpacity": 1}
    return {"look": look, "shape": _feature({"type": "Polygon", "coordinates": [outer, *inner]})}


def _ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _corners(ring: BaseGeometry) -> list[list[float]]:
    found: list[list[float]] = np.round(shapely.get_coordinates(ring), FOR_DISPLAY).tolist()
    return found


def _conflicts(content: MapContent, stylebook: Stylebook) -> dict[str, Any] | None:
    if not content.conflicts:
        return None
    conflict = stylebook.outcomes.conflict
    looks = {
        decision: {
            "color": style.colour,
            "weight": conflict.width,
            "fillColor": style.colour,
            "fillOpacity": conflict.fill_opacity,
            "className": f"conflict {decision}",
        }
        for decision, style in stylebook.outcomes.decisions.items()
    }
    # Worst last, on top of the others.
    pieces = [
        _feature(geojson(part.geometry), decision=part.decision, at=_inside(part), area=bool(part.geometry.area))
        for part in reversed(content.conflicts)
    ]
    # A veil of paper under the pieces: the colour of the decision reads true whatever zone lies below.
    veil = {"stroke": False, "fillColor": stylebook.outcomes.paper, "fillOpacity": conflict.veil}
    return {"looks": looks, "pieces": pieces, "veil": veil}


def _inside(part: Conflict) -> list[float]:
    point = part.geometry.representative_point()
    return [round(point.y, 7), round(point.x, 7)]


def _site(content: MapContent, stylebook: Stylebook) -> dict[str, Any]:
    look = stylebook.outcomes.site
    return {
        "shape": _feature(geojson(content.site)),
        "casing": {"color": look.casing, "weight": look.casing_width, "fill": False, "opacity": 1},
        "line": {"color": look.outline, "weight": look.width, "fill": False, "opacity": 1, "className": "site"},
    }
