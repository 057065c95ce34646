"""From a curve to a status, and to alarms with their reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zoning.mines.recovery.settings import RecoverySettings
from zoning.mines.recovery.trends import TrendResult, trend_of
from zoning.texts import Text

Floats = NDArray[np.float64]
Status = Literal[
    "recovered", "on_track", "behind", "stalled", "relapsed", "disturbed", "not_followed", "too_few_values", "no_place"
]
AlarmKind = Literal["stalled", "relapsed", "disturbed"]

STATUSES: dict[Status, Text] = {
    "disturbed": Text("新扰动", "new disturbance"),
    "relapsed": Text("退化", "relapsed"),
    "stalled": Text("停滞", "stalled"),
    "behind": Text("低于目标曲线", "behind the target"),
    "on_track": Text("符合目标曲线", "on track"),
    "recovered": Text("已恢复", "recovered"),
    "not_followed": Text("未列入恢复跟踪", "not followed"),
    "too_few_values": Text("有效数据不足", "too few values"),
    "no_place": Text("没有图形", "no geometry"),
}
"""What a parcel can be, alarms first."""

_SUDDEN = 0.7  # part of a fall that happens from one date to the next
_WINDOW = 4  # values on either side of a fall that are compared
_SCATTER = 1.4826 / np.sqrt(6)  # of a value minus twice the next plus the one after, to the deviation of one value


@dataclass(frozen=True, slots=True)
class Alarm:
    """What somebody should look at, and why."""

    kind: AlarmKind
    since: date
    text: Text


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the curve of a parcel says.

    Attributes
    ----------
    now, target
        Index, and what the curve expects on the newest date with an index; None without values.
    trend
        Of the index.
    """

    status: Status
    alarms: tuple[Alarm, ...]
    reason: Text
    now: float | None = None
    target: float | None = None
    trend: TrendResult | None = None
    dates: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Curve:
    """The dates that have an index, in order."""

    days: tuple[date, ...]
    index: Floats
    settings: RecoverySettings

    @property
    def scatter(self) -> float:
        """How far a value lies off by chance: from three values in a row, so that a steady rise is no scatter."""
        steps = np.abs(np.diff(self.index, 2))
        return float(np.median(steps) * _SCATTER) if len(steps) else 0.0

    def least_drop(self, drop: float) -> float:
        """Return from where on a fall counts."""
        return max(drop, self.settings.alarms.noise * self.scatter)

    def recent(self, count: int) -> float:
        """Return the median of the newest values."""
        return float(np.median(self.index[-count:]))


def judge(
    days: Sequence[date], index: Floats, settings: RecoverySettings, *, followed: bool, start: date | None = None
) -> Judgement:
    """Judge the curve of a parcel.

    Parameters
    ----------
    index
        (dates,), NaN where there is none.
    followed
        Whether recovery is expected: of other parcels only a new disturbance is told.
    start
        When the works ended; None: the first date.
    """
    seen = np.isfinite(index)
    curve = _Curve(tuple(day for day, has in zip(days, seen, strict=True) if has), index[seen], settings)
    least = settings.trend.least_dates
    if len(curve.days) < least:
        reason = Text(
            f"{len(days)} 期中只有 {len(curve.days)} 期有恢复指数，至少需要 {least} 期",
            f"{len(curve.days)} of {len(days)} dates have an index, {least} are needed",
        )
        return Judgement("too_few_values", (), reason, dates=len(curve.days))
    # Seasons cancel in the index: it is taken as one series.
    trend = trend_of(curve.days, curve.index, season="none", level=settings.trend.level)
    now = curve.recent(settings.target.recent_dates)
    years = max((curve.days[-1] - (start or days[0])).days / 365.25, 0.0)
    target = settings.target.at(years)
    told = _disturbed(curve)
    alarm = told or (_relapsed(curve) or _stalled(curve, now, target) if followed else None)
    if alarm is not None:
        return Judgement(alarm.kind, (alarm,), alarm.text, now, target, trend, len(curve.days))
    status, reason = _quiet(curve, now, target, trend, years, followed=followed)
    return Judgement(status, (), reason, now, target, trend, len(curve.days))


