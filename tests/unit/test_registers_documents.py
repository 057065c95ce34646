"""Copies of photos and documents: whole, once, never overwritten, and what the register knows of them."""

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from both_languages import both
from quick_register import logged, office, proof_in
from register_world import NOW, TODAY, by, new
from zoning.errors import ContentError, UsageError
from zoning.registers.entries import Attachment
from zoning.registers.files import Copy, clear_incoming, digest_of, keep_copy
from zoning.registers.store import Register, Store

Office = tuple[Store, Register]
# FIPS 180-2, appendix B.1: the digest of "abc".
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture
def pits(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as found:
        found[1].apply([new("P1"), new("P2")], by())
        yield found


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_copy_lies_under_its_digest(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "files"
    copy = keep_copy(folder, proof_in(tmp_path, "abc", "照片 1.JPG"))
    assert copy == Copy("照片 1.JPG", ABC, 3, f"ba/{ABC}.jpg")
    assert (folder / copy.path).read_bytes() == b"abc"
    assert (folder / copy.path).stat().st_mode & 0o777 == 0o444
    assert names(folder) == [copy.path]  # nothing half is left


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("x.pdf", ".pdf"),
        ("x.tar.gz", ".gz"),
        ("x.12345678", ".12345678"),
        ("x.123456789", ""),
        ("x", ""),
        ("x.中文", ""),
        ("x.j-g", ""),
        (".hidden", ""),
        ("x.", ""),
    ],
)
def test_the_ending_of_a_name_stays_where_it_is_plain(tmp_path: Path, name: str, suffix: str) -> None:
    copy = keep_copy(tmp_path / "files", proof_in(tmp_path, "abc", name))
    assert (copy.name, copy.path) == (name, f"ba/{ABC}{suffix}")


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    copy = keep_copy(tmp_path / "files", proof_in(tmp_path, ""))
    assert (copy.size, copy.sha256) == (0, hashlib.sha256(b"").hexdigest())


