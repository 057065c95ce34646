"""What a request selects: paging, box, days, properties; every parameter is read strictly or the request is refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from math import isfinite
from typing import Final

from shapely.geometry.base import BaseGeometry

from zoning.web.ogc.service.reference import CRS84, SYSTEMS, Reference, reference
from zoning.web.ogc.service.refusing import bad

DEFAULT_LIMIT: Final = 500
MOST: Final = 5000
_CHINA = timezone(timedelta(hours=8))
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WIDTHS: Final = (4, 6)
_LAST_OFFSET: Final = 10**9
_FARTHEST: Final = 1e9
"""Metres or degrees: nothing lies beyond, and numbers of any size would overflow in what is reckoned with them."""


@dataclass(frozen=True, slots=True)
class Days:
    """A closed range of days; None where it is open."""

    first: date | None
    last: date | None

    def meets(self, first: date | None, last: date | None) -> bool:
        """Tell whether another range has a day in common with this one."""
        return not (
            (self.last is not None and first is not None and first > self.last)
            or (self.first is not None and last is not None and last < self.first)
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """What a request selects.

    Attributes
    ----------
    area
        Features have to meet it; lon/lat.
    days
        None where no time is told.
    equal
        Field -> text that its value has to be.
    """

    limit: int
    offset: int
    crs: Reference
    area: BaseGeometry | None
    days: Days | None
    equal: Mapping[str, str]
    hits_only: bool


def selection(params: Mapping[str, str], fields: frozenset[str]) -> Selection:
    """Return what the parameters of `items` say.

    Raises
    ------
    OgcRefused
        400, naming the parameter.
    """
    return Selection(
        limit=min(whole(params, "limit", DEFAULT_LIMIT, 1), MOST),
        offset=whole(params, "offset", 0, 0),
        crs=system(params, "crs"),
        area=_area(params),
        days=_days(params.get("datetime")),
        equal={name: value for name, value in params.items() if name in fields},
        hits_only=_hits(params.get("resulttype", "results")),
    )


def system(params: Mapping[str, str], name: str) -> Reference:
    """Return the coordinate reference system that a parameter names; CRS84 where there is none."""
    found = reference(params.get(name, CRS84))
    if found is None:
        listed = ", ".join(SYSTEMS)
        raise bad(f"{name}：可用的坐标系为 {listed}", f"{name}: allowed are {listed}")
    return found


def whole(params: Mapping[str, str], name: str, default: int, least: int) -> int:
    """Return a whole number of the parameters.

    Raises
    ------
    OgcRefused
        400.
    """
    text = params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or not least <= int(text[:20]) <= _LAST_OFFSET or len(text) > 10:  # noqa: PLR2004 - longer numbers are none of ours
        raise bad(f"{name} 须为不小于 {least} 的整数", f"{name} has to be a whole number of at least {least}")
    return int(text)


def _area(params: Mapping[str, str]) -> BaseGeometry | None:
    if "bbox" not in params:
        if "bbox-crs" in params:
            raise bad("写了 bbox-crs 但没有 bbox", "there is a bbox-crs but no bbox")
        return None
    numbers = [_number(text) for text in params["bbox"].split(",")]
    if len(numbers) not in _WIDTHS:
        raise bad("bbox 须为 4 个或 6 个数", "bbox has 4 or 6 numbers")
    if len(numbers) == 6:  # noqa: PLR2004 - heights are left out
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    used = system(params, "bbox-crs")
    area = used.box((numbers[0], numbers[1], numbers[2], numbers[3]))
    across = 1 if used.swaps else 0
    upside_down = numbers[1 - across] > numbers[3 - across]
    if area is None or upside_down:
        raise bad("bbox 的顺序不对，或不在坐标系范围内", "the bbox is in the wrong order, or not of its system")
    return area


def _number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not isfinite(found) or len(text) > 40:  # noqa: PLR2004 - no number is that long
        raise bad("bbox 中有不是数的内容", "the bbox holds what is no number")
    return min(max(found, -_FARTHEST), _FARTHEST)


def _days(text: str | None) -> Days | None:
    if text is None:
        return None
    first, slash, last = text.partition("/")
    if not slash:
        day = _day(first)
        return Days(day, day)
    begin = None if first in ("", "..") else _day(first)
    end = None if last in ("", "..") else _day(last)
    if begin is not None and end is not None and begin > end:
        raise bad("datetime 的起始晚于结束", "datetime ends before it begins")
    return Days(begin, end)


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text) if "T" in text else None
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(_CHINA).date()
    except (ValueError, OverflowError):
        pass
    raise bad(
        "datetime 须为日期（2026-11-23）、时刻（2026-11-23T08:00:00Z）或区间（2025-01-01/..）",
        "datetime is a day (2026-11-23), a moment (2026-11-23T08:00:00Z) or an interval (2025-01-01/..)",
    )


def _hits(text: str) -> bool:
    if text not in ("results", "hits"):
        raise bad("resulttype 须为 results 或 hits", "resulttype is results or hits")
    return text == "hits"
