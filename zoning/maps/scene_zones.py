"""Zones for a scene: measured exactly in the measuring plane, then simplified so that shared borders stay shared."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.layers.reader import NOT_HERE, Unavailable
from zoning.maps.audience import NOT_PUBLISHED, as_seen, may_see
from zoning.maps.content import MapZone
from zoning.maps.map_product import LayerChoice, MapProduct
from zoning.maps.scene import Presence, SceneLayer, layer_without_file, valid_from
from zoning.maps.sheet import flat
from zoning.overlay import beside
from zoning.overlay.overlap import LayerOverlap, ZoneOverlap
from zoning.overlay.plane import Geometries, MeasuringPlane
from zoning.overlay.plane_layer import PlaneLayer
from zoning.texts import Text

HAIRLINE_M = 0.01
"""Parts that are thinner on average come from rounding of a shared border, not from a zone that lies there."""

_STRAIGHT_M = 0.001
_UNKNOWN = Text("未知", "unknown")


@dataclass(frozen=True, slots=True)
class Ground:
    """The land that a scene shows zones of.

    Attributes
    ----------
    land
        In the measuring plane; prepared.
    detail_m
        How far the drawn border of a zone may lie from the true one.
    """

    plane: MeasuringPlane
    land: BaseGeometry
    detail_m: float


def scene_layer(
    near: PlaneLayer | Unavailable,
    choice: LayerChoice,
    product: MapProduct,
    ground: Ground,
    *,
    met: LayerOverlap | None = None,
) -> SceneLayer:
    """Return a layer on the ground of a scene; `met`: what a site has to do with it."""
    layer = as_seen(near.layer, choice, product)
    if isinstance(near, Unavailable):
        # The reason names files and databases.
        reason = near.reason if product.audience == "office" else NOT_PUBLISHED
        since = valid_from(near.layer, near.edition_id)
        whole = ground.plane.one_to_lonlat(ground.land)
        return SceneLayer(layer, near.edition_id, since, "no_data", reason=reason, uncovered=whole)
    parts = _parts_on(near, choice, ground)
    uncovered = uncovered_land(near, ground.land)
    zones = tuple(_zones(near, choice, product, parts, ground, met))
    presence: Presence = "drawn" if zones else "empty"
    if not zones and uncovered is not None and uncovered.area >= ground.land.area * (1 - 1e-9):
        presence = "no_data"
    drawn = {zone.class_id for zone in zones}
    return SceneLayer(
        layer=layer,
        edition=near.edition_id,
        valid_from=valid_from(near.layer, near.edition_id),
        presence=presence,
        zones=zones,
        reason=NOT_HERE if presence == "no_data" else None,
        uncovered=None if uncovered is None else ground.plane.one_to_lonlat(uncovered),
        class_areas_m2={name: size for name, size in _sizes(near, parts, ground).items() if name in drawn},
    )


def missing_layer(choice: LayerChoice, ground: Ground) -> SceneLayer:
    """Return what a map says of a layer that it should show and the workspace does not have."""
    title = choice.title or Text(choice.layer, choice.layer)
    layer = layer_without_file(choice.layer, title, {"unknown": title}, _UNKNOWN)
    reason = Text("工作空间中没有这一图层", "the workspace has no such layer")
    return SceneLayer(layer, None, None, "no_data", reason=reason, uncovered=ground.plane.one_to_lonlat(ground.land))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The zones that lie on the ground, by number, and their parts there, exact; hairlines are in `thin`."""

    numbers: list[int]
    pieces: Geometries
    whole: list[bool]


def _parts_on(near: PlaneLayer, choice: LayerChoice, ground: Ground) -> _Parts:
    lines = near.layer.geometry == "line"
    shown = set(choice.classes)
    numbers = [int(n) for n in near.index.meeting(ground.land.bounds) if near.class_ids[int(n)] in shown]
    zones = near.geometries[np.asarray(numbers, dtype=np.int64)]
    whole = shapely.covers(ground.land, zones)
    pieces = np.array(zones, dtype=object)
    for index in np.flatnonzero(~whole):
        pieces[index] = flat(beside.intersection(zones[index], ground.land), lines=lines)
    kept = [index for index, piece in enumerate(pieces) if not (piece.is_empty or (not lines and _thin(piece)))]
    return _Parts([numbers[i] for i in kept], pieces[kept], [bool(whole[i]) for i in kept])


def _thin(piece: BaseGeometry) -> bool:
    return bool(piece.area <= HAIRLINE_M * piece.length / 2)


