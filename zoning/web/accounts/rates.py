"""How often somebody may try to sign in: after a few failures the waits grow."""

import threading
from collections.abc import Callable

_FREE = 5
_FIRST_S = 2.0
_LONGEST_S = 900.0
_FORGOTTEN_S = 3600.0
_MOST_KEYS = 100_000


class Attempts:
    """Failures by key (name of the account, address of the client).

    Parameters
    ----------
    clock
        Seconds, never going back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: dict[str, tuple[int, float]] = {}

    def wait_s(self, *keys: str) -> float:
        """Return how long one has to wait before the next attempt, seconds; 0 when it may be made."""
        now = self._clock()
        with self._lock:
            return max((self._wait(key, now) for key in keys), default=0.0)

    def failed(self, *keys: str) -> None:
        """Note a failure."""
        now = self._clock()
        with self._lock:
            if len(self._failures) > _MOST_KEYS:
                self._failures = {k: v for k, v in self._failures.items() if now - v[1] < _FORGOTTEN_S}
            for key in keys:
                count, last = self._failures.get(key, (0, now))
                self._failures[key] = ((count if now - last < _FORGOTTEN_S else 0) + 1, now)

    def succeeded(self, *keys: str) -> None:
        """Forget the failures of these keys."""
        with self._lock:
            for key in keys:
                self._failures.pop(key, None)

    def _wait(self, key: str, now: float) -> float:
        count, last = self._failures.get(key, (0, 0.0))
        if count < _FREE or now - last > _FORGOTTEN_S:
            return 0.0
        return max(0.0, last + min(_FIRST_S * 2 ** (count - _FREE), _LONGEST_S) - now)
