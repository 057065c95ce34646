"""Signing in through the provider of identities of the office."""

from typing import TYPE_CHECKING

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from zoning.texts import Text
from zoning.web.access import PUBLIC
from zoning.web.accounts.accounts import Accounts
from zoning.web.accounts.identity import cookie_name
from zoning.web.pages.sign_in import begin_session, own_path
from zoning.web.refusals import Refused, not_found
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of

if TYPE_CHECKING:
    from zoning.web.accounts.oidc import Provider

routes = Routes()
_COOKIE = "zoning_provider"
_ANSWER = "/sign-in/provider/answer"


@routes.get("/sign-in/provider", access=PUBLIC)
def to_provider(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Go to the provider."""
    from zoning.web.accounts.oidc import keep_started

    server = server_of(request)
    provider = _provider(server)
    url, state, cookie, started = provider.begin(_back(request), own_path(next), server.now())
    keep_started(server.guards.started, state, started)
    answer = RedirectResponse(url, 303)
    settings = server.settings
    # Lax: it has to come along when the provider sends the browser back.
    answer.set_cookie(
        cookie_name(settings, _COOKIE), cookie, max_age=600, httponly=True, samesite="lax", secure=settings.is_secure
    )
    return answer


@routes.get(_ANSWER, access=PUBLIC)
def from_provider(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
    """Take the provider's answer, and begin a session."""
    from zoning.web.accounts.oidc import take_started
    from zoning.web.accounts.provisioning import account_for

    server = server_of(request)
    provider = _provider(server)
    cookie = request.cookies.get(cookie_name(server.settings, _COOKIE), "")
    started = take_started(server.guards.started, state, cookie, server.now())
    if error or not code:
        raise Refused(403, Text("统一身份没有同意登录", "the provider did not agree to the sign-in"))
    claims = provider.finish(started, code, _back(request), server.now())
    name = account_for(Accounts(server.store.database), provider.oidc, claims, server.now())
    answer = begin_session(request, name, started.target)
    answer.delete_cookie(cookie_name(server.settings, _COOKIE), secure=server.settings.is_secure, httponly=True)
    return answer


def _provider(server: Server) -> "Provider":
    from zoning.web.accounts.oidc import Provider

    if server.settings.oidc is None:
        raise not_found("没有配置统一身份登录", "there is no provider of identities")
    if server.guards.provider is None:
        server.guards.provider = Provider(server.settings.oidc)
    return server.guards.provider


def _back(request: Request) -> str:
    home = server_of(request).settings.public_url or str(request.base_url).rstrip("/")
    return home + _ANSWER
