"""Staged works of a record: what is planned, what was done."""

import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import update

from zoning.errors import ContentError, UsageError
from zoning.registers.entries import Stamp, Work
from zoning.registers.log import append, check_stamp
from zoning.registers.parts import add_row, demand_text, part_entry, row_of, rows_of
from zoning.registers.place import Place, Row, stored_record
from zoning.registers.schema import StoredWork

_WORD = "工程|work"


def works(place: Place, record: str) -> tuple[Work, ...]:
    """Return the works of a record by number.

    Raises
    ------
    UsageError
        When there is no such record.
    """
    with place.database.reading() as connection:
        stored_record(connection, place, record)
        return tuple(map(work_of, rows_of(connection, place, StoredWork, record)))


def plan_work(  # noqa: PLR0913 - what a work consists of
    place: Place,
    record: str,
    measure: str,
    *,
    stage: str,
    quantity: float | None,
    unit: str,
    begin: date | None,
    end: date | None,
    stamp: Stamp,
) -> int:
    """Plan a work; see `zoning.registers.register.Register.plan_work`.

    Raises
    ------
    UsageError
        When the record is unknown, measure or unit are missing, the quantity cannot be meant, or it ends before it
        begins.
    """
    check_stamp(stamp)
    _demand_order(begin, end)
    values = {
        "stage": demand_text(stage, ("阶段", "the stage"), empty=True),
        "measure": demand_text(measure, ("措施", "the measure")),
        "unit": demand_text(unit, ("单位", "the unit"), empty=quantity is None),
        "quantity": _quantity(quantity),
        "planned_from": begin,
        "planned_to": end,
        "done": None,
        "actual_from": None,
        "actual_to": None,
        "version": 1,
    }
    with place.database.writing() as connection:
        row = stored_record(connection, place, record)
        return add_row(connection, place, StoredWork, row, values, "work", stamp)


def record_work(
    place: Place,
    record: str,
    number: int,
    *,
    begin: date | None,
    end: date | None,
    quantity: float | None,
    version: int,
    stamp: Stamp,
) -> int:
    """Write down what was done; see `zoning.registers.register.Register.record_work`.

    Raises
    ------
    UsageError
        When record or work are unknown, a day lies in the future, it ends before it begins, it has no begin, or the
        quantity cannot be meant.
    ContentError
        When the work was changed since it was read.
    """
    check_stamp(stamp)
    for day in (begin, end):
        if day is not None and day > stamp.day:
            raise UsageError(f"日期 {day} 在将来", f"the day {day} lies in the future")
    with place.database.writing() as connection:
        owner = stored_record(connection, place, record)
        row = row_of(connection, place, StoredWork, record, number, _WORD)
        if row["version"] != version:
            raise ContentError(
                f"{record} 的第 {number} 号工程在读取之后已被更改；没有写入，请重新读取后再改",
                f"{record}: work {number} was changed after it was read; nothing was written: read it again",
            )
        done = _done(row, begin, end, _quantity(quantity))
        query = update(StoredWork).where(
            StoredWork.kind == place.kind, StoredWork.record == record, StoredWork.number == number
        )
        connection.execute(query.values(done))
        append(connection, [part_entry(place, owner, "work-recorded", {**row, **done})], stamp)
    return version + 1


def _done(row: Row, begin: date | None, end: date | None, quantity: float | None) -> Mapping[str, Any]:
    """Return the columns to set; what is not told stays."""
    begin, end = begin or row["actual_from"], end or row["actual_to"]
    _demand_order(begin, end)
    if end is not None and begin is None:
        raise UsageError("须写明开工日期（--from）", "say when it began (--from)")
    done = quantity if quantity is not None else row["done"]
    return {"done": done, "actual_from": begin, "actual_to": end, "version": row["version"] + 1}


def _demand_order(begin: date | None, end: date | None) -> None:
    if begin is not None and end is not None and end < begin:
        raise UsageError(f"结束日期 {end} 早于开始日期 {begin}", f"the end {end} is before the begin {begin}")


def _quantity(value: float | None) -> float | None:
    if value is None:
        return None
    if not math.isfinite(value) or value < 0:
        raise UsageError(f"数量不能是 {value}", f"the quantity cannot be {value}")
    return float(value) + 0.0


def work_of(row: Row) -> Work:
    """Return the work of a row."""
    return Work(**{field.name: row[field.name] for field in fields(Work)})
