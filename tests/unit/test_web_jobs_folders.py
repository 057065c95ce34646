"""The folders of jobs: what is shown of them, what is told of a failure, what goes when it is old."""

import os
import time
from pathlib import Path

import pytest

from zoning.texts import Text
from zoning.web.jobs.folders import note_failure, noted_failure, progress_of, remove, results_of, sweep

DAY_S = 86_400


def written(folder: Path, *names: str, content: str = "x") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def aged(path: Path, days: float) -> None:
    """Let a file or folder be of so many days ago, with all that is in it."""
    then = time.time() - days * DAY_S
    for one in (*path.rglob("*"), path):
        os.utime(one, (then, then), follow_symlinks=False)


def test_results_are_named_from_their_folder_the_nearest_first(tmp_path: Path) -> None:
    written(tmp_path / "out", "b.csv", "a/z.csv", "a.csv", "a/b/c.csv", "图/一.png", content="1234")
    found = results_of(tmp_path)
    assert [one.name for one in found] == ["a.csv", "b.csv", "a/z.csv", "图/一.png", "a/b/c.csv"]
    assert {one.size for one in found} == {4}
    assert found[2].path == tmp_path / "out" / "a" / "z.csv"


def test_what_is_hidden_or_leads_elsewhere_is_no_result(tmp_path: Path) -> None:
    written(tmp_path, "secret.txt", "elsewhere/secret.txt")
    written(tmp_path / "out", "shown.csv", ".part", ".cache/a.csv", "a/.b/c.csv")
    (tmp_path / "out" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "out" / "folder").symlink_to(tmp_path / "elsewhere")
    assert [one.name for one in results_of(tmp_path)] == ["shown.csv"]


def test_a_job_without_a_folder_has_no_results(tmp_path: Path) -> None:
    assert results_of(tmp_path / "gone") == ()
    assert progress_of(tmp_path / "gone") == ()
    assert noted_failure(tmp_path / "gone") is None


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        (b"", ()),
        (b"\n\n", ()),
        (b"one\ntwo\n", ("one", "two")),
        (b"one\r\ntwo", ("one", "two")),
        (b"10 %\r20 %\r30 %\ndone\n", ("30 %", "done")),
        (b"10 %\r20 %\r", ("20 %",)),
        (b"  in front\t \n \t\nlast", ("  in front", "last")),
        (b"\x1b[31mred\x1b[0m \x1b[2K\x07bell\x00\n", ("red bell",)),
        (b"a\tb\n", ("a\tb",)),
        ("第 1 块，共 3 块\n".encode(), ("第 1 块，共 3 块",)),
        (b"caf\xe9\n", ("caf�",)),
    ],
)
def test_progress_is_what_a_person_would_see_of_it(tmp_path: Path, said: bytes, lines: tuple[str, ...]) -> None:
    (tmp_path / "stderr").write_bytes(said)
    assert progress_of(tmp_path) == lines


def test_of_many_lines_the_last_are_shown(tmp_path: Path) -> None:
    (tmp_path / "stderr").write_text("".join(f"{n}\n" for n in range(401)), encoding="utf-8")
    found = progress_of(tmp_path)
    assert (len(found), found[0], found[-1]) == (400, "1", "400")


@pytest.mark.parametrize(("more", "first"), [(0, "head"), (1, "line 1")])
def test_a_line_that_was_cut_off_is_not_shown(tmp_path: Path, more: int, first: str) -> None:
    tail = b"\nline 1\nline 2\n"
    head = b"head" + b" " * (64_000 - 4 - len(tail) + more)
    (tmp_path / "stderr").write_bytes(head + tail)
    assert progress_of(tmp_path)[0] == first
    assert progress_of(tmp_path)[-1] == "line 2"


def test_a_failure_is_told_as_it_was_noted(tmp_path: Path) -> None:
    note_failure(tmp_path, Text("计算超过 60 秒的时限", "more than 60 s"))
    assert noted_failure(tmp_path) == Text("计算超过 60 秒的时限", "more than 60 s")


def test_a_failure_that_cannot_be_noted_is_let_go(tmp_path: Path) -> None:
    note_failure(tmp_path / "gone", Text("慢", "slow"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{", '{"zh": "慢"}', '{"en": "slow"}', "{}"])
def test_a_damaged_note_tells_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "failure.json").write_text(content, encoding="utf-8")
    assert noted_failure(tmp_path) is None


def test_folders_and_files_are_removed_whole(tmp_path: Path) -> None:
    written(tmp_path, "job/out/a.csv", "file.zip", "kept.txt")
    for name in ("job", "file.zip", "never-there"):
        remove(tmp_path / name)
    assert [one.name for one in tmp_path.iterdir()] == ["kept.txt"]


def test_what_nobody_has_written_to_for_long_goes(tmp_path: Path) -> None:
    written(tmp_path, "old/out/a.csv", "young/out/a.csv", "old.zip", "young.zip")
    for name in ("old", "old.zip"):
        aged(tmp_path / name, 30.01)
    for name in ("young", "young.zip"):
        aged(tmp_path / name, 29.99)
    assert sweep(tmp_path, 30, ()) == 2
    assert sorted(one.name for one in tmp_path.iterdir()) == ["young", "young.zip"]


def test_one_file_that_was_written_keeps_the_folder(tmp_path: Path) -> None:
    written(tmp_path, "job/out/deep/a.csv", "job/out/b.csv")
    aged(tmp_path / "job", 99)
    os.utime(tmp_path / "job" / "out" / "deep" / "a.csv")
    assert sweep(tmp_path, 30, ()) == 0
    assert (tmp_path / "job" / "out" / "b.csv").exists()


def test_jobs_that_wait_or_run_and_links_stay(tmp_path: Path) -> None:
    home = tmp_path / "jobs"
    written(tmp_path, "elsewhere/a.csv", "jobs/busy/a.csv", "jobs/old/a.csv")
    (home / "link").symlink_to(tmp_path / "elsewhere")
    for path in (home / "busy", home / "old", tmp_path / "elsewhere"):
        aged(path, 99)
    aged(home / "link", 99)
    assert sweep(home, 30, {"busy"}) == 1
    assert sorted(one.name for one in home.iterdir()) == ["busy", "link"]
    assert (tmp_path / "elsewhere" / "a.csv").exists()


def test_nothing_is_swept_where_there_is_no_folder(tmp_path: Path) -> None:
    assert sweep(tmp_path / "gone", 30, ()) == 0
