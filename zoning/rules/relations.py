"""Where a rule holds: the spatial relations decided in three-valued logic, each answer with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf, pi

from zoning.layers.catalogue import Layer
from zoning.overlay.overlap import Beyond, BeyondZones, Certainty, ClassOverlap, LayerOverlap, ZoneOverlap
from zoning.overlay.united import united_m2
from zoning.quantities import format_area, format_length
from zoning.rules.places import COMPARISONS, Where
from zoning.rules.reasons import (
    beyond_coverage,
    class_names,
    level_reason,
    limit_reason,
    no_data,
    overlap_reason,
    possible_reason,
    share_of,
    unleveled_reason,
)
from zoning.rules.situation import Situation
from zoning.rules.truth import Place, Truth
from zoning.texts import Text

_CORNERS = 1.05  # a border that is moved gains a little at its corners


def decide_where(where: Where, situation: Situation, values: Mapping[str, str]) -> Place:
    """Decide a spatial relation; `values` are the rule's parameters on the day."""
    layer = situation.layers.get(where.layer)
    overlap = situation.overlaps.get(where.layer)
    if layer is None or overlap is None:
        text = Text(
            f"工作空间没有图层“{where.layer}”，未核查", f"the workspace has no layer '{where.layer}': not checked"
        )
        return Place(Truth.UNKNOWN, text, layer=where.layer, missing_layer=where.layer)
    wanted = where.classes or tuple(layer.classes)
    if where.relation == "within":
        return _decide_band(where.limits("distance", values), wanted, layer, overlap)
    if where.relation == "outside":
        return _decide_outside(wanted, layer, overlap, situation)
    if where.relation == "inside":
        return _decide_inside(wanted, layer, overlap, situation)
    if where.relation == "touches":
        return _decide_touching(wanted, layer, overlap)
    return _decide_amount(where, wanted, layer, overlap, situation, values)


def _decide_amount(
    where: Where,
    wanted: tuple[str, ...],
    layer: Layer,
    overlap: LayerOverlap,
    situation: Situation,
    values: Mapping[str, str],
) -> Place:
    limited = where.area or where.share or where.length
    if not where.zones and not limited:
        return _decide_overlap(wanted, layer, overlap, where.certainty)
    more = any(found.assumed or could_be(found.class_id, wanted, layer, overlap) for found in overlap.classes)
    if where.zones:
        overlap, doubtful = _named(where.zones, wanted, overlap)
        more = more or doubtful
    place = _decide_overlap(wanted, layer, overlap, where.certainty)
    if place.truth is not Truth.FALSE and limited:
        return _measured(where, place, overlap, situation, values, more=more)
    return place


def _decide_overlap(
    wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap, enough: Certainty = "certain"
) -> Place:
    hits = [found for found in overlap.classes if found.class_id in wanted]
    certain = [found for found in hits if enough in (found.certainty, "possible")]
    if certain:
        found = max(certain, key=lambda hit: (hit.overlap_m2, hit.length_m))
        return _hit(Truth.TRUE, layer, found, overlap_reason(layer, found, of_part=overlap.of_part))
    if hits:
        found = max(hits, key=lambda hit: (hit.overlap_m2, hit.length_m))
        return _hit(Truth.UNKNOWN, layer, found, possible_reason(layer, found, overlap.accuracy))
    unleveled = [f for f in overlap.classes if f.assumed or could_be(f.class_id, wanted, layer, overlap)]
    if unleveled:
        found = unleveled[0]
        reason = unleveled_reason(layer, wanted) if found.assumed else level_reason(layer, found.class_id, wanted)
        return _hit(Truth.UNKNOWN, layer, found, reason)
    if overlap.status == "no_data" or overlap.uncovered_m2 > 0:
        return no_data(layer, overlap)
    names_zh, names_en = class_names(layer, wanted)
    text = Text(f"不涉及{names_zh}", f"does not touch {names_en}")
    return Place(Truth.FALSE, text, layer=layer.id, overlap_m2=0.0, share=0.0)


def could_be(class_id: str, wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap) -> bool:
    """Tell whether a zone of another class may be meant: its level is not told, or its edition classes otherwise."""
    if set(layer.classes[class_id].may_be) & set(wanted):
        return True
    edition = layer.editions.get(overlap.edition or "")
    # Classes of an older or newer system are never mapped onto each other silently.
    return edition is not None and not set(layer.classes_in(edition)) & set(wanted)


