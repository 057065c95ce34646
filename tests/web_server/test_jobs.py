"""Jobs: handed in, run one after another, looked at, cancelled, gone on with after the server has ended."""

import io
import json
import os
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from web_world import World
from worker_world import Workers, began, workers
from zoning.registers.schema import LoggedEvent
from zoning.registers.schema_server import StoredJob
from zoning.texts import Text
from zoning.web import jobs
from zoning.web.access import Who
from zoning.web.headers import DOCUMENT_POLICY
from zoning.web.jobs import Job, runner
from zoning.web.jobs.folders import progress_of, results_of, sweep
from zoning.web.jobs.job import RESUMABLE, resumable
from zoning.web.jobs.places import check_places, filled
from zoning.web.refusals import Refused

REVIEWER = Who("reviewer", "审查", frozenset({"reviewer"}))
TITLE = Text("试验", "a trial")


def ended(office: World, job: str, seconds: float = 60.0) -> Job:
    until = time.monotonic() + seconds
    while not (found := jobs.get_job(office.server, job)).has_ended:
        assert time.monotonic() < until, found
        time.sleep(0.05)
    return found


def running(office: World, job: str) -> Job:
    began(office.server.folder("jobs") / job)
    return jobs.get_job(office.server, job)


@pytest.fixture
def tricks(office: World, tmp_path: Path) -> Iterator[Workers]:
    """Workers whose commands are tricks."""
    home = tmp_path / "tricks"
    home.mkdir()
    with workers(home) as found:
        office.server.pool = found.pool
        end = runner.begin(office.server)
        yield found
        end()


def start(office: World, *words: str, who: Who = REVIEWER, **options: Any) -> str:
    return jobs.start_job(office.server, who, "trial", TITLE, words, **options)


def test_a_job_runs_a_command_line_and_keeps_its_results(office: World) -> None:
    file = office.root / "examples" / "school.geojson"
    arguments = ["check", "{0}", "--out", "{out}", "--format", "json", "--on", "2026-11-22"]
    job = jobs.start_job(office.server, REVIEWER, "check", TITLE, arguments, [file], language="en")
    found = ended(office, job)
    assert (found.state, found.code, found.failure, found.title) == ("done", 3, None, TITLE)
    assert [one.name for one in found.results] == ["school.html", "school.json"]
    assert json.loads(found.said)["decision"] == "undetermined"
    assert found.progress == ("written: out/school.json", "written: out/school.html")
    assert [(one["name"], len(one["sha256"])) for one in found.inputs] == [("school.geojson", 64)]
    kept = office.server.settings.files / found.inputs[0]["path"]
    assert kept.read_bytes() == file.read_bytes()
    assert not (found.folder / "tmp").exists()
    browser = office.client("reviewer", language="en")
    page = browser.get(f"/jobs/{job}")
    assert "a trial" in page.text
    html = browser.get(f"/jobs/{job}/files/school.html")
    assert html.headers["content-security-policy"] == DOCUMENT_POLICY
    assert html.headers["content-disposition"].startswith('inline; filename="school.html"')
    shown = browser.get(f"/jobs/{job}?show=school.html")
    assert f'src="/jobs/{job}/files/school.html"' in shown.text
    archive = zipfile.ZipFile(io.BytesIO(browser.get(f"/jobs/{job}/results.zip").content))
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == {
        one.name: one.path.read_bytes() for one in found.results
    }


def test_codes_that_are_no_answers_and_ends_without_one(office: World, tricks: Workers) -> None:
    states = {}
    for words in (("answer", "0"), ("answer", "1"), ("answer", "3"), ("answer", "10"), ("crash",)):
        found = ended(office, start(office, *words))
        states[words] = (found.state, found.code, None if found.failure is None else found.failure.zh)
    assert states == {
        ("answer", "0"): ("done", 0, None),
        ("answer", "1"): ("done", 1, None),
        ("answer", "3"): ("done", 3, None),
        ("answer", "10"): ("failed", 10, None),
        ("crash",): ("failed", -4, "计算程序意外中止，没有得出结果；请重试，若再次出现请告知管理员"),
    }
    assert tricks.pool.load == (0, 0)


