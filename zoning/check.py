"""The pipeline on one page: footprint + facts -> layers -> overlaps -> findings -> verdict.

`check_sites` is the plain function behind `zoning check`: it takes catalogue and rulebook, not a workspace, and knows
no clock.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from math import cos, radians

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import LayerError, ZoningError
from zoning.layers.catalogue import Catalogue
from zoning.layers.digests import content_sha256
from zoning.layers.reader import LayerStore, Unavailable
from zoning.overlay.certainty import doubt_reach_m
from zoning.overlay.footprint import Footprint
from zoning.overlay.measure import PlaneLayer, measure
from zoning.overlay.misplaced import misplaced
from zoning.overlay.overlap import LayerOverlap
from zoning.overlay.plane import MeasuringPlane
from zoning.rules.access.compare import compare
from zoning.rules.access.derive import with_access_fact
from zoning.rules.access.entries import UnitComparison
from zoning.rules.access.lists import places_of_list
from zoning.rules.assemble import Evidence, assemble
from zoning.rules.decision import conclude
from zoning.rules.derivation.derive import Derived, derive
from zoning.rules.facts import FactSheet, FactValue
from zoning.rules.judge import Judge
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.verdict import Finding, Verdict
from zoning.sites.site import Site
from zoning.texts import Text

Bounds = tuple[float, float, float, float]
_WORLD = (-180.0, -90.0, 180.0, 90.0)
_METRES_PER_DEGREE = 110_574.0  # shortest degree of latitude on the ellipsoid: the window is rather too large
_SMALLEST_SHARE = 0.01  # of a site that is itself hardly larger than the tolerance, this much is no sliver


@dataclass(frozen=True, slots=True)
class Settings:
    """What the check needs to know of a workspace.

    Attributes
    ----------
    latitude
        Parallel of true scale of the measuring plane, degrees.
    search_m
        How far around a site the nearest zones are looked for.
    tolerance_m2
        Overlaps below this area are slivers, unless the layer states its own tolerance.
    """

    name: str
    latitude: float
    search_m: float
    tolerance_m2: float
    notice: Text


@dataclass(frozen=True, slots=True)
class Examination:
    """A verdict with the geometry that it rests on: what maps and reports are drawn from.

    `situations`: what the rules were applied to, by territory.
    """

    verdict: Verdict
    situations: Mapping[str, Situation]
    footprint: Footprint
    overlaps: Mapping[str, LayerOverlap]
    surroundings: Mapping[str, PlaneLayer]
    plane: MeasuringPlane


@dataclass(frozen=True, slots=True)
class Refusal:
    """A footprint that could not be checked, with the sentence that says why."""

    site: Site
    error: ZoningError


@dataclass(frozen=True, slots=True)
class _Bench:
    """All layers around the sites, in the measuring plane, read once."""

    layers: Mapping[str, PlaneLayer | Unavailable]
    reaches: Mapping[tuple[str, float], float]
    catalogue: Catalogue
    rulebook: Rulebook
    judge: Judge
    settings: Settings
    plane: MeasuringPlane
    on: date
    definitions: Mapping[str, str]
    known: dict[tuple[tuple[str, FactValue], ...], Derived] = field(default_factory=dict)
    territories: dict[str, BaseGeometry] = field(default_factory=dict)

    def derived(self, facts: FactSheet) -> Derived:
        """Return the facts with what follows from them; many sites of a batch have the same."""
        key = tuple(sorted(facts.values.items()))
        if key not in self.known:
            self.known[key] = derive(self.rulebook.vocabulary, facts, self.rulebook.lists, self.on)
        return self.known[key]

    def measure(
        self, footprint: Footprint, layer_id: str, within: BaseGeometry | None = None, *, parts: int = 1
    ) -> LayerOverlap:
        layer = self.catalogue[layer_id]
        stated = self.settings.tolerance_m2 if layer.tolerance is None else layer.tolerance
        # What counts on the whole site counts on one of its parts: the tolerance is shared among them.
        tolerance = _tolerance_m2(footprint, stated) / parts
        reach = self.reaches[layer_id, footprint.site.accuracy_m]
        return measure(footprint, self.layers[layer_id], within=within, search_m=reach, tolerance_m2=tolerance)


def check_site(
    site: Site, facts: FactSheet, *, on: date, catalogue: Catalogue, rulebook: Rulebook, settings: Settings
) -> Examination:
    """Check one footprint.

    Raises
    ------
    SiteError, CRSError
        When the footprint cannot be measured, or lies outside every territory.
    LayerError
        When a layer holds something that its definition does not know.
    """
    result = next(check_sites([(site, facts)], on=on, catalogue=catalogue, rulebook=rulebook, settings=settings))
    if isinstance(result, Refusal):
        raise result.error
    return result


def check_sites(
    sites: Sequence[tuple[Site, FactSheet]],
    *,
    on: date,
    catalogue: Catalogue,
    rulebook: Rulebook,
    settings: Settings,
) -> Iterator[Examination | Refusal]:
    """Check footprints in their order; each layer is read once for all of them."""
    plane = MeasuringPlane(settings.latitude)
    footprints = [_footprint(site, plane) for site, _ in sites]
    good = [footprint for footprint in footprints if isinstance(footprint, Footprint)]
    bench = _open_bench(good, on=on, catalogue=catalogue, rulebook=rulebook, settings=settings, plane=plane)
    for (site, facts), footprint in zip(sites, footprints, strict=True):
        if isinstance(footprint, Refusal):
            yield footprint
            continue
        try:
            yield _examine(footprint, facts, bench)
        except LayerError:
            raise
        except ZoningError as error:
            yield Refusal(site, error)


def _footprint(site: Site, plane: MeasuringPlane) -> Footprint | Refusal:
    try:
        return Footprint.of(site, plane)
    except ZoningError as error:
        return Refusal(site, error)


def _open_bench(
    footprints: Sequence[Footprint],
    *,
    on: date,
    catalogue: Catalogue,
    rulebook: Rulebook,
    settings: Settings,
    plane: MeasuringPlane,
) -> _Bench:
    accuracies = {footprint.site.accuracy_m for footprint in footprints} | {0.0}
    worst = max(accuracies)
    reaches = {
        (name, accuracy): _reach_m(name, accuracy, on, catalogue, rulebook, settings)
        for name in catalogue.layers
        for accuracy in accuracies
    }
    store = LayerStore(catalogue)
    layers: dict[str, PlaneLayer | Unavailable] = {}
    if footprints:
        for name, layer in catalogue.layers.items():
            # Of the territories all are read: a footprint outside of them is told where they are.
            whole = name == catalogue.territory_layer
            margin = max(reaches[name, worst], doubt_reach_m(layer.accuracy_m + worst))
            bounds = _WORLD if whole else _grown(_bounds(footprints), margin)
            window = store.read_window(name, on=on, bounds=bounds)
            layers[name] = window if isinstance(window, Unavailable) else PlaneLayer.of(window, plane)
    definitions = {name: store.definition_sha256(name) for name in layers}
    return _Bench(layers, reaches, catalogue, rulebook, Judge(rulebook), settings, plane, on, definitions)


def _reach_m(
    layer_id: str, site_accuracy_m: float, on: date, catalogue: Catalogue, rulebook: Rulebook, settings: Settings
) -> float:
    """Return how far around a site a layer must be known: as far as any rule on it reaches."""
    accuracy = catalogue[layer_id].accuracy_m + site_accuracy_m
    distances = [
        rule.distance_m(where, on) + 2 * accuracy
        for rule in rulebook.rules
        for where in rule.places
        if where.relation == "within" and where.layer == layer_id and rule.in_force.covers(on)
    ]
    distances += [
        where.reach_m({}) + 2 * accuracy
        for edition in rulebook.access_lists.in_force(on)
        for _, where in places_of_list(edition)
        if where.relation == "within" and where.layer == layer_id
    ]
    return max([settings.search_m, *distances])


def _bounds(footprints: Sequence[Footprint]) -> Bounds:
    boxes = [footprint.lonlat.bounds for footprint in footprints]
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _grown(bounds: Bounds, reach_m: float) -> Bounds:
    west, south, east, north = bounds
    high = reach_m / _METRES_PER_DEGREE
    wide = high / max(cos(radians(max(abs(south), abs(north)) + high)), 0.05)
    return west - wide, south - high, east + wide, north + high


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of a site in one territory, judged by the rules of that territory.

    Attributes
    ----------
    entries
        Its management units against their access lists.
    derived
        What follows from those.
    """

    situation: Situation
    entries: tuple[UnitComparison, ...]
    derived: Derived
    findings: tuple[Finding, ...]
    unread: frozenset[str]
    complete: bool


