"""Hands tasks to keepers; replaces those that die."""

import contextlib
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Final

from zoning.errors import LayerError, ZoningError
from zoning.texts import Text
from zoning.web.refusals import Refused
from zoning.web.workers.confinement import end_group
from zoning.web.workers.keeper import ONE_THREAD, Priming, keep
from zoning.web.workers.work import Broken, Commands, Outcome, Task

_WARM_S = 120.0
_GRACE_S = 15.0
_AGAIN_S = 10.0
_TRIES = 2
_QUICK: Final = frozenset({"check", "questions"})
MOST_WAITING: Final = 100
"""More are turned away: nobody waits that long in front of a page."""
_NICENESS, _JOB_NICENESS = 2, 10

Stop = Callable[[], None]


@dataclass(slots=True, eq=False)
class _Keeper:
    """A process that keeps; `group` is that of the task that runs, 0 for none; `is_lost`: it does not answer."""

    process: SpawnProcess
    pipe: Connection
    generation: int
    is_warm: bool = False
    is_lost: bool = False
    group: int = 0
    send: threading.Lock = field(default_factory=threading.Lock)


@dataclass(slots=True, eq=False)
class _Slot:
    """A place for one keeper; `following` takes its place after the task that runs, `is_slow` tells of that task."""

    keeper: _Keeper | None = None
    following: _Keeper | None = None
    is_slow: bool = False


@dataclass(slots=True, eq=False)
class _Ticket:
    """Somebody in line; `is_slow`: with what may take long (maps, reports, advice)."""

    is_slow: bool
    turn: threading.Event = field(default_factory=threading.Event)
    slot: _Slot | None = None


