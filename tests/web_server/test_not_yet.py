"""What has not come to its end is never answered as if it had: checks whose end is not written yet, jobs that run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from case_world import INSIDE, InlinePool, boundary, tiny_root
from edition_desk import WET
from edition_files import waiting as waiting_edition
from web_programs import program
from web_world import World, world
from zoning.registers.failures import RegisterFailedError
from zoning.registers.schema_server import StoredCheck, StoredJob
from zoning.web import checks_ending
from zoning.web.checks_ending import Ending, ending_of
from zoning.web.editions.drafts import settle
from zoning.web.editions.store import Uploaded, change, get_edition
from zoning.web.jobs.asking import folder_of
from zoning.web.server import Server

NOT_YET = "这次检查还没有完成，请稍后再看"
TEXT = "112.402,35.502 112.404,35.502 112.404,35.504 112.402,35.504"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[World]:
    """Return a server of a tiny workspace."""
    root = tiny_root(tmp_path / "w")
    pool: Any = InlinePool(root)
    with world(root, tmp_path, pool) as found:
        yield found


@pytest.fixture
def unwritten(monkeypatch: pytest.MonkeyPatch, office: World) -> Iterator[None]:
    """Let no end of a check be written before this is over."""

    def away(*_: Any) -> None:
        raise RegisterFailedError("台账连接不上", "the register is away")

    with monkeypatch.context() as quick:
        quick.setattr(Ending, "_write", away)
        quick.setattr(checks_ending, "_AGAIN_S", 1000.0)
        yield
    ending_of(office.server).close()


def waiting(office: World) -> str:
    """Return a check whose end is not written yet."""
    answer = office.client("reviewer").post("/check", files={"file": ("site.geojson", boundary(INSIDE))})
    check = str(answer.headers["location"]).rsplit("/", 1)[1]
    with office.server.store.database.writing() as connection:
        values = {"state": "waiting", "answer": "", "decision": ""}
        connection.execute(update(StoredCheck).where(StoredCheck.id == check).values(values))
    return check


def job(office: World, name: str, state: str) -> None:
    """Note a job of the reviewer."""
    row = dict.fromkeys(("kind", "started", "ended"), "") | {"id": name, "account": "reviewer", "at": "1", "code": 0}
    row |= {"title": '{"zh":"批量","en":"batch"}', "arguments": "[]", "state": state}
    row |= {"inputs": '{"files":[],"language":"zh","roles":[]}'}
    with office.server.store.database.writing() as connection:
        connection.execute(insert(StoredJob).values(row))


def test_a_check_that_waits_has_neither_questions_nor_map_nor_verdict(office: World) -> None:
    check, browser = waiting(office), office.client("reviewer")
    for place in ("questions", "questions?part=1", "map", "verdict.json"):
        answer = browser.get(f"/checks/{check}/{place}")
        assert (answer.status_code, NOT_YET in answer.text) == (409, True), place
    answer = browser.get(f"/cases/new?check={check}")
    assert (answer.status_code, NOT_YET in answer.text) == (409, True)
    page = browser.get(f"/checks/{check}").text
    assert "正在研判" in page
    assert 'class="badge decision-' not in page
    for place, word in (("/check", "正在检查"), ("/checks", "正在检查"), ("/", "进行中")):
        page = browser.get(place).text
        assert f'<span class="badge">{word}</span>' in page, place
        assert 'class="badge decision-' not in page, place


def test_a_program_is_not_given_a_check_without_its_end(office: World) -> None:
    check, asking = waiting(office), program(office)
    answer = asking.get(f"/api/v1/checks/{check}/questions")
    assert (answer.status_code, answer.json()["detail"]["zh"]) == (409, NOT_YET)
    told = asking.get(f"/api/v1/checks/{check}").json()
    assert (told["state"], told["decision"], told["verdicts"]) == ("waiting", "", [])


@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize(
    ("place", "body"),
    [
        ("/api/v1/checks", {"text": TEXT}),
        ("/ogc/processes/site-check/execution", {"inputs": {"text": TEXT}}),
    ],
)
def test_a_check_whose_end_cannot_be_written_is_no_answer(office: World, place: str, body: dict[str, Any]) -> None:
    answer = program(office).post(place, json=body)
    assert answer.status_code == 503, answer.text
    with office.server.store.database.reading() as connection:
        row = connection.execute(select(StoredCheck.id, StoredCheck.state)).one()
    assert row.state == "waiting"
    assert f"检查 {row.id} 的结论还没有写入登记；请稍后用 GET /api/v1/checks/{row.id} 取得，不必再传" in answer.text


def test_the_end_is_given_as_soon_as_it_is_written(office: World) -> None:
    asking = program(office)
    done = asking.post("/api/v1/checks", json={"text": TEXT})
    assert done.status_code == 200, done.text
    told = asking.get(f"/api/v1/checks/{done.json()['check']}").json()
    assert told == done.json()
    assert told["verdicts"]


@pytest.mark.parametrize(
    ("state", "is_over"), [("waiting", False), ("running", False), ("cancelled", True), ("done", True)]
)
def test_files_of_a_job_that_has_not_ended_are_no_results(office: World, state: str, *, is_over: bool) -> None:
    job(office, "j", state)
    folder = folder_of(office.server, "j")
    (folder / "out").mkdir(parents=True)
    (folder / "out" / "results.csv").write_text("site,decision\n")
    (folder / "stdout").write_text("half\n")
    browser = office.client("reviewer")
    assert ("results.csv" in browser.get("/jobs/j").text) is is_over
    assert ("said.txt" in browser.get("/jobs/j").text) is is_over
    for place in ("files/results.csv", "results.zip", "said.txt"):
        answer = browser.get(f"/jobs/j/{place}")
        assert answer.status_code == (200 if is_over else 409), place
        assert ("任务还没有结束，没有结果" in answer.text) is not is_over
    told = program(office).get("/api/v1/jobs/j").json()
    assert [one["name"] for one in told["results"]] == (["results.csv"] if is_over else [])


def test_a_preview_whose_jobs_end_while_it_is_looked_at_has_not_ended(
    office: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its results were not there when they were looked for: whoever waits has to ask again."""
    made = waiting_edition(office.server, tmp_path, "water", WET, "t-race")
    names = ("audit", "compare")
    for name in names:
        job(office, name, "running")
    with office.server.store.database.writing() as connection:
        told = {"jobs": {**{name: name for name in names}, "on": "2026-11-22"}}
        change(connection, get_edition(office.server, made), {"state": "uploaded"}, told)

    def settled(server: Server, edition: str) -> Uploaded:
        found = settle(server, edition)
        with server.store.database.writing() as connection:
            connection.execute(update(StoredJob).values(state="done"))
        return found

    monkeypatch.setattr("zoning.web.pages.layers_editions.settle", settled)
    browser = office.client("planner")
    state = browser.get(f"/editions/{made}/state").json()
    assert (state["state"], [one["ended"] for one in state["jobs"].values()]) == ("uploaded", [False, False])
    with office.server.store.database.writing() as connection:
        connection.execute(update(StoredJob).values(state="running"))
    assert f'data-watch="/editions/{made}/state"' in browser.get(f"/editions/{made}").text
