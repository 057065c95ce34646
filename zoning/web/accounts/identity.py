"""Tells who asks: a browser by its cookie, a program by its token."""

from fastapi import Request

from zoning.web.access import NOBODY, Who
from zoning.web.accounts.sessions import Sessions
from zoning.web.settings import ServerSettings

COOKIE = "zoning_session"


def cookie_name(settings: ServerSettings) -> str:
    """Return the name of the cookie; over HTTPS one that browsers take from this host alone."""
    return f"__Host-{COOKIE}" if settings.is_secure else COOKIE


def identify(request: Request) -> Who:
    """Return who asks; nobody where neither cookie nor token is good."""
    from zoning.web.server import server_of

    server = server_of(request)
    cookie = request.cookies.get(cookie_name(server.settings), "")
    if not cookie:
        return NOBODY
    return Sessions(server.store.database, hours=server.settings.session_hours).who(cookie, server.now())


def client_of(request: Request) -> str:
    """Return the address of the client; uvicorn has believed trusted proxies already."""
    return request.client.host if request.client is not None else "?"
