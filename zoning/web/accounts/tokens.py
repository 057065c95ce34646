"""Tokens of programs: `zt_<id>_<secret>`, shown once, of which the database keeps only the digest of the secret."""

import hmac
import json
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import LABEL_STYLE_TABLENAME_PLUS_COL, Connection, insert, select, update

from zoning.errors import UsageError, ZoningError
from zoning.registers.canonical import canonical, moment, sha256
from zoning.registers.database import Database
from zoning.registers.entries import Stamp
from zoning.registers.log import Entry, append
from zoning.registers.schema_server import StoredAccount, StoredToken
from zoning.registers.values import is_plain_text
from zoning.web.access import NOBODY, SCOPES, Who

LONGEST_DAYS = 366
_MOST = 50
_LONGEST_TITLE = 80
_NOTED_AFTER = timedelta(minutes=5)
_TOKEN = re.compile(r"zt_([0-9a-f]{16})_([A-Za-z0-9-]{43})")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it; `used` and `revoked` are "" while it was not."""

    id: str
    account: str
    title: str
    scopes: tuple[str, ...]
    created: str
    expires: str
    used: str
    revoked: str


class Tokens:
    """All tokens of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, account: str) -> tuple[Token, ...]:
        """Return the tokens of an account, the newest first."""
        query = select(*StoredToken.__table__.columns).where(StoredToken.account == account)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(StoredToken.created.desc())).mappings().all()
        return tuple(
            Token(
                row["id"],
                row["account"],
                row["title"],
                tuple(json.loads(row["scopes"])),
                row["created"],
                row["expires"],
                row["used"],
                row["revoked"],
            )
            for row in rows
        )

    def create(self, account: str, *, title: str, scopes: Iterable[str], days: int, stamp: Stamp) -> str:
        """Make a token and return it: the only time that its secret is known.

        Raises
        ------
        UsageError
            When the title, a scope or the time is not allowed, or there are too many.
        """
        wanted = sorted(set(scopes))
        if not wanted or any(scope not in SCOPES for scope in wanted):
            listed = ", ".join(SCOPES)
            raise UsageError(f"权限范围须为以下之一或几个：{listed}", f"scopes are one or more of: {listed}")
        if not 1 <= days <= LONGEST_DAYS:
            raise UsageError(f"有效期为 1 至 {LONGEST_DAYS} 天", f"a token is valid for 1 to {LONGEST_DAYS} days")
        name = title.strip()
        if not name or len(name) > _LONGEST_TITLE or not is_plain_text(name):
            raise UsageError(
                f"请写明令牌用途（最多 {_LONGEST_TITLE} 个字）",
                f"say what the token is for ({_LONGEST_TITLE} characters at most)",
            )
        number, secret = secrets.token_hex(8), _secret()
        expires = moment(stamp.at + timedelta(days=days))
        with self._database.writing() as connection:
            if len(self._valid(connection, account, stamp.at)) >= _MOST:
                raise UsageError(
                    f"一个账号最多有 {_MOST} 个有效令牌；请先撤销不用的",
                    f"an account has at most {_MOST} valid tokens: revoke some first",
                )
            connection.execute(
                insert(StoredToken).values(
                    id=number,
                    hash=sha256(secret.encode()),
                    account=account,
                    title=name,
                    scopes=canonical(wanted),
                    created=moment(stamp.at),
                    expires=expires,
                    used="",
                    revoked="",
                )
            )
            told = {"what": "create", "account": account, "title": name, "scopes": wanted, "expires": expires}
            append(connection, [Entry("server", f"token:{number}", 1, "admin", told)], stamp)
        return f"zt_{number}_{secret}"

    def revoke(self, account: str, number: str, stamp: Stamp) -> bool:
        """End a token of an account; return whether there was a valid one."""
        with self._database.writing() as connection:
            done = connection.execute(
                update(StoredToken)
                .where(StoredToken.id == number, StoredToken.account == account, StoredToken.revoked == "")
                .values(revoked=moment(stamp.at))
            )
            if not done.rowcount:
                return False
            append(connection, [_revoked(account, number)], stamp)
        return True

    def who(self, told: str, now: datetime) -> Who:
        """Return whose token it is and what it may be used for; nobody for one that is unknown or has ended."""
        parts = _TOKEN.fullmatch(told)
        if parts is None:
            return NOBODY
        query = (
            select(*StoredToken.__table__.columns, *StoredAccount.__table__.columns)
            .set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
            .join_from(StoredToken, StoredAccount, StoredAccount.name == StoredToken.account)
            .where(StoredToken.id == parts[1])
        )
        with self._database.reading() as connection:
            found = connection.execute(query).mappings().one_or_none()
        if found is None:
            return NOBODY
        row = {key.removeprefix("server_"): value for key, value in found.items()}
        fits = hmac.compare_digest(row["token_hash"], sha256(parts[2].encode()))
        ended = row["token_revoked"] or row["token_expires"] <= moment(now) or not row["account_active"]
        if not fits or ended:
            return NOBODY
        self._note(row["token_id"], row["token_used"], now)
        return Who(
            row["account_name"],
            row["account_title"],
            frozenset(json.loads(row["account_roles"])),
            row["account_language"] or None,
            scopes=frozenset(json.loads(row["token_scopes"])),
        )

    def _note(self, number: str, used: str, now: datetime) -> None:
        if used and now - datetime.fromisoformat(used) < _NOTED_AFTER:
            return
        # Whoever may ask is answered even where the moment cannot be noted, as on a full disk.
        with suppress(ZoningError), self._database.writing() as connection:
            connection.execute(update(StoredToken).where(StoredToken.id == number).values(used=moment(now)))

    @staticmethod
    def _valid(connection: Connection, account: str, now: datetime) -> list[str]:
        query = select(StoredToken.id).where(
            StoredToken.account == account, StoredToken.revoked == "", StoredToken.expires > moment(now)
        )
        return list(connection.execute(query).scalars())


def revoke_all(connection: Connection, account: str, now: datetime) -> list[Entry]:
    """End all tokens of an account within a transaction; return what goes into the log."""
    ended = Tokens._valid(connection, account, now)  # noqa: SLF001 - of this module
    if ended:
        values = {"revoked": moment(now)}
        connection.execute(update(StoredToken).where(StoredToken.id.in_(ended)).values(values))
    return [_revoked(account, number) for number in ended]


def _revoked(account: str, number: str) -> Entry:
    return Entry("server", f"token:{number}", 2, "admin", {"what": "revoke", "account": account})


def _secret() -> str:
    return secrets.token_urlsafe(32).replace("_", "-")
