"""A server of a tiny workspace with cases: its layers and rules can be changed in a moment."""

import contextlib
import json
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import tiny_workspace
from tiny_workspace import Box
from web_world import Browser
from zoning.errors import ZoningError
from zoning.web.workers.tasks import TASKS, Kept
from zoning.web.workers.work import Outcome, Task
from zoning.workspace import Workspace, builtin_root

INSIDE: Box = (112.402, 35.502, 112.404, 35.504)
BESIDE: Box = (112.480, 35.580, 112.482, 35.582)
FAR: Box = (112.340, 35.420, 112.342, 35.422)


class InlinePool:
    """Does tasks in this process: what is tested is not the workers, and they take seconds to start."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._kept: Kept | None = None
        self._one_by_one = threading.RLock()

    @property
    def jobs(self) -> "InlinePool":
        """Where long work is done: here as well."""
        return self

    def run(self, task: Task, on_start: Any = None) -> Outcome:
        """Do a task as a keeper's copy does it; the folder of work belongs to the whole process, so one at a time."""
        del on_start
        with self._one_by_one:
            return self._run(task)

    def _run(self, task: Task) -> Outcome:
        if self._kept is None:
            workspace = Workspace.open(self._root)
            self._kept = Kept(workspace, workspace.source(), {})
        task.folder.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        try:
            with contextlib.chdir(task.folder):
                try:
                    answer = TASKS[task.task](self._kept, task.arguments)
                except ZoningError as error:
                    answer = {"error": error.text.plain()}
            (task.folder / "answer.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
        except Exception:  # noqa: BLE001 - as a worker that dies
            return Outcome("died", -1, time.monotonic() - began)
        return Outcome("done", 0, time.monotonic() - began)

    def renew(self) -> None:
        """Open the content again for the next task."""
        self._kept = None

    def close(self) -> None:
        """Do nothing."""


def tiny_root(folder: Path) -> Path:
    """Return a tiny workspace with styles and the register of cases."""
    root = tiny_workspace.build(folder)
    shutil.copytree(builtin_root() / "styles", root / "styles", dirs_exist_ok=True)
    (root / "layers" / "registers").mkdir()
    shutil.copy(builtin_root() / "layers" / "registers" / "cases.yaml", root / "layers" / "registers")
    return root


def boundary(*boxes: Box) -> bytes:
    """Return a boundary file with boxes as sites S1, S2 ..."""
    features = [
        {
            "type": "Feature",
            "properties": {"编号": f"S{number}"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]],
            },
        }
        for number, (w, s, e, n) in enumerate(boxes, 1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def new_case(browser: Browser, box: Box, name: str, facts: dict[str, str] | None = None, **fields: str) -> str:
    """Register a case, upload its boundary and tell its facts through the pages; return its number."""
    told = {f"f-{key}": value for key, value in {"XMMC": name, "XZQDM": "140522", **fields}.items()}
    answer = browser.post("/cases/new", told)
    assert answer.status_code == 303, answer.text
    case = str(answer.headers["location"]).removeprefix("/cases/")
    sent = browser.post(f"/cases/{case}/boundary", {"verdict": "0"}, files={"file": ("site.geojson", boundary(box))})
    assert sent.status_code == 303, sent.text
    if facts is not None:
        asked = {"asked": list(facts), **{f"fact-{name}": value for name, value in facts.items()}}
        sent = browser.post(f"/cases/{case}/facts", {"verdict": "1", **asked})
        assert sent.status_code == 303, sent.text
    return case


def move_water(root: Path, to: Box, *, edition: str = "2024", valid_from: str = "2024-01-01") -> None:
    """Add an edition of the layer of water zones, whose first zone lies elsewhere."""
    zones = [("1", "源1", "1", to), ("2", "源2", "2", tiny_workspace.WATER["2"])]
    tiny_workspace.geojson(root / "layers" / "data" / f"water-{edition}.geojson", zones)
    path = root / "layers" / "water.yaml"
    line = f'  "{edition}": {{file: data/water-{edition}.geojson, valid_from: {valid_from}}}\n'
    text = path.read_text(encoding="utf-8")
    assert "coverage:" in text
    path.write_text(text.replace("coverage:", f"{line}coverage:", 1), encoding="utf-8")
