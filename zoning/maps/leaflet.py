"""Map content -> folium objects: panes, layers with their styles, site, conflict pieces, relief."""

import re
from collections.abc import Iterator
from typing import Any

import folium
import numpy as np
import shapely
from branca.element import Element, Figure, MacroElement
from folium.map import CustomPane
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from zoning.maps.content import Conflict, MapContent, MapLayer
from zoning.maps.product import BaseMap
from zoning.maps.sheet import FOR_DISPLAY, geojson
from zoning.maps.tree import starts_on
from zoning.styles.hatches import dash_array, needs_pattern
from zoning.styles.legend import class_key, pattern_id
from zoning.styles.stylebook import ClassStyle, Stylebook

_LOWEST, _SITE, _CONFLICTS = 300, 492, 490
_BELOW_ZONES = 250
_MASK_DEGREES = 0.000_02
_BETWEEN_NUMBERS = re.compile(r"(?<=[\d\]]), (?=[\d\[-])")


class Start(MacroElement):
    """Hands the map and its layers to the script of the page."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        zoningMap.start({{ this.map.get_name() }}, {
            {%- for id, group in this.groups.items() %}{{ id|tojson }}: {{ group.get_name() }},{% endfor -%}
        }, {{ this.site.get_name() }}, {{ this.conflicts.get_name() if this.conflicts else "null" }},
        {{- this.relief.get_name() if this.relief else "null" }},
        JSON.parse(document.getElementById("payload").textContent));
        {% endmacro %}
        """
    )

    def __init__(
        self,
        sheet: folium.Map,
        groups: dict[str, folium.FeatureGroup],
        site: folium.GeoJson,
        conflicts: folium.GeoJson | None,
        relief: folium.raster_layers.ImageOverlay | None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca leaves some types out
        self._name = "Start"
        self.map = sheet
        self.groups = groups
        self.site = site
        self.conflicts = conflicts
        self.relief = relief


def build_map(content: MapContent, stylebook: Stylebook, base_map: BaseMap | None, key: str) -> folium.Map:
    """Return the folium map of one site, without any address of an asset."""
    south, west, north, east = content.sheet.south, content.sheet.west, content.sheet.north, content.sheet.east
    chart = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        tiles=None,
        zoom_start=14,
        zoom_control=False,
        attribution_control=base_map is not None,
        zoom_snap=0.25,
        max_zoom=20,
        max_bounds_viscosity=0.7,
    )
    chart.default_js, chart.default_css = [], []
    if base_map is not None:
        _add_tiles(chart, base_map, key)
    relief = _add_relief(chart, content)
    groups = {layer.layer.id: group for layer, group in _add_layers(chart, content, stylebook)}
    _add_mask(chart, content, stylebook)
    conflicts = _add_conflicts(chart, content, stylebook)
    site = _add_site(chart, content, stylebook)
    Start(chart, groups, site, conflicts, relief).add_to(chart)
    return chart


def render_parts(chart: folium.Map) -> tuple[str, str]:
    """Return the HTML of the map and its script; what folium would put into the head (addresses) is left out.

    The names of all objects are numbered, so that the same content gives the same bytes.
    """
    figure = chart.get_root()
    if not isinstance(figure, Figure):
        msg = "a map needs a figure around it"
        raise TypeError(msg)
    for number, element in enumerate(_walk(figure)):
        element._id = str(number)  # noqa: SLF001 - branca offers no other way
    for child in list(figure._children.values()):  # noqa: SLF001 - branca offers no other way
        child.render()
    return figure.html.render(), _compact(figure.script.render())


def _compact(script: str) -> str:
    lines = "\n".join(line.strip() for line in script.splitlines() if line.strip())
    return _BETWEEN_NUMBERS.sub(",", lines)


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():  # noqa: SLF001 - branca offers no other way
        yield from _walk(child)


def _add_tiles(chart: folium.Map, base_map: BaseMap, key: str) -> None:
    address = base_map.address.replace("{key}", key)
    folium.TileLayer(
        tiles=address, attr=base_map.credit.zh, max_zoom=20, max_native_zoom=base_map.max_zoom, control=False
    ).add_to(chart)


def _add_relief(chart: folium.Map, content: MapContent) -> folium.raster_layers.ImageOverlay | None:
    if content.relief is None:
        return None
    CustomPane("relief", z_index=_BELOW_ZONES, pointer_events=False).add_to(chart)
    west, south, east, north = content.relief.box
    # Rows are equally high in web Mercator already, so folium must not warp the picture again.
    overlay = folium.raster_layers.ImageOverlay(
        content.relief.source,
        bounds=[[south, west], [north, east]],
        pane="relief",
        mercator_project=False,
        control=False,
    )
    overlay.add_to(chart)
    return overlay


