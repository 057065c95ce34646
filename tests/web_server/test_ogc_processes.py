"""OGC API - Processes: site-check now and as a job; the verdict is that of the check page."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from live_server import Lent
from web_programs import program
from web_world import World, world
from zoning.rules.verdict import Verdict
from zoning.web.checks import get_check
from zoning.web.jobs import find_job
from zoning.web.workers.pool import Pool

RUN = "/ogc/processes/site-check/execution"
EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"


@pytest.fixture(scope="module")
def office_of_module(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    with world(shared_root, tmp_path_factory.mktemp("ogc"), Lent(shared_pool)) as found:  # type: ignore[arg-type]  # stands for a pool
        yield found


@pytest.fixture(scope="module")
def http(office_of_module: World) -> TestClient:
    return program(office_of_module)


@pytest.fixture(scope="module")
def school(shared_root: Path) -> Any:
    return json.loads((shared_root / "examples" / "school.geojson").read_text(encoding="utf-8"))


def ended(http: TestClient, job: str) -> Any:
    for _ in range(600):
        told = http.get(job).json()
        if told["status"] not in ("accepted", "running"):
            return told
        time.sleep(0.1)
    raise AssertionError(job)


def test_the_process_says_what_it_takes_and_gives(http: TestClient) -> None:
    listed = http.get("/ogc/processes").json()["processes"]
    assert [one["id"] for one in listed] == ["site-check"]
    told = http.get("/ogc/processes/site-check").json()
    assert set(told["inputs"]) == {"site", "text", "file", "facts", "on", "crs"}
    assert set(told["outputs"]) == {"check"}
    assert told["jobControlOptions"] == ["sync-execute", "async-execute", "dismiss"]
    assert told["outputTransmission"] == ["value"]
    answer = http.post(RUN, json=told["example"])
    assert answer.status_code == 200, answer.text


def test_a_verdict_at_once_in_the_schema_of_verdicts(office_of_module: World, http: TestClient, school: Any) -> None:
    answer = http.post(RUN, json={"inputs": {"site": school, "on": "2026-11-23"}})
    assert answer.status_code == 200, answer.text
    assert "location" not in answer.headers
    told = answer.json()
    verdict = Verdict.model_validate_json(json.dumps(told["verdicts"][0]))
    assert (verdict.decision, told["decision"], told["refused"]) == ("undetermined", "undetermined", [])
    kept = get_check(office_of_module.server, told["check"])
    assert kept is not None
    assert kept.answer is not None
    assert (kept.account, kept.answer["verdicts"]) == ("reviewer", told["verdicts"])


def test_text_and_files_are_taken_as_on_the_check_page(http: TestClient, shared_root: Path) -> None:
    import base64

    path = shared_root / "examples" / "lodge.zip"
    file = {"name": "lodge.zip", "content": base64.b64encode(path.read_bytes()).decode()}
    answer = http.post(RUN, json={"inputs": {"file": file}})
    assert answer.status_code == 200, answer.text
    assert answer.json()["verdicts"][0]["schema"] == "zoning.verdict/1"
    text = (shared_root / "examples" / "processing-plant.txt").read_text(encoding="gbk")
    answer = http.post(RUN, json={"inputs": {"text": text}})
    assert answer.status_code == 200, answer.text


def test_facts_decide_as_they_do_elsewhere(http: TestClient, school: Any) -> None:
    told = http.post(RUN, json={"inputs": {"site": school, "facts": {"activity": ["coal-mining"]}}}).json()
    missing = {one["fact"] for one in told["verdicts"][0]["missing_facts"]}
    assert "activity" not in missing
    wrong = http.post(RUN, json={"inputs": {"site": school, "facts": {"no-such-fact": 1}}})
    assert wrong.status_code == 422


def test_the_whole_document_names_its_output(http: TestClient, school: Any) -> None:
    answer = http.post(
        RUN, json={"inputs": {"site": {"value": school}}, "response": "document", "outputs": {"check": {}}}
    )
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"check"}
    assert answer.json()["check"]["value"]["verdicts"][0]["decision"] == "undetermined"


def test_a_job_is_accepted_ends_and_gives_the_same_verdict(
    office_of_module: World, http: TestClient, school: Any
) -> None:
    asked = {"inputs": {"site": school, "on": "2026-11-23", "facts": {"activity": ["coal-mining"]}}}
    answer = http.post(RUN, json=asked, headers={"prefer": "respond-async"})
    assert (answer.status_code, answer.headers["preference-applied"]) == (201, "respond-async")
    assert answer.json()["status"] in ("accepted", "running")
    job = answer.headers["location"].removeprefix("http://testserver")
    told = ended(http, job)
    assert (told["status"], told["processID"], told["type"]) == ("successful", "site-check", "process"), told
    assert [link["href"] for link in told["links"]] == [f"http://testserver{job}/results"]
    results = http.get(f"{job}/results").json()
    now = http.post(RUN, json=asked).json()
    assert results["decision"] == now["decision"]
    for name in ("decision", "findings", "missing_facts", "layers"):
        assert results["verdicts"][0][name] == now["verdicts"][0][name], name
    found = find_job(office_of_module.server, told["jobID"])
    assert found is not None
    assert found.account == "reviewer"
    assert any(one["jobID"] == told["jobID"] for one in http.get("/ogc/jobs").json()["jobs"])


def test_a_job_is_its_owners_alone(office_of_module: World, http: TestClient, school: Any) -> None:
    answer = http.post(RUN, json={"inputs": {"site": school}}, headers={"prefer": "respond-async"})
    job = answer.headers["location"].removeprefix("http://testserver")
    others = [program(office_of_module, name) for name in ("planner", "boss")]
    for other in others:
        for answer in (other.get(job), other.get(f"{job}/results"), other.delete(job)):
            assert (answer.status_code, answer.json()["type"]) == (404, f"{EXCEPTIONS}no-such-job")
        assert other.get("/ogc/jobs").json()["jobs"] == []
    assert ended(http, job)["status"] == "successful"


def test_a_job_is_dismissed_and_its_results_go(office_of_module: World, http: TestClient, school: Any) -> None:
    answer = http.post(RUN, json={"inputs": {"site": school}}, headers={"prefer": "respond-async"})
    job = answer.headers["location"].removeprefix("http://testserver")
    ended(http, job)
    gone = http.delete(job)
    assert (gone.status_code, gone.json()["status"], gone.json()["jobID"]) == (200, "dismissed", job.rpartition("/")[2])
    assert http.get(job).json()["status"] == "dismissed"
    assert http.get(f"{job}/results").status_code == 404
    assert http.delete(job).status_code == 404
    found = find_job(office_of_module.server, job.rpartition("/")[2])
    assert found is not None
    assert not found.folder.exists()


def test_a_job_that_fails_says_why(http: TestClient, school: Any) -> None:
    asked = {"inputs": {"site": school, "facts": {"no-such-fact": 1}}}
    answer = http.post(RUN, json=asked, headers={"prefer": "respond-async"})
    job = answer.headers["location"].removeprefix("http://testserver")
    told = ended(http, job)
    assert told["status"] == "failed"
    assert "no-such-fact" in told["message"]
    results = http.get(f"{job}/results")
    assert results.status_code == 422
    assert "no-such-fact" in results.json()["detail"]


def test_what_is_not_ready_says_so(http: TestClient, school: Any) -> None:
    jobs = []
    for _ in range(3):
        answer = http.post(RUN, json={"inputs": {"site": school}}, headers={"prefer": "respond-async"})
        jobs.append(answer.headers["location"].removeprefix("http://testserver"))
    last = http.get(f"{jobs[-1]}/results")
    assert (last.status_code, last.json()["type"]) == (404, f"{EXCEPTIONS}result-not-ready")
    assert http.delete(jobs[-1]).json()["status"] == "dismissed"
    assert http.get(jobs[-1]).json()["status"] == "dismissed"
    for job in jobs[:-1]:
        ended(http, job)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"{", 400),
        (b'{"inputs": {}}', 400),
        (b'{"inputs": {"site": 1}}', 400),
        (b'{"inputs": {"site": {"type": "Polygon", "coordinates": [[[1, 2], [3, NaN]]]}}}', 400),
        (b'{"inputs": {"site": {"type": "Polygon", "coordinates": [[[1, 2], [3, 1e400]]]}}}', 400),
        (b'{"inputs": {"site": {"type": "GeometryCollection", "geometries": []}}}', 400),
        (b'{"inputs": {"text": "x", "site": {}}}', 400),
        (b'{"inputs": {"text": "not a boundary"}}', 422),
        (b'{"inputs": {"text": "x", "more": 1}}', 400),
        (b'{"inputs": {"text": "x"}, "more": 1}', 400),
        (b'{"inputs": {"text": "x"}, "subscriber": {"successUri": "http://127.0.0.1/"}}', 400),
        (b'{"inputs": {"site": {"href": "http://127.0.0.1/"}}}', 400),
        (b'{"inputs": {"text": "x"}, "outputs": {"other": {}}}', 400),
        (b'{"inputs": {"text": "x"}, "outputs": {"check": {"transmissionMode": "reference"}}}', 400),
        (b'{"inputs": {"text": "x"}, "response": "pdf"}', 400),
        (b'{"inputs": {"text": "x", "on": "yesterday"}}', 400),
        (b'{"inputs": {"text": "x", "facts": {"a": {"b": 1}}}}', 400),
        (b'{"inputs": {"text": "x", "crs": "EPSG:4490; rm -rf"}}', 400),
        (b'{"inputs": {"text": "\\ud800"}}', 400),
        (b'{"inputs": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400),
        (b'{"inputs": {"file": {"name": "a.zip", "content": "%%%"}}}', 400),
        (b"\xff\xfe", 400),
    ],
)
def test_what_is_not_understood_is_refused(http: TestClient, body: bytes, status: int) -> None:
    answer = http.post(RUN, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_no_such_process(http: TestClient) -> None:
    for answer in (http.get("/ogc/processes/other"), http.post("/ogc/processes/other/execution", json={"inputs": {}})):
        assert (answer.status_code, answer.json()["type"]) == (404, f"{EXCEPTIONS}no-such-process")


def test_who_may_not_check_sees_no_process(office_of_module: World, school: Any) -> None:
    for client in (program(office_of_module, "viewer"), program(office_of_module, "reviewer", ["layers:read"])):
        assert client.get("/ogc/processes").json()["processes"] == []
        assert client.post(RUN, json={"inputs": {"site": school}}).status_code == 403
        assert client.get("/ogc/jobs").status_code == 403
        assert "processes" not in json.dumps(client.get("/ogc").json()["links"])


def test_a_browser_must_bring_the_mark_of_its_session(office_of_module: World, school: Any) -> None:
    browser = office_of_module.client("reviewer")
    asked = {"inputs": {"site": school}}
    assert browser.http.post(RUN, json=asked).status_code == 403
    assert browser.http.post(RUN, json=asked, headers={"x-csrf": browser.csrf}).status_code == 200
