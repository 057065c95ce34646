"""The folder for the temporary files of a run, and those that killed runs have left behind.

A run holds the lock of its folder. The system takes the lock away when the process ends, however it ends, so a folder
whose lock is free belongs to nobody: no list of processes is asked, which would be another one in another container.
"""

import os
import re
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from zoning.batch.lock import take

PREFIX = "zoning-run-"
LOCK = "lock"
_NAME = re.compile(rf"{PREFIX}[a-z0-9_]{{8}}")
_WEEK_S = 7 * 24 * 3600.0


@contextmanager
def temporary_files_of_this_run() -> Iterator[Path | None]:
    """Keep unpacked archives and pasted texts in one folder, so that one removal takes them all; yield it.

    Without a place for temporary files it is None: much still works, and what needs one says so itself.
    """
    usual = tempfile.tempdir
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    except OSError:
        yield None
        return
    held = _held(folder)
    tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = usual
        if held is not None:
            held.close()
        shutil.rmtree(folder, ignore_errors=True)


def _held(folder: Path) -> IO[bytes] | None:
    """Take the lock of a folder; only then it bears its name, so a lock that can be found was taken once."""
    with suppress(OSError):
        partial = folder / f"{LOCK}.partial"
        file = partial.open("xb")
        try:
            file.write(b"\0")
            file.flush()
            take(file)
            partial.rename(folder / LOCK)
        except OSError:
            file.close()
            raise
        return file
    return None


def sweep(parent: Path) -> int:
    """Remove the folders in `parent` that killed runs of this user have left; return how many.

    A folder of a living run, of another user, a link, and whatever else is in `parent` stays. A folder without a lock,
    of a run that was killed in its first moments, goes when it is empty and a week old.
    """
    swept = 0
    with suppress(OSError):
        for entry in os.scandir(parent):
            if _NAME.fullmatch(entry.name):
                with suppress(OSError):
                    swept += _swept(Path(entry.path))
    return swept


def _swept(folder: Path) -> bool:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "geteuid") and found.st_uid != os.geteuid()):
        return False
    try:
        file = _opened(folder)
    except FileNotFoundError:
        if time.time() - found.st_mtime > _WEEK_S:
            (folder / f"{LOCK}.partial").unlink(missing_ok=True)
            folder.rmdir()
            return True
        return False
    with file:
        take(file)
        if not os.path.samestat(os.fstat(file.fileno()), (folder / LOCK).lstat()):
            return False
        if sys.platform != "win32":
            shutil.rmtree(folder, ignore_errors=True)  # follows no link
    if sys.platform == "win32":
        shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _opened(folder: Path) -> IO[bytes]:
    """Open the lock of a folder, and nothing that a link leads to."""
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.fdopen(os.open(folder / LOCK, flags), "r+b")
