"""A register as an edition of a layer, so that the rules of the check see what is registered."""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.citations import binds_in
from zoning.errors import ContentError, UsageError
from zoning.exchange.moving import Mover
from zoning.layers.catalogue import Layer
from zoning.layers.datum import CGCS2000, LonLat
from zoning.registers.ledger.comparing import held_values
from zoning.registers.ledger.spatial import write_features
from zoning.registers.record import Record, Value
from zoning.registers.types import STATE, AsLayer, RegisterType
from zoning.texts import Text

_SHOWN = 8
_AREAS = {"area_m2": 1.0, "area_mu": 10_000 / 15, "area_ha": 10_000.0, "area_km2": 1_000_000.0}


@dataclass(frozen=True, slots=True)
class EditionOrder:
    """What edition is to be made.

    Attributes
    ----------
    complete
        Codes of the territories in which the register holds everything there is: only there the edition may say
        "not affected".
    """

    edition: str
    valid_from: date
    complete: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadeEdition:
    """The file of an edition, and the lines that make it part of the layer.

    Attributes
    ----------
    zones
        How many zones it holds, by class.
    left_out
        Records of the territories that are no zone of the layer, because of their value.
    """

    content: bytes
    file: str
    lines: str
    zones: dict[str, int]
    left_out: int


def make_edition(kind: RegisterType, layer: Layer, records: Sequence[Record], order: EditionOrder) -> MadeEdition:
    """Make a file of the zones of a layer from a register.

    Only records of the territories in `order.complete` are in it. Fields with persons are never in it.

    Raises
    ------
    UsageError
        When the kind is no layer, no territory is named, or the edition exists.
    ContentError
        When a record of these territories has no shape or no value to tell its class: the layer would then say
        "not affected" where something is registered.
    """
    shown = kind.as_layer
    if shown is None:
        raise UsageError(
            f"台账类型 {kind.id} 没有写 as_layer，不能成为图层",
            f"the kind {kind.id} has no 'as_layer': it cannot become a layer",
        )
    _check_order(layer, order)
    _demand_territories(records, order)
    here = [record for record in records if binds_in(order.complete, record.territory)]
    zones = [(record, name) for record in here if (name := _class_of(record, kind, shown)) is not None]
    _demand_shapes([record for record, _ in zones])
    content = _content(kind, layer, zones, order)
    counts = {name: sum(1 for _, one in zones if one == name) for name in layer.classes}
    file = f"data/{layer.id}-{order.edition}.gpkg"
    told = {name: count for name, count in counts.items() if count}
    return MadeEdition(content, file, _lines(kind, layer, order, file, content), told, len(here) - len(zones))


def _check_order(layer: Layer, order: EditionOrder) -> None:
    if not order.complete:
        raise UsageError(
            "请用 --complete 写明台账在哪些行政区是完整的：只有那里才能回答“不涉及”",
            "say with --complete in which territories the register is complete: only there the layer may answer "
            "'not affected'",
        )
    if order.edition in layer.editions:
        raise UsageError(
            f"图层 {layer.id} 已有版本“{order.edition}”；请用 --edition 换一个",
            f"layer {layer.id} has an edition '{order.edition}' already: name another one with --edition",
        )
    twin = [name for name, edition in layer.editions.items() if edition.valid_from == order.valid_from]
    if twin:
        raise UsageError(
            f"图层 {layer.id} 的版本 {twin[0]} 也从 {order.valid_from} 起有效；请用 --from 换一个日期",
            f"edition {twin[0]} of layer {layer.id} begins on {order.valid_from} too: name another day with --from",
        )


def _class_of(record: Record, kind: RegisterType, shown: AsLayer) -> str | None:
    value: Value = record.state if shown.field == STATE else record.values.get(shown.field)
    if value is None:
        title = kind.fields[shown.field].title
        raise ContentError(
            f"{record.id} 没有“{title.zh}”，不知道属于图层的哪一类；请先补上",
            f"{record.id} has no '{title.en}': its class in the layer is not known; fill it in first",
        )
    return shown.classes.get(str(value))


