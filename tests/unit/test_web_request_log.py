"""The log of requests and the figures: what was asked by route, never by whom or with which words."""

import asyncio
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert

from quick_office import register, stamp
from zoning.registers.log import Entry, append
from zoning.registers.schema_server import StoredJob
from zoning.registers.store import Store
from zoning.version import __version__
from zoning.web.operation.metrics import Metrics
from zoning.web.operation.watching import JsonLines, Watching


class Stand:
    """Stands for a server: it can be remembered weakly."""

    pool = SimpleNamespace(load=(2, 5))
    store: Any = None


def server(store: Any = None) -> Any:
    found = Stand()
    found.store = store
    return found


def line(message: Any = "request", *args: Any, error: Any = None, **more: Any) -> dict[str, Any]:
    record = logging.LogRecord("zoning.web", logging.INFO, "a.py", 1, message, args, error)
    record.created = 1_772_424_000.5
    record.__dict__.update(more)
    text = JsonLines().format(record)
    assert "\n" not in text
    return dict(json.loads(text))


def test_a_line_says_when_where_and_what() -> None:
    assert line(event="request", method="GET", route="/cases/{case}", status=200, ms=1.5, bytes=10, id="x") == {
        "time": "2026-03-02T04:00:00.500+00:00",
        "level": "info",
        "module": "zoning.web",
        "event": "request",
        "method": "GET",
        "route": "/cases/{case}",
        "status": 200,
        "ms": 1.5,
        "bytes": 10,
        "id": "x",
    }


@pytest.mark.parametrize("field", ["path", "account", "who", "file", "query", "form", "edition", "name_of_case"])
def test_what_people_wrote_never_reaches_a_line(field: str) -> None:
    assert "张三" not in json.dumps(line(**{field: "张三"}), ensure_ascii=False)


@pytest.mark.parametrize("field", ["fault", "job", "kind", "state", "seconds"])
def test_what_helps_to_find_a_fault_does(field: str) -> None:
    assert line(**{field: "x1"})[field] == "x1"


@pytest.mark.parametrize(
    ("message", "args", "event"),
    [
        ("fault", (), "fault"),
        ("layers are not prepared", (), "layers are not prepared"),
        ("the file %s", ("张三.shp",), "zoning.web"),  # what is filled in may be of people
        (ValueError("张三"), (), "zoning.web"),
    ],
)
def test_a_message_is_told_where_nothing_is_filled_in(message: Any, args: tuple[Any, ...], event: str) -> None:
    assert line(message, *args)["event"] == event


def test_an_error_is_told_by_its_class_and_places_without_its_words() -> None:
    try:
        json.loads("{张三")
    except ValueError:
        error = sys.exc_info()
    else:
        raise AssertionError
    told = line("fault", error=error)
    assert told["error"] == "JSONDecodeError"
    assert "张三" not in str(told)
    assert any(place.endswith(" loads") for place in told["places"])
    assert all(not place.startswith("/") for place in told["places"])


def test_a_line_without_an_error_has_no_places() -> None:
    told = line("x", error=(None, None, None))
    assert "error" not in told
    assert "places" not in told


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with register(tmp_path) as found:
        yield found


