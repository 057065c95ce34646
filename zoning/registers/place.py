"""The register of one kind inside its store: what every operation is handed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, select

from zoning.errors import ContentError, UsageError
from zoning.registers.canonical import digest
from zoning.registers.database import Database
from zoning.registers.schema import LoggedEvent, StoredRecord
from zoning.registers.types import RegisterType

_DIGESTED = ("name", "territory", "state", "version", "data", "shape", "west", "south", "east", "north")
_TOGETHER = 500  # values in one query: SQLite once allowed 999


Row = Mapping[str, Any]
"""A row of a table by column."""


@dataclass(frozen=True, slots=True)
class Place:
    """Database, type and folder of files of one register."""

    database: Database
    type: RegisterType
    files: Path | None

    @property
    def kind(self) -> str:
        """The id of the type."""
        return self.type.id


def fetched(connection: Connection, query: Select[Any]) -> Iterator[Row]:
    """Yield the rows of a query by column."""
    for row in connection.execute(query).mappings():
        yield {str(key): value for key, value in row.items()}


def stored_records(connection: Connection, kind: str, ids: Iterable[str]) -> dict[str, Row]:
    """Return the rows of some records by id; unknown ids are left out."""
    wanted = list(ids)
    found: dict[str, Row] = {}
    columns = StoredRecord.__table__.columns
    for start in range(0, len(wanted), _TOGETHER):
        some = wanted[start : start + _TOGETHER]
        query = select(*columns).where(StoredRecord.kind == kind, StoredRecord.id.in_(some))
        found |= {row["id"]: row for row in fetched(connection, query)}
    return found


def stored_record(connection: Connection, place: Place, record: str) -> Row:
    """Return the row of a record.

    Raises
    ------
    UsageError
        When there is none.
    """
    found = stored_records(connection, place.kind, [record]).get(record)
    if found is None:
        raise UsageError(
            f"{place.type.title.zh}中没有“{record}”", f"there is no '{record}' in the register {place.type.title.en}"
        )
    return found


def record_digest(row: Row) -> str:
    """Return the digest of a record as it stands: every event of a record holds it, the table must agree with it."""
    since = row["since"]
    kept = {key: row[key] for key in _DIGESTED}
    return digest({**kept, "since": since if isinstance(since, str) else since.isoformat()})


def demand_version(connection: Connection, kind: str, row: Row, version: int) -> None:
    """Refuse a change that rests on an earlier version of a record.

    Raises
    ------
    ContentError
        Naming the record, who changed it since, and when.
    """
    if row["version"] != version:
        raise conflict(connection, kind, row, version)


def conflict(connection: Connection, kind: str, row: Row, version: int | None) -> ContentError:
    """Return the error for a record that is not as the writer believes; version None: believed to be new."""
    record, now = row["id"], row["version"]
    query = select(LoggedEvent.actor, LoggedEvent.at).where(LoggedEvent.kind == kind, LoggedEvent.record == record)
    last = connection.execute(query.order_by(LoggedEvent.seq.desc()).limit(1)).first()
    who, at = (last.actor, last.at[:19].replace("T", " ")) if last is not None else ("?", "?")
    if version is None:
        return ContentError(
            f"{record} 已在台账中（第 {now} 版，{who} 于 {at} UTC 更改）；请读取后再改",
            f"{record} is already in the register (version {now}, changed by {who} at {at} UTC): read it before you "
            "change it",
        )
    if version > now:
        return ContentError(
            f"{record} 是第 {now} 版，没有第 {version} 版；没有写入",
            f"{record} is at version {now}, there is no version {version}; nothing was written",
        )
    return ContentError(
        f"{record}：读取第 {version} 版之后，{who} 于 {at} UTC 已将它改为第 {now} 版；没有写入，请重新读取后再改",
        f"{record}: after version {version} was read, {who} changed it to version {now} at {at} UTC; nothing was "
        "written: read it again before you change it",
    )
