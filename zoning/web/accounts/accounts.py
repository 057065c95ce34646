"""Accounts: made on the command line or by an administrator; every change is in the log."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Connection, delete, insert, select, update

from zoning.errors import ContentError, UsageError
from zoning.registers.canonical import canonical, moment
from zoning.registers.database import Database
from zoning.registers.entries import Stamp
from zoning.registers.log import Entry, append
from zoning.registers.schema import LoggedEvent
from zoning.registers.schema_server import StoredAccount, StoredSession
from zoning.registers.values import is_plain_text
from zoning.texts import Language
from zoning.web.access import ROLES, Role
from zoning.web.accounts.passwords import hashed
from zoning.web.accounts.tokens import revoke_all

_NAME = re.compile(r"[A-Za-z0-9一-鿿][A-Za-z0-9._@一-鿿-]{0,39}")


_LONGEST_TITLE = 80


class ChangedMeanwhileError(ContentError):
    """Somebody else was faster."""

    http_status: ClassVar[int] = 409


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in; see `zoning.registers.schema_server.StoredAccount`."""

    name: str
    title: str
    roles: frozenset[Role]
    language: Language | None
    is_active: bool
    has_password: bool
    subject: str | None
    created: str
    version: int
    epoch: int


class Accounts:
    """All accounts of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Account, ...]:
        """Return all accounts by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(*StoredAccount.__table__.columns).order_by(StoredAccount.name)).mappings()
            return tuple(_account(dict(row)) for row in rows)

    def get(self, name: str) -> Account | None:
        """Return one account."""
        with self._database.reading() as connection:
            return account_of(connection, name)

    def password_of(self, name: str) -> str:
        """Return the hash of an active account's password; "" for everybody else."""
        with self._database.reading() as connection:
            row = _row(connection, name)
            return str(row["password"]) if row is not None and row["active"] else ""

    def of_subject(self, subject: str) -> Account | None:
        """Return the account that belongs to an identity of the provider."""
        query = select(*StoredAccount.__table__.columns).where(StoredAccount.subject == subject)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else _account({str(key): value for key, value in row.items()})

    def is_empty(self) -> bool:
        """Tell whether there is no account at all."""
        with self._database.reading() as connection:
            return connection.execute(select(StoredAccount.name).limit(1)).first() is None

    def last_change(self, name: str) -> tuple[str, str]:
        """Return who changed an account last, and when (UTC)."""
        query = select(LoggedEvent.actor, LoggedEvent.at).where(
            LoggedEvent.kind == "server", LoggedEvent.record == f"account:{name}"
        )
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(LoggedEvent.seq.desc()).limit(1)).first()
        return (row.actor, row.at) if row is not None else ("", "")

    def create(
        self,
        name: str,
        *,
        title: str,
        roles: Iterable[str],
        password: str,
        language: str = "",
        subject: str | None = None,
        stamp: Stamp,
    ) -> None:
        """Make an account; one without a password is for the provider of identities (`subject`).

        Raises
        ------
        UsageError
            When the name, a role or the password is not allowed, or the identity belongs to another account.
        ContentError
            When there is one of this name.
        """
        if not is_account_name(name):
            raise UsageError(
                "账号名只能用字母、数字、汉字和 . _ @ -，最多 40 个字符",
                "the name of an account has letters, digits, Chinese characters and . _ @ -, 40 at most",
            )
        values: dict[str, object] = {
            "name": name,
            "title": _title(title or name),
            "password": hashed(password) if password or subject is None else "",
            "roles": canonical(_roles(roles)),
            "language": language,
            "active": True,
            "subject": subject,
            "created": moment(stamp.at),
            "version": 1,
            "epoch": 1,
        }
        with self._database.writing() as connection:
            if _row(connection, name) is not None:
                raise ContentError(f"已有账号“{name}”", f"there is an account '{name}' already")
            _demand_free(connection, name, subject)
            connection.execute(insert(StoredAccount).values(values))
            told = {"roles": json.loads(str(values["roles"])), "title": values["title"], "subject": subject}
            append(connection, [_entry(name, "create", told, 1)], stamp)

    def change(  # noqa: PLR0913 - what can be changed
        self,
        name: str,
        *,
        version: int | None = None,
        title: str | None = None,
        roles: Iterable[str] | None = None,
        password: str | None = None,
        is_active: bool | None = None,
        language: str | None = None,
        subject: str | None = None,
        stamp: Stamp,
    ) -> None:
        """Change an account; new roles, a new password or switching it off end all its sessions.

        A password that somebody else sets, and switching the account off, also end its tokens.

        Raises
        ------
        UsageError
            When there is none of this name, or a value is not allowed, or nobody could administrate any more.
        ChangedMeanwhileError
            When it was changed since version `version` was read.
        """
        told: dict[str, object] = {
            "title": None if title is None else _title(title),
            "roles": None if roles is None else canonical(_roles(roles)),
            "password": None if password is None else hashed(password),
            "active": is_active,
            "language": language,
            "subject": subject,
        }
        with self._database.writing() as connection:
            row = _demand_version(name, _row(connection, name), version)
            _demand_free(connection, name, subject)
            new = {key: value for key, value in told.items() if value is not None and value != row[key]}
            if not new:
                return
            ends = not {"roles", "password", "active"}.isdisjoint(new)
            version, epoch = int(str(row["version"])) + 1, int(str(row["epoch"])) + ends
            after = {**row, **new, "version": version, "epoch": epoch}
            connection.execute(update(StoredAccount).where(StoredAccount.name == name).values(after))
            if ends:
                connection.execute(delete(StoredSession).where(StoredSession.account == name))
            _demand_administrator(connection)
            logged = [_entry(name, "change", _shown(new), version)]
            if new.get("active") is False or ("password" in new and stamp.actor != name):
                logged += revoke_all(connection, name, stamp.at)
            append(connection, logged, stamp)

    def end_sessions(self, name: str, stamp: Stamp) -> int:
        """End all sessions of an account, as an administrator does; return how many.

        Raises
        ------
        UsageError
            When there is no account of this name.
        """
        with self._database.writing() as connection:
            row = _row(connection, name)
            if row is None:
                raise _none(name)
            done = connection.execute(delete(StoredSession).where(StoredSession.account == name))
            told = _entry(name, "end-sessions", {"sessions": done.rowcount}, int(str(row["version"])))
            append(connection, [told], stamp)
        return int(done.rowcount)


