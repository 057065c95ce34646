"""One project on its ground: what forbids it where, in three levels of caution, and what re-checks brought to light."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.advice.bans import BanBook
from zoning.advice.ground import Content, Ground
from zoning.advice.obstacles import Forbidden, Obstacle, Obstacles
from zoning.advice.recheck import Recheck, Rechecker
from zoning.advice.terms import Level
from zoning.check import Examination
from zoning.overlay import beside
from zoning.overlay.footprint import Footprint
from zoning.overlay.overlap import ZoneOverlap
from zoning.rules.access.hits import LAYER as UNITS
from zoning.rules.facts import FactSheet
from zoning.rules.verdict import Finding

_ALL = 0.9999  # of the land around: what forbids more cannot be escaped by moving


@dataclass(eq=False)
class Scene:
    """A site, its facts and its surroundings.

    Attributes
    ----------
    unread
        Layers without any data near: every place is undetermined.
    inescapable
        Rules that could prohibit everywhere around, for want of facts: no move settles them.
    """

    ground: Ground
    footprint: Footprint
    examination: Examination | None
    rechecker: Rechecker
    obstacles: Obstacles
    forbids: list[Obstacle]
    unknown: list[Obstacle]
    questions: list[Obstacle]
    unread: tuple[str, ...]
    inescapable: tuple[str, ...]
    everywhere: Mapping[str, tuple[str, ...]]
    learned: list[Obstacle] = field(default_factory=list)
    _kept: dict[tuple[Level, int], Forbidden] = field(default_factory=dict)
    _known: set[tuple[str, str, tuple[str, ...]]] = field(default_factory=set)

    @classmethod
    def around(
        cls,
        content: Content,
        footprint: Footprint,
        facts: FactSheet,
        radius_m: float,
        examination: Examination | None = None,
    ) -> "Scene":
        """Read the surroundings of a site, and what forbids the project there; a search area is not examined itself."""
        ground = Ground.around(content, footprint, radius_m)
        bans = BanBook(ground.checker, ground.checker.derived(facts).sheet)
        obstacles = Obstacles(ground, bans)
        unknown, unread = obstacles.unknown()
        land = beside.intersection(shapely.box(*ground.box), beside.union([*ground.territories.values()])).area
        asked = obstacles.of("questions")
        inescapable = [one for one in asked if len(one.areas) == 1 and _covers(one, ground) >= _ALL * land]
        rules = {rule for one in inescapable for rule in one.rules}
        for names in obstacles.everywhere("questions").values():
            rules.update(names)
        scene = cls(
            ground=ground,
            footprint=footprint,
            examination=examination,
            rechecker=Rechecker(ground, footprint.site, facts),
            obstacles=obstacles,
            forbids=obstacles.of("forbids"),
            unknown=unknown,
            questions=[one for one in asked if one not in inescapable],
            unread=unread,
            inescapable=tuple(sorted(rules)),
            everywhere=obstacles.everywhere("forbids"),
        )
        if examination is not None:
            scene.learn(examination)
        return scene

    @property
    def examined(self) -> Examination:
        """The examination of the site."""
        if self.examination is None:
            raise AssertionError
        return self.examination

    def forbidden(self, level: Level) -> Forbidden:
        """Return what a place of a level stays off."""
        key = (level, len(self.learned))
        if key not in self._kept:
            listed = [*self.forbids, *self.learned]
            listed += self.unknown if level != "known" else []
            listed += self.questions if level == "settled" else []
            self._kept[key] = Forbidden.of(listed)
        return self._kept[key]

    def is_kept(self, recheck: Recheck | None, level: Level) -> bool:
        """Tell whether an advice of a level holds after its re-check."""
        if recheck is None or not recheck.is_kept(unread=self.unread, strict=level != "known"):
            return False
        return level != "settled" or set(recheck.questions) <= set(self.inescapable)

    def learn(self, examination: Examination) -> bool:
        """Take the zones of prohibitions that were not foreseen into account; tell whether there were any.

        Foreseen is what rules forbid with the facts of the project alone. The access list of a unit, for one, is only
        compared where a site lies.
        """
        foreseen = {rule for one in self.forbids for rule in one.rules}
        before = len(self.learned)
        for finding in examination.verdict.findings:
            if finding.decision == "prohibited" and finding.rule not in foreseen:
                for layer, zones in _zones_of(finding, examination):
                    self._add(finding.rule, layer, zones)
        return len(self.learned) > before

    def _add(self, rule: str, layer: str, zones: tuple[ZoneOverlap, ...]) -> None:
        key = (rule, layer, tuple(sorted(zone.id for zone in zones)))
        if not zones or key in self._known:
            return
        self._known.add(key)
        accuracy = self.ground.content.catalogue[layer].accuracy_m + self.ground.site_accuracy_m
        area = self.ground.to_frame(beside.union([zone.zone for zone in zones]))
        self.learned.append(Obstacle((area.buffer(accuracy + self.ground.margin_m),), (rule,), exact=False))


def _zones_of(finding: Finding, examination: Examination) -> Iterator[tuple[str, tuple[ZoneOverlap, ...]]]:
    """Yield layers with the zones that a prohibition rests on: those it names, or units whose list is violated."""
    overlaps = examination.situations[finding.territory].overlaps
    units = overlaps.get(UNITS) if finding.layer in (None, UNITS) else None
    met = () if units is None else tuple(zone for hit in units.classes for zone in (*hit.zones, *hit.nearby))
    violated = {
        entry.unit
        for entry in examination.verdict.access_lists
        if any(clause.result == "violates" and clause.effect == "prohibit" for clause in entry.clauses)
    }
    barred = tuple(zone for zone in met if violated & {zone.id, zone.name})
    if barred:
        yield UNITS, barred
    elif finding.layer is not None and finding.class_ is not None and finding.layer in overlaps:
        hit = overlaps[finding.layer].class_overlap(finding.class_)
        yield finding.layer, () if hit is None else (*hit.zones, *hit.nearby)


def _covers(obstacle: Obstacle, ground: Ground) -> float:
    return float(beside.intersection(shapely.box(*ground.box), obstacle.areas[0]).area)


def at(shape: BaseGeometry, east_m: float, north_m: float) -> BaseGeometry:
    """Return a shape of the frame moved by metres."""
    moved: BaseGeometry = shapely.transform(shape, lambda xy: xy + np.array([east_m, north_m]))
    return moved