def test_a_job_that_passed_its_limit_says_which_and_keeps_the_figure(office: World, tricks: Workers) -> None:
    settings = office.server.settings
    office.server.settings = replace(settings, quotas=replace(settings.quotas, job_s=1))
    job = start(office, "rest", "60")
    found = ended(office, job)
    office.server.settings = settings
    assert (found.state, found.code) == ("failed", -2)
    said = "计算超过 1 秒的时限，已中止，没有得出结果；请缩小范围，或请管理员提高时限"
    assert said in office.client("reviewer").get(f"/jobs/{job}").text
    (found.folder / "failure.json").unlink()
    assert "计算超过时限，已中止" in office.client("reviewer").get(f"/jobs/{job}").text
    assert tricks.pool.load == (0, 0)


def test_jobs_wait_for_each_other_and_are_cancelled(office: World, tricks: Workers) -> None:
    first, second, third = (start(office, "rest", "60") for _ in range(3))
    running(office, first)
    browser = office.client("reviewer")
    state = browser.get(f"/jobs/{first}/state").json()
    assert (state["state"], state["word"], state["ended"]) == ("running", "运行中", False)
    assert state["lines"] == ["zh rest 60"]
    assert [jobs.get_job(office.server, one).state for one in (second, third)] == ["waiting", "waiting"]
    assert browser.post(f"/jobs/{second}/cancel").status_code == 303
    assert browser.post(f"/jobs/{first}/cancel").status_code == 303
    assert ended(office, first).state == "cancelled"
    running(office, third)
    assert jobs.get_job(office.server, second).started == ""
    assert browser.post(f"/jobs/{third}/cancel").status_code == 303
    assert ended(office, third).state == "cancelled"
    refused = browser.post(f"/jobs/{third}/cancel")
    assert (refused.status_code, "任务已经结束" in refused.text) == (409, True)
    with office.server.store.database.reading() as connection:
        logged = connection.execute(select(LoggedEvent.payload).where(LoggedEvent.record == f"job:{third}")).scalars()
        assert [json.loads(payload)["what"] for payload in logged] == ["start", "cancel"]
    assert tricks.pool.load == (0, 0)


def test_only_its_owner_and_administrators_see_a_job(office: World, tricks: Workers) -> None:
    job = start(office, "answer")
    ended(office, job)
    assert tricks.pool.load == (0, 0)
    for name, status in (("reviewer", 200), ("admin", 200), ("viewer", 404), ("planner", 404)):
        browser = office.client(name)
        assert browser.get(f"/jobs/{job}").status_code == status, name
        assert browser.get(f"/jobs/{job}/state").status_code == status, name
        assert browser.get(f"/jobs/{job}/said.txt").status_code == status, name
        listed = job in browser.get("/jobs").text, job in browser.get("/jobs?whose=all").text
        assert listed == {"reviewer": (True, True), "admin": (False, True)}.get(name, (False, False)), name
        if status != 200:
            for what in ("cancel", "again", "resume", "remove"):
                assert browser.post(f"/jobs/{job}/{what}").status_code == 404, (name, what)


def test_a_job_is_run_again_with_the_kept_files(office: World, tricks: Workers, tmp_path: Path) -> None:
    file = tmp_path / "边界 1.txt"
    file.write_text("a")
    job = start(office, "answer", inputs=[file])
    ended(office, job)
    file.unlink()
    browser = office.client("reviewer")
    answer = browser.post(f"/jobs/{job}/again")
    made = ended(office, answer.headers["location"].rpartition("/")[2])
    assert made.id != job
    assert made.inputs == jobs.get_job(office.server, job).inputs
    assert (made.folder / "in" / "0" / "边界 1.txt").read_text() == "a"
    assert browser.post(f"/jobs/{job}/resume").status_code == 409
    demoted = Who("reviewer", "", frozenset({"viewer"}))
    with pytest.raises(Refused) as refused:
        jobs.again(office.server, demoted, job)
    assert refused.value.status == 403
    assert tricks.pool.load == (0, 0)


