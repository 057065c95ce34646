"""Signing in through a provider of identities: a small one is made here, with real keys, and lies in every way."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from web_world import PASSWORD, World, world
from zoning.registers.entries import Stamp
from zoning.web.accounts.accounts import Accounts
from zoning.web.accounts.provisioning import roles_of
from zoning.web.settings import Oidc
from zoning.web.workers.pool import Pool

SECRET = "known to both"  # noqa: S105 - of the test
INVALID = "统一身份的答复未通过核验，没有登录；请重试，若再次出现请告知管理员"
STALE = "这次统一身份登录已失效，或不是由本浏览器发起；请重新登录"
UNREACHABLE = "统一身份服务无法连接；请稍后再试，或用账号和密码登录"


@dataclass
class Provider:
    """What the provider will say; `changes` go over the claims of its token, `header` over the header."""

    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "k1"}))
    published: RSAKey | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    description: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    now: int = 0
    fails: bool = False

    def agree(self, address: str) -> tuple[str, str]:
        """Do what the provider's page does: return state and code."""
        told = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert told["response_type"] == "code"
        assert told["code_challenge_method"] == "S256"
        assert set(told["scope"].split()) == {"openid", "profile"}
        code = f"code{len(self.codes)}"
        self.codes[code] = told
        return told["state"], code

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """Answer at the token endpoint; None where what is asked does not fit."""
        told = self.codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "")
        challenge = plain(hashlib.sha256(verifier.encode()).digest())
        if told is None or challenge != told["code_challenge"] or form["redirect_uri"] != told["redirect_uri"]:
            return None
        claims = {
            "iss": self.url,
            "aud": "zoning",
            "sub": "7",
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": told["nonce"],
            "preferred_username": "zhang.san",
            "name": "张三",
            "roles": ["审批科"],
            **self.changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "k1"}
        if self.algorithm in ("none", "HS256"):
            # No signature, or the public key as a secret of both: old tricks.
            signed = ".".join(plain(json.dumps(part).encode()) for part in (header, claims))
            mac = hmac.digest(self.key.as_pem(private=False), signed.encode(), "sha256")
            signed += "." + (plain(mac) if self.algorithm == "HS256" else "")
        else:
            signed = jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


def plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        provider = self.provider
        provider.asked.append(self.path)
        if self.path.endswith("/.well-known/openid-configuration"):
            told: dict[str, Any] = {
                "issuer": provider.url,
                "authorization_endpoint": f"{provider.url}/authorize",
                "token_endpoint": f"{provider.url}/token",
                "jwks_uri": f"{provider.url}/keys",
                **provider.description,
            }
            self._say(500 if provider.fails else 200, told)
        elif self.path == "/keys":
            self._say(200, {"keys": [(provider.published or provider.key).as_dict(private=False)]})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        told = self.provider.token({name: values[0] for name, values in parse_qs(body).items()})
        expected = "Basic " + base64.b64encode(f"zoning:{quote_plus(SECRET)}".encode()).decode()
        good = told is not None and self.headers["authorization"] == expected
        self._say(200 if good else 400, told if good and told is not None else {"error": "invalid_grant"})

    def _say(self, status: int, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def provider() -> Iterator[Provider]:
    found = Provider()
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"provider": found})) as server:
        server.daemon_threads = True
        found.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    with world(shared_root, tmp_path_factory.mktemp("oidc"), shared_pool) as found:
        yield found


@pytest.fixture
def server(base: World, provider: Provider) -> Iterator[World]:
    """Return a server with the provider; the account of 张三 is made anew for each test."""
    oidc = Oidc(
        provider.url,
        "zoning",
        SECRET,
        roles={"审批科": ("reviewer",), "局": ("viewer", "planner")},
        button="县政务登录",
    )
    before = base.server.settings
    base.server.settings = replace(before, oidc=oidc)
    base.server.guards.provider = None
    base.server.guards.started.clear()
    provider.now = int(base.server.now().timestamp())
    yield base
    base.server.settings = before
    with base.server.store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM server_account WHERE subject IS NOT NULL OR name = 'zhang.san'")


def sign_in(server: World, provider: Provider, target: str = "/check") -> Any:
    browser = server.client()
    begun = browser.get(f"/sign-in/provider?next={target}")
    assert begun.status_code == 303
    state, code = provider.agree(begun.headers["location"])
    answer = browser.get(f"/sign-in/provider/answer?state={state}&code={code}")
    answer.browser = browser
    return answer


