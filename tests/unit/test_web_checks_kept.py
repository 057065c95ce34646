"""Checks that were kept: who sees them, in which order, and that none of them stays without an end."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from quick_office import NOON, after, forget, register
from zoning.errors import NoRoomError
from zoning.registers.canonical import moment
from zoning.registers.entries import Stamp
from zoning.registers.schema import LoggedEvent
from zoning.registers.schema_server import StoredCheck, StoredDelivery, StoredHook
from zoning.registers.store import Store
from zoning.web.access import Role, Who
from zoning.web.checks import (
    Check,
    demand_ended,
    end_interrupted_checks,
    get_check,
    list_checks,
    may_see,
    share,
)
from zoning.web.checks_ending import End, begin, ending_of
from zoning.web.refusals import Refused
from zoning.web.server import Server
from zoning.web.settings import ServerSettings

DAY = date(2026, 3, 2)


def who(name: str = "anna", *roles: Role) -> Who:
    return Who(name, roles=frozenset(roles or ("viewer",)))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with register(tmp_path_factory.mktemp("kept")) as found:
        yield found


@pytest.fixture
def server(store: Store, tmp_path: Path) -> Iterator[Server]:
    forget(store.database)
    settings = ServerSettings(tmp_path / "workspace", "", tmp_path / "files", tmp_path / "state")
    nothing: Any = None
    server = Server(settings, store, nothing, nothing, nothing, nothing, lambda: NOON)
    yield server
    ending_of(server).close()


def keep(server: Server, check: str, **values: Any) -> None:
    """Write the row of a check as it stands."""
    row = {
        "id": check, "account": "anna", "at": moment(NOON), "title": "a", "day": DAY, "state": "done", "request": "{}",
        "facts": "{}", "answer": "", "decision": "", "error": "", "previous": "", "shared": False, **values,
    }  # fmt: skip
    with server.store.database.writing() as connection:
        connection.execute(insert(StoredCheck).values(row))


def state_of(server: Server, check: str) -> str:
    found = get_check(server, check)
    assert found is not None
    return found.state


def told_hooks(server: Server) -> list[dict[str, Any]]:
    """Return what the outbox holds."""
    with server.store.database.reading() as connection:
        return [json.loads(one) for one in connection.execute(select(StoredDelivery.payload)).scalars()]


def add_hook(server: Server) -> None:
    with server.store.database.writing() as connection:
        values = {"id": "h1", "url": "https://a.example", "secret": "s", "active": True, "created_by": "setup"}
        told = json.dumps({"title": "t", "events": ["check.done"], "private": False})
        connection.execute(insert(StoredHook).values(**values, created=moment(NOON), events=told))


CHECK = Check("c1", "anna", "", "a", DAY, "done", {}, {}, None, "", None, "", is_shared=False, digest="")


@pytest.mark.parametrize(
    ("name", "role", "shared", "sees"),
    [
        ("anna", "viewer", False, True),
        ("bo", "viewer", False, False),
        ("bo", "planner", False, False),
        ("bo", "restoration", False, False),
        ("bo", "viewer", True, True),
        ("bo", "reviewer", False, True),
        ("bo", "admin", False, True),
    ],
)
def test_a_check_is_seen_by_its_owner_and_those_who_review(name: str, role: Role, shared: bool, sees: bool) -> None:
    assert may_see(who(name, role), replace(CHECK, is_shared=shared)) is sees


def test_a_check_that_runs_says_nothing_yet() -> None:
    with pytest.raises(Refused) as refused:
        demand_ended(replace(CHECK, state="waiting"))
    assert refused.value.status == 409
    assert refused.value.text.zh == "这次检查还没有完成，请稍后再看"
    for state in ("done", "refused", "failed"):
        demand_ended(replace(CHECK, state=state))


def test_sharing_is_undone_touches_one_check_and_stands_in_the_log(server: Server) -> None:
    keep(server, "c1")
    keep(server, "c2")
    for shared in (True, False):
        found = get_check(server, "c1")
        assert found is not None
        share(server, who("anna"), found, shared=shared)
        kept = {one: get_check(server, one) for one in ("c1", "c2")}
        assert [one.is_shared for one in kept.values() if one is not None] == [shared, False]
    query = select(LoggedEvent.actor, LoggedEvent.payload).where(LoggedEvent.record == "check:c1")
    with server.store.database.reading() as connection:
        rows = connection.execute(query.order_by(LoggedEvent.seq)).all()
    assert [row.actor for row in rows] == ["anna", "anna"]
    assert [json.loads(row.payload) for row in rows] == [
        {"what": "share", "shared": True},
        {"what": "share", "shared": False},
    ]


@pytest.fixture
def listed(server: Server) -> Server:
    for check, account, minute, shared in (
        ("a1", "anna", 1, False), ("a2", "anna", 3, True), ("b1", "bo", 2, False), ("b2", "bo", 4, True),
        ("b0", "bo", 4, False),
    ):  # fmt: skip
        keep(server, check, account=account, at=moment(after(minutes=minute)), shared=shared)
    return server


@pytest.mark.parametrize(
    ("name", "role", "everybody", "found"),
    [
        ("anna", "viewer", False, ["a2", "a1"]),
        ("anna", "admin", False, ["a2", "a1"]),
        ("anna", "viewer", True, ["b2", "a2", "a1"]),
        ("anna", "planner", True, ["b2", "a2", "a1"]),
        ("anna", "reviewer", True, ["b0", "b2", "a2", "b1", "a1"]),
        ("anna", "admin", True, ["b0", "b2", "a2", "b1", "a1"]),
        ("cao", "viewer", False, []),
        ("cao", "viewer", True, ["b2", "a2"]),
    ],
)
def test_the_list_is_of_those_that_somebody_may_see_the_newest_first(
    listed: Server, name: str, role: Role, everybody: bool, found: list[str]
) -> None:
    checks, total = list_checks(listed, who(name, role), everybody=everybody, limit=10, offset=0)
    assert [one.id for one in checks] == found
    assert total == len(found)


@pytest.mark.parametrize(
    ("limit", "offset", "found"), [(2, 0, ["b0", "b2"]), (2, 2, ["a2", "b1"]), (2, 4, ["a1"]), (2, 5, [])]
)
def test_pages_of_the_list_count_all(listed: Server, limit: int, offset: int, found: list[str]) -> None:
    checks, total = list_checks(listed, who("cao", "admin"), everybody=True, limit=limit, offset=offset)
    assert ([one.id for one in checks], total) == (found, 5)


def test_a_line_of_the_list_says_what_the_check_says(server: Server) -> None:
    keep(server, "c1", title="地块", decision="restricted", previous="c0", shared=True)
    ((line,), _) = list_checks(server, who(), everybody=False, limit=1, offset=0)
    assert (line.id, line.account, line.at, line.title) == ("c1", "anna", moment(NOON), "地块")
    assert (line.state, line.decision, line.previous, line.is_shared) == ("done", "restricted", "c0", True)


def test_what_a_server_before_left_is_failed_and_nothing_else(server: Server) -> None:
    for state in ("waiting", "done", "refused", "failed"):
        keep(server, state, state=state)
    keep(server, "waiting-2", state="waiting")
    assert end_interrupted_checks(server) == 2
    states = [state_of(server, one) for one in ("waiting", "waiting-2", "done", "refused", "failed")]
    assert states == ["failed", "failed", "done", "refused", "failed"]
    found, other = get_check(server, "waiting"), get_check(server, "done")
    assert found is not None
    assert other is not None
    assert found.error is not None
    assert found.error["zh"] == "检查过程中系统停止了，没有得出结果；请再检查一次"
    assert other.error is None
    assert end_interrupted_checks(server) == 0


def test_there_is_no_check_of_a_number_that_nobody_gave(server: Server) -> None:
    keep(server, "c1")
    assert get_check(server, "c") is None
    assert get_check(server, "") is None


def end_of(check: str, state: str = "done") -> End:
    told = {"check": check, "state": state, "decision": "permitted", "day": "2026-03-02"}
    return End(check, {"state": state, "decision": "permitted"}, told, Stamp("anna", NOON))


@pytest.mark.parametrize(
    ("before", "now", "messages"),
    [("waiting", "done", 1), ("failed", "done", 1), ("done", "done", 0), ("refused", "refused", 0)],
)
def test_an_end_is_written_and_announced_once(server: Server, before: str, now: str, messages: int) -> None:
    add_hook(server)
    keep(server, "c1", state=before)
    keep(server, "c2", state="waiting")
    assert ending_of(server).end(end_of("c1")) is True
    assert (state_of(server, "c1"), state_of(server, "c2")) == (now, "waiting")
    assert [one["data"]["check"] for one in told_hooks(server)] == ["c1"] * messages


def test_an_end_that_cannot_be_written_now_is_written_when_the_server_ends(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(server, "c1", state="waiting")
    keep(server, "c2", state="waiting")
    ending, write, faults = ending_of(server), ending_of(server)._write, [NoRoomError("满", "full")]

    def broken(end: End) -> None:
        if faults:
            raise faults.pop()
        write(end)

    monkeypatch.setattr(ending, "_write", broken)
    assert ending.end(end_of("c1")) is False
    ending.later(end_of("c2", "refused"))
    assert state_of(server, "c1") == "waiting"
    ending.close()
    assert (state_of(server, "c1"), state_of(server, "c2")) == ("done", "refused")


def test_an_end_that_can_never_be_written_does_not_hold_up_the_others(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(server, "c2", state="waiting")
    ending, write = ending_of(server), ending_of(server)._write

    def broken(end: End) -> None:
        if end.check == "c1":
            raise RuntimeError("a fault")
        write(end)

    monkeypatch.setattr(ending, "_write", broken)
    ending.later(end_of("c1"))
    ending.later(end_of("c2"))
    ending.close()
    assert state_of(server, "c2") == "done"


def test_every_server_has_one_that_writes_its_ends(server: Server) -> None:
    assert ending_of(server) is ending_of(server)
    assert begin(server) == ending_of(server).close
