"""What has begun comes to its end: checks and jobs whose end could not be written at once; answers of the listener."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
import uvicorn
from sqlalchemy import insert, select

from case_world import INSIDE, InlinePool, boundary, tiny_root
from web_world import World, world
from zoning.cli.serve_listening import PatientProtocol
from zoning.errors import ContentError, NoRoomError
from zoning.registers.failures import RegisterFailedError, UnknownEndError
from zoning.registers.schema_server import StoredCheck, StoredJob
from zoning.web import checks_ending
from zoning.web.checks_ending import ending_of
from zoning.web.jobs.runner import Runner

SITE = {"file": ("site.geojson", boundary(INSIDE))}
FULL = NoRoomError("满", "full")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(checks_ending, "_AGAIN_S", 0.01)
    root = tiny_root(tmp_path / "w")
    pool: Any = InlinePool(root)
    with world(root, tmp_path, pool) as found:
        yield found


def failing(desk: World, monkeypatch: pytest.MonkeyPatch, *plan: Exception | None) -> None:
    """Let the next changes of the register fail as planned, after they were made; None lets one through."""
    database, waiting = desk.server.store.database, list(plan)
    writing = database.writing

    @contextmanager
    def planned() -> Iterator[Any]:
        with writing() as connection:
            yield connection
            error = waiting.pop(0) if waiting else None
            if error is not None and not isinstance(error, UnknownEndError):
                raise error
        if error is not None:
            raise error

    monkeypatch.setattr(database, "writing", planned)


def states(desk: World) -> list[tuple[str, str]]:
    query = select(StoredCheck.state, StoredCheck.decision)
    with desk.server.store.database.reading() as connection:
        return [(row.state, row.decision) for row in connection.execute(query)]


def settled(desk: World) -> list[tuple[str, str]]:
    until = time.monotonic() + 20
    while "waiting" in dict(found := states(desk)):
        assert time.monotonic() < until
        time.sleep(0.01)
    return found


def test_the_end_of_a_check_is_written_when_it_can_be(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = desk.client("reviewer")
    failing(desk, monkeypatch, None, FULL, FULL, RegisterFailedError("停", "away"))
    answer = browser.post("/check", files=SITE)
    assert answer.status_code == 303
    ((state, decision),) = settled(desk)
    assert (state, bool(decision)) == ("done", True)
    assert ending_of(desk.server)._thread is None


def test_a_check_whose_beginning_may_have_been_kept_comes_to_an_end(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = desk.client("reviewer")
    failing(desk, monkeypatch, UnknownEndError("不知道", "unknown"))
    assert browser.post("/check", files=SITE).status_code == 503
    assert settled(desk) == [("failed", "")]
    failing(desk, monkeypatch, FULL)
    assert browser.post("/check", files=SITE).status_code == 507
    assert settled(desk) == [("failed", "")]


def test_an_end_that_was_kept_is_not_announced_twice(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(checks_ending, "announce", lambda *about: told.append(about))
    browser = desk.client("reviewer")
    failing(desk, monkeypatch, None, UnknownEndError("不知道", "unknown"))
    browser.post("/check", files=SITE)
    assert settled(desk)[0][0] == "done"
    until = time.monotonic() + 20
    while ending_of(desk.server)._thread is not None:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert len(told) == 1


def test_a_server_that_ends_does_not_wait_for_ends_for_ever(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = desk.client("reviewer")
    failing(desk, monkeypatch, None, *[FULL] * 1000)
    monkeypatch.setattr(checks_ending, "_AGAIN_S", 1000.0)
    browser.post("/check", files=SITE)
    thread = ending_of(desk.server)._thread
    ending_of(desk.server).close()
    assert thread is not None
    assert not thread.is_alive()
    assert states(desk) == [("waiting", "")]


def test_a_job_that_was_taken_when_the_database_was_lost_is_taken_again(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = dict.fromkeys(("account", "kind", "started", "ended"), "")
    row |= {"id": "j", "state": "waiting", "at": "1", "title": "{}", "arguments": "[]", "inputs": "{}"}
    database = desk.server.store.database
    with database.writing() as connection:
        connection.execute(insert(StoredJob).values({**row, "code": -1}))
    runner = Runner(desk.server)
    failing(desk, monkeypatch, UnknownEndError("不知道", "unknown"))
    with pytest.raises(UnknownEndError):
        runner._taken()
    assert job_state(desk) == "running"
    found, running = runner._taken()
    assert (found or {})["id"] == "j"
    assert running is not None
    # Cancelled meanwhile: it does not come back.
    running.is_cancelled = True
    assert runner._taken() == (None, None)
    assert job_state(desk) == "cancelled"


def job_state(desk: World) -> str:
    with desk.server.store.database.reading() as connection:
        return str(connection.execute(select(StoredJob.state)).scalar_one())


def test_refusals_of_the_listener_have_the_headers_of_every_answer() -> None:
    async def app(_: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def talk(port: int, data: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        got = await reader.read()
        writer.close()
        return got

    async def run() -> tuple[bytes, bytes, bytes]:
        config = uvicorn.Config(cast("Any", app), http=PatientProtocol, ws="none", lifespan="off", log_config=None)
        config.limit_concurrency = 2
        server = uvicorn.Server(config)
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            port = bound.getsockname()[1]
            task = asyncio.create_task(server.serve(sockets=[bound]))
            while not server.started:  # noqa: ASYNC110 - it tells by nothing else
                await asyncio.sleep(0.01)
            good = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            alone, nonsense = await talk(port, good), await talk(port, b"\x16\x03\x01\r\n\r\n")
            _, silent = await asyncio.open_connection("127.0.0.1", port)
            crowded = await talk(port, good)
            silent.close()
            server.should_exit = True
            await task
        return alone, nonsense, crowded

    alone, nonsense, crowded = asyncio.run(run())
    assert alone.startswith(b"HTTP/1.1 204")
    for answer, status, words in ((nonsense, b"400", "请求有误"), (crowded, b"503", "暂时不可用")):
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 " + status)
        for header in (b"x-content-type-options: nosniff", b"content-security-policy: ", b"cache-control: no-store"):
            assert header in head.lower()
        assert words in body.decode()


def test_a_full_disk_under_a_form_is_said(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large upload lies in a temporary file before anybody looks at it."""
    import errno

    def full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    browser = desk.client("reviewer")
    monkeypatch.setattr("starlette.formparsers.SpooledTemporaryFile", full)
    answer = browser.post("/check", files=SITE)
    assert answer.status_code == 507
    assert "磁盘已满，操作没有完成，没有保存" in answer.text
    assert isinstance(FULL, ContentError)
