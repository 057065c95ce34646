"""What an office does to a batch in a bad night: files moved, kills in the last second, disks that lose a bit."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import batch_world
from batch_world import World
from zoning.batch import running
from zoning.batch.folder import WorkFolder, folder_of
from zoning.cli.batch import BatchRequest, run_batch
from zoning.cli.batch_files import Files
from zoning.cli.intake import Intake
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError, ZoningError
from zoning.overlay.prepared.container import ArrayFile
from zoning.overlay.prepared.folder import Folder
from zoning.overlay.prepared.stamps import Stamp, Stamps
from zoning.texts import Language

ON = "2026-06-01"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return batch_world.make_world(tmp_path, 12)


def run(world: World, out: Path, *, language: Language = "en", **more: Any) -> int:
    stated: dict[str, Any] = {
        "sites": world.file,
        "files": Files(out),
        "facts": None,
        "sets": ("construction=new",),
        "on": ON,
        "workspace": world.root,
        "intake": Intake(),
        "processes": 1,
        "prepare": False,
        **more,
    }
    return run_batch(Session(language, environ={}), BatchRequest(**stated), as_json=False)


def refusal(world: World, out: Path, **more: Any) -> ZoningError:
    with pytest.raises(ZoningError) as caught:
        run(world, out, **more)
    return caught.value


def interrupted(world: World, out: Path, monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
    """Run until all is computed and nothing has appeared."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as late:
        late.setattr(running, "check_unchanged", stop)
        with pytest.raises(KeyboardInterrupt):
            run(world, out, **more)


def lose_a_bit(folder: Path, layer: str) -> Path:
    """Damage the data of a prepared layer, and have its stamp hold: as a failing disk does it."""
    (path,) = (path for path in Folder(folder).files() if path.name.startswith(f"{layer}."))
    with ArrayFile.open(path) as whole:
        place = whole.state.size - 200
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 0x10]))
    with ArrayFile.open(path) as opened:
        state, digest = opened.state, opened.digest
    Stamps(folder).put(path.name, Stamp((("", state),), digest, state.changed_ns + 10**12))
    return path


@pytest.mark.parametrize("restart", [False, True])
def test_files_of_others_in_the_work_folder_are_left_alone(world: World, tmp_path: Path, *, restart: bool) -> None:
    out = tmp_path / "r.csv"
    folder = folder_of(out)
    (folder / "sub").mkdir(parents=True)
    names = ("thesis.doc", "manifest.json.txt", "0000000001-ab.arrow", ".hidden", "sub/lock")
    for name in names:
        (folder / name).write_text("mine", encoding="utf-8")
    assert run(world, out, restart=restart) == 0
    assert {name: (folder / name).read_text(encoding="utf-8") for name in names} == dict.fromkeys(names, "mine")
    assert sorted(path.name for path in folder.iterdir()) == sorted({name.partition("/")[0] for name in names})


