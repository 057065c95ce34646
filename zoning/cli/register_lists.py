"""`zoning register due`, `history`, `audit`."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from zoning.cli.printing import print_line
from zoning.cli.register_json import entry_json, event_json, print_form
from zoning.cli.register_opening import day_of, opened
from zoning.cli.register_options import RegisterRequest
from zoning.cli.register_text import print_table, print_title, state_title
from zoning.cli.session import Session
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.registers.store import Due, Event
    from zoning.registers.types import RegisterType

_ACTIONS = {
    "create": Text("新增", "created"),
    "set": Text("更改", "changed"),
    "move": Text("流转", "moved"),
    "attach": Text("附件", "attachment"),
    "problem": Text("登记问题", "problem"),
    "problem-closed": Text("问题销号", "problem closed"),
    "work": Text("计划工程", "work planned"),
    "work-recorded": Text("记录工程", "work recorded"),
    "payment": Text("资金", "payment"),
}
_LONGEST = 60


def run_due(
    session: Session,
    where: RegisterRequest,
    on: str | None,
    territory: str | None,
    *,
    overdue_only: bool,
    as_json: bool,
) -> int:
    """Print what is overdue or due soon.

    Raises
    ------
    UsageError
        When there is no register or no such kind, or a day is no date.
    ContentError
        When the register cannot be read.
    """
    day = day_of(session, on, "--on")
    with opened(session, where) as found:
        kind = found.kind
        listed = [
            due for due in found.register.due(day, territory=territory) if due.status == "overdue" or not overdue_only
        ]
        late = sum(due.status == "overdue" for due in listed)
    if as_json:
        entries = [{**entry_json(due), "status": due.status} for due in listed]
        print_form("due", {"kind": kind.id, "on": day.isoformat(), "overdue": late, "due": entries})
        return 0
    if listed:
        _print_due(session, kind, listed)
    soon = len(listed) - late
    session.say(Text(f"{day}：逾期 {late} 项，临近 {soon} 项", f"{day}: {late} overdue, {soon} due soon"))
    return 0


def _print_due(session: Session, kind: "RegisterType", listed: "Sequence[Due]") -> None:
    heads = (
        Text("期限", "by"),
        Text("天", "days"),
        Text("编号", "id"),
        Text("名称", "name"),
        Text("状态", "state"),
        Text("事项", "what"),
    )
    rows = [
        (
            str(due.by),
            str(due.days),
            due.record,
            due.name,
            state_title(session, kind, due.state),
            due.title.get(session.language) + _unknown(session, due),
        )
        for due in listed
    ]
    print_table(session, heads, rows)


def _unknown(session: Session, due: "Due") -> str:
    """Return which fields are empty that decide whether the deadline is meant at all."""
    names = ", ".join(due.unknown)
    return (
        Text(f"（未填 {names}，可能适用）", f" (may apply: {names} without value)").get(session.language)
        if names
        else ""
    )


def run_history(session: Session, where: RegisterRequest, number: str, *, as_json: bool) -> int:
    """Print all changes of a record.

    Raises
    ------
    UsageError
        When there is no register, no such kind or no such record.
    ContentError
        When the register cannot be read.
    """
    with opened(session, where) as found:
        found.record(number)
        events = found.register.history(number)
    if as_json:
        print_form("history", {"record": number, "events": [event_json(event) for event in events]})
        return 0
    for event in events:
        _print_event(session, event)
    return 0


def _print_event(session: Session, event: "Event") -> None:
    language = session.language
    at = event.at.strftime("%Y-%m-%d %H:%M UTC")
    action = _ACTIONS[event.action].get(language)
    version = Text(f"第 {event.version} 版", f"version {event.version}").get(language)
    print_title(session, f"#{event.seq}  {at}  {event.actor}  {action}  {version}")
    if event.note:
        print_line(session, 1, event.note)
    for name, (before, after) in event.fields.items():
        print_line(session, 1, f"{name}: {_short(before)} → {_short(after)}")
    if event.geometry is not None:
        words = [Text("有", "known") if shape is not None else Text("无", "none") for shape in event.geometry]
        text = Text(f"图形：{words[0].zh} → {words[1].zh}", f"geometry: {words[0].en} → {words[1].en}")
        print_line(session, 1, text.get(language))
    if event.action == "move":
        told = event.details
        print_line(session, 1, f"{told['from']} → {told['to']}  {told['on']}  {told['reason']}".rstrip())
    row = event.details.get("row")
    if isinstance(row, dict):
        kept = {
            key: row[key] for key in row if key not in ("kind", "record", "actor", "at") and row[key] not in (None, "")
        }
        print_line(session, 1, ", ".join(f"{key}: {_short(value)}" for key, value in kept.items()))


def _short(value: object) -> str:
    if value is None:
        return "-"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def run_audit(session: Session, where: RegisterRequest, head: str | None, *, as_json: bool) -> int:
    """Check log, tables and files; 0 where all agrees, 1 otherwise.

    Raises
    ------
    UsageError
        When there is no register or no such kind.
    ContentError
        When the register cannot be read at all; what is wrong in it is told instead.
    """
    from zoning.registers.audit import UNSEEN

    with opened(session, where) as found:
        report = found.store.verify(known_head=head)
    if as_json:
        faults = [{**entry_json(fault), "row": fault.seq} for fault in report.faults]
        told = {"whole": report.is_whole, "events": report.events, "head": report.head, "files": report.files}
        print_form("audit", {**told, "first_broken": report.first_broken, "faults": faults})
        return 0 if report.is_whole else 1
    language = session.language
    whole = Text(
        f"✓ 完好：{report.events} 行记录、各表和 {report.files} 个附件与摘要链一致",
        f"✓ whole: {report.events} rows, all tables and {report.files} files agree with the chain of hashes",
    )
    broken = Text(f"× 有 {len(report.faults)} 处不符：", f"× {len(report.faults)} faults:")
    print_title(session, (whole if report.is_whole else broken).get(language))
    for fault in report.faults:
        print_line(session, 1, fault.text.get(language))
    print_line(session, 0, session.labelled(Text("末行摘要", "hash of the last row"), report.head))
    session.say(UNSEEN)
    return 0 if report.is_whole else 1
