"""What people hand in: its name does no harm, and no reader gets at the bytes that are kept."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.errors import SiteError
from zoning.web.editions.unpacking import laid_out
from zoning.web.parcels import work
from zoning.web.uploads import plain_name
from zoning.web.workers import checking
from zoning.web.workers.handing import hand_over

KEPT = b'{"type": "Point", "coordinates": [112, 35]}'
OVERWRITTEN = b"{}"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("a.zip", "a.zip"),
        ("..\\..\\evil.zip", "evil.zip"),
        ("/etc/passwd", "passwd"),
        ("C:\\项目\\地块.shp", "地块.shp"),
        ("..", "upload"),
        ("", "upload"),
        ("边界\x00\n1.shp", "边界1.shp"),
        ("批文 <b>.pdf", "批文 <b>.pdf"),
        ("长" * 200 + ".geojson", "长" * 64 + ".geojson"),
        (".hidden", "hidden"),
    ],
)
def test_names_of_strangers_stay_names(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_a_name_stays_in_its_folder(name: str) -> None:
    found = plain_name(name)
    assert (Path("/home/folder") / found).parent == Path("/home/folder")
    assert found not in ("", ".", "..")
    assert len(found.encode()) <= 200
    assert plain_name(found) == found


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep a file as a register does: under its digest, read only; tasks work beside it."""
    file = tmp_path / "files" / "ab" / "abcd.geojson"
    file.parent.mkdir(parents=True)
    file.write_bytes(KEPT)
    file.chmod(0o444)
    (tmp_path / "task").mkdir()
    monkeypatch.chdir(tmp_path / "task")
    return file


@pytest.mark.parametrize("name", ["地块.geojson", "../../地块.geojson"])
def test_a_task_gets_a_copy_under_the_name_that_was_handed_in(kept: Path, tmp_path: Path, name: str) -> None:
    copy = hand_over(kept, tmp_path / "in", name)
    assert (copy, copy.read_bytes()) == (tmp_path / "in" / "地块.geojson", KEPT)
    assert not copy.is_symlink()
    assert not copy.samefile(kept)
    assert hand_over(kept, tmp_path / "again", "") == tmp_path / "again" / "abcd.geojson"


def _place(told: dict[str, Any]) -> None:
    kept = SimpleNamespace(extent=lambda _: None)
    assert "error" in work.record_place(kept, told | {"kind": "area"})  # type: ignore[arg-type]  # stands for a keeper


def _check(told: dict[str, Any]) -> None:
    kept = SimpleNamespace(extent=lambda _: None, workspace=None)
    with pytest.raises(SiteError, match="bad"):
        checking.check(kept, told)  # type: ignore[arg-type]  # stands for a keeper


@pytest.mark.parametrize(
    ("task", "reader"),
    [(_check, "zoning.web.workers.checking.read_sites"), (_place, "zoning.sites.streaming.stream_sites")],
)
@pytest.mark.parametrize("name", ["地块.geojson", "abcd.geojson", ""])
def test_a_reader_that_writes_into_its_file_changes_nothing_that_is_kept(
    kept: Path, monkeypatch: pytest.MonkeyPatch, task: Callable[[dict[str, Any]], None], reader: str, name: str
) -> None:
    given: list[Path] = []

    def hostile(file: Path, *_: object, **__: object) -> None:
        given.append(file)
        file.chmod(0o644)
        file.write_bytes(OVERWRITTEN)
        raise SiteError("坏", "bad")

    monkeypatch.setattr(reader, hostile)
    task({"file": str(kept), "name": name, "on": "2026-11-23"})
    assert [file.read_bytes() for file in given] == [OVERWRITTEN]
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (KEPT, 0o444)


def test_a_layer_file_is_laid_out_as_a_copy_too(kept: Path, tmp_path: Path) -> None:
    laid = laid_out(kept, "区.geojson", tmp_path / "task")
    assert (laid.name, laid.read_bytes()) == ("layer.geojson", KEPT)
    laid.write_bytes(OVERWRITTEN)
    assert kept.read_bytes() == KEPT
