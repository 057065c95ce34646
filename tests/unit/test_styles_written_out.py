"""Styles for other programs, line by line: QML for QGIS in millimetres, SLD for servers in pixels."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from zoning.styles.drawing import Category, Drawing, HatchFill, Labels, Outline, Part, Tint
from zoning.styles.looks import LabelLook, ScaleRange
from zoning.styles.measures import Marks, Parallels
from zoning.styles.qml import qml
from zoning.styles.sld import OGC, SE, SLD, sld

BLUE, RED = "#143F75", "#8C1020"
LINE = Outline(BLUE, 2)
NAMES = {"se": SE, "ogc": OGC, "sld": SLD}


def category(*values: str, title: str = "一级区", parts: tuple[Part, ...] = (LINE,)) -> Category:
    return Category(values, title, parts)


def drawing(*categories: Category, field: str | None = None, **changes: Any) -> Drawing:
    return Drawing("水源", changes.pop("geometry", "polygon"), field, categories or (category(),), **changes)


def read_qml(made: Drawing) -> ET.Element:
    return ET.fromstring(qml(made).partition("\n")[2])  # noqa: S314 - written by us


def read_sld(made: Drawing) -> ET.Element:
    return ET.fromstring(sld(made, "water").partition("\n")[2])  # noqa: S314 - written by us


def found(root: ET.Element, path: str) -> ET.Element:
    element = root.find(path, NAMES)
    assert element is not None, path
    return element


def look(layer: ET.Element) -> dict[str, str]:
    """Return the properties of a symbol layer; both ways in which they are written say the same."""
    options = {one.attrib["name"]: one.attrib["value"] for one in layer.findall("Option/Option")}
    assert {one.attrib["k"]: one.attrib["v"] for one in layer.findall("prop")} == options
    return options


def parameters(element: ET.Element) -> dict[str, str | None]:
    return {one.attrib["name"]: one.text for one in element.findall("se:SvgParameter", NAMES)}


# --- QML: how rows are told apart -----------------------------------------------------------------------------------


def test_rows_that_all_look_the_same_have_one_symbol() -> None:
    renderer = found(read_qml(drawing()), "renderer-v2")
    assert renderer.attrib["type"] == "singleSymbol"
    assert "attr" not in renderer.attrib
    assert [symbol.attrib["name"] for symbol in renderer.findall("symbols/symbol")] == ["0"]


def test_one_value_for_each_look_is_a_category_and_the_rest_the_empty_one() -> None:
    made = drawing(category("a"), category("b", title="二级区"), category(title="未知"), field="class")
    renderer = found(read_qml(made), "renderer-v2")
    assert (renderer.attrib["type"], renderer.attrib["attr"]) == ("categorizedSymbol", "class")
    rows = [
        (one.attrib["value"], one.attrib["label"], one.attrib["symbol"]) for one in renderer.findall("categories/*")
    ]
    assert rows == [("a", "一级区", "0"), ("b", "二级区", "1"), ("", "未知", "2")]


def test_several_values_for_a_look_are_a_rule() -> None:
    made = drawing(category("a", "b"), category("c"), category(), field='x"y')
    renderer = found(read_qml(made), "renderer-v2")
    assert renderer.attrib["type"] == "RuleRenderer"
    tests = [rule.attrib["filter"] for rule in renderer.findall("rules/rule")]
    assert tests == ["\"x\"\"y\" IN ('a', 'b')", '"x""y" IN (\'c\')', "ELSE"]
    keys = [rule.attrib["key"] for rule in renderer.findall(".//*[@key]")]
    assert len(set(keys)) == 4


@pytest.mark.parametrize(
    ("value", "written"), [("a'b", "'a''b'"), ("a\\b", "'a\\\\b'"), ("", "''"), ("水", "'水'"), ("a\\'b", "'a\\\\''b'")]
)
def test_values_of_a_rule_cannot_end_their_text(value: str, written: str) -> None:
    made = drawing(category(value, "x"), field="f")
    assert found(read_qml(made), "renderer-v2/rules/rule").attrib["filter"] == f"\"f\" IN ({written}, 'x')"


def test_keys_of_rules_are_the_same_on_every_run_and_differ_by_title() -> None:
    one, other = (drawing(category("a", "b"), field="f") for _ in range(2))
    assert qml(one) == qml(other)
    named = Drawing("道路", "polygon", "f", (category("a", "b"),))
    keys = [found(read_qml(made), "renderer-v2/rules").attrib["key"] for made in (one, named)]
    assert keys[0] != keys[1]


# --- QML: what a class looks like -----------------------------------------------------------------------------------


def symbol(*parts: Part, geometry: str = "polygon") -> ET.Element:
    return found(read_qml(drawing(category(parts=parts), geometry=geometry)), "renderer-v2/symbols/symbol")


@pytest.mark.parametrize(("geometry", "kind", "number"), [("polygon", "fill", "2"), ("line", "line", "1")])
def test_areas_and_lines_have_symbols_of_their_kind(geometry: str, kind: str, number: str) -> None:
    root = read_qml(drawing(geometry=geometry))
    assert found(root, "renderer-v2/symbols/symbol").attrib["type"] == kind
    assert found(root, "layerGeometryType").text == number


def test_a_tint_has_its_opacity_in_two_hundred_and_fifty_fifths() -> None:
    ((layer),) = symbol(Tint("#2F6DB5", 0.5)).findall("layer")
    assert layer.attrib["class"] == "SimpleFill"
    assert look(layer) == {"color": "47,109,181,128", "style": "solid", "outline_style": "no"}


@pytest.mark.parametrize(("opacity", "alpha"), [(0.0, 0), (1.0, 255), (0.45, 115), (0.001, 0), (0.998, 254)])
def test_opacities(opacity: float, alpha: int) -> None:
    assert look(found(symbol(Tint(RED, opacity)), "layer"))["color"] == f"140,16,32,{alpha}"


@pytest.mark.parametrize(
    ("outline", "width", "use", "dash"),
    [
        (Outline(BLUE, 2), "0.5292", "0", "5;2"),
        (Outline(BLUE, 96 / 25.4), "1", "0", "5;2"),
        (Outline(BLUE, 1, (6, 4)), "0.2646", "1", "1.5875;1.0583"),
    ],
)
def test_an_outline_is_measured_on_paper(outline: Outline, width: str, use: str, dash: str) -> None:
    made = look(found(symbol(outline), "layer"))
    assert (made["line_width"], made["line_width_unit"], made["line_color"]) == (width, "MM", "20,63,117,255")
    assert (made["use_custom_dash"], made["customdash"], made["customdash_unit"]) == (use, dash, "MM")


def test_parts_are_drawn_from_below() -> None:
    hatch = HatchFill((Parallels(45, 4, 1), Parallels(135, 4, 1)), BLUE, 0.45, "<svg/>")
    layers = symbol(Tint(BLUE, 0.5), hatch, LINE).findall("layer")
    assert [layer.attrib["class"] for layer in layers] == [
        "SimpleFill",
        "LinePatternFill",
        "LinePatternFill",
        "SimpleLine",
    ]
    assert [layer.attrib["name"] for layer in symbol(hatch, hatch).findall("layer/symbol")] == [
        "@0@1",
        "@0@2",
        "@0@3",
        "@0@4",
    ]


def test_lines_of_a_hatch_have_angle_distance_and_width() -> None:
    layer = found(symbol(HatchFill((Parallels(135, 96 / 25.4, 2),), BLUE, 0.4, "<svg/>")), "layer")
    made = look(layer)
    assert (made["angle"], made["distance"], made["distance_unit"], made["line_width"]) == ("135", "1", "MM", "0.5292")
    line = look(found(layer, "symbol/layer"))
    assert (line["line_color"], line["line_width"], line["use_custom_dash"]) == ("20,63,117,102", "0.5292", "0")


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (
            Marks("dot", 2, 8, 4, 3, 0),
            {"name": "circle", "outline_style": "no", "size": "0.5292"},
        ),
        (
            Marks("plus", 4, 8, 4, 3, 1),
            {
                "name": "cross",
                "outline_style": "solid",
                "size": "1.0583",
                "outline_width": "0.2646",
                "cap_style": "flat",
            },
        ),
    ],
)
def test_marks_of_a_hatch_stand_in_rows(marks: Marks, expected: dict[str, str]) -> None:
    layer = found(symbol(HatchFill((marks,), BLUE, 1.0, "<svg/>")), "layer")
    assert layer.attrib["class"] == "PointPatternFill"
    made = look(layer)
    assert (made["distance_x"], made["distance_y"], made["displacement_x"]) == ("2.1167", "1.0583", "0.7937")
    assert {made[f"{name}_unit"] for name in ("distance_x", "distance_y", "displacement_x")} == {"MM"}
    sign = look(found(layer, "symbol/layer"))
    assert {name: sign[name] for name in expected} == expected
    assert sign["color"] == sign["outline_color"] == "20,63,117,255"


# --- QML: scales and labels -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "flag", "coarsest", "finest"),
    [
        (ScaleRange(), "0", "0", "0"),
        (ScaleRange(max_denominator=50_000), "1", "50000", "0"),
        (ScaleRange(min_denominator=500), "1", "0", "500"),
        (ScaleRange(min_denominator=500, max_denominator=50_000), "1", "50000", "500"),
    ],
)
def test_qgis_calls_the_coarsest_map_the_one_of_the_least_scale(
    scale: ScaleRange, flag: str, coarsest: str, finest: str
) -> None:
    root = read_qml(drawing(scale=scale))
    assert root.attrib["hasScaleBasedVisibilityFlag"] == flag
    assert (root.attrib["minScale"], root.attrib["maxScale"]) == (coarsest, finest)


def labelled(geometry: str = "polygon", *categories: Category, **changes: Any) -> ET.Element:
    labels = Labels("名称", LabelLook.model_validate(changes))
    return read_qml(drawing(*categories, field="f" if categories else None, geometry=geometry, labels=labels))


def test_without_labels_none_are_switched_on() -> None:
    root = read_qml(drawing())
    assert root.attrib["labelsEnabled"] == "0"
    assert root.find("labeling") is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"fieldName": "名称", "fontSize": "9", "fontWeight": "50", "textColor": "20,63,117,255"}),
        ({"size": 16}, {"fontSize": "12", "fontSizeUnit": "Point"}),
        ({"bold": True}, {"fontWeight": "75", "namedStyle": "Bold"}),
        ({"colour": RED}, {"textColor": "140,16,32,255"}),
    ],
)
def test_labels_are_set_in_points(changes: dict[str, Any], expected: dict[str, str]) -> None:
    style = found(labelled(**changes), "labeling/settings/text-style").attrib
    assert {name: style[name] for name in expected} == expected


@pytest.mark.parametrize(("halo", "drawn", "size"), [(0, "0", "0"), (4, "1", "1.0583")])
def test_a_halo_is_drawn_where_it_has_a_width(halo: float, drawn: str, size: str) -> None:
    rim = found(labelled(halo=halo, halo_colour="#FFEEDD"), "labeling/settings/text-style/text-buffer").attrib
    assert (rim["bufferDraw"], rim["bufferSize"], rim["bufferColor"]) == (drawn, size, "255,238,221,255")


@pytest.mark.parametrize(("geometry", "placement"), [("polygon", "4"), ("line", "2")])
def test_names_lie_level_in_areas_and_along_lines(geometry: str, placement: str) -> None:
    assert found(labelled(geometry), "labeling/settings/placement").attrib["placement"] == placement


def test_labels_have_scales_of_their_own() -> None:
    scale = {"min_denominator": 500, "max_denominator": 9_000}
    limits = found(labelled(scale=scale), "labeling/settings/rendering").attrib
    assert (limits["scaleVisibility"], limits["scaleMin"], limits["scaleMax"]) == ("1", "500", "9000")
    assert found(labelled(), "labeling/settings/rendering").attrib["scaleVisibility"] == "0"


def test_a_label_has_the_colour_of_its_class_where_the_classes_differ() -> None:
    two = (category("a"), category(title="其他", parts=(Outline(RED, 1),)))
    expressions = [
        one.attrib["value"] for one in labelled("polygon", *two).iter("Option") if one.get("name") == "expression"
    ]
    assert expressions == [f"CASE WHEN \"f\" IN ('a') THEN '{BLUE}' ELSE '{RED}' END"]
    for root in (labelled("polygon", *two, colour=RED), labelled("polygon", category("a"), category("b")), labelled()):
        assert not [one for one in root.iter("Option") if one.get("name") == "expression"]


# --- SLD ------------------------------------------------------------------------------------------------------------


def rules(made: Drawing) -> list[ET.Element]:
    return read_sld(made).findall(".//se:FeatureTypeStyle[1]/se:Rule", NAMES)


def test_a_style_bears_the_name_of_its_table_and_the_title_of_its_drawing() -> None:
    root = read_sld(drawing())
    assert root.attrib["version"] == "1.1.0"
    assert [found(root, path).text for path in ("sld:NamedLayer/se:Name", ".//sld:UserStyle/se:Name")] == ["water"] * 2
    assert found(root, ".//sld:UserStyle/se:Description/se:Title").text == "水源"
    assert found(root, ".//sld:IsDefault").text == "true"


@pytest.mark.parametrize(("values", "literals", "joined"), [(("a",), ["a"], False), (("a", "b"), ["a", "b"], True)])
def test_a_rule_asks_for_the_values_of_its_class(values: tuple[str, ...], literals: list[str], *, joined: bool) -> None:
    (rule,) = rules(drawing(category(*values), field="class"))
    asked = found(rule, "ogc:Filter")
    assert (asked.find("ogc:Or", NAMES) is not None) is joined
    assert [one.text for one in asked.iter(f"{{{OGC}}}Literal")] == literals
    assert {one.text for one in asked.iter(f"{{{OGC}}}PropertyName")} == {"class"}


def test_the_rest_is_drawn_by_else_and_a_table_of_one_look_by_no_condition() -> None:
    _, other = rules(drawing(category("a"), category(), field="class"))
    assert other.find("se:ElseFilter", NAMES) is not None
    (only,) = rules(drawing())
    assert only.find("se:ElseFilter", NAMES) is only.find("ogc:Filter", NAMES) is None


@pytest.mark.parametrize(
    ("scale", "least", "most"),
    [
        (ScaleRange(), None, None),
        (ScaleRange(max_denominator=50_000), None, "50001"),
        (ScaleRange(min_denominator=500), "500", None),
    ],
)
def test_the_end_of_a_range_of_scales_is_in_it(scale: ScaleRange, least: str | None, most: str | None) -> None:
    (rule,) = rules(drawing(scale=scale))
    assert rule.findtext("se:MinScaleDenominator", None, NAMES) == least
    assert rule.findtext("se:MaxScaleDenominator", None, NAMES) == most


def test_tint_and_outline_are_symbolizers_in_their_order() -> None:
    (rule,) = rules(drawing(category(parts=(Tint(RED, 0.25), Outline(BLUE, 1.5, (6, 3))))))
    tint, outline = rule.findall("se:PolygonSymbolizer", NAMES)
    assert parameters(found(tint, "se:Fill")) == {"fill": RED, "fill-opacity": "0.25"}
    assert parameters(found(outline, "se:Stroke")) == {
        "stroke": BLUE,
        "stroke-width": "1.5",
        "stroke-linejoin": "round",
        "stroke-dasharray": "6 3",
    }
    (line,) = rules(drawing(geometry="line"))
    assert parameters(found(line, "se:LineSymbolizer/se:Stroke"))["stroke"] == BLUE


@pytest.mark.parametrize(
    ("part", "mark", "size"),
    [
        (Parallels(45, 8, 1), "shape://slash", "11.314"),
        (Parallels(135, 8, 1), "shape://backslash", "11.314"),
        (Parallels(0, 8, 1), "shape://horline", "8"),
        (Parallels(90, 4, 1), "shape://vertline", "4"),
        (Marks("dot", 2, 8, 4, 4, 0), "shape://dot", "8"),
        (Marks("plus", 4, 6, 6, 0, 1), "shape://plus", "6"),
    ],
)
def test_a_hatch_is_a_mark_that_repeats(part: Parallels | Marks, mark: str, size: str) -> None:
    (rule,) = rules(drawing(category(parts=(HatchFill((part,), BLUE, 0.45, "<svg/>"),))))
    graphic = found(rule, "se:PolygonSymbolizer/se:Fill/se:GraphicFill/se:Graphic")
    assert (found(graphic, "se:Mark/se:WellKnownName").text, found(graphic, "se:Size").text) == (mark, size)
    assert parameters(found(graphic, "se:Mark/se:Stroke")) == {
        "stroke": BLUE,
        "stroke-width": "1",
        "stroke-opacity": "0.45",
    }
    assert (graphic.find("se:ExternalGraphic", NAMES) is not None) is isinstance(part, Marks)


def test_labels_are_rules_of_their_own() -> None:
    labels = Labels(
        "名称", LabelLook(size=14, bold=True, halo=2, halo_colour="#FFEEDD", scale=ScaleRange(max_denominator=99))
    )
    made = drawing(category("a"), category(parts=(Outline(RED, 1),)), field="f", labels=labels)
    written = read_sld(made).findall(".//se:FeatureTypeStyle", NAMES)[1].findall("se:Rule", NAMES)
    texts = [found(rule, "se:TextSymbolizer") for rule in written]
    assert [found(text, "se:Label/ogc:PropertyName").text for text in texts] == ["名称", "名称"]
    assert [parameters(found(text, "se:Fill"))["fill"] for text in texts] == [BLUE, RED]
    assert parameters(found(texts[0], "se:Font")) == {
        "font-family": "Noto Sans CJK SC",
        "font-size": "14",
        "font-weight": "bold",
    }
    assert (found(texts[0], "se:Halo/se:Radius").text, found(written[0], "se:MaxScaleDenominator").text) == ("2", "100")
    assert parameters(found(texts[0], "se:Halo/se:Fill")) == {"fill": "#FFEEDD"}


def test_a_label_without_halo_has_none_and_follows_its_line() -> None:
    made = drawing(geometry="line", labels=Labels("n", LabelLook(halo=0, colour=RED)))
    (_, text) = read_sld(made).findall(".//se:FeatureTypeStyle", NAMES)
    assert text.find(".//se:Halo", NAMES) is None
    assert text.find(".//se:LabelPlacement/se:LinePlacement", NAMES) is not None
    assert parameters(found(text, ".//se:TextSymbolizer/se:Fill")) == {"fill": RED}
