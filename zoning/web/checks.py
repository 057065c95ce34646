"""Checks that people ask for: kept with their file, facts and answer."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from zoning.registers.canonical import canonical, moment
from zoning.registers.files import keep_copy
from zoning.registers.schema_server import StoredCheck
from zoning.texts import Language
from zoning.web.access import Who
from zoning.web.server import Server
from zoning.web.workers.work import FAILURES, Task


@dataclass(frozen=True, slots=True)
class Check:
    """A check; see `zoning.registers.schema_server.StoredCheck`.

    Attributes
    ----------
    request
        `name`, `sha256`, `path` (among the files), `options`.
    answer
        That of `zoning.web.workers.tasks.check`; None while there is none.
    """

    id: str
    account: str
    at: str
    title: str
    day: date
    state: str
    request: Mapping[str, Any]
    facts: Mapping[str, Any]
    answer: Mapping[str, Any] | None
    decision: str
    error: Mapping[str, str] | None
    previous: str
    is_shared: bool


_ORDER = ("permitted", "restricted", "undetermined", "prohibited")


def run_check(  # noqa: PLR0913 - what a check is told
    server: Server,
    who: Who,
    file: Path,
    *,
    on: date,
    language: Language,
    facts: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    previous: str = "",
) -> str:
    """Keep the file, check it in a worker, keep the answer; return the id of the check.

    The file is kept before it is read: what a person handed in is there, whatever becomes of the check.
    """
    copy = keep_copy(server.settings.files, file)
    request = {"name": copy.name, "sha256": copy.sha256, "path": copy.path, "options": dict(options or {})}
    check = secrets.token_urlsafe(12)
    row = {
        "id": check,
        "account": who.name,
        "at": moment(server.now()),
        "title": copy.name,
        "day": on,
        "state": "waiting",
        "request": canonical(request),
        "facts": canonical(dict(facts or {})),
        "answer": "",
        "decision": "",
        "error": "",
        "previous": previous,
        "shared": False,
    }
    with server.store.database.writing() as connection:
        connection.execute(insert(StoredCheck).values(row))
    folder = server.folder("checks") / check
    told = {
        "file": str(server.settings.files / copy.path),
        "name": copy.name,
        "on": on.isoformat(),
        "facts": dict(facts or {}),
        "options": dict(options or {}),
    }
    quotas = server.settings.quotas
    outcome = server.pool.run(
        Task(folder, "check", told, language, seconds=quotas.check_s, memory_mb=quotas.memory_mb)
    )
    values = _values(server, folder, outcome.state)
    with server.store.database.writing() as connection:
        connection.execute(update(StoredCheck).where(StoredCheck.id == check).values(values))
    return check


def get_check(server: Server, check: str) -> Check | None:
    """Return a check."""
    with server.store.database.reading() as connection:
        query = select(*StoredCheck.__table__.columns).where(StoredCheck.id == check)
        row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    answer = None
    if row["answer"]:
        path = server.settings.files / f"{row['answer'][:2]}/{row['answer']}.json"
        answer = json.loads(path.read_text(encoding="utf-8"))
    return Check(
        row["id"],
        row["account"],
        row["at"],
        row["title"],
        row["day"],
        row["state"],
        json.loads(row["request"]),
        json.loads(row["facts"]),
        answer,
        row["decision"],
        json.loads(row["error"]) if row["error"] else None,
        row["previous"],
        row["shared"],
    )


def _values(server: Server, folder: Path, state: str) -> dict[str, Any]:
    if state != "done":
        text = FAILURES[state]  # type: ignore[index] - every state but done has a sentence
        return {"state": "failed", "error": canonical({"zh": text.zh, "en": text.en})}
    path = folder / "answer.json"
    answer = json.loads(path.read_text(encoding="utf-8"))
    if "error" in answer:
        return {"state": "refused", "error": canonical(answer["error"])}
    copy = keep_copy(server.settings.files, path)
    decisions = [verdict["decision"] for verdict in answer["verdicts"]]
    worst = max(decisions, key=_ORDER.index, default="")
    return {"state": "done", "answer": copy.sha256, "decision": worst}
