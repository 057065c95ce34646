"""A register that cannot be opened or written: a clear sentence, nothing half-written, never a password."""

import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from register_backends import tamper
from register_world import TYPES, by, new, opened
from sentences import said
from zoning.errors import ContentError, UsageError
from zoning.registers import database
from zoning.registers.migrating import known_revisions
from zoning.registers.schema import HEAD
from zoning.registers.store import Store, open_store

NOBODY = 65534


def opening(path: Path | str, *, create: bool = False) -> str:
    kind = UsageError if not str(path).startswith("postgresql") and not Path(path).is_file() else ContentError
    return said(lambda: open_store(str(path), TYPES, create=create), kind)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "register.sqlite"
    with opened(str(path), tmp_path / "files") as (_, register):
        register.apply([new("P1")], by())
    return path


def test_a_register_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    told = "there is no register; check where it is, or make one with: zoning register create"
    assert opening(path) == f"{path}: {told}"
    assert not path.exists()
    path.touch()
    assert said(lambda: open_store(str(path), TYPES, create=False), UsageError) == f"{path}: {told}"
    assert opening(tmp_path) == f"{tmp_path} is a folder: name the file of the register"
    lost = tmp_path / "no" / "register.sqlite"
    assert said(lambda: open_store(str(lost), TYPES, create=True)) == (
        f"{lost}: it cannot be opened: check that its folder is there and may be read and written"
    )
    assert opening("mysql://root:secret@host/db") == "--register: write a file name, or postgresql://host/database"


@pytest.mark.parametrize("create", [True, False])
def test_files_of_others_are_left_as_they_are(tmp_path: Path, create: bool) -> None:
    text, other, geopackage = tmp_path / "a.txt", tmp_path / "b.sqlite", tmp_path / "c.gpkg"
    text.write_text("编号,名称\n" * 200, encoding="utf-8")
    for path, mark in ((other, 0), (geopackage, 0x47504B47)):
        with sqlite3.connect(path) as connection:
            connection.execute(f"PRAGMA application_id = {mark}")
            connection.execute("CREATE TABLE t (a)")
        connection.close()
    before = {path: path.read_bytes() for path in (text, other, geopackage)}
    assert opening(text, create=create) == (
        f"{text}: this is no register (no SQLite file, or a damaged one), and was left as it is; name another file"
    )
    for path in (other, geopackage):
        assert opening(path, create=create) == (
            f"{path} is no register: it was not made by 'zoning register create', and was left as it is; name another "
            "one"
        )
    assert {path: path.read_bytes() for path in before} == before


def test_a_newer_register_is_refused_and_left_alone(file: Path) -> None:
    assert known_revisions()[-1] == HEAD
    tamper(str(file), "UPDATE register_schema SET version_num = '0099'")
    before = file.read_bytes()
    assert opening(file, create=True) == (
        f"{file} was written by a newer version of this program (tables 0099; this one knows up to {HEAD}): update "
        "zoning; it was left as it is"
    )
    assert file.read_bytes() == before


