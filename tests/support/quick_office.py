"""The register of an office without a server: accounts in a moment, everything forgotten between two tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, insert

from zoning.registers.canonical import canonical, moment
from zoning.registers.database import Database
from zoning.registers.entries import Stamp
from zoning.registers.schema_server import (
    StoredAccount,
    StoredCheck,
    StoredDelivery,
    StoredEdition,
    StoredHook,
    StoredJob,
    StoredSession,
    StoredToken,
)
from zoning.registers.store import Store, open_store

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
"""Noon in China, on a Monday."""
_TABLES = (
    StoredAccount,
    StoredSession,
    StoredToken,
    StoredCheck,
    StoredJob,
    StoredEdition,
    StoredHook,
    StoredDelivery,
)


def after(**parts: float) -> datetime:
    """Return the moment so long after noon; the words are those of timedelta."""
    return NOON + timedelta(**parts)


def stamp(actor: str = "setup", at: datetime = NOON) -> Stamp:
    """Return who does something, and when."""
    return Stamp(actor, at)


@contextmanager
def register(folder: Path) -> Iterator[Store]:
    """Yield an empty register without kinds of records."""
    with open_store(str(folder / "register.sqlite"), {}, create=True, files=folder / "files") as store:
        yield store


def forget(database: Database) -> None:
    """Empty the tables of the server; the log stays."""
    with database.writing() as connection:
        for table in _TABLES:
            connection.execute(delete(table))


def add_account(database: Database, name: str, *roles: str, **values: object) -> None:
    """Keep an account as it stands in its table: nothing is hashed, nothing is logged."""
    row = {
        "name": name,
        "title": name.title(),
        "password": "",
        "roles": canonical(sorted(roles or ("viewer",))),
        "language": "",
        "active": True,
        "subject": None,
        "created": moment(NOON),
        "version": 1,
        "epoch": 1,
        **values,
    }
    with database.writing() as connection:
        connection.execute(insert(StoredAccount).values(row))