def test_a_file_larger_than_one_piece_is_copied_whole(tmp_path: Path) -> None:
    content = bytes(range(256)) * 4096 + b"end"  # 1 MiB and three bytes
    path = tmp_path / "large.bin"
    path.write_bytes(content)
    copy = keep_copy(tmp_path / "files", path)
    assert (copy.size, copy.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (tmp_path / "files" / copy.path).read_bytes() == content
    assert digest_of(path) == copy.sha256


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    one = keep_copy(folder, proof_in(tmp_path, "abc", "one.txt"))
    before = (folder / one.path).stat()
    other = keep_copy(folder, proof_in(tmp_path, "abc", "other.txt"))
    assert (other.name, other.path) == ("other.txt", one.path)
    after = (folder / one.path).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert names(folder) == [one.path]


def test_a_damaged_copy_is_told_and_not_overwritten(tmp_path: Path) -> None:
    folder, source = tmp_path / "files", proof_in(tmp_path, "abc")
    kept = folder / keep_copy(folder, source).path
    kept.chmod(0o644)
    kept.write_bytes(b"abd")
    assert both(lambda: keep_copy(folder, source), ContentError) == (
        f"{folder} 中的附件 ba/{ABC}.txt 已损坏（内容与摘要不符），没有覆盖；请从备份恢复",
        (
            f"the attachment ba/{ABC}.txt in {folder} is damaged (its bytes are not those of its digest) and was not "
            "overwritten: bring it back from a copy"
        ),
    )
    assert kept.read_bytes() == b"abd"
    assert names(folder) == [f"ba/{ABC}.txt"]


def test_a_register_without_a_folder_takes_no_documents(tmp_path: Path) -> None:
    assert both(lambda: keep_copy(None, proof_in(tmp_path)), UsageError) == (
        "台账在数据库中，须指明存放附件的文件夹（--files）",
        "the register is in a database: say in which folder attachments are kept (--files)",
    )


def test_a_folder_and_a_pipe_are_no_documents(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for source in (tmp_path, pipe):
        assert both(lambda source=source: keep_copy(tmp_path / "files", source), UsageError) == (  # type: ignore[misc]  # bound at once
            f"附件 {source} 不是文件",
            f"the attachment {source} is no file",
        )
    assert not (tmp_path / "files").exists()


def test_a_document_that_is_not_there_is_named(tmp_path: Path) -> None:
    zh, en = both(lambda: keep_copy(tmp_path / "files", tmp_path / "gone.txt"), ContentError)
    assert zh.startswith(f"附件 {tmp_path / 'gone.txt'} 没有保存：")
    assert en.startswith(f"the attachment {tmp_path / 'gone.txt'} was not kept: ")


@pytest.mark.parametrize(("age_h", "stays"), [(0, True), (23.9, True), (24.1, False)])
def test_what_a_killed_writer_left_goes_after_a_day(tmp_path: Path, age_h: float, stays: bool) -> None:
    left, other = tmp_path / ".incoming-x", tmp_path / "kept.txt"
    for path in (left, other):
        path.write_text("half", encoding="utf-8")
    latest = tmp_path.stat().st_mtime
    for path in (left, other):
        os.utime(path, (latest - age_h * 3600, latest - age_h * 3600))
    clear_incoming(tmp_path)
    assert (left.exists(), other.exists()) == (stays, True)


def test_no_folder_is_nothing_to_clear(tmp_path: Path) -> None:
    clear_incoming(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_all_that_is_known_of_an_attachment_is_told(pits: Office, tmp_path: Path) -> None:
    _, register = pits
    made = register.attach("P1", proof_in(tmp_path, "abc", "前.jpg"), "before", TODAY, by("李四"))
    assert made == Attachment(1, "before", "前.jpg", ABC, 3, f"ba/{ABC}.jpg", TODAY, "", "李四", NOW)
    assert register.attachments("P1") == (made,)
    assert register.attachments("P2") == ()
    assert register.attachment_path(made) == tmp_path / "files" / "ba" / f"{ABC}.jpg"


def test_the_same_file_of_the_same_kind_is_attached_once(pits: Office, tmp_path: Path) -> None:
    store, register = pits
    path = proof_in(tmp_path, "abc")
    first = register.attach("P1", path, "photo", None, by())
    before = len(logged(store))
    assert register.attach("P1", path, "photo", TODAY, by("李四")) == first
    assert len(logged(store)) == before
    # As another kind, and for another record, it is one more.
    assert register.attach("P1", path, "before", None, by()).number == 2
    assert register.attach("P2", path, "photo", None, by()).number == 1
    assert [one.kind for one in register.attachments("P1")] == ["photo", "before"]
    assert store.verify().files == 1


def test_the_log_holds_the_row_of_an_attachment(pits: Office, tmp_path: Path) -> None:
    store, register = pits
    register.attach("P1", proof_in(tmp_path, "abc", "x.txt"), "document", TODAY, by())
    assert logged(store)[-1] == (
        "P1", 1, "attach",
        {"row": {
            "kind": "pits", "record": "P1", "number": 1, "what": "document", "name": "x.txt", "sha256": ABC, "size": 3,
            "path": f"ba/{ABC}.txt", "taken": "2026-03-10", "about": "", "actor": "张三",
            "at": "2026-03-10T08:00:00.000000+00:00",
        }},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        (
            {"kind": "video"},
            "没有附件类型“video”；有：before、after、photo、document、evidence",
            "there is no kind 'video'; there are: before, after, photo, document, evidence",
        ),
        ({"taken": TODAY + timedelta(1)}, "日期 2026-03-11 在将来", "the day 2026-03-11 lies in the future"),
        ({"record": "P9"}, "矿坑中没有“P9”", "there is no 'P9' in the register pits"),
        ({"stamp": by("")}, "必须写明操作人", "it has to be said who does this"),
    ],
)
def test_what_is_refused_is_not_copied(pits: Office, tmp_path: Path, told: dict[str, Any], zh: str, en: str) -> None:
    _, register = pits
    stated: dict[str, Any] = {"record": "P1", "kind": "photo", "taken": TODAY, "stamp": by()} | told
    assert both(lambda: register.attach(file=proof_in(tmp_path), **stated), UsageError) == (zh, en)
    assert not (tmp_path / "files").exists()