def _sizes(near: PlaneLayer, parts: _Parts, ground: Ground) -> Mapping[str, float]:
    """Return square metres (metres of lines) by class, what lies in several zones of a class once."""
    by_class: dict[str, list[BaseGeometry]] = {}
    for number, piece in zip(parts.numbers, parts.pieces, strict=True):
        by_class.setdefault(near.class_ids[number], []).append(piece)
    if near.layer.geometry == "line":
        return {name: ground.plane.length_m(beside.union(lines)) for name, lines in by_class.items()}
    return {name: _area_m2(np.array([*pieces, None], dtype=object)[:-1]) for name, pieces in by_class.items()}


def _area_m2(pieces: Geometries) -> float:
    """Return the area of pieces (n,), what lies in several once: those alone are united, which takes long."""
    one, other = shapely.STRtree(pieces).query(pieces, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    try:
        common = shapely.relate_pattern(pieces[one], pieces[other], "2********")
    except shapely.GEOSException:
        common = np.full(len(one), fill_value=True)
    mixed = np.zeros(len(pieces), dtype=bool)
    mixed[one[common]] = mixed[other[common]] = True
    return math.fsum([*shapely.area(pieces[~mixed]).tolist(), beside.union(pieces[mixed]).area])


def uncovered_land(near: PlaneLayer, land: BaseGeometry) -> BaseGeometry | None:
    """Return the part of a piece of land (in the measuring plane) outside the coverage of a layer; None for none."""
    covered = near.coverage.area
    if shapely.covers(covered, land):
        return None
    parts = shapely.get_parts(flat(beside.difference(land, covered), lines=False))
    thick = [part for part in parts if not _thin(part)]
    return shapely.union_all(thick) if thick else None


def _zones(
    near: PlaneLayer,
    choice: LayerChoice,
    product: MapProduct,
    parts: _Parts,
    ground: Ground,
    met: LayerOverlap | None,
) -> Iterable[MapZone]:
    layer, lines = near.layer, near.layer.geometry == "line"
    touched = _touched(met)
    named, coded = (may_see(layer, field, product) for field in (layer.name_field, layer.id_field))
    shapes = ground.plane.to_lonlat(_displayed(near, parts, ground))
    for serial, (number, shape) in enumerate(zip(parts.numbers, shapes, strict=True), start=1):
        overlap = touched.get((near.class_ids[number], near.ids[number]))
        values = near.attributes[number]
        yield MapZone(
            id=near.ids[number] if coded else str(serial),
            name=near.names[number] if named else "",
            class_id=near.class_ids[number],
            geometry=shape,
            area_m2=None if lines else float(near.geometries[number].area),
            overlap_m2=None if overlap is None else overlap.overlap_m2,
            length_m=None if overlap is None else overlap.length_m,
            touched=overlap is not None,
            attributes={name: values[name] for name in choice.attributes or () if name in values},
        )


def _touched(met: LayerOverlap | None) -> Mapping[tuple[str, str], ZoneOverlap]:
    if met is None:
        return {}
    return {(found.class_id, zone.id): zone for found in met.classes for zone in found.zones}


def _displayed(near: PlaneLayer, parts: _Parts, ground: Ground) -> Geometries:
    """Return the shapes as they are drawn.

    Whole zones are simplified together and cut afterwards: cutting first would give neighbours different corners on
    the edge that they share. No zone gets lost: one that would vanish is drawn as it is.
    """
    lines = near.layer.geometry == "line"
    zones = near.geometries[np.asarray(parts.numbers, dtype=np.int64)]
    if lines:
        simple = shapely.simplify(zones, max(ground.detail_m, _STRAIGHT_M))
    else:
        simple = _simplified(zones, ground.detail_m)
    shown = np.array(simple, dtype=object)
    for index, shape in enumerate(simple):
        if parts.whole[index] or (not lines and _ends_here(zones[index], parts.pieces[index])):
            continue
        cut = flat(shapely.intersection(shape, ground.land), lines=lines)
        shown[index] = parts.pieces[index] if cut.is_empty else cut
    return shown


def _ends_here(zone: BaseGeometry, piece: BaseGeometry) -> bool:
    """Tell whether a zone ends at the border of the land, which it leaves by hairlines only."""
    return bool(zone.area - piece.area <= HAIRLINE_M * piece.length)


def _simplified(zones: Geometries, detail_m: float) -> Geometries:
    if not len(zones) or detail_m <= 0:
        return zones
    simple = np.array(shapely.coverage_simplify(zones, detail_m), dtype=object)
    lost = np.flatnonzero(shapely.is_empty(simple) | ~shapely.is_valid(simple))
    simple[lost] = zones[lost]
    return simple
