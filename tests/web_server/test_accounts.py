"""Sessions, rates, the day's share, the log: what signing in promises."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from security_world import Ask, ask_all, signed, token
from web_world import PASSWORD, Browser, World, world
from zoning.errors import ContentError, UsageError
from zoning.registers.entries import Stamp
from zoning.web.access import NOBODY
from zoning.web.accounts.accounts import Accounts
from zoning.web.accounts.devices import device_mark, known_device, secret_of
from zoning.web.accounts.identity import COOKIE, DEVICE_COOKIE
from zoning.web.accounts.rates import ACCOUNT, CLIENT, PAIR, Attempts, keys_of
from zoning.web.accounts.sessions import Sessions
from zoning.web.accounts.tokens import Tokens
from zoning.web.pages.sign_in import own_path
from zoning.web.workers.pool import Pool

NEW = "a quite different word"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    with world(shared_root, tmp_path_factory.mktemp("accounts"), shared_pool) as found:
        yield found


@pytest.fixture
def accounts(server: World) -> Accounts:
    return Accounts(server.server.store.database)


def make(accounts: Accounts, name: str, *roles: str) -> None:
    accounts.create(name, title=name, roles=roles or ["viewer"], password=PASSWORD, stamp=stamp())


def stamp(actor: str = "setup") -> Stamp:
    return Stamp(actor, datetime.now(UTC))


def test_signing_in_begins_another_session_than_the_browser_had(server: World) -> None:
    browser = server.client()
    browser.http.cookies.set(COOKIE, "a-cookie-that-an-attacker-knows")
    browser.sign_in("viewer")
    first = browser.http.cookies.get(COOKIE, domain="testserver.local") or browser.http.cookies.get(COOKIE)
    assert first != "a-cookie-that-an-attacker-knows"
    thief = server.client()
    thief.http.cookies.set(COOKIE, "a-cookie-that-an-attacker-knows")
    assert thief.get("/account").status_code == 303


def test_signing_in_again_ends_the_session_before(server: World) -> None:
    before = signed(server, "viewer")
    answer = ask_all(
        server,
        [
            Ask("POST", "/sign-in", {"headers": before.headers(), "data": {"name": "viewer", "password": PASSWORD}}),
            Ask("GET", "/account", {"headers": before.headers()}),
        ],
    )
    assert [one.status_code for one in answer] == [303, 303]
    assert answer[1].headers["location"] == "/sign-in?next=%2Faccount"


def test_cookies_are_kept_from_scripts_and_other_sites(server: World) -> None:
    answer = server.client().http.post("/sign-in", data={"name": "viewer", "password": PASSWORD})
    told = answer.headers.get_list("set-cookie")
    assert len(told) == 2
    for line in told:
        assert "HttpOnly" in line
        assert "SameSite=lax" in line
        assert "Path=/" in line
        assert "Domain" not in line
        assert "Secure" not in line  # this computer only: no HTTPS


def test_over_https_cookies_are_for_this_host_alone(tmp_path: Path, shared_root: Path, shared_pool: Pool) -> None:
    with world(shared_root, tmp_path, shared_pool, is_secure=True) as found:
        answer = found.client().http.post("/sign-in", data={"name": "viewer", "password": PASSWORD})
    names = sorted(line.split("=")[0] for line in answer.headers.get_list("set-cookie"))
    assert names == [f"__Host-{DEVICE_COOKIE}", f"__Host-{COOKIE}"]
    assert all("Secure" in line for line in answer.headers.get_list("set-cookie"))
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_signing_out_ends_the_session_on_the_server(server: World) -> None:
    browser = signed(server, "planner")
    got = ask_all(
        server,
        [
            Ask("POST", "/sign-out", {"headers": browser.headers()}),
            Ask("GET", "/account", {"headers": browser.headers()}),
        ],
    )
    assert [one.status_code for one in got] == [303, 303]
    assert got[0].headers["location"] == "/sign-in"
    assert "Max-Age=0" in got[0].headers["set-cookie"]


def test_a_session_ends_after_idle_hours_and_in_any_case_after_the_longest(server: World) -> None:
    begun = datetime(2026, 3, 2, 8, tzinfo=UTC)
    sessions = Sessions(server.server.store.database, hours=8, longest_hours=20)
    cookie = sessions.begin("viewer", begun)

    def at(hours: float) -> bool:
        return sessions.who(cookie, begun + timedelta(hours=hours)).is_signed_in

    assert at(7.9)
    assert at(15.8)  # 7.9 h after the last request
    assert at(19.9)
    assert not at(20)  # the longest
    idle = sessions.begin("viewer", begun)
    assert sessions.who(idle, begun + timedelta(hours=8) - timedelta(seconds=1)).is_signed_in
    sessions = Sessions(server.server.store.database, hours=8, longest_hours=200)
    other = sessions.begin("viewer", begun)
    assert not sessions.who(other, begun + timedelta(hours=8)).is_signed_in


@pytest.mark.parametrize("change", [{"password": NEW}, {"roles": ["planner"]}, {"is_active": False}])
def test_a_new_password_or_role_ends_all_sessions(server: World, accounts: Accounts, change: dict[str, Any]) -> None:
    name = f"ends{next(iter(change))}"
    make(accounts, name)
    first, second = signed(server, name), signed(server, name)
    accounts.change(name, stamp=stamp("admin"), **change)
    now = datetime.now(UTC)
    sessions = Sessions(server.server.store.database, hours=8)
    assert [sessions.who(one.cookie, now) for one in (first, second)] == [NOBODY, NOBODY]
    assert sessions.of(name, now) == ()


def test_another_name_or_language_ends_none(server: World, accounts: Accounts) -> None:
    make(accounts, "renamed")
    kept = signed(server, "renamed")
    accounts.change("renamed", title="新名字", language="en", stamp=stamp())
    who = Sessions(server.server.store.database, hours=8).who(kept.cookie, datetime.now(UTC))
    assert (who.title, who.language) == ("新名字", "en")


def test_switching_off_ends_tokens_too(server: World, accounts: Accounts) -> None:
    make(accounts, "leaves", "admin")
    told = token(server, "leaves", "metrics")
    accounts.change("leaves", is_active=False, stamp=stamp("admin"))
    accounts.change("leaves", is_active=True, stamp=stamp("admin"))
    assert ask_all(server, [Ask("GET", "/metrics", {"headers": told})])[0].status_code == 401
    assert [bool(one.revoked) for one in Tokens(server.server.store.database).of("leaves")] == [True]


def test_the_own_password_keeps_tokens_and_this_browser(server: World, accounts: Accounts) -> None:
    make(accounts, "changes", "admin")
    told = token(server, "changes", "metrics")
    other = signed(server, "changes")
    browser = server.client("changes")
    form = {"old": PASSWORD, "new": NEW, "again": NEW}
    wrong = browser.post("/account/password", {**form, "old": "something else"})
    assert wrong.status_code == 400
    assert "现在的密码不对" in wrong.text
    assert "两次输入的新密码不一致" in browser.post("/account/password", {**form, "again": "x"}).text
    assert "密码至少 10 个字符" in browser.post("/account/password", {**form, "new": "x", "again": "x"}).text
    answer = browser.post("/account/password", form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=password")
    assert browser.get("/account").status_code == 200
    got = ask_all(
        server, [Ask("GET", "/account", {"headers": other.headers()}), Ask("GET", "/metrics", {"headers": told})]
    )
    assert [one.status_code for one in got] == [303, 200]


def test_failures_make_one_wait_longer_and_longer() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    keys = keys_of("zhang", "10.0.0.7", "")
    waits = []
    for _ in range(16):
        waits.append(attempts.begin(keys))
        now[0] += waits[-1]
        if waits[-1]:
            assert attempts.begin(keys) == 0.0  # the wait is over exactly then
    # 5 are free, then 2, 4, 8 ... 512, then 900 s for one account from one address
    assert waits == [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_many_at_the_same_time_are_as_many_as_in_turn() -> None:
    attempts = Attempts(time.monotonic)
    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(lambda _: attempts.begin(keys_of("zhang", "10.0.0.7", "")), range(64)))
    assert got.count(0.0) == PAIR.free


def test_nobody_is_locked_out_by_failures_of_others() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    # An attacker with any number of addresses, as fast as he may, for a day.
    tries = 0
    while now[0] < 86_400:
        wait = attempts.begin(keys_of("zhang", f"10.1.{tries // 250}.{tries % 250}", ""))
        tries += wait == 0
        now[0] += max(wait, 1.0)
    assert tries <= ACCOUNT.free + 6 + 86_400 / ACCOUNT.longest_s  # the first waits are shorter
    # A browser that signed in before: at once. A new one: after a minute at most.
    assert attempts.begin(keys_of("zhang", "10.0.0.7", "known")) == 0.0
    assert attempts.begin(keys_of("zhang", "10.0.0.8", "")) <= ACCOUNT.longest_s


def test_an_address_that_tries_many_accounts_waits() -> None:
    attempts = Attempts(lambda: 0.0)
    got = [attempts.begin(keys_of(f"name{n}", "10.0.0.7", "")) for n in range(CLIENT.free + 1)]
    assert got == [0.0] * CLIENT.free + [CLIENT.first_s]
    assert attempts.begin(keys_of("li", "10.0.0.8", "")) == 0.0


def test_an_own_account_does_not_wash_an_address_clean() -> None:
    attempts = Attempts(lambda: 0.0)
    for number in range(CLIENT.free):
        attempts.begin(keys_of(f"name{number}", "10.0.0.7", ""))
        if number % 4 == 0 and attempts.begin(keys_of("mine", "10.0.0.7", "")) == 0.0:
            attempts.succeeded(keys_of("mine", "10.0.0.7", ""))
    assert attempts.begin(keys_of("zhang", "10.0.0.7", "")) > 0


def test_waits_come_before_the_password(server: World, accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.server.guards, "attempts", Attempts(lambda: 0.0))  # the wait must not be over meanwhile
    make(accounts, "guessed")
    wrong, right = ({"data": {"name": "guessed", "password": word}} for word in ("no", PASSWORD))
    told = [*[wrong] * PAIR.free, right, {**right, "headers": {"accept-language": "en"}}]
    got = ask_all(server, [Ask("POST", "/sign-in", options) for options in told])
    assert [one.status_code for one in got] == [401] * PAIR.free + [429, 429]
    assert "账号或密码不对" in got[0].text
    assert "尝试次数过多，请 2 秒后再试" in got[-2].text
    assert "too many attempts: try again in 2 seconds" in got[-1].text
    assert got[-1].headers["retry-after"] == "2"


def test_a_mark_of_a_device_is_good_for_its_account_alone(tmp_path: Path) -> None:
    secret = secret_of(tmp_path, "device")
    assert (tmp_path / "device").stat().st_mode & 0o777 == 0o600
    assert secret_of(tmp_path, "device") == secret
    mark = device_mark(secret, "zhang")
    assert known_device(secret, "zhang", mark) == mark.split(".")[0]
    assert known_device(secret, "li", mark) == ""
    assert known_device(b"another", "zhang", mark) == ""
    assert known_device(secret, "zhang", "x." + mark.split(".")[1]) == ""
    assert known_device(secret, "zhang", "") == ""
    assert [path.name for path in tmp_path.iterdir()] == ["device"]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/cases?q=1#x", "/cases?q=1#x"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/a\nb", "/"),
        ("/%09/evil.example", "/%09/evil.example"),
        ("/\t/evil.example", "/"),
        ("http://[", "/"),
        ("///evil.example", "/"),
        ("", "/"),
        ("check", "/"),
        ("/sign-out", "/"),
    ],
)
def test_one_is_sent_to_own_pages_only(target: str, path: str) -> None:
    assert own_path(target) == path


def test_tokens_are_shown_once_and_kept_as_digests(server: World) -> None:
    browser = server.client("restoration")
    page = browser.post("/account/tokens", {"title": "台账同步", "scope": ["parcels:read"], "days": "30"})
    assert page.status_code == 200
    secret = page.text.split('<pre class="code">')[1].split("<")[0]
    assert secret.startswith("zt_")
    again = browser.get("/account").text
    assert secret not in again
    assert "台账同步" in again
    register = Path(server.server.settings.register).read_bytes()
    assert secret.split("_", 2)[2].encode() not in register
    number = secret.split("_")[1]
    ended = browser.post(f"/account/tokens/{number}/revoke")
    assert (ended.status_code, ended.headers["location"]) == (303, "/account?done=token")
    assert browser.post(f"/account/tokens/{number}/revoke").status_code == 404


def test_nobody_ends_the_token_of_another(server: World) -> None:
    number = token(server, "planner", "check")["authorization"].split("_")[1]
    assert server.client("viewer").post(f"/account/tokens/{number}/revoke").status_code == 404
    assert [one.revoked for one in Tokens(server.server.store.database).of("planner")] == [""]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"scopes": []}, "scopes are one or more of: check, cases:read, cases:write"),
        ({"scopes": ["everything"]}, "scopes are one or more of: check, cases:read, cases:write"),
        ({"days": 0}, "a token is valid for 1 to 366 days"),
        ({"days": 367}, "a token is valid for 1 to 366 days"),
        ({"title": " "}, "say what the token is for (80 characters at most)"),
    ],
)
def test_what_a_token_may_not_be(server: World, told: dict[str, object], sentence: str) -> None:
    values: dict[str, Any] = {"title": "x", "scopes": ["check"], "days": 1, **told}
    with pytest.raises(UsageError) as caught:
        Tokens(server.server.store.database).create("viewer", stamp=stamp(), **values)
    assert caught.value.text.en.startswith(sentence)


def test_a_token_ends_at_its_time_and_its_use_is_noted(server: World) -> None:
    tokens = Tokens(server.server.store.database)
    begun = datetime(2026, 3, 2, tzinfo=UTC)
    told = tokens.create("planner", title="old", scopes=["check"], days=2, stamp=Stamp("planner", begun))
    assert tokens.who(told, begun + timedelta(hours=47)).name == "planner"
    assert tokens.who(told, begun + timedelta(hours=48)) == NOBODY
    kept = next(one for one in tokens.of("planner") if one.title == "old")
    assert kept.used == "2026-03-03T23:00:00.000000+00:00"


def test_the_second_of_two_administrators_is_told_and_loses_nothing(server: World, accounts: Accounts) -> None:
    make(accounts, "shared")
    page = server.client("admin").get("/accounts/shared")
    version = page.text.split('name="version" value="')[1].split('"')[0]
    first, second = server.client("admin"), server.client("boss", language="en")
    assert first.post("/accounts/shared", {"version": version, "title": "甲", "role": "viewer"}).status_code == 303
    answer = second.post("/accounts/shared", {"version": version, "title": "What I typed", "role": "planner"})
    assert answer.status_code == 409
    assert "admin changed this account at " in answer.text
    assert 'value="What I typed"' in answer.text
    assert 'value="planner" checked' in answer.text
    now = answer.text.split('name="version" value="')[1].split('"')[0]
    assert second.post("/accounts/shared", {"version": now, "title": "B", "role": "planner"}).status_code == 303
    found = accounts.get("shared")
    assert found is not None
    assert (found.title, sorted(found.roles)) == ("B", ["planner"])


def test_administrators_make_reset_and_switch(server: World, accounts: Accounts) -> None:
    admin = server.client("admin")
    form = {"name": "wang.wu", "title": "王五", "password": PASSWORD, "role": ["reviewer", "viewer"]}
    assert admin.post("/accounts", form).headers["location"] == "/accounts?done=made"
    again = admin.post("/accounts", form)
    assert again.status_code == 422
    assert "已有账号“wang.wu”" in again.text
    assert 'value="王五"' in again.text
    person = server.client("wang.wu")
    assert admin.post("/accounts/wang.wu/sessions").status_code == 303
    assert person.get("/account").status_code == 303
    assert admin.post("/accounts/wang.wu/password", {"password": NEW}).status_code == 303
    assert Browser(person.http).http.post("/sign-in", data={"name": "wang.wu", "password": NEW}).status_code == 303
    assert admin.post("/accounts/wang.wu/active", {"to": "off"}).status_code == 303
    off = server.client().http.post("/sign-in", data={"name": "wang.wu", "password": NEW})
    assert off.status_code == 401
    assert "账号或密码不对" in off.text
    assert admin.get("/accounts/nobody").status_code == 404
    assert admin.post("/accounts", {**form, "name": "x y", "role": "viewer"}).status_code == 400
    assert accounts.get("x y") is None


def test_the_last_administrator_stays(accounts: Accounts) -> None:
    accounts.change("boss", roles=["viewer"], stamp=stamp())
    for name in ("changes", "leaves"):
        if accounts.get(name) is not None:
            accounts.change(name, is_active=False, stamp=stamp())
    with pytest.raises(UsageError, match="at least one active administrator has to remain"):
        accounts.change("admin", is_active=False, stamp=stamp())
    with pytest.raises(UsageError, match="at least one active administrator has to remain"):
        accounts.change("admin", roles=["viewer"], stamp=stamp())
    found = accounts.get("admin")
    assert found is not None
    assert found.is_active


def test_what_administrators_do_is_in_the_log_without_passwords(server: World, accounts: Accounts) -> None:
    make(accounts, "logged")
    accounts.change("logged", password=NEW, roles=["planner"], stamp=stamp("admin"))
    accounts.end_sessions("logged", stamp("admin"))
    with server.server.store.database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT actor, action, payload FROM register_event WHERE record = 'account:logged' ORDER BY seq"
        ).all()
    assert [tuple(row) for row in rows] == [
        ("setup", "admin", '{"roles":["viewer"],"subject":null,"title":"logged","what":"create"}'),
        ("admin", "admin", '{"password":"***","roles":"[\\"planner\\"]","what":"change"}'),
        ("admin", "admin", '{"sessions":0,"what":"end-sessions"}'),
    ]
    assert server.server.store.verify().faults == ()


def test_a_change_from_an_old_page_is_refused(accounts: Accounts) -> None:
    make(accounts, "stale")
    accounts.change("stale", title="B", version=1, stamp=stamp())
    with pytest.raises(ContentError, match="account 'stale' was just changed: reload it first"):
        accounts.change("stale", title="C", version=1, stamp=stamp())
