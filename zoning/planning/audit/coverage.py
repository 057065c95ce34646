"""Layers against the land that they speak of: gaps, zones outside, territories without zones."""

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.citations import Citation
from zoning.overlay.beside import common_m2, difference, union
from zoning.planning.audit.issue import Finding
from zoning.planning.audit.overlaps import Slivers
from zoning.planning.audit.scene import AuditLayer, Ground, Scene, mean_width_m, parts_of, together
from zoning.planning.audit.wording import area_text
from zoning.texts import Text


def gap_findings(scene: Scene, layer: AuditLayer, citation: Citation | None) -> Iterator[Finding]:
    """Yield the land that a layer leaves open although it must fill it."""
    for ground in scene.grounds(layer):
        if not _has_zones(scene, layer, ground):
            # Nothing at all is told as a coverage without zones.
            continue
        near = np.flatnonzero(shapely.intersects(ground.area, layer.shapes))
        slivers = Slivers(scene.plan.parameters.least_area)
        for part in parts_of(difference(ground.area, union(layer.shapes[near]))):
            if not slivers.add(float(part.area)):
                yield _gap(scene, layer, ground, part, citation)
        title = Text(f"{layer.layer.title.zh}：空隙", f"{layer.layer.title.en}: gaps")
        rest = slivers.finding((layer.layer.id,), title, f"gap:{ground.code}")
        if rest is not None:
            yield rest


def _gap(scene: Scene, layer: AuditLayer, ground: Ground, part: BaseGeometry, citation: Citation | None) -> Finding:
    size = area_text(float(part.area))
    around = np.flatnonzero(shapely.intersects(part.buffer(0.01), layer.shapes))
    zones = tuple(sorted(layer.features.ids[zone] for zone in around.tolist())[:5])
    beside = "、".join(zones), ", ".join(zones)
    narrow = mean_width_m(part) < scene.plan.parameters.sliver_width
    return Finding(
        "sliver" if narrow else "gap",
        (layer.layer.id,),
        zones,
        Text(
            f"{layer.layer.title.zh}：有 {size.zh} 不属于任何区{'（窄缝）' if narrow else ''}，在 {beside[0]} 旁",
            f"{layer.layer.title.en}: {size.en} belong to no zone{' (a narrow strip)' if narrow else ''}, "
            f"beside {beside[1]}",
        ),
        part,
        territory=ground.code,
        area_m2=float(part.area),
        citations=() if citation is None else (citation,),
    )


def coverage_findings(scene: Scene, layer: AuditLayer) -> Iterator[Finding]:
    """Yield territories without any zone, and zones that reach beyond the coverage."""
    yield from _without_zones(scene, layer)
    if layer.layer.geometry == "polygon":
        yield from _outside(scene, layer)


def _without_zones(scene: Scene, layer: AuditLayer) -> Iterator[Finding]:
    for ground in scene.grounds(layer):
        if ground.area.is_empty or _has_zones(scene, layer, ground):
            continue
        name = ground.code or Text("覆盖范围", "its coverage").zh
        text = Text(
            f"{layer.layer.title.zh}声明覆盖 {name}，但那里没有任何区：核查会答“不涉及”；"
            "请核实确无此类区，或改正覆盖范围",
            f"{layer.layer.title.en}: it states to cover {ground.code or 'its coverage'} and has no zone there, so "
            "checks answer 'not affected'; make sure that there are none, or correct the coverage",
        )
        place = shapely.point_on_surface(ground.area)
        yield Finding("no-zones", (layer.layer.id,), (), text, place, territory=ground.code, placed=False)


def _has_zones(scene: Scene, layer: AuditLayer, ground: Ground) -> bool:
    """Tell whether a zone lies in a land by more than a sliver: those of a neighbour often touch its border."""
    met = layer.shapes[shapely.intersects(ground.area, layer.shapes)]
    if layer.layer.geometry == "line" or bool(shapely.covers(ground.area, met).any()):
        return len(met) > 0
    least = np.minimum(scene.plan.parameters.least_area, shapely.area(met) / 2)
    return bool((common_m2(met, ground.area) >= least).any())


def _outside(scene: Scene, layer: AuditLayer) -> Iterator[Finding]:
    area = layer.plane.coverage.area
    accuracy = scene.accuracy_m(layer.layer.id, scene.catalogue.territory_layer)
    beyond = np.flatnonzero(~np.asarray(shapely.covers(area, layer.shapes), dtype=bool))
    strips: list[BaseGeometry] = []
    for zone in beyond.tolist():
        if scene.wanted and not any(shapely.intersects(g.area, layer.shapes[zone]) for g in scene.grounds(layer)):
            continue
        parts = list(parts_of(difference(layer.shapes[zone], area)))
        strips += [part for part in parts if mean_width_m(part) <= accuracy]
        for part in parts:
            if mean_width_m(part) > accuracy and part.area >= scene.plan.parameters.least_area:
                yield _beyond(layer, zone, part)
    if sum(float(part.area) for part in strips) >= scene.plan.parameters.least_area:
        yield _strips_beyond(layer, together(strips), accuracy)


def _beyond(layer: AuditLayer, zone: int, part: BaseGeometry) -> Finding:
    name, size = layer.name(zone), area_text(float(part.area))
    return Finding(
        "outside-coverage",
        (layer.layer.id,),
        (layer.features.ids[zone],),
        Text(
            f"{name.zh}有 {size.zh} 在图层的覆盖范围之外：那里的地块得到“数据缺失”",
            f"{name.en}: {size.en} lie outside the coverage of the layer; sites there get 'no data'",
        ),
        part,
        area_m2=float(part.area),
    )


def _strips_beyond(layer: AuditLayer, strips: BaseGeometry, accuracy: float) -> Finding:
    """Return the strips that the accuracy of the borders explains, as one note."""
    size, count = area_text(float(strips.area)), len(shapely.get_parts(strips))
    return Finding(
        "outside-coverage",
        (layer.layer.id,),
        (),
        Text(
            f"{layer.layer.title.zh}：覆盖范围之外有 {count} 处窄条，合计 {size.zh}，"
            f"都在位置精度（{accuracy:g} 米）之内",
            f"{layer.layer.title.en}: {count} strips outside the coverage, {size.en} together, all within the accuracy "
            f"({accuracy:g} m)",
        ),
        strips,
        severity="note",
        area_m2=float(strips.area),
        detail="within accuracy",
        placed=False,
    )
