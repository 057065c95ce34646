"""Map product -> scene: what lies on a territory, along a river, around a site, ready to be drawn."""

from dataclasses import replace
from datetime import date

import shapely

from zoning.check import Examination
from zoning.errors import UsageError
from zoning.layers.catalogue import Catalogue
from zoning.maps.audience import visible
from zoning.maps.content import Picture
from zoning.maps.gathering import LONLAT, WHOLE_EDGE_M, conflicts_of
from zoning.maps.map_product import MapProduct
from zoning.maps.paper_window import detail_of, paper_window, window_around
from zoning.maps.scene import Frame, Scene
from zoning.maps.scene_layers import find_territory, number_of, outlines, scene_layers
from zoning.maps.scene_strips import rivers, strip_scene, strip_sections
from zoning.maps.scene_zones import Ground
from zoning.overlay.source import LayerSource

__all__ = [
    "find_territory",
    "rivers",
    "site_scene",
    "strip_scene",
    "strip_sections",
    "territory_scene",
    "visible",
]


def territory_scene(
    source: LayerSource,
    catalogue: Catalogue,
    product: MapProduct,
    code: str,
    *,
    on: date,
    relief: Picture | None = None,
    detail_m: float | None = None,
) -> Scene:
    """Return the scene of one territory: zones cut at its border, areas within it from the measuring plane.

    Parameters
    ----------
    code
        Of the territory, or its name.
    detail_m
        How far drawn borders of zones may lie from the true ones; 0 for none at all; half a tenth of a millimetre on
        the paper of the product where it is left out. Areas do not depend on it.

    Raises
    ------
    UsageError
        When there is no such territory.
    LayerError
        When the territories, or a layer's content, cannot be read.
    """
    known = source.territories(on)
    number = number_of(known, code)
    code = known.ids[number]
    land = known.zone(code)
    shape = source.plane.one_to_lonlat(land)
    frame = Frame("territory", code, known.names[number], shape, float(land.area))
    box = window_around(shape, product.margin)
    ground = Ground(source.plane, land, detail_of(product.paper, box) if detail_m is None else detail_m)
    aside = () if product.layers else (catalogue.territory_layer,)
    layers = scene_layers(source, catalogue, product, ground, on=on, aside=aside)
    surroundings = outlines(known, code)
    return Scene(frame, box, on.isoformat(), source.plane.latitude, layers, relief, surroundings=surroundings)


def site_scene(
    examination: Examination,
    catalogue: Catalogue,
    product: MapProduct,
    *,
    source: LayerSource,
    relief: Picture | None = None,
    detail_m: float | None = None,
) -> Scene:
    """Return the scene of one examined site: all zones in the window, what the verdict says, the pieces in conflict.

    The window is as large as the paper can show, and layers are read for all of it: those of the examination end some
    kilometres from the site, and land that is blank for want of data must not look free. The areas of classes are those
    of the verdict, within the site.

    Raises
    ------
    UsageError
        When the product is for the public: a verdict is not.
    """
    if product.audience == "public":
        raise UsageError(
            f"产品 {product.id} 面向公众，不能用于项目地块：研判结论不公开",
            f"product {product.id} is for the public and cannot show a site: verdicts are not public",
        )
    verdict, plane = examination.verdict, examination.plane
    site = examination.footprint.lonlat
    box = paper_window(site, product)
    land = plane.to_plane([shapely.box(*box)], LONLAT, step_m=WHOLE_EDGE_M)[0]
    shapely.prepare(land)
    ground = Ground(plane, land, detail_of(product.paper, box) if detail_m is None else detail_m)
    layers = scene_layers(source, catalogue, product, ground, on=verdict.on, met=examination.overlaps)
    within = {entry.layer: {c.class_: c.overlap_m2 for c in entry.classes} for entry in verdict.layers}
    known = source.territories(verdict.on)
    return Scene(
        frame=Frame("site", verdict.site.id, verdict.site.name, site, verdict.site.area_m2),
        box=box,
        on=verdict.on.isoformat(),
        latitude=plane.latitude,
        layers=tuple(replace(layer, class_areas_m2=within.get(layer.layer.id)) for layer in layers),
        relief=relief,
        verdict=verdict,
        site=site,
        conflicts=conflicts_of(examination, catalogue.territory_layer),
        surroundings=outlines(known, *verdict.site.territories),
    )
