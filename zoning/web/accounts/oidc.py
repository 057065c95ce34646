"""Signing in through a provider of identities: OpenID Connect, authorization code with PKCE, state and nonce.

Nothing is asked of the provider before somebody presses its button. What was started is kept in memory for ten minutes
and bound to the browser by a cookie of its own: an answer is good once, in the browser that asked.

Source: OpenID Connect Core 1.0, sections 3.1.2 (authorization), 3.1.3.7 (validation of the ID token); RFC 7636 (PKCE).
"""

import logging
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from urllib.parse import quote_plus

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from zoning.registers.canonical import sha256
from zoning.texts import Text
from zoning.web.refusals import Refused
from zoning.web.settings import Oidc

_LOG = logging.getLogger("zoning.web.oidc")
_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
_TIMEOUT_S = 10.0
_KNOWN_S = 3600.0
_KEYS_AGAIN_S = 30.0
_LEEWAY_S = 60
_LASTS = timedelta(minutes=10)
_MOST_STARTED = 10_000


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in on its way; `browser`: digest of the cookie of the browser that began it; `target`: where it goes."""

    browser: str
    nonce: str
    verifier: str
    target: str
    at: datetime


class Provider:
    """The provider as it describes itself; asked again after an hour, its keys also when one is unknown."""

    def __init__(self, oidc: Oidc) -> None:
        self.oidc = oidc
        self._lock = threading.Lock()
        self._about: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def begin(self, redirect: str, target: str, now: datetime) -> tuple[str, str, str, Started]:
        """Return the address to go to, the state, the cookie for the browser, and what has to be kept.

        Raises
        ------
        Refused
            503 when the provider cannot be reached.
        """
        browser, nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(64)
        state = secrets.token_urlsafe(32)
        url = prepare_grant_uri(
            self._endpoint("authorization_endpoint"),
            self.oidc.client_id,
            "code",
            redirect_uri=redirect,
            scope=" ".join(self.oidc.scopes),
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return url, state, browser, Started(sha256(browser.encode()), nonce, verifier, target, now)

    def finish(self, started: Started, code: str, redirect: str, now: datetime) -> Mapping[str, Any]:
        """Return what the provider says of who signed in: the claims of a valid ID token.

        Raises
        ------
        Refused
            403 when what it says does not hold, 503 when it cannot be reached.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": started.verifier,
        }
        try:
            return self._claims(self._token(form), started.nonce, now)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise _invalid(error) from error
        except httpx.HTTPError as error:
            raise _unreachable(error) from error

    def _token(self, form: dict[str, str]) -> str:
        """Return the ID token that a code is exchanged for."""
        told = self.oidc
        # RFC 6749, 2.3.1: name and secret are encoded before they are joined.
        auth = (quote_plus(told.client_id), quote_plus(told.client_secret)) if told.client_secret else None
        if auth is None:
            form = {**form, "client_id": told.client_id}
        answer = httpx.post(self._endpoint("token_endpoint"), data=form, auth=auth, timeout=_TIMEOUT_S)
        if answer.is_client_error:
            raise ValueError(answer.status_code)
        answer.raise_for_status()
        return str(answer.json()["id_token"])

    def _claims(self, token: str, nonce: str, now: datetime) -> Mapping[str, Any]:
        try:
            decoded = jwt.decode(token, self._key_set(fresh=False), algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            # The provider may have new keys.
            decoded = jwt.decode(token, self._key_set(fresh=True), algorithms=_ALGORITHMS)
        claims: dict[str, Any] = decoded.claims
        jwt.JWTClaimsRegistry(
            int(now.timestamp()),
            _LEEWAY_S,
            iss={"essential": True, "value": self.oidc.issuer},
            aud={"essential": True, "value": self.oidc.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (others or "azp" in claims) and claims.get("azp") != self.oidc.client_id:
            raise ValueError("azp")
        return claims

    def _endpoint(self, name: str) -> str:
        return str(self._description()[name])

    def _description(self) -> dict[str, Any]:
        with self._lock:
            if self._about is None or time.monotonic() - self._about[0] > _KNOWN_S:
                about = _fetched(f"{self.oidc.issuer.rstrip('/')}/.well-known/openid-configuration")
                wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
                if about.get("issuer") != self.oidc.issuer or not all(isinstance(about.get(n), str) for n in wanted):
                    raise _invalid(ValueError("description"))
                self._about = time.monotonic(), about
            return self._about[1]

    def _key_set(self, *, fresh: bool) -> KeySet:
        address = self._endpoint("jwks_uri")
        with self._lock:
            age = _KNOWN_S + 1 if self._keys is None else time.monotonic() - self._keys[0]
            if self._keys is None or age > (_KEYS_AGAIN_S if fresh else _KNOWN_S):
                keys = KeySet.import_key_set(cast("KeySetSerialization", _fetched(address)))
                self._keys = time.monotonic(), keys
            return self._keys[1]


def keep_started(all_started: dict[str, Started], state: str, started: Started) -> None:
    """Keep a sign-in on its way; those that took too long are forgotten."""
    if len(all_started) >= _MOST_STARTED:
        oldest = sorted(all_started, key=lambda one: all_started[one].at)[: _MOST_STARTED // 2]
        for old in oldest:
            all_started.pop(old, None)
    all_started[state] = started


def take_started(all_started: dict[str, Started], state: str, browser: str, now: datetime) -> Started:
    """Return the sign-in that an answer belongs to, once.

    Raises
    ------
    Refused
        403 when there is none, it took too long, or another browser began it.
    """
    started = all_started.get(state)
    if started is None or not secrets.compare_digest(started.browser, sha256(browser.encode())):
        raise _stale()
    all_started.pop(state, None)
    if now - started.at > _LASTS:
        raise _stale()
    return started


def _fetched(address: str) -> dict[str, Any]:
    try:
        answer = httpx.get(address, timeout=_TIMEOUT_S, follow_redirects=False)
        answer.raise_for_status()
        told = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise _unreachable(error) from error
    if not isinstance(told, dict):
        raise _unreachable(TypeError(address))
    return told


def _stale() -> Refused:
    return Refused(
        403,
        Text(
            "这次统一身份登录已失效，或不是由本浏览器发起；请重新登录",
            "this sign-in has expired or was begun in another browser: sign in again",
        ),
    )


def _invalid(error: Exception) -> Refused:
    _LOG.warning("oidc-refused", extra={"kind": type(error).__name__})
    return Refused(
        403,
        Text(
            "统一身份的答复未通过核验，没有登录；请重试，若再次出现请告知管理员",
            "the provider's answer did not pass the checks and nobody was signed in: try again, and tell the "
            "administrator if it happens again",
        ),
    )


def _unreachable(error: Exception) -> Refused:
    _LOG.warning("oidc-unreachable", extra={"kind": type(error).__name__})
    return Refused(
        503,
        Text(
            "统一身份服务无法连接；请稍后再试，或用账号和密码登录",
            "the provider of identities cannot be reached: try again later, or sign in with account and password",
        ),
    )
