"""The layers of a scene, and the territories that it lies in."""

from collections.abc import Mapping
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import UsageError
from zoning.layers.catalogue import Catalogue
from zoning.maps.audience import visible
from zoning.maps.map_product import LayerChoice, MapProduct
from zoning.maps.scene import SceneLayer
from zoning.maps.scene_zones import Ground, missing_layer, scene_layer
from zoning.overlay.overlap import LayerOverlap
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.source import LayerSource

_OUTLINE_M = 50.0


def scene_layers(
    source: LayerSource,
    catalogue: Catalogue,
    product: MapProduct,
    ground: Ground,
    *,
    on: date,
    aside: tuple[str, ...] = (),
    met: Mapping[str, LayerOverlap] | None = None,
) -> tuple[SceneLayer, ...]:
    """Return the layers of a product on a piece of land, in its order; one that the workspace lacks says so."""
    bounds = source.plane.one_to_lonlat(shapely.box(*ground.land.bounds)).bounds
    found: list[SceneLayer] = []
    for choice in product.layers or [LayerChoice(layer=name) for name in catalogue.layers if name not in aside]:
        layer = catalogue.layers.get(choice.layer)
        if layer is None:
            found.append(missing_layer(choice, ground))
            continue
        shown = visible(layer, product)
        if shown is not None:
            near = source.layer(layer.id, on=on, bounds=bounds)
            found.append(scene_layer(near, shown, product, ground, met=(met or {}).get(layer.id)))
    return tuple(found)


def find_territory(source: LayerSource, told: str, on: date) -> tuple[str, str]:
    """Return code and name of the territory that a code or a name means.

    Raises
    ------
    UsageError
        When there is none.
    """
    known = source.territories(on)
    number = number_of(known, told)
    return known.ids[number], known.names[number]


def outlines(known: PlaneLayer, *first: str) -> tuple[tuple[str, BaseGeometry], ...]:
    """Return the outlines of all territories in longitude and latitude, those with the given codes first."""
    names = dict(zip(known.ids, known.names, strict=True))
    codes = [*(code for code in first if code in names), *(code for code in names if code not in first)]
    zones = [shapely.simplify(known.zone(code), _OUTLINE_M) for code in codes]
    shapes = known.plane.to_lonlat(zones)
    return tuple((names[code], shape) for code, shape in zip(codes, shapes, strict=True))


def number_of(known: PlaneLayer, told: str) -> int:
    """Return the number of the territory that a code or a name means.

    Raises
    ------
    UsageError
        When there is none.
    """
    for values in (known.ids, known.names):
        if told in values:
            return list(values).index(told)
    listed = sorted(set(zip(known.ids, known.names, strict=True)))
    zh = "、".join(f"{code} {name}" for code, name in listed)
    en = ", ".join(f"{code} {name}" for code, name in listed)
    raise UsageError(f"没有行政区“{told}”；可用：{zh}", f"there is no territory '{told}'; choose one of: {en}")