def test_after_a_restart_what_ran_is_interrupted_and_what_waited_runs(office: World, tricks: Workers) -> None:
    first = start(office, "rest", "60")
    running(office, first)
    waiting = start(office, "answer")
    runner.begin(office.server)()
    assert jobs.get_job(office.server, first).state == "interrupted"
    assert jobs.get_job(office.server, waiting).state == "waiting"
    with office.server.store.database.writing() as connection:  # as a server that was killed leaves it
        connection.execute(update(StoredJob).where(StoredJob.id == first).values(state="running", ended=""))
    end = runner.begin(office.server)
    assert ended(office, waiting).state == "done"
    found = jobs.get_job(office.server, first)
    assert (found.state, found.can_resume) == ("interrupted", False)
    page = office.client("reviewer").get(f"/jobs/{first}").text
    assert "任务运行时系统停止了，没有做完。 请重新运行。" in page
    end()
    assert tricks.pool.load == (0, 0)


def test_an_interrupted_job_goes_on_in_its_folder(office: World, tricks: Workers) -> None:
    job = start(office, "answer", "10")
    found = ended(office, job)
    (found.folder / "out" / "part").write_text("kept")
    with office.server.store.database.writing() as connection:
        values = {"state": "interrupted", "arguments": '["batch","{0}"]'}
        connection.execute(update(StoredJob).where(StoredJob.id == job).values(values))
    assert jobs.get_job(office.server, job).can_resume
    assert "接着做" in office.client("reviewer").get(f"/jobs/{job}").text
    jobs.resume_job(office.server, REVIEWER, job)
    after = ended(office, job)
    assert after.arguments == ("batch", "{0}", "--resume")
    assert (after.folder / "out" / "part").read_text() == "kept"
    assert tricks.pool.load == (0, 0)


