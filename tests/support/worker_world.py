"""Keepers of tricks, and real ones that can be looked at."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from worker_tricks import Tricks, look
from zoning.cli.warm import WarmCommands
from zoning.texts import Language
from zoning.web.workers.pool import Pool
from zoning.web.workers.work import Outcome, Task


class Looking(WarmCommands):
    """Real commands, and one that looks at the keeper."""

    def run(self, arguments: Sequence[str], language: Language) -> int:
        """Run a command."""
        return look() if list(arguments) == ["look"] else super().run(arguments, language)


@dataclass
class Workers:
    """Keepers of tricks.

    Attributes
    ----------
    root
        With `content`, and `opened`: the process ids of all keepers that there were.
    """

    root: Path
    home: Path
    pool: Pool
    _count: int = 0

    def folder(self) -> Path:
        """Return a new folder for a task."""
        self._count += 1
        return self.home / str(self._count)

    def task(self, *words: str, **limits: Any) -> Task:
        """Return a trick as a command."""
        return Task(self.folder(), "command", list(words), **limits)

    def do(self, *words: str, **limits: Any) -> Outcome:
        """Do a trick as a command."""
        return self.pool.run(self.task(*words, **limits))

    def say(self, *words: str) -> str:
        """Do a trick, return what it printed."""
        task = self.task(*words)
        outcome = self.pool.run(task)
        assert outcome.state == "done", outcome
        return (task.folder / "stdout").read_text().strip()

    def ask(self) -> str:
        """Return the content that a check sees: it goes first, and never waits for commands."""
        task = Task(self.folder(), "check", ["0"])
        outcome = self.pool.run(task)
        assert outcome.state == "done", outcome
        return (task.folder / "stdout").read_text().strip()

    def write(self, content: str) -> None:
        """Change the content."""
        (self.root / "content").write_text(content)

    @property
    def keepers(self) -> list[int]:
        """All keepers that ever opened the content."""
        return [int(line) for line in (self.root / "opened").read_text().split()]


@contextmanager
def workers(folder: Path, size: int = 1, content: str = "first") -> Iterator[Workers]:
    """Yield keepers of tricks; nothing of them is left at the end."""
    root = folder / "root"
    root.mkdir()
    (root / "content").write_text(content)
    (root / "opened").write_text("")
    pool = Pool(root, Tricks(), size=size, is_lazy=True)
    found = Workers(root, folder, pool)
    try:
        yield found
    finally:
        pool.close()
        assert all(is_gone(keeper) for keeper in found.keepers)


def began(folder: Path, seconds: float = 20.0) -> int:
    """Wait for the file that a trick writes when it begins; return its process."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if (folder / "began").is_file() and (text := (folder / "began").read_text()):
            return int(text)
        time.sleep(0.01)
    raise AssertionError(folder)


def is_gone(process: int, seconds: float = 8.0) -> bool:
    """Tell whether a process ends within some seconds (a zombie has ended)."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if psutil.Process(process).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False
