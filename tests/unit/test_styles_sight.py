"""The shipped colours, as they look in black and white and to the red-, green- and blue-blind: measured, not judged."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoning.styles.looks import ClassStyle
from zoning.styles.sight import READABLE, SIGHTS, VISIBLE, Sight, contrast, distance, over
from zoning.styles.stylebook import LayerStyle, Stylebook

COLOURED: tuple[Sight, ...] = ("normal", "protanopia", "deuteranopia", "tritanopia")
HEAVIER = 1.5
"""Lines of the same kind whose widths differ less look alike in black and white."""
APART = 5.0
"""Tints or lines of the same hatch differ by five just noticeable differences (CAM02-UCS) for everyone."""

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


Entry = tuple[LayerStyle, str, ClassStyle]


def areas(stylebook: Stylebook) -> list[Entry]:
    """Return all classes of areas; rivers, which their names tell apart, once."""
    found: dict[tuple[str, str], Entry] = {}
    for layer in stylebook.layers.values():
        for name, style in layer.classes.items():
            if layer.id != "transport":
                found.setdefault((layer.id, "river" if layer.id == "rivers" else name), (layer, name, style))
    return list(found.values())


def hatch(style: ClassStyle) -> tuple[str, str]:
    return (style.hatch, style.spacing if style.hatch != "none" else "")


def title(entry: Entry) -> str:
    return f"{entry[0].id}/{entry[1]}"


# --- the instruments ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "sight", "expected"),
    [
        # By colorspacious 1.1.2 (sRGB1+CVD at severity 100, clipped to the screen; CAM02-UCS), an independent program.
        ("#8C1020", "#A86400", "normal", 29.815),
        ("#8C1020", "#A86400", "tritanopia", 19.439),
        ("#A86400", "#0F7F6B", "protanopia", 20.816),
        ("#8C1020", "#A86400", "deuteranopia", 20.662),
        ("#000000", "#FFFFFF", "normal", 100.024),
        ("#3CFDE6", "#E7078F", "normal", 74.984),
        ("#3CFDE6", "#E7078F", "protanopia", 57.009),
        ("#F1C26B", "#442082", "tritanopia", 63.206),
    ],
)
def test_distances_are_those_of_an_independent_program(one: str, other: str, sight: Sight, expected: float) -> None:
    assert distance(one, other, sight) == pytest.approx(expected, abs=0.005)


def test_contrast_is_that_of_the_standard() -> None:
    # The lightest grey that may stand on white as text is known to be #767676.
    assert contrast("#777777", "#FFFFFF") < READABLE < contrast("#767676", "#FFFFFF")
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)


@given(colours, colours, st.sampled_from(SIGHTS))
def test_a_distance_is_one(one: str, other: str, sight: Sight) -> None:
    assert distance(one, one, sight) == 0
    assert distance(one, other, sight) == distance(other, one, sight) >= 0


@given(st.integers(0, 255), st.sampled_from(COLOURED))
def test_greys_look_the_same_to_everyone(level: int, sight: Sight) -> None:
    grey = f"#{level:02X}{level:02X}{level:02X}"
    assert distance(grey, "#FFFFFF", sight) == pytest.approx(distance(grey, "#FFFFFF"), abs=0.05)


def test_red_and_green_of_the_same_brightness_are_alike_without_red_or_green_receptors() -> None:
    red, green = "#C06B4E", "#8E8A2A"
    assert distance(red, green) > 25
    assert distance(red, green, "deuteranopia") < 12
    assert distance(red, green, "tritanopia") > 15


# --- the verdict ----------------------------------------------------------------------------------------------------


def test_words_in_the_colours_of_the_verdict_are_readable(stylebook: Stylebook) -> None:
    measured = {name: round(contrast(one.colour, "#FFFFFF"), 2) for name, one in stylebook.outcomes.decisions.items()}
    assert measured == {"prohibited": 9.5, "undetermined": 6.85, "restricted": 4.68, "permitted": 4.92}
    assert min(measured.values()) >= READABLE


@pytest.mark.parametrize(
    ("sight", "smallest"), [("normal", 29.8), ("protanopia", 20.8), ("deuteranopia", 20.7), ("tritanopia", 19.4)]
)
def test_the_colours_of_the_verdict_stay_apart(stylebook: Stylebook, sight: Sight, smallest: float) -> None:
    decisions = [one.colour for one in stylebook.outcomes.decisions.values()]
    assert min(distance(a, b, sight) for a, b in combinations(decisions, 2)) == pytest.approx(smallest, abs=0.05)
    assert smallest >= 19


def test_without_colour_the_verdict_is_told_by_shape(stylebook: Stylebook) -> None:
    decisions = stylebook.outcomes.decisions.values()
    greys = [distance(a.colour, b.colour, "grey") for a, b in combinations(decisions, 2)]
    # Restricted and permitted are the same grey: badge and sign have to tell them apart.
    assert min(greys) < 2
    assert len({(one.badge, one.sign) for one in decisions}) == 4


def test_no_zone_has_a_colour_of_the_verdict_for_anyone(stylebook: Stylebook) -> None:
    for entry in areas(stylebook):
        style = entry[2]
        for decision in stylebook.outcomes.decisions.values():
            assert distance(style.outline, decision.colour) >= 3, title(entry)


# --- zones ----------------------------------------------------------------------------------------------------------


def test_outlines_can_be_seen_on_paper_and_on_their_own_tint(stylebook: Stylebook) -> None:
    paper = stylebook.outcomes.paper
    on_paper, on_tint = {}, {}
    for entry in [
        *areas(stylebook),
        *((stylebook.layers["transport"], n, s) for n, s in stylebook.layers["transport"].classes.items()),
    ]:
        style = entry[2]
        on_paper[title(entry)] = contrast(style.outline, paper)
        on_tint[title(entry)] = contrast(style.outline, over(style.fill, style.fill_opacity, paper))
    assert {name: value for name, value in on_paper.items() if value < VISIBLE} == {}
    assert {name: value for name, value in on_tint.items() if value < VISIBLE} == {}
    assert min(on_paper.values()) == pytest.approx(3.07, abs=0.01)
    assert min(on_tint.values()) == pytest.approx(3.04, abs=0.03)


def test_hatches_can_be_seen_on_their_tint(stylebook: Stylebook) -> None:
    measured = {}
    for entry in areas(stylebook):
        style = entry[2]
        tint = over(style.fill, style.fill_opacity, stylebook.outcomes.paper)
        if style.hatch != "none":
            measured[title(entry)] = contrast(over(style.outline, 0.45, tint), tint)
    assert {name: value for name, value in measured.items() if value < 1.5} == {}


def same_print(one: Entry, other: Entry) -> bool:
    """Tell whether hatch, spacing, dash and label leave two classes alike; weight counts where there is no hatch."""
    a, b = one[2], other[2]
    if (hatch(a), a.dash, one[0].label) != (hatch(b), b.dash, other[0].label):
        return False
    low, high = sorted((a.width, b.width))
    return a.hatch != "none" or high / low < HEAVIER


def test_in_black_and_white_no_two_classes_look_alike(stylebook: Stylebook) -> None:
    pairs = list(combinations(areas(stylebook), 2))
    assert len(pairs) > 2_500
    assert [(title(a), title(b)) for a, b in pairs if same_print(a, b)] == []


def test_the_tests_of_black_and_white_can_fail(stylebook: Stylebook) -> None:
    entry = areas(stylebook)[0]
    assert same_print(entry, (entry[0], "twin", entry[2].model_copy(update={"fill": "#000000", "outline": "#FF0000"})))


def colour_distance(one: ClassStyle, other: ClassStyle, paper: str, sight: Sight) -> float:
    """Return the larger of the distances of tints and of outlines."""
    below, above = (over(style.fill, style.fill_opacity, paper) for style in (one, other))
    return max(distance(below, above, sight), distance(one.outline, other.outline, sight))


@pytest.mark.parametrize(
    ("sight", "smallest"), [("normal", 7.14), ("protanopia", 5.78), ("deuteranopia", 5.01), ("tritanopia", 5.41)]
)
def test_classes_of_the_same_hatch_differ_in_colour_for_everyone(
    stylebook: Stylebook, sight: Sight, smallest: float
) -> None:
    alike = [(a, b) for a, b in combinations(areas(stylebook), 2) if hatch(a[2]) == hatch(b[2])]
    assert len(alike) > 150
    measured = {(title(a), title(b)): colour_distance(a[2], b[2], stylebook.outcomes.paper, sight) for a, b in alike}
    assert {pair: round(value, 2) for pair, value in measured.items() if value < APART} == {}
    assert min(measured.values()) == pytest.approx(smallest, abs=0.01)


def test_lines_are_told_apart_by_dash_or_weight(stylebook: Stylebook) -> None:
    lines = list(stylebook.layers["transport"].classes.values())
    for one, other in combinations(lines, 2):
        low, high = sorted((one.width, other.width))
        assert one.dash != other.dash or high / low >= HEAVIER
