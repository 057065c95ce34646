"""What a case has beside its fields: verdicts, notes, overrides, notices; as they stand."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final, Literal

from sqlalchemy import Connection, func, select

from zoning.errors import ContentError
from zoning.registers.parts import rows_of
from zoning.registers.place import Place, Row
from zoning.registers.schema import LoggedEvent
from zoning.registers.schema_cases import StoredNote, StoredNotice, StoredOverride, StoredVerdict

KIND: Final = "cases"

Why = Literal["first", "facts", "boundary", "recheck"]
_CHINA = timezone(timedelta(hours=8))


class CaseConflictError(ContentError):
    """Somebody else has changed the case since it was read; nothing was written."""

    http_status = 409


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """A verdict of a case; see `zoning.registers.schema_cases.StoredVerdict`."""

    record: str
    number: int
    site: str
    decision: str
    day: date
    document: str
    boundary: str
    facts: Mapping[str, Any]
    digests: Mapping[str, Any]
    why: str
    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class CaseNote:
    """A note."""

    number: int
    text: str
    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class CaseOverride:
    """A decision of people; see `zoning.registers.schema_cases.StoredOverride`."""

    number: int
    verdict: int
    decision: str
    reason: str
    state: str
    proposed_by: str
    proposed_at: str
    answered_by: str
    answered_at: str
    answer: str

    @property
    def is_open(self) -> bool:
        """Whether it waits for a second person."""
        return self.state == "proposed"


@dataclass(frozen=True, slots=True)
class CaseNotice:
    """Word of a change; see `zoning.registers.schema_cases.StoredNotice`."""

    number: int
    cause: Mapping[str, Any]
    verdict: int
    before: str
    after: str
    document: str
    difference: Sequence[Mapping[str, Any]]
    at: str
    seen_by: str
    seen_at: str
    taken: int

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it."""
        return not self.seen_at


@dataclass(frozen=True, slots=True)
class CaseParts:
    """All of them, each by number."""

    verdicts: tuple[CaseVerdict, ...] = ()
    notes: tuple[CaseNote, ...] = ()
    overrides: tuple[CaseOverride, ...] = ()
    notices: tuple[CaseNotice, ...] = ()

    @property
    def last(self) -> CaseVerdict | None:
        """The latest verdict: what was computed."""
        return self.verdicts[-1] if self.verdicts else None

    @property
    def waiting(self) -> CaseOverride | None:
        """The override that waits for a second person."""
        return next((one for one in self.overrides if one.is_open), None)

    @property
    def standing(self) -> CaseOverride | None:
        """The confirmed override of the latest verdict; that of an earlier one stands no more."""
        last = self.last
        found = [one for one in self.overrides if one.state == "confirmed" and last and one.verdict == last.number]
        return found[-1] if found else None

    @property
    def open_notices(self) -> tuple[CaseNotice, ...]:
        """The notices that nobody has answered."""
        return tuple(one for one in self.notices if one.is_open)


def case_parts(connection: Connection, place: Place, record: str) -> CaseParts:
    """Return what a case has beside its fields."""
    return CaseParts(
        tuple(map(verdict_of, rows_of(connection, place, StoredVerdict, record))),
        tuple(
            CaseNote(row["number"], row["text"], row["actor"], row["at"]) for row in _notes(connection, place, record)
        ),
        tuple(map(override_of, rows_of(connection, place, StoredOverride, record))),
        tuple(map(notice_of, rows_of(connection, place, StoredNotice, record))),
    )


def _notes(connection: Connection, place: Place, record: str) -> list[Row]:
    return rows_of(connection, place, StoredNote, record)


def last_verdicts(connection: Connection, place: Place) -> dict[str, CaseVerdict]:
    """Return the latest verdict of every case that has one."""
    newest = (
        select(StoredVerdict.record, func.max(StoredVerdict.number).label("number"))
        .where(StoredVerdict.kind == place.kind)
        .group_by(StoredVerdict.record)
        .subquery()
    )
    query = (
        select(*StoredVerdict.__table__.columns)
        .join(newest, (newest.c.record == StoredVerdict.record) & (newest.c.number == StoredVerdict.number))
        .where(StoredVerdict.kind == place.kind)
    )
    return {row["record"]: verdict_of(dict(row)) for row in connection.execute(query).mappings()}


def last_number(connection: Connection, place: Place, record: str) -> int:
    """Return the number of the latest verdict of a case; 0 for none."""
    query = select(func.coalesce(func.max(StoredVerdict.number), 0)).where(
        StoredVerdict.kind == place.kind, StoredVerdict.record == record
    )
    return int(connection.execute(query).scalar_one())


def verdict_of(row: Row) -> CaseVerdict:
    """Return the verdict of a row."""
    told = {name: row[name] for name in CaseVerdict.__dataclass_fields__ if name not in ("facts", "digests")}
    return CaseVerdict(**told, facts=json.loads(row["facts"]), digests=json.loads(row["digests"]))


def override_of(row: Row) -> CaseOverride:
    """Return the override of a row."""
    return CaseOverride(**{name: row[name] for name in CaseOverride.__dataclass_fields__})


def notice_of(row: Row) -> CaseNotice:
    """Return the notice of a row."""
    told = {name: row[name] for name in CaseNotice.__dataclass_fields__ if name not in ("cause", "difference")}
    return CaseNotice(**told, cause=json.loads(row["cause"]), difference=json.loads(row["difference"]))


def conflict(connection: Connection, place: Place, record: str) -> CaseConflictError:
    """Return the refusal for somebody whose page is older than the case: who changed it, and when."""
    query = (
        select(LoggedEvent.actor, LoggedEvent.at)
        .where(LoggedEvent.kind == place.kind, LoggedEvent.record == record)
        .order_by(LoggedEvent.seq.desc())
        .limit(1)
    )
    last = connection.execute(query).one()
    at = datetime.fromisoformat(last.at).astimezone(_CHINA).strftime("%Y-%m-%d %H:%M:%S")
    return CaseConflictError(
        f"{record}：在您打开之后，{last.actor} 于 {at} 已作修改；您的内容没有写入，请核对后再提交",
        f"{record}: since you opened it, {last.actor} changed it at {at}; nothing of yours was written: compare and "
        "send it again",
    )
