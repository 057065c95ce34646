"""Bans as areas of the ground: a shape that stays off them meets no prohibition.

Every zone is grown by the accuracies of layer and site and a margin (`Ground.margin_m`), for the check says "possible"
up to there. A distance of a rule is added. What a rule demands to be inside of counts the other way round.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import acos, ceil, pi

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.advice.bans import Ban, BanBook, Grade, PlaceTest
from zoning.advice.ground import Ground, LocalLayer
from zoning.overlay import beside
from zoning.overlay.repair import polygonal

_ARC_SHORT_M = 0.05  # how much a buffer may be short of its distance between the corners of its arcs
_STRAIGHT_M = 0.05  # what the corners of a united area may move; both are part of the margin
_SPECK_M2 = 0.5
_NOTHING = shapely.Polygon()
_Key = tuple[str, frozenset[str], tuple[str, ...], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Obstacle:
    """Areas of the frame, all of which a shape must touch to be forbidden; mostly it is one.

    Attributes
    ----------
    exact
        False where more is avoided than the rule demands, such as any contact where it forbids a share.
    """

    areas: tuple[BaseGeometry, ...]
    rules: tuple[str, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Forbidden:
    """What a shape must stay off: one united area, and combinations.

    Attributes
    ----------
    area
        Union of all obstacles of a single area; prepared.
    combined
        The others.
    """

    area: BaseGeometry
    combined: tuple[tuple[BaseGeometry, ...], ...]
    rules: tuple[str, ...]
    inexact: tuple[str, ...]
    everywhere: tuple[str, ...] = ()

    @classmethod
    def of(cls, obstacles: Iterable[Obstacle]) -> "Forbidden":
        """Unite obstacles; in the plain way, which is three times as fast: what is found off them is checked again."""
        listed = list(obstacles)
        single = [one.areas[0] for one in listed if len(one.areas) == 1]
        area = polygonal(shapely.simplify(shapely.union_all(single), _STRAIGHT_M)) if single else _NOTHING
        shapely.prepare(area)
        combined = tuple(one.areas for one in listed if len(one.areas) > 1)
        for areas in combined:
            for part in areas:
                shapely.prepare(part)
        rules = tuple(sorted({rule for one in listed for rule in one.rules}))
        inexact = tuple(sorted({rule for one in listed if not one.exact for rule in one.rules}))
        return cls(area, combined, rules, inexact)

    def within(self, box: tuple[float, float, float, float]) -> "Forbidden":
        """Return what of it lies in a box (west, south, east, north)."""
        window = shapely.box(*box)
        if shapely.covers(window, self.area):
            return self
        area = polygonal(shapely.intersection(self.area, window))
        combined = tuple(
            tuple(polygonal(shapely.intersection(part, window)) for part in parts) for parts in self.combined
        )
        shapely.prepare(area)
        for parts in combined:
            for part in parts:
                shapely.prepare(part)
        return Forbidden(area, combined, self.rules, self.inexact)

    def touched(self, shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Tell which shapes (n,) of the frame are forbidden."""
        found = np.asarray(shapely.intersects(self.area, shapes), dtype=bool)
        for areas in self.combined:
            found |= np.logical_and.reduce([shapely.intersects(area, shapes) for area in areas])
        return found


