"""Which dates are compared with which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zoning.errors import UsageError
from zoning.mines.watch.settings import Change

_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Pair:
    """Two dates that are compared."""

    before: date
    after: date


def pairs_of(
    days: Sequence[date], settings: Change, *, before: date | None = None, after: date | None = None
) -> tuple[Pair, ...]:
    """Return the pairs of a series, newest first.

    Two dates are one pair. Of more, each one that counts as now is compared with the newest earlier date at the same
    time of the year. `before` or `after` narrow it to one date.

    Raises
    ------
    UsageError
        When a stated date is not there, or nothing can be compared.
    """
    known = sorted(set(days))
    for option, day in (("--before", before), ("--after", after)):
        if day is not None and day not in known:
            listed = ", ".join(one.isoformat() for one in known)
            raise UsageError(
                f"{option}：没有 {day} 的栅格；可用：{listed}",
                f"{option}: there is no raster of {day}; there are: {listed}",
            )
    if before is not None and after is not None:
        found = [Pair(before, after)] if before < after else []
    elif len(known) == 2 and before is None and after is None:  # noqa: PLR2004 - two dates
        found = [Pair(*known)]
    else:
        found = _by_season(known, settings, before=before, after=after)
    if not found:
        raise UsageError(
            "没有可以比较的两个日期：需要同一时节、相隔整年的两期，或用 --before 与 --after 指定",
            "no two dates can be compared: two of the same time of the year are needed, or state --before and --after",
        )
    return tuple(found)


def _by_season(known: list[date], settings: Change, *, before: date | None, after: date | None) -> list[Pair]:
    newest = known[-1] - timedelta(days=settings.newest_days)
    now = [day for day in known if day > newest] if after is None else [after]
    then = known if before is None else [before]
    found = []
    for day in sorted(now, reverse=True):
        earlier = [one for one in then if one < day and _same_season(one, day, settings.season_days)]
        if earlier:
            found.append(Pair(earlier[-1], day))
    return found


def _same_season(before: date, after: date, most: int) -> bool:
    apart = (after - before).days
    years = max(round(apart / _YEAR), 1)
    return abs(apart - years * _YEAR) <= most
