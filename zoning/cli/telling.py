"""How far a long step is, told on stderr."""

import time

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
