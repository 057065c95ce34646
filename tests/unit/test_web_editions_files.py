"""Files of editions: nothing is replaced unseen, nothing damaged is used, and a change can be taken back."""

import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from zoning.errors import ContentError, NoRoomError
from zoning.web.editions.files import Replacement, clear_left, keep_bytes, kept_bytes, put_data
from zoning.web.server import Server
from zoning.web.settings import ServerSettings


class Silent:
    """Stands for the database of a store that is not asked."""

    def speak_to_strangers(self) -> None:
        """Do nothing."""


class Empty:
    database = Silent()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


@pytest.fixture
def server(tmp_path: Path) -> Server:
    settings = ServerSettings(tmp_path / "workspace", "", tmp_path / "files", tmp_path / "state")
    nothing: Any = None
    return Server(settings, Empty(), nothing, nothing, nothing, nothing)  # type: ignore[arg-type]  # stands for a store


@pytest.mark.parametrize("content", [b"", b"id: water\n", "标题：水源地\n".encode(), bytes(range(256))])
def test_what_is_kept_comes_back_byte_for_byte(server: Server, content: bytes) -> None:
    copy = keep_bytes(server, "layer.yaml", content)
    assert (copy.name, copy.sha256, copy.size) == ("layer.yaml", sha256(content), len(content))
    assert kept_bytes(server, copy.sha256, ".yaml") == content
    assert names(server.folder("uploads")) == []


def test_the_same_content_is_kept_once(server: Server) -> None:
    first, second = (keep_bytes(server, "a.yaml", b"same") for _ in range(2))
    assert first.path == second.path
    assert len([one for one in server.settings.files.rglob("*.yaml") if one.is_file()]) == 1


def test_what_cannot_be_written_is_said(server: Server) -> None:
    with pytest.raises(ContentError, match="nothing was changed"):
        keep_bytes(server, "n" * 300, b"x")


def test_a_kept_file_that_was_damaged_is_not_used(server: Server) -> None:
    copy = keep_bytes(server, "a.yaml", b"as it was")
    path = server.settings.files / copy.path
    path.chmod(0o644)
    path.write_bytes(b"as it is")
    with pytest.raises(ContentError) as refused:
        kept_bytes(server, copy.sha256, ".yaml")
    assert refused.value.text.zh == f"保存的文件 {path.name} 已损坏"
    assert refused.value.text.en == f"the kept file {path.name} is damaged"


def test_a_kept_file_that_is_gone_or_has_another_ending_is_said(server: Server) -> None:
    copy = keep_bytes(server, "a.yaml", b"x")
    for digest, suffix in ((copy.sha256, ".gpkg"), ("0" * 64, ".yaml")):
        with pytest.raises(ContentError) as refused:
            kept_bytes(server, digest, suffix)
        assert refused.value.text.zh == f"保存的文件 {digest}{suffix} 无法读取：不存在"


def test_data_are_laid_into_the_workspace_whole_and_readable(tmp_path: Path) -> None:
    source, target = tmp_path / "kept.gpkg", tmp_path / "layers" / "data" / "water-2026.gpkg"
    source.write_bytes(b"data")
    put_data(source, target, sha256(b"data"))
    assert target.read_bytes() == b"data"
    assert target.stat().st_mode & 0o777 == 0o644
    assert names(target.parent) == ["water-2026.gpkg"]


def test_the_same_data_are_laid_there_once(tmp_path: Path) -> None:
    target = tmp_path / "water.gpkg"
    target.write_bytes(b"data")
    before = target.stat().st_ino
    put_data(tmp_path / "gone", target, sha256(b"data"))
    assert target.stat().st_ino == before


def test_other_data_of_that_name_are_never_replaced(tmp_path: Path) -> None:
    source, target = tmp_path / "kept.gpkg", tmp_path / "water.gpkg"
    source.write_bytes(b"new")
    target.write_bytes(b"old")
    with pytest.raises(ContentError) as refused:
        put_data(source, target, sha256(b"new"))
    assert refused.value.text.zh == "layers/data 中已有另一个 water.gpkg，没有覆盖"
    assert refused.value.text.en == "layers/data holds another water.gpkg already"
    assert target.read_bytes() == b"old"


