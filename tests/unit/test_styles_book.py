"""The shipped styles: complete, darker towards the core, and without the colours of the decisions."""

from pathlib import Path

import pytest

from zoning.errors import ContentError
from zoning.rules.verdict import DECISIONS
from zoning.styles.stylebook import Stylebook, read_stylebook
from zoning.workspace import Workspace


@pytest.fixture(scope="module")
def shipped(workspace_root: Path) -> Stylebook:
    return read_stylebook(workspace_root / "styles")


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_layer_and_class_of_the_workspace_has_a_style(workspace_root: Path, shipped: Stylebook) -> None:
    catalogue = Workspace.open(workspace_root).catalogue
    assert [text.en for text in shipped.mistakes(catalogue)] == []


def test_protection_is_darker_towards_its_core(shipped: Stylebook) -> None:
    for layer, names in {
        "drinking-water": ("level-1", "level-2", "quasi"),
        "nature-reserves": ("core-protection", "general-control"),
        "ecological-red-line": ("level-1", "level-2"),
    }.items():
        shades = [luminance(shipped.of_class(layer, name).fill) for name in names]
        assert shades == sorted(shades), layer


def test_the_colours_of_the_decisions_are_readable_and_not_used_for_zones(shipped: Stylebook) -> None:
    decisions = {style.colour for style in shipped.outcomes.decisions.values()}
    assert set(shipped.outcomes.decisions) == set(DECISIONS)
    assert len(decisions) == len(DECISIONS)
    for colour in decisions:
        assert (1.05 / (luminance(colour) + 0.05)) >= 4.6, colour
    for layer in shipped.layers.values():
        for style in layer.classes.values():
            assert not decisions & {style.fill, style.outline}, layer.id


def test_every_decision_has_a_badge_and_a_sign_of_its_own(shipped: Stylebook) -> None:
    styles = shipped.outcomes.decisions.values()
    assert len({style.badge for style in styles}) == len({style.sign for style in styles}) == 4


def test_a_layer_without_style_is_drawn_in_the_fallback_under_all_others(shipped: Stylebook) -> None:
    assert shipped.of_class("bird-sites", "core") == shipped.outcomes.fallback
    assert shipped.of_layer("bird-sites").order == 0


def test_a_misspelt_hatch_is_named_with_file_and_line(tmp_path: Path, workspace_root: Path) -> None:
    outcomes = (workspace_root / "styles" / "outcomes.yaml").read_text(encoding="utf-8")
    (tmp_path / "outcomes.yaml").write_text(outcomes, encoding="utf-8")
    lines = [
        "order: 5",
        "classes:",
        '  a: {fill: "#FFFFFF", fill_opacity: 1, outline: "#000000", width: 1, hatch: diagonl}',
        "",
    ]
    (tmp_path / "birds.yaml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_stylebook(tmp_path)
    assert "birds.yaml:3: classes.a.hatch: 'diagonl' is not one of" in caught.value.get("en")
    assert "did you mean 'diagonal'?" in caught.value.get("en")


def test_outcomes_must_name_all_four_decisions(tmp_path: Path, workspace_root: Path) -> None:
    text = (workspace_root / "styles" / "outcomes.yaml").read_text(encoding="utf-8")
    start = text.index("  permitted:")
    (tmp_path / "outcomes.yaml").write_text(text[:start] + text[text.index("site:") :], encoding="utf-8")
    with pytest.raises(ContentError, match="'decisions' lacks 'permitted'"):
        read_stylebook(tmp_path)
