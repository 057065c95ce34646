"""New cases and changed ones: number, fields, boundary and verdict in one transaction."""

import re
from collections.abc import Mapping, Sequence

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, select

from zoning.errors import UsageError
from zoning.registers.case_rows import CaseConflictError, conflict
from zoning.registers.case_verdicts import NewVerdict, add_verdict
from zoning.registers.entries import KEEP, Change, Keep, Stamp
from zoning.registers.files import Copy
from zoning.registers.place import Place, stored_record, stored_records
from zoning.registers.record import Value
from zoning.registers.schema import StoredRecord
from zoning.registers.writing import apply_within

_NUMBER = re.compile(r"[^\s/\\?#%\x00-\x1f]{1,60}")
_DIGITS = 4


def next_number(connection: Connection, place: Place, year: int) -> str:
    """Return the first free number of a year: 2026-0001 and so on.

    Inside `database.writing()` nobody else can take it.
    """
    begin = f"{year}-"
    query = select(StoredRecord.id).where(
        StoredRecord.kind == place.kind, StoredRecord.id.startswith(begin, autoescape=True)
    )
    taken = [tail for (one,) in connection.execute(query) if (tail := one[len(begin) :]).isascii() and tail.isdecimal()]
    return f"{begin}{max(map(int, taken), default=0) + 1:0{_DIGITS}d}"


def create_case(
    connection: Connection,
    place: Place,
    number: str,
    values: Mapping[str, Value],
    stamp: Stamp,
    *,
    geometry: BaseGeometry | None = None,
    verdict: NewVerdict | None = None,
    files: Sequence[Copy] = (),
) -> str:
    """Register a case, with its first verdict where there is one; return its number.

    Parameters
    ----------
    number
        As the person wrote it; "" takes the next free one.
    geometry
        The boundary, longitude and latitude.

    Raises
    ------
    UsageError
        When the number cannot stand in an address.
    CaseConflictError
        When it is taken.
    ContentError
        When values do not fit to the type.
    """
    chosen = number.strip() or next_number(connection, place, stamp.day.year)
    if not _NUMBER.fullmatch(chosen):
        raise UsageError(
            f"案件编号“{chosen}”不能用：最多 60 个字，不含空格和 / \\ ? # %",
            f"'{chosen}' cannot be a case number: 60 characters at most, no spaces and none of / \\ ? # %",
        )
    if stored_records(connection, place.kind, [chosen]):
        raise CaseConflictError(
            f"案件编号 {chosen} 已被使用，请换一个；留空则自动编号",
            f"the case number {chosen} is taken: choose another one, or leave it empty",
        )
    change = Change(chosen, values=values, geometry=geometry)
    apply_within(connection, place, [change], stamp)
    if verdict is not None:
        add_verdict(connection, place, chosen, verdict, stamp, seen=0, files=files)
    return chosen


def change_case(
    connection: Connection,
    place: Place,
    record: str,
    values: Mapping[str, Value],
    stamp: Stamp,
    *,
    version: int,
    geometry: BaseGeometry | Keep | None = KEEP,
) -> None:
    """Change fields or the boundary (longitude and latitude) of a case.

    Raises
    ------
    CaseConflictError
        When somebody else has changed it since it was read, with who and when.
    ContentError
        When values do not fit to the type.
    UsageError
        When there is no such case, or the stamp does not say who and when.
    """
    if stored_record(connection, place, record)["version"] != version:
        raise conflict(connection, place, record)
    apply_within(connection, place, [Change(record, values=values, geometry=geometry, version=version)], stamp)
