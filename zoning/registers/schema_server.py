"""The tables of the server: accounts, sessions, tokens, checks, jobs, editions, webhooks.

They lie in the database of the register, so that one backup holds all and one transaction can change both. Moments are
texts in UTC (`zoning.registers.canonical.moment`).
"""

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from zoning.registers.schema import Table


class StoredAccount(Table):
    """Somebody who may sign in. `password`: argon2 hash, empty where only OIDC is used; `roles`: canonical JSON list.

    `subject`: issuer and subject of OIDC; `version` counts changes; `epoch` counts what ends all sessions (a new
    password, other roles, switched off).
    """

    __tablename__ = "server_account"

    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    password: Mapped[str]
    roles: Mapped[str]
    language: Mapped[str]
    active: Mapped[bool]
    subject: Mapped[str | None] = mapped_column(unique=True)
    created: Mapped[str]
    version: Mapped[int]
    epoch: Mapped[int]


class StoredSession(Table):
    """A signed-in browser. `id`: SHA-256 of the cookie; `csrf`: what every form must bring."""

    __tablename__ = "server_session"

    id: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str]
    epoch: Mapped[int]
    csrf: Mapped[str]
    created: Mapped[str]
    seen: Mapped[str]
    expires: Mapped[str]

    __table_args__ = (Index("server_session_account", "account"),)


class StoredToken(Table):
    """A token of a program. `hash`: SHA-256 of its secret part; `scopes`: canonical JSON list."""

    __tablename__ = "server_token"

    id: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str]
    account: Mapped[str]
    title: Mapped[str]
    scopes: Mapped[str]
    created: Mapped[str]
    expires: Mapped[str]
    used: Mapped[str]
    revoked: Mapped[str]


class StoredCheck(Table):
    """A check that somebody asked for: its file and facts, and what came of it.

    `state`: waiting, done, refused, failed; `request`: canonical JSON (name of the file, its SHA-256 and place among
    the files, reading options); `facts`: canonical JSON; `answer`: SHA-256 of the answer (JSON); `error`: canonical
    JSON {zh, en}; `previous`: the check whose facts were completed; `shared`: whether everybody of the office may see
    it by its link.
    """

    __tablename__ = "server_check"

    id: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str]
    at: Mapped[str]
    title: Mapped[str]
    day: Mapped[date]
    state: Mapped[str]
    request: Mapped[str]
    facts: Mapped[str]
    answer: Mapped[str]
    decision: Mapped[str]
    error: Mapped[str]
    previous: Mapped[str]
    shared: Mapped[bool]

    __table_args__ = (Index("server_check_account", "account", "at"),)


class StoredJob(Table):
    """A long work of a person: a command line in a folder of its own.

    `state`: waiting, running, done, failed, cancelled, interrupted (the server ended); `arguments`: canonical JSON
    list; `inputs`: canonical JSON of the files that were uploaded for it; `code`: exit code, -1 while there is none.
    """

    __tablename__ = "server_job"

    id: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    arguments: Mapped[str]
    inputs: Mapped[str]
    state: Mapped[str]
    at: Mapped[str]
    started: Mapped[str]
    ended: Mapped[str]
    code: Mapped[int]

    __table_args__ = (Index("server_job_account", "account", "at"), Index("server_job_state", "state"))


class StoredEdition(Table):
    """An edition of a layer that was uploaded.

    `state`: uploaded, audited, active, withdrawn, refused; `file`: SHA-256 and place of the uploaded file (canonical
    JSON); `report`: SHA-256 of the audit's JSON; `content_before`, `content_after`: SHA-256 of the layer's YAML before
    and after activation, kept among the files.
    """

    __tablename__ = "server_edition"

    id: Mapped[str] = mapped_column(primary_key=True)
    layer: Mapped[str]
    edition: Mapped[str]
    file: Mapped[str]
    settings: Mapped[str]
    valid_from: Mapped[date]
    state: Mapped[str]
    report: Mapped[str]
    preview: Mapped[str]
    content_before: Mapped[str]
    content_after: Mapped[str]
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[str]
    answered_by: Mapped[str]
    answered_at: Mapped[str]
    note: Mapped[str]
    version: Mapped[int]


class StoredHook(Table):
    """An address that is told of events. `secret` signs what is sent.

    `events`: canonical JSON {title, events, private}: a name for people, the events, and whether addresses inside the
    office are allowed.
    """

    __tablename__ = "server_hook"

    id: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str]
    secret: Mapped[str]
    events: Mapped[str]
    active: Mapped[bool]
    created_by: Mapped[str]
    created: Mapped[str]


class StoredDelivery(Table):
    """One message to an address. `state`: waiting, done, given-up; `due`: when it is tried next."""

    __tablename__ = "server_delivery"

    id: Mapped[str] = mapped_column(primary_key=True)
    hook: Mapped[str]
    event: Mapped[str]
    payload: Mapped[str]
    state: Mapped[str]
    tries: Mapped[int]
    due: Mapped[str]
    answer: Mapped[str]

    __table_args__ = (Index("server_delivery_due", "state", "due"),)
