"""Tasks in this process, or in several."""

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self

from zoning.batch.isolation import ProcessLostError, isolate
from zoning.batch.job import Job, Part, Task
from zoning.batch.work import run_task
from zoning.worker_processes import end_pool, start_pool

_AHEAD = 2  # tasks per process: one in work, one in waiting


class Serial:
    """One task after the other, in this process."""

    def run(self, job: Job, tasks: Iterator[Task]) -> Iterator[Part]:
        """Yield the parts in the order of the tasks.

        Raises
        ------
        LayerError
            When a layer holds something that its definition does not know, or is no longer what it was at the start.
        CRSError
            When the coordinate system of a layer is unknown, or has no exact way to CGCS2000.
        ContentError
            When the workspace has a mistake.
        """
        for task in tasks:
            # There is no process beside this one whose memory could be told.
            yield replace(run_task(job, task), peak_mb=0.0)


@dataclass(frozen=True, slots=True)
class Processes:
    """Several processes on this machine, each started afresh: no library has to survive a fork."""

    count: int

    def run(self, job: Job, tasks: Iterator[Task]) -> Iterator[Part]:
        """Yield the parts as they are finished; see `Executor.run`.

        Raises
        ------
        LayerError, CRSError, ContentError
            As `Serial.run`; a LayerError also when a process ends even without a footprint.
        """
        while True:
            lost: list[Task] = []
            yield from self._run(job, tasks, lost)
            if not lost:
                return
            # Nobody knows which of them ended its process: each is tried alone.
            with _Alone(job) as alone:
                for task in lost:
                    try:
                        part = alone.run(task)
                    except ProcessLostError:
                        part = isolate(job, task, alone.run)
                    yield part

    def _run(self, job: Job, tasks: Iterator[Task], lost: list[Task]) -> Iterator[Part]:
        """Yield parts until all tasks are done, or a process has ended; `lost` then holds the tasks in work."""
        pool = start_pool(self.count, _keep, job)
        running: dict[Future[Part], Task] = {}
        try:
            while True:
                for task in islice(tasks, self.count * _AHEAD - len(running)):
                    running[_submit(pool, task)] = task
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    task = running.pop(future)
                    if isinstance(future.exception(), BrokenProcessPool):
                        lost.append(task)
                    else:
                        yield future.result()
                if lost:
                    lost.extend(running.values())
                    lost.sort(key=lambda task: task.number)
                    return
        finally:
            end_pool(pool)


class _Alone:
    """One process with one task at a time; another one when it has ended."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            end_pool(self._pool)

    def run(self, task: Task) -> Part:
        """Run one task.

        Raises
        ------
        ProcessLostError
            When it ended the process.
        """
        if self._pool is None:
            self._pool = start_pool(1, _keep, self._job)
        try:
            return _submit(self._pool, task).result()
        except BrokenProcessPool as error:
            end_pool(self._pool)
            self._pool = None
            raise ProcessLostError from error


def _submit(pool: ProcessPoolExecutor, task: Task) -> Future[Part]:
    try:
        return pool.submit(_run_here, task)
    except BrokenProcessPool as error:
        failed: Future[Part] = Future()
        failed.set_exception(error)
        return failed


_JOBS: list[Job] = []
"""The job of this process: facts of thousands of footprints are sent once, not with every task."""


def _keep(job: Job) -> None:
    _JOBS[:] = [job]


def _run_here(task: Task) -> Part:
    return run_task(_JOBS[0], task)
