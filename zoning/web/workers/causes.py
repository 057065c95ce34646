"""Why a task ended without a result, as its exit code: out of memory, out of room, or a fault."""

import errno
from pathlib import Path
from typing import Final

FAULT_OF_COMMANDS: Final = 70
_NO_ROOM: Final = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
_MEMORY_WORDS: Final = ("bad_alloc", "bad allocation", "MemoryError", "Cannot allocate memory", "Out of memory")
_TAIL = 4_000
_NEARLY = 0.9
"""Of its memory: a task that ends badly with so much of it in use has run out of it, whatever libraries say of it."""


def code_of(error: BaseException) -> int:
    """Return the exit code for an error; its causes are looked at too, because readers wrap what they met."""
    from zoning.web.workers.keeper import DISK_CODE, FAULT_CODE, MEMORY_CODE

    current: BaseException | None = error
    while current is not None:
        if is_want_of_memory(current):
            return MEMORY_CODE
        if isinstance(current, OSError) and current.errno in _NO_ROOM:
            return DISK_CODE
        current = current.__cause__ or current.__context__
    return FAULT_CODE


def is_want_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that there is no more memory; libraries in C++ say it in words only."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    return any(word in str(error) for word in _MEMORY_WORDS)


def code_of_command(code: int, folder: Path) -> int:
    """Return the exit code of a command, or that of want of memory where its fault was that."""
    from zoning.web.workers.keeper import MEMORY_CODE

    return MEMORY_CODE if code == FAULT_OF_COMMANDS and _says_so(folder) else code


def has_run_out_of_memory(folder: Path, touched_mb: int, memory_mb: int) -> bool:
    """Tell whether a task that has ended badly did so for want of memory.

    Libraries end the process then, or raise errors of their own that say nothing of it.

    Parameters
    ----------
    touched_mb, memory_mb
        The most memory that the task has had in use (MB), and how much it was given.
    """
    return touched_mb >= _NEARLY * memory_mb or _says_so(folder)


def _says_so(folder: Path) -> bool:
    try:
        said = (folder / "stderr").read_bytes()[-_TAIL:].decode("utf-8", errors="replace")
    except OSError:
        return False
    return any(word in said for word in _MEMORY_WORDS)
