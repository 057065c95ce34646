"""What the page of a case shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zoning.errors import ContentError
from zoning.registers.case_rows import CaseParts, CaseVerdict, case_parts
from zoning.registers.deadlines import DueList
from zoning.registers.entries import ATTACHMENT_KINDS, Due, Event
from zoning.registers.history import steps_of_all
from zoning.registers.record import Record
from zoning.registers.register import Register
from zoning.registers.types import RegisterType
from zoning.texts import Language, Text
from zoning.web.access import Who
from zoning.web.cases.listing import own_due
from zoning.web.cases.place import case_place, read_document, sees_persons
from zoning.web.cases.words import OVERRIDES, WHY, decision_word
from zoning.web.log_words import field_words, state_word, with_parts
from zoning.web.record_rows import log_rows, rows_of_fields
from zoning.web.refusals import not_found
from zoning.web.server import Server

_STRICT = ("prohibited", "undetermined", "restricted")


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with all that belongs to it.

    Attributes
    ----------
    document
        The JSON of the latest verdict; None where there is none or it is damaged (`fault` says so).
    """

    record: Record
    kind: RegisterType
    parts: CaseParts
    dues: tuple[Due, ...]
    document: Mapping[str, Any] | None
    fault: Text | None

    @property
    def last(self) -> CaseVerdict | None:
        """The latest verdict."""
        return self.parts.last

    @property
    def deciding(self) -> list[Mapping[str, Any]]:
        """The findings that the decision rests on, the strictest and largest first; general duties are no such."""
        findings = (self.document or {}).get("findings", [])
        counted = [one for one in findings if one["decision"] in _STRICT]
        return sorted(
            counted, key=lambda one: (_STRICT.index(one["decision"]), -(one["overlap_m2"] or 0.0), one["rule"])
        )


def shown(server: Server, number: str) -> Shown:
    """Return a case.

    Raises
    ------
    Refused
        404.
    """
    place = case_place(server)
    record = Register(place).get(number)
    if record is None:
        raise not_found("没有这个案件", "there is no such case")
    on = server.today()
    with place.database.reading() as connection:
        parts = case_parts(connection, place, number)
        steps = steps_of_all(connection, place).get(number, [])
    dues = (*DueList(place.type, on).of(record, steps), *own_due(place.type, record, on))
    document, fault = None, None
    if parts.last is not None:
        try:
            document = read_document(server, parts.last.document)
        except ContentError as error:
            fault = error.text
    return Shown(record, place.type, parts, dues, document, fault)


def field_rows(case: Shown, who: Who, language: Language) -> list[tuple[str, str]]:
    """Return titles and values of the fields; personal ones only for those who may read them."""
    without = (case.kind.id_field, "XMMC")
    return rows_of_fields(case.record, case.kind, language, persons=sees_persons(who), without=without)


def log_lines(events: Sequence[Event], kind: RegisterType, who: Who) -> list[tuple[Event, Text]]:
    """Return the log of a case in words, the newest first."""
    return log_rows(events, lambda event: _sentence(event, kind, persons=sees_persons(who)))


def _sentence(event: Event, kind: RegisterType, *, persons: bool) -> Text:
    row: Any = event.details.get("row", {})
    if event.action in ("create", "set"):
        verb = Text("登记案件", "registered") if event.action == "create" else Text("修改", "changed")
        return with_parts(verb, field_words(event, kind, Text("边界", "boundary"), persons=persons))
    if event.action == "move":
        before, after = (state_word(kind, str(event.details.get(side, ""))) for side in ("from", "to"))
        reason = str(event.details.get("reason", ""))
        zh, en = (f"（{reason}）", f" ({reason})") if reason else ("", "")
        return Text(f"状态：{before.zh} → {after.zh}{zh}", f"state: {before.en} → {after.en}{en}")
    if event.action == "attach":
        what = ATTACHMENT_KINDS.get(row.get("what"), Text("文件", "file"))
        name = str(row.get("name", "")) if persons else ""
        return Text(f"附件：{what.zh} {name}".strip(), f"attached: {what.en} {name}".strip())
    return _row_sentence(event.action, row)


def _row_sentence(action: str, row: Mapping[str, Any]) -> Text:
    number = row.get("number", "")
    decision = decision_word(str(row.get("decision", "")))
    if action == "verdict":
        why = WHY.get(str(row.get("why")), Text("", ""))
        return Text(f"第 {number} 次研判：{decision.zh}（{why.zh}）", f"verdict {number}: {decision.en} ({why.en})")
    if action == "note":
        return Text(f"批注 {number}", f"note {number}")
    if action in ("override", "override-answered"):
        state = OVERRIDES.get(str(row.get("state")), Text("", ""))
        return Text(f"人工改判 {number}：{decision.zh}，{state.zh}", f"override {number}: {decision.en}, {state.en}")
    if action == "notice":
        before, after = (decision_word(str(row.get(side, ""))) for side in ("before", "after"))
        return Text(f"变化提示 {number}：{before.zh} → {after.zh}", f"notice {number}: {before.en} → {after.en}")
    if action == "notice-answered":
        taken = int(row.get("taken") or 0)
        how = (
            Text(f"采用为第 {taken} 次研判", f"taken as verdict {taken}")
            if taken
            else Text("已阅或失效", "seen or settled")
        )
        return Text(f"变化提示 {number}：{how.zh}", f"notice {number}: {how.en}")
    return Text(action, action)