def test_whoever_the_provider_names_is_signed_in_with_the_roles_of_the_claim(server: World, provider: Provider) -> None:
    page = server.client().get("/sign-in?next=/cases")
    assert 'href="/sign-in/provider?next=/cases">县政务登录</a>' in page.text
    answer = sign_in(server, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/check")
    assert answer.browser.get("/check").status_code == 200
    account = Accounts(server.server.store.database).get("zhang.san")
    assert account is not None
    assert (account.title, sorted(account.roles), account.has_password) == ("张三", ["reviewer"], False)
    assert account.subject == f"{provider.url}|7"
    assert server.client().http.post("/sign-in", data={"name": "zhang.san", "password": ""}).status_code == 401


def test_roles_follow_the_claim_and_end_older_sessions(server: World, provider: Provider) -> None:
    first = sign_in(server, provider).browser
    provider.changes = {"roles": ["局", "unknown", 7], "preferred_username": "another.name"}
    second = sign_in(server, provider).browser
    account = Accounts(server.server.store.database).get("zhang.san")
    assert account is not None
    assert account.roles == {"viewer", "planner"}
    assert (first.get("/account").status_code, second.get("/account").status_code) == (303, 200)


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-program"},
        {"aud": ["another-program"]},
        {"aud": None},
        {"aud": ["zoning", "another-program"]},
        {"azp": "another-program"},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"iat": 9_999_999_999},
        {"sub": None},
        {"sub": 7},
        {"nbf": 9_999_999_999},
    ],
    ids=str,
)
def test_claims_that_do_not_hold_sign_nobody_in(server: World, provider: Provider, changes: dict[str, Any]) -> None:
    provider.changes = changes
    answer = sign_in(server, provider)
    assert answer.status_code == 403
    assert INVALID in answer.text
    assert answer.browser.get("/check").headers["location"] == "/sign-in?next=%2Fcheck"
    assert Accounts(server.server.store.database).get("zhang.san") is None


@pytest.mark.parametrize("algorithm", ["none", "HS256", "other key"])
def test_signatures_that_do_not_hold_sign_nobody_in(server: World, provider: Provider, algorithm: str) -> None:
    if algorithm == "other key":
        provider.published = RSAKey.generate_key(2048, parameters={"kid": "k1"})
    else:
        provider.algorithm = algorithm
    answer = sign_in(server, provider)
    assert answer.status_code == 403
    assert INVALID in answer.text


def test_two_audiences_need_to_say_that_we_are_meant(server: World, provider: Provider) -> None:
    provider.changes = {"aud": ["zoning", "another-program"], "azp": "zoning"}
    assert sign_in(server, provider).status_code == 303


def test_new_keys_of_the_provider_are_fetched_once(server: World, provider: Provider) -> None:
    assert sign_in(server, provider).status_code == 303
    assert provider.asked.count("/keys") == 1
    provider.key = RSAKey.generate_key(2048, parameters={"kid": "k1"})
    assert sign_in(server, provider).status_code == 403  # asked seconds ago
    made = server.server.guards.provider
    assert made is not None
    assert made._keys is not None
    made._keys = made._keys[0] - 60, made._keys[1]
    assert sign_in(server, provider).status_code == 303
    assert provider.asked.count("/keys") == 2


def test_an_answer_is_good_once_in_the_browser_that_asked(server: World, provider: Provider) -> None:
    begun = server.client()
    state, code = provider.agree(begun.get("/sign-in/provider").headers["location"])
    path = f"/sign-in/provider/answer?state={state}&code={code}"
    for browser, address in (
        (server.client(), path),
        (begun, path.replace(state, "guessed")),
        (begun, "?".join(path.split("?")[:1])),
    ):
        answer = browser.get(address)
        assert answer.status_code == 403
        assert STALE in answer.text
    assert begun.get(path).status_code == 303
    assert begun.get(path).status_code == 403


def test_an_answer_that_comes_too_late_is_refused(server: World, provider: Provider) -> None:
    browser = server.client()
    state, code = provider.agree(browser.get("/sign-in/provider").headers["location"])
    usual = server.server.clock
    server.server.clock = lambda: usual() + timedelta(minutes=11)
    try:
        answer = browser.get(f"/sign-in/provider/answer?state={state}&code={code}")
    finally:
        server.server.clock = usual
    assert (answer.status_code, STALE in answer.text) == (403, True)


