"""How zones and verdicts are drawn: strict models of `styles/*.yaml`, and the book of all of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zoning.layers.catalogue import Catalogue
from zoning.mistakes import Mistake
from zoning.rules.verdict import DECISIONS, Decision
from zoning.texts import Text
from zoning.yaml_files import read_model

Colour = Annotated[str, Field(pattern=r"^#[0-9A-F]{6}$")]
Hatch = Literal[
    "none",
    "diagonal",
    "back-diagonal",
    "cross",
    "dots",
    "vertical",
    "horizontal",
    "dense-horizontal",
    "cross-plus",
]
Spacing = Literal["dense", "normal", "wide"]
Dash = Literal["solid", "dashed", "long", "dotted", "dash-dot", "dash-dot-dot"]
Visible = Literal["always", "touched", "decisive", "asked"]
Opacity = Annotated[float, Field(ge=0, le=1)]
Width = Annotated[float, Field(gt=0, le=6)]
OUTCOMES = "outcomes"


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClassStyle(_Content):
    """How the zones of one class are drawn.

    `width` is in points of 1/96 inch. Hatch, spacing, dash and width together tell the class without colour; the hatch
    is drawn in the colour of the outline.
    """

    fill: Colour
    fill_opacity: Opacity
    outline: Colour
    width: Width
    hatch: Hatch = "none"
    spacing: Spacing = "normal"
    dash: Dash = "solid"


class LayerStyle(_Content):
    """How one layer is drawn.

    Attributes
    ----------
    order
        Place in the stack; the highest number lies on top.
    visible
        When a map opens with the layer switched on: always; touched by the site; decisive (the decision rests on it);
        or only when the reader asks for it.
    label
        What is written into the zones: nothing, their name, or their code.
    """

    id: str
    order: Annotated[int, Field(ge=0, le=999)]
    visible: Visible = "touched"
    label: Literal["none", "name", "code"] = "none"
    classes: dict[str, ClassStyle]


class DecisionStyle(_Content):
    """Colour, word and drawn sign of a decision; both paths stand in a box of 24 x 24 units."""

    word: Text
    colour: Colour
    badge: str
    sign: str


class SiteStyle(_Content):
    """The outline of the site: a line with a light casing, without fill."""

    outline: Colour
    width: Width
    casing: Colour
    casing_width: Width


class ConflictStyle(_Content):
    """The part of the site that a decision rests on; its colour is the one of the decision.

    `veil` is the opacity of the paper laid over the zones beneath it.
    """

    fill_opacity: Opacity
    veil: Opacity
    width: Width


class Outcomes(_Content):
    """What belongs to the verdict and not to a layer, and the look of layers that have no style of their own."""

    marking: Text
    paper: Colour
    decisions: dict[Decision, DecisionStyle]
    site: SiteStyle
    conflict: ConflictStyle
    fallback: ClassStyle

    @model_validator(mode="after")
    def _complete(self) -> "Outcomes":
        lacking = [name for name in DECISIONS if name not in self.decisions]
        if lacking:
            text = Text(f"缺少结论等级“{lacking[0]}”，请补上", f"'decisions' lacks '{lacking[0]}': add it")
            raise Mistake(text, ("decisions",))
        return self


@dataclass(frozen=True, slots=True)
class Stylebook:
    """All styles of a workspace."""

    layers: dict[str, LayerStyle]
    outcomes: Outcomes

    def of_layer(self, layer_id: str) -> LayerStyle:
        """Return the style of a layer; one without a style of its own is drawn in the fallback, under all others."""
        return self.layers.get(layer_id) or LayerStyle(id=layer_id, order=0, classes={})

    def has_style(self, layer_id: str, class_id: str) -> bool:
        """Tell whether a class has a style of its own."""
        return class_id in self.of_layer(layer_id).classes

    def of_class(self, layer_id: str, class_id: str) -> ClassStyle:
        """Return the style of a class, the fallback where there is none."""
        return self.of_layer(layer_id).classes.get(class_id, self.outcomes.fallback)

    def mistakes(self, catalogue: Catalogue) -> list[Text]:
        """Return what does not fit the layers: styles for nothing, and classes without a style."""
        found = [_no_layer(name) for name in self.layers if name not in catalogue.layers]
        for layer in catalogue.layers.values():
            styled = self.of_layer(layer.id).classes
            found.extend(_no_class(layer.id, name) for name in styled if name not in layer.classes)
            found.extend(_no_style(layer.id, name) for name in layer.classes if name not in styled)
        return found


def _no_layer(layer_id: str) -> Text:
    return Text(f"styles/{layer_id}.yaml：没有这个图层", f"styles/{layer_id}.yaml: there is no such layer")


def _no_class(layer_id: str, name: str) -> Text:
    file = f"styles/{layer_id}.yaml"
    return Text(f"{file}：图层没有类“{name}”", f"{file}: the layer has no class '{name}'")


def _no_style(layer_id: str, name: str) -> Text:
    file = f"styles/{layer_id}.yaml"
    return Text(f"{file}：类“{name}”没有样式", f"{file}: the class '{name}' has no style")


def read_stylebook(folder: Path, *, outcomes: Path | None = None) -> Stylebook:
    """Read `styles/`: one file per layer, its stem is the id of the layer, and `outcomes.yaml` (or the given file).

    Raises
    ------
    ContentError
        With every mistake of the first file that has one.
    """
    layers = {
        path.stem: read_model(path, LayerStyle, id=path.stem)
        for path in sorted(folder.glob("*.yaml"))
        if path.stem != OUTCOMES
    }
    return Stylebook(layers, read_model(outcomes or folder / f"{OUTCOMES}.yaml", Outcomes))
