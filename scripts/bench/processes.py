"""Whole processes: how long they take, and how much memory they and their children hold."""

import contextlib
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

from bench.machine import BYTES_PER_RSS_UNIT

_LOOK_S = 0.25


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process.

    Attributes
    ----------
    peak_mb
        The most memory that it held itself.
    tree_mb
        The most that it and its children held at one time, shared memory counted once; 0 when not watched.
    """

    seconds: float
    peak_mb: float
    tree_mb: float
    code: int
    stdout: str


def run(command: Sequence[str], *, allowed: frozenset[int] = frozenset({0}), watch: bool = False) -> Run:
    """Run a process to its end.

    Raises
    ------
    SystemExit
        When it ends with another code than the allowed ones; its standard error is shown.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        with _Watch(process.pid) if watch else contextlib.nullcontext() as watched:
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
        code = process.returncode = os.waitstatus_to_exitcode(status)
        if code not in allowed:
            err.seek(0)
            raise SystemExit(f"{' '.join(command)} ended with {code}:\n{err.read().decode(errors='replace')[-4000:]}")
        out.seek(0)
        peak = usage.ru_maxrss * BYTES_PER_RSS_UNIT / 1e6
        return Run(seconds, peak, watched.peak_mb if watched else 0.0, code, out.read().decode(errors="replace"))


class _Watch:
    """Adds up the memory of a process and its children, some times a second."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.peak_mb = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(_LOOK_S):
            with contextlib.suppress(psutil.Error):
                family = [psutil.Process(self._pid)]
                family += family[0].children(recursive=True)
                self.peak_mb = max(self.peak_mb, sum(map(_held_mb, family)))


def _held_mb(process: psutil.Process) -> float:
    """Return the memory of a process, with its share of what it shares with others."""
    try:
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
        return int(rollup.split("\nPss:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        with contextlib.suppress(psutil.Error):
            return float(process.memory_info().rss) / 1e6
        return 0.0
