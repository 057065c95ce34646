"""Digests that are believed without reading: only while a change of the file would show."""

import os
import time
from pathlib import Path

import pytest

from zoning.overlay.prepared.file_state import FileState, file_system_now_ns
from zoning.overlay.prepared.stamps import Stamp, Stamps, States

SECOND = 1_000_000_000
FINE = FileState(10, 5 * SECOND + 7, 6 * SECOND + 7, 1)


def states_of(path: Path) -> States:
    return ((path.name, FileState.of(path.stat())),)


@pytest.mark.parametrize(
    ("state", "at_ns", "settled"),
    [
        (FINE, 6 * SECOND + 7, False),
        (FINE, 6 * SECOND + 7 + SECOND // 20, False),
        (FINE, 6 * SECOND + 8 + SECOND // 20, True),
        # The later of the two times counts ...
        (FileState(10, 7 * SECOND + 1, 6 * SECOND + 7, 1), 7 * SECOND, True),
        (FileState(10, 7 * SECOND + 1, 6 * SECOND + 7, 1), 7 * SECOND + 2, False),
        # ... but a time of modification in the future was set by hand and says nothing.
        (FileState(10, 99 * SECOND, 6 * SECOND + 7, 1), 7 * SECOND, True),
        # A clock that was put back: everything is read again.
        (FileState(10, 5 * SECOND + 7, 99 * SECOND, 1), 7 * SECOND, False),
        # Whole seconds: a file system that keeps no more, or only every other one.
        (FileState(10, 5 * SECOND, 6 * SECOND, 1), 8 * SECOND, False),
        (FileState(10, 5 * SECOND, 6 * SECOND, 1), 8 * SECOND + 1, True),
    ],
)
def test_when_a_later_change_would_show(state: FileState, at_ns: int, settled: bool) -> None:
    assert state.settled(at_ns) is settled


def test_the_clock_of_the_file_system_goes_on_and_leaves_nothing(tmp_path: Path) -> None:
    first = file_system_now_ns(tmp_path)
    (tmp_path / "a").write_text("", encoding="ascii")
    assert first <= (tmp_path / "a").stat().st_mtime_ns <= file_system_now_ns(tmp_path) + SECOND
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
    # Where nothing can be written there is a clock all the same.
    assert file_system_now_ns(tmp_path / "not there") >= first


def _old(path: Path) -> States:
    """Return the states of a file as if it had been written an hour ago."""
    (name, state), *_ = states_of(path)
    return ((name, FileState(state.size, state.modified_ns - 3600 * SECOND, state.changed_ns - 3600 * SECOND, 1)),)


def test_a_stamp_is_believed_by_another_process_as_long_as_the_state_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x", encoding="ascii")
    states = _old(tmp_path / "a")
    assert Stamps(tmp_path).take("a", lambda: states, lambda: "digest") == "digest"
    assert Stamps(tmp_path).known("a", states) == "digest"
    ((name, state),) = states
    for other in (
        FileState(state.size + 1, state.modified_ns, state.changed_ns, state.inode),
        FileState(state.size, state.modified_ns + 1, state.changed_ns, state.inode),
        FileState(state.size, state.modified_ns, state.changed_ns + 1, state.inode),
        FileState(state.size, state.modified_ns, state.changed_ns, state.inode + 1),
    ):
        assert Stamps(tmp_path).known("a", ((name, other),)) is None
    assert Stamps(tmp_path).known("a", (*states, ("a-wal", state))) is None
    assert Stamps(tmp_path).known("b", states) is None


def test_what_was_written_just_now_is_read_again_although_its_state_is_the_same(tmp_path: Path) -> None:
    """The edit that git calls racy: same size, same tick of the clock."""
    path = tmp_path / "a"
    path.write_text("old", encoding="ascii")
    stamps = Stamps(tmp_path)
    status = path.stat()
    now = max(status.st_mtime_ns, status.st_ctime_ns)
    stamps.put("a", Stamp(states_of(path), "digest of old", now))
    assert stamps.known("a", states_of(path)) is None
    assert Stamps(tmp_path).known("a", states_of(path)) is None


def test_an_edit_whose_time_was_put_back_shows(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old", encoding="ascii")
    status = path.stat()
    Stamps(tmp_path).put("a", Stamp(states_of(path), "digest of old", status.st_ctime_ns + SECOND))
    time.sleep(0.05)  # more than one tick
    path.write_text("new", encoding="ascii")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_mtime_ns == status.st_mtime_ns
    # Nothing to see but the time of the last change of the inode.
    assert Stamps(tmp_path).known("a", states_of(path)) is None


def test_a_file_that_changes_while_it_is_hashed_gets_no_stamp(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old", encoding="ascii")

    def digest() -> str:
        path.write_text("newer", encoding="ascii")
        return "of old and newer"

    assert Stamps(tmp_path).take("a", lambda: states_of(path), digest) is None
    assert Stamps(tmp_path).known("a", states_of(path)) is None


def test_every_flipped_bit_of_a_stamp_makes_it_worthless(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x", encoding="ascii")
    states = _old(tmp_path / "a")
    Stamps(tmp_path).take("a", lambda: states, lambda: "0123abcd")
    path = tmp_path / "a.stamp"
    good = path.read_bytes()
    for place in range(len(good)):
        for bit in (0, 5, 7):
            bad = bytearray(good)
            bad[place] ^= 1 << bit
            path.write_bytes(bad)
            assert Stamps(tmp_path).known("a", states) in {None, "0123abcd"}, (place, bit)
    for length in range(len(good)):
        path.write_bytes(good[:length])
        assert Stamps(tmp_path).known("a", states) is None


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b'{"stamp": 1, "sha256": 1}', b"[" * 100_000, b"\xff"])
def test_other_files_are_no_stamps(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.stamp").write_bytes(content)
    assert Stamps(tmp_path).known("a", ((("a"), FINE),)) is None


def test_links_pipes_and_folders_are_no_stamps(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x", encoding="ascii")
    states = _old(tmp_path / "a")
    Stamps(tmp_path).take("a", lambda: states, lambda: "digest")
    (tmp_path / "link.stamp").symlink_to(tmp_path / "a.stamp")
    os.mkfifo(tmp_path / "pipe.stamp")
    (tmp_path / "folder.stamp").mkdir()
    for name in ("link", "pipe", "folder"):
        assert Stamps(tmp_path).known(name, states) is None


def test_without_a_folder_stamps_are_kept_for_this_process_and_no_folder_is_made(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x", encoding="ascii")
    states = _old(tmp_path / "a")
    stamps = Stamps(tmp_path / "none")
    assert stamps.take("a", lambda: states, lambda: "digest") == "digest"
    assert stamps.known("a", states) == "digest"
    assert not (tmp_path / "none").exists()
    stamps.drop("a")
    assert stamps.known("a", states) is None
