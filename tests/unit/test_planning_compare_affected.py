"""Which sites a change can reach: each for which that cannot be told is checked again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from audit_scene import EAST_LAND, WEST_LAND, audit_layer
from overlay_world import PLANE, box_m, footprint
from override_world import DOCUMENT, VOCABULARY, rule
from zoning.advice.ground import Content
from zoning.citations import Document
from zoning.layers.catalogue import Catalogue, Layer
from zoning.layers.reader import Unavailable
from zoning.overlay.footprint import Footprint
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.source import LayerSource
from zoning.planning.compare.affected import Differences, LayerDifference, differences
from zoning.planning.compare.verdict_diff import RegisteredSite, affected_sites
from zoning.rules.facts import Vocabulary
from zoning.rules.rule import Rule
from zoning.rules.rulebook import Rulebook
from zoning.settings import Settings
from zoning.sites.site import Site
from zoning.texts import Text

ON = date(2026, 6, 1)
CRS = "EPSG:4525"
CORE = box_m(100, 100, 200, 200)
SETTINGS = Settings("office", latitude=35.5, search_m=500.0, tolerance_m2=1.0, notice=Text("初步", "preliminary"))


class GivenSource(LayerSource):
    """Layers that are given, not read."""

    def __init__(self, layers: Mapping[str, PlaneLayer | Unavailable], catalogue: Catalogue) -> None:
        super().__init__(catalogue, PLANE)
        self._layers_given = layers

    def layer(self, layer_id: str, **_: Any) -> PlaneLayer | Unavailable:
        return self._layers_given[layer_id]


def zones(layer_id: str, *shapes: BaseGeometry, **changes: Any) -> PlaneLayer:
    """Return a layer with one class, whether any zone bears it or not."""
    made = audit_layer(layer_id, [(f"Z{n}", "one", shape) for n, shape in enumerate(shapes)]).plane
    return replace(made, layer=made.layer.model_copy(update=changes)) if changes else made


COUNTIES = audit_layer("territory", [("140522", "county", WEST_LAND), ("140825", "county", EAST_LAND)]).plane


def book(*rules: Rule, sha256: str = "a", **changes: Any) -> Rulebook:
    documents = {"d": Document.model_validate(DOCUMENT)}
    return replace(Rulebook(rules, documents, VOCABULARY, sha256), **changes)


def state(
    layers: Sequence[PlaneLayer | Unavailable] | None = None,
    rulebook: Rulebook | None = None,
    *,
    on: date = ON,
    territory: PlaneLayer | Unavailable = COUNTIES,
    **settings: Any,
) -> Content:
    given = [territory, *([zones("water", CORE)] if layers is None else layers)]
    by_id = {one.layer.id: one for one in given}
    definitions: dict[str, Layer] = {name: one.layer for name, one in by_id.items()}
    catalogue = Catalogue(Path(), definitions, territory.layer.id)
    source = GivenSource(by_id, catalogue)
    return Content(on, catalogue, book() if rulebook is None else rulebook, replace(SETTINGS, **settings), source)


def site(x: float, y: float = 150.0, side: float = 10.0, **changes: Any) -> Footprint:
    plain = Site("1", "地块一", box_m(x, y, x + side, y + side), CRS, "site.geojson")
    return Footprint.of(replace(plain, **changes), PLANE)


def reasons(a: Content, b: Content) -> list[str]:
    return [reason.en for reason in differences(a, b).everywhere]


def test_two_states_that_are_the_same_reach_no_site() -> None:
    found = differences(state(), state())
    assert found.nothing
    assert (found.everywhere, found.layers, found.rules, len(found.lands)) == ((), (), (), 0)
    assert not found.reach(site(150))


@pytest.mark.parametrize(
    ("after", "zh", "en"),
    [
        (state(latitude=36.0), "工作空间设置不同：纬度、查找距离或容差",
         "the settings differ: latitude, search distance or tolerance"),
        (state(search_m=501.0), "工作空间设置不同：纬度、查找距离或容差",
         "the settings differ: latitude, search distance or tolerance"),
        (state(tolerance_m2=2.0), "工作空间设置不同：纬度、查找距离或容差",
         "the settings differ: latitude, search distance or tolerance"),
        (state(on=date(2026, 6, 2)), "研判日期不同：2026-06-01、2026-06-02",
         "the days of the check differ: 2026-06-01, 2026-06-02"),
        (state([]), "图层不同：water", "the layers are not the same: water"),
        (state([zones("water", CORE), zones("heritage"), zones("rivers")]), "图层不同：heritage, rivers",
         "the layers are not the same: heritage, rivers"),
        (state([zones("water", CORE, accuracy_m=5.0)]), "图层“water”的定义不同（精度、容差、类别或字段）",
         "layer 'water' is defined in another way (accuracy, tolerance, classes or fields)"),
        (state([Unavailable(zones("water").layer, None, Text("没有", "none"))]), "图层“water”有一方不可用",
         "layer 'water' cannot be used on one side"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_by_place_reaches_every_site(after: Content, zh: str, en: str) -> None:
    found = differences(state(), after)
    assert [(reason.zh, reason.en) for reason in found.everywhere] == [(zh, en)]
    assert not found.nothing
    assert found.reach(site(900_000))


@pytest.mark.parametrize("changes", [{"name": "another"}, {"notice": Text("别的", "other")}])
def test_a_name_and_a_notice_reach_no_site(changes: dict[str, Any]) -> None:
    assert differences(state(), state(**changes)).nothing


def test_the_order_of_layers_reaches_every_site() -> None:
    one, other = zones("water", CORE), zones("heritage")
    assert reasons(state([one, other]), state([other, one])) == ["the layers stand in another order"]


def test_another_layer_of_territories_reaches_every_site() -> None:
    a = state([zones("water", CORE)])
    b = replace(a, catalogue=Catalogue(Path(), dict(a.catalogue.layers), "water"))
    assert reasons(a, b) == ["the layers are not the same: water"]


def test_all_reasons_are_told_together() -> None:
    assert len(reasons(state(), state([], on=date(2026, 6, 2), search_m=1.0))) == 3


@pytest.mark.parametrize(
    ("x", "reached"),
    [
        # The zone lies from 100 to 200 m; 500 m are looked around, with one per cent and a metre to spare.
        (150, True),
        (200 + 400, True),
        (200 + 499, True),
        (200 + 505, True),
        (200 + 520, False),
        (100 - 510, True),
        (100 - 530, False),
        (200 + 5_000, False),
    ],
)
def test_a_site_near_what_differs_is_reached(x: float, reached: bool) -> None:
    found = differences(state(), state([zones("water")]))
    assert [one.layer for one in found.layers] == ["water"]
    assert found.reach(site(x)) is reached


def test_the_distance_that_a_rule_asks_for_reaches_farther() -> None:
    far = rule("R001", "prohibit", {"layer": "water", "relation": "within", "distance": "2 km"})
    near = rule("R001", "prohibit", {"layer": "farmland", "relation": "within", "distance": "2 km"})
    for asked, reached in ((far, True), (near, False)):
        found = differences(state(rulebook=book(asked)), state([zones("water")], book(asked)))
        assert found.reach(site(200 + 1_900)) is reached


def test_the_farther_of_both_states_counts() -> None:
    far = rule("R001", "prohibit", {"layer": "water", "relation": "within", "distance": "2 km"})
    for sides in ((book(far), book(sha256="b")), (book(sha256="b"), book(far))):
        found = differences(state(rulebook=sides[0]), state([zones("water")], sides[1]))
        # Rules that look less far than before say something else of every site.
        assert [reason.en for reason in found.everywhere] == ["the rules look farther, or less far, than before"]


@pytest.mark.parametrize(("accuracy", "reached"), [(0.0, False), (3.0, False), (20.0, True), (50.0, True)])
def test_the_accuracy_of_a_site_counts_twice(accuracy: float, reached: bool) -> None:
    found = differences(state(), state([zones("water")]))
    assert found.reach(site(200 + 525, accuracy_m=accuracy)) is reached


def test_empty_zones_that_differ_reach_nothing() -> None:
    found = differences(state(), state([zones("water", CORE, shapely.Polygon())]))
    assert [one.layer for one in found.layers] == ["water"]
    assert len(found.layers[0].shapes) == 0
    assert not found.reach(site(150))


NEAR = rule("R001", "prohibit", territories=["140522"])


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ([NEAR], [], ("R001",)),
        ([], [NEAR], ("R001",)),
        ([NEAR], [rule("R001", "restrict", territories=["140522"])], ("R001",)),
        ([NEAR], [NEAR, rule("R002", "restrict", territories=["140522"])], ("R002",)),
        ([NEAR], [rule("R003", "prohibit", territories=["140522"])], ("R001", "R003")),
        ([NEAR], [NEAR], ()),
    ],
)
def test_rules_that_only_one_side_has(before: list[Rule], after: list[Rule], names: tuple[str, ...]) -> None:
    found = differences(state(rulebook=book(*before)), state(rulebook=book(*after, sha256="b")))
    assert (found.rules, found.everywhere) == (names, ())
    assert found.nothing is not bool(names)


@pytest.mark.parametrize(
    ("territories", "first", "second"),
    [
        (["140522"], True, False),
        (["140825"], False, True),
        (["1405"], True, False),
        (["14"], True, True),
        (["CN"], True, True),
        (["1404"], False, False),
    ],
)
def test_a_changed_rule_reaches_the_territories_in_which_it_binds(
    territories: list[str], first: bool, second: bool
) -> None:
    found = differences(state(), state(rulebook=book(rule("R001", "prohibit", territories=territories), sha256="b")))
    assert found.reach(site(300, 300)) is first
    assert found.reach(site(1300, 300)) is second
    assert not found.reach(site(5000, 300))


@pytest.mark.parametrize(("x", "accuracy", "reached"), [(1000.5, 0, True), (1002, 0, False), (1002, 3, True)])
def test_a_site_beside_the_territory_is_reached_within_its_accuracy(x: float, accuracy: float, reached: bool) -> None:
    found = differences(state(), state(rulebook=book(NEAR, sha256="b")))
    assert found.reach(site(x, 300, accuracy_m=float(accuracy))) is reached


def test_a_document_that_changed_changes_the_rules_that_rest_on_it() -> None:
    later = {"d": Document.model_validate({**DOCUMENT, "verified": False})}
    other = rule("R009", "prohibit", territories=["140825"], document="e",
                 citation={"document": "e", "section": "一", "lines": "L1", "anchor": "某"})  # fmt: skip
    cited = rule("R002", "prohibit", territories=["140825"], document="e",
                 citation=[{"document": "e", "section": "一", "lines": "L1", "anchor": "某"},
                           {"document": "d", "section": "二", "lines": "L2", "anchor": "某"}])  # fmt: skip
    rules = (NEAR, cited, other)
    found = differences(state(rulebook=book(*rules)), state(rulebook=book(*rules, sha256="b", documents=later)))
    assert found.rules == ("R001", "R002")


def test_rules_with_the_same_digest_are_not_compared() -> None:
    assert differences(state(rulebook=book(NEAR)), state(rulebook=book(sha256="a"))).nothing


@pytest.mark.parametrize(
    "changes",
    [
        {"vocabulary": Vocabulary.model_validate({"facts": {}})},
        {"complete_from": {"140522": date(2023, 1, 1)}},
        {"lists": {"chemicals": None}},
    ],
)
def test_facts_lists_and_completeness_reach_every_site(changes: dict[str, Any]) -> None:
    found = differences(state(), state(rulebook=book(sha256="b", **changes)))
    assert [(reason.zh, reason.en) for reason in found.everywhere] == [
        (
            "事实词表、名录、准入清单或规则完整起始日不同",
            "facts, lists, access lists or the days of completeness differ",
        )
    ]
    assert found.rules == ()


def test_without_territories_a_changed_rule_reaches_every_site() -> None:
    gone = Unavailable(COUNTIES.layer, None, Text("没有", "none"))
    found = differences(state(territory=gone), state(rulebook=book(NEAR, sha256="b"), territory=gone))
    assert [(reason.zh, reason.en) for reason in found.everywhere] == [
        ("辖区图层不可用", "the territory layer cannot be used")
    ]


def test_the_lands_of_both_states_are_reached() -> None:
    # County A was drawn smaller before: who lay outside of it may lie in it now.
    small = audit_layer(
        "territory", [("140522", "county", box_m(0, 0, 500, 1000)), ("140825", "county", EAST_LAND)]
    ).plane
    found = differences(state(territory=small), state(rulebook=book(NEAR, sha256="b")))
    assert found.reach(site(300, 300))
    assert found.reach(site(800, 300))


def difference(*shapes: BaseGeometry, accuracy_m: float = 0.0, reach_m: float = 0.0) -> LayerDifference:
    made = PLANE.to_plane(list(shapes), CRS, step_m=85.0)
    return LayerDifference("water", made, shapely.STRtree(made), accuracy_m, reach_m)


@pytest.mark.parametrize(
    ("away", "reach_m", "accuracy_m", "touched"),
    [
        (50.0, 200.0, 0.0, True),
        (200.0, 200.0, 0.0, True),
        # One per cent and a metre to spare.
        (202.5, 200.0, 0.0, True),
        (204.5, 200.0, 0.0, False),
        # However near the rules look: three times the 51.2 m within which a border is doubted.
        (155.0, 0.0, 0.0, True),
        (158.0, 0.0, 0.0, False),
        (1000.0, 0.0, 500.0, True),
        (50_000.0, 0.0, 500.0, False),
    ],
)
def test_a_difference_touches_sites_within_its_reach(
    away: float, reach_m: float, accuracy_m: float, touched: bool
) -> None:
    one = difference(box_m(0, 0, 10, 10), accuracy_m=accuracy_m, reach_m=reach_m)
    assert one.touches(site(10 + away, 0)) is touched


def test_any_of_several_differences_counts() -> None:
    far, near = difference(box_m(50_000, 0, 50_010, 10)), difference(box_m(0, 0, 10, 10))
    for layers, reached in (((far,), False), ((far, near), True), ((near, far), True), ((), False)):
        found = Differences((), layers, ())
        assert found.reach(site(0, 0)) is reached
        assert found.nothing is (not layers)


def registered(number: int, x: float, **changes: Any) -> RegisteredSite:
    plain = Site(str(number), "地块", box_m(x, 150, x + 10, 160), CRS, "sites.geojson")
    return RegisteredSite(number, replace(plain, **changes), {})


def test_places_of_the_sites_that_are_reached() -> None:
    content = state()
    sites = [registered(1, 5_000), registered(2, 150), registered(3, 9_000), registered(4, 300)]
    none, all_ = Differences((), (), ()), Differences((Text("全部", "all"),), (), ())
    some = differences(content, state([zones("water")]))
    assert affected_sites(sites, none, content) == []
    assert affected_sites(sites, all_, content) == [0, 1, 2, 3]
    assert affected_sites(sites, some, content) == [1, 3]
    assert affected_sites([], all_, content) == []


def test_a_footprint_that_is_refused_is_refused_in_both_states() -> None:
    content = state()
    point = registered(1, 0, geometry=shapely.Point(37_627_100, 3_930_100))
    some = differences(content, state([zones("water")]))
    assert affected_sites([point, registered(2, 150)], some, content) == [1]


def test_a_world_of_sites_is_told_apart_like_by_measuring() -> None:
    chance = np.random.default_rng(7)
    found = differences(state(), state([zones("water")]))
    plane = zones("water", CORE).whole()[0]
    for x, y in chance.uniform(-2_000, 2_000, (40, 2)).tolist():
        one = site(x, y)
        if shapely.distance(one.geometry, plane) < 480:
            assert found.reach(one)
    assert not found.reach(footprint(box_m(3_000, 3_000, 3_010, 3_010), CRS))
