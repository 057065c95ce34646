"""A warm process that makes a copy of itself for every task.

The keeper has imported everything and opened the workspace. For a task it forks: the copy limits itself (memory, time,
no network, no core dump), works in the task's folder, and ends. So nothing that a hostile file does to a reader outlives
the task, and no task waits for imports. The keeper has one thread: forking is safe.
"""

import contextlib
import json
import os
import resource
import select
import signal
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

from zoning.web.workers.work import Commands, Outcome, Task

MEMORY_CODE = 91
FAULT_CODE = 92
_MB = 1 << 20
_OPEN_FILES = 256


def keep(pipe: Connection, root: Path, commands: Commands) -> None:
    """Serve tasks from the pipe until it is closed; the first message that goes out says that all is warm."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the server decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ["PROJ_NETWORK"] = "OFF"
    from zoning.web.workers.tasks import Kept

    kept = Kept(*commands.open(root), {})
    import gc

    gc.collect()
    gc.freeze()  # copies share these objects with the keeper as long as nobody touches them
    pipe.send("warm")
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_serve(task, pipe, kept, commands))


def _serve(task: Task, pipe: Connection, kept: Any, commands: Commands) -> Outcome | None:
    began = time.monotonic()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _work(task, pipe, kept, commands)
    ended = _awaited(child, pipe, began + task.seconds)
    _, status, usage = os.wait4(child, 0)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)  # what it may have started
    seconds = time.monotonic() - began
    peak = usage.ru_maxrss // 1024
    if ended != "done":
        return Outcome(ended, -1, seconds, peak)
    code = os.waitstatus_to_exitcode(status)
    if code == MEMORY_CODE:
        return Outcome("memory", -1, seconds, peak)
    if code == -signal.SIGXCPU:
        return Outcome("slow", -1, seconds, peak)
    if code < 0 or code == FAULT_CODE:
        return Outcome("died", code, seconds, peak)
    return Outcome("done", code, seconds, peak)


def _awaited(child: int, pipe: Connection, until: float) -> Any:
    """Wait for the end of a copy; end it when its time is over, or when the server says so or is gone."""
    handle = os.pidfd_open(child)
    try:
        while True:
            ready, _, _ = select.select([handle, pipe], [], [], max(0.0, until - time.monotonic()))
            if handle in ready:
                return "done"
            if pipe in ready:
                with contextlib.suppress(EOFError, OSError):
                    pipe.recv()  # the only word in the middle of a task: cancel
            _end(child)
            return "cancelled" if ready else "slow"
    finally:
        os.close(handle)


def _end(child: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def _work(task: Task, pipe: Connection, kept: Any, commands: Commands) -> NoReturn:
    """In the copy: do one task and leave, whatever happens."""
    code = FAULT_CODE
    try:
        os.setpgid(0, 0)
        pipe.close()
        _confine(task)
        os.chdir(task.folder)
        _redirect()
        if task.task == "command":
            code = commands.run(task.arguments, task.language)
        else:
            from zoning.web.workers.tasks import TASKS

            answer = TASKS[task.task](kept, task.arguments)
            Path("answer.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
            code = 0
        sys.stdout.flush()
        sys.stderr.flush()
    except MemoryError:
        code = MEMORY_CODE
    except SystemExit as leave:
        code = leave.code if isinstance(leave.code, int) else 0
    except BaseException:  # noqa: BLE001 - told in the task's stderr; the server says "died"
        import traceback

        with contextlib.suppress(BaseException):
            traceback.print_exc()
            sys.stderr.flush()
        code = FAULT_CODE
    finally:
        os._exit(code)


def _redirect() -> None:
    for name, stream, number in (("stdout", sys.stdout, 1), ("stderr", sys.stderr, 2)):
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(handle, number)
        os.close(handle)
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=number == 2)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _confine(task: Task) -> None:
    """Take away what a task does not need: the network, memory and time beyond its share, core dumps."""
    import tempfile

    from zoning.sites.worker import leave_network

    leave_network()
    temporary = task.folder / "tmp"
    temporary.mkdir(exist_ok=True)
    tempfile.tempdir = str(temporary)
    os.environ["TMPDIR"] = str(temporary)
    already = _address_space()
    wanted = {
        resource.RLIMIT_AS: already + task.memory_mb * _MB,
        resource.RLIMIT_CPU: int(task.seconds * 4) + 1,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _address_space() -> int:
    """Return what the keeper has mapped already (bytes): the limit is for what the task adds."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 4096 * _MB
    return pages * resource.getpagesize()