def _disturbed(curve: _Curve) -> Alarm | None:
    """Find the largest sudden fall since a day; what came after it must have stayed low."""
    rule = curve.settings.alarms.disturbed
    least = curve.least_drop(rule.drop)
    newest = curve.days[-1]
    found: tuple[float, int, float, float] | None = None
    for i in range(2, len(curve.days)):
        if newest - curve.days[i] > timedelta(days=rule.days):
            continue
        before, after = float(np.median(curve.index[max(0, i - _WINDOW) : i])), curve.index[i:]
        low = float(np.median(after))
        # One step is most of the fall; after a gap, where a slow fall looks sudden, it must be large enough by itself.
        gap = (curve.days[i] - curve.days[i - 1]).days > rule.apart
        step = curve.index[i - 1] - curve.index[i]
        sudden = step >= max(_SUDDEN * (before - low), least if gap else least / 2)
        if sudden and before - low >= least and (after <= before - least / 2).all():
            found = max(found, (before - low, i, before, low)) if found else (before - low, i, before, low)
    if found is None:
        return None
    drop, i, before, low = found
    count = len(curve.days) - i
    once = count == 1
    text = Text(
        f"{curve.days[i]} 起恢复指数由 {before:.2f} 骤降至 {low:.2f}（降 {drop:.2f}，阈值 {least:.2f}）"
        + ("；仅 1 期，待下一期证实" if once else f"，已持续 {count} 期"),
        f"since {curve.days[i]} the index fell at once from {before:.2f} to {low:.2f} (by {drop:.2f}, limit "
        f"{least:.2f})"
        + (", seen once only: wait for the next date" if once else f", and stayed low on {count} dates"),
    )
    return Alarm("disturbed", curve.days[i], text)


def _relapsed(curve: _Curve) -> Alarm | None:
    rule = curve.settings.alarms.relapsed
    least = curve.least_drop(rule.drop)
    middles = np.array([np.median(curve.index[max(0, i - 1) : i + 2]) for i in range(len(curve.index))])
    peak = int(np.argmax(middles))
    now = curve.recent(rule.recent_dates)
    drop = float(middles[peak]) - now
    if drop < least or peak >= len(curve.days) - rule.recent_dates:
        return None
    text = Text(
        f"恢复指数由 {curve.days[peak]} 的 {middles[peak]:.2f} 降至 {now:.2f}（降 {drop:.2f}，阈值 {least:.2f}）",
        f"the index fell from {middles[peak]:.2f} on {curve.days[peak]} to {now:.2f} (by {drop:.2f}, limit "
        f"{least:.2f})",
    )
    return Alarm("relapsed", curve.days[peak], text)


def _stalled(curve: _Curve, now: float, target: float) -> Alarm | None:
    rule, trends = curve.settings.alarms.stalled, curve.settings.trend
    begin = curve.days[-1] - timedelta(days=round(rule.years * 365.25))
    late = [i for i, day in enumerate(curve.days) if day >= begin]
    whole = curve.days[0] <= begin + timedelta(days=92)
    if now >= min(target, curve.settings.target.reached) or len(late) < trends.least_dates or not whole:
        return None
    trend = trend_of([curve.days[i] for i in late], curve.index[late], season="none", level=trends.level)
    if trend is None or (trend.direction == "rising" and trend.slope >= rule.least_gain):
        return None
    text = Text(
        f"{curve.days[late[0]]} 以来 {len(late)} 期恢复指数没有可信的上升"
        f"（每年 {_signed(trend.slope)}，p = {trend.p:.2f}），现为 {now:.2f}，目标 {target:.2f}",
        f"no credible rise on {len(late)} dates since {curve.days[late[0]]} ({_signed(trend.slope)} a year, "
        f"p = {trend.p:.2f}); now {now:.2f}, target {target:.2f}",
    )
    return Alarm("stalled", curve.days[late[0]], text)


def _signed(number: float) -> str:
    """Return a rate with its sign; what rounds to nothing is +0.00."""
    return f"{round(number, 2) + 0.0:+.2f}"


def _quiet(
    curve: _Curve, now: float, target: float, trend: TrendResult | None, years: float, *, followed: bool
) -> tuple[Status, Text]:
    rate = trend.slope if trend is not None else 0.0
    figures = Text(
        f"恢复指数 {now:.2f}，每年 {_signed(rate)}；起算 {years:.1f} 年，目标 {target:.2f}",
        f"index {now:.2f}, {_signed(rate)} a year; {years:.1f} years after the start, target {target:.2f}",
    )
    if not followed:
        return "not_followed", Text(
            f"恢复指数 {now:.2f}，每年 {_signed(rate)}", f"index {now:.2f}, {_signed(rate)} a year"
        )
    if now >= curve.settings.target.reached:
        return "recovered", figures
    return ("on_track" if now >= target else "behind"), figures


def value_trend(days: Sequence[date], values: Floats, settings: RecoverySettings) -> TrendResult | None:
    """Return the trend of the values (dates,) themselves, season by season; NaN is no value."""
    return trend_of(days, values, season=settings.trend.season, level=settings.trend.level)
