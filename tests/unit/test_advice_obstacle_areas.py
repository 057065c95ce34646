"""Bans as areas of the ground: nothing that would be forbidden, or that may be, lies off them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import pi
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from given_ground import CORE, LAND, NEXT, RIM, WORLD, A, B, GivenGround, array, local
from zoning.advice.bans import Ban, Grade, PlaceTest
from zoning.advice.obstacles import Forbidden, Obstacle, Obstacles
from zoning.rules.places import Where


@dataclass(eq=False)
class GivenBans:
    """Bans that are given; `needed`: layers without whose data nothing is permitted."""

    listed: Sequence[Ban]
    needed: frozenset[str] = frozenset()
    incomplete: tuple[str, ...] = ()

    def of(self, code: str, *, restrictions: bool = False) -> tuple[Ban, ...]:
        wanted = ("restricts", "may-restrict") if restrictions else ("forbids", "questions")
        return tuple(ban for ban in self.listed if ban.territory == code and ban.grade in wanted)

    def layers(self, _: str) -> frozenset[str]:
        return self.needed

    def is_complete(self, code: str) -> bool:
        return code not in self.incomplete


def asked(*limits: tuple[str, float], here: bool = True, **where: Any) -> PlaceTest:
    asked = Where.model_validate({"layer": "water", "classes": ["core"], **where})
    return PlaceTest(asked, limits, here)


def ban(*tests: PlaceTest, rule: str = "R001", grade: Grade = "forbids", code: str = A) -> Ban:
    return Ban(rule, code, grade, tests)


def obstacles(*bans: Ban, ground: GivenGround | None = None, **book: Any) -> Obstacles:
    made: Any = GivenGround({"water": local()}) if ground is None else ground
    given: Any = GivenBans(bans, **book)
    return Obstacles(made, given)


def area_of(found: Sequence[Obstacle]) -> BaseGeometry:
    (one,) = found
    (area,) = one.areas
    return area


NEAR_50 = asked(("below", 50.0), relation="within", distance="50 m")
GROWN_50 = 100 * 100 + 4 * 100 * 50 + pi * 50 * 50


@pytest.mark.parametrize(
    ("test", "area"),
    [
        # Zones themselves; anything that touches them is off.
        (asked(), 10_000.0),
        (asked(classes=["rim"]), 10_000.0),
        (asked(classes=["core", "rim"]), 20_000.0),
        # Without a class all classes are meant.
        (asked(classes=[]), 20_000.0),
        (asked(relation="touches"), 10_000.0),
        (asked(relation="inside"), 10_000.0),
        # What must be inside is forbidden outside, and the other way round.
        (asked(relation="outside"), 1e6 - 10_000.0),
        (asked(relation="outside", here=False), 10_000.0),
        (asked(here=False), 1e6 - 10_000.0),
        (asked(relation="inside", here=False), 1e6 - 10_000.0),
        # Distances.
        (NEAR_50, GROWN_50),
        (replace(NEAR_50, limits=(("at_most", 50.0),)), GROWN_50),
        (replace(NEAR_50, here=False), 1e6 - GROWN_50),
        (replace(NEAR_50, limits=(("above", 50.0),)), 1e6 - GROWN_50),
        (replace(NEAR_50, limits=(("at_least", 50.0),), here=False), GROWN_50),
        # Of a band the outer edge.
        (replace(NEAR_50, limits=(("at_least", 20.0), ("below", 50.0))), GROWN_50),
    ],
)  # fmt: skip
def test_where_a_test_of_a_place_holds(test: PlaceTest, area: float) -> None:
    assert area_of(obstacles(ban(test)).of("forbids")).area == pytest.approx(area, rel=5e-4)


@pytest.mark.parametrize(
    ("test", "exact"),
    [
        (asked(), True),
        (asked(relation="touches"), True),
        (NEAR_50, True),
        (asked(relation="outside"), True),
        # Any contact is avoided, though the rule forbids to lie wholly inside.
        (asked(relation="inside"), False),
        (asked(relation="inside", here=False), True),
        (asked(here=False), False),
        (asked(share={"at_least": "50 %"}), False),
        (asked(area={"at_least": "1 ha"}), False),
        (asked(zones=["区"]), False),
        (replace(NEAR_50, limits=(("at_least", 20.0), ("below", 50.0))), False),
    ],
)
def test_an_obstacle_says_whether_it_is_more_than_the_rule_demands(test: PlaceTest, exact: bool) -> None:
    ground = GivenGround({"water": local(names=("区", "区"))})
    (one,) = obstacles(ban(test), ground=ground).of("forbids")
    assert one.exact is exact
    assert Forbidden.of([one]).inexact == (() if exact else ("R001",))


@pytest.mark.parametrize(
    ("accuracy", "site", "margin", "grown"),
    [(3.0, 0.0, 0.0, 3.0), (0.0, 2.0, 0.0, 2.0), (0.0, 0.0, 0.2, 0.2), (3.0, 2.0, 0.2, 5.2)],
)
def test_zones_are_grown_by_what_is_not_certain(accuracy: float, site: float, margin: float, grown: float) -> None:
    ground = GivenGround({"water": local(accuracy_m=accuracy)}, site_accuracy_m=site, margin_m=margin)
    found = area_of(obstacles(ban(asked()), ground=ground).of("forbids"))
    assert found.bounds == pytest.approx((100 - grown, 100 - grown, 200 + grown, 200 + grown))
    wide = area_of(obstacles(ban(NEAR_50), ground=ground).of("forbids"))
    assert wide.bounds == pytest.approx((50 - grown, 50 - grown, 250 + grown, 250 + grown))
    # What must be inside has to lie so much deeper inside.
    inside = area_of(obstacles(ban(asked(relation="outside")), ground=ground).of("forbids"))
    assert shapely.difference(LAND, inside).bounds == pytest.approx(
        (100 + grown, 100 + grown, 200 - grown, 200 - grown)
    )


def test_an_area_ends_with_its_territory() -> None:
    across = local(zones=[("core", shapely.box(900, 100, 1100, 200))])
    ground = GivenGround({"water": across}, territories={A: LAND, B: NEXT})
    assert area_of(obstacles(ban(asked()), ground=ground).of("forbids")).bounds == (900, 100, 1000, 200)
    both = obstacles(ban(asked()), ban(asked(), code=B), ground=ground).of("forbids")
    assert [one.areas[0].area for one in both] == [10_000.0, 10_000.0]


def test_a_zone_of_the_neighbour_is_not_grown_over_the_border() -> None:
    beside = local(zones=[("core", shapely.box(1001, 100, 1100, 200))])
    ground = GivenGround({"water": beside}, territories={A: LAND, B: NEXT})
    assert obstacles(ban(NEAR_50), ground=ground).of("forbids") == []


def test_what_bears_no_class_may_be_of_any() -> None:
    ground = GivenGround({"water": local(assumed=(False, True))})
    near = area_of(obstacles(ban(asked()), ground=ground).of("forbids"))
    assert near.area == pytest.approx(20_000.0)
    # And it may be of none: it is no place to be inside of.
    inside = area_of(obstacles(ban(asked(classes=[], relation="outside")), ground=ground).of("forbids"))
    assert inside.area == pytest.approx(1e6 - 10_000.0)


def test_a_class_that_may_be_another_is_avoided_like_it() -> None:
    ground = GivenGround({"water": local(may_be={"rim": ("core",)})})
    assert area_of(obstacles(ban(asked()), ground=ground).of("forbids")).area == pytest.approx(20_000.0)
    outside = area_of(obstacles(ban(asked(relation="outside")), ground=ground).of("forbids"))
    assert outside.area == pytest.approx(1e6 - 10_000.0)


@pytest.mark.parametrize(
    ("names", "wanted", "near", "inside"),
    [
        (("下芹", "磨滩"), "下芹", 1, 1),
        (("下芹水源", "磨滩"), "下芹", 1, 0),
        (("芹", "磨滩"), "下芹", 1, 0),
        # A zone without a name may be the one that is meant.
        (("", "磨滩"), "下芹", 1, 0),
        (("", ""), "下芹", 2, 0),
        (("磨滩", "磨滩"), "Z1", 1, 1),
        (("磨滩", "别处"), "下芹", 0, 0),
    ],
)
def test_named_zones(names: tuple[str, str], wanted: str, near: int, inside: int) -> None:
    ground = GivenGround({"water": local(names=names)})
    found = obstacles(ban(asked(classes=[], zones=[wanted])), ground=ground).of("forbids")
    assert sum(one.areas[0].area for one in found) == pytest.approx(near * 10_000.0)
    outside = area_of(obstacles(ban(asked(classes=[], zones=[wanted], here=False)), ground=ground).of("forbids"))
    assert outside.area == pytest.approx(1e6 - inside * 10_000.0)


def test_bans_on_classes_of_one_layer_are_one_area() -> None:
    found = obstacles(ban(asked(), rule="R002"), ban(asked(classes=["rim"]), rule="R001")).of("forbids")
    (one,) = found
    assert one.rules == ("R001", "R002")
    assert one.areas[0].area == pytest.approx(20_000.0)


def test_what_is_outside_of_the_one_is_not_what_is_outside_of_the_other() -> None:
    outside = [asked(relation="outside"), asked(relation="outside", classes=["rim"])]
    found = obstacles(*(ban(test, rule=f"R00{n}") for n, test in enumerate(outside, 1))).of("forbids")
    assert [(one.rules, round(one.areas[0].area)) for one in found] == [(("R001",), 990_000), (("R002",), 990_000)]


def test_rules_that_ask_are_told_one_by_one() -> None:
    two = [ban(asked(), grade="questions"), ban(asked(classes=["rim"]), rule="R002", grade="questions")]
    assert [one.rules for one in obstacles(*two).of("questions")] == [("R001",), ("R002",)]
    same = [ban(asked(), grade="questions"), ban(asked(), rule="R002", grade="questions")]
    assert [one.rules for one in obstacles(*same).of("questions")] == [("R001", "R002")]


@pytest.mark.parametrize("grade", ["forbids", "questions", "restricts", "may-restrict"])
def test_each_grade_has_its_own_obstacles(grade: Grade) -> None:
    grades: tuple[Grade, ...] = ("forbids", "questions", "restricts", "may-restrict")
    made = obstacles(*(ban(asked(), rule=one, grade=one) for one in grades))
    assert [one.rules for one in made.of(grade)] == [(grade,)]


def test_places_that_count_together_are_kept_together() -> None:
    ground = GivenGround({"water": local(), "farm": local("farm", [("core", shapely.box(150, 100, 300, 200))])})
    both = ban(asked(), asked(layer="farm"))
    (one,) = obstacles(both, ground=ground).of("forbids")
    assert ([round(area.area) for area in one.areas], one.exact) == ([10_000, 15_000], True)


def test_a_place_of_a_layer_without_data_may_be_met() -> None:
    ground = GivenGround({"water": local(), "farm": None})
    (one,) = obstacles(ban(asked(), asked(layer="farm")), ground=ground).of("forbids")
    assert ([round(area.area) for area in one.areas], one.exact) == ([10_000], False)
    assert obstacles(ban(asked(layer="farm")), ground=ground).of("forbids") == []
    assert obstacles(ban(asked(layer="gone")), ground=ground).of("forbids") == []


def test_a_ban_without_a_place_forbids_everywhere() -> None:
    made = obstacles(ban(rule="R009"), ban(rule="R008"), ban(rule="R007", grade="questions"), ban(rule="R006", code=B))
    assert made.everywhere("forbids") == {A: ("R008", "R009")}
    assert made.everywhere("questions") == {A: ("R007",)}
    (one,) = made.of("forbids")
    assert (one.areas[0].area, one.rules) == (1e6, ("R009", "R008"))
    # What may forbid everywhere is no obstacle: no move settles it.
    assert made.of("questions") == []


@pytest.mark.parametrize(
    ("coverage", "areas", "nowhere"),
    [
        (WORLD, [], ()),
        (shapely.box(0, 0, 1000, 600), [400_000], ()),
        (LAND.difference(shapely.box(0, 0, 100, 100)), [10_000], ()),
        # Seams between two drawings of one border are no gaps.
        (LAND.difference(shapely.box(0, 0, 0.001, 400)), [], ()),
        (shapely.Polygon(), [], ("water",)),
        (shapely.box(5000, 5000, 6000, 6000), [], ("water",)),
    ],
)
def test_land_without_data_is_not_known(coverage: BaseGeometry, areas: list[int], nowhere: tuple[str, ...]) -> None:
    ground = GivenGround({"water": local()}, coverage={"water": coverage})
    found, lacking = obstacles(ground=ground, needed=frozenset({"water"})).unknown()
    assert ([round(one.areas[0].area) for one in found], lacking) == (areas, nowhere)
    assert all(one.rules == () for one in found)


def test_only_layers_that_are_needed_are_asked_for() -> None:
    ground = GivenGround({"water": local()}, coverage={"water": shapely.Polygon()})
    assert obstacles(ground=ground).unknown() == ([], ())
    found, lacking = obstacles(ground=ground, needed=frozenset({"gone", "water"})).unknown()
    assert (found, lacking) == ([], ("gone", "water"))


def test_land_in_no_territory_and_of_incomplete_rules_is_not_known() -> None:
    ground = GivenGround({"water": local()}, box=(0.0, 0.0, 2500.0, 1000.0), territories={A: LAND, B: NEXT})
    found, _ = obstacles(ground=ground, incomplete=(B,)).unknown()
    assert [one.areas[0].bounds for one in found] == [(2000, 0, 2500, 1000), (1000, 0, 2000, 1000)]


@pytest.mark.parametrize(("site", "wide"), [(0.0, 400), (5.0, 405)])
def test_the_accuracy_of_the_site_widens_what_is_not_known(site: float, wide: float) -> None:
    ground = GivenGround(
        {"water": local()}, coverage={"water": shapely.box(-500, -500, 2500, 600)}, site_accuracy_m=site
    )
    ((one,), _) = obstacles(ground=ground, needed=frozenset({"water"})).unknown()
    assert one.areas[0].area == pytest.approx(1000 * wide, rel=1e-6)


@pytest.mark.parametrize(("grade", "which"), [("forbids", "unknown"), ("questions", "of")])
def test_near_the_end_of_the_data_a_distance_cannot_be_told(grade: Grade, which: str) -> None:
    # The layer ends at 600 m: up to 50 m before that a zone may lie near enough.
    ground = GivenGround({"water": local(zones=[])}, coverage={"water": shapely.box(-500, -500, 2500, 600)})
    made = obstacles(ban(NEAR_50, grade=grade), ground=ground)
    found = made.unknown()[0] if which == "unknown" else made.of(grade)
    assert [(one.areas[0].bounds, one.rules) for one in found] == [((0, 550, 1000, 1000), ("R001",))]


def forbidden(*areas: BaseGeometry) -> Forbidden:
    return Forbidden.of([Obstacle((area,), (f"R00{n}",)) for n, area in enumerate(areas, 1)])


def test_single_areas_are_united_and_combinations_are_kept() -> None:
    made = Forbidden.of(
        [Obstacle((CORE,), ("R002",)), Obstacle((RIM,), ("R001",), exact=False), Obstacle((CORE, LAND), ("R003",))]
    )
    assert made.area.area == pytest.approx(20_000.0)
    assert [len(parts) for parts in made.combined] == [2]
    assert (made.rules, made.inexact, made.everywhere) == (("R001", "R002", "R003"), ("R001",), ())


def test_nothing_is_forbidden_where_nothing_forbids() -> None:
    made = Forbidden.of([])
    assert (made.area.is_empty, made.rules) == (True, ())
    assert made.touched(array([CORE, RIM])).tolist() == [False, False]


@pytest.mark.parametrize(
    ("shape", "touched"),
    [
        (shapely.box(150, 150, 160, 160), True),
        (shapely.box(190, 190, 250, 250), True),
        # A point in common is enough.
        (shapely.box(200, 200, 250, 250), True),
        (shapely.box(201, 201, 250, 250), False),
        # The two areas of a combination: one of them alone forbids nothing.
        (shapely.box(610, 610, 620, 620), False),
        (shapely.box(710, 610, 720, 620), False),
        (shapely.box(690, 610, 710, 620), True),
    ],
)
def test_shapes_that_are_forbidden(shape: BaseGeometry, touched: bool) -> None:
    together = Obstacle((shapely.box(600, 600, 700, 700), shapely.box(700, 600, 800, 700)), ("R002",))
    made = Forbidden.of([Obstacle((CORE,), ("R001",)), together])
    assert made.touched(array([shape])).tolist() == [touched]


@pytest.mark.parametrize(
    ("box", "area", "parts"),
    [
        ((0, 0, 1000, 1000), 20_000.0, [10_000.0, 10_000.0]),
        ((150, 0, 450, 1000), 10_000.0, [5_000.0, 5_000.0]),
        ((600, 600, 700, 700), 0.0, [0.0, 0.0]),
    ],
)
def test_what_lies_in_a_box(box: tuple[float, float, float, float], area: float, parts: list[float]) -> None:
    made = Forbidden.of(
        [Obstacle((CORE,), ("R001",)), Obstacle((RIM,), ("R002",), exact=False), Obstacle((CORE, RIM), ("R003",))]
    )
    found = made.within(box)
    assert found.area.area == pytest.approx(area)
    assert [part.area for part in found.combined[0]] == pytest.approx(parts)
    assert (found.rules, found.inexact) == (made.rules, made.inexact)
    assert forbidden(CORE).within((0, 0, 1000, 1000)).area.area == 10_000.0


def test_the_zones_of_a_layer_are_not_changed() -> None:
    one = local(accuracy_m=5.0)
    before = shapely.to_wkb(one.geometries).tolist()
    obstacles(ban(NEAR_50), ban(asked(relation="outside")), ground=GivenGround({"water": one})).of("forbids")
    assert shapely.to_wkb(one.geometries).tolist() == before
