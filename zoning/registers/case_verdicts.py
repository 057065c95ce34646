"""Verdicts of a case: every one is kept with its digests; a new one lets go what spoke of the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from zoning.errors import UsageError
from zoning.registers.attachments import add_rows
from zoning.registers.canonical import canonical, moment
from zoning.registers.case_notices import settle_notices
from zoning.registers.case_overrides import lapse_overrides
from zoning.registers.case_rows import Why, conflict, last_number
from zoning.registers.entries import Stamp
from zoning.registers.files import Copy
from zoning.registers.log import append, check_stamp
from zoning.registers.parts import add_row
from zoning.registers.place import Place, stored_record
from zoning.registers.schema_cases import StoredVerdict
from zoning.rules.verdict import DECISIONS


@dataclass(frozen=True, slots=True)
class NewVerdict:
    """A verdict that was reached.

    Attributes
    ----------
    document
        Its JSON, as it lies among the files.
    boundary
        SHA-256 of the boundary file.
    """

    site: str
    decision: str
    day: date
    document: Copy
    boundary: str
    facts: Mapping[str, Any]
    digests: Mapping[str, Any]
    why: Why


def add_verdict(
    connection: Connection,
    place: Place,
    record: str,
    new: NewVerdict,
    stamp: Stamp,
    *,
    seen: int,
    files: Sequence[Copy] = (),
    taken: int = 0,
) -> int:
    """Write down a verdict; return its number. An override that waits lapses, notices are answered.

    The JSON is attached to the case as well, so that the audit compares its bytes.

    Parameters
    ----------
    seen
        The number of the latest verdict when the person decided to have this one made; 0 for none.
    files
        Boundary files that belong to it.
    taken
        The notice that it was made of.

    Raises
    ------
    UsageError
        When there is no such case or decision, or the stamp does not say who and when.
    CaseConflictError
        When another verdict came in between.
    """
    check_stamp(stamp)
    row = stored_record(connection, place, record)
    if new.decision not in DECISIONS:
        raise UsageError(f"没有结论“{new.decision}”", f"there is no decision '{new.decision}'")
    if last_number(connection, place, record) != seen:
        raise conflict(connection, place, record)
    number = add_row(connection, place, StoredVerdict, row, _values(new, stamp), "verdict", stamp)
    for copies, about in (([new.document], f"verdict {number}"), (list(files), f"boundary {number}")):
        _, entries = add_rows(connection, place, row, copies, "document", None, about, stamp)
        append(connection, entries, stamp)
    lapse_overrides(connection, place, row, stamp)
    settle_notices(connection, place, row, stamp, taken={taken: number} if taken else {})
    return number


def _values(new: NewVerdict, stamp: Stamp) -> dict[str, Any]:
    return {
        "site": new.site,
        "decision": new.decision,
        "day": new.day,
        "document": new.document.sha256,
        "boundary": new.boundary,
        "facts": canonical(dict(new.facts)),
        "digests": canonical(dict(new.digests)),
        "why": new.why,
        "actor": stamp.actor,
        "at": moment(stamp.at),
    }
