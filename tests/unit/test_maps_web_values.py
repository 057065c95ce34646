"""What the script of the zoning page is told: layers, rules, lists, looks, the tree; what is packed of each zone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import LineString, box

import override_world
from small_scene import ROADS, SOIL, UNITS, WATER, small_book, small_product, small_scene
from zoning.citations import Document
from zoning.maps.content import MapZone
from zoning.maps.map_product import LayerChoice, MapProduct
from zoning.maps.scene import Scene, SceneLayer
from zoning.maps.web import packing
from zoning.maps.web.content import (
    TOLERANCES_M,
    gather_layers,
    groups,
    label_of,
    pair,
    payload,
    scale_of,
    starts_on,
    tile_svg,
)
from zoning.maps.web.legal import CitedRule, Legal, UnitClause, UnitList, legal_of
from zoning.maps.web.packing import Shapes, pack
from zoning.rules.rulebook import Rulebook
from zoning.styles.looks import ClassStyle, ScaleRange
from zoning.styles.stylebook import Stylebook
from zoning.texts import Text

ON = date(2026, 6, 1)
SQUARE = box(112.04, 35.04, 112.10, 35.10)


@pytest.fixture(scope="module")
def book(workspace_root: Path) -> Stylebook:
    return small_book(workspace_root)


def product(*choices: LayerChoice) -> MapProduct:
    return small_product().model_copy(update={"layers": choices})


def water(*zones: MapZone, **changes: Any) -> SceneLayer:
    return SceneLayer(
        changes.pop("layer", WATER), "2023", "2023-01-01", "drawn" if zones else "empty", zones, **changes
    )


def zone(zone_id: str = "W1", class_id: str = "core", **changes: Any) -> MapZone:
    return MapZone(zone_id, f"区{zone_id}", class_id, changes.pop("geometry", SQUARE), **changes)


def told(scene: Scene, book: Stylebook, legal: Legal | None = None, asked: MapProduct | None = None) -> dict[str, Any]:
    wanted = asked or product()
    return payload(scene, wanted, book, legal or Legal(), gather_layers(scene, wanted, book), language="zh")


def one_layer(book: Stylebook, found: SceneLayer, legal: Legal | None = None) -> dict[str, Any]:
    (layer,) = told(replace(small_scene(), layers=(found,)), book, legal)["layers"]
    assert isinstance(layer, dict)
    return layer


# --- layers ---------------------------------------------------------------------------------------------------------


def test_layers_come_from_the_top_of_the_stack(book: Stylebook) -> None:
    page = gather_layers(small_scene(), product(), book)
    assert [found.layer.id for found, _ in page.layers] == ["roads", "water", "units", "soil"]
    assert page.tolerance_m == TOLERANCES_M[0]


def test_layers_of_the_same_height_come_by_their_ids(book: Stylebook) -> None:
    layers = [replace(water(zone()), layer=WATER.model_copy(update={"id": name})) for name in ("b", "a")]
    page = gather_layers(replace(small_scene(), layers=tuple(layers)), product(), book)
    assert [found.layer.id for found, _ in page.layers] == ["a", "b"]


def test_where_the_page_would_be_too_large_borders_are_simplified_more(book: Stylebook) -> None:
    size = sum(Shapes.of(found, tolerance_m=TOLERANCES_M[0]).size for found in small_scene().layers)
    assert gather_layers(small_scene(), product(), book, room=size).tolerance_m == TOLERANCES_M[0]
    assert gather_layers(small_scene(), product(), book, room=size - 1).tolerance_m == TOLERANCES_M[1]


def test_a_layer_is_told_with_its_edition_its_presence_and_its_doubt(book: Stylebook) -> None:
    layer = one_layer(book, water(zone()))
    assert (layer["id"], layer["title"], layer["lines"]) == ("water", ["饮用水水源", "drinking water"], False)
    assert (layer["presence"], layer["edition"], layer["validFrom"]) == ("drawn", "2023", "2023-01-01")
    # Its own accuracy of 10 m, and a metre that was simplified away.
    assert (layer["doubt"], layer["schematic"], layer["kind"]) == (11.0, True, "inline")
    assert layer["attributes"] == {"note": ["备注", "remark"]}


def test_a_layer_without_data_is_told_as_such_and_its_land_is_drawn(book: Stylebook) -> None:
    gap = box(112.0, 35.0, 112.1, 35.1)
    layer = one_layer(book, SceneLayer(SOIL, None, None, "no_data", uncovered=gap))
    assert (layer["presence"], layer["edition"], layer["validFrom"], layer["classes"]) == ("no_data", "", "", [])
    ((ring,),) = layer["uncovered"]
    assert ring[:2] == [112_100_000, 35_000_000]
    assert one_layer(book, water(zone()))["uncovered"] is None


def test_only_classes_with_a_zone_are_told_with_their_rules(book: Stylebook) -> None:
    cited = [cited_rule(name) for name in ("R2", "R1")]
    legal = Legal(rules={("water", "rim"): tuple(cited), ("water", "core"): (cited[1],)})
    scene = replace(small_scene(), layers=(water(zone(class_id="rim")),))
    value = told(scene, book, legal)
    ((layer,),) = (value["layers"],)
    assert [(one["id"], one["legend"], one["rules"]) for one in layer["classes"]] == [("rim", ["乙", "rim"], [1, 0])]
    assert [rule["id"] for rule in value["rules"]] == ["R1", "R2"]


@pytest.mark.parametrize(
    ("scale", "ends"),
    [
        (ScaleRange(), [0, 0]),
        (ScaleRange(min_denominator=500), [500, 0]),
        (ScaleRange(max_denominator=9), [0, 9]),
        (ScaleRange(min_denominator=1, max_denominator=2), [1, 2]),
    ],
)
def test_an_open_end_of_a_scale_is_nought(scale: ScaleRange, ends: list[int]) -> None:
    assert scale_of(scale) == ends


def test_a_layer_of_every_scale_has_none(book: Stylebook) -> None:
    line = MapZone("R1", "路", "road", LineString([(112.02, 35.15), (112.18, 35.16)]))
    assert one_layer(book, water(zone()))["scale"] is None
    assert one_layer(book, water(zone()))["labelScale"] == [0, 500_000]
    assert one_layer(book, SceneLayer(ROADS, "2023", None, "drawn", (line,)))["scale"] == [500, 1_000_000]


def test_a_look_is_that_of_the_style(book: Stylebook) -> None:
    core, rim = one_layer(book, water(zone(), zone("W2", "rim")))["classes"]
    assert {name: core["look"][name] for name in ("fill", "opacity", "line", "width", "dash")} == {
        "fill": "#2F6DB5",
        "opacity": 0.5,
        "line": "#143F75",
        "width": 2.0,
        "dash": None,
    }
    assert core["look"]["hatch"][0] == 8.0
    assert rim["look"]["dash"] == [6.0, 3.0]
    (unit,) = one_layer(book, SceneLayer(UNITS, None, None, "drawn", (zone("U", "unit"),)))["classes"]
    assert unit["look"]["hatch"] is None


def test_a_tile_is_the_hatch_of_the_legend() -> None:
    style = ClassStyle(fill="#2F6DB5", fill_opacity=0.5, outline="#143F75", width=1, hatch="vertical", spacing="dense")
    assert tile_svg("a/b", style) == [
        5.0,
        (
            '<rect width="5" height="5" fill="#2F6DB5" fill-opacity="0.5"/>'
            '<path d="M2.5 0L2.5 5" stroke="#143F75" stroke-width="1" stroke-opacity="0.45" fill="none"/>'
        ),
    ]


def test_frame_and_neighbours_are_told(book: Stylebook) -> None:
    scene = replace(small_scene(), surroundings=(("阳城县", SQUARE), ("邻县", box(112.2, 35.0, 112.3, 35.1))))
    value = told(scene, book)
    assert (value["frame"]["name"], value["frame"]["box"]) == ("阳城县", [112.0, 35.0, 112.2, 35.2])
    assert value["frame"]["bounds"] == pytest.approx([112.01, 35.01, 112.19, 35.19])
    assert [name for name, _ in value["neighbours"]] == ["邻县"]
    assert (value["language"], value["words"]["legend"]) == ("zh", ["图例", "Legend"])
    assert pair(Text("甲", "a")) == ["甲", "a"]


# --- what is on, what is written ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visible", "named", "on"),
    [
        ("always", False, True),
        ("touched", False, True),
        ("decisive", False, False),
        ("asked", False, False),
        ("asked", True, True),
    ],
)
def test_a_layer_opens_as_its_style_says_or_the_product_names_it(
    book: Stylebook, visible: Any, *, named: bool, on: bool
) -> None:
    style = book.of_layer("water").model_copy(update={"visible": visible})
    other = replace(book, layers={**book.layers, "water": style})
    asked = product(LayerChoice(layer="water")) if named else product()
    assert starts_on(water(zone()), asked, other) is on


@pytest.mark.parametrize(
    ("choice", "label"),
    [(None, "name"), (LayerChoice(layer="water"), "name"), (LayerChoice(layer="water", label="code"), "code")],
)
def test_labels_are_those_of_the_style_unless_the_product_says_otherwise(
    book: Stylebook, choice: LayerChoice | None, label: str
) -> None:
    assert label_of(water(zone()), product(*([choice] if choice else [])), book) == label


def test_for_the_public_no_hidden_field_is_written(book: Stylebook) -> None:
    layer = WATER.model_copy(update={"public": True, "public_attributes": ("note",)})
    public = product().model_copy(update={"audience": "public"})
    assert label_of(water(zone(), layer=layer), public, book) == "none"


# --- the tree -------------------------------------------------------------------------------------------------------


def test_in_each_group_what_is_drawn_comes_before_what_is_not_known_and_what_is_empty(book: Stylebook) -> None:
    layers = (
        replace(water(), layer=WATER.model_copy(update={"id": "empty"})),
        SceneLayer(WATER.model_copy(update={"id": "blank"}), None, None, "no_data"),
        water(zone()),
        SceneLayer(SOIL, None, None, "no_data"),
    )
    listed = list(groups(replace(small_scene(), layers=layers), product(), book))
    assert [[leaf.found.layer.id for leaf in leaves] for _, leaves in listed] == [["water", "blank", "empty"], ["soil"]]
    assert [leaf.on for leaf in listed[0][1]] == [True, False, False]


def test_a_class_of_the_tree_has_its_area_and_its_count(book: Stylebook) -> None:
    found = water(zone("a"), zone("b"), zone("c", "rim"), class_areas_m2={"core": 36_000.0})
    ((_, (leaf,)),) = groups(replace(small_scene(), layers=(found,)), product(), book)
    assert leaf.classes == (("core", Text("甲", "core"), 36_000.0, 2), ("rim", Text("乙", "rim"), None, 1))


def test_what_the_program_advises_stands_under_its_own_heading(book: Stylebook) -> None:
    layers: Sequence[SceneLayer] = (water(zone()), replace(water(zone()), own_theme="advice"))
    listed = list(groups(replace(small_scene(), layers=tuple(layers)), product(), book))
    assert listed[0][0] == Text("建议", "Advice")
    assert len(listed) == 2


# --- zones ----------------------------------------------------------------------------------------------------------


def packed(found: SceneLayer, label: str = "none") -> dict[str, Any]:
    made = pack(Shapes.of(found, tolerance_m=0.0), label=label)
    assert (made.kind, made.packed, made.tiles) == ("inline", None, None)
    return made.zones


def test_columns_of_zones_stand_in_one_order() -> None:
    columns = packed(water(zone("a", area_m2=12.345678), zone("b", "rim"), zone("c", attributes={"note": "x"})))
    assert (columns["ids"], columns["names"]) == (["a", "b", "c"], ["区a", "区b", "区c"])
    assert (columns["classes"], columns["m2"]) == ([0, 1, 0], [12.345678, None, None])
    assert columns["attributes"] == {"note": ["", "", "x"]}
    assert len(columns["shapes"]) == 3
    assert "labels" not in columns


def test_classes_are_numbered_among_those_that_are_drawn() -> None:
    assert packed(water(zone("b", "rim")))["classes"] == [0]
    assert packed(water(zone("b")))["attributes"] == {}


def test_a_label_stands_in_the_middle_of_the_widest_spot() -> None:
    ((lon, lat, wide, high),) = packed(water(zone()), label="name")["labels"]
    assert (lon, lat) == pytest.approx((112.07, 35.07), abs=0.003)
    assert (wide, high) == pytest.approx((0.03, 0.03))


@pytest.mark.parametrize(("count", "many"), [(2, False), (3, True)])
def test_more_zones_than_a_page_can_draw_are_many(monkeypatch: pytest.MonkeyPatch, count: int, *, many: bool) -> None:
    monkeypatch.setattr(packing, "MOST_ZONES", 2)
    assert Shapes.of(water(*[zone()] * count), tolerance_m=0.0).are_many is many
    line = MapZone("R1", "路", "road", LineString([(112, 35), (112.1, 35.1)]))
    assert not Shapes.of(SceneLayer(ROADS, None, None, "drawn", (line,) * count), tolerance_m=0.0).are_many


@pytest.mark.parametrize(("most", "many"), [(10, False), (9, True)])
def test_more_vertices_than_a_page_can_draw_are_many(monkeypatch: pytest.MonkeyPatch, most: int, *, many: bool) -> None:
    monkeypatch.setattr(packing, "MOST_VERTICES", most)
    ready = Shapes.of(water(zone(), zone()), tolerance_m=0.0)
    assert ready.are_many is many
    assert ready.size == 10 * (6 if many else 9) + 2 * 40


# --- rules and lists ------------------------------------------------------------------------------------------------


def cited_rule(name: str) -> CitedRule:
    return CitedRule(name, Text("某", "some"), "prohibit", Text("规划", "plan"), "1号", "第一章", verified=True)


def test_a_rule_is_told_with_its_effect_and_source(book: Stylebook) -> None:
    value = told(small_scene(), book, Legal(rules={("water", "core"): (cited_rule("R1"),)}))
    assert value["rules"] == [
        {
            "id": "R1",
            "title": ["某", "some"],
            "effect": ["禁止", "prohibits"],
            "kind": "prohibit",
            "document": ["规划", "plan"],
            "number": "1号",
            "section": "第一章",
            "verified": True,
        }
    ]


def test_clauses_that_bind_several_units_are_written_once(book: Stylebook) -> None:
    common = UnitClause("county", "spatial-layout", "1-1", "禁止新建。", "2023")
    alone = UnitClause("unit", "risk-control", "3-1", "监测。", "2023")
    legal = Legal(
        units={
            "ZH1": UnitList("ZH1", own=True, clauses=(alone, common)),
            "ZH2": UnitList("ZH2", own=False, clauses=(common,)),
        },
        editions={"2023": (Text("清单", "list"), Text("局", "office"), "2号", True)},
    )
    units = told(small_scene(), book, legal)["units"]
    assert units["clauses"] == [
        ["unit", "risk-control", "3-1", "监测。", "2023"],
        ["county", "spatial-layout", "1-1", "禁止新建。", "2023"],
    ]
    assert units["of"] == {"ZH1": [1, [0, 1]], "ZH2": [0, [1]]}
    assert units["editions"] == {"2023": [["清单", "list"], ["局", "office"], "2号", True]}


def rulebook(*rules: Any) -> Rulebook:
    document = Document.model_validate(override_world.DOCUMENT)
    return Rulebook(tuple(rules), {"d": document}, override_world.VOCABULARY, "0" * 64)


def cited(*rules: Any, on: date = ON, territories: Sequence[str] = ("t",)) -> dict[tuple[str, str], list[str]]:
    classes = {"water": ("level-1", "level-2"), "farmland": ("level-1",)}
    legal = legal_of(rulebook(*rules), on=on, territories=territories, classes=classes)
    return {key: [rule.id for rule in listed] for key, listed in legal.rules.items()}


def test_a_place_without_classes_means_all_of_its_layer() -> None:
    rule = override_world.rule("R001", "prohibit", override_world.ALL)
    assert cited(rule) == {("water", "level-1"): ["R001"], ("water", "level-2"): ["R001"]}


def test_the_strictest_rule_of_a_class_comes_first_and_then_the_number() -> None:
    rules = [
        override_world.rule("R001", "encourage"),
        override_world.rule("R002", "restrict"),
        override_world.rule("R004", "prohibit"),
        override_world.rule("R003", "prohibit"),
    ]
    assert cited(*rules)["water", "level-1"] == ["R003", "R004", "R002", "R001"]


def test_a_rule_in_two_territories_is_cited_once() -> None:
    rule = override_world.rule("R001", "prohibit", territories=["t", "u"])
    assert cited(rule, territories=("t", "u")) == {("water", "level-1"): ["R001"]}


@pytest.mark.parametrize(
    ("changes", "on", "territories"),
    [
        ({"in_force": {"from": "2027-01-01"}}, ON, ("t",)),
        ({"in_force": {"from": "2023-01-01", "to": "2025-12-31"}}, ON, ("t",)),
        ({}, date(2022, 12, 31), ("t",)),
        ({}, ON, ("u",)),
        ({}, ON, ()),
    ],
)
def test_a_rule_that_does_not_hold_here_today_is_not_cited(
    changes: dict[str, Any], on: date, territories: tuple[str, ...]
) -> None:
    assert cited(override_world.rule("R001", "prohibit", **changes), on=on, territories=territories) == {}
