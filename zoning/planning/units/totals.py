"""Number, area and share of units by class and township: the municipal layout of published summaries.

序号 | 区/县 | 优先保护单元 个数, 面积占比(%) | 重点... | 一般...; shares are of the row's land, with two decimals.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from zoning.planning.units.plan import Plan, PlannedUnit


@dataclass(frozen=True, slots=True)
class Total:
    """Number and area of units, and their share of 1 of the land of the row."""

    count: int
    area_m2: float
    share: float


@dataclass(frozen=True, slots=True)
class Row:
    """One county or township, or all of the territory; `classes` in the order of the scheme."""

    county: str
    township: str
    area_m2: float
    count: int
    classes: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class ClassTotal:
    """A class in the whole territory; `group` is what it is a part of, empty where it is none."""

    class_id: str
    title_zh: str
    title_en: str
    group: str
    total: Total


@dataclass(frozen=True, slots=True)
class Totals:
    """All totals: by class, by what classes are parts of, by township, and of the whole."""

    classes: tuple[ClassTotal, ...]
    groups: tuple[tuple[str, Total], ...]
    rows: tuple[Row, ...]
    whole: Row


def totals_of(plan: Plan) -> Totals:
    """Sum up the units of a plan."""
    land = plan.built.territory_m2
    layer = plan.catalogue[plan.scheme.units]
    classes = []
    for class_id, found in plan.scheme.classes.items():
        title = layer.classes[class_id].title
        mine = [one for one in plan.units if one.class_id == class_id]
        group = found.group.zh if found.group else ""
        classes.append(ClassTotal(class_id, title.zh, title.en, group, _total(mine, land)))
    places = dict.fromkeys((one.county, one.township) for one in sorted(plan.units, key=_place))
    rows = [_row(plan, *place, [one for one in plan.units if (one.county, one.township) == place]) for place in places]
    whole = _row(plan, plan.built.territory.name, "", plan.units)
    return Totals(tuple(classes), tuple(_groups(classes, land)), tuple(rows), whole)


def _place(one: PlannedUnit) -> tuple[str, str]:
    return one.county_code, one.unit.part.id if one.unit.part else "~"


def _row(plan: Plan, county: str, township: str, units: Sequence[PlannedUnit]) -> Row:
    area = fsum(one.unit.area_m2 for one in units)
    classes = tuple(_total([one for one in units if one.class_id == name], area) for name in plan.scheme.classes)
    return Row(county, township, area, len(units), classes)


def _total(units: Iterable[PlannedUnit], land_m2: float) -> Total:
    mine = list(units)
    area = fsum(one.unit.area_m2 for one in mine)
    return Total(len(mine), area, area / land_m2 if land_m2 else 0.0)


def _groups(classes: Sequence[ClassTotal], land_m2: float) -> Iterable[tuple[str, Total]]:
    for group in dict.fromkeys(one.group for one in classes if one.group):
        mine = [one.total for one in classes if one.group == group]
        area = fsum(one.area_m2 for one in mine)
        yield group, Total(sum(one.count for one in mine), area, area / land_m2)
