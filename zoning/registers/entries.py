"""What goes into a register and what comes out of it, besides the records themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Final, Literal

from shapely.geometry.base import BaseGeometry

from zoning.citations import Citation
from zoning.registers.record import Value
from zoning.texts import Text

Action = Literal[
    "create", "set", "move", "attach", "problem", "problem-closed", "work", "work-recorded", "payment",
    "verdict", "note", "override", "override-answered", "notice", "notice-answered", "admin",
]  # fmt: skip
AttachmentKind = Literal["before", "after", "photo", "document", "evidence"]
ATTACHMENT_KINDS: Final[dict[AttachmentKind, Text]] = {
    "before": Text("修复前照片", "photo before"),
    "after": Text("修复后照片", "photo after"),
    "photo": Text("现场照片", "photo"),
    "document": Text("文件", "document"),
    "evidence": Text("佐证材料", "evidence"),
}
_CHINA = timezone(timedelta(hours=8))


class Keep(Enum):
    """Stands where a geometry is left as it is."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who changes something, when, and why.

    Attributes
    ----------
    at
        The moment, with its zone; kept in UTC.
    """

    actor: str
    at: datetime
    note: str = ""

    @property
    def day(self) -> date:
        """The day in China."""
        return self.at.astimezone(_CHINA).date()


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one record.

    Attributes
    ----------
    name, territory
        None: as they are (or as `values` says them in the type's name and territory fields).
    values
        The fields to set; None clears one. What is not named stays.
    geometry
        Longitude and latitude, degrees, EPSG:4490; None: the place is not known.
    version
        The version that was read; None: the record must be new.
    since
        For a new record, the day on which it came into its first state; the day of the change when left out.
    """

    id: str
    name: str | None = None
    territory: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    geometry: BaseGeometry | Keep | None = KEEP
    version: int | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the audit log.

    Attributes
    ----------
    seq
        Its number in the log of the whole store, from 1.
    version
        Of the record after it.
    fields
        Field -> value before and after. Values are those that were stored: dates and codes as texts, codes as lists.
    geometry
        The place before and after, where it changed.
    details
        What else belongs to the action: states, day, reason, evidence of a move; the row of a problem, work, payment.
    hash
        SHA-256 over the row and the hash of the one before.
    """

    seq: int
    at: datetime
    actor: str
    note: str
    kind: str
    record: str
    version: int
    action: Action
    fields: Mapping[str, tuple[object, object]]
    geometry: tuple[BaseGeometry | None, BaseGeometry | None] | None
    details: Mapping[str, object]
    hash: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or document: a copy lies under its digest in the folder of the register.

    Attributes
    ----------
    number
        Counts the attachments of the record, from 1.
    name
        What the file was called.
    path
        Of the copy, relative to the folder of the register's files.
    taken
        The day of the photo or document.
    about
        What it proves: "move 12" (row of the log), "problem 3"; empty for the record as a whole.
    """

    number: int
    kind: AttachmentKind
    name: str
    sha256: str
    size: int
    path: str
    taken: date | None
    about: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """Something found wrong at a record, closed item by item (逐条销号)."""

    number: int
    what: str
    source: str
    found: date
    deadline: date | None
    opened_by: str
    closed: date | None
    closed_by: str
    how: str
    evidence: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.closed is None


@dataclass(frozen=True, slots=True)
class Work:
    """One measure at a record, in one stage.

    Attributes
    ----------
    quantity, done
        Planned and finished, in `unit`.
    version
        Counts the changes of this work; whoever records it says which version was read.
    """

    number: int
    stage: str
    measure: str
    unit: str
    quantity: float | None
    planned_from: date | None
    planned_to: date | None
    done: float | None
    actual_from: date | None
    actual_to: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Money planned or paid for a record. A correction is another payment, with a minus.

    Attributes
    ----------
    amount
        万元 (10,000 yuan), exact to the fen.
    """

    number: int
    source: str
    status: Literal["planned", "paid"]
    amount: Decimal
    on: date
    note: str


@dataclass(frozen=True, slots=True)
class Due:
    """Something that should have happened, or has to soon.

    Attributes
    ----------
    cause
        `deadline` of the type, `problem` or `work` of the record.
    key
        The deadline's id, or the number of the problem or work.
    days
        From the day that was asked for to `by`; negative when overdue.
    unknown
        Fields without value (or the territory field) that decide whether the deadline is about this record at all.
    """

    record: str
    name: str
    territory: str
    state: str
    cause: Literal["deadline", "problem", "work"]
    key: str
    title: Text
    reach: str
    by: date
    days: int
    citation: Citation | None = None
    unknown: tuple[str, ...] = ()

    @property
    def status(self) -> Literal["overdue", "soon"]:
        """Whether the day has passed."""
        return "overdue" if self.days < 0 else "soon"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not agree with the log.

    Attributes
    ----------
    seq
        The row of the log; None where a table or a file is meant.
    """

    seq: int | None
    record: str
    text: Text


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What `Store.verify` found.

    Attributes
    ----------
    events
        Rows of the log.
    head
        Hash of its last row: written down elsewhere, it later proves that nothing up to it has changed.
    faults
        First those of the chain (the first one is the first broken row), then those of tables and files.
    files
        Attachments whose bytes were compared.
    """

    events: int
    head: str
    faults: tuple[Fault, ...]
    files: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.faults

    @property
    def first_broken(self) -> int | None:
        """The number of the first broken row of the log."""
        return next((fault.seq for fault in self.faults if fault.seq is not None), None)
