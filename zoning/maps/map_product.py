"""A map that an office makes again and again: the strict model of `maps/products/*.yaml`. A new one needs no code."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from zoning.layers.catalogue import Catalogue
from zoning.maps.product import Relief
from zoning.mistakes import Mistake
from zoning.quantities import Length
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model

PaperSize = Literal["A4", "A3", "A2", "A1"]
Orientation = Literal["portrait", "landscape", "fit"]
Table = Literal["class_totals", "zones", "verdict", "contacts"]


class LayerChoice(Content):
    """One layer of a product.

    `classes`: only these (all where it is left out); `attributes`: shown in the table of zones and on a click (all
    where it is left out, none where the list is empty), as far as the audience may see them; `label`: instead of the
    label of the style; `title`: what a map calls the layer where the workspace has none of this name, and says that its
    data are missing; `listed`: whether its zones are in the table of zones, which is about the subject of a map and not
    its background.
    """

    layer: str
    title: Text | None = None
    classes: tuple[str, ...] = ()
    attributes: tuple[str, ...] | None = None
    label: Literal["none", "name", "code"] | None = None
    listed: bool = True


class Paper(Content):
    """The sheet of paper.

    `scale` is the denominator, or `fit`: the largest of the usual scales (1, 1.25, 1.5, 2, 2.5, 3 ... times a power of
    ten) at which the frame with its margin fits. `grid`: Gauss-Krüger kilometres, or degrees and minutes.
    """

    size: PaperSize = "A3"
    orientation: Orientation = "fit"
    scale: Annotated[int, Field(ge=500, le=5_000_000)] | Literal["fit"] = "fit"
    grid: Literal["gauss-kruger", "graticule", "none"] = "gauss-kruger"
    inset: bool = True


class Strip(Content):
    """A map along a river: the layer of its zones, and how far from the banks it looks.

    `banks` are the distances at which a line is drawn; rivers shorter than `least` are drawn only when they are asked
    for by name. A PDF has an index page and a page for each `section` of the strip, which is at most so long and wide;
    one page for all where it is left out. `contacts` is a table of the workspace (CSV, under `maps/`) of the people and
    offices in charge, one row each, with the name or id of its river in the column `river`.
    """

    layer: str
    distance: Length
    banks: tuple[Length, ...] = ()
    least: Length = 0.0
    section: Annotated[Length, Field(gt=0)] | None = None
    contacts: str | None = None


class MapProduct(Content):
    """What one kind of map shows, for whom, and on what paper.

    Attributes
    ----------
    of
        What a map is made of: one per site, per territory, per river of `strip.layer`, or per advice.
    layers
        In any order (styles say what lies on top); empty: all of the workspace.
    audience
        `public`: only layers and attributes that are marked as public, whatever is listed here.
    tables
        Beside or under the map: totals per class, the list of zones, the verdict, contacts.
    """

    id: str
    folder: Path
    title: Text
    of: Literal["site", "territory", "strip", "advice"]
    layers: tuple[LayerChoice, ...] = ()
    audience: Literal["office", "public"] = "office"
    margin: Annotated[float, Field(ge=0, le=20)] = 0.04
    paper: Paper = Paper()
    relief: Relief | None = None
    tables: tuple[Table, ...] = ()
    strip: Strip | None = None
    notes: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "MapProduct":
        if (self.of == "strip") != (self.strip is not None):
            text = Text(
                "of: strip 的产品须写 strip（沿哪个图层、多远），其他产品不写",
                "a product with 'of: strip' says in 'strip' along what and how far, and no other one does",
            )
            raise Mistake(text, ("strip",) if self.strip is not None else ("of",))
        if self.of in ("site", "advice") and self.audience == "public":
            text = Text(
                "项目地块的图不能面向公众：研判结论不公开", "a map of a site cannot be public: verdicts are not"
            )
            raise Mistake(text, ("audience",))
        names = [choice.layer for choice in self.layers]
        for number, name in enumerate(names):
            if name in names[:number]:
                text = Text(f"图层“{name}”写了两次", f"the layer '{name}' is named twice")
                raise Mistake(text, ("layers", number))
        return self

    def lists(self, layer_id: str) -> bool:
        """Tell whether the zones of a layer are in the table of zones."""
        return all(choice.listed for choice in self.layers if choice.layer == layer_id)

    def mistakes(self, catalogue: Catalogue) -> list[Text]:
        """Return what does not fit the layers of a workspace: classes and attributes that a layer does not have."""
        found = []
        for choice in self.layers:
            layer = catalogue.layers.get(choice.layer)
            if layer is None:
                # The map says in words that the workspace has no such layer.
                continue
            for name in (*choice.classes, *(choice.attributes or ())):
                if name not in layer.classes and name not in layer.attributes:
                    allowed = ", ".join((*layer.classes, *layer.attributes))
                    found.append(
                        Text(
                            f"maps/products/{self.id}.yaml：图层 {layer.id} 没有“{name}”；可用：{allowed}",
                            f"maps/products/{self.id}.yaml: layer {layer.id} has no '{name}'; allowed: {allowed}",
                        )
                    )
        return found


def read_map_products(folder: Path) -> dict[str, MapProduct]:
    """Read `maps/products/*.yaml`; the stem of a file is the id of its product.

    Raises
    ------
    ContentError
        With every mistake of the first file that has one.
    """
    paths = sorted(folder.glob("*.yaml"))
    return {path.stem: read_model(path, MapProduct, id=path.stem, folder=path.parent) for path in paths}
