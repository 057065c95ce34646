"""Opens the register that a command is about, and says who acts and when."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.register_options import RegisterRequest
from zoning.cli.session import Session
from zoning.errors import UsageError

if TYPE_CHECKING:
    from zoning.registers.record import Record
    from zoning.registers.register import Register
    from zoning.registers.store import Stamp, Store
    from zoning.registers.types import RegisterType

VARIABLE = "ZONING_REGISTER"
ACTOR = "ZONING_ACTOR"
FILE = "register.sqlite"
FOLDER = "register-files"
CASES = "cases"
_SERVERS = ("postgresql:", "postgres:")


@dataclass(frozen=True, slots=True)
class Opened:
    """A store with the register of one kind."""

    store: "Store"
    register: "Register"

    @property
    def kind(self) -> "RegisterType":
        """The type of the register."""
        return self.register.type

    def record(self, number: str) -> "Record":
        """Return a record.

        Raises
        ------
        UsageError
            When there is none; a near one is named.
        """
        found = self.register.get(number)
        if found is not None:
            return found
        from zoning.mistakes import meant

        near = meant(number, [record.id for record in self.register.records()])
        raise UsageError(
            f"{self.kind.title.zh}中没有“{number}”{near.zh}",
            f"there is no '{number}' in the register {self.kind.title.en}{near.en}",
        )


@contextmanager
def opened(session: Session, where: RegisterRequest, *, create: bool = False) -> Iterator[Opened]:
    """Open the register; close it at the end.

    Raises
    ------
    UsageError
        When there is no workspace for a register, no register, or no such kind.
    ContentError
        When the types of the workspace have mistakes, or the register cannot be opened.
    """
    from zoning.registers.store import open_store

    address, folder, types = place_of(session, where)
    if where.kind not in types:
        raise no_kind(where.kind, types)
    # Who makes a register means it: the one command that also brings the tables of a database up to date.
    with open_store(address, types, create=create, files=folder, upgrade=create) as store:
        tell_upgrade(session, store)
        yield Opened(store, store.register(where.kind))


def tell_upgrade(session: Session, store: "Store") -> None:
    """Say what was done to tables of an earlier version, and where the register lies as it was."""
    done = store.database.upgrade
    if done is not None:
        session.say(done.text)


def place_of(session: Session, where: RegisterRequest) -> "tuple[str, Path | None, dict[str, RegisterType]]":
    """Return where the register is, the folder of its files where it is named, and the kinds of the workspace.

    Raises
    ------
    UsageError
        When no register is named, and there is no workspace that could hold one.
    ContentError
        When the types of the workspace have mistakes.
    """
    from zoning.workspace import find_workspace

    root, is_fallback = find_workspace(where.workspace, session.environ, Path.cwd())
    types = types_of(root)
    address = where.register or session.environ.get(VARIABLE)
    if address is None:
        if is_fallback:
            raise UsageError(
                "没有工作空间可放台账；请用 zoning init 建立工作空间，或用 --register 指明台账文件",
                "there is no workspace for a register: make one with zoning init, or name a file with --register",
            )
        address = str(root / FILE)
    folder = where.files
    if folder is None and address.startswith(_SERVERS) and not is_fallback:
        folder = root / FOLDER
    return address, folder, types


def types_of(root: Path) -> "dict[str, RegisterType]":
    """Return the kinds of registers of a workspace; those that come with the program where it has none.

    Workspaces of before 0.6.0 have no cases: those that come with the program stand in for them.

    Raises
    ------
    ContentError
        When a type has mistakes.
    """
    from zoning.registers.types import read_register_types
    from zoning.workspace import builtin_root

    own = read_register_types(root)
    if CASES in own:
        return own
    builtin = read_register_types(builtin_root())
    return {**own, CASES: builtin[CASES]} if own else builtin


def no_kind(kind: str, types: "dict[str, RegisterType]") -> UsageError:
    """Return the error for a kind that the workspace does not have."""
    from zoning.mistakes import meant

    near = meant(kind, types)
    return UsageError(
        f"没有台账类型“{kind}”（有：{'、'.join(types) or '—'}）{near.zh}",
        f"there is no kind of register '{kind}' (there are: {', '.join(types) or '-'}){near.en}",
    )


def stamp_of(session: Session, by: str | None, note: str = "") -> "Stamp":
    """Return who acts, now: --by, $ZONING_ACTOR, or the login name.

    Raises
    ------
    UsageError
        When nobody is named, and the system does not know who is logged in.
    """
    from zoning.registers.store import Stamp

    actor = by or session.environ.get(ACTOR) or _login()
    return Stamp(actor, datetime.now(UTC), note)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise UsageError("请用 --by 写明操作人", "say who does it: --by") from error


def day_of(session: Session, text: str | None, option: str) -> date:
    """Return the day that an option names; today in China without one.

    Raises
    ------
    UsageError
        When it is no date.
    """
    found = optional_day(text, option)
    return session.today() if found is None else found


def optional_day(text: str | None, option: str) -> date | None:
    """Return the day that an option names; None without one.

    Raises
    ------
    UsageError
        When it is no date.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{option}：“{text}”不是日期；写成 2026-11-22 的形式",
            f"{option}: '{text}' is no date; write it like 2026-11-22",
        ) from error
