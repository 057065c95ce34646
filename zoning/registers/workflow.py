"""From one state to the next: only along the transitions that the type allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, update

from zoning.errors import UsageError
from zoning.registers.attachments import add_rows
from zoning.registers.entries import Stamp
from zoning.registers.files import Copy, keep_copy
from zoning.registers.log import Entry, append, check_stamp
from zoning.registers.place import Place, Row, demand_version, record_digest, stored_record
from zoning.registers.schema import StoredRecord
from zoning.registers.types import RegisterType, Transition, Workflow


def move(  # noqa: PLR0913 - what a step of the workflow consists of
    place: Place,
    record: str,
    to: str,
    *,
    on: date,
    stamp: Stamp,
    version: int,
    reason: str = "",
    evidence: Sequence[Path] = (),
    role: str = "",
) -> int:
    """Bring a record into another state; see `zoning.registers.register.Register.move`.

    Raises
    ------
    UsageError
        When state or record are unknown, the step is not allowed from the present state or to this role, it asks for a
        reason or a document, or the day lies in the future or before the present state.
    ContentError
        When the record was changed since version `version` was read, or a document cannot be kept.
    """
    check_stamp(stamp)
    asked = _Asked(record, to, version, on, stamp, reason, role, with_evidence=bool(evidence))
    with place.database.reading() as connection:  # before any file is copied
        _allowed(place, connection, asked)
    copies = [keep_copy(place.files, path) for path in evidence]
    with place.database.writing() as connection:
        return move_within(
            connection,
            place,
            record,
            to,
            on=on,
            stamp=stamp,
            version=version,
            reason=reason,
            evidence=copies,
            role=role,
        )


def move_within(  # noqa: PLR0913 - what a step of the workflow consists of
    connection: Connection,
    place: Place,
    record: str,
    to: str,
    *,
    on: date,
    stamp: Stamp,
    version: int,
    reason: str = "",
    evidence: Sequence[Copy] = (),
    role: str = "",
) -> int:
    """Do what `move` does inside a transaction that holds more than that; the evidence lies among the files already.

    Raises
    ------
    UsageError, ContentError
        As `move` does; a document is among the files already.
    """
    asked = _Asked(record, to, version, on, stamp, reason, role, with_evidence=bool(evidence))
    row, step = _allowed(place, connection, asked)
    after = {**row, "state": to, "since": on, "version": version + 1}
    query = update(StoredRecord).where(
        StoredRecord.kind == place.kind, StoredRecord.id == record, StoredRecord.version == version
    )
    done = connection.execute(query.values(state=to, since=on, version=version + 1))
    if done.rowcount != 1:
        raise AssertionError(record)  # the transaction has read that version
    payload = {
        "from": row["state"],
        "to": to,
        "on": on.isoformat(),
        "back": step.back,
        "reason": reason.strip(),
        "role": role,
        "evidence": [copy.sha256 for copy in evidence],
        "digest": record_digest(after),
    }
    number = append(connection, [Entry(place.kind, record, version + 1, "move", payload)], stamp)
    _, entries = add_rows(connection, place, after, evidence, "evidence", on, f"move {number}", stamp)
    append(connection, entries, stamp)
    return version + 1


@dataclass(frozen=True, slots=True)
class _Asked:
    """The step that is asked for, but for its documents; see `move`."""

    record: str
    to: str
    version: int
    on: date
    stamp: Stamp
    reason: str
    role: str
    with_evidence: bool


def _allowed(place: Place, connection: Connection, asked: _Asked) -> tuple[Row, Transition]:
    """Return the row and its step, when it may be taken."""
    _demand_state(place.type, asked.to)
    row = stored_record(connection, place, asked.record)
    demand_version(connection, place.kind, row, asked.version)
    step = _step(place.type, asked.record, row["state"], asked.to, asked.role)
    _demand_reason(place.type, asked.record, step, asked.reason, with_evidence=asked.with_evidence)
    _demand_day(asked.record, row, asked.on, asked.stamp)
    return row, step


def _step(kind: RegisterType, record: str, state: str, to: str, role: str) -> Transition:
    for step in kind.workflow.transitions:
        if (step.source, step.target) == (state, to):
            if role and step.roles and role not in step.roles:
                raise UsageError(
                    f"{record}：这一步由 {'、'.join(step.roles)} 进行，不由 {role}",
                    f"{record}: this step is for {', '.join(step.roles)}, not for {role}",
                )
            return step
    names = [_titled(kind, step.target) for step in kind.workflow.transitions if step.source == state]
    now, wanted = _titled(kind, state), _titled(kind, to)
    zh = "、".join(zh for zh, _ in names) or "无"
    en = ", ".join(en for _, en in names) or "nothing"
    raise UsageError(
        f"{record}：不能从“{now[0]}”到“{wanted[0]}”；可到：{zh}",
        f"{record}: there is no way from {now[1]} to {wanted[1]}; it can go to: {en}",
    )


def _titled(kind: RegisterType, state: str) -> tuple[str, str]:
    known = kind.workflow.states.get(state)
    return (f"{known.title.zh} {state}", state) if known is not None else (state, state)


def _demand_state(kind: RegisterType, state: str) -> None:
    if state not in kind.workflow.states:
        names = list(kind.workflow.states)
        raise UsageError(
            f"没有状态“{state}”；有：{'、'.join(names)}", f"there is no state '{state}'; there are: {', '.join(names)}"
        )


def _demand_reason(kind: RegisterType, record: str, step: Transition, reason: str, *, with_evidence: bool) -> None:
    target = _titled(kind, step.target)
    if step.back and not reason.strip():
        raise UsageError(
            f"{record}：退回“{target[0]}”须写明理由（--reason）",
            f"{record}: going back to {target[1]} asks for a reason (--reason)",
        )
    if step.evidence and not with_evidence:
        raise UsageError(
            f"{record}：到“{target[0]}”须附佐证材料（--evidence）",
            f"{record}: {target[1]} asks for a document (--evidence)",
        )


def _demand_day(record: str, row: Row, on: date, stamp: Stamp) -> None:
    if on > stamp.day:
        raise UsageError(f"{record}：日期 {on} 在将来", f"{record}: the day {on} lies in the future")
    if on < row["since"]:
        raise UsageError(
            f"{record}：日期 {on} 早于进入当前状态的日期 {row['since']}",
            f"{record}: the day {on} is before {row['since']}, when it came into the present state",
        )


def states_after(workflow: Workflow) -> Mapping[str, frozenset[str]]:
    """Return, by state, the states that lie ahead of it: reached by steps that do not go back, with no way round."""
    steps: dict[str, set[str]] = {state: set() for state in workflow.states}
    for step in workflow.transitions:
        if not step.back:
            steps.setdefault(step.source, set()).add(step.target)
    reachable: dict[str, set[str]] = {}
    for state in steps:
        seen, todo = set[str](), [state]
        while todo:
            fresh = steps.get(todo.pop(), set()) - seen
            seen |= fresh
            todo += fresh
        reachable[state] = seen
    return {
        state: frozenset(other for other in seen if other != state and state not in reachable.get(other, ()))
        for state, seen in reachable.items()
    }
