"""Accounts: what they may be called, what changing one ends, and who cannot be taken away."""

import json
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from quick_office import NOON, add_account, after, forget, register, stamp
from zoning.errors import ContentError, UsageError
from zoning.registers.canonical import moment
from zoning.registers.database import Database
from zoning.registers.schema import LoggedEvent
from zoning.registers.store import Store
from zoning.web.access import ROLES
from zoning.web.accounts.accounts import Account, Accounts, ChangedMeanwhileError, is_account_name
from zoning.web.accounts.passwords import fits
from zoning.web.accounts.sessions import Sessions
from zoning.web.accounts.tokens import Tokens

WORD = "three mountains, one river"
OTHER_WORD = "four rivers, no mountain"
SUBJECT = "https://id.example|7"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with register(tmp_path_factory.mktemp("accounts")) as found:
        yield found


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("zoning.web.accounts.passwords._hasher", lambda: quick)


@pytest.fixture
def database(store: Store) -> Database:
    forget(store.database)
    add_account(store.database, "boss", "admin", title="主任")
    add_account(store.database, "zhang", "reviewer", title="张三")
    return store.database


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database)


def found(accounts: Accounts, name: str) -> Account:
    account = accounts.get(name)
    assert account is not None
    return account


def last_logged(database: Database) -> tuple[str, str, int, dict[str, object]]:
    query = select(LoggedEvent.actor, LoggedEvent.record, LoggedEvent.version, LoggedEvent.payload)
    with database.reading() as connection:
        row = connection.execute(query.order_by(LoggedEvent.seq.desc()).limit(1)).one()
    return row.actor, row.record, row.version, json.loads(row.payload)


@pytest.mark.parametrize(
    "name", ["a", "7", "张三", "wang.wu", "wang_wu", "wang-wu", "wu@yangcheng.example", "张.san", "a" * 40]
)
def test_what_an_account_may_be_called(name: str) -> None:
    assert is_account_name(name)


@pytest.mark.parametrize(
    "name",
    ["", " ", "a b", ".wang", "_wang", "-wang", "@wang", "a/b", "a\\b", "a\n", "a:b", "é", "a" * 41, "wang<b>", "../x"],
)
def test_what_an_account_may_not_be_called(name: str) -> None:
    assert not is_account_name(name)


def test_a_new_account_is_as_it_was_told(accounts: Accounts) -> None:
    accounts.create("li", title=" 李四 ", roles=["viewer", "planner", "viewer"], password=WORD, stamp=stamp("boss"))
    assert found(accounts, "li") == Account(
        name="li",
        title="李四",
        roles=frozenset({"viewer", "planner"}),
        language=None,
        is_active=True,
        has_password=True,
        subject=None,
        created=moment(NOON),
        version=1,
        epoch=1,
    )


def test_a_new_account_has_its_password_and_no_other(accounts: Accounts) -> None:
    accounts.create("li", title="", roles=["viewer"], password=WORD, stamp=stamp())
    kept = accounts.password_of("li")
    assert kept.startswith("$argon2id$")
    assert fits(kept, WORD)
    assert not fits(kept, OTHER_WORD)


def test_an_account_without_a_title_is_called_by_its_name(accounts: Accounts) -> None:
    accounts.create("li", title="", roles=["viewer"], password=WORD, stamp=stamp())
    assert found(accounts, "li").title == "li"


def test_the_language_of_a_new_account_is_kept(accounts: Accounts) -> None:
    accounts.create("li", title="李", roles=["viewer"], password=WORD, language="en", stamp=stamp())
    assert found(accounts, "li").language == "en"


@pytest.mark.parametrize(("kept", "language"), [("zh", "zh"), ("en", "en"), ("", None), ("fr", None)])
def test_only_two_languages_are_known(database: Database, kept: str, language: str | None) -> None:
    add_account(database, "li", language=kept)
    assert found(Accounts(database), "li").language == language


def test_the_account_of_an_identity_needs_no_password(accounts: Accounts) -> None:
    accounts.create("li", title="李", roles=["viewer"], password="", subject=SUBJECT, stamp=stamp())
    account = found(accounts, "li")
    assert (account.has_password, account.subject) == (False, SUBJECT)
    assert accounts.of_subject(SUBJECT) == account
    assert accounts.password_of("li") == ""


