"""The process in which `zoning.sites.sandbox` reads a boundary file: limits first, then the file, then the answer.

Started as `python -m zoning.sites.worker`. A line of JSON on standard input says what to read; what is written to
standard output is the answer (`zoning.sites.answer_lines`) and nothing else.
"""

import json
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

_NEW_NETWORK, _NEW_USER = 0x4000_0000, 0x1000_0000  # CLONE_NEWNET, CLONE_NEWUSER of Linux
_OPEN_FILES = 128
_STACK = 262_144


def main() -> None:
    """Read one request, answer it, leave."""
    answer = _private_stdout()
    request = json.loads(sys.stdin.buffer.readline())
    confine(request["options"]["limits"])
    _leave_with_parent(sys.stdin.buffer)
    with answer:
        respond(request, answer)


def respond(request: dict[str, Any], answer: IO[bytes]) -> None:
    """Read the file of a request and write the answer."""
    from zoning.errors import ZoningError
    from zoning.sites.answer_lines import error_line, fault_line, memory_line, site_lines
    from zoning.sites.limits import Options
    from zoning.sites.reading import read_file

    try:
        sites = read_file(Path(request["path"]), Options.from_plain(request["options"]))
        answer.writelines(site_lines(sites))
    except MemoryError:
        # Half an answer may stand there already.
        answer.seek(0)
        answer.truncate()
        answer.write(memory_line())
    except ZoningError as error:
        answer.write(memory_line() if isinstance(error.__cause__, MemoryError) else error_line(error))
    except Exception as error:  # noqa: BLE001 - the parent raises it
        answer.write(fault_line(error))


def confine(limits: dict[str, int]) -> None:
    """Take away what reading does not need, as far as the system lets us: network, memory, time, files, core dumps.

    Windows has no such limits (the parent still ends the process in time); macOS does not enforce the one of memory.
    """
    leave_network()
    try:
        import resource
    except ImportError:
        return
    wanted = {
        resource.RLIMIT_AS: limits["memory_mb"] * 1_048_576,
        resource.RLIMIT_CPU: limits["seconds"] + 1,
        resource.RLIMIT_FSIZE: max(limits["unpacked_bytes"], limits["file_bytes"]),
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    set_limits(wanted)


def set_limits(wanted: Mapping[int, int]) -> None:
    """Set limits of this process by their kinds (`resource.RLIMIT_AS` ...), none above what is already allowed."""
    import resource

    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # At the hard limit of time the system says SIGKILL, as for want of memory; at the soft one SIGXCPU.
        last = most + 2 if kind == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else most
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, last))


def leave_network() -> None:
    """Enter a network without any interface, where Linux permits it; else the readers' own refusals must do."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is not None and unshare(_NEW_NETWORK) != 0:
        unshare(_NEW_NETWORK | _NEW_USER)


def _private_stdout() -> IO[bytes]:
    """Keep standard output for the answer; what libraries print goes nowhere."""
    answer = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answer


def _leave_with_parent(stdin: IO[bytes]) -> None:
    """End when the parent has gone, however it went: its end of the pipe closes then."""

    def wait() -> None:
        # Not through Python's buffer, whose lock would be held for ever.
        while os.read(stdin.fileno(), 4_096):
            pass
        os._exit(1)

    threading.stack_size(_STACK)
    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    # The libraries' own endings may hang or crash after a hostile file; the answer is written.
    os._exit(0)
