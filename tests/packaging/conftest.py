"""Desks for the commands that the pages show: each subject has its own, the program is started once for all."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from page_commands import Desk, make_desk, subjects
from warm_command import warm_command


@pytest.fixture(scope="session")
def programs() -> Iterator[Path]:
    """Give a folder for `$PATH` that holds `zoning`."""
    with warm_command() as folder:
        yield folder


@pytest.fixture(scope="module")
def followed(
    tmp_path_factory: pytest.TempPathFactory, repository_root: Path, workspace_root: Path, programs: Path
) -> Callable[[str], Desk]:
    """Return the function that gives the desk of a subject after all its commands have been run there, once."""
    found = subjects(repository_root)
    desks: dict[str, Desk] = {}

    def desk(subject: str) -> Desk:
        if subject not in desks:
            folder = tmp_path_factory.mktemp("desk")
            desks[subject] = make_desk(folder, workspace_root, programs, found[subject])
            assert desks[subject].follow(found[subject]) >= 1
        return desks[subject]

    return desk
