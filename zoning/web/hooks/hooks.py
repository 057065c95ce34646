"""The hooks themselves: made, switched off and removed by administrators; all of it is in the log."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from zoning.errors import UsageError
from zoning.registers.canonical import canonical, moment
from zoning.registers.database import Database
from zoning.registers.entries import Stamp
from zoning.registers.log import Entry, append
from zoning.registers.schema import LoggedEvent
from zoning.registers.schema_server import StoredDelivery, StoredHook
from zoning.registers.values import is_plain_text
from zoning.web.hooks.address import parse_target
from zoning.web.hooks.announce import put
from zoning.web.hooks.events import CHOICES, EventName
from zoning.web.hooks.signature import new_secret
from zoning.web.refusals import not_found

_MOST = 50
_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that is told of events. `private`: whether it may lie in the own network."""

    id: str
    title: str
    url: str
    events: tuple[str, ...]
    private: bool
    is_active: bool
    created_by: str
    created: str
    waiting: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message and what became of it; see `zoning.registers.schema_server.StoredDelivery`."""

    id: str
    hook: str
    event: str
    payload: str
    state: str
    tries: int
    due: str
    answer: str


class Hooks:
    """All hooks of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Hook, ...]:
        """Return all hooks, oldest first, with how many messages wait or were given up."""
        with self._database.reading() as connection:
            rows = connection.execute(select(*StoredHook.__table__.columns).order_by(StoredHook.created)).all()
            counts = {
                (row.hook, row.state): row.messages
                for row in connection.execute(
                    select(StoredDelivery.hook, StoredDelivery.state, func.count().label("messages")).group_by(
                        StoredDelivery.hook, StoredDelivery.state
                    )
                )
            }
        return tuple(
            _hook(row, counts.get((row.id, "waiting"), 0), counts.get((row.id, "given-up"), 0)) for row in rows
        )

    def create(self, url: str, *, title: str, events: Iterable[str], private: bool, stamp: Stamp) -> tuple[str, str]:
        """Make a hook; return its id and its secret, which is shown this once.

        Raises
        ------
        UsageError
            When the address, the title or an event is not allowed, or there are too many.
        """
        parse_target(url)
        wanted = sorted(set(events))
        if not wanted or any(name not in CHOICES for name in wanted):
            listed = ", ".join(CHOICES)
            raise UsageError(f"请至少选择一个事件：{listed}", f"choose at least one event: {listed}")
        name = title.strip()
        if not name or len(name) > _LONGEST_TITLE or not is_plain_text(name) or "\n" in name:
            raise UsageError("请填写名称（一行，最多 80 字）", "name the hook in one line of 80 characters at most")
        hook, secret = secrets.token_urlsafe(9), new_secret()
        told = {"title": name, "events": wanted, "private": private}
        with self._database.writing() as connection:
            if connection.execute(select(func.count()).select_from(StoredHook)).scalar_one() >= _MOST:
                raise UsageError(f"最多 {_MOST} 个推送地址", f"there are {_MOST} hooks at most")
            connection.execute(
                insert(StoredHook).values(
                    id=hook,
                    url=url.strip(),
                    secret=secret,
                    events=canonical(told),
                    active=True,
                    created_by=stamp.actor,
                    created=moment(stamp.at),
                )
            )
            _log(connection, hook, {"what": "create", "url": url.strip(), **told}, stamp)
        return hook, secret

    def switch(self, hook: str, *, active: bool, stamp: Stamp) -> None:
        """Switch a hook on or off; what waits for it waits on."""
        with self._database.writing() as connection:
            _demand(connection, hook)
            connection.execute(update(StoredHook).where(StoredHook.id == hook).values(active=active))
            _log(connection, hook, {"what": "on" if active else "off"}, stamp)

    def remove(self, hook: str, stamp: Stamp) -> None:
        """Remove a hook and its messages."""
        with self._database.writing() as connection:
            row = _demand(connection, hook)
            connection.execute(delete(StoredDelivery).where(StoredDelivery.hook == hook))
            connection.execute(delete(StoredHook).where(StoredHook.id == hook))
            _log(connection, hook, {"what": "remove", "url": row.url}, stamp)

    def try_out(self, hook: str, stamp: Stamp) -> str:
        """Put a trial message into the outbox; return its id."""
        with self._database.writing() as connection:
            _demand(connection, hook)
            event: EventName = "hook.test"
            return put(connection, hook, event, {"hook": hook}, stamp)

    def again(self, message: str, stamp: Stamp) -> None:
        """Let a message that was given up or waits be sent now."""
        with self._database.writing() as connection:
            done = connection.execute(
                update(StoredDelivery)
                .where(StoredDelivery.id == message, StoredDelivery.state != "done")
                .values(state="waiting", tries=0, due=moment(stamp.at))
            )
            if not done.rowcount:
                raise not_found("没有这条待发消息", "there is no such message to be sent")

    def deliveries(self, hook: str, most: int = 50) -> tuple[Delivery, ...]:
        """Return the newest messages of a hook."""
        columns = StoredDelivery.__table__.columns
        query = select(*columns).where(StoredDelivery.hook == hook).order_by(StoredDelivery.due.desc()).limit(most)
        with self._database.reading() as connection:
            return tuple(Delivery(*row) for row in connection.execute(query))


def _hook(row: Row[Any], waiting: int, given_up: int) -> Hook:
    told = json.loads(row.events)
    return Hook(
        row.id,
        told["title"],
        row.url,
        tuple(told["events"]),
        told["private"],
        row.active,
        row.created_by,
        row.created,
        waiting,
        given_up,
    )


def _demand(connection: Connection, hook: str) -> Row[Any]:
    found = connection.execute(select(*StoredHook.__table__.columns).where(StoredHook.id == hook)).one_or_none()
    if found is None:
        raise not_found("没有这个推送地址", "there is no such hook")
    return found


def _log(connection: Connection, hook: str, payload: dict[str, object], stamp: Stamp) -> None:
    record = f"hook:{hook}"
    query = (
        select(func.count()).select_from(LoggedEvent).where(LoggedEvent.kind == "server", LoggedEvent.record == record)
    )
    version = connection.execute(query).scalar_one() + 1
    append(connection, [Entry("server", record, version, "admin", payload)], stamp)