def test_a_boundary_file_under_another_name_is_another(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and verdicts name the file: a table must not name two."""
    out = tmp_path / "r.csv"
    interrupted(world, out, monkeypatch)
    moved = world.file.rename(world.file.with_name("other.geojson"))
    error = refusal(world, out, sites=moved, resume=True)
    assert isinstance(error, UsageError)
    assert error.text.zh == (
        f"{folder_of(out)}：不能继续，上次运行之后有变化：边界文件的名称；"
        "请恢复原样后再用 --resume，或用 --restart 从头开始"
    )
    assert error.text.en == (
        f"{folder_of(out)}: it cannot be continued, this has changed since: the name of the boundary file; put it back "
        "and use --resume again, or begin anew with --restart"
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert run(world, out, sites=moved.rename(elsewhere / world.file.name), resume=True) == 0


def test_a_facts_file_under_another_name_is_another(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence of a refused row names the facts file."""
    out, facts = tmp_path / "r.csv", tmp_path / "facts.yaml"
    facts.write_text("construction: new\n", encoding="utf-8")
    interrupted(world, out, monkeypatch, facts=facts, sets=())
    moved = facts.rename(tmp_path / "other.yaml")
    assert "has changed since: the facts; put" in refusal(world, out, facts=moved, sets=(), resume=True).text.en


def test_killed_after_the_table_has_appeared(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "r.csv"

    def killed(_: WorkFolder) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as late:
        late.setattr(WorkFolder, "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            run(world, out)
    whole = out.read_bytes()
    assert list(folder_of(out).glob("*.arrow"))
    assert run(world, out, resume=True) == 0
    assert out.read_bytes() == whole
    assert not folder_of(out).exists()


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("removed", range(5))
def test_killed_while_the_work_folder_is_removed(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, removed: int, *, backwards: bool
) -> None:
    """As long as a part is left, the same command takes it up; afterwards there is nothing to take up."""
    out = tmp_path / "r.csv"
    unlink, remove, iterdir = Path.unlink, WorkFolder.remove, Path.iterdir
    left = iter(range(removed))

    def until_killed(path: Path, *, missing_ok: bool = False) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        unlink(path, missing_ok=missing_ok)

    def killed(folder: WorkFolder) -> None:
        late.setattr(Path, "unlink", until_killed)
        remove(folder)
        raise KeyboardInterrupt

    def in_order(path: Path) -> Iterator[Path]:
        """Disks list a folder in any order."""
        return iter(sorted(iterdir(path), reverse=backwards))

    with monkeypatch.context() as late:
        late.setattr(WorkFolder, "remove", killed)
        late.setattr(Path, "iterdir", in_order)
        with pytest.raises(KeyboardInterrupt):
            run(world, out)
    whole = out.read_bytes()
    if list(folder_of(out).glob("*.arrow")):
        assert run(world, out, resume=True) == 0
        assert not folder_of(out).exists()
    else:
        assert "exists" in refusal(world, out, resume=True).text.en
    assert out.read_bytes() == whole


def test_a_run_that_has_ended_is_not_continued(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.csv"
    run(world, out)
    error = refusal(world, out, resume=True)
    assert isinstance(error, ContentError)
    assert error.text.zh == (
        f"{out}：文件已存在，没有未完成的运行可以继续；要重新计算，请换一个名称，或用 --overwrite 覆盖"
    )
    assert error.text.en == (
        f"{out}: the file exists, and there is no unfinished run to continue; to compute it anew choose another name, "
        "or replace it with --overwrite"
    )


def test_two_tables_with_one_file_of_verdicts_never_write_into_each_other(tmp_path: Path) -> None:
    lines = tmp_path / "r.jsonl"
    partials = {running._beside(lines, tmp_path / name) for name in ("a.csv", "b.csv", "sub/a.csv")}
    assert len(partials) == 3
    assert {path.parent for path in partials} == {tmp_path}


@pytest.fixture
def plain(world: World, tmp_path: Path) -> bytes:
    """Return the results without prepared layers, and prepare them."""
    run(world, tmp_path / "plain.csv")
    run(world, tmp_path / "prepared.csv", prepare=True)
    return (tmp_path / "plain.csv").read_bytes()


@pytest.mark.parametrize("prepare", [True, False])
def test_a_prepared_layer_that_lost_a_bit_is_found_before_anything_is_computed(
    world: World, tmp_path: Path, plain: bytes, capsys: pytest.CaptureFixture[str], *, prepare: bool
) -> None:
    path = lose_a_bit(world.root / ".prepared", "water")
    damaged = path.read_bytes()
    assert run(world, tmp_path / "r.csv", prepare=prepare) == 0
    assert (
        "damaged prepared layers: water; they are made anew, and all footprints are computed anew; check the disk"
        in capsys.readouterr().err.splitlines()
    )
    assert (tmp_path / "r.csv").read_bytes() == plain
    assert path.exists() is prepare
    assert not prepare or path.read_bytes() != damaged


def test_parts_that_may_rest_on_a_damaged_layer_are_given_up(
    world: World, tmp_path: Path, plain: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "r.csv"
    interrupted(world, out, monkeypatch, prepare=True)
    assert list(folder_of(out).glob("*.arrow"))
    lose_a_bit(world.root / ".prepared", "water")
    taken_up: list[int] = []
    compute = running.compute

    def counting(job: Any, chunks: Any, folder: WorkFolder, *rest: Any) -> None:
        taken_up.append(len(folder.parts))
        compute(job, chunks, folder, *rest)

    monkeypatch.setattr(running, "compute", counting)
    assert run(world, out, resume=True, prepare=True, language="zh") == 0
    assert taken_up == [0]
    told = capsys.readouterr().err.splitlines()
    assert "预处理图层已损坏：water；重新建立，全部地块重新计算；请检查磁盘" in told
    assert out.read_bytes() == plain


def test_a_prepared_layer_that_loses_a_bit_in_mid_run_gives_no_results(
    world: World, tmp_path: Path, plain: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "r.csv"
    compute = running.compute

    def losing(*arguments: Any) -> None:
        compute(*arguments)
        lose_a_bit(world.root / ".prepared", "water")

    with monkeypatch.context() as late:
        late.setattr(running, "compute", losing)
        error = refusal(world, out, prepare=True)
    assert isinstance(error, ContentError)
    assert error.text.zh == (
        "预处理图层在运行期间损坏：water。算好的部分可能依据了它，已全部舍弃，没有写出结果；请检查磁盘，再重新运行"
    )
    assert error.text.en == (
        "prepared layers were damaged during the run: water. What was computed may rest on them and was given up, no "
        "results were written; check the disk, then run it again"
    )
    assert not out.exists()
    assert not folder_of(out).exists()
    assert run(world, out, prepare=True) == 0
    assert out.read_bytes() == plain


def test_the_summary_does_not_call_unchecked_land_none(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (world.root / "layers" / "data" / "water.geojson").unlink()
    assert run(world, tmp_path / "r.csv", language="zh") == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("水源"))
    assert re.fullmatch(r"水源 +0 +0 +12 *", line)