def _examine(footprint: Footprint, facts: FactSheet, bench: _Bench) -> Examination:
    areas, outside_m2 = _territories(footprint, bench)
    derived = bench.derived(facts)
    overlaps = {name: bench.measure(footprint, name) for name in bench.layers}
    whole = len(areas) == 1 and outside_m2 == 0
    parts: list[_Part] = []
    for territory, area in areas.items():
        found = overlaps if whole else _overlaps_within(footprint, territory, len(areas), bench)
        tolerance = _tolerance_m2(footprint, bench.settings.tolerance_m2) / len(areas)
        layers = bench.catalogue.layers
        parts.append(_judge(Situation(territory, area, found, layers, derived.sheet, bench.on, tolerance), bench))
    without_rules = tuple(part.situation.territory for part in parts if not part.complete)
    findings = tuple(finding for part in parts for finding in part.findings)
    conclusion = conclude(
        findings,
        bench.rulebook.vocabulary,
        # Where no rule is in force, or the base does not reach back so far, nothing is ever "permitted".
        unchecked_m2=outside_m2 + sum(areas[code] for code in without_rules),
        unread_layers={layer for part in parts for layer in part.unread},
    )
    evidence = Evidence(
        footprint=footprint,
        warnings=(
            *_near_border(footprint, areas, bench),
            *(text for one in (derived, *(part.derived for part in parts)) for text in one.warnings),
        ),
        facts=facts,
        on=bench.on,
        territories=tuple(areas),
        outside_m2=outside_m2,
        without_rules=without_rules,
        overlaps=overlaps,
        findings=findings,
        access_lists=tuple(entry for part in parts for entry in part.entries),
        derivations=(*derived.derivations, *(entry for part in parts for entry in part.derived.derivations)),
        conclusion=conclusion,
        workspace=bench.settings.name,
        notice=bench.settings.notice,
        definitions=bench.definitions,
        settings_sha256=content_sha256(asdict(bench.settings) | {"territory_layer": bench.catalogue.territory_layer}),
    )
    verdict = assemble(evidence, bench.catalogue, bench.rulebook)
    situations = {part.situation.territory: part.situation for part in parts}
    near = {name: layer for name, layer in bench.layers.items() if isinstance(layer, PlaneLayer)}
    return Examination(verdict, situations, footprint, overlaps, near, bench.plane)


