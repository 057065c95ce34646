"""The files that an answer rests on, by digest: told apart, copied to a worker piece by piece, and unpacked there.

A worker's copies lie in one folder for all workers of its host:

    files/<sha256>             each content once, whatever it is called and in however many workspaces it stands
    trees/<sha256>/<name>      one set of files under the names that it has on the client (hard links)
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PureWindowsPath
from uuid import uuid4

from zoning.errors import ContentError, os_reason

CHUNK = 8 * 1024 * 1024
"""Bytes sent at a time: what a copy costs in memory on its way, whatever the size of the files."""

_KEPT_DAYS = 30
_DAY = 86_400.0
_SHA256_LENGTH = 64
_SPACE, _DELETE = 0x20, "\x7f"


@dataclass(frozen=True, slots=True)
class File:
    """One file: its name below the common root (with `/`), its size in bytes and the SHA-256 of what is in it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Content:
    """A set of files, ordered by name."""

    files: tuple[File, ...]

    @cached_property
    def sha256(self) -> str:
        """Over the lines `sha256 size name`."""
        lines = "".join(f"{file.sha256} {file.size} {file.name}\n" for file in self.files)
        return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()


class Digests:
    """SHA-256 of files, each hashed again only when its size, time or place on the disk changes."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int, int, int], str] = {}

    def of(self, paths: Mapping[str, Path]) -> Content:
        """Return the content of files under the names they are to have.

        Raises
        ------
        OSError
            When one of them cannot be read.
        """
        return Content(tuple(self._file(name, paths[name]) for name in sorted(paths)))

    def _file(self, name: str, path: Path) -> File:
        state = path.stat()
        key = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)
        if key not in self._kept:
            with path.open("rb") as stream:
                self._kept[key] = hashlib.file_digest(stream, "sha256").hexdigest()
        return File(name, state.st_size, self._kept[key])


DIGESTS = Digests()
"""Those of this process: a worker hashes what it shares with a run before it only once."""


def place(root: Path, name: str) -> Path:
    """Return where a file of this name belongs below `root`.

    Raises
    ------
    ContentError
        When the name would lead out of the folder, or is no name on every system.
    """
    parts = name.split("/")
    hostile = (
        any(part in ("", ".", "..") for part in parts)
        or "\\" in name
        or any(ord(sign) < _SPACE or sign == _DELETE for sign in name)
        or bool(PureWindowsPath(name).anchor)
        or bool(PureWindowsPath(name).drive)
    )
    if hostile:
        raise ContentError(
            f"文件“{name}”不能复制到工作进程：只能复制工作空间文件夹之内的文件，文件名不含“..”、反斜杠和盘符；"
            "请把它移入工作空间，或让所有工作进程在同一路径看到工作空间",
            f"the file {name!r} cannot be copied to a worker: only files inside the folder of the workspace can, with "
            "names without '..', backslashes and drive letters; move it there, or let all workers see the workspace "
            "under the same path",
        )
    return root.joinpath(*parts)


class Copies:
    """The copies that one host keeps for all its workers.

    Parameters
    ----------
    root
        Made when it is not there. Several processes may use it at the same time: what is complete is put in its place
        in one step, and what is there already is left as it is.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def missing(self, content: Content) -> tuple[File, ...]:
        """Return the files whose content is not here, each content once; damaged copies are removed.

        Raises
        ------
        ContentError
            When what stands in place of a digest is none.
        OSError
            When a damaged copy cannot be removed.
        """
        return tuple(
            {file.sha256: file for file in content.files if not self._is_whole(self.root / "files", file)}.values()
        )

    def _is_whole(self, folder: Path, file: File) -> bool:
        path = folder / _digest_name(file)
        try:
            found = DIGESTS.of({file.name: path}).files[0]
        except OSError:
            return False
        if found == file:
            return True
        path.unlink(missing_ok=True)
        return False

    def receive(self, file: File, start: int, data: bytes, sender: str) -> None:
        """Put a piece of a file in its place; with the last one the file is checked and counts as here.

        Parameters
        ----------
        start
            Where the piece begins; pieces come in their order, 0 begins anew.
        sender
            Whoever sends the pieces: senders do not disturb each other.

        Raises
        ------
        ContentError
            When the disk is full, or the pieces do not make the file that was announced.
        """
        folder = self.root / "files"
        whose = hashlib.sha256(sender.encode()).hexdigest()[:16]
        partial = folder / f".{_digest_name(file)}.{whose}.partial"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with partial.open("r+b" if start else "wb") as stream:
                stream.seek(start)
                stream.write(data)
                if start + len(data) < file.size:
                    return
                stream.flush()
                os.fsync(stream.fileno())
            with partial.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
            if found == file.sha256:
                partial.replace(folder / file.sha256)
                return
        except OSError as error:
            with contextlib.suppress(OSError):
                partial.unlink()
            raise _no_copy(folder, error) from error
        partial.unlink(missing_ok=True)
        raise ContentError(
            f"{file.name} 在传送期间被改动；请等它写完后用 --resume 继续",
            f"{file.name} was changed while it was sent; when it is complete, go on with --resume",
        )

    def tree(self, content: Content) -> Path | None:
        """Return the folder with these files under their names, made of what is here; None when something is missing.

        Raises
        ------
        ContentError
            When a name is hostile, or the disk is full.
        """
        root = self.root / "trees" / content.sha256
        paths = {file.name: place(root, file.name) for file in content.files}
        for _ in range(2):  # what was damaged since is made once more
            if not root.is_dir() and not self._make_tree(root, content):
                return None
            try:
                if DIGESTS.of(paths) == content:
                    root.touch()
                    self._forget_old(root)
                    return root
            except OSError:
                pass
            shutil.rmtree(root, ignore_errors=True)
        return None

    def _make_tree(self, root: Path, content: Content) -> bool:
        paths = {file: place(Path(), file.name) for file in content.files}
        if self.missing(content):
            return False
        partial = root.with_name(f".{root.name}.{uuid4().hex}.partial")
        try:
            for file, path in paths.items():
                (partial / path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                _link(self.root / "files" / file.sha256, partial / path)
            # Another worker of the host may have been quicker: then its folder is the same, and not empty.
            with contextlib.suppress(OSError):
                partial.rename(root)
        except OSError as error:
            raise _no_copy(root, error) from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return root.is_dir()

    def _forget_old(self, newest: Path) -> None:
        """Remove what no run has used in the last days before this one: editions come and go, disks stay small."""
        with contextlib.suppress(OSError):
            now = newest.stat().st_mtime
            for tree in (self.root / "trees").iterdir():
                if now - tree.stat().st_mtime > _KEPT_DAYS * _DAY:
                    shutil.rmtree(tree, ignore_errors=True)
            for file in (self.root / "files").iterdir():
                state = file.stat()
                # A file with further links stands in a tree that is still used.
                if state.st_nlink == 1 and now - state.st_mtime > _KEPT_DAYS * _DAY:
                    file.unlink(missing_ok=True)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # Not every file system knows hard links.
        shutil.copyfile(source, target)


def _digest_name(file: File) -> str:
    """Return the digest as a file name; whatever else was sent in its place must not lead anywhere."""
    name = file.sha256
    if len(name) == _SHA256_LENGTH and not set(name) - set("0123456789abcdef"):
        return name
    raise ContentError(f"“{name[:80]!r}”不是 SHA-256 摘要", f"{name[:80]!r} is no SHA-256 digest")


def pieces(size: int) -> Iterable[int]:
    """Return where the pieces of a file of `size` bytes begin; an empty file has one, empty piece."""
    return range(0, max(size, 1), CHUNK)


def _no_copy(place: Path, error: OSError) -> ContentError:
    reason = os_reason(error)
    return ContentError(
        f"{place}：副本写入失败（{reason.zh}）；请给工作进程换一个空间足够的 --local-directory",
        f"{place}: the copy cannot be written ({reason.en}); give the worker a --local-directory with room",
    )
