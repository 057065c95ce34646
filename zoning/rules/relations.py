"""Where a rule holds: the spatial relations decided in three-valued logic, each answer with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shapely import union_all

from zoning.layers.catalogue import Layer
from zoning.overlay.overlap import Beyond, BeyondZones, ClassOverlap, LayerOverlap
from zoning.quantities import format_area, format_length, format_share
from zoning.rules.conditions import Truth
from zoning.rules.facts import FactSheet
from zoning.rules.rulebook import Rule, Where
from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known about a site, or about the part of it in one territory.

    Attributes
    ----------
    area_m2
        Area of the part.
    overlaps
        Layer id -> the part against that layer.
    layers
        The layers that `overlaps` speaks of.
    tolerance_m2
        Area below which a part outside a zone does not count.
    """

    territory: str
    area_m2: float
    overlaps: Mapping[str, LayerOverlap]
    layers: Mapping[str, Layer]
    facts: FactSheet
    on: date
    tolerance_m2: float = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """The answer to "does the rule hold here?", with the zone class that gave it."""

    truth: Truth
    reason: Text
    layer: str | None = None
    class_id: str | None = None
    overlap_m2: float | None = None
    share: float | None = None
    distance_m: float | None = None
    missing_layer: str | None = None


ANYWHERE = Place(Truth.TRUE, Text("适用于整个辖区", "holds in the whole territory"))


def decide_place(rule: Rule, situation: Situation) -> Place:
    """Return the strongest answer of the rule's relations: true before unknown before false.

    Among equals the larger overlap counts, so that the finding names the zone that matters.
    """
    if not rule.where:
        return ANYWHERE
    order = {Truth.TRUE: 2, Truth.UNKNOWN: 1, Truth.FALSE: 0}
    places = [_decide(rule, where, situation) for where in rule.where]
    return max(places, key=lambda place: (order[place.truth], place.overlap_m2 or 0.0))


def _decide(rule: Rule, where: Where, situation: Situation) -> Place:
    layer = situation.layers.get(where.layer)
    overlap = situation.overlaps.get(where.layer)
    if layer is None or overlap is None:
        text = Text(
            f"工作空间没有图层“{where.layer}”，未核查", f"the workspace has no layer '{where.layer}': not checked"
        )
        return Place(Truth.UNKNOWN, text, layer=where.layer, missing_layer=where.layer)
    wanted = where.classes or tuple(layer.classes)
    if where.relation == "within":
        return _decide_within(rule.distance_m(where, situation.on), wanted, layer, overlap)
    if where.relation == "outside":
        return _decide_outside(wanted, layer, overlap, situation)
    return _decide_overlap(wanted, layer, overlap)


def _decide_overlap(wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap) -> Place:
    hits = [found for found in overlap.classes if found.class_id in wanted]
    certain = [found for found in hits if found.certainty == "certain"]
    if certain:
        found = max(certain, key=lambda hit: (hit.overlap_m2, hit.length_m))
        return _hit(Truth.TRUE, layer, found, _overlap_reason(layer, found))
    if hits:
        found = max(hits, key=lambda hit: (hit.overlap_m2, hit.length_m))
        return _hit(Truth.UNKNOWN, layer, found, _possible_reason(layer, found, overlap.accuracy_m))
    unleveled = [f for f in overlap.classes if f.assumed or _could_be(f.class_id, wanted, layer, overlap)]
    if unleveled:
        found = unleveled[0]
        reason = _unleveled_reason(layer, wanted) if found.assumed else _level_reason(layer, found.class_id, wanted)
        return _hit(Truth.UNKNOWN, layer, found, reason)
    if overlap.status == "no_data" or overlap.uncovered_m2 > 0:
        return _no_data(layer, overlap)
    names_zh, names_en = _class_names(layer, wanted)
    text = Text(f"不涉及{names_zh}", f"does not touch {names_en}")
    return Place(Truth.FALSE, text, layer=layer.id, overlap_m2=0.0, share=0.0)


def _could_be(class_id: str, wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap) -> bool:
    """Tell whether a zone of another class may be meant: its level is not told, or its edition classes otherwise."""
    if set(layer.classes[class_id].may_be) & set(wanted):
        return True
    edition = layer.editions.get(overlap.edition or "")
    # Classes of an older or newer system are never mapped onto each other silently.
    return edition is not None and not set(layer.classes_in(edition)) & set(wanted)


