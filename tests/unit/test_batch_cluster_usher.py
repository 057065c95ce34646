"""The workers of a cluster round by round: who is ready, who gets copies, who cannot take part, who has gone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from both_languages import both
from zoning.batch import cluster_usher
from zoning.batch.cluster_content import CHUNK, DIGESTS, Content, File
from zoning.batch.cluster_usher import Usher, scheduler_lost
from zoning.batch.cluster_worker import Greeting, Run, greet, receive
from zoning.batch.job import Job
from zoning.errors import ContentError, LayerError, ZoningError
from zoning.rules.told import Told
from zoning.texts import Text
from zoning.version import __version__

ADDRESS = "tcp://s:8786"
ONE, TWO = "tcp://a:1", "tcp://b:1"
Answer = Greeting | BaseException
Answers = Mapping[str, Answer]


@dataclass
class Scheduler:
    """What a scheduler answers: the workers that are there, their greetings, what they say to pieces of files."""

    greetings: dict[str, Answer] = field(default_factory=dict)
    received: list[tuple[str, str, int, bytes]] = field(default_factory=list)
    greeted: list[list[str]] = field(default_factory=list)
    on_piece: Callable[[str, File], ZoningError | OSError | None] = lambda _worker, _file: None
    lost: BaseException | None = None

    def nthreads(self, **_: Any) -> dict[str, int]:
        if self.lost is not None:
            raise self.lost
        return dict.fromkeys(self.greetings, 1)

    def run(self, call: Callable[..., Any], *arguments: Any, workers: list[str], on_error: str) -> dict[str, Any]:
        assert on_error == "return"
        if call is greet:
            self.greeted.append(workers)
            return {worker: self.greetings[worker] for worker in workers}
        assert call is receive
        file, start, data, sender = arguments
        assert sender == "run"
        (worker,) = workers
        self.received.append((worker, file.name, start, data))
        return {worker: self.on_piece(worker, file)}


class World:
    """An usher with what it says and tells."""

    def __init__(self, greetings: Answers, paths: Mapping[str, Path] | None = None, patience_s: float = 3.0) -> None:
        self.scheduler = Scheduler(dict(greetings))
        self.said: list[Text] = []
        self.told: list[ZoningError | None] = []
        job = Job(Path("w"), None, date(2026, 6, 1), Told({}, {}, {}, ""), {})
        run = Run("run", job, Content(()))
        self.usher = Usher(
            self.scheduler,
            ADDRESS,
            run,
            paths or {},
            say=self.said.append,
            tell=self.told.append,
            patience_s=patience_s,
        )

    @property
    def ready(self) -> set[str]:
        return set(self.usher.ready)


# --- who is ready ---------------------------------------------------------------------------------------------------


def test_workers_that_are_like_this_computer_are_ready_at_once() -> None:
    world = World({TWO: Greeting(), ONE: Greeting()})
    assert world.usher.round() is False
    assert world.ready == {ONE, TWO}
    assert world.scheduler.greeted == [[ONE, TWO]]
    assert world.told == [None]


def test_a_worker_that_is_ready_is_not_greeted_again() -> None:
    world = World({ONE: Greeting()})
    for _ in range(3):
        world.usher.round()
    assert world.scheduler.greeted == [[ONE]]
    assert world.told == [None]


def test_a_worker_that_joins_later_is_greeted_alone() -> None:
    world = World({ONE: Greeting()})
    world.usher.round()
    world.scheduler.greetings[TWO] = Greeting()
    world.usher.round()
    assert world.scheduler.greeted == [[ONE], [TWO]]
    assert world.ready == {ONE, TWO}


def test_a_worker_that_has_gone_is_no_longer_ready() -> None:
    world = World({ONE: Greeting(), TWO: Greeting()})
    world.usher.round()
    del world.scheduler.greetings[ONE]
    world.usher.round()
    assert world.ready == {TWO}
    assert world.told == [None, None]


def test_a_worker_that_has_forgotten_the_run_is_greeted_again_once() -> None:
    world = World({ONE: Greeting()})
    world.usher.round()
    world.usher.greet_again()
    world.usher.round()
    world.usher.round()
    assert world.scheduler.greeted == [[ONE], [ONE]]
    assert world.ready == {ONE}


def test_a_worker_that_goes_while_it_is_greeted_is_left_out() -> None:
    world = World({ONE: OSError("closed"), TWO: Greeting()})
    world.usher.round()
    assert world.ready == {TWO}


@pytest.mark.parametrize(("threads", "said"), [(1, 0), (2, 1), (8, 1)])
def test_threads_that_are_not_used_are_said(threads: int, said: int) -> None:
    world = World({ONE: Greeting(threads=threads)})
    world.usher.round()
    world.usher.round()
    assert (
        world.said
        == [
            Text(
                f"{ONE} 有 {threads} 个线程，只用其中一个；请用 --nthreads 1 --nworkers {threads} 启动",
                f"{ONE} has {threads} threads, of which one is used; start it with --nthreads 1 --nworkers {threads}",
            )
        ]
        * said
    )


# --- who cannot take part -------------------------------------------------------------------------------------------


def test_a_worker_with_other_libraries_ends_the_run_and_is_never_used() -> None:
    other = (Text("GEOS 3.12.0（本机 3.13.1）", "GEOS 3.12.0 (here 3.13.1)"), Text("甲", "b"))
    world = World({ONE: Greeting(differences=other)})
    zh, en = both(world.usher.round, LayerError)
    assert zh == (
        f"工作进程 {ONE} 与本机不同：GEOS 3.12.0（本机 3.13.1）；甲。结果可能不逐字节相同，未使用此集群；"
        f"请在所有机器上安装相同的 {__version__} 版和相同的库，再用 --resume 继续"
    )
    assert en.startswith(
        f"worker {ONE} is not like this computer: GEOS 3.12.0 (here 3.13.1); b. Its results might differ"
    )
    assert world.ready == set()


def test_the_fault_of_a_worker_is_said_with_its_address() -> None:
    world = World({ONE: Greeting(fault=ContentError("磁盘只读", "read-only disk"))})
    assert both(world.usher.round, LayerError) == (f"工作进程 {ONE}：磁盘只读", f"worker {ONE}: read-only disk")


def test_a_worker_without_this_program_is_told_how_to_get_it() -> None:
    world = World({ONE: ModuleNotFoundError("No module named 'zoning'")})
    zh, en = both(world.usher.round, LayerError)
    assert zh.startswith(f"工作进程 {ONE} 不能运行 zoning（ModuleNotFoundError: No module named 'zoning'）；")
    assert f"install version {__version__} in its environment (run pip install" in en


def test_a_long_complaint_of_a_worker_is_cut() -> None:
    world = World({ONE: RuntimeError("x" * 1_000)})
    _, en = both(world.usher.round, LayerError)
    assert f"({'RuntimeError: ' + 'x' * 186})" in en


# --- copies ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> tuple[dict[str, Path], tuple[File, ...]]:
    """Return two files, one of them in two pieces."""
    paths = {"large": tmp_path / "large", "small": tmp_path / "小"}
    paths["large"].write_bytes(b"a" * CHUNK + b"bc")
    paths["small"].write_bytes(b"")
    return paths, DIGESTS.of(paths).files


Files = tuple[dict[str, Path], tuple[File, ...]]


def test_what_is_missing_is_sent_piece_by_piece_to_one_worker_at_a_time(files: Files) -> None:
    paths, missing = files
    world = World({TWO: Greeting(missing=missing), ONE: Greeting(missing=missing)}, paths)
    assert world.usher.round() is True
    assert [(worker, name, start, len(data)) for worker, name, start, data in world.scheduler.received] == [
        (ONE, "large", 0, CHUNK),
        (ONE, "large", CHUNK, 2),
        (ONE, "small", 0, 0),
    ]
    assert world.said == [
        Text(f"正在向 {ONE} 复制 2 个文件（8 MB）", f"copying 2 files (8 MB) to {ONE}"),
    ]
    assert world.ready == set()


def test_workers_that_share_the_folder_of_the_first_need_no_copy(files: Files) -> None:
    paths, missing = files
    world = World({ONE: Greeting(missing=missing), TWO: Greeting(missing=missing)}, paths)
    world.usher.round()
    world.scheduler.greetings = {ONE: Greeting(), TWO: Greeting()}
    assert world.usher.round() is False
    assert world.ready == {ONE, TWO}
    assert {worker for worker, *_ in world.scheduler.received} == {ONE}


def test_a_copy_that_does_not_last_is_not_sent_for_ever(files: Files) -> None:
    paths, missing = files
    world = World({ONE: Greeting(missing=missing)}, paths)
    world.usher.round()
    zh, _ = both(world.usher.round, LayerError)
    assert zh == (
        f"工作进程 {ONE}：复制到它的文件又不见了或被改动；请检查它的磁盘和 --local-directory，再用 --resume 继续"
    )


def test_a_worker_that_cannot_keep_a_piece_ends_the_run(files: Files) -> None:
    paths, missing = files
    world = World({ONE: Greeting(missing=missing)}, paths)
    world.scheduler.on_piece = lambda _worker, _file: ContentError("磁盘已满", "disk full")
    assert both(world.usher.round, LayerError) == (f"工作进程 {ONE}：磁盘已满", f"worker {ONE}: disk full")
    assert len(world.scheduler.received) == 1


def test_a_worker_that_goes_during_its_copy_gets_no_more_of_it(files: Files) -> None:
    paths, missing = files
    world = World({ONE: Greeting(missing=missing)}, paths)
    world.scheduler.on_piece = lambda _worker, _file: OSError("closed")
    assert world.usher.round() is True
    assert len(world.scheduler.received) == 1


def test_a_run_that_ends_sends_nothing_more(files: Files) -> None:
    paths, missing = files
    world = World({ONE: Greeting(missing=missing)}, paths)
    world.usher.end()
    world.usher.round()
    assert world.scheduler.received == []


def test_who_is_ready_works_while_others_are_sent_copies(files: Files) -> None:
    paths, missing = files
    world = World({ONE: Greeting(), TWO: Greeting(missing=missing)}, paths)
    world.usher.round()
    assert world.ready == {ONE}
    assert world.told == [None]


# --- nobody there ---------------------------------------------------------------------------------------------------


def test_a_cluster_without_workers_is_waited_for_and_said_once() -> None:
    world = World({}, patience_s=7.0)
    for _ in range(7):
        world.usher.round()
    assert world.said == [
        Text(
            f"{ADDRESS}：调度器还没有工作进程；等待中。启动：dask worker {ADDRESS} --nthreads 1 --nworkers -1",
            f"{ADDRESS}: the scheduler has no workers yet; waiting. Start some: dask worker {ADDRESS} --nthreads 1 "
            "--nworkers -1",
        )
    ]
    zh, _ = both(world.usher.round, LayerError)
    assert zh == (
        f"{ADDRESS}：调度器长时间没有工作进程；已完成的部分已保存。请用 dask worker {ADDRESS} --nthreads 1 "
        "--nworkers -1 启动工作进程，再用 --resume 继续"
    )


def test_patience_begins_anew_with_every_worker() -> None:
    world = World({}, patience_s=2.0)
    for _ in range(3):
        world.usher.round()
        world.usher.round()
        world.scheduler.greetings = {ONE: Greeting()}
        world.usher.round()
        world.scheduler.greetings = {}
    assert world.told == [None] * 5


@pytest.mark.parametrize("patience_s", [0.0, 0.4, 1.0])
def test_patience_is_at_least_one_round(patience_s: float) -> None:
    world = World({}, patience_s=patience_s)
    world.usher.round()
    with pytest.raises(LayerError, match="without workers for long"):
        world.usher.round()


# --- to the end -----------------------------------------------------------------------------------------------------


def test_an_error_ends_the_greeting_and_is_told_as_it_is() -> None:
    fault = ContentError("磁盘只读", "read-only disk")
    world = World({ONE: Greeting(fault=fault)})
    world.usher.run()
    (told,) = world.told
    assert told is not None
    assert told.text.en == f"worker {ONE}: read-only disk"


def test_a_scheduler_that_does_not_answer_three_times_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World({ONE: Greeting()})
    monkeypatch.setattr(cluster_usher, "_ROUND_S", 0.0)
    answers = 0

    def nthreads(**_: Any) -> dict[str, int]:
        nonlocal answers
        answers += 1
        if answers == 3:
            return {ONE: 1}
        raise TimeoutError

    monkeypatch.setattr(world.scheduler, "nthreads", nthreads)
    world.usher.run()
    # Two silent rounds, an answer, and three silent rounds.
    assert answers == 6
    assert world.told[0] is None
    lost = world.told[1]
    assert lost is not None
    assert lost.text == Text(
        f"{ADDRESS}：与调度器的连接中断（TimeoutError）；已完成的部分已保存，调度器恢复后用 --resume 继续",
        f"{ADDRESS}: the connection to the scheduler was lost (TimeoutError); what is finished is kept: go on with "
        "--resume when it is back",
    )


def test_a_scheduler_that_is_lost_without_an_error_is_said_without_one() -> None:
    assert (
        scheduler_lost(ADDRESS).text.zh
        == f"{ADDRESS}：与调度器的连接中断；已完成的部分已保存，调度器恢复后用 --resume 继续"
    )