@dataclass(eq=False)
class Obstacles:
    """The bans on a project around a site as areas of the frame."""

    ground: Ground
    bans: BanBook
    _zones: dict[tuple[object, ...], BaseGeometry | None] = field(default_factory=dict)
    learned: list[Obstacle] = field(default_factory=list)
    """What only a re-check brought to light."""

    def everywhere(self, grade: Grade) -> dict[str, tuple[str, ...]]:
        """Return the rules that forbid in all of a territory, by territory."""
        found: dict[str, tuple[str, ...]] = {}
        for code in self.ground.territories:
            rules = {ban.rule for ban in self._of(code, grade) if not ban.tests}
            if rules:
                found[code] = tuple(sorted(rules))
        return found

    def of(self, grade: Grade) -> list[Obstacle]:
        """Return the obstacles of a grade."""
        found: list[Obstacle] = []
        for code, area in self.ground.territories.items():
            bans = self._of(code, grade)
            found.extend(self._alone([ban for ban in bans if len(ban.tests) == 1], code, area))
            found.extend(self._together([ban for ban in bans if len(ban.tests) > 1], code, area))
            if grade != "forbids":
                # Where it forbids for certain, this is land without data: see `unknown`.
                found.extend(self._unread_near(code, area, grade))
            everywhere = tuple(ban.rule for ban in bans if not ban.tests)
            if everywhere and grade == "forbids":
                found.append(Obstacle((area,), everywhere))
        return [one for one in found if not any(part.is_empty for part in one.areas)]

    def unknown(self) -> tuple[list[Obstacle], tuple[str, ...]]:
        """Return where data or rules are missing, and the layers that have no data anywhere near."""
        box = shapely.box(*self.ground.box)
        known = beside.union(list(self.ground.territories.values()))
        found = [Obstacle((polygonal(beside.difference(box, known)),), ())]
        nowhere: set[str] = set()
        for code, area in self.ground.territories.items():
            if not self.bans.is_complete(code):
                found.append(Obstacle((area,), ()))
            for layer in sorted(self.bans.layers(code)):
                gap = self._uncovered(layer, area)
                if gap is None:
                    nowhere.add(layer)
                elif not gap.is_empty:
                    found.append(Obstacle((gap,), ()))
            found.extend(self._unread_near(code, area, "forbids"))
        return [one for one in found if not one.areas[0].is_empty], tuple(sorted(nowhere))

    def _of(self, code: str, grade: Grade) -> list[Ban]:
        return [
            ban for ban in self.bans.of(code, restrictions=grade in ("restricts", "may-restrict")) if ban.grade == grade
        ]

    def _alone(self, bans: Sequence[Ban], code: str, area: BaseGeometry) -> Iterable[Obstacle]:
        """Yield the bans on single places; all classes of one layer that forbid are grown together, once."""
        groups: dict[tuple[object, ...], list[Ban]] = {}
        for ban in bans:
            test = ban.tests[0]
            # Which rule asks or restricts where is told apart: they are counted, and some cannot be escaped.
            apart = () if ban.grade == "forbids" else self._wanted(test)
            groups.setdefault((test.where.layer, test.where.zones, _kind(test), test.measured, apart), []).append(ban)
        for members in groups.values():
            test = members[0].tests[0]
            classes = frozenset(name for ban in members for name in self._wanted(ban.tests[0]))
            if _kind(test)[0] != "near":
                # What lies outside the one is not what lies outside the other.
                for ban in members:
                    found = self._area(ban.tests[0], frozenset(self._wanted(ban.tests[0])), code, area)
                    if found is not None:
                        yield Obstacle((found,), (ban.rule,), _is_exact(ban.tests[0]))
                continue
            found = self._area(test, classes, code, area)
            if found is not None:
                rules = tuple(sorted({ban.rule for ban in members}))
                yield Obstacle((found,), rules, all(_is_exact(ban.tests[0]) for ban in members))

    def _together(self, bans: Sequence[Ban], code: str, area: BaseGeometry) -> Iterable[Obstacle]:
        for ban in bans:
            areas = [self._area(test, frozenset(self._wanted(test)), code, area) for test in ban.tests]
            known = tuple(one for one in areas if one is not None)
            # A place of a layer without data may or may not be met: the others decide.
            if known:
                yield Obstacle(known, (ban.rule,), all(map(_is_exact, ban.tests)) and len(known) == len(areas))

    def _wanted(self, test: PlaceTest) -> tuple[str, ...]:
        layer = self.ground.content.catalogue.layers.get(test.where.layer)
        return test.where.classes or (tuple(layer.classes) if layer else ())

    def _area(
        self, test: PlaceTest, classes: frozenset[str], code: str, territory: BaseGeometry
    ) -> BaseGeometry | None:
        """Return where a shape meets a test for all that is known; None where the layer has no data at all."""
        kind, metres = _kind(test)
        local = (
            self.ground.layer(test.where.layer) if test.where.layer in self.ground.content.catalogue.layers else None
        )
        if local is None:
            return None
        key = (test.where.layer, classes, test.where.zones, kind, metres, code)
        if key not in self._zones:
            accuracy = local.layer.layer.accuracy_m + self.ground.site_accuracy_m + self.ground.margin_m
            near = kind == "near"
            zones = self._of_layer(local, classes, test.where.zones, doubtful=near, territory=territory, code=code)
            wide, narrow = metres + accuracy, metres - accuracy
            made = _grown(zones, wide) if near else beside.difference(territory, _grown(zones, narrow))
            self._zones[key] = polygonal(beside.intersection(made, territory))
        return self._zones[key]

    def _of_layer(
        self,
        local: LocalLayer,
        classes: frozenset[str],
        names: tuple[str, ...],
        *,
        doubtful: bool,
        territory: BaseGeometry,
        code: str,
    ) -> BaseGeometry:
        """Return the union of zones in a territory; `doubtful`: also those that may be of the classes, or so named."""
        key = ("zones", local.layer.layer.id, classes, names, doubtful, code)
        if key not in self._zones:
            union = self._united(local, classes, names, doubtful=doubtful)
            self._zones[key] = union if shapely.covers(territory, union) else beside.intersection(union, territory)
        found = self._zones[key]
        return _NOTHING if found is None else found

    def _united(
        self, local: LocalLayer, classes: frozenset[str], names: tuple[str, ...], *, doubtful: bool
    ) -> BaseGeometry:
        """Return the union of zones in all territories, made once for all of them."""
        chosen = _chosen(local, classes, names, doubtful=doubtful)
        key = ("united", local.layer.layer.id, chosen.tobytes())
        if key not in self._zones:
            self._zones[key] = beside.union(local.geometries[chosen])
        found = self._zones[key]
        return _NOTHING if found is None else found

    def _uncovered(self, layer: str, territory: BaseGeometry, reach_m: float = 0.0) -> BaseGeometry | None:
        """Return the part of a territory without data of a layer, grown by a reach; None where it has none near."""
        covered = self.ground.covered(layer) if layer in self.ground.content.catalogue.layers else _NOTHING
        if covered.is_empty or not covered.intersects(territory):
            return None
        reach = reach_m + self.ground.site_accuracy_m
        gap = beside.difference(territory, covered)
        if reach > 0:
            wide = beside.difference(shapely.box(*self.ground.box).buffer(2 * reach), covered)
            gap = beside.union([gap, beside.intersection(_grown(_without_specks(wide), reach), territory)])
        return _without_specks(gap)

    def _unread_near(self, code: str, area: BaseGeometry, grade: Grade) -> Iterable[Obstacle]:
        """Yield where a rule on distances reaches beyond the coverage of its layer."""
        reaches: dict[tuple[str, float], list[str]] = {}
        for ban in self._of(code, grade):
            for test in ban.tests:
                local = self._local(test.where.layer)
                if local is not None and test.where.relation in ("within", "touches"):
                    limit = max((metres for _, metres in test.limits), default=0.0)
                    reach = limit + local.layer.layer.accuracy_m + self.ground.margin_m
                    reaches.setdefault((test.where.layer, reach), []).append(ban.rule)
        for (layer, reach), rules in reaches.items():
            gap = self._uncovered(layer, area, reach)
            if gap is not None and not gap.is_empty:
                yield Obstacle((gap,), tuple(sorted(rules)))

    def _local(self, layer_id: str) -> LocalLayer | None:
        known = layer_id in self.ground.content.catalogue.layers
        return self.ground.layer(layer_id) if known else None


