"""Checks that people ask for: kept with their file, facts and answer."""

import json
import logging
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, or_, select, true, update

from zoning.errors import NoRoomError, ZoningError, is_want_of_room
from zoning.registers.canonical import canonical, moment
from zoning.registers.failures import UnknownEndError
from zoning.registers.files import Copy, keep_copy
from zoning.registers.log import Entry, append
from zoning.registers.schema_server import StoredCheck
from zoning.rules.verdict import strictest
from zoning.texts import Language, Text
from zoning.web.access import Who
from zoning.web.checks_ending import End, ending_of
from zoning.web.refusals import Refused, not_found
from zoning.web.server import Server
from zoning.web.workers.work import Task, failure


@dataclass(frozen=True, slots=True)
class Check:
    """A check; see `zoning.registers.schema_server.StoredCheck`.

    Attributes
    ----------
    request
        `name`, `sha256`, `size` (bytes), `path` (among the files), `options` (of `zoning.sites.read_sites`).
    answer
        That of `zoning.web.workers.checking.check`; None while there is none.
    digest
        SHA-256 of the answer; empty while there is none.
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
    digest: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A check in a list; see `Check`."""

    id: str
    account: str
    at: str
    title: str
    state: str
    decision: str
    previous: str
    is_shared: bool


_LOG = logging.getLogger("zoning.web.checks")
_INTERRUPTED = Text(
    "检查过程中系统停止了，没有得出结果；请再检查一次",
    "the system was stopped during the check, which has no result: check again",
)


def run_check(
    server: Server,
    who: Who,
    file: Path | Copy,
    *,
    on: date,
    language: Language,
    facts: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    previous: str = "",
) -> str:
    """Keep the file, check it in a worker, keep the answer; return the id of the check.

    The file is kept before it is read: what a person handed in is there, whatever becomes of the check. A check that no
    worker could do is kept as failed, with the sentence why. It waits where its end cannot be written at once.

    Raises
    ------
    UsageError, ContentError
        When the file cannot be kept, or the check not be written down; what its reading says stands in the check.
    """
    copy = file if isinstance(file, Copy) else keep_copy(server.settings.files, file)
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
    try:
        with server.store.database.writing() as connection:
            connection.execute(insert(StoredCheck).values(row))
    except UnknownEndError:
        # Its row may be there, and whoever asked is told to look: then it must not wait for ever.
        ending_of(server).later(_end(server, who, check, on, _failed(_INTERRUPTED)))
        raise
    values = _answered(server, check, told_of(server, request, on, facts or {}), language)
    ending_of(server).end(_end(server, who, check, on, values))
    return check


def _end(server: Server, who: Who, check: str, on: date, values: Mapping[str, Any]) -> End:
    told = {"check": check, "state": values["state"], "decision": values.get("decision", ""), "day": on.isoformat()}
    return End(check, values, told, server.stamp(who))


