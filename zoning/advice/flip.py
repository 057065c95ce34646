"""How far the site is from another verdict: the nearest displacement that changes the decision.

Two figures, and both can be verified. Below `safe_m` no displacement can change the decision: it follows from the
distances to the zones that would count, and from the depth in those that do. At `flip` a re-check has found another
decision.
"""

from dataclasses import dataclass
from math import hypot, inf

import numpy as np
import shapely

from zoning.advice.bans import Ban
from zoning.advice.obstacles import Forbidden, Obstacle
from zoning.advice.recheck import Recheck, of_examination
from zoning.advice.scene import Scene, at
from zoning.advice.search import Displacement, Search, bearing_deg
from zoning.advice.terms import Terms
from zoning.overlay.certainty import STEP_M, doubt_reach_m
from zoning.rules.access.hits import LAYER as UNITS
from zoning.rules.verdict import Decision

_FINE_M = 0.1
_MOST_TRIED = 24
_ROUNDS = 16
_PAST_M = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Flip:
    """A displacement that changes the decision.

    Attributes
    ----------
    displacement
        To 0.1 m along its direction.
    """

    displacement: Displacement
    decision: Decision
    recheck: Recheck

    @property
    def bearing_deg(self) -> float:
        """Its direction, degrees clockwise from north."""
        return bearing_deg(self.displacement)


@dataclass(frozen=True, slots=True, eq=False)
class FlipDistance:
    """How near another verdict is.

    Attributes
    ----------
    safe_m
        No displacement below changes the decision.
    flip
        The nearest that was found; None when none was within the radius.
    """

    decision: Decision
    safe_m: float
    flip: Flip | None
    radius_m: float


def flip_distance(scene: Scene, terms: Terms) -> FlipDistance:
    """Bracket the nearest displacement that changes the decision."""
    decision = scene.examined.verdict.decision
    safe = min(_safe_m(scene, decision), terms.radius_m)
    best: Flip | None = None
    limit = terms.radius_m
    for move in _candidates(scene, terms, decision)[:_MOST_TRIED]:
        if move.distance_m - _PAST_M >= limit:
            break
        found = _along(scene, move, decision, limit)
        if found is not None and found.displacement.distance_m < limit:
            best, limit = found, found.displacement.distance_m
    return FlipDistance(decision, safe, best, terms.radius_m)


def _candidates(scene: Scene, terms: Terms, decision: Decision) -> list[Displacement]:
    """Return displacements at which something begins or ceases to count, shortest first."""
    moves = [move for one in _stricter(scene, decision) if (move := _entry(scene, one, terms)) is not None]
    milder: list[Obstacle] = {
        "prohibited": [*scene.forbids, *scene.learned],
        "undetermined": [*scene.questions, *scene.unknown],
        "restricted": _restrictions(scene),
        "permitted": [],
    }[decision]
    # Once as far as it could count, once as far as it certainly does: within the accuracies.
    for shrink in (0.0, 2 * _worst_accuracy_m(scene)):
        kept = [Obstacle(tuple(area.buffer(-shrink) for area in one.areas), one.rules) for one in milder]
        left = Search(Forbidden.of(kept), max(terms.resolution_m, 1.0)).nearest(scene.ground.shape, terms.radius_m)
        moves += [left.displacement] if kept and left.displacement is not None else []
    return sorted(moves, key=lambda move: move.distance_m)


def _stricter(scene: Scene, decision: Decision) -> list[Obstacle]:
    """Return what a site with this decision must not meet."""
    if decision == "prohibited":
        return []
    listed = [*scene.forbids, *scene.learned, *_other_units(scene)]
    if decision == "undetermined" and _only_a_restriction_is_open(scene):
        listed += scene.obstacles.of("restricts")
    if decision != "undetermined":
        listed += [*scene.questions, *scene.unknown]
    return listed + (_restrictions(scene) if decision == "permitted" else [])


def _other_units(scene: Scene) -> list[Obstacle]:
    """Return the management units that the site does not lie in: what their access lists say is not foreseen."""
    ground = scene.ground
    local = ground.layer(UNITS) if UNITS in ground.content.catalogue.layers else None
    if local is None or not ground.content.rulebook.access_lists.in_force(ground.content.on):
        return []
    overlap = scene.examined.overlaps[UNITS]
    mine = {zone.id for hit in overlap.classes if hit.certainty == "certain" for zone in hit.zones}
    grow = overlap.accuracy_m + ground.margin_m
    zones = zip(local.numbers.tolist(), local.geometries, strict=True)
    return [Obstacle((zone.buffer(grow),), ()) for number, zone in zones if local.layer.ids[number] not in mine]


def _only_a_restriction_is_open(scene: Scene) -> bool:
    return not of_examination(scene.examined).questions


