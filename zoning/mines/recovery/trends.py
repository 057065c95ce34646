"""Trends of short series with ties and gaps: slope of Theil and Sen, test of Mann and Kendall, both also by season.

Sources: Sen 1968 (median of the slopes of all pairs); Mann 1945, Kendall 1975 (variance with ties, correction for
continuity); Hirsch, Slack and Smith 1982 (seasons: sums of S and of its variance over seasons, pairs of one season).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zoning.mines.recovery.settings import Season

Floats = NDArray[np.float64]
_DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class TrendResult:
    """A trend.

    Attributes
    ----------
    slope
        Per year.
    s, variance
        Of the test; 0 variance where all values are equal.
    p
        Two-sided; 1 where nothing can be told.
    direction
        By `level` of whoever asked.
    dates
        How many values it rests on.
    """

    slope: float
    s: int
    variance: float
    p: float
    direction: Literal["rising", "falling", "none"]
    dates: int


def years_of(days: Sequence[date]) -> Floats:
    """Return days as years since the first one, (n,)."""
    numbers = np.array([day.toordinal() for day in days], dtype=np.float64)
    return (numbers - numbers[0]) / _DAYS_PER_YEAR if len(numbers) else numbers


def seasons_of(days: Sequence[date], season: Season) -> NDArray[np.int64]:
    """Return the season of each day, (n,); all the same where there are none."""
    part = {"quarter": 3, "month": 1, "none": 12}[season]
    return np.array([(day.month - 1) // part for day in days], dtype=np.int64)


def trend_of(days: Sequence[date], values: Floats, *, season: Season, level: float) -> TrendResult | None:
    """Return the trend of values (n,) in the order of their days; NaN is no value. None where no pair can be compared.

    Raises
    ------
    ValueError
        When the days are not in order.
    """
    if any(later < earlier for earlier, later in pairwise(days)):
        raise ValueError(days)
    seen = np.isfinite(values)
    years, numbers, seasons = years_of(days)[seen], values[seen], seasons_of(days, season)[seen]
    slopes, s, variance = [], 0, 0.0
    for one in np.unique(seasons):
        mine = seasons == one
        slopes.append(_slopes(years[mine], numbers[mine]))
        s += _score(numbers[mine])
        variance += _variance(numbers[mine])
    together = np.concatenate(slopes) if slopes else np.empty(0)
    if not len(together):
        return None
    p = _chance(s, variance)
    direction: Literal["rising", "falling", "none"] = "none"
    if p < level:
        direction = "rising" if s > 0 else "falling"
    return TrendResult(float(np.median(together)), s, variance, p, direction, len(numbers))


def _slopes(years: Floats, values: Floats) -> Floats:
    """Return the slopes of all pairs on different days."""
    first, second = np.triu_indices(len(years), 1)
    apart = years[second] - years[first]
    real = apart > 0
    return np.asarray((values[second] - values[first])[real] / apart[real])


def _score(values: Floats) -> int:
    """Return S: pairs that rise minus pairs that fall."""
    first, second = np.triu_indices(len(values), 1)
    return int(np.sign(values[second] - values[first]).sum())


def _variance(values: Floats) -> float:
    """Return the variance of S; values that are equal take their part away."""
    count = len(values)
    _, ties = np.unique(values, return_counts=True)
    whole = count * (count - 1) * (2 * count + 5)
    return float(whole - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18


def _chance(s: int, variance: float) -> float:
    from scipy.special import ndtr

    if s == 0 or variance <= 0:
        return 1.0
    z = (abs(s) - 1) / np.sqrt(variance)
    return float(2 * ndtr(-z))
