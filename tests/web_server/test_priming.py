"""What a keeper does before its first task leaves nothing behind."""

from pathlib import Path

import pytest

from case_world import tiny_root
from zoning.cli.warm import WarmCommands
from zoning.web.workers.priming import Primer
from zoning.web.workers.tasks import Kept


def test_where_the_server_was_started_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    commands, started = WarmCommands(), tmp_path / "started"
    started.mkdir()
    monkeypatch.chdir(started)
    primer = Primer(Kept(*commands.open(tiny_root(tmp_path / "office")), {}), commands)
    while not primer.is_done:
        primer.step()
    assert Path.cwd() == started
    assert list(started.iterdir()) == []
    assert capfd.readouterr() == ("", "")
