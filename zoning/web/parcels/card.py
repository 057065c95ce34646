"""What the card of a record shows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from zoning.registers.deadlines import DueList
from zoning.registers.entries import ATTACHMENT_KINDS, Attachment, Due, Event, Payment, Problem, Work
from zoning.registers.history import history, steps_of_all
from zoning.registers.place import Place
from zoning.registers.record import Record
from zoning.registers.register import Register
from zoning.registers.types import RegisterType
from zoning.texts import Language, Text
from zoning.web.access import Who
from zoning.web.log_words import field_words, state_word, with_parts
from zoning.web.parcels.kinds import record_of, sees_persons
from zoning.web.parcels.photos import PHOTOS, is_shown
from zoning.web.record_rows import log_rows, rows_of_fields
from zoning.web.server import Server

FEN_PER_WAN = 1_000_000
_MONEY = {"planned": Text("计划", "planned"), "paid": Text("已支付", "paid")}


@dataclass(frozen=True, slots=True)
class Card:
    """A record with all that belongs to it.

    Attributes
    ----------
    pictures
        Photos, and evidence that is a picture, with whether a page can show it.
    documents
        The other attachments.
    """

    record: Record
    kind: RegisterType
    dues: tuple[Due, ...]
    problems: tuple[Problem, ...]
    works: tuple[Work, ...]
    payments: tuple[Payment, ...]
    pictures: tuple[tuple[Attachment, bool], ...]
    documents: tuple[Attachment, ...]
    events: tuple[Event, ...]

    @property
    def shape(self) -> Any:
        """The place as GeoJSON; None where it is not known."""
        return None if self.record.geometry is None else json.loads(shapely.to_geojson(self.record.geometry))


def card_of(server: Server, place: Place, record: str) -> Card:
    """Return the card of a record.

    Raises
    ------
    Refused
        404.
    """
    found, register = record_of(place, record), Register(place)
    with place.database.reading() as connection:
        steps = steps_of_all(connection, place).get(record, [])
    problems, works, files = register.problems(record), register.works(record), register.attachments(record)
    dues = DueList(place.type, server.today()).of(found, steps, problems, works)
    shown = {one.number: is_shown(server, one) for one in files}
    pictures = [one for one in files if one.kind in PHOTOS or (one.kind == "evidence" and shown[one.number])]
    numbers = {one.number for one in pictures}
    return Card(
        found,
        place.type,
        tuple(sorted(dues, key=lambda one: one.by)),
        problems,
        works,
        register.payments(record),
        tuple((one, shown[one.number]) for one in pictures),
        tuple(one for one in files if one.number not in numbers),
        history(place, record),
    )


def field_rows(card: Card, who: Who, language: Language) -> list[tuple[str, str]]:
    """Return titles and values of the fields; personal ones only for those who may read them."""
    without = (card.kind.id_field, card.kind.name_field)
    return rows_of_fields(card.record, card.kind, language, persons=sees_persons(who), without=without)


def log_lines(events: Sequence[Event], kind: RegisterType, who: Who) -> list[tuple[Event, Text]]:
    """Return the log of a record in words, the newest first."""
    return log_rows(events, lambda event: _sentence(event, kind, persons=sees_persons(who)))


def _sentence(event: Event, kind: RegisterType, *, persons: bool) -> Text:
    if event.action in ("create", "set"):
        verb = Text("登记", "registered") if event.action == "create" else Text("修改", "changed")
        return with_parts(verb, field_words(event, kind, Text("图形", "place"), persons=persons))
    if event.action == "move":
        before, after = (state_word(kind, str(event.details.get(side, ""))) for side in ("from", "to"))
        reason, on = str(event.details.get("reason", "")), str(event.details.get("on", ""))
        told = f"（{reason}）" if reason else ""
        en = f" ({reason})" if reason else ""
        return Text(f"状态：{before.zh} → {after.zh}，{on}{told}", f"state: {before.en} → {after.en}, {on}{en}")
    return _row_sentence(event)


def _row_sentence(event: Event) -> Text:
    row: Any = event.details.get("row", {})
    number = row.get("number", "")
    if event.action == "attach":
        what = ATTACHMENT_KINDS.get(row.get("what"), Text("文件", "file"))
        return Text(f"添加{what.zh}", f"added: {what.en}")
    if event.action == "problem":
        return Text(f"登记问题 {number}：{row.get('what', '')}", f"problem {number}: {row.get('what', '')}")
    if event.action == "problem-closed":
        return Text(f"问题 {number} 销号：{row.get('how', '')}", f"problem {number} closed: {row.get('how', '')}")
    if event.action in ("work", "work-recorded"):
        verb = Text("计划工程", "work planned") if event.action == "work" else Text("工程完成情况", "work recorded")
        return Text(f"{verb.zh} {number}：{row.get('measure', '')}", f"{verb.en} {number}: {row.get('measure', '')}")
    if event.action == "payment":
        status = _MONEY.get(str(row.get("status")), Text("", ""))
        amount = f"{int(row.get('fen', 0)) / FEN_PER_WAN:,.6f}".rstrip("0").rstrip(".")
        return Text(f"资金（{status.zh}）{amount} 万元", f"money ({status.en}): {amount} × 10,000 yuan")
    return Text(event.action, event.action)
