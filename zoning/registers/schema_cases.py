"""The tables of what a case has beside fields: verdicts, notes, overrides, notices. Rows belong to a record.

Every row stands whole in the log as well (`register_event`), and the audit compares the two.
"""

from datetime import date

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from zoning.registers.schema import Table


def _of_record(name: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["kind", "record"], ["register_record.kind", "register_record.id"], name=f"register_{name}_record"
    )


class StoredVerdict(Table):
    """A verdict that was reached for a case; never changed.

    `site`: id of the footprint in its file; `day`: the day of the law (`on`); `document`: SHA-256 of the verdict's JSON
    among the files of the register; `boundary`: that of the boundary file; `facts`: canonical JSON of what was told;
    `digests`: canonical JSON of the verdict's digests; `why`: first, facts, boundary, recheck.
    """

    __tablename__ = "register_verdict"

    kind: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    site: Mapped[str]
    decision: Mapped[str]
    day: Mapped[date]
    document: Mapped[str]
    boundary: Mapped[str]
    facts: Mapped[str]
    digests: Mapped[str]
    why: Mapped[str]
    actor: Mapped[str]
    at: Mapped[str]

    __table_args__ = (_of_record("verdict"),)


class StoredNote(Table):
    """A note; never changed."""

    __tablename__ = "register_note"

    kind: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    actor: Mapped[str]
    at: Mapped[str]

    __table_args__ = (_of_record("note"),)


class StoredOverride(Table):
    """A decision of people against that of verdict `verdict`: proposed by one, confirmed or refused by another.

    `state`: proposed, confirmed, refused, withdrawn, lapsed (a newer verdict came).
    """

    __tablename__ = "register_override"

    kind: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    verdict: Mapped[int]
    decision: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str]
    proposed_by: Mapped[str]
    proposed_at: Mapped[str]
    answered_by: Mapped[str]
    answered_at: Mapped[str]
    answer: Mapped[str]

    __table_args__ = (_of_record("override"),)


class StoredNotice(Table):
    """Word that a case comes out otherwise (or must be looked at again) since a layer or rule has changed.

    `cause`: canonical JSON of what changed; `verdict`: number of the verdict it is compared with; `before`, `after`:
    decisions; `document`: SHA-256 of the new verdict's JSON; `difference`: canonical JSON; `taken`: number of the
    verdict that was made of it, 0 for none.
    """

    __tablename__ = "register_notice"

    kind: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cause: Mapped[str]
    verdict: Mapped[int]
    before: Mapped[str]
    after: Mapped[str]
    document: Mapped[str]
    difference: Mapped[str]
    at: Mapped[str]
    seen_by: Mapped[str]
    seen_at: Mapped[str]
    taken: Mapped[int]

    __table_args__ = (_of_record("notice"), Index("register_notice_open", "kind", "seen_at"))
