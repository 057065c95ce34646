"""Examination -> map content: from the measuring plane back to longitude and latitude, clipped to the sheet."""

from collections.abc import Iterable, Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.check import Examination
from zoning.layers.catalogue import Catalogue, Layer
from zoning.maps.content import Box, Conflict, MapContent, MapLayer, MapZone, Picture
from zoning.maps.product import Detail, SiteMap
from zoning.maps.sheet import cut, flat, sheet_of
from zoning.overlay.measure import PlaneLayer
from zoning.overlay.overlap import LayerOverlap, ZoneOverlap
from zoning.overlay.plane import MeasuringPlane
from zoning.rules.verdict import DECISIONS, Decision, Finding, LayerEntry

LONLAT = "EPSG:4490"
WHOLE_EDGE_M = 1e7
GRID_M = 0.01
"""Pieces are united on this grid, the rounding of the page: neighbours that share a border leave no hairlines."""

STRICTEST_FIRST: tuple[Decision, ...] = tuple(reversed(DECISIONS))


def content_from(
    examination: Examination, catalogue: Catalogue, product: SiteMap, *, relief: Picture | None = None
) -> MapContent:
    """Gather what the map of one examined site shows."""
    site = examination.footprint.lonlat
    box = sheet_of(site, product.sheet)
    layers = tuple(
        _map_layer(examination, entry, catalogue[entry.layer], box, product.detail)
        for entry in examination.verdict.layers
        if entry.layer in catalogue.layers
    )
    return MapContent(
        verdict=examination.verdict,
        site=site,
        sheet=box,
        layers=layers,
        conflicts=conflicts_of(examination, catalogue.territory_layer),
        relief=relief,
    )


def _map_layer(examination: Examination, entry: LayerEntry, layer: Layer, box: Box, detail: Detail) -> MapLayer:
    overlap = examination.overlaps[entry.layer]
    near = examination.surroundings.get(entry.layer)
    zones = () if near is None else tuple(_zones(near, overlap, layer, box, detail, examination.plane))
    pieces = {found.class_id: _union(found.zones) for found in overlap.classes}
    shown = {name: _lonlat(examination.plane, piece) for name, piece in pieces.items() if not piece.is_empty}
    return MapLayer(layer=layer, entry=entry, zones=zones, pieces=shown)


def _zones(
    near: PlaneLayer, overlap: LayerOverlap, layer: Layer, box: Box, detail: Detail, plane: MeasuringPlane
) -> Iterable[MapZone]:
    touched = {(found.class_id, zone.id): zone for found in overlap.classes for zone in found.zones}
    for index, geometry in _on_sheet(near, box, plane):
        class_id = near.class_ids[index]
        met = touched.get((class_id, near.ids[index]))
        drawn = cut(geometry, box, detail_m=detail.others if met is None else detail.touched)
        if drawn.is_empty:
            continue
        yield MapZone(
            id=near.ids[index],
            name=near.names[index],
            class_id=class_id,
            geometry=drawn,
            area_m2=None if layer.geometry == "line" else float(near.geometries[index].area),
            overlap_m2=None if met is None else met.overlap_m2,
            length_m=None if met is None else met.length_m,
            touched=met is not None,
            attributes={
                name: near.attributes[index][name] for name in layer.attributes if name in near.attributes[index]
            },
        )


def _on_sheet(near: PlaneLayer, box: Box, plane: MeasuringPlane) -> Iterable[tuple[int, BaseGeometry]]:
    """Return number and shape (longitude and latitude) of the zones on the sheet.

    Meridians and parallels are straight in the cylindrical plane, so that it can cut before anything is projected.
    """
    window = plane.to_plane([shapely.box(*box)], LONLAT, step_m=WHOLE_EDGE_M)[0]
    indices = near.index.meeting(window.bounds)
    parts = shapely.clip_by_rect(near.geometries[indices], *window.bounds)
    return zip(indices.tolist(), plane.to_lonlat(parts), strict=True)


def _union(zones: Iterable[ZoneOverlap]) -> BaseGeometry:
    return shapely.union_all([zone.piece for zone in zones])


def _lonlat(plane: MeasuringPlane, geometry: BaseGeometry) -> BaseGeometry:
    found: BaseGeometry = plane.to_lonlat(np.asarray([geometry], dtype=object))[0]
    return found


def conflicts_of(examination: Examination, territory_layer: str) -> tuple[Conflict, ...]:
    """Return the parts of the site by decision: where several meet, the strictest one keeps the ground."""
    by_decision = _pieces_by_decision(examination, territory_layer)
    taken: BaseGeometry = shapely.Polygon()
    conflicts: list[Conflict] = []
    for decision in STRICTEST_FIRST:
        pieces = by_decision.get(decision, [])
        areas = shapely.union_all([flat(piece, lines=False) for piece in pieces], grid_size=GRID_M)
        lines = shapely.union_all([flat(piece, lines=True) for piece in pieces])
        free = _without_hairlines(shapely.difference(areas, taken, grid_size=GRID_M))
        taken = shapely.union(taken, areas, grid_size=GRID_M)
        conflicts.extend(
            Conflict(decision, _lonlat(examination.plane, part)) for part in (free, lines) if not part.is_empty
        )
    return tuple(conflicts)


def _without_hairlines(geometry: BaseGeometry) -> BaseGeometry:
    # What is thinner than the grid on average comes from the grid, not from the zones.
    parts = shapely.get_parts(flat(geometry, lines=False))
    return shapely.union_all([part for part in parts if part.area > GRID_M * part.length])


def _pieces_by_decision(examination: Examination, territory_layer: str) -> Mapping[Decision, list[BaseGeometry]]:
    found: dict[Decision, list[BaseGeometry]] = {}
    for finding in examination.verdict.findings:
        piece = _piece(finding, examination, territory_layer)
        if finding.decision is not None and piece is not None and not piece.is_empty:
            found.setdefault(finding.decision, []).append(piece)
    return found


def _piece(finding: Finding, examination: Examination, territory_layer: str) -> BaseGeometry | None:
    if finding.layer is None or finding.class_ is None or finding.outcome == "does_not_apply":
        return None
    overlap = examination.overlaps.get(finding.layer)
    found = overlap.class_overlap(finding.class_) if overlap else None
    if found is None or finding.distance_m is not None:
        return None
    piece = _union(found.zones)
    territories = examination.surroundings.get(territory_layer)
    if len(examination.verdict.site.territories) < 2 or territories is None:  # noqa: PLR2004
        return piece
    # A rule binds only in its own territory, also where the zone goes on.
    own = [g for g, code in zip(territories.whole(), territories.ids, strict=True) if code == finding.territory]
    return piece.intersection(shapely.union_all(own))
