"""Membership: how well a value suits, from 0 (not at all) to 1 (entirely)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from zoning.mistakes import Mistake
from zoning.strict_models import Content
from zoning.texts import Text

Floats = NDArray[np.float64]
Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Interval:
    """From the lowest to the highest that a figure can be; one figure where both are the same."""

    low: float
    high: float

    @property
    def is_known(self) -> bool:
        """Whether it is one figure."""
        return self.low == self.high

    @property
    def middle(self) -> float:
        """Halfway."""
        return (self.low + self.high) / 2


class Ramp(Content):
    """Straight from 0 at `zero` to 1 at `one`, in either direction; flat beyond."""

    zero: float
    one: float

    @model_validator(mode="after")
    def _apart(self) -> "Ramp":
        if self.zero == self.one:
            raise Mistake(Text("zero 和 one 不能相同", "'zero' and 'one' cannot be the same"), ("one",))
        return self


class Membership(Content):
    """One of three forms.

    Attributes
    ----------
    trapezoid
        a <= b <= c <= d: 0 up to a, rising to 1 at b, 1 up to c, falling to 0 at d. Where a = b (or c = d) it is a step
        and the value itself belongs to the inside.
    linear
        See `Ramp`.
    table
        By class; `other` is for classes that are not listed.
    """

    trapezoid: tuple[float, float, float, float] | None = None
    linear: Ramp | None = None
    table: dict[str, Share] | None = None
    other: Share | None = None

    @model_validator(mode="after")
    def _one_form(self) -> "Membership":
        given = [name for name in ("trapezoid", "linear", "table") if getattr(self, name) is not None]
        if len(given) != 1:
            text = Text(
                "trapezoid、linear、table 写且只写一个", "exactly one of 'trapezoid', 'linear' and 'table' is needed"
            )
            raise Mistake(text)
        if self.trapezoid is not None and list(self.trapezoid) != sorted(self.trapezoid):
            text = Text("trapezoid 的四个数须由小到大", "the four numbers of a trapezoid must ascend")
            raise Mistake(text, ("trapezoid",))
        if (self.table is None) != (self.other is None):
            text = Text("table 和 other 要一起写", "'table' and 'other' belong together")
            raise Mistake(text, ("other",) if self.table is None else ("table",))
        return self

    @property
    def extent(self) -> Interval:
        """The lowest and the highest that it can give: what is possible while the value is not known."""
        if self.table is None or self.other is None:
            return Interval(0.0, 1.0)
        figures = [*self.table.values(), self.other]
        return Interval(min(figures), max(figures))

    def of_numbers(self, values: Floats) -> Floats:
        """Return memberships of numbers, same shape; NaN stays NaN.

        >>> Membership(trapezoid=(0, 10, 20, 40)).of_numbers(np.array([5.0, 10.0, 30.0, 41.0])).tolist()
        [0.5, 1.0, 0.5, 0.0]
        """
        if self.linear is not None:
            ramp = (values - self.linear.zero) / (self.linear.one - self.linear.zero)
            return np.asarray(np.clip(ramp, 0.0, 1.0))
        if self.trapezoid is None:
            raise TypeError("a table has no numbers")
        a, b, c, d = self.trapezoid
        rising = np.where(values >= b, 1.0, (values - a) / (b - a) if b > a else 0.0)
        falling = np.where(values <= c, 1.0, (d - values) / (d - c) if d > c else 0.0)
        inside = np.clip(np.minimum(rising, falling), 0.0, 1.0)
        return np.where(np.isnan(values), np.nan, inside)

    def of_class(self, name: str) -> float:
        """Return the membership of a class."""
        if self.table is None or self.other is None:
            raise TypeError("only a table has classes")
        return self.table.get(name, self.other)

    def between(self, low: float, high: float) -> Interval:
        """Return what the membership can be while the number lies somewhere from `low` to `high` (may be inf)."""
        corners = self.trapezoid or ((self.linear.zero, self.linear.one) if self.linear else ())
        # Straight between its corners: nothing lower or higher lies elsewhere. Beside a step both sides count.
        beside = [np.nextafter(x, way) for x in corners for way in (-np.inf, np.inf)]
        inner = [x for x in (*corners, *beside) if low < x < high]
        furthest = max((*corners, low)) + 1.0 if np.isinf(high) else high
        found = self.of_numbers(np.array([low, *inner, furthest]))
        return Interval(float(found.min()), float(found.max()))


class Limit(Content):
    """Where a mode is out of the question: `above` or `below` a number (itself allowed), or `among` classes."""

    above: float | None = None
    below: float | None = None
    among: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "Limit":
        numbers = self.above is not None or self.below is not None
        if numbers == bool(self.among):
            text = Text(
                "限值写 above、below（数值）或 among（类别），不能都写也不能都不写",
                "a limit says 'above' or 'below' (numbers), or 'among' (classes), and not both",
            )
            raise Mistake(text)
        return self

    def fails_numbers(self, values: Floats) -> NDArray[np.bool_]:
        """Tell which numbers fail it; NaN does not."""
        fails = np.zeros(np.shape(values), dtype=bool)
        if self.above is not None:
            fails |= values > self.above
        if self.below is not None:
            fails |= values < self.below
        return fails

    def could_fail(self, low: float, high: float) -> tuple[bool, bool]:
        """Tell whether every number from `low` to `high` fails, and whether any does."""
        over = [bound for bound in (self.above,) if bound is not None]
        under = [bound for bound in (self.below,) if bound is not None]
        all_fail = any(low > bound for bound in over) or any(high < bound for bound in under)
        any_fails = any(high > bound for bound in over) or any(low < bound for bound in under)
        return all_fail, any_fails


def class_figures(codes: Sequence[int], names: Mapping[int, str], figures: Mapping[str, float], other: float) -> Floats:
    """Return a figure per code of a raster; NaN for codes that the legend does not know."""
    return np.array([figures.get(names[code], other) if code in names else np.nan for code in codes], dtype=np.float64)
