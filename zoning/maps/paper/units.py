"""The parts of a territory that an atlas has pages for, each with the exact areas of the classes in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import LayerError
from zoning.layers.catalogue import Catalogue
from zoning.layers.reader import Unavailable
from zoning.maps.map_product import MapProduct
from zoning.maps.paper_window import paper_window
from zoning.maps.scene import Frame, Scene, SceneLayer
from zoning.maps.scene_layers import find_territory, scene_layers
from zoning.maps.scene_zones import Ground
from zoning.maps.sheet import flat
from zoning.overlay import beside
from zoning.overlay.source import LayerSource

_LEAST_SHARE = 1e-6


@dataclass(frozen=True)
class Unit:
    """A page of an atlas: `land` in the measuring plane, `shape` in longitude and latitude."""

    code: str
    name: str
    land: BaseGeometry
    shape: BaseGeometry


def units_of(source: LayerSource, catalogue: Catalogue, layer_id: str, territory: str, on: date) -> list[Unit]:
    """Return the zones of a layer within a territory, in the order of their codes.

    Raises
    ------
    UsageError
        When there is no such territory.
    LayerError
        When the workspace has no such layer, it cannot be read on that day, or has no zone in the territory.
    """
    known = source.territories(on)
    code, name = find_territory(source, territory, on)
    land = known.zone(code)
    if layer_id not in catalogue.layers:
        raise LayerError(
            f"工作空间没有图层 {layer_id}，不能按它分幅；请补上，或换用 --by",
            f"the workspace has no layer {layer_id} to make pages of: add it, or choose another --by",
        )
    bounds = source.plane.one_to_lonlat(shapely.box(*land.bounds)).bounds
    found = source.layer(layer_id, on=on, bounds=bounds)
    if isinstance(found, Unavailable):
        raise LayerError(
            f"图层 {layer_id} 不可用，不能按它分幅：{found.reason.zh}",
            f"layer {layer_id} cannot be used to make pages of: {found.reason.en}",
        )
    merged: dict[tuple[str, str], list[BaseGeometry]] = {}
    for number in (int(index) for index in found.index.meeting(land.bounds)):
        part = flat(beside.intersection(found.geometries[number], land), lines=False)
        if part.area > _LEAST_SHARE * land.area:
            merged.setdefault((found.ids[number], found.names[number]), []).append(part)
    if not merged:
        raise LayerError(
            f"图层 {layer_id} 在{name}没有分区，不能按它分幅",
            f"layer {layer_id} has no zone in {name} to make pages of",
        )
    whole = {key: beside.union(parts) for key, parts in merged.items()}
    shapes = source.plane.to_lonlat(list(whole.values()))
    return [
        Unit(key[0], key[1], whole[key], shape)
        for key, shape in sorted(zip(whole, shapes, strict=True), key=lambda pair: pair[0])
    ]


def unit_scenes(
    scene: Scene, units: list[Unit], source: LayerSource, catalogue: Catalogue, product: MapProduct, on: date
) -> Iterator[Scene]:
    """Yield the scene of each unit: zones of the whole territory around it, areas of classes within it."""
    aside = () if product.layers else (catalogue.territory_layer,)
    for unit in units:
        shapely.prepare(unit.land)
        ground = Ground(source.plane, unit.land, 0.0)
        within = scene_layers(source, catalogue, product, ground, on=on, aside=aside)
        areas = {layer.layer.id: layer.class_areas_m2 for layer in within}
        box = paper_window(unit.shape, product)
        window = shapely.box(*box)
        layers = tuple(_near(layer, window, areas) for layer in scene.layers)
        frame = Frame("territory", unit.code, unit.name or unit.code, unit.shape, float(unit.land.area))
        yield replace(scene, frame=frame, box=box, layers=layers)


def _near(layer: SceneLayer, window: BaseGeometry, areas: Mapping[str, Mapping[str, float] | None]) -> SceneLayer:
    if layer.presence != "drawn":
        return layer
    zones = tuple(zone for zone in layer.zones if zone.geometry.intersects(window))
    return replace(layer, zones=zones, presence="drawn" if zones else "empty", class_areas_m2=areas.get(layer.layer.id))
