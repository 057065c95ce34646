"""Tells who asks: a browser by its cookie, a program by its token. One read of the database either way."""

from fastapi import Request

from zoning.web.access import NOBODY, Who
from zoning.web.accounts.sessions import Sessions
from zoning.web.accounts.tokens import Tokens
from zoning.web.settings import ServerSettings

COOKIE = "zoning_session"
DEVICE_COOKIE = "zoning_device"


def cookie_name(settings: ServerSettings, name: str = COOKIE) -> str:
    """Return the name of a cookie; over HTTPS one that browsers take from this host alone."""
    return f"__Host-{name}" if settings.is_secure else name


def identify(request: Request) -> Who:
    """Return who asks; nobody where neither cookie nor token is good.

    Whoever brings a token is asked by it alone, even where a cookie came along.
    """
    from zoning.web.server import server_of

    server = server_of(request)
    told = request.headers.get("authorization")
    if told is not None:
        kind, _, token = told.partition(" ")
        if kind.lower() != "bearer":
            return NOBODY
        return Tokens(server.store.database).who(token.strip(), server.now())
    cookie = request.cookies.get(cookie_name(server.settings), "")
    return sessions_of(request).who(cookie, server.now()) if cookie else NOBODY


def sessions_of(request: Request) -> Sessions:
    """Return the sessions of the server."""
    from zoning.web.server import server_of

    server = server_of(request)
    settings = server.settings
    return Sessions(server.store.database, hours=settings.session_hours, longest_hours=settings.longest_hours)


def client_of(request: Request) -> str:
    """Return the address of the client; uvicorn has believed trusted proxies already."""
    return request.client.host if request.client is not None else "?"
