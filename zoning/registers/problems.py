"""Problems of a record, closed item by item with evidence (逐条销号)."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import update

from zoning.errors import UsageError
from zoning.registers.attachments import add_rows
from zoning.registers.canonical import canonical
from zoning.registers.entries import Problem, Stamp
from zoning.registers.files import keep_copy
from zoning.registers.log import append, check_stamp
from zoning.registers.parts import add_row, demand_text, part_entry, row_of, rows_of
from zoning.registers.place import Place, Row, stored_record
from zoning.registers.schema import StoredProblem

_WORD = "问题|problem"
_COLUMNS = ("number", "what", "source", "found", "deadline", "opened_by", "closed", "closed_by", "how")


def problems(place: Place, record: str) -> tuple[Problem, ...]:
    """Return the problems of a record by number.

    Raises
    ------
    UsageError
        When there is no such record.
    """
    with place.database.reading() as connection:
        stored_record(connection, place, record)
        return tuple(map(problem_of, rows_of(connection, place, StoredProblem, record)))


def add_problem(
    place: Place, record: str, what: str, *, found: date, deadline: date | None, source: str, stamp: Stamp
) -> int:
    """Write down a problem; see `zoning.registers.register.Register.add_problem`.

    Raises
    ------
    UsageError
        When the record is unknown, nothing is told, it is found in the future, or due before it was found.
    """
    check_stamp(stamp)
    if found > stamp.day:
        raise UsageError(f"日期 {found} 在将来", f"the day {found} lies in the future")
    if deadline is not None and deadline < found:
        raise UsageError(
            f"期限 {deadline} 早于发现日期 {found}", f"the deadline {deadline} is before {found}, when it was found"
        )
    values = {
        "what": demand_text(what, ("问题内容", "the problem")),
        "source": demand_text(source, ("来源", "the source"), empty=True),
        "found": found,
        "deadline": deadline,
        "opened_by": stamp.actor,
        "closed": None,
        "closed_by": "",
        "how": "",
        "evidence": "[]",
    }
    with place.database.writing() as connection:
        row = stored_record(connection, place, record)
        return add_row(connection, place, StoredProblem, row, values, "problem", stamp)


def close_problem(
    place: Place, record: str, number: int, *, on: date, how: str, evidence: Sequence[Path], stamp: Stamp
) -> None:
    """Close a problem; see `zoning.registers.register.Register.close_problem`.

    Raises
    ------
    UsageError
        When record or problem are unknown, what was done or a document is missing, the day lies in the future or before
        it was found, or it is closed already.
    ContentError
        When a document cannot be kept.
    """
    check_stamp(stamp)
    done = demand_text(how, ("整改情况", "what was done"))
    if not evidence:
        raise UsageError(
            f"{record}：销号须附佐证材料（--evidence）", f"{record}: closing a problem asks for a document (--evidence)"
        )
    if on > stamp.day:
        raise UsageError(f"日期 {on} 在将来", f"the day {on} lies in the future")
    with place.database.reading() as connection:  # before any file is copied
        _demand_open(row_of(connection, place, StoredProblem, record, number, _WORD), on)
    copies = [keep_copy(place.files, path) for path in evidence]
    with place.database.writing() as connection:
        owner = stored_record(connection, place, record)
        row = row_of(connection, place, StoredProblem, record, number, _WORD)
        _demand_open(row, on)
        closing = {
            "closed": on,
            "closed_by": stamp.actor,
            "how": done,
            "evidence": canonical([copy.sha256 for copy in copies]),
        }
        query = update(StoredProblem).where(
            StoredProblem.kind == place.kind, StoredProblem.record == record, StoredProblem.number == number
        )
        connection.execute(query.values(closing))
        _, entries = add_rows(connection, place, owner, copies, "evidence", on, f"problem {number}", stamp)
        append(connection, [part_entry(place, owner, "problem-closed", {**row, **closing}), *entries], stamp)


def _demand_open(row: Row, on: date) -> None:
    record, number = row["record"], row["number"]
    if row["closed"] is not None:
        who, when = row["closed_by"], row["closed"]
        raise UsageError(
            f"{record} 的第 {number} 号问题已由 {who} 于 {when} 销号",
            f"{record}: problem {number} was closed by {who} on {when} already",
        )
    if on < row["found"]:
        raise UsageError(
            f"销号日期 {on} 早于发现日期 {row['found']}", f"the day {on} is before {row['found']}, when it was found"
        )


def problem_of(row: Row) -> Problem:
    """Return the problem of a row."""
    columns = {name: row[name] for name in _COLUMNS}
    return Problem(**columns, evidence=tuple(json.loads(row["evidence"])))
