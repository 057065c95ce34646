"""A batch in code: the tiny workspace, a file of many boxes, and runs over it with tasks of any size.

Run as a program it is a batch in a process of its own, to be killed:

    python batch_world.py WORKSPACE SITES OUT [TASK [PAUSE]]
"""

import json
import random
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import tiny_workspace
from zoning.batch.executors import Serial
from zoning.batch.folder import Manifest, work_folder
from zoning.batch.identity import identity_of
from zoning.batch.job import Executor, Job, Part, Task
from zoning.batch.running import Course, Outputs, check_unchanged, compute, publish
from zoning.batch.tally import Tally
from zoning.rules.told import Told
from zoning.sites.limits import Options
from zoning.sites.streaming import Row, stream_sites
from zoning.styles.stylebook import Outcomes, read_stylebook
from zoning.workspace import Workspace, builtin_root

ON = date(2026, 6, 1)
FACTS: Mapping[str, object] = {"construction": "new"}
NOTHING: Mapping[str, Mapping[str, object]] = {}


def boxes(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Return features: every third box in the water zones, one of three kinds of decision or more among them."""
    chance = random.Random(seed)  # noqa: S311 - the same on every run
    features = []
    for number in range(count):
        west, south = (112.33, 35.43) if number % 3 else (112.388, 35.488)
        reach = 0.3 if number % 3 else 0.03
        x, y = west + chance.random() * reach, south + chance.random() * min(reach, 0.15)
        box = tiny_workspace.polygon((x, y, x + 0.001, y + 0.001))
        features.append(
            {"type": "Feature", "properties": {"id": f"S{number}", "name": f"地块{number}"}, "geometry": box}
        )
    return features


def write_features(path: Path, features: list[dict[str, Any]]) -> Path:
    """Write features as a boundary file."""
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


@dataclass
class World:
    """A workspace and a boundary file."""

    root: Path
    file: Path
    common: Mapping[str, object] = field(default_factory=lambda: FACTS)
    lines: bool = False

    @property
    def workspace(self) -> Workspace:
        return Workspace.open(self.root)

    @property
    def job(self) -> Job:
        told = Told(self.common, NOTHING, {}, "facts.yaml")
        workspace = self.workspace
        output = {"lines": self.lines}
        identity = identity_of(workspace, file=self.file, on=ON, told=told, reading={}, output=output)
        return Job(workspace.root, None, ON, told, identity, keep_verdicts=self.lines)

    def rows(self) -> Iterator[tuple[Row, ...]]:
        return stream_sites(self.file, Options(expected=self.workspace.extent(ON)), rows=7)

    def run(
        self,
        out: Path,
        *,
        executor: Executor | None = None,
        task: int = 16,
        resume: bool = False,
        restart: bool = False,
        lines: Path | None = None,
        wkt: bool = False,
        keep: bool = False,
    ) -> Tally:
        """Run a batch to its end."""
        job, course = self.job, Course()
        with work_folder(out, Manifest(job.identity, task, None), resume=resume, restart=restart) as folder:
            compute(job, self.rows(), folder, executor or Serial(), course, lambda _: None)
            check_unchanged(job, self.file, folder)
            outputs = Outputs(out, lines, wkt, outcomes() if out.suffix == ".gpkg" else None)
            tally = publish(job, self.workspace, folder, outputs, course.read)
            if not keep:
                folder.remove()
        return tally


@cache
def outcomes() -> Outcomes:
    """Return the colours of the decisions that come with the program."""
    return read_stylebook(builtin_root() / "styles").outcomes


def make_world(folder: Path, count: int = 40, *, lines: bool = False) -> World:
    """Return a world with so many boxes."""
    root = tiny_workspace.build(folder / "w")
    return World(root, write_features(folder / "sites.geojson", boxes(count)), lines=lines)


@dataclass
class Stops:
    """Runs tasks in this process, and ends with an error after so many."""

    after: int
    error: BaseException
    ran: list[int] = field(default_factory=list)

    def run(self, job: Job, tasks: Iterator[Task]) -> Iterator[Part]:
        for part in Serial().run(job, tasks):
            if len(self.ran) == self.after:
                raise self.error
            self.ran.append(part.number)
            yield part


@dataclass
class Backwards:
    """Runs all tasks in this process, the last one first."""

    ran: list[int] = field(default_factory=list)

    def run(self, job: Job, tasks: Iterator[Task]) -> Iterator[Part]:
        for task in reversed(list(tasks)):
            self.ran.append(task.number)
            yield from Serial().run(job, iter([task]))


@dataclass
class Slow:
    """Serial with a pause before each part, so that a kill meets it at work."""

    pause_s: float

    def run(self, job: Job, tasks: Iterator[Task]) -> Iterator[Part]:
        for part in Serial().run(job, tasks):
            time.sleep(self.pause_s)
            yield part


def main(arguments: list[str]) -> None:
    """Run a batch, taking up what is there."""
    root, file, out = map(Path, arguments[:3])
    task, pause = int(arguments[3]), float(arguments[4])
    World(root, file).run(out, executor=Slow(pause), task=task, resume=True)


if __name__ == "__main__":
    main(sys.argv[1:])
