"""Drawings of what belongs to no layer, ranges of scales, and colours that have to be read."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from zoning.errors import ContentError
from zoning.rules.verdict import Decision
from zoning.styles.drawing import (
    Category,
    Drawing,
    Fields,
    HatchFill,
    Outline,
    Tint,
    class_parts,
    frame_drawing,
    layer_drawing,
    outside_drawing,
    site_drawing,
    source_drawing,
    uncovered_drawing,
    verdict_drawing,
)
from zoning.styles.looks import ClassStyle, LabelLook, ScaleRange
from zoning.styles.palette import read_palette
from zoning.styles.sight import READABLE, contrast, over, readable
from zoning.styles.stylebook import LayerStyle, Stylebook, read_stylebook
from zoning.workspace import Workspace

PLAIN = ClassStyle(fill="#AABBCC", fill_opacity=0.5, outline="#112233", width=1.5)
HATCHED = PLAIN.model_copy(update={"hatch": "cross", "dash": "dashed"})


# --- parts of a class -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "geometry", "kinds"),
    [
        ({}, "polygon", [Tint, Outline]),
        ({"fill_opacity": 0}, "polygon", [Outline]),
        ({"fill_opacity": 0.01}, "polygon", [Tint, Outline]),
        ({"hatch": "dots"}, "polygon", [Tint, HatchFill, Outline]),
        ({"hatch": "dots", "fill_opacity": 0}, "polygon", [HatchFill, Outline]),
        ({"hatch": "dots"}, "line", [Outline]),
    ],
)
def test_a_class_is_drawn_from_below(changes: dict[str, Any], geometry: Any, kinds: list[type]) -> None:
    assert [type(part) for part in class_parts(PLAIN.model_copy(update=changes), geometry)] == kinds


def test_the_hatch_is_drawn_in_the_colour_of_the_outline() -> None:
    tint, hatch, outline = class_parts(HATCHED, "polygon")
    assert tint == Tint("#AABBCC", 0.5)
    assert isinstance(hatch, HatchFill)
    assert (hatch.colour, hatch.opacity) == ("#112233", 0.45)
    assert outline == Outline("#112233", 1.5, (6.0, 3.0))


@pytest.mark.parametrize(
    ("parts", "ink"),
    [
        ((), "#111111"),
        ((Tint("#AABBCC", 1),), "#111111"),
        ((Outline("#FFFFFF", 4), Outline("#000080", 1)), "#000080"),
        ((Outline("#000080", 1), Tint("#AABBCC", 1)), "#000080"),
    ],
)
def test_labels_are_written_in_the_colour_of_the_outermost_line(parts: Any, ink: str) -> None:
    assert Category((), "", parts).ink == ink


@pytest.mark.parametrize(
    ("field", "values", "kind"),
    [
        (None, [()], "single"),
        ("class", [("a",), ("b",)], "categorized"),
        ("class", [("a",), ()], "categorized"),
        ("class", [("a",), ("b", "c")], "rules"),
        ("class", [], "categorized"),
    ],
)
def test_how_rows_are_told_apart(field: str | None, values: list[tuple[str, ...]], kind: str) -> None:
    assert Drawing("", "polygon", field, tuple(Category(one, "", ()) for one in values)).kind == kind


# --- drawings of layers ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(stylebook: Stylebook) -> Stylebook:
    look = LayerStyle(
        id="drinking-water",
        order=3,
        label="name",
        label_look=LabelLook(bold=True),
        scale=ScaleRange(max_denominator=50_000),
        classes={"level-1": PLAIN, "level-2": HATCHED, "quasi": PLAIN},
    )
    return Stylebook({**stylebook.layers, "drinking-water": look}, stylebook.outcomes)


FIELDS = Fields("class", "zone_id", "zone_name")


@pytest.mark.parametrize(
    ("label", "column"),
    [(None, "zone_name"), ("name", "zone_name"), ("code", "zone_id"), ("none", None)],
)
def test_what_is_written_into_zones(workspace: Workspace, book: Stylebook, label: Any, column: str | None) -> None:
    drawn = layer_drawing(workspace.catalogue["drinking-water"], book, "zh", FIELDS, label=label)
    assert (drawn.labels.field if drawn.labels else None) == column
    assert drawn.labels is None or drawn.labels.look.bold


def test_only_wanted_classes_get_an_entry_in_the_order_of_the_layer(workspace: Workspace, book: Stylebook) -> None:
    layer = workspace.catalogue["drinking-water"]
    drawn = layer_drawing(layer, book, "zh", FIELDS, classes=["quasi", "no-such", "level-1"])
    assert [(one.values, one.title) for one in drawn.categories] == [
        (("level-1",), "一级保护区"),
        (("quasi",), "准保护区"),
    ]
    assert drawn.scale == ScaleRange(max_denominator=50_000)
    assert [one.values for one in layer_drawing(layer, book, "en", FIELDS).categories] == [
        ("level-1",),
        ("level-2",),
        ("quasi",),
    ]
    assert layer_drawing(layer, book, "en", FIELDS, classes=[]).categories == ()


def test_a_code_that_nobody_knows_is_drawn_in_the_fallback(workspace: Workspace, book: Stylebook) -> None:
    drawn = source_drawing(workspace.catalogue["drinking-water"], book, "zh")
    *known, others = drawn.categories
    assert all(one.values for one in known)
    assert (others.values, others.title) == ((), "类别未知")
    assert others.parts == class_parts(book.outcomes.fallback, "polygon")


def test_a_file_without_a_class_field_has_no_others(workspace: Workspace, book: Stylebook) -> None:
    layer = workspace.catalogue["no-coal-zones"]
    alone = layer.model_copy(update={"class_field": None})
    drawn = source_drawing(alone, book, "en")
    assert drawn.field is None
    assert [one.values for one in drawn.categories] == [()]


# --- drawings of a verdict ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_decisions_are_drawn_strictest_first(stylebook: Stylebook, language: Any) -> None:
    drawn = verdict_drawing(stylebook.outcomes, language, field="decision", title="结论")
    assert [one.values for one in drawn.categories] == [
        ("prohibited",),
        ("undetermined",),
        ("restricted",),
        ("permitted",),
    ]
    words = {"zh": ["判定不通过", "待补充信息", "受限准入", "判定通过"]}
    if language in words:
        assert [one.title for one in drawn.categories] == words[language]


def test_decisions_that_do_not_occur_get_no_entry(stylebook: Stylebook) -> None:
    wanted: tuple[Decision, ...] = ("permitted", "prohibited")
    drawn = verdict_drawing(stylebook.outcomes, "zh", field="d", title="", decisions=wanted)
    assert [one.values for one in drawn.categories] == [("prohibited",), ("permitted",)]


@pytest.mark.parametrize(
    ("geometry", "veil", "kinds"),
    [
        ("polygon", False, [Tint, Outline]),
        ("polygon", True, [Tint, Tint, Outline]),
        ("line", False, [Outline]),
        ("line", True, [Outline]),
    ],
)
def test_paper_is_laid_under_a_conflict_where_it_is_wanted(
    stylebook: Stylebook, geometry: Any, *, veil: bool, kinds: list[type]
) -> None:
    outcomes = stylebook.outcomes
    drawn = verdict_drawing(outcomes, "zh", field="d", title="", geometry=geometry, veil=veil)
    first = drawn.categories[0]
    assert [type(part) for part in first.parts] == kinds
    assert first.parts[-1] == Outline(outcomes.decisions["prohibited"].colour, outcomes.conflict.width)
    if veil and geometry == "polygon":
        assert first.parts[0] == Tint(outcomes.paper, outcomes.conflict.veil)


def test_rows_that_hold_no_decision_come_last_in_the_fallback(stylebook: Stylebook) -> None:
    last = verdict_drawing(stylebook.outcomes, "zh", field="d", title="", others="未能研判").categories[-1]
    assert last == Category((), "未能研判", class_parts(stylebook.outcomes.fallback, "polygon"))


def test_a_site_is_a_dark_line_on_a_light_casing(stylebook: Stylebook) -> None:
    site = stylebook.outcomes.site
    (only,) = site_drawing(stylebook.outcomes, "地块").categories
    assert only.parts == (Outline(site.casing, site.casing_width), Outline(site.outline, site.width))
    assert site.casing_width > site.width


def test_land_of_which_a_layer_says_nothing_has_a_hatch(stylebook: Stylebook) -> None:
    (only,) = uncovered_drawing(stylebook.outcomes, "未覆盖").categories
    assert any(isinstance(part, HatchFill) for part in only.parts)


def test_land_around_a_map_is_paper_with_a_faint_hatch_and_no_line(stylebook: Stylebook) -> None:
    drawn = outside_drawing(stylebook.outcomes, "图外")
    (only,) = drawn.categories
    paper, hatch = only.parts
    (loud,) = [part for part in class_parts(stylebook.outcomes.uncovered, "polygon") if isinstance(part, HatchFill)]
    assert isinstance(paper, Tint)
    assert (paper.colour, drawn.field, only.title) == (stylebook.outcomes.paper, None, "图外")
    assert isinstance(hatch, HatchFill)
    assert hatch.parts == loud.parts
    assert 0 < hatch.opacity < loud.opacity


def test_the_frame_is_the_line_of_the_territory_without_fill(stylebook: Stylebook) -> None:
    look = next(iter(stylebook.of_layer("territory").classes.values()))
    (only,) = frame_drawing(stylebook, "县界").categories
    (line,) = only.parts
    assert isinstance(line, Outline)
    assert (line.colour, line.width) == (look.outline, look.width)


def test_a_workspace_without_a_style_of_its_territory_has_a_frame_all_the_same(stylebook: Stylebook) -> None:
    bare = Stylebook({}, stylebook.outcomes)
    (line,) = frame_drawing(bare, "县界").categories[0].parts
    assert isinstance(line, Outline)
    assert line.colour == stylebook.outcomes.fallback.outline


# --- ranges and colours ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "denominator", "held"),
    [
        (None, None, 1, True),
        (None, None, 1e9, True),
        (500, None, 499.9, False),
        (500, None, 500, True),
        (None, 50_000, 50_000, True),
        (None, 50_000, 50_000.1, False),
        (500, 500, 500, True),
        (500, 50_000, 2_000, True),
        (1, None, 0.5, False),
        (None, 1, 0.5, True),
    ],
)
def test_both_ends_of_a_range_of_scales_are_in_it(
    low: int | None, high: int | None, denominator: float, *, held: bool
) -> None:
    assert ScaleRange(min_denominator=low, max_denominator=high).holds(denominator) is held


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fill", "#aabbcc"),
        ("fill", "AABBCC"),
        ("fill", "#AABBC"),
        ("fill_opacity", 1.01),
        ("fill_opacity", -0.01),
        ("width", 0),
        ("width", 6.1),
        ("hatch", "wavy"),
        ("dash", ""),
        ("colour", "#AABBCC"),
    ],
)
def test_looks_that_cannot_be_drawn_are_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        ClassStyle(**{**PLAIN.model_dump(), field: value})


@pytest.mark.parametrize(("field", "value"), [("fill_opacity", 0), ("fill_opacity", 1), ("width", 6), ("width", 0.1)])
def test_the_ends_of_what_can_be_drawn(field: str, value: float) -> None:
    assert getattr(ClassStyle(**{**PLAIN.model_dump(), field: value}), field) == value


@pytest.mark.parametrize("colour", ["#143F75", "#767676", "#000000"])
def test_a_colour_that_can_be_read_stays(colour: str) -> None:
    assert readable(colour) == colour


@pytest.mark.parametrize("colour", ["#777777", "#C9A94A", "#FFFFFF", "#FFFF00"])
def test_a_colour_that_cannot_be_read_is_darkened_as_little_as_needed(colour: str) -> None:
    found = readable(colour)
    step = next(number for number in range(51) if over("#000000", number / 50, colour) == found)
    assert contrast(found, "#FFFFFF") >= READABLE > contrast(over("#000000", (step - 1) / 50, colour), "#FFFFFF")


def test_on_a_ground_too_dark_for_any_text_black_is_the_best() -> None:
    assert readable("#C9A94A", "#444444") == "#000000"


@pytest.mark.parametrize(("opacity", "seen"), [(0, "#102030"), (1, "#C86432"), (0.5, "#6C4231"), (0.25, "#3E3130")])
def test_a_tint_on_a_ground(opacity: float, seen: str) -> None:
    """Red at a half: (200 + 16) / 2 = 108 = 6C; green (100 + 32) / 2 = 66 = 42; blue (50 + 48) / 2 = 49 = 31."""
    assert over("#C86432", opacity, "#102030") == seen


@pytest.mark.parametrize("name", ["palette.yaml", "birds.yaml"])
def test_a_file_that_is_no_table_is_named_with_its_first_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("\n- a\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_palette(path) if name == "palette.yaml" else read_stylebook(tmp_path)
    assert caught.value.get("zh") == f"{path.as_posix()}:1：应为键值表"
    assert caught.value.get("en") == f"{path.as_posix()}:1: a table of keys and values is expected"
