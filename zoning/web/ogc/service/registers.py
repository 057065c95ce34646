"""Registers as collections: records with a place, without what is personal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from zoning.registers.record import Record
from zoning.registers.store import Store
from zoning.registers.types import FieldSpec, RegisterType
from zoning.texts import Text
from zoning.web.ogc.service.collection import Bounds, Feature, Field, Kind, Table
from zoning.web.ogc.service.selection import Days

CASES: Final = "cases"
_JSON: Final = {"integer": "integer", "number": "number", "flag": "boolean"}
_OWN: Final = ("record_state", "state_since", "record_version", "territory_code")


class RegisterCollection:
    """One register. What its type calls personal is in no feature, and cannot be asked for."""

    def __init__(self, kind: RegisterType, store: Store) -> None:
        self._type = kind
        self._store = store
        self.id = kind.id if kind.id == CASES else f"register-{kind.id}"
        self.kind: Kind = "cases" if kind.id == CASES else "parcels"
        self.title = kind.title
        self.description = Text(
            f"{kind.title.zh}，不含个人信息。datetime 选取当日已处于现状态的记录。",
            f"{kind.title.en}, without personal data. datetime selects records that were in their present state.",
        )
        states = tuple(kind.workflow.states)
        own = {
            "record_state": Field(Text("状态", "state"), "string", values=states),
            "state_since": Field(Text("进入状态日期", "in this state since"), "string", "date"),
            "record_version": Field(Text("记录版本", "version of the record"), "integer"),
            "territory_code": Field(Text("行政区代码", "code of the territory"), "string"),
        }
        self._shown = public_values(kind)
        self.fields: Mapping[str, Field] = {**own, **{name: _field(kind.fields[name]) for name in self._shown}}

    def tables(self, days: Days | None, today: date) -> Sequence[Table]:
        """Return the records by id; with days those that were in their present state on one of them."""
        _ = today
        records = [one for one in self._records() if days is None or one.since is None or days.meets(one.since, None)]
        shapes = np.empty(len(records), dtype=object)
        shapes[:] = [one.geometry for one in records]
        return (Table(tuple(one.id for one in records), shapes, [self._properties(one) for one in records]),)

    def extent(self, today: date) -> tuple[Bounds | None, Days]:
        """Return where records are, and since when the oldest state holds."""
        table = self.tables(None, today)[0]
        since = [str(row["state_since"]) for row in table.properties if row["state_since"]]
        return table.bounds, Days(date.fromisoformat(min(since)) if since else None, None)

    def get(self, feature: str, today: date) -> Feature | None:
        """Return one record."""
        _ = today
        record = self._store.register(self._type.id).get(feature)
        return None if record is None else Feature(record.id, record.geometry, self._properties(record))

    def _records(self) -> Iterator[Record]:
        return self._store.register(self._type.id).records()

    def _properties(self, record: Record) -> dict[str, Any]:
        own = {
            "record_state": record.state,
            "state_since": None if record.since is None else record.since.isoformat(),
            "record_version": record.version,
            "territory_code": record.territory,
        }
        return {**own, **{name: plain(record.values.get(name)) for name in self._shown}}


def public_values(kind: RegisterType) -> tuple[str, ...]:
    """Return the fields of a register that are not personal."""
    return tuple(name for name, spec in kind.fields.items() if not spec.personal and name not in _OWN)


def plain(value: Any) -> Any:
    """Return a value of a record as JSON."""
    if isinstance(value, date):
        return value.isoformat()
    return ",".join(value) if isinstance(value, tuple) else value


def register_collections(types: Mapping[str, RegisterType], store: Store) -> dict[str, RegisterCollection]:
    """Return the registers whose records have a place, and whose ids are not personal."""
    found = [
        RegisterCollection(kind, store)
        for kind in types.values()
        if kind.shape != "none" and not kind.fields[kind.id_field].personal
    ]
    return {one.id: one for one in found}


def _field(spec: FieldSpec) -> Field:
    form = "date" if spec.kind == "date" else ""
    codes = tuple(spec.codes) if spec.kind == "code" else ()
    return Field(spec.title, _JSON.get(spec.kind, "string"), form, codes)
