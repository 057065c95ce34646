"""The tables of `zoning mines works`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zoning.cli.mines_priority_desk import Desk, Products
from zoning.cli.plan_statistics_tables import Head, Sheet, Value
from zoning.mines.works import ParcelWorks, Works, totals_of
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.mines.works import Item, Quantity

SCHEMA = "zoning.mines.works/1"
_TEN_THOUSAND = 10_000.0
_ID = Head(Text("编号", "id"), 16)
_NAME = Head(Text("名称", "name"), 24)
_MEASURE = Head(Text("措施", "measure"), 18)
_ITEM = Head(Text("条目", "item"), 22)
_UNIT = Head(Text("单位", "unit"), 8)


def products_of(
    desk: Desk,
    works: Sequence[ParcelWorks],
    content: Works,
    design: Text | None,
    notes: Sequence[Text],
    sources: Mapping[str, str],
) -> Products:
    """Return what the command writes."""
    sheets = (_totals(works, content), _parcels(works), _quantities(works, content), _basis(content))
    return Products(
        "works",
        _document(desk, works, content, design, notes, sources),
        content.title,
        notes,
        _shown(works, content),
        sheets,
        _columns(works),
        {},
    )


def _items(content: Works) -> "dict[str, Item]":
    return {name: item for one in content.measures.values() for name, item in one.items.items()}


def _wan(yuan: float | None) -> float | None:
    return None if yuan is None else yuan / _TEN_THOUSAND


def _totals(works: Sequence[ParcelWorks], content: Works) -> Sheet:
    heads = (
        *(_MEASURE, _ITEM, _UNIT),
        Head(Text("工程量", "quantity"), 16, 1),
        Head(Text("图斑数", "parcels"), 9, 0),
        Head(Text("未知的图斑", "not known for"), 12, 0),
        Head(Text("单价 元", "price yuan"), 12, 2),
        Head(Text("造价 万元（已知部分）", "cost 10,000 yuan (known part)"), 18, 2),
        Head(Text("造价未知的图斑", "cost not known for"), 12, 0),
    )
    items = _items(content)
    rows: list[tuple[Value, ...]] = []
    for one in totals_of(works):
        item = items[one.item]
        price = None if item.price is None else item.price.value
        cost = None if price is None and one.quantity > 0 else _wan(one.cost)
        first = (content.measures[one.measure].title, item.title, item.unit, one.quantity)
        rows.append((*first, one.parcels, one.unknown, price, cost, one.cost_unknown))
    known = sum(one.known_cost for one in works)
    unknown = sum(1 for one in works if one.cost is None)
    # A sum of which nothing is known is no zero.
    rows.append((Text("合计", "in all"), "", "", None, None, None, None, _wan(known) if known else None, unknown))
    return Sheet("totals", Text("合计", "in all"), heads, tuple(rows))


def _shown(works: Sequence[ParcelWorks], content: Works) -> Sheet:
    heads = (
        *(_ITEM, _UNIT, Head(Text("工程量", "quantity"), decimals=1)),
        Head(Text("未知的图斑", "not known for"), decimals=0),
        Head(Text("造价 万元", "10,000 yuan"), decimals=2),
        Head(Text("造价未知的图斑", "cost not known for"), decimals=0),
    )
    whole = _totals(works, content)
    rows = tuple((row[1] or row[0], row[2], row[3], row[5], row[7], row[8]) for row in whole.rows)
    return Sheet("shown", Text("合计", "in all"), heads, rows)


def _parcels(works: Sequence[ParcelWorks]) -> Sheet:
    heads = (
        *(_ID, _NAME),
        Head(Text("造价 万元", "cost 10,000 yuan"), 14, 2),
        Head(Text("已知部分 万元", "known part"), 14, 2),
        Head(Text("未知条目", "items not known"), 60),
    )
    rows: list[tuple[Value, ...]] = []
    for one in works:
        open_items = [quantity.item for quantity in one.quantities if quantity.cost is None]
        known = one.known_cost if one.known_cost or one.cost is not None else None
        rows.append((one.parcel.id, one.parcel.name, _wan(one.cost), _wan(known), ", ".join(open_items)))
    return Sheet("parcels", Text("图斑", "parcels"), heads, tuple(rows))


def _quantities(works: Sequence[ParcelWorks], content: Works) -> Sheet:
    heads = (
        *(_ID, _MEASURE, _ITEM, _UNIT),
        Head(Text("工程量", "quantity"), 14, 1),
        Head(Text("公式", "formula"), 36),
        Head(Text("代入数值", "with numbers"), 36),
        Head(Text("造价 万元", "cost 10,000 yuan"), 14, 4),
        Head(Text("说明", "why"), 40),
    )
    items = _items(content)
    rows: list[tuple[Value, ...]] = []
    for one in works:
        for quantity in one.quantities:
            item, measure = items[quantity.item], content.measures[quantity.measure]
            rows.append(
                (
                    *(one.parcel.id, measure.title, item.title, item.unit, quantity.quantity, item.quantity),
                    *(quantity.filled, _wan(quantity.cost), quantity.reason or ""),
                )
            )
    return Sheet("quantities", Text("工程量", "quantities"), heads, tuple(rows))


def _basis(content: Works) -> Sheet:
    heads = (
        Head(Text("项目", "item"), 30),
        Head(Text("数值或公式", "figure or formula"), 36),
        _UNIT,
        Head(Text("依据", "source"), 70),
    )
    unknown = Text("图斑可缺高程的比例上限", "share of a parcel that may lack heights")
    rows: list[tuple[Value, ...]] = [(unknown, f"{content.most_unknown:g}", "", content.most_unknown_source)]
    rows += [(one.title, f"{one.value:g}", one.unit, one.source) for one in content.figures.values()]
    for one in content.measures.values():
        for item in one.items.values():
            rows.append((item.title, item.quantity, item.unit, item.source))
            if item.price is not None:
                sample = Text("样例单价", "sample price") if item.price.sample else Text("单价", "price")
                rows.append((sample, f"{item.price.value:g}", f"元/{item.unit}", item.price.source))
    return Sheet("basis", Text("依据", "basis"), heads, tuple(rows))


def _document(
    desk: Desk,
    works: Sequence[ParcelWorks],
    content: Works,
    design: Text | None,
    notes: Sequence[Text],
    sources: Mapping[str, str],
) -> dict[str, Any]:
    items = _items(content)
    known = sum(one.known_cost for one in works)
    return {
        "schema": SCHEMA,
        "on": desk.on.isoformat(),
        "parameters": _parameters(content, items, design),
        "sources": dict(sources),
        "notes": [one.plain() for one in notes],
        "totals": [
            {
                "measure": one.measure,
                "item": one.item,
                "quantity": one.quantity,
                "parcels": one.parcels,
                "quantity_unknown": one.unknown,
                "cost_known_yuan": one.cost,
                "cost_unknown": one.cost_unknown,
            }
            for one in totals_of(works)
        ],
        "cost_yuan": None if any(one.cost is None for one in works) else known,
        "cost_known_yuan": known,
        "parcels": [
            {
                "id": one.parcel.id,
                "name": one.parcel.name,
                "inputs": dict(one.inputs),
                "cost_yuan": one.cost,
                "cost_known_yuan": one.known_cost,
                "items": [_entry(quantity) for quantity in one.quantities],
            }
            for one in works
        ],
    }


def _parameters(content: Works, items: Mapping[str, "Item"], design: Text | None) -> dict[str, Any]:
    return {
        "design": None if design is None else design.plain(),
        "most_unknown": content.most_unknown,
        "figures": {name: one.value for name, one in content.figures.items()},
        "items": {
            name: {
                "title": item.title.plain(),
                "unit": item.unit,
                "formula": item.quantity,
                "price_yuan": None if item.price is None else item.price.value,
                "sample_price": item.price is not None and item.price.sample,
                "source": item.source.plain(),
            }
            for name, item in items.items()
        },
    }


def _entry(quantity: "Quantity") -> dict[str, Any]:
    return {
        "measure": quantity.measure,
        "item": quantity.item,
        "applies": quantity.applies,
        "quantity": quantity.quantity,
        "formula": quantity.filled,
        "cost_yuan": quantity.cost,
        "reason": None if quantity.reason is None else quantity.reason.plain(),
    }


def _columns(works: Sequence[ParcelWorks]) -> dict[str, list[Value]]:
    columns: dict[str, list[Value]] = {
        "id": [one.parcel.id for one in works],
        "name": [one.parcel.name for one in works],
    }
    names = [quantity.item for quantity in works[0].quantities] if works else []
    for place, name in enumerate(names):
        columns[name.replace("-", "_")] = [one.quantities[place].quantity for one in works]
    columns["cost_yuan"] = [one.cost for one in works]
    columns["cost_known_yuan"] = [one.known_cost for one in works]
    return columns
