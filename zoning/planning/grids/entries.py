"""A grid with what lies in its cells, as a value that is printed, written and drawn: schema `zoning.grid/1`."""

from datetime import date
from typing import Literal

from pydantic import Field

from zoning.citations import Citation
from zoning.strict_models import Document, Entry
from zoning.texts import Text

SCHEMA: Literal["zoning.grid/1"] = "zoning.grid/1"


class PersonEntry(Entry):
    """Someone who looks after a cell; what is not told is empty."""

    name: str
    role: str
    office: str
    contact: str


class ZonePerson(Entry):
    """Who answers for a zone, as its layer records it; null where nothing is recorded."""

    title: Text
    name: str | None
    office: str | None
    contact: str | None


class ZoneInCell(Entry):
    """A zone, or an entry of a register, as far as it lies in a cell: area, or length of lines.

    `area_m2` and `length_m`: the one that does not fit the layer is null. `responsible` is null where the
    layer does not say who answers for its zones.
    """

    kind: Literal["zone", "register"]
    layer: str
    id: str
    name: str
    class_: str = Field(alias="class")
    area_m2: float | None
    length_m: float | None
    responsible: ZonePerson | None


class Gap(Entry):
    """A layer without data in a part of a cell."""

    layer: str
    area_m2: float


class CellEntry(Entry):
    """One cell. `joined`: cells below the minimum that belong to it; `centre`: longitude and latitude inside of it."""

    code: str
    row: int
    column: int
    area_m2: float
    sliver: bool
    joined: tuple[str, ...]
    officers: int | None
    zones: tuple[ZoneInCell, ...]
    gaps: tuple[Gap, ...]
    people: tuple[PersonEntry, ...]
    centre: tuple[float, float]


class LayerOfGrid(Entry):
    """A layer that the cells list."""

    layer: str
    title: Text
    kind: Literal["zone", "register"]
    edition: str
    sha256: str
    schematic: bool
    classes: dict[str, Text]


class MissingOfGrid(Entry):
    """A layer that the grid asks for and that has no data here: no cell says that there is nothing of it."""

    layer: str
    title: Text | None
    reason: Text


class Standard(Entry):
    """What the number of officers rests on; `binds`: the document holds in this territory."""

    officers: int | None
    stated: int | None
    citation: Citation | None
    binds: bool


class Grid(Document):
    """The cells of a territory, from north to south and from west to east."""

    schema_: Literal["zoning.grid/1"] = Field(default=SCHEMA, alias="schema")
    territory: str
    name: str
    on: date
    area_m2: float
    title: Text
    crs: str
    cell_m: float
    minimum_m2: float
    slivers: Literal["join", "name"]
    standard: Standard
    notes: tuple[Text, ...]
    notice: Text
    layers: tuple[LayerOfGrid, ...]
    missing: tuple[MissingOfGrid, ...]
    cells: tuple[CellEntry, ...]

    def layer(self, layer_id: str) -> LayerOfGrid:
        """Return a layer that the cells list."""
        return next(one for one in self.layers if one.layer == layer_id)