def _demand_territories(records: Sequence[Record], order: EditionOrder) -> None:
    """Refuse records that may lie in one of the territories and do not say so."""
    unsure = [record.id for record in records if any(code.startswith(record.territory) and code != record.territory
                                                     for code in order.complete)]  # fmt: skip
    if unsure:
        shown = unsure[:_SHOWN]
        raise ContentError(
            f"有 {len(unsure)} 条记录没有写明在哪个县级行政区（{'、'.join(shown)}）："
            "图层会在那里误答“不涉及”；请先补上",
            f"{len(unsure)} records do not say in which of the territories they lie ({'; '.join(shown)}): the layer "
            "would answer 'not affected' there; fill that in first",
        )


def _demand_shapes(records: Sequence[Record]) -> None:
    missing = [record.id for record in records if record.geometry is None]
    if missing:
        shown = missing[:_SHOWN]
        raise ContentError(
            f"有 {len(missing)} 条记录没有图形（{'、'.join(shown)}）：图层会在那里误答“不涉及”；请先补图形",
            f"{len(missing)} records have no shape ({'; '.join(shown)}): the layer would answer 'not affected' there; "
            "draw them first",
        )


def _content(kind: RegisterType, layer: Layer, zones: Sequence[tuple[Record, str]], order: EditionOrder) -> bytes:
    mover = Mover(CGCS2000, layer.crs, LonLat())
    shapes = [_moved(record.geometry, mover) for record, _ in zones]
    fields = tuple(dict.fromkeys((layer.id_field, layer.name_field, layer.class_field or "class", *layer.attributes)))
    rows = [_row(record, name, kind, layer, fields) for record, name in zones]
    types = {name: "float" if name in _AREAS else "str" for name in fields}
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        path = Path(folder) / "made.gpkg"
        write_features(
            path, shapes, rows, types, crs=layer.crs, on=order.valid_from, driver="GPKG", layer=layer.id,
            dimension=1 if layer.geometry == "line" else 2,
        )  # fmt: skip
        return path.read_bytes()


def _moved(shape: BaseGeometry | None, mover: Mover) -> BaseGeometry | None:
    return None if shape is None else mover.moved(shape)


def _row(record: Record, name: str, kind: RegisterType, layer: Layer, fields: Sequence[str]) -> list[Value]:
    values = held_values(record, kind)
    public = {key.lower(): key for key, spec in kind.fields.items() if not spec.personal}
    found: list[Value] = []
    for field in fields:
        if field == layer.id_field:
            found.append(record.id)
        elif field == layer.name_field:
            found.append(record.name)
        elif field == layer.class_field:
            found.append(layer.classes[name].codes[0])
        elif field in _AREAS:
            found.append(_area(record.geometry) / _AREAS[field])
        else:
            value = values.get(public.get(field.lower(), ""))
            found.append(None if value is None else ";".join(value) if isinstance(value, tuple) else str(value))
    return found


def _area(shape: BaseGeometry | None) -> float:
    from zoning.sites.reading import ellipsoid_area

    if shape is None or shapely.get_dimensions(shape) != 2:  # noqa: PLR2004 - an area
        return 0.0
    return round(ellipsoid_area(shape, CGCS2000), 1)


def _lines(kind: RegisterType, layer: Layer, order: EditionOrder, file: str, content: bytes) -> str:
    listed = ", ".join(f'"{code}"' for code in order.complete)
    note = Text(f"由台账“{kind.title.zh}”导出", f"from the register '{kind.title.en}'")
    return (
        "editions:\n"
        f'  "{order.edition}":\n'
        f"    file: {file}\n"
        f"    table: {layer.id}\n"
        f"    valid_from: {order.valid_from}\n"
        f"    sha256: {hashlib.sha256(content).hexdigest()}\n"
        f"    coverage: {{territories: [{listed}]}}\n"
        f'    note: {{zh: "{note.zh}", en: "{note.en}"}}\n'
    )
