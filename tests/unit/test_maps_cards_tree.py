"""The page of a site beside its map: one card per finding, and the tree of every layer that was asked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from shapely.geometry import Polygon, box

import report_sections_world as world
from zoning.layers.catalogue import GROUPS, Layer
from zoning.maps.content import Box, MapContent, MapLayer, MapZone
from zoning.maps.findings import by_class, cards_of, cite, sections
from zoning.maps.tree import TreeLayer, starts_on, tree
from zoning.report.source import Source
from zoning.rules.verdict import CitationEntry, Finding, MissingFact, ZoneEntry
from zoning.styles.looks import ClassStyle, LayerStyle
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language, Text

SQUARE = box(112.4, 35.5, 112.41, 35.51)
EDGE: Polygon = box(112.5, 35.5, 112.6, 35.6)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Return a site in level 1 of the tiny workspace."""
    return world.source_of_site(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def book(base: Source) -> Stylebook:
    return Stylebook({}, base.parts.outcomes)


def water(base: Source, **changes: Any) -> Layer:
    return base.parts.catalogue["water"].model_copy(update=changes)


def zone(number: int, class_id: str = "level-1") -> MapZone:
    return MapZone(f"W{number}", f"区{number}", class_id, SQUARE)


def layer(base: Source, *classes: Any, **changes: Any) -> MapLayer:
    """Return the water with what is said of it; zones of both levels are drawn."""
    drawn: dict[str, Any] = {"zones": (zone(1), zone(2, "level-2")), "pieces": {"level-1": SQUARE}, "uncovered": None}
    drawn |= {name: changes.pop(name) for name in ("zones", "pieces", "uncovered") if name in changes}
    definition = water(base, **{name: changes.pop(name) for name in ("group",) if name in changes})
    entry = world.layer(base, **{"status": "affected" if classes else "not_affected", "classes": classes, **changes})
    return MapLayer(definition, entry, **drawn)


def content(base: Source, *layers: MapLayer, **changes: Any) -> MapContent:
    return MapContent(world.told(base, **changes).verdict, SQUARE, Box(112.3, 35.4, 112.5, 35.6), layers, ())


def found(base: Source, *findings: Finding, layers: Sequence[MapLayer] = (), **changes: Any) -> MapContent:
    return content(base, *(layers or (layer(base, world.level()),)), findings=findings, **changes)


# --- cards: which section -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "section"),
    [
        ({}, "prohibited"),
        ({"decision": "restricted"}, "restricted"),
        ({"decision": "undetermined", "outcome": "undetermined"}, "undetermined"),
        ({"decision": None, "outcome": "undetermined"}, "open"),
        ({"decision": "permitted", "outcome": "undetermined"}, "open"),
        ({"decision": None}, "duties"),
        ({"decision": "permitted"}, "duties"),
        ({"outcome": "does_not_apply", "decision": None}, "clear"),
        ({"outcome": "does_not_apply", "decision": "prohibited"}, "clear"),
    ],
)
def test_a_finding_stands_under_its_severity(base: Source, changes: dict[str, Any], section: str) -> None:
    (card,) = cards_of(found(base, world.finding(base, **changes)), "zh")
    assert card.section == section


def test_sections_come_by_severity_and_empty_ones_are_left_out(base: Source) -> None:
    findings = (
        world.finding(base, rule="R1", outcome="does_not_apply", decision=None),
        world.finding(base, rule="R2", decision=None),
        world.finding(base, rule="R3", decision="restricted"),
        world.finding(base, rule="R4"),
    )
    listed = sections(found(base, *findings), "zh")
    assert [(one.id, one.title) for one in listed] == [
        ("prohibited", "禁止"),
        ("restricted", "限制"),
        ("duties", "要求与鼓励（不改变结论）"),
        ("clear", "不适用"),
    ]
    assert sections(found(base), "en") == ()


def test_in_a_section_the_largest_part_comes_first_and_then_the_rule(base: Source) -> None:
    areas = {"R4": 1.0, "R3": None, "R2": 5.0, "R1": 1.0, "R0": 0.0}
    findings = [world.finding(base, rule=rule, overlap_m2=area) for rule, area in areas.items()]
    ((one),) = sections(found(base, *findings), "zh")
    assert [card.finding.rule for card in one.cards] == ["R2", "R1", "R4", "R0", "R3"]
    assert [card.index for card in one.cards] == [2, 3, 0, 4, 1]


