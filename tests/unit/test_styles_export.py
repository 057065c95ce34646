"""QML and SLD of a drawing: well-formed, valid, complete, the same on every run, whatever the style and its words."""

import base64
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from se_grammar import OGC, SE, mistakes_of_sld
from small_scene import ROADS, UNITS, WATER, small_book
from zoning.layers.catalogue import Geometry
from zoning.styles.drawing import (
    Category,
    Drawing,
    Fields,
    Labels,
    class_parts,
    layer_drawing,
    site_drawing,
    source_drawing,
    uncovered_drawing,
    verdict_drawing,
)
from zoning.styles.looks import PIXEL_MM, ClassStyle, Dash, Hatch, LabelLook, ScaleRange, Spacing
from zoning.styles.measures import Marks, Parallels, hatch_parts
from zoning.styles.qml import qml
from zoning.styles.sld import sld
from zoning.styles.stylebook import Stylebook, read_stylebook
from zoning.workspace import Workspace

NAMES = {"se": SE, "ogc": OGC}


@pytest.fixture(scope="module")
def book(workspace_root: Path) -> Stylebook:
    return small_book(workspace_root)


def qml_of(drawing: Drawing) -> Any:
    text = qml(drawing)
    assert text.startswith("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis ")
    return etree.fromstring(text.partition("\n")[2].encode("utf-8"))


def sld_of(drawing: Drawing) -> Any:
    text = sld(drawing, "table")
    assert mistakes_of_sld(text) == []
    return etree.fromstring(text.encode("utf-8"))


def options(layer: Any) -> dict[str, str]:
    """Return the properties of a symbol layer; both spellings must say the same."""
    new = {one.get("name"): one.get("value") for one in layer.findall("Option/Option")}
    old = {one.get("k"): one.get("v") for one in layer.findall("prop")}
    assert new == old
    return new


# --- any style ------------------------------------------------------------------------------------------------------

words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=12
)
hexes = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")
scales = st.sampled_from([ScaleRange(), ScaleRange(max_denominator=5_000), ScaleRange(min_denominator=9)])
class_styles = st.builds(
    ClassStyle,
    fill=hexes,
    fill_opacity=st.floats(0, 1),
    outline=hexes,
    width=st.floats(0.1, 6),
    hatch=st.sampled_from(get_args(Hatch)),
    spacing=st.sampled_from(get_args(Spacing)),
    dash=st.sampled_from(get_args(Dash)),
)
looks = st.builds(
    LabelLook, size=st.floats(4, 60), halo=st.floats(0, 10), colour=st.none() | hexes, bold=st.booleans(), scale=scales
)


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    geometry: Geometry = draw(st.sampled_from(get_args(Geometry)))
    field = draw(st.none() | words)
    count = 1 if field is None else draw(st.integers(1, 4))
    categories = tuple(
        Category(
            () if field is None else tuple(draw(st.lists(words, max_size=3))),
            draw(words),
            class_parts(draw(class_styles), geometry),
        )
        for _ in range(count)
    )
    labels = draw(st.none() | st.builds(Labels, words, looks))
    return Drawing(draw(words), geometry, field, categories, labels, draw(scales))


@given(drawings())
def test_any_drawing_gives_valid_sld(drawing: Drawing) -> None:
    root = sld_of(drawing)
    rules = root.findall(".//se:Rule", NAMES)
    assert len(rules) == len(drawing.categories) * (2 if drawing.labels else 1)
    assert [
        rule.findtext("se:Description/se:Title", namespaces=NAMES) for rule in rules[: len(drawing.categories)]
    ] == [category.title for category in drawing.categories]


@given(drawings())
def test_any_drawing_gives_whole_qml(drawing: Drawing) -> None:
    root = qml_of(drawing)
    renderer = root.find("renderer-v2")
    symbols = renderer.findall("symbols/symbol")
    assert [one.get("name") for one in symbols] == [str(number) for number in range(len(drawing.categories))]
    for symbol, category in zip(symbols, drawing.categories, strict=True):
        assert symbol.get("type") == ("line" if drawing.geometry == "line" else "fill")
        # A symbol without a part would draw nothing, and nothing reads as free land.
        assert symbol.findall("layer")
        drawn = [len(part.parts) if hasattr(part, "parts") else 1 for part in category.parts]
        assert len(symbol.findall("layer")) == sum(drawn)
        for layer in symbol.iter("layer"):
            options(layer)
    named = {one.get("symbol"): one.get("label") for one in (*renderer.iter("category"), *renderer.iter("rule"))}
    if drawing.kind != "single":
        assert named == {str(number): one.title for number, one in enumerate(drawing.categories)}


@given(drawings())
def test_the_same_drawing_gives_the_same_bytes(drawing: Drawing) -> None:
    assert (qml(drawing), sld(drawing, "t")) == (qml(drawing), sld(drawing, "t"))


# --- measures -------------------------------------------------------------------------------------------------------


def style(hatch: Hatch, spacing: Spacing = "normal", dash: Dash = "solid") -> ClassStyle:
    return ClassStyle(
        fill="#AABBCC", fill_opacity=0.5, outline="#112233", width=1.5, hatch=hatch, spacing=spacing, dash=dash
    )


