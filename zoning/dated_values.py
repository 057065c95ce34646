"""Values that change on dates, and dates that must follow each other."""

from datetime import date
from typing import TypeVar

from zoning.mistakes import Mistake
from zoning.texts import Text

T = TypeVar("T")


def check_order(begins: date, ends: date | None, at: tuple[str | int, ...]) -> None:
    """Raise a Mistake, at a place of the content, where something ends before it begins."""
    if ends is not None and ends < begins:
        raise Mistake(
            Text(
                f"失效日 {ends} 早于生效日 {begins}；请核对两个日期",
                f"it ends on {ends}, before it begins on {begins}: check both dates",
            ),
            at,
        )


def value_on(values: dict[date, T], day: date) -> T | None:
    """Return the value that holds on `day`: the one with the latest start not after it; None before the first."""
    starts = [start for start in values if start <= day]
    return values[max(starts)] if starts else None
