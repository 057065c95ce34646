"""What an enforcement grid is: the strict model of `plans/enforcement-grid.yaml`."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from zoning.citations import Citation
from zoning.layers.catalogue import Catalogue
from zoning.quantities import Area, Length
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model

FILE = "plans/enforcement-grid.yaml"
Slivers = Literal["join", "name"]

CellSize = Annotated[Length, Field(ge=100.0, le=100_000.0)]


class Listed(Content):
    """A layer that is listed per cell; `classes`: only these of it."""

    layer: str
    classes: tuple[str, ...] = ()


class GridScheme(Content):
    """How a territory is divided into cells, and what is listed in them.

    Attributes
    ----------
    cell
        Side of a cell, metres.
    officers, citation
        How many officers a cell is to have, and the document that says so: it holds in the territories of that
        document only.
    minimum, slivers
        Cells that the border of the territory cuts down to less than `minimum`: `join` a neighbour, or are kept and
        named as slivers.
    registers, zones
        Layers that are lists of things to be looked after (mines, plots ...), and layers of zones.
    """

    id: str
    title: Text
    cell: CellSize
    officers: Annotated[int, Field(ge=1)] | None = None
    citation: Citation | None = None
    minimum: Area = 0.0
    slivers: Slivers = "join"
    registers: tuple[Listed, ...] = ()
    zones: tuple[Listed, ...] = ()
    notes: tuple[Text, ...] = ()

    def mistakes(self, catalogue: Catalogue) -> list[Text]:
        """Return what does not fit the layers of a workspace: classes that a layer does not have.

        A layer that a workspace does not hold is no mistake: the cells then say that it is missing.
        """
        found = []
        for one in (*self.registers, *self.zones):
            layer = catalogue.layers.get(one.layer)
            for name in one.classes if layer is not None else ():
                if layer is not None and name not in layer.classes:
                    allowed = ", ".join(layer.classes)
                    found.append(
                        Text(
                            f"{FILE}：图层 {layer.id} 没有类别“{name}”；可用：{allowed}",
                            f"{FILE}: layer {layer.id} has no class '{name}'; allowed: {allowed}",
                        )
                    )
        return found


def read_grid_scheme(path: Path) -> GridScheme:
    """Read `plans/enforcement-grid.yaml`.

    Raises
    ------
    ContentError
        With every mistake of the file.
    """
    return read_model(path, GridScheme, id=path.stem)
