"""Writes the audit log: every row is bound to the one before by its hash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select, update

from zoning.errors import UsageError
from zoning.registers.canonical import canonical, digest, moment
from zoning.registers.entries import Action, Stamp
from zoning.registers.schema import Chain, LoggedEvent
from zoning.registers.values import is_plain_text

FORM = "zoning.register.event/1"
"""Stands in every hash: a later form of the rows can never be taken for this one."""
ZERO = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """An event before it has its place in the log; see `zoning.registers.entries.Event`."""

    kind: str
    record: str
    version: int
    action: Action
    payload: Mapping[str, Any] = field(default_factory=dict)


def check_stamp(stamp: Stamp) -> None:
    """Refuse a stamp that does not say who and when.

    Raises
    ------
    UsageError
        When the actor is empty, a text has control characters, or the moment has no zone.
    """
    if not stamp.actor.strip() or not is_plain_text(stamp.actor):
        raise UsageError("必须写明操作人", "it has to be said who does this")
    if not is_plain_text(stamp.note):
        raise UsageError("说明中有控制字符", "the note has control characters")
    if stamp.at.tzinfo is None:
        raise UsageError("时刻没有时区", "the moment has no time zone")


def append(connection: Connection, entries: Sequence[Entry], stamp: Stamp) -> int:
    """Add events to the log in their order; return the number of the last one."""
    count, head = connection.execute(select(Chain.events, Chain.head).where(Chain.id == 1)).one()
    rows: list[dict[str, Any]] = []
    for entry in entries:
        count += 1
        row = {
            "seq": count,
            "at": moment(stamp.at),
            "actor": stamp.actor,
            "note": stamp.note,
            "kind": entry.kind,
            "record": entry.record,
            "version": entry.version,
            "action": entry.action,
            "payload": canonical(entry.payload),
            "previous": head,
        }
        head = hash_of(row)
        rows.append({**row, "hash": head})
    if rows:
        connection.execute(insert(LoggedEvent), rows)
        connection.execute(update(Chain).where(Chain.id == 1).values(events=count, head=head))
    return int(count)


def hash_of(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of a row (all columns but `hash`) and of the form."""
    return digest([FORM, {key: value for key, value in row.items() if key != "hash"}])
