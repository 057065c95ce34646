"""Numbers with a unit that stand beside the points: areas, radii, widths."""

import re

from zoning.sites.tables.headings import Heading
from zoning.sites.tables.signs import compact
from zoning.sites.tables.statements import square_metres

_SIZE = re.compile(r"(?P<number>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(?P<unit>[^0-9.,]{0,8}[23]?)")
_LENGTHS = {"m": 1.0, "米": 1.0, "km": 1000.0, "公里": 1000.0, "千米": 1000.0}


def area_of(text: str, heading: Heading | None) -> float | None:
    """Return square metres of a cell; None when it holds no area, or no unit is known.

    >>> area_of("2.35公顷", None), area_of("2.35", None)
    (23500.0, None)
    """
    match = _SIZE.fullmatch(compact(text))
    if match is None:
        return None
    factor = square_metres(match["unit"]) if match["unit"] else heading.factor if heading else None
    value = float(match["number"].replace(",", ""))
    return value * factor if factor is not None and value > 0 else None


def length_of(text: str, heading: Heading | None) -> float | None:
    """Return metres of a cell; a number without unit is metres. None when it holds no length.

    >>> length_of("50m", None), length_of("0.05km", None), length_of("约50", None)
    (50.0, 50.0, None)
    """
    match = _SIZE.fullmatch(compact(text))
    if match is None:
        return None
    stated = heading.factor if heading is not None and heading.factor is not None else 1.0
    factor = _LENGTHS.get(match["unit"]) if match["unit"] else stated
    value = float(match["number"].replace(",", ""))
    return value * factor if factor is not None and value > 0 else None
