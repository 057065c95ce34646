"""Outlines of the workspace's own layers for maps on pages: GeoJSON in a window, to draw on, never to measure."""

import json
import threading
from datetime import date
from typing import Any, Final

import shapely

from zoning.layers.reader import Unavailable
from zoning.overlay.plane_layer import PlaneLayer
from zoning.texts import Language
from zoning.web.rendering import stylebook_of
from zoning.web.server import Server

Bounds = tuple[float, float, float, float]
LONLAT: Final = "EPSG:4490"
MOST_ZONES: Final = 4000
"""In one window; of more none is sent, and the page says: zoom in."""
MOST_CORNERS: Final = 15_000
EXACT_DEGREES: Final = 0.06
"""In a window that is wider, or where there are more corners, outlines are simplified to half a pixel, and the page
does not snap to them: from so far no border can be pointed at."""
_WHOLE_EDGE_M: Final = 1e7
_DECIMALS: Final = 8
"""Of a degree: a millimetre."""
_BEYOND: Final = 0.1
_LOCK = threading.Lock()


def drawing_of(server: Server, language: Language) -> dict[str, Any]:
    """Return what a page needs to draw on a map: where it opens, which layers there are, and how they look."""
    on = server.today()
    with _LOCK:
        bounds = server.workspace.extent(on, server.source)
    catalogue = server.workspace.catalogue
    book = stylebook_of(server)
    layers = []
    for name, layer in catalogue.layers.items():
        if layer.edition_on(on) is None:
            continue
        classes = {}
        for class_id, found in layer.classes.items():
            style = book.of_class(name, class_id)
            classes[class_id] = {
                "title": found.title.get(language),
                "fill": style.fill,
                "opacity": style.fill_opacity,
                "outline": style.outline,
                "width": style.width,
            }
        told = {"id": name, "title": layer.title.get(language), "group": layer.group, "classes": classes}
        layers.append({**told, "line": layer.geometry == "line", "schematic": layer.schematic})
    return {"bounds": bounds, "territory": catalogue.territory_layer, "layers": layers}


def outlines(server: Server, layer: str, on: date, bounds: Bounds, width: int) -> str:
    """Return the zones of a layer in a window as GeoJSON text.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees.
    width
        Of the window, in pixels.

    Returns
    -------
    str
        FeatureCollection in longitude and latitude; `exact`: whether the outlines are those of the layer; `total`: how
        many zones meet the window; `unavailable` (zh, en) where nothing is known of the layer.
    """
    with _LOCK:  # transformers and windows of layers are shared by all threads
        found = server.source.layer(layer, on=on, bounds=bounds)
        if isinstance(found, Unavailable):
            why = json.dumps(found.reason.plain(), ensure_ascii=False)
            return _collection([], exact=True, total=0, more=f',"unavailable":{why}')
        return _drawn(found, server, bounds, width)


def _drawn(found: PlaneLayer, server: Server, bounds: Bounds, width: int) -> str:
    plane = server.source.plane
    window = plane.to_plane([shapely.box(*_grown(bounds))], LONLAT, step_m=_WHOLE_EDGE_M)[0]
    numbers = found.index.meeting(window.bounds)
    if len(numbers) > MOST_ZONES:
        return _collection([], exact=False, total=len(numbers))
    shapes = shapely.clip_by_rect(found.geometries[numbers], *window.bounds)
    corners = int(shapely.get_num_coordinates(shapes).sum())
    exact = corners <= MOST_CORNERS and bounds[2] - bounds[0] <= EXACT_DEGREES
    if not exact:
        west, _, east, _ = window.bounds
        shapes = shapely.simplify(shapes, (east - west) / max(width, 1) / 2)
    lonlat = shapely.transform(plane.to_lonlat(shapes), lambda places: places.round(_DECIMALS))
    texts = shapely.to_geojson(lonlat).tolist()
    features = [
        _feature(text, found.class_ids[number], found.names[number])
        for number, text, empty in zip(numbers.tolist(), texts, shapely.is_empty(lonlat).tolist(), strict=True)
        if not empty
    ]
    return _collection(features, exact=exact, total=len(numbers))


def _grown(bounds: Bounds) -> Bounds:
    """Return the window with a margin: where it cuts zones no border must be seen."""
    west, south, east, north = bounds
    wide, high = (east - west) * _BEYOND, (north - south) * _BEYOND
    return west - wide, max(south - high, -89.0), east + wide, min(north + high, 89.0)


def _feature(geometry: str, class_id: str, name: str) -> str:
    told = json.dumps({"class": class_id, "name": name}, ensure_ascii=False)
    return f'{{"type":"Feature","properties":{told},"geometry":{geometry}}}'


def _collection(features: list[str], *, exact: bool, total: int, more: str = "") -> str:
    listed = ",".join(features)
    return f'{{"type":"FeatureCollection","features":[{listed}],"exact":{json.dumps(exact)},"total":{total}{more}}}'
