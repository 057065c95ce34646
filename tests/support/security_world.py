"""Many requests to one server, fast, and what they have changed: for tests of authorisation and hostile input."""

import asyncio
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from web_world import World
from zoning.registers.entries import Stamp
from zoning.web.accounts.identity import COOKIE
from zoning.web.accounts.sessions import Sessions
from zoning.web.accounts.tokens import Tokens

_UNTOUCHED = ("server_session", "server_token")
"""Tables that note when somebody was seen last."""


@dataclass(frozen=True)
class Ask:
    """One request; `options` are those of httpx."""

    method: str
    path: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Signed:
    """A signed-in browser: its cookie and mark."""

    cookie: str
    csrf: str

    def headers(self, *, mark: bool = True) -> dict[str, str]:
        told = {"cookie": f"{COOKIE}={self.cookie}", "accept": "text/html"}
        return {**told, "x-csrf": self.csrf} if mark else told


def signed(office: World, name: str) -> Signed:
    """Return a session of an account, without its password."""
    now = office.server.now()
    sessions = Sessions(office.server.store.database, hours=8)
    cookie = sessions.begin(name, now)
    return Signed(cookie, sessions.who(cookie, now).csrf)


def token(office: World, name: str, *scopes: str, days: int = 1) -> dict[str, str]:
    """Return the headers of a new token of an account."""
    stamp = Stamp("setup", datetime.now(UTC))
    made = Tokens(office.server.store.database).create(name, title="test", scopes=scopes, days=days, stamp=stamp)
    return {"authorization": f"Bearer {made}", "accept": "text/html"}


def ask_all(office: World, asks: Sequence[Ask]) -> list[httpx.Response]:
    """Send requests one after another; return the answers in their order."""

    async def send() -> list[httpx.Response]:
        transport = httpx.ASGITransport(office.app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return [await client.request(one.method, one.path, **one.options) for one in asks]

    return asyncio.run(send())


def filled(path: str) -> str:
    """Return a path with something in the place of each parameter."""
    return re.sub(r"\{[^}]+\}", "x1", path)


def state_of(office: World) -> tuple[str, list[str]]:
    """Return all tables but the moments somebody was seen, and the names of all files of people."""
    settings = office.server.settings
    with sqlite3.connect(settings.register) as connection:
        lines = [line for line in connection.iterdump() if not any(f'INTO "{name}"' in line for name in _UNTOUCHED)]
    connection.close()
    folders = [settings.files, *(settings.state / name for name in ("uploads", "checks", "jobs"))]
    return "\n".join(lines), [str(path) for folder in folders for path in _files(folder)]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
