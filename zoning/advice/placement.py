"""The nearest place for the same shape: moved, and then turned as well."""

from dataclasses import dataclass, replace

from shapely.geometry.base import BaseGeometry

from zoning.advice.recheck import Recheck
from zoning.advice.scene import Scene, at
from zoning.advice.search import Displacement, Outcome, Search, all_directions, bearing_deg, turned
from zoning.advice.terms import Level, Terms

_TRIES = 6
_EXCLUDED_M = 10.0
_SAVES = 0.9
"""A turn is only advised where it saves at least a tenth of the move."""
_TURN_RESOLUTION = 0.01  # of that move: a turn is no less rough itself


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """A place for the shape, re-checked.

    Attributes
    ----------
    turn_deg
        Counter-clockwise about the middle of its area, before it is moved.
    """

    displacement: Displacement
    turn_deg: float
    shape: BaseGeometry
    recheck: Recheck

    @property
    def bearing_deg(self) -> float:
        """Direction of the move, degrees clockwise from north."""
        return bearing_deg(self.displacement)


@dataclass(frozen=True, slots=True, eq=False)
class Placements:
    """What was found at one level.

    Attributes
    ----------
    moved, turned
        The nearest place without a turn; the nearest one with a turn, where it saves a tenth of the move.
    radius_m, resolution_m
        No place within the radius is nearer by more than the resolution that has a quarter of it to spare; without a
        place, there is none in the radius at all.
    dropped
        Places whose re-check did not come out clear.
    inexact
        Rules of which more was avoided than they demand: the bound holds for what was avoided.
    """

    level: Level
    moved: Placement | None
    turned: Placement | None
    radius_m: float
    resolution_m: float
    turn_step_deg: float
    squares: int
    dropped: int
    inexact: tuple[str, ...]

    @property
    def best(self) -> Placement | None:
        """The place with the shortest move."""
        found = [one for one in (self.moved, self.turned) if one is not None]
        return min(found, key=lambda one: one.displacement.distance_m, default=None)


def placements(scene: Scene, terms: Terms, level: Level) -> Placements:
    """Search for the nearest places of a level."""
    hunt = _Hunt(scene, terms, level)
    straight = hunt.nearest(0.0, terms.radius_m)
    turned_, resolution = None, hunt.resolution_m
    limit = terms.radius_m if straight is None else straight.displacement.distance_m * _SAVES
    if terms.turn_step_deg > 0 and limit > 0:
        hunt = _Hunt(scene, replace(terms, resolution_m=max(terms.resolution_m, limit * _TURN_RESOLUTION)), level, hunt)
        for turn in all_directions(terms.turn_step_deg):
            found = hunt.nearest(turn, limit)
            if found is not None and found.displacement.distance_m < limit:
                turned_, limit = found, found.displacement.distance_m
    return Placements(
        level,
        straight,
        turned_,
        terms.radius_m,
        resolution,
        terms.turn_step_deg,
        hunt.squares,
        hunt.dropped,
        scene.forbidden(level).inexact,
    )


class _Hunt:
    """Searches and re-checks until a place holds."""

    def __init__(self, scene: Scene, terms: Terms, level: Level, before: "_Hunt | None" = None) -> None:
        self.scene, self.terms, self.level = scene, terms, level
        self.squares: int = before.squares if before else 0
        self.dropped: int = before.dropped if before else 0
        self.resolution_m = terms.resolution_m
        self._search: tuple[int, Search] | None = None

    def nearest(self, turn_deg: float, radius_m: float) -> Placement | None:
        shape = turned(self.scene.ground.shape, turn_deg)
        for _ in range(_TRIES):
            outcome = self._outcome(shape, radius_m)
            if outcome.displacement is None:
                return None
            move = outcome.displacement
            placed = at(shape, move.east_m, move.north_m)
            found = self.scene.rechecker.check(placed, self.scene.rechecker.site.name)
            if found is not None and self.scene.is_kept(found, self.level):
                return Placement(move, turn_deg, placed, found)
            self.dropped += 1
            learned = found is not None and self.scene.learn(found.examination)
            if not learned and self._search is not None:
                self._search[1].exclude(move, max(_EXCLUDED_M, self.terms.resolution_m))
        return None

    def _outcome(self, shape: BaseGeometry, radius_m: float) -> Outcome:
        if self._search is None or self._search[0] != len(self.scene.learned):
            forbidden = self.scene.forbidden(self.level)
            self._search = (len(self.scene.learned), Search(forbidden, self.terms.resolution_m))
        outcome = self._search[1].nearest(shape, radius_m)
        self.squares += outcome.squares
        self.resolution_m = max(self.resolution_m, outcome.resolution_m)
        return outcome
