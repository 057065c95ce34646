"""Problems, works and money of all records at once, for ledgers and overviews."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from zoning.registers.entries import Payment, Problem, Work
from zoning.registers.parts import Part, rows_of
from zoning.registers.payments import payment_of
from zoning.registers.place import Place, Row
from zoning.registers.problems import problem_of
from zoning.registers.schema import StoredPayment, StoredProblem, StoredWork
from zoning.registers.works import work_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Items:
    """By record, in the order of their numbers; records that have none are left out."""

    problems: Mapping[str, tuple[Problem, ...]]
    works: Mapping[str, tuple[Work, ...]]
    payments: Mapping[str, tuple[Payment, ...]]


def all_items(place: Place) -> Items:
    """Return what all records of a register have, as it stood at one moment."""
    with place.database.reading() as connection:
        return Items(
            _by_record(connection, place, StoredProblem, problem_of),
            _by_record(connection, place, StoredWork, work_of),
            _by_record(connection, place, StoredPayment, payment_of),
        )


def _by_record(connection: Connection, place: Place, table: Part, made: Callable[[Row], T]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for row in rows_of(connection, place, table):
        found.setdefault(row["record"], []).append(made(row))
    return {record: tuple(items) for record, items in found.items()}