def test_the_account_of_an_identity_may_have_one(accounts: Accounts) -> None:
    accounts.create("li", title="李", roles=["viewer"], password=WORD, subject=SUBJECT, stamp=stamp())
    assert fits(accounts.password_of("li"), WORD)


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        (
            {"name": "li si"},
            "账号名只能用字母、数字、汉字和 . _ @ -，最多 40 个字符",
            "the name of an account has letters, digits, Chinese characters and . _ @ -, 40 at most",
        ),
        ({"roles": []}, "角色须为以下之一或几个：viewer, reviewer, ", "roles are one or more of: viewer, reviewer, "),
        ({"roles": ["viewer", "root"]}, "角色须为以下之一或几个：viewer, ", "roles are one or more of: viewer, "),
        ({"password": ""}, "密码至少 10 个字符", "a password has at least 10 characters"),
        ({"password": "ninechars"}, "密码至少 10 个字符", "a password has at least 10 characters"),
        ({"password": "abcabcabcabc"}, "密码至少 10 个字符", "a password has at least 10 characters"),
        (
            {"title": "\t"},
            "姓名不能为空、过长或含控制字符",
            "a person's name must not be empty, too long or unprintable",
        ),
        ({"title": "李" * 81}, "姓名不能为空、过长或含控制字符", "a person's name must not be empty"),
        ({"title": "李\n四"}, "姓名不能为空、过长或含控制字符", "a person's name must not be empty"),
        ({"title": "李\x07四"}, "姓名不能为空、过长或含控制字符", "a person's name must not be empty"),
    ],
)
def test_what_a_new_account_may_not_be_is_said_and_nobody_is_added(
    accounts: Accounts, told: dict[str, object], zh: str, en: str
) -> None:
    values: dict[str, object] = {"name": "li", "title": "李四", "roles": ["viewer"], "password": WORD, **told}
    with pytest.raises(UsageError) as caught:
        accounts.create(stamp=stamp(), **values)  # type: ignore[arg-type]  # one of them is changed
    assert caught.value.text.zh.startswith(zh)
    assert caught.value.text.en.startswith(en)
    assert [account.name for account in accounts.all()] == ["boss", "zhang"]


def test_a_title_of_eighty_characters_is_not_too_long(accounts: Accounts) -> None:
    accounts.create("li", title="李" * 80, roles=["viewer"], password=WORD, stamp=stamp())
    assert found(accounts, "li").title == "李" * 80


def test_a_name_is_given_once(accounts: Accounts) -> None:
    with pytest.raises(ContentError) as caught:
        accounts.create("zhang", title="另一人", roles=["viewer"], password=WORD, stamp=stamp())
    assert caught.value.text.plain() == {"zh": "已有账号“zhang”", "en": "there is an account 'zhang' already"}
    assert found(accounts, "zhang").title == "张三"


def test_accounts_are_listed_by_name(accounts: Accounts) -> None:
    for name in ("wu", "li", "aa"):
        accounts.create(name, title=name, roles=["viewer"], password=WORD, stamp=stamp())
    assert [account.name for account in accounts.all()] == ["aa", "boss", "li", "wu", "zhang"]


def test_an_unknown_name_has_no_account_and_no_password(accounts: Accounts) -> None:
    assert accounts.get("nobody") is None
    assert accounts.password_of("nobody") == ""
    assert accounts.of_subject("") is None


def test_an_account_that_is_switched_off_has_no_password_to_sign_in_with(database: Database) -> None:
    add_account(database, "li", password="hash", active=False)  # noqa: S106 - no password at all
    assert Accounts(database).password_of("li") == ""
    assert found(Accounts(database), "li").has_password


def test_a_fresh_office_is_empty_until_its_first_account(store: Store) -> None:
    forget(store.database)
    accounts = Accounts(store.database)
    assert accounts.is_empty()
    add_account(store.database, "boss", "admin")
    assert not accounts.is_empty()


def test_making_an_account_is_in_the_log_without_its_password(accounts: Accounts, database: Database) -> None:
    accounts.create("li", title="李四", roles=["viewer", "admin"], password=WORD, stamp=stamp("boss"))
    told = {"what": "create", "roles": ["admin", "viewer"], "title": "李四", "subject": None}
    assert last_logged(database) == ("boss", "account:li", 1, told)


def test_changes_are_in_the_log_with_a_mark_in_place_of_the_password(accounts: Accounts, database: Database) -> None:
    accounts.change("zhang", password=OTHER_WORD, title="张", stamp=stamp("boss"))
    told = {"what": "change", "password": "***", "title": "张"}
    assert last_logged(database) == ("boss", "account:zhang", 2, told)