@pytest.mark.parametrize(
    ("hatch", "lines"),
    [
        # A tile of 8: lines over its corners lie 8 / sqrt(2) apart.
        ("diagonal", [(45, 5.657)]),
        ("back-diagonal", [(135, 5.657)]),
        ("cross", [(45, 5.657), (135, 5.657)]),
        ("vertical", [(90, 8)]),
        ("horizontal", [(0, 8)]),
        ("dense-horizontal", [(0, 4)]),
    ],
)
def test_lines_of_a_hatch_lie_as_far_apart_as_in_the_tile(hatch: Hatch, lines: list[tuple[float, float]]) -> None:
    parts = [part for part in hatch_parts(style(hatch)) if isinstance(part, Parallels)]
    assert [(part.angle, round(part.distance, 3)) for part in parts] == lines


def test_dots_stand_in_staggered_rows_and_crosses_in_a_square() -> None:
    assert hatch_parts(style("dots")) == (Marks("dot", 2.0, 8.0, 4.0, 4.0, 0.0),)
    assert hatch_parts(style("cross-plus", "wide")) == (Marks("plus", 6.0, 12.0, 12.0, 0.0, 1.0),)
    assert hatch_parts(style("none")) == ()


def test_qml_measures_in_millimetres_on_paper() -> None:
    parts = class_parts(style("diagonal", dash="dashed"), "polygon")
    root = qml_of(Drawing("t", "polygon", None, (Category((), "t", parts),)))
    fill, pattern, line = root.findall("renderer-v2/symbols/symbol/layer")
    assert options(fill) == {"color": "170,187,204,128", "outline_style": "no", "style": "solid"}
    # 5.657 and 1.5 points of 1/96 inch.
    assert float(options(pattern)["distance"]) == pytest.approx(5.657 * 25.4 / 96, abs=1e-3)
    assert float(options(line)["line_width"]) == pytest.approx(1.5 * PIXEL_MM, abs=1e-4)
    dashes = [float(length) for length in options(line)["customdash"].split(";")]
    assert dashes == pytest.approx([6 * PIXEL_MM, 3 * PIXEL_MM], abs=1e-4)
    assert options(pattern.find("symbol/layer"))["line_color"] == "17,34,51,115"


def test_sld_measures_in_pixels_and_holds_a_picture_of_what_no_mark_can_draw() -> None:
    parts = class_parts(style("dots", dash="dotted"), "polygon")
    root = sld_of(Drawing("t", "polygon", None, (Category((), "t", parts),)))
    tint, hatch, outline = root.findall(".//se:PolygonSymbolizer", NAMES)
    values = {one.get("name"): one.text for one in tint.iter(f"{{{SE}}}SvgParameter")}
    assert values == {"fill": "#AABBCC", "fill-opacity": "0.5"}
    picture = etree.fromstring(base64.b64decode(hatch.findtext(".//se:InlineContent", namespaces=NAMES)))
    assert [one.get("cx") for one in picture] == ["2", "6"]
    assert hatch.findtext(".//se:WellKnownName", namespaces=NAMES) == "shape://dot"
    line = {one.get("name"): one.text for one in outline.iter(f"{{{SE}}}SvgParameter")}
    assert line == {
        "stroke": "#112233", "stroke-width": "1.5", "stroke-linejoin": "round", "stroke-dasharray": "1.5 3",
    }  # fmt: skip


# --- layers ---------------------------------------------------------------------------------------------------------


def test_a_layer_of_several_classes_is_told_apart_by_the_class_field(book: Stylebook) -> None:
    drawing = layer_drawing(WATER, book, "zh", Fields("类别代码", "编号", "名称"))
    assert drawing.kind == "categorized"
    root = qml_of(drawing)
    assert root.find("renderer-v2").get("attr") == "类别代码"
    assert [(one.get("value"), one.get("label")) for one in root.iter("category")] == [("core", "甲"), ("rim", "乙")]
    colour = next(one for one in root.iter("Option") if one.get("name") == "expression").get("value")
    assert colour == (
        "CASE WHEN \"类别代码\" IN ('core') THEN '#143F75' WHEN \"类别代码\" IN ('rim') THEN '#5488BA' END"
    )
    filters = sld_of(drawing).findall(".//ogc:Filter", NAMES)
    assert [one.findtext(".//ogc:Literal", namespaces=NAMES) for one in filters] == ["core", "rim"] * 2


def test_the_file_of_a_layer_is_drawn_by_its_own_codes_and_nothing_of_it_is_left_out(book: Stylebook) -> None:
    drawing = source_drawing(WATER, book, "en")
    assert (drawing.kind, drawing.field) == ("rules", "class")
    assert [one.get("filter") for one in qml_of(drawing).iter("rule")] == [
        "\"class\" IN ('core', 'core-2')",
        "\"class\" IN ('rim', 'rim-2')",
        "ELSE",
    ]
    root = sld_of(drawing)
    # Once for zones, once for their labels.
    assert len(root.findall(".//se:ElseFilter", NAMES)) == 2
    assert [len(one) for one in root.findall(".//ogc:Or", NAMES)] == [2, 2, 2, 2]


