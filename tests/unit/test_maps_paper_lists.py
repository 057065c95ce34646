"""Tables on paper: which rows a product asks for, how wide the columns are, what the verdict says of each layer."""

from dataclasses import replace
from typing import Any

import pytest
from shapely.geometry import LineString, box

import report_sections_world as world
from small_scene import ROADS, WATER, small_product, small_scene
from zoning.maps.content import MapZone
from zoning.maps.fonts import typeface
from zoning.maps.map_product import LayerChoice, MapProduct
from zoning.maps.paper.flow import Row, height_of, line_height
from zoning.maps.paper.format import Format
from zoning.maps.paper.marks import HAIR, INK, QUIET, Page, Shape, Words
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.tables import Table, column_widths, natural_widths, table_rows, tables_of, verdict_rows
from zoning.maps.scene import Listing, Scene, SceneLayer
from zoning.report.source import Source
from zoning.rules.verdict import LayerEntry
from zoning.texts import Language, Text

PAPER = Format.of("A4", landscape=True)
SIZE = 6.0
GAP_MM = 2.2
SQUARE = box(112.04, 35.04, 112.10, 35.10)


def blank() -> Page:
    return Page(297, 210, typeface("zh"))


def product(*choices: LayerChoice, tables: tuple[str, ...] = ("zones",)) -> MapProduct:
    return small_product().model_copy(update={"layers": choices, "tables": tables})


def drawn(*zones: MapZone, **changes: Any) -> SceneLayer:
    return SceneLayer(changes.pop("layer", WATER), "2023", "2023-01-01", "drawn", zones)


def scene(*layers: SceneLayer, **changes: Any) -> Scene:
    return replace(small_scene(), layers=layers, **changes)


def zone(zone_id: str, class_id: str = "core", **changes: Any) -> MapZone:
    return MapZone(zone_id, f"区{zone_id}", class_id, SQUARE, **changes)


# --- which tables ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tables", [(), ("class_totals",), ("verdict",)])
def test_only_the_tables_that_a_product_asks_for(tables: tuple[str, ...]) -> None:
    assert tables_of(small_scene(), product(tables=tables), "zh") == []


def test_a_table_of_zones_for_each_layer_with_zones_that_is_listed() -> None:
    titles = [table.title for table in tables_of(small_scene(), product(), "en")]
    assert titles == ["drinking water", "roads"]
    some = product(LayerChoice(layer="water", listed=False), LayerChoice(layer="roads"))
    assert [table.title for table in tables_of(small_scene(), some, "zh")] == ["公路"]


def test_zones_come_class_by_class_and_then_by_id() -> None:
    one = drawn(zone("b"), zone("r", "rim"), zone("a"), zone("q", "rim"))
    (table,) = tables_of(scene(one), product(), "en")
    assert [row[:3] for row in table.rows] == [
        ("core", "a", "区a"),
        ("core", "b", "区b"),
        ("rim", "q", "区q"),
        ("rim", "r", "区r"),
    ]


def test_a_table_of_several_classes_names_the_class() -> None:
    (table,) = tables_of(scene(drawn(zone("a", area_m2=36_000.0, attributes={"note": "x"}))), product(), "zh")
    assert table.heads == ("类别", "编号", "名称", "面积（公顷）", "备注")
    assert table.rows == (("甲", "a", "区a", "3.6000", "x"),)
    assert (set(table.numbers), set(table.solid)) == ({3}, {1})


def test_a_layer_of_one_class_does_not_repeat_it() -> None:
    line = MapZone("R1", "路", "road", LineString([(112, 35), (112.1, 35)]))
    (table,) = tables_of(scene(drawn(line, layer=ROADS)), product(), "en")
    assert table.heads == ("Id", "Name", "Area (ha)", "remark")
    assert table.rows == (("R1", "路", "", ""),)
    assert (set(table.numbers), set(table.solid)) == ({2}, {0})


def test_on_the_map_of_a_site_the_overlap_has_a_column() -> None:
    one = drawn(
        zone("a", area_m2=20_000.0, overlap_m2=1_234.5),
        zone("b", area_m2=20_000.0, overlap_m2=0.0),
        zone("c", area_m2=20_000.0),
    )
    (table,) = tables_of(scene(one, site=SQUARE), product(), "en")
    assert table.heads[3:5] == ("Area (ha)", "In the site (ha)")
    assert [row[4] for row in table.rows] == ["0.1235", "", ""]
    assert table.numbers == {3, 4}


@pytest.mark.parametrize(
    ("attributes", "heads"), [(None, ("remark",)), (("note",), ("remark",)), (("lost",), ()), ((), ())]
)
def test_attributes_are_those_that_the_product_names(
    attributes: tuple[str, ...] | None, heads: tuple[str, ...]
) -> None:
    choice = LayerChoice(layer="water", attributes=attributes)
    (table,) = tables_of(scene(drawn(zone("a"))), product(choice), "en")
    assert table.heads[4:] == heads


