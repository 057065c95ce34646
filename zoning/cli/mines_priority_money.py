"""What the order knows of money: the cost of the works, and the payments of the register."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.cli.mines_documents import from_parcels
from zoning.cli.mines_priority_desk import Desk

if TYPE_CHECKING:
    from zoning.mines.priority.content import Priority
    from zoning.registers.record import Value

_TEN_THOUSAND = 10_000.0


def with_money(desk: Desk, content: "Priority", works: Path | None) -> Desk:
    """Put into the fields of the criterion what is needed and what there is, 万元, where they are empty.

    Needed is the cost in `works.json` where all of it is known; there is what the register has as planned or as paid,
    whichever is more (money that is paid was planned before). A parcel without payments has no figure: that is no zero.

    Raises
    ------
    UsageError, ContentError
        When the costs of the works or the register cannot be read.
    """
    criterion = next((one for one in content.criteria.values() if one.measure == "funded"), None)
    if criterion is None or criterion.need is None or criterion.available is None:
        return desk
    needed = {} if works is None else costs_of(works)
    there = _payments(desk)

    def filled(values: "Mapping[str, Value]", name: str) -> "Mapping[str, Value]":
        told = {criterion.need: needed.get(name), criterion.available: there.get(name)}
        return {**{key: value for key, value in told.items() if key is not None and value is not None}, **values}

    parcels = tuple(replace(one, values=filled(one.values, one.id)) for one in desk.parcels)
    return replace(desk, parcels=parcels)


def costs_of(path: Path) -> dict[str, float]:
    """Return the cost of each parcel of a `works.json`, 万元; those whose cost is not wholly known are left out.

    Raises
    ------
    ContentError
        When the file cannot be read as one.
    """

    def take(parcels: list[Any]) -> dict[str, float]:
        costs = {str(one["id"]): one["cost_yuan"] for one in parcels}
        return {name: float(cost) / _TEN_THOUSAND for name, cost in costs.items() if cost is not None}

    return from_parcels(path, "works", take)


def _payments(desk: Desk) -> dict[str, float]:
    """Return the money of each parcel of the register, 万元; none of a boundary file."""
    told = desk.request.parcels
    if told.file is not None:
        return {}
    from zoning.cli.register_opening import opened
    from zoning.cli.register_options import RegisterRequest

    found = {}
    with opened(desk.session, RegisterRequest(told.kind, told.register, None, desk.request.workspace)) as register:
        for parcel in desk.parcels:
            payments = register.register.payments(parcel.id)
            if payments:
                sums = [sum(one.amount for one in payments if one.status == status) for status in ("planned", "paid")]
                found[parcel.id] = float(max(sums))
    return found
