"""Servers for the tests of the workbench: workers are started once for all of a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from web_world import World, pool_of, workspace, world
from zoning.web.workers.pool import Pool


@pytest.fixture(scope="session")
def shared_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that no test changes."""
    return workspace(tmp_path_factory.mktemp("workspace") / "w")


@pytest.fixture(scope="session")
def shared_pool(shared_root: Path) -> Iterator[Pool]:
    """One warm worker of that workspace."""
    pool = pool_of(shared_root)
    yield pool
    pool.close()


@pytest.fixture
def office(tmp_path: Path, shared_root: Path, shared_pool: Pool) -> Iterator[World]:
    """A server with a fresh register."""
    with world(shared_root, tmp_path, shared_pool) as found:
        yield found
