"""The guard before every route: who asks, from which page, with how much; and what the refusal says."""

import asyncio
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request

from web_requests import request_of, scope_of
from zoning.web.access import NOBODY, Who
from zoning.web.accounts.guards import Guards
from zoning.web.headers import BODY, Body
from zoning.web.refusals import Refused
from zoning.web.routes import demand_own_form, is_foreign, limited_body, wants_page
from zoning.web.settings import Quotas

ZHANG = Who("zhang", "张三", frozenset({"reviewer"}), csrf="the-mark")
PROGRAM = Who("zhang", "张三", frozenset({"reviewer"}), scopes=frozenset({"check"}))
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
MARK_AS_PART = '--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nthe-mark\r\n--b--\r\n'
NOT_FROM_HERE = (403, "this request did not come from a page of this system and was not carried out")


def office(public_url: str = "", quotas: Quotas | None = None) -> Any:
    settings = SimpleNamespace(public_url=public_url, quotas=quotas or Quotas(), state="/s", files="/f", workspace="/w")
    return SimpleNamespace(settings=settings, guards=Guards(), today=lambda: date(2026, 3, 2))


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": "http://zoning.example"},
        {"origin": "HTTPS://ZONING.example"},
        {"referer": "http://zoning.example/cases?q=1"},
        {"sec-fetch-site": "same-origin", "origin": "http://zoning.example"},
    ],
)
def test_what_own_pages_send_is_not_foreign(told: dict[str, str]) -> None:
    assert not is_foreign(request_of("POST", headers=told, server=office()))


@pytest.mark.parametrize(
    "told",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": ""},
        {"sec-fetch-site": "cross-site", "origin": "http://zoning.example"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://zoning.example:8010"},
        {"origin": "http://zoning.example.evil.example"},
        {"origin": "http://zoning.example@evil.example"},
        {"origin": "http://["},
        {"referer": "http://evil.example/zoning.example"},
        {"referer": "nonsense"},
        {"origin": "http://evil.example", "referer": "http://zoning.example/"},
    ],
)
def test_what_another_site_made_a_browser_send_is_foreign(told: dict[str, str]) -> None:
    assert is_foreign(request_of("POST", headers=told, server=office()))


def test_the_origin_goes_before_the_page_that_a_request_came_from() -> None:
    told = {"origin": "http://zoning.example", "referer": "http://evil.example/"}
    assert not is_foreign(request_of("POST", headers=told, server=office()))


def test_behind_a_proxy_our_public_name_is_ours_too() -> None:
    told = {"host": "10.0.0.1:8010", "origin": "https://Zoning.example"}
    assert not is_foreign(request_of("POST", headers=told, server=office("https://zoning.example")))
    assert is_foreign(request_of("POST", headers=told, server=office()))


def test_where_no_name_is_known_an_origin_without_name_is_foreign() -> None:
    assert is_foreign(request_of("POST", headers={"host": "", "origin": "null"}, server=office()))


def demanded(headers: dict[str, str], body: str = "", *, who: Who = ZHANG) -> tuple[int, str]:
    """Return how a form is refused, up to the colon; 0 where it is carried out."""
    request = request_of("POST", headers=headers, body=body.encode(), who=who, server=office())

    async def ask() -> None:
        try:
            await demand_own_form(request, who)
        finally:
            await request.close()

    try:
        asyncio.run(ask())
    except Refused as error:
        return error.status, error.text.en.removesuffix(": reload the page and try again")
    return 0, ""


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"x-csrf": "the-mark"}, ""),
        ({"x-csrf": "the-mark", "content-type": "application/json"}, "{}"),
        ({"content-type": FORM}, "a=1&csrf=the-mark"),
        ({"content-type": f"{FORM}; charset=utf-8"}, "csrf=the-mark"),
        (
            {"content-type": MULTIPART},
            '--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nthe-mark\r\n--b--\r\n',
        ),
        # A script names the mark in the header; what the form says besides is not asked.
        ({"x-csrf": "the-mark", "content-type": FORM}, "csrf=other"),
    ],
)
def test_the_mark_of_the_session_lets_a_form_through(headers: dict[str, str], body: str) -> None:
    assert demanded(headers, body) == (0, "")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, ""),
        ({"x-csrf": ""}, ""),
        ({"x-csrf": "the-mar"}, ""),
        ({"x-csrf": "the-mark "}, ""),
        ({"x-csrf": "THE-MARK"}, ""),
        ({"x-csrf": "th\xe9-mark"}, ""),
        ({"content-type": FORM}, ""),
        ({"content-type": FORM}, "csrf="),
        ({"content-type": FORM}, "csrf=other"),
        ({"content-type": FORM}, "CSRF=the-mark"),
        ({"content-type": "application/json"}, '{"csrf": "the-mark"}'),
        ({"content-type": "text/plain"}, "csrf=the-mark"),
        ({"x-csrf": "other", "content-type": FORM}, "csrf=the-mark"),
        (
            {"content-type": MULTIPART},
            '--b\r\nContent-Disposition: form-data; name="csrf"; filename="x"\r\n\r\nthe-mark\r\n--b--\r\n',
        ),
        # The mark may be stolen: the origin is looked at first.
        ({"x-csrf": "the-mark", "origin": "http://evil.example"}, ""),
        ({"x-csrf": "the-mark", "sec-fetch-site": "cross-site"}, ""),
    ],
)
def test_without_the_mark_nothing_is_carried_out(headers: dict[str, str], body: str) -> None:
    assert demanded(headers, body) == NOT_FROM_HERE


