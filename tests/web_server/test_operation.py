"""Health, figures and the log of requests, which knows nobody."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import suppress

import pytest

from web_world import World
from zoning.web.operation import health
from zoning.web.operation.watching import JsonLines


def test_the_process_and_its_work_are_asked_apart(office: World, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = office.client()
    answer = nobody.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    ready = nobody.get("/ready")
    assert (ready.status_code, ready.json()) == (200, {"register": "ok", "disk": "ok"})
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 1 << 60)
    ready = nobody.get("/ready")
    assert (ready.status_code, ready.json()) == (503, {"register": "ok", "disk": "failing"})
    monkeypatch.undo()
    register = office.server.store.database.path
    assert register is not None
    register.rename(register.with_name("gone"))
    assert nobody.get("/ready").json() == {"register": "failing", "disk": "ok"}
    register.with_name("gone").rename(register)
    assert nobody.get("/ready").status_code == 200


def test_figures_are_those_of_what_happened(office: World) -> None:
    viewer, admin = office.client("viewer"), office.client("admin")
    assert viewer.get("/metrics").status_code == 403
    assert viewer.get("/no/such/page/张三").status_code == 404
    text = admin.get("/metrics").text
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert lines['zoning_requests_total{method="GET",route="/metrics",status="403"}'] == "1.0"
    assert lines['zoning_requests_total{method="POST",route="/sign-in",status="303"}'] == "2.0"
    assert lines['zoning_requests_total{method="GET",route="-",status="404"}'] == "1.0"
    assert float(lines["zoning_log_rows"]) == 6  # six accounts were made
    assert lines["zoning_tasks_running"] == "0.0"
    assert "张三" not in text


def test_a_made_up_method_makes_no_label(office: World) -> None:
    office.client().http.request("PROPFIND", "/check")
    text = office.client("admin").get("/metrics").text
    assert 'method="other"' in text
    assert "PROPFIND" not in text


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Yield what the log of the server says."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("zoning.web")
    before = logger.handlers, logger.level, logger.propagate
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.INFO)
    yield written
    logger.handlers, logger.propagate = before[0], before[2]
    logger.setLevel(before[1])


def test_the_log_says_what_and_never_who(office: World, lines: io.StringIO) -> None:
    browser = office.client("reviewer")
    words = "李四的采石场"
    browser.get(f"/check?note={words}")
    answer = browser.post("/check", files={"file": (f"{words}.geojson", b"{}")})
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    requests = [one for one in told if one["event"] == "request"]
    assert requests[-1]["route"] == "/check"
    assert requests[-1]["id"] == answer.headers["x-request-id"]
    assert set(requests[-1]) == {
        "time", "level", "module", "event", "id", "method", "route", "status", "ms", "bytes"
    }  # fmt: skip
    assert words not in lines.getvalue()
    assert "reviewer" not in lines.getvalue()
    assert "testclient" not in lines.getvalue()


def test_a_fault_is_logged_by_class_and_place_not_by_its_words(
    office: World, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = office.client("reviewer")

    def fail(*_: object, **__: object) -> None:
        raise AttributeError("13800000000")

    monkeypatch.setattr(office.server.pool, "run", fail)
    with suppress(AttributeError):  # the test client may raise what the server has answered
        browser.post("/check", data={"text": "张三, 13800000000"})
    faults = [json.loads(line) for line in lines.getvalue().splitlines() if '"error"' in line]
    assert faults[0]["error"] == "AttributeError"
    assert any(place.startswith("zoning/web/") for place in faults[0]["places"])
    assert "13800000000" not in lines.getvalue()
