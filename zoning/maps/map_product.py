"""A map that an office makes again and again: the strict model of `maps/products/*.yaml`. A new one needs no code."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from zoning.maps.product import Length, Relief, Share
from zoning.texts import Text
from zoning.yaml_files import read_model

PaperSize = Literal["A4", "A3", "A2", "A1"]
Orientation = Literal["portrait", "landscape", "fit"]
Table = Literal["class_totals", "zones", "verdict", "contacts"]


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LayerChoice(_Content):
    """One layer of a product.

    `classes`: only these (all where it is left out); `attributes`: shown in the table of zones and on a click, as far
    as the audience may see them; `label`: instead of the label of the style.
    """

    layer: str
    classes: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    label: Literal["none", "name", "code"] | None = None


class Paper(_Content):
    """The sheet of paper.

    `scale` is the denominator, or `fit`: the largest of the usual scales (1, 2, 2.5 or 5 times a power of ten) at which
    the frame with its margin fits. `grid`: Gauss-Krüger kilometres, or degrees and minutes.
    """

    size: PaperSize = "A3"
    orientation: Orientation = "fit"
    scale: Annotated[int, Field(ge=500, le=5_000_000)] | Literal["fit"] = "fit"
    grid: Literal["gauss-kruger", "graticule", "none"] = "gauss-kruger"
    inset: bool = True


class Strip(_Content):
    """A map along a river: the layer of its zones, and how far from the banks it looks."""

    layer: str
    distance: Length
    banks: tuple[Length, ...] = ()


class MapProduct(_Content):
    """What one kind of map shows, for whom, and on what paper.

    Attributes
    ----------
    of
        What a map is made of: one per site, per territory, or per river of `strip.layer`.
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
    of: Literal["site", "territory", "strip"]
    layers: tuple[LayerChoice, ...] = ()
    audience: Literal["office", "public"] = "office"
    margin: Share = 0.04
    paper: Paper = Paper()
    relief: Relief | None = None
    tables: tuple[Table, ...] = ()
    strip: Strip | None = None
    notes: Text | None = None


def read_map_products(folder: Path) -> dict[str, MapProduct]:
    """Read `maps/products/*.yaml`; the stem of a file is the id of its product.

    Raises
    ------
    ContentError
        With every mistake of the first file that has one.
    """
    paths = sorted(folder.glob("*.yaml"))
    return {path.stem: read_model(path, MapProduct, id=path.stem, folder=path.parent) for path in paths}
