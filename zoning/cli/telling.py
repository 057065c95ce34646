"""What long steps tell on stderr: how far they are, and at an interruption how they go on."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from zoning.cli.session import Session
from zoning.texts import Text

_EVERY_S = 10.0


class Told:
    """Tells on stderr how far a long step is, every ten seconds."""

    def __init__(self, session: Session, what: Text) -> None:
        self._session, self._what = session, what
        self._told = time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        """Tell, where it is time."""
        now = time.monotonic()
        if now - self._told >= _EVERY_S and done < of:
            self._told = now
            self._session.say(Text(f"{self._what.zh} {done:,}/{of:,}", f"{self._what.en} {done:,}/{of:,}"))


@contextmanager
def told_when_interrupted(session: Session, kept: Text) -> Iterator[None]:
    """Say at an interruption what is kept and how to go on, before the program leaves as it always does."""
    line = f"\nzoning: {kept.get(session.language)}\n".encode()
    # The process that looks after semaphores would complain about those that an interruption leaves behind.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
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
