"""Requests that are too large, too slow, too many, or say that they come for somebody else; what every answer says."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import Body as JsonBody
from fastapi import Request, Response

from security_world import Ask, ask_all, signed, state_of
from web_world import World, world
from zoning.errors import ContentError
from zoning.web import headers
from zoning.web.access import PUBLIC, signed_in
from zoning.web.accounts.guards import Volumes
from zoning.web.routes import Routes
from zoning.web.settings import Quotas
from zoning.web.workers.pool import Pool

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "content-security-policy": headers.PAGE_POLICY,
}
QUOTAS = Quotas(upload_bytes=300_000, body_bytes=100_000, day_bytes=500_000)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    with world(shared_root, tmp_path_factory.mktemp("requests"), shared_pool, quotas=QUOTAS) as found:
        routes = Routes()

        @routes.post("/try/json", access=signed_in())
        def take(told: dict[str, Any] = JsonBody(...)) -> Response:  # noqa: B008 - as FastAPI wants it
            return Response(str(len(told)))

        @routes.get("/try/fault", access=PUBLIC)
        def fault() -> Response:
            raise ValueError("secret words in /root/place")

        @routes.get("/try/place", access=PUBLIC)
        def place(request: Request) -> Response:
            settings = request.app.state.server.settings
            upload = settings.state / "uploads" / "zoning-upload-x1" / "a.shp"
            raise ContentError(f"{upload}：坏了", f"{upload} is broken, and {settings.workspace / 'layers'} too")

        routes.install(found.app)
        yield found


def test_every_answer_has_the_headers(server: World) -> None:
    reviewer = signed(server, "reviewer").headers()
    html = {"accept": "text/html"}
    asks = [
        (Ask("GET", "/sign-in"), 200),
        (Ask("GET", "/", {"headers": reviewer}), 200),
        (Ask("GET", "/", {"headers": html}), 303),
        (Ask("GET", "/nothing", {"headers": html}), 404),
        (Ask("GET", "/nothing", {"headers": {"accept": "application/json"}}), 404),
        (Ask("PUT", "/sign-in"), 405),
        (Ask("OPTIONS", "/sign-in"), 405),
        (Ask("GET", "/accounts", {"headers": reviewer}), 403),
        (Ask("POST", "/sign-in", {"data": {"name": "x" * 70_000}}), 413),
        (Ask("GET", "/try/fault", {"headers": html}), 500),
        (Ask("GET", "/try/place", {"headers": html}), 422),
    ]
    answers = ask_all(server, [ask for ask, _ in asks])
    for answer, (_, expected) in zip(answers, asks, strict=True):
        assert answer.status_code == expected, answer.url
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS, answer.url


def test_a_fault_is_told_by_a_number_alone(server: World, caplog: pytest.LogCaptureFixture) -> None:
    answers = ask_all(
        server,
        [
            Ask("GET", "/try/fault", {"headers": {"accept": "text/html", "accept-language": "en"}}),
            Ask("GET", "/try/fault", {"headers": {"accept": "application/json"}}),
        ],
    )
    for answer in answers:
        assert answer.status_code == 500
        assert "a fault of the program: nothing was done; number " in answer.text
        for secret in ("secret words", "/root", "ValueError", "Traceback", ".py"):
            assert secret not in answer.text
    numbers = [getattr(record, "fault", "") for record in caplog.records if record.msg == "fault"]
    assert [number in answer.text for number, answer in zip(numbers, answers, strict=True)] == [True, True]
    assert answers[1].headers["content-type"] == "application/problem+json"


def test_sentences_do_not_tell_where_things_are(server: World) -> None:
    answer = ask_all(server, [Ask("GET", "/try/place", {"headers": {"accept": "application/json"}})])[0]
    assert answer.json()["detail"] == {"zh": "a.shp：坏了", "en": "a.shp is broken, and layers too"}


@pytest.mark.parametrize(
    ("kind", "size", "status", "sentence"),
    [
        ("json", 90_000, 200, ""),
        ("json", 100_001, 413, "more than the limit of 100 kB: it was not read"),
        ("multipart", 300_001, 413, "more than the limit of 300 kB: it was not read"),
        ("form", 100_001, 413, "more than the limit of 100 kB: it was not read"),
    ],
)
@pytest.mark.parametrize("is_declared", [True, False])
def test_bodies_that_are_too_large_are_not_read(
    server: World, kind: str, size: int, status: int, sentence: str, *, is_declared: bool
) -> None:
    browser = signed(server, "planner")
    told = {**browser.headers(), "accept": "application/json"}
    server.server.guards.volumes = Volumes()  # a new day
    body, told["content-type"] = _body(kind, size)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 10_000):
            yield body[start : start + 10_000]

    content = body if is_declared else pieces()
    path = "/try/json" if kind == "json" else "/account/language"
    answer = ask_all(server, [Ask("POST", path, {"headers": told, "content": content})])[0]
    assert answer.status_code == status, answer.text
    if status == 413:
        assert answer.json()["detail"]["en"] == sentence
        assert answer.headers["connection"] == "close"


def test_what_is_too_large_is_not_received_to_its_end(server: World) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 50_000_000:
            sent += 10_000
            yield b" " * 10_000

    told = {**signed(server, "planner").headers(), "content-type": "application/json"}
    assert ask_all(server, [Ask("POST", "/try/json", {"headers": told, "content": endless()})])[0].status_code == 413
    assert sent <= QUOTAS.body_bytes + 20_000


def _body(kind: str, size: int) -> tuple[bytes, str]:
    if kind == "json":
        return b'{"a":"' + b"x" * (size - 8) + b'"}', "application/json"
    if kind == "form":
        return b"lang=" + b"x" * (size - 5), "application/x-www-form-urlencoded"
    head = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    return head + b"x" * (size - len(head) - 9) + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"


def test_without_an_account_a_body_is_small(server: World) -> None:
    form = {"content-type": "application/x-www-form-urlencoded", "accept-language": "en", "accept": "text/html"}
    answers = ask_all(
        server,
        [
            Ask("POST", "/sign-in", {"headers": form, "content": b"name=" + b"x" * 65_531}),
            Ask("POST", "/sign-in", {"headers": form, "content": b"name=" + b"x" * 65_532}),
            Ask("POST", "/check", {"headers": form, "content": b"x" * 10_000_000}),
        ],
    )
    assert [answer.status_code for answer in answers] == [422, 413, 401]
    assert "more than the limit of 66 kB: it was not read" in answers[1].text


@pytest.mark.parametrize(("files", "fields", "status"), [(64, 0, 303), (65, 0, 400), (0, 1999, 303), (0, 2001, 400)])
def test_forms_of_thousands_of_parts_are_refused(server: World, files: int, fields: int, status: int) -> None:
    browser = signed(server, "viewer")
    told = {**browser.headers(), "content-type": "multipart/form-data; boundary=b"}
    parts = [f'name="f{n}"; filename="f"' for n in range(files)] + [f'name="a{n}"' for n in range(fields)]
    body = "".join(f"--b\r\nContent-Disposition: form-data; {part}\r\n\r\nx\r\n" for part in parts) + "--b--\r\n"
    asks = [Ask("POST", "/account/language", {"headers": told, "content": body.encode()})]
    assert ask_all(server, asks)[0].status_code == status


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"[" * 100_000, 413),
        (b"[" * 90_000, 400),
        (b'{"a":' * 15_000, 400),
        (b'{"a": 1', 422),
        (b"\xff\xfe\x00", 400),
        (b"", 422),
        (b"[1]", 422),
        (b'{"a": NaN}', 200),
    ],
)
def test_json_that_wants_to_do_harm(server: World, content: bytes, status: int) -> None:
    browser = signed(server, "viewer")
    told = {**browser.headers(), "content-type": "application/json", "accept": "application/json"}
    content = content + b" " if len(content) == 100_000 else content
    got = ask_all(server, [Ask("POST", "/try/json", {"headers": told, "content": content})])[0]
    assert got.status_code == status, got.text


def test_the_share_of_a_day_is_for_each_account(server: World) -> None:
    server.server.guards.volumes = Volumes()  # a new day
    browser, other = signed(server, "restoration"), signed(server, "planner")
    told = browser.headers()
    body, kind = _body("multipart", 280_000)
    upload = Ask("POST", "/account/language", {"headers": {**told, "content-type": kind}, "content": body})
    others = Ask("POST", "/account/language", {"headers": {**other.headers(), "content-type": kind}, "content": body})
    small = Ask("POST", "/account/language", {"headers": told, "data": {"lang": "zh"}})
    answers = ask_all(server, [upload, upload, others, small])
    assert [answer.status_code for answer in answers] == [303, 413, 303, 303]
    sentence = "今日上传量上限 0.5 MB，还剩 0.2 MB，此文件超出，没有读取；请明天再传，或请管理员提高上限"
    assert sentence in answers[1].text


def test_what_was_kept_before_a_restart_counts(office: World) -> None:
    """A check of a file counts with its size, also for a server that was started afterwards."""
    from zoning.web.accounts.volumes import handed_in

    file = office.root / "examples" / "school.geojson"
    for _ in range(2):
        answer = office.client("reviewer").post("/check", files={"file": (file.name, file.read_bytes())})
        assert answer.status_code == 303
    server = office.server
    size = handed_in(server.store.database, server.settings.files, "reviewer", server.today())
    assert size == 2 * file.stat().st_size
    assert handed_in(server.store.database, server.settings.files, "planner", server.today()) == 0


@pytest.mark.parametrize("path", ["/try/json", "/account/language"])
def test_a_body_that_comes_too_slowly_is_let_go(server: World, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(headers, "_PIECE_S", 0.2)
    browser = signed(server, "viewer")
    kind = "application/json" if "json" in path else "application/x-www-form-urlencoded"

    async def silent() -> AsyncIterator[bytes]:
        yield b'{"a"'
        await asyncio.sleep(30)
        yield b": 1}"

    async def trickle() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" "
            await asyncio.sleep(0.02)

    for body in (silent(), trickle()):
        told = {**browser.headers(), "content-type": kind, "accept": "application/json", "content-length": "5000"}
        answer = ask_all(server, [Ask("POST", path, {"headers": told, "content": body})])[0]
        assert answer.status_code == 408
        assert answer.json()["detail"]["zh"] == "上传太慢，已中止，没有保存"


def test_names_of_others_are_not_answered_where_ours_is_known(server: World) -> None:
    told = server.server.settings
    server.server.settings = replace(told, public_url="https://zoning.example:8443")
    hosts = {
        "zoning.example:8443": 200,
        "ZONING.example": 200,
        "127.0.0.1:8010": 200,
        "[::1]:8010": 200,
        "localhost": 200,
        "evil.example": 400,
        "zoning.example.evil.example": 400,
        "": 400,
        "a b": 400,
        "[": 400,
    }
    try:
        asks = [Ask("GET", "/sign-in", {"headers": {"host": host, "accept-language": "en"}}) for host in hosts]
        answers = ask_all(server, asks)
        origin = {
            **signed(server, "viewer").headers(),
            "origin": "https://zoning.example:8443",
            "host": "127.0.0.1:8010",
        }
        proxied = ask_all(server, [Ask("POST", "/account/language", {"headers": origin})])[0]
    finally:
        server.server.settings = told
    assert [answer.status_code for answer in answers] == list(hosts.values())
    assert "this server is reached as https://zoning.example:8443" in answers[5].text
    assert answers[5].headers["content-security-policy"] == headers.PAGE_POLICY
    assert proxied.status_code == 303  # a proxy that gives another Host on


def test_the_name_of_the_host_is_never_repeated(server: World) -> None:
    told = {"host": "evil.example", "accept": "text/html"}
    more = {**told, "x-forwarded-host": "evil.example", "x-forwarded-for": "1.2.3.4", "x-original-url": "/accounts"}
    reviewer = {**signed(server, "reviewer").headers(), **more}
    asks = [Ask("GET", path, {"headers": more}) for path in ("/", "/sign-in", "/check", "/nothing")]
    asks += [Ask("GET", path, {"headers": reviewer}) for path in ("/", "/check", "/account", "/accounts")]
    answers = ask_all(server, asks)
    assert [answer.status_code for answer in answers] == [303, 200, 303, 404, 200, 200, 200, 403]
    for answer in answers:
        assert "evil" not in answer.text + json.dumps(dict(answer.headers))


def test_answers_cannot_be_split(server: World) -> None:
    asks = [
        Ask("GET", "/sign-in?next=%0d%0aset-cookie:%20a=b", {}),
        Ask("GET", "/check?x=%0d%0aset-cookie:%20a=b", {"headers": {"accept": "text/html"}}),
        Ask("POST", "/language", {"data": {"lang": "zh", "next": "/x\r\nset-cookie: a=b"}}),
        Ask("POST", "/language", {"data": {"lang": "a\r\nb", "next": "/"}}),
    ]
    before = state_of(server)
    for answer in ask_all(server, asks):
        assert "a=b" not in str(answer.headers.get_list("set-cookie"))
        assert "\n" not in answer.headers.get("location", "")
    assert state_of(server) == before


def test_what_changes_something_is_never_a_get(server: World) -> None:
    boss = signed(server, "boss").headers()
    for path in ("/sign-out", "/account/password", "/account/tokens", "/language"):
        answer: httpx.Response = ask_all(server, [Ask("GET", path, {"headers": boss})])[0]
        assert answer.status_code == 405