def test_an_attribute_that_a_zone_lacks_is_blank() -> None:
    (table,) = tables_of(scene(drawn(zone("a", attributes={}), zone("b", attributes={"note": 7}))), product(), "en")
    assert [row[4] for row in table.rows] == ["", "7"]


@pytest.mark.parametrize(("language", "title"), [("zh", "联系人"), ("en", "contacts")])
def test_listings_are_printed_with_their_rows_or_the_reason(language: Language, title: str) -> None:
    heads = (Text("姓名", "name"),)
    listings = (
        Listing("c", Text("联系人", "contacts"), heads, (("甲",), ("乙",))),
        Listing("d", Text("单位", "offices"), missing=Text("没有表", "no table")),
    )
    one, other = tables_of(scene(listings=listings), product(tables=("contacts",)), language)
    assert (one.title, one.heads, one.rows, one.missing) == (title, (heads[0].get(language),), (("甲",), ("乙",)), "")
    assert (other.rows, other.missing) == ((), "没有表" if language == "zh" else "no table")


# --- widths ---------------------------------------------------------------------------------------------------------

TABLE = Table(
    "t",
    ("编号", "名称", "面积"),
    (("W1", "饮用水水源保护区", "1.0"), ("W1000", "河", "10,000.0000")),
    frozenset({2}),
    frozenset({0}),
)


def natural() -> list[float]:
    page = blank()
    return [page.wide(text, SIZE) + GAP_MM for text in ("W1000", "饮用水水源保护区", "10,000.0000")]


def test_a_column_is_as_wide_as_its_widest_text() -> None:
    assert natural_widths(blank(), TABLE, SIZE) == pytest.approx(natural())
    narrow = Table("t", ("很长的标题文字",), (("x",),))
    assert natural_widths(blank(), narrow, SIZE) == pytest.approx([blank().wide("很长的标题文字", SIZE) + GAP_MM])


def test_spare_room_goes_to_texts_and_never_to_figures() -> None:
    a, b, c = natural()
    assert column_widths(blank(), TABLE, SIZE, a + b + c + 10) == pytest.approx([a + 5, b + 5, c])
    assert column_widths(blank(), TABLE, SIZE, a + b + c) == pytest.approx([a, b, c])


def test_no_column_gets_more_than_it_can_use() -> None:
    a, b, c = natural()
    assert column_widths(blank(), TABLE, SIZE, 1_000) == pytest.approx([a + 14, b + 14, c])


def test_a_table_of_figures_alone_stays_as_it_is() -> None:
    table = Table("t", ("a", "b"), (("1", "2"),), frozenset({0, 1}))
    assert column_widths(blank(), table, SIZE, 100) == pytest.approx(natural_widths(blank(), table, SIZE))


def test_texts_give_way_by_a_fifth_and_figures_and_codes_by_nothing() -> None:
    a, b, c = natural()
    assert column_widths(blank(), TABLE, SIZE, a + c + 0.9 * b) == pytest.approx([a, 0.9 * b, c])
    assert column_widths(blank(), TABLE, SIZE, a + c + 0.8 * b + 0.001) == pytest.approx([a, 0.8 * b, c], abs=0.01)
    assert column_widths(blank(), TABLE, SIZE, a + c + 0.79 * b) is None


# --- rows -----------------------------------------------------------------------------------------------------------


def painted(rows: list[Row], width: float = 200.0) -> list[Words | Shape]:
    """Return the marks of rows that are drawn one below the other."""
    page = blank()
    top = 200.0
    for row in rows:
        row.draw(page, Rectangle(10.0, top - row.height, 10.0 + width, top))
        top -= row.height
    return [mark for mark in page.marks if isinstance(mark, Words | Shape)]


def texts(rows: list[Row]) -> list[str]:
    return [mark.text for mark in painted(rows) if isinstance(mark, Words)]


def test_title_and_head_keep_to_the_first_row_and_come_again() -> None:
    rows = table_rows(blank(), TABLE, PAPER, [30, 60, 40], "zh", size=SIZE)
    assert [row.keeps for row in rows] == [True, True, False, False]
    assert texts(rows[:2]) == ["t", "编号", "名称", "面积"]
    assert texts(list(rows[2].again)) == ["t（续）", "编号", "名称", "面积"]
    assert texts(list(table_rows(blank(), TABLE, PAPER, [30, 60, 40], "en", size=SIZE)[3].again))[0] == "t (continued)"


