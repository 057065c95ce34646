"""Preparing is killed at any moment, and done by several processes at once: the files are those of a quiet run."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import overlay_world as world
from long_runs import times
from prepared_world import DAY, assert_same, catalogue_in, content, store_in, window

# Forks a process for every folder that it is told: what they need has been imported and compiled before. They all write
# into one pipe: what `print` writes in several pieces where Python does not buffer would be mixed up.
HOST = """
import os, sys
sys.path.insert(0, {support!r})
import overlay_world as world
from pathlib import Path
from prepared_world import catalogue_in
from zoning.overlay.prepared.store import PreparedStore

def tell(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

def prepare(root, folder):
    states = [outcome.state for outcome in PreparedStore(Path(folder), catalogue_in(Path(root)), world.PLANE).prepare()]
    return " ".join(sorted(states))

prepare(sys.argv[1], sys.argv[2])
tell("ready")
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        try:
            told = prepare(*line.split())
        except BaseException as error:
            told = repr(error)
        tell("done", os.getpid(), told)
        os._exit(0)
    tell("began", pid)
"""


class Host:
    """Processes that prepare the layers of a workspace."""

    def __init__(self, root: Path, folder: Path) -> None:
        program = HOST.format(support=str(Path(world.__file__).parent))
        command = [sys.executable, "-W", "ignore", "-c", program, str(root), str(folder)]
        # Killed children stay until the host ends; it lives for one test file.
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.done: dict[int, list[str]] = {}
        assert self.told() == ["ready"]

    def told(self) -> list[str]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the host has ended"
        return line.split()

    def start(self, root: Path, folder: Path) -> int:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{root} {folder}\n")
        self.process.stdin.flush()
        return self._next("began")

    def states(self, pid: int) -> list[str]:
        while pid not in self.done:
            self._next("done")
        return self.done.pop(pid)

    def _next(self, wanted: str) -> int:
        """Read on to a line of one kind; children and host write as they come."""
        while True:
            kind, pid, *states = self.told()
            assert kind in ("began", "done"), kind
            if kind == "done":
                self.done[int(pid)] = states
            if kind == wanted:
                return int(pid)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace without spaces in its path, with a set of prepared layers that nothing disturbed."""
    root = tmp_path_factory.mktemp("quiet")
    catalogue_in(root)
    return root


@pytest.fixture(scope="module")
def host(quiet: Path) -> Iterator[Host]:
    found = Host(quiet, quiet / ".prepared")
    yield found
    found.process.kill()
    found.process.communicate()


@pytest.fixture
def root(quiet: Path, host: Host, tmp_path: Path) -> Path:  # noqa: ARG001 - the host has prepared it
    shutil.copytree(quiet, tmp_path / "w", ignore=shutil.ignore_patterns(".prepared"))
    return tmp_path / "w"


def half_written(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return [path.name for path in folder.iterdir() if ".zones." in path.name and path.name.endswith(".partial")]


def killed(pid: int, folder: Path, moment: float, *, writing: bool) -> None:
    """Kill a process after some time, or so long after it began to write a file."""
    before = half_written(folder)
    end = time.perf_counter() + (5 if writing else moment)
    while time.perf_counter() < end:
        if writing and set(half_written(folder)) - set(before):
            writing, end = False, time.perf_counter() + moment / 500
    os.kill(pid, signal.SIGKILL)


def whole_run(host: Host, root: Path, folder: Path) -> float:
    started = time.perf_counter()
    assert host.states(host.start(root, folder)) == ["built"] * 4
    return time.perf_counter() - started


def test_killed_at_any_moment(host: Host, quiet: Path, root: Path) -> None:
    undisturbed = content(quiet / ".prepared")
    folder = root / ".prepared"
    whole = whole_run(host, root, root / "timed")
    chance = random.Random(3)  # noqa: S311 - the same on every run
    caught = 0
    for number in range(times(6, 10)):
        shutil.rmtree(folder, ignore_errors=True) if len(content(folder)) == 4 else None
        killed(host.start(root, folder), folder, chance.uniform(0, whole), writing=number % 2 == 1)
        caught += bool(half_written(folder))
        left = content(folder)
        assert all(undisturbed[name] == data for name, data in left.items())
        store, catalogue = store_in(catalogue_in(root)), catalogue_in(root)
        for name in catalogue.layers:
            found = store.open(name, DAY)
            if found is not None:
                assert list(found.ids) == list(window(catalogue, name, world.PLANE).ids)
    assert caught
    store_in(catalogue_in(root)).prepare()
    assert content(folder) == undisturbed
    assert half_written(folder) == []


def test_several_processes_at_once(host: Host, quiet: Path, root: Path) -> None:
    pids = [host.start(root, root / ".prepared") for _ in range(3)]
    states = [state for pid in pids for state in host.states(pid)]
    # Each layer was built by one of them, and found by the others.
    assert sorted(states) == ["built"] * 4 + ["current"] * 8
    assert content(root / ".prepared") == content(quiet / ".prepared")
    catalogue = catalogue_in(root)
    assert_same(store_in(catalogue).open("ponds", DAY), window(catalogue, "ponds", world.PLANE))