def _decide_within(distance_m: float, wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap) -> Place:
    distances = {name: d for name, d in (overlap.distances_m or {}).items() if name in wanted}
    limit = format_length(distance_m)
    if distances:
        class_id = min(distances, key=lambda name: distances[name])
        nearest = distances[class_id]
        title = layer.classes[class_id].title
        found = Text(f"距{title.zh} {format_length(nearest)}", f"{format_length(nearest)} from {title.en}")
        exact = overlap.accuracy_m == 0
        # Where the site certainly lies in the zone, it is near it however short the distance is.
        inside = any(hit.class_id in wanted and hit.certainty == "certain" for hit in overlap.classes)
        if inside or nearest < distance_m - overlap.accuracy_m:
            text = Text(f"{found.zh}，在规定的 {limit} 之内", f"{found.en}, nearer than the {limit} of the rule")
            return Place(Truth.TRUE, text, layer.id, class_id, distance_m=nearest)
        if not exact and nearest <= distance_m + overlap.accuracy_m:
            text = Text(
                f"{found.zh}，与规定的 {limit} 之差在图层精度（{overlap.accuracy_m:g} m）之内，需实测",
                f"{found.en}: the limit of {limit} lies within the layer's accuracy ({overlap.accuracy_m:g} m)",
            )
            return Place(Truth.UNKNOWN, text, layer.id, class_id, distance_m=nearest, missing_layer=layer.id)
    doubtful = _nearest_unleveled(wanted, layer, overlap)
    if doubtful is not None and doubtful.distance_m is not None:
        nearest = doubtful.distance_m
        if nearest < distance_m + overlap.accuracy_m:
            return doubtful
    reach = overlap.covered_reach_m
    if overlap.status == "no_data" or overlap.uncovered_m2 > 0 or reach < distance_m + overlap.accuracy_m:
        return _beyond_coverage(layer, overlap, limit)
    names_zh, names_en = _class_names(layer, wanted)
    text = Text(f"{limit} 范围内没有{names_zh}", f"no {names_en} within {limit}")
    return Place(Truth.FALSE, text, layer.id, distance_m=min(distances.values(), default=None))


def _nearest_unleveled(wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap) -> Place | None:
    """Return the nearest zone that may be of a wanted class: no class, no level, or classes of another edition."""
    near = {name: d for name, d in (overlap.distances_m or {}).items() if name not in wanted}
    doubtful = {name: d for name, d in near.items() if _could_be(name, wanted, layer, overlap)}
    found = [(d, name) for name, d in doubtful.items()]
    if overlap.unleveled_m is not None:
        found.append((overlap.unleveled_m, ""))
    if not found:
        return None
    distance, name = min(found)
    reason = _level_reason(layer, name, wanted) if name else _unleveled_reason(layer, wanted)
    return Place(Truth.UNKNOWN, reason, layer.id, name or None, distance_m=distance, missing_layer=layer.id)


def _decide_outside(wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap, situation: Situation) -> Place:
    edition = layer.editions.get(overlap.edition or "")
    present = tuple(layer.classes) if edition is None else layer.classes_in(edition)
    generous = frozenset(name for name in present if name in wanted or _could_be(name, wanted, layer, overlap))
    measure = overlap.beyond or _by_areas(overlap, situation.tolerance_m2)
    surely = measure(generous, unleveled=True)
    maybe = measure(frozenset(wanted), unleveled=set(present) <= set(wanted))
    names_zh, names_en = _class_names(layer, wanted)
    if surely.certain:
        share = surely.area_m2 / situation.area_m2
        text = Text(
            f"位于{names_zh}之外 {format_area(surely.area_m2).zh}，{format_share(share)}",
            f"{format_area(surely.area_m2).en}, {format_share(share)}, lies outside {names_en}",
        )
        return Place(Truth.TRUE, text, layer.id, overlap_m2=surely.area_m2, share=share)
    if maybe.possible:
        text = Text(
            f"是否全部位于{names_zh}之内，取决于界线精度（{overlap.accuracy_m:g} m）或未注明的级别，需核实",
            f"whether it lies wholly inside {names_en} depends on the accuracy of the boundary "
            f"({overlap.accuracy_m:g} m) or on a level that is not told: to be verified",
        )
        return Place(Truth.UNKNOWN, text, layer.id, overlap_m2=maybe.area_m2, missing_layer=layer.id)
    if overlap.status == "no_data" or overlap.uncovered_m2 > 0:
        return _no_data(layer, overlap)
    text = Text(f"全部位于{names_zh}之内", f"lies wholly inside {names_en}")
    return Place(Truth.FALSE, text, layer.id, overlap_m2=0.0, share=0.0)


