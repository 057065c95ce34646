"""The folder of prepared layers: who may write it, what lies in it."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from zoning.atomic_write import write_whole
from zoning.errors import ContentError, os_reason
from zoning.overlay.prepared.basis import Form
from zoning.overlay.prepared.container import PARTIAL
from zoning.overlay.prepared.lock import lock
from zoning.overlay.prepared.stamps import SUFFIX as STAMP

SUFFIX = ".zones"
_LOCK = ".lock"
_IGNORE = ".gitignore"
_FILE = re.compile(r"[a-z0-9-]{0,40}\.(?P<slot>[0-9a-f]{12})\.(?P<key>[0-9a-f]{40})\.zones")
_STAMP = re.compile(r"(?:source-[0-9a-f]{24}|[a-z0-9-]{0,40}\.[0-9a-f]{12}\.[0-9a-f]{40}\.zones)\.stamp")


def file_name(form: Form, key: str) -> str:
    """Return the name of the file of a form that rests on what `key` stands for."""
    plain = re.sub(r"[^a-z0-9-]", "", form.layer.id.lower())[:40]
    return f"{plain}.{form.slot}.{key[:40]}{SUFFIX}"


def slot_in(name: str) -> str | None:
    """Return the slot that the name of a file tells, None when it is no file of ours."""
    found = _FILE.fullmatch(name)
    return found["slot"] if found else None


class Folder:
    """The folder of prepared layers, made when it is first written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def files(self) -> list[Path]:
        """Return the files of prepared layers, by name."""
        with suppress(OSError):
            return sorted(path for path in self.path.iterdir() if _FILE.fullmatch(path.name))
        return []

    def has_any(self, form: Form) -> bool:
        """Tell whether a form was ever prepared here: else there is no need to look at its sources."""
        with suppress(OSError):
            return any(slot_in(name) == form.slot for name in os.listdir(self.path) if form.slot in name)  # noqa: PTH208 - a hundred names, often
        return False

    def remove(self, path: Path) -> None:
        """Remove a file with its stamp; what is mapped somewhere stays there."""
        for each in (path, path.with_name(path.name + STAMP)):
            with suppress(OSError):
                each.unlink(missing_ok=True)

    def clear(self) -> int:
        """Remove all that preparing ever wrote, and nothing else; return how many prepared files there were.

        Raises
        ------
        ContentError
            When the folder cannot be written, so that nobody can hold it.
        """
        if not self.path.is_dir():
            return 0
        with self.locked():
            files = self.files()
            for path in files:
                self.remove(path)
            self._sweep()
            for path in list(self.path.iterdir()):
                if _STAMP.fullmatch(path.name) or path.name in {_LOCK, _IGNORE}:
                    with suppress(OSError):
                        path.unlink()
        with suppress(OSError):
            self.path.rmdir()
        return len(files)

    @contextmanager
    def locked(self, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold the folder, so that two processes do not do the same work; what a killed one left is removed.

        Parameters
        ----------
        waiting
            Is called when another process holds it.

        Raises
        ------
        ContentError
            When the folder cannot be made or written.
        """
        self._make()
        handle = self._acquired(waiting)
        try:
            if handle is not None:
                self._sweep()
            yield
        finally:
            if handle is not None:
                os.close(handle)

    def _make(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise not_writable(self.path, error) from error
        if not (self.path / _IGNORE).exists():
            write_whole(self.path / _IGNORE, "*\n")

    def _acquired(self, waiting: Callable[[], None]) -> int | None:
        """Return the handle that holds the lock; None where the file system has no locks: then work is done twice."""
        path = self.path / _LOCK
        while True:
            try:
                handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
            except OSError as error:
                raise not_writable(path, error) from error
            try:
                if not lock(handle, wait=False):
                    waiting()
                    lock(handle, wait=True)
            except OSError:
                os.close(handle)
                return None
            # Whoever cleared the folder meanwhile took the name of this lock away.
            with suppress(OSError):
                if os.fstat(handle).st_ino == path.lstat().st_ino:
                    return handle
            os.close(handle)

    def _sweep(self) -> None:
        """Remove what killed processes left half-written; whoever lives and writes layers holds the lock."""
        for path in list(self.path.iterdir()):
            if path.name.startswith(".") and (path.name.endswith(PARTIAL) or f"{STAMP}." in path.name):
                with suppress(OSError):
                    path.unlink()


def not_writable(path: Path, error: OSError) -> ContentError:
    """Return the error for a folder of prepared layers that cannot be written."""
    reason = os_reason(error)
    return ContentError(
        f"{path}：预处理图层写入失败（{reason.zh}）；没有留下不完整的文件，核查仍可直接读取图层文件；"
        "请腾出空间或更正权限后重新运行 zoning layers prepare",
        f"{path}: prepared layers cannot be written ({reason.en}); nothing half-written was left, and checks still "
        "read the layer files themselves; make room or correct the permissions, then run zoning layers prepare again",
    )