def is_account_name(name: str) -> bool:
    """Tell whether an account may be called so."""
    return _NAME.fullmatch(name) is not None


def _shown(new: Mapping[str, object]) -> dict[str, object]:
    return {key: "***" if key == "password" else value for key, value in new.items()}


def _demand_version(name: str, row: dict[str, object] | None, version: int | None) -> dict[str, object]:
    if row is None:
        raise _none(name)
    if version is not None and row["version"] != version:
        raise ChangedMeanwhileError(
            f"账号“{name}”刚被他人修改，请刷新后再改", f"account '{name}' was just changed: reload it first"
        )
    return row


def account_of(connection: Connection, name: str) -> Account | None:
    """Return one account."""
    row = _row(connection, name)
    return None if row is None else _account(row)


def _row(connection: Connection, name: str) -> dict[str, object] | None:
    query = select(*StoredAccount.__table__.columns).where(StoredAccount.name == name)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else {str(key): value for key, value in row.items()}


def _account(row: dict[str, object]) -> Account:
    return Account(
        str(row["name"]),
        str(row["title"]),
        frozenset(json.loads(str(row["roles"]))),
        row["language"] if row["language"] in ("zh", "en") else None,
        bool(row["active"]),
        bool(row["password"]),
        None if row["subject"] is None else str(row["subject"]),
        str(row["created"]),
        int(str(row["version"])),
        int(str(row["epoch"])),
    )


def _none(name: str) -> UsageError:
    return UsageError(f"没有账号“{name}”", f"there is no account '{name}'")


def _roles(roles: Iterable[str]) -> list[str]:
    found = sorted(set(roles))
    unknown = [role for role in found if role not in ROLES]
    if unknown or not found:
        listed = ", ".join(ROLES)
        raise UsageError(f"角色须为以下之一或几个：{listed}", f"roles are one or more of: {listed}")
    return found


def _title(title: str) -> str:
    text = title.strip()
    if not text or not is_plain_text(text) or "\n" in text or len(text) > _LONGEST_TITLE:
        raise UsageError("姓名不能为空、过长或含控制字符", "a person's name must not be empty, too long or unprintable")
    return text


def _demand_free(connection: Connection, name: str, subject: str | None) -> None:
    if subject is None:
        return
    query = select(StoredAccount.name).where(StoredAccount.subject == subject, StoredAccount.name != name)
    other = connection.execute(query).scalar()
    if other is not None:
        raise UsageError(f"该身份已属于账号“{other}”", f"this identity belongs to account '{other}' already")


def _demand_administrator(connection: Connection) -> None:
    rows = connection.execute(select(StoredAccount.roles).where(StoredAccount.active)).scalars()
    if not any("admin" in json.loads(roles) for roles in rows):
        raise UsageError("至少要保留一个有效的管理员账号", "at least one active administrator has to remain")


def _entry(name: str, what: str, values: dict[str, object], version: int) -> Entry:
    return Entry("server", f"account:{name}", version, "admin", {"what": what, **values})
