"""Hatches, signs and legends as drawn shapes."""

from datetime import date
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import pytest

from zoning.layers.catalogue import Catalogue, Coverage, Edition, Layer, ZoneClass
from zoning.rules.verdict import DECISIONS
from zoning.styles.hatches import dash_array, needs_pattern, svg_pattern
from zoning.styles.legend import legend, swatch_svg
from zoning.styles.signs import sign_svg
from zoning.styles.stylebook import ClassStyle, Dash, Hatch, LayerStyle, Spacing, Stylebook, read_stylebook
from zoning.texts import Text


def style(hatch: Hatch = "none", spacing: Spacing = "normal", dash: Dash = "solid") -> ClassStyle:
    return ClassStyle(
        fill="#AABBCC", fill_opacity=0.5, outline="#112233", width=1.5, hatch=hatch, spacing=spacing, dash=dash
    )


def layer(layer_id: str, *classes: str) -> Layer:
    return Layer(
        id=layer_id,
        title=Text(f"图层{layer_id}", f"layer {layer_id}"),
        group="protection",
        authority=Text("局", "office"),
        source=Text("图", "map"),
        crs="EPSG:4490",
        schematic=False,
        accuracy_m=0,
        id_field="id",
        name_field="name",
        class_field="class",
        classes={name: ZoneClass(title=Text(f"类{name}", f"class {name}"), codes=(name,)) for name in classes},
        editions={"e": Edition(file="x.gpkg", valid_from=date(2020, 1, 1))},
        coverage=Coverage(territories=("1",)),
    )


@pytest.fixture(scope="module")
def book(workspace_root: Path) -> Stylebook:
    outcomes = read_stylebook(workspace_root / "styles").outcomes
    low = LayerStyle(id="low", order=1, classes={"only": style("dots")})
    high = LayerStyle(id="high", order=9, classes={"core": style("cross"), "rim": style()})
    return Stylebook({"low": low, "high": high}, outcomes)


@pytest.mark.parametrize("hatch", [name for name in get_args(Hatch) if name != "none"])
def test_every_hatch_is_a_pattern_of_its_own(hatch: Hatch) -> None:
    patterns = {name: svg_pattern("p", style(name)) for name in get_args(Hatch)}
    assert needs_pattern(style(hatch))
    assert list(patterns.values()).count(patterns[hatch]) == 1
    root = ET.fromstring(patterns[hatch])  # noqa: S314 - our own file
    assert root[0].tag == "rect"
    assert len(root) >= 2


def test_spacing_sets_the_size_of_the_tile() -> None:
    sizes = [ET.fromstring(svg_pattern("p", style("dots", name))).get("width") for name in get_args(Spacing)]  # noqa: S314 - our own file
    assert sizes == ["5", "8", "12"]


def test_a_solid_line_has_no_dashes_and_all_dashes_differ() -> None:
    arrays = [dash_array(style(dash=name)) for name in get_args(Dash)]
    assert arrays[0] is None
    assert len(set(arrays)) == len(arrays)


def test_the_legend_lists_what_is_drawn_from_the_top_down(book: Stylebook) -> None:
    low, high = layer("low", "only"), layer("high", "core", "rim", "unused")
    entries = legend([(low, ["only"]), (high, ["rim", "core"])], book)
    assert [entry.key for entry in entries] == ["high/core", "high/rim", "low/only"]
    assert [entry.title.en for entry in entries] == ["class core", "class rim", "layer low"]


def test_nothing_drawn_gives_no_legend(book: Stylebook) -> None:
    assert legend([], book) == ()
    assert legend([(layer("low", "only"), [])], book) == ()


def test_a_swatch_uses_the_pattern_of_its_class(book: Stylebook) -> None:
    hatched, plain = legend([(layer("high", "core", "rim"), ["core", "rim"])], book)
    assert 'fill="url(#hatch-high-core)"' in swatch_svg(hatched)
    assert 'fill="#AABBCC"' in swatch_svg(plain)


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_sign_is_drawn_and_says_its_word(book: Stylebook, decision: str) -> None:
    svg = sign_svg(book.outcomes, decision, size=20, language="en")  # type: ignore[arg-type]  # a parameter of the test
    root = ET.fromstring(svg)  # noqa: S314 - our own file
    assert root.get("aria-label") == book.outcomes.decisions[decision].word.en  # type: ignore[index]  # a parameter of the test
    assert "text" not in {child.tag for child in root}


def test_mistakes_name_styles_for_nothing_and_classes_without_style(book: Stylebook, tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path, {"high": layer("high", "core", "other")}, "high")
    assert [text.en for text in book.mistakes(catalogue)] == [
        "styles/low.yaml: there is no such layer",
        "styles/high.yaml: the layer has no class 'rim'",
        "styles/high.yaml: the class 'other' has no style",
    ]
