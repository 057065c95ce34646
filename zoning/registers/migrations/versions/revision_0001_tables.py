"""The first tables: records, shapes, attachments, problems, works, payments, the log and its chain."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ZERO = "0" * 64
_APPLICATION_ID = 0x5A6E5267


def upgrade() -> None:
    """Make the tables, the triggers that guard the log, and the first row of the chain."""
    _records()
    _attachments()
    _problems()
    _works()
    _payments()
    _log()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
        op.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    else:
        _guard_postgresql()


def _text(name: str, *, nullable: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, primary_key=key)


def _date(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _number(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=True)


def _part(name: str, *columns: sa.Column[Any]) -> None:
    """Make a table whose rows belong to a record and are numbered there."""
    op.create_table(
        f"register_{name}",
        _text("kind", key=True),
        _text("record", key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["kind", "record"], ["register_record.kind", "register_record.id"], name=f"register_{name}_record"
        ),
    )


def _records() -> None:
    op.create_table("register_shape", _text("sha256", key=True), sa.Column("wkb", sa.LargeBinary(), nullable=False))
    op.create_table(
        "register_record",
        _text("kind", key=True),
        _text("id", key=True),
        _text("name"),
        _text("territory"),
        _text("state"),
        _date("since"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("data"),
        _text("shape", nullable=True),
        *(_number(edge) for edge in ("west", "south", "east", "north")),
        sa.ForeignKeyConstraint(["shape"], ["register_shape.sha256"], name="register_record_shape"),
        sa.CheckConstraint("version >= 1", name="register_record_version"),
    )
    op.create_index("register_record_territory", "register_record", ["kind", "territory"])
    op.create_index("register_record_state", "register_record", ["kind", "state"])
    op.create_index("register_record_box", "register_record", ["kind", "west", "east", "south", "north"])


def _attachments() -> None:
    _part(
        "attachment",
        _text("what"),
        _text("name"),
        _text("sha256"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        _text("path"),
        _date("taken", nullable=True),
        _text("about"),
        _text("actor"),
        _text("at"),
    )


def _problems() -> None:
    _part(
        "problem",
        _text("what"),
        _text("source"),
        _date("found"),
        _date("deadline", nullable=True),
        _text("opened_by"),
        _date("closed", nullable=True),
        _text("closed_by"),
        _text("how"),
        _text("evidence"),
    )
    op.create_index("register_problem_open", "register_problem", ["kind", "closed", "deadline"])


def _works() -> None:
    _part(
        "work",
        _text("stage"),
        _text("measure"),
        _text("unit"),
        _number("quantity"),
        _date("planned_from", nullable=True),
        _date("planned_to", nullable=True),
        _number("done"),
        _date("actual_from", nullable=True),
        _date("actual_to", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def _payments() -> None:
    _part(
        "payment",
        _text("source"),
        _text("status"),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        _date("day"),
        _text("note"),
    )


def _log() -> None:
    op.create_table(
        "register_event",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        *(_text(name) for name in ("at", "actor", "note", "kind", "record")),
        sa.Column("version", sa.Integer(), nullable=False),
        *(_text(name) for name in ("action", "payload", "previous", "hash")),
    )
    op.create_index("register_event_record", "register_event", ["kind", "record"])
    op.create_index("register_event_action", "register_event", ["kind", "action"])
    chain = op.create_table(
        "register_chain",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        _text("head"),
    )
    op.bulk_insert(chain, [{"id": 1, "events": 0, "head": _ZERO}])


def _guard_sqlite() -> None:
    for table, action in (
        ("register_event", "UPDATE"),
        ("register_event", "DELETE"),
        ("register_shape", "UPDATE"),
        ("register_shape", "DELETE"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION register_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in ("register_event", "register_shape"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION register_append_only()"
        )
