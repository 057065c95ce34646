"""What the numbered rows of a record (problems, works, payments) have in common."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from zoning.errors import UsageError
from zoning.registers.canonical import plain
from zoning.registers.entries import Action, Stamp
from zoning.registers.log import Entry, append
from zoning.registers.place import Place, Row, fetched
from zoning.registers.schema import StoredPayment, StoredProblem, StoredWork
from zoning.registers.schema_cases import StoredNote, StoredNotice, StoredOverride, StoredVerdict
from zoning.registers.values import is_plain_text

Part = (
    type[StoredProblem]
    | type[StoredWork]
    | type[StoredPayment]
    | type[StoredVerdict]
    | type[StoredNote]
    | type[StoredOverride]
    | type[StoredNotice]
)


def rows_of(connection: Connection, place: Place, table: Part, record: str | None = None) -> list[Row]:
    """Return the rows of a record, or of all records, by record and number."""
    return list(fetched(connection, _query(place, table, record)))


def row_of(connection: Connection, place: Place, table: Part, record: str, number: int, what: str) -> Row:
    """Return one row.

    Raises
    ------
    UsageError
        When the record has none of this number; `what` is its word in Chinese and English.
    """
    found = next(fetched(connection, _query(place, table, record).where(table.number == number)), None)
    if found is None:
        zh, en = what.split("|")
        raise UsageError(f"{record} 没有第 {number} 号{zh}", f"{record} has no {en} number {number}")
    return found


def _query(place: Place, table: Part, record: str | None) -> Select[Any]:
    query = select(*table.__table__.columns).where(table.kind == place.kind)
    if record is not None:
        query = query.where(table.record == record)
    return query.order_by(table.record, table.number)


def add_row(
    connection: Connection,
    place: Place,
    table: Part,
    record: Row,
    values: Mapping[str, Any],
    action: Action,
    stamp: Stamp,
) -> int:
    """Write a new row and its event; return its number."""
    where = (table.kind == place.kind, table.record == record["id"])
    last = connection.execute(select(func.coalesce(func.max(table.number), 0)).where(*where)).scalar_one()
    row = {"kind": place.kind, "record": record["id"], "number": last + 1, **values}
    connection.execute(insert(table).values(row))
    append(connection, [part_entry(place, record, action, row)], stamp)
    return int(row["number"])


def part_entry(place: Place, record: Row, action: Action, row: Mapping[str, Any]) -> Entry:
    """Return the event of a new or changed row; it holds the whole row."""
    return Entry(place.kind, record["id"], record["version"], action, {"row": plain(row)})


def demand_text(value: str, name: tuple[str, str], *, empty: bool = False) -> str:
    """Return a text without outer spaces; `name` is its word in Chinese and English.

    Raises
    ------
    UsageError
        When it is empty or has control characters.
    """
    text = value.strip()
    if not is_plain_text(text) or not (text or empty):
        zh, en = name
        raise UsageError(f"{zh}不能为空，不能含控制字符", f"{en} must not be empty or have control characters")
    return text
