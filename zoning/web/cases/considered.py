"""What the re-check knows: the content as it is, and which cases were looked at under it.

The file of it may be lost: then all cases are looked at again, and nothing is noticed twice, because the register
itself knows what was noticed.
"""

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

from zoning.atomic_write import write_whole
from zoning.registers.canonical import digest
from zoning.registers.case_rows import CaseVerdict


@dataclass(frozen=True, slots=True)
class ContentState:
    """What verdicts rest on at a moment.

    Attributes
    ----------
    digests
        As in a verdict, without that of the site.
    turns
        ISO days on which something that is dated begins or ends, ascending.
    """

    digests: Mapping[str, Any]
    turns: tuple[str, ...]
    day: date

    @classmethod
    def of(cls, told: Mapping[str, Any], day: date) -> Self:
        """Return the state that a worker told."""
        return cls(told["digests"], tuple(told["turns"]), day)

    @property
    def key(self) -> str:
        """Its digest: the same until content changes or a dated thing begins or ends."""
        return digest([self.digests, self._epoch(self.day)])

    def holds_for(self, verdict: CaseVerdict) -> bool:
        """Tell whether a verdict would come out the same for sure: it rests on the same content and the same law."""
        own = {name: value for name, value in verdict.digests.items() if name != "site"}
        return own == dict(self.digests) and self._epoch(verdict.day) == self._epoch(self.day)

    def holds_on(self, day: date) -> bool:
        """Tell whether nothing that is dated begins or ends between its day and another one."""
        return self._epoch(day) == self._epoch(self.day)

    def _epoch(self, day: date) -> int:
        return bisect_right(self.turns, day.isoformat())


@dataclass(slots=True)
class Considered:
    """Which verdicts were looked at under the present content.

    Attributes
    ----------
    state
        None before the first time.
    cases
        Number of the verdict that was looked at, by case.
    cause
        Why the content changed, where somebody said so.
    """

    path: Path
    state: ContentState | None = None
    cases: dict[str, int] = field(default_factory=dict)
    cause: Mapping[str, Any] | None = None

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read it; what cannot be read is as if it had never been."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            state = ContentState(told["digests"], tuple(told["turns"]), date.fromisoformat(told["day"]))
            cases = {str(name): int(number) for name, number in told["cases"].items()}
            return cls(path, state, cases, told["cause"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(path)

    def knows(self, verdict: CaseVerdict) -> bool:
        """Tell whether a verdict needs no look: it rests on this content, or was looked at under it."""
        if self.state is None:
            return False
        return self.state.holds_for(verdict) or self.cases.get(verdict.record) == verdict.number

    def turn_to(self, state: ContentState, cause: Mapping[str, Any] | None) -> None:
        """Begin anew for another content; nothing happens where it is the same."""
        if self.state is None or self.state.key != state.key:
            self.cases, self.cause = {}, cause
        elif cause is not None:
            self.cause = cause
        self.state = state

    def write(self) -> None:
        """Keep it."""
        if self.state is None:
            return
        told = {
            "digests": self.state.digests,
            "turns": self.state.turns,
            "day": self.state.day.isoformat(),
            "cases": self.cases,
            "cause": self.cause,
        }
        write_whole(self.path, json.dumps(told, ensure_ascii=False, sort_keys=True))
