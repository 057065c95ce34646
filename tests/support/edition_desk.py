"""Servers whose layers get new editions, and what tests ask of them."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely

from case_world import InlinePool, tiny_root
from edition_files import collection, square
from web_world import World, copied, pool_of, world
from zoning.overlay.source import LayerSource
from zoning.web.workers.work import Task
from zoning.workspace import Workspace

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
LAYER = "heritage"
CLASS = "protection"
WATER = "water"
WET = collection([square()], {"class": "1"})


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, shared_root: Path) -> Iterator[World]:
    """Run a server of a workspace of its own, whose content is changed by the tests."""
    root = copied(shared_root, tmp_path_factory.mktemp("desk"))
    pool = pool_of(root, is_lazy=True)
    try:
        with world(root, tmp_path_factory.mktemp("home"), pool) as found:
            found.server.clock = lambda: NOON
            found.server.reopen = lambda: reopened(found)
            yield found
    finally:
        pool.close()


def reopened(desk: World) -> tuple[Workspace, LayerSource]:
    """Read the layers again; the rules, which no test here changes, are those of before."""
    workspace = Workspace.open(desk.root)
    workspace.__dict__["rulebook"] = desk.server.workspace.rulebook
    return workspace, workspace.source()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[World]:
    """Run a server of a tiny workspace, whose tasks are done in this process."""
    root = tiny_root(tmp_path / "w")
    pool: Any = InlinePool(root)
    with world(root, tmp_path, pool) as found:
        found.server.clock = lambda: NOON
        yield found


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepare no layers after a change, and read no rules before it."""
    monkeypatch.setattr("zoning.web.editions.changed.prepare", lambda *_: "")
    monkeypatch.setattr("zoning.web.editions.switching.demand_nothing_else", lambda *_: None)


def yaml_of(desk: World, layer: str = LAYER) -> Path:
    return desk.root / "layers" / f"{layer}.yaml"


def verdict(desk: World, on: str) -> str:
    """Return the verdict of a site inside the box, as the workers say it; without what names file and program."""
    folder = desk.server.folder("checks") / f"v{time.monotonic_ns()}"
    site = folder.with_suffix(".geojson")
    site.write_bytes(collection([shapely.box(112.41, 35.46, 112.411, 35.461)]))
    told = {"file": str(site), "name": "site.geojson", "on": on, "facts": {}, "options": {}}
    assert desk.server.pool.run(Task(folder, "check", told)).state == "done"
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    return json.dumps(answer["verdicts"], sort_keys=True, ensure_ascii=False)


def status_of(text: str, layer: str = LAYER) -> tuple[str, str]:
    found = next(one for one in json.loads(text)[0]["layers"] if one["layer"] == layer)
    return found["edition"], found["status"]
