"""A warm process that makes a copy of itself for every task.

The keeper has imported everything and opened the workspace. For a task it forks: the copy confines itself
(`zoning.web.workers.confinement`), works in the task's folder, and ends. So nothing that a hostile file does to a
reader outlives the task, and no task waits for imports. The keeper has one thread and holds no file of data open:
copying it is safe.

From the server come `(number, Task)` and, to cancel it, the bare number. To the server go "warm" or `Broken` once, then
`(number, process group)` when a task begins and `(number, Outcome)` when it has ended.
"""

import contextlib
import os
import select
import signal
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn

from zoning.web.workers.confinement import adopt_orphans, children, end_group, likely_victim, resident_mb, threads
from zoning.web.workers.room import size_of
from zoning.web.workers.work import Broken, Commands, Outcome, Task

if TYPE_CHECKING:
    from zoning.web.workers.priming import Primer
    from zoning.web.workers.tasks import Kept

MEMORY_CODE: Final = 91
FAULT_CODE: Final = 92
DISK_CODE: Final = 93
ONE_THREAD: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""For the libraries: threads of a keeper would not be there in its copies, and what they hold would stay locked."""
_LOOK_S = 1.0
_IDLE_S = 20.0
"""After so long without a task a keeper goes on making itself ready: whoever comes then has to wait for a step."""
_LEAVE_S = 5.0
_VICTIM = 300

Ended = Literal["done", "slow", "disk", "cancelled"]
Priming = Literal["none", "first", "whole"]
"""How much a keeper does before it is warm: nothing, what every check needs, all that `Primer` knows."""


def keep(pipe: Connection, root: Path, commands: Commands, niceness: int, priming: Priming) -> None:
    """Serve tasks from the pipe until it is closed; the first message that goes out says that all is warm."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the server decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.update(ONE_THREAD)
    os.environ["PROJ_NETWORK"] = "OFF"
    os.nice(niceness)
    adopt_orphans()
    likely_victim(_VICTIM)
    from zoning.errors import ZoningError

    try:
        kept, primer = _warm(root, commands, priming)
    except ZoningError as error:
        pipe.send(Broken(error.text))
        return
    with contextlib.suppress(OSError):
        pipe.send("warm")
    while True:
        if primer is not None and not primer.is_done and not pipe.poll(_IDLE_S):
            primer.step()
            _freeze()
            continue
        try:
            message = pipe.recv()
        except (EOFError, OSError):
            return
        if isinstance(message, int):
            continue  # a word about a task that has ended already
        number, task = message
        with contextlib.suppress(OSError):
            pipe.send((number, _serve(number, task, pipe, kept, commands)))
        if primer is not None:
            primer.asked(task.arguments)


def _warm(root: Path, commands: Commands, priming: Priming) -> "tuple[Kept, Primer | None]":
    from zoning.web.workers.tasks import Kept

    kept = Kept(*commands.open(root), {})
    primer = None
    if priming != "none":
        from zoning.web.workers.priming import Primer

        primer = Primer(kept, commands)
        while priming == "whole" and not primer.is_done:
            primer.step()
    _freeze()
    if (count := threads()) > 1:
        sys.stderr.write(f"zoning: a keeper has {count} threads; copies of it may hang\n")
    return kept, primer


def _freeze() -> None:
    import gc

    gc.collect()
    gc.freeze()  # copies share these objects with the keeper as long as nobody touches them


def _serve(number: int, task: Task, pipe: Connection, kept: "Kept", commands: Commands) -> Outcome:
    began = time.monotonic()
    sys.stdout.flush()
    sys.stderr.flush()
    # A word to end that comes before the copy listens has to wait for it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    child = os.fork()
    if child == 0:
        _work(task, pipe, kept, commands)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.setpgid(child, child)
    with contextlib.suppress(OSError):
        pipe.send((number, child))
    ended = _awaited(number, task, child, pipe, began + task.seconds)
    _, status, usage = os.wait4(child, 0)
    end_group(child)  # what it may have started
    _end_orphans()
    took = time.monotonic() - began, usage.ru_maxrss // 1024
    if ended != "done":
        return Outcome(ended, -1, *took)
    code = os.waitstatus_to_exitcode(status)
    if code in _CODES:
        return Outcome(_CODES[code], -1, *took)
    if code < 0 or code == FAULT_CODE:
        from zoning.web.workers.causes import has_run_out_of_memory

        if has_run_out_of_memory(task.folder, took[1] - resident_mb(), task.memory_mb):
            return Outcome("memory", -1, *took)
        return Outcome("died", code, *took)
    return Outcome("done", code, *took)


