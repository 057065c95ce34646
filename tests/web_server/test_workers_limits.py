"""Limits of workers: what passes one is ended, and told as that, with the figure."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker_world import Workers, began, is_gone, workers
from zoning.texts import Text
from zoning.web.workers import pool as pools
from zoning.web.workers.causes import code_of, is_want_of_memory
from zoning.web.workers.keeper import DISK_CODE, FAULT_CODE, MEMORY_CODE
from zoning.web.workers.work import Task, failure


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Workers]:
    with workers(tmp_path) as found:
        yield found


@pytest.mark.parametrize("trick", ["allocate", "allocate_in_c"])
def test_a_task_that_takes_too_much_memory_ends_alone(one: Workers, trick: str) -> None:
    outcome = one.do(trick, "2000", memory_mb=300)
    assert (outcome.state, outcome.code) == ("memory", -1)
    assert outcome.peak_mb < 700
    as_task = Task(one.folder(), f"task-{trick}", ["2000"], memory_mb=300)
    assert one.pool.run(as_task).state == "memory"
    assert one.do(trick, "50", memory_mb=300).state == "done"
    assert len(one.keepers) == 1


@pytest.mark.parametrize("trick", ["allocate_pieces", "abort_when_full", "abort_in_c"])
def test_want_of_memory_is_told_whatever_a_library_makes_of_it(one: Workers, trick: str) -> None:
    for task in (one.task(trick, memory_mb=200), Task(one.folder(), f"task-{trick}", [], memory_mb=200)):
        assert one.pool.run(task).state == "memory"
    assert len(one.keepers) == 1


def test_a_limit_that_was_passed_is_told_with_its_figure(tmp_path: Path) -> None:
    task = Task(tmp_path, "check", {}, seconds=60, memory_mb=3072)
    assert failure("slow", task) == Text(
        "计算超过 60 秒的时限，已中止，没有得出结果；请缩小范围，或请管理员提高时限",
        "the computation passed its limit of 60 s of time and was ended without a result: make it smaller, or ask the "
        "administrator for a higher limit",
    )
    assert failure("memory", task) == Text(
        "计算所需内存超过 3072 MB 的上限，已中止，没有得出结果；请缩小范围，或请管理员提高上限",
        "the computation passed its limit of 3072 MB of memory and was ended without a result: make it smaller, or ask "
        "the administrator for a higher limit",
    )
    assert failure("slow").zh.startswith("计算超过时限，")
    assert failure("memory").en.startswith("the computation passed its limit of memory and")


def test_a_keeper_that_does_not_end_its_task_in_time_is_told_as_slow(
    one: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert one.say("answer") == "first"
    monkeypatch.setattr(pools, "_GRACE_S", 0.2)
    os.kill(one.keepers[0], signal.SIGSTOP)
    assert one.do("answer", seconds=0.2).state == "slow"
    assert is_gone(one.keepers[0])
    assert one.say("answer") == "first"


@pytest.mark.parametrize("trick", [("rest", "60"), ("spin",)])
def test_a_task_that_takes_too_long_is_ended(one: Workers, trick: tuple[str, ...]) -> None:
    as_task = Task(one.folder(), f"task-{trick[0]}", list(trick[1:]), seconds=0.5)
    outcome = one.pool.run(as_task)
    assert outcome.state == "slow"
    assert 0.5 <= outcome.seconds < 4
    assert is_gone(began(as_task.folder))
    assert one.say("answer") == "first"


def test_a_command_is_asked_to_end_before_it_is_made_to(one: Workers) -> None:
    outcome = one.do("rest", "60", seconds=0.5)
    assert outcome.state == "slow"
    assert outcome.seconds < 4, "the handler of Python runs at once, no grace is waited for"


@pytest.mark.parametrize(("trick", "state"), [("crash", "died"), ("fail", "died")])
def test_a_task_that_dies_is_told_as_that(one: Workers, trick: str, state: str) -> None:
    outcome = one.do(trick)
    assert outcome.state == state
    assert failure("died") == Text(
        "计算程序意外中止，没有得出结果；请重试，若再次出现请告知管理员",
        "the computation died without a result: try again, and tell the administrator if it happens again",
    )
    assert one.do("answer").state == "done"
    assert len(one.keepers) == 1


@pytest.mark.parametrize("trick", ["fill", "scatter"])
def test_a_task_gets_no_more_room_than_allowed(one: Workers, trick: str) -> None:
    as_task = Task(one.folder(), f"task-{trick}", ["30"], room_mb=10, seconds=15)
    assert one.pool.run(as_task).state == "disk"
    assert one.do("answer").state == "done"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), MEMORY_CODE),
        (OSError(12, "Cannot allocate memory"), MEMORY_CODE),
        (RuntimeError("std::bad_alloc"), MEMORY_CODE),
        (OSError(28, "No space left on device"), DISK_CODE),
        (OSError(2, "No such file"), FAULT_CODE),
        (RuntimeError("wrong"), FAULT_CODE),
    ],
)
def test_causes(error: Exception, code: int) -> None:
    assert code_of(error) == code
    wrapped = RuntimeError("a reader's words")
    wrapped.__cause__ = error
    assert code_of(wrapped) == code
    assert is_want_of_memory(error) == (code == MEMORY_CODE)
