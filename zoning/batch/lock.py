"""A lock that one living process holds on a file; the system takes it away when the process ends, however it ends."""

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class LockedError(Exception):
    """Another process holds the lock."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of `path`, whose folder exists.

    Raises
    ------
    LockedError
        When a living process holds it.
    OSError
        When the file cannot be made.
    """
    while True:
        file = path.open("a+b")
        try:
            take(file)
        except OSError as error:
            file.close()
            raise LockedError from error
        # Whoever held the lock may have removed the folder between the two steps: then it is the lock of nothing.
        if _still_there(file, path):
            break
        file.close()
        path.parent.mkdir(parents=True, exist_ok=True)
    with file:
        yield


def _still_there(file: IO[bytes], path: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    return False


if sys.platform == "win32":

    def take(file: IO[bytes]) -> None:
        """Take the lock of an open file until it is closed; an OSError when another process holds it."""
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:

    def take(file: IO[bytes]) -> None:
        """Take the lock of an open file until it is closed; an OSError when another process holds it."""
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
