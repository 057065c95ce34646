"""The work folder: what is taken up, what is refused and in which words, one process at a time."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import batch_world
import tiny_workspace
from batch_world import Backwards, Stops, World
from zoning.batch.folder import Manifest, folder_of, work_folder
from zoning.batch.lock import LockedError, locked
from zoning.errors import ContentError, SiteError, UsageError, ZoningError

STOP = SiteError("停", "stop")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return batch_world.make_world(tmp_path)


def interrupted(world: World, out: Path, after: int = 1) -> Path:
    with pytest.raises(SiteError):
        world.run(out, executor=Stops(after, STOP))
    return folder_of(out)


def parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.arrow"))


def refusal(world: World, out: Path, **options: Any) -> ZoningError:
    with pytest.raises(ZoningError) as caught:
        world.run(out, **options)
    return caught.value


def test_what_is_finished_is_not_computed_again(world: World, tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    world.run(whole)
    out = tmp_path / "r.parquet"
    folder = interrupted(world, out, after=2)
    assert len(parts(folder)) == 2
    rest = Backwards()
    world.run(out, executor=rest, resume=True)
    assert rest.ran == [2]
    assert out.read_bytes() == whole.read_bytes()
    assert not folder.exists()


def test_an_unfinished_run_is_not_given_up_by_mistake(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.parquet"
    folder = interrupted(world, out)
    error = refusal(world, out)
    assert isinstance(error, UsageError)
    assert error.text.en == (
        f"{folder}: it holds the work of another run, 16 footprints are done; continue with --resume, or begin anew "
        "with --restart"
    )
    assert error.text.zh == f"{folder}：有一次运行的成果，已完成 16 个地块；加 --resume 继续，或加 --restart 从头开始"
    world.run(out, restart=True)
    assert out.exists()


def test_how_many_of_how_many_are_done_is_said_where_it_is_known(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.parquet"
    folder = interrupted(world, out)
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "sites": 1234}))
    assert "another run, 16 of 1,234 footprints are done" in refusal(world, out).text.en
    assert "已完成 16 个地块（共 1,234 个）" in refusal(world, out).text.zh


def test_a_folder_without_a_finished_part_stops_nobody(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.parquet"
    interrupted(world, out, after=0)
    assert not folder_of(out).exists()
    folder_of(out).mkdir()
    (folder_of(out) / ".0000000000-half.arrow.x7").write_bytes(b"half")
    world.run(out)
    assert out.exists()


def change_file(world: World) -> None:
    batch_world.write_features(world.file, batch_world.boxes(40, seed=2))


def change_layer(world: World) -> None:
    data = world.root / "layers" / "data"
    tiny_workspace.geojson(data / "farmland.geojson", [("F9", "", "F", (112.45, 35.45, 112.47, 35.47))])


def change_definition(world: World) -> None:
    path = world.root / "layers" / "water.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("accuracy_m: 0.0", "accuracy_m: 5.0"), encoding="utf-8")


def change_rules(world: World) -> None:
    path = world.root / "rules" / "plan" / "R048.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("restrict", "prohibit"), encoding="utf-8")


def change_settings(world: World) -> None:
    path = world.root / "zoning.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("5 km", "6 km"), encoding="utf-8")


def change_facts(world: World) -> None:
    world.common = {"construction": "none"}


def change_output(world: World) -> None:
    world.lines = True


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        (change_file, "边界文件", "the boundary file"),
        (change_layer, "图层 farmland", "layer farmland"),
        (change_definition, "图层 water", "layer water"),
        (change_rules, "规则", "the rules"),
        (change_settings, "工作空间的 zoning.yaml", "zoning.yaml of the workspace"),
        (change_facts, "项目事实", "the facts"),
        (change_output, "输出选项", "the options for the output"),
    ],
)
def test_parts_of_another_run_are_never_mixed_in(world: World, tmp_path: Path, change: Any, zh: str, en: str) -> None:
    out = tmp_path / "r.parquet"
    folder = interrupted(world, out)
    change(world)
    error = refusal(world, out, resume=True)
    assert error.text.zh == (
        f"{folder}：不能继续，上次运行之后有变化：{zh}；请恢复原样后再用 --resume，或用 --restart 从头开始"
    )
    assert error.text.en == (
        f"{folder}: it cannot be continued, this has changed since: {en}; put it back and use --resume again, or begin "
        "anew with --restart"
    )
    assert len(parts(folder)) == 1


def test_day_and_program_decide_as_well(world: World) -> None:
    identity = world.job.identity
    assert identity["day"] == "2026-06-01"
    assert identity["program"].startswith("zoning ")
    assert "GEOS" in identity["program"]


@pytest.mark.parametrize("damage", [b"", b"nothing of the kind"])
def test_a_damaged_part_is_computed_again(world: World, tmp_path: Path, damage: bytes) -> None:
    out = tmp_path / "r.parquet"
    folder = interrupted(world, out, after=2)
    parts(folder)[0].write_bytes(damage)
    again = Backwards()
    world.run(out, executor=again, resume=True)
    assert sorted(again.ran) == [0, 2]
    whole = tmp_path / "whole.parquet"
    world.run(whole)
    assert out.read_bytes() == whole.read_bytes()


def test_a_part_that_is_damaged_before_it_is_merged_is_not_read(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.parquet"
    manifest = Manifest(world.job.identity, 16, None)
    interrupted(world, out, after=2)
    with work_folder(out, manifest, resume=True, restart=False) as folder:
        path = folder.parts[1]
        path.write_bytes(path.read_bytes()[:-1] + b"x")
        with pytest.raises(ContentError) as caught:
            folder.read(1)
    assert caught.value.text.en == (
        f"{path}: the file is damaged; run again with --resume, what is damaged is computed again"
    )


def test_a_manifest_that_cannot_be_read_is_no_guess(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.parquet"
    folder = interrupted(world, out)
    for text in ("{", "[]", '{"schema": "zoning.batch-work/1", "identity": {"a": 1}, "task": 16, "sites": null}'):
        (folder / "manifest.json").write_text(text, encoding="utf-8")
        error = refusal(world, out, resume=True)
        assert error.text.en == (
            f"{folder / 'manifest.json'}: it cannot be read, so nobody knows which run the parts belong to; begin anew "
            "with --restart"
        )
    (folder / "manifest.json").unlink()
    assert "manifest.json" in refusal(world, out, resume=True).text.zh
    world.run(out, restart=True)


def test_a_run_that_is_taken_up_cuts_as_the_first_one_did(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.parquet"
    interrupted(world, out, after=2)
    rest = Backwards()
    world.run(out, executor=rest, resume=True, task=5)
    assert rest.ran == [2]


def test_two_processes_do_not_write_the_same_results(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.parquet"
    manifest = Manifest(world.job.identity, 16, None)
    with work_folder(out, manifest, resume=False, restart=False):
        error = refusal(world, out, resume=True)
    assert error.text.en == (
        f"{folder_of(out)}: another zoning batch is writing r.parquet; wait until it has ended, or choose another --out"
    )
    assert error.text.zh == (f"{folder_of(out)}：另一个 zoning batch 正在写 r.parquet；请等它结束，或换一个 --out")


def test_the_lock_of_a_dead_process_stops_nobody(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    code = (
        "import os, sys; from pathlib import Path; from zoning.batch.lock import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "held\n"
    with pytest.raises(LockedError), locked(lock):
        pass
    process.kill()
    process.wait()
    process.stdout.close()
    process.stdin.close()
    with locked(lock):
        pass


def test_the_lock_of_a_folder_that_was_removed_is_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import zoning.batch.lock as module

    folder = tmp_path / "parts"
    folder.mkdir()
    taken: list[str] = []
    take = module.take

    def removed_meanwhile(file: Any) -> None:
        take(file)
        if not taken:
            Path(file.name).unlink()
            folder.rmdir()
        taken.append(file.name)

    monkeypatch.setattr(module, "take", removed_meanwhile)
    with locked(folder / "lock"):
        assert (folder / "lock").exists()
    assert len(taken) == 2


def test_a_full_disk_is_said_and_nothing_is_lost(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "r.parquet"
    folder = interrupted(world, out)
    with monkeypatch.context() as full:
        full.setattr("zoning.atomic_write.os.fsync", no_room)
        error = refusal(world, out, resume=True)
    assert isinstance(error, ContentError)
    assert (
        "cannot be written (No space left on device); what was there is unchanged. What was finished is kept in "
        in (error.text.en)
    )
    assert error.text.en.endswith(f"{folder}: remove the cause and continue with --resume")
    assert error.text.zh.endswith(f"已完成的部分都在 {folder}，排除问题后加 --resume 继续")
    assert len(parts(folder)) == 1
    world.run(out, resume=True)
    assert out.exists()


def no_room(_handle: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("suffix", [".parquet", ".gpkg", ".csv"])
def test_a_disk_that_is_full_at_the_end_leaves_no_half_table(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    out = tmp_path / f"r{suffix}"
    with monkeypatch.context() as full:
        full.setattr("zoning.batch.running.appear", lambda *_: no_room(0))
        error = refusal(world, out)
    assert error.text.en == (
        f"{out}: cannot be written (No space left on device); nothing half-written is left. What was finished is kept "
        f"in {folder_of(out)}: remove the cause and continue with --resume"
    )
    assert not out.exists()
    nothing = Backwards()
    world.run(out, resume=True, executor=nothing)
    assert (nothing.ran, out.exists()) == ([], True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_said(world: World, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    assert "no permission" in refusal(world, closed / "r.parquet").text.en.lower()


def test_a_work_folder_that_cannot_be_made_is_said(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.parquet"
    folder_of(out).write_text("a file in the way", encoding="utf-8")
    assert refusal(world, out).text.en == (
        f"{folder_of(out)}: the work folder cannot be used (File exists); check permissions and disk space"
    )


def test_what_changes_during_the_run_gives_no_results(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.parquet"

    class Changes(Backwards):
        def run(self, job: Any, tasks: Any) -> Any:
            yield from super().run(job, tasks)
            change_rules(world)

    with pytest.raises(ContentError) as caught:
        world.run(out, executor=Changes())
    assert caught.value.text.en == (
        "this has changed during the run: the rules; no results were written. Put it back and continue with --resume, "
        f"or begin anew with --restart ({folder_of(out)})"
    )
    assert not out.exists()
