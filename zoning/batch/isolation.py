"""A task that ends its process: the footprint that does it is found, the others are checked."""

from collections.abc import Callable

import pyarrow as pa

from zoning.batch.columns import from_ipc, to_ipc
from zoning.batch.faults import process_ended
from zoning.batch.job import Job, Part, Task
from zoning.batch.work import refuse_task
from zoning.errors import LayerError


class ProcessLostError(Exception):
    """The process that ran a task has ended before the task did."""


def isolate(job: Job, task: Task, run: Callable[[Task], Part]) -> Part:
    """Return the part of a task that ended its process: halved until the footprint that does it is alone.

    Parameters
    ----------
    run
        Runs a task alone in a process.

    Raises
    ------
    LayerError
        When a process ends even without a footprint: no sentence about a footprint would be true then.
    ContentError
        When the workspace has a mistake.
    """
    try:
        run(Task(task.number, ()))
    except ProcessLostError as error:
        raise LayerError(
            "计算进程一打开工作空间就中止（多为内存不足）；请减少 --processes，或先运行 zoning layers check",
            "a process ends as soon as it opens the workspace (mostly for want of memory); use fewer --processes, or "
            "run zoning layers check first",
        ) from error
    return _halved(job, task, run)


def _halved(job: Job, task: Task, run: Callable[[Task], Part]) -> Part:
    site = task.rows[0].site
    if len(task.rows) == 1 and site is not None:
        return refuse_task(job, task, process_ended(site))
    middle = len(task.rows) // 2
    parts = []
    for rows in (task.rows[:middle], task.rows[middle:]):
        half = Task(task.number, rows)
        try:
            parts.append(run(half))
        except ProcessLostError:
            parts.append(_halved(job, half, run))
    return joined(parts)


def joined(parts: list[Part]) -> Part:
    """Return parts of one task as one."""
    table = pa.concat_tables([from_ipc(part.arrow) for part in parts])
    return Part(parts[0].number, to_ipc(table), max(part.peak_mb for part in parts))
