"""The commands of pages about planning and statistics, run as a reader would; see test_readme_commands.py."""

from collections.abc import Callable
from pathlib import Path

import pytest

from page_commands import PLANNING, Desk, subjects


@pytest.mark.parametrize("subject", PLANNING)
def test_every_command_of_a_page_runs_one_after_the_other(followed: Callable[[str], Desk], subject: str) -> None:
    assert followed(subject).folder.is_dir()


def test_the_pages_exist_and_show_what_can_be_run(repository_root: Path) -> None:
    assert set(PLANNING) <= subjects(repository_root).keys()
