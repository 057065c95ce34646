"""Tables of cases (verdicts, notes, overrides, notices) and of the server (accounts, sessions, checks, jobs ...)."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_Columns = tuple[sa.Column[Any], ...]


def upgrade() -> None:
    """Add the tables; what is there stays as it is."""
    _cases()
    _accounts()
    _works()
    _hooks()


def _texts(*names: str) -> _Columns:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, primary_key=True)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=False)


def _part(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        f"register_{name}",
        _key("kind"),
        _key("record"),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["kind", "record"], ["register_record.kind", "register_record.id"], name=f"register_{name}_record"
        ),
    )


def _cases() -> None:
    _part(
        "verdict",
        *_texts("site", "decision"),
        _day("day"),
        *_texts("document", "boundary", "facts", "digests", "why", "actor", "at"),
    )
    _part("note", *_texts("text", "actor", "at"))
    _part(
        "override",
        _number("verdict"),
        *_texts("decision", "reason", "state", "proposed_by", "proposed_at", "answered_by", "answered_at", "answer"),
    )
    _part(
        "notice",
        *_texts("cause"),
        _number("verdict"),
        *_texts("before", "after", "document", "difference", "at", "seen_by", "seen_at"),
        _number("taken"),
    )
    op.create_index("register_notice_open", "register_notice", ["kind", "seen_at"])


def _accounts() -> None:
    op.create_table(
        "server_account",
        _key("name"),
        *_texts("title", "password", "roles", "language"),
        _flag("active"),
        sa.Column("subject", sa.Text(), nullable=True, unique=True),
        *_texts("created"),
        _number("version"),
        _number("epoch"),
    )
    op.create_table(
        "server_session",
        _key("id"),
        *_texts("account"),
        _number("epoch"),
        *_texts("csrf", "created", "seen", "expires"),
    )
    op.create_index("server_session_account", "server_session", ["account"])
    op.create_table(
        "server_token",
        _key("id"),
        *_texts("hash", "account", "title", "scopes", "created", "expires", "used", "revoked"),
    )


def _works() -> None:
    op.create_table(
        "server_check",
        _key("id"),
        *_texts("account", "at", "title"),
        _day("day"),
        *_texts("state", "request", "facts", "answer", "decision", "error", "previous"),
        _flag("shared"),
    )
    op.create_index("server_check_account", "server_check", ["account", "at"])
    op.create_table(
        "server_job",
        _key("id"),
        *_texts("account", "kind", "title", "arguments", "inputs", "state", "at", "started", "ended"),
        _number("code"),
    )
    op.create_index("server_job_account", "server_job", ["account", "at"])
    op.create_index("server_job_state", "server_job", ["state"])
    op.create_table(
        "server_edition",
        _key("id"),
        *_texts("layer", "edition", "file", "settings"),
        _day("valid_from"),
        *_texts("state", "report", "preview", "content_before", "content_after"),
        *_texts("uploaded_by", "uploaded_at", "answered_by", "answered_at", "note"),
        _number("version"),
    )


def _hooks() -> None:
    op.create_table(
        "server_hook", _key("id"), *_texts("url", "secret", "events"), _flag("active"), *_texts("created_by", "created")
    )
    op.create_table(
        "server_delivery",
        _key("id"),
        *_texts("hook", "event", "payload", "state"),
        _number("tries"),
        *_texts("due", "answer"),
    )
    op.create_index("server_delivery_due", "server_delivery", ["state", "due"])
