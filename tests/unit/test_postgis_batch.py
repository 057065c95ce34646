"""`zoning batch` on layers in a database, as an office runs it: the server stops, is not there yet, comes back."""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

import batch_world
from batch_world import World
from command_process import run_zoning
from long_runs import times
from postgis_world import Cluster, run_cluster, tables_of
from zoning.batch.executors import Serial
from zoning.batch.folder import folder_of
from zoning.errors import LayerError

PATIENCE_S = 60.0
GONE = "数据库 zoning 没有在运行；请启动数据库，或在 source 中写明主机"


@pytest.fixture(scope="module")
def cluster(unavailable: Callable[[str, str], NoReturn]) -> Iterator[Cluster]:
    yield from run_cluster(unavailable)


def words(world: World, out: Path, processes: int, *options: str) -> list[str]:
    stated = ["--workspace", str(world.root), "--on", "2026-06-01", "--set", "construction=new"]
    return ["batch", str(world.file), "--out", str(out), *stated, "--processes", str(processes), *options]


def told(done: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr
    return done.stderr


def run(world: World, out: Path, *options: str, language: str = "zh") -> subprocess.CompletedProcess[str]:
    return run_zoning(*words(world, out, 1, *options), cwd=out.parent, language=language)


def water_in_tables(cluster: Cluster, root: Path) -> None:
    """Move the layer of water into the database, and no other."""
    kept = {name: (root / "layers" / name).read_text(encoding="utf-8") for name in ("territory.yaml", "farmland.yaml")}
    tables_of(cluster, root)
    for name, text in kept.items():
        (root / "layers" / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("mode", ["immediate", "fast"][: times(1, 2)])
def test_a_server_that_stops_in_mid_run(cluster: Cluster, tmp_path: Path, mode: str) -> None:
    world = batch_world.make_world(tmp_path, times(500, 700))
    tables_of(cluster, world.root)
    whole, out = tmp_path / "whole.csv", tmp_path / "r.csv"
    assert run(world, whole).returncode == 0
    env = {**os.environ, "ZONING_LANG": "zh"}
    command = [sys.executable, "-m", "zoning", *words(world, out, 2)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=env
    ) as process:
        end = time.monotonic() + PATIENCE_S
        while not list(folder_of(out).glob("*.arrow")):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.01)
        cluster.stop(mode)
        try:
            printed, said = process.communicate(timeout=PATIENCE_S)
            still = run(world, out, "--resume")
        finally:
            cluster.start()
    assert (process.returncode, printed) == (11, "")
    last = said.splitlines()[-1]
    assert last.startswith("zoning: 图层 ")
    assert " 在运行期间失去连接：" in last
    assert last.endswith("；恢复后用 --resume 继续")
    assert "Traceback" not in said
    assert not out.exists()
    assert (still.returncode, told(still)) == (11, f"zoning: 辖区图层不可用：{GONE}\n")
    assert run(world, out, "--resume").returncode == 0
    assert out.read_bytes() == whole.read_bytes()


def test_a_server_that_is_not_there_is_told_before_a_night_is_spent(cluster: Cluster, tmp_path: Path) -> None:
    world = batch_world.make_world(tmp_path, 20)
    water_in_tables(cluster, world.root)
    out = tmp_path / "r.csv"
    cluster.stop()
    try:
        done = run(world, out, "--no-prepare")
        english = run(world, tmp_path / "en.csv", "--no-prepare", language="en")
    finally:
        cluster.start()
    assert done.returncode == 0
    assert told(done).splitlines()[0] == f"water：没有数据（{GONE}）；全部地块的这一图层都将是“数据缺失，未核查”"
    assert told(english).splitlines()[0] == (
        "water: no data (database zoning: it does not run here: start it, or name the host in 'source'); every "
        "footprint will have this layer as not checked"
    )
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["water_status"] for row in rows} == {"no_data"}
    # What may be forbidden there is never taken for allowed.
    assert "permitted" not in {row["decision"] for row in rows}
    assert "water：没有数据" not in told(run(world, tmp_path / "there.csv", "--no-prepare"))


def test_a_server_that_comes_in_mid_run_gives_no_table_of_two_kinds_of_rows(cluster: Cluster, tmp_path: Path) -> None:
    world = batch_world.make_world(tmp_path, 20)
    water_in_tables(cluster, world.root)

    class Coming(batch_world.Stops):
        def run(self, job: Any, tasks: Any) -> Any:
            for task in tasks:
                if len(self.ran) == self.after:
                    cluster.start()
                yield from Serial().run(job, iter([task]))
                self.ran.append(task.number)

    out = tmp_path / "r.csv"
    cluster.stop()
    try:
        with pytest.raises(LayerError) as caught:
            world.run(out, task=7, executor=Coming(1, RuntimeError()))
    finally:
        cluster.stop()
        cluster.start()
    assert caught.value.text.zh == (
        "图层 water 在运行开始时没有数据，现在有了；请用 --restart 从头开始，使全部地块依据同样的图层"
    )
    assert caught.value.text.en == (
        "layer water had no data when the run began, and has now: begin anew with --restart, so that all footprints "
        "rest on the same layers"
    )
    assert not out.exists()
