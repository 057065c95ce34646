"""What the server remembers while it runs: attempts to sign in, uploads of the day, sign-ins on their way."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from zoning.texts import Text
from zoning.web.accounts.rates import Attempts

if TYPE_CHECKING:
    from zoning.web.accounts.oidc import Provider, Started

T = TypeVar("T")
_AT_ONCE = 2
"""Passwords that are verified at the same time: each takes 64 MB and a core for a fraction of a second."""
_MOST_WAITING = 40


class Verifier:
    """Verifies passwords outside of the event loop and of the threads that answer pages, few at a time."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_AT_ONCE, "zoning-password")
        self._lock = threading.Lock()
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Do one verification.

        Raises
        ------
        Refused
            503 when too many wait already.
        """
        from zoning.web.refusals import Refused

        with self._lock:
            if self._waiting >= _MOST_WAITING:
                text = Text("登录请求过多，请稍后再试", "too many people sign in at this moment: try again shortly")
                raise Refused(503, text, {"Retry-After": "5"})
            self._waiting += 1
        try:
            return await asyncio.wrap_future(self._threads.submit(work))
        finally:
            with self._lock:
                self._waiting -= 1


class Volumes:
    """Bytes that accounts have handed in today."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day: date | None = None
        self._used: dict[str, int] = {}

    def used(self, account: str, day: date, counted: Callable[[], int]) -> int:
        """Return the bytes of an account; `counted` is asked once a day for what was kept before the server started."""
        with self._lock:
            if self._day != day:
                self._day, self._used = day, {}
            known = self._used.get(account)
        if known is not None:
            return known
        before = counted()
        with self._lock:
            return self._used.setdefault(account, before)

    def add(self, account: str, size: int) -> None:
        """Add what was received."""
        with self._lock:
            if account in self._used:
                self._used[account] += size


@dataclass(slots=True)
class Guards:
    """What the server remembers while it runs; see the classes."""

    attempts: Attempts = field(default_factory=lambda: Attempts(time.monotonic))
    verifier: Verifier = field(default_factory=Verifier)
    volumes: Volumes = field(default_factory=Volumes)
    started: "dict[str, Started]" = field(default_factory=dict)
    provider: "Provider | None" = None
