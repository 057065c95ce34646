"""Examination -> map content: from the measuring plane back to longitude and latitude, clipped to the sheet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, radians

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.check import Examination
from zoning.layers.catalogue import Catalogue, Layer
from zoning.layers.reader import Unavailable
from zoning.maps.content import Box, Conflict, MapContent, MapLayer, MapZone, Picture
from zoning.maps.product import Detail, SiteMap
from zoning.maps.scene_zones import uncovered_land
from zoning.maps.sheet import METRES_PER_DEGREE, cut, flat, sheet_of
from zoning.maps.surroundings import grown
from zoning.overlay.measure import PlaneLayer
from zoning.overlay.overlap import LayerOverlap, ZoneOverlap
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.source import LayerSource
from zoning.rules.verdict import DECISIONS, Decision, Finding, LayerEntry
from zoning.texts import Text

LONLAT = "EPSG:4490"
WHOLE_EDGE_M = 1e7
MOST_BYTES = 10_000_000
"""Of the zones of a page, which is to stay below 15 MB with everything else on it."""

_SHOWN: tuple[tuple[float | None, float], ...] = ((None, 1), (None, 4), (2000, 4), (1000, 4), (500, 4), (250, 4))
"""How far from the site zones are shown (None: on all of the sheet), and how much coarser those far from it, until the
page can hold them all: what is shown is always complete."""

_BYTES_OF_CORNER, _BYTES_OF_ZONE = 22, 640
"""In a page: measured, rounded up; a zone has its figures in both languages."""

_LONGEST_DEGREE_M = 112_000.0

GRID_M = 0.01
"""Pieces are united on this grid, the rounding of the page: neighbours that share a border leave no hairlines."""

STRICTEST_FIRST: tuple[Decision, ...] = tuple(reversed(DECISIONS))


def content_from(
    examination: Examination,
    catalogue: Catalogue,
    product: SiteMap,
    *,
    relief: Picture | None = None,
    source: LayerSource | None = None,
    territories: Mapping[str, Text] | None = None,
) -> MapContent:
    """Gather what the map of one examined site shows.

    Parameters
    ----------
    source
        Where the layers are read for all of the sheet. Those of the examination end some kilometres from the site, and
        land that is blank for want of data must not look free. Left out, only they are drawn.
    territories
        Names by code.
    """
    site = examination.footprint.lonlat
    box = sheet_of(site, product.sheet)
    entries = [entry for entry in examination.verdict.layers if entry.layer in catalogue.layers]
    near = {entry.layer: _on_all_of(box, entry, examination, source) for entry in entries}
    layers: tuple[MapLayer, ...] = ()
    land = None
    for reach_m, coarser in _SHOWN:
        land = None if reach_m is None else _within(examination, reach_m, box)
        ground = _Ground(box, land, product.detail, coarser, _within(examination, product.sheet.margin, box))
        layers = tuple(
            _map_layer(examination, entry, catalogue[entry.layer], near[entry.layer], ground) for entry in entries
        )
        if _bytes(layers) <= MOST_BYTES:
            break
    read_m = {
        entry.layer: entry.searched_m
        for entry in entries
        if near[entry.layer] is examination.surroundings.get(entry.layer)
        and not _is_within(box, site, entry.searched_m)
    }
    gaps = _gaps(examination, near, box if land is None else land, product, read_m)
    return MapContent(
        verdict=examination.verdict,
        site=site,
        sheet=box if land is None else Box(*land.bounds),
        layers=tuple(replace(layer, uncovered=gaps.get(layer.layer.id)) for layer in layers),
        conflicts=conflicts_of(examination, catalogue.territory_layer),
        relief=relief,
        land=land,
        territories=territories or {},
    )


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is shown, and how exactly.

    Attributes
    ----------
    land
        Part of the box; None for all of it.
    coarser
        Zones that lie wholly outside `close` are drawn so many times coarser.
    """

    box: Box
    land: BaseGeometry | None
    detail: Detail
    coarser: float
    close: BaseGeometry

    def drawn(self, zone: BaseGeometry, *, touched: bool) -> BaseGeometry:
        """Return what is drawn of a zone (longitude and latitude)."""
        detail_m = self.detail.touched if touched else self.detail.others
        if self.coarser > 1 and not (touched or self.close.intersects(zone)):
            detail_m *= self.coarser
        shape = cut(zone, self.box, detail_m=detail_m)
        if self.land is None or shape.is_empty or self.land.covers(shape):
            return shape
        return flat(shape.intersection(self.land), lines=shapely.get_dimensions(shape) == 1)


def _on_all_of(box: Box, entry: LayerEntry, examination: Examination, source: LayerSource | None) -> PlaneLayer | None:
    known = examination.surroundings.get(entry.layer)
    if source is None or known is None or _is_within(box, examination.footprint.lonlat, entry.searched_m):
        return known
    found = source.layer(entry.layer, on=examination.verdict.on, bounds=(box.west, box.south, box.east, box.north))
    return known if isinstance(found, Unavailable) else found


