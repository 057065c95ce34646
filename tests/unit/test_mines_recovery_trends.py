"""Trends against pymannkendall and scipy, and against sums done by hand."""

from datetime import date

import numpy as np
import pymannkendall
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from zoning.mines.recovery.settings import Season
from zoning.mines.recovery.trends import trend_of, years_of

YEARLY = [date(2000 + year, 1, 1) for year in range(40)]
QUARTERS = [date(2010 + number // 4, number % 4 * 3 + 2, 15) for number in range(40)]

# Few different values: ties are the rule.
tied = st.lists(st.integers(0, 6).map(lambda value: value / 10), min_size=4, max_size=40)
free = st.lists(st.floats(-1, 1, allow_subnormal=False), min_size=4, max_size=40)


def test_by_hand() -> None:
    # 1 3 2 4: of six pairs five rise and one falls, S = 4. Variance = 4 x 3 x 13 / 18 = 26/3, z = 3 / sqrt(26/3).
    days = [date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1)]
    found = trend_of(days, np.array([1.0, 3.0, 2.0, 4.0]), season="none", level=0.05)
    assert found is not None
    assert (found.s, found.dates, found.direction) == (4, 4, "none")
    assert found.variance == pytest.approx(26 / 3)
    assert found.p == pytest.approx(2 * stats.norm.sf(3 / (26 / 3) ** 0.5))
    # Slopes of the pairs, a year apart each: 2, 1/2, 1, -1, 1/2, 2; sorted -1 1/2 1/2 1 2 2, the middle is 3/4.
    assert found.slope == pytest.approx(0.75, rel=2e-3)


@settings(max_examples=150, deadline=None)
@given(tied | free)
def test_mann_kendall_is_that_of_pymannkendall(values: list[float]) -> None:
    found = trend_of(YEARLY[: len(values)], np.array(values), season="none", level=0.05)
    wanted = pymannkendall.original_test(values)
    assert found is not None
    assert found.s == wanted.s
    assert found.variance == pytest.approx(wanted.var_s)
    assert found.p == pytest.approx(wanted.p, abs=1e-12)
    assert found.direction == {"increasing": "rising", "decreasing": "falling", "no trend": "none"}[wanted.trend]


@settings(max_examples=100, deadline=None)
@given(tied | free, st.data())
def test_theil_sen_is_that_of_scipy_also_on_days_that_are_not_regular(values: list[float], data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.integers(1, 400), min_size=len(values), max_size=len(values)))
    days = [date.fromordinal(730_000 + int(number)) for number in np.cumsum(gaps)]
    found = trend_of(days, np.array(values), season="none", level=0.05)
    assert found is not None
    assert found.slope == pytest.approx(float(stats.theilslopes(values, years_of(days)).slope), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 6).map(lambda value: value / 10) | st.none(), min_size=12, max_size=40).filter(
        lambda values: sum(value is not None for value in values) >= 8
    )
)
def test_seasons_are_those_of_pymannkendall_with_gaps(values: list[float | None]) -> None:
    numbers = np.array([np.nan if value is None else value for value in values])
    found = trend_of(QUARTERS[: len(values)], numbers, season="quarter", level=0.05)
    wanted = pymannkendall.seasonal_test(numbers, period=4)
    assert found is not None
    assert found.s == wanted.s
    assert found.variance == pytest.approx(wanted.var_s)
    assert found.p == pytest.approx(wanted.p, abs=1e-12)
    # pymannkendall counts seasons, here years count: leap days make a thousandth.
    slope = pymannkendall.seasonal_sens_slope(numbers, period=4).slope
    assert found.slope == pytest.approx(slope, rel=2.5e-3, abs=1e-12)


@pytest.mark.parametrize(("season", "direction"), [("quarter", "rising"), ("none", "none")])
def test_seasons_show_what_the_year_hides(season: Season, direction: str) -> None:
    wave = np.tile([0.1, 0.5, 0.9, 0.4], 4) + 0.02 * np.repeat(range(4), 4)
    found = trend_of(QUARTERS[:16], wave, season=season, level=0.05)
    assert found is not None
    assert found.direction == direction


def test_where_nothing_can_be_told() -> None:
    flat = trend_of(YEARLY[:5], np.full(5, 0.3), season="none", level=0.05)
    assert flat is not None
    assert (flat.p, flat.slope, flat.direction) == (1.0, 0.0, "none")
    assert trend_of(YEARLY[:3], np.array([np.nan, 0.3, np.nan]), season="none", level=0.05) is None
    assert trend_of([], np.array([]), season="none", level=0.05) is None
    assert trend_of(QUARTERS[:4], np.arange(4.0), season="quarter", level=0.05) is None
    with pytest.raises(ValueError, match="2001"):
        trend_of([YEARLY[1], YEARLY[0]], np.arange(2.0), season="none", level=0.05)
