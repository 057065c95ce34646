"""Faults of single zones in the geometry as it is stored, before anything is repaired."""

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import TangledError
from zoning.layers.datum import CGCS2000
from zoning.overlay.plane_layer import STEP_M
from zoning.planning.audit.issue import Finding
from zoning.planning.audit.kinds import SHAPE_KINDS, Severity
from zoning.planning.audit.scene import AuditLayer, Scene
from zoning.planning.audit.wording import zone_name
from zoning.quality.faults import Fault
from zoning.quality.site_quality import drawn
from zoning.quality.sound import surely_sound
from zoning.sites.site import Site
from zoning.texts import Text

_AREA_KINDS = {"nested-parts", "overlapping-parts", "hole-crosses", "holes-overlap", "tiny-part"}
_LENGTH_KINDS = {"spike", "self-overlap", "remote-vertex"}


def shape_findings(scene: Scene, layer: AuditLayer) -> Iterator[Finding]:
    """Yield what is wrong with the rings and lines of a layer."""
    if layer.layer.geometry == "line":
        yield from _line_findings(scene, layer)
        return
    yield from _open_rings(scene, layer)
    features = layer.features
    for zone in np.flatnonzero(~surely_sound(features.geometries, features.crs)).tolist():
        yield from _zone_findings(scene, layer, zone)


def _zone_findings(scene: Scene, layer: AuditLayer, zone: int) -> Iterator[Finding]:
    features = layer.features
    site = Site(
        id=features.ids[zone],
        name=features.names[zone],
        geometry=features.geometries[zone],
        crs=features.crs,
        source=features.edition.origin,
    )
    try:
        faults = drawn(site).faults
    except TangledError as error:
        text = Text(f"{layer.name(zone).zh}：{error.text.zh}", f"{layer.name(zone).en}: {error.text.en}")
        yield Finding("invalid-ring", (layer.layer.id,), (site.id,), text, shapely.point_on_surface(layer.shapes[zone]))
        return
    told: set[str] = set()
    thin = {_ring_number(fault) for fault in faults if SHAPE_KINDS.get(fault.kind) == "sliver"}
    for fault in faults:
        kind = SHAPE_KINDS.get(fault.kind)
        if kind == "spike" and _ring_number(fault) in thin:
            # A sliver is pointed: that is no second fault.
            continue
        if kind is None or (kind == "invalid-ring" and kind in told):
            continue
        told.add(kind)
        yield _finding(scene, layer, zone, fault, kind, [f for f in faults if SHAPE_KINDS.get(f.kind) == kind])


def _finding(scene: Scene, layer: AuditLayer, zone: int, fault: Fault, kind: str, same: list[Fault]) -> Finding:
    """Return a fault of a zone; the faults of an invalid ring are told as one, for one repair answers them."""
    name = layer.name(zone)
    told = same if kind == "invalid-ring" else [fault]
    zh = "；".join(f"{one.title.zh}，{one.text.zh}" for one in told[:3])
    en = "; ".join(f"{one.title.en}, {one.text.en}" for one in told[:3])
    ring = _ring(layer.features.geometries[zone], fault) if kind == "sliver" else None
    geometry = _spot(scene, fault) if ring is None else _in_plane(scene, layer, ring)
    area = float(geometry.area) if ring is not None else fault.amount if fault.kind in _AREA_KINDS else None
    if kind == "invalid-ring" and area is None:
        area = sum(abs(repair.area_change_m2) for repair in layer.plane.zone_repairs.get(zone, ()))
    return Finding(
        kind,
        (layer.layer.id,),
        (layer.features.ids[zone],),
        Text(f"{name.zh}：{zh}", f"{name.en}: {en}"),
        geometry if not geometry.is_empty else shapely.point_on_surface(layer.shapes[zone]),
        severity=fault.severity,
        area_m2=area,
        length_m=fault.amount if fault.kind in _LENGTH_KINDS else None,
    )


def _ring_number(fault: Fault) -> int | None:
    return fault.places[0].ring if fault.places else None


def _spot(scene: Scene, fault: Fault) -> BaseGeometry:
    if not fault.places:
        return shapely.Point()
    return _point(scene, fault.places[0].lon, fault.places[0].lat)


def _point(scene: Scene, lon: float, lat: float) -> BaseGeometry:
    point: BaseGeometry = scene.plane.to_plane([shapely.Point(lon, lat)], CGCS2000, step_m=STEP_M)[0]
    return point


def _ring(geometry: BaseGeometry, fault: Fault) -> BaseGeometry | None:
    """Return the ring that a fault names, as a polygon."""
    number = fault.places[0].ring if fault.places else None
    if number is None:
        return None
    rings = shapely.get_rings(np.asarray(shapely.get_parts(shapely.force_2d(geometry)), dtype=object))
    return None if number > len(rings) else shapely.Polygon(rings[number - 1])


def _in_plane(scene: Scene, layer: AuditLayer, shape: BaseGeometry) -> BaseGeometry:
    moved: BaseGeometry = scene.plane.to_plane([shape], layer.features.crs, step_m=STEP_M)[0]
    return moved


def _open_rings(scene: Scene, layer: AuditLayer) -> Iterator[Finding]:
    for ring in layer.open_rings:
        line = _in_plane(scene, layer, shapely.LineString([ring.end, ring.start]))
        length = scene.plane.length_m(line)
        zones = layer.features.ids
        known = zones.index(ring.zone) if ring.zone in zones else None
        name = zone_name(layer.layer, ring.zone, "") if known is None else layer.name(known)
        text = Text(
            f"{name.zh}：边界的终点没有回到起点，相距 {length:,.2f} 米；在更正之前，核查不能读取整个图层",
            f"{name.en}: the border ends {length:,.2f} m from where it began; "
            "until that is mended no check can read the layer",
        )
        place = shapely.Point(line.coords[-1])
        yield Finding("unclosed", (layer.layer.id,), (ring.zone,), text, place, length_m=length)


def _line_findings(scene: Scene, layer: AuditLayer) -> Iterator[Finding]:
    """Yield lines that are borders and nearly end where they began."""
    if layer.layer.id not in scene.plan.borders:
        return
    for zone, shape in enumerate(layer.shapes):
        merged = shapely.line_merge(shape) if shape.geom_type == "MultiLineString" else shape
        for line in shapely.get_parts(merged):
            if line.is_closed:
                continue
            gap = shapely.LineString([line.coords[-1], line.coords[0]])
            length = scene.plane.length_m(gap)
            near = length <= scene.plan.parameters.closing and length < line.length / 2
            name = layer.name(zone)
            text = Text(
                f"{name.zh}：边界线没有闭合，首尾相距 {length:,.2f} 米",
                f"{name.en}: the border line is not closed, its ends are {length:,.2f} m apart",
            )
            severity: Severity | None = None if near else "warning"
            place = shapely.Point(line.coords[-1])
            zones = (layer.features.ids[zone],)
            yield Finding("unclosed", (layer.layer.id,), zones, text, place, severity=severity, length_m=length)
