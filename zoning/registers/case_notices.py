"""Word that a case comes out otherwise since layers or rules have changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, update

from zoning.registers.canonical import canonical, moment
from zoning.registers.case_notes import add_note
from zoning.registers.case_rows import conflict, last_number
from zoning.registers.entries import Stamp
from zoning.registers.log import append, check_stamp
from zoning.registers.parts import add_row, demand_text, part_entry, row_of, rows_of
from zoning.registers.place import Place, Row, stored_record
from zoning.registers.schema_cases import StoredNotice

SYSTEM: Final = "zoning:recheck"
"""Who writes notices; no account can bear this name."""
_WORD = "变化提示|notice"


@dataclass(frozen=True, slots=True)
class NewNotice:
    """What came out when a case was checked again.

    Attributes
    ----------
    verdict
        Number of the verdict that it was compared with.
    after
        The new decision; "refused" or "failed" where there is none.
    difference
        What differs; empty where nothing does.
    """

    cause: Mapping[str, Any]
    verdict: int
    before: str
    after: str
    document: str
    difference: Sequence[Mapping[str, Any]]


def notice(connection: Connection, place: Place, record: str, new: NewNotice, stamp: Stamp) -> int | None:
    """Write down that a case comes out otherwise; return the number of the notice, None where nothing is to be said.

    The same difference of the same verdict is noticed once. A notice that is no longer true (nothing differs any more,
    or something else does) is settled, so that only what holds now is open. Nothing happens where the case has got a
    newer verdict meanwhile.

    Raises
    ------
    UsageError
        When there is no such case, or the stamp does not say who and when.
    """
    check_stamp(stamp)
    row = stored_record(connection, place, record)
    if last_number(connection, place, record) != new.verdict:
        return None
    own = [one for one in rows_of(connection, place, StoredNotice, record) if one["verdict"] == new.verdict]
    latest = own[-1] if own else None
    told = canonical([dict(one) for one in new.difference])
    # A notice that the program settled itself holds no more; one that a person has seen is not shown to him twice.
    if (
        latest is not None
        and latest["seen_by"] != SYSTEM
        and (latest["difference"], latest["after"]) == (told, new.after)
    ):
        return None
    settle_notices(connection, place, row, stamp)
    if not new.difference:
        return None
    values = {
        "cause": canonical(dict(new.cause)),
        "verdict": new.verdict,
        "before": new.before,
        "after": new.after,
        "document": new.document,
        "difference": told,
        "at": moment(stamp.at),
        "seen_by": "",
        "seen_at": "",
        "taken": 0,
    }
    return add_row(connection, place, StoredNotice, row, values, "notice", stamp)


def see_notice(connection: Connection, place: Place, record: str, number: int, note: str, stamp: Stamp) -> None:
    """Mark a notice as seen; what the person says of it becomes a note of the case.

    Raises
    ------
    UsageError
        When nothing is said, or there is no such notice.
    CaseConflictError
        When somebody has answered it already.
    """
    check_stamp(stamp)
    said = demand_text(note, ("说明", "the note"))
    row = stored_record(connection, place, record)
    found = open_notice(connection, place, record, number)
    _answer(connection, place, row, found, stamp, 0)
    add_note(connection, place, record, f"变化提示 {number} · notice {number}：{said}", stamp)


def open_notice(connection: Connection, place: Place, record: str, number: int) -> Row:
    """Return a notice that nobody has answered.

    Raises
    ------
    UsageError
        When there is none of this number.
    CaseConflictError
        When somebody has answered it.
    """
    found = row_of(connection, place, StoredNotice, record, number, _WORD)
    if found["seen_at"]:
        raise conflict(connection, place, record)
    return found


def settle_notices(
    connection: Connection, place: Place, record: Row, stamp: Stamp, *, taken: Mapping[int, int] | None = None
) -> None:
    """Answer all open notices of a case. `taken`: verdict that was made of a notice, by its number."""
    for found in rows_of(connection, place, StoredNotice, record["id"]):
        if not found["seen_at"]:
            _answer(connection, place, record, found, stamp, (taken or {}).get(found["number"], 0))


def _answer(connection: Connection, place: Place, record: Row, found: Row, stamp: Stamp, taken: int) -> None:
    told = {"seen_by": stamp.actor, "seen_at": moment(stamp.at), "taken": taken}
    query = update(StoredNotice).where(
        StoredNotice.kind == place.kind, StoredNotice.record == record["id"], StoredNotice.number == found["number"]
    )
    connection.execute(query.values(told))
    append(connection, [part_entry(place, record, "notice-answered", {**found, **told})], stamp)
