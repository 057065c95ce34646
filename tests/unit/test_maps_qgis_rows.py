"""The tables of a QGIS product before they are written: names, rows, figures, what is on, one kind of shape."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from small_scene import ROADS, SOIL, UNITS, WATER, WINDOW, make_layer, small_book, small_product, small_scene
from zoning.maps.content import Conflict, MapZone
from zoning.maps.map_product import LayerChoice, MapProduct
from zoning.maps.qgis.tables import Table, starts_on, tables_of
from zoning.maps.scene import Frame, Scene, SceneLayer
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language, Text


@pytest.fixture(scope="module")
def book(workspace_root: Path) -> Stylebook:
    return small_book(workspace_root)


def made(
    scene: Scene, book: Stylebook, language: Language = "en", product: MapProduct | None = None
) -> dict[str, Table]:
    return {table.key: table for table in tables_of(scene, product or small_product(), book, language)}


def with_layers(*layers: SceneLayer) -> Scene:
    return replace(small_scene(), layers=layers)


def of_site(scene: Scene, site: BaseGeometry, *conflicts: Conflict) -> Scene:
    frame = Frame("site", "DK1", "地块一", site, 1.0)
    return replace(scene, frame=frame, site=site, conflicts=conflicts)


def water(*zones: MapZone, **changes: Any) -> SceneLayer:
    plain: dict[str, Any] = {"presence": "drawn" if zones else "empty", "zones": zones, **changes}
    return SceneLayer(WATER, "2023", "2023-01-01", **plain)


def zone(geometry: BaseGeometry, class_id: str = "core", **changes: Any) -> MapZone:
    return MapZone("W1", "水源一", class_id, geometry, **changes)


SQUARE = box(112.04, 35.04, 112.10, 35.10)


# --- which tables ---------------------------------------------------------------------------------------------------


def test_a_layer_without_data_has_no_table_and_stands_in_the_list(book: Stylebook) -> None:
    tables = made(small_scene(), book)
    assert list(tables) == ["roads", "water", "units", "uncovered", "frame", "outside", "layers"]
    row = next(row for row in tables["layers"].rows if row[0] == "soil")
    assert row == ("soil", None, "no data, not checked", "no edition", None, None, None, None, None, None)


def test_layers_lie_as_their_styles_say_the_highest_first(book: Stylebook) -> None:
    tables = made(small_scene(), book)
    assert [(tables[key].order, tables[key].role) for key in ("roads", "water", "units")] == [
        (700, "zones"),
        (600, "zones"),
        (200, "zones"),
    ]
    assert [tables[key].order for key in ("uncovered", "frame", "outside")] == [1000, 999, 998]


def test_a_site_has_its_outline_in_place_of_a_frame(book: Stylebook) -> None:
    tables = made(of_site(small_scene(), SQUARE, Conflict("prohibited", SQUARE)), book)
    assert list(tables)[:2] == ["conflicts", "site"]
    assert "frame" not in tables
    assert (tables["conflicts"].order, tables["site"].order) == (1001, 1002)
    assert tables["site"].rows == (("DK1", "地块一", None, None),)
    word = book.outcomes.decisions["prohibited"].word
    assert tables["conflicts"].rows == (("prohibited", word.en),)


def test_conflicts_of_areas_and_of_lines_are_tables_of_their_own(book: Stylebook) -> None:
    line = LineString([(112.0, 35.0), (112.1, 35.1)])
    scene = of_site(small_scene(), line, Conflict("restricted", line), Conflict("prohibited", SQUARE))
    tables = made(scene, book)
    assert [row[0] for row in tables["conflicts"].rows] == ["prohibited"]
    assert [row[0] for row in tables["conflicts-lines"].rows] == ["restricted"]
    assert (tables["conflicts"].name, tables["conflicts-lines"].name) == ("parts in conflict", "parts in conflict 2")
    for key in ("conflicts-lines", "site"):
        (shape,) = tables[key].geometries or ()
        assert shape.geom_type == "MultiLineString"


# --- rows of zones --------------------------------------------------------------------------------------------------


def test_a_row_of_a_zone_says_class_attributes_and_area_in_three_units(book: Stylebook) -> None:
    table = made(small_scene(), book)["water"]
    assert table.fields == (
        "id",
        "name",
        "class",
        "class_id",
        "remark",
        "whole_area_m2",
        "whole_area_ha",
        "whole_area_mu",
    )
    assert table.texts == {"id", "name", "class", "class_id", "remark"}
    assert table.rows[0] == ("W1", "水源一", "core", "core", "=1+1", 36_000.0, 3.6, 54.0)


def test_chinese_tables_have_chinese_fields(book: Stylebook) -> None:
    table = made(small_scene(), book, "zh")["water"]
    assert table.fields[:5] == ("编号", "名称", "类别", "类别代码", "备注")
    assert [row[2] for row in table.rows] == ["甲", "乙"]


def test_on_the_map_of_a_site_rows_say_how_much_of_it_they_take(book: Stylebook) -> None:
    layer = water(zone(SQUARE, area_m2=100.0, overlap_m2=25.0), zone(SQUARE, area_m2=None))
    table = made(of_site(with_layers(layer), SQUARE), book)["water"]
    assert table.fields[-1] == "overlap_m2"
    assert [row[-4:] for row in table.rows] == [(100.0, 0.01, 0.15, 25.0), (None, None, None, None)]


def test_lines_have_no_area_and_their_length_in_a_site(book: Stylebook) -> None:
    line = LineString([(112.02, 35.15), (112.18, 35.16)])
    layer = SceneLayer(ROADS, "2023", None, "drawn", (MapZone("R1", "路", "road", line, length_m=12.5),))
    assert made(with_layers(layer), book)["roads"].fields == ("id", "name", "class", "class_id")
    table = made(of_site(with_layers(layer), SQUARE), book)["roads"]
    assert (table.fields[-1], table.rows[0][-1]) == ("length_m", 12.5)


def test_an_attribute_that_no_zone_has_is_no_field(book: Stylebook) -> None:
    assert "remark" not in made(with_layers(water(zone(SQUARE))), book)["water"].fields
    some = water(zone(SQUARE, attributes={"note": "x"}), zone(SQUARE))
    assert [row[4] for row in made(with_layers(some), book)["water"].rows] == ["x", None]


def test_an_attribute_that_is_called_like_a_field_gets_a_name_of_its_own(book: Stylebook) -> None:
    layer = WATER.model_copy(
        update={"attributes": {"a": Text("编号", "ID"), "b": Text("x|y", "x|y"), "c": Text("z", "x_y")}}
    )
    found = replace(water(zone(SQUARE, attributes={"a": "1", "b": "2", "c": "3"})), layer=layer)
    assert made(with_layers(found), book)["water"].fields[:7] == (
        "id", "name", "class", "class_id", "ID 2", "x_y", "x_y 2",
    )  # fmt: skip


# --- names of tables ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("水源|保护", "水源_保护"),
        ('a"b`c[d]e\\f/g', "a_b_c_d_e_f_g"),
        ("a\tb\x00c", "a_b_c"),
        ("  water  ", "water"),
        ("gpkg_contents", "_gpkg_contents"),
        ("RTREE_x", "_RTREE_x"),
        ("sqlite_master", "_sqlite_master"),
        ("layer_styles", "_layer_styles"),
        ("layer_style", "layer_style"),
        ("Frame", "Frame"),
    ],
)
def test_a_table_bears_no_name_that_means_something_else(book: Stylebook, title: str, name: str) -> None:
    layer = WATER.model_copy(update={"title": Text(title, title)})
    assert made(with_layers(replace(water(zone(SQUARE)), layer=layer)), book)["water"].name == name


def test_tables_that_would_be_called_alike_are_numbered(book: Stylebook) -> None:
    twins = [
        make_layer(f"w{number}", Text("水", title), "base", "core") for number, title in enumerate(("A", "a", "A"))
    ]
    layers = [SceneLayer(layer, None, None, "drawn", (zone(SQUARE),)) for layer in twins]
    tables = made(with_layers(*layers), book)
    assert [tables[f"w{number}"].name for number in range(3)] == ["A", "a 2", "A 3"]


def test_a_layer_that_is_called_like_a_table_of_ours_leaves_both_readable(book: Stylebook) -> None:
    layer = WATER.model_copy(update={"title": Text("图框范围", "frame")})
    tables = made(with_layers(replace(water(zone(SQUARE)), layer=layer)), book)
    assert (tables["water"].name, tables["frame"].name) == ("frame", "frame 2")


# --- what is told of a layer ----------------------------------------------------------------------------------------


def test_an_empty_layer_says_so_in_the_tree(book: Stylebook) -> None:
    table = made(small_scene(), book)["units"]
    assert (table.rows, table.shown) == ((), False)
    assert table.title == "units · data at hand, none on this map"
    assert made(small_scene(), book)["water"].title == "drinking water"


@pytest.mark.parametrize(
    ("changes", "description"),
    [
        ({}, "authority; edition 2023 (2023-01-01); "),
        ({"valid_from": None}, "authority; edition 2023; "),
        ({"edition": None, "valid_from": None}, "authority; "),
    ],
)
def test_a_table_says_where_its_zones_come_from(book: Stylebook, changes: dict[str, Any], description: str) -> None:
    found = made(with_layers(replace(water(zone(SQUARE)), **changes)), book)["water"].description
    assert found.startswith(description + "schematic data")


def test_areas_by_class_stand_in_the_list(book: Stylebook) -> None:
    rows = [row for row in made(small_scene(), book)["layers"].rows if row[0] in ("drinking water", "roads", "units")]
    assert [(row[0], row[1], row[2], *row[6:]) for row in rows] == [
        ("units", None, "data at hand, none on this map", None, None, None, None),
        ("drinking water", "core", "drawn", 36_000.0, 3.6, 54.0, None),
        ("drinking water", "rim", "drawn", 15_000.0, 1.5, 22.5, None),
        ("roads", "roads", "drawn", None, None, None, 14_600.0),
    ]


def test_a_class_without_an_area_of_its_own_is_unknown_and_not_nought(book: Stylebook) -> None:
    rows = made(with_layers(water(zone(SQUARE))), book)["layers"].rows
    assert rows[0][6:] == (None, None, None, None)


def test_the_frame_is_told_with_its_area(book: Stylebook) -> None:
    table = made(small_scene(), book)["frame"]
    assert table.rows == (("140522", "阳城县", 4.0e8, 40_000.0, 600_000.0),)
    assert table.texts == {"id", "name"}


# --- land without data, land around ---------------------------------------------------------------------------------


def test_land_without_data_is_a_row_for_each_layer_that_has_some(book: Stylebook) -> None:
    gap = box(112.0, 35.0, 112.02, 35.2)
    layers = (
        water(zone(SQUARE), uncovered=gap),
        SceneLayer(UNITS, "2023", None, "empty", uncovered=LineString([(112, 35), (112, 36)])),
        SceneLayer(ROADS, "2023", None, "empty", uncovered=None),
        SceneLayer(SOIL, None, None, "no_data", uncovered=box(112.0, 35.0, 112.2, 35.2)),
    )
    table = made(with_layers(*layers), book)["uncovered"]
    assert table.rows == (("drinking water", "no data, not checked"),)
    (shape,) = table.geometries or ()
    assert shape.equals(gap)
    assert "uncovered" not in made(with_layers(*layers[1:]), book)


@pytest.mark.parametrize(("site", "inner"), [(False, box(112.01, 35.01, 112.19, 35.19)), (True, box(*WINDOW))])
def test_the_land_around_is_three_windows_wide_without_what_is_drawn(
    book: Stylebook, inner: Polygon, *, site: bool
) -> None:
    scene = of_site(small_scene(), SQUARE) if site else small_scene()
    (shape,) = made(scene, book)["outside"].geometries or ()
    assert shape.bounds == pytest.approx((111.8, 34.8, 112.4, 35.4))
    assert shape.area == pytest.approx(0.36 - inner.area)
    assert not shape.intersects(inner.centroid)


# --- kinds of shapes ------------------------------------------------------------------------------------------------

LINE = LineString([(112.0, 35.0), (112.1, 35.1)])


@pytest.mark.parametrize(
    ("geometry", "area", "parts"),
    [
        (SQUARE, SQUARE.area, 1),
        (MultiPolygon([SQUARE, box(112.15, 35.0, 112.16, 35.01)]), SQUARE.area + 0.0001, 2),
        (GeometryCollection([SQUARE, LINE, Point(112, 35)]), SQUARE.area, 1),
        (GeometryCollection([MultiPolygon([SQUARE])]), SQUARE.area, 1),
        (shapely.force_3d(SQUARE), SQUARE.area, 1),
        (LINE, 0.0, 0),
    ],
)
def test_zones_of_areas_are_written_as_areas_alone(
    book: Stylebook, geometry: BaseGeometry, area: float, parts: int
) -> None:
    (shape,) = made(with_layers(water(zone(geometry))), book)["water"].geometries or ()
    assert (shape.geom_type, len(shapely.get_parts(shape)), shape.has_z) == ("MultiPolygon", parts, False)
    assert shape.area == pytest.approx(area)


# --- switched on ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visible", "of", "touched", "on"),
    [
        ("always", "territory", False, True),
        ("always", "site", False, True),
        ("touched", "territory", False, True),
        ("touched", "site", False, False),
        ("touched", "site", True, True),
        ("decisive", "territory", False, False),
        ("decisive", "site", True, True),
        ("asked", "territory", True, False),
        ("asked", "site", True, False),
    ],
)
def test_a_layer_is_on_as_its_style_says(book: Stylebook, visible: Any, of: Any, *, touched: bool, on: bool) -> None:
    style = book.of_layer("water").model_copy(update={"visible": visible})
    other = replace(book, layers={**book.layers, "water": style})
    found = water(zone(SQUARE), zone(SQUARE, touched=touched))
    assert starts_on(found, small_product().model_copy(update={"of": of}), other) is on


@pytest.mark.parametrize("visible", ["always", "touched", "decisive", "asked"])
def test_what_a_product_lists_is_on(book: Stylebook, visible: Any) -> None:
    style = book.of_layer("water").model_copy(update={"visible": visible})
    other = replace(book, layers={**book.layers, "water": style})
    choices: Sequence[LayerChoice] = (LayerChoice(layer="water"),)
    product = small_product().model_copy(update={"layers": tuple(choices)})
    assert starts_on(water(zone(SQUARE)), product, other)