def test_whoever_says_no_at_the_provider_is_told(server: World, provider: Provider) -> None:
    browser = server.client()
    state, _ = provider.agree(browser.get("/sign-in/provider").headers["location"])
    answer = browser.get(f"/sign-in/provider/answer?state={state}&error=access_denied")
    assert answer.status_code == 403
    assert "统一身份没有同意登录" in answer.text


def test_a_code_that_the_provider_does_not_know_signs_nobody_in(server: World, provider: Provider) -> None:
    browser = server.client()
    state, _ = provider.agree(browser.get("/sign-in/provider").headers["location"])
    answer = browser.get(f"/sign-in/provider/answer?state={state}&code=guessed")
    assert (answer.status_code, INVALID in answer.text) == (403, True)


def test_an_account_of_the_same_name_is_not_taken_over(server: World, provider: Provider) -> None:
    accounts = Accounts(server.server.store.database)
    stamp = Stamp("setup", server.server.now())
    accounts.create("zhang.san", title="另一人", roles=["admin"], password=PASSWORD, stamp=stamp)
    answer = sign_in(server, provider)
    assert answer.status_code == 403
    assert f"账号“zhang.san”已有他人使用；请把身份编号告知管理员：{provider.url}|7" in answer.text
    accounts.change("zhang.san", subject=f"{provider.url}|7", stamp=stamp)
    assert sign_in(server, provider).status_code == 303


@pytest.mark.parametrize("roles", [[], ["unknown"], None, "viewer", {"审批科": True}])
def test_without_a_role_nobody_is_signed_in(server: World, provider: Provider, roles: Any) -> None:
    provider.changes = {"roles": roles}
    answer = sign_in(server, provider)
    assert answer.status_code == 403
    assert "您的身份在本系统没有角色" in answer.text
    assert Accounts(server.server.store.database).get("zhang.san") is None


def test_an_account_that_was_switched_off_stays_off(server: World, provider: Provider) -> None:
    sign_in(server, provider)
    stamp = Stamp("admin", server.server.now())
    Accounts(server.server.store.database).change("zhang.san", is_active=False, stamp=stamp)
    answer = sign_in(server, provider)
    assert (answer.status_code, "您的账号已停用" in answer.text) == (403, True)


@pytest.mark.parametrize("name", ["../admin", "<b>x</b>", "a b", "", 7, "x" * 41])
def test_a_strange_name_becomes_a_number(server: World, provider: Provider, name: Any) -> None:
    provider.changes = {"preferred_username": name, "name": "<script>\u202e" + "x" * 200}
    assert sign_in(server, provider).status_code == 303
    found = Accounts(server.server.store.database).of_subject(f"{provider.url}|7")
    assert found is not None
    assert found.name == f"oidc-{hashlib.sha256(f'{provider.url}|7'.encode()).hexdigest()[:12]}"
    assert found.title == "<script>" + "x" * 72


def test_a_provider_that_is_another_one_or_fails_is_not_used(server: World, provider: Provider) -> None:
    provider.fails = True
    answer = server.client().get("/sign-in/provider")
    assert (answer.status_code, UNREACHABLE in answer.text) == (503, True)
    provider.fails = False
    provider.description = {"issuer": "https://evil.example"}
    answer = server.client().get("/sign-in/provider")
    assert (answer.status_code, INVALID in answer.text) == (403, True)


def test_without_a_provider_there_is_nothing(base: World) -> None:
    assert base.server.settings.oidc is None
    browser = base.client()
    assert "provider" not in browser.get("/sign-in").text
    assert browser.get("/sign-in/provider").status_code == 404
    assert browser.get("/sign-in/provider/answer?state=a&code=b").status_code == 404


def test_a_claim_may_lie_deeper() -> None:
    oidc = Oidc("https://id.example", "zoning", roles_claim="realm_access.roles", roles={"a": ("viewer",)})
    assert roles_of(oidc, {"realm_access": {"roles": ["a"]}}) == ["viewer"]
    assert roles_of(oidc, {"realm_access.roles": "a"}) == ["viewer"]
    assert roles_of(oidc, {"realm_access": ["a"]}) == []
