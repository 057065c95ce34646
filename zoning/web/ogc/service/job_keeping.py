"""The manager of pygeoapi: runs the process in the workers and jobs of the server, for the person who asks.

Jobs are those of the workbench (`zoning.web.jobs`): in our database, in line, one owner each. pygeoapi starts none.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pygeoapi.process.base import JobNotFoundError
from pygeoapi.process.manager.base import BaseManager
from pygeoapi.util import JobStatus
from sqlalchemy import func, select, update

from zoning.registers.schema_server import StoredJob
from zoning.rules.verdict import strictest
from zoning.texts import Language, Text
from zoning.web.access import Who
from zoning.web.api.content.checking import check_now, told_check
from zoning.web.jobs import Job, cancel_job, find_job, remove_results, start_job
from zoning.web.jobs.job import STATES
from zoning.web.ogc.service.execution import Execution
from zoning.web.ogc.service.refusing import NO_SUCH_JOB, OgcRefused, missing
from zoning.web.ogc.service.site_check import ID, OUTPUT
from zoning.web.uploads import upload_folder

if TYPE_CHECKING:
    from zoning.web.server import Server

NAME = "zoning.web.ogc.service.job_keeping.Manager"
RAW, DOCUMENT, DISMISSED = "site-check", "site-check-document", "site-check-dismissed"
_KINDS: Final = (RAW, DOCUMENT, DISMISSED)
_STATES: Final = {
    "waiting": "accepted",
    "running": "running",
    "done": "successful",
    "failed": "failed",
    "interrupted": "failed",
    "cancelled": "dismissed",
}
_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True, eq=False)
class Asking:
    """Who asks for what, of which server. pygeoapi copies its configuration: this is never copied."""

    server: "Server"
    who: Who
    language: Language
    execution: Execution | None = None

    def __deepcopy__(self, _: Any) -> "Asking":
        return self


class Manager(BaseManager):  # type: ignore[misc]  # pygeoapi has no types
    """Processes and jobs as one person sees them; made for one request."""

    def __init__(self, manager_def: dict[str, Any]) -> None:
        super().__init__(manager_def)
        self.is_async = True
        self._asking: Asking | None = manager_def.get("asking")

    def asked(self, asking: Asking) -> "Manager":
        """Return the manager for a request."""
        return Manager({"name": self.name, "processes": self.processes, "asking": asking})

    def get_jobs(self, status: Any = None, limit: int | None = None, offset: int | None = None) -> dict[str, Any]:
        """Return the jobs of whoever asks, the newest first."""
        _ = status
        asking = self._who()
        mine = StoredJob.account == asking.who.name, StoredJob.kind.in_(_KINDS)
        query = select(StoredJob.id).where(*mine).order_by(StoredJob.at.desc(), StoredJob.id)
        with asking.server.store.database.reading() as connection:
            ids = connection.execute(query.limit(limit or 1).offset(offset or 0)).scalars().all()
            count = connection.execute(select(func.count()).select_from(StoredJob).where(*mine)).scalar_one()
        jobs = [self.get_job(job) for job in ids]
        return {"jobs": jobs, "numberMatched": count}

    def get_job(self, job_id: str) -> dict[str, Any]:
        """Return how a job stands."""
        job = self._mine(job_id)
        state = "dismissed" if job.kind == DISMISSED else _STATES[job.state]
        return {
            "identifier": job.id,
            "process_id": ID,
            "status": state,
            "message": _message(job, self._who().language, is_dismissed=state == "dismissed"),
            "progress": 100 if job.has_ended else 0,
            "parameters": None,
            "created": job.at,
            "started": job.started or job.at,
            "finished": job.ended or None,
            "updated": job.ended or job.started or job.at,
            "mimetype": _JSON,
        }

    def get_job_result(self, job_id: str) -> tuple[str, Any]:
        """Return what a job has found."""
        job = self._mine(job_id)
        if job.kind == DISMISSED or job.state == "cancelled":
            raise missing("任务已取消，没有结果", "the job was dismissed: there are no results", NO_SUCH_JOB)
        try:
            found = json.loads(job.said)
        except ValueError:
            raise missing("结果已删除", "the results were removed", NO_SUCH_JOB) from None
        verdicts = found if isinstance(found, list) else [found]
        decisions = [verdict["decision"] for verdict in verdicts]
        output = {"decision": strictest(decisions) if decisions else "", "verdicts": verdicts, "refused": []}
        return _JSON, _form(output, is_document=job.kind == DOCUMENT)

    def delete_job(self, job_id: str) -> bool:
        """Dismiss a job: it is ended where it runs, its results are removed, and it is so called from now on."""
        job, asking = self._mine(job_id), self._who()
        if job.kind == DISMISSED:
            raise JobNotFoundError
        if not job.has_ended:
            cancel_job(asking.server, asking.who, job_id)
        if self._mine(job_id).has_ended:
            remove_results(asking.server, asking.who, job_id)
        with asking.server.store.database.writing() as connection:
            connection.execute(update(StoredJob).where(StoredJob.id == job_id).values(kind=DISMISSED))
        return True

    def execute_process(
        self, process_id: str, data_dict: Mapping[str, Any], **ignored: Any
    ) -> tuple[str, str, Any, JobStatus, dict[str, str] | None]:
        """Do what the request asks, now or as a job."""
        del process_id, data_dict, ignored  # all of it was read before
        asking = self._who()
        wanted = asking.execution
        if wanted is None:
            raise AssertionError(asking)
        if wanted.is_async:
            job_id = self._start(asking, wanted)
            return job_id, _JSON, self.status_of(job_id), JobStatus.accepted, {"Preference-Applied": "respond-async"}
        check = told_check(check_now(asking.server, asking.who, wanted.told, asking.language))
        if check["state"] != "done":
            error = check["error"] or {"zh": "没有得出结果", "en": "there is no result"}
            raise OgcRefused(422 if check["state"] == "refused" else 503, Text(error["zh"], error["en"]))
        output: dict[str, Any] = {name: check[name] for name in ("check", "decision", "verdicts", "refused")}
        return "", _JSON, _form(output, is_document=wanted.is_document), JobStatus.successful, None

    def _start(self, asking: Asking, wanted: Execution) -> str:
        told = wanted.told
        day = told.on or asking.server.today()
        with upload_folder(asking.server) as folder:
            inputs = [told.write(folder)]
            arguments = ["check", "{0}", "--on", day.isoformat(), "--format", "json"]
            if told.facts:
                facts = folder / "zoning-facts.yaml"
                facts.write_text(json.dumps(dict(told.facts), ensure_ascii=False), encoding="utf-8")
                inputs.append(facts)
                arguments += ["--facts", "{1}"]
            if "crs" in told.options:
                arguments += ["--crs", str(told.options["crs"])]
            title = Text(f"地块研判：{told.name}", f"site check: {told.name}")
            kind = DOCUMENT if wanted.is_document else RAW
            return start_job(asking.server, asking.who, kind, title, arguments, inputs, language=asking.language)

    def status_of(self, job_id: str) -> dict[str, Any]:
        """Return how a job stands, as the answer to its request says it."""
        job = self.get_job(job_id)
        return {
            "processID": ID,
            "type": "process",
            "jobID": job_id,
            **{name: job[name] for name in ("status", "message", "progress", "created", "updated")},
        }

    def _mine(self, job_id: str) -> Job:
        """Return a job of whoever asks: not even an administrator sees the others' here."""
        asking = self._who()
        job = find_job(asking.server, job_id)
        if job is None or job.account != asking.who.name or job.kind not in _KINDS:
            raise JobNotFoundError
        return job

    def _who(self) -> Asking:
        if self._asking is None:
            raise AssertionError(self)
        return self._asking


def _form(output: dict[str, Any], *, is_document: bool) -> dict[str, Any]:
    return {OUTPUT: {"value": output, "mediaType": _JSON}} if is_document else output


def _message(job: Job, language: Language, *, is_dismissed: bool) -> str:
    if is_dismissed:
        return STATES["cancelled"].get(language)
    if job.state == "failed" and job.failure is None and job.progress:
        return job.progress[-1]
    return (job.failure or STATES[job.state]).get(language)
