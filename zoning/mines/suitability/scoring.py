"""Scores of a parcel: weighted memberships, from the lowest to the highest that they can be, with their trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from zoning.mines.suitability.content import Mode, Suitability
from zoning.mines.suitability.membership import Interval
from zoning.mines.suitability.values import NotKnown, Told, Value, failed, membership, told

LimitState = Literal["none", "passed", "failed", "open"]


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion of one score.

    Attributes
    ----------
    value
        What went in, as JSON.
    limit
        none: there is no limit; open: what is not known decides whether it is passed.
    failed_share
        Of the parcel, that fails the limit.
    """

    criterion: str
    weight: float
    membership: Interval
    value: Told
    limit: LimitState
    failed_share: Interval

    @property
    def adds(self) -> Interval:
        """What it adds to the score."""
        return Interval(self.weight * self.membership.low, self.weight * self.membership.high)


@dataclass(frozen=True, slots=True)
class Score:
    """How well a parcel suits a mode: 0 to 1.

    Attributes
    ----------
    interval
        0..0 where a limit knocks the mode out; from 0 where an open limit may.
    if_passed
        The same, were every open limit passed: this puts modes in order, as an open question of the law does not take a
        mode out either; open limits are told beside it.
    not_known
        Criteria without any value here.
    """

    mode: str
    interval: Interval
    if_passed: Interval
    parts: tuple[Part, ...]
    not_known: tuple[str, ...]

    @property
    def knocked_out_by(self) -> tuple[str, ...]:
        """Criteria whose limits are failed."""
        return tuple(part.criterion for part in self.parts if part.limit == "failed")

    @property
    def open_limits(self) -> tuple[str, ...]:
        """Criteria whose limits cannot be told."""
        return tuple(part.criterion for part in self.parts if part.limit == "open")

    def ranked_by(self, ranking: str) -> float:
        """Return the end of the interval that puts modes in order."""
        passed = self.if_passed
        ends = {"lowest": passed.low, "highest": passed.high, "middle": passed.middle}
        return ends[ranking]


def score(content: Suitability, mode_id: str, values: Mapping[str, Value]) -> Score:
    """Return the score of a mode at a parcel."""
    mode = content.modes[mode_id]
    parts = tuple(_part(content, mode, name, values[name]) for name in mode.uses)
    low = sum(part.adds.low for part in parts)
    high = sum(part.adds.high for part in parts)
    if any(part.limit == "failed" for part in parts):
        low = high = 0.0
    passed = Interval(low, max(low, high))
    is_open = any(part.limit == "open" for part in parts)
    not_known = tuple(name for name in mode.uses if isinstance(values[name], NotKnown))
    return Score(mode_id, Interval(0.0 if is_open else low, passed.high), passed, parts, not_known)


def scores(content: Suitability, values: Mapping[str, Value]) -> dict[str, Score]:
    """Return the scores of all modes at a parcel."""
    return {mode: score(content, mode, values) for mode in content.modes}


def ranked(content: Suitability, found: Mapping[str, Score], modes: Sequence[str]) -> list[Score]:
    """Return modes that no limit surely knocks out, best first.

    Equal ones: fewer open limits first, then the one that can be higher, then as they are declared.
    """
    left = [found[mode] for mode in modes if not found[mode].knocked_out_by]
    return sorted(left, key=lambda one: (-one.ranked_by(content.ranking), len(one.open_limits), -one.interval.high))


def _part(content: Suitability, mode: Mode, name: str, value: Value) -> Part:
    use, names = mode.uses[name], content.legend.by_code
    share = failed(use, value, names)
    state: LimitState = "none" if use.limit is None else "passed"
    if use.limit is not None and share.high > content.knocked_out_share.value:
        state = "failed" if share.low > content.knocked_out_share.value else "open"
    return Part(
        criterion=name,
        weight=use.weight,
        membership=membership(use, value, names),
        value=told(content.criteria[name], value, names),
        limit=state,
        failed_share=share,
    )
