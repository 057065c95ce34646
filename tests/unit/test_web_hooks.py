"""Hooks and their outbox without a network: who is told what, how often, and when it is given up."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert, select

from quick_office import NOON, after, forget, register, stamp
from zoning.errors import UsageError
from zoning.registers.canonical import moment
from zoning.registers.database import Database
from zoning.registers.schema import LoggedEvent
from zoning.registers.schema_server import StoredHook
from zoning.registers.store import Store
from zoning.web.hooks.address import parse_target
from zoning.web.hooks.announce import announce
from zoning.web.hooks.delivery import KEPT_DAYS, WAITS, deliver_due, forget_old
from zoning.web.hooks.events import CHOICES, EVENTS, check_payload
from zoning.web.hooks.hooks import Hooks
from zoning.web.hooks.sending import Result
from zoning.web.refusals import Refused

URL = "https://receiver.example/hook?a=1"
TAKEN, FAILED = Result(204, "204"), Result(500, "500 broken")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with register(tmp_path_factory.mktemp("hooks")) as found:
        yield found


@pytest.fixture
def database(store: Store) -> Database:
    forget(store.database)
    return store.database


@pytest.fixture
def hooks(database: Database) -> Hooks:
    return Hooks(database)


class Receiver:
    """Stands for the other side: notes what it is sent, answers as it is told."""

    def __init__(self, database: Database) -> None:
        self.now = NOON
        self.says: dict[str, Result] = {}
        self.got: list[tuple[str, str, dict[str, Any]]] = []
        self._server: Any = SimpleNamespace(store=SimpleNamespace(database=database), now=lambda: self.now)

    def __call__(self, url: str, secret: str, message: str, body: str, **more: Any) -> Result:
        self.got.append((url, message, {"secret": secret, "body": body, **more}))
        return self.says.get(url, TAKEN)

    def round(self, at: datetime | None = None) -> int:
        self.now = at or self.now
        return deliver_due(self._server, self)

    def forget_old(self, at: datetime) -> int:
        self.now = at
        return forget_old(self._server)


@pytest.fixture
def receiver(database: Database) -> Receiver:
    return Receiver(database)


def make(hooks: Hooks, url: str = URL, *events: str, at: datetime = NOON, private: bool = False) -> str:
    told = {"title": "业务系统", "events": events or ("check.done",), "private": private}
    return hooks.create(url, stamp=stamp("admin", at), **told)[0]  # type: ignore[arg-type]  # as named


def tell(database: Database, at: datetime = NOON, event: Any = "check.done", **payload: Any) -> int:
    with database.writing() as connection:
        return announce(connection, event, payload or {"check": "c1", "state": "done"}, stamp("zhang", at))


def test_a_new_hook_is_as_it_was_told_and_its_secret_is_shown_once(hooks: Hooks) -> None:
    told = {"events": ["check.done", "case.notice", "check.done"], "private": True}
    number, secret = hooks.create(f" {URL} ", title=" 业务系统 ", stamp=stamp("admin"), **told)  # type: ignore[arg-type]  # as named
    (hook,) = hooks.all()
    assert (hook.id, hook.title, hook.url) == (number, "业务系统", URL)
    assert hook.events == ("case.notice", "check.done")
    assert (hook.private, hook.is_active, hook.created_by, hook.created) == (True, True, "admin", moment(NOON))
    assert (hook.waiting, hook.given_up) == (0, 0)
    assert secret.startswith("whsec_")
    assert secret not in str(hook)


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        ({"events": []}, "请至少选择一个事件：case.decided, ", "choose at least one event: case.decided, "),
        ({"events": ["hook.test"]}, "请至少选择一个事件", "choose at least one event"),
        ({"events": ["check.done", "all"]}, "请至少选择一个事件", "choose at least one event"),
        ({"title": " "}, "请填写名称（一行，最多 80 字）", "name the hook in one line of 80 characters at most"),
        ({"title": "字" * 81}, "请填写名称", "name the hook"),
        ({"title": "a\nb"}, "请填写名称", "name the hook"),
        ({"title": "a\x00b"}, "请填写名称", "name the hook"),
        ({"url": "ftp://receiver.example"}, "请写完整的地址", "write a whole address"),
    ],
)
def test_what_a_hook_may_not_be_is_said_and_none_is_made(hooks: Hooks, told: dict[str, Any], zh: str, en: str) -> None:
    values: dict[str, Any] = {"url": URL, "title": "字" * 80, "events": ["check.done"], "private": False, **told}
    with pytest.raises(UsageError) as caught:
        hooks.create(values.pop("url"), stamp=stamp(), **values)
    assert caught.value.text.zh.startswith(zh)
    assert caught.value.text.en.startswith(en)
    assert hooks.all() == ()


def test_there_are_fifty_hooks_at_most(hooks: Hooks, database: Database) -> None:
    row = {"url": URL, "secret": "", "events": "{}", "active": False, "created_by": "", "created": ""}
    with database.writing() as connection:
        connection.execute(insert(StoredHook), [{**row, "id": str(number)} for number in range(49)])
    make(hooks)
    with pytest.raises(UsageError) as caught:
        make(hooks)
    assert caught.value.text.plain() == {"zh": "最多 50 个推送地址", "en": "there are 50 hooks at most"}


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://a.example", ("https", "a.example", 443, "/")),
        ("http://a.example/x?y=1", ("http", "a.example", 80, "/x?y=1")),
        (" https://A.example:8443/ ", ("https", "a.example", 8443, "/")),
        ("http://[::1]:9/h", ("http", "::1", 9, "/h")),
        ("https://a.example?x", ("https", "a.example", 443, "/?x")),
    ],
)
def test_the_parts_of_an_address(url: str, parts: tuple[str, str, int, str]) -> None:
    found = parse_target(url)
    assert (found.scheme, found.host, found.port, found.path) == parts


@pytest.mark.parametrize(
    "url", ["https://u:p@a.example/", "https://u@a.example/", "https://:p@a.example/", "https://@a.example/"]
)
def test_an_address_holds_no_name_or_password(url: str) -> None:
    with pytest.raises(UsageError, match="the address must not hold a name or password"):
        parse_target(url)


@pytest.mark.parametrize(("size", "is_taken"), [(500, True), (501, False)])
def test_an_address_has_five_hundred_characters_at_most(size: int, is_taken: bool) -> None:
    url = "https://a.example/".ljust(size, "x")
    if is_taken:
        assert len(parse_target(url).path) == size - len("https://a.example")
    else:
        with pytest.raises(UsageError, match="write a whole address"):
            parse_target(url)


def test_a_message_lies_in_the_outbox_of_each_hook_that_asks_for_the_event(hooks: Hooks, database: Database) -> None:
    wants, other = make(hooks), make(hooks, URL, "case.notice", "case.decided")
    off = make(hooks)
    hooks.switch(off, active=False, stamp=stamp())
    assert tell(database, after(hours=1)) == 1
    (message,) = hooks.deliveries(wants)
    assert json.loads(message.payload) == {
        "type": "check.done",
        "timestamp": moment(after(hours=1)),
        "data": {"check": "c1", "state": "done"},
    }
    assert (message.event, message.state, message.tries, message.due) == (
        "check.done",
        "waiting",
        0,
        moment(after(hours=1)),
    )
    assert hooks.deliveries(other) == hooks.deliveries(off) == ()


def test_who_did_it_is_not_told(hooks: Hooks, database: Database) -> None:
    hook = make(hooks)
    tell(database)
    assert "zhang" not in hooks.deliveries(hook)[0].payload


@pytest.mark.parametrize(
    ("key", "value"), [("account", "zhang"), ("check", 1.5), ("check", ["a"]), ("check", "x" * 201)]
)
def test_what_an_event_does_not_say_is_refused(key: str, value: Any) -> None:
    with pytest.raises(ValueError, match=key):
        check_payload("check.done", {key: value})


@pytest.mark.parametrize("value", ["x" * 200, 7, True, None, ""])
def test_short_texts_whole_numbers_and_flags_may_be_said(value: Any) -> None:
    check_payload("check.done", {"check": value})


def test_a_trial_can_be_asked_for_by_no_hook() -> None:
    assert set(CHOICES) == set(EVENTS) - {"hook.test"}


def test_what_is_due_is_sent_once_with_secret_and_leave(hooks: Hooks, database: Database, receiver: Receiver) -> None:
    hook = make(hooks, private=True)
    tell(database)
    assert receiver.round() == 1
    assert receiver.round() == 0
    ((url, message, told),) = receiver.got
    (kept,) = hooks.deliveries(hook)
    assert (url, message, told["body"]) == (URL, kept.id, kept.payload)
    assert (told["private"], told["timestamp"]) == (True, int(NOON.timestamp()))
    assert told["secret"].startswith("whsec_")
    assert (kept.state, kept.tries, kept.answer, kept.due) == ("done", 1, "204", moment(NOON))


def test_what_is_not_due_waits(hooks: Hooks, database: Database, receiver: Receiver) -> None:
    make(hooks)
    tell(database, after(seconds=1))
    assert receiver.round(NOON) == 0
    assert receiver.got == []
    assert receiver.round(after(seconds=1)) == 1


def test_each_failure_is_followed_by_its_wait_and_the_last_by_none(
    hooks: Hooks, database: Database, receiver: Receiver
) -> None:
    hook = make(hooks)
    tell(database)
    receiver.says[URL] = FAILED
    at = NOON
    for tries, wait in enumerate(WAITS, 1):
        assert receiver.round(at) == 0
        (kept,) = hooks.deliveries(hook)
        at += timedelta(seconds=wait)
        assert (kept.state, kept.tries, kept.due, kept.answer) == ("waiting", tries, moment(at), "500 broken")
        assert receiver.round(at - timedelta(microseconds=1)) == 0
        assert len(receiver.got) == tries
    receiver.round(at)
    (kept,) = hooks.deliveries(hook)
    assert (kept.state, kept.tries, kept.due) == ("given-up", 10, moment(at))
    assert len({message for _, message, _ in receiver.got}) == 1
    assert hooks.all()[0].given_up == 1


def test_what_was_given_up_can_be_sent_again_from_the_start(
    hooks: Hooks, database: Database, receiver: Receiver
) -> None:
    hook = make(hooks)
    tell(database)
    receiver.says[URL] = FAILED
    receiver.round(NOON)
    (kept,) = hooks.deliveries(hook)
    hooks.again(kept.id, stamp("admin", after(seconds=1)))
    assert hooks.deliveries(hook)[0].tries == 0
    receiver.says.clear()
    assert receiver.round(after(seconds=1)) == 1
    with pytest.raises(Refused, match="404"):
        hooks.again(kept.id, stamp())


def test_a_silent_address_is_asked_once_in_a_round_and_keeps_nobody_waiting(
    hooks: Hooks, database: Database, receiver: Receiver
) -> None:
    silent = "https://silent.example/"
    make(hooks, silent)
    make(hooks)
    for second in range(3):
        tell(database, after(seconds=second))
    receiver.says[silent] = Result(0, "TimeoutError")
    assert receiver.round(after(seconds=3)) == 3
    assert [url for url, _, _ in receiver.got].count(silent) == 1


def test_twenty_are_sent_in_a_round_the_oldest_first(hooks: Hooks, database: Database, receiver: Receiver) -> None:
    make(hooks)
    for number in reversed(range(21)):
        tell(database, after(seconds=number), check=f"c{number}")
    assert receiver.round(after(minutes=1)) == 20
    sent = [json.loads(told["body"])["data"]["check"] for _, _, told in receiver.got]
    assert sent == [f"c{number}" for number in range(20)]


def test_what_waits_for_a_hook_that_is_off_waits_on(hooks: Hooks, database: Database, receiver: Receiver) -> None:
    hook = make(hooks)
    tell(database)
    hooks.switch(hook, active=False, stamp=stamp())
    assert receiver.round() == 0
    assert receiver.got == []
    assert (hooks.all()[0].is_active, hooks.all()[0].waiting) == (False, 1)
    hooks.switch(hook, active=True, stamp=stamp())
    assert receiver.round() == 1


def test_what_was_taken_is_forgotten_after_ninety_days_and_what_waits_never(
    hooks: Hooks, database: Database, receiver: Receiver
) -> None:
    hook = make(hooks)
    tell(database)
    receiver.round()
    tell(database, check="waits")
    assert receiver.forget_old(after(days=KEPT_DAYS)) == 0
    assert receiver.forget_old(after(days=KEPT_DAYS, microseconds=1)) == 1
    assert [json.loads(one.payload)["data"]["check"] for one in hooks.deliveries(hook)] == ["waits"]


def test_removing_a_hook_takes_its_messages_and_no_others(hooks: Hooks, database: Database) -> None:
    gone, stays = make(hooks), make(hooks, at=after(hours=1))
    tell(database)
    hooks.remove(gone, stamp("admin"))
    assert [hook.id for hook in hooks.all()] == [stays]
    assert hooks.deliveries(gone) == ()
    assert len(hooks.deliveries(stays)) == 1


def test_a_trial_is_put_into_the_outbox_of_its_hook_alone(hooks: Hooks) -> None:
    hook, other = make(hooks), make(hooks)
    message = hooks.try_out(hook, stamp("admin"))
    (kept,) = hooks.deliveries(hook)
    assert (kept.id, kept.event, json.loads(kept.payload)["data"]) == (message, "hook.test", {"hook": hook})
    assert hooks.deliveries(other) == ()


def test_what_is_not_there_is_not_found(hooks: Hooks) -> None:
    for act in (
        lambda: hooks.switch("x", active=True, stamp=stamp()),
        lambda: hooks.remove("x", stamp()),
        lambda: hooks.try_out("x", stamp()),
        lambda: hooks.again("x", stamp()),
    ):
        with pytest.raises(Refused, match="404"):
            act()


def test_everything_done_to_a_hook_is_in_the_log_in_order_without_its_secret(hooks: Hooks, database: Database) -> None:
    hook = make(hooks)
    hooks.switch(hook, active=False, stamp=stamp("admin"))
    hooks.switch(hook, active=True, stamp=stamp("admin"))
    hooks.remove(hook, stamp("boss"))
    query = select(LoggedEvent.actor, LoggedEvent.version, LoggedEvent.payload).order_by(LoggedEvent.seq)
    with database.reading() as connection:
        rows = connection.execute(query.where(LoggedEvent.record == f"hook:{hook}")).all()
    assert [(row.actor, row.version, json.loads(row.payload)["what"]) for row in rows] == [
        ("admin", 1, "create"),
        ("admin", 2, "off"),
        ("admin", 3, "on"),
        ("boss", 4, "remove"),
    ]
    assert not any("whsec_" in row.payload for row in rows)