def _decide_within(
    distance_m: float, wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap, *, closed: bool = False
) -> Place:
    """Decide whether a zone lies nearer than a distance; `closed`: exactly at the distance is near as well."""
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
        if inside or nearest < distance_m - overlap.accuracy_m or (closed and exact and nearest == distance_m):
            text = Text(f"{found.zh}，在规定的 {limit} 之内", f"{found.en}, nearer than the {limit} of the rule")
            return Place(Truth.TRUE, text, layer.id, class_id, distance_m=nearest)
        if not exact and nearest <= distance_m + overlap.accuracy_m:
            text = Text(
                f"{found.zh}，与规定的 {limit} 之差在{overlap.accuracy.zh}之内，需实测",
                f"{found.en}: the limit of {limit} lies within the {overlap.accuracy.en}",
            )
            return Place(Truth.UNKNOWN, text, layer.id, class_id, distance_m=nearest, missing_layer=layer.id)
    doubtful = _nearest_unleveled(wanted, layer, overlap)
    if doubtful is not None and doubtful.distance_m is not None:
        nearest, limit_m = doubtful.distance_m, distance_m + overlap.accuracy_m
        if nearest < limit_m or (nearest == limit_m and (closed or overlap.accuracy_m > 0)):
            return doubtful
    reach = overlap.covered_reach_m
    if overlap.status == "no_data" or overlap.uncovered_m2 > 0 or reach < distance_m + overlap.accuracy_m:
        return beyond_coverage(layer, overlap, limit)
    names_zh, names_en = class_names(layer, wanted)
    text = Text(f"{limit} 范围内没有{names_zh}", f"no {names_en} within {limit}")
    return Place(Truth.FALSE, text, layer.id, distance_m=min(distances.values(), default=None))


def _nearest_unleveled(wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap) -> Place | None:
    """Return the nearest zone that may be of a wanted class: no class, no level, or classes of another edition."""
    near = {name: d for name, d in (overlap.distances_m or {}).items() if name not in wanted}
    doubtful = {name: d for name, d in near.items() if could_be(name, wanted, layer, overlap)}
    found = [(d, name) for name, d in doubtful.items()]
    if overlap.unleveled_m is not None:
        found.append((overlap.unleveled_m, ""))
    if not found:
        return None
    distance, name = min(found)
    reason = level_reason(layer, name, wanted) if name else unleveled_reason(layer, wanted)
    return Place(Truth.UNKNOWN, reason, layer.id, name or None, distance_m=distance, missing_layer=layer.id)


def _decide_outside(wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap, situation: Situation) -> Place:
    edition = layer.editions.get(overlap.edition or "")
    present = tuple(layer.classes) if edition is None else layer.classes_in(edition)
    generous = frozenset(name for name in present if name in wanted or could_be(name, wanted, layer, overlap))
    measure = overlap.beyond or _by_areas(overlap, situation.tolerance_m2)
    surely = measure(generous, unleveled=True)
    maybe = measure(frozenset(wanted), unleveled=set(present) <= set(wanted))
    names_zh, names_en = class_names(layer, wanted)
    if surely.certain:
        share = surely.area_m2 / situation.area_m2
        area, told = format_area(surely.area_m2), share_of(share, of_part=overlap.of_part)
        text = Text(f"位于{names_zh}之外 {area.zh}，{told.zh}", f"{area.en}, {told.en}, lies outside {names_en}")
        return Place(Truth.TRUE, text, layer.id, overlap_m2=surely.area_m2, share=share)
    if maybe.possible:
        text = Text(
            f"是否全部位于{names_zh}之内，取决于界线精度（{overlap.accuracy_m:g} m）或未注明的级别，需核实",
            f"whether it lies wholly inside {names_en} depends on the accuracy of the boundary "
            f"({overlap.accuracy_m:g} m) or on a level that is not told: to be verified",
        )
        return Place(Truth.UNKNOWN, text, layer.id, overlap_m2=maybe.area_m2, missing_layer=layer.id)
    if overlap.status == "no_data" or overlap.uncovered_m2 > 0:
        return no_data(layer, overlap)
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
    if len(classes) < 2:  # noqa: PLR2004 - one class meets no other
        return sum(found.overlap_m2 for found in classes)
    # Classes can overlap each other: their union counts, not their sum.
    union = united_m2(zone.piece for found in classes for zone in found.zones)
    return union or sum(found.overlap_m2 for found in classes)