def _kind(test: PlaceTest) -> tuple[str, float]:
    """Return how a test is drawn: zones grown by metres (`near`), or all that is not in them (`far`)."""
    relation = test.where.relation
    if relation == "within":
        far = [metres for name, metres in test.limits if name in ("below", "at_most")]
        if not far:
            return "far" if test.here else "near", min(metres for _, metres in test.limits)
        return "near" if test.here else "far", min(far)
    outside = relation == "outside"
    return ("near" if outside is not test.here else "far"), 0.0


def _is_exact(test: PlaceTest) -> bool:
    """Tell whether the area of a test is what the rule says, and not more."""
    where, relation = test.where, test.where.relation
    if test.measured or where.zones or len(test.limits) > 1:
        return False
    return test.here if relation in ("overlaps", "touches", "within", "outside") else not test.here


def _chosen(local: LocalLayer, classes: frozenset[str], names: tuple[str, ...], *, doubtful: bool) -> NDArray[np.bool_]:
    layer = local.layer.layer
    numbers = local.numbers
    found = np.asarray([local.layer.class_ids[n] in classes for n in numbers], dtype=bool)
    if doubtful:
        other = not set(local.layer.class_order) & classes
        may = [bool(set(layer.classes[local.layer.class_ids[n]].may_be) & classes) for n in numbers]
        found |= np.asarray(may, dtype=bool) | local.layer.assumed[numbers] | other
    else:
        found &= ~local.layer.assumed[numbers]
    if names:
        found &= np.asarray(
            [_named(local.layer.ids[n], local.layer.names[n], names, doubtful=doubtful) for n in numbers], dtype=bool
        )
    return found


def _named(zone_id: str, name: str, names: Sequence[str], *, doubtful: bool) -> bool:
    if name in names or zone_id in names:
        return True
    return doubtful and (not name or any(one in name or name in one for one in names))


def _grown(area: BaseGeometry, metres: float) -> BaseGeometry:
    """Return an area grown, or shrunk, by metres; rounded corners are short of it by 5 cm at most."""
    if area.is_empty or metres == 0:
        return area
    arc = ceil(pi / 4 / acos(1 - min(_ARC_SHORT_M / abs(metres), 0.5)))
    found: BaseGeometry = area.buffer(metres, quad_segs=arc)
    return found


def _without_specks(area: BaseGeometry) -> BaseGeometry:
    """Return an area without the seams that two drawings of one border leave."""
    parts = [part for part in shapely.get_parts(polygonal(area)) if part.area >= _SPECK_M2]
    return shapely.MultiPolygon(parts)
