"""Tokens of programs: what they may be, whose they are, what ends them, what the log says of them."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

import pytest
from sqlalchemy import select, update

from quick_office import NOON, add_account, after, forget, register, stamp
from zoning.errors import UsageError
from zoning.registers.canonical import moment, sha256
from zoning.registers.database import Database
from zoning.registers.failures import RegisterFailedError
from zoning.registers.schema import LoggedEvent
from zoning.registers.schema_server import StoredAccount, StoredToken
from zoning.registers.store import Store
from zoning.web.access import NOBODY
from zoning.web.accounts.tokens import Tokens, revoke_all


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with register(tmp_path_factory.mktemp("tokens")) as found:
        yield found


@pytest.fixture
def database(store: Store) -> Database:
    forget(store.database)
    add_account(store.database, "zhang", "reviewer", title="张三", language="en")
    add_account(store.database, "li", "viewer")
    return store.database


@pytest.fixture
def tokens(database: Database) -> Tokens:
    return Tokens(database)


def make(
    tokens: Tokens,
    account: str = "zhang",
    *,
    title: str = "台账同步",
    scopes: Sequence[str] = ("check",),
    days: int = 30,
    at: datetime = NOON,
) -> str:
    return tokens.create(account, title=title, scopes=scopes, days=days, stamp=stamp(account, at))


def number_of(token: str) -> str:
    return token.split("_")[1]


def logged(database: Database, token: str) -> list[tuple[str, int, dict[str, object]]]:
    query = select(LoggedEvent.actor, LoggedEvent.version, LoggedEvent.payload).order_by(LoggedEvent.seq)
    with database.reading() as connection:
        rows = connection.execute(query.where(LoggedEvent.record == f"token:{number_of(token)}")).all()
    return [(row.actor, row.version, json.loads(row.payload)) for row in rows]


def test_a_token_tells_whose_program_it_is_and_what_it_may_do(tokens: Tokens) -> None:
    who = tokens.who(make(tokens, scopes=["cases:read", "check"]), NOON)
    assert (who.name, who.title, who.language) == ("zhang", "张三", "en")
    assert who.roles == {"reviewer"}
    assert who.scopes == frozenset({"cases:read", "check"})
    assert who.csrf == ""


def test_the_program_of_somebody_without_language_has_none(tokens: Tokens) -> None:
    assert tokens.who(make(tokens, "li"), NOON).language is None


def test_a_token_can_be_told_from_other_secrets_and_is_never_the_same(tokens: Tokens) -> None:
    made = [make(tokens) for _ in range(20)]
    assert all(re.fullmatch(r"zt_[0-9a-f]{16}_[A-Za-z0-9-]{43}", token) for token in made)
    assert len({token.split("_")[2] for token in made}) == len({number_of(token) for token in made}) == 20


def test_the_database_keeps_only_the_digest_of_the_secret(tokens: Tokens, database: Database) -> None:
    secret = make(tokens).split("_")[2]
    with database.reading() as connection:
        row = connection.execute(select(*StoredToken.__table__.columns)).one()
    assert row.hash == sha256(secret.encode())
    assert secret not in map(str, row)


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1],
        lambda token: token + "a",
        lambda token: token + "\n",
        lambda token: " " + token,
        lambda token: token.replace("zt_", "ZT_"),
        lambda token: token[:20] + "x" * 43,
        lambda token: "zt_" + "0" * 16 + token[19:],
        lambda token: token[:-1] + "张",
        lambda token: sha256(token.split("_")[2].encode()),
    ],
)
def test_what_is_not_exactly_the_token_is_nobody(tokens: Tokens, change: object) -> None:
    token = make(tokens)
    assert callable(change)
    assert tokens.who(change(token), NOON) == NOBODY


def test_no_token_is_nobody(tokens: Tokens) -> None:
    make(tokens)
    assert tokens.who("", NOON) == NOBODY


def test_the_secret_of_one_token_is_not_good_under_the_number_of_another(tokens: Tokens) -> None:
    one, other = make(tokens), make(tokens, "li")
    assert tokens.who(f"zt_{number_of(one)}_{other.split('_')[2]}", NOON) == NOBODY


@pytest.mark.parametrize("days", [1, 30, 366])
def test_a_token_is_good_for_its_days_and_not_longer(tokens: Tokens, days: int) -> None:
    token = make(tokens, days=days)
    assert tokens.who(token, after(days=days, microseconds=-1)).name == "zhang"
    assert tokens.who(token, after(days=days)) == NOBODY


def test_an_account_that_is_switched_off_has_no_programs(tokens: Tokens, database: Database) -> None:
    token = make(tokens)
    with database.writing() as connection:
        connection.execute(update(StoredAccount).values(active=False))
    assert tokens.who(token, NOON) == NOBODY


def test_a_token_of_an_account_that_is_gone_is_nobody(tokens: Tokens) -> None:
    assert tokens.who(make(tokens, "gone"), NOON) == NOBODY


def test_a_program_has_the_roles_that_its_account_has_now(tokens: Tokens, database: Database) -> None:
    token = make(tokens)
    with database.writing() as connection:
        connection.execute(update(StoredAccount).values(roles='["viewer"]'))
    assert tokens.who(token, NOON).roles == {"viewer"}


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        ({"scopes": []}, "权限范围须为以下之一或几个：check, ", "scopes are one or more of: check, "),
        ({"scopes": ["check", "all"]}, "权限范围须为以下之一或几个：check, ", "scopes are one or more of: check, "),
        ({"days": 0}, "有效期为 1 至 366 天", "a token is valid for 1 to 366 days"),
        ({"days": -1}, "有效期为 1 至 366 天", "a token is valid for 1 to 366 days"),
        ({"days": 367}, "有效期为 1 至 366 天", "a token is valid for 1 to 366 days"),
        ({"title": ""}, "请写明令牌用途（最多 80 个字）", "say what the token is for (80 characters at most)"),
        ({"title": " \t"}, "请写明令牌用途", "say what the token is for"),
        ({"title": "表" * 81}, "请写明令牌用途", "say what the token is for"),
        ({"title": "a\x00b"}, "请写明令牌用途", "say what the token is for"),
    ],
)
def test_what_a_token_may_not_be_is_said_and_nothing_is_kept(
    tokens: Tokens, told: dict[str, object], zh: str, en: str
) -> None:
    with pytest.raises(UsageError) as caught:
        make(tokens, **told)  # type: ignore[arg-type]  # one of them is changed
    assert caught.value.text.zh.startswith(zh)
    assert caught.value.text.en.startswith(en)
    assert tokens.of("zhang") == ()


def test_spaces_around_what_it_is_for_go_and_eighty_characters_stay(tokens: Tokens) -> None:
    make(tokens, title=f"  {'表' * 80} ")
    assert tokens.of("zhang")[0].title == "表" * 80


def test_a_scope_that_is_told_twice_is_kept_once_in_order(tokens: Tokens) -> None:
    make(tokens, scopes=["metrics", "check", "metrics"])
    assert tokens.of("zhang")[0].scopes == ("check", "metrics")


def test_an_account_has_fifty_valid_tokens_at_most(tokens: Tokens, database: Database) -> None:
    first = make(tokens, days=1)
    row = {"hash": "", "account": "zhang", "title": "x", "scopes": "[]", "created": "", "used": "", "revoked": ""}
    with database.writing() as connection:
        many = [{**row, "id": f"{number:016x}", "expires": moment(after(days=2))} for number in range(49)]
        connection.execute(StoredToken.__table__.insert(), many)  # type: ignore[attr-defined]  # a table
    with pytest.raises(UsageError) as caught:
        make(tokens)
    assert caught.value.text.zh == "一个账号最多有 50 个有效令牌；请先撤销不用的"
    assert caught.value.text.en == "an account has at most 50 valid tokens: revoke some first"
    make(tokens, "li")
    # One that was revoked or has ended leaves its place to another.
    assert tokens.revoke("zhang", number_of(first), stamp("zhang"))
    make(tokens, days=1)
    with pytest.raises(UsageError):
        make(tokens)
    make(tokens, at=after(days=1))


def test_tokens_are_listed_with_what_is_known_of_them_the_newest_first(tokens: Tokens) -> None:
    old = make(tokens, title="旧", scopes=["check"], days=2)
    make(tokens, "li")
    new = make(tokens, title="新", scopes=["metrics"], days=1, at=after(hours=1))
    found = tokens.of("zhang")
    assert [one.title for one in found] == ["新", "旧"]
    assert [one.id for one in found] == [number_of(new), number_of(old)]
    assert (found[1].account, found[1].scopes, found[1].used, found[1].revoked) == ("zhang", ("check",), "", "")
    assert (found[1].created, found[1].expires) == (moment(NOON), moment(after(days=2)))


def test_the_first_use_is_noted_at_once_and_later_ones_after_five_minutes(tokens: Tokens) -> None:
    token = make(tokens)
    noted = []
    for seconds in (0, 1, 299.999, 300, 301, 600):
        tokens.who(token, after(seconds=seconds))
        noted.append(tokens.of("zhang")[0].used)
    expected = [0, 0, 0, 300, 300, 600]
    assert noted == [moment(after(seconds=seconds)) for seconds in expected]


def test_use_is_noted_of_the_token_that_was_used_alone(tokens: Tokens) -> None:
    make(tokens, title="idle")
    tokens.who(make(tokens, title="busy"), NOON)
    assert {one.title: bool(one.used) for one in tokens.of("zhang")} == {"idle": False, "busy": True}


def test_a_wrong_secret_is_not_noted_as_use(tokens: Tokens) -> None:
    token = make(tokens)
    tokens.who(token[:-3] + "---", NOON)
    assert tokens.of("zhang")[0].used == ""


def test_a_program_is_answered_where_its_use_cannot_be_noted(
    tokens: Tokens, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = make(tokens)

    def full() -> None:
        raise RegisterFailedError("磁盘已满", "the disk is full")

    monkeypatch.setattr(database, "writing", full)
    assert tokens.who(token, NOON).name == "zhang"


def test_a_revoked_token_is_nobody_and_its_moment_is_kept(tokens: Tokens) -> None:
    token, other = make(tokens), make(tokens, title="other")
    assert tokens.revoke("zhang", number_of(token), stamp("zhang", after(hours=1)))
    assert tokens.who(token, after(hours=1)) == NOBODY
    assert tokens.who(other, after(hours=1)).name == "zhang"
    assert {one.title: one.revoked for one in tokens.of("zhang")} == {
        "台账同步": moment(after(hours=1)),
        "other": "",
    }


def test_a_token_is_revoked_once(tokens: Tokens, database: Database) -> None:
    token = make(tokens)
    assert tokens.revoke("zhang", number_of(token), stamp("zhang"))
    assert not tokens.revoke("zhang", number_of(token), stamp("zhang", after(hours=1)))
    assert tokens.of("zhang")[0].revoked == moment(NOON)
    assert [told["what"] for _, _, told in logged(database, token)] == ["create", "revoke"]


def test_nobody_revokes_the_token_of_another(tokens: Tokens) -> None:
    token = make(tokens)
    assert not tokens.revoke("li", number_of(token), stamp("li"))
    assert tokens.who(token, NOON).name == "zhang"


def test_the_log_tells_who_made_and_ended_a_token_and_never_its_secret(tokens: Tokens, database: Database) -> None:
    token = make(tokens, scopes=["metrics", "check"], days=1)
    tokens.revoke("zhang", number_of(token), stamp("admin"))
    created = {
        "what": "create",
        "account": "zhang",
        "title": "台账同步",
        "scopes": ["check", "metrics"],
        "expires": moment(after(days=1)),
    }
    assert logged(database, token) == [
        ("zhang", 1, created),
        ("admin", 2, {"what": "revoke", "account": "zhang"}),
    ]
    assert token.split("_")[2] not in str(logged(database, token))


def test_ending_all_tokens_ends_those_that_are_valid_of_this_account_alone(tokens: Tokens, database: Database) -> None:
    ended, revoked = make(tokens, title="ended", days=1), make(tokens, title="revoked", days=9)
    tokens.revoke("zhang", number_of(revoked), stamp())
    valid, foreign = [make(tokens, title=title, days=9) for title in ("a", "b")], make(tokens, "li")
    with database.writing() as connection:
        entries = revoke_all(connection, "zhang", after(days=1))
    assert {entry.record for entry in entries} == {f"token:{number_of(token)}" for token in valid}
    assert {(entry.kind, entry.version, entry.action) for entry in entries} == {("server", 2, "admin")}
    found = {one.title: one.revoked for one in tokens.of("zhang")}
    at = moment(after(days=1))
    assert found == {"a": at, "b": at, "ended": "", "revoked": moment(NOON)}
    assert tokens.who(foreign, after(days=1)).name == "li"
    assert tokens.who(ended, after(days=1)) == NOBODY


def test_ending_all_tokens_of_somebody_without_any_says_nothing(database: Database) -> None:
    with database.writing() as connection:
        assert revoke_all(connection, "li", NOON) == []
