"""What is known about a job: whether it has ended, whether it can go on, what it has written and said."""

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from zoning.texts import Text
from zoning.web.jobs.job import ANSWERS, CODES, FINAL, NO_CODE, STATES, Job, JobState, Result, resumable


def job(folder: Path, **values: Any) -> Job:
    made = Job(
        id="j1",
        account="anna",
        kind="audit",
        title=Text("审核", "audit"),
        arguments=("plan", "audit"),
        inputs=(),
        language="zh",
        roles=("planner",),
        state="interrupted",
        at="",
        started="",
        ended="",
        code=NO_CODE,
        progress=(),
        results=(),
        failure=None,
        folder=folder,
    )
    return replace(made, **values)


@pytest.mark.parametrize(
    ("arguments", "can"),
    [
        (["batch", "a.gpkg"], True),
        (["batch"], True),
        (["compare", "2024", "2026"], True),
        (["mines", "recovery", "--out", "x"], True),
        (["mines", "watch"], True),
        (["plan", "audit"], True),
        (["plan", "units"], True),
        (["plan", "zones"], True),
        (["plan"], False),
        (["plan", "combine"], False),
        (["mines", "rank"], False),
        (["check", "batch"], False),
        (["layers", "prepare"], False),
        (["Batch"], False),
        ([], False),
    ],
)
def test_only_commands_that_know_resume_go_on(arguments: list[str], can: bool) -> None:
    assert resumable(arguments) is can


@pytest.mark.parametrize(
    ("state", "code", "can"),
    [
        ("interrupted", -1, True),
        ("cancelled", -1, True),
        ("failed", -2, True),
        ("failed", -5, True),
        ("failed", -1, False),
        ("failed", 10, False),
        ("done", 0, False),
        ("waiting", -1, False),
        ("running", -1, False),
    ],
)
def test_a_job_goes_on_where_something_else_stopped_it(tmp_path: Path, state: str, code: int, can: bool) -> None:
    assert job(tmp_path, state=state, code=code).can_resume is can


def test_a_job_whose_folder_has_gone_or_whose_command_cannot_does_not_go_on(tmp_path: Path) -> None:
    assert not job(tmp_path / "gone").can_resume
    assert not job(tmp_path, arguments=("check", "a")).can_resume
    (tmp_path / "file").touch()
    assert not job(tmp_path / "file").can_resume


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        ("waiting", False),
        ("running", False),
        ("done", True),
        ("failed", True),
        ("cancelled", True),
        ("interrupted", True),
    ],
)
def test_a_job_has_ended_when_nothing_more_happens(tmp_path: Path, state: str, ended: bool) -> None:
    assert job(tmp_path, state=state).has_ended is ended


def test_what_a_command_has_said_is_read_whatever_bytes_it_wrote(tmp_path: Path) -> None:
    assert job(tmp_path).said == ""
    (tmp_path / "stdout").write_bytes("结论：".encode() + b"\xff\n")
    assert job(tmp_path).said == "结论：�\n"


def test_a_result_is_found_by_its_whole_name(tmp_path: Path) -> None:
    results = tuple(Result(name, 1, tmp_path / name) for name in ("a.csv", "maps/a.svg"))
    made = job(tmp_path, results=results)
    assert made.result("maps/a.svg") == results[1]
    assert made.result("a.svg") is None
    assert job(tmp_path).result("a.csv") is None


def test_every_state_has_a_word_and_every_reason_a_code_of_its_own() -> None:
    assert set(STATES) == set(get_args(JobState)) > FINAL
    assert len({text.zh for text in STATES.values()}) == len({text.en for text in STATES.values()}) == len(STATES)
    assert len(set(CODES.values())) == len(CODES)
    assert max(CODES.values()) < NO_CODE < min(ANSWERS)
