"""Notes of a case."""

from sqlalchemy import Connection

from zoning.registers.canonical import moment
from zoning.registers.entries import Stamp
from zoning.registers.log import check_stamp
from zoning.registers.parts import add_row, demand_text
from zoning.registers.place import Place, stored_record
from zoning.registers.schema_cases import StoredNote


def add_note(connection: Connection, place: Place, record: str, text: str, stamp: Stamp) -> int:
    """Write down a note; return its number.

    Raises
    ------
    UsageError
        When it is empty or has control characters.
    """
    check_stamp(stamp)
    row = stored_record(connection, place, record)
    said = demand_text(text.replace("\r\n", "\n"), ("批注", "the note"))
    values = {"text": said, "actor": stamp.actor, "at": moment(stamp.at)}
    return add_row(connection, place, StoredNote, row, values, "note", stamp)
