"""How often somebody may try to sign in: after a few failures the waits grow.

Three things are counted. One account tried from one address: waits grow to a quarter of an hour. One address, whatever
the accounts: likewise, but later, because an office may share one address. One account, from wherever: waits grow to a
minute only. So nobody is guessed faster than once a minute by however many computers, and nobody can be locked out for
longer than that by failures of others. A browser that has signed in to the account before shows a mark of it and is
counted alone: failures of others, even behind the same address, do not make it wait at all.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_FORGOTTEN_S = 3600.0
_MOST_KEYS = 100_000
_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True)
class Limit:
    """So many attempts are free; then one waits `first_s`, twice as long after each further one, to `longest_s`."""

    free: int
    first_s: float
    longest_s: float


PAIR: Final = Limit(5, 2.0, 900.0)
CLIENT: Final = Limit(30, 2.0, 900.0)
ACCOUNT: Final = Limit(10, 2.0, 60.0)


def keys_of(account: str, client: str, device: str) -> dict[str, Limit]:
    """Return what an attempt is counted under; `device` is "" for a browser that never signed in to the account."""
    if device:
        return {f"device:{device}": PAIR}
    return {f"pair:{client}|{account}": PAIR, f"client:{client}": CLIENT, f"account:{account}": ACCOUNT}


class Attempts:
    """Attempts that did not succeed, by key.

    Parameters
    ----------
    clock
        Seconds, never going back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def begin(self, keys: Mapping[str, Limit]) -> float:
        """Return how long one has to wait, seconds; 0: the attempt may be made and counts as failed until it succeeded.

        It is counted before its outcome is known, so that many at the same time are no more than many in turn. An
        attempt that has to wait is not counted: whoever waits is not made to wait longer.
        """
        now = self._clock()
        with self._lock:
            wait = max((self._wait(key, limit, now) for key, limit in keys.items()), default=0.0)
            if wait > 0:
                return wait
            for key in keys:
                count, last = self._failures.pop(key, (0, now))
                self._failures[key] = ((count if now - last < _FORGOTTEN_S else 0) + 1, now)
            while len(self._failures) > _MOST_KEYS:
                self._failures.popitem(last=False)
        return 0.0

    def succeeded(self, keys: Mapping[str, Limit]) -> None:
        """Forget the failures of an account and device; of the client only this attempt, for it may try others."""
        with self._lock:
            for key in keys:
                count, last = self._failures.pop(key, (0, 0.0))
                if key.startswith("client:") and count > 1:
                    self._failures[key] = (count - 1, last)

    def _wait(self, key: str, limit: Limit, now: float) -> float:
        count, last = self._failures.get(key, (0, 0.0))
        if count < limit.free or now - last > _FORGOTTEN_S:
            return 0.0
        grown = limit.first_s * 2.0 ** min(count - limit.free, _MOST_DOUBLINGS)
        return max(0.0, last + min(grown, limit.longest_s) - now)
