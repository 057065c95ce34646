"""Layers prepared beside the work of people: when it happens, what it says, and how it ends."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from zoning.errors import ContentError
from zoning.web.jobs import preparing
from zoning.web.jobs.preparing import Preparer, prepare
from zoning.web.workers.pool import Pool
from zoning.web.workers.work import Outcome, State, Task

PATIENCE_S = 30.0


def states(*found: str) -> bytes:
    return json.dumps([{"layer": f"l{n}", "state": state} for n, state in enumerate(found)]).encode()


@dataclass
class Workers:
    """A pool that answers at once with what it was given."""

    stdout: bytes = states("built", "current", "built")
    state: State = "done"
    code: int = 0
    tasks: list[Task] = field(default_factory=list)
    renewed: list[Callable[[], None]] = field(default_factory=list)
    ran: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    refreshed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    fails: list[Exception] = field(default_factory=list)

    @property
    def jobs(self) -> "Workers":
        return self

    def run(self, task: Task, on_start: Callable[[Callable[[], None]], None] | None = None) -> Outcome:
        self.tasks.append(task)
        self.ran.release()
        if self.fails:
            raise self.fails.pop()
        if on_start is not None:
            on_start(lambda: None)
        (task.folder / "stdout").write_bytes(self.stdout)
        return Outcome(self.state, self.code, 0.1)

    def refresh(self) -> None:
        self.refreshed.release()


class SlowWorkers(Workers):
    """A pool whose task goes on until it is stopped."""

    def run(self, task: Task, on_start: Callable[[Callable[[], None]], None] | None = None) -> Outcome:
        self.tasks.append(task)
        stopped = threading.Event()
        assert on_start is not None
        on_start(stopped.set)
        self.ran.release()
        assert stopped.wait(PATIENCE_S)
        return Outcome("cancelled", 0, 0.1)


def server(root: Path, workers: Workers) -> Any:
    def folder(name: str) -> Path:
        (root / name).mkdir(exist_ok=True)
        return root / name

    quotas = SimpleNamespace(memory_mb=900)
    return SimpleNamespace(
        pool=workers, folder=folder, settings=SimpleNamespace(workspace=root / "w", language="zh", quotas=quotas)
    )


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "_FIRST_S", 0.01)


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.WARNING, "zoning.web.jobs"):
        yield caplog


def test_what_was_prepared_is_counted_and_its_folder_removed(tmp_path: Path, said: pytest.LogCaptureFixture) -> None:
    workers = Workers()
    assert prepare(server(tmp_path, workers)) == 2
    (task,) = workers.tasks
    assert task.arguments == ["layers", "prepare", "--workspace", str(tmp_path / "w"), "--format", "json"]
    assert (task.memory_mb, task.language, task.needs_network) == (900, "zh", False)
    assert not task.folder.exists()
    assert said.records == []


@pytest.mark.parametrize(
    ("workers", "count"),
    [
        (Workers(states("built", "refused")), 1),
        (Workers(states("built"), code=2), 1),
        (Workers(states("built"), state="slow"), 0),
        (Workers(b"", state="died"), 0),
    ],
)
def test_what_is_not_prepared_is_said_once(
    tmp_path: Path, said: pytest.LogCaptureFixture, workers: Workers, count: int
) -> None:
    assert prepare(server(tmp_path, workers)) == count
    (record,) = said.records
    assert record.getMessage() == "not all layers are prepared: checks read the files of the others"
    assert vars(record)["outcome"] == workers.state
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stdout", [b"", b"[", b"\xff\xfe"])
def test_an_answer_that_cannot_be_read_prepared_nothing(tmp_path: Path, stdout: bytes) -> None:
    assert prepare(server(tmp_path, Workers(stdout))) == 0


@pytest.mark.usefixtures("at_once")
def test_it_begins_with_the_server_and_again_whenever_content_changed(tmp_path: Path) -> None:
    workers = Workers()
    preparer = Preparer(server(tmp_path, workers))
    preparer.begin()
    try:
        assert workers.refreshed.acquire(timeout=PATIENCE_S)
        (changed,) = workers.renewed
        changed()
        assert workers.refreshed.acquire(timeout=PATIENCE_S)
        assert len(workers.tasks) == 2
    finally:
        preparer.close()
    assert workers.renewed == []
    assert not preparer._thread.is_alive()


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("error", [ContentError("坏了", "broken"), OSError("no room")])
def test_after_a_failure_it_waits_for_the_next_change(
    tmp_path: Path, said: pytest.LogCaptureFixture, error: Exception
) -> None:
    workers = Workers(fails=[error])
    preparer = Preparer(server(tmp_path, workers))
    preparer.begin()
    try:
        assert workers.ran.acquire(timeout=PATIENCE_S)
        preparer.look()
        assert workers.refreshed.acquire(timeout=PATIENCE_S)
    finally:
        preparer.close()
    assert len(workers.tasks) == 2
    (record,) = said.records
    assert "checks read their files" in record.getMessage()


@pytest.mark.usefixtures("at_once")
def test_the_end_of_the_server_stops_it_and_renews_no_worker(tmp_path: Path) -> None:
    workers = SlowWorkers()
    preparer = Preparer(server(tmp_path, workers))
    preparer.begin()
    assert workers.ran.acquire(timeout=PATIENCE_S)
    preparer.close()
    assert not preparer._thread.is_alive()
    assert not workers.refreshed.acquire(blocking=False)


def test_a_server_that_ends_at_once_prepares_nothing(tmp_path: Path) -> None:
    workers = Workers()
    preparer = Preparer(server(tmp_path, workers))
    preparer.begin()
    preparer.close()
    assert workers.tasks == []


def test_workers_of_somebody_else_are_left_alone(tmp_path: Path) -> None:
    workers = Workers()
    preparing.begin(server(tmp_path, workers))()
    assert workers.renewed == []
    assert not issubclass(Workers, Pool)
