"""New records and changed ones: all of a list, or nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, bindparam, insert, select, update

from zoning.errors import ContentError
from zoning.mistakes import Mistake
from zoning.registers.canonical import canonical
from zoning.registers.entries import Change, Keep, Stamp
from zoning.registers.geometry import check_place, wkb_of
from zoning.registers.log import Entry, append, check_stamp
from zoning.registers.place import Place, Row, conflict, record_digest, stored_records
from zoning.registers.record import Value
from zoning.registers.schema import StoredRecord, StoredShape
from zoning.registers.types import RegisterType
from zoning.registers.values import faults, is_plain_text, merged
from zoning.texts import Text

_TOLD = 10
_TOGETHER = 500
_EDGES = ("west", "south", "east", "north")
Stored = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Shapes:
    """The geometries of one transaction by digest."""

    wkb: dict[str, bytes]

    def columns(self, geometry: BaseGeometry | None) -> Stored:
        """Return the columns of a record for its place, and remember the shape."""
        if geometry is None:
            return dict.fromkeys(("shape", *_EDGES))
        found, wkb = wkb_of(geometry)
        self.wkb[found] = wkb
        return {"shape": found, **dict(zip(_EDGES, map(float, geometry.bounds), strict=True))}

    def insert(self, connection: Connection) -> None:
        """Write those that are not there yet."""
        wanted, there = sorted(self.wkb), set[str]()
        for start in range(0, len(wanted), _TOGETHER):
            some = wanted[start : start + _TOGETHER]
            there |= set(connection.execute(select(StoredShape.sha256).where(StoredShape.sha256.in_(some))).scalars())
        rows = [{"sha256": key, "wkb": self.wkb[key]} for key in wanted if key not in there]
        if rows:
            connection.execute(insert(StoredShape), rows)


def apply_changes(place: Place, changes: Sequence[Change], stamp: Stamp) -> int:
    """Create and change records in one transaction; see `zoning.registers.register.Register.apply`.

    Raises
    ------
    ContentError
        When a record occurs twice, was changed since it was read, exists already or is missing, or a value or a place
        does not fit the kind (up to ten are named).
    UsageError
        When the stamp does not say who and when.
    """
    with place.database.writing() as connection:
        return apply_within(connection, place, changes, stamp)


def apply_within(connection: Connection, place: Place, changes: Sequence[Change], stamp: Stamp) -> int:
    """Do what `apply_changes` does inside a transaction that holds more than that.

    Raises
    ------
    ContentError, UsageError
        As `apply_changes` does.
    """
    check_stamp(stamp)
    _demand_each_once(changes)
    before = stored_records(connection, place.kind, [change.id for change in changes])
    shapes, entries = _Shapes({}), list[Entry]()
    new, changed = list[Stored](), list[Stored]()
    problems: list[tuple[str, Text]] = []
    for change in changes:
        row = before.get(change.id)
        _demand_version(connection, place, change, row)
        try:
            after = _after(place.type, change, row, stamp, shapes)
        except Mistake as mistake:
            problems.append((_where(change.id, mistake.at), mistake.text))
            continue
        problems += [(_where(change.id, (name,)), text) for name, text in faults(place.type, json.loads(after["data"]))]
        entry = _entry(place.kind, row, after)
        if entry is not None:
            entries.append(entry)
            (new if row is None else changed).append(after)
    if problems:
        raise _refused(problems)
    shapes.insert(connection)
    if new:
        connection.execute(insert(StoredRecord), new)
    _update(connection, changed)
    append(connection, entries, stamp)
    return len(entries)


def _demand_each_once(changes: Sequence[Change]) -> None:
    seen: set[str] = set()
    for change in changes:
        if change.id in seen:
            raise ContentError(f"{change.id} 在同一次更改中出现两次", f"{change.id} occurs twice in one change")
        seen.add(change.id)


def _demand_version(connection: Connection, place: Place, change: Change, row: Row | None) -> None:
    if row is None and change.version is not None:
        raise ContentError(
            f"{change.id} 不在{place.type.title.zh}中", f"{change.id} is not in the register {place.type.title.en}"
        )
    if row is not None and row["version"] != change.version:
        raise conflict(connection, place.kind, row, change.version)


def _after(kind: RegisterType, change: Change, row: Row | None, stamp: Stamp, shapes: _Shapes) -> Stored:
    """Return the row of a record after a change; the version is counted on, whether something changes or not."""
    _demand_text(change.id, kind.id_field)
    data = merged(kind, json.loads(row["data"]) if row is not None else {}, _with_own(kind, change))
    name, territory = (
        _own(kind.name_field, change.name, data, row["name"] if row is not None else ""),
        _own(kind.territory_field, change.territory, data, row["territory"] if row is not None else ""),
    )
    geometry = _place(kind, change, row, shapes)
    if row is not None:
        state, since, version = row["state"], row["since"], row["version"] + 1
    else:
        state, since, version = kind.workflow.initial, _first_day(change.since, stamp), 1
    return {
        "kind": kind.id,
        "id": change.id,
        "name": name,
        "territory": territory,
        "state": state,
        "since": since,
        "version": version,
        "data": canonical(data),
        **geometry,
    }


def _with_own(kind: RegisterType, change: Change) -> dict[str, Value]:
    """Return the fields to set, with id, name and territory where the type has fields for them."""
    values = dict(change.values)
    for name, told in (
        (kind.id_field, change.id),
        (kind.name_field, change.name),
        (kind.territory_field, change.territory),
    ):
        if name is None or told is None:
            continue
        if name in values and (values[name] or "") != told:
            raise Mistake(
                Text(f"“{values[name]}”与记录的“{told}”不一致", f"'{values[name]}' is not the '{told}' of the record"),
                (name,),
            )
        values[name] = told
    return values


def _own(field: str | None, told: str | None, data: Mapping[str, Any], before: str) -> str:
    if field is not None:
        return str(data.get(field, ""))  # such fields are texts
    if told is None:
        return before
    _demand_text(told, "name", empty=True)
    return told


def _demand_text(value: str, field: str, *, empty: bool = False) -> None:
    if not is_plain_text(value) or "\n" in value or value != value.strip() or not (empty or value):
        raise Mistake(
            Text(
                "不能为空，不能含控制字符或首尾空格", "it must not be empty or have control characters or outer spaces"
            ),
            (field,),
        )


def _first_day(told: date | None, stamp: Stamp) -> date:
    if told is not None and told > stamp.day:
        raise Mistake(Text(f"日期 {told} 在将来", f"the day {told} lies in the future"), ("since",))
    return told or stamp.day


def _place(kind: RegisterType, change: Change, row: Row | None, shapes: _Shapes) -> Stored:
    if isinstance(change.geometry, Keep):
        return {key: row[key] if row is not None else None for key in ("shape", *_EDGES)}
    try:
        check_place(kind, change.geometry)
    except Mistake as mistake:
        raise Mistake(mistake.text, ("geometry",)) from mistake
    return shapes.columns(change.geometry)


def _entry(kind: str, row: Row | None, after: Stored) -> Entry | None:
    """Return the event of a change; None where nothing changes."""
    old: Mapping[str, Any] = row if row is not None else {"name": "", "territory": "", "shape": None, "data": "{}"}
    payload: dict[str, Any] = {}
    before, now = json.loads(old["data"]), json.loads(after["data"])
    fields = {
        name: [before.get(name), now.get(name)]
        for name in sorted({*before, *now})
        # 1 == 1.0 == True, but they are not the same value.
        if canonical(before.get(name)) != canonical(now.get(name))
    }
    if fields:
        payload["fields"] = fields
    for key, name in (("name", "name"), ("territory", "territory"), ("shape", "geometry")):
        if old[key] != after[key]:
            payload[name] = [old[key], after[key]]
    if row is not None and not payload:
        return None
    if row is None:
        payload |= {"state": after["state"], "since": after["since"].isoformat()}
    payload["digest"] = record_digest(after)
    return Entry(kind, after["id"], after["version"], "create" if row is None else "set", payload)


def _update(connection: Connection, rows: Sequence[Stored]) -> None:
    if not rows:
        return
    query = update(StoredRecord).where(
        StoredRecord.kind == bindparam("of_kind"),
        StoredRecord.id == bindparam("of_id"),
        StoredRecord.version == bindparam("of_version"),
    )
    told = [
        {
            **{key: row[key] for key in row if key not in ("kind", "id")},
            "of_kind": row["kind"],
            "of_id": row["id"],
            "of_version": row["version"] - 1,
        }
        for row in rows
    ]
    # Past the ORM: its bulk update knows rows by their key only, not by their version.
    columns: dict[str, Any] = {name: bindparam(name) for name in told[0] if not name.startswith("of_")}
    done = connection.execute(query.values(columns), told)
    if done.rowcount != len(rows):
        raise AssertionError(done.rowcount)  # the transaction has read those versions


def _where(record: str, at: Sequence[str | int]) -> str:
    return f"{record}.{'.'.join(map(str, at))}" if at else record


def _refused(problems: Sequence[tuple[str, Text]]) -> ContentError:
    more = len(problems) - _TOLD
    zh = "\n".join(f"{where}：{text.zh}" for where, text in problems[:_TOLD])
    en = "\n".join(f"{where}: {text.en}" for where, text in problems[:_TOLD])
    if more > 0:
        zh, en = f"{zh}\n……另有 {more} 处", f"{en}\n... and {more} more"
    return ContentError(f"没有写入：\n{zh}", f"nothing was written:\n{en}")