def _add_layers(
    chart: folium.Map, content: MapContent, stylebook: Stylebook
) -> Iterator[tuple[MapLayer, folium.FeatureGroup]]:
    number = 0
    for layer in content.layers:
        if not layer.zones and layer.uncovered is None:
            continue
        style = stylebook.of_layer(layer.layer.id)
        pane = f"zones-{layer.layer.id}"
        CustomPane(pane, z_index=_LOWEST + style.order // 6, pointer_events=True).add_to(chart)
        group = folium.FeatureGroup(name=layer.layer.id, control=False, show=starts_on(layer, content, stylebook))
        numbers = range(number, number + len(layer.zones))
        number += len(layer.zones)
        for name in layer.drawn_classes:
            look = _zone_look(class_key(layer.layer.id, name), stylebook.of_class(layer.layer.id, name), layer)
            features = [
                _feature(geojson(zone.geometry, digits=FOR_DISPLAY), z=n)
                for n, zone in zip(numbers, layer.zones, strict=True)
                if zone.class_id == name
            ]
            _collection(features, look, pane=pane).add_to(group)
        group.add_to(chart)
        yield layer, group


def _feature(geometry: dict[str, object], **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _collection(
    features: list[dict[str, object]], look: dict[str, Any], *, pane: str, **options: Any
) -> folium.GeoJson:
    numbered = [{**feature, "id": str(number)} for number, feature in enumerate(features)]
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": numbered},
        style_function=lambda _feature: look,
        smooth_factor=0.6,
        control=False,
        pane=pane,
        **options,
    )


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


def _add_mask(chart: folium.Map, content: MapContent, stylebook: Stylebook) -> None:
    """Cover what lies beyond the sheet: zones end there because they are cut, not because they end."""
    CustomPane("mask", z_index=480, pointer_events=False).add_to(chart)
    west, south, east, north = content.sheet
    wide, high = (east - west) * 3, (north - south) * 3
    outer = _ring(west - wide, south - high, east + wide, north + high)
    inset_x, inset_y = (east - west) * 0.002, (north - south) * 0.002
    inner = [_ring(west + inset_x, south + inset_y, east - inset_x, north - inset_y)[::-1]]
    if content.land is not None:
        # Every ring turns from what is shown to what is not, or back.
        shown = shapely.simplify(content.land, _MASK_DEGREES)
        inner = [_corners(ring) for ring in shapely.get_rings(shapely.get_parts(shown))]
    look = {
        "color": "#8A8578",
        "weight": 1,
        "fillColor": stylebook.outcomes.paper,
        "fillOpacity": 1,
        "interactive": False,
    }
    mask: dict[str, object] = {"type": "Polygon", "coordinates": [outer, *inner]}
    _collection([_feature(mask)], look, pane="mask", interactive=False).add_to(chart)


def _ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _corners(ring: BaseGeometry) -> list[list[float]]:
    found: list[list[float]] = np.round(shapely.get_coordinates(ring), FOR_DISPLAY).tolist()
    return found


def _add_conflicts(chart: folium.Map, content: MapContent, stylebook: Stylebook) -> folium.GeoJson | None:
    if not content.conflicts:
        return None
    CustomPane("conflicts", z_index=_CONFLICTS, pointer_events=True).add_to(chart)
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
    features = [
        {**_feature(geojson(part.geometry), decision=part.decision, at=_inside(part)), "id": str(number)}
        for number, part in enumerate(reversed(content.conflicts))
    ]
    # A veil of paper under the pieces: the colour of the decision reads true whatever zone lies below.
    veil = {"stroke": False, "fillColor": stylebook.outcomes.paper, "fillOpacity": conflict.veil}
    areas = [_feature(geojson(part.geometry)) for part in content.conflicts if part.geometry.area]
    _collection(areas, veil, pane="conflicts", interactive=False).add_to(chart)
    collection = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: looks[feature["properties"]["decision"]],
        smooth_factor=0,
        control=False,
        pane="conflicts",
    )
    collection.add_to(chart)
    return collection


def _inside(part: Conflict) -> list[float]:
    point = part.geometry.representative_point()
    return [round(point.y, 7), round(point.x, 7)]


def _add_site(chart: folium.Map, content: MapContent, stylebook: Stylebook) -> folium.GeoJson:
    CustomPane("site", z_index=_SITE, pointer_events=False).add_to(chart)
    look = stylebook.outcomes.site
    outline = _feature(geojson(content.site))
    casing = {"color": look.casing, "weight": look.casing_width, "fill": False, "opacity": 1}
    line = {"color": look.outline, "weight": look.width, "fill": False, "opacity": 1, "className": "site"}
    _collection([outline], casing, pane="site", interactive=False).add_to(chart)
    site = _collection([outline], line, pane="site", interactive=False)
    site.add_to(chart)
    return site
