"""A server of a workspace of its own for tests: accounts of every role, clients that are signed in."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from command_here import run_here
from worker_world import Looking
from zoning.cli.warm import WarmCommands
from zoning.overlay.source import LayerSource
from zoning.registers.entries import Stamp
from zoning.registers.store import open_store
from zoning.registers.types import read_register_types
from zoning.web.access import ROLES
from zoning.web.accounts.accounts import Accounts
from zoning.web.app import create_app
from zoning.web.server import Server
from zoning.web.settings import ServerSettings
from zoning.web.workers.pool import Pool
from zoning.workspace import Workspace, builtin_root, copy_workspace

PASSWORD = "three mountains, one river"  # noqa: S105 - of made-up people
NOT_PREPARED = "no-coal-zones"
"""A layer that is read from its file."""
_PATIENCE_S = 60


@dataclass
class World:
    """A server with one account per role (named like it, password `PASSWORD`), and `boss` with all roles."""

    root: Path
    server: Server
    app: FastAPI
    moment: list[datetime] = field(default_factory=list)

    def client(self, name: str = "", *, language: str = "zh") -> "Browser":
        """Return a browser; signed in unless `name` is empty."""
        browser = Browser(TestClient(self.app, headers={"accept-language": language, "accept": "text/html"}))
        if name:
            browser.sign_in(name)
        return browser


class Browser:
    """A client that keeps cookies and brings the mark of its session with every form."""

    def __init__(self, http: TestClient) -> None:
        self.http = http
        self.http.follow_redirects = False
        self.csrf = ""

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Sign in; the answer has to be a redirect."""
        answer = self.http.post("/sign-in", data={"name": name, "password": password})
        assert answer.status_code == 303, answer.text
        page = self.http.get("/")
        self.csrf = page.text.split('name="csrf" content="')[1].split('"')[0]

    def get(self, path: str, **options: Any) -> Any:
        """GET."""
        return self.http.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        """POST with the mark of the session."""
        return self.http.post(path, data={"csrf": self.csrf, **(data or {})}, **options)


def workspace(folder: Path) -> Path:
    """Return a copy of the built-in workspace with its examples."""
    copy_workspace(builtin_root(), folder)
    shutil.copytree(builtin_root() / "examples", folder / "examples")
    return folder


def prepared_workspace(folder: Path) -> Path:
    """Return the same with its layers prepared, as they soon are in an office, all but `NOT_PREPARED`.

    Checks are much faster with them; a copy of the folder has them too.
    """
    root = workspace(folder)
    layers = (path.stem for path in sorted((root / "layers").glob("*.yaml")))
    done = run_here("layers", "prepare", *(one for one in layers if one != NOT_PREPARED), "--workspace", root, cwd=root)
    assert done.returncode == 0, done.stderr
    return root


def copied(root: Path, folder: Path) -> Path:
    """Return a copy of a workspace in a folder: to be changed."""
    return Path(shutil.copytree(root, folder / "w"))


@cache
def opened(root: Path) -> "tuple[Workspace, LayerSource]":
    """Return an opened workspace that nobody changes."""
    return WarmCommands().open(root)


@cache
def quickly_hashed(password: str) -> str:
    """Return a hash at the least cost that argon2 knows; whoever signs in pays the cost that a hash names."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


@contextmanager
def world(
    root: Path, home: Path, pool: Pool, *, is_shared: bool = False, register: str = "", **settings: Any
) -> Iterator[World]:
    """Yield a server with a fresh register in `home`.

    Parameters
    ----------
    pool
        Workers of the workspace `root`: shared by tests that do not change its content.
    is_shared
        Whether no test changes the content: it is then opened once for all.
    register
        postgresql:// address of an empty database; a file in `home` without it.
    """
    before = set(threading.enumerate())
    address = register or str(home / "register.sqlite")
    told = ServerSettings(workspace=root, register=address, files=home / "files", state=home / "state", **settings)
    store = open_store(told.register, read_register_types(root), create=True, files=told.files)
    found, source = opened(root) if is_shared else WarmCommands().open(root)
    server = Server(told, store, pool, found, source, lambda: WarmCommands().open(root))
    stamp = Stamp("setup", datetime.now(UTC))
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr("zoning.web.accounts.accounts.hashed", quickly_hashed)
        for name in ROLES:
            Accounts(store.database).create(name, title=ROLES[name].zh, roles=[name], password=PASSWORD, stamp=stamp)
        Accounts(store.database).create("boss", title="主任", roles=list(ROLES), password=PASSWORD, stamp=stamp)
    try:
        yield World(root, server, create_app(server))
    finally:
        _end_rechecks(before)
        store.close()


def _end_rechecks(before: set[threading.Thread]) -> None:
    """Wait for what a server began beside its answers: in the process of the tests it would meet the next test."""
    for thread in set(threading.enumerate()) - before:
        if thread.name == "zoning-recheck":
            thread.join(_PATIENCE_S)
            assert not thread.is_alive(), "a re-check does not end"


def pool_of(root: Path, size: int = 1, *, is_lazy: bool = False) -> Pool:
    """Return workers of a workspace; close them.

    Parameters
    ----------
    is_lazy
        Whether keepers make nothing ready beforehand: where they are replaced after a task or two.
    """
    # Beside another test process that takes its core whole, a job that stands back would hardly get on.
    return Pool(root, Looking(), size=size, niceness=0, job_niceness=0, is_lazy=is_lazy)
