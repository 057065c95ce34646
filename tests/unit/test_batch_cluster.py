"""A batch on real worker processes of this computer: the same bytes as without a cluster, whatever happens to them."""

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import tiny_workspace
from cluster_world import ON, by_number, job_on, local_cluster, own_scheduler, tasks
from command_process import run_zoning
from zoning.batch import cluster_usher
from zoning.batch.cluster import Dask
from zoning.batch.cluster_environment import Environment, environment
from zoning.batch.executors import Serial
from zoning.batch.job import Part
from zoning.errors import LayerError
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.prepared.store import PreparedStore
from zoning.texts import Text
from zoning.workspace import Workspace

TASKS = tasks(24, 4)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return a cluster of two worker processes, which stand in a folder of their own."""
    folder = tmp_path_factory.mktemp("workers")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with local_cluster(folder, 2) as made:
            yield made


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_workspace.build(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="module")
def serial(root: Path) -> dict[int, bytes]:
    return by_number(Serial().run(job_on(root), iter(TASKS)))


def take(parts: Iterator[Part], found: dict[int, bytes], *, then: Callable[[], None]) -> None:
    """Take parts, and do something after the third."""
    for part in parts:
        found[part.number] = part.arrow
        if len(found) == 3:
            then()


def test_two_workers_give_the_bytes_of_none_and_read_the_folder_that_they_see(
    cluster: Any, root: Path, serial: dict[int, bytes]
) -> None:
    said: list[Text] = []
    found = by_number(Dask(cluster.scheduler_address, said.append).run(job_on(root), iter(TASKS)))
    assert found == serial
    assert said == []


def test_a_worker_that_is_killed_in_mid_run_costs_nothing(cluster: Any, root: Path, serial: dict[int, bytes]) -> None:
    found: dict[int, bytes] = {}
    pids = [worker.pid for worker in cluster.workers.values()]
    take(
        Dask(cluster.scheduler_address).run(job_on(root), iter(TASKS)),
        found,
        then=lambda: os.kill(pids[0], signal.SIGKILL),
    )
    assert found == serial


def test_a_worker_that_does_not_see_the_workspace_gets_a_copy_once(
    cluster: Any, root: Path, serial: dict[int, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A path that means another folder on the workers, which stand elsewhere.
    monkeypatch.chdir(root.parent)
    job = job_on(Path(root.name))
    said: list[Text] = []
    assert by_number(Dask(cluster.scheduler_address, said.append).run(job, iter(TASKS))) == serial
    assert len(said) == 1
    assert said[0].en.startswith("copying 12 files")
    said.clear()
    assert by_number(Dask(cluster.scheduler_address, said.append).run(job, iter(TASKS))) == serial
    assert said == []


def test_prepared_layers_go_with_the_workspace(
    cluster: Any, root: Path, serial: dict[int, bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(root, tmp_path / "workspace")
    monkeypatch.chdir(tmp_path)
    job = replace(job_on(Path("workspace")), prepared=Path("prepared"))
    catalogue = Workspace.open(job.root).catalogue
    PreparedStore(tmp_path / "prepared", catalogue, MeasuringPlane(35.5)).prepare(on=ON)
    said: list[Text] = []
    assert by_number(Dask(cluster.scheduler_address, said.append).run(job, iter(TASKS))) == serial
    # The files of the workspace are there already, if the test before has run.
    assert said[0].en.startswith(("copying 3 files", "copying 15 files"))


def test_another_workspace_under_the_same_path_is_never_used(
    cluster: Any, root: Path, serial: dict[int, bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # One rule more than the client has: nothing that is there differs.
    theirs = Path.cwd() / "same-name"
    shutil.copytree(root, theirs)
    (theirs / "rules" / "plan" / "R999.yaml").write_bytes((root / "rules" / "plan" / "R042.yaml").read_bytes())
    shutil.copytree(root, tmp_path / "same-name")
    monkeypatch.chdir(tmp_path)
    job = job_on(Path("same-name"))
    assert by_number(Dask(cluster.scheduler_address).run(job, iter(TASKS))) == serial


def test_a_worker_with_another_geos_is_refused_by_name_and_version(
    cluster: Any, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = dict(environment().entries)
    other = Environment(tuple({**entries, "GEOS": "3.0.0"}.items()))
    monkeypatch.setattr(cluster_usher, "environment", lambda: other)
    with pytest.raises(LayerError, match=r"worker tcp://127\.0\.0\.1:\d+ is not like this computer") as caught:
        list(Dask(cluster.scheduler_address).run(job_on(root), iter(TASKS)))
    assert f"GEOS {entries['GEOS']} (here 3.0.0)" in caught.value.text.en
    assert f"GEOS {entries['GEOS']}（本机 3.0.0）" in caught.value.text.zh


def test_workers_that_come_later_are_used_and_a_scheduler_that_is_killed_is_told(
    root: Path, serial: dict[int, bytes], tmp_path: Path
) -> None:
    """What is finished by then goes on elsewhere."""
    found: dict[int, bytes] = {}
    with own_scheduler(tmp_path) as (address, scheduler, start_worker):
        threading.Timer(0.5, start_worker).start()
        parts = Dask(address).run(job_on(root), iter(TASKS))
        with pytest.raises(LayerError, match="the connection to the scheduler was lost") as caught:
            take(parts, found, then=scheduler.kill)
    assert "--resume" in caught.value.text.zh
    assert 3 <= len(found) < len(TASKS)
    rest = [task for task in TASKS if task.number not in found]
    assert {**found, **by_number(Serial().run(job_on(root), iter(rest)))} == serial


def test_the_command_writes_the_same_file_and_says_nothing_of_dask(cluster: Any, root: Path, tmp_path: Path) -> None:
    sites = tmp_path / "sites.geojson"
    tiny_workspace.geojson(
        sites, [(str(n), f"s{n}", "", (112.39 + n / 100, 35.49, 112.395 + n / 100, 35.495)) for n in range(9)]
    )
    written = []
    words: list[str | Path] = ["batch", sites, "--workspace", root, "--on", "2026-11-22", "--no-prepare"]
    for name, options in (("one.csv", ["--processes", "1"]), ("other.csv", ["--scheduler", cluster.scheduler_address])):
        done = run_zoning(*words, "--out", tmp_path / name, *options, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "distributed" not in done.stderr
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
