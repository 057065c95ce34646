"""Browsers that are signed in: how long, which of them, and what ends them."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select, update

from quick_office import NOON, add_account, after, forget, register
from zoning.registers.canonical import moment, sha256
from zoning.registers.database import Database
from zoning.registers.failures import RegisterFailedError
from zoning.registers.schema_server import StoredAccount, StoredSession
from zoning.registers.store import Store
from zoning.web.access import NOBODY
from zoning.web.accounts.sessions import Sessions


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with register(tmp_path_factory.mktemp("sessions")) as found:
        yield found


@pytest.fixture
def database(store: Store) -> Database:
    forget(store.database)
    add_account(store.database, "zhang", "reviewer", "viewer", title="张三", language="en")
    add_account(store.database, "li", "viewer", title="李四")
    return store.database


@pytest.fixture
def sessions(database: Database) -> Sessions:
    return Sessions(database, hours=8, longest_hours=72)


def kept(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        rows = connection.execute(select(StoredSession.account, StoredSession.expires).order_by(StoredSession.expires))
        return [(row.account, row.expires) for row in rows]


def set_account(database: Database, name: str, **values: object) -> None:
    with database.writing() as connection:
        connection.execute(update(StoredAccount).where(StoredAccount.name == name).values(values))


def test_a_cookie_tells_whose_browser_it_is(sessions: Sessions) -> None:
    who = sessions.who(sessions.begin("zhang", NOON), NOON)
    assert (who.name, who.title, who.language) == ("zhang", "张三", "en")
    assert who.roles == {"reviewer", "viewer"}
    assert who.scopes is None
    assert len(who.csrf) == 43


def test_who_chose_no_language_has_none(sessions: Sessions) -> None:
    assert sessions.who(sessions.begin("li", NOON), NOON).language is None


def test_cookies_and_marks_are_random_and_differ(sessions: Sessions) -> None:
    cookies = [sessions.begin("zhang", NOON) for _ in range(3)]
    marks = [sessions.who(cookie, NOON).csrf for cookie in cookies]
    assert len({*cookies, *marks}) == 6
    # 32 bytes of chance are 43 letters.
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", told) for told in (*cookies, *marks))


def test_the_database_knows_only_the_digest_of_a_cookie(sessions: Sessions, database: Database) -> None:
    cookie = sessions.begin("zhang", NOON)
    with database.reading() as connection:
        row = connection.execute(select(*StoredSession.__table__.columns)).one()
    assert row.id == sha256(cookie.encode())
    assert cookie not in map(str, row)


@pytest.mark.parametrize("cookie", ["", "x", "张", "../..", "a" * 5000])
def test_an_unknown_cookie_is_nobody(sessions: Sessions, cookie: str) -> None:
    sessions.begin("zhang", NOON)
    assert sessions.who(cookie, NOON) == NOBODY


def test_the_digest_of_a_cookie_is_no_cookie(sessions: Sessions) -> None:
    assert sessions.who(sha256(sessions.begin("zhang", NOON).encode()), NOON) == NOBODY


@pytest.mark.parametrize(
    ("moment_later", "is_known"),
    [
        (after(hours=8, microseconds=-1), True),
        (after(hours=8), False),
        (after(hours=8, microseconds=1), False),
        (after(days=400), False),
    ],
)
def test_without_a_request_a_session_ends_exactly_after_its_hours(
    sessions: Sessions, moment_later: datetime, is_known: bool
) -> None:
    cookie = sessions.begin("zhang", NOON)
    assert sessions.who(cookie, moment_later).is_signed_in is is_known


def test_each_request_lets_a_session_last_its_hours_again(sessions: Sessions) -> None:
    cookie = sessions.begin("zhang", NOON)
    assert sessions.who(cookie, after(hours=7)).is_signed_in
    assert sessions.who(cookie, after(hours=14)).is_signed_in
    assert not sessions.who(cookie, after(hours=22)).is_signed_in


def test_no_session_lasts_longer_than_the_longest_however_busy(sessions: Sessions) -> None:
    cookie = sessions.begin("zhang", NOON)
    for hour in range(4, 72, 4):
        assert sessions.who(cookie, after(hours=hour)).is_signed_in, hour
    assert sessions.who(cookie, after(hours=72, microseconds=-1)).is_signed_in
    assert not sessions.who(cookie, after(hours=72)).is_signed_in


def test_the_longest_time_may_be_shorter_than_the_idle_one(database: Database) -> None:
    sessions = Sessions(database, hours=8, longest_hours=2)
    cookie = sessions.begin("zhang", NOON)
    assert kept(database) == [("zhang", moment(after(hours=2)))]
    assert not sessions.who(cookie, after(hours=2)).is_signed_in


@pytest.mark.parametrize(
    ("hours", "quiet_s", "is_noted"),
    [
        # Five minutes, but a tenth of a short idle time.
        (8, 300, False),
        (8, 300.001, True),
        (0.5, 180, False),
        (0.5, 180.001, True),
    ],
)
def test_a_request_is_noted_only_after_some_minutes(
    database: Database, hours: float, quiet_s: float, is_noted: bool
) -> None:
    sessions = Sessions(database, hours=hours)
    cookie = sessions.begin("zhang", NOON)
    later = after(seconds=quiet_s)
    assert sessions.who(cookie, later).is_signed_in
    seen = sessions.of("zhang", later)[0].seen
    assert seen == moment(later if is_noted else NOON)


def test_noting_changes_no_other_session(sessions: Sessions) -> None:
    first, _ = sessions.begin("zhang", NOON), sessions.begin("zhang", NOON)
    sessions.who(first, after(hours=1))
    assert [one.seen for one in sessions.of("zhang", after(hours=1))] == [moment(after(hours=1)), moment(NOON)]


def test_a_page_is_shown_where_the_moment_cannot_be_noted(
    sessions: Sessions, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = sessions.begin("zhang", NOON)

    def full() -> None:
        raise RegisterFailedError("磁盘已满", "the disk is full")

    monkeypatch.setattr(database, "writing", full)
    assert sessions.who(cookie, after(hours=1)).name == "zhang"


def test_an_account_that_is_switched_off_is_nobody(sessions: Sessions, database: Database) -> None:
    cookie = sessions.begin("zhang", NOON)
    set_account(database, "zhang", active=False)
    assert sessions.who(cookie, NOON) == NOBODY


def test_another_epoch_of_the_account_ends_its_sessions_and_no_others(sessions: Sessions, database: Database) -> None:
    zhang, li = sessions.begin("zhang", NOON), sessions.begin("li", NOON)
    set_account(database, "zhang", epoch=2)
    assert sessions.who(zhang, NOON) == NOBODY
    assert sessions.who(li, NOON).name == "li"
    assert sessions.who(sessions.begin("zhang", NOON), NOON).name == "zhang"


def test_roles_are_those_that_the_account_has_now(sessions: Sessions, database: Database) -> None:
    cookie = sessions.begin("zhang", NOON)
    set_account(database, "zhang", roles='["planner"]')
    assert sessions.who(cookie, NOON).roles == {"planner"}


@pytest.mark.parametrize("name", ["nobody", "off"])
def test_nobody_begins_a_session_without_an_active_account(sessions: Sessions, database: Database, name: str) -> None:
    add_account(database, "off", active=False)
    with pytest.raises(Exception, match="No row"):
        sessions.begin(name, NOON)
    assert kept(database) == []


def test_beginning_again_ends_the_session_that_the_browser_had_alone(sessions: Sessions) -> None:
    old, other = sessions.begin("zhang", NOON), sessions.begin("zhang", NOON)
    new = sessions.begin("zhang", NOON, instead_of=old)
    assert [sessions.who(cookie, NOON).name for cookie in (old, other, new)] == ["", "zhang", "zhang"]


def test_a_browser_may_begin_a_session_of_somebody_else_and_then_has_that_alone(sessions: Sessions) -> None:
    old = sessions.begin("zhang", NOON)
    new = sessions.begin("li", NOON, instead_of=old)
    assert sessions.who(old, NOON) == NOBODY
    assert sessions.who(new, NOON).name == "li"


def test_sessions_that_have_ended_are_cleared_when_another_begins(sessions: Sessions, database: Database) -> None:
    sessions.begin("li", NOON)
    sessions.begin("zhang", after(hours=8))
    assert [account for account, _ in kept(database)] == ["li", "zhang"]
    sessions.begin("zhang", after(hours=8, microseconds=1))
    assert [account for account, _ in kept(database)] == ["zhang", "zhang"]


def test_the_owner_sees_sessions_that_last_the_latest_first_and_which_is_this_one(sessions: Sessions) -> None:
    sessions.begin("zhang", NOON)
    second = sessions.begin("zhang", after(hours=1))
    sessions.begin("zhang", after(hours=2))
    sessions.begin("li", after(hours=2))
    found = sessions.of("zhang", after(hours=3), second)
    assert [one.seen for one in found] == [moment(after(hours=hour)) for hour in (2, 1, 0)]
    assert [one.is_this for one in found] == [False, True, False]
    assert found[1].id == sha256(second.encode())
    assert (found[1].created, found[1].expires) == (moment(after(hours=1)), moment(after(hours=9)))


def test_a_session_that_has_ended_is_not_shown(sessions: Sessions) -> None:
    sessions.begin("zhang", NOON)
    assert len(sessions.of("zhang", after(hours=8, microseconds=-1))) == 1
    assert sessions.of("zhang", after(hours=8)) == ()


def test_signing_out_ends_this_session_alone(sessions: Sessions) -> None:
    one, other = sessions.begin("zhang", NOON), sessions.begin("zhang", NOON)
    sessions.end(one)
    assert [sessions.who(cookie, NOON).name for cookie in (one, other)] == ["", "zhang"]


def test_one_session_is_ended_by_its_number(sessions: Sessions) -> None:
    one, other = sessions.begin("zhang", NOON), sessions.begin("zhang", NOON)
    assert sessions.end_of("zhang", sha256(one.encode())) == 1
    assert [sessions.who(cookie, NOON).name for cookie in (one, other)] == ["", "zhang"]
    assert sessions.end_of("zhang", sha256(one.encode())) == 0


def test_nobody_ends_the_session_of_another(sessions: Sessions) -> None:
    cookie = sessions.begin("li", NOON)
    assert sessions.end_of("zhang", sha256(cookie.encode())) == 0
    assert sessions.who(cookie, NOON).name == "li"


def test_all_sessions_but_this_one_are_ended(sessions: Sessions) -> None:
    cookies = [sessions.begin("zhang", NOON) for _ in range(3)]
    stranger = sessions.begin("li", NOON)
    assert sessions.end_of("zhang", but=cookies[1]) == 2
    names = [sessions.who(cookie, NOON).name for cookie in (*cookies, stranger)]
    assert names == ["", "zhang", "", "li"]
    assert sessions.end_of("zhang") == 1
