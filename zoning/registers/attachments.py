"""Photos and documents of a record."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from sqlalchemy import Connection, Select, func, insert, select

from zoning.errors import UsageError
from zoning.registers.canonical import moment, plain
from zoning.registers.entries import Attachment, AttachmentKind, Stamp
from zoning.registers.files import Copy, keep_copy
from zoning.registers.log import Entry, append, check_stamp
from zoning.registers.place import Place, Row, fetched, stored_record
from zoning.registers.schema import StoredAttachment


def attach(place: Place, record: str, file: Path, kind: AttachmentKind, taken: date | None, stamp: Stamp) -> Attachment:
    """Keep a file for a record; see `zoning.registers.register.Register.attach`.

    Raises
    ------
    UsageError
        When there is no such kind or record, or the day lies in the future.
    ContentError
        When the file cannot be read, or its copy not be kept.
    """
    check_stamp(stamp)
    if kind not in get_args(AttachmentKind):
        names = get_args(AttachmentKind)
        raise UsageError(
            f"没有附件类型“{kind}”；有：{'、'.join(names)}", f"there is no kind '{kind}'; there are: {', '.join(names)}"
        )
    if taken is not None and taken > stamp.day:
        raise UsageError(f"日期 {taken} 在将来", f"the day {taken} lies in the future")
    with place.database.reading() as connection:  # before the file is copied
        stored_record(connection, place, record)
    copy = keep_copy(place.files, file)
    with place.database.writing() as connection:
        row = stored_record(connection, place, record)
        before = fetched(
            connection,
            _of(place, record).where(StoredAttachment.path == copy.path, StoredAttachment.what == kind),
        )
        for known in before:
            return _attachment(known)  # the same photo twice is one photo
        number, entries = add_rows(connection, place, row, [copy], kind, taken, "", stamp)
        append(connection, entries, stamp)
        found = next(fetched(connection, _of(place, record).where(StoredAttachment.number == number)))
    return _attachment(found)


def add_rows(
    connection: Connection,
    place: Place,
    record: Row,
    copies: Sequence[Copy],
    kind: AttachmentKind,
    taken: date | None,
    about: str,
    stamp: Stamp,
) -> tuple[int, list[Entry]]:
    """Write rows for copies that lie in the folder; return the number of the last one and the events."""
    where = (StoredAttachment.kind == place.kind, StoredAttachment.record == record["id"])
    number = connection.execute(select(func.coalesce(func.max(StoredAttachment.number), 0)).where(*where)).scalar_one()
    entries: list[Entry] = []
    for copy in copies:
        number += 1
        row = {
            "kind": place.kind,
            "record": record["id"],
            "number": number,
            "what": kind,
            "name": copy.name,
            "sha256": copy.sha256,
            "size": copy.size,
            "path": copy.path,
            "taken": taken,
            "about": about,
            "actor": stamp.actor,
            "at": moment(stamp.at),
        }
        connection.execute(insert(StoredAttachment).values(row))
        entries.append(Entry(place.kind, record["id"], record["version"], "attach", {"row": plain(row)}))
    return number, entries


def attachments(place: Place, record: str) -> tuple[Attachment, ...]:
    """Return the attachments of a record by number.

    Raises
    ------
    UsageError
        When there is no such record.
    """
    with place.database.reading() as connection:
        stored_record(connection, place, record)
        return tuple(map(_attachment, fetched(connection, _of(place, record))))


def _of(place: Place, record: str) -> Select[Any]:
    return (
        select(*StoredAttachment.__table__.columns)
        .where(StoredAttachment.kind == place.kind, StoredAttachment.record == record)
        .order_by(StoredAttachment.number)
    )


def _attachment(row: Row) -> Attachment:
    return Attachment(
        row["number"],
        row["what"],
        row["name"],
        row["sha256"],
        row["size"],
        row["path"],
        row["taken"],
        row["about"],
        row["actor"],
        datetime.fromisoformat(row["at"]),
    )
