"""Quantities and cost of the works on each parcel: seven measures (城政发〔2023〕3号 L1547-1549), formulas as content.

Every figure carries its formula with the numbers in it. What is not known makes a quantity, and the cost, not known;
nothing unknown is ever counted as zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from zoning.mines.formulas import Formula, parse_formula
from zoning.mines.priority.scoring import codes_of
from zoning.mines.volumes import SlopeClass, Slopes, Volume, perimeter_m
from zoning.mistakes import Mistake
from zoning.registers.record import Record
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model

FILE = "mines/works.yaml"
Applies = Literal["yes", "no", "not known"]

_OWN: Mapping[str, Text] = {
    "area_m2": Text("图斑面积", "area of the parcel"),
    "perimeter_m": Text("图斑周长", "perimeter of the parcel"),
    "fill_m3": Text("填方", "fill"),
    "cut_m3": Text("挖方", "cut"),
}


class SlopeLimit(Content):
    """A class of slopes below `to` degrees; the last one has no limit. Its area is called `<id>_m2` in formulas."""

    title: Text
    to: float | None = None


class Figure(Content):
    """A number that formulas may name."""

    title: Text
    value: float
    unit: str = ""
    source: Text


class Price(Content):
    """Yuan per unit; `sample` marks a number that is only there to show how it works."""

    value: Annotated[float, Field(ge=0)]
    sample: bool = False
    source: Text


class Item(Content):
    """One line of the bill of quantities.

    Attributes
    ----------
    quantity
        Formula over area_m2, perimeter_m, fill_m3, cut_m3, the areas of the slope classes, and the figures.
    when
        By field of the register: it applies where one of these codes is there; of several fields all must.
    price
        None: no source gives one, the cost is not known.
    """

    title: Text
    unit: str
    quantity: str
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    price: Price | None = None
    source: Text

    @field_validator("quantity")
    @classmethod
    def _readable(cls, text: str) -> str:
        return parse_formula(text).text

    @property
    def formula(self) -> Formula:
        """The formula of the quantity."""
        return parse_formula(self.quantity)


class MeasureOfWork(Content):
    """One of the seven measures, with its items."""

    title: Text
    items: dict[str, Item]


class Works(Content):
    """What the works consist of.

    Attributes
    ----------
    most_unknown
        Share of a parcel that may lack heights; above it volumes and slopes count as not known.
    """

    title: Text
    note: Text
    most_unknown: Annotated[float, Field(ge=0, lt=1)]
    most_unknown_source: Text
    slopes: dict[str, SlopeLimit]
    figures: dict[str, Figure]
    measures: dict[str, MeasureOfWork]

    @model_validator(mode="after")
    def _complete(self) -> "Works":
        limits = [one.to for one in self.slopes.values()]
        closed = [limit for limit in limits[:-1] if limit is not None]
        if not limits or limits[-1] is not None or len(closed) != len(limits) - 1 or closed != sorted(set(closed)):
            raise Mistake(
                Text(
                    "坡度分级须从小到大，最后一级不写 to", "slopes rise from class to class, the last one without 'to'"
                ),
                ("slopes",),
            )
        known = {*_OWN, *(f"{name}_m2" for name in self.slopes), *self.figures}
        seen: set[str] = set()
        for measure, one in self.measures.items():
            for name, item in one.items.items():
                place = ("measures", measure, "items", name)
                if name in seen:
                    raise Mistake(Text(f"条目 {name} 重复", f"the item {name} stands here twice"), place)
                seen.add(name)
                strange = [word for word in item.formula.names if word not in known]
                if strange:
                    listed = ", ".join(sorted(known))
                    raise Mistake(
                        Text(
                            f"公式里没有这个变量：{strange[0]}；可用：{listed}",
                            f"nothing is called '{strange[0]}'; allowed: {listed}",
                        ),
                        (*place, "quantity"),
                    )
        return self

    @property
    def slope_classes(self) -> tuple[SlopeClass, ...]:
        """The classes of slopes for `zoning.mines.volumes.slopes`."""
        return tuple(SlopeClass(name, one.title, one.to) for name, one in self.slopes.items())


class Prices(Content):
    """Prices of an office by item, in a file of their own: they go before those of `mines/works.yaml`."""

    prices: dict[str, Price]


def read_works(path: Path, prices: Path | None = None) -> Works:
    """Read `mines/works.yaml`, and the prices of an office over it.

    Raises
    ------
    ContentError
        With every mistake, file and line; a price for an item that does not exist.
    """
    works = read_model(path, Works)
    if prices is None:
        return works
    from zoning.yaml_files import Problem, content_error, load

    told = read_model(prices, Prices).prices
    items = {name for one in works.measures.values() for name in one.items}
    strange = [name for name in told if name not in items]
    if strange:
        listed, file = ", ".join(sorted(items)), load(prices)
        raise content_error(
            [
                Problem(
                    prices,
                    file.line(("prices", name)),
                    Text(f"没有条目“{name}”；可用：{listed}", f"there is no item '{name}'; allowed: {listed}"),
                )
                for name in strange
            ]
        )
    measures = {
        key: one.model_copy(
            update={
                "items": {
                    name: item.model_copy(update={"price": told.get(name, item.price)})
                    for name, item in one.items.items()
                }
            }
        )
        for key, one in works.measures.items()
    }
    return works.model_copy(update={"measures": measures})


@dataclass(frozen=True, slots=True)
class Quantity:
    """One item on one parcel.

    Attributes
    ----------
    applies
        Whether it is to be done; items that are not stay in the list with quantity 0.
    quantity
        None: not known, for `reason`.
    filled
        The formula with its numbers.
    cost
        Yuan; None: not known.
    """

    measure: str
    item: str
    applies: Applies
    quantity: float | None
    filled: str
    cost: float | None
    reason: Text | None


@dataclass(frozen=True, slots=True)
class ParcelWorks:
    """The works on one parcel."""

    parcel: Record
    inputs: Mapping[str, float | None]
    quantities: tuple[Quantity, ...]

    @property
    def known_cost(self) -> float:
        """Yuan: what is known of the cost."""
        return sum(one.cost for one in self.quantities if one.cost is not None)

    @property
    def cost(self) -> float | None:
        """Yuan; None where the cost of any item is not known."""
        return None if any(one.cost is None for one in self.quantities) else self.known_cost


def works_of(
    parcels: Sequence[Record],
    areas_m2: Sequence[float | None],
    volumes: Sequence[Volume | None],
    slopes: Sequence[Slopes | None],
    content: Works,
) -> tuple[ParcelWorks, ...]:
    """Return the works on parcels.

    Parameters
    ----------
    areas_m2, volumes, slopes
        Per parcel; None where they are not known.
    """
    figures = {name: one.value for name, one in content.figures.items()}
    made = []
    for parcel, area, volume, slope in zip(parcels, areas_m2, volumes, slopes, strict=True):
        inputs = {**_measured(parcel, area, volume, slope, content), **figures}
        quantities = tuple(
            _quantity(measure, name, item, parcel, inputs)
            for measure, one in content.measures.items()
            for name, item in one.items.items()
        )
        made.append(ParcelWorks(parcel, inputs, quantities))
    return tuple(made)


def _measured(
    parcel: Record, area: float | None, volume: Volume | None, slope: Slopes | None, content: Works
) -> dict[str, float | None]:
    solid = volume is not None and volume.unknown_share <= content.most_unknown
    steep = slope is not None and area is not None and slope.unknown_m2 <= content.most_unknown * area
    nowhere = parcel.geometry is None or parcel.geometry.is_empty
    inputs: dict[str, float | None] = {
        "area_m2": area,
        "perimeter_m": None if parcel.geometry is None or nowhere else perimeter_m(parcel.geometry),
        "fill_m3": volume.fill_m3 if volume is not None and solid else None,
        "cut_m3": volume.cut_m3 if volume is not None and solid else None,
    }
    for name in content.slopes:
        inputs[f"{name}_m2"] = slope.areas_m2[name] if slope is not None and steep else None
    return inputs


def _quantity(measure: str, name: str, item: Item, parcel: Record, inputs: Mapping[str, float | None]) -> Quantity:
    applies, why = _applies(item, parcel)
    formula = item.formula
    if applies == "no":
        return Quantity(measure, name, "no", 0.0, formula.filled(inputs), 0.0, why)
    quantity = formula.value(inputs)
    filled = formula.filled(inputs)
    if quantity is None:
        missing = formula.missing(inputs)
        gaps = Text(
            f"未知：{'、'.join(missing)}" if missing else "未知：除数为 0",
            f"not known: {', '.join(missing)}" if missing else "not known: divided by 0",
        )
        return Quantity(measure, name, applies, None, filled, None, gaps)
    if applies == "not known":
        return Quantity(measure, name, applies, None, filled, None, why)
    quantity = max(quantity, 0.0)
    if item.price is None:
        # Nothing to do costs nothing at any price.
        cost = None if quantity > 0 else 0.0
        return Quantity(measure, name, applies, quantity, filled, cost, Text("没有单价", "there is no unit price"))
    return Quantity(measure, name, applies, quantity, filled, quantity * item.price.value, None)


def _applies(item: Item, parcel: Record) -> tuple[Applies, Text | None]:
    unknown = []
    for field, codes in item.when.items():
        found = codes_of(parcel.values.get(field))
        if not found:
            unknown.append(field)
        elif not set(found) & set(codes):
            shown = ", ".join(found)
            return "no", Text(f"不需要：{field} = {shown}", f"not needed: {field} = {shown}")
    if unknown:
        listed = ", ".join(unknown)
        return "not known", Text(
            f"是否需要未知：{listed} 未填", f"whether it is needed is not known: {listed} is empty"
        )
    return "yes", None


@dataclass(frozen=True, slots=True)
class Total:
    """One item over all parcels: sums of what is known, and how many parcels are not in them."""

    measure: str
    item: str
    parcels: int
    quantity: float
    unknown: int
    cost: float
    cost_unknown: int


def totals_of(works: Sequence[ParcelWorks]) -> tuple[Total, ...]:
    """Return the bill of quantities over all parcels, items in their order."""
    rows: dict[tuple[str, str], list[Quantity]] = {}
    for one in works:
        for quantity in one.quantities:
            rows.setdefault((quantity.measure, quantity.item), []).append(quantity)
    return tuple(
        Total(
            measure,
            item,
            sum(1 for one in found if one.quantity),
            sum(one.quantity for one in found if one.quantity is not None),
            sum(1 for one in found if one.quantity is None),
            sum(one.cost for one in found if one.cost is not None),
            sum(1 for one in found if one.cost is None),
        )
        for (measure, item), found in rows.items()
    )
