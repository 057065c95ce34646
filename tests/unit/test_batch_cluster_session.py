"""A run on a cluster that is played: what becomes of tasks, workers and the scheduler, and what is said of it."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from distributed import KilledWorker
from distributed.client import FutureCancelledError

import tiny_workspace
from cluster_world import NEVER, Doing, PlayedClient, by_number, job_on, tasks
from zoning.batch import cluster_usher
from zoning.batch.cluster import Dask, check_address
from zoning.batch.cluster_content import DIGESTS
from zoning.batch.cluster_files import decisive_files
from zoning.batch.cluster_session import Session
from zoning.batch.cluster_worker import Greeting, greet
from zoning.batch.columns import from_ipc
from zoning.batch.job import Task
from zoning.batch.work import run_task
from zoning.errors import ContentError, LayerError, UsageError, ZoningError
from zoning.texts import Text

ADDRESS = "tcp://127.0.0.1:8786"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_workspace.build(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_usher, "_ROUND_S", 0.01)


def silent(_text: Text) -> None:
    """Say nothing."""


@pytest.mark.parametrize(
    "address", ["10.0.0.5:8786", "tcp://host", "http://host:1", "tcp://:1", "tcp://a b:1", "tcp://h:x"]
)
def test_what_is_no_address_is_refused_before_anything_is_connected(address: str) -> None:
    with pytest.raises(UsageError, match="is no address of a scheduler; write tcp://host:port"):
        check_address(address)


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "tls://dask.example:8786", "tcp://[::1]:8786"])
def test_addresses(address: str) -> None:
    check_address(address)


def test_nobody_at_the_address_is_a_sentence(root: Path) -> None:
    with pytest.raises(LayerError, match=r"tcp://127\.0\.0\.1:1: the scheduler cannot be reached"):
        list(Dask("tcp://127.0.0.1:1", connect_s=0.2).run(job_on(root), iter(tasks(1, 1))))


def test_an_encrypted_connection_without_certificates_says_where_they_are_named(root: Path) -> None:
    with pytest.raises(LayerError, match=r"no encrypted connection .* distributed\.comm\.tls"):
        list(Dask("tls://127.0.0.1:1", connect_s=0.2).run(job_on(root), iter(tasks(1, 1))))


def test_a_missing_extra_is_a_sentence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(UsageError, match=r'pip install "\.\[cluster\]"'):
        list(Dask(ADDRESS).run(job_on(root), iter(tasks(1, 1))))


def doing(root: Path, but: Callable[[Task, frozenset[str]], Any] = lambda _task, _workers: None) -> Doing:
    """Return what does a task as a worker would, unless `but` says otherwise."""
    job = job_on(root)
    return lambda task, workers: but(task, workers) or run_task(job, task)


def session(client: PlayedClient, patience_s: float = 1.0) -> Session:
    return Session(client, ADDRESS, silent, patience_s)


def test_tasks_are_drawn_a_few_ahead_per_worker(root: Path) -> None:
    drawn: list[int] = []

    def given() -> Any:
        for task in tasks(40, 1):
            drawn.append(task.number)
            yield task

    parts = session(PlayedClient(doing(root))).run(job_on(root), given())
    for done, _ in enumerate(parts, start=1):
        assert len(drawn) - done < 2 * 3
    assert len(drawn) == 40


def test_a_footprint_that_ends_every_worker_costs_its_own_row_only(root: Path) -> None:
    def deadly(task: Task, _workers: frozenset[str]) -> Any:
        ended = KilledWorker("key", SimpleNamespace(address="tcp://a:1"), 3)  # type: ignore[arg-type]  # stands for a state of a worker
        return ended if any(row.number == 6 for row in task.rows) else None

    given = tasks(4, 4)
    found = by_number(session(PlayedClient(doing(root, deadly))).run(job_on(root), iter(given)))
    expected = by_number(run_task(job_on(root), task) for task in given)
    assert [number for number in sorted(found) if found[number] != expected[number]] == [1]
    rows, whole = (from_ipc(parts[1]).to_pylist() for parts in (found, expected))
    assert [row["number"] for row, other in zip(rows, whole, strict=True) if row != other] == [7]  # counted from 1
    assert "ended the process" in rows[2]["error_en"]


def test_workers_that_end_whatever_they_do_end_the_run(root: Path) -> None:
    ended = KilledWorker("key", SimpleNamespace(address="tcp://a:1"), 3)  # type: ignore[arg-type]  # stands for a state of a worker
    client = PlayedClient(lambda _task, _workers: ended)
    with pytest.raises(LayerError, match=r"workers end as soon as they open the workspace .*--memory-limit"):
        list(session(client).run(job_on(root), iter(tasks(2, 2))))


def test_tasks_whose_workers_have_gone_are_done_by_others(root: Path) -> None:
    client: PlayedClient

    def going(_task: Task, workers: frozenset[str]) -> Any:
        if "tcp://c:1" in workers:
            return None
        client.workers = ["tcp://c:1"]  # both have gone, another one has come
        return NEVER

    client = PlayedClient(doing(root, going))
    given = tasks(8, 1)
    found = by_number(session(client).run(job_on(root), iter(given)))
    assert found == by_number(run_task(job_on(root), task) for task in given)


def test_a_task_that_always_loses_its_workers_is_tried_alone(root: Path) -> None:
    client: PlayedClient

    def going(task: Task, workers: frozenset[str]) -> Any:
        if not any(row.number == 3 for row in task.rows):
            return None
        client.workers = [f"tcp://{worker}:{len(client.sent)}" for worker in "ab"]
        assert workers
        return NEVER

    client = PlayedClient(doing(root, going))
    found = by_number(session(client).run(job_on(root), iter(tasks(4, 2))))
    assert sorted(found) == [0, 1, 2, 3]
    rows = from_ipc(found[1]).to_pylist()
    assert [row["error_code"] is None for row in rows] == [True, False]


def test_a_worker_that_has_forgotten_the_run_is_greeted_again(root: Path) -> None:
    forgetful = iter([True, True])
    greeted: list[str] = []

    def greeting(worker: str, function: Callable[..., Any]) -> Greeting:
        assert function is greet
        greeted.append(worker)
        return Greeting()

    client = PlayedClient(doing(root), greeting=greeting)
    usual = client.doing
    client.doing = lambda task, workers: None if next(forgetful, False) else usual(task, workers)
    given = tasks(6, 1)
    assert sorted(by_number(session(client).run(job_on(root), iter(given)))) == list(range(6))
    assert len(greeted) > 2


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (FutureCancelledError("key", "scheduler-connection-lost"), "the connection to the scheduler was lost"),
        (OSError("gone"), "the connection to the scheduler was lost"),
        (ModuleNotFoundError("No module named 'zoning'"), "a task failed on the cluster .ModuleNotFoundError"),
    ],
)
def test_what_ends_a_run_is_a_sentence(root: Path, error: Exception, sentence: str) -> None:
    client = PlayedClient(doing(root, lambda task, _: error if task.number == 2 else None))
    with pytest.raises(LayerError, match=sentence) as caught:
        list(session(client).run(job_on(root), iter(tasks(4, 1))))
    assert "--resume" in caught.value.text.zh


def test_a_layer_that_no_worker_can_read_ends_the_run_with_its_own_sentence(root: Path) -> None:
    error = LayerError("图层坏了", "the layer is broken")
    client = PlayedClient(lambda _task, _workers: error)
    with pytest.raises(LayerError, match="the layer is broken"):
        list(session(client).run(job_on(root), iter(tasks(4, 1))))


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            Greeting(differences=(Text("甲", "GEOS 3.0.0 (here 3.1.0)"),)),
            "worker tcp://a:1 is not like this computer: GEOS",
        ),
        (Greeting(fault=LayerError("坏", "no folder")), "worker tcp://a:1: no folder"),
        (ModuleNotFoundError("No module named 'zoning'"), "worker tcp://a:1 cannot run zoning .ModuleNotFoundError"),
    ],
)
def test_a_worker_that_cannot_take_part_ends_the_run(root: Path, answer: Any, sentence: str) -> None:
    client = PlayedClient(doing(root), greeting=lambda _worker, _function: answer)
    with pytest.raises(LayerError, match=sentence):
        list(session(client).run(job_on(root), iter(tasks(4, 1))))


def test_a_worker_that_goes_while_it_is_greeted_does_not_matter(root: Path) -> None:
    client = PlayedClient(doing(root))
    client.greeting = lambda worker, _: OSError("closed") if worker == "tcp://a:1" else Greeting()
    assert len(list(session(client).run(job_on(root), iter(tasks(4, 1))))) == 4
    assert {workers for _, workers in client.sent} == {frozenset({"tcp://b:1"})}


def test_a_scheduler_without_workers_is_waited_for_and_then_told(root: Path) -> None:
    said: list[Text] = []
    client = PlayedClient(doing(root), workers=[])
    with pytest.raises(LayerError, match="has been without workers for long"):
        list(Session(client, ADDRESS, said.append, 0.2).run(job_on(root), iter(tasks(1, 1))))
    assert [text.en.split(";")[0] for text in said] == [f"{ADDRESS}: the scheduler has no workers yet"]


def test_a_scheduler_that_no_longer_answers_is_told(root: Path) -> None:
    class Deaf(PlayedClient):
        def nthreads(self, **_: Any) -> dict[str, int]:
            raise TimeoutError

    with pytest.raises(LayerError, match=r"the connection to the scheduler was lost .TimeoutError"):
        list(session(Deaf(doing(root))).run(job_on(root), iter(tasks(1, 1))))


def test_a_scheduler_without_this_program_is_told(root: Path) -> None:
    class Ignorant(PlayedClient):
        def run_on_scheduler(self, function: Callable[[], Any]) -> Any:
            raise ModuleNotFoundError(function.__module__)

    with pytest.raises(LayerError, match="the environment of the scheduler has no zoning"):
        list(session(Ignorant(doing(root))).run(job_on(root), iter(tasks(1, 1))))


def test_a_copy_that_does_not_last_is_told(root: Path) -> None:
    file = DIGESTS.of(decisive_files(job_on(root))).files[0]

    def greeting(_worker: str, function: Callable[..., Any]) -> Greeting | ZoningError | None:
        return Greeting(missing=(file,)) if function is greet else None

    client = PlayedClient(doing(root), workers=["tcp://a:1"], greeting=greeting)
    with pytest.raises(LayerError, match="worker tcp://a:1: the files that were copied to it are gone again"):
        list(session(client).run(job_on(root), iter(tasks(1, 1))))


def test_a_worker_whose_disk_is_full_is_told(root: Path) -> None:
    file = DIGESTS.of(decisive_files(job_on(root))).files[0]

    def greeting(_worker: str, function: Callable[..., Any]) -> Greeting | ZoningError:
        return Greeting(missing=(file,)) if function is greet else ContentError("磁盘已满", "disk full")

    client = PlayedClient(doing(root), workers=["tcp://a:1"], greeting=greeting)
    with pytest.raises(LayerError, match="worker tcp://a:1: disk full"):
        list(session(client).run(job_on(root), iter(tasks(1, 1))))


def test_threads_that_are_not_used_are_mentioned(root: Path) -> None:
    said: list[Text] = []
    client = PlayedClient(doing(root), greeting=lambda _worker, _function: Greeting(threads=8))
    list(Session(client, ADDRESS, said.append, 1.0).run(job_on(root), iter(tasks(1, 1))))
    assert [text.en for text in said] == [
        f"{worker} has 8 threads, of which one is used; start it with --nthreads 1 --nworkers 8"
        for worker in client.workers
    ]
