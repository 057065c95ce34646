"""What long steps tell on stderr: how far they are, and at an interruption how they go on."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from zoning.cli.session import Session
from zoning.texts import Text

_EVERY_S = 10.0


class NowAndThen:
    """Says on stderr how far a long step is, at most every ten seconds."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._told = time.monotonic()

    def __call__(self, text: Text) -> None:
        """Say it, where it is time."""
        now = time.monotonic()
        if now - self._told >= _EVERY_S:
            self._told = now
            self._session.say(text)


class Told:
    """Tells how many of so many parts of a long step are done."""

    def __init__(self, session: Session, what: Text) -> None:
        self._what, self._say = what, NowAndThen(session)

    def __call__(self, done: int, of: int) -> None:
        """Tell, where it is time."""
        if done < of:
            self._say(Text(f"{self._what.zh} {done:,}/{of:,}", f"{self._what.en} {done:,}/{of:,}"))


class Bar:
    """A bar on a terminal, a line now and then in a log.

    Parameters
    ----------
    columns
        Makes the columns of the bar: rich is imported where there is one.
    task
        What the bar begins with: `description`, `total`, fields of the columns.
    """

    def __init__(self, session: Session, columns: Callable[[], Sequence[Any]], **task: Any) -> None:
        self._columns, self._task = columns, task
        self._say = NowAndThen(session)
        self._bar: Any = None
        self._row: Any = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(*self._columns(), console=Console(stderr=True))
            self._bar.start()
            self._row = self._bar.add_task(**self._task)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, line: Text, **shown: Any) -> None:
        """Bring the bar to `shown`, or say the line."""
        if self._bar is not None:
            self._bar.update(self._row, **shown)
        else:
            self._say(line)


@contextmanager
def told_when_interrupted(session: Session, kept: Text) -> Iterator[None]:
    """Say at an interruption what is kept and how to go on, before the program leaves as it always does."""
    line = f"\nzoning: {kept.get(session.language)}\n".encode()
    before: dict[signal.Signals, Any] = {}

    def tell(number: int, frame: object) -> None:
        os.write(2, line)
        usual = before[signal.Signals(number)]
        if not callable(usual):
            raise KeyboardInterrupt
        usual(number, frame)

    for interruption in (signal.SIGINT, signal.SIGTERM):
        before[interruption] = signal.signal(interruption, tell)
    try:
        yield
    finally:
        for interruption, usual in before.items():
            signal.signal(interruption, usual)
