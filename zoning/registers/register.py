"""One register of a store: all that can be asked of it and done to it."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from zoning.registers import attachments, history, problems, workflow, works
from zoning.registers.deadlines import DueList
from zoning.registers.entries import Attachment, AttachmentKind, Change, Due, Event, Payment, Problem, Stamp, Work
from zoning.registers.items import Items, all_items
from zoning.registers.parts import rows_of
from zoning.registers.payments import add_payment, payments
from zoning.registers.place import Place
from zoning.registers.reading import read_records
from zoning.registers.record import Record
from zoning.registers.schema import StoredProblem, StoredWork
from zoning.registers.types import RegisterType
from zoning.registers.writing import apply_changes


class Register:
    """The records of one kind. Made by `Store.register`.

    Whatever changes something is one transaction with its row in the log. Sentences of refusals name the record.
    """

    def __init__(self, place: Place) -> None:
        self._place = place

    @property
    def type(self) -> RegisterType:
        """What the records are: fields, workflow, deadlines."""
        return self._place.type

    def records(
        self,
        *,
        territory: str | None = None,
        state: str | None = None,
        ids: Sequence[str] | None = None,
        box: tuple[float, float, float, float] | None = None,
    ) -> Iterator[Record]:
        """Return the records in the order of their ids (by code point), all as they stood at one moment.

        Parameters
        ----------
        territory
            Code; all territories whose code begins with it.
        box
            West, south, east, north in degrees: only records whose own box meets it.

        Raises
        ------
        ContentError
            When the register does not answer.
        """
        return read_records(self._place, territory=territory, state=state, ids=ids, box=box)

    def get(self, record: str) -> Record | None:
        """Return one record; None where there is none.

        Raises
        ------
        ContentError
            When the register does not answer.
        """
        return next(self.records(ids=[record]), None)

    def apply(self, changes: Sequence[Change], stamp: Stamp) -> int:
        """Create and change records, all of them or none; return how many were new or really changed.

        Raises
        ------
        ContentError
            When a record was changed since it was read (with who and when), exists already, or is missing; when values
            or geometries do not fit to the type (up to ten are named).
        UsageError
            When the stamp does not say who and when.
        """
        return apply_changes(self._place, changes, stamp)

    def move(
        self,
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
        """Bring a record into another state; return its new version.

        Parameters
        ----------
        on
            The day; not before the record came into its present state, and not in the future.
        evidence
            Files; copies are attached to the record.
        role
            In which the actor acts; where it is told, the transition must be open to it.

        Raises
        ------
        UsageError
            When there is no such transition; when one that goes back has no reason, or one that asks for a document
            has none.
        ContentError
            When the record was changed since it was read.
        """
        return workflow.move(
            self._place,
            record,
            to,
            on=on,
            stamp=stamp,
            version=version,
            reason=reason,
            evidence=evidence,
            role=role,
        )

    def attach(self, record: str, file: Path, kind: AttachmentKind, taken: date | None, stamp: Stamp) -> Attachment:
        """Keep a copy of a photo or document for a record; the same file of the same kind is kept once.

        Raises
        ------
        UsageError, ContentError
            See `zoning.registers.files.keep_copy`.
        """
        return attachments.attach(self._place, record, file, kind, taken, stamp)

    def attachments(self, record: str) -> tuple[Attachment, ...]:
        """Return the photos and documents of a record by number.

        Raises
        ------
        UsageError
            When there is no such record.
        """
        return attachments.attachments(self._place, record)

    def attachment_path(self, attachment: Attachment) -> Path | None:
        """Return where the copy lies; None where the register has no folder of files."""
        return None if self._place.files is None else self._place.files / attachment.path

    def problems(self, record: str) -> tuple[Problem, ...]:
        """Return the problems of a record by number, closed ones too.

        Raises
        ------
        UsageError
            When there is no such record.
        """
        return problems.problems(self._place, record)

    def add_problem(
        self, record: str, what: str, *, found: date, stamp: Stamp, deadline: date | None = None, source: str = ""
    ) -> int:
        """Write down a problem; return its number. `source`: who found it (an inspection, a satellite picture).

        Raises
        ------
        UsageError
            See `zoning.registers.problems.add_problem`.
        """
        return problems.add_problem(
            self._place, record, what, found=found, deadline=deadline, source=source, stamp=stamp
        )

    def close_problem(
        self, record: str, number: int, *, on: date, how: str, evidence: Sequence[Path], stamp: Stamp
    ) -> None:
        """Close a problem; what was done and at least one document are asked for. A closed one is not closed again.

        Raises
        ------
        UsageError, ContentError
            See `zoning.registers.problems.close_problem`.
        """
        problems.close_problem(self._place, record, number, on=on, how=how, evidence=evidence, stamp=stamp)

    def works(self, record: str) -> tuple[Work, ...]:
        """Return the works of a record by number.

        Raises
        ------
        UsageError
            When there is no such record.
        """
        return works.works(self._place, record)

    def plan_work(
        self,
        record: str,
        measure: str,
        *,
        stamp: Stamp,
        stage: str = "",
        quantity: float | None = None,
        unit: str = "",
        begin: date | None = None,
        end: date | None = None,
    ) -> int:
        """Plan a work in a stage, with quantity, unit and days; return its number.

        Raises
        ------
        UsageError
            See `zoning.registers.works.plan_work`.
        """
        return works.plan_work(
            self._place,
            record,
            measure,
            stage=stage,
            quantity=quantity,
            unit=unit,
            begin=begin,
            end=end,
            stamp=stamp,
        )

    def record_work(
        self,
        record: str,
        number: int,
        *,
        stamp: Stamp,
        version: int,
        begin: date | None = None,
        end: date | None = None,
        quantity: float | None = None,
    ) -> int:
        """Write down what was done of a work; what is not told stays. Return the new version of the work.

        Raises
        ------
        UsageError, ContentError
            See `zoning.registers.works.record_work`.
        """
        return works.record_work(
            self._place, record, number, begin=begin, end=end, quantity=quantity, version=version, stamp=stamp
        )

    def payments(self, record: str) -> tuple[Payment, ...]:
        """Return the payments of a record by number.

        Raises
        ------
        UsageError
            When there is no such record.
        """
        return payments(self._place, record)

    def add_payment(
        self,
        record: str,
        source: str,
        amount: Decimal,
        *,
        status: Literal["planned", "paid"],
        on: date,
        stamp: Stamp,
        note: str = "",
    ) -> int:
        """Write down money that is planned or paid, in 万元; a minus corrects an earlier one. Return its number.

        Raises
        ------
        UsageError
            See `zoning.registers.payments.add_payment`.
        """
        return add_payment(self._place, record, source, amount, status=status, on=on, note=note, stamp=stamp)

    def items(self) -> Items:
        """Return the problems, works and payments of all records, by record."""
        return all_items(self._place)

    def history(self, record: str) -> tuple[Event, ...]:
        """Return what happened to a record, oldest first.

        Raises
        ------
        UsageError
            When there is no such record.
        """
        return history.history(self._place, record)

    def due(self, on: date, *, territory: str | None = None) -> tuple[Due, ...]:
        """Return what is overdue or due soon on a day: the earliest first, then by record.

        Raises
        ------
        ContentError
            When the register does not answer.
        """
        with self._place.database.reading() as connection:
            steps = history.steps_of_all(connection, self._place)
            open_problems: dict[str, list[Problem]] = {}
            open_works: dict[str, list[Work]] = {}
            for row in rows_of(connection, self._place, StoredProblem):
                open_problems.setdefault(row["record"], []).append(problems.problem_of(row))
            for row in rows_of(connection, self._place, StoredWork):
                open_works.setdefault(row["record"], []).append(works.work_of(row))
        listed = DueList(self.type, on)
        found: list[Due] = []
        for record in self.records(territory=territory):
            own = steps.get(record.id, []), open_problems.get(record.id, ()), open_works.get(record.id, ())
            found += listed.of(record, *own)
        return tuple(sorted(found, key=lambda due: (due.by, due.record, due.cause, due.key)))
