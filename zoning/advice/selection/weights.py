"""What counts how much: `--weights`, a YAML file. All figures are the user's; the defaults are the product's.

slope: {weight: 2, worst: 25}                       # degrees that count nothing
road_distance: {weight: 2, worst: 3000, layer: transport, classes: [expressway, main-road, scenic-road]}
farmland: {weight: 2, layer: farmland-quality}      # share of the place on zones of the layer
restrictions: {weight: 1, worst: 5}                 # rules that restrict there
questions: {weight: 1, worst: 5}                    # rules that could still prohibit there
"""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field

from zoning.layers.catalogue import Catalogue
from zoning.mistakes import Mistake
from zoning.strict_models import Content
from zoning.texts import Text

CriterionName = Literal["slope", "road_distance", "farmland", "restrictions", "questions"]
CRITERIA: tuple[CriterionName, ...] = get_args(CriterionName)

TITLES: dict[CriterionName, Text] = {
    "slope": Text("平均坡度（°）", "mean slope (°)"),
    "road_distance": Text("距道路（m）", "distance to road (m)"),
    "farmland": Text("占耕地比例", "share on farmland"),
    "restrictions": Text("限制性规则（条）", "restricting rules"),
    "questions": Text("待确认的禁止规则（条）", "rules that could prohibit"),
}


def _number(value: object) -> object:
    # The strict reader leaves every scalar as text.
    if not isinstance(value, str):
        return value
    try:
        return float(value)
    except ValueError as error:
        raise Mistake(Text(f"“{value}”不是数", f"'{value}' is no number")) from error


Number = Annotated[float, BeforeValidator(_number), Field(ge=0, le=1e6, allow_inf_nan=False)]
Positive = Annotated[float, BeforeValidator(_number), Field(gt=0, le=1e6, allow_inf_nan=False)]


class Limited(Content):
    """A weight, and the value from which on the criterion counts nothing."""

    weight: Number = 1.0
    worst: Positive


class LayerShare(Content):
    """A weight, and the layer whose zones are to be avoided."""

    weight: Number = 2.0
    layer: str = "farmland-quality"
    classes: tuple[str, ...] = ()


class Road(Content):
    """A weight, the distance that counts nothing, which lines are roads, and how far a place keeps off them (m)."""

    weight: Number = 2.0
    worst: Positive = 3_000.0
    keep_off: Number = 10.0
    layer: str = "transport"
    classes: tuple[str, ...] = ()


class Weights(Content):
    """All criteria; a weight of 0 takes one out."""

    slope: Limited = Limited(weight=2.0, worst=25.0)
    road_distance: Road = Road()
    farmland: LayerShare = LayerShare()
    restrictions: Limited = Limited(worst=5.0)
    questions: Limited = Limited(worst=5.0)

    def of(self, name: CriterionName) -> float:
        """Return the weight of a criterion."""
        return float(getattr(self, name).weight)

    def worst(self, name: CriterionName) -> float:
        """Return the value from which on a criterion counts nothing."""
        return float(getattr(getattr(self, name), "worst", 1.0))

    def mistakes(self, catalogue: Catalogue) -> Iterator[Text]:
        """Yield what does not fit the layers of a workspace; a layer that is not there at all is no data, and said."""
        for part in (self.road_distance, self.farmland):
            layer = catalogue.layers.get(part.layer)
            for name in part.classes if layer else ():
                if layer is not None and name not in layer.classes:
                    allowed = ", ".join(layer.classes)
                    yield Text(
                        f"图层 {part.layer} 没有类别“{name}”；可用：{allowed}",
                        f"layer {part.layer} has no class '{name}'; allowed: {allowed}",
                    )
        if not any(self.of(name) for name in CRITERIA):
            yield Text("至少一项权重须大于 0", "at least one weight must be more than 0")
