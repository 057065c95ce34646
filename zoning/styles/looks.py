"""How the zones of a layer are drawn: strict models of `styles/*.yaml`."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from zoning.mistakes import Mistake
from zoning.strict_models import Content
from zoning.texts import Text

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
Denominator = Annotated[int, Field(ge=1, le=100_000_000)]
PIXEL_MM = 25.4 / 96
"""One unit of width, spacing and size in a style: 1/96 inch, in millimetres on paper."""


class _Form(Content):
    """What of a class is left in black and white."""

    fill_opacity: Opacity
    width: Width
    hatch: Hatch = "none"
    spacing: Spacing = "normal"
    dash: Dash = "solid"
    legend: Text | None = None


class ClassStyle(_Form):
    """How the zones of one class are drawn.

    `width` is in points of 1/96 inch. Hatch, spacing, dash and width together tell the class without colour; the hatch
    is drawn in the colour of the outline. `legend` is written instead of the title of the class.
    """

    fill: Colour
    outline: Colour


class ClassForm(_Form):
    """A class as a file of `styles/` states it: its colours may stand in the palette instead."""

    fill: Colour | None = None
    outline: Colour | None = None


class ScaleRange(Content):
    """The scales at which something is drawn, both ends included; an end that is left out is open.

    A map of 1:50 000 has the denominator 50 000: `max_denominator` is the coarsest map, `min_denominator` the finest.
    """

    min_denominator: Denominator | None = None
    max_denominator: Denominator | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "ScaleRange":
        low, high = self.min_denominator, self.max_denominator
        if low is not None and high is not None and low > high:
            text = Text(
                f"min_denominator（{low}）大于 max_denominator（{high}），任何比例尺都不会显示；请对调",
                f"min_denominator ({low}) is above max_denominator ({high}), so nothing would ever be drawn: swap them",
            )
            raise Mistake(text, ("min_denominator",))
        return self

    def holds(self, denominator: float) -> bool:
        """Tell whether a map of 1:`denominator` is within the range.

        >>> ScaleRange(max_denominator=50_000).holds(100_000)
        False
        """
        return (self.min_denominator or 0) <= denominator <= (self.max_denominator or float("inf"))


class LabelLook(Content):
    """How the labels of a layer look and at which scales they are written.

    `size` and `halo` (the width of the light rim) are in points of 1/96 inch, as all widths of styles; `colour` is the
    one of the outline of each class where it is left out.
    """

    size: Annotated[float, Field(ge=4, le=60)] = 12
    halo: Annotated[float, Field(ge=0, le=10)] = 1.6
    halo_colour: Colour = "#FFFFFF"
    colour: Colour | None = None
    bold: bool = False
    scale: ScaleRange = ScaleRange()


class _LayerLook(Content):
    id: str
    order: Annotated[int, Field(ge=0, le=999)]
    visible: Visible = "touched"
    label: Literal["none", "name", "code"] = "none"
    label_look: LabelLook = LabelLook()
    scale: ScaleRange = ScaleRange()
    legend: Text | None = None


class LayerStyle(_LayerLook):
    """How one layer is drawn.

    Attributes
    ----------
    order
        Place in the stack; the highest number lies on top.
    visible
        When a map opens with the layer switched on: always; touched by the site; decisive (the decision rests on it);
        or only when the reader asks for it.
    label, label_look
        What is written into the zones (nothing, their name, or their code), how, and from which scale on.
    scale
        Where the layer is drawn at all. A map that leaves a layer out because of it has to say so.
    legend
        Written instead of the title of the layer.
    """

    classes: dict[str, ClassStyle]


class LayerForm(_LayerLook):
    """A file of `styles/`, before the palette gives the colours."""

    classes: dict[str, ClassForm]