def _by_areas(overlap: LayerOverlap, tolerance_m2: float) -> BeyondZones:
    """Return a measure that needs no geometry: what is inside is known only as areas of classes."""

    def measure(classes: frozenset[str], *, unleveled: bool) -> Beyond:
        inside = [found for found in overlap.classes if (unleveled if found.assumed else found.class_id in classes)]
        least = overlap.covered_m2 - _inside_m2(inside)
        most = overlap.covered_m2 - _inside_m2([found for found in inside if found.certainty == "certain"])
        return Beyond(least, certain=least > tolerance_m2, possible=most > tolerance_m2)

    return measure


def _inside_m2(classes: list[ClassOverlap]) -> float:
    if len(classes) < 2:  # noqa: PLR2004
        return sum(found.overlap_m2 for found in classes)
    # Classes can overlap each other: their union counts, not their sum.
    pieces = [zone.piece for found in classes for zone in found.zones]
    union = float(union_all(pieces).area)
    return union or sum(found.overlap_m2 for found in classes)


def _hit(truth: Truth, layer: Layer, found: ClassOverlap, reason: Text) -> Place:
    missing = layer.id if truth is Truth.UNKNOWN else None
    return Place(truth, reason, layer.id, found.class_id, found.overlap_m2, found.share, missing_layer=missing)


def _amount(layer: Layer, found: ClassOverlap) -> Text:
    if layer.geometry == "line":
        length = format_length(found.length_m)
        return Text(length, length)
    area, share = format_area(found.overlap_m2), format_share(found.share)
    return Text(f"{area.zh}，{share}", f"{area.en}, {share}")


def _zone_name(layer: Layer, found: ClassOverlap) -> Text:
    title = layer.classes[found.class_id].title
    names = "、".join(dict.fromkeys(zone.name for zone in found.zones[:3] if zone.name))
    more = " …" if len(found.zones) > 3 else ""  # noqa: PLR2004
    if not names:
        return title
    return Text(f"{title.zh}（{names}{more}）", f"{title.en} ({names}{more})")


def _overlap_reason(layer: Layer, found: ClassOverlap) -> Text:
    name = _zone_name(layer, found)
    amount = _amount(layer, found)
    text = Text(f"与{name.zh}重叠 {amount.zh}", f"overlaps {name.en} by {amount.en}")
    if not found.assumed:
        return text
    return Text(
        f"{text.zh}；该区未注明级别，按最严级别处理", f"{text.en}; the zone bears no class: the strictest is assumed"
    )


def _possible_reason(layer: Layer, found: ClassOverlap, accuracy_m: float) -> Text:
    name = _zone_name(layer, found)
    return Text(
        f"在图层精度（{accuracy_m:g} m）之内可能涉及{name.zh}，需实测界线",
        f"may touch {name.en} within the layer's accuracy ({accuracy_m:g} m): survey the boundary",
    )


def _unleveled_reason(layer: Layer, wanted: tuple[str, ...]) -> Text:
    names_zh, names_en = _class_names(layer, wanted)
    return Text(
        f"{layer.title.zh}中有未注明级别的区，不能判断是否属于{names_zh}",
        f"{layer.title.en}: a zone bears no class, whether it is {names_en} cannot be told",
    )


def _level_reason(layer: Layer, class_id: str, wanted: tuple[str, ...]) -> Text:
    title = layer.classes[class_id].title
    names_zh, names_en = _class_names(layer, wanted)
    return Text(
        f"现行版本图层只标注“{title.zh}”，不能判断是否属于{names_zh}",
        f"the edition says only '{title.en}': whether it is {names_en} cannot be told",
    )


def _class_names(layer: Layer, wanted: tuple[str, ...]) -> tuple[str, str]:
    if set(wanted) == set(layer.classes):
        return layer.title.zh, layer.title.en
    titles = [layer.classes[name].title for name in wanted if name in layer.classes]
    return "、".join(title.zh for title in titles), ", ".join(title.en for title in titles)


def _no_data(layer: Layer, overlap: LayerOverlap) -> Place:
    reason = overlap.reason or Text("部分范围不在图层覆盖之内", "a part lies outside the layer's coverage")
    text = Text(
        f"{layer.title.zh}数据缺失，未核查：{reason.zh}", f"{layer.title.en}: no data, not checked: {reason.en}"
    )
    return Place(Truth.UNKNOWN, text, layer.id, missing_layer=layer.id)


def _beyond_coverage(layer: Layer, overlap: LayerOverlap, limit: str) -> Place:
    if overlap.status == "no_data" or overlap.uncovered_m2 > 0:
        return _no_data(layer, overlap)
    reach = format_length(overlap.covered_reach_m)
    text = Text(
        f"{layer.title.zh}只覆盖到场地周围 {reach}，不足规定的 {limit}，不能排除",
        f"{layer.title.en} has data only {reach} around the site, less than the {limit} of the rule",
    )
    return Place(Truth.UNKNOWN, text, layer.id, missing_layer=layer.id)