def _restrictions(scene: Scene) -> list[Obstacle]:
    return [*scene.obstacles.of("restricts"), *scene.obstacles.of("may-restrict")]


def _worst_accuracy_m(scene: Scene) -> float:
    return max(layer.accuracy_m for layer in scene.ground.content.catalogue.layers.values())


def _entry(scene: Scene, obstacle: Obstacle, terms: Terms) -> Displacement | None:
    """Return the shortest displacement at which the site meets an obstacle; None where it meets it already."""
    apart = [area for area in obstacle.areas if not area.intersects(scene.ground.shape)]
    if not apart:
        return None
    far = max(apart, key=lambda area: float(area.distance(scene.ground.shape)))
    ends = shapely.get_coordinates(shapely.shortest_line(scene.ground.shape, far))
    move = ends[1] - ends[0]
    return Displacement(float(move[0]), float(move[1])) if hypot(*move) <= terms.radius_m else None


def _along(scene: Scene, move: Displacement, decision: Decision, limit: float) -> Flip | None:
    """Return where the decision changes just before or beyond a displacement."""
    direction = np.array([move.east_m, move.north_m]) / max(move.distance_m, 1e-9)
    if move.distance_m < 1e-6:  # noqa: PLR2004 - it touches nothing and leaves nothing
        return None
    low = 0.0
    accuracy = 2 * _worst_accuracy_m(scene)
    for past in (_PAST_M, accuracy + _PAST_M):
        high = move.distance_m + past
        if high > limit + _PAST_M + accuracy:
            return None
        found = _at(scene, direction * high)
        if found is not None and found.decision != decision:
            return _bisected(scene, direction, (low, high), found, decision)
        low = high
    return None


def _bisected(
    scene: Scene,
    direction: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    span: tuple[float, float],
    found: Recheck,
    decision: Decision,
) -> Flip:
    low, high = span
    for _ in range(_ROUNDS):
        if high - low <= _FINE_M:
            break
        middle = (low + high) / 2
        there = _at(scene, direction * middle)
        if there is None or there.decision == decision:
            low = middle
        else:
            high, found = middle, there
    east, north = (direction * high).tolist()
    return Flip(Displacement(east, north), found.decision, found)


def _at(scene: Scene, move: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Recheck | None:
    return scene.rechecker.check(at(scene.ground.shape, float(move[0]), float(move[1])), scene.rechecker.site.name)


def _safe_m(scene: Scene, decision: Decision) -> float:
    """Return below which displacement nothing can change."""
    shape = scene.ground.shape
    bans = [ban for code in scene.ground.territories for ban in scene.obstacles.bans.of(code)]
    if decision == "prohibited":
        # It stays prohibited as long as one of the prohibitions certainly holds.
        return max((_depth_m(scene, ban) for ban in bans if ban.grade == "forbids"), default=0.0)
    codes = scene.ground.territories
    restricting = [ban for code in codes for ban in scene.obstacles.bans.of(code, restrictions=True)]
    enters = min((_distance_m(one, shape) for one in _stricter(scene, decision)), default=inf)
    if decision == "permitted":
        return enters
    if decision == "undetermined":
        if _only_a_restriction_is_open(scene):
            return min(enters, _deepest(scene, restricting, "may-restrict"))
        return min(enters, _deepest(scene, bans, "questions"))
    return min(enters, _deepest(scene, restricting, "restricts"))


def _deepest(scene: Scene, bans: list[Ban], grade: str) -> float:
    return max((_depth_m(scene, ban) for ban in bans if ban.grade == grade), default=0.0)


def _distance_m(obstacle: Obstacle, shape: shapely.geometry.base.BaseGeometry) -> float:
    return max(float(area.distance(shape)) for area in obstacle.areas)


def _depth_m(scene: Scene, ban: Ban) -> float:
    """Return how far the site can be moved while a ban that holds still certainly holds; 0 when that is not told."""
    if len(scene.examined.situations) != 1 or ban.territory not in scene.examined.situations:
        return 0.0
    if not ban.tests:
        inside = scene.ground.shape.representative_point()
        return float(inside.distance(scene.ground.territories[ban.territory].boundary))
    return min(_test_depth_m(scene, ban, number) for number in range(len(ban.tests)))


def _test_depth_m(scene: Scene, ban: Ban, number: int) -> float:
    test = ban.tests[number]
    overlap = scene.examined.overlaps.get(test.where.layer)
    if overlap is None or not test.here or test.measured or test.where.zones or test.where.relation != "overlaps":
        return 0.0
    reach = doubt_reach_m(overlap.accuracy_m)
    depths = [
        (reach if found.flips_at_m is None else found.flips_at_m - STEP_M) - overlap.accuracy_m
        for found in overlap.classes
        if found.certainty == "certain"
        and not found.assumed
        and (not test.where.classes or found.class_id in test.where.classes)
    ]
    return max(0.0, max(depths, default=0.0))