def _overlaps_within(footprint: Footprint, territory: str, count: int, bench: _Bench) -> dict[str, LayerOverlap]:
    within = bench.territories[territory]
    return {name: bench.measure(footprint, name, within, parts=count) for name in bench.layers}


def _judge(situation: Situation, bench: _Bench) -> _Part:
    """Compare a part with the access lists, and judge it with the facts that follow from them."""
    rulebook = bench.rulebook
    entries = compare(rulebook.access_lists, situation, rulebook.vocabulary)
    derived = with_access_fact(rulebook.vocabulary, situation.facts, entries)
    situation = replace(situation, facts=derived.sheet)
    findings = bench.judge.findings(situation)
    complete = bool(findings) and rulebook.is_complete(bench.on, situation.territory)
    return _Part(situation, entries, derived, findings, bench.judge.unread_layers(situation), complete)


def _territories(footprint: Footprint, bench: _Bench) -> tuple[dict[str, float], float]:
    """Return the area of the site in each territory, by code, and the area outside all of them."""
    layer = bench.layers[bench.catalogue.territory_layer]
    if isinstance(layer, Unavailable):
        raise LayerError(f"辖区图层不可用：{layer.reason.zh}", f"the territory layer cannot be used: {layer.reason.en}")
    near = sorted({layer.ids[index] for index in layer.tree.query(footprint.geometry)})
    tolerance = _tolerance_m2(footprint, bench.settings.tolerance_m2)
    parts: dict[str, Footprint] = {}
    for code in near:
        within = bench.territories.setdefault(code, layer.zone(code))
        part = footprint.part(within)
        if part is not None and part.area_m2 > tolerance:
            parts[code] = part
    if not parts:
        raise misplaced(footprint, layer)
    areas = {code: part.area_m2 for code, part in parts.items()}
    # Territories that overlap each other do not make up for land that lies in none of them.
    inside = sum(areas.values()) if len(parts) == 1 else _united_m2(parts.values())
    outside = footprint.area_m2 - inside
    return areas, outside if outside > tolerance else 0.0


def _near_border(footprint: Footprint, parts: Mapping[str, float], bench: _Bench) -> tuple[Text, ...]:
    """Warn of a site in one territory whose border is not exact enough to tell that the neighbour has no say."""
    accuracy = bench.catalogue[bench.catalogue.territory_layer].accuracy_m + footprint.site.accuracy_m
    if len(parts) != 1 or accuracy == 0:
        return ()
    (code,) = parts
    if shapely.covers(bench.territories[code], footprint.grown(accuracy)):
        return ()
    whose = Text("其位置精度", "its accuracy")
    if footprint.site.accuracy_m:
        whose = Text("其与地块位置精度之和", "its accuracy and that of the site together")
    return (
        Text(
            f"距辖区 {code} 的界线不足{whose.zh}（{accuracy:g} m）：相邻辖区的规则也可能适用，本次未按其核查",
            f"nearer to the border of territory {code} than {whose.en} ({accuracy:g} m): "
            "the rules of the neighbour may hold as well and were not applied",
        ),
    )


def _united_m2(parts: Iterable[Footprint]) -> float:
    return float(shapely.union_all([part.geometry for part in parts]).area)


def _tolerance_m2(footprint: Footprint, stated: float) -> float:
    return min(stated, _SMALLEST_SHARE * footprint.area_m2)
