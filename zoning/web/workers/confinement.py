"""What is taken away from a task: the network, memory and time beyond its share, core dumps; and how all of it ends."""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Final

from zoning.web.workers.work import Task

_MB: Final = 1 << 20
_OPEN_FILES = 256
_VICTIM = 800
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # <linux/prctl.h>


def confine(task: Task, *, has_network: bool) -> None:
    """Confine this process, which is to do a task, and everything that it will start.

    Parameters
    ----------
    has_network
        Whether it may reach servers: the databases where layers or the register are.
    """
    import tempfile

    from zoning.sites.worker import leave_network, set_limits

    end_with_parent()
    likely_victim(_VICTIM)
    if not has_network:
        leave_network()
    temporary = task.folder / "tmp"
    temporary.mkdir(exist_ok=True)
    tempfile.tempdir = str(temporary)
    os.environ["TMPDIR"] = str(temporary)
    wanted = {
        resource.RLIMIT_AS: _address_space() + task.memory_mb * _MB,
        # Threads and processes of one task may use all cores; the wall clock is the limit that is met first.
        resource.RLIMIT_CPU: int(task.seconds * (os.cpu_count() or 1)) + 1,
        resource.RLIMIT_FSIZE: task.room_mb * _MB,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    set_limits(wanted)


def end_with_parent() -> None:
    """Let the system kill this process when its parent has gone, however it went."""
    parent = os.getppid()
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent == 1 or os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of what tasks leave behind, so that it can be ended."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def likely_victim(score: int) -> None:
    """Let the system, when memory is out, end this process rather than the server."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(score), encoding="ascii")


def end_group(group: int) -> None:
    """Kill all processes of a group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def children() -> list[int]:
    """Return the processes whose parent this (single-threaded) one is."""
    try:
        text = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(word) for word in text.split()]


def threads() -> int:
    """Return how many threads this process has, those of libraries too; 1 where the system does not tell."""
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir())
    except OSError:
        return 1


def resident_mb() -> int:
    """Return how much memory this process has in use (MB); 0 where the system does not tell."""
    return (_own_bytes(1) or 0) // _MB


def _address_space() -> int:
    """Return what the keeper has mapped already (bytes): the limit is for what the task adds."""
    return _own_bytes(0) or 4096 * _MB


def _own_bytes(column: int) -> int | None:
    """Return a column of /proc/self/statm in bytes; None where the system has none."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[column])
    except (OSError, ValueError):
        return None
    return pages * resource.getpagesize()


def _prctl(option: int, value: int) -> None:
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
