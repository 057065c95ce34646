"""What runs on the workers of a cluster: they are greeted, get what they lack, and then work."""

import asyncio
import os
import pickle
import threading
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from zoning.batch.cluster_content import Content, Copies, File
from zoning.batch.cluster_environment import Entries, Environment, environment
from zoning.batch.job import Job, Part
from zoning.errors import LayerError, ZoningError, os_reason
from zoning.foreign_proj import unset_foreign_proj
from zoning.texts import Text

FOLDER = "zoning-copies"
_MOST_RUNS = 8


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a batch on a cluster: what every worker is told once."""

    name: str
    job: Job
    content: Content


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a worker says when it is told of a run.

    Attributes
    ----------
    differences
        What decides digits and is otherwise than on the client: the worker cannot take part.
    fault
        Why else it cannot take part.
    missing
        What it has to be sent before it can; nothing of all: it is ready.
    """

    differences: tuple[Text, ...] = ()
    fault: ZoningError | None = None
    missing: tuple[File, ...] = ()
    threads: int = 1

    @property
    def ready(self) -> bool:
        """Whether the worker can be given tasks."""
        return not (self.differences or self.fault or self.missing)


_jobs: dict[str, Job] = {}
"""Runs that this process is ready for -> their job, with the folders that hold on this computer."""

_one_at_a_time = threading.Lock()
_copying = threading.Lock()


async def greet(entries: Entries, packed: bytes, dask_worker: Any) -> Greeting:
    """Tell a worker of a run; it answers what it lacks. Takes as long as the files take to be hashed.

    Parameters
    ----------
    entries
        Of the environment of the client: plain texts, which every version of this program can read.
    packed
        The run, which only the same version can.
    """
    # Beside the loop of the worker, which has to say in between that it is alive.
    greeting = await asyncio.to_thread(_greet, entries, packed, _copies(dask_worker))
    return replace(greeting, threads=int(dask_worker.state.nthreads))


async def receive(file: File, start: int, data: bytes, sender: str, dask_worker: Any) -> ZoningError | None:
    """Take a piece of a file; return why it cannot be taken."""
    try:
        await asyncio.to_thread(partial(_copies(dask_worker).receive, file, start, data, sender))
    except ZoningError as error:
        return error
    return None


def work(name: str, packed: bytes) -> Part | ZoningError | None:
    """Do a task of a run; return its part, why the whole run cannot go on, or None where the run is not known.

    The task travels packed, so that the scheduler does not open it.
    """
    job = _jobs.pop(name, None)
    if job is None:
        return None
    _jobs[name] = job  # the run that was used last is forgotten last
    from zoning.batch.work import run_task

    # What a process keeps open is made for one task at a time; a worker with one thread never waits here.
    with _one_at_a_time:
        try:
            return run_task(job, pickle.loads(packed))  # noqa: S301 - who may send tasks may run anything anyway
        except ZoningError as error:
            return error


def _copies(dask_worker: Any) -> Copies:
    """Return the copies of this host: beside the folders that Dask makes for each of its workers."""
    return Copies(Path(dask_worker.local_directory).parent / FOLDER)


def _greet(entries: Entries, packed: bytes, copies: Copies) -> Greeting:
    unset_foreign_proj(os.environ)
    differences = Environment(entries).differences(environment())
    if differences:
        return Greeting(differences=differences)
    run: Run = pickle.loads(packed)  # noqa: S301 - as above
    if run.name in _jobs:
        return Greeting()
    try:
        job = _settled(run, copies)
    except ZoningError as error:
        return Greeting(fault=error)
    except OSError as error:
        reason = os_reason(error)
        return Greeting(fault=LayerError(f"{error.filename}：{reason.zh}", f"{error.filename}: {reason.en}"))
    if job is None:
        missing = copies.missing(run.content)
        return Greeting(missing=missing) if missing else Greeting(fault=_unlike(copies.root))
    _jobs[run.name] = job
    while len(_jobs) > _MOST_RUNS:
        del _jobs[next(iter(_jobs))]
    return Greeting()


def _settled(run: Run, copies: Copies) -> Job | None:
    """Return the job with folders that hold exactly what it rests on; None when this computer has none."""
    from zoning.batch.cluster_files import PREPARED, WORKSPACE, holds

    if holds(run.job, run.content):
        return run.job
    with _copying:
        tree = copies.tree(run.content)
    if tree is None:
        return None
    prepared = None if run.job.prepared is None else tree / PREPARED
    job = replace(run.job, root=tree / WORKSPACE, prepared=prepared)
    if holds(job, run.content):
        return job
    raise _unlike(tree)


def _unlike(folder: Path) -> LayerError:
    return LayerError(
        f"{folder}：工作进程上的副本与本机的工作空间不一致；请删除此文件夹后用 --resume 继续",
        f"{folder}: the copy on the worker is not the workspace of this computer; remove this folder and go on with "
        "--resume",
    )
