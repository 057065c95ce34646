"""The list of cases: search, filters, order, pages; the shapes for the map."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, select

from zoning.registers.case_rows import CaseVerdict, last_verdicts
from zoning.registers.database import Database
from zoning.registers.deadlines import DueList
from zoning.registers.entries import Due
from zoning.registers.history import steps_of_all
from zoning.registers.place import Place
from zoning.registers.record import Record
from zoning.registers.schema import Chain, StoredRecord
from zoning.registers.schema_cases import StoredNote, StoredNotice, StoredOverride
from zoning.registers.types import RegisterType
from zoning.registers.values import decoded
from zoning.rules.verdict import DECISIONS
from zoning.texts import Text
from zoning.web.record_rows import drawn_records

PAGE: Final = 30
OWN_DAY: Final = "BJQX"
"""The field with the day by which this case has to be closed."""
_SEARCHED: Final = ("SQR", "DZ", "XZ", "BZ")
_WARN_DAYS: Final = 5
_KEPT: "WeakKeyDictionary[Database, tuple[Any, tuple[CaseLine, ...]]]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Filters:
    """What is wanted of the list; empty: all.

    Attributes
    ----------
    decision
        The computed one; "none" for cases without a verdict.
    """

    q: str = ""
    state: str = ""
    decision: str = ""
    territory: str = ""
    kind: str = ""
    overdue: bool = False
    notices: bool = False
    overrides: bool = False
    pending: bool = False

    def query(self) -> dict[str, str]:
        """Return it as the part of an address behind the question mark."""
        told = {name: getattr(self, name) for name in ("q", "state", "decision", "territory", "kind")}
        flags = {name: "1" for name in ("overdue", "notices", "overrides", "pending") if getattr(self, name)}
        return {**{name: value for name, value in told.items() if value}, **flags}


@dataclass(slots=True)
class CaseLine:
    """One case of the list.

    Attributes
    ----------
    afters
        What the case comes out as now, by every notice that nobody has answered.
    waiting
        Who proposed the override that waits for a second person.
    standing
        The decision of the confirmed override.
    is_pending
        Whether its re-check is pending; see `zoning.web.cases.pending`.
    """

    record: Record
    verdict: CaseVerdict | None
    dues: tuple[Due, ...] = ()
    afters: tuple[str, ...] = ()
    waiting: str = ""
    standing: str = ""
    notes: tuple[str, ...] = field(default=(), repr=False)
    is_pending: bool = False

    @property
    def decision(self) -> str:
        """The computed decision; "" for none."""
        return self.verdict.decision if self.verdict is not None else ""

    @property
    def notices(self) -> int:
        """How many notices are open."""
        return len(self.afters)

    @property
    def is_overdue(self) -> bool:
        """Whether a day has passed."""
        return any(due.days < 0 for due in self.dues)

    @property
    def by(self) -> date | None:
        """The next day by which something has to happen."""
        return min((due.by for due in self.dues), default=None)


def case_lines(place: Place, on: date) -> tuple[CaseLine, ...]:
    """Return all cases, the newest number first. Shapes are left out, and whether a re-check is pending.

    They are kept until something is written to the register, or the day ends.
    """
    kept = _KEPT.get(place.database)
    with place.database.reading() as connection:
        events = int(connection.execute(select(Chain.events)).scalar_one())
        if kept is not None and kept[0] == (events, on, place.type):
            return kept[1]
        lines = tuple(_lines(connection, place, on))
    _KEPT[place.database] = (events, on, place.type), lines
    return lines


def _lines(connection: Connection, place: Place, on: date) -> list[CaseLine]:
    kind = place.kind
    columns = ("id", "name", "territory", "state", "since", "version", "data")
    query = select(*(getattr(StoredRecord, name) for name in columns)).where(StoredRecord.kind == kind)
    rows = list(connection.execute(query))
    verdicts = last_verdicts(connection, place)
    steps = steps_of_all(connection, place)
    told = connection.execute(
        select(StoredNotice.record, StoredNotice.after)
        .where(StoredNotice.kind == kind, StoredNotice.seen_at == "")
        .order_by(StoredNotice.record, StoredNotice.number)
    )
    notices: dict[str, list[str]] = {}
    for owner, after in told:
        notices.setdefault(owner, []).append(after)
    notes: dict[str, list[str]] = {}
    for owner, text in connection.execute(select(StoredNote.record, StoredNote.text).where(StoredNote.kind == kind)):
        notes.setdefault(owner, []).append(text)
    overrides = list(
        connection.execute(
            select(
                StoredOverride.record, StoredOverride.verdict, StoredOverride.decision, StoredOverride.state,
                StoredOverride.proposed_by,
            ).where(StoredOverride.kind == kind, StoredOverride.state.in_(("proposed", "confirmed")))
        )
    )  # fmt: skip
    due = DueList(place.type, on)
    lines = {}
    for row in sorted(rows, key=lambda one: one.id, reverse=True):
        values = decoded(place.type, row.id, json.loads(row.data))
        record = Record(row.id, row.name, row.territory, None, values, row.state, row.since, row.version)
        dues = (*due.of(record, steps.get(row.id, [])), *own_due(place.type, record, on))
        lines[row.id] = CaseLine(
            record, verdicts.get(row.id), dues, tuple(notices.get(row.id, ())), notes=tuple(notes.get(row.id, ()))
        )
    for one in overrides:
        line = lines[one.record]
        if line.verdict is None or line.verdict.number != one.verdict:
            continue
        if one.state == "proposed":
            line.waiting = one.proposed_by
        else:
            line.standing = one.decision
    return list(lines.values())


def own_due(kind: RegisterType, record: Record, on: date) -> tuple[Due, ...]:
    """Return the day that the case itself names, where it is near or past."""
    by, state = record.values.get(OWN_DAY), kind.workflow.states.get(record.state)
    if not isinstance(by, date) or state is None or state.final or (by - on).days > _WARN_DAYS:
        return ()
    title = kind.fields[OWN_DAY].title if OWN_DAY in kind.fields else Text("期限", "deadline")
    return (
        Due(record.id, record.name, record.territory, record.state, "deadline", OWN_DAY, title, "", by, (by - on).days),
    )


def chosen(lines: Iterable[CaseLine], filters: Filters, *, searched: Sequence[str] = _SEARCHED) -> list[CaseLine]:
    """Return the cases that the filters ask for; personal fields are never searched."""
    words = filters.q.casefold().split()
    return [line for line in lines if _meets(line, filters) and _has(line, words, searched)]


def _meets(line: CaseLine, filters: Filters) -> bool:
    record = line.record
    return (
        (not filters.state or record.state == filters.state)
        and (not filters.decision or (line.decision or "none") == filters.decision)
        and (not filters.territory or record.territory.startswith(filters.territory))
        and (not filters.kind or record.values.get("XMLX") == filters.kind)
        and (not filters.overdue or line.is_overdue)
        and (not filters.notices or line.notices > 0)
        and (not filters.overrides or bool(line.waiting))
        and (not filters.pending or line.is_pending)
    )


def _has(line: CaseLine, words: Sequence[str], searched: Sequence[str]) -> bool:
    if not words:
        return True
    record = line.record
    texts = [record.id, record.name, *(str(record.values.get(name) or "") for name in searched), *line.notes]
    text = "\n".join(texts).casefold()
    return all(word in text for word in words)


def territories(lines: Iterable[CaseLine]) -> list[str]:
    """Return the codes that cases have."""
    return sorted({line.record.territory for line in lines if line.record.territory})


def drawn(place: Place, lines: Sequence[CaseLine]) -> dict[str, Any]:
    """Return the shapes of cases as GeoJSON, with what the map shows of each: nothing personal."""
    told = {
        line.record.id: {
            "id": line.record.id,
            "name": line.record.name,
            "decision": line.decision,
            "state": line.record.state,
            "pending": line.is_pending,
        }
        for line in lines
    }
    return drawn_records(place, told)


def counts(lines: Iterable[CaseLine]) -> Mapping[str, int]:
    """Return how many cases have each decision, the strictest first."""
    found = dict.fromkeys((*reversed(DECISIONS), ""), 0)
    for line in lines:
        found[line.decision] = found.get(line.decision, 0) + 1
    return found
