"""Everything that a register knows of one thing, read together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zoning.registers.entries import Attachment, Due, Event, Payment, Problem, Work
from zoning.registers.record import Record
from zoning.registers.register import Register


@dataclass(frozen=True, slots=True)
class Dossier:
    """One thing of a register.

    Attributes
    ----------
    dues
        Deadlines that have passed or are near, the most urgent first.
    moves
        Its way through the workflow, oldest first.
    """

    record: Record
    dues: tuple[Due, ...] = ()
    problems: tuple[Problem, ...] = ()
    works: tuple[Work, ...] = ()
    payments: tuple[Payment, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    moves: tuple[Event, ...] = ()


def read_dossiers(
    register: Register, *, on: date, territory: str | None = None, ids: Sequence[str] | None = None
) -> Sequence[Dossier]:
    """Return the dossiers of a register by id.

    Parameters
    ----------
    on
        The day for which deadlines are counted.
    ids
        Only these.
    """
    dues: dict[str, list[Due]] = defaultdict(list)
    for due in register.due(on):
        dues[due.record].append(due)
    items = register.items()
    return [
        Dossier(
            record=record,
            dues=tuple(sorted(dues[record.id], key=lambda due: (due.by, due.key))),
            problems=items.problems.get(record.id, ()),
            works=items.works.get(record.id, ()),
            payments=items.payments.get(record.id, ()),
            attachments=tuple(register.attachments(record.id)),
            moves=tuple(event for event in register.history(record.id) if event.action == "move"),
        )
        for record in register.records(territory=territory, ids=ids)
    ]