def _gaps(
    examination: Examination,
    near: Mapping[str, PlaneLayer | None],
    shown: BaseGeometry | Box,
    product: SiteMap,
    read_m: Mapping[str, float],
) -> Mapping[str, BaseGeometry]:
    """Return by layer the land that is shown and that nothing is known of, in longitude and latitude.

    Parameters
    ----------
    read_m
        Of layers that are not known on all of the sheet: how far from the site they are.
    """
    whole: BaseGeometry = shapely.box(*shown) if isinstance(shown, Box) else shown
    land = examination.plane.to_plane([whole], LONLAT, step_m=WHOLE_EDGE_M)[0]
    shapely.prepare(land)
    found: dict[str, BaseGeometry | None] = {}
    # Many layers have the very same coverage.
    kept: dict[tuple[int, float | None], BaseGeometry | None] = {}
    for layer_id, layer in near.items():
        if layer is None:
            found[layer_id] = whole
            continue
        key = (id(layer.coverage), read_m.get(layer_id))
        if key not in kept:
            kept[key] = _gap(examination, layer, land, read_m.get(layer_id), product.detail)
        found[layer_id] = kept[key]
    return {layer_id: gap for layer_id, gap in found.items() if gap is not None}


def _gap(
    examination: Examination, layer: PlaneLayer, land: BaseGeometry, read_m: float | None, detail: Detail
) -> BaseGeometry | None:
    plane = examination.plane
    parts = [uncovered_land(layer, land)]
    if read_m is not None:
        parts.append(land.difference(grown(plane, examination.footprint.geometry, read_m)))
    gap = shapely.union_all([part for part in parts if part is not None])
    if gap.is_empty:
        return None
    return shapely.simplify(plane.one_to_lonlat(gap), detail.touched / METRES_PER_DEGREE, preserve_topology=True)


def _is_within(box: Box, site: BaseGeometry, distance_m: float) -> bool:
    """Tell whether a window lies within a distance of the box of a site: so much the examination knows for sure."""
    west, south, east, north = site.bounds
    high = distance_m / _LONGEST_DEGREE_M
    wide = high / cos(radians(min(abs(south), abs(north))))
    return (
        west - wide <= box.west and south - high <= box.south and box.east <= east + wide and box.north <= north + high
    )


def _within(examination: Examination, distance_m: float, box: Box) -> BaseGeometry:
    """Return the part of a box that lies within a distance of the site, in longitude and latitude; prepared."""
    wide = grown(examination.plane, examination.footprint.geometry, distance_m)
    land = shapely.clip_by_rect(examination.plane.one_to_lonlat(wide), *box)
    shapely.prepare(land)
    return land


def _bytes(layers: Iterable[MapLayer]) -> int:
    """Return about how many bytes of a page the zones take."""
    zones = [zone for layer in layers for zone in layer.zones]
    corners = int(shapely.get_num_coordinates([zone.geometry for zone in zones]).sum()) if zones else 0
    texts = sum(len(text.encode()) for zone in zones for text in (zone.name, *(zone.attributes or {}).values()))
    return corners * _BYTES_OF_CORNER + len(zones) * _BYTES_OF_ZONE + 2 * texts


def _map_layer(
    examination: Examination, entry: LayerEntry, layer: Layer, near: PlaneLayer | None, ground: _Ground
) -> MapLayer:
    overlap = examination.overlaps[entry.layer]
    zones = () if near is None else tuple(_zones(near, overlap, layer, ground, examination.plane))
    pieces = {found.class_id: _union(found.zones) for found in overlap.classes}
    shown = {name: examination.plane.one_to_lonlat(piece) for name, piece in pieces.items() if not piece.is_empty}
    return MapLayer(layer=layer, entry=entry, zones=zones, pieces=shown)


def _zones(
    near: PlaneLayer, overlap: LayerOverlap, layer: Layer, ground: _Ground, plane: MeasuringPlane
) -> Iterable[MapZone]:
    touched = {(found.class_id, zone.id): zone for found in overlap.classes for zone in found.zones}
    for index, geometry in _on_sheet(near, ground.box, plane):
        class_id = near.class_ids[index]
        met = touched.get((class_id, near.ids[index]))
        drawn = ground.drawn(geometry, touched=met is not None)
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


def conflicts_of(examination: Examination, territory_layer: str) -> tuple[Conflict, ...]:
    """Return the parts of the site by decision: where several meet, the strictest one keeps the ground."""
    laid = laid_out(_pieces_by_decision(examination, territory_layer))
    return tuple(Conflict(decision, examination.plane.one_to_lonlat(part)) for decision, part in laid)


def laid_out(by_decision: Mapping[Decision, Sequence[BaseGeometry]]) -> list[tuple[Decision, BaseGeometry]]:
    """Return what is drawn for each decision, strictest first: areas without those of stricter ones, and lines."""
    taken: BaseGeometry = shapely.Polygon()
    laid: list[tuple[Decision, BaseGeometry]] = []
    for decision in STRICTEST_FIRST:
        pieces = by_decision.get(decision, ())
        areas = shapely.union_all([flat(piece, lines=False) for piece in pieces], grid_size=GRID_M)
        lines = shapely.union_all([flat(piece, lines=True) for piece in pieces])
        free = _without_hairlines(shapely.difference(areas, taken, grid_size=GRID_M))
        # On the grid an area that is thinner becomes a line, and areas and lines together cannot be overlaid.
        taken = flat(shapely.union(taken, flat(areas, lines=False), grid_size=GRID_M), lines=False)
        laid.extend((decision, part) for part in (free, lines) if not part.is_empty)
    return laid


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
    if len(examination.verdict.site.territories) < 2 or territories is None:  # noqa: PLR2004 - in one territory nothing is cut away
        return piece
    # A rule binds only in its own territory, also where the zone goes on.
    own = [g for g, code in zip(territories.whole(), territories.ids, strict=True) if code == finding.territory]
    return piece.intersection(shapely.union_all(own))
