"""A message of a hook on its way: signed, to the judged address only, and whatever goes wrong is told, never raised."""

import base64
import hashlib
import hmac
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from zoning.version import __version__
from zoning.web.hooks.events import CHOICES, EVENTS, check_payload
from zoning.web.hooks.sending import Result, send
from zoning.web.hooks.signature import new_secret, signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of the specification of Standard Webhooks
AT = int(datetime(2022, 11, 21, 12, tzinfo=UTC).timestamp())


class Receiver:
    """One socket that takes one message and answers with the bytes that it was given."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.request = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def serve(self) -> None:
        connection, _ = self.listener.accept()
        with connection:
            connection.settimeout(10)
            while b"\r\n\r\n" not in self.request:
                self.request += connection.recv(65536)
            head, _, body = self.request.partition(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            while len(body) < length:
                body += connection.recv(65536)
            self.request = head + b"\r\n\r\n" + body
            connection.sendall(self.answer)


@contextmanager
def receiving(answer: bytes) -> Iterator[Receiver]:
    found = Receiver(answer)
    thread = threading.Thread(target=found.serve, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.listener.close()
        thread.join(10)


def answer(status: str, body: str = "", *headers: str) -> bytes:
    data = body.encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(data)}", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + data


def sent(url: str, **more: Any) -> Result:
    told: dict[str, Any] = {"timestamp": AT, "private": True, "look_up": lambda _, __: ["127.0.0.1"], **more}
    return send(url, SECRET, "msg_1", '{"a": "阳城"}', **told)


def sent_to(told: bytes, path: str = "/hook?x=1") -> tuple[Result, bytes]:
    with receiving(told) as receiver:
        result = sent(f"http://hook.example:{receiver.port}{path}")
    return result, receiver.request


def test_the_signature_is_that_of_standard_webhooks() -> None:
    # The example of the specification's own tools: secret, id, moment and body to this signature.
    body = b'{"test": 2432232314}'
    signed = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("message", "timestamp", "body"), [("msg_2", AT, b"x"), ("msg_1", AT + 1, b"x"), ("msg_1", AT, b"y")]
)
def test_a_signature_changes_with_everything_that_is_signed(message: str, timestamp: int, body: bytes) -> None:
    assert signature(SECRET, message, timestamp, body) != signature(SECRET, "msg_1", AT, b"x")
    assert signature(new_secret(), "msg_1", AT, b"x") != signature(SECRET, "msg_1", AT, b"x")


def test_a_secret_is_thirty_two_random_bytes() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    assert one.startswith("whsec_")
    assert len(base64.b64decode(one.removeprefix("whsec_"), validate=True)) == 32


def test_a_message_arrives_signed_whole_and_under_its_name() -> None:
    result, request = sent_to(answer("200 OK", "taken"))
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
    assert result == Result(200, "200 taken")
    assert lines[0] == "POST /hook?x=1 HTTP/1.1"
    assert headers["host"].startswith("hook.example:")
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["user-agent"] == f"zoning/{__version__}"
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_1", str(AT))
    assert body == '{"a": "阳城"}'.encode()
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    mac = hmac.new(key, f"msg_1.{AT}.".encode() + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()


@pytest.mark.parametrize(
    ("status", "is_good"),
    [
        (199, False),
        (200, True),
        (202, True),
        (204, True),
        (299, True),
        (300, False),
        (410, False),
        (500, False),
        (0, False),
    ],
)
def test_only_two_hundreds_say_that_it_was_taken(status: int, is_good: bool) -> None:
    assert Result(status, "").is_good is is_good


def test_a_redirect_is_not_followed() -> None:
    result, _ = sent_to(answer("302 Found", "", "Location: http://127.0.0.1:9/"))
    assert result == Result(302, "302")
    assert not result.is_good


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "500"),
        ("a\r\n\tb  c", "500 a b c"),
        ("\x1b[31mred\x00", "500 [31mred"),
        ("数据库", "500 数据库"),
        ("x" * 301, "500 " + "x" * 300),
    ],
)
def test_of_an_answer_one_short_line_is_kept(body: str, told: str) -> None:
    assert sent_to(answer("500 Internal Server Error", body))[0] == Result(500, told)


def test_an_answer_in_no_encoding_is_told_all_the_same() -> None:
    told = b"HTTP/1.1 400 Bad\r\nContent-Length: 3\r\nConnection: close\r\n\r\na\xffb"
    assert sent_to(told)[0] == Result(400, "400 a\ufffdb")


@pytest.mark.parametrize(
    "told", [b"", b"not http\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"], ids=["nothing", "no http", "no status"]
)
def test_what_is_no_answer_is_told_with_status_zero(told: bytes) -> None:
    result, _ = sent_to(told)
    assert result.status == 0
    assert not result.is_good
    assert ":" in result.answer


def test_an_address_that_takes_nothing_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    result = sent(f"http://hook.example:{port}/")
    assert result.status == 0
    assert result.answer.startswith("ConnectionRefusedError: ")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("ftp://hook.example/", "请写完整的地址，如 https://example.org/hook"),
        ("http://a:b@hook.example/", "地址中不能写用户名和密码"),
    ],
)
def test_an_address_that_may_not_be_used_is_told_and_nothing_is_sent(url: str, told: str) -> None:
    assert sent(url) == Result(0, told)


def test_the_own_network_is_reached_only_where_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "create_connection", never)
    result = sent("http://hook.example/", private=False)
    assert result.status == 0
    assert "hook.example 指向 127.0.0.1，不在公网" in result.answer


def test_the_judged_address_is_connected_to_and_the_name_never_looked_up_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, int]] = []

    def refuse(address: tuple[str, int], timeout: float) -> socket.socket:
        del timeout
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    for scheme, port in (("http", 80), ("https", 443)):
        sent(f"{scheme}://hook.example/", look_up=lambda _, __: ["93.184.216.34"])
        assert asked.pop() == ("93.184.216.34", port)


def test_an_endless_answer_is_cut_after_the_stated_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        # It is connected to by the system, and nobody ever answers.
        result = sent(f"http://hook.example:{silent.getsockname()[1]}/", whole_s=0.05)
    assert result.status == 0
    assert result.answer.partition(":")[0] == "RemoteDisconnected"


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_every_event_says_its_own_keys_and_no_person(event: Any) -> None:
    check_payload(event, dict.fromkeys(EVENTS[event].keys, "x"))
    check_payload(event, {})
    for key in ("actor", "name", "phone", "title", "account"):
        with pytest.raises(ValueError, match=key):
            check_payload(event, {key: "x"})


@pytest.mark.parametrize("value", [None, "", "x" * 200, "字" * 200, 0, -7, 10**30, True, False])
def test_a_short_value_may_be_said(value: Any) -> None:
    check_payload("hook.test", {"hook": value})


@pytest.mark.parametrize("value", ["x" * 201, 1.5, ["x"], {"a": 1}, b"x", ("x",)])
def test_any_other_value_may_not(value: Any) -> None:
    with pytest.raises(ValueError, match="hook"):
        check_payload("hook.test", {"hook": value})


def test_a_hook_chooses_among_all_events_but_the_trial() -> None:
    assert set(CHOICES) == set(EVENTS) - {"hook.test"}
