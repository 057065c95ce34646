"""What a provider of identities answers: only a token that is meant for us, now, by this sign-in, lets anybody in."""

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from zoning.registers.canonical import sha256
from zoning.web.accounts import oidc
from zoning.web.accounts.oidc import Provider, Started
from zoning.web.refusals import Refused
from zoning.web.settings import Oidc

ISSUER = "https://id.example/realm"
BACK = "https://zoning.example/sign-in/provider/back"
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
AT = int(NOW.timestamp())
STARTED = Started("browser", "nonce-1", "verifier-1", "/cases", NOW)
KEY = ECKey.generate_key("P-256", parameters={"kid": "k1"})
OTHER_KEY = ECKey.generate_key("P-256", parameters={"kid": "k2"})
GOOD = {"iss": ISSUER, "aud": "zoning", "sub": "7", "iat": AT, "exp": AT + 300, "nonce": "nonce-1"}


class Office:
    """Answers in the place of the provider; counts what it was asked."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = dict(GOOD)
        self.key = KEY
        self.keys = [KEY]
        self.token: Any = None
        self.token_status = 200
        self.description: Any = {
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example/authorize",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://id.example/keys",
        }
        self.asked: list[str] = []
        self.forms: list[tuple[dict[str, str], tuple[str, str] | None]] = []
        self.lost: set[str] = set()

    def get(self, address: str, **options: Any) -> httpx.Response:
        assert options["follow_redirects"] is False
        self.asked.append(address)
        self._reach(address)
        if address == "https://id.example/keys":
            told: Any = {"keys": [key.as_dict(private=False) for key in self.keys]}
        else:
            assert address == f"{ISSUER}/.well-known/openid-configuration"
            told = self.description
        return httpx.Response(200, content=json.dumps(told), request=httpx.Request("GET", address))

    def post(self, address: str, *, data: dict[str, str], auth: Any, timeout: float) -> httpx.Response:
        assert timeout > 0
        self._reach(address)
        self.forms.append((data, auth))
        token = self.token
        if token is None:
            token = jwt.encode({"alg": "ES256", "kid": self.key.kid}, self.claims, self.key)
        return httpx.Response(
            self.token_status, content=json.dumps({"id_token": token}), request=httpx.Request("POST", address)
        )

    def _reach(self, address: str) -> None:
        if address in self.lost:
            raise httpx.ConnectError("refused")


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    found = Office()
    monkeypatch.setattr(httpx, "get", found.get)
    monkeypatch.setattr(httpx, "post", found.post)
    return found


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    at = [1000.0]
    monkeypatch.setattr(oidc, "time", SimpleNamespace(monotonic=lambda: at[0]))

    def turn(seconds: float) -> None:
        at[0] += seconds

    return turn


def provider(**more: Any) -> Provider:
    return Provider(Oidc(ISSUER, "zoning", **{"client_secret": "a b+c", **more}))


def finished(told: Provider | None = None, now: datetime = NOW) -> Any:
    return (told or provider()).finish(STARTED, "code-1", BACK, now)


def refused(status: int = 403) -> str:
    with pytest.raises(Refused) as caught:
        finished()
    assert caught.value.status == status
    return caught.value.text.zh


def test_a_good_token_tells_who_signed_in(office: Office) -> None:
    office.claims |= {"name": "张三", "roles": ["审批科"]}
    found = finished()
    assert (found["sub"], found["name"], found["roles"]) == ("7", "张三", ["审批科"])


def test_the_code_is_exchanged_with_the_verifier_and_the_secret(office: Office) -> None:
    finished()
    ((form, auth),) = office.forms
    assert form == {
        "grant_type": "authorization_code",
        "code": "code-1",
        "redirect_uri": BACK,
        "code_verifier": "verifier-1",
    }
    assert auth == ("zoning", "a+b%2Bc")  # RFC 6749, 2.3.1


def test_a_client_without_a_secret_names_itself(office: Office) -> None:
    finished(provider(client_secret=""))
    ((form, auth),) = office.forms
    assert (form["client_id"], auth) == ("zoning", None)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": ISSUER + "/"},
        {"aud": "another"},
        {"aud": []},
        {"aud": ["another"]},
        {"nonce": "nonce-2"},
        {"nonce": ""},
        {"exp": AT - 61},
        {"iat": AT + 61},
        {"nbf": AT + 61},
        {"sub": ""},
        {"aud": ["zoning", "another"]},
        {"aud": ["zoning", "another"], "azp": "another"},
        {"azp": "another"},
        {"azp": None},
    ],
    ids=repr,
)
def test_a_token_for_somebody_else_or_another_time_lets_nobody_in(office: Office, claims: dict[str, Any]) -> None:
    office.claims |= claims
    assert refused() == "统一身份的答复未通过核验，没有登录；请重试，若再次出现请告知管理员"


@pytest.mark.parametrize("claim", sorted(GOOD))
def test_a_token_that_lacks_what_every_token_has_lets_nobody_in(office: Office, claim: str) -> None:
    del office.claims[claim]
    refused()


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["zoning"]},
        {"aud": ["zoning"], "azp": "zoning"},
        {"aud": ["zoning", "another"], "azp": "zoning"},
        {"azp": "zoning"},
        {"exp": AT - 59},
        {"iat": AT + 59},
        {"nbf": AT + 59},
    ],
    ids=repr,
)
def test_clocks_may_differ_by_a_minute_and_others_may_be_meant_too(office: Office, claims: dict[str, Any]) -> None:
    office.claims |= claims
    assert finished()["sub"] == "7"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", 7, None, {"a": 1}, ["x"]], ids=repr)
def test_what_is_no_token_lets_nobody_in(office: Office, token: Any) -> None:
    office.token = "null" if token is None else token
    refused()


def test_a_token_without_a_signature_lets_nobody_in(office: Office) -> None:
    head, body, _ = jwt.encode({"alg": "ES256", "kid": "k1"}, GOOD, KEY).split(".")
    office.token = f"{head}.{body}."
    refused()


def test_a_token_that_was_changed_lets_nobody_in(office: Office) -> None:
    head, _, signature = jwt.encode({"alg": "ES256", "kid": "k1"}, GOOD, KEY).split(".")
    _, body, _ = jwt.encode({"alg": "ES256", "kid": "k1"}, {**GOOD, "sub": "8"}, KEY).split(".")
    office.token = f"{head}.{body}.{signature}"
    refused()


def test_a_token_of_another_key_under_the_known_name_lets_nobody_in(office: Office) -> None:
    office.token = jwt.encode({"alg": "ES256", "kid": "k1"}, GOOD, OTHER_KEY)
    refused()


@pytest.mark.parametrize(("status", "answered"), [(400, 403), (401, 403), (404, 403), (500, 503), (502, 503)])
def test_a_code_that_is_refused_is_told_from_a_provider_that_fails(office: Office, status: int, answered: int) -> None:
    office.token_status = status
    refused(answered)


@pytest.mark.parametrize(
    "lost", ["https://id.example/token", "https://id.example/keys", f"{ISSUER}/.well-known/openid-configuration"]
)
def test_a_provider_that_cannot_be_reached_is_told_as_that(office: Office, lost: str) -> None:
    office.lost = {lost}
    assert refused(503) == "统一身份服务无法连接；请稍后再试，或用账号和密码登录"


@pytest.mark.parametrize("description", [[], "x", None, 7])
def test_a_description_that_is_no_object_is_as_if_nobody_were_there(office: Office, description: Any) -> None:
    office.description = description
    refused(503)


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"issuer": ISSUER + "/"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"token_endpoint": 7},
        {"jwks_uri": ["https://id.example/keys"]},
    ],
    ids=repr,
)
def test_a_description_of_another_provider_or_without_its_addresses_lets_nobody_in(
    office: Office, changed: dict[str, Any]
) -> None:
    office.description |= changed
    refused()
    assert office.forms == []


def test_new_keys_are_asked_for_when_one_is_unknown(office: Office, clock: Callable[[float], None]) -> None:
    told = provider()
    finished(told)
    office.key, office.keys = OTHER_KEY, [KEY, OTHER_KEY]
    clock(31)
    assert finished(told)["sub"] == "7"
    assert office.asked.count("https://id.example/keys") == 2


def test_bad_tokens_make_nobody_ask_for_keys_all_the_time(office: Office, clock: Callable[[float], None]) -> None:
    told = provider()
    finished(told)
    office.token = ".".join("abc")
    for _ in range(5):
        with pytest.raises(Refused):
            finished(told)
        clock(5)
    assert office.asked.count("https://id.example/keys") == 1


@pytest.mark.parametrize(("seconds", "times"), [(3600, 1), (3601, 2)])
def test_the_provider_is_asked_again_after_an_hour(
    office: Office, clock: Callable[[float], None], seconds: float, times: int
) -> None:
    told = provider()
    finished(told)
    clock(seconds)
    finished(told)
    assert [office.asked.count(one) for one in dict.fromkeys(office.asked)] == [times, times]


@pytest.mark.parametrize("issuer", [ISSUER, ISSUER + "/"])
def test_the_description_lies_below_the_issuer_with_or_without_its_slash(office: Office, issuer: str) -> None:
    office.description["issuer"] = issuer
    Provider(Oidc(issuer, "zoning")).begin(BACK, "/", NOW)
    assert office.asked == [f"{ISSUER}/.well-known/openid-configuration"]


def test_a_sign_in_begins_with_all_that_its_answer_is_checked_by(office: Office) -> None:
    url, state, browser, started = provider(scopes=("openid", "groups")).begin(BACK, "/cases", NOW)
    told = {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()}
    assert url.startswith("https://id.example/authorize?")
    assert told["state"] == state
    assert told["nonce"] == started.nonce
    assert (told["client_id"], told["redirect_uri"], told["response_type"]) == ("zoning", BACK, "code")
    assert (told["scope"], told["code_challenge_method"]) == ("openid groups", "S256")
    assert (started.browser, started.target, started.at) == (sha256(browser.encode()), "/cases", NOW)
    assert started.verifier not in url
    assert browser not in url
    assert office.asked == [f"{ISSUER}/.well-known/openid-configuration"]


def test_the_challenge_is_that_of_rfc_7636(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    del office
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # appendix B
    monkeypatch.setattr(secrets, "token_urlsafe", lambda _: verifier)
    url, *_ = provider().begin(BACK, "/", NOW)
    assert "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" in url


def test_every_sign_in_has_secrets_of_its_own(office: Office) -> None:
    del office
    told = provider()
    begun = [told.begin(BACK, "/", NOW) for _ in range(3)]
    said = [(state, browser, one.nonce, one.verifier) for _, state, browser, one in begun]
    assert len({secret for each in said for secret in each}) == 12
    assert all(43 <= len(one.verifier) <= 128 for _, _, _, one in begun)  # RFC 7636, 4.1