def test_figures_end_at_the_right_and_texts_begin_at_the_left() -> None:
    rows = table_rows(blank(), TABLE, PAPER, [30, 60, 40], "zh", size=SIZE)
    marks = {mark.text: mark for mark in painted(rows) if isinstance(mark, Words)}
    page = blank()
    assert (marks["W1"].x, marks["河"].x) == (10.0, 40.0)
    for figure in ("1.0", "10,000.0000"):
        assert marks[figure].x + page.wide(figure, SIZE) == pytest.approx(10 + 30 + 60 + 40 - GAP_MM)


def test_a_head_is_bold_and_quiet_above_a_darker_line() -> None:
    rows = table_rows(blank(), TABLE, PAPER, [30, 60, 40], "zh", size=SIZE)
    marks = painted(rows[1:3])
    words = {mark.text: (mark.bold, mark.colour) for mark in marks if isinstance(mark, Words)}
    assert words["编号"] == (True, QUIET)
    assert words["W1"] == (False, INK)
    lines = [mark for mark in marks if isinstance(mark, Shape)]
    assert [(line.stroke, line.width) for line in lines] == [(INK, 0.5), (HAIR, 0.25)]
    assert [line.geometry.bounds[::2] for line in lines] == [(10.0, 140.0), (10.0, 140.0)]


def test_a_wrapped_cell_makes_its_row_higher() -> None:
    page = blank()
    narrow = page.wide("饮用水水", SIZE) + GAP_MM + 0.01
    *_, one, other = table_rows(page, TABLE, PAPER, [30, narrow, 40], "zh", size=SIZE)
    assert (one.height, other.height) == pytest.approx((2 * line_height(SIZE) + 0.8, line_height(SIZE) + 0.8))
    assert [text for text in texts([one]) if text not in ("W1", "1.0")] == ["饮用水水", "源保护区"]


def test_a_table_without_rows_says_why() -> None:
    missing = Table("单位", (), (), missing="没有表")
    rows = table_rows(blank(), missing, PAPER, [60], "zh", size=SIZE)
    assert texts(rows) == ["单位", "没有表"]
    assert rows[0].keeps


# --- the verdict ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Return a site in level 1 of the tiny workspace."""
    return world.source_of_site(tmp_path_factory.mktemp("report"))


def said(base: Source, *entries: LayerEntry, language: Language = "zh", width: float = 200.0) -> list[str]:
    verdict = world.told(base, layers=entries).verdict
    return texts(verdict_rows(blank(), verdict, PAPER, width, language))


HEAD = ["涉及图层", "图层 · 类", "公顷", "占项目 %"]


@pytest.mark.parametrize(
    ("changes", "cells"),
    [
        ({}, ["水源 · 一级区", "0.2000", "25.00"]),
        ({"title": Text("水源", "water")}, ["水源", "0.2000", "25.00"]),
        ({"certainty": "possible"}, ["水源 · 一级区（可能）", "0.2000", "25.00"]),
        ({"overlap_m2": 0.3, "share": 0.00004}, ["水源 · 一级区", "0.0000", "< 0.01"]),
        ({"overlap_m2": 3.0, "share": 0.00005}, ["水源 · 一级区", "0.0003", "0.01"]),
        ({"overlap_m2": 0.0, "share": 0.0, "length_m": 123.4}, ["水源 · 一级区", "123.40 m"]),
        ({"overlap_m2": 0.0, "share": 0.0, "certainty": "possible"}, ["水源 · 一级区（可能）"]),
    ],
)
def test_a_touched_class_is_told_with_its_figures(base: Source, changes: dict[str, Any], cells: list[str]) -> None:
    entry = world.layer(base, status="affected", classes=(world.level(**changes),))
    assert [text for text in said(base, entry) if text] == [*HEAD, *cells]


@pytest.mark.parametrize(("language", "name"), [("zh", "水源（可能）"), ("en", "water (possible)")])
def test_what_is_possible_without_a_class_is_told_as_possible(base: Source, language: Language, name: str) -> None:
    assert name in said(base, world.layer(base, status="possible"), language=language)


def test_layers_without_data_stand_before_those_that_are_clear(base: Source) -> None:
    entries = (
        world.layer(base, nearest_m=120.0),
        world.layer(base, title=Text("林地", "forest"), status="no_data", nearest_m=5.0),
        world.layer(base, title=Text("草地", "grass"), nearest_m=None),
        world.layer(base, title=Text("道路", "roads"), status="no_data"),
    )
    assert said(base, *entries) == ["数据缺失，未核查", "林地、道路", "不涉及", "水源（最近 120.00 m）、草地"]
    assert said(base, *entries, language="en") == [
        "No data, not checked",
        "forest; roads",
        "Not affected",
        "water (nearest 120.00 m); grass",
    ]


def test_a_verdict_without_layers_needs_no_room(base: Source) -> None:
    assert height_of(verdict_rows(blank(), world.told(base, layers=()).verdict, PAPER, 100, "zh")) == 0
