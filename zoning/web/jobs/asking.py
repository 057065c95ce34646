"""Which jobs there are, and how they stand."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from zoning.registers.schema_server import StoredJob
from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.jobs.folders import noted_failure, progress_of, results_of
from zoning.web.jobs.job import CODES, FINAL, Job
from zoning.web.refusals import not_found
from zoning.web.server import Server
from zoning.web.workers.work import failure

JOBS = "jobs"
_REASONS: Mapping[int, Text] = {code: failure(state) for state, code in CODES.items()}


def get_job(server: Server, job: str) -> Job:
    """Return a job.

    Raises
    ------
    Refused
        404.
    """
    found = find_job(server, job)
    if found is None:
        raise not_found("没有这个任务", "there is no such job")
    return found


def find_job(server: Server, job: str) -> Job | None:
    """Return a job, or None."""
    with server.store.database.reading() as connection:
        query = select(*StoredJob.__table__.columns).where(StoredJob.id == job)
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else job_of(server, dict(row))


def list_jobs(
    server: Server, account: str | None = None, *, kind: str | None = None, limit: int = 50, offset: int = 0
) -> tuple[Job, ...]:
    """Return jobs, the newest first, without their progress and results.

    Parameters
    ----------
    account
        Whose; None: everybody's.
    """
    query = select(*StoredJob.__table__.columns).order_by(StoredJob.at.desc(), StoredJob.id)
    if account is not None:
        query = query.where(StoredJob.account == account)
    if kind is not None:
        query = query.where(StoredJob.kind == kind)
    with server.store.database.reading() as connection:
        rows = connection.execute(query.limit(limit).offset(offset)).mappings().all()
    return tuple(job_of(server, dict(row), whole=False) for row in rows)


def count_jobs(server: Server, account: str | None = None) -> int:
    """Return how many jobs there are; see `list_jobs`."""
    query = select(func.count()).select_from(StoredJob)
    if account is not None:
        query = query.where(StoredJob.account == account)
    with server.store.database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def may_see(who: Who, job: Job) -> bool:
    """Tell whether somebody may see a job: its owner and administrators."""
    return who.is_signed_in and (who.name == job.account or who.has("admin"))


def folder_of(server: Server, job: str) -> Path:
    """Return the folder of a job, which need not be there."""
    return server.folder(JOBS) / job


def job_of(server: Server, row: Mapping[str, Any], *, whole: bool = True) -> Job:
    """Return the job of a row; with `whole` also what lies in its folder."""
    folder = folder_of(server, row["id"])
    given = json.loads(row["inputs"])
    title = json.loads(row["title"])
    return Job(
        id=row["id"],
        account=row["account"],
        kind=row["kind"],
        title=Text(title["zh"], title["en"]),
        arguments=tuple(json.loads(row["arguments"])),
        inputs=tuple(given["files"]),
        language=given["language"],
        roles=tuple(given["roles"]),
        state=row["state"],
        at=row["at"],
        started=row["started"],
        ended=row["ended"],
        code=row["code"],
        progress=tuple(line.replace(f"{folder}/", "") for line in progress_of(folder)) if whole else (),
        # While it runs what lies there may be half of something.
        results=results_of(folder) if whole and row["state"] in FINAL else (),
        failure=_why(folder, row["code"]) if row["state"] == "failed" else None,
        folder=folder,
    )


def _why(folder: Path, code: int) -> Text | None:
    """Return why there is no result; without its figure where the folder has gone, None where the command said it."""
    return (noted_failure(folder) or _REASONS[code]) if code in _REASONS else None
