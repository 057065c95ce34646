"""Workers: whatever a task does, it is answered, nothing of it is left, and the next task works."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from worker_world import Workers, began, is_gone, workers
from zoning.errors import ZoningError
from zoning.texts import Text
from zoning.web.refusals import Refused
from zoning.web.workers import pool as pools
from zoning.web.workers.work import Task


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Workers]:
    with workers(tmp_path) as found:
        yield found


def test_codes_of_commands_come_back_and_the_keeper_is_used_again(one: Workers) -> None:
    assert [one.do("answer", code).code for code in ("0", "1", "3", "12")] == [0, 1, 3, 12]
    assert len(one.keepers) == 1
    outcome = one.do("answer")
    assert (outcome.state, outcome.code) == ("done", 0)
    assert outcome.peak_mb > 5
    assert outcome.seconds < 5


def test_what_a_task_says_lies_in_its_folder(one: Workers) -> None:
    task = one.task("answer", "3", language="en")
    one.pool.run(task)
    assert (task.folder / "stderr").read_text() == "en answer 3\n"
    assert (task.folder / "stdout").read_text() == "first\n"


@pytest.mark.parametrize("options", [(), ("own",)], ids=["same-session", "own-session"])
def test_what_a_task_starts_ends_with_it(one: Workers, options: tuple[str, ...]) -> None:
    task = one.task("start", *options)
    assert one.pool.run(task).state == "done"
    assert is_gone(int((task.folder / "child").read_text()), 2)


def test_a_task_has_no_network(one: Workers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
        task = one.task("call", str(port))
        assert one.pool.run(task).code == 0
        assert one.do("call", str(port), needs_network=True).code == 1
    assert (task.folder / "stdout").read_text().strip() in ("OSError", "ConnectionRefusedError")


def test_a_killed_keeper_is_replaced_and_its_task_answered(one: Workers) -> None:
    task = one.task("start", "stay")
    with ThreadPoolExecutor() as threads:
        running = threads.submit(one.pool.run, task)
        process = began(task.folder)
        os.kill(one.keepers[0], signal.SIGKILL)
        outcome = running.result(10)
    assert (outcome.state, outcome.code) == ("died", -1)
    assert is_gone(process)
    assert is_gone(int((task.folder / "child").read_text()))
    assert one.say("answer") == "first"
    assert len(one.keepers) == 2


def test_a_keeper_that_was_killed_while_idle_is_replaced(one: Workers) -> None:
    assert one.say("answer") == "first"
    os.kill(one.keepers[0], signal.SIGKILL)
    assert is_gone(one.keepers[0])
    assert one.say("answer") == "first"
    assert len(one.keepers) == 2


def test_a_task_is_cancelled_and_a_late_word_hits_no_other(one: Workers) -> None:
    stops: list[Callable[[], None]] = []
    task = one.task("rest", "60")
    with ThreadPoolExecutor() as threads:
        running = threads.submit(one.pool.run, task, stops.append)
        process = began(task.folder)
        start = time.monotonic()
        stops[0]()
        assert running.result(10).state == "cancelled"
        assert time.monotonic() - start < 4
        assert is_gone(process)
        following = one.task("rest", "1")
        running = threads.submit(one.pool.run, following, stops.append)
        began(following.folder)
        stops[0]()
        stops[0]()
        assert running.result(10).state == "done"
        stops[1]()
    assert one.do("answer").state == "done"


def test_a_task_that_is_cancelled_before_it_runs(one: Workers) -> None:
    assert one.pool.run(one.task("rest", "60"), lambda stop: stop()).state == "cancelled"
    assert one.do("answer").state == "done"


def test_content_that_cannot_be_read_is_told_to_all_and_not_tried_without_end(tmp_path: Path) -> None:
    with workers(tmp_path, size=2, content="broken") as both:
        said = []
        for _ in range(6):
            with pytest.raises(ZoningError) as caught:
                both.do("answer")
            said.append(caught.value.text)
        assert set(said) == {Text("内容有错", "the content is wrong")}
        assert len(both.keepers) <= 2
        both.write("whole")
        both.pool.renew()
        assert both.say("answer") == "whole"


def test_a_keeper_that_always_dies_while_it_opens_is_given_up(tmp_path: Path) -> None:
    with workers(tmp_path, content="deadly") as found:
        for _ in range(3):
            with pytest.raises(ZoningError, match="the process that computes cannot be started"):
                found.do("answer")
        assert len(found.keepers) == 2
        assert found.pool.load == (0, 0)
        found.write("whole")
        found.pool.renew()
        assert found.say("answer") == "whole"


def test_running_tasks_end_with_the_content_that_they_began_with(tmp_path: Path) -> None:
    with workers(tmp_path, size=2) as both, ThreadPoolExecutor() as threads:
        assert {threads.submit(both.say, "rest", "0.5").result() for _ in range(2)} == {"first"}
        task = both.task("rest", "1.5")
        running = threads.submit(both.pool.run, task)
        began(task.folder)
        old = both.keepers
        both.write("second")
        both.pool.renew()
        assert both.ask() == "second"
        assert running.result(10).state == "done"
        assert (task.folder / "stdout").read_text() == "first\n"
        assert {future.result() for future in [threads.submit(both.say, "rest", "0.3") for _ in range(4)]} == {"second"}
        assert all(is_gone(keeper) for keeper in old)


def test_refreshing_lets_nobody_wait(tmp_path: Path) -> None:
    with workers(tmp_path, size=2) as both, ThreadPoolExecutor() as threads:
        for _ in range(2):
            assert both.ask() == "first"
        task = both.task("rest", "60")
        stops: list[Callable[[], None]] = []
        running = threads.submit(both.pool.run, task, stops.append)
        began(task.folder)
        old = both.keepers
        both.pool.refresh()
        assert len(both.keepers) == len(old) + 2
        assert not running.done()
        assert both.ask() == "first"
        stops[0]()
        assert running.result(10).state == "cancelled"
        assert both.ask() == "first"
        assert all(is_gone(keeper) for keeper in old)
        assert len(both.keepers) == len(old) + 2, "the new ones are used"


def test_renewing_under_load_never_mixes(tmp_path: Path) -> None:
    """Every answer is that of a content that stood at some moment between question and answer."""
    with workers(tmp_path, size=2, content="0") as both, ThreadPoolExecutor(4) as threads:
        ended = threading.Event()
        now = [0]
        told: list[int] = []
        wrong: list[tuple[int, int]] = []

        def ask() -> None:
            while not ended.is_set():
                before = now[0]
                found = int(both.ask())
                told.append(found)
                if found < before:
                    wrong.append((before, found))

        asking = [threads.submit(ask) for _ in range(3)]
        for number in range(1, 4):
            seen = len(told)
            while len(told) < seen + 4:
                time.sleep(0.02)
            both.write(str(number))
            both.pool.renew()
            now[0] = number
        ended.set()
        for asker in asking:
            asker.result(30)
        assert wrong == []
        assert set(told) >= {0, 1, 2}


def test_closing_ends_what_runs_and_turns_away_who_waits(tmp_path: Path) -> None:
    with workers(tmp_path) as found, ThreadPoolExecutor() as threads:
        task = found.task("start", "stay")
        running = threads.submit(found.pool.run, task)
        process = began(task.folder)
        waiting = threads.submit(found.do, "answer")
        while found.pool.load != (1, 1):
            time.sleep(0.01)
        found.pool.close()
        assert running.result(10).state == "died"
        with pytest.raises(Refused) as refused:
            waiting.result(10)
        assert refused.value.text == Text("系统正在停止，请稍后重试", "the system is being stopped: try again later")
        with pytest.raises(Refused):
            found.do("answer")
        assert is_gone(process)
        assert is_gone(int((task.folder / "child").read_text()))


def test_too_many_are_turned_away(one: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "MOST_WAITING", 1)
    with ThreadPoolExecutor() as threads:
        first = one.task("rest", "1")
        running = threads.submit(one.pool.run, first)
        began(first.folder)
        waiting = threads.submit(one.do, "answer")
        while one.pool.load != (1, 1):
            time.sleep(0.01)
        with pytest.raises(Refused) as refused:
            one.do("answer")
        assert refused.value.status == 503
        assert refused.value.text.zh == "前面还有 1 个检查在排队，请稍后再试"
        assert running.result().state == waiting.result().state == "done"


def test_who_comes_first_is_served_first(one: Workers) -> None:
    order: list[int] = []

    def ask(number: int) -> None:
        one.do("answer")
        order.append(number)

    with ThreadPoolExecutor() as threads:
        first = one.task("rest", "0.5")
        threads.submit(one.pool.run, first)
        began(first.folder)
        for number in range(4):
            threads.submit(ask, number)
            while one.pool.load[1] != number + 1:
                time.sleep(0.01)
    assert order == [0, 1, 2, 3]


def test_checks_go_first_and_one_keeper_is_theirs(tmp_path: Path) -> None:
    with workers(tmp_path, size=2) as both, ThreadPoolExecutor() as threads:
        stops: list[Callable[[], None]] = []
        first = both.task("rest", "60")
        running = [threads.submit(both.pool.run, first, stops.append)]
        began(first.folder)
        running.append(threads.submit(both.do, "answer"))
        while both.pool.load != (1, 1):
            time.sleep(0.01)
        quick = both.pool.run(Task(both.folder(), "check", ["0"], seconds=20))
        assert quick.state == "done"
        assert both.pool.load == (1, 1), "what is slow still waits for the other slow one"
        stops[0]()
        assert [one.result(20).state for one in running] == ["cancelled", "done"]


def test_a_folder_that_cannot_be_made_costs_no_keeper(one: Workers) -> None:
    (one.home / "file").write_text("")
    for _ in range(2):
        with pytest.raises(OSError, match="file"):
            one.pool.run(Task(one.home / "file" / "task", "command", ["answer"]))
    assert one.pool.load == (0, 0)
    assert one.do("answer").state == "done"


_OFFICE = """
import sys
from pathlib import Path
from worker_world import workers
if __name__ == "__main__":
    with workers(Path(sys.argv[1])) as found:
        found.pool.run(found.task("start", "stay"))
"""


def test_nothing_is_left_of_a_server_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "office.py"
    script.write_text(_OFFICE)
    paths = os.pathsep.join(path for path in sys.path if path)
    server = subprocess.Popen([sys.executable, script, tmp_path], env={**os.environ, "PYTHONPATH": paths})
    process = began(tmp_path / "1")
    keeper = int((tmp_path / "root" / "opened").read_text())
    child = int((tmp_path / "1" / "child").read_text())
    server.kill()
    server.wait()
    assert is_gone(process)
    assert is_gone(child)
    assert is_gone(keeper)


def test_jobs_have_a_keeper_of_their_own(one: Workers) -> None:
    assert one.do("answer").state == "done"
    stops: list[Callable[[], None]] = []
    with ThreadPoolExecutor() as threads:
        task = one.task("rest", "60")
        job = threads.submit(one.pool.jobs.run, task, stops.append)
        began(task.folder)
        assert one.do("answer").state == "done"
        assert not job.done()
        stops[0]()
        assert job.result().state == "cancelled"
    one.write("second")
    one.pool.renew()
    task = one.task("answer")
    one.pool.jobs.run(task)
    assert (task.folder / "stdout").read_text() == "second\n"
