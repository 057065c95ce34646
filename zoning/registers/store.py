"""The door of the register: open a store, take the register of a kind, read and change its records.

    with open_store("register.sqlite", types, create=False) as store:
        register = store.register("mine-parcels")
        for record in register.records(state="planned"): ...

Everything that changes something is one transaction: all of it or nothing, however many writers there are.
"""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from zoning.errors import UsageError
from zoning.registers.audit import verify
from zoning.registers.database import Database, open_database
from zoning.registers.entries import (
    ATTACHMENT_KINDS,
    KEEP,
    Attachment,
    AttachmentKind,
    AuditReport,
    Change,
    Due,
    Event,
    Fault,
    Keep,
    Payment,
    Problem,
    Stamp,
    Work,
)
from zoning.registers.files import clear_incoming
from zoning.registers.place import Place
from zoning.registers.register import Register
from zoning.registers.types import RegisterType

__all__ = [
    "ATTACHMENT_KINDS",
    "KEEP",
    "Attachment",
    "AttachmentKind",
    "AuditReport",
    "Change",
    "Due",
    "Event",
    "Fault",
    "Keep",
    "Payment",
    "Problem",
    "Register",
    "Stamp",
    "Store",
    "Work",
    "open_store",
]


class Store:
    """All registers of one file or database. Made by `open_store`."""

    def __init__(self, database: Database, types: Mapping[str, RegisterType], files: Path | None) -> None:
        self._database = database
        self._types = types
        self._files = files

    @property
    def name(self) -> str:
        """What sentences call it; without a password."""
        return self._database.name

    @property
    def database(self) -> Database:
        """The tables themselves: for what is no register, such as the accounts of the server."""
        return self._database

    @property
    def types(self) -> Mapping[str, RegisterType]:
        """The kinds of registers that it was opened with, by id."""
        return self._types

    @property
    def files(self) -> Path | None:
        """The folder with the copies of photos and documents."""
        return self._files

    def register(self, kind: str) -> Register:
        """Return the register of one kind.

        Raises
        ------
        UsageError
            When the workspace has no such kind.
        """
        known = self._types.get(kind)
        if known is None:
            names = "、".join(self._types) or "—"
            raise UsageError(
                f"没有台账类型“{kind}”；有：{names}",
                f"there is no kind of register '{kind}'; there are: {names.replace('、', ', ')}",
            )
        return Register(Place(self._database, known, self._files))

    def verify(self, *, known_head: str | None = None) -> AuditReport:
        """Check the whole log, and every table and file against it; see `zoning.registers.audit`.

        Parameters
        ----------
        known_head
            A hash that was written down earlier: it must still be that of a row.
        """
        return verify(self._database, self._files, known_head)

    def close(self) -> None:
        """Let go of the file or the connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(
    address: str,
    types: Mapping[str, RegisterType],
    *,
    create: bool,
    files: Path | None = None,
    upgrade: bool = False,
) -> Store:
    """Open a store, and bring its tables up to date; what was done to older ones is told by `database.upgrade`.

    Parameters
    ----------
    address
        A file (SQLite) or a postgresql:// URL.
    create
        Make it where there is none; without it a missing one is an error.
    files
        Folder of photos and documents; by default `<file>-files` beside the file, none for a database.
    upgrade
        Tables of an earlier version in a database are brought up to date; those of a file always are, with a copy.

    Raises
    ------
    UsageError
        When there is none.
    ContentError
        When it is no register, or of a newer version, or cannot be opened; a database also when it is older and
        nobody asked for the upgrade.
    """
    database = open_database(address, create=create, upgrade=upgrade)
    if files is None and database.path is not None:
        files = database.path.with_name(f"{database.path.stem}-files")
    if files is not None:
        clear_incoming(files)
    return Store(database, types, files)
