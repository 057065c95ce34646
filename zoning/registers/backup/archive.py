"""One file that holds everything: a tar with the tables, the files, the content of the workspace and a manifest.

The tables are taken first. Files are content-addressed and never removed, and a row is written after its file: so every
file that a row names is there when the files are taken. The manifest stands last and names the SHA-256 of every member.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

from sqlalchemy import select

from zoning.atomic_write import json_text
from zoning.errors import ContentError, UsageError, os_reason
from zoning.registers.backup.snapshot import take_snapshot
from zoning.registers.database import Database, open_database
from zoning.registers.schema import Chain
from zoning.version import __version__

SCHEMA = "zoning.backup/1"
MANIFEST = "manifest.json"
REGISTER = "register.sqlite"
FILES = "files"
CONTENT = "workspace"
_LEFT_OUT = (".prepared", "server", "register.sqlite", "register-files", "__pycache__")
"""Of a workspace: what is made anew, and what is taken as tables and files."""
_MOST_MANIFEST = 512 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a backup: SHA-256 and size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    Attributes
    ----------
    made
        Moment in UTC.
    program
        Version of the program.
    events, head
        Number of rows of the log, and the hash of the last one.
    """

    made: str
    program: str
    events: int
    head: str
    members: dict[str, Member]

    def to_json(self) -> str:
        """Return the text of `manifest.json`."""
        members = {name: {"sha256": one.sha256, "size": one.size} for name, one in sorted(self.members.items())}
        told = {"schema": SCHEMA, "made": self.made, "program": self.program, "events": self.events, "head": self.head}
        return json_text({**told, "members": members})


def make_backup(database: Database, files: Path | None, content: Path | None, target: Path, *, made: str) -> Manifest:
    """Write a backup; a reader sees the whole file or none.

    Parameters
    ----------
    files
        Folder of photos, documents, verdicts.
    content
        Folder of the workspace; None leaves it out.
    made
        The moment, in UTC.

    Raises
    ------
    UsageError
        When there is a file of this name.
    ContentError
        When something cannot be read or written.
    """
    if target.exists():
        raise UsageError(f"{target} 已存在；请换一个文件名", f"{target} exists: choose another name")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
            partial = Path(folder) / "backup.tar"
            manifest = _write(database, files, content, Path(folder), partial, made)
            partial.chmod(0o600)  # hashes of passwords, tokens and personal data are in it
            os.link(partial, target)  # unlike a rename it takes nobody's file away
    except OSError as error:
        reason = os_reason(error)
        raise ContentError(
            f"备份 {target} 没有写成（{reason.zh}），未留下任何文件",
            f"the backup {target} was not written ({reason.en}); nothing was left",
        ) from error
    return manifest


def _write(
    database: Database, files: Path | None, content: Path | None, folder: Path, partial: Path, made: str
) -> Manifest:
    tables = folder / REGISTER
    take_snapshot(database, tables)
    with closing(open_database(str(tables), create=False)) as copy, copy.reading() as connection:
        chain = connection.execute(select(Chain.events, Chain.head)).one()
    members: dict[str, Member] = {}
    with partial.open("wb") as handle:
        with tarfile.open(fileobj=handle, mode="w", format=tarfile.PAX_FORMAT) as archive:
            members[REGISTER] = _add(archive, REGISTER, tables)
            for name, path in (*_files_of(files, FILES, ()), *_files_of(content, CONTENT, _LEFT_OUT)):
                members[name] = _add(archive, name, path)
            manifest = Manifest(made, __version__, chain.events, chain.head, members)
            data = manifest.to_json().encode()
            archive.addfile(_entry(MANIFEST, len(data)), io.BytesIO(data))
        handle.flush()
        os.fsync(handle.fileno())
    return manifest


