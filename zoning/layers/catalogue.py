"""What layers there are: the strict models of `layers/*.yaml`."""

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from zoning.layers.postgis.address import Address, DatabaseUrl
from zoning.layers.responsible import Responsible
from zoning.mistakes import Key, Mistake
from zoning.quantities import Area
from zoning.strict_models import Content
from zoning.texts import Text

Group = Literal["protection", "agriculture", "town", "control", "risk", "base"]
Geometry = Literal["polygon", "line"]
GROUPS: dict[Group, Text] = {
    "protection": Text("保护", "Protection"),
    "agriculture": Text("农业", "Farmland"),
    "town": Text("城镇", "Towns"),
    "control": Text("管控", "Control units"),
    "risk": Text("风险", "Risks"),
    "base": Text("现状", "Existing situation"),
}
"""Headings of the groups of layers, in their order."""

_URLS = ("postgresql:", "postgres:")


def origin(source: Address, table: str | None) -> str:
    """Return what sentences call a table of a database: `host/database:schema.table`."""
    return f"{source.name}:{table}"


def _check_table(table: str | None, at: Key) -> None:
    if table is None or not all(table.partition(".")):
        text = Text(
            "数据库中的图层须写明 table，写成 模式.数据表，如 public.water",
            "a layer in a database names its 'table' as schema.table, such as public.water",
        )
        raise Mistake(text, at)


class ZoneClass(Content):
    """One class of a layer.

    `codes` are the values of the class field that mean this class. `may_be` names classes of which this one can be
    any: a zone whose level the edition does not tell (a red line without levels may be 一级 or 二级).
    """

    title: Text
    codes: tuple[str, ...]
    may_be: tuple[str, ...] = ()
    note: Text | None = None


class Coverage(Content):
    """Where the layer is authoritative: in whole territories (by code), or inside the polygons of a file.

    A table without a file is one beside that of the zones, in the database of the edition.
    """

    territories: tuple[str, ...] = ()
    file: str | None = None
    table: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Coverage":
        if bool(self.territories) == (self.file is not None or self.table is not None):
            raise Mistake(Text("territories 和 file 须写一个，且只写一个", "write either 'territories' or 'file'"))
        return self

    @property
    def in_database(self) -> bool:
        """Whether the polygons are in the database of the edition."""
        return self.file is None and self.table is not None


