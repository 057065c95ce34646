"""Periods of validity, and values that change on dates."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypeVar

from zoning.mistakes import Mistake
from zoning.texts import Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Period:
    """The days on which something holds: both ends included, an open end is None.

    >>> Period(date(1994, 12, 1), date(2026, 3, 14)).covers(date(2026, 3, 14))
    True
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise Mistake(
                Text(
                    f"失效日 {self.valid_to} 早于生效日 {self.valid_from}；请核对两个日期",
                    f"the period ends ({self.valid_to}) before it begins ({self.valid_from})",
                )
            )

    def covers(self, day: date) -> bool:
        """Tell whether `day` lies in the period."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def overlaps(self, other: "Period") -> bool:
        """Tell whether the periods share a day."""
        starts_in_time = self.valid_from is None or other.valid_to is None or self.valid_from <= other.valid_to
        ends_late_enough = self.valid_to is None or other.valid_from is None or other.valid_from <= self.valid_to
        return starts_in_time and ends_late_enough


def value_on(values: dict[date, T], day: date) -> T | None:
    """Return the value that holds on `day`: the one with the latest start not after it; None before the first."""
    starts = [start for start in values if start <= day]
    return values[max(starts)] if starts else None