# --- cards: place, light, figures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zones", "zh", "en"),
    [
        ((), "一级区", "level-1"),
        (("下芹",), "一级区 · 下芹", "level-1 · 下芹"),
        (("下芹一级区",), "下芹一级区", "level-1 · 下芹一级区"),
        (("",), "一级区", "level-1"),
        (("下芹", "上芹"), "一级区 · 2 处", "level-1 · 2 zones"),
    ],
)
def test_the_place_is_class_and_zone(base: Source, zones: tuple[str, ...], zh: str, en: str) -> None:
    entries = tuple(ZoneEntry(id=name, name=name, overlap_m2=1.0, length_m=0.0) for name in zones)
    one = found(base, world.finding(base), layers=[layer(base, world.level(zones=entries))])
    assert [cards_of(one, language)[0].place for language in ("zh", "en")] == [zh, en]


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"layer": None, "class_": None}, "整个范围"), ({"layer": "forest"}, "整个范围"), ({"class_": None}, "水源")],
)
def test_without_class_or_layer_the_place_is_the_layer_or_the_whole_site(
    base: Source, changes: dict[str, Any], place: str
) -> None:
    assert cards_of(found(base, world.finding(base, **changes)), "zh")[0].place == place


@pytest.mark.parametrize(
    ("changes", "drawn", "light"),
    [
        ({}, {}, "piece"),
        ({"distance_m": 12.0}, {}, "zones"),
        ({}, {"pieces": {}}, "zones"),
        ({}, {"pieces": {}, "zones": (zone(2, "level-2"),)}, "site"),
        ({"class_": None}, {}, "site"),
        ({"layer": "forest"}, {}, "site"),
        ({"layer": None}, {}, "site"),
    ],
)
def test_what_the_map_lights_for_a_finding(
    base: Source, changes: dict[str, Any], drawn: dict[str, Any], light: str
) -> None:
    one = found(base, world.finding(base, **changes), layers=[layer(base, world.level(), **drawn)])
    assert cards_of(one, "zh")[0].light == light


@pytest.mark.parametrize(
    ("changes", "key"),
    [({}, "water/level-1"), ({"layer": None}, ""), ({"class_": None}, ""), ({"layer": "forest"}, "forest/level-1")],
)
def test_the_key_ties_a_card_to_the_drawn_class(base: Source, changes: dict[str, Any], key: str) -> None:
    assert cards_of(found(base, world.finding(base, **changes)), "zh")[0].key == key


def sized(base: Source, finding: Finding, *, length_m: float = 0.0) -> tuple[str, ...]:
    one = found(base, finding, layers=[layer(base, world.level(length_m=length_m))])
    site = one.verdict.site.model_copy(update={"area_m2": 8_000.0})
    return cards_of(replace(one, verdict=one.verdict.model_copy(update={"site": site})), "zh")[0].figures


@pytest.mark.parametrize(
    ("changes", "length_m", "figures"),
    [
        ({"overlap_m2": 2_000.0, "share": 0.5}, 0.0, ("0.2000 公顷 (3.00 亩)", "25.00 %")),
        ({"overlap_m2": 2_000.0, "share": None}, 0.0, ("0.2000 公顷 (3.00 亩)",)),
        ({"overlap_m2": 8_000.5, "share": 1.0}, 0.0, ("0.8001 公顷 (12.00 亩)", "100.00 %")),
        ({"overlap_m2": None, "share": None}, 123.456, ("123.46 m",)),
        ({"overlap_m2": None, "share": None}, 0.0, ()),
        ({"overlap_m2": None, "share": None, "distance_m": 12.3}, 123.0, ("距离 12.30 m",)),
        ({"overlap_m2": 1.0, "share": 0.1, "distance_m": 0.0}, 0.0, ("距离 0.00 m",)),
    ],
)
def test_figures_are_area_and_share_of_the_whole_site_or_the_distance(
    base: Source, changes: dict[str, Any], length_m: float, figures: tuple[str, ...]
) -> None:
    assert sized(base, world.finding(base, **{"distance_m": None, **changes}), length_m=length_m) == figures


# --- cards: words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "language", "word"),
    [("applies", "zh", "禁止"), ("applies", "en", "prohibits"), ("undetermined", "zh", "可能禁止")],
)
def test_the_effect_is_what_it_does_or_could_do(base: Source, outcome: str, language: Language, word: str) -> None:
    assert cards_of(found(base, world.finding(base, outcome=outcome)), language)[0].effect == word