def _files_of(folder: Path | None, under: str, left_out: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    if folder is None or not folder.is_dir():
        return
    for here, folders, names in os.walk(folder):
        top = Path(here) == folder
        folders[:] = sorted(one for one in folders if one != "__pycache__" and not (top and one in left_out))
        for name in sorted(names):
            path = Path(here) / name
            unfinished = name.startswith((".incoming-", ".register.sqlite")) or name.endswith("-journal")
            if unfinished or (top and name in left_out) or not path.is_file():
                continue
            yield f"{under}/{path.relative_to(folder).as_posix()}", path


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o644
    return entry


class _Hashed:
    """A file of known size that is hashed while it is read."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left = file, size
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; never more than the file had at the beginning."""
        piece = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        self.sha256.update(piece)
        return piece


def _add(archive: tarfile.TarFile, name: str, path: Path) -> Member:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        hashed = _Hashed(file, size)
        try:
            archive.addfile(_entry(name, size), cast("IO[bytes]", hashed))  # of a file only `read` is used
        except OSError as error:
            if "unexpected end of data" not in str(error):
                raise
            raise ContentError(
                f"{path} 在备份时被改短，没有写出备份；请重试",
                f"{path} became shorter while it was backed up: no backup was written, try again",
            ) from error
    return Member(hashed.sha256.hexdigest(), size)


def unpack(path: Path, folder: Path) -> Manifest:
    """Unpack a backup into an empty folder, and check every member against the manifest.

    Raises
    ------
    ContentError
        When it is no backup, cut, damaged, or holds what a backup does not hold.
    """
    found: dict[str, Member] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(path, mode="r:") as archive:
            for entry in archive:
                if manifest is not None:
                    raise _damaged(path, entry.name)
                source = archive.extractfile(entry) if entry.isreg() else None
                if source is None or entry.name in found or not _is_plain(entry.name):
                    raise _damaged(path, entry.name)
                if entry.name == MANIFEST:
                    manifest = _manifest(path, source.read(_MOST_MANIFEST))
                else:
                    found[entry.name] = _extract(source, folder / entry.name)
    except tarfile.TarError as error:
        raise _damaged(path, "-") from error
    except OSError as error:
        reason = os_reason(error)
        raise ContentError(f"{path}：{reason.zh}", f"{path}: {reason.en}") from error
    if manifest is None or REGISTER not in found:
        raise ContentError(
            f"{path} 不是完整的备份：缺少清单，可能被截断", f"{path} is no whole backup: it ends before its manifest"
        )
    wrong = sorted(name for name in {*found, *manifest.members} if found.get(name) != manifest.members.get(name))
    if wrong:
        raise _damaged(path, wrong[0])
    return manifest


def _extract(source: IO[bytes], target: Path) -> Member:
    target.parent.mkdir(parents=True, exist_ok=True)
    sha256, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        while piece := source.read(1 << 20):
            sha256.update(piece)
            size += len(piece)
            file.write(piece)
    return Member(sha256.hexdigest(), size)


def _is_plain(name: str) -> bool:
    parts = PurePosixPath(name).parts
    inside = name in (MANIFEST, REGISTER) or (len(parts) > 1 and parts[0] in (FILES, CONTENT))
    return inside and not name.startswith("/") and ".." not in parts and "\\" not in name


def _manifest(path: Path, data: bytes) -> Manifest:
    try:
        told = json.loads(data)
        if told["schema"] != SCHEMA:
            raise ContentError(
                f"{path} 是其他版本的备份（{told['schema']}）", f"{path} is a backup of another form ({told['schema']})"
            )
        members = {str(name): Member(str(one["sha256"]), int(one["size"])) for name, one in told["members"].items()}
        return Manifest(str(told["made"]), str(told["program"]), int(told["events"]), str(told["head"]), members)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, MANIFEST) from error


def _damaged(path: Path, name: str) -> ContentError:
    return ContentError(
        f"备份 {path} 已损坏（{name}），不能使用；请换一份备份",
        f"the backup {path} is damaged ({name}): use another one",
    )
