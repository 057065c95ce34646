"""Boundary files of strangers are read in a process of their own, with little memory, little time and no network.

What the limits cannot do: the worker runs as the same user and may read what that user may read. On Windows only time
is limited, on macOS not memory; the network is taken away where Linux permits it.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from zoning.errors import SiteError
from zoning.sites.answer_lines import BrokenAnswerError, read_answer
from zoning.sites.limits import Limits, Options
from zoning.sites.site import Site
from zoning.sites.where import Where

# Without these an interpreter in an unusual place does not start.
_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_GRACE_S = 2
_WORKER = "zoning.sites.worker"


def read_sites_sandboxed(path: Path, options: Options) -> tuple[Site, ...]:
    """Do what `zoning.sites.read_sites` does, in a worker that the limits `memory_mb` and `seconds` bound.

    Raises
    ------
    SiteError, CRSError, UsageError
        Those of `read_sites`; and a SiteError when the worker took too long or too much memory, or crashed.
    RuntimeError
        When the worker met a fault of the program.
    """
    limits = options.limits
    request = json.dumps({"path": str(path), "options": options.plain()}).encode("ascii") + b"\n"
    where = Where(Path(path).name or str(path))
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder, tempfile.TemporaryFile() as answer:
        code = _run(request, Path(folder), answer, limits.seconds)
        if code is None:
            raise _too_slow(where, limits)
        if code != 0:
            raise _died(where, code, limits)
        answer.seek(0)
        try:
            return read_answer(answer)
        except MemoryError as error:
            raise _too_large(where, limits) from error
        except BrokenAnswerError as error:
            raise _died(where, code, limits) from error


def _run(request: bytes, folder: Path, answer: IO[bytes], seconds: int) -> int | None:
    """Run a worker; return its exit code, None when it had to be ended because of its time."""
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-P", "-B", "-m", _WORKER],
        stdin=subprocess.PIPE,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        env=_environment(folder),
        start_new_session=True,
    )
    stdin: Any = process.stdin
    try:
        with suppress(BrokenPipeError):
            stdin.write(request)
            stdin.flush()
        code = process.wait(seconds + _GRACE_S)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end(process)
        with suppress(BrokenPipeError):
            stdin.close()
    return None if code == -getattr(signal, "SIGXCPU", 0) else code


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the worker with whatever it may have started."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _environment(folder: Path) -> dict[str, str]:
    modules = [str(Path(__file__).resolve().parents[2]), *(entry for entry in sys.path if entry)]
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP", "PROJ_USER_WRITABLE_DIRECTORY"), str(folder))
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        **temporary,
        "PYTHONPATH": os.pathsep.join(modules),
        "PYTHONUTF8": "1",
        "PROJ_NETWORK": "OFF",
        # Every thread of these libraries takes address space, which is limited.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }


def _too_slow(where: Where, limits: Limits) -> SiteError:
    return where.error(
        f"读取超过 {limits.seconds} 秒仍未完成，已中止；请只导出项目范围，或用 --limit seconds=… 提高上限",
        f"reading took more than {limits.seconds} s and was ended; export the footprint alone, or raise the limit with "
        "--limit seconds=…",
    )


def _too_large(where: Where, limits: Limits) -> SiteError:
    return where.error(
        f"读取所需的内存超过 {limits.memory_mb} MB，已中止；请只导出项目范围，或用 --limit memory_mb=… 提高上限",
        f"reading needs more than {limits.memory_mb} MB of memory and was ended; export the footprint alone, or raise "
        "the limit with --limit memory_mb=…",
    )


def _died(where: Where, code: int, limits: Limits) -> SiteError:
    return where.error(
        f"读取程序意外中止（代码 {code}，可能超出 {limits.memory_mb} MB 内存或文件有害）；请重新导出，"
        "或用 --limit memory_mb=… 提高上限",
        f"the reading process died (code {code}; perhaps it needed more than {limits.memory_mb} MB, or the file is "
        "harmful); export the file again, or raise the limit with --limit memory_mb=…",
    )
