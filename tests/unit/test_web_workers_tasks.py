"""Why a task has no result, which files it is handed, how much room they take."""

import errno
from pathlib import Path
from typing import Any

import pytest

from zoning.errors import ContentError, NoRoomError
from zoning.web.workers.asking import answer_of
from zoning.web.workers.causes import code_of, code_of_command, has_run_out_of_memory, is_want_of_memory
from zoning.web.workers.handing import hand_over
from zoning.web.workers.keeper import DISK_CODE, FAULT_CODE, MEMORY_CODE
from zoning.web.workers.room import plain_files, size_of
from zoning.web.workers.work import NoAnswerError, Outcome, Task, demand_done, failure


class OnePool:
    """Does every task by writing one answer."""

    def __init__(self, answer: str, state: Any = "done") -> None:
        self._answer = answer
        self._state = state

    def run(self, task: Task) -> Outcome:
        (task.folder / "answer.json").write_text(self._answer, encoding="utf-8")
        return Outcome(self._state, 0, 0.1)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate"),
        RuntimeError("std::bad_alloc"),
        ValueError("bad allocation"),
        RuntimeError("GEOS: Out of memory"),
    ],
)
def test_want_of_memory_is_known_in_whatever_words(error: Exception) -> None:
    assert is_want_of_memory(error)
    assert code_of(error) == MEMORY_CODE


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_want_of_room_is_known(code: int) -> None:
    assert code_of(OSError(code, "full")) == DISK_CODE


@pytest.mark.parametrize("error", [ValueError("memory lane"), OSError(errno.EACCES, "no"), KeyError("x")])
def test_everything_else_is_a_fault(error: Exception) -> None:
    assert not is_want_of_memory(error)
    assert code_of(error) == FAULT_CODE


@pytest.mark.parametrize(
    ("cause", "code"),
    [(MemoryError(), MEMORY_CODE), (OSError(errno.ENOSPC, "full"), DISK_CODE), (KeyError(), FAULT_CODE)],
)
def test_what_an_error_came_from_is_looked_at(cause: Exception, code: int) -> None:
    raised, handled = ContentError("坏", "broken"), ContentError("坏", "broken")
    raised.__cause__ = ValueError()
    raised.__cause__.__cause__ = cause
    handled.__context__ = cause
    assert code_of(raised) == code_of(handled) == code


@pytest.mark.parametrize(
    ("code", "said", "found"),
    [
        (70, b"terminate called: std::bad_alloc", MEMORY_CODE),
        (70, b"MemoryError\n" + b"x" * 3980, MEMORY_CODE),
        (70, b"MemoryError\n" + b"x" * 4000, 70),
        (70, b"a fault", 70),
        (70, b"\xff\xfe", 70),
        (70, None, 70),
        (10, b"MemoryError", 10),
        (0, b"MemoryError", 0),
    ],
)
def test_a_command_that_says_at_its_end_that_memory_was_short(
    tmp_path: Path, code: int, said: bytes | None, found: int
) -> None:
    if said is not None:
        (tmp_path / "stderr").write_bytes(said)
    assert code_of_command(code, tmp_path) == found


@pytest.mark.parametrize(("touched_mb", "answer"), [(899, False), (900, True), (1000, True)])
def test_a_task_that_ended_badly_near_its_limit_ran_out_of_memory(
    tmp_path: Path, touched_mb: int, answer: bool
) -> None:
    assert has_run_out_of_memory(tmp_path, touched_mb, 1000) is answer


def test_a_task_far_from_its_limit_ran_out_of_memory_where_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "stderr").write_text("Cannot allocate memory", encoding="utf-8")
    assert has_run_out_of_memory(tmp_path, 1, 1000)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("地块.shp", "地块.shp"), ("", "abc.bin"), ("../x.txt", "x.txt"), ("/etc/passwd", "passwd"), ("a/b/c", "c")],
)
def test_a_task_gets_a_copy_under_its_own_name_in_its_own_folder(tmp_path: Path, name: str, kept: str) -> None:
    file, folder = tmp_path / "abc.bin", tmp_path / "task" / "in"
    file.write_bytes(b"what was handed in")
    copy = hand_over(file, folder, name)
    assert copy == folder / kept
    copy.write_bytes(b"a reader wrote here")
    assert file.read_bytes() == b"what was handed in"


def test_room_is_that_of_all_files_below_and_links_are_not_followed(tmp_path: Path) -> None:
    outside, home = tmp_path / "outside", tmp_path / "home"
    for folder in (outside, home / "a" / "b"):
        folder.mkdir(parents=True)
    (outside / "large").write_bytes(b"x" * 1000)
    (home / "one").write_bytes(b"x" * 3)
    (home / "a" / "b" / "图").write_bytes(b"x" * 40)
    (home / "link").symlink_to(outside / "large")
    (home / "folder").symlink_to(outside)
    assert size_of(home) == 43
    assert {path.name: size for path, size in plain_files(home)} == {"one": 3, "图": 40}


def test_a_folder_that_is_not_there_takes_no_room(tmp_path: Path) -> None:
    assert size_of(tmp_path / "gone") == 0


@pytest.mark.parametrize("state", ["slow", "memory", "died", "cancelled"])
def test_a_task_without_a_result_is_told_as_that_and_never_as_an_answer(tmp_path: Path, state: Any) -> None:
    task = Task(tmp_path, "check", {}, seconds=1.5, memory_mb=300)
    with pytest.raises(NoAnswerError) as caught:
        demand_done(Outcome(state, -1, 1.0), task)
    assert caught.value.text == failure(state, task)
    assert caught.value.http_status == 503


def test_a_task_that_met_a_full_disk_is_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(NoRoomError) as caught:
        demand_done(Outcome("disk", -1, 1.0), Task(tmp_path, "check", {}))
    assert caught.value.text == failure("disk")


def test_a_task_that_is_done_is_let_through(tmp_path: Path) -> None:
    demand_done(Outcome("done", 0, 1.0), Task(tmp_path, "check", {}))


def test_figures_of_limits_are_told_as_people_write_them(tmp_path: Path) -> None:
    task = Task(tmp_path, "check", {}, seconds=1.5)
    assert failure("slow", task).zh.startswith("计算超过 1.5 秒的时限，")
    assert failure("died", task) == failure("died")


def test_the_answer_of_a_task_is_what_it_wrote(tmp_path: Path) -> None:
    assert answer_of(OnePool('{"sites": ["甲"]}'), Task(tmp_path, "check", {}), ContentError) == {"sites": ["甲"]}


def test_a_sentence_of_a_worker_is_raised_as_the_caller_says(tmp_path: Path) -> None:
    pool = OnePool('{"error": {"zh": "读不了", "en": "cannot be read"}}')
    with pytest.raises(ContentError) as caught:
        answer_of(pool, Task(tmp_path, "check", {}), ContentError)
    assert caught.value.text.plain() == {"zh": "读不了", "en": "cannot be read"}


def test_an_answer_that_was_left_by_a_task_that_died_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(NoAnswerError):
        answer_of(OnePool('{"verdicts": []}', "died"), Task(tmp_path, "check", {}), ContentError)