@pytest.mark.parametrize(
    "told", [{}, {"title": "张三"}, {"roles": ["reviewer"]}, {"is_active": True}, {"language": ""}]
)
def test_what_changes_nothing_leaves_the_version_and_the_log(
    accounts: Accounts, database: Database, told: dict[str, object]
) -> None:
    accounts.change("boss", title="新主任", stamp=stamp("boss"))
    before = last_logged(database)
    accounts.change("zhang", stamp=stamp("boss"), **told)  # type: ignore[arg-type]  # one of them is told
    assert found(accounts, "zhang").version == 1
    assert last_logged(database) == before


@pytest.mark.parametrize(
    ("told", "is_ended"),
    [
        ({"title": "张"}, False),
        ({"language": "en"}, False),
        ({"subject": SUBJECT}, False),
        ({"roles": ["reviewer"]}, False),
        ({"roles": ["reviewer", "planner"]}, True),
        ({"roles": ["viewer"]}, True),
        ({"password": OTHER_WORD}, True),
        ({"is_active": False}, True),
    ],
)
def test_new_roles_a_new_password_and_switching_off_end_all_sessions(
    accounts: Accounts, database: Database, told: dict[str, object], is_ended: bool
) -> None:
    sessions = Sessions(database, hours=8)
    cookies, other = [sessions.begin("zhang", NOON) for _ in range(2)], sessions.begin("boss", NOON)
    accounts.change("zhang", stamp=stamp("boss"), **told)  # type: ignore[arg-type]  # one of them is told
    assert [sessions.who(cookie, NOON).is_signed_in for cookie in cookies] == [not is_ended] * 2
    assert len(sessions.of("zhang", NOON)) == (0 if is_ended else 2)
    assert found(accounts, "zhang").epoch == 1 + is_ended
    assert sessions.who(other, NOON).name == "boss"


@pytest.mark.parametrize(
    ("told", "actor", "is_ended"),
    [
        ({"password": OTHER_WORD}, "boss", True),
        ({"password": OTHER_WORD}, "zhang", False),
        ({"is_active": False}, "boss", True),
        ({"is_active": False}, "zhang", True),
        ({"roles": ["viewer"]}, "boss", False),
        ({"title": "张"}, "boss", False),
    ],
)
def test_a_password_that_somebody_else_sets_and_switching_off_end_the_tokens(
    accounts: Accounts, database: Database, told: dict[str, object], actor: str, is_ended: bool
) -> None:
    tokens = Tokens(database)
    for name in ("zhang", "boss"):
        tokens.create(name, title="x", scopes=["check"], days=9, stamp=stamp(name))
    accounts.change("zhang", stamp=stamp(actor, after(hours=1)), **told)  # type: ignore[arg-type]  # one of them
    assert tokens.of("zhang")[0].revoked == (moment(after(hours=1)) if is_ended else "")
    assert tokens.of("boss")[0].revoked == ""
    assert last_logged(database)[3]["what"] == ("revoke" if is_ended else "change")


def test_switching_on_again_ends_no_tokens(accounts: Accounts, database: Database) -> None:
    accounts.change("zhang", is_active=False, stamp=stamp("boss"))
    Tokens(database).create("zhang", title="x", scopes=["check"], days=9, stamp=stamp())
    accounts.change("zhang", is_active=True, stamp=stamp("boss"))
    assert found(accounts, "zhang").is_active
    assert Tokens(database).of("zhang")[0].revoked == ""


def test_what_is_not_told_stays(accounts: Accounts) -> None:
    before = found(accounts, "zhang")
    accounts.change("zhang", language="en", stamp=stamp("boss"))
    after_it = found(accounts, "zhang")
    assert (after_it.language, after_it.version) == ("en", 2)
    assert (after_it.title, after_it.roles, after_it.is_active, after_it.epoch) == (
        before.title,
        before.roles,
        before.is_active,
        before.epoch,
    )


def test_only_the_account_that_is_named_changes(accounts: Accounts) -> None:
    before = found(accounts, "boss")
    accounts.change("zhang", title="张", roles=["planner"], stamp=stamp("boss"))
    assert found(accounts, "boss") == before


def test_a_change_from_an_old_page_is_refused_as_a_conflict(accounts: Accounts) -> None:
    accounts.change("zhang", version=1, title="甲", stamp=stamp("boss"))
    with pytest.raises(ChangedMeanwhileError) as caught:
        accounts.change("zhang", version=1, title="乙", stamp=stamp("admin"))
    assert caught.value.http_status == 409
    assert caught.value.text.zh == "账号“zhang”刚被他人修改，请刷新后再改"
    assert caught.value.text.en == "account 'zhang' was just changed: reload it first"
    assert (found(accounts, "zhang").title, found(accounts, "zhang").version) == ("甲", 2)


