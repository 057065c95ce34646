"""How a record came to be as it is: the rows of the log that speak of it."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, select

from zoning.registers.deadlines import Step
from zoning.registers.entries import Event
from zoning.registers.geometry import geometry_of
from zoning.registers.place import Place, Row, fetched, stored_record
from zoning.registers.schema import LoggedEvent, StoredShape

_OWN = ("fields", "geometry", "digest")


def history(place: Place, record: str) -> tuple[Event, ...]:
    """Return the events of a record, oldest first.

    Raises
    ------
    UsageError
        When there is no such record.
    """
    query = (
        select(*LoggedEvent.__table__.columns)
        .where(LoggedEvent.kind == place.kind, LoggedEvent.record == record)
        .order_by(LoggedEvent.seq)
    )
    with place.database.reading() as connection:
        stored_record(connection, place, record)
        rows = list(fetched(connection, query))
        payloads = [json.loads(row["payload"]) for row in rows]
        wanted = {key for payload in payloads for key in payload.get("geometry", ()) if key is not None}
        shapes = _shapes(connection, sorted(wanted))
    return tuple(_event(row, payload, shapes) for row, payload in zip(rows, payloads, strict=True))


def _shapes(connection: Connection, wanted: list[str]) -> dict[str, BaseGeometry | None]:
    shapes: dict[str, BaseGeometry | None] = {}
    for key in wanted:
        wkb = connection.execute(select(StoredShape.wkb).where(StoredShape.sha256 == key)).scalar_one_or_none()
        shapes[key] = geometry_of(wkb)
    return shapes


def _event(row: Row, payload: Mapping[str, Any], shapes: Mapping[str, BaseGeometry | None]) -> Event:
    geometry = None
    if "geometry" in payload:
        before, after = payload["geometry"]
        geometry = (shapes.get(before), shapes.get(after))
    details = {key: value for key, value in payload.items() if key not in _OWN}
    fields = {name: (pair[0], pair[1]) for name, pair in payload.get("fields", {}).items()}
    return Event(
        row["seq"],
        datetime.fromisoformat(row["at"]),
        row["actor"],
        row["note"],
        row["kind"],
        row["record"],
        row["version"],
        row["action"],
        fields,
        geometry,
        details,
        row["hash"],
    )


def steps_of_all(connection: Connection, place: Place) -> dict[str, list[Step]]:
    """Return the states that every record came into, oldest first."""
    query = (
        select(LoggedEvent.record, LoggedEvent.action, LoggedEvent.payload)
        .where(LoggedEvent.kind == place.kind, LoggedEvent.action.in_(("create", "move")))
        .order_by(LoggedEvent.seq)
    )
    steps: dict[str, list[Step]] = {}
    for row in connection.execute(query):
        payload = json.loads(row.payload)
        state, day = (payload["state"], payload["since"]) if row.action == "create" else (payload["to"], payload["on"])
        steps.setdefault(row.record, []).append(Step(state, date.fromisoformat(day)))
    return steps
