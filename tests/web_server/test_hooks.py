"""Webhooks: told in the transaction of the event, signed, again until taken, never to where they must not go."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from typing import Any

import pytest
from sqlalchemy import func, select

from web_world import World
from zoning.errors import UsageError
from zoning.registers.entries import Stamp
from zoning.registers.schema import LoggedEvent
from zoning.registers.schema_server import StoredDelivery
from zoning.web.hooks.address import chosen, is_allowed, parse_target
from zoning.web.hooks.announce import announce
from zoning.web.hooks.delivery import KEPT_DAYS, WAITS, deliver_due, forget_old
from zoning.web.hooks.hooks import Hooks
from zoning.web.hooks.sending import Result, send
from zoning.web.hooks.signature import signature

STAMP = Stamp("reviewer", datetime(2026, 11, 23, 1, tzinfo=UTC))
DECIDED: dict[str, Any] = {"case": "C-1", "version": 3, "decision": "prohibited", "overridden": False}


class Receiver:
    """A system of the office that receives messages and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                status, headers = receiver.answers.pop(0) if receiver.answers else (204, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/in"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    thread = threading.Thread(target=found.http.serve_forever)
    thread.start()
    yield found
    found.http.shutdown()
    thread.join()
    found.http.server_close()


def make(
    office: World, url: str, *, private: bool = True, events: tuple[str, ...] = ("case.decided",)
) -> tuple[str, str]:
    return Hooks(office.server.store.database).create(url, title="县系统", events=events, private=private, stamp=STAMP)


def tell(office: World, event: Any = "case.decided", payload: Any = None) -> int:
    with office.server.store.database.writing() as connection:
        return announce(connection, event, DECIDED if payload is None else payload, STAMP)


def outbox(office: World) -> list[Any]:
    with office.server.store.database.reading() as connection:
        return list(connection.execute(select(*StoredDelivery.__table__.columns)).all())


def at(office: World, seconds: float) -> None:
    office.server.clock = lambda: STAMP.at + timedelta(seconds=seconds)


def test_a_message_is_signed_and_says_what_happened(office: World, receiver: Receiver) -> None:
    _, secret = make(office, receiver.url)
    assert tell(office) == 1
    at(office, 0)
    assert deliver_due(office.server) == 1
    headers, body = receiver.got[0]
    assert json.loads(body) == {
        "type": "case.decided",
        "timestamp": "2026-11-23T01:00:00.000000+00:00",
        "data": DECIDED,
    }
    message, stamp = headers["webhook-id"], headers["webhook-timestamp"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, f"{message}.{stamp}.".encode() + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(expected).decode()
    assert stamp == str(int(STAMP.at.timestamp()))
    row = outbox(office)[0]
    assert (row.id, row.state, row.tries, row.answer) == (message, "done", 1, "204")
    assert deliver_due(office.server) == 0
    assert len(receiver.got) == 1


def test_the_signature_of_the_published_example() -> None:
    # Standard Webhooks, reference implementations: this id, moment, body and secret give this signature.
    found = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_nothing_is_written_without_a_hook_and_nothing_for_other_events(office: World, receiver: Receiver) -> None:
    assert tell(office) == 0
    make(office, receiver.url, events=("edition.activated",))
    assert tell(office) == 0
    assert outbox(office) == []


def test_what_is_undone_is_not_told(office: World, receiver: Receiver) -> None:
    make(office, receiver.url)

    def undone() -> None:
        with office.server.store.database.writing() as connection:
            assert announce(connection, "case.decided", DECIDED, STAMP) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert outbox(office) == []


@pytest.mark.parametrize("payload", [{"applicant": "张三"}, {"case": "x" * 201}, {"case": ["C-1"]}, {"case": 1.5}])
def test_persons_and_long_texts_cannot_get_into_a_message(office: World, payload: Any) -> None:
    with pytest.raises(ValueError, match=next(iter(payload))):
        tell(office, payload=payload)


def test_failures_are_tried_again_with_growing_waits_and_the_same_id(office: World, receiver: Receiver) -> None:
    make(office, receiver.url)
    tell(office)
    receiver.answers = [(500, {}), (302, {"Location": "http://127.0.0.1:9/"}), (200, {})]
    at(office, 0)
    assert deliver_due(office.server) == 0
    at(office, WAITS[0] - 1)
    assert deliver_due(office.server) == 0
    assert len(receiver.got) == 1
    at(office, WAITS[0])
    assert deliver_due(office.server) == 0
    at(office, WAITS[0] + WAITS[1])
    assert deliver_due(office.server) == 1
    assert [row.answer for row in outbox(office)] == ["200"]
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len(receiver.got) == 3
    assert list(WAITS) == sorted(WAITS)


def test_after_the_last_try_it_is_given_up_and_an_administrator_may_send_it_again(office: World) -> None:
    hook, _ = make(office, "http://127.0.0.1:1/")
    tell(office)
    tried = []

    def refuse(*_: Any, **__: Any) -> Result:
        tried.append(1)
        return Result(0, "refused")

    for number in range(len(WAITS) + 3):
        at(office, number * 100_000)
        deliver_due(office.server, refuse)
    assert len(tried) == len(WAITS) + 1
    row = outbox(office)[0]
    assert (row.state, row.tries, row.answer) == ("given-up", len(WAITS) + 1, "refused")
    office.client("admin").post(f"/hooks/{hook}/again", {"message": row.id})
    assert outbox(office)[0].state == "waiting"


def test_who_is_killed_while_sending_sends_it_again(office: World) -> None:
    make(office, "http://127.0.0.1:1/")
    tell(office)
    at(office, 0)

    def killed(*_: Any, **__: Any) -> Result:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_due(office.server, killed)
    row = outbox(office)[0]
    assert (row.state, row.tries) == ("waiting", 1)
    at(office, WAITS[0])
    assert deliver_due(office.server, lambda *_, **__: Result(200, "200")) == 1


def test_an_address_that_is_silent_does_not_keep_the_others_waiting(office: World) -> None:
    make(office, "https://silent.example/")
    make(office, "https://good.example/")
    for _ in range(4):
        tell(office)
    at(office, 0)
    asked: list[str] = []

    def sender(url: str, *_: Any, **__: Any) -> Result:
        asked.append(url)
        return Result(200, "200") if "good" in url else Result(0, "timed out")

    assert deliver_due(office.server, sender) == 4
    assert sorted(asked) == ["https://good.example/"] * 4 + ["https://silent.example/"]


def test_what_was_taken_long_ago_is_forgotten_and_what_waits_is_not(office: World) -> None:
    make(office, "https://example.org/")
    tell(office)
    at(office, 0)
    deliver_due(office.server, lambda *_, **__: Result(200, "200"))
    tell(office)
    at(office, KEPT_DAYS * 86_400 - 1)
    assert forget_old(office.server) == 0
    at(office, KEPT_DAYS * 86_400 + 1)
    assert forget_old(office.server) == 1
    assert [row.state for row in outbox(office)] == ["waiting"]


def test_a_hook_that_is_off_is_not_told_and_one_that_is_removed_leaves_nothing(office: World) -> None:
    hook, _ = make(office, "https://example.org/")
    tell(office)
    hooks = Hooks(office.server.store.database)
    hooks.switch(hook, active=False, stamp=STAMP)
    assert tell(office) == 0
    at(office, 0)
    assert deliver_due(office.server, lambda *_, **__: Result(200, "200")) == 0
    hooks.remove(hook, STAMP)
    assert outbox(office) == []
    with office.server.store.database.reading() as connection:
        query = select(LoggedEvent.version, LoggedEvent.payload).where(LoggedEvent.record == f"hook:{hook}")
        log = [(row.version, json.loads(row.payload)["what"]) for row in connection.execute(query)]
        assert log == [(1, "create"), (2, "off"), (3, "remove")]
        assert "whsec_" not in connection.execute(select(func.group_concat(LoggedEvent.payload))).scalar_one()
    assert office.server.store.verify().faults == ()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "::1", "fe80::1",
     "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "255.255.255.255", "::"],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not is_allowed(ip_address(address), private=False)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(ip_address(address), private=False)


def test_the_administrator_may_allow_the_own_network_but_not_everybody_at_once() -> None:
    assert is_allowed(ip_address("10.1.2.3"), private=True)
    assert is_allowed(ip_address("127.0.0.1"), private=True)
    assert not is_allowed(ip_address("224.0.0.1"), private=True)
    assert not is_allowed(ip_address("0.0.0.0"), private=True)  # noqa: S104 - refused


def test_one_bad_address_of_a_name_is_enough() -> None:
    target = parse_target("https://example.org/x")
    with pytest.raises(UsageError) as caught:
        chosen(target, private=False, look_up=lambda *_: ["93.184.216.34", "10.0.0.1"])
    assert caught.value.text.zh == (
        "example.org 指向 10.0.0.1，不在公网；请管理员在此地址的设置中允许内网，或换用其他地址"
    )
    assert caught.value.text.en == (
        "example.org is 10.0.0.1, which is not on the public network: allow private addresses in the settings of this "
        "hook, or use another address"
    )


def test_the_address_that_was_judged_is_the_one_that_is_connected_to(receiver: Receiver) -> None:
    asked = []

    def first_good_then_bad(host: str, _: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    url = receiver.url.replace("127.0.0.1", "hooks.example")
    told = send(url, "whsec_AA==", "m", "{}", timestamp=1, private=True, look_up=first_good_then_bad)
    assert (told.status, asked) == (204, ["hooks.example"])
    assert receiver.got[0][0]["host"].startswith("hooks.example:")


def test_loopback_is_not_reached_without_leave(receiver: Receiver) -> None:
    told = send(receiver.url, "whsec_AA==", "m", "{}", timestamp=1, private=False)
    assert told.status == 0
    assert receiver.got == []


def test_redirects_are_not_followed(receiver: Receiver) -> None:
    receiver.answers = [(307, {"Location": receiver.url})]
    told = send(receiver.url, "whsec_AA==", "m", "{}", timestamp=1, private=True)
    assert (told.status, told.is_good, len(receiver.got)) == (307, False, 1)


def test_a_receiver_that_never_answers_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoning.web.hooks.sending.CONNECT_S", 30.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        told = send(url, "whsec_AA==", "m", "{}", timestamp=1, private=True, whole_s=0.3)
    assert told.status == 0


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "example.org", "https://", "http://a:b@example.org/", "file:///etc/passwd", "http://x:0/",
     "http://x:99999/", "https://example.org/#a", "https://exa mple.org/", "https://例.org/", "http://x\r\nHost: y/"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        parse_target(url)


def test_the_page_makes_a_hook_and_shows_its_secret_once(office: World) -> None:
    browser = office.client("admin")
    told = {"url": "https://example.org/in", "title": "<b>县</b>", "event": ["case.decided", "check.done"]}
    page = browser.post("/hooks", told)
    assert page.status_code == 200
    assert "whsec_" in page.text
    assert "&lt;b&gt;县&lt;/b&gt;" in page.text
    again = browser.get("/hooks")
    assert "whsec_" not in again.text
    assert "案件已办结" in again.text
    hook = Hooks(office.server.store.database).all()[0]
    assert (hook.events, hook.private, hook.created_by) == (("case.decided", "check.done"), False, "admin")
    assert browser.post(f"/hooks/{hook.id}/try").headers["location"] == f"/hooks/{hook.id}"
    assert "试发" in browser.get(f"/hooks/{hook.id}").text


def test_a_wrong_form_comes_back_as_it_was_filled(office: World) -> None:
    page = office.client("admin").post("/hooks", {"url": "ftp://x", "title": "甲", "event": ["case.notice"]})
    assert page.status_code == 400
    assert "请写完整的地址，如 https://example.org/hook" in page.text
    assert 'value="ftp://x"' in page.text
    assert 'value="case.notice" checked' in page.text


def test_only_administrators_see_hooks(office: World) -> None:
    assert [office.client(name).get("/hooks").status_code for name in ("viewer", "reviewer", "admin")] == [
        403,
        403,
        200,
    ]