def test_a_card_has_its_reasons_conditions_and_open_questions(base: Source) -> None:
    finding = world.finding(
        base,
        reasons=(Text("因一", "why 1"), Text("因二", "why 2")),
        conditions=(Text("须批", "permit"),),
        missing_facts=("b", "unheard", "a"),
    )
    asked = tuple(MissingFact(fact=name, question=Text(f"{name}？", f"{name}?"), why=()) for name in "ab")
    (card,) = cards_of(found(base, finding, missing_facts=asked), "en")
    assert (card.reasons, card.conditions, card.questions) == (("why 1", "why 2"), ("permit",), ("b?", "a?"))
    assert (card.title, card.anchor) == (finding.title.en, "某")


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "《甲县规划》甲政发〔2023〕1号 · 第一章"), ("en", "plan of county A, 甲政发〔2023〕1号, 第一章")],
)
def test_a_source_is_cited_in_one_line(base: Source, language: Language, text: str) -> None:
    citation: CitationEntry = world.finding(base).citation
    assert cite(citation, language) == text


def test_findings_of_a_class_are_ranked_and_those_that_do_not_apply_left_out(base: Source) -> None:
    findings = (
        world.finding(base, rule="R5", decision=None),
        world.finding(base, rule="R4", decision="restricted"),
        world.finding(base, rule="R3"),
        world.finding(base, rule="R2"),
        world.finding(base, rule="R1", outcome="does_not_apply", decision=None),
        world.finding(base, rule="R0", class_=None),
        world.finding(base, rule="R6", class_="level-2"),
    )
    assert by_class(cards_of(found(base, *findings), "zh")) == {"water/level-1": [3, 2, 1, 0], "water/level-2": [6]}


# --- tree: layers ---------------------------------------------------------------------------------------------------


def leaf(base: Source, book: Stylebook, *classes: Any, language: Language = "zh", **changes: Any) -> TreeLayer:
    ((one,),) = (
        group.layers for group in tree(content(base, layer(base, *classes, **changes)), book, GROUPS, language)
    )
    return one


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({"status": "no_data", "reason": world.REASON}, "图层文件缺失", "the file of the layer is missing"),
        ({"status": "possible", "reason": world.REASON}, "图层文件缺失", "the file of the layer is missing"),
        ({"status": "no_data"}, "", ""),
        ({"status": "affected", "reason": world.REASON}, "", ""),
        ({"nearest_m": 120.0}, "最近 120.00 m", "nearest 120.00 m"),
        ({"nearest_m": None, "searched_m": 999.0}, "999 m 范围内无", "none within 999 m"),
        ({"nearest_m": None, "searched_m": 1_000.0}, "1 km 范围内无", "none within 1 km"),
        ({"nearest_m": None, "searched_m": 2_500.0}, "2.5 km 范围内无", "none within 2.5 km"),
    ],
)
def test_a_layer_says_what_there_is_to_say(
    base: Source, book: Stylebook, changes: dict[str, Any], zh: str, en: str
) -> None:
    assert leaf(base, book, **changes).remark == zh
    assert leaf(base, book, language="en", **changes).remark == en


@pytest.mark.parametrize(
    ("changes", "drawn", "partly"),
    [
        ({}, True, False),
        ({"zones": ()}, False, False),
        ({"zones": (), "uncovered": EDGE}, True, True),
        ({"uncovered": EDGE}, True, True),
        ({"zones": (), "uncovered": EDGE, "status": "no_data"}, True, False),
    ],
)
def test_land_without_data_is_something_to_switch_on(
    base: Source, book: Stylebook, changes: dict[str, Any], *, drawn: bool, partly: bool
) -> None:
    one = leaf(base, book, **changes)
    assert (one.drawn, one.partly) == (drawn, partly)


def test_a_layer_is_told_with_status_source_and_accuracy(base: Source, book: Stylebook) -> None:
    one = leaf(base, book, status="possible", accuracy_m=12.5)
    assert (one.id, one.title, one.status, one.status_word) == ("water", "水源", "possible", "精度内可能涉及")
    assert one.about == "某局 · 版本 2020 · 位置精度 12.5 m"
    assert leaf(base, book, edition=None).about == "某局 · 位置精度 0 m"


@pytest.mark.parametrize(
    ("changes", "figures"),
    [
        ({"overlap_m2": 2_000.0, "share": 0.25}, "0.2000 公顷 (3.00 亩) · 25.00 %"),
        ({"overlap_m2": 0.0, "share": 0.0, "length_m": 55.0}, "55.00 m"),
        ({"overlap_m2": 2.0, "share": 0.00001}, "0.0002 公顷 (0.00 亩) · < 0.01 %"),
        ({"overlap_m2": 0.0, "share": 0.0}, "精度内可能涉及"),
    ],
)
def test_a_touched_class_has_its_figures(base: Source, book: Stylebook, changes: dict[str, Any], figures: str) -> None:
    one, other = leaf(base, book, world.level(**changes)).classes
    assert (one.key, one.title, one.drawn, one.figures) == ("water/level-1", "一级区", True, figures)
    assert (other.key, other.figures) == ("water/level-2", "")


