"""What should have happened, or has to soon: deadlines of the type, of problems and of planned works.

Where it is not known whether a deadline is about a record (no territory, no value in the field that it asks for), it is
listed: an obligation that is overlooked is worse than one that is looked at once more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from zoning.citations import EVERYWHERE, binds_in
from zoning.registers.entries import Due, Problem, Work
from zoning.registers.record import Record, Value
from zoning.registers.types import Deadline, RegisterType
from zoning.registers.workflow import states_after
from zoning.texts import Text

Cause = Literal["deadline", "problem", "work"]

WARN_DAYS = 30
"""How long before its day a problem or a work is listed as due soon (the team's choice)."""


@dataclass(frozen=True, slots=True)
class Step:
    """A state that a record came into, and the day."""

    state: str
    on: date


class DueList:
    """Tells for one type what is due on a day."""

    def __init__(self, kind: RegisterType, on: date) -> None:
        self._kind = kind
        self._on = on
        self._after = states_after(kind.workflow)

    def of(
        self, record: Record, steps: Sequence[Step], problems: Sequence[Problem] = (), works: Sequence[Work] = ()
    ) -> list[Due]:
        """Return what is due for one record.

        Parameters
        ----------
        steps
            The states it came into, oldest first, the first one on entry included.
        problems, works
            Of this record. Those that are closed or finished, or have no day, are left out.
        """
        state = self._kind.workflow.states.get(record.state)
        if state is not None and state.final:
            return []
        reached = self.reached(steps)
        found = []
        for key, deadline in self._kind.deadlines.items():
            by = self._by(record, deadline, reached)
            if by is not None and self._is_near(by, deadline.warn_days):
                found.append(self._due(record, by, "deadline", key, deadline.title, deadline))
        found += [
            self._due(
                record, problem.deadline, "problem", str(problem.number), _titled("问题", "problem", problem.what)
            )
            for problem in problems
            if problem.is_open and problem.deadline is not None and self._is_near(problem.deadline, WARN_DAYS)
        ]
        found += [
            self._due(record, work.planned_to, "work", str(work.number), _titled("工程", "work", work.measure))
            for work in works
            if work.actual_to is None and work.planned_to is not None and self._is_near(work.planned_to, WARN_DAYS)
        ]
        return found

    def reached(self, steps: Sequence[Step]) -> dict[str, date]:
        """Return the states that the record has reached and still counts as having reached, with the latest day.

        A step back takes away the states that lie ahead of where it leads to.
        """
        reached: dict[str, date] = {}
        for step in steps:
            for later in self._after.get(step.state, ()):
                reached.pop(later, None)
            reached[step.state] = step.on
        return reached

    def _by(self, record: Record, deadline: Deadline, reached: Mapping[str, date]) -> date | None:
        here = not record.territory or binds_in(deadline.territories, record.territory)
        if not here or not _meant(deadline, record.values):
            return None
        is_past = record.state == deadline.reach or record.state in self._after.get(deadline.reach, ())
        if is_past:
            return None
        days = [reached[state] + timedelta(days) for state, days in deadline.days_after.items() if state in reached]
        if deadline.by is not None:
            days.append(deadline.by)
        return min(days, default=None)

    def _is_near(self, by: date, warn_days: int) -> bool:
        return (by - self._on).days <= warn_days

    def _due(
        self, record: Record, by: date, cause: Cause, key: str, title: Text, deadline: Deadline | None = None
    ) -> Due:
        reach, citation = (deadline.reach, deadline.citation) if deadline is not None else ("", None)
        days = (by - self._on).days
        unknown = self._unknown(record, deadline) if deadline is not None else ()
        return Due(
            record.id,
            record.name,
            record.territory,
            record.state,
            cause,
            key,
            title,
            reach,
            by,
            days,
            citation,
            unknown,
        )

    def _unknown(self, record: Record, deadline: Deadline) -> tuple[str, ...]:
        fields = tuple(name for name in deadline.values if record.values.get(name) is None)
        if record.territory or EVERYWHERE in deadline.territories:
            return fields
        return (self._kind.territory_field or "territory", *fields)


def _titled(zh: str, en: str, what: str) -> Text:
    return Text(f"{zh}：{what}", f"{en}: {what}")


def _meant(deadline: Deadline, values: Mapping[str, Value]) -> bool:
    """Tell whether a deadline may be about a record: a field without value could still get one that is meant."""
    for name, wanted in deadline.values.items():
        value = values.get(name)
        if value is None:
            continue
        held = set(value) if isinstance(value, tuple) else {_told(value)}
        if not held & set(wanted):
            return False
    return True


def _told(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
