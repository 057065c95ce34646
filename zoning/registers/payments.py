"""Money for a record: planned and paid, by source, exact to the fen."""

from datetime import date
from decimal import Decimal
from typing import Literal

from zoning.errors import UsageError
from zoning.registers.entries import Payment, Stamp
from zoning.registers.log import check_stamp
from zoning.registers.parts import add_row, demand_text, rows_of
from zoning.registers.place import Place, Row, stored_record
from zoning.registers.schema import StoredPayment

FEN = 1_000_000
"""Fen in 10,000 yuan."""
_MOST = 10**15


def payments(place: Place, record: str) -> tuple[Payment, ...]:
    """Return the payments of a record by number.

    Raises
    ------
    UsageError
        When there is no such record.
    """
    with place.database.reading() as connection:
        stored_record(connection, place, record)
        return tuple(map(payment_of, rows_of(connection, place, StoredPayment, record)))


def add_payment(
    place: Place,
    record: str,
    source: str,
    amount: Decimal,
    *,
    status: Literal["planned", "paid"],
    on: date,
    note: str,
    stamp: Stamp,
) -> int:
    """Write down a payment; see `zoning.registers.register.Register.add_payment`.

    Raises
    ------
    UsageError
        When the amount is nothing or not exact to the fen, or something was paid in the future.
    """
    check_stamp(stamp)
    if status == "paid" and on > stamp.day:
        raise UsageError(f"日期 {on} 在将来", f"the day {on} lies in the future")
    values = {
        "source": demand_text(source, ("资金来源", "the source of the money")),
        "status": status,
        "fen": _fen(amount),
        "day": on,
        "note": demand_text(note, ("说明", "the note"), empty=True),
    }
    with place.database.writing() as connection:
        row = stored_record(connection, place, record)
        return add_row(connection, place, StoredPayment, row, values, "payment", stamp)


def _fen(amount: Decimal) -> int:
    fen = amount * FEN if amount.is_finite() else Decimal(0)
    if fen == 0 or fen != fen.to_integral_value() or abs(fen) > _MOST:
        raise UsageError(
            f"金额 {amount} 万元：应为不等于零、精确到分的数",
            f"amount {amount} (10,000 yuan): a number other than zero, exact to the fen, is wanted",
        )
    return int(fen)


def payment_of(row: Row) -> Payment:
    """Return the payment of a row."""
    amount = Decimal(row["fen"]) / FEN
    return Payment(row["number"], row["source"], row["status"], amount, row["day"], row["note"])
