"""A river and its banks: the strip of land along it, the lines of bank distances, the people in charge."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import LayerError, UsageError
from zoning.layers.catalogue import Catalogue
from zoning.layers.datum import WORLD
from zoning.layers.reader import Unavailable
from zoning.maps.audience import visible
from zoning.maps.contacts import contacts_of
from zoning.maps.content import MapZone, Picture
from zoning.maps.gathering import LONLAT, WHOLE_EDGE_M
from zoning.maps.map_product import MapProduct, Strip
from zoning.maps.paper_window import detail_of, window_around
from zoning.maps.scene import Frame, Scene, SceneLayer, layer_without_file
from zoning.maps.scene_layers import find_territory, outlines, scene_layers
from zoning.maps.scene_zones import Ground
from zoning.maps.sheet import flat
from zoning.maps.surroundings import grown
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.source import LayerSource
from zoning.texts import Text

BANK_DISTANCES = "bank-distances"


@dataclass(frozen=True, slots=True)
class River:
    """A river within a territory.

    Attributes
    ----------
    ids
        Of the zones of its layer.
    length_m
        About: half its outline, or the length of a line.
    """

    name: str
    ids: tuple[str, ...]
    length_m: float
    geometry: BaseGeometry


def rivers(
    source: LayerSource, catalogue: Catalogue, product: MapProduct, *, on: date, territory: str
) -> tuple[River, ...]:
    """Return the rivers of a strip product within a territory (code or name), the longest first.

    Raises
    ------
    UsageError
        When there is no such territory, or the product is no strip map, or its rivers are not public.
    LayerError
        When the layer of the rivers cannot be read.
    """
    known = source.territories(on)
    code, _ = find_territory(source, territory, on)
    land = known.zone(code)
    near = _near(source, catalogue, product, on)
    by_name: dict[str, list[int]] = {}
    for number in near.index.meeting(land.bounds).tolist():
        by_name.setdefault(near.names[number] or near.ids[number], []).append(number)
    lines = near.layer.geometry == "line"
    found = []
    for name, numbers in by_name.items():
        zones = near.geometries[np.asarray(numbers, dtype=np.int64)]
        within = flat(shapely.union_all(zones).intersection(land), lines=lines)
        if not within.is_empty:
            length = source.plane.length_m(within if lines else within.boundary) / (1 if lines else 2)
            found.append(River(name, tuple(near.ids[n] for n in numbers), length, within))
    return tuple(sorted(found, key=lambda river: (-river.length_m, river.name)))


def strip_scene(
    source: LayerSource,
    catalogue: Catalogue,
    product: MapProduct,
    river: str,
    *,
    on: date,
    territory: str,
    relief: Picture | None = None,
    detail_m: float | None = None,
) -> Scene:
    """Return the scene along a river within a territory: all that lies within the distance of the product from it.

    The zones are cut at the strip, areas are taken within it. The lines at the bank distances are a layer of their own,
    `bank-distances`. The contacts are those that a table of the workspace names; where it has none, the scene says so.

    Parameters
    ----------
    river
        Name, or id of one of its zones.

    Raises
    ------
    UsageError
        When there is no such river or territory, or the product is no strip map.
    LayerError, ContentError
        When territories, rivers or the table of the contacts cannot be read.
    """
    strip = _strip(product)
    found = _named(river, rivers(source, catalogue, product, on=on, territory=territory))
    code, _ = find_territory(source, territory, on)
    known = source.territories(on)
    land = grown(source.plane, found.geometry, strip.distance).intersection(known.zone(code))
    shapely.prepare(land)
    shape = source.plane.one_to_lonlat(land)
    box = window_around(shape, product.margin)
    ground = Ground(source.plane, land, detail_of(product.paper, box) if detail_m is None else detail_m)
    layers = scene_layers(source, catalogue, _stored(product), ground, on=on, aside=(catalogue.territory_layer,))
    banks = _bank_layer(source.plane, found.geometry, strip, land)
    contacts = contacts_of(catalogue.root, strip.contacts, (found.name, *found.ids))
    return Scene(
        frame=Frame("strip", found.ids[0], found.name, shape, float(land.area)),
        box=box,
        on=on.isoformat(),
        latitude=source.plane.latitude,
        layers=(*layers, *banks),
        relief=relief,
        surroundings=outlines(known, code),
        listings=(contacts,) if "contacts" in product.tables and product.audience == "office" else (),
    )


def strip_sections(
    scene: Scene, source: LayerSource, catalogue: Catalogue, product: MapProduct, *, on: date
) -> tuple[Scene, ...]:
    """Return the scenes of the sections of a strip, from one end to the other; none where one page is for all.

    A section shows the zones of the whole strip; its areas are those within the section.

    Raises
    ------
    UsageError
        When the product is no strip map.
    LayerError, CRSError
        When a layer cannot be read or brought into the measuring plane.
    """
    section = _strip(product).section
    plane = source.plane
    land = plane.to_plane([scene.frame.geometry], LONLAT, step_m=WHOLE_EDGE_M)[0]
    parts = [] if section is None else _sections(land, section)
    if len(parts) < 2:  # noqa: PLR2004 - one part has no neighbour
        return ()
    known = {layer.layer.id: layer for layer in scene.layers}
    stored = _stored(product)
    found = []
    for number, part in enumerate(parts, start=1):
        shapely.prepare(part)
        ground = Ground(plane, part, 0.0)
        within = scene_layers(source, catalogue, stored, ground, on=on, aside=(catalogue.territory_layer,))
        areas = {layer.layer.id: layer.class_areas_m2 for layer in within}
        shape = plane.one_to_lonlat(part)
        name = f"{scene.frame.name} {number}/{len(parts)}"
        frame = Frame("strip", f"{scene.frame.code}-{number}", name, shape, float(part.area))
        layers = tuple(replace(layer, class_areas_m2=areas.get(key)) for key, layer in known.items())
        found.append(replace(scene, frame=frame, box=window_around(shape, product.margin), layers=layers))
    return tuple(found)


def _sections(land: BaseGeometry, most_m: float) -> list[BaseGeometry]:
    """Return the parts of a strip, none longer or wider than `most_m`, in the order of the longer side of their box.

    Cut into halves again and again: neighbouring parts are about as large, and no part is a narrow rest.
    """
    west, south, east, north = land.bounds
    wide, high = east - west, north - south
    if max(wide, high) <= most_m:
        return [land]
    x, y = (west + east) / 2, (south + north) / 2
    # From the west, or from the north.
    halves = (
        ((west, south, x, north), (x, south, east, north))
        if wide > high
        else ((west, y, east, north), (west, south, east, y))
    )
    cut = [flat(land.intersection(shapely.box(*half)), lines=False) for half in halves]
    return [part for half in cut if not half.is_empty for part in _sections(half, most_m)]


def _stored(product: MapProduct) -> MapProduct:
    """Return a product without the layer that this module makes itself."""
    others = tuple(choice for choice in product.layers if choice.layer != BANK_DISTANCES)
    return product.model_copy(update={"layers": others})


def _bank_layer(plane: MeasuringPlane, river: BaseGeometry, strip: Strip, land: BaseGeometry) -> tuple[SceneLayer, ...]:
    """Return the lines at the bank distances as a layer; none where the product names no distances."""
    zones = []
    for distance in sorted(strip.banks):
        line = flat(grown(plane, river, distance).boundary.intersection(land), lines=True)
        name = f"{distance:g} m"
        if not line.is_empty:
            zones.append(MapZone(name, name, "line", plane.one_to_lonlat(line)))
    if not zones:
        return ()
    title = Text("距岸线距离", "distance from the bank")
    own = {
        "geometry": "line",
        "source": Text("由程序按河流岸线量算", "measured by the program from the banks of the river"),
        "public": True,
        "public_attributes": ("id", "name"),
    }
    made = Text("由程序量算", "measured by the program")
    layer = layer_without_file(BANK_DISTANCES, title, {"line": title}, made).model_copy(update=own)
    return (SceneLayer(layer, None, None, "drawn", tuple(zones)),)


def _near(source: LayerSource, catalogue: Catalogue, product: MapProduct, on: date) -> PlaneLayer:
    name = _strip(product).layer
    layer = catalogue.layers.get(name)
    if layer is None or visible(layer, product.model_copy(update={"layers": ()})) is None:
        raise UsageError(
            f"产品 {product.id} 沿图层 {name} 绘制，工作空间没有这一图层，或它不公开",
            f"product {product.id} follows the layer {name}, which the workspace lacks or does not publish",
        )
    near = source.layer(name, on=on, bounds=WORLD)
    if isinstance(near, Unavailable):
        raise LayerError(f"图层 {name} 不可用：{near.reason.zh}", f"the layer {name} cannot be used: {near.reason.en}")
    return near


def _strip(product: MapProduct) -> Strip:
    if product.strip is None:
        raise UsageError(f"产品 {product.id} 不是沿河流的图", f"product {product.id} is no map along a river")
    return product.strip


def _named(told: str, known: tuple[River, ...]) -> River:
    found = next((river for river in known if told == river.name or told in river.ids), None)
    if found is not None:
        return found
    names = [river.name for river in known]
    raise UsageError(
        f"此行政区没有河流“{told}”；可用：{'、'.join(names) or '无'}",
        f"the territory has no river '{told}'; choose one of: {', '.join(names) or 'none'}",
    )
