"""A backup comes back as what it was made of, on either kind of database; whatever was done to it is found."""

import hashlib
import io
import json
import os
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy import select

from register_backends import BACKENDS, address_of, server_url, store_of, tamper
from register_world import OTHER, by, new
from zoning.errors import ContentError, UsageError
from zoning.registers.backup.archive import Manifest, make_backup
from zoning.registers.backup.restore import restore_backup, verify_backup
from zoning.registers.database import open_database
from zoning.registers.schema_server import StoredAccount

MADE = "2026-11-23T04:00:00.000000+00:00"


@pytest.fixture(scope="module")
def server(unavailable: Callable[[str, str], NoReturn]) -> Iterator[str]:
    yield from server_url(unavailable)


def backed_up(address: str, home: Path, target: Path) -> Manifest:
    content = home / "content"
    (content / "layers").mkdir(parents=True, exist_ok=True)
    (content / "zoning.yaml").write_text("title: 阳城\n", encoding="utf-8")
    (content / ".prepared").mkdir(exist_ok=True)
    (content / ".prepared" / "big").write_bytes(b"made anew")
    with store_of(address, home, create=False) as store:
        return make_backup(store.database, store.files, content, target, made=MADE)


def filled(address: str, home: Path) -> None:
    photo = home / "photo.jpg"
    photo.write_bytes(b"\xff\xd8 a pit")
    with store_of(address, home) as store:
        pits = store.register("pits")
        pits.apply([new("P1", values={"YEAR": 7}), new("P2", geometry=OTHER)], by())
        pits.attach("P1", photo, "photo", None, by())
        pits.add_problem("P1", "渗水", found=by().day, stamp=by())


def rows(address: str) -> dict[str, list[Any]]:
    """Return every row of every table."""
    found = {}
    with closing(open_database(address, create=False)) as database, database.reading() as connection:
        for table in StoredAccount.metadata.sorted_tables:
            found[table.name] = sorted(map(tuple, connection.execute(select(table))), key=repr)
    return found


