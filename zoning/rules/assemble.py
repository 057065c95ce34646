"""Evidence -> verdict: everything that was found, written down so that anyone can check it and run it again."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import shapely

from zoning.layers.catalogue import Catalogue, Layer
from zoning.overlay.footprint import Footprint
from zoning.overlay.overlap import ClassOverlap, LayerOverlap, ZoneOverlap
from zoning.quality.faults import Fault
from zoning.quality.site_quality import SiteQuality, quality_of
from zoning.quantities import hectares, mu
from zoning.rules.access.entries import UnitComparison
from zoning.rules.access.sentences import access_step, open_clauses
from zoning.rules.decision import Conclusion, summarise
from zoning.rules.derivation.derive import Derivation
from zoning.rules.facts import FactSheet
from zoning.rules.rulebook import Rulebook
from zoning.rules.verdict import (
    ClassEntry,
    Digests,
    Finding,
    LayerEntry,
    QualityEntry,
    QualityFault,
    RepairEntry,
    ResponsibleEntry,
    ResponsibleZoneEntry,
    SiteEntry,
    SliverEntry,
    Trace,
    Verdict,
    ZoneEntry,
)
from zoning.sites.site import Repair, Site
from zoning.texts import Text
from zoning.version import __version__

SCHEMATIC = Text("示意数据，非法定边界。", "Schematic data, no legal boundaries.")
PROGRAM = f"zoning {__version__}"
_FAULTS_OF_A_KIND = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the pipeline found about one site."""

    footprint: Footprint
    warnings: tuple[Text, ...]
    facts: FactSheet
    on: date
    territories: tuple[str, ...]
    outside_m2: float
    without_rules: tuple[str, ...]
    overlaps: Mapping[str, LayerOverlap]
    findings: tuple[Finding, ...]
    access_lists: tuple[UnitComparison, ...]
    derivations: tuple[Derivation, ...]
    conclusion: Conclusion
    workspace: str
    notice: Text
    definitions: Mapping[str, str]
    settings_sha256: str


def assemble(evidence: Evidence, catalogue: Catalogue, rulebook: Rulebook) -> Verdict:
    """Write the verdict. Figures are rounded here and nowhere before: m² to 1e-6, shares to 1e-8, metres to 1e-3.

    Raises
    ------
    TangledError
        See `quality_of`.
    """
    conclusion = evidence.conclusion
    titles = {name: layer.title for name, layer in catalogue.layers.items()}
    return Verdict(
        decision=conclusion.decision,
        blocked=conclusion.blocked,
        on=evidence.on,
        summary=_with_remark(summarise(conclusion, titles, rulebook.vocabulary), open_clauses(evidence.access_lists)),
        notice=_notice(evidence, catalogue),
        site=_site_entry(evidence),
        layers=tuple(_layer_entry(catalogue[name], overlap) for name, overlap in evidence.overlaps.items()),
        findings=evidence.findings,
        access_lists=evidence.access_lists,
        missing_facts=conclusion.missing_facts,
        missing_layers=conclusion.missing_layers,
        trace=_trace(evidence),
        digests=Digests(
            site=site_digest(evidence.footprint.site),
            layers={name: overlap.sha256 for name, overlap in evidence.overlaps.items()},
            definitions=dict(evidence.definitions),
            rules=rulebook.sha256,
            workspace=evidence.settings_sha256,
            program=PROGRAM,
        ),
    )


def _with_remark(summary: Text, remark: Text | None) -> Text:
    return summary if remark is None else Text(f"{summary.zh}{remark.zh}", f"{summary.en} {remark.en}")


def site_digest(site: Site) -> str:
    """Return the hash of geometry, coordinate system, width and, where it counts, accuracy of a site."""
    digest = hashlib.sha256()
    digest.update(shapely.to_wkb(site.geometry, byte_order=1))
    digest.update(f"{site.crs}|{site.width_m}".encode())
    if site.accuracy_m:
        digest.update(f"|{site.accuracy_m}".encode())
    return digest.hexdigest()


def _notice(evidence: Evidence, catalogue: Catalogue) -> Text:
    lists = any(one.schematic for entry in evidence.access_lists for one in entry.lists)
    if not lists and not any(catalogue[name].schematic for name in evidence.overlaps):
        return evidence.notice
    return Text(f"{SCHEMATIC.zh}{evidence.notice.zh}", f"{SCHEMATIC.en} {evidence.notice.en}")


def _site_entry(evidence: Evidence) -> SiteEntry:
    footprint = evidence.footprint
    site = footprint.site
    centre = footprint.lonlat.centroid
    return SiteEntry(
        id=site.id,
        name=site.name,
        source=site.source,
        area_m2=round(footprint.area_m2, 6),
        area_ha=round(hectares(footprint.area_m2), 10),
        area_mu=round(mu(footprint.area_m2), 8),
        crs=site.crs,
        edge_model=_edge_model(site),
        stated_area_m2=site.stated_area_m2,
        territories=evidence.territories,
        territories_without_rules=evidence.without_rules,
        outside_territories_m2=round(evidence.outside_m2, 4),
        centre=(round(centre.x, 7), round(centre.y, 7)),
        conversion=site.conversion,
        accuracy_m=site.accuracy_m,
        repairs=_repairs((*site.repairs, *footprint.repairs)),
        warnings=(*site.warnings, *evidence.warnings),
        quality=_quality(quality_of(footprint)),
    )


