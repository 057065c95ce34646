"""The book of all styles: strict models of `styles/*.yaml`, the palette, and what belongs to the verdict."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import model_validator

from zoning.layers.catalogue import Catalogue
from zoning.mistakes import Mistake
from zoning.rules.verdict import DECISIONS, Decision
from zoning.strict_models import Content
from zoning.styles.looks import (
    ClassStyle,
    Colour,
    Dash,
    Hatch,
    LabelLook,
    LayerForm,
    LayerStyle,
    Opacity,
    ScaleRange,
    Spacing,
    Visible,
    Width,
)
from zoning.styles.palette import Palette, PaletteFile, coloured, read_palette, without_colour
from zoning.styles.sight import READABLE, contrast
from zoning.texts import Text
from zoning.yaml_files import Problem, YamlFile, content_error, load, read_model, validate

__all__ = [
    "ClassStyle",
    "Colour",
    "ConflictStyle",
    "Dash",
    "DecisionStyle",
    "Hatch",
    "LabelLook",
    "LayerStyle",
    "Opacity",
    "Outcomes",
    "ScaleRange",
    "SiteStyle",
    "Spacing",
    "Stylebook",
    "Visible",
    "Width",
    "read_stylebook",
]

OUTCOMES = "outcomes"
PALETTE = "palette"
STANDARD = "standard-palette"
_WHITE = "#FFFFFF"
_MADE = ("advice", "bank-distances")
"""Layers that no workspace holds: maps make them themselves."""


class DecisionStyle(Content):
    """Colour, word and drawn sign of a decision; both paths stand in a box of 24 x 24 units."""

    word: Text
    colour: Colour
    badge: str
    sign: str

    @model_validator(mode="after")
    def _readable(self) -> "DecisionStyle":
        found = contrast(self.colour, _WHITE)
        if found < READABLE:
            text = Text(
                f"{self.colour} 在白底上的对比度为 {found:.2f}，小于 {READABLE}，字看不清；请选深一些的颜色",
                f"{self.colour} on white has a contrast of {found:.2f}, below {READABLE}: choose a darker colour",
            )
            raise Mistake(text, ("colour",))
        return self


class SiteStyle(Content):
    """The outline of the site: a line with a light casing, without fill."""

    outline: Colour
    width: Width
    casing: Colour
    casing_width: Width


class ConflictStyle(Content):
    """The part of the site that a decision rests on; its colour is the one of the decision.

    `veil` is the opacity of the paper laid over the zones beneath it.
    """

    fill_opacity: Opacity
    veil: Opacity
    width: Width


class Outcomes(Content):
    """What belongs to the verdict and not to a layer, and the look of layers that have no style of their own.

    `uncovered` is the look of land of which a layer says nothing: it must never look like land that is free.
    """

    marking: Text
    paper: Colour
    decisions: dict[Decision, DecisionStyle]
    site: SiteStyle
    conflict: ConflictStyle
    fallback: ClassStyle
    uncovered: ClassStyle = ClassStyle(
        fill="#FFFFFF", fill_opacity=0, outline="#6B675F", width=1, hatch="cross-plus", spacing="wide", dash="long"
    )

    @model_validator(mode="after")
    def _complete(self) -> "Outcomes":
        lacking = [name for name in DECISIONS if name not in self.decisions]
        if lacking:
            text = Text(f"缺少结论等级“{lacking[0]}”，请补上", f"'decisions' lacks '{lacking[0]}': add it")
            raise Mistake(text, ("decisions",))
        return self


@dataclass(frozen=True, slots=True)
class Stylebook:
    """All styles of a workspace.

    Attributes
    ----------
    standard
        The drawing standard that the palette follows; None for colours of our own.
    regulated
        (layer, class) whose colours are those of the standard.
    plain
        What is said of colours that follow no standard; `outcomes.marking` is what holds for the whole book.
    """

    layers: dict[str, LayerStyle]
    outcomes: Outcomes
    standard: Text | None = None
    regulated: frozenset[tuple[str, str]] = frozenset()
    plain: Text | None = None

    def of_layer(self, layer_id: str) -> LayerStyle:
        """Return the style of a layer; one without a style of its own is drawn in the fallback, under all others."""
        return self.layers.get(layer_id) or LayerStyle(id=layer_id, order=0, classes={})

    def has_style(self, layer_id: str, class_id: str) -> bool:
        """Tell whether a class has a style of its own."""
        return class_id in self.of_layer(layer_id).classes

    def of_class(self, layer_id: str, class_id: str) -> ClassStyle:
        """Return the style of a class, the fallback where there is none."""
        return self.of_layer(layer_id).classes.get(class_id, self.outcomes.fallback)

    def marking_of(self, drawn: Iterable[tuple[str, str]]) -> Text:
        """Return what a map says of its colours: which standard they follow, wholly or in part, or that they do not.

        Parameters
        ----------
        drawn
            (layer, class) of the map; where the map draws none, all of the book count.
        """
        shown = set(drawn) or {(layer.id, name) for layer in self.layers.values() for name in layer.classes}
        return _marking(self.plain or self.outcomes.marking, self.standard, shown, self.regulated)

    def mistakes(self, catalogue: Catalogue) -> list[Text]:
        """Return what does not fit the layers: styles for nothing, and classes without a style."""
        found = [_no_layer(name) for name in self.layers if name not in catalogue.layers and name not in _MADE]
        for layer in catalogue.layers.values():
            styled = self.of_layer(layer.id).classes
            found.extend(_no_class(layer.id, name) for name in styled if name not in layer.classes)
            found.extend(_no_style(layer.id, name) for name in layer.classes if name not in styled)
        return found


def _marking(
    plain: Text, standard: Text | None, shown: set[tuple[str, str]], regulated: frozenset[tuple[str, str]]
) -> Text:
    if standard is None or not shown & regulated:
        return plain
    if shown <= regulated:
        return Text(f"配色依据{standard.zh}", f"colours after {standard.en}")
    return Text(f"部分配色依据{standard.zh}，其余{plain.zh}", f"colours partly after {standard.en}; others: {plain.en}")


def _no_layer(layer_id: str) -> Text:
    return Text(f"styles/{layer_id}.yaml：没有这个图层", f"styles/{layer_id}.yaml: there is no such layer")


def _no_class(layer_id: str, name: str) -> Text:
    file = f"styles/{layer_id}.yaml"
    return Text(f"{file}：图层没有类“{name}”", f"{file}: the layer has no class '{name}'")


def _no_style(layer_id: str, name: str) -> Text:
    file = f"styles/{layer_id}.yaml"
    return Text(f"{file}：类“{name}”没有样式", f"{file}: the class '{name}' has no style")


def read_stylebook(folder: Path, *, outcomes: Path | None = None, palette: Path | None = None) -> Stylebook:
    """Read `styles/`: one file per layer, its stem is the id of the layer; the palettes; `outcomes.yaml`.

    Colours: the table of a standard wins over `palette.yaml`, and that over what stands in the file of a layer.

    Parameters
    ----------
    outcomes
        Read instead of `outcomes.yaml`.
    palette
        The table of a drawing standard, instead of `standard-palette.yaml` (which need not exist).

    Raises
    ------
    ContentError
        With every mistake of the first file that has one, of all palettes, or of all classes without a colour.
    """
    paths = [path for path in sorted(folder.glob("*.yaml")) if path.stem not in (OUTCOMES, PALETTE, STANDARD)]
    forms = {path.stem: _read_form(path) for path in paths}
    table = palette if palette is not None else folder / f"{STANDARD}.yaml"
    wanted = [path for path in (table, folder / f"{PALETTE}.yaml") if path == palette or path.is_file()]
    palettes = [read_palette(path) for path in wanted]
    layers = _coloured(forms, palettes)
    regulated = next((file.palette for file in palettes if file.palette.standard is not None), Palette())
    known = frozenset((layer, name) for layer, classes in regulated.colours.items() for name in classes)
    found = read_model(outcomes or folder / f"{OUTCOMES}.yaml", Outcomes)
    book = Stylebook(layers, found, regulated.standard, known, found.marking)
    return replace(book, outcomes=found.model_copy(update={"marking": book.marking_of(())}))


def _read_form(path: Path) -> tuple[YamlFile, LayerForm]:
    file = load(path)
    if not isinstance(file.value, dict):
        raise content_error([Problem(path, 1, Text("应为键值表", "a table of keys and values is expected"))])
    return file, validate(file, LayerForm, {**file.value, "id": path.stem})


def _coloured(forms: dict[str, tuple[YamlFile, LayerForm]], palettes: list[PaletteFile]) -> dict[str, LayerStyle]:
    plain = {name: form for name, (_, form) in forms.items()}
    problems = [problem for palette in palettes for problem in palette.unknown(plain)]
    layers: dict[str, LayerStyle] = {}
    for name, (file, form) in forms.items():
        style, lacking = coloured(form, tuple(palette.palette for palette in palettes))
        problems.extend(without_colour(file.path, file.lines, lacking))
        if style is not None:
            layers[name] = style
    if problems:
        raise content_error(problems)
    return layers