def _named(names: Sequence[str], wanted: tuple[str, ...], overlap: LayerOverlap) -> tuple[LayerOverlap, bool]:
    """Return the overlap with the zones of these names, and whether zones named alike, or not at all, may be meant."""
    classes: list[ClassOverlap] = []
    unsure = False
    for found in overlap.classes:
        if found.class_id not in wanted:
            classes.append(found)
            continue
        meant = tuple(zone for zone in found.zones if zone.name in names or zone.id in names)
        doubtful = tuple(zone for zone in found.zones if zone not in meant and _may_be(zone, names))
        nearby = tuple(zone for zone in found.nearby if zone.id in names or _may_be(zone, names))
        unsure = unsure or bool(doubtful or nearby)
        if meant and len(meant) == len(found.zones):
            classes.append(found)
        elif meant or doubtful or nearby:
            classes.append(_narrowed(found, meant or doubtful or nearby, overlap.accuracy_m, sure=bool(meant)))
    return replace(overlap, classes=tuple(classes)), unsure


def _may_be(zone: ZoneOverlap, names: Sequence[str]) -> bool:
    return not zone.name or any(name in zone.name or zone.name in name for name in names)


def _narrowed(found: ClassOverlap, zones: tuple[ZoneOverlap, ...], accuracy_m: float, *, sure: bool) -> ClassOverlap:
    area = united_m2(zone.piece for zone in zones) or max(zone.overlap_m2 for zone in zones)
    length = sum(zone.length_m for zone in zones)
    deep = any(zone.piece.is_empty or not zone.piece.buffer(-accuracy_m).is_empty for zone in zones) or length > 0
    certain = sure and found.certainty == "certain" and deep
    share = found.share * area / found.overlap_m2 if found.overlap_m2 else 0.0
    certainty: Certainty = "certain" if certain else "possible"
    return replace(found, zones=zones, overlap_m2=area, share=share, length_m=length, certainty=certainty)


def _measured(
    where: Where,
    place: Place,
    overlap: LayerOverlap,
    situation: Situation,
    values: Mapping[str, str],
    *,
    more: bool,
) -> Place:
    """Compare the area, share or length of the overlap with the limits, within the accuracy of the layer.

    `more`: other zones may belong to it as well, so that the amount found is only the least.
    """
    layer = situation.layers[where.layer]
    hits = [found for found in overlap.classes if found.class_id in (where.classes or layer.classes)]
    area, spread = _area_and_spread(hits, overlap.accuracy_m)
    length = sum(found.length_m for found in hits)
    total = situation.area_m2
    ranges = {
        "area": (area, spread),
        "share": (area / total if total else 0.0, spread / total if total else 0.0),
        "length": (length, 2 * overlap.accuracy_m),
    }
    shown = {
        "area": format_area(area).zh,
        "share": share_of(ranges["share"][0], of_part=overlap.of_part).zh,
        "length": format_length(length),
    }
    least = more or overlap.uncovered_m2 > 0 or any(found.certainty == "possible" for found in hits)
    answers = [
        (name, _at_least_known(relation, _holds(relation, limit, *ranges[name]), least=least))
        for name in ranges
        for relation, limit in where.limits(name, values)
    ]
    failed = next((name for name, truth in answers if truth is Truth.FALSE), None)
    doubtful = next((name for name, truth in answers if truth is Truth.UNKNOWN), None)
    if failed is not None:
        return replace(
            place, truth=Truth.FALSE, reason=limit_reason(place.reason, shown[failed], within=False), missing_layer=None
        )
    if doubtful is not None:
        reason = limit_reason(place.reason, shown[doubtful], within=True)
        return replace(place, truth=Truth.UNKNOWN, reason=reason, missing_layer=layer.id)
    return place


def _at_least_known(relation: str, truth: Truth, *, least: bool) -> Truth:
    """Return what is left of an answer when the amount may be larger than what was found."""
    grows = relation in ("at_least", "above")
    kept = Truth.TRUE if grows else Truth.FALSE
    return truth if not least or truth is kept else Truth.UNKNOWN