def told_of(server: Server, request: Mapping[str, Any], on: date, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a worker is told about a check."""
    return {
        "file": str(server.settings.files / request["path"]),
        "name": request["name"],
        "on": on.isoformat(),
        "facts": dict(facts),
        "options": dict(request["options"]),
    }


def check_again(server: Server, who: Who, check: str, language: Language) -> str:
    """Check the kept file of a check once more, with the same facts on the same day; return the id of the new check.

    Raises
    ------
    Refused
        404.
    UsageError, ContentError
        As `run_check` does.
    """
    before = get_check(server, check)
    if before is None:
        raise not_found("没有这次检查", "there is no such check")
    return run_again(server, who, before, on=before.day, language=language, previous=before.previous)


def run_again(
    server: Server,
    who: Who,
    before: Check,
    *,
    on: date,
    language: Language,
    facts: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    previous: str | None = None,
) -> str:
    """Check the kept file of a check with other facts or reading options; return the id of the new check.

    Parameters
    ----------
    facts, options
        None: those of the check before.
    previous
        The check that the new one continues; None: the one before.

    Raises
    ------
    UsageError, ContentError
        As `run_check` does.
    """
    request = before.request
    return run_check(
        server,
        who,
        Copy(request["name"], request["sha256"], 0, request["path"]),
        on=on,
        language=language,
        facts=before.facts if facts is None else facts,
        options=request["options"] if options is None else options,
        previous=before.id if previous is None else previous,
    )


def may_see(who: Who, check: Check) -> bool:
    """Tell whether somebody may see a check: its owner, reviewers, administrators; others when it is shared."""
    return check.account == who.name or check.is_shared or who.has("reviewer", "admin")


def demand_ended(check: Check) -> None:
    """Refuse what needs the answer of a check while it has none yet: that it is missing says nothing about the site.

    Raises
    ------
    Refused
        409 when the check still runs, or its end is not written yet.
    """
    if check.state == "waiting":
        raise Refused(
            409,
            Text("这次检查还没有完成，请稍后再看", "this check has not come to its end yet: look again a little later"),
        )


def share(server: Server, who: Who, check: Check, *, shared: bool) -> None:
    """Let everybody of the office see a check by its link, or no longer."""
    entry = Entry("server", f"check:{check.id}", 1, "admin", {"what": "share", "shared": shared})
    with server.store.database.writing() as connection:
        connection.execute(update(StoredCheck).where(StoredCheck.id == check.id).values(shared=shared))
        append(connection, [entry], server.stamp(who))


def list_checks(server: Server, who: Who, *, everybody: bool, limit: int, offset: int) -> tuple[list[Listed], int]:
    """Return checks without their answers, the newest first, and how many there are.

    Parameters
    ----------
    everybody
        Also those of others that may be seen; else one's own.
    """
    table = StoredCheck
    chosen = table.account == who.name
    if everybody:
        chosen = true() if who.has("reviewer", "admin") else or_(chosen, table.shared)
    columns = [
        getattr(table, name) for name in ("id", "account", "at", "title", "state", "decision", "previous", "shared")
    ]
    query = select(*columns).where(chosen).order_by(table.at.desc(), table.id).limit(limit).offset(offset)
    with server.store.database.reading() as connection:
        rows = connection.execute(query).all()
        total = connection.execute(select(func.count()).select_from(table).where(chosen)).scalar_one()
    return [Listed(*row) for row in rows], int(total)


def end_interrupted_checks(server: Server) -> int:
    """Mark the checks that a server before this one did not finish as failed; return how many."""
    error = canonical({"zh": _INTERRUPTED.zh, "en": _INTERRUPTED.en})
    with server.store.database.writing() as connection:
        query = update(StoredCheck).where(StoredCheck.state == "waiting").values(state="failed", error=error)
        return int(connection.execute(query).rowcount)


def get_check(server: Server, check: str) -> Check | None:
    """Return a check."""
    query = select(*StoredCheck.__table__.columns).where(StoredCheck.id == check)
    with server.store.database.reading() as connection:
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
        row["answer"],
    )


def _answered(server: Server, check: str, told: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Let a worker check; return what is known then: the columns of the row that change."""
    folder = server.folder("checks") / check
    quotas = server.settings.quotas
    task = Task(folder, "check", told, language, seconds=quotas.check_s, memory_mb=quotas.memory_mb)
    try:
        outcome = server.pool.run(task)
        return _values(server, folder) if outcome.state == "done" else _failed(failure(outcome.state, task))
    except NoRoomError:
        return _failed(failure("disk"))
    except (Refused, ZoningError) as error:
        return _failed(error.text)
    except (OSError, ValueError) as error:
        # No room for the folder of the task, or an answer that was not written whole.
        _LOG.exception("a check has no answer", extra={"check": check})
        return _failed(failure("disk" if is_want_of_room(error) else "died"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _values(server: Server, folder: Path) -> dict[str, Any]:
    path = folder / "answer.json"
    answer = json.loads(path.read_bytes())
    if "error" in answer:
        return {"state": "refused", "error": canonical(answer["error"])}
    copy = keep_copy(server.settings.files, path)
    return {"state": "done", "answer": copy.sha256, "decision": worst_of(answer)}


def worst_of(answer: Mapping[str, Any]) -> str:
    """Return the strictest decision about the footprints of a file; empty where there is none.

    A file of which a footprint could not be checked never counts as clear.
    """
    decisions = [verdict["decision"] for verdict in answer["verdicts"]]
    if decisions and answer["refused"]:
        decisions.append("undetermined")
    return strictest(decisions) if decisions else ""


def _failed(text: Text) -> dict[str, Any]:
    return {"state": "failed", "error": canonical(text.plain())}
