"""Writes down what has to be told, in the same transaction as the event itself.

So nothing is told that did not happen, and nothing that happened is forgotten: a message lies in the table until the
other side has taken it (`zoning.web.hooks.delivery`). Without a hook nothing is written.
"""

import json
import secrets
from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from zoning.registers.canonical import canonical, moment
from zoning.registers.entries import Stamp
from zoning.registers.schema_server import StoredDelivery, StoredHook
from zoning.web.hooks.events import EventName, Told, check_payload


def announce(connection: Connection, event: EventName, payload: Mapping[str, Told], stamp: Stamp) -> int:
    """Put a message for every active hook that asks for the event into the outbox; return how many there are.

    Parameters
    ----------
    connection
        That of the transaction in which the event happens (`database.writing()`).
    payload
        Keys of `zoning.web.hooks.events.EVENTS`; ids, decisions, days; no person is named.
    stamp
        When it happened; who did it is not told.

    Raises
    ------
    ValueError
        When the payload says what the event must not say.
    """
    check_payload(event, payload)
    rows = connection.execute(
        select(StoredHook.id, StoredHook.events).where(StoredHook.active).order_by(StoredHook.id)
    ).all()
    wanting = [row.id for row in rows if event in json.loads(row.events)["events"]]
    for hook in wanting:
        put(connection, hook, event, payload, stamp)
    return len(wanting)


def put(connection: Connection, hook: str, event: EventName, payload: Mapping[str, Told], stamp: Stamp) -> str:
    """Put one message for one hook into the outbox; return its id, which stays the same however often it is sent."""
    message = f"msg_{secrets.token_urlsafe(18)}"
    body = {"type": event, "timestamp": moment(stamp.at), "data": dict(payload)}
    connection.execute(
        insert(StoredDelivery).values(
            id=message,
            hook=hook,
            event=event,
            payload=canonical(body),
            state="waiting",
            tries=0,
            due=moment(stamp.at),
            answer="",
        )
    )
    return message
