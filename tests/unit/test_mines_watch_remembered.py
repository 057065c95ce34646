"""What earlier runs of the watch listed: read back, marked by people, refused where it is not theirs."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from both_languages import both
from zoning.errors import ContentError, UsageError
from zoning.mines.watch.memory import MARKS, STATES, KnownPatch, WatchState, marked, read_state

SQUARE = shapely.box(112.4, 35.4, 112.41, 35.41)
ON = date(2026, 3, 10)


def patch(number: str, **more: Any) -> KnownPatch:
    stated = {"first_seen": ON, "last_seen": ON, "state": "new", "geometry": json.loads(shapely.to_geojson(SQUARE))}
    return KnownPatch.model_validate({"id": number} | stated | more)


STATE = WatchState(last_number=3, patches=(patch("W0001"), patch("W0002", mark="handled", note="旧"), patch("W0003")))


def test_without_a_file_nothing_was_ever_listed(tmp_path: Path) -> None:
    assert read_state(tmp_path / "none.json") == WatchState()
    assert WatchState().last_number == 0


def test_the_file_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "watch-state.json"
    path.write_text(STATE.to_json(), encoding="utf-8")
    assert read_state(path) == STATE
    assert path.read_text(encoding="utf-8").endswith("}\n")


def test_the_outline_of_a_patch_is_that_of_the_file() -> None:
    assert patch("W0001").shape.equals_exact(SQUARE, 0)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"format": "zoning.mines.watch-state/2"}',
        '{"last_number": "three"}',
        '{"patches": [{"id": "W0001"}]}',
        '{"colour": "red"}',
        json.dumps({"patches": [patch("W0001").model_dump(mode="json") | {"state": "gone"}]}),
        json.dumps({"patches": [patch("W0001").model_dump(mode="json") | {"last_seen": "2026-02-30"}]}),
    ],
)
def test_a_damaged_file_is_never_taken_for_an_empty_one(tmp_path: Path, content: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(content, encoding="utf-8")
    assert both(lambda: read_state(path), ContentError) == (
        f"{path}：不是本命令写出的状态文件，或已损坏；请恢复备份或换一个 --out",
        f"{path}: is no state file of this command, or is damaged; restore a copy or choose another --out",
    )


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_every_mark_can_be_set_and_the_rest_stays(mark: str) -> None:
    found = marked(STATE, {"W0002": mark}, "现场看过")
    assert [(one.id, one.mark, one.note) for one in found.patches] == [
        ("W0001", "open", ""),
        ("W0002", mark, "现场看过"),
        ("W0003", "open", ""),
    ]
    assert found.last_number == 3
    assert STATE.patches[1].mark == "handled"  # what was handed in is not changed


def test_a_mark_without_a_note_keeps_the_note() -> None:
    assert marked(STATE, {"W0002": "open"}).patches[1].note == "旧"


def test_several_patches_are_marked_at_once() -> None:
    found = marked(STATE, {"W0003": "confirmed", "W0001": "false-alarm"})
    assert [one.mark for one in found.patches] == ["false-alarm", "handled", "confirmed"]


def test_no_marks_change_nothing() -> None:
    assert marked(STATE, {}, "a note of nothing") == STATE


@pytest.mark.parametrize("number", ["W0004", "w0001", "", "1"])
def test_a_patch_that_was_never_listed_cannot_be_marked(number: str) -> None:
    assert both(lambda: marked(STATE, {number: "open"}), UsageError) == (
        f"--mark：没有图斑 {number}",
        f"--mark: there is no patch {number}",
    )


@pytest.mark.parametrize("mark", ["real", "", "Open", "false_alarm"])
def test_a_word_that_is_no_mark_is_refused(mark: str) -> None:
    listed = "open, confirmed, permitted, handled, false-alarm"
    assert both(lambda: marked(STATE, {"W0001": mark}), UsageError) == (
        f"--mark：“{mark}”不可用；可用：{listed}",
        f"--mark: '{mark}' is not allowed; allowed: {listed}",
    )


def test_land_that_was_not_watched_has_its_own_word() -> None:
    # "Not seen this time" would say that the change is gone.
    assert STATES["not_watched"].zh == "本次未能观察"
    assert STATES["not_watched"] != STATES["not_seen"]
