"""What every answer says to browsers, and which requests no route ever sees."""

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from web_requests import scope_of
from zoning.web import headers
from zoning.web.headers import BODY, PAGE_POLICY, Body, Safety, bare_answer, crowded

Message = dict[str, Any]


def office(public_url: str = "") -> Any:
    settings = SimpleNamespace(public_url=public_url, state=Path("/s"), files=Path("/f"), workspace=Path("/w"))
    return SimpleNamespace(settings=settings)


def answers(app: Any, scope: dict[str, Any], *, is_secure: bool = False) -> list[Message]:
    """Return what `Safety` lets an application answer."""
    sent: list[Message] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"xxx", "more_body": False}

    asyncio.run(Safety(app, most_bytes=1000, is_secure=is_secure)(scope, receive, send))
    return sent


def plain_app(*told: tuple[bytes, bytes]) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": list(told)})
        await send({"type": "http.response.body", "body": b"ok"})

    return app


def safe_headers(*told: tuple[bytes, bytes], path: str = "/", is_secure: bool = False) -> list[tuple[bytes, bytes]]:
    scope = scope_of(path=path, server=office())
    return list(answers(plain_app(*told), scope, is_secure=is_secure)[0]["headers"])


def test_every_answer_tells_browsers_to_be_careful() -> None:
    told = dict(safe_headers())
    assert told == {
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"same-origin",
        b"x-frame-options": b"SAMEORIGIN",
        b"cross-origin-opener-policy": b"same-origin",
        b"cross-origin-resource-policy": b"same-origin",
        b"permissions-policy": b"geolocation=(self), camera=(self), microphone=()",
        b"content-security-policy": PAGE_POLICY.encode(),
        b"cache-control": b"no-store",
    }


def test_what_an_answer_says_itself_is_said_once() -> None:
    told = safe_headers((b"Cache-Control", b"private"), (b"X-Frame-Options", b"DENY"))
    names = [name.lower() for name, _ in told]
    assert len(names) == len(set(names))
    assert (b"Cache-Control", b"private") in told
    assert (b"X-Frame-Options", b"DENY") in told


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/static/app.js", b"public, max-age=3600"),
        ("/cases", b"no-store"),
        ("/statics", b"no-store"),
        ("/cases/static/x", b"no-store"),
    ],
)
def test_only_files_of_the_program_are_kept_by_browsers(path: str, kept: bytes) -> None:
    assert dict(safe_headers(path=path))[b"cache-control"] == kept


@pytest.mark.parametrize("is_secure", [True, False])
def test_browsers_stay_with_https_only_where_it_is_spoken(is_secure: bool) -> None:
    told = dict(safe_headers(is_secure=is_secure)).get(b"strict-transport-security")
    assert told == (b"max-age=31536000" if is_secure else None)


def test_pages_run_only_scripts_of_this_server() -> None:
    rules = dict(rule.split(" ", 1) for rule in PAGE_POLICY.split("; "))
    assert rules["default-src"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert "unsafe" not in PAGE_POLICY


def test_maps_made_as_one_file_run_apart_from_the_session() -> None:
    rules = dict(rule.split(" ", 1) for rule in headers.DOCUMENT_POLICY.split("; "))
    assert "allow-same-origin" not in rules["sandbox"]
    assert "'self'" not in rules["connect-src"]
    assert rules["form-action"] == rules["default-src"] == "'none'"


def test_what_is_no_http_goes_through_as_it_is() -> None:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((scope, receive, send))

    scope = {"type": "lifespan"}
    assert answers(app, scope) == []
    assert seen[0][0] is scope
    assert BODY not in scope


def test_a_route_finds_the_body_in_the_scope_with_what_was_said_of_it() -> None:
    seen: list[Body] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope[BODY])
        await receive()
        await plain_app()(scope, receive, send)

    answers(app, scope_of("POST", headers={"content-length": "3"}, server=office()))
    assert (seen[0].declared, seen[0].got) == (3, 3)