def test_a_layer_of_one_class_has_one_symbol_and_a_line_no_area(book: Stylebook) -> None:
    drawing = layer_drawing(ROADS, book, "en", Fields(None, "id", "name"))
    root = qml_of(drawing)
    assert root.find("renderer-v2").get("type") == "singleSymbol"
    assert [one.get("class") for one in root.findall("renderer-v2/symbols/symbol/layer")] == ["SimpleLine"]
    assert root.findtext("layerGeometryType") == "1"
    assert sld_of(drawing).findall(".//se:PolygonSymbolizer", NAMES) == []


def test_scales_are_those_of_the_style(book: Stylebook) -> None:
    drawing = layer_drawing(ROADS, book, "en", Fields(None, "id", "name"))
    root = qml_of(drawing)
    look = (root.get("hasScaleBasedVisibilityFlag"), root.get("minScale"), root.get("maxScale"))
    assert look == ("1", "1000000", "500")
    rule = sld_of(drawing).find(".//se:Rule", NAMES)
    # Scales below the end are in the range of SE, the end is not: 1 000 000 itself must be drawn.
    assert rule.findtext("se:MinScaleDenominator", namespaces=NAMES) == "500"
    assert rule.findtext("se:MaxScaleDenominator", namespaces=NAMES) == "1000001"


def test_labels_follow_the_style_unless_the_map_says_otherwise(book: Stylebook) -> None:
    fields = Fields("k", "编号", "名称")
    assert qml_of(layer_drawing(UNITS, book, "zh", fields)).find(".//text-style").get("fieldName") == "编号"
    assert (
        qml_of(layer_drawing(UNITS, book, "zh", fields, label="name")).find(".//text-style").get("fieldName") == "名称"
    )
    assert qml_of(layer_drawing(UNITS, book, "zh", fields, label="none")).find("labeling") is None
    rendering = qml_of(layer_drawing(WATER, book, "zh", fields)).find(".//rendering")
    assert (rendering.get("scaleVisibility"), rendering.get("scaleMin"), rendering.get("scaleMax")) == (
        "1",
        "0",
        "500000",
    )


def test_the_verdict_is_drawn_in_its_colours_over_a_veil(book: Stylebook) -> None:
    drawing = verdict_drawing(book.outcomes, "zh", field="decision", title="地块", others="未能研判", veil=True)
    root = qml_of(drawing)
    assert [(one.get("value"), one.get("label")) for one in root.iter("category")] == [
        ("prohibited", "判定不通过"),
        ("undetermined", "待补充信息"),
        ("restricted", "受限准入"),
        ("permitted", "判定通过"),
        ("", "未能研判"),
    ]
    veil, colour, line = root.find("renderer-v2/symbols/symbol").findall("layer")
    assert options(veil)["color"] == "244,242,236,128"
    assert options(colour)["color"] == "140,16,32,115"
    assert options(line)["line_color"] == "140,16,32,255"


def test_a_site_is_a_dark_line_on_a_light_one(book: Stylebook) -> None:
    casing, line = qml_of(site_drawing(book.outcomes, "地块")).findall("renderer-v2/symbols/symbol/layer")
    assert options(casing)["line_color"] == "255,255,255,255"
    assert float(options(casing)["line_width"]) == pytest.approx(2 * float(options(line)["line_width"]), abs=2e-4)


def test_land_without_data_has_a_hatch_of_its_own(workspace_root: Path) -> None:
    shipped = read_stylebook(workspace_root / "styles")
    blank = shipped.outcomes.uncovered
    assert uncovered_drawing(shipped.outcomes, "x").kind == "single"
    for layer in shipped.layers.values():
        for style_ in layer.classes.values():
            assert (style_.hatch, style_.spacing, style_.dash) != (blank.hatch, blank.spacing, blank.dash)


def test_every_shipped_layer_can_be_exported(workspace_root: Path) -> None:
    shipped = read_stylebook(workspace_root / "styles")
    for layer in Workspace.open(workspace_root).catalogue.layers.values():
        drawing = source_drawing(layer, shipped, "zh")
        assert len(qml_of(drawing).findall("renderer-v2/symbols/symbol")) == len(layer.classes) + 1
        sld_of(drawing)


def test_the_grammar_refuses_what_the_standard_refuses(book: Stylebook) -> None:
    good = sld(layer_drawing(WATER, book, "en", Fields("k", "id", "name")), "t")
    for wrong, because in (
        (good.replace("se:WellKnownName", "se:WellknownName"), "misspelt"),
        (good.replace('name="stroke-dasharray"', 'name="dasharray"'), "no parameter of a stroke"),
        (good.replace("<se:Size>", "<se:Size>x"), "no number"),
        (good.replace('version="1.1.0"', 'version="1.0.0"'), "another version"),
        (good.replace("<se:FeatureTypeStyle>", "<se:FeatureTypeStyle><se:Rule/>", 1), "a rule that draws nothing"),
    ):
        assert wrong != good, because
        assert mistakes_of_sld(wrong) != [], because