@pytest.mark.parametrize("target", BACKENDS)
@pytest.mark.parametrize("source", BACKENDS)
def test_what_comes_back_is_what_was_there(
    source: str, target: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    def url() -> str:
        return str(request.getfixturevalue("server"))

    home, back = tmp_path / "home", tmp_path / "back"
    home.mkdir()
    with address_of(source, home, url) as address, address_of(target, tmp_path, url) as new_address:
        filled(address, home)
        manifest = backed_up(address, home, tmp_path / "b.tar")
        assert (tmp_path / "b.tar").stat().st_mode & 0o077 == 0
        assert manifest.events == 4
        assert max(manifest.members) == "workspace/zoning.yaml"
        assert not [name for name in manifest.members if ".prepared" in name]
        found = restore_backup(tmp_path / "b.tar", back, register=None if target == "sqlite" else new_address)
        assert found.is_whole
        restored = str(back / "register.sqlite") if target == "sqlite" else new_address
        assert rows(restored) == rows(address)
        with store_of(restored, back, create=False) as store:
            assert not (back / "files").exists()  # they lie where `zoning serve` looks for them
            assert store.verify().head == manifest.head
            store.register("pits").apply([new("P3")], by())  # it can be written on
        photo = next((back / "register-files").rglob("*.jpg"))
        assert photo.read_bytes() == b"\xff\xd8 a pit"
        assert photo.stat().st_mode & 0o222 == 0


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    address = str(tmp_path / "register.sqlite")
    filled(address, tmp_path)
    backed_up(address, tmp_path, tmp_path / "b.tar")
    return tmp_path / "b.tar"


def test_a_backup_is_not_written_over_anything(backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(UsageError) as refused:
        backed_up(str(backup.parent / "register.sqlite"), backup.parent, backup)
    assert refused.value.get("en") == f"{backup} exists: choose another name"
    assert backup.read_bytes() == before
    (backup.parent / "full").mkdir()
    (backup.parent / "full" / "x").touch()
    with pytest.raises(UsageError, match="is not empty: restore into a new folder"):
        restore_backup(backup, backup.parent / "full")


def test_every_cut_and_every_changed_byte_of_content_is_found(backup: Path) -> None:
    data = backup.read_bytes()
    other = backup.with_name("other.tar")
    with tarfile.open(backup) as archive:
        spans = [(entry.offset_data, entry.size) for entry in archive if entry.size]
    for offset, size in spans:
        for place in {offset, offset + size // 2, offset + size - 1}:
            other.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            with pytest.raises(ContentError):
                verify_backup(other)
    for end in (0, 511, len(data) // 2, spans[-1][0] - 1, spans[-1][0] + spans[-1][1] - 2):
        other.write_bytes(data[:end])
        with pytest.raises(ContentError):
            verify_backup(other)
        with pytest.raises(ContentError):
            restore_backup(other, backup.parent / "new")
    left = {entry.name for entry in backup.parent.iterdir()}
    assert left == {"b.tar", "other.tar", "register.sqlite", "files", "content", "photo.jpg"}


def rebuilt(backup: Path, *more: tuple[tarfile.TarInfo, bytes]) -> Path:
    """Return a backup with other members, named in a manifest that fits."""
    target = backup.with_name("hostile.tar")
    with tarfile.open(backup) as old, tarfile.open(target, "w") as archive:
        for entry in old:
            source = old.extractfile(entry)
            assert source is not None
            data = source.read()
            if entry.name == "manifest.json":
                told = json.loads(data)
                for extra, content in more:
                    archive.addfile(extra, io.BytesIO(content))
                    digest = hashlib.sha256(content).hexdigest()
                    told["members"][extra.name] = {"sha256": digest, "size": len(content)}
                data = json.dumps(told).encode()
                entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return target


@pytest.mark.parametrize(
    "name",
    ["/etc/x", "../x", "workspace/../../x", "files/../../x", "elsewhere/x", "workspace\\..\\x", "register.sqlite"],
)
def test_nothing_leads_out_of_the_folder(backup: Path, name: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = 4
    hostile = rebuilt(backup, (entry, b"evil"))
    with pytest.raises(ContentError) as refused:
        restore_backup(hostile, backup.parent / "new")
    assert refused.value.get("zh") == f"备份 {hostile} 已损坏（{name}），不能使用；请换一份备份"
    assert not (backup.parent / "new").exists()
    assert not (backup.parent.parent / "x").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE])
def test_only_plain_files_are_taken(backup: Path, kind: bytes) -> None:
    entry = tarfile.TarInfo("workspace/link")
    entry.type, entry.linkname = kind, "/etc/passwd"
    with pytest.raises(ContentError, match="is damaged"):
        verify_backup(rebuilt(backup, (entry, b"")))


def test_a_register_with_faults_is_told_and_not_restored(tmp_path: Path) -> None:
    filled(str(tmp_path / "register.sqlite"), tmp_path)
    tamper(str(tmp_path / "register.sqlite"), "UPDATE register_record SET name = 'x' WHERE id = 'P1'")
    backed_up(str(tmp_path / "register.sqlite"), tmp_path, tmp_path / "bad.tar")
    found = verify_backup(tmp_path / "bad.tar")
    assert [fault.text.en for fault in found.audit.faults] == ["P1 (pits) is not as the last change in the log left it"]
    with pytest.raises(ContentError) as refused:
        restore_backup(tmp_path / "bad.tar", tmp_path / "new")
    assert refused.value.get("zh") == "备份中的台账有误，没有恢复：P1（pits）与日志中最后一次更改不符"
    assert not (tmp_path / "new").exists()


def test_a_backup_taken_under_load_is_whole(tmp_path: Path) -> None:
    address = str(tmp_path / "register.sqlite")
    filled(address, tmp_path)
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        number = 0
        with store_of(address, tmp_path, create=False) as store:
            while not stop.is_set():
                number += 1
                paper = tmp_path / f"{number}.txt"
                paper.write_text(f"paper {number}", encoding="utf-8")
                store.register("pits").apply([new(f"W{number}")], by())
                store.register("pits").attach(f"W{number}", paper, "document", None, by())
                written.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        for turn in range(5):
            before = len(written)
            made = backed_up(address, tmp_path, tmp_path / f"{turn}.tar")
            counts.append(made.events)
            assert made.events >= 4 + 2 * before
            assert verify_backup(tmp_path / f"{turn}.tar").is_whole
    finally:
        stop.set()
        writer.join()
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]


def test_a_full_database_is_not_filled(backup: Path, tmp_path: Path, server: str) -> None:
    with address_of("postgresql", tmp_path, lambda: server) as address:
        (tmp_path / "other").mkdir()
        filled(address, tmp_path / "other")
        before = rows(address)
        with pytest.raises(ContentError, match="holds a register already and was left as it is"):
            restore_backup(backup, tmp_path / "new", register=address)
        assert rows(address) == before
    assert not (tmp_path / "new").exists()


def test_a_full_disk_leaves_nothing(backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> NoReturn:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    target = backup.with_name("second.tar")
    with pytest.raises(ContentError) as refused:
        backed_up(str(backup.parent / "register.sqlite"), backup.parent, target)
    assert refused.value.get("zh") == f"备份 {target} 没有写成（磁盘已满），未留下任何文件"
    assert not [entry for entry in backup.parent.iterdir() if entry.name.startswith((".backup", "second"))]