_CODES: Final[dict[int, Literal["memory", "disk", "slow"]]] = {
    MEMORY_CODE: "memory",
    DISK_CODE: "disk",
    -signal.SIGXCPU: "slow",
    -signal.SIGXFSZ: "disk",
}


def _awaited(number: int, task: Task, child: int, pipe: Connection, until: float) -> Ended:
    """Wait for the end of a copy; end it when its time is over, or when the server says so or is gone."""
    handle = os.pidfd_open(child)
    try:
        while True:
            left = until - time.monotonic()
            ready, _, _ = select.select([handle, pipe.fileno()], [], [], max(0.0, min(left, _LOOK_S)))
            why: Ended | None = None
            if handle in ready:
                return "done"
            if pipe.fileno() in ready:
                why = "cancelled" if _is_cancelled(number, pipe) else None
            elif left <= 0:
                why = "slow"
            elif size_of(task.folder) > task.room_mb << 20:
                why = "disk"
            if why is not None:
                _end(child, handle, gently=task.task == "command")
                return why
    finally:
        os.close(handle)


def _is_cancelled(number: int, pipe: Connection) -> bool:
    try:
        said = pipe.recv()
    except (EOFError, OSError):
        return True
    return bool(said == number)


def _end(child: int, handle: int, *, gently: bool) -> None:
    """End a copy and all that it has started; a command may first finish the file that it is writing."""
    if gently:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGINT)
        select.select([handle], [], [], _LEAVE_S)
    end_group(child)


def _end_orphans() -> None:
    """End what a task has started in groups of their own: orphans come to the keeper."""
    for _ in range(100):
        alive = children()
        if not alive:
            return
        for process in alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process, 0)


def _work(task: Task, pipe: Connection, kept: "Kept", commands: Commands) -> NoReturn:
    """In the copy: do one task and leave, whatever happens."""
    code = FAULT_CODE
    try:
        pipe.close()
        code = _done(task, kept, commands)
        sys.stdout.flush()
        sys.stderr.flush()
    except SystemExit as leave:
        code = leave.code if isinstance(leave.code, int) else 0
    except MemoryError:
        code = MEMORY_CODE  # before anything else: there may be none left to find out more
        _tell()
    except BaseException as error:  # noqa: BLE001 - told in the task's stderr; the server says "died"
        from zoning.web.workers.causes import code_of

        code = code_of(error)
        _tell()
    finally:
        os._exit(code)


def _done(task: Task, kept: "Kept", commands: Commands) -> int:
    from zoning.web.workers.causes import code_of, code_of_command
    from zoning.web.workers.confinement import confine

    os.setpgid(0, 0)
    _leave_when_interrupted()
    os.chdir(task.folder)
    _redirect()
    confine(task, has_network=task.needs_network or kept.asks_databases)
    if task.task == "command":
        return code_of_command(commands.run(task.arguments, task.language), task.folder)
    import json

    from zoning.errors import ZoningError
    from zoning.web.workers.tasks import TASKS

    try:
        answer: Any = TASKS[task.task](kept, task.arguments)
    except ZoningError as error:
        if (code := code_of(error)) != FAULT_CODE:
            return code
        answer = {"error": error.text.plain()}
    Path("answer.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    return 0


def _tell() -> None:
    import traceback

    with contextlib.suppress(BaseException):
        traceback.print_exc()
        sys.stderr.flush()


def _leave_when_interrupted() -> None:
    def leave(_number: int, _frame: object) -> NoReturn:
        os._exit(130)

    signal.signal(signal.SIGINT, leave)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _redirect() -> None:
    for name, stream, number in (("stdout", sys.stdout, 1), ("stderr", sys.stderr, 2)):
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        os.dup2(handle, number)
        os.close(handle)
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=name == "stderr")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
