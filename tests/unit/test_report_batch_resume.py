"""Reports of a batch after an interruption: what is finished is taken over, and no byte differs."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import batch_world
import tiny_workspace
from batch_world import World
from zoning.batch.folder import folder_of
from zoning.batch.reports_ledger import NAME
from zoning.cli.batch import BatchRequest, run_batch
from zoning.cli.batch_files import Files
from zoning.cli.intake import Intake
from zoning.cli.session import Session
from zoning.report.document import Report
from zoning.report.making import Reporter, To

ON = "2026-06-01"
SITES = 6
Write = Callable[[Reporter, Report, To], bytes]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return six boxes, the second of which lies nowhere and has no report."""
    root = tiny_workspace.build(tmp_path / "w")
    features = batch_world.boxes(SITES)
    features[1]["geometry"] = tiny_workspace.polygon((113.2, 35.45, 113.201, 35.451))
    return World(root, batch_world.write_features(tmp_path / "sites.geojson", features))


def run(world: World, folder: Path, *, resume: bool = False, maker: str = "甲县行政审批局", to: str = "html") -> int:
    request = BatchRequest(
        sites=world.file,
        files=Files(folder.with_suffix(".csv"), reports=folder, reports_to=to),
        facts=None,
        sets=("construction=new",),
        on=ON,
        workspace=world.root,
        intake=Intake(),
        processes=1,
        prepare=False,
        resume=resume,
        maker=maker,
    )
    return run_batch(Session("zh", environ={}), request, as_json=True)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> "list[str]":
    """Return the names of the sites whose report was written, as they are written."""
    names: list[str] = []
    usual = Reporter.write

    def write(self: Reporter, report: Report, to: To) -> bytes:
        names.append(report.site)
        return usual(self, report, to)

    monkeypatch.setattr(Reporter, "write", write)
    return names


def interrupt(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch, *, at: int) -> None:
    """Press Ctrl-C while the report number `at` is made."""
    usual = Reporter.write
    begun: list[int] = []

    def write(self: Reporter, report: Report, to: To) -> bytes:
        begun.append(1)
        if len(begun) == at:
            raise KeyboardInterrupt
        return usual(self, report, to)

    with monkeypatch.context() as patched:
        patched.setattr(Reporter, "write", write)
        with pytest.raises(KeyboardInterrupt):
            run(world, folder)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def ledger_of(folder: Path) -> Path:
    return folder_of(folder.with_suffix(".csv")) / NAME


@pytest.mark.parametrize("to", ["html", "docx"])
def test_finished_reports_are_taken_over_and_no_byte_differs(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: list[str], to: str
) -> None:
    undisturbed, folder = tmp_path / "undisturbed", tmp_path / "taken-up"
    run(world, undisturbed, to=to)
    assert written == ["地块0", "地块2", "地块3", "地块4", "地块5"]
    written.clear()

    usual = Reporter.write

    def third(self: Reporter, report: Report, to: To) -> bytes:
        if len(written) == 2:
            raise KeyboardInterrupt
        return usual(self, report, to)

    with monkeypatch.context() as patched:
        patched.setattr(Reporter, "write", third)
        with pytest.raises(KeyboardInterrupt):
            run(world, folder, to=to)
    assert sorted(path.name[:5] for path in folder.iterdir()) == ["00001", "00003"]
    assert not folder.with_suffix(".csv").exists()
    written.clear()
    run(world, folder, to=to, resume=True)
    assert written == ["地块3", "地块4", "地块5"]
    assert bytes_of(folder) == bytes_of(undisturbed)
    assert folder.with_suffix(".csv").read_bytes() == undisturbed.with_suffix(".csv").read_bytes()
    assert not ledger_of(folder).parent.exists()


def test_a_report_that_is_not_what_was_written_is_made_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: list[str]
) -> None:
    undisturbed, folder = tmp_path / "undisturbed", tmp_path / "taken-up"
    run(world, undisturbed)
    interrupt(world, folder, monkeypatch, at=4)
    edited, gone, _ = sorted(folder.iterdir())
    edited.write_bytes(edited.read_bytes() + b" ")
    gone.unlink()
    # The last line of the ledger was cut short in the middle of a character.
    ledger = ledger_of(folder)
    ledger.write_bytes(ledger.read_bytes()[:-40])
    written.clear()
    run(world, folder, resume=True)
    assert written == ["地块0", "地块2", "地块3", "地块4", "地块5"]
    assert bytes_of(folder) == bytes_of(undisturbed)


@pytest.mark.parametrize("change", ["maker", "styles"])
def test_reports_that_rest_on_something_else_are_made_anew(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: list[str], change: str
) -> None:
    folder = tmp_path / "taken-up"
    interrupt(world, folder, monkeypatch, at=4)
    written.clear()
    if change == "styles":
        (world.root / "styles").mkdir(exist_ok=True)
        (world.root / "styles" / "note.txt").write_text("x", encoding="utf-8")
    run(world, folder, resume=True, maker="乙县" if change == "maker" else "甲县行政审批局")
    assert len(written) == SITES - 1
    pages = [path.read_text(encoding="utf-8") for path in folder.iterdir()]
    assert all(("乙县" in page) is (change == "maker") for page in pages)


def test_a_run_that_goes_on_after_midnight_keeps_the_day_of_its_beginning(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: list[str]
) -> None:
    undisturbed, folder = tmp_path / "undisturbed", tmp_path / "taken-up"
    monkeypatch.setattr(Session, "today", lambda _: date(2026, 6, 1))
    run(world, undisturbed)
    interrupt(world, folder, monkeypatch, at=3)
    monkeypatch.setattr(Session, "today", lambda _: date(2026, 6, 2))
    written.clear()
    run(world, folder, resume=True)
    assert len(written) == 3
    assert bytes_of(folder) == bytes_of(undisturbed)


def test_a_ledger_of_another_kind_is_not_trusted(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: list[str]
) -> None:
    folder = tmp_path / "taken-up"
    interrupt(world, folder, monkeypatch, at=3)
    head, *lines = ledger_of(folder).read_text(encoding="utf-8").split("\n")
    told: dict[str, Any] = {**json.loads(head), "schema": "zoning.batch-reports/0"}
    ledger_of(folder).write_text("\n".join([json.dumps(told), *lines]), encoding="utf-8")
    written.clear()
    run(world, folder, resume=True)
    assert len(written) == SITES - 1
