"""A batch on a small cluster of real processes on this computer, and one that is played, on which anything happens."""

import json
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import shapely

from zoning.batch.cluster_worker import Greeting
from zoning.batch.identity import workspace_identity
from zoning.batch.job import Job, Part, Task
from zoning.rules.told import Told
from zoning.sites.site import Site
from zoning.sites.streaming import Row
from zoning.workspace import Workspace

ON = date(2026, 11, 22)
_STARTS_WITHIN_S = 30.0


def job_on(root: Path) -> Job:
    """Return a job on a workspace."""
    told = Told({"construction": "new"}, {}, {}, "--set")
    return Job(root, None, ON, told, workspace_identity(Workspace.open(root), ON))


def tasks(count: int, size: int) -> list[Task]:
    """Return tasks of small squares along a line through both counties of the tiny workspace."""
    return [Task(n, tuple(_row(n * size + k) for k in range(size))) for n in range(count)]


def _row(number: int) -> Row:
    west, south = 112.380 + 0.0007 * number, 35.480 + 0.0005 * number
    shape = shapely.box(west, south, west + 0.002, south + 0.001)
    return Row(number, f"s{number}", Site(str(number), f"s{number}", shape, "EPSG:4490", "made"), None)


def by_number(parts: Iterable[Part]) -> dict[int, bytes]:
    """Return the results of parts; figures of the run are left out."""
    return {part.number: part.arrow for part in parts}


@contextmanager
def local_cluster(folder: Path, workers: int) -> Iterator[Any]:
    """Run a scheduler in this process, and workers in processes of their own, each with one thread."""
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]  # Dask ships no types
        processes=True,
        n_workers=workers,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        local_directory=str(folder),
        silence_logs=60,
    ) as cluster:
        yield cluster


@contextmanager
def own_scheduler(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], Callable[[], None]]]:
    """Run a scheduler as the program that a user starts; yield its address, its process, and what starts a worker."""
    file = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    common = ["--no-dashboard", "--scheduler-file", str(file)]
    scheduler = _started([*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *common])
    running = [scheduler]

    def start_worker() -> None:
        running.append(_started([*dask, "worker", "--nthreads", "1", "--local-directory", str(folder), *common]))

    try:
        yield _address(file), scheduler, start_worker
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _address(file: Path) -> str:
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < deadline:
        if file.exists() and (text := file.read_text(encoding="utf-8")).endswith("}"):
            return str(json.loads(text)["address"])
        time.sleep(0.05)
    raise TimeoutError(file)


Doing = Callable[[Task, frozenset[str]], Any]
"""Task and the workers that may do it -> what comes back; an exception is what Dask says; None: nothing comes."""


@dataclass
class PlayedFuture:
    """A future that is done at once, or never."""

    outcome: Any

    def add_done_callback(self, call: Callable[[Any], object]) -> None:
        if self.outcome is not NEVER:
            call(self)

    def result(self) -> Any:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


NEVER = object()


@dataclass
class PlayedClient:
    """What the session asks of a client of Dask, without any cluster.

    Attributes
    ----------
    doing
        Decides what comes of each task.
    workers
        Those that are there; may be changed while it runs.
    greeting
        What a worker answers to a function that is run on it.
    """

    doing: Doing
    workers: list[str] = field(default_factory=lambda: ["tcp://a:1", "tcp://b:1"])
    greeting: Callable[[str, Callable[..., Any]], Any] = lambda _worker, _function: Greeting()
    sent: list[tuple[Task, frozenset[str]]] = field(default_factory=list)
    most_at_once: int = 0
    _waiting: int = 0

    def nthreads(self, **_: Any) -> dict[str, int]:
        return dict.fromkeys(self.workers, 1)

    def run_on_scheduler(self, function: Callable[[], Any]) -> Any:
        return function()

    def run(self, function: Callable[..., Any], *_: Any, workers: list[str], on_error: str) -> dict[str, Any]:
        assert on_error == "return"
        return {worker: self.greeting(worker, function) for worker in workers}

    def submit(self, _function: Any, _name: str, packed: bytes, *, workers: list[str], **_: Any) -> PlayedFuture:
        task, allowed = pickle.loads(packed), frozenset(workers)  # noqa: S301 - packed by the session under test
        self.sent.append((task, allowed))
        return PlayedFuture(self.doing(task, allowed))

    def cancel(self, futures: list[Any], *, force: bool) -> None:
        assert force
        del futures