class Edition(Content):
    """A dated release of a layer: a file, or a table (schema.table) of a database (`source`).

    `geometry_field` names the geometry column of a table that has several. `classes` lists the classes that occur in
    it, strictest first; all of the layer's where it is left out. `coverage` is stated where the edition covers less, or
    more, than the layer says.
    """

    file: str | None = None
    source: DatabaseUrl | None = None
    table: str | None = None
    geometry_field: str | None = None
    valid_from: date
    valid_to: date | None = None
    superseded_by: str | None = None
    sha256: str | None = None
    encoding: str | None = None
    classes: tuple[str, ...] = ()
    coverage: Coverage | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> "Edition":
        if self.file is not None and self.file.startswith(_URLS):
            text = Text(
                "数据库地址请写在 source，不是 file", "the address of a database goes to 'source', not to 'file'"
            )
            raise Mistake(text, ("file",))
        if (self.file is None) == (self.source is None):
            text = Text(
                "file（数据文件）和 source（数据库地址）须写一个，且只写一个",
                "write either 'file' (a data file) or 'source' (the address of a database)",
            )
            raise Mistake(text, () if self.source is None else ("source",))
        if self.source is None:
            if self.geometry_field is not None:
                text = Text("geometry_field 只用于数据库（source）", "'geometry_field' goes with 'source' only")
                raise Mistake(text, ("geometry_field",))
        else:
            _check_table(self.table, ("table",))
            if self.encoding is not None:
                text = Text("encoding 只用于数据文件；数据库自己说明编码", "'encoding' goes with 'file' only")
                raise Mistake(text, ("encoding",))
        return self

    @property
    def origin(self) -> str:
        """What sentences call the place of the data: the name of the file, or database and table."""
        return Path(self.file or "").name if self.source is None else origin(self.source, self.table)

    def valid_on(self, day: date) -> bool:
        """Tell whether the edition is the valid one on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Layer(Content):
    """One kind of zone: where it comes from, how to read it, where and how exactly it holds.

    `public`: its zones and their classes may be shown to everybody; of their fields only those that
    `public_attributes` names, of which the fields of id and name are two. `responsible` says in which fields stands who
    answers for a zone; they are never public.
    """

    id: str
    title: Text
    group: Group
    geometry: Geometry = "polygon"
    authority: Text
    source: Text
    crs: str
    schematic: bool
    accuracy_m: Annotated[float, Field(ge=0)]
    tolerance: Area | None = None
    id_field: str
    name_field: str
    class_field: str | None = None
    attributes: dict[str, Text] = Field(default_factory=dict)
    classes: dict[str, ZoneClass]
    editions: dict[str, Edition]
    coverage: Coverage
    notes: tuple[Text, ...] = ()
    public: bool = False
    public_attributes: tuple[str, ...] = ()
    responsible: Responsible | None = None

    @model_serializer(mode="wrap")
    def _said(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        content: dict[str, Any] = handler(self)
        # Definitions that name nobody are what they were before there was this key: their digests stay.
        if content.get("responsible", ...) is None:
            del content["responsible"]
        return content

    @model_validator(mode="after")
    def _responsible_fields(self) -> "Layer":
        if self.responsible is not None:
            self.responsible.check(tuple(self.attributes), self.public_attributes)
        return self

    @model_validator(mode="after")
    def _public_fields(self) -> "Layer":
        fields = tuple(dict.fromkeys((self.id_field, self.name_field, *self.attributes)))
        for number, name in enumerate(self.public_attributes):
            if name not in fields:
                listed = ", ".join(fields)
                text = Text(
                    f"图层没有字段“{name}”；可用：{listed}", f"the layer has no field '{name}'; allowed: {listed}"
                )
                raise Mistake(text, ("public_attributes", number))
        if self.public_attributes and not self.public:
            text = Text(
                "写了 public_attributes，但图层没有 public: true；请写明图层是否公开",
                "'public_attributes' without 'public: true': say whether the layer is public",
            )
            raise Mistake(text, ("public_attributes",))
        return self

    @model_validator(mode="after")
    def _consistent(self) -> "Layer":
        if self.class_field is None and len(self.classes) != 1:
            text = Text(
                "没有 class_field 时须恰好有一个类别；请写 class_field，或只留一个类别",
                "without 'class_field' there must be exactly one class",
            )
            raise Mistake(text, ("classes",))
        for edition_id, edition in self.editions.items():
            unknown = [name for name in edition.classes if name not in self.classes]
            if unknown:
                listed = ", ".join(self.classes)
                text = Text(
                    f"图层没有类别“{unknown[0]}”；可用：{listed}",
                    f"edition {edition_id} names the unknown class '{unknown[0]}'; allowed: {listed}",
                )
                raise Mistake(text, ("editions", edition_id, "classes"))
            if edition.superseded_by is not None and edition.superseded_by not in self.editions:
                listed = ", ".join(self.editions)
                text = Text(
                    f"没有版本“{edition.superseded_by}”；可用：{listed}",
                    f"edition {edition_id} is superseded by '{edition.superseded_by}', which does not exist; "
                    f"allowed: {listed}",
                )
                raise Mistake(text, ("editions", edition_id, "superseded_by"))
        return self

    @model_validator(mode="after")
    def _coverage_beside_zones(self) -> "Layer":
        for edition_id, edition in self.editions.items():
            stated = edition.coverage or self.coverage
            if not stated.in_database:
                continue
            at: Key = ("coverage",) if edition.coverage is None else ("editions", edition_id, "coverage")
            if edition.source is None:
                text = Text(
                    f"版本 {edition_id} 是数据文件，覆盖范围须写 territories 或 file；只有数据库中的版本才能只写 table",
                    f"edition {edition_id} is a file: its coverage is 'territories' or 'file'; "
                    "a table alone is for an edition in a database",
                )
                raise Mistake(text, at)
            _check_table(stated.table, (*at, "table"))
        return self

    @model_validator(mode="after")
    def _one_edition_at_a_time(self) -> "Layer":
        for edition_id, edition in self.editions.items():
            if edition.valid_to is not None and edition.valid_to < edition.valid_from:
                text = Text(
                    f"失效日 {edition.valid_to} 早于生效日 {edition.valid_from}；请核对两个日期",
                    f"edition {edition_id} ends ({edition.valid_to}) before it begins ({edition.valid_from}): "
                    "check both dates",
                )
                raise Mistake(text, ("editions", edition_id, "valid_to"))
        for one, other in combinations(sorted(self.editions), 2):
            begins = self.editions[one].valid_from
            if begins == self.editions[other].valid_from:
                text = Text(
                    f"版本 {one} 和 {other} 都从 {begins} 起有效，不能判断用哪个；请更正其中一个的 valid_from",
                    f"editions {one} and {other} both begin on {begins}: which of them holds cannot be told; "
                    "correct 'valid_from' of one of them",
                )
                raise Mistake(text, ("editions", other, "valid_from"))
        return self

    @model_validator(mode="after")
    def _one_class_per_code(self) -> "Layer":
        for edition_id, edition in self.editions.items():
            owners: dict[str, str] = {}
            for name in self.classes_in(edition):
                for code in self.classes[name].codes:
                    if owners.setdefault(code, name) != name:
                        text = Text(
                            f"版本 {edition_id} 中代码“{code}”同时属于 {owners[code]} 和 {name}；请只留在一个类别",
                            f"the code '{code}' means both '{owners[code]}' and '{name}' in edition {edition_id}: "
                            "leave it in one class",
                        )
                        raise Mistake(text, ("classes", name, "codes"))
        return self

    def _successors(self, edition_id: str) -> set[str]:
        found: set[str] = set()
        name = self.editions[edition_id].superseded_by
        while name is not None and name not in found:
            found.add(name)
            name = self.editions[name].superseded_by
        return found

    def edition_on(self, day: date) -> tuple[str, Edition] | None:
        """Return id and edition valid on `day`: of several the one that began last; None when there is none.

        An edition ends at the latest when the one that supersedes it begins, also where that has ended since.
        """
        begun = {name for name, edition in self.editions.items() if edition.valid_from <= day}
        valid = [
            (edition.valid_from, name)
            for name, edition in self.editions.items()
            if edition.valid_on(day) and not self._successors(name) & begun
        ]
        if not valid:
            return None
        name = max(valid)[1]
        return name, self.editions[name]

    def classes_in(self, edition: Edition) -> tuple[str, ...]:
        """Return the classes of `edition`, strictest first."""
        return edition.classes or tuple(self.classes)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All layers of a workspace.

    `territory_layer` is the layer whose zones are the territories: its zone ids are the codes that rules name.
    """

    root: Path
    layers: dict[str, Layer]
    territory_layer: str

    def __getitem__(self, layer_id: str) -> Layer:
        return self.layers[layer_id]
