"""The pages of jobs: how far they are, what came of them; and the button that runs a failed check once more."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, StreamingResponse

from zoning.texts import Text
from zoning.web import checks_ending, jobs
from zoning.web.access import only, signed_in
from zoning.web.checks import check_again, end_interrupted_checks, get_check, may_see
from zoning.web.headers import DOCUMENT_POLICY
from zoning.web.jobs import preparing
from zoning.web.jobs.asking import count_jobs
from zoning.web.jobs.downloads import disposition, kind_of, zipped
from zoning.web.jobs.job import STATES, Job
from zoning.web.navigation import Entry
from zoning.web.refusals import Refused, not_found
from zoning.web.rendering import language_of, pages_of, render
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of, who_of
from zoning.web.workers.pool import MOST_WAITING

_THREADS = MOST_WAITING + 60


def begin(server: Server) -> Callable[[], None]:
    """Let checks that wait for a worker hold no thread that a page needs; end what a server before this one began."""
    to_thread.current_default_thread_limiter().total_tokens = _THREADS
    end_interrupted_checks(server)
    return lambda: None


routes = Routes()
BACKGROUND = (begin, checks_ending.begin, *jobs.BACKGROUND, preparing.begin)
_WORKERS: Final = only("reviewer", "planner", "restoration", "admin")
NAVIGATION = (Entry(80, "/jobs", Text("任务", "Jobs"), _WORKERS),)
_PAGE = 30
_LARGEST_ZIP = 2_000_000_000


@routes.get("/jobs", access=signed_in())
def jobs_page(
    request: Request, page: Annotated[int, Query(ge=1, le=10_000)] = 1, whose: Annotated[str, Query()] = "mine"
) -> Response:
    """Show one's jobs; to administrators also those of all."""
    server, who = server_of(request), who_of(request)
    everybody = whose == "all" and who.has("admin")
    account = None if everybody else who.name
    total = count_jobs(server, account)
    found = jobs.list_jobs(server, account, limit=_PAGE, offset=(page - 1) * _PAGE)
    return render(
        request,
        "jobs.html.j2",
        jobs=found,
        states=STATES,
        everybody=everybody,
        page=page,
        pages=pages_of(total, _PAGE),
        href=lambda number: f"/jobs?page={number}" + ("&whose=all" if everybody else ""),
    )


@routes.get("/jobs/{job}", access=signed_in())
def job_page(request: Request, job: str, show: Annotated[str, Query(max_length=500)] = "") -> Response:
    """Show how far a job is, and its results."""
    found = _mine(request, job)
    shown = found.result(show) if show else None
    return render(
        request,
        "job.html.j2",
        job=found,
        states=STATES,
        shown=shown.name if shown is not None and kind_of(shown.name).is_framed else "",
        kind_of=kind_of,
        path_of=lambda name: f"/jobs/{found.id}/files/{quote(name)}",
        has_said=_has_said(found),
    )


@routes.get("/jobs/{job}/state", access=signed_in())
def job_state(request: Request, job: str) -> Response:
    """Return how far a job is, for the script of its page."""
    found = _mine(request, job)
    content: dict[str, Any] = {
        "state": found.state,
        "word": STATES[found.state].get(language_of(request)),
        "ended": found.has_ended,
        "lines": found.progress,
    }
    return JSONResponse(content)


@routes.post("/jobs/{job}/cancel", access=signed_in())
def cancel(request: Request, job: str) -> Response:
    """End a job."""
    found = _mine(request, job)
    jobs.cancel_job(server_of(request), who_of(request), found.id)
    return RedirectResponse(f"/jobs/{found.id}", 303)


@routes.post("/jobs/{job}/again", access=signed_in())
def again(request: Request, job: str) -> Response:
    """Run a job once more, as a new one."""
    found = _mine(request, job)
    return RedirectResponse(f"/jobs/{jobs.again(server_of(request), who_of(request), found.id)}", 303)


@routes.post("/jobs/{job}/resume", access=signed_in())
def resume(request: Request, job: str) -> Response:
    """Let a job go on where it was interrupted."""
    found = _mine(request, job)
    jobs.resume_job(server_of(request), who_of(request), found.id)
    return RedirectResponse(f"/jobs/{found.id}", 303)


@routes.post("/jobs/{job}/remove", access=signed_in())
def remove(request: Request, job: str) -> Response:
    """Remove the results of a job; that it was done stays known."""
    found = _mine(request, job)
    jobs.remove_results(server_of(request), who_of(request), found.id)
    return RedirectResponse("/jobs", 303)


@routes.get("/jobs/{job}/files/{name:path}", access=signed_in())
def result(request: Request, job: str, name: str, download: Annotated[str, Query()] = "") -> Response:
    """Return a result. Only names that are listed are known: no path is followed."""
    found = _ended(request, job)
    file = found.result(name)
    if file is None:
        raise not_found("没有这个文件", "there is no such file")
    kind = kind_of(name)
    headers = {"Content-Disposition": disposition(name.rpartition("/")[2], inline=kind.is_shown and not download)}
    if kind.is_document:
        headers["Content-Security-Policy"] = DOCUMENT_POLICY
    return FileResponse(file.path, media_type=kind.media, headers=headers)


@routes.get("/jobs/{job}/said.txt", access=signed_in())
def said(request: Request, job: str) -> Response:
    """Return what the command has printed."""
    found = _ended(request, job)
    if not _has_said(found):
        raise not_found("没有这个文件", "there is no such file")
    headers = {"Content-Disposition": disposition("output.txt", inline=False)}
    return FileResponse(found.folder / "stdout", media_type="text/plain; charset=utf-8", headers=headers)


@routes.get("/jobs/{job}/results.zip", access=signed_in())
def archive(request: Request, job: str) -> Response:
    """Return all results in one archive."""
    found = _ended(request, job)
    if not found.results:
        raise not_found("没有结果文件", "there are no results")
    if sum(one.size for one in found.results) > _LARGEST_ZIP:
        raise Refused(
            413, Text("结果太大，请逐个下载", "the results are too large for one archive: take them one by one")
        )
    pieces: Iterator[bytes] = zipped(found.results)
    name = f"{found.title.get(language_of(request))}.zip"
    headers = {"Content-Disposition": disposition(name, inline=False)}
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)


@routes.post("/checks/{check}/again", access=only("reviewer", "planner"))
def check_once_more(request: Request, check: str) -> Response:
    """Check a kept file once more: for checks that found no result because a worker died or took too long."""
    server, who = server_of(request), who_of(request)
    found = get_check(server, check)
    if found is None or not may_see(who, found):
        raise not_found("没有这次检查", "there is no such check")
    return RedirectResponse(f"/checks/{check_again(server, who, check, language_of(request))}", 303)


def _mine(request: Request, job: str) -> Job:
    """Return a job that this person may see; to all others it does not exist."""
    found = jobs.find_job(server_of(request), job)
    if found is None or not jobs.may_see(who_of(request), found):
        raise not_found("没有这个任务", "there is no such job")
    return found


def _ended(request: Request, job: str) -> Job:
    """Return a job that this person may see and that has ended: before, what it has written may be half of something.

    Raises
    ------
    Refused
        404; 409 when the job waits or runs.
    """
    found = _mine(request, job)
    if not found.has_ended:
        raise Refused(409, Text("任务还没有结束，没有结果", "the job has not ended yet and has no results"))
    return found


def _has_said(job: Job) -> bool:
    path = job.folder / "stdout"
    return job.has_ended and path.is_file() and path.stat().st_size > 0
