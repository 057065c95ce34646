"""`zoning batch` as a user runs it: files, sentences, exit codes, what goes where."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

import batch_world
from batch_world import World
from command_process import feed_zoning, run_zoning
from zoning.batch.folder import folder_of
from zoning.cli.batch import BatchRequest, run_batch
from zoning.cli.batch_files import Files
from zoning.cli.intake import Intake, OnInvalid
from zoning.cli.session import Session
from zoning.errors import ContentError, CRSError, LayerError, SiteError, UsageError, ZoningError

ON = "2026-06-01"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return batch_world.make_world(tmp_path, 12)


def request(world: World, out: Path, **more: Any) -> BatchRequest:
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
    return BatchRequest(**stated)


def run(world: World, out: Path, *, as_json: bool = False, **more: Any) -> int:
    return run_batch(Session("en", environ={}), request(world, out, **more), as_json=as_json)


def refusal(world: World, out: Path, **more: Any) -> ZoningError:
    with pytest.raises(ZoningError) as caught:
        run(world, out, **more)
    return caught.value


def command(*arguments: str | Path, cwd: Path, language: str = "en") -> subprocess.CompletedProcess[str]:
    return run_zoning("batch", *arguments, cwd=cwd, language=language)


def test_the_command_writes_table_lines_and_map(world: World, tmp_path: Path) -> None:
    options = (
        "-w",
        world.root,
        "--set",
        "construction=new",
        "--on",
        ON,
        "--processes",
        "2",
        "--format",
        "json",
        "--no-prepare",
    )
    done = command(world.file, "--out", "r.parquet", "--jsonl", "r.jsonl", "--map", "r.html", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["schema"], summary["sites"], summary["file"], summary["on"]) == (
        "zoning.batch/1",
        12,
        "sites.geojson",
        ON,
    )
    assert sum(summary["decisions"].values()) == 12
    assert set(summary["run"]) == {"seconds", "sites_per_second", "resumed_sites", "peak_mb"}
    assert parquet.read_metadata(tmp_path / "r.parquet").num_rows == 12
    assert len((tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()) == 12
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [line for line in done.stderr.splitlines() if line.startswith("written")] == [
        "written: r.parquet",
        "written: r.jsonl",
        "written: r.html",
    ]
    assert not folder_of(tmp_path / "r.parquet").exists()


def test_layers_are_prepared_first_and_move_no_byte(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(world, tmp_path / "plain.parquet")
    assert not (world.root / ".prepared").exists()
    run(world, tmp_path / "prepared.parquet", prepare=True)
    assert (world.root / ".prepared").is_dir()
    assert "water 2020: 2 zones" in capsys.readouterr().err
    assert (tmp_path / "prepared.parquet").read_bytes() == (tmp_path / "plain.parquet").read_bytes()
    run(world, tmp_path / "again.parquet", prepare=True)
    assert "water" not in capsys.readouterr().err


def test_a_layer_that_contradicts_itself_is_said_before_anything_is_computed(world: World, tmp_path: Path) -> None:
    path = world.root / "layers" / "data" / "farmland.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace('"class": "F"', '"class": "G"'), encoding="utf-8")
    error = refusal(world, tmp_path / "r.csv", prepare=True)
    assert isinstance(error, LayerError)
    assert "class is 'G', no class of layer farmland" in error.text.en
    assert not folder_of(tmp_path / "r.csv").exists()


@pytest.mark.parametrize("prepare", [True, False])
def test_a_layer_of_an_unknown_system_is_named_and_is_no_fault_of_the_footprints(
    world: World, tmp_path: Path, *, prepare: bool
) -> None:
    path = world.root / "layers" / "farmland.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("EPSG:4490", "EPSG:99999"), encoding="utf-8")
    error = refusal(world, tmp_path / "r.csv", prepare=prepare)
    assert isinstance(error, CRSError)
    assert (
        error.text.en == "layer farmland: unknown coordinate system 'EPSG:99999'; write an EPSG code such as EPSG:4525"
    )
    assert not (tmp_path / "r.csv").exists()


def test_the_summary_is_read_by_people(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(world, tmp_path / "r.csv") == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[0].startswith("12 footprints, 1")
    assert "! restricted" in told.out
    assert "R048" in told.out
    assert max(len(line) for line in told.out.splitlines()) <= 100
    # Nobody but this process worked.
    assert re.fullmatch(r"\d+ s, [\d,]+ per second; peak memory: [\d,]+ MB", told.err.splitlines()[-1])
    assert run_batch(Session("zh", environ={}), request(world, tmp_path / "z.csv"), as_json=False) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[0].startswith("12 个地块，1")
    assert "已写出" in told.err


def test_the_json_summary_does_not_tell_the_run_apart(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summaries = []
    for name in ("a", "b"):
        run(world, tmp_path / f"{name}.parquet", as_json=True)
        summary = json.loads(capsys.readouterr().out)
        del summary["run"]
        summaries.append(summary)
    assert summaries[0] == summaries[1]


@pytest.mark.parametrize("decision", ["new", "none"])
def test_every_decision_is_a_row_and_no_failure(world: World, tmp_path: Path, decision: str) -> None:
    assert run(world, tmp_path / "r.csv", sets=(f"construction={decision}",)) == 0


def test_refused_records_fail_a_run_only_where_that_is_asked_for(world: World, tmp_path: Path) -> None:
    flat = {"type": "Polygon", "coordinates": [[[112.40, 35.45], [112.41, 35.45], [112.42, 35.45], [112.40, 35.45]]]}
    features = batch_world.boxes(3)
    features[1]["geometry"] = flat
    batch_world.write_features(world.file, features)
    assert run(world, tmp_path / "a.csv") == 0
    assert run(world, tmp_path / "b.csv", fail_on_refused=True) == 1
    assert (tmp_path / "b.csv").exists()


def test_invalid_outlines_are_refused_one_by_one(world: World, tmp_path: Path) -> None:
    bow = [[112.40, 35.45], [112.41, 35.46], [112.41, 35.45], [112.40, 35.46], [112.40, 35.45]]
    features = batch_world.boxes(3)
    features[1]["geometry"] = {"type": "Polygon", "coordinates": [bow]}
    batch_world.write_features(world.file, features)
    run(world, tmp_path / "r.parquet", intake=Intake(on_invalid=OnInvalid.refuse))
    rows = parquet.read_table(tmp_path / "r.parquet").to_pylist()
    assert [row["status"] for row in rows] == ["checked", "refused", "checked"]
    assert "footprint '地块1' is invalid" in rows[1]["error_en"]
    run(world, tmp_path / "repaired.parquet")
    rows = parquet.read_table(tmp_path / "repaired.parquet").to_pylist()
    assert (rows[1]["status"], rows[1]["repairs"]) == ("checked", ["self-crossing"])


def test_facts_of_single_footprints_are_looked_for_before_anything_is_computed(world: World, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("construction: none\nsites: {S3: {construction: new}}\n", encoding="utf-8")
    run(world, tmp_path / "r.parquet", facts=facts, sets=())
    decided = {row["id"]: row["decision"] for row in parquet.read_table(tmp_path / "r.parquet").to_pylist()}
    # S3 lies in a water zone, like S0 and S6, of which nothing is told.
    assert (decided["S0"], decided["S6"]) == ("permitted", "permitted")
    assert decided["S3"] in {"prohibited", "restricted"}
    facts.write_text("sites: {S33: {construction: new}}\n", encoding="utf-8")
    error = refusal(world, tmp_path / "x.parquet", facts=facts, sets=())
    assert error.text.en == "facts.yaml: the boundary file has no footprint 'S33' - did you mean 'S3'?"
    assert not folder_of(tmp_path / "x.parquet").exists()


@pytest.mark.parametrize(
    ("files", "zh", "en"),
    [
        (
            Files(Path("r.shp")),
            "--out：“r.shp”的扩展名不表示一种格式；可用：.parquet、.gpkg、.csv",
            "--out: the suffix of 'r.shp' names no format; allowed: .parquet, .gpkg, .csv",
        ),
        (
            Files(Path("r.csv"), lines=Path("r.json")),
            "--jsonl：“r.json”的扩展名不表示一种格式；可用：.jsonl、.ndjson",
            "--jsonl: the suffix of 'r.json' names no format; allowed: .jsonl, .ndjson",
        ),
        (
            Files(Path("r.csv"), page=Path("r.png")),
            "--map：“r.png”的扩展名不表示一种格式；可用：.html",
            "--map: the suffix of 'r.png' names no format; allowed: .html",
        ),
        (
            Files(Path("r.gpkg"), wkt=True),
            "--geometry 只用于 .csv；.parquet 和 .gpkg 总是带图形",
            "--geometry is for .csv; .parquet and .gpkg always hold it",
        ),
        (
            Files(Path("nowhere/r.csv")),
            "nowhere：文件夹不存在；请先建立",
            "nowhere: there is no such folder; make it first",
        ),
    ],
)
def test_files_that_cannot_be_meant(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: Files, zh: str, en: str
) -> None:
    monkeypatch.chdir(tmp_path)
    error = refusal(world, Path(), files=files)
    assert (error.text.zh, error.text.en) == (zh, en)


def test_results_are_replaced_only_when_that_is_said(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.csv"
    out.write_text("mine", encoding="utf-8")
    error = refusal(world, out)
    assert isinstance(error, ContentError)
    assert error.text.en == f"{out}: the file exists; choose another name, or replace it with --overwrite"
    assert error.text.zh == f"{out}：文件已存在；请换一个名称，或用 --overwrite 覆盖"
    assert out.read_text(encoding="utf-8") == "mine"
    run(world, out, files=Files(out, overwrite=True))
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_boundary_file_is_never_written_over(world: World, tmp_path: Path) -> None:
    sites = tmp_path / "sites.parquet"
    sites.write_bytes(world.file.read_bytes())
    error = refusal(world, sites, sites=sites, files=Files(sites, overwrite=True))
    assert error.text.en == f"--out and SITES are the same file: {sites}; choose another name"


@pytest.mark.parametrize(
    ("more", "en"),
    [
        ({"resume": True, "restart": True}, "use either --resume or --restart"),
        ({"processes": 0}, "--processes: at least 1"),
        ({"scheduler": "tcp://h:1", "processes": 2}, "use either --processes or --scheduler"),
    ],
)
def test_options_that_exclude_each_other(world: World, tmp_path: Path, more: dict[str, Any], en: str) -> None:
    error = refusal(world, tmp_path / "r.csv", **more)
    assert (type(error), error.text.en) == (UsageError, en)


def test_parts_are_kept_where_that_is_asked_for(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.csv"
    run(world, out, keep_parts=True)
    assert len(list(folder_of(out).glob("*.arrow"))) == 1
    # What is finished is not computed again, nor thrown away by mistake.
    error = refusal(world, out, files=Files(out, overwrite=True))
    assert "it holds the work of another run, 12" in error.text.en
    run(world, out, files=Files(out, overwrite=True), resume=True)
    assert not folder_of(out).exists()


def test_what_appears_beside_the_table_stands_in_nobodys_way(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import zoning.batch.running as module
    from zoning.atomic_write import appear

    files = Files(tmp_path / "r.csv", tmp_path / "r.jsonl", tmp_path / "r.html")

    def killed(partial: Path, path: Path) -> None:
        if path == files.table:
            raise KeyboardInterrupt
        appear(partial, path)

    with monkeypatch.context() as late:
        late.setattr(module, "appear", killed)
        with pytest.raises(KeyboardInterrupt):
            run(world, Path(), files=files)
    assert sorted(path.suffix for path in files.written if path.exists()) == [".html", ".jsonl"]
    # Files of others are never replaced for that.
    other = tmp_path / "other.jsonl"
    other.write_text("mine", encoding="utf-8")
    changed = Files(files.table, other, files.page)
    assert f"{other}: the file exists" in refusal(world, Path(), files=changed, resume=True).text.en
    assert run(world, Path(), files=files, resume=True) == 0
    assert all(path.exists() for path in files.written)


def test_reading_options_decide_too(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.csv"
    run(world, out, keep_parts=True)
    error = refusal(
        world, out, files=Files(out, overwrite=True), resume=True, intake=Intake(on_invalid=OnInvalid.refuse)
    )
    assert "this has changed since: the options for reading the boundary file; put it back" in error.text.en


def test_a_file_that_is_none_leaves_nothing_behind(world: World, tmp_path: Path) -> None:
    world.file.write_text("nothing of the kind", encoding="utf-8")
    assert isinstance(refusal(world, tmp_path / "r.csv"), SiteError)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sites.geojson", "w"]


def test_a_file_that_is_not_there_is_said(world: World, tmp_path: Path) -> None:
    error = refusal(world, tmp_path / "r.csv", sites=tmp_path / "none.gpkg")
    assert isinstance(error, SiteError)
    assert error.text.en.startswith("none.gpkg: ")
    assert not folder_of(tmp_path / "r.csv").exists()


def test_a_pasted_file_is_read_from_standard_input(world: World, tmp_path: Path) -> None:
    line = ("batch", "-", "--out", "r.csv", "-w", world.root, "--on", ON, "--no-prepare")
    done = feed_zoning(world.file.read_bytes(), *line, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "r.csv").read_text(encoding="utf-8-sig").splitlines()) == 13


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_says_how_to_go_on(tmp_path: Path, number: signal.Signals) -> None:
    world = batch_world.make_world(tmp_path, 600)
    out = tmp_path / "r.csv"
    line = [sys.executable, "-m", "zoning", "batch", str(world.file), "--out", str(out), "-w", str(world.root)]
    options = ["--set", "construction=new", "--on", ON, "--processes", "2", "--no-prepare"]
    env = {**os.environ, "ZONING_LANG": "en"}
    process = subprocess.Popen([*line, *options], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
    deadline = time.monotonic() + 60
    while not list(folder_of(out).glob("*.arrow")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(number)
    printed, told = process.communicate()
    assert (process.returncode, printed) == (130, "")
    # On a slow machine it has told how far it is.
    assert [line for line in told.splitlines() if line and not line.startswith("checked")] == [
        f"zoning: what is finished is kept; continue with the same command and --resume ({out})",
        "zoning: interrupted",
    ]
    assert not out.exists()
    assert run(world, out, resume=True) == 0
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 601
