"""People whom a provider of identities names; and what an account has handed in on a day."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from quick_office import NOON, add_account, after, forget, register
from zoning.registers.canonical import canonical, moment, sha256
from zoning.registers.database import Database
from zoning.registers.schema_server import StoredCheck, StoredEdition, StoredJob
from zoning.registers.store import Store
from zoning.web.accounts.accounts import Account, Accounts
from zoning.web.accounts.oidc import Started, keep_started, take_started
from zoning.web.accounts.provisioning import account_for, roles_of
from zoning.web.accounts.volumes import handed_in
from zoning.web.refusals import Refused
from zoning.web.settings import Oidc

ISSUER = "https://id.example"
OIDC = Oidc(ISSUER, "zoning", roles={"审批科": ("reviewer", "viewer"), "信息科": ("admin",), "局": ("viewer",)})
MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with register(tmp_path_factory.mktemp("provider")) as found:
        yield found


@pytest.fixture
def database(store: Store) -> Database:
    forget(store.database)
    add_account(store.database, "boss", "admin")
    return store.database


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database)


def claims(**told: object) -> dict[str, Any]:
    return {"sub": "7", "preferred_username": "zhang", "name": "张三", "roles": ["审批科"], **told}


def found(accounts: Accounts, name: str) -> Account:
    account = accounts.get(name)
    assert account is not None
    return account


@pytest.mark.parametrize(
    ("told", "roles"),
    [
        ({"roles": ["审批科"]}, ["reviewer", "viewer"]),
        ({"roles": "信息科"}, ["admin"]),
        ({"roles": ["信息科", "审批科", "局"]}, ["admin", "reviewer", "viewer"]),
        ({"roles": ["admin"]}, []),
        ({"roles": []}, []),
        ({"roles": None}, []),
        ({}, []),
        ({"roles": {"审批科": True}}, []),
        ({"roles": 7}, []),
        ({"roles": [7, None, ["信息科"], "局"]}, ["viewer"]),
    ],
)
def test_roles_are_those_that_the_settings_give_to_the_claim(told: dict[str, object], roles: list[str]) -> None:
    assert roles_of(OIDC, told) == roles


@pytest.mark.parametrize(
    ("told", "roles"),
    [
        ({"realm": {"access": ["局"]}}, ["viewer"]),
        ({"realm.access": ["信息科"], "realm": {"access": ["局"]}}, ["admin"]),
        ({"realm": {}}, []),
        ({"realm": "局"}, []),
        ({"realm": {"access": {"deeper": ["局"]}}}, []),
    ],
)
def test_dots_in_the_name_of_a_claim_go_down(told: dict[str, object], roles: list[str]) -> None:
    deep = Oidc(ISSUER, "zoning", roles_claim="realm.access", roles=OIDC.roles)
    assert roles_of(deep, told) == roles


def test_a_first_sign_in_makes_the_account(accounts: Accounts) -> None:
    assert account_for(accounts, OIDC, claims(), NOON) == "zhang"
    made = found(accounts, "zhang")
    assert (made.title, made.subject, made.has_password) == ("张三", f"{ISSUER}|7", False)
    assert made.roles == {"reviewer", "viewer"}
    assert accounts.last_change("zhang") == ("oidc", moment(NOON))


def test_whoever_signs_in_again_has_the_same_account_whatever_he_is_called(accounts: Accounts) -> None:
    account_for(accounts, OIDC, claims(), NOON)
    assert account_for(accounts, OIDC, claims(preferred_username="boss", name="别人"), NOON) == "zhang"
    assert found(accounts, "zhang").version == 1


def test_roles_follow_the_claim(accounts: Accounts) -> None:
    account_for(accounts, OIDC, claims(), NOON)
    account_for(accounts, OIDC, claims(roles=["局"]), NOON)
    assert found(accounts, "zhang").roles == {"viewer"}
    assert found(accounts, "zhang").epoch == 2


def test_an_account_with_the_name_of_an_identity_is_not_taken_over(accounts: Accounts) -> None:
    with pytest.raises(Refused) as caught:
        account_for(accounts, OIDC, claims(preferred_username="boss"), NOON)
    assert caught.value.status == 403
    assert caught.value.text.zh == f"账号“boss”已有他人使用；请把身份编号告知管理员：{ISSUER}|7"
    assert caught.value.text.en == (
        f"account 'boss' belongs to somebody else; tell the administrator your identity: {ISSUER}|7"
    )
    assert found(accounts, "boss").subject is None


def test_the_same_number_at_another_provider_is_somebody_else(accounts: Accounts, database: Database) -> None:
    add_account(database, "li", subject="https://other.example|7")
    account_for(accounts, OIDC, claims(), NOON)
    assert found(accounts, "zhang").subject == f"{ISSUER}|7"


def test_an_account_that_is_switched_off_stays_off(accounts: Accounts, database: Database) -> None:
    add_account(database, "zhang", "viewer", subject=f"{ISSUER}|7", active=False)
    with pytest.raises(Refused, match="403") as caught:
        account_for(accounts, OIDC, claims(), NOON)
    assert caught.value.text.en.startswith("your account is switched off; ")
    assert found(accounts, "zhang").roles == {"viewer"}


@pytest.mark.parametrize("has_account", [True, False])
def test_without_a_role_of_the_claim_nobody_comes_in(accounts: Accounts, database: Database, has_account: bool) -> None:
    if has_account:
        add_account(database, "zhang", "viewer", subject=f"{ISSUER}|7")
    with pytest.raises(Refused, match="403") as caught:
        account_for(accounts, OIDC, claims(roles=[]), NOON)
    assert caught.value.text.en.startswith("your identity has no role here; ")
    assert (accounts.get("zhang") is not None) == has_account


def test_where_roles_are_given_here_an_account_keeps_its_own(accounts: Accounts, database: Database) -> None:
    add_account(database, "zhang", "planner", subject=f"{ISSUER}|7")
    assert account_for(accounts, Oidc(ISSUER, "zoning"), claims(), NOON) == "zhang"
    assert found(accounts, "zhang").roles == {"planner"}
    with pytest.raises(Refused, match="403"):
        account_for(accounts, Oidc(ISSUER, "zoning"), claims(sub="8"), NOON)


@pytest.mark.parametrize("name", ["a b", "", None, 7, "../x", "x" * 41])
def test_a_name_that_no_account_may_have_becomes_a_number(accounts: Accounts, name: object) -> None:
    made = account_for(accounts, OIDC, claims(preferred_username=name), NOON)
    assert made == f"oidc-{sha256(f'{ISSUER}|7'.encode())[:12]}"


@pytest.mark.parametrize(
    ("told", "title"),
    [(" 张三\n", "张三"), ("张\x00三", "张三"), ("张" * 90, "张" * 80), ("", "zhang"), ("\x07", "zhang"), (7, "zhang")],
)
def test_the_person_is_called_as_the_claim_says_where_that_can_be(accounts: Accounts, told: object, title: str) -> None:
    account_for(accounts, OIDC, claims(name=told), NOON)
    assert found(accounts, "zhang").title == title


def started(browser: str = "cookie", at: datetime = NOON) -> Started:
    return Started(sha256(browser.encode()), "nonce", "verifier", "/cases", at)


def test_an_answer_is_good_once_in_the_browser_that_asked() -> None:
    all_started: dict[str, Started] = {}
    keep_started(all_started, "state", started())
    assert take_started(all_started, "state", "cookie", NOON) == started()
    with pytest.raises(Refused, match="403"):
        take_started(all_started, "state", "cookie", NOON)


@pytest.mark.parametrize(("state", "browser"), [("other", "cookie"), ("", "cookie"), ("state", "other"), ("state", "")])
def test_an_answer_for_another_browser_or_sign_in_is_refused_and_spoils_nothing(state: str, browser: str) -> None:
    all_started = {"state": started()}
    with pytest.raises(Refused) as caught:
        take_started(all_started, state, browser, NOON)
    assert caught.value.status == 403
    assert caught.value.text.zh == "这次统一身份登录已失效，或不是由本浏览器发起；请重新登录"
    assert take_started(all_started, "state", "cookie", NOON) == started()


def test_a_sign_in_may_take_ten_minutes_and_no_longer() -> None:
    assert take_started({"s": started()}, "s", "cookie", after(minutes=10)).target == "/cases"
    with pytest.raises(Refused, match="403"):
        take_started({"s": started()}, "s", "cookie", after(minutes=10, microseconds=1))


def test_of_very_many_the_older_half_is_forgotten() -> None:
    all_started = {str(number): started(at=after(seconds=number)) for number in range(10_000)}
    keep_started(all_started, "new", started(at=after(seconds=10_000)))
    assert len(all_started) == 5001
    assert "4999" not in all_started
    assert {"5000", "9999", "new"} <= set(all_started)


def test_a_little_fewer_are_all_kept() -> None:
    all_started = {str(number): started() for number in range(9_999)}
    keep_started(all_started, "new", started())
    assert len(all_started) == 10_000


def check_row(number: str, request: Mapping[str, object], at: datetime, account: str = "zhang") -> dict[str, Any]:
    texts = ("title", "facts", "answer", "decision", "error", "previous")
    row = {"id": number, "account": account, "at": moment(at), "day": MONDAY, "state": "done", "shared": False}
    return {**row, "request": canonical(request), **dict.fromkeys(texts, "")}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, size in (("one", 10), ("two", 200), ("three", 3000)):
        (tmp_path / name).write_bytes(b"x" * size)
    return tmp_path


def test_files_of_checks_jobs_and_editions_of_the_day_are_added_up(database: Database, files: Path) -> None:
    job = {"id": "j", "account": "zhang", "kind": "batch", "title": "", "arguments": "[]", "state": "done"}
    job |= {"at": moment(NOON), "started": "", "ended": "", "code": 0}  # type: ignore[dict-item]  # a number
    edition: dict[str, Any] = {"id": "e", "layer": "water", "edition": "2026", "settings": "", "valid_from": MONDAY}
    edition |= dict.fromkeys(("state", "report", "preview", "content_before", "content_after", "note"), "")
    edition |= {"uploaded_by": "zhang", "uploaded_at": moment(NOON), "answered_by": "", "answered_at": "", "version": 1}
    with database.writing() as connection:
        connection.execute(insert(StoredCheck).values(check_row("c", {"path": "one", "name": "地块"}, NOON)))
        inputs = canonical([{"path": "two"}, {"more": {"path": "two"}}])
        connection.execute(insert(StoredJob).values({**job, "inputs": inputs}))
        connection.execute(insert(StoredEdition).values({**edition, "file": canonical({"path": "three"})}))
    assert handed_in(database, files, "zhang", MONDAY) == 10 + 200 + 200 + 3000
    assert handed_in(database, files, "li", MONDAY) == 0


@pytest.mark.parametrize(
    ("at", "is_counted"),
    [
        # The day in China begins eight hours before that of UTC.
        (after(hours=-12), True),
        (after(hours=-12, microseconds=-1), False),
        (after(hours=12, microseconds=-1), True),
        (after(hours=12), False),
    ],
)
def test_a_day_is_that_of_china(database: Database, files: Path, at: datetime, is_counted: bool) -> None:
    with database.writing() as connection:
        connection.execute(insert(StoredCheck).values(check_row("c", {"path": "one"}, at)))
    assert handed_in(database, files, "zhang", MONDAY) == (10 if is_counted else 0)


def test_a_file_that_is_gone_counts_nothing(database: Database, files: Path) -> None:
    rows = [check_row("a", {"path": "gone"}, NOON), check_row("b", {"path": "one"}, NOON), check_row("c", {}, NOON)]
    with database.writing() as connection:
        connection.execute(insert(StoredCheck), rows)
    assert handed_in(database, files, "zhang", MONDAY) == 10


def test_the_same_file_handed_in_twice_counts_twice(database: Database, files: Path) -> None:
    with database.writing() as connection:
        connection.execute(insert(StoredCheck), [check_row(number, {"path": "two"}, NOON) for number in "ab"])
    assert handed_in(database, files, "zhang", MONDAY) == 400
