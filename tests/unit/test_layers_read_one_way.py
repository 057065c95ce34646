"""Commands look at the layers that their run has opened: a second way to read them could give a second answer."""

from pathlib import Path

import pytest

import tiny_workspace
from zoning.cli.register_import import surroundings
from zoning.cli.session import Session
from zoning.cli.territory_outlines import territory_outlines
from zoning.overlay import source as overlay_source
from zoning.workspace import Workspace


@pytest.fixture
def session() -> Session:
    return Session("en", environ={})


@pytest.fixture
def workspace(tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Return a workspace whose layers were opened by the session, and may not be opened again."""
    opened = Workspace.open(tiny_workspace.build(tmp_path))
    session.source(opened)

    def refuse(*_: object) -> None:
        raise AssertionError("the layers are read in a second way")

    monkeypatch.setattr(overlay_source, "LayerStore", refuse)
    return opened


def test_an_import_knows_the_territories_of_the_session(session: Session, workspace: Workspace) -> None:
    around = surroundings(session, workspace, None)
    assert sorted(around.territories) == ["140522", "140825"]


def test_outlines_of_maps_are_those_of_the_session(session: Session, workspace: Workspace) -> None:
    found = dict(territory_outlines(session.source(workspace), session.today()))
    assert len(found) == 2


def test_no_command_opens_the_layers_by_itself(repository_root: Path) -> None:
    sources = [path for path in (repository_root / "zoning" / "cli").rglob("*.py") if path.name != "session.py"]
    assert [path.name for path in sources if "workspace.source()" in path.read_text(encoding="utf-8")] == []
