"""Files that are there whole or not at all, and JSON for people."""

import errno
import json
import os
import stat
from pathlib import Path

import pytest

from both_languages import both
from zoning.atomic_write import appear, as_item, json_text, sync_folder, write_whole
from zoning.errors import ContentError, NoRoomError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def open_files() -> int:
    """Return how many files this process has open, where the system shows it."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def test_a_text_is_written_in_utf_8_with_its_own_ends_of_lines(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", "地块\r\n一\n")
    assert (tmp_path / "a.txt").read_bytes() == b"\xe5\x9c\xb0\xe5\x9d\x97\r\n\xe4\xb8\x80\n"


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"x" * 100_000])
def test_bytes_are_written_as_they_are(tmp_path: Path, content: bytes) -> None:
    write_whole(tmp_path / "a", content)
    assert (tmp_path / "a").read_bytes() == content


def test_missing_folders_are_made(tmp_path: Path) -> None:
    write_whole(tmp_path / "年" / "月" / "a.json", "{}")
    assert (tmp_path / "年" / "月" / "a.json").read_text() == "{}"


def test_what_was_there_is_replaced_and_nothing_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old and longer")
    write_whole(path, "new")
    assert path.read_text() == "new"
    assert names(tmp_path) == ["a.txt"]


def test_a_new_file_can_be_read_by_others(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", "x")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644


def test_a_link_is_replaced_and_its_file_kept(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "real").read_text() == "old"
    assert not (tmp_path / "link").is_symlink()


def test_a_file_that_may_not_be_replaced_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_whole(path, "first", over=False)
    zh, en = both(lambda: write_whole(path, "second", over=False), ContentError)
    assert zh == f"{path}：写入失败（同名文件已存在）；原有文件未改动"
    assert en == f"{path}: cannot be written (File exists); what was there is unchanged"
    assert path.read_text() == "first"
    assert names(tmp_path) == ["a.txt"]


def test_a_folder_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    zh, _ = both(lambda: write_whole(tmp_path / "a", "x"), ContentError)
    assert zh == f"{tmp_path / 'a'}：写入失败（是文件夹）；原有文件未改动"
    assert names(tmp_path) == ["a"]


def test_below_a_file_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    path = tmp_path / "a" / "b" / "c"
    zh, _ = both(lambda: write_whole(path, "x"), ContentError)
    assert zh == f"{path}：写入失败（路径中有一段不是文件夹）；原有文件未改动"


@pytest.mark.parametrize(
    ("number", "kind", "reason"),
    [
        (errno.ENOSPC, NoRoomError, "磁盘已满"),
        (errno.EDQUOT, NoRoomError, "磁盘配额已满"),
        (errno.EFBIG, NoRoomError, "超出文件大小上限"),
        (errno.EROFS, ContentError, "磁盘只读"),
        (errno.EACCES, ContentError, "没有权限"),
    ],
)
def test_a_disk_that_refuses_leaves_the_old_file_and_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[ContentError], reason: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    zh, en = both(lambda: write_whole(path, "new"), kind)
    assert zh == f"{path}：写入失败（{reason}）；原有文件未改动"
    assert en == f"{path}: cannot be written ({os.strerror(number)}); what was there is unchanged"
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


# --- JSON -----------------------------------------------------------------------------------------------------------


def test_json_can_be_read_by_people() -> None:
    assert json_text({"名": ["一", 1.5, None]}) == '{\n  "名": [\n    "一",\n    1.5,\n    null\n  ]\n}\n'


def test_the_order_of_keys_is_kept() -> None:
    assert list(json.loads(json_text({"b": 1, "a": 2}))) == ["b", "a"]


def test_objects_are_written_as_the_caller_says() -> None:
    assert json_text({"at": Path("a") / "b"}, default=lambda value: value.as_posix()) == '{\n  "at": "a/b"\n}\n'
    with pytest.raises(TypeError):
        json_text({"at": Path("a")})


def test_what_is_no_number_is_written_only_where_it_may() -> None:
    assert json_text(float("nan")) == "NaN\n"
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text(float("inf"), allow_nan=False)


@pytest.mark.parametrize(
    ("document", "item"),
    [
        ("{}\n", "  {}"),
        ("{}\n\n", "  {}"),
        ("{}", "  {}"),
        ('{\n  "a": 1\n}\n', '  {\n    "a": 1\n  }'),
        ('"a\u2028b\u0085c"\n', '  "a\u2028b\u0085c"'),
    ],
)
def test_a_document_in_an_array_is_indented(document: str, item: str) -> None:
    assert as_item(document) == item


def test_items_together_are_the_json_of_the_list() -> None:
    values = [{"名": "一", "n": [1, 2]}, {}, "x"]
    together = "[\n" + ",\n".join(as_item(json_text(value)) for value in values) + "\n]\n"
    assert together == json_text(values)


# --- what a library has written -------------------------------------------------------------------------------------


def test_a_finished_file_takes_its_name(tmp_path: Path) -> None:
    partial, path = tmp_path / ".a.part", tmp_path / "a"
    partial.write_bytes(b"new")
    path.write_bytes(b"old")
    appear(partial, path)
    assert path.read_bytes() == b"new"
    assert not partial.exists()


def test_what_was_not_written_does_not_appear(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileNotFoundError):
        appear(tmp_path / "none", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_folder_can_be_written_to_disk_and_a_missing_one_cannot(tmp_path: Path) -> None:
    before = open_files()
    sync_folder(tmp_path)
    assert open_files() == before
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "none")