class Pool:
    """Some keepers, one task each at a time. Tasks wait in line; each is answered, whatever becomes of its keeper.

    Checks go before what may take long, and one keeper of several is always there for them alone.

    Parameters
    ----------
    size
        Keepers for checks; jobs have one of their own (`jobs`), started when the first job comes.
    niceness, job_niceness
        How far the keepers, and the one of jobs, stand back behind the pages.
    renewed
        Functions that are called when the keepers were renewed; they must be quick.
    is_lazy
        Keepers start when they are needed, and make ready no more than every task needs.
    """

    def __init__(
        self,
        root: Path,
        commands: Commands,
        *,
        size: int,
        niceness: int = _NICENESS,
        job_niceness: int = _JOB_NICENESS,
        is_lazy: bool = False,
    ) -> None:
        # Keepers inherit it: before they could say it themselves, their libraries may have been loaded.
        for name, value in ONE_THREAD.items():
            os.environ.setdefault(name, value)
        self._root = root
        self._commands = commands
        self._niceness = niceness
        self._job_niceness = job_niceness
        self._is_lazy = is_lazy
        self._context = multiprocessing.get_context("spawn")
        self._lock = threading.Lock()
        self._idle = [_Slot() for _ in range(size)]
        self._busy: list[_Slot] = []
        self._line: deque[_Ticket] = deque()
        self._slow: deque[_Ticket] = deque()
        self._most_slow = max(1, size - 1)
        self._number = 0
        self._generation = 0
        self._is_closed = False
        self._broken: tuple[int, float, Text] | None = None
        self._jobs: Pool | None = None
        self.renewed: list[Callable[[], None]] = []
        if not is_lazy:
            for slot in self._idle:
                slot.keeper = self._start()

    @property
    def load(self) -> tuple[int, int]:
        """How many tasks run and how many wait."""
        with self._lock:
            return len(self._busy), len(self._line) + len(self._slow)

    @property
    def jobs(self) -> "Pool":
        """The keeper for jobs: no check waits for them, and they stand back behind checks."""
        with self._lock:
            if self._jobs is None:
                self._jobs = Pool(self._root, self._commands, size=1, niceness=self._job_niceness, is_lazy=True)
            return self._jobs

    def run(self, task: Task, on_start: Callable[[Stop], None] | None = None) -> Outcome:
        """Do a task and return how it ended; waits for a keeper. Called from a thread.

        Parameters
        ----------
        on_start
            Told, once the task runs, how it can be cancelled.

        Raises
        ------
        Refused
            503 when too many wait, or the server ends.
        ZoningError
            When no keeper can open the workspace.
        """
        slot = self._taken(is_slow=task.task not in _QUICK)
        try:
            task.folder.mkdir(parents=True, exist_ok=True)
            keeper = slot.keeper = self._current(slot)
            outcome = self._ask(keeper, task, on_start)
            if keeper.is_lost:
                self._replace(slot)
            return outcome
        finally:
            self._settle(slot)
            self._give_back(slot)

    def renew(self) -> None:
        """Let all later tasks run with the content as it is now; those that run end as they began."""
        with self._lock:
            self._generation += 1
            self._broken = None
            jobs = self._jobs
            stale = [(slot, slot.keeper) for slot in self._idle if slot.keeper is not None]
            for slot, _ in stale:
                slot.keeper = None
        for slot, keeper in stale:
            self._stop(keeper)
            fresh = self._start()
            with self._lock:
                is_wanted = slot.keeper is None and slot in self._idle and not self._is_closed
                if is_wanted:
                    slot.keeper = fresh
            if not is_wanted:
                self._stop(fresh)
        if jobs is not None:
            jobs.renew()
        for tell in list(self.renewed):
            tell()

    def refresh(self) -> None:
        """Replace the keepers by ones that begin anew, one after another, while the others go on working.

        For what changes no answer: layers that have been prepared, keepers that are readier than those that had to be
        there at once. Takes as long as the keepers need.
        """
        with self._lock:
            slots = [*self._idle, *self._busy]
        for slot in slots:
            fresh = self._start("whole")
            is_wanted = self._warmed(fresh)
            with self._lock:
                old: _Keeper | None = fresh
                if is_wanted and not self._is_closed:
                    is_idle = slot in self._idle
                    old = slot.keeper if is_idle else slot.following
                    if is_idle:
                        slot.keeper = fresh
                    else:
                        slot.following = fresh
            if old is not None:
                self._stop(old)

    def close(self) -> None:
        """End all keepers and what they do; who waits is turned away."""
        with self._lock:
            self._is_closed = True
            idle, busy, jobs = list(self._idle), list(self._busy), self._jobs
            for ticket in (*self._line, *self._slow):
                ticket.turn.set()
            self._line.clear()
            self._slow.clear()
        for slot in busy:
            # Its pipe is closed by the thread that reads it: the number of a closed one could be another file's by now.
            if (keeper := slot.keeper) is not None:
                keeper.process.kill()
        for slot in idle:
            for keeper in (slot.keeper, slot.following):
                if keeper is not None:
                    self._stop(keeper)
            slot.keeper = slot.following = None
        if jobs is not None:
            jobs.close()

    def _taken(self, *, is_slow: bool) -> _Slot:
        """Return a free place; who comes first is served first, checks before what takes long."""
        ticket = _Ticket(is_slow)
        with self._lock:
            if self._is_closed:
                raise _closing()
            waiting = len(self._line) + len(self._slow)
            if waiting >= MOST_WAITING:
                raise _crowded(waiting)
            (self._slow if is_slow else self._line).append(ticket)
            self._call()
        ticket.turn.wait()
        if ticket.slot is None:
            raise _closing()
        return ticket.slot

    def _give_back(self, slot: _Slot) -> None:
        with self._lock:
            self._busy.remove(slot)
            self._idle.append(slot)
            self._call()

    def _call(self) -> None:
        """Give the free places to those whose turn it is; one place is kept for checks where there are two or more."""
        while self._idle and (ticket := self._first()) is not None:
            slot = ticket.slot = self._idle.pop()
            slot.is_slow = ticket.is_slow
            self._busy.append(slot)
            ticket.turn.set()

    def _first(self) -> _Ticket | None:
        if self._line:
            return self._line.popleft()
        if self._slow and sum(slot.is_slow for slot in self._busy) < self._most_slow:
            return self._slow.popleft()
        return None

    def _ask(self, keeper: _Keeper, task: Task, on_start: Callable[[Stop], None] | None) -> Outcome:
        with self._lock:
            self._number += 1
            number = self._number
        began = time.monotonic()
        until = began + task.seconds + _GRACE_S
        try:
            with keeper.send:
                keeper.pipe.send((number, task))
            if on_start is not None:
                on_start(lambda: _cancel(keeper, number))
            while keeper.pipe.poll(max(0.0, until - time.monotonic())):
                _, said = keeper.pipe.recv()
                if isinstance(said, Outcome):
                    keeper.group = 0
                    return said
                keeper.group = said
        except (EOFError, OSError):
            pass
        keeper.is_lost = True
        now = time.monotonic()
        return Outcome("slow" if now >= until else "died", _NO_CODE, now - began)

    def _settle(self, slot: _Slot) -> None:
        """After a task: let the keeper that waits for this take the place; end one whose content is old."""
        with self._lock:
            following, slot.following = slot.following, None
        if following is not None:
            if slot.keeper is not None:
                self._stop(slot.keeper)
            slot.keeper = following
        if slot.keeper is not None and (self._is_closed or slot.keeper.generation != self._generation):
            self._replace(slot)

    def _replace(self, slot: _Slot) -> None:
        """End the keeper of a slot; let another one warm up."""
        if slot.keeper is not None:
            self._stop(slot.keeper)
        slot.keeper = None if self._is_closed else self._start()

    def _start(self, priming: Priming = "first") -> _Keeper:
        generation = self._generation
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=keep,
            args=(theirs, self._root, self._commands, self._niceness, "none" if self._is_lazy else priming),
            daemon=True,
            name="zoning-keeper",
        )
        process.start()
        theirs.close()
        return _Keeper(process, ours, generation)

    def _current(self, slot: _Slot) -> _Keeper:
        """Return a warm keeper of the present content: that of the slot, or a new one in its place.

        Raises
        ------
        ZoningError
            When none can be had; it is not tried again at once.
        """
        for _ in range(_TRIES):
            if self._broken is not None and self._broken[0] == self._generation:
                if time.monotonic() - self._broken[1] < _AGAIN_S:
                    raise _BrokenWorkspaceError(self._broken[2])
                self._broken = None
            keeper = slot.keeper
            if keeper is None or keeper.generation != self._generation or not keeper.process.is_alive():
                if keeper is not None:
                    self._stop(keeper)
                keeper = slot.keeper = self._start()
            if keeper.is_warm or self._warmed(keeper):
                return keeper
            self._stop(keeper)
            slot.keeper = None
        if self._broken is None:
            self._broken = (self._generation, time.monotonic(), _NOT_STARTED)
        raise _BrokenWorkspaceError(self._broken[2])

    def _warmed(self, keeper: _Keeper) -> bool:
        try:
            said = keeper.pipe.recv() if keeper.pipe.poll(_WARM_S) else None
        except (EOFError, OSError):
            said = None
        if isinstance(said, Broken):
            self._broken = (keeper.generation, time.monotonic(), said.text)
        keeper.is_warm = said == "warm"
        return keeper.is_warm

    def _stop(self, keeper: _Keeper) -> None:
        """End a keeper and the task that it may have been busy with."""
        with contextlib.suppress(OSError):
            keeper.pipe.close()
        keeper.process.join(0.2)
        if keeper.process.is_alive():
            keeper.process.kill()
            keeper.process.join()
        if keeper.group:
            end_group(keeper.group)
            keeper.group = 0


_NO_CODE: Final = -1
_NOT_STARTED = Text(
    "计算进程无法启动，请稍后重试并告知管理员",
    "the process that computes cannot be started: try again later, and tell the administrator",
)


class _BrokenWorkspaceError(LayerError):
    """No keeper can be had."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh, text.en)

    def __reduce__(self) -> tuple[type[ZoningError], tuple[str, str]]:
        """Travel as a plain error."""
        return LayerError, (self.text.zh, self.text.en)


def _cancel(keeper: _Keeper, number: int) -> None:
    with contextlib.suppress(OSError), keeper.send:
        keeper.pipe.send(number)


def _closing() -> Refused:
    return Refused(503, Text("系统正在停止，请稍后重试", "the system is being stopped: try again later"))


def _crowded(count: int) -> Refused:
    return Refused(
        503,
        Text(
            f"前面还有 {count} 个检查在排队，请稍后再试",
            f"{count} checks wait already: try again in a while",
        ),
        {"Retry-After": "20"},
    )