def test_commands_that_can_go_on_are_those_that_say_so() -> None:
    import typer

    from zoning.cli.app import app

    def walk(command: object, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for name, one in getattr(command, "commands", {}).items():
            yield from walk(one, (*words, name))
        options = [option for parameter in getattr(command, "params", ()) for option in parameter.opts]
        if "--resume" in options:
            yield words

    assert set(walk(typer.main.get_command(app), ())) == RESUMABLE
    assert resumable(["mines", "watch", "{0}"])
    assert not resumable(["mines", "list"])


def test_nobody_fills_the_line_or_the_disk(office: World, tricks: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoning.web.jobs.starting.MOST_WAITING", 2)
    first = start(office, "rest", "60")
    running(office, first)
    second = start(office, "answer")
    with pytest.raises(Refused) as refused:
        start(office, "answer")
    assert (refused.value.status, refused.value.text.zh) == (
        429,
        "您有 2 个任务还没有完成，请等其中一些完成或取消后再提交",
    )
    jobs.cancel_job(office.server, REVIEWER, second)
    jobs.cancel_job(office.server, REVIEWER, first)
    found = ended(office, first)
    with (found.folder / "out" / "large").open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(Refused) as refused:
        start(office, "answer")
    assert refused.value.status == 413
    assert office.client("reviewer").post(f"/jobs/{first}/remove").status_code == 303
    assert not found.folder.exists()
    assert ended(office, start(office, "answer")).state == "done"
    assert tricks.pool.load == (0, 0)


def test_results_are_known_by_their_names_alone(office: World, tricks: Workers) -> None:
    job = start(office, "answer")
    out = ended(office, job).folder / "out"
    (out / "图").mkdir()
    (out / "图" / "甲 1.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (out / ".hidden").write_text("secret")
    (out / "program.exe").write_bytes(b"MZ")
    (out / "link.txt").symlink_to(office.server.settings.register)
    (out / "folder").symlink_to(office.server.settings.state)
    browser = office.client("reviewer")
    assert [one.name for one in jobs.get_job(office.server, job).results] == ["program.exe", "图/甲 1.svg"]
    for name in (".hidden", "link.txt", "folder/x", "../stdout", "..%2Fstdout", "%2e%2e/stderr", "/etc/passwd"):
        assert browser.get(f"/jobs/{job}/files/{name}").status_code == 404, name
    svg = browser.get(f"/jobs/{job}/files/图/甲 1.svg?download=1")
    assert svg.headers["content-disposition"] == (
        "attachment; filename=\"_ 1.svg\"; filename*=UTF-8''%E7%94%B2%201.svg"
    )
    assert svg.headers["content-security-policy"] == DOCUMENT_POLICY
    program = browser.get(f"/jobs/{job}/files/program.exe")
    assert program.headers["content-type"] == "application/octet-stream"
    assert program.headers["content-disposition"].startswith("attachment; ")
    assert program.headers["x-content-type-options"] == "nosniff"
    assert tricks.pool.load == (0, 0)


def test_what_is_done_after_a_job(office: World, tricks: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(runner, "_WHEN_ENDED", {})

    @jobs.when_ended("trial")
    def fail(_server: object, _job: Job) -> None:
        raise RuntimeError

    @jobs.when_ended("trial")
    def note(_server: object, job: Job) -> None:
        told.append((job.id, job.state))

    job = start(office, "answer", "12")
    ended(office, job)
    until = time.monotonic() + 10
    while not told and time.monotonic() < until:
        time.sleep(0.02)
    assert told == [(job, "failed")]
    assert ended(office, start(office, "answer")).state == "done"
    assert tricks.pool.load == (0, 0)


def test_places_in_command_lines() -> None:
    inputs = [Path("/in/0/a b.zip"), Path("/in/1/f.yaml")]
    words = [
        "check",
        "{0}",
        "--facts={1}",
        "zones={0}",
        "{out}",
        "{out}/map.html",
        "{out}/../x",
        "note {0}",
        "{2}x",
        "{}",
    ]
    assert filled(words, Path("/job"), inputs) == [
        "check",
        "/in/0/a b.zip",
        "--facts=/in/1/f.yaml",
        "zones=/in/0/a b.zip",
        "/job/out",
        "/job/out/map.html",
        "{out}/../x",
        "note {0}",
        "{2}x",
        "{}",
    ]
    with pytest.raises(ValueError, match=r"\{2\}"):
        check_places(["{2}"], 2)
    check_places(["{1}", "{out}"], 2)


def test_progress_is_the_end_of_what_was_said(tmp_path: Path) -> None:
    assert progress_of(tmp_path) == ()
    (tmp_path / "stderr").write_bytes(b"one\r\n10 %\r20 %\r30 %\n\n\x1b[31mred\x1b[0m\x07\n" + "半".encode()[:2])
    assert progress_of(tmp_path) == ("one", "30 %", "red", "\ufffd")
    (tmp_path / "stderr").write_text("".join(f"line {number}\n" for number in range(50_000)))
    said = progress_of(tmp_path)
    assert (len(said), said[-1]) == (400, "line 49999")


def test_old_folders_go_and_busy_ones_stay(tmp_path: Path) -> None:
    now = time.time()
    for name, days in (("old", 40), ("busy", 40), ("new", 1), ("renewed", 40)):
        file = tmp_path / name / "out" / "file"
        file.parent.mkdir(parents=True)
        file.write_text("x")
        for path in (file, file.parent, file.parent.parent):
            os.utime(path, (now - days * 86_400,) * 2)
    os.utime(tmp_path / "renewed" / "out" / "file", (now, now))
    (tmp_path / "link").symlink_to(tmp_path / "old")
    (tmp_path / "picture.jpg").write_text("x")
    os.utime(tmp_path / "picture.jpg", (now - 40 * 86_400,) * 2)
    assert sweep(tmp_path, 30, {"busy"}) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["busy", "link", "new", "renewed"]
    assert results_of(tmp_path / "nothing") == ()


def test_what_can_be_made_again_goes_after_a_while(office: World) -> None:
    long_ago = time.time() - 31 * 86_400
    for folder in runner.MADE:
        for name, at in (("old.jpg", long_ago), ("new.jpg", time.time())):
            file = office.server.folder(folder) / name
            file.write_bytes(b"x")
            os.utime(file, (at, at))
    runner.Runner(office.server)._sweep()
    for folder in runner.MADE:
        assert [path.name for path in office.server.folder(folder).iterdir()] == ["new.jpg"]
