"""Whether a row of a ledger says something else than the register."""

from collections.abc import Iterable, Mapping
from math import isclose

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.registers.record import Record, Value
from zoning.registers.types import RegisterType

_LAST_DIGIT = 1e-12
"""Of a number: GDAL's texts have 15 digits, a double has one or two more."""

UNMOVED_DEGREES = 2e-9
"""0.2 mm: what a shape shifts on its way through a projected coordinate system and back; the team's choice."""


def same_value(one: Value, other: Value) -> bool:
    """Tell whether two values are the same, the last digits of a double left aside.

    >>> same_value(2.0, 2), same_value(True, 1), same_value("a", None)
    (True, False, False)
    """
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=_LAST_DIGIT, abs_tol=0.0)
    if isinstance(one, str) and isinstance(other, str):
        return _lines(one) == _lines(other)
    return one == other


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def same_place(one: BaseGeometry | None, other: BaseGeometry | None) -> bool:
    """Tell whether two shapes (degrees) are the same, however their rings begin and turn."""
    if one is None or other is None:
        return one is other
    first, second = _plain(one), _plain(other)
    if first.geom_type != second.geom_type:
        return False
    return bool(
        shapely.equals_exact(first, second, tolerance=UNMOVED_DEGREES)
        or shapely.equals_exact(first.normalize(), second.normalize(), tolerance=UNMOVED_DEGREES)
    )


def _plain(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape without height; a collection of one part is that part."""
    flat = shapely.force_2d(shape)
    parts = shapely.get_parts(flat)
    return parts[0] if len(parts) == 1 else flat


def differences(
    before: Record | None, values: Mapping[str, Value], kind: RegisterType, *, empty: Iterable[str] = ()
) -> dict[str, Value]:
    """Return the values that are to be set, by field; None for those that are to be emptied.

    Parameters
    ----------
    empty
        Fields that the ledger empties.
    """
    held = {} if before is None else held_values(before, kind)
    found: dict[str, Value] = {name: value for name, value in values.items() if not same_value(held.get(name), value)}
    return found | {name: None for name in empty if held.get(name) is not None}


def held_values(record: Record, kind: RegisterType) -> dict[str, Value]:
    """Return the values of a record by field, with number, name and territory where the kind has such fields."""
    own = {kind.id_field: record.id, kind.name_field: record.name, kind.territory_field: record.territory}
    told = {name: value for name, value in own.items() if name is not None and value}
    return dict(record.values) | told
