"""Which checks an audit consists of: one part each, that is done whole or not at all."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from zoning.planning.audit.attributes import attribute_findings, code_findings
from zoning.planning.audit.borders import neighbour_findings, own_border_findings, shift_findings
from zoning.planning.audit.coverage import coverage_findings, gap_findings
from zoning.planning.audit.demands import area_findings, inside_findings
from zoning.planning.audit.issue import Finding
from zoning.planning.audit.overlaps import apart_findings, own_findings
from zoning.planning.audit.plan import AuditPlan, Partition
from zoning.planning.audit.scene import Scene
from zoning.planning.audit.shapes import shape_findings
from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes
    ----------
    layers
        What it looks at; without one of them it cannot be done.
    """

    id: str
    title: Text
    layers: tuple[str, ...]
    run: Callable[[Scene], Iterable[Finding]]


def checks_of(scene: Scene, layers: Sequence[str] = ()) -> list[Check]:
    """Return the checks of a workspace; with `layers` those that look at one of them."""
    found = [*_own(scene), *_relations(scene.plan)]
    return [check for check in found if not layers or any(name in layers for name in check.layers)]


def _own(scene: Scene) -> Iterator[Check]:
    territory = scene.catalogue.territory_layer
    partitions = {part.layer: part for part in scene.plan.partitions}
    for layer_id, layer in scene.catalogue.layers.items():
        title = layer.title
        yield Check(
            f"shapes:{layer_id}",
            Text(f"{title.zh}：图形", f"{title.en}: geometry"),
            (layer_id,),
            partial(_here, layer_id, shape_findings),
        )
        yield Check(
            f"attributes:{layer_id}",
            Text(f"{title.zh}：编码和属性", f"{title.en}: ids and attributes"),
            (layer_id,),
            partial(_here, layer_id, attribute_findings),
        )
        yield Check(
            f"coverage:{layer_id}",
            Text(f"{title.zh}：覆盖范围", f"{title.en}: coverage"),
            tuple(dict.fromkeys((layer_id, territory))),
            partial(_on_layer, layer_id, coverage_findings),
        )
        if layer.geometry == "polygon" and (layer_id in partitions or layer_id not in scene.plan.may_overlap):
            yield Check(
                f"own-overlaps:{layer_id}",
                Text(f"{title.zh}：区之间重叠", f"{title.en}: overlaps of its zones"),
                (layer_id,),
                partial(_own_overlaps, layer_id, every_class=layer_id in partitions),
            )
        if layer_id in partitions or layer_id == territory:
            yield Check(
                f"own-borders:{layer_id}",
                Text(f"{title.zh}：与相邻辖区接边", f"{title.en}: borders with neighbours"),
                tuple(dict.fromkeys((layer_id, territory))),
                partial(_on_layer, layer_id, own_border_findings),
            )
    for part in partitions.values():
        yield _gaps(part, territory)


def _on_layer(layer_id: str, work: Callable[..., Iterable[Finding]], scene: Scene) -> Iterable[Finding]:
    return work(scene, scene.need(layer_id))


def _here(layer_id: str, work: Callable[..., Iterable[Finding]], scene: Scene) -> Iterator[Finding]:
    """Yield what lies in the wanted territories, or so near that it may belong to a zone there."""
    for finding in work(scene, scene.need(layer_id)):
        if not scene.wanted or finding.geometry.is_empty or scene.is_near(finding.geometry):
            yield finding


def _own_overlaps(layer_id: str, scene: Scene, *, every_class: bool) -> Iterable[Finding]:
    return own_findings(scene, scene.need(layer_id), every_class=every_class)


def _gaps(part: Partition, territory: str) -> Check:
    def run(scene: Scene) -> Iterable[Finding]:
        return gap_findings(scene, scene.need(part.layer), part.citation)

    title = Text(f"{part.layer}：空隙", f"{part.layer}: gaps")
    return Check(f"gaps:{part.layer}", title, tuple(dict.fromkeys((part.layer, territory))), run)


def _relations(plan: AuditPlan) -> Iterator[Check]:
    for number, pair in enumerate(plan.apart, start=1):
        layers = pair.first.layer, pair.second.layer
        title = Text(f"{layers[0]} 与 {layers[1]} 不得重叠", f"{layers[0]} and {layers[1]} must not overlap")
        yield Check(f"apart-{number}:{'+'.join(layers)}", title, layers, partial(_swapped, apart_findings, pair))
    for number, demand in enumerate(plan.inside, start=1):
        held = tuple(dict.fromkeys((demand.zones.layer, *(one.layer for one in demand.within))))
        yield Check(f"inside-{number}:{held[0]}", demand.says, held, partial(_swapped, inside_findings, demand))
    for codes in plan.codes:
        title = Text(f"{codes.layer}：编码与类别", f"{codes.layer}: codes and classes")
        yield Check(f"codes:{codes.layer}", title, (codes.layer,), partial(_swapped, code_findings, codes))
    for number, entry in enumerate(plan.areas, start=1):
        title = Text(f"面积：{entry.title.zh}", f"area: {entry.title.en}")
        yield Check(
            f"area-{number}:{entry.zones.layer}", title, (entry.zones.layer,), partial(_swapped, area_findings, entry)
        )
    for number, near in enumerate(plan.neighbours, start=1):
        layers = near.first, near.second
        title = Text(f"{layers[0]} 与 {layers[1]} 接边", f"{layers[0]} and {layers[1]}: common border")
        yield Check(
            f"neighbours-{number}:{'+'.join(layers)}", title, layers, partial(_swapped, neighbour_findings, near)
        )
    for number, shared in enumerate(plan.shared_borders, start=1):
        layers = shared.first.layer, shared.second.layer
        title = Text(f"{layers[0]} 与 {layers[1]} 有无系统偏移", f"{layers[0]} and {layers[1]}: systematic shift")
        yield Check(f"shift-{number}:{'+'.join(layers)}", title, layers, partial(_swapped, shift_findings, shared))


def _swapped(work: Callable[..., Iterable[Finding]], entry: object, scene: Scene) -> Iterable[Finding]:
    return work(scene, entry)
