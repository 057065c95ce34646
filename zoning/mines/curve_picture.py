"""A series as a small picture for paper, without words in it: no font can be missing. The caption says what is what."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from zoning.mines.dashboard.content import Curve
from zoning.texts import Text

_INCHES = (6.3, 2.2)
_DPI = 200
CAPTION = Text(
    "{title}：实线为实测（断开处无有效像元），长虚线为目标，点线为参照区",
    "{title}: solid measured (gaps: no valid pixels), dashed target, dotted reference area",
)


def curve_png(curve: Curve) -> bytes | None:
    """Return the picture; None where no date gave a value."""
    from matplotlib.figure import Figure

    if all(value is None for value in curve.values):
        return None
    figure = Figure(figsize=_INCHES, dpi=_DPI)
    axes = figure.add_axes((0.07, 0.14, 0.92, 0.82))
    looks: tuple[tuple[Sequence[float | None], dict[str, Any]], ...] = (
        (curve.reference, {"color": "#6B675F", "linestyle": ":", "linewidth": 1.6}),
        (curve.target, {"color": "#A86400", "linestyle": "--", "linewidth": 1.4}),
        (curve.values, {"color": "#1B6B3A", "linewidth": 1.8, "marker": "o", "markersize": 3.5}),
    )
    for values, look in looks:
        if values:
            axes.plot(_days(curve.dates), _figures(values), **look)
    axes.set_xticks([*_years(curve.dates)], [str(date.fromordinal(day).year) for day in _years(curve.dates)])
    axes.grid(axis="y", color="#E4DFD3")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    made = io.BytesIO()
    figure.savefig(made, format="png", metadata={"Software": None})
    return made.getvalue()


def _days(dates: Sequence[date]) -> list[int]:
    return [day.toordinal() for day in dates]


def _figures(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def _years(dates: Sequence[date]) -> list[int]:
    """Return where years begin; the first date of a series within one year."""
    first, last = min(dates), max(dates)
    starts = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    return [start.toordinal() for start in starts if start >= first] or [first.toordinal()]
