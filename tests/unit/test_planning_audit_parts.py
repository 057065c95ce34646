"""Finished checks of an interrupted audit: taken over only where they are whole and of the same data."""

import json
from pathlib import Path

import pytest

from overlay_world import PLANE
from zoning.errors import ContentError
from zoning.planning.audit.issue import Finding, Issue, issue_of
from zoning.planning.audit.parts import FOLDER, Parts
from zoning.texts import Text


def issues(*zones: str) -> tuple[Issue, ...]:
    text = Text("空隙“甲”", "gap")
    return tuple(issue_of(Finding("gap", ("units",), (zone,), text, area_m2=1.5), PLANE) for zone in zones)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path, resume=True)


def kept(out: Path) -> list[Path]:
    return sorted((out / FOLDER).iterdir())


@pytest.mark.parametrize("zones", [(), ("U1",), ("U2", "U1")])
def test_what_was_kept_comes_back_in_its_order(parts: Parts, zones: tuple[str, ...]) -> None:
    parts.put("gap units", "d1", issues(*zones))
    assert parts.get("gap units", "d1") == issues(*zones)


def test_another_run_finds_it_again(parts: Parts, tmp_path: Path) -> None:
    parts.put("gap units", "d1", issues("U1"))
    assert Parts(tmp_path, resume=True).get("gap units", "d1") == issues("U1")


def test_a_run_that_begins_anew_leaves_earlier_parts_aside(parts: Parts, tmp_path: Path) -> None:
    parts.put("gap units", "d1", issues("U1"))
    assert Parts(tmp_path, resume=False).get("gap units", "d1") is None
    assert not (tmp_path / FOLDER).exists()


def test_a_part_of_other_data_is_none(parts: Parts) -> None:
    parts.put("gap units", "d1", issues("U1"))
    assert parts.get("gap units", "d2") is None


def test_a_check_that_was_not_finished_has_no_part(parts: Parts) -> None:
    assert parts.get("gap units", "d1") is None


def test_a_part_that_is_made_again_replaces_the_old_one(parts: Parts, tmp_path: Path) -> None:
    parts.put("gap units", "d1", issues("U1"))
    parts.put("gap units", "d2", issues("U2"))
    assert parts.get("gap units", "d2") == issues("U2")
    assert len(kept(tmp_path)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("gap:units", "gap units"), ("../up", ".._up"), ("a" * 60 + "1", "a" * 60 + "2"), ("图层甲", "图层乙")],
)
def test_checks_whose_names_look_alike_as_files_do_not_mix(parts: Parts, tmp_path: Path, one: str, other: str) -> None:
    parts.put(one, "d", issues("U1"))
    parts.put(other, "d", issues("U2"))
    assert (parts.get(one, "d"), parts.get(other, "d")) == (issues("U1"), issues("U2"))
    assert len(kept(tmp_path)) == 2
    assert all(len(path.name) <= 60 + 1 + 8 + 5 for path in kept(tmp_path))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"d"',
        b'{"digest": "d"}',
        b'{"issues": []}',
        b'{"digest": "d", "issues": 7}',
        b'{"digest": "d", "issues": [{"id": "A1"}]}',
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_part_is_made_again(parts: Parts, tmp_path: Path, content: bytes) -> None:
    parts.put("gap", "d", issues("U1"))
    kept(tmp_path)[0].write_bytes(content)
    assert parts.get("gap", "d") is None


def test_chinese_is_kept_readable(parts: Parts, tmp_path: Path) -> None:
    parts.put("gap", "d", issues("U1"))
    text = kept(tmp_path)[0].read_text(encoding="utf-8")
    assert "空隙“甲”" in text
    assert json.loads(text)["digest"] == "d"


def test_clearing_nothing_is_no_fault(parts: Parts) -> None:
    parts.clear()
    assert parts.get("gap", "d") is None


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    out = tmp_path / "file"
    out.write_text("x", encoding="utf-8")
    with pytest.raises(ContentError, match="audit-parts"):
        Parts(out, resume=True).put("gap", "d", ())