@pytest.mark.parametrize(
    ("told", "declared"),
    [
        ({}, 0),
        ({"content-length": "0"}, 0),
        ({"content-length": "12"}, 12),
        ({"transfer-encoding": "chunked"}, None),
        ({"content-length": "12", "transfer-encoding": "chunked"}, 12),
        ({"content-length": "-1"}, 0),
        ({"content-length": "x", "transfer-encoding": "chunked"}, None),
    ],
)
def test_the_length_that_a_request_says(told: dict[str, str], declared: int | None) -> None:
    seen: list[Body] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope[BODY])
        await plain_app()(scope, receive, send)

    answers(app, scope_of("POST", headers=told, server=office()))
    assert seen[0].declared == declared


def test_a_fault_before_the_answer_began_is_told_by_a_number() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive, send
        raise RuntimeError("secret")

    sent = answers(app, scope_of(server=office()))
    assert sent[0]["status"] == 500
    assert (b"x-content-type-options", b"nosniff") in sent[0]["headers"]
    assert b"secret" not in sent[1]["body"]


def test_a_fault_after_the_answer_began_is_not_answered_twice() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("late")

    with pytest.raises(RuntimeError, match="late"):
        answers(app, scope_of(server=office()))


def status_of(**told: Any) -> tuple[int, str]:
    sent = answers(plain_app(), scope_of(**told))
    if sent[0]["status"] == 200:
        return 200, ""
    return sent[0]["status"], json.loads(sent[1]["body"])["detail"]["en"]


@pytest.mark.parametrize(
    ("host", "is_answered"),
    [
        ("zoning.example", True),
        ("ZONING.example:8010", True),
        ("localhost", True),
        ("localhost:8010", True),
        ("127.0.0.1", True),
        ("10.1.2.3:80", True),
        ("[::1]:8010", True),
        ("evil.example", False),
        ("zoning.example.evil.example", False),
        ("evil.example#zoning.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("", False),
        ("[", False),
        ("[zoning.example", False),
    ],
)
def test_only_our_own_name_is_answered_where_it_is_known(host: str, is_answered: bool) -> None:
    told = status_of(headers={"host": host}, server=office("https://zoning.example"))
    assert told == ((200, "") if is_answered else (400, "this server is reached as https://zoning.example"))


@pytest.mark.parametrize("host", ["evil.example", "", "["])
def test_every_name_is_answered_where_ours_is_not_known(host: str) -> None:
    assert status_of(headers={"host": host}, server=office())[0] == 200


@pytest.mark.parametrize(("size", "status"), [(32 << 10, 200), ((32 << 10) + 1, 431)])
@pytest.mark.parametrize("where", ["header", "path", "query"])
def test_a_head_longer_than_any_browser_sends_is_refused(where: str, size: int, status: int) -> None:
    bare = scope_of(server=office())
    taken = sum(len(name) + len(value) for name, value in bare["headers"]) + len(bare["raw_path"])
    if where == "header":
        told = status_of(headers={"x": "a" * (size - taken - 1)}, server=office())
    elif where == "path":
        told = status_of(path="/" + "a" * (size - taken), server=office())
    else:
        told = status_of(query="a" * (size - taken), server=office())
    assert told == (status, "" if status == 200 else "the head of the request is too long")


@pytest.mark.parametrize(("count", "status"), [(200, 200), (201, 431)])
def test_more_headers_than_any_browser_sends_are_refused(count: int, status: int) -> None:
    # Two are there already.
    assert status_of(headers={f"x{n}": "" for n in range(count - 2)}, server=office())[0] == status


def test_a_bare_refusal_is_safe_ends_the_connection_and_speaks_both_languages() -> None:
    told, body = bare_answer(503)
    assert body.decode() == "暂时不可用，请稍后再试\nnot available now: try again later\n"
    assert dict(told)[b"content-length"] == str(len(body)).encode()
    assert dict(told)[b"connection"] == b"close"
    assert dict(told)[b"cache-control"] == b"no-store"
    assert dict(told)[b"x-content-type-options"] == b"nosniff"


def test_who_comes_while_too_many_are_connected_is_told_to_come_again() -> None:
    sent: list[Message] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError

    asyncio.run(crowded({}, receive, send))
    told, body = bare_answer(503)
    assert sent == [
        {"type": "http.response.start", "status": 503, "headers": told},
        {"type": "http.response.body", "body": body},
    ]