def test_a_touched_class_is_listed_though_none_of_its_zones_is_drawn(base: Source, book: Stylebook) -> None:
    (one,) = leaf(base, book, world.level(), zones=()).classes
    assert (one.key, one.drawn) == ("water/level-1", False)
    assert leaf(base, book, zones=()).classes == ()


# --- tree: groups and what is on ------------------------------------------------------------------------------------


def test_groups_come_in_their_order_with_the_touched_layers_first(base: Source, book: Stylebook) -> None:
    layers = (
        layer(base, nearest_m=500.0),
        layer(base, status="no_data"),
        layer(base, nearest_m=20.0),
        layer(base, world.level(), status="possible"),
        layer(base, world.level()),
        layer(base, group="agriculture"),
    )
    titles = {"agriculture": Text("农", "farm"), "town": Text("城", "town"), "protection": Text("护", "kept")}
    one, two = tree(content(base, *layers), book, titles, "zh")  # type: ignore[arg-type]  # names of groups
    assert (one.title, len(one.layers), one.touched, one.missing) == ("农", 1, 0, 0)
    assert (two.title, two.touched, two.missing) == ("护", 2, 1)
    assert [leaf.status for leaf in two.layers] == ["affected", "possible", "no_data", "not_affected", "not_affected"]
    assert [leaf.remark for leaf in two.layers[3:]] == ["最近 20.00 m", "最近 500.00 m"]


def styled(book: Stylebook, visible: str) -> Stylebook:
    look = ClassStyle(fill="#2F6DB5", outline="#143F75", fill_opacity=0.5, width=1)
    style = LayerStyle.model_validate({"id": "water", "order": 1, "visible": visible, "classes": {"level-1": look}})
    return replace(book, layers={"water": style})


@pytest.mark.parametrize(
    ("visible", "status", "on"),
    [
        ("always", "not_affected", True),
        ("asked", "affected", False),
        ("touched", "affected", True),
        ("touched", "possible", True),
        ("touched", "not_affected", False),
        ("touched", "no_data", False),
        ("decisive", "affected", False),
    ],
)
def test_a_style_says_when_a_layer_is_on(base: Source, book: Stylebook, visible: str, status: str, *, on: bool) -> None:
    one = layer(base, status=status)
    assert starts_on(one, content(base, one, findings=(), missing_layers=()), styled(book, visible)) is on


@pytest.mark.parametrize(
    ("changes", "on"),
    [({}, True), ({"layer": "farmland"}, False), ({"class_": None}, False), ({"decision": "restricted"}, False)],
)
def test_a_layer_that_the_decision_rests_on_is_on(
    base: Source, book: Stylebook, changes: dict[str, Any], *, on: bool
) -> None:
    one = layer(base)
    findings = (world.finding(base, **changes),)
    assert starts_on(one, content(base, one, findings=findings, missing_layers=()), styled(book, "decisive")) is on


@pytest.mark.parametrize(
    ("changes", "on"),
    [
        ({"possible_effects": ("prohibit",)}, True),
        ({"possible_effects": ("restrict",)}, False),
        ({"possible_effects": (), "blocked": True}, True),
        ({"possible_effects": ()}, False),
    ],
)
def test_of_what_is_open_only_what_could_prohibit_switches_a_layer_on(
    base: Source, book: Stylebook, changes: dict[str, Any], *, on: bool
) -> None:
    one = layer(base)
    open_ = world.finding(base, outcome="undetermined", decision="undetermined", **changes)
    shown = content(base, one, findings=(open_,), missing_layers=(), decision="undetermined")
    assert starts_on(one, shown, styled(book, "decisive")) is on


@pytest.mark.parametrize(
    ("uncovered", "missing", "on"),
    [(EDGE, ("water",), True), (EDGE, ("farmland",), False), (EDGE, (), False), (None, ("water",), False)],
)
def test_land_without_data_that_the_decision_needs_is_on(
    base: Source, book: Stylebook, uncovered: Polygon | None, missing: tuple[str, ...], *, on: bool
) -> None:
    one = layer(base, uncovered=uncovered)
    shown = content(base, one, findings=(), missing_layers=missing)
    assert starts_on(one, shown, styled(book, "decisive")) is on


def test_what_is_not_drawn_is_never_on(base: Source, book: Stylebook) -> None:
    ((one,),) = (
        group.layers for group in tree(content(base, layer(base, zones=())), styled(book, "always"), GROUPS, "zh")
    )
    assert not one.on
