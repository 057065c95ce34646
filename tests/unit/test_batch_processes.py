"""Several processes: the same bytes; a footprint that ends its process costs one row."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

import batch_world
from batch_world import World
from zoning.batch.executors import Processes
from zoning.batch.isolation import ProcessLostError, isolate
from zoning.batch.job import Job, Part, Task
from zoning.batch.work import run_task
from zoning.errors import LayerError, SiteError
from zoning.sites.streaming import Row


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return batch_world.make_world(tmp_path_factory.mktemp("world"), 24)


class Deadly(dict[str, str]):
    """Ends the process that reads it, as the killer of processes without memory does."""

    def __reduce__(self) -> Any:
        return os._exit, (9,)


def deadly(rows: Iterator[tuple[Row, ...]], number: int) -> Iterator[tuple[Row, ...]]:
    for chunk in rows:
        yield tuple(
            replace(row, site=replace(row.site, attributes=Deadly())) if row.number == number and row.site else row
            for row in chunk
        )


def test_processes_give_the_bytes_of_none(world: World, tmp_path: Path) -> None:
    one, two = tmp_path / "one.parquet", tmp_path / "two.parquet"
    world.run(one)
    world.run(two, executor=Processes(2), task=6)
    assert two.read_bytes() == one.read_bytes()


def test_a_footprint_that_ends_its_process_is_one_row(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "plain.parquet"
    world.run(plain)
    rows = World.rows
    monkeypatch.setattr(World, "rows", lambda self: deadly(rows(self), 5))
    out = tmp_path / "r.parquet"
    tally = world.run(out, executor=Processes(1), task=2)
    assert (tally.refused, dict(tally.errors)) == (1, {"process_ended": 1})
    found, expected = parquet.read_table(out).to_pylist(), parquet.read_table(plain).to_pylist()
    assert [row for row in found if row["number"] != 6] == [row for row in expected if row["number"] != 6]
    assert found[5]["error_en"] == (
        "sites.geojson: the computation of footprint '地块5' ended the process (mostly for want of memory); it has no "
        "verdict: check it alone with zoning check, on a machine with more memory"
    )
    assert found[5]["error_zh"] == (
        "sites.geojson：地块“地块5”的计算使进程中止（多为内存不足）；没有结论，"
        "请在内存更大的机器上用 zoning check 单独研判"
    )


@dataclass
class Alone:
    """Runs tasks in this process; some footprints and failures of the house end a process that there is not."""

    job: Job
    killers: set[int]
    at_once: bool = False
    sizes: list[int] = field(default_factory=list)

    def run(self, task: Task) -> Part:
        self.sizes.append(len(task.rows))
        if self.at_once or self.killers & {row.number for row in task.rows}:
            raise ProcessLostError
        return run_task(self.job, task)


def first_task(world: World, keep: Callable[[Row], bool] = lambda _: True) -> Task:
    rows = [row for chunk in world.rows() for row in chunk if keep(row)]
    return Task(0, tuple(rows))


@pytest.mark.parametrize("killers", [{3}, {0, 1}, {23}, {4, 5, 6, 17}])
def test_the_footprints_that_end_their_process_are_found(world: World, killers: set[int]) -> None:
    from zoning.batch.columns import from_ipc

    task = first_task(world)
    alone = Alone(world.job, killers)
    table = from_ipc(isolate(world.job, task, alone.run).arrow)
    refused = {
        n - 1 for n, code in zip(table["number"].to_pylist(), table["error_code"].to_pylist(), strict=True) if code
    }
    assert refused == killers
    assert len(table) == 24
    # Halving 24 takes five steps: for each of them at most two processes, and one without a footprint at first.
    assert len(alone.sizes) <= 1 + 2 * 5 * len(killers)


def test_a_workspace_that_ends_every_process_is_no_fault_of_the_footprints(world: World) -> None:
    with pytest.raises(LayerError) as caught:
        isolate(world.job, first_task(world), Alone(world.job, set(), at_once=True).run)
    assert caught.value.text.en == (
        "a process ends as soon as it opens the workspace (mostly for want of memory); use fewer --processes, or run "
        "zoning layers check first"
    )


def test_what_ends_the_run_comes_out_of_a_process_in_both_languages(world: World, tmp_path: Path) -> None:
    broken = batch_world.make_world(tmp_path, 4)
    path = broken.root / "layers" / "data" / "water.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace('"class": "1"', '"class": "9"'), encoding="utf-8")
    with pytest.raises(LayerError) as caught:
        broken.run(tmp_path / "r.parquet", executor=Processes(1))
    assert "class is '9', no class of layer water" in caught.value.text.en
    assert "图层 water 没有这个类别" in caught.value.text.zh
    assert world.root != broken.root


def test_errors_survive_the_way_between_processes() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(SiteError("坏", "bad")))  # noqa: S301 - our own
    assert (type(error), error.text.zh, error.text.en) == (SiteError, "坏", "bad")
