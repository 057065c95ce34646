"""REST: jobs of whoever asks."""

from typing import Any

from fastapi import Request

from zoning.web.access import signed_in
from zoning.web.api.content.models import PROBLEMS, JobList, JobTold, NoParameters, PageWanted
from zoning.web.api.content_lists import words
from zoning.web.jobs import Job, find_job, list_jobs
from zoning.web.jobs.asking import count_jobs
from zoning.web.refusals import not_found
from zoning.web.routes import Routes
from zoning.web.server import server_of, who_of

routes = Routes(prefix="/api/v1", tags=["jobs"], in_schema=True)
_ACCESS = signed_in("check")


@routes.get("/jobs", access=_ACCESS, response_model=JobList, responses=PROBLEMS)
def list_own_jobs(request: Request, page: PageWanted) -> Any:
    """Return the jobs of whoever asks, the newest first."""
    server, who = server_of(request), who_of(request)
    total = count_jobs(server, who.name)
    jobs = list_jobs(server, who.name, limit=page.limit, offset=page.offset)
    end = page.offset + len(jobs)
    return JobList(items=[_told(one) for one in jobs], total=total, next=end if jobs and end < total else None)


@routes.get("/jobs/{job}", access=_ACCESS, response_model=JobTold, responses=PROBLEMS)
def read_job(request: Request, job: str, _: NoParameters) -> Any:
    """Return one job with its progress and the names of its results (/jobs/{job}/files/NAME)."""
    found = find_job(server_of(request), job)
    if found is None or found.account != who_of(request).name:
        raise not_found("没有这个任务", "there is no such job")
    return _told(found)


def _told(job: Job) -> JobTold:
    return JobTold(
        job=job.id,
        kind=job.kind,
        title=words(job.title),
        state=job.state,
        at=job.at,
        started=job.started,
        ended=job.ended,
        code=job.code,
        progress=list(job.progress),
        results=[{"name": one.name, "bytes": one.size} for one in job.results],
    )
