"""The tables of a register, the same in SQLite and PostgreSQL.

Whatever is compared or hashed later is stored as text in one spelling: values as canonical JSON, moments in UTC. The
tables hold how things stand; the log (`LoggedEvent`) holds how they came to it and is never changed.
"""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Double, ForeignKeyConstraint, Index, LargeBinary, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

HEAD = "0002"
"""The newest revision in `migrations/versions`."""
VERSION_TABLE = "register_schema"
APPLICATION_ID = 0x5A6E5267
"""In the header of every SQLite register ("ZnRg"): other SQLite files are not taken for one."""


class Table(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {str: Text, bytes: LargeBinary, float: Double}  # noqa: RUF012 - read by SQLAlchemy


class StoredRecord(Table):
    """A record as it stands. `data`: values by field; `shape`: digest of its geometry; the box is that of the shape."""

    __tablename__ = "register_record"

    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    territory: Mapped[str]
    state: Mapped[str]
    since: Mapped[date]
    version: Mapped[int]
    data: Mapped[str]
    shape: Mapped[str | None]
    west: Mapped[float | None]
    south: Mapped[float | None]
    east: Mapped[float | None]
    north: Mapped[float | None]

    __table_args__ = (
        ForeignKeyConstraint(["shape"], ["register_shape.sha256"], name="register_record_shape"),
        CheckConstraint("version >= 1", name="register_record_version"),
        Index("register_record_territory", "kind", "territory"),
        Index("register_record_state", "kind", "state"),
        Index("register_record_box", "kind", "west", "east", "south", "north"),
    )


class StoredShape(Table):
    """Every geometry that a record has or had, as WKB in lon/lat (EPSG:4490), under its SHA-256."""

    __tablename__ = "register_shape"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    wkb: Mapped[bytes]


class StoredAttachment(Table):
    """A photo or document; see `zoning.registers.entries.Attachment`."""

    __tablename__ = "register_attachment"

    kind: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str]
    name: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    path: Mapped[str]
    taken: Mapped[date | None]
    about: Mapped[str]
    actor: Mapped[str]
    at: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(
            ["kind", "record"], ["register_record.kind", "register_record.id"], name="register_attachment_record"
        ),
    )


class StoredProblem(Table):
    """A problem; see `zoning.registers.entries.Problem`. `evidence`: JSON list of digests."""

    __tablename__ = "register_problem"

    kind: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str]
    source: Mapped[str]
    found: Mapped[date]
    deadline: Mapped[date | None]
    opened_by: Mapped[str]
    closed: Mapped[date | None]
    closed_by: Mapped[str]
    how: Mapped[str]
    evidence: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(
            ["kind", "record"], ["register_record.kind", "register_record.id"], name="register_problem_record"
        ),
        Index("register_problem_open", "kind", "closed", "deadline"),
    )


class StoredWork(Table):
    """A staged work; see `zoning.registers.entries.Work`."""

    __tablename__ = "register_work"

    kind: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stage: Mapped[str]
    measure: Mapped[str]
    unit: Mapped[str]
    quantity: Mapped[float | None]
    planned_from: Mapped[date | None]
    planned_to: Mapped[date | None]
    done: Mapped[float | None]
    actual_from: Mapped[date | None]
    actual_to: Mapped[date | None]
    version: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(
            ["kind", "record"], ["register_record.kind", "register_record.id"], name="register_work_record"
        ),
    )


class StoredPayment(Table):
    """A payment; see `zoning.registers.entries.Payment`. `fen`: the amount in fen, so that sums are exact."""

    __tablename__ = "register_payment"

    kind: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    status: Mapped[str]
    fen: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date]
    note: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(
            ["kind", "record"], ["register_record.kind", "register_record.id"], name="register_payment_record"
        ),
    )


class LoggedEvent(Table):
    """The audit log: rows are only ever added (triggers refuse everything else), each bound to the one before."""

    __tablename__ = "register_event"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[str]
    actor: Mapped[str]
    note: Mapped[str]
    kind: Mapped[str]
    record: Mapped[str]
    version: Mapped[int]
    action: Mapped[str]
    payload: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]

    __table_args__ = (
        Index("register_event_record", "kind", "record"),
        Index("register_event_action", "kind", "action"),
    )


class Chain(Table):
    """One row: how many rows the log has and the hash of the last one. Who writes holds this row."""

    __tablename__ = "register_chain"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    events: Mapped[int] = mapped_column(BigInteger)
    head: Mapped[str]
