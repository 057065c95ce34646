"""Hands tasks to keepers; replaces those that die."""

import multiprocessing
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from zoning.errors import LayerError
from zoning.web.workers.keeper import keep
from zoning.web.workers.work import Commands, Outcome, Task

_WARM_S = 120.0
_GRACE_S = 5.0


@dataclass(slots=True)
class _Keeper:
    process: SpawnProcess
    pipe: Connection
    generation: int
    is_warm: bool = False


class Pool:
    """Some keepers, one task each at a time. Tasks wait in line; each is answered, whatever becomes of its keeper."""

    def __init__(self, root: Path, commands: Commands, *, size: int) -> None:
        self._root = root
        self._commands = commands
        self._size = size
        self._context = multiprocessing.get_context("spawn")
        self._idle: queue.LifoQueue[_Keeper] = queue.LifoQueue()
        self._generation = 0
        self._is_closed = False
        self._lock = threading.Lock()
        self._all: set[int] = set()
        self._waiting = 0
        self._busy = 0
        for _ in range(size):
            self._idle.put(self._start())

    @property
    def load(self) -> tuple[int, int]:
        """How many tasks run and how many wait."""
        return self._busy, self._waiting

    def run(self, task: Task, on_start: Callable[[Callable[[], None]], None] | None = None) -> Outcome:
        """Do a task and return how it ended; waits for a keeper. Called from a thread.

        Parameters
        ----------
        on_start
            Told, once the task runs, how it can be cancelled.
        """
        with self._lock:
            self._waiting += 1
        keeper = self._idle.get()
        with self._lock:
            self._waiting -= 1
            self._busy += 1
        began = time.monotonic()
        outcome: Outcome | None = None
        try:
            keeper = self._current(keeper)
            task.folder.mkdir(parents=True, exist_ok=True)
            keeper.pipe.send(task)
            if on_start is not None:
                on_start(lambda: _cancel(keeper))
            if keeper.pipe.poll(task.seconds + _GRACE_S):
                outcome = keeper.pipe.recv()
        except (EOFError, OSError):
            outcome = None
        finally:
            if outcome is None:
                self._stop(keeper)
                keeper = self._start()
            with self._lock:
                self._busy -= 1
            self._idle.put(keeper)
        return outcome or Outcome("died", -1, time.monotonic() - began)

    def renew(self) -> None:
        """Let all later tasks run with the content as it is now; those that run end as they began."""
        self._generation += 1

    def close(self) -> None:
        """End all keepers and what they do."""
        self._is_closed = True
        while True:
            try:
                self._stop(self._idle.get_nowait())
            except queue.Empty:
                return

    def _start(self) -> _Keeper:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=keep, args=(theirs, self._root, self._commands), daemon=True, name="zoning-keeper"
        )
        process.start()
        theirs.close()
        return _Keeper(process, ours, self._generation)

    def _current(self, keeper: _Keeper) -> _Keeper:
        """Return a warm keeper of the present content: this one, or a new one in its place."""
        if keeper.generation != self._generation or not keeper.process.is_alive():
            self._stop(keeper)
            keeper = self._start()
        if not keeper.is_warm:
            if not keeper.pipe.poll(_WARM_S) or keeper.pipe.recv() != "warm":
                raise LayerError("工作进程没有启动", "a worker did not start")
            keeper.is_warm = True
        return keeper

    def _stop(self, keeper: _Keeper) -> None:
        keeper.pipe.close()
        keeper.process.join(0.2)
        if keeper.process.is_alive():
            keeper.process.kill()
            keeper.process.join()


def _cancel(keeper: _Keeper) -> Any:
    try:
        keeper.pipe.send("cancel")
    except OSError:
        return
