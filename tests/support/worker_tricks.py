"""Commands for workers that do on purpose what must not do any harm."""

import ctypes
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from zoning.errors import ContentError
from zoning.texts import Language

_PIECE = 16 << 20


@dataclass(frozen=True)
class Tricks:
    """What workers are told: the content of the "workspace" is one file; each command is a trick of this module."""

    def open(self, root: Path) -> Any:
        """Read the content; `broken` cannot be read."""
        with (root / "opened").open("a") as log:
            log.write(f"{os.getpid()}\n")
        content = (root / "content").read_text()
        if content == "broken":
            raise ContentError("内容有错", "the content is wrong")
        if content == "deadly":
            os._exit(3)
        from zoning.web.workers.tasks import TASKS

        TASKS.update({f"task-{name}": _as_task(trick) for name, trick in TRICKS.items()})
        TASKS["check"] = TASKS["task-answer"]
        _KEPT.append(content)
        return SimpleNamespace(catalogue=SimpleNamespace(layers={})), None

    def today(self) -> date:
        """Return a day."""
        return date(2026, 11, 22)

    def run(self, arguments: Sequence[str], language: Language) -> int:
        """Do a trick."""
        sys.stderr.write(f"{language} {' '.join(arguments)}\n")
        return TRICKS[arguments[0]](*arguments[1:])


_KEPT: list[str] = []


def _as_task(trick: Callable[..., int]) -> Callable[[Any, Any], Any]:
    return lambda _, told: trick(*told)


def answer(code: str = "0") -> int:
    """Return a code, print the content that was kept."""
    sys.stdout.write(f"{_KEPT[-1]}\n")
    return int(code)


def allocate(megabytes: str) -> int:
    """Take memory and touch it."""
    held = [bytearray(_PIECE) for _ in range(int(megabytes) * 1_000_000 // _PIECE)]
    return len(held) * 0


def allocate_pieces() -> int:
    """Take memory in pieces as small as those of a parser, until nothing is left to find out why."""
    held = []
    while True:
        held.append(bytearray(200))


def abort_when_full() -> int:
    """End as a library in C does that finds no memory and says nothing."""
    held: object = None
    try:
        while True:
            held = (held, bytearray(200))
    except MemoryError:
        os.abort()


def abort_in_c() -> int:
    """End as a library in C++ does that finds no memory."""
    os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
    os.abort()


def allocate_in_c(megabytes: str) -> int:
    """Take memory as libraries in C do that say it in words only."""
    import numpy as np
    import shapely

    points = np.linspace(0, 1, int(megabytes) * 1_000_000 // 16)
    return int(shapely.get_num_coordinates(shapely.linestrings(np.column_stack([points, points])))) * 0


def rest(seconds: str) -> int:
    """Wait; say first that it began."""
    Path("began").write_text(str(os.getpid()))
    time.sleep(float(seconds))
    sys.stdout.write(f"{_KEPT[-1]}\n")
    return 0


def spin() -> int:
    """Count in C: no signal handler of Python runs meanwhile."""
    Path("began").write_text(str(os.getpid()))
    return sum(range(10**13)) * 0


def start(*options: str) -> int:
    """Start a process that would live for an hour, in a session of its own, and leave it behind."""
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(3600)"], start_new_session="own" in options
    )
    Path("child").write_text(str(child.pid))
    Path("began").write_text(str(os.getpid()))
    if "stay" in options:
        time.sleep(3600)
    return 0


def crash() -> int:
    """Read where nothing is."""
    return ctypes.string_at(0)[0]


def fail() -> int:
    """Raise."""
    raise RuntimeError


def fill(megabytes: str) -> int:
    """Write one file of this size."""
    with Path("large").open("wb") as file:
        file.writelines(bytes(1_000_000) for _ in range(int(megabytes)))
    return 0


def scatter(megabytes: str) -> int:
    """Write many small files, then wait."""
    for number in range(int(megabytes)):
        Path(f"piece-{number}").write_bytes(bytes(1_000_000))
    time.sleep(20)
    return 0


def call(port: str) -> int:
    """Try to reach a server on this computer."""
    try:
        socket.create_connection(("127.0.0.1", int(port)), timeout=2).close()
    except OSError as error:
        sys.stdout.write(f"{type(error).__name__}\n")
        return 0
    return 1


def look() -> int:
    """Tell how the keeper looks: its threads and files."""
    keeper = os.getppid()
    files = []
    for handle in Path(f"/proc/{keeper}/fd").iterdir():
        try:
            files.append(str(handle.readlink()))
        except OSError:
            continue
    threads = [path.name for path in Path(f"/proc/{keeper}/task").iterdir()]
    json.dump({"keeper": keeper, "threads": len(threads), "files": sorted(files)}, sys.stdout)
    return 0


TRICKS: dict[str, Callable[..., int]] = {
    one.__name__: one
    for one in (
        *(answer, allocate, allocate_pieces, allocate_in_c, abort_when_full, abort_in_c, rest, spin),
        *(start, crash, fail, fill, scatter, call, look),
    )
}
