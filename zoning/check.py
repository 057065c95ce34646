"""The pipeline on one page: footprint + facts -> layers -> overlaps -> findings -> verdict.

`check_sites` is the plain function behind `zoning check`: it takes catalogue and rulebook, not a workspace, and knows
no clock.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import LayerError, ZoningError
from zoning.layers.catalogue import Catalogue
from zoning.layers.datum import WORLD, Bounds, grown_bounds
from zoning.layers.reader import Unavailable
from zoning.overlay.certainty import doubt_reach_m
from zoning.overlay.footprint import Footprint
from zoning.overlay.measure import measure
from zoning.overlay.misplaced import misplaced
from zoning.overlay.overlap import LayerOverlap
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.source import LayerSource, readable_territories
from zoning.overlay.united import united_m2
from zoning.rules.access.compare import compare
from zoning.rules.access.derive import with_access_fact
from zoning.rules.access.entries import UnitComparison
from zoning.rules.assemble import Evidence, assemble
from zoning.rules.decision import conclude
from zoning.rules.derivation.derive import Derived, derive
from zoning.rules.facts import FactSheet, FactValue
from zoning.rules.judge import Judge
from zoning.rules.reach import reach_m
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.verdict import Finding, Verdict
from zoning.settings import Settings, settings_digest
from zoning.sites.site import Site
from zoning.texts import Text

_KEPT_FACTS = 10_000
_SMALLEST_SHARE = 0.01  # of a site that is itself hardly larger than the tolerance, this much is no sliver


@dataclass(frozen=True, slots=True)
class Examination:
    """A verdict with the geometry that it rests on: what maps and reports are drawn from.

    `situations`: what the rules were applied to, by territory. `overlaps`: the site against each layer.

    Examples
    --------
    >>> from zoning import Workspace, builtin_root, read_sites
    >>> workspace = Workspace.open(builtin_root())
    >>> school, = read_sites(builtin_root() / "examples" / "school.geojson", expected=None)
    >>> found = workspace.check(school, on=date(2026, 6, 1))
    >>> round(found.footprint.area_m2), found.overlaps["rivers"].status, round(found.overlaps["rivers"].nearest_m)
    (14221, 'not_affected', 1021)
    """

    verdict: Verdict
    situations: Mapping[str, Situation]
    footprint: Footprint
    overlaps: Mapping[str, LayerOverlap]
    surroundings: Mapping[str, PlaneLayer]
    plane: MeasuringPlane


@dataclass(frozen=True, slots=True)
class Refusal:
    """A footprint that could not be checked, with the sentence that says why.

    >>> from zoning.errors import SiteError
    >>> far = Site("1", "field", shapely.box(10.0, 50.0, 10.1, 50.1), "EPSG:4490", "field.geojson")
    >>> Refusal(far, SiteError("不在任何辖区内", "it lies in no territory")).error.get("en")
    'it lies in no territory'
    """

    site: Site
    error: ZoningError


class Checker:
    """Checks footprints chunk by chunk against the layers of a workspace, which stay open from one to the next.

    Parameters
    ----------
    source
        Where the layers come from; windows of their files when it is left out.
    """

    def __init__(
        self,
        *,
        on: date,
        catalogue: Catalogue,
        rulebook: Rulebook,
        settings: Settings,
        source: LayerSource | None = None,
    ) -> None:
        self.on = on
        self.catalogue = catalogue
        self.rulebook = rulebook
        self.settings = settings
        self.source = source or LayerSource(catalogue, MeasuringPlane(settings.latitude))
        self.judge = Judge(rulebook)
        self.layers: dict[str, PlaneLayer | Unavailable] = {}
        self.territories: dict[str, BaseGeometry] = {}
        self._reaches: dict[tuple[str, float], float] = {}
        self._known: dict[tuple[tuple[str, FactValue], ...], Derived] = {}

    @property
    def plane(self) -> MeasuringPlane:
        """The measuring plane of the layers."""
        return self.source.plane

    def check(self, sites: Sequence[tuple[Site, FactSheet]]) -> Iterator[Examination | Refusal]:
        """Check footprints in their order; what is not prepared of a layer is read once for all of them.

        Raises
        ------
        LayerError, CRSError
            When a layer holds something that its definition does not know, or has no place in the measuring plane.
        """
        footprints = [_footprint(site, self.plane) for site, _ in sites]
        self._open([footprint for footprint in footprints if isinstance(footprint, Footprint)])
        # Each can go when it is done.
        footprints.reverse()
        for site, facts in sites:
            footprint = footprints.pop()
            if isinstance(footprint, Refusal):
                yield footprint
                continue
            try:
                yield _examine(footprint, facts, self)
            except LayerError:
                raise
            except ZoningError as error:
                yield Refusal(site, error)

    def _open(self, footprints: Sequence[Footprint]) -> None:
        if not footprints:
            return
        worst = max(footprint.site.accuracy_m for footprint in footprints)
        around = _bounds(footprints)
        for name, layer in self.catalogue.layers.items():
            # Of the territories all are read: a footprint outside of them is told where they are.
            whole = name == self.catalogue.territory_layer
            margin = max(self.reach_m(name, worst), doubt_reach_m(layer.accuracy_m + worst))
            self.layers[name] = self.source.layer(
                name, on=self.on, bounds=WORLD if whole else grown_bounds(around, margin)
            )

    @property
    def definitions(self) -> dict[str, str]:
        """The digests of the definitions of all layers."""
        return {name: self.source.definition_sha256(name) for name in self.layers}

    @cached_property
    def settings_sha256(self) -> str:
        """The digest of what `zoning.yaml` says."""
        return settings_digest(self.settings, self.catalogue)

    def reach_m(self, layer_id: str, site_accuracy_m: float) -> float:
        """Return how far around a site a layer must be known."""
        key = (layer_id, site_accuracy_m)
        if key not in self._reaches:
            accuracy = self.catalogue[layer_id].accuracy_m + site_accuracy_m
            search = self.settings.search_m
            self._reaches[key] = reach_m(self.rulebook, layer_id, accuracy_m=accuracy, search_m=search, on=self.on)
        return self._reaches[key]

    def derived(self, facts: FactSheet) -> Derived:
        """Return the facts with what follows from them; many sites of a batch have the same."""
        key = tuple(sorted(facts.values.items()))
        if key not in self._known:
            if len(self._known) >= _KEPT_FACTS:
                self._known.clear()
            self._known[key] = derive(self.rulebook.vocabulary, facts, self.rulebook.lists, self.on)
        return self._known[key]

    def measure(
        self, footprint: Footprint, layer_id: str, within: BaseGeometry | None = None, *, parts: int = 1
    ) -> LayerOverlap:
        """Measure a footprint, or its part in one of several territories, against a layer."""
        layer = self.catalogue[layer_id]
        stated = self.settings.tolerance_m2 if layer.tolerance is None else layer.tolerance
        # What counts on the whole site counts on one of its parts: the tolerance is shared among them.
        tolerance = _tolerance_m2(footprint, stated) / parts
        reach = self.reach_m(layer_id, footprint.site.accuracy_m)
        return measure(footprint, self.layers[layer_id], within=within, search_m=reach, tolerance_m2=tolerance)


def check_site(
    site: Site,
    facts: FactSheet,
    *,
    on: date,
    catalogue: Catalogue,
    rulebook: Rulebook,
    settings: Settings,
    source: LayerSource | None = None,
) -> Examination:
    """Check one footprint.

    Raises
    ------
    SiteError, CRSError
        When the footprint cannot be measured, or lies outside every territory.
    LayerError
        When a layer holds something that its definition does not know.

    Examples
    --------
    >>> from zoning import Workspace, builtin_root
    >>> workspace = Workspace.open(builtin_root())
    >>> parts = {"catalogue": workspace.catalogue, "rulebook": workspace.rulebook, "settings": workspace.settings}
    >>> far = Site("1", "field", shapely.box(10.0, 50.0, 10.1, 50.1), "EPSG:4490", "field.geojson")
    >>> check_site(far, FactSheet({}), on=date(2026, 6, 1), **parts)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    zoning.errors.CRSError: field.geojson: footprint 'field' (10.0500°E, 50.0500°N) lies outside every territory ...
    """
    checker = Checker(on=on, catalogue=catalogue, rulebook=rulebook, settings=settings, source=source)
    result = next(checker.check([(site, facts)]))
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
    source: LayerSource | None = None,
) -> Iterator[Examination | Refusal]:
    """Check footprints in their order; each layer is read once for all of them.

    Raises
    ------
    LayerError, CRSError
        See `Checker.check`.

    Examples
    --------
    >>> from zoning import Workspace, builtin_root
    >>> workspace = Workspace.open(builtin_root())
    >>> parts = {"catalogue": workspace.catalogue, "rulebook": workspace.rulebook, "settings": workspace.settings}
    >>> far = Site("1", "field", shapely.box(10.0, 50.0, 10.1, 50.1), "EPSG:4490", "field.geojson")
    >>> [type(one).__name__ for one in check_sites([(far, FactSheet({}))], on=date(2026, 6, 1), **parts)]
    ['Refusal']
    """
    return Checker(on=on, catalogue=catalogue, rulebook=rulebook, settings=settings, source=source).check(sites)


def _footprint(site: Site, plane: MeasuringPlane) -> Footprint | Refusal:
    try:
        return Footprint.of(site, plane)
    except ZoningError as error:
        return Refusal(site, error)


def _bounds(footprints: Sequence[Footprint]) -> Bounds:
    boxes = [footprint.lonlat.bounds for footprint in footprints]
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


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


def _examine(footprint: Footprint, facts: FactSheet, checker: Checker) -> Examination:
    areas, outside_m2 = _territories(footprint, checker)
    derived = checker.derived(facts)
    overlaps = {name: checker.measure(footprint, name) for name in checker.layers}
    whole = len(areas) == 1 and outside_m2 == 0
    parts: list[_Part] = []
    for territory, area in areas.items():
        found = overlaps if whole else _overlaps_within(footprint, territory, len(areas), checker)
        tolerance = _tolerance_m2(footprint, checker.settings.tolerance_m2) / len(areas)
        layers = checker.catalogue.layers
        parts.append(_judge(Situation(territory, area, found, layers, derived.sheet, checker.on, tolerance), checker))
    without_rules = tuple(part.situation.territory for part in parts if not part.complete)
    findings = tuple(finding for part in parts for finding in part.findings)
    conclusion = conclude(
        findings,
        checker.rulebook.vocabulary,
        # Where no rule is in force, or the base does not reach back so far, nothing is ever "permitted".
        unchecked_m2=outside_m2 + sum(areas[code] for code in without_rules),
        unread_layers={layer for part in parts for layer in part.unread},
    )
    evidence = Evidence(
        footprint=footprint,
        warnings=(
            *_near_border(footprint, areas, checker),
            *(text for one in (derived, *(part.derived for part in parts)) for text in one.warnings),
        ),
        facts=facts,
        on=checker.on,
        territories=tuple(areas),
        outside_m2=outside_m2,
        without_rules=without_rules,
        overlaps=overlaps,
        findings=findings,
        access_lists=tuple(entry for part in parts for entry in part.entries),
        derivations=(*derived.derivations, *(entry for part in parts for entry in part.derived.derivations)),
        conclusion=conclusion,
        workspace=checker.settings.name,
        notice=checker.settings.notice,
        definitions=checker.definitions,
        settings_sha256=checker.settings_sha256,
    )
    verdict = assemble(evidence, checker.catalogue, checker.rulebook)
    situations = {part.situation.territory: part.situation for part in parts}
    near = {name: layer for name, layer in checker.layers.items() if isinstance(layer, PlaneLayer)}
    return Examination(verdict, situations, footprint, overlaps, near, checker.plane)


def _overlaps_within(footprint: Footprint, territory: str, count: int, checker: Checker) -> dict[str, LayerOverlap]:
    within = checker.territories[territory]
    return {name: checker.measure(footprint, name, within, parts=count) for name in checker.layers}


def _judge(situation: Situation, checker: Checker) -> _Part:
    """Compare a part with the access lists, and judge it with the facts that follow from them."""
    rulebook = checker.rulebook
    entries = compare(rulebook.access_lists, situation, rulebook.vocabulary)
    derived = with_access_fact(rulebook.vocabulary, situation.facts, entries)
    situation = replace(situation, facts=derived.sheet)
    findings = checker.judge.findings(situation)
    complete = bool(findings) and rulebook.is_complete(checker.on, situation.territory)
    return _Part(situation, entries, derived, findings, checker.judge.unread_layers(situation), complete)


def _territories(footprint: Footprint, checker: Checker) -> tuple[dict[str, float], float]:
    """Return the area of the site in each territory, by code, and the area outside all of them."""
    layer = readable_territories(checker.layers[checker.catalogue.territory_layer])
    near = sorted({layer.ids[index] for index in layer.index.meeting(footprint.geometry.bounds)})
    tolerance = _tolerance_m2(footprint, checker.settings.tolerance_m2)
    parts: dict[str, Footprint] = {}
    for code in near:
        within = checker.territories.setdefault(code, layer.zone(code))
        part = footprint.part(within)
        if part is not None and part.area_m2 > tolerance:
            parts[code] = part
    if not parts:
        raise misplaced(footprint, layer)
    areas = {code: part.area_m2 for code, part in parts.items()}
    # Territories that overlap each other do not make up for land that lies in none of them.
    inside = sum(areas.values()) if len(parts) == 1 else united_m2(part.geometry for part in parts.values())
    outside = footprint.area_m2 - inside
    return areas, outside if outside > tolerance else 0.0


def _near_border(footprint: Footprint, parts: Mapping[str, float], checker: Checker) -> tuple[Text, ...]:
    """Warn of a site in one territory whose border is not exact enough to tell that the neighbour has no say."""
    accuracy = checker.catalogue[checker.catalogue.territory_layer].accuracy_m + footprint.site.accuracy_m
    if len(parts) != 1 or accuracy == 0:
        return ()
    (code,) = parts
    if shapely.covers(checker.territories[code], footprint.grown(accuracy)):
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


def _tolerance_m2(footprint: Footprint, stated: float) -> float:
    return min(stated, _SMALLEST_SHARE * footprint.area_m2)
