"""The list of a register: search, filters, order, pages; the shapes for the map."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from zoning.registers.deadlines import DueList
from zoning.registers.entries import Due, Problem, Work
from zoning.registers.history import steps_of_all
from zoning.registers.parts import rows_of
from zoning.registers.place import Place
from zoning.registers.problems import problem_of
from zoning.registers.record import Record
from zoning.registers.schema import StoredProblem, StoredRecord, StoredWork
from zoning.registers.types import RegisterType
from zoning.registers.values import decoded
from zoning.registers.works import work_of
from zoning.web.record_rows import drawn_records

PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class Filters:
    """What is wanted of the list; empty: all. `group`: township, or whatever the kind groups by."""

    q: str = ""
    state: str = ""
    territory: str = ""
    group: str = ""
    overdue: bool = False

    def query(self) -> dict[str, str]:
        """Return it as the part of an address behind the question mark."""
        told = {name: str(getattr(self, name)) for name in ("q", "state", "territory", "group")}
        return {**{name: value for name, value in told.items() if value}, **({"overdue": "1"} if self.overdue else {})}


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the list, without its shape."""

    record: Record
    dues: tuple[Due, ...]
    problems: int
    group: str

    @property
    def is_overdue(self) -> bool:
        """Whether a day has passed."""
        return any(due.days < 0 for due in self.dues)


def lines_of(place: Place, on: date) -> list[Line]:
    """Return all records of a register by id."""
    columns = ("id", "name", "territory", "state", "since", "version", "data")
    query = select(*(getattr(StoredRecord, name) for name in columns)).where(StoredRecord.kind == place.kind)
    problems: dict[str, list[Problem]] = {}
    works: dict[str, list[Work]] = {}
    with place.database.reading() as connection:
        rows = list(connection.execute(query))
        steps = steps_of_all(connection, place)
        for one in rows_of(connection, place, StoredProblem):
            problems.setdefault(one["record"], []).append(problem_of(one))
        for one in rows_of(connection, place, StoredWork):
            works.setdefault(one["record"], []).append(work_of(one))
    listed, found = DueList(place.type, on), []
    for row in sorted(rows, key=lambda row: str(row.id)):
        values = decoded(place.type, row.id, json.loads(row.data))
        record = Record(row.id, row.name, row.territory, None, values, row.state, row.since, row.version)
        own = problems.get(row.id, [])
        dues = listed.of(record, steps.get(row.id, []), own, works.get(row.id, []))
        group = str(values.get(place.type.group_field) or "") if place.type.group_field else ""
        found.append(
            Line(record, tuple(sorted(dues, key=lambda due: due.by)), sum(problem.is_open for problem in own), group)
        )
    return found


def chosen(lines: Iterable[Line], filters: Filters, kind: RegisterType) -> list[Line]:
    """Return the records that the filters ask for; personal fields are never searched."""
    words = filters.q.casefold().split()
    searched = [name for name, spec in kind.fields.items() if spec.kind == "text" and not spec.personal]
    return [line for line in lines if _meets(line, filters) and _has(line, words, searched)]


def _meets(line: Line, filters: Filters) -> bool:
    record = line.record
    return (
        (not filters.state or record.state == filters.state)
        and (not filters.territory or record.territory.startswith(filters.territory))
        and (not filters.group or line.group == filters.group)
        and (not filters.overdue or line.is_overdue)
    )


def _has(line: Line, words: Sequence[str], searched: Sequence[str]) -> bool:
    if not words:
        return True
    record = line.record
    text = "\n".join([record.id, record.name, *(str(record.values.get(name) or "") for name in searched)]).casefold()
    return all(word in text for word in words)


def choices(lines: Sequence[Line]) -> dict[str, list[str]]:
    """Return the codes of territories and the townships that records have."""
    return {
        "territories": sorted({line.record.territory for line in lines} - {""}),
        "groups": sorted({line.group for line in lines} - {""}),
    }


def counts(lines: Iterable[Line]) -> Mapping[str, int]:
    """Return how many records stand in each state."""
    return Counter(line.record.state for line in lines)


def drawn(place: Place, lines: Sequence[Line]) -> dict[str, Any]:
    """Return the shapes of records as GeoJSON, with what the map shows of each: nothing personal."""
    told = {
        line.record.id: {
            "id": line.record.id,
            "name": line.record.name,
            "state": line.record.state,
            "overdue": line.is_overdue,
        }
        for line in lines
    }
    return drawn_records(place, told)