def _area_and_spread(hits: Sequence[ClassOverlap], accuracy_m: float) -> tuple[float, float]:
    """Return the area of an overlap, and how much of it the accuracy of the border can give or take, square metres."""
    around = sum(zone.piece.length for found in hits for zone in found.zones)
    spread = accuracy_m * around * _CORNERS + pi * accuracy_m**2 if around else 0.0
    return _inside_m2(list(hits)), spread


def _holds(relation: str, limit: float, value: float, spread: float) -> Truth:
    low, high = COMPARISONS[relation](value - spread, limit), COMPARISONS[relation](value + spread, limit)
    if low != high:
        return Truth.UNKNOWN
    return Truth.TRUE if low else Truth.FALSE


def _decide_touching(wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap) -> Place:
    place = _decide_overlap(wanted, layer, overlap)
    if place.truth is Truth.TRUE:
        return place
    near = min((d for name, d in (overlap.distances_m or {}).items() if name in wanted), default=inf)
    if near > overlap.accuracy_m:
        return place if place.truth is Truth.UNKNOWN else _touching_doubt(wanted, layer, overlap) or place
    names_zh, names_en = class_names(layer, wanted)
    if near == 0 and overlap.accuracy_m == 0:
        return Place(Truth.TRUE, Text(f"与{names_zh}相接", f"borders on {names_en}"), layer.id, distance_m=0.0)
    text = Text(
        f"距{names_zh} {format_length(near)}，是否相接在{overlap.accuracy.zh}之内，需实测",
        f"{format_length(near)} from {names_en}: whether they touch lies within the {overlap.accuracy.en}",
    )
    return Place(Truth.UNKNOWN, text, layer.id, distance_m=near, missing_layer=layer.id)


def _touching_doubt(wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap) -> Place | None:
    """Return why it cannot be told that nothing is touched; None where it can."""
    doubtful = _nearest_unleveled(wanted, layer, overlap)
    if doubtful is not None and doubtful.distance_m is not None and doubtful.distance_m <= overlap.accuracy_m:
        return doubtful
    if overlap.covered_reach_m <= overlap.accuracy_m:
        return beyond_coverage(layer, overlap, format_length(overlap.accuracy_m))
    return None


def _decide_band(
    limits: list[tuple[str, float]], wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap
) -> Place:
    """Decide a band of distances: nearer than its far limit, and not nearer than its near limit."""
    far = [(limit, relation == "at_most") for relation, limit in limits if relation in ("below", "at_most")]
    near = [(limit, relation == "above") for relation, limit in limits if relation in ("at_least", "above")]
    place: Place | None = None
    for limit, closed in far:
        found = _decide_within(limit, wanted, layer, overlap, closed=closed)
        if found.truth is Truth.FALSE:
            return found
        place = found if place is None or found.truth is Truth.UNKNOWN else place
    for limit, closed in near:
        found = _decide_within(limit, wanted, layer, overlap, closed=closed)
        if found.truth is Truth.TRUE and found.distance_m == overlap.unleveled_m:
            # Too near is a zone that bears no class: it may not be meant, and the next one may lie in the band.
            reason = unleveled_reason(layer, wanted)
            found = replace(found, truth=Truth.UNKNOWN, reason=reason, missing_layer=layer.id)
        if found.truth is Truth.TRUE:
            return replace(found, truth=Truth.FALSE)
        if found.truth is Truth.UNKNOWN:
            place = found if place is None or place.truth is Truth.TRUE else place
        elif place is None:
            place = replace(found, truth=Truth.TRUE, class_id=None)
    assert place is not None  # noqa: S101 - a band has a limit
    return place


def _decide_inside(wanted: tuple[str, ...], layer: Layer, overlap: LayerOverlap, situation: Situation) -> Place:
    outside = _decide_outside(wanted, layer, overlap, situation)
    if outside.truth is Truth.UNKNOWN:
        return outside
    truth = Truth.FALSE if outside.truth is Truth.TRUE else Truth.TRUE
    share = max(0.0, 1.0 - (outside.share or 0.0))
    return replace(outside, truth=truth, overlap_m2=situation.area_m2 * share, share=share)


def _hit(truth: Truth, layer: Layer, found: ClassOverlap, reason: Text) -> Place:
    missing = layer.id if truth is Truth.UNKNOWN else None
    return Place(truth, reason, layer.id, found.class_id, found.overlap_m2, found.share, missing_layer=missing)
