"""Brings the messages of the outbox to where they belong: again and again, with growing waits, until they are taken.

Before a message is sent its next try is written down: whoever is killed in the middle sends it again (at least once;
its id stays the same). Two servers on one database do not send the same message at the same time.
"""

import json
import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select, update

from zoning.registers.canonical import moment
from zoning.registers.schema_server import StoredDelivery, StoredHook
from zoning.web.hooks.sending import Result, send

if TYPE_CHECKING:
    from zoning.web.server import Server

_LOG = logging.getLogger("zoning.web.hooks")
WAITS: Final = (10, 60, 300, 1800, 7200, 21_600, 43_200, 86_400, 86_400)
"""Seconds until the next try after the first, second ... failure; then it is given up."""
KEPT_DAYS: Final = 90
"""Days that messages stay after they were taken or given up; the team's choice."""
_TOGETHER: Final = 20
_FORGET_EVERY: Final = 1800  # rounds: about an hour
_REST_S: Final = 2.0

Sender = Callable[..., Result]


def deliver_due(server: "Server", sender: Sender = send) -> int:
    """Send what is due, each message once; return how many were taken.

    An address that does not answer is asked once in a round: it must not keep the others waiting.
    """
    now = server.now()
    query = (
        select(StoredDelivery.id, StoredDelivery.hook)
        .join(StoredHook, StoredHook.id == StoredDelivery.hook)
        .where(StoredDelivery.state == "waiting", StoredDelivery.due <= moment(now), StoredHook.active)
        .order_by(StoredDelivery.due, StoredDelivery.id)
        .limit(_TOGETHER)
    )
    with server.store.database.reading() as connection:
        due = connection.execute(query).all()
    silent: set[str] = set()
    taken = 0
    for message, hook in due:
        if hook in silent:
            continue
        if _deliver(server, message, now, sender):
            taken += 1
        else:
            silent.add(hook)
    return taken


def forget_old(server: "Server") -> int:
    """Remove messages that were taken or given up long ago; return how many."""
    before = moment(server.now() - timedelta(days=KEPT_DAYS))
    old = StoredDelivery.state.in_(("done", "given-up")), StoredDelivery.due < before
    with server.store.database.reading() as connection:
        if connection.execute(select(StoredDelivery.id).where(*old).limit(1)).first() is None:
            return 0
    with server.store.database.writing() as connection:
        return int(connection.execute(delete(StoredDelivery).where(*old)).rowcount)


def _deliver(server: "Server", message: str, now: datetime, sender: Sender) -> bool:
    row = _claimed(server, message, now)
    if row is None:
        return False
    said = sender(
        row.url,
        row.secret,
        message,
        row.payload,
        timestamp=int(now.timestamp()),
        private=bool(json.loads(row.events)["private"]),
    )
    tries = row.tries + 1
    values: dict[str, Any] = {"answer": said.answer}
    if said.is_good or tries > len(WAITS):
        values |= {"state": "done" if said.is_good else "given-up", "due": moment(now)}
    else:
        values["due"] = moment(now + timedelta(seconds=WAITS[tries - 1]))
    with server.store.database.writing() as connection:
        connection.execute(update(StoredDelivery).where(StoredDelivery.id == message).values(values))
    return said.is_good


def _claimed(server: "Server", message: str, now: datetime) -> Any:
    """Return a message that nobody else sends now; its next try is written down as if this one failed."""
    with server.store.database.writing() as connection:
        query = (
            select(
                StoredDelivery.payload,
                StoredDelivery.tries,
                StoredDelivery.due,
                StoredHook.url,
                StoredHook.secret,
                StoredHook.events,
            )
            .join(StoredHook, StoredHook.id == StoredDelivery.hook)
            .where(StoredDelivery.id == message, StoredDelivery.state == "waiting", StoredHook.active)
        )
        row = connection.execute(query).one_or_none()
        if row is None or row.due > moment(now):
            return None
        wait = WAITS[min(row.tries, len(WAITS) - 1)]
        values = {"tries": row.tries + 1, "due": moment(now + timedelta(seconds=wait))}
        connection.execute(update(StoredDelivery).where(StoredDelivery.id == message).values(values))
        return row


def start_delivering(server: "Server") -> Callable[[], None]:
    """Begin to deliver in a thread of its own; return what ends it. While there is no hook, nothing is ever sent."""
    stop = threading.Event()

    def work() -> None:
        rounds = 0
        while not stop.wait(_REST_S):
            try:
                deliver_due(server)
                if rounds % _FORGET_EVERY == 0:
                    forget_old(server)
                rounds += 1
            except Exception:  # noqa: BLE001 - logged; the thread must go on
                _LOG.exception("messages were not delivered")

    thread = threading.Thread(target=work, name="zoning-hooks", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join(_REST_S)

    return end
