"""What is known of a criterion at a parcel: cells of a raster, a distance, codes of the register, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoning.mines.suitability.content import Criterion, Use
from zoning.mines.suitability.membership import Interval, class_figures
from zoning.texts import Text

Floats = NDArray[np.float64]
Told = dict[str, object]

_WHOLE = 1e-5  # exactextract keeps shares as 32-bit numbers: what they leave uncovered of a parcel that is all covered


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells under a parcel.

    Attributes
    ----------
    values
        (n,) NaN where there is none.
    share
        (n,) exact share of each cell that lies in the parcel.
    total
        The area of the parcel in cells: more than the sum of `share` where it reaches beyond the raster.
    """

    values: Floats
    share: Floats
    total: float

    def spread(self, figures: Floats, extent: Interval) -> Interval:
        """Return the mean of figures (n,) over the parcel.

        What is not known (NaN, beyond the raster) may be anything in `extent`.

        >>> Cells(np.empty(2), np.array([1.0, 1.0]), 4.0).spread(np.array([1.0, 0.5]), Interval(0.0, 1.0))
        Interval(low=0.375, high=0.875)
        """
        known = ~np.isnan(figures)
        weight = float(self.share[known].sum())
        if weight <= 0:
            return extent
        mean = float((self.share[known] * figures[known]).sum()) / weight
        covered = self.covered(figures)
        return Interval(covered * mean + (1 - covered) * extent.low, covered * mean + (1 - covered) * extent.high)

    def covered(self, figures: Floats) -> float:
        """Return the share of the parcel where figures (n,) are known."""
        found = float(self.share[~np.isnan(figures)].sum()) / self.total if self.total > 0 else 0.0
        return 1.0 if found > 1 - _WHOLE else found


@dataclass(frozen=True, slots=True)
class Reached:
    """A distance in metres, or a share in percent: somewhere from `low` to `high` where a layer lacks data."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of the register."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Nothing, and why."""

    reason: Text


Value = Cells | Reached | Codes | NotKnown


def membership(use: Use, value: Value, names: Mapping[int, str]) -> Interval:
    """Return how well a value suits; what is not known leaves all that the membership can give.

    Parameters
    ----------
    names
        Of the codes of a land-cover raster.
    """
    rule = use.membership
    if rule is None:
        return Interval(0.0, 0.0)
    if isinstance(value, NotKnown):
        return rule.extent
    if isinstance(value, Reached):
        return rule.between(value.low, value.high)
    if isinstance(value, Codes):
        worst = min(rule.of_class(code) for code in value.codes)
        return Interval(worst, worst)
    if rule.table is None or rule.other is None:
        return value.spread(rule.of_numbers(value.values), rule.extent)
    return value.spread(by_class(value.values, names, rule.table, rule.other), rule.extent)


def failed(use: Use, value: Value, names: Mapping[int, str]) -> Interval:
    """Return the share of the parcel that fails the limit of a use, from the least to the most that it can be."""
    limit = use.limit
    if limit is None:
        return Interval(0.0, 0.0)
    if isinstance(value, NotKnown):
        return Interval(0.0, 1.0)
    if isinstance(value, Reached):
        surely, perhaps = limit.could_fail(value.low, value.high)
        return Interval(float(surely), float(perhaps))
    if isinstance(value, Codes):
        met = float(any(code in limit.among for code in value.codes))
        return Interval(met, met)
    if limit.among:
        figures = by_class(value.values, names, dict.fromkeys(limit.among, 1.0), 0.0)
    else:
        figures = np.where(np.isnan(value.values), np.nan, limit.fails_numbers(value.values).astype(np.float64))
    return value.spread(figures, Interval(0.0, 1.0))


def by_class(values: Floats, names: Mapping[int, str], figures: Mapping[str, float], other: float) -> Floats:
    """Return the figure of each code, same shape; NaN for codes that the legend does not know."""
    flat = np.ravel(values)
    known = ~np.isnan(flat)
    codes, place = np.unique(flat[known].astype(np.int64), return_inverse=True)
    found = np.full(flat.shape, np.nan)
    if codes.size:
        found[known] = class_figures(codes.tolist(), names, figures, other)[place]
    return found.reshape(np.shape(values))


def told(criterion: Criterion, value: Value, names: Mapping[int, str]) -> Told:
    """Return a value as JSON: mean, lowest and highest of cells; shares of classes; distance or share; codes."""
    if isinstance(value, NotKnown):
        return {"not_known": value.reason.plain()}
    if isinstance(value, Codes):
        return {"codes": list(value.codes)}
    if isinstance(value, Reached):
        unit = "percent" if criterion.origin.inside is not None else "m"
        return {f"from_{unit}": value.low, f"to_{unit}": None if np.isinf(value.high) else value.high}
    return _of_cells(criterion, value, names)


def _of_cells(criterion: Criterion, value: Cells, names: Mapping[int, str]) -> Told:
    covered = value.covered(value.values)
    known = ~np.isnan(value.values)
    weight = float(value.share[known].sum())
    if weight <= 0:
        return {"covered": 0.0}
    if criterion.origin.has_classes:
        return {"covered": covered, "shares": _shares(value, names)}
    mean = float((value.share[known] * value.values[known]).sum()) / weight
    lowest, highest = float(value.values[known].min()), float(value.values[known].max())
    return {"covered": covered, "mean": mean, "min": lowest, "max": highest}


def _shares(value: Cells, names: Mapping[int, str]) -> dict[str, float]:
    known = ~np.isnan(value.values)
    shares: dict[str, float] = {}
    for code in np.unique(value.values[known]).tolist():
        name = names.get(int(code), f"code {int(code)}")
        there = float(value.share[known][value.values[known] == code].sum())
        shares[name] = shares.get(name, 0.0) + there / value.total
    return dict(sorted(shares.items(), key=lambda item: -item[1]))
