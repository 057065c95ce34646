"""Servers for the tests of the workbench: workers are started once for all of a process."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from playwright.sync_api import Browser, expect

import map_pages
from edition_desk import desk, quiet, small
from live_server import Lent, Live, listening
from web_world import World, pool_of, prepared_workspace, world
from zoning.web.workers.pool import Pool

__all__ = ["desk", "quiet", "small"]
"""Fixtures of the tests of editions."""

expect.set_options(timeout=map_pages.PATIENCE_MS)


@pytest.fixture(scope="session")
def shared_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace that no test changes; its layers are prepared, all but one."""
    return prepared_workspace(tmp_path_factory.mktemp("workspace") / "w")


@pytest.fixture(scope="session")
def shared_pool(shared_root: Path) -> Iterator[Pool]:
    """Give one warm worker of that workspace."""
    pool = pool_of(shared_root)
    yield pool
    pool.close()


@pytest.fixture
def office(tmp_path: Path, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    """Give a server with a fresh register."""
    with world(shared_root, tmp_path, shared_pool, is_shared=True) as found:
        yield found


@pytest.fixture(scope="module")
def live_server(
    tmp_path_factory: pytest.TempPathFactory, shared_root: Path, shared_pool: Pool, browser: Browser
) -> Iterator[Live]:
    """Give a server that listens, with a fresh register for all tests of a module."""
    lent = cast("Pool", Lent(shared_pool))
    home = tmp_path_factory.mktemp("live")
    with world(shared_root, home, lent, is_shared=True) as found, listening(found) as url:
        live = Live(found, url, browser)
        yield live
        live.close()


@pytest.fixture
def live(live_server: Live) -> Iterator[Live]:
    """Give it to one test: what its pages complain about, or ask of the world outside, fails the test."""
    yield live_server
    assert live_server.end_of_test() == []