def test_a_session_without_a_mark_takes_no_form() -> None:
    assert demanded({"x-csrf": ""}, who=Who("zhang", csrf="")) == NOT_FROM_HERE


@pytest.mark.parametrize(
    ("path", "accept", "answer"),
    [
        ("/cases", "text/html,application/xhtml+xml", True),
        ("/cases", "*/*", False),
        ("/cases", "application/json", False),
        ("/api/cases", "text/html", False),
        ("/ogc", "text/html", False),
        ("/ogc/collections", "text/html", False),
        ("/apiary", "text/html", True),
    ],
)
def test_pages_are_for_people_and_never_on_interfaces(path: str, accept: str, answer: bool) -> None:
    assert wants_page(request_of(path=path, headers={"accept": accept})) is answer


def test_who_says_nothing_of_what_he_takes_gets_a_page() -> None:
    scope = scope_of(path="/cases")
    scope["headers"] = []
    assert wants_page(Request(scope))


def limit_of(
    who: Who, declared_size: int | None, kind: str = MULTIPART, method: str = "POST", **quotas: int
) -> tuple[int, str]:
    """Return the largest body that a request may bring, and what is said of more."""
    server = office(quotas=Quotas(upload_bytes=1_000_000, body_bytes=100_000, day_bytes=quotas.get("day", 10_000_000)))
    server.guards.volumes.used(who.name, server.today(), lambda: quotas.get("used", 0))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    request = request_of(method, headers={"content-type": kind}, who=who, server=server)
    body = request.scope[BODY] = Body(receive, 1_000_000, declared_size)

    async def ask() -> None:
        async with limited_body(request, who):
            pass

    asyncio.run(ask())
    return body._most, body._why.zh if body._why is not None else ""


@pytest.mark.parametrize(
    ("who", "size", "kind", "most"),
    [
        (NOBODY, 100, FORM, 65_536),
        (NOBODY, None, MULTIPART, 65_536),
        (ZHANG, 500_000, MULTIPART, 1_000_000),
        (ZHANG, 90_000, "application/json", 100_000),
        (ZHANG, None, FORM, 100_000),
        (PROGRAM, 90_000, "application/json", 100_000),
    ],
)
def test_little_without_an_account_a_form_with_files_most(who: Who, size: int | None, kind: str, most: int) -> None:
    assert limit_of(who, size, kind) == (most, "")


def test_what_only_reads_is_not_limited_here() -> None:
    assert limit_of(NOBODY, None, method="GET") == (1_000_000, "")


@pytest.mark.parametrize(
    ("size", "used", "most"),
    [
        (300_000, 9_700_000, 300_000),
        (65_537, 9_700_000, 300_000),
        # A small form is always taken, also when the day is full.
        (65_536, 9_700_000, 1_000_000),
        (None, 9_700_000, 300_000),
        (300_000, 9_934_463, 65_537),
        (300_000, 9_999_999, 65_536),
        (300_000, 10_000_000, 65_536),
        (300_000, 99_000_000, 65_536),
    ],
)
def test_no_more_than_is_left_of_the_share_of_the_day(size: int | None, used: int, most: int) -> None:
    assert limit_of(ZHANG, size, used=used)[0] == most


@pytest.mark.parametrize(("used", "left"), [(9_700_000, "0.3 MB"), (9_999_999, "0.0 MB"), (20_000_000, "0.0 MB")])
def test_the_limit_of_the_day_and_what_is_left_are_said(used: int, left: str) -> None:
    said = limit_of(ZHANG, 500_000, used=used)[1]
    assert said == f"今日上传量上限 10 MB，还剩 {left}，此文件超出，没有读取；请明天再传，或请管理员提高上限"


def test_what_was_received_is_counted_even_where_it_was_refused() -> None:
    server = office()
    server.guards.volumes.used("zhang", server.today(), lambda: 5)
    request = request_of("POST", who=ZHANG, server=server)
    request.scope[BODY] = SimpleNamespace(declared=10, got=70_000, at_most=lambda *_: None)

    async def ask() -> None:
        async with limited_body(request, ZHANG):
            raise Refused(403, SimpleNamespace(en="no"))  # type: ignore[arg-type]  # stands for a sentence

    with pytest.raises(Refused):
        asyncio.run(ask())
    assert server.guards.volumes.used("zhang", server.today(), lambda: 0) == 70_005


def test_a_request_without_a_counted_body_goes_through() -> None:
    async def ask() -> str:
        async with limited_body(request_of("POST"), ZHANG):
            return "done"

    assert asyncio.run(ask()) == "done"
