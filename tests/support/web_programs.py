"""Programs that use a server with a token."""

from collections.abc import Iterable
from datetime import UTC, datetime

from fastapi.testclient import TestClient

from web_world import World
from zoning.registers.entries import Stamp
from zoning.web.accounts.tokens import Tokens

EVERY = ("check", "cases:read", "cases:write", "layers:read", "parcels:read", "parcels:write")


def token(office: World, name: str, scopes: Iterable[str] = EVERY) -> str:
    """Return a new token of an account."""
    stamp = Stamp(name, datetime.now(UTC))
    return Tokens(office.server.store.database).create(name, title="t", scopes=list(scopes), days=1, stamp=stamp)


def program(office: World, name: str = "reviewer", scopes: Iterable[str] = EVERY) -> TestClient:
    """Return a client with a token."""
    return TestClient(
        office.app, headers={"authorization": f"Bearer {token(office, name, scopes)}"}, follow_redirects=False
    )
