"""Signed-in browsers: a random cookie, of which the database knows only the digest."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from zoning.registers.canonical import moment
from zoning.registers.database import Database
from zoning.registers.schema_server import StoredAccount, StoredSession
from zoning.web.access import NOBODY, Who

_NOTED_AFTER = timedelta(minutes=5)


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

    def begin(self, account: str, now: datetime) -> str:
        """Begin a session, always a new one; return the cookie."""
        cookie = secrets.token_urlsafe(32)
        with self._database.writing() as connection:
            connection.execute(delete(StoredSession).where(StoredSession.expires < moment(now)))
            epoch = connection.execute(
                select(StoredAccount.epoch).where(StoredAccount.name == account, StoredAccount.active)
            ).scalar_one()
            connection.execute(
                insert(StoredSession).values(
                    id=_digest(cookie),
                    account=account,
                    epoch=epoch,
                    csrf=secrets.token_urlsafe(32),
                    created=moment(now),
                    seen=moment(now),
                    expires=moment(now + self._idle),
                )
            )
        return cookie

    def who(self, cookie: str, now: datetime) -> Who:
        """Return who holds a cookie; nobody for one that is unknown or has ended."""
        from zoning.web.accounts.accounts import account_of

        if not cookie:
            return NOBODY
        with self._database.reading() as connection:
            query = select(*StoredSession.__table__.columns).where(StoredSession.id == _digest(cookie))
            row = connection.execute(query).mappings().one_or_none()
            if row is None or row["expires"] < moment(now):
                return NOBODY
            account = account_of(connection, row["account"])
        if account is None or not account.is_active or account.epoch != row["epoch"]:
            return NOBODY
        if now - datetime.fromisoformat(row["seen"]) > _NOTED_AFTER:
            until = min(now + self._idle, datetime.fromisoformat(row["created"]) + self._longest)
            with self._database.writing() as connection:
                values = {"seen": moment(now), "expires": moment(until)}
                connection.execute(update(StoredSession).where(StoredSession.id == row["id"]).values(values))
        return Who(account.name, account.title, account.roles, account.language, row["csrf"])

    def end(self, cookie: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            connection.execute(delete(StoredSession).where(StoredSession.id == _digest(cookie)))


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
