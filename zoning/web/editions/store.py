"""The editions that were handed in: rows of `StoredEdition`, changed one version after another."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import Connection, insert, select, update

from zoning.registers.canonical import canonical, moment
from zoning.registers.log import Entry, append
from zoning.registers.schema import LoggedEvent
from zoning.registers.schema_server import StoredEdition
from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.editions.settings import Settings
from zoning.web.refusals import Refused, not_found
from zoning.web.server import Server

State = Literal["uploaded", "audited", "active", "withdrawn", "refused"]

STATES: Final[Mapping[str, Text]] = {
    "uploaded": Text("待预览", "uploaded"),
    "audited": Text("待生效", "ready"),
    "active": Text("已启用", "active"),
    "withdrawn": Text("已回退", "rolled back"),
    "refused": Text("已放弃", "discarded"),
}
OPEN: Final = ("uploaded", "audited")


@dataclass(frozen=True, slots=True)
class Uploaded:
    """An edition that was handed in; see `zoning.registers.schema_server.StoredEdition`.

    Attributes
    ----------
    file
        `name`, `sha256`, `path` (among the files).
    told
        `tables` (what the file holds), `settings`, `data` (the converted file), `found` (what converting told), `base`
        (SHA-256 of the layer's file at the preview), `jobs`, `kept` (results among the files), `intent`.
    """

    id: str
    layer: str
    edition: str
    file: Mapping[str, Any]
    told: Mapping[str, Any]
    valid_from: date
    state: State
    report: str
    preview: str
    content_before: str
    content_after: str
    uploaded_by: str
    uploaded_at: str
    answered_by: str
    answered_at: str
    note: str
    version: int

    @property
    def is_open(self) -> bool:
        """Whether it may still be changed and put into force; not while somebody puts it into force."""
        return self.state in OPEN and not self.intent

    @property
    def intent(self) -> Mapping[str, Any]:
        """What was begun and is not known to be finished: `do` (activate, rollback), `by`, `at`; empty: nothing."""
        found: Mapping[str, Any] = self.told.get("intent") or {}
        return found


def get_edition(server: Server, edition: str) -> Uploaded:
    """Return an edition.

    Raises
    ------
    Refused
        404.
    """
    with server.store.database.reading() as connection:
        return edition_in(connection, edition)


def edition_in(connection: Connection, edition: str) -> Uploaded:
    """Return an edition as a transaction sees it; see `get_edition`."""
    query = select(*StoredEdition.__table__.columns).where(StoredEdition.id == edition)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise not_found("没有这个上传的版本", "there is no such uploaded edition")
    return _from(dict(row))


def list_editions(server: Server, layer: str | None = None) -> tuple[Uploaded, ...]:
    """Return editions, the newest first; of one layer, or of all."""
    query = select(*StoredEdition.__table__.columns).order_by(StoredEdition.uploaded_at.desc(), StoredEdition.id)
    if layer is not None:
        query = query.where(StoredEdition.layer == layer)
    with server.store.database.reading() as connection:
        return tuple(_from(dict(row)) for row in connection.execute(query).mappings().all())


def _from(row: Mapping[str, Any]) -> Uploaded:
    told = json.loads(row["settings"])
    return Uploaded(
        **{name: row[name] for name in row if name not in ("file", "settings")},
        file=json.loads(row["file"]),
        told=told,
    )


def add_edition(server: Server, who: Who, settings: Settings, file: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """Note an upload; return its id.

    Raises
    ------
    Refused
        409 when the same edition of the layer was handed in and waits.
    """
    made = secrets.token_urlsafe(9)
    stamp = server.stamp(who)
    layer, edition = settings.layer, settings.edition
    with server.store.database.writing() as connection:
        query = select(StoredEdition.uploaded_by, StoredEdition.uploaded_at).where(
            StoredEdition.layer == layer, StoredEdition.edition == edition, StoredEdition.state.in_(OPEN)
        )
        other = connection.execute(query).first()
        if other is not None:
            raise Refused(
                409,
                Text(
                    f"{other.uploaded_by} 已上传同名版本“{edition}”，尚待生效；请换版本号，或先处理那一个",
                    f"{other.uploaded_by} has handed in an edition '{edition}' that waits: choose another id, or deal "
                    "with that one first",
                ),
            )
        row = {
            "id": made,
            "layer": layer,
            "edition": edition,
            "file": canonical(dict(file)),
            "settings": canonical({**told, "settings": settings.plain()}),
            "valid_from": settings.valid_from,
            "state": "uploaded",
            **dict.fromkeys(("report", "preview", "content_before", "content_after"), ""),
            "uploaded_by": who.name,
            "uploaded_at": moment(stamp.at),
            **dict.fromkeys(("answered_by", "answered_at", "note"), ""),
            "version": 1,
        }
        connection.execute(insert(StoredEdition).values(row))
        payload = {"what": "upload", "layer": layer, "edition": edition, "file": file["sha256"], "name": file["name"]}
        append(connection, [entry(made, 1, payload)], stamp)
    return made


def entry(edition: str, version: int, payload: Mapping[str, Any]) -> Entry:
    """Return a line of the log about an edition."""
    return Entry("server", f"edition:{edition}", version, "admin", payload)


def change(
    connection: Connection, found: Uploaded, values: Mapping[str, Any], told: Mapping[str, Any] | None = None
) -> int:
    """Change the row that was read as `found`; return its new version.

    Parameters
    ----------
    told
        Entries of `Uploaded.told` that are replaced; None as value: removed.

    Raises
    ------
    Refused
        409 when it was changed by somebody else in the meantime.
    """
    merged = {**found.told, **(told or {})}
    kept = {name: value for name, value in merged.items() if value is not None}
    query = (
        update(StoredEdition)
        .where(StoredEdition.id == found.id, StoredEdition.version == found.version)
        .values({**values, "settings": canonical(kept), "version": found.version + 1})
    )
    if connection.execute(query).rowcount != 1:
        raise conflict(edition_in(connection, found.id))
    return found.version + 1


def conflict(now: Uploaded) -> Refused:
    """Return what the second one is told who changes the same edition."""
    who = now.intent.get("by") or now.answered_by or now.uploaded_by
    state = STATES[now.state]
    return Refused(
        409,
        Text(
            f"{who} 刚刚改动了这个版本（现为“{state.zh}”）；请刷新页面看过再做",
            f"{who} has just changed this edition (now: {state.en}): reload the page and look before you go on",
        ),
    )


def history(server: Server, editions: tuple[str, ...]) -> tuple[dict[str, Any], ...]:
    """Return the log of some editions, the newest first: `at`, `actor`, `note`, `edition`, `payload`."""
    records = [f"edition:{one}" for one in editions]
    query = (
        select(LoggedEvent.at, LoggedEvent.actor, LoggedEvent.note, LoggedEvent.record, LoggedEvent.payload)
        .where(LoggedEvent.kind == "server", LoggedEvent.record.in_(records))
        .order_by(LoggedEvent.seq.desc())
        .limit(200)
    )
    with server.store.database.reading() as connection:
        rows = connection.execute(query).all()
    return tuple(
        {
            "at": row.at,
            "actor": row.actor,
            "note": row.note,
            "edition": row.record.removeprefix("edition:"),
            "payload": json.loads(row.payload),
        }
        for row in rows
    )