def test_known_methods_are_counted_and_made_up_ones_together(store: Store) -> None:
    metrics = Metrics(server(store))
    for method in ("GET", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW", "get"):
        metrics.request(method, "/cases", 200, 0.2)

    def count(method: str, status: str = "200") -> float | None:
        labels = {"method": method, "route": "/cases", "status": status}
        return metrics.registry.get_sample_value("zoning_requests_total", labels)

    assert (count("GET"), count("other")) == (2, 2)
    assert [count(one) for one in ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")] == [1] * 6
    assert (count("BREW"), count("get"), count("GET", "404")) == (None, None, None)


def test_times_are_counted_by_route(store: Store) -> None:
    metrics = Metrics(server(store))
    for seconds in (0.2, 0.25, 59.0, 61.0):
        metrics.request("GET", "/cases", 200, seconds)
    found = metrics.registry.get_sample_value
    assert found("zoning_request_seconds_count", {"route": "/cases"}) == 4
    assert found("zoning_request_seconds_sum", {"route": "/cases"}) == pytest.approx(120.45)
    assert found("zoning_request_seconds_bucket", {"route": "/cases", "le": "0.2"}) == 1
    assert found("zoning_request_seconds_bucket", {"route": "/cases", "le": "60.0"}) == 3


def test_workers_jobs_and_the_log_are_looked_up_when_figures_are_asked_for(store: Store) -> None:
    metrics = Metrics(server(store))
    found = metrics.registry.get_sample_value
    assert (found("zoning_tasks_running"), found("zoning_tasks_waiting")) == (2, 5)
    assert (found("zoning_log_rows"), found("zoning_jobs", {"state": "done"})) == (0, None)
    for number, state in enumerate(("done", "done", "failed")):
        add_job(store, f"j{number}", state)
    with store.database.writing() as connection:
        append(connection, [Entry("server", "x", 1, "admin", {"what": "test"})], stamp())
    assert [found("zoning_jobs", {"state": state}) for state in ("done", "failed", "running")] == [2, 1, None]
    assert found("zoning_log_rows") == 1
    text = metrics.text().decode()
    assert f'zoning_info{{version="{__version__}"}} 1.0' in text
    assert 'zoning_jobs{state="done"} 2.0' in text


def add_job(store: Store, job: str, state: str) -> None:
    values = {"id": job, "account": "anna", "kind": "audit", "title": "{}", "arguments": "[]", "inputs": "{}",
              "state": state, "at": "", "started": "", "ended": "", "code": 0}  # fmt: skip
    with store.database.writing() as connection:
        connection.execute(insert(StoredJob).values(values))


async def _nothing(_: Any) -> None:
    """Take a message."""


def watched(path: str, app: Any) -> tuple[list[dict[str, Any]], dict[str, Any], Metrics]:
    """Let a request through; return what was sent, what was seen, and the figures."""
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path}
    stand, sent = server(), []
    watching = Watching(app, server=stand)

    async def send(message: Any) -> None:
        sent.append(dict(message))

    async def receive() -> Any:
        return {}

    asyncio.run(watching(scope, receive, send))
    return sent, scope["zoning.seen"], watching._metrics


async def answering(scope: Any, receive: Any, send: Any) -> None:
    """Answer with 404 and two pieces."""
    del scope, receive
    await send({"type": "http.response.start", "status": 404, "headers": [(b"a", b"b")]})
    await send({"type": "http.response.body", "body": b"12345", "more_body": True})
    await send({"type": "http.response.body", "body": b"678"})


def test_an_answer_names_its_number_and_is_counted_with_its_size() -> None:
    sent, seen, _ = watched("/x", answering)
    headers = dict(sent[0]["headers"])
    assert headers[b"a"] == b"b"
    assert len(headers[b"x-request-id"]) == 12
    assert (seen["status"], seen["bytes"]) == (404, 8)
    assert [message.get("body") for message in sent] == [None, b"12345", b"678"]


@pytest.mark.parametrize(
    ("path", "route"),
    [("/static/app.js", "/static"), ("/ogc/collections", "/ogc"), ("/张三", "-"), ("/", "-"), ("/a/static", "-")],
)
def test_a_path_that_nobody_declared_is_not_told(path: str, route: str) -> None:
    assert watched(path, answering)[1]["route"] == route


def test_a_request_that_ends_in_a_fault_counts_as_one() -> None:
    async def failing(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive, send
        raise ZeroDivisionError

    stand = server()
    watching = Watching(failing, server=stand)
    scope: Any = {"type": "http", "method": "GET", "path": "/x"}
    with pytest.raises(ZeroDivisionError):
        asyncio.run(watching(scope, _nothing, _nothing))  # type: ignore[arg-type]  # nobody receives
    assert scope["zoning.seen"]["status"] == 500


def test_what_is_no_request_passes_untouched() -> None:
    got: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del receive, send
        got.append(scope)

    scope = {"type": "lifespan"}
    asyncio.run(Watching(app, server=server())(scope, _nothing, _nothing))  # type: ignore[arg-type]  # nobody receives
    assert got == [scope]
    assert "zoning.seen" not in scope
