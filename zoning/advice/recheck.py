"""Every advice is checked as any other site is, by `zoning.check`; what is not clear of it is dropped and counted."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.advice.ground import Ground
from zoning.check import Examination, Refusal
from zoning.rules.facts import FactSheet
from zoning.rules.verdict import Decision, Finding
from zoning.sites.site import Site
from zoning.texts import Text

CRS = "EPSG:4490"
"""Longitude and latitude of CGCS2000: what advice is written in."""

_DECIMALS = 9  # a tenth of a millimetre
_EDGE_M = 85.0


@dataclass(frozen=True, slots=True, eq=False)
class Recheck:
    """What the check says of an advised place.

    Attributes
    ----------
    prohibiting
        Rules that prohibit it.
    questions
        Rules that could still prohibit it: a fact is missing, the article is not verified, a procedure is to be done.
    doubtful
        The layers that questions wait for, where these wait for nothing else.
    without_data
        The missing layers that do not speak of all of the place.
    """

    decision: Decision
    summary: Text
    area_m2: float
    prohibiting: tuple[str, ...]
    questions: tuple[str, ...]
    doubtful: tuple[str, ...]
    restricting: tuple[str, ...]
    missing_facts: tuple[str, ...]
    missing_layers: tuple[str, ...]
    without_data: tuple[str, ...]
    geometry: BaseGeometry
    examination: Examination

    @property
    def outside(self) -> bool:
        """Whether no rules are known for a part of it: outside every territory, or where the base is not complete."""
        site = self.examination.verdict.site
        return site.outside_territories_m2 > 0 or bool(site.territories_without_rules)

    @property
    def clear(self) -> bool:
        """Whether nothing prohibits it and nothing is open: permitted or restricted."""
        return self.decision in ("permitted", "restricted")

    def is_kept(self, *, unread: tuple[str, ...] = (), strict: bool = True) -> bool:
        """Tell whether the advice may be given: nothing prohibits, and no layer that has data here leaves a doubt.

        Parameters
        ----------
        unread
            Layers that have no data anywhere near: they leave every place undetermined, which is said.
        strict
            False where only known prohibitions were to be cleared.
        """
        if self.prohibiting:
            return False
        if not strict:
            return True
        return not self.outside and {*self.without_data, *self.doubtful} <= set(unread)


@dataclass(frozen=True, slots=True, eq=False)
class Rechecker:
    """Checks shapes of the frame as sites."""

    ground: Ground
    site: Site
    facts: FactSheet

    def check(self, shape: BaseGeometry, name: str) -> Recheck | None:
        """Check a shape; None where it cannot be measured, such as outside every territory."""
        try:
            result = next(self.ground.checker.check([(self.as_site(shape, name), self.facts)]))
        except shapely.errors.GEOSException:
            # What cannot be measured is no advice.
            return None
        return None if isinstance(result, Refusal) else of_examination(result)

    def as_site(self, shape: BaseGeometry, name: str) -> Site:
        """Return a shape as a site in longitude and latitude, with the coordinates that are written."""
        plane = self.ground.frame.to_plane([shapely.segmentize(shape, _EDGE_M)])
        lonlat = self.ground.content.source.plane.to_lonlat(plane)[0]
        rounded: BaseGeometry = shapely.transform(lonlat, lambda xy: np.round(xy, _DECIMALS))
        return Site(
            id=self.site.id,
            name=name,
            geometry=rounded,
            crs=CRS,
            source=self.site.source,
            accuracy_m=self.site.accuracy_m,
        )


def of_examination(examination: Examination) -> Recheck:
    """Return what an examination says of an advice."""
    verdict = examination.verdict
    relevant = [finding for finding in verdict.findings if finding.decision is not None]
    open_ = [finding for finding in relevant if _may_prohibit(finding)]
    return Recheck(
        decision=verdict.decision,
        summary=verdict.summary,
        area_m2=verdict.site.area_m2,
        prohibiting=_rules([finding for finding in relevant if finding.decision == "prohibited"]),
        questions=_rules(open_),
        doubtful=tuple(sorted({x for finding in open_ if _waits_for_layers(finding) for x in finding.missing_layers})),
        restricting=_rules([finding for finding in relevant if finding.decision == "restricted"]),
        missing_facts=tuple(fact.fact for fact in verdict.missing_facts),
        missing_layers=verdict.missing_layers,
        without_data=tuple(
            entry.layer
            for entry in verdict.layers
            if entry.layer in verdict.missing_layers and (entry.status == "no_data" or entry.uncovered_m2 > 0)
        ),
        geometry=examination.footprint.site.geometry,
        examination=examination,
    )


def _may_prohibit(finding: Finding) -> bool:
    if finding.decision != "undetermined":
        return False
    return finding.blocked or "prohibit" in (finding.possible_effects or (finding.effect,))


def _waits_for_layers(finding: Finding) -> bool:
    return bool(finding.missing_layers) and not finding.missing_facts and finding.verified and not finding.blocked


def _rules(findings: list[Finding]) -> tuple[str, ...]:
    return tuple(sorted({finding.rule for finding in findings}))
