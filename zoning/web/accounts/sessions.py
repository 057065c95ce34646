"""Signed-in browsers: a random cookie, of which the database knows only the digest."""

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from zoning.errors import ZoningError
from zoning.registers.canonical import moment, sha256
from zoning.registers.database import Database
from zoning.registers.schema_server import StoredAccount, StoredSession
from zoning.web.access import NOBODY, Who

_NOTED_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its owner sees it. `id`: digest of the cookie; `is_this`: whether it is the one that asks."""

    id: str
    created: str
    seen: str
    expires: str
    is_this: bool


class Sessions:
    """All sessions of a database.

    Parameters
    ----------
    hours
        After so many hours without a request a session ends; it never lasts longer than `longest_hours`.
    """

    def __init__(self, database: Database, *, hours: float, longest_hours: float = 72.0) -> None:
        self._database = database
        self._idle = timedelta(hours=hours)
        self._longest = timedelta(hours=longest_hours)

    def begin(self, account: str, now: datetime, *, instead_of: str = "") -> str:
        """Begin a session, always a new one, and end the one that the browser had; return the cookie."""
        cookie = secrets.token_urlsafe(32)
        ended = StoredSession.expires < moment(now)
        if instead_of:
            ended |= StoredSession.id == sha256(instead_of.encode())
        with self._database.writing() as connection:
            connection.execute(delete(StoredSession).where(ended))
            epoch = connection.execute(
                select(StoredAccount.epoch).where(StoredAccount.name == account, StoredAccount.active)
            ).scalar_one()
            connection.execute(
                insert(StoredSession).values(
                    id=sha256(cookie.encode()),
                    account=account,
                    epoch=epoch,
                    csrf=secrets.token_urlsafe(32),
                    created=moment(now),
                    seen=moment(now),
                    expires=moment(now + min(self._idle, self._longest)),
                )
            )
        return cookie

    def who(self, cookie: str, now: datetime) -> Who:
        """Return who holds a cookie; nobody for one that is unknown or has ended."""
        if not cookie:
            return NOBODY
        query = (
            select(
                StoredSession.id,
                StoredSession.csrf,
                StoredSession.created,
                StoredSession.seen,
                StoredSession.expires,
                StoredAccount.name,
                StoredAccount.title,
                StoredAccount.roles,
                StoredAccount.language,
            )
            .join_from(StoredSession, StoredAccount, StoredAccount.name == StoredSession.account)
            .where(
                StoredSession.id == sha256(cookie.encode()),
                StoredAccount.active,
                StoredAccount.epoch == StoredSession.epoch,
            )
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.expires <= moment(now):
            return NOBODY
        self._note(row.id, row.created, row.seen, now)
        return Who(row.name, row.title, frozenset(json.loads(row.roles)), row.language or None, row.csrf)

    def of(self, account: str, now: datetime, cookie: str = "") -> tuple[Session, ...]:
        """Return the sessions of an account that have not ended, the latest first."""
        query = select(StoredSession.id, StoredSession.created, StoredSession.seen, StoredSession.expires).where(
            StoredSession.account == account, StoredSession.expires > moment(now)
        )
        this = sha256(cookie.encode())
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(StoredSession.seen.desc())).all()
        return tuple(Session(row.id, row.created, row.seen, row.expires, row.id == this) for row in rows)

    def end(self, cookie: str) -> None:
        """End the session of a cookie."""
        with self._database.writing() as connection:
            connection.execute(delete(StoredSession).where(StoredSession.id == sha256(cookie.encode())))

    def end_of(self, account: str, number: str = "", *, but: str = "") -> int:
        """End one session of an account, or all but that of the cookie `but`; return how many."""
        chosen = StoredSession.id == number if number else StoredSession.id != sha256(but.encode())
        with self._database.writing() as connection:
            done = connection.execute(delete(StoredSession).where(StoredSession.account == account, chosen))
        return int(done.rowcount)

    def _note(self, number: str, created: str, seen: str, now: datetime) -> None:
        if now - datetime.fromisoformat(seen) <= min(_NOTED_AFTER, self._idle / 10):
            return
        until = min(now + self._idle, datetime.fromisoformat(created) + self._longest)
        values = {"seen": moment(now), "expires": moment(until)}
        # A page is shown even where the moment cannot be noted, as on a full disk.
        with suppress(ZoningError), self._database.writing() as connection:
            connection.execute(update(StoredSession).where(StoredSession.id == number).values(values))