def test_a_damaged_register_is_named(file: Path) -> None:
    raw = file.read_bytes()
    file.write_bytes(raw[: len(raw) // 2])

    def read() -> object:
        with opened(str(file), file.parent, create=False) as (store, register):
            return list(register.records()), store.verify()

    assert said(read) == f"{file}: the file is damaged: go back to a copy, and keep this one for examination"


def test_another_writer_that_does_not_end(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT_S", 0.2)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with opened(str(file), file.parent, create=False) as (_, register):
        assert said(lambda: register.apply([new("P2")], by())) == (
            f"{file}: another program is writing it and did not finish in time; nothing was written: try again in a "
            "moment"
        )
        assert [record.id for record in register.records()] == ["P1"]  # reading goes on
        other.execute("ROLLBACK")
        assert register.apply([new("P2")], by()) == 1
    other.close()


def test_a_file_in_wal_mode_is_brought_back(file: Path) -> None:
    other = sqlite3.connect(file)
    assert other.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal"
    other.close()
    with opened(str(file), file.parent, create=False) as (_, register):
        register.apply([new("P2")], by())
    with sqlite3.connect(file) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    plain.close()
    assert sorted(path.name for path in file.parent.glob("register.sqlite*")) == ["register.sqlite"]


@contextmanager
def as_nobody() -> Iterator[None]:
    """Act as an account that owns nothing, where this is root."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_what_can_only_be_read_is_read_and_not_written(file: Path) -> None:
    # The folders of pytest are closed to others.
    folder = Path(tempfile.mkdtemp(prefix="zoning-read-only-"))
    try:
        path = folder / "register.sqlite"
        shutil.copy(file, path)
        path.chmod(0o444)
        folder.chmod(0o555)
        with as_nobody(), opened(str(path), folder / "files", create=False) as (store, register):
            assert [record.id for record in register.records()] == ["P1"]
            assert store.verify().is_whole
            told = said(lambda: register.apply([new("P2")], by()))
            kept = said(lambda: register.attach("P1", path, "photo", None, by()))
        assert told == (
            f"{path}: the file or its folder can only be read; nothing was written: get the right to write there"
        )
        assert kept == f"the attachment {path} was not kept: Permission denied"
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_full_disk_leaves_the_register_as_it_was(file: Path) -> None:
    with opened(str(file), file.parent / "files", create=False) as (store, register):
        engine = store._database._engine

        @event.listens_for(engine, "connect")
        def limit(connection: sqlite3.Connection, _: object) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 2}")

        many = [new(f"Q{number}", name="坑" * 200) for number in range(200)]
        assert said(lambda: register.apply(many, by())) == (
            f"{file}: the disk is full: nothing of this change was written, the register is as before; make room and "
            "try again"
        )
        check_unchanged(store)


def check_unchanged(store: Store) -> None:
    assert [record.id for record in store.register("pits").records()] == ["P1"]
    report = store.verify()
    assert (report.faults, report.events) == ((), 1)


def test_a_quota_that_is_used_up_leaves_the_register_as_it_was(file: Path) -> None:
    with opened(str(file), file.parent / "files", create=False) as (store, register):
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 8192, hard))
        try:
            told = said(lambda: register.apply([new(f"Q{number}", name="坑" * 200) for number in range(200)], by()))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert told == (
            f"{file}: the disk failed, or a quota is used up: nothing of this change was written; check disk, quota "
            "and share"
        )
        check_unchanged(store)
        assert register.apply([new("P2")], by()) == 1


def test_what_killed_writers_left_goes_and_what_is_being_written_stays(file: Path) -> None:
    folder = file.parent / "files"
    photo = file.parent / "photo.jpg"
    photo.write_bytes(b"photo")
    with opened(str(file), folder, create=False) as (_, register):
        kept = register.attachment_path(register.attach("P1", photo, "photo", None, by()))
    begun = folder.stat().st_mtime
    for name, hours in ((".incoming-old", 25), (".incoming-new", 23), ("other", 25)):
        (folder / name).write_bytes(b"part")
        os.utime(folder / name, (begun - hours * 3600,) * 2)
    os.utime(folder, (begun, begun))
    with opened(str(file), folder, create=False):
        assert sorted(path.name for path in folder.iterdir() if path.is_file()) == [".incoming-new", "other"]
    assert kept is not None
    assert kept.read_bytes() == b"photo"


def test_attachments_are_copied_once_and_never_overwritten(file: Path) -> None:
    folder = file.parent / "files"
    photo = file.parent / "照片.JPG"
    photo.write_bytes(b"picture")
    with opened(str(file), folder, create=False) as (store, register):
        first = register.attach("P1", photo, "before", None, by())
        assert register.attach("P1", photo, "before", None, by("李四")) == first
        assert register.attach("P1", photo, "after", None, by()).number == 2
        copy = register.attachment_path(first)
        assert copy is not None
        assert copy.read_bytes() == b"picture"
        assert first.path == f"{first.sha256[:2]}/{first.sha256}.jpg"
        assert [path.name for path in folder.rglob("*") if path.is_file()] == [copy.name]
        copy.chmod(0o644)
        copy.write_bytes(b"other")
        assert said(lambda: register.attach("P1", photo, "photo", None, by())) == (
            f"the attachment {first.path} in {folder} is damaged (its bytes are not those of its digest) and was not "
            "overwritten: bring it back from a copy"
        )
        assert copy.read_bytes() == b"other"
        assert said(lambda: register.attach("P1", folder, "photo", None, by()), UsageError) == (
            f"the attachment {folder} is no file"
        )
        lost = file.parent / "lost.jpg"
        assert said(lambda: register.attach("P1", lost, "photo", None, by())) == (
            f"the attachment {lost} was not kept: No such file or directory"
        )
        assert len(register.attachments("P1")) == 2
        assert store.verify().first_broken is None


def test_no_sentence_holds_a_password() -> None:
    told = opening("postgresql://reader:s3cret@127.0.0.1:1/land?connect_timeout=2")
    assert told.startswith("database 127.0.0.1:1/land cannot be reached, or the connection was lost (")
    assert "Connection refused" in told
    assert "s3cret" not in told
    malformed = said(lambda: open_store("postgresql://u:s3@cret@h/d", TYPES, create=False), UsageError)
    assert malformed.startswith("--register: this is no correct postgresql:// address")
    assert "cret" not in malformed