@pytest.mark.parametrize("told", [{"title": "x"}, {}])
def test_an_account_that_is_not_there_cannot_be_changed(accounts: Accounts, told: dict[str, str]) -> None:
    with pytest.raises(UsageError) as caught:
        accounts.change("nobody", stamp=stamp(), **told)  # type: ignore[arg-type]  # a title
    assert caught.value.text.plain() == {"zh": "没有账号“nobody”", "en": "there is no account 'nobody'"}


@pytest.mark.parametrize(
    "told", [{"title": " "}, {"title": "a\nb"}, {"roles": []}, {"roles": ["root"]}, {"password": "short"}]
)
def test_a_value_that_is_not_allowed_changes_nothing(accounts: Accounts, told: dict[str, object]) -> None:
    before = found(accounts, "zhang")
    with pytest.raises(UsageError):
        accounts.change("zhang", language="en", stamp=stamp(), **told)  # type: ignore[arg-type]  # one of them
    assert found(accounts, "zhang") == before


@pytest.mark.parametrize("told", [{"is_active": False}, {"roles": ["viewer"]}])
def test_the_last_active_administrator_stays_and_stays_signed_in(
    accounts: Accounts, database: Database, told: dict[str, object]
) -> None:
    add_account(database, "off", "admin", active=False)
    sessions = Sessions(database, hours=8)
    cookie = sessions.begin("boss", NOON)
    with pytest.raises(UsageError) as caught:
        accounts.change("boss", stamp=stamp("boss"), **told)  # type: ignore[arg-type]  # one of them
    assert caught.value.text.zh == "至少要保留一个有效的管理员账号"
    assert caught.value.text.en == "at least one active administrator has to remain"
    assert found(accounts, "boss").version == 1
    assert sessions.who(cookie, NOON).roles == {"admin"}


@pytest.mark.parametrize("told", [{"is_active": False}, {"roles": ["viewer"]}])
def test_one_of_two_administrators_may_go(accounts: Accounts, database: Database, told: dict[str, object]) -> None:
    add_account(database, "second", "admin", "viewer")
    accounts.change("boss", stamp=stamp("second"), **told)  # type: ignore[arg-type]  # one of them
    assert found(accounts, "boss").version == 2


def test_an_identity_cannot_be_given_to_a_second_account(accounts: Accounts, database: Database) -> None:
    add_account(database, "li", subject=SUBJECT)
    with pytest.raises(UsageError) as caught:
        accounts.change("zhang", subject=SUBJECT, stamp=stamp("boss"))
    assert caught.value.text.zh == "该身份已属于账号“li”"
    assert found(accounts, "zhang").subject is None


def test_an_identity_may_be_given_to_its_own_account_again(accounts: Accounts) -> None:
    accounts.change("zhang", subject=SUBJECT, stamp=stamp("boss"))
    accounts.change("zhang", subject=SUBJECT, title="张", stamp=stamp("boss"))
    assert accounts.of_subject(SUBJECT) == found(accounts, "zhang")
    assert accounts.of_subject("https://id.example|8") is None


def test_ending_all_sessions_is_counted_and_logged(accounts: Accounts, database: Database) -> None:
    sessions = Sessions(database, hours=8)
    cookies = [sessions.begin(name, NOON) for name in ("zhang", "zhang", "boss")]
    assert accounts.end_sessions("zhang", stamp("boss")) == 2
    assert last_logged(database) == ("boss", "account:zhang", 1, {"what": "end-sessions", "sessions": 2})
    assert [sessions.who(cookie, NOON).name for cookie in cookies] == ["", "", "boss"]
    assert accounts.end_sessions("zhang", stamp("boss")) == 0


def test_sessions_of_nobody_cannot_be_ended(accounts: Accounts) -> None:
    with pytest.raises(UsageError, match="there is no account 'nobody'"):
        accounts.end_sessions("nobody", stamp())


def test_who_changed_an_account_last_and_when(accounts: Accounts) -> None:
    accounts.create("wu", title="吴", roles=["viewer"], password=WORD, stamp=stamp("boss"))
    accounts.change("wu", title="吴一", stamp=stamp("second", after(hours=1)))
    accounts.change("zhang", title="张", stamp=stamp("third", after(hours=2)))
    assert accounts.last_change("wu") == ("second", moment(after(hours=1)))
    assert accounts.last_change("w") == ("", "")


@pytest.mark.parametrize("role", ROLES)
def test_every_role_can_be_given(accounts: Accounts, role: str) -> None:
    accounts.change("zhang", roles=[role], stamp=stamp("boss"))
    assert found(accounts, "zhang").roles == {role}
