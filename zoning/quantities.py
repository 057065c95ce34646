"""Lengths and areas with their units: read from content, printed for people."""

import re

from zoning.texts import Text

SQUARE_METRES_PER_HECTARE = 10_000.0
MU_PER_HECTARE = 15.0

_LENGTHS = {"m": 1.0, "米": 1.0, "km": 1000.0, "公里": 1000.0, "千米": 1000.0}
_AREAS = {
    "m2": 1.0,
    "m²": 1.0,
    "平方米": 1.0,
    "ha": SQUARE_METRES_PER_HECTARE,
    "公顷": SQUARE_METRES_PER_HECTARE,
    "亩": SQUARE_METRES_PER_HECTARE / MU_PER_HECTARE,
    "km2": 1_000_000.0,
    "km²": 1_000_000.0,
    "平方公里": 1_000_000.0,
}
_QUANTITY = re.compile(r"^\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[^\d\s]+\d?)\s*$")


def _parse(text: str, units: dict[str, float], what: str) -> float:
    match = _QUANTITY.match(text)
    if match is None or match["unit"] not in units:
        msg = f"{text!r} is no {what}; write a number and one of: {', '.join(units)}"
        raise ValueError(msg)
    return float(match["number"]) * units[match["unit"]]


def parse_length(text: str) -> float:
    """Return a length in metres.

    >>> parse_length("1.5 km")
    1500.0
    """
    return _parse(text, _LENGTHS, "length")


def parse_area(text: str) -> float:
    """Return an area in square metres.

    >>> parse_area("1 公顷"), round(parse_area("3 亩"), 6)
    (10000.0, 2000.0)
    """
    return _parse(text, _AREAS, "area")


def hectares(area_m2: float) -> float:
    """Return square metres as 公顷."""
    return area_m2 / SQUARE_METRES_PER_HECTARE


def mu(area_m2: float) -> float:
    """Return square metres as 亩: 1 公顷 is exactly 15 亩.

    >>> mu(10000.0)
    15.0
    """
    return hectares(area_m2) * MU_PER_HECTARE


def format_area(area_m2: float) -> Text:
    """Return an area as people hand it in: 公顷 with four decimals, 亩 with two.

    >>> format_area(12345.0)
    Text(zh='1.2345 公顷（18.52 亩）', en='1.2345 ha (18.52 mu)')
    """
    large, small = f"{hectares(area_m2):,.4f}", f"{mu(area_m2):,.2f}"
    return Text(f"{large} 公顷（{small} 亩）", f"{large} ha ({small} mu)")


def format_share(share: float) -> str:
    """Return a share of one as percentage with two decimals.

    >>> format_share(0.23104)
    '23.10 %'
    """
    return f"{share * 100:.2f} %"


def format_length(length_m: float) -> str:
    """Return a length in metres, in kilometres from 10 km on.

    >>> format_length(12.345), format_length(12345.0)
    ('12.35 m', '12.35 km')
    """
    if length_m >= 10_000:  # noqa: PLR2004
        return f"{length_m / 1000:,.2f} km"
    return f"{length_m:,.2f} m"
