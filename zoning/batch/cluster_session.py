"""One run on a cluster, seen from the client: tasks go out a few ahead, parts come in, what is lost goes out again."""

import pickle
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from queue import SimpleQueue
from typing import Any
from uuid import uuid4

from zoning.batch.cluster_content import DIGESTS
from zoning.batch.cluster_files import decisive_files
from zoning.batch.cluster_usher import Usher, scheduler_lost
from zoning.batch.cluster_worker import Run, work
from zoning.batch.isolation import ProcessLostError, isolate
from zoning.batch.job import Job, Part, Task
from zoning.errors import LayerError, ZoningError, how_to_install
from zoning.texts import Text

_AHEAD = 3  # tasks per worker: one in work, the next at hand, one on its way
_FETCHED_AT_ONCE = 4
_MOST_LOSSES = 2  # of all workers that had a task, before it is suspected of having ended them
_TRIES = 2  # of the footprint that is left in the end: a worker may also have gone by chance


@dataclass(frozen=True, slots=True)
class _Sent:
    """A task that is on the cluster, and the workers that may do it."""

    task: Task
    future: Any
    workers: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of a task: what the worker returned, or what Dask says why it did not."""

    key: str
    returned: Part | ZoningError | None = None
    failed: Exception | None = None


class Session:
    """Runs one job through a client.

    Parameters
    ----------
    say, patience_s
        See `zoning.batch.cluster.Dask`.
    """

    def __init__(self, client: Any, address: str, say: Callable[[Text], None], patience_s: float) -> None:
        self._client = client
        self._address = address
        self._say = say
        self._patience_s = patience_s
        self._name = uuid4().hex
        self._numbers = count()
        # Answers, None when the set of workers has changed, or why the run cannot go on.
        self._events: SimpleQueue[_Answer | ZoningError | None] = SimpleQueue()
        self._fetching = ThreadPoolExecutor(_FETCHED_AT_ONCE, thread_name_prefix="zoning-fetch")
        self._sent: dict[str, _Sent] = {}
        self._again: deque[Task] = deque()
        self._suspects: deque[Task] = deque()
        self._losses: Counter[int] = Counter()
        self._all_sent = False

    def run(self, job: Job, tasks: Iterator[Task]) -> Iterator[Part]:
        """Yield the part of every task; see `zoning.batch.cluster.Dask.run`.

        Raises
        ------
        LayerError
            When scheduler or workers are lost, have no zoning, differ from this computer or end without a footprint,
            and when a task fails on the cluster. What was yielded before holds.
        ContentError
            When the workspace has a mistake, or a file of it has a name that cannot be copied.
        ZoningError
            What a worker refuses: a layer that cannot be read.
        OSError
            When a file that decides the results cannot be read.
        """
        self._check_scheduler()
        paths = decisive_files(job)
        run = Run(self._name, job, DIGESTS.of(paths))
        self._usher = Usher(
            self._client, self._address, run, paths, say=self._say, tell=self._events.put, patience_s=self._patience_s
        )
        self._usher.start()
        try:
            yield from self._parts(job, tasks)
        finally:
            self._usher.end()
            with suppress(Exception):  # a client that has lost its scheduler has nothing to take back
                self._client.cancel([sent.future for sent in self._sent.values()], force=True)
            self._fetching.shutdown(wait=False, cancel_futures=True)

    def _check_scheduler(self) -> None:
        """Refuse a scheduler that does not know this program: Dask has it look at the name of every function."""
        try:
            self._client.run_on_scheduler(_hello)
        except OSError as error:
            raise scheduler_lost(self._address, error) from error
        except Exception as error:
            # Whatever it fails with over there comes back as it is.
            raise _scheduler_without_zoning(self._address, error) from error

    def _parts(self, job: Job, tasks: Iterator[Task]) -> Iterator[Part]:
        while True:
            self._send_ahead(tasks)
            if self._sent:
                part = self._next_part()
                if part is not None:
                    yield part
            elif self._suspects:
                yield self._tried(job, self._suspects.popleft())
            elif self._all_sent and not self._again:
                return
            else:
                self._wait()  # for a worker

    def _send_ahead(self, tasks: Iterator[Task]) -> None:
        ready = self._usher.ready
        # Suspects are tried when nothing else is on the cluster: then it is known who ends a worker.
        while not self._suspects and len(self._sent) < _AHEAD * len(ready):
            task = self._again.popleft() if self._again else next(tasks, None)
            if task is None:
                self._all_sent = True
                return
            self._send(task, ready)

    def _send(self, task: Task, workers: frozenset[str]) -> str:
        key = f"zoning-{self._name}-{next(self._numbers)}"
        packed = pickle.dumps(task)
        try:
            future = self._client.submit(work, self._name, packed, key=key, workers=sorted(workers), pure=False)
        except Exception as error:
            raise scheduler_lost(self._address, error) from error
        self._sent[key] = _Sent(task, future, workers)
        # A part is lost again when its worker ends before it was fetched: nothing else waits for it meanwhile.
        future.add_done_callback(lambda done: self._done(key, done))
        return key

    def _done(self, key: str, future: Any) -> None:
        with suppress(RuntimeError):  # the run has ended
            self._fetching.submit(self._fetch, key, future)

    def _fetch(self, key: str, future: Any) -> None:
        try:
            answer = _Answer(key, returned=future.result())
        except Exception as error:  # noqa: BLE001 - whatever Dask makes of it, the session decides
            answer = _Answer(key, failed=error)
        self._events.put(answer)

    def _wait(self) -> _Answer | None:
        """Return the answer to a task, or None when the set of workers has changed."""
        event = self._events.get()
        if isinstance(event, ZoningError):
            raise event
        return event

    def _next_part(self) -> Part | None:
        answer = self._wait()
        if answer is None:
            self._take_back_stranded()
            return None
        sent = self._sent.pop(answer.key, None)
        if sent is None:  # taken back in between
            return None
        try:
            part = self._part(answer)
        except ProcessLostError:
            self._suspects.append(sent.task)
            return None
        if part is None:
            self._again.append(sent.task)
        return part

    def _take_back_stranded(self) -> None:
        """Take back the tasks whose workers have all gone; where there is no other worker yet they may as well wait."""
        ready = self._usher.ready
        for key, sent in list(self._sent.items()):
            if ready and not sent.workers & ready:
                self._take_back(key)
                # Dask counts the workers that a task has ended only while it may go to others.
                self._losses[sent.task.number] += 1
                suspect = self._losses[sent.task.number] >= _MOST_LOSSES
                (self._suspects if suspect else self._again).append(sent.task)

    def _take_back(self, key: str) -> None:
        try:
            self._client.cancel([self._sent.pop(key).future], force=True)
        except Exception as error:
            raise scheduler_lost(self._address, error) from error

    def _part(self, answer: _Answer) -> Part | None:
        """Return the part of an answer, None when the task has to be sent again.

        Raises
        ------
        ProcessLostError
            When workers ended while they had the task.
        ZoningError
            When the run cannot go on.
        """
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        if isinstance(answer.failed, KilledWorker):
            raise ProcessLostError from answer.failed
        if isinstance(answer.failed, (FutureCancelledError, OSError)):
            raise scheduler_lost(self._address, answer.failed)
        if answer.failed is not None:
            raise _task_failed(answer.failed) from answer.failed
        if isinstance(answer.returned, ZoningError):
            raise answer.returned
        if answer.returned is None:
            self._usher.greet_again()
        return answer.returned

    def _tried(self, job: Job, task: Task) -> Part:
        """Return the part of a task that was there when workers ended: done alone, or halved until it is known why."""
        try:
            return self._alone(task)
        except ProcessLostError:
            self._check_workers_stand(task.number)
            return isolate(job, task, self._alone)

    def _check_workers_stand(self, number: int) -> None:
        """Refuse workers that end also without a footprint: no sentence about a footprint would be true then."""
        try:
            self._alone(Task(number, ()))
        except ProcessLostError as error:
            raise LayerError(
                f"{self._address}：工作进程一打开工作空间就中止（多为内存不足）；请用更大的 --memory-limit 或更少的 "
                "--nworkers 重新启动它们，再用 --resume 继续",
                f"{self._address}: workers end as soon as they open the workspace (mostly for want of memory); start "
                "them again with a larger --memory-limit or fewer --nworkers, and go on with --resume",
            ) from error

    def _alone(self, task: Task) -> Part:
        """Do a task while nothing else is on the cluster.

        Raises
        ------
        ProcessLostError
            When its worker ended; of one footprint, when the next one ended as well.
        """
        worker = ""
        for _ in range(_TRIES if len(task.rows) == 1 else 1):
            while not self._usher.ready:
                self._wait()
            worker = min(self._usher.ready - {worker} or self._usher.ready)
            part = self._on(worker, task)
            if part is not None:
                return part
        raise ProcessLostError

    def _on(self, worker: str, task: Task) -> Part | None:
        """Return the part of a task done by one worker, None when the worker ended."""
        key = self._send(task, frozenset({worker}))
        while (answer := self._wait()) is None or answer.key != key:
            if worker not in self._usher.ready:
                self._take_back(key)
                return None
        del self._sent[key]
        try:
            return self._part(answer)
        except ProcessLostError:
            return None


def _hello() -> None:
    """Do nothing; that it could be called is the answer."""


def _scheduler_without_zoning(address: str, error: Exception) -> LayerError:
    from zoning.version import __version__

    kind = f"{type(error).__name__}: {error}"[:200]
    how = how_to_install("cluster")
    return LayerError(
        f"{address}：调度器的环境中没有可用的 zoning（{kind}）；请在那里安装 {__version__} 版（{how.zh}）后重新启动 "
        "dask scheduler",
        f"{address}: the environment of the scheduler has no zoning that can be used ({kind}); install version "
        f"{__version__} there ({how.en}), then start dask scheduler again",
    )


def _task_failed(error: Exception) -> LayerError:
    kind = f"{type(error).__name__}: {error}".replace("\n", " ")[:300]
    return LayerError(
        f"集群上的任务失败（{kind}）；已完成的部分已保存，请用 --resume 继续；"
        "若再次出现，请去掉 --scheduler 在本机运行并报告",
        f"a task failed on the cluster ({kind}); what is finished is kept: go on with --resume; if it happens again, "
        "run without --scheduler on this computer, and report it",
    )
