"""Registers of the made-up type that are there at once: an empty file is made once and copied for every test."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event, text

from register_world import KIND, TYPES, opened
from zoning.registers.place import Place
from zoning.registers.store import Register, Store


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite"
        with opened(str(path), Path(folder) / "files"):
            pass
        return path.read_bytes()


@contextmanager
def office(folder: Path) -> Iterator[tuple[Store, Register]]:
    """Give an empty register of pits in `folder`, its copies of documents in `folder`/files."""
    path = folder / "register.sqlite"
    path.write_bytes(_empty())
    with opened(str(path), folder / "files", create=False) as found:
        event.listen(found[0].database._engine, "connect", _wait_for_no_disk)
        yield found


def _wait_for_no_disk(connection: sqlite3.Connection, _: object) -> None:
    """Leave out what only counts when the power fails: these tests end before that."""
    connection.execute("PRAGMA synchronous = OFF")


def place_of(store: Store) -> Place:
    """Return the register of pits as operations are handed it."""
    return Place(store.database, TYPES[KIND], store.files)


def rows(store: Store, query: str, **told: Any) -> list[dict[str, Any]]:
    """Return what the tables hold."""
    with store.database.reading() as connection:
        return [dict(row) for row in connection.execute(text(query), told).mappings()]


def logged(store: Store) -> list[tuple[str, int, str, Any]]:
    """Return record, version, action and payload of all rows of the log."""
    found = rows(store, "SELECT record, version, action, payload FROM register_event ORDER BY seq")
    return [(row["record"], row["version"], row["action"], json.loads(row["payload"])) for row in found]


def proof_in(folder: Path, content: str = "proof", name: str = "proof.txt") -> Path:
    """Write a document and return it."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path
