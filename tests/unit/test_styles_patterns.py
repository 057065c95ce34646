"""Hatches, dashes, swatches and tables of colours: the drawn shape of each, and which colour a class comes out in."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from both_languages import both
from zoning.errors import ContentError
from zoning.styles.hatches import dash_array, hatch_tile, needs_pattern, svg_pattern
from zoning.styles.legend import LegendEntry, class_key, pattern_id, swatch_svg
from zoning.styles.looks import ClassStyle, Dash, Hatch, LayerForm, LayerStyle, Spacing
from zoning.styles.measures import Marks, Parallels, dashes, hatch_parts, hatch_svg
from zoning.styles.palette import Palette, PaletteFile, coloured, read_palette, without_colour
from zoning.texts import Text
from zoning.yaml_files import Key


def look(**changes: Any) -> ClassStyle:
    plain = {"fill": "#2F6DB5", "outline": "#143F75", "fill_opacity": 0.5, "width": 2}
    return ClassStyle.model_validate(plain | changes)


# --- dashes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dash", "array", "lengths"),
    [
        ("solid", None, ()),
        ("dashed", "6 3", (6, 3)),
        ("long", "12 4", (12, 4)),
        ("dotted", "1.5 3", (1.5, 3)),
        ("dash-dot", "8 3 1.5 3", (8, 3, 1.5, 3)),
        ("dash-dot-dot", "10 3 1.5 3 1.5 3", (10, 3, 1.5, 3, 1.5, 3)),
    ],
)
def test_dashes_are_line_and_gap_in_turn(dash: Dash, array: str | None, lengths: tuple[float, ...]) -> None:
    assert dash_array(look(dash=dash)) == array
    assert dashes(look(dash=dash)) == lengths
    assert len(lengths) % 2 == 0


# --- tiles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("spacing", "size"), [("dense", 5), ("normal", 8), ("wide", 12)])
@pytest.mark.parametrize(
    ("hatch", "strokes", "dots"),
    [
        ("none", (), ()),
        ("dots", (), ((0.25, 0.25), (0.75, 0.75))),
        ("vertical", ((0.5, 0, 0.5, 1),), ()),
        ("horizontal", ((0, 0.5, 1, 0.5),), ()),
        ("dense-horizontal", ((0, 0.25, 1, 0.25), (0, 0.75, 1, 0.75)), ()),
        ("cross", ((0, 1, 1, 0), (0, 0, 1, 1)), ()),
        ("cross-plus", ((0.25, 0.5, 0.75, 0.5), (0.5, 0.25, 0.5, 0.75)), ()),
    ],
)
def test_a_tile_is_its_shape_times_its_size(
    hatch: Hatch, strokes: Any, dots: Any, spacing: Spacing, size: float
) -> None:
    tile = hatch_tile(look(hatch=hatch, spacing=spacing))
    assert tile.size == size
    assert tile.strokes == tuple(tuple(value * size for value in stroke) for stroke in strokes)
    assert tile.dots == tuple(tuple(value * size for value in dot) for dot in dots)


@pytest.mark.parametrize(("hatch", "slope"), [("diagonal", -1), ("back-diagonal", 1)])
def test_diagonals_run_on_over_the_corners_of_their_tile(hatch: Hatch, slope: int) -> None:
    strokes = hatch_tile(look(hatch=hatch)).strokes
    assert {(y1 - y0) / (x1 - x0) for x0, y0, x1, y1 in strokes} == {slope}
    size = 8.0
    where = sorted(round((y0 - slope * x0) / size, 9) % 1 for x0, y0, _, _ in strokes)
    assert where == [0, 0, 0]
    assert any(min(stroke) < 0 for stroke in strokes)
    assert any(max(stroke) > size for stroke in strokes)


@pytest.mark.parametrize("hatch", get_args(Hatch))
def test_all_but_a_plain_colour_needs_a_pattern(hatch: Hatch) -> None:
    assert needs_pattern(look(hatch=hatch)) is (hatch != "none")


@pytest.mark.parametrize(
    ("changes", "svg"),
    [
        (
            {"hatch": "vertical", "spacing": "dense"},
            (
                '<pattern id="p" width="5" height="5" patternUnits="userSpaceOnUse">'
                '<rect width="5" height="5" fill="#2F6DB5" fill-opacity="0.5"/>'
                '<path d="M2.5 0L2.5 5" stroke="#143F75" stroke-width="1" stroke-opacity="0.45" fill="none"/></pattern>'
            ),
        ),
        (
            {"hatch": "horizontal"},
            (
                '<pattern id="p" width="8" height="8" patternUnits="userSpaceOnUse">'
                '<rect width="8" height="8" fill="#2F6DB5" fill-opacity="0.5"/>'
                '<path d="M0 4.5L8 4.5" stroke="#143F75" stroke-width="1" stroke-opacity="0.45" fill="none"/></pattern>'
            ),
        ),
        (
            {"hatch": "dots", "spacing": "wide"},
            (
                '<pattern id="p" width="12" height="12" patternUnits="userSpaceOnUse">'
                '<rect width="12" height="12" fill="#2F6DB5" fill-opacity="0.5"/>'
                '<circle cx="3" cy="3" r="1" fill="#143F75" fill-opacity="0.45"/>'
                '<circle cx="9" cy="9" r="1" fill="#143F75" fill-opacity="0.45"/></pattern>'
            ),
        ),
    ],
)
def test_a_pattern_holds_tint_and_hatch(changes: dict[str, Any], svg: str) -> None:
    assert svg_pattern("p", look(**changes)) == svg


@pytest.mark.parametrize("spacing", get_args(Spacing))
@pytest.mark.parametrize("hatch", ["vertical", "horizontal", "dense-horizontal", "cross-plus"])
def test_upright_and_level_lines_lie_on_the_middle_of_a_pixel(hatch: Hatch, spacing: Spacing) -> None:
    """Browsers print a tile as a picture: between two pixels a line is blurred."""
    path = re.findall(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)", svg_pattern("p", look(hatch=hatch, spacing=spacing)))
    assert path
    for x0, y0, x1, y1 in [tuple(map(float, line)) for line in path]:
        fixed = x0 if x0 == x1 else y0
        assert x0 == x1 or y0 == y1
        assert fixed % 1 == 0.5


# --- hatches as measures --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hatch", "parts"),
    [
        ("none", ()),
        ("dots", (Marks("dot", 2, 8, 4, 4, 0),)),
        ("cross-plus", (Marks("plus", 4, 8, 8, 0, 1),)),
        ("vertical", (Parallels(90, 8, 1),)),
        ("horizontal", (Parallels(0, 8, 1),)),
        ("dense-horizontal", (Parallels(0, 4, 1),)),
    ],
)
def test_a_hatch_as_lines_at_a_distance_or_marks_in_rows(hatch: Hatch, parts: tuple[Parallels | Marks, ...]) -> None:
    assert hatch_parts(look(hatch=hatch)) == parts


@pytest.mark.parametrize(("hatch", "angles"), [("diagonal", [45]), ("back-diagonal", [135]), ("cross", [45, 135])])
def test_slanting_lines_are_nearer_than_their_tile_is_wide(hatch: Hatch, angles: list[float]) -> None:
    parts = hatch_parts(look(hatch=hatch, spacing="wide"))
    assert [part.angle for part in parts if isinstance(part, Parallels)] == angles
    # The diagonal of a tile of 12 is 16.97; the line lies half of it from the next.
    assert [part.distance for part in parts if isinstance(part, Parallels)] == [pytest.approx(8.485281)] * len(angles)


def test_a_hatch_as_a_picture() -> None:
    assert hatch_svg(look(hatch="dots", spacing="dense")) == (
        '<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5" viewBox="0 0 5 5">'
        '<circle cx="1.25" cy="1.25" r="1" fill="#143F75" fill-opacity="0.45"/>'
        '<circle cx="3.75" cy="3.75" r="1" fill="#143F75" fill-opacity="0.45"/></svg>'
    )
    assert hatch_svg(look(hatch="horizontal")) == (
        '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8" viewBox="0 0 8 8">'
        '<path d="M0 4L8 4" stroke="#143F75" stroke-width="1" stroke-opacity="0.45"/></svg>'
    )


# --- swatches -------------------------------------------------------------------------------------------------------


def entry(geometry: Any = "polygon", **changes: Any) -> LegendEntry:
    title = Text("某", "x")
    return LegendEntry("water/level-1", "water", "level-1", title, title, geometry, look(**changes))


@pytest.mark.parametrize(
    ("made", "shape"),
    [
        (
            entry(),
            (
                '<rect x="1.5" y="1.5" width="27" height="13" fill="#2F6DB5" fill-opacity="0.5" stroke="#143F75" '
                'stroke-width="2"/>'
            ),
        ),
        (
            entry(hatch="dots", dash="dotted", width=1.5),
            (
                '<rect x="1.5" y="1.5" width="27" height="13" fill="url(#hatch-water-level-1)" stroke="#143F75" '
                'stroke-width="1.5" stroke-dasharray="1.5 3"/>'
            ),
        ),
        (
            entry("line", hatch="dots"),
            '<path d="M1 12L11 5L19 10L29 4" fill="none" stroke="#143F75" stroke-width="2"/>',
        ),
    ],
)
def test_a_swatch_is_drawn_like_its_zones(made: LegendEntry, shape: str) -> None:
    head = '<svg class="swatch" viewBox="0 0 30 16" width="30" height="16" aria-hidden="true">'
    assert swatch_svg(made) == f"{head}{shape}</svg>"


@pytest.mark.parametrize(
    ("key", "pattern"),
    [("a/b", "hatch-a-b"), ("水/一级", "hatch-----"), ("a_1/b.2", "hatch-a-1-b-2"), ('a"><b', "hatch-a---b")],
)
def test_the_id_of_a_pattern_has_plain_signs_alone(key: str, pattern: str) -> None:
    assert pattern_id(key) == pattern
    assert class_key("a", "b") == "a/b"


# --- tables of colours ----------------------------------------------------------------------------------------------

RED, BLUE, GREEN = "#AA0000", "#0000AA", "#00AA00"


def form(**classes: Any) -> LayerForm:
    plain = {"fill_opacity": 0.5, "width": 1}
    return LayerForm.model_validate(
        {"id": "water", "order": 600, "classes": {name: plain | other for name, other in classes.items()}}
    )


def palette(layer: str = "water", **classes: Any) -> Palette:
    return Palette.model_validate({"colours": {layer: classes}})


def colours(fill: str, **other: Any) -> dict[str, Any]:
    return {"fill": fill, "outline": fill, **other}


def fill_of(style: LayerStyle | None, name: str = "core") -> tuple[str, str, float]:
    assert style is not None
    found = style.classes[name]
    return found.fill, found.outline, found.fill_opacity


@pytest.mark.parametrize(
    ("own", "palettes", "expected"),
    [
        ({}, [palette(core=colours(RED))], (RED, RED, 0.5)),
        (colours(BLUE), [], (BLUE, BLUE, 0.5)),
        (colours(BLUE), [palette(core=colours(RED))], (RED, RED, 0.5)),
        (colours(BLUE), [palette(rim=colours(RED))], (BLUE, BLUE, 0.5)),
        (colours(BLUE), [palette("roads", core=colours(RED))], (BLUE, BLUE, 0.5)),
        ({}, [palette(core=colours(GREEN)), palette(core=colours(RED))], (GREEN, GREEN, 0.5)),
        ({}, [palette(rim=colours(GREEN)), palette(core=colours(RED))], (RED, RED, 0.5)),
        ({}, [palette(core=colours(RED, fill_opacity=0.9))], (RED, RED, 0.9)),
        ({}, [palette(core=colours(RED, fill_opacity=0.0))], (RED, RED, 0.0)),
        ({"fill": BLUE}, [palette(core={"fill": RED, "outline": GREEN})], (RED, GREEN, 0.5)),
    ],
)
def test_the_first_table_that_has_a_class_colours_it(
    own: dict[str, Any], palettes: list[Palette], expected: tuple[str, str, float]
) -> None:
    style, lacking = coloured(form(core=own), tuple(palettes))
    assert (fill_of(style), lacking) == (expected, [])


@pytest.mark.parametrize("own", [{}, {"fill": RED}, {"outline": RED}])
def test_a_class_without_both_colours_leaves_its_layer_without_a_style(own: dict[str, Any]) -> None:
    assert coloured(form(rim=colours(RED), core=own, edge={}), ()) == (None, ["core", "edge"])


def test_the_form_of_a_class_is_kept() -> None:
    style, _ = coloured(form(core={"hatch": "cross", "dash": "long", "width": 3}), (palette(core=colours(RED)),))
    assert style is not None
    found = style.classes["core"]
    assert (style.id, style.order, found.hatch, found.dash, found.width) == ("water", 600, "cross", "long", 3)


def test_classes_without_colour_are_named_with_their_line() -> None:
    one, other = without_colour(Path("styles/water.yaml"), {("classes", "rim"): 7}, ["rim", "core"])
    assert (one.line, other.line) == (7, 1)
    assert one.text == Text(
        "classes.rim：没有颜色；请在 palette.yaml 中，或在此处写 fill 和 outline",
        "classes.rim: has no colours: write 'fill' and 'outline' into palette.yaml, or here",
    )


def test_entries_of_a_table_that_name_nothing_are_told_with_what_was_meant() -> None:
    table = Palette.model_validate(
        {"colours": {"watr": {"core": colours(RED)}, "water": {"cor": colours(RED), "core": colours(RED)}}}
    )
    lines: dict[Key, int] = {("colours", "watr"): 2, ("colours", "water", "cor"): 5}
    found = list(PaletteFile(Path("p.yaml"), table, lines).unknown({"water": form(core={})}))
    assert [(one.line, one.text.zh) for one in found] == [
        (2, "colours：没有图层“watr”的样式；是否想写“water”？"),
        (5, "colours.water：样式没有类“cor”；是否想写“core”？"),
    ]
    assert found[0].text.en == "colours: there is no style of a layer 'watr' - did you mean 'water'?"
    assert found[1].text.en == "colours.water: the style has no class 'cor' - did you mean 'core'?"


def test_a_table_is_read_with_the_lines_of_its_entries(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(
        f"standard: {{zh: 某标准, en: standard}}\ncolours:\n  water:\n    core: {{fill: '{RED}', outline: '{BLUE}'}}\n",
        encoding="utf-8",
    )
    found = read_palette(path)
    assert found.lines["colours", "water", "core"] == 4
    assert found.palette.standard == Text("某标准", "standard")
    core = found.palette.of_class("water", "core")
    assert core is not None
    assert (core.fill, core.outline, core.fill_opacity) == (RED, BLUE, None)
    assert found.palette.of_class("water", "rim") is found.palette.of_class("roads", "core") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- a\n", "p.yaml:1: a table of keys and values is expected"),
        ("colours: {water: {core: {fill: red}}}\n", "p.yaml:1: colours.water.core.fill: 'red' is no colour; "),
        ("colors: {}\n", "p.yaml:1: unknown key 'colors' - did you mean 'colours'?"),
    ],
)
def test_a_table_with_a_mistake_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    _, en = both(lambda: read_palette(path), ContentError)
    assert sentence in en
