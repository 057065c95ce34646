"""Long works of people: command lines that run in folders of their own, one after another, and are looked at later."""

from zoning.web.jobs.asking import find_job, get_job, list_jobs, may_see
from zoning.web.jobs.job import Job, Result
from zoning.web.jobs.runner import BACKGROUND, cancel_job, when_ended
from zoning.web.jobs.starting import again, remove_results, resume_job, start_job

__all__ = (
    "BACKGROUND",
    "Job",
    "Result",
    "again",
    "cancel_job",
    "find_job",
    "get_job",
    "list_jobs",
    "may_see",
    "remove_results",
    "resume_job",
    "start_job",
    "when_ended",
)
