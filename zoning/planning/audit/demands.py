"""What documents demand of layers: zones inside others, and areas as stated."""

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay.beside import difference, intersection, union
from zoning.planning.audit.issue import Finding
from zoning.planning.audit.plan import Inside, Selector, StatedArea
from zoning.planning.audit.scene import AuditLayer, Scene, matches, mean_width_m, parts_of, together
from zoning.planning.audit.wording import area_text, listed
from zoning.quantities import format_area, format_share
from zoning.texts import Text


def inside_findings(scene: Scene, demand: Inside) -> Iterator[Finding]:
    """Yield the parts of zones that lie outside of what must hold them."""
    layer, zones = scene.chosen(demand.zones, demand.territories)
    land = [
        shape for code, shape in scene.territory_shapes.items() if not demand.territories or code in demand.territories
    ]
    if not any(matches(layer, zone, demand.zones) for zone in range(len(layer.features.ids))) and demand.zones.names:
        yield _nobody(layer, demand)
    if not land or not len(zones):
        return
    ground = union(land)
    shapely.prepare(ground)
    accuracy = scene.accuracy_m(layer.layer.id, *(one.layer for one in demand.within))
    for zone in zones.tolist():
        shape = layer.shapes[zone]
        own = shape if shapely.covers(ground, shape) else intersection(shape, ground)
        parts = list(parts_of(difference(own, _held(scene, demand.within, own))))
        narrow = [part for part in parts if mean_width_m(part) <= accuracy]
        for part in parts:
            if mean_width_m(part) > accuracy and part.area >= scene.plan.parameters.least_area:
                yield _outside(scene, demand, layer, zone, part, within=False)
        if sum(float(part.area) for part in narrow) >= scene.plan.parameters.least_area:
            yield _outside(scene, demand, layer, zone, together(narrow), within=True)


def _nobody(layer: AuditLayer, demand: Inside) -> Finding:
    """Return that the zones of a demand are not there: a name was changed, or they were left out."""
    title, wanted = layer.layer.title, demand.zones.names
    text = Text(
        f"{title.zh}：没有名称含“{wanted}”的区，无从检查；{demand.says.zh}",
        f"{title.en}: no zone is named like '{wanted}', nothing to compare; {demand.says.en}",
    )
    return Finding(
        "not-inside",
        (layer.layer.id,),
        (),
        text,
        severity="warning",
        citations=(demand.citation,),
        detail=demand.says.en,
    )


def _held(scene: Scene, within: tuple[Selector, ...], shape: BaseGeometry) -> BaseGeometry:
    """Return the union of the zones that may hold a shape, as far as they meet it."""
    found: list[BaseGeometry] = []
    for selector in within:
        layer, zones = scene.chosen(selector)
        shapes = layer.shapes[zones]
        found += shapes[np.asarray(shapely.intersects(shape, shapes), dtype=bool)].tolist()
    return union(found)


def _outside(
    scene: Scene, demand: Inside, layer: AuditLayer, zone: int, part: BaseGeometry, *, within: bool
) -> Finding:
    name, size = layer.name(zone), area_text(float(part.area))
    holders = listed([scene.catalogue[one.layer].title for one in demand.within])
    return Finding(
        "not-inside",
        (layer.layer.id, *(one.layer for one in demand.within)),
        (layer.features.ids[zone],),
        Text(
            f"{name.zh}有 {size.zh} 不在{holders.zh}之内{'（在位置精度之内）' if within else ''}；{demand.says.zh}",
            f"{name.en}: {size.en} do not lie inside {holders.en}{' (within the accuracy)' if within else ''}; "
            f"{demand.says.en}",
        ),
        part,
        severity="note" if within else None,
        territory=scene.territory_of(part),
        area_m2=float(part.area),
        citations=(demand.citation,),
        detail="|".join([demand.says.en, "narrow" if within else ""]),
    )


def area_findings(scene: Scene, entry: StatedArea) -> Iterator[Finding]:
    """Yield the difference between a layer and the area that documents state, and contradictions of documents."""
    layer = scene.need(entry.zones.layer)
    # All of them, also where only one territory is audited: a part has another area.
    zones = np.flatnonzero([matches(layer, zone, entry.zones) for zone in range(len(layer.features.ids))])
    if entry.edition is not None and layer.features.edition_id != entry.edition:
        return
    if entry.territory is not None and entry.territory not in scene.territory_shapes:
        return
    shapes = layer.shapes[zones]
    whole = union(shapes)
    if entry.territory is not None:
        whole = intersection(whole, scene.territory_shapes[entry.territory])
    if scene.wanted and not whole.is_empty and not scene.audited(whole):
        return
    share = entry.share or scene.plan.parameters.area_share
    area = float(whole.area)
    off = min((abs(area / stated.area - 1) for stated in entry.stated), default=0.0)
    if max(stated.area for stated in entry.stated) > (1 + share) * min(stated.area for stated in entry.stated):
        yield _contradiction(layer, entry)
    if off > share:
        yield _differs(layer, tuple(layer.features.ids[zone] for zone in zones.tolist()), entry, whole)


def _contradiction(layer: AuditLayer, entry: StatedArea) -> Finding:
    """Return that the documents contradict each other: the audit settles nothing between them."""
    told = [(one.citation.document, one.citation.lines, format_area(one.area)) for one in entry.stated]
    zh = "；".join(f"{document} {lines}：{area.zh}" for document, lines, area in told)
    en = "; ".join(f"{document} {lines}: {area.en}" for document, lines, area in told)
    note = Text("", "") if entry.note is None else Text(f"；{entry.note.zh}", f"; {entry.note.en}")
    return Finding(
        "stated-area",
        (layer.layer.id,),
        (),
        Text(
            f"{entry.title.zh}：文件之间互相矛盾（{zh}）{note.zh}",
            f"{entry.title.en}: the documents contradict each other ({en}){note.en}",
        ),
        severity="note",
        territory=entry.territory,
        citations=tuple(one.citation for one in entry.stated),
        detail=f"{entry.title.en}|contradiction",
        placed=False,
    )


def _differs(layer: AuditLayer, zones: tuple[str, ...], entry: StatedArea, whole: BaseGeometry) -> Finding:
    area = float(whole.area)
    stated = [format_area(one.area) for one in entry.stated]
    shares = [format_share(area / one.area - 1) for one in entry.stated]
    zh = "，".join(f"文件载 {told.zh}（差 {share}）" for told, share in zip(stated, shares, strict=True))
    en = ", ".join(f"the document states {told.en} ({share} apart)" for told, share in zip(stated, shares, strict=True))
    found = format_area(area)
    nothing = Text("图层中没有这些区", "the layer has no such zone")
    drawn = nothing if not zones else Text(f"图层为 {found.zh}", f"the layer has {found.en}")
    note = Text("", "") if entry.note is None else Text(f"；{entry.note.zh}", f"; {entry.note.en}")
    return Finding(
        "stated-area",
        (layer.layer.id,),
        zones,
        Text(f"{entry.title.zh}：{drawn.zh}，{zh}{note.zh}", f"{entry.title.en}: {drawn.en}, {en}{note.en}"),
        whole,
        territory=entry.territory,
        area_m2=area,
        offset_m=None,
        citations=tuple(one.citation for one in entry.stated),
        detail=entry.title.en,
        placed=False,
    )