def _quality(found: SiteQuality) -> QualityEntry:
    listed: Counter[str] = Counter()
    faults = []
    for fault in found.faults:
        listed[fault.kind] += 1
        if listed[fault.kind] <= _FAULTS_OF_A_KIND:
            faults.append(_quality_fault(fault))
    return QualityEntry(
        parts=found.size.parts,
        rings=found.size.rings,
        holes=found.size.holes,
        vertices=found.size.vertices,
        area_before_m2=round(found.area_before_m2, 4) + 0.0,
        counts=dict(sorted(found.counts.items())),
        faults=tuple(faults),
    )


def _quality_fault(fault: Fault) -> QualityFault:
    first = fault.places[0] if fault.places else None
    return QualityFault(
        kind=fault.kind,
        severity=fault.severity,
        text=fault.text,
        place=None if first is None else (round(first.lon, 7), round(first.lat, 7)),
        ring=None if first is None else first.ring,
        vertex=None if first is None else first.vertex,
    )


def _edge_model(site: Site) -> Text:
    return Text(
        f"界址点之间按 {site.crs} 坐标系中的直线连接，加密后在 CGCS2000 椭球面上量算",
        f"edges are straight in {site.crs}, densified, measured on the CGCS2000 ellipsoid",
    )


def _repairs(repairs: Iterable[Repair]) -> tuple[RepairEntry, ...]:
    return tuple(
        RepairEntry(kind=r.kind, count=r.count, area_change_m2=round(r.area_change_m2, 4), text=r.text) for r in repairs
    )


def _layer_entry(layer: Layer, overlap: LayerOverlap) -> LayerEntry:
    nearest = overlap.nearest_m
    return LayerEntry(
        layer=layer.id,
        title=layer.title,
        group=layer.group,
        edition=overlap.edition,
        status=overlap.status,
        reason=overlap.reason,
        accuracy_m=layer.accuracy_m,
        schematic=layer.schematic,
        classes=tuple(_class_entry(layer, found) for found in overlap.classes),
        nearest_m=None if nearest is None else round(nearest, 3),
        searched_m=overlap.searched_m,
        slivers=SliverEntry(count=overlap.slivers.count, sum_m2=round(overlap.slivers.sum_m2, 6)),
        uncovered_m2=round(overlap.uncovered_m2, 4),
        zone_repairs=_repairs(overlap.repairs),
    )


def _class_entry(layer: Layer, found: ClassOverlap) -> ClassEntry:
    return ClassEntry(
        class_=found.class_id,
        title=layer.classes[found.class_id].title,
        assumed=found.assumed,
        zones=tuple(_zone_entry(layer, zone) for zone in found.zones),
        overlap_m2=round(found.overlap_m2, 4),
        share=round(found.share, 8),
        length_m=round(found.length_m, 3),
        certainty=found.certainty,
        flips_at_m=None if found.flips_at_m is None else round(found.flips_at_m, 2),
    )


def _zone_entry(layer: Layer, zone: ZoneOverlap) -> ZoneEntry:
    overlap_m2, length_m = round(zone.overlap_m2, 4), round(zone.length_m, 3)
    if layer.responsible is None:
        return ZoneEntry(id=zone.id, name=zone.name, overlap_m2=overlap_m2, length_m=length_m)
    person = layer.responsible.of(zone.attributes)
    return ResponsibleZoneEntry(
        id=zone.id,
        name=zone.name,
        overlap_m2=overlap_m2,
        length_m=length_m,
        responsible=ResponsibleEntry(
            title=person.title, name=person.name, office=person.office, contact=person.contact
        ),
    )


def _trace(evidence: Evidence) -> Trace:
    footprint = evidence.footprint
    site = footprint.site
    vertices = int(shapely.get_num_coordinates(site.geometry))
    dense = int(shapely.get_num_coordinates(footprint.geometry))
    used = sum(1 for overlap in evidence.overlaps.values() if overlap.status != "no_data")
    missing = len(evidence.overlaps) - used
    steps = (
        Text(
            f"读取 {site.source}：{vertices} 个坐标点，{site.crs}",
            f"read {site.source}: {vertices} vertices, {site.crs}",
        ),
        Text(
            f"加密并投影到量算平面：{dense} 个坐标点",
            f"densified and projected to the measuring plane: {dense} vertices",
        ),
        Text(f"辖区：{'、'.join(evidence.territories)}", f"territories: {', '.join(evidence.territories)}"),
        Text(f"图层：{used} 个已核查，{missing} 个数据缺失", f"layers: {used} checked, {missing} without data"),
        Text(f"规则：{len(evidence.findings)} 条当日有效", f"rules: {len(evidence.findings)} in force on the day"),
        access_step(evidence.access_lists),
    )
    return Trace(
        program=PROGRAM,
        workspace=evidence.workspace,
        geometry=shapely.to_wkt(site.geometry, rounding_precision=-1),
        crs=site.crs,
        width_m=site.width_m,
        facts=evidence.facts.as_plain(),
        derived=evidence.derivations,
        site=_site_trace(site),
        measuring_crs=footprint.plane.crs,
        steps=steps,
    )


def _site_trace(site: Site) -> dict[str, object]:
    return {
        "id": site.id,
        "name": site.name,
        "source": site.source,
        "stated_area_m2": site.stated_area_m2,
        "stated_points": site.stated_points,
        "conversion": None if site.conversion is None else {"zh": site.conversion.zh, "en": site.conversion.en},
        "accuracy_m": site.accuracy_m,
        "attributes": dict(site.attributes),
        "repairs": [
            {"kind": r.kind, "count": r.count, "area_change_m2": r.area_change_m2, "zh": r.text.zh, "en": r.text.en}
            for r in site.repairs
        ],
        "warnings": [{"zh": text.zh, "en": text.en} for text in site.warnings],
    }