def test_damaged_data_are_not_put_into_force(tmp_path: Path) -> None:
    source, target = tmp_path / "kept.gpkg", tmp_path / "data" / "water.gpkg"
    source.write_bytes(b"damaged")
    with pytest.raises(ContentError) as refused:
        put_data(source, target, sha256(b"whole"))
    assert refused.value.text.en == "the kept data are damaged: nothing was put into force"
    assert names(target.parent) == []


def test_data_that_cannot_be_read_leave_nothing(tmp_path: Path) -> None:
    target = tmp_path / "data" / "water.gpkg"
    with pytest.raises(ContentError) as refused:
        put_data(tmp_path / "gone.gpkg", target, sha256(b""))
    assert refused.value.text.zh == "water.gpkg：写入失败（不存在）；什么都没有改变"
    assert names(target.parent) == []


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "layers" / "water.yaml"
    found.parent.mkdir()
    found.write_bytes(b"old")
    return found


def test_a_replacement_changes_nothing_until_it_is_made(path: Path) -> None:
    replacement = Replacement(path, b"new")
    assert path.read_bytes() == b"old"
    replacement.make()
    assert path.read_bytes() == b"new"
    replacement.clear()
    assert names(path.parent) == ["water.yaml"]


def test_a_replacement_is_taken_back(path: Path) -> None:
    replacement = Replacement(path, b"new")
    replacement.make()
    replacement.undo()
    assert path.read_bytes() == b"old"
    replacement.undo()  # a second time changes nothing
    assert path.read_bytes() == b"old"
    replacement.clear()
    assert names(path.parent) == ["water.yaml"]


def test_what_was_not_made_is_not_taken_back(path: Path) -> None:
    replacement = Replacement(path, b"new")
    path.write_bytes(b"of somebody else")
    replacement.undo()
    assert path.read_bytes() == b"of somebody else"


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_new_file_is_as_readable_as_the_old_one(path: Path, mode: int) -> None:
    path.chmod(mode)
    replacement = Replacement(path, b"new")
    replacement.make()
    assert path.stat().st_mode & 0o777 == mode


def test_a_file_that_is_not_there_is_not_replaced(path: Path) -> None:
    with pytest.raises(ContentError) as refused:
        Replacement(path.with_name("other.yaml"), b"new")
    assert refused.value.text.zh == "other.yaml：写入失败（不存在）；什么都没有改变"
    assert names(path.parent) == ["water.yaml"]


def test_a_drive_without_links_is_served_with_a_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no links")

    monkeypatch.setattr(os, "link", no_links)
    replacement = Replacement(path, b"new")
    replacement.make()
    replacement.undo()
    assert path.read_bytes() == b"old"


def test_a_replacement_that_cannot_be_made_says_so(path: Path) -> None:
    replacement = Replacement(path, b"new")
    replacement.clear()
    with pytest.raises(ContentError, match=r"water\.yaml: cannot be written"):
        replacement.make()
    replacement.undo()
    assert path.read_bytes() == b"old"


def test_a_file_that_cannot_be_put_back_is_said_not_to_be_done_again(path: Path) -> None:
    replacement = Replacement(path, b"new")
    replacement.make()
    replacement.clear()
    with pytest.raises(ContentError) as refused:
        replacement.undo()
    assert refused.value.text.zh.startswith("layers/water.yaml 已改写为新内容，没有能改回（不存在）")
    assert "Do not do it again" in refused.value.text.en
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, NoRoomError), (errno.EDQUOT, NoRoomError), (errno.EIO, ContentError)]
)
def test_a_full_disk_is_told_from_a_broken_one(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[ContentError]
) -> None:
    def full(_: int) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ContentError) as refused:
        Replacement(path, b"new")
    assert type(refused.value) is kind
    assert (names(path.parent), path.read_bytes()) == (["water.yaml"], b"old")


def test_what_an_ended_replacement_left_goes_and_nothing_else(path: Path) -> None:
    kept = [".water.yaml.swp", ".other.yaml.new-1", "water.yaml.old-1"]
    for name in (*kept, ".water.yaml.new-a1", ".water.yaml.old-b2"):
        path.with_name(name).touch()
    clear_left(path)
    assert names(path.parent) == sorted([*kept, "water.yaml"])
