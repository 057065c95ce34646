"""Lengths and areas with their units: read from content, printed for people."""

import re
import unicodedata
from typing import Annotated

from pydantic import BeforeValidator, Field

from zoning.mistakes import Mistake
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
    "mu": SQUARE_METRES_PER_HECTARE / MU_PER_HECTARE,
    "亩": SQUARE_METRES_PER_HECTARE / MU_PER_HECTARE,
    "km2": 1_000_000.0,
    "km²": 1_000_000.0,
    "平方公里": 1_000_000.0,
}
_QUANTITY = re.compile(r"^\s*(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>[^\d\s]+\d?)\s*$")
_BEFORE_UNIT = re.compile(r"(\d) (公顷|亩|条|个|处|%|m²|(?:km|m|ha|mu)\b)")
_AROUND = re.compile(r"^[^0-9.-]+|(以上|以下|以内|之内|以外|左右)$")
"""Words and signs around a quantity; in content the key says how to compare."""


def _parse(text: str, units: dict[str, float], what: Text) -> float:
    match = _QUANTITY.match(text)
    if match is None or match["unit"] not in units:
        listed, hint = ", ".join(units), _plainer(text, units)
        raise Mistake(
            Text(
                f"“{text}”不是{what.zh}；写成数字加单位：{listed}{hint.zh}",
                f"{text!r} is no {what.en}; write a number and one of: {listed}{hint.en}",
            )
        )
    return float(match["number"]) * units[match["unit"]]


def _plainer(text: str, units: dict[str, float]) -> Text:
    """Return the end of a sentence that says how a quantity written in full width or with a sign is written here."""
    plain = _AROUND.sub("", unicodedata.normalize("NFKC", text).strip()).strip()
    match = _QUANTITY.match(plain)
    if match is None or match["unit"] not in units:
        return Text("", "")
    return Text(f"；请写 {plain}", f" - write {plain}")


def parse_length(text: str) -> float:
    """Return a length in metres; a Mistake names the units when it is none.

    >>> parse_length("1.5 km")
    1500.0
    """
    return _parse(text, _LENGTHS, Text("长度", "length"))


def parse_area(text: str) -> float:
    """Return an area in square metres; a Mistake names the units when it is none.

    >>> parse_area("1 公顷"), round(parse_area("3 亩"), 6)
    (10000.0, 2000.0)
    """
    return _parse(text, _AREAS, Text("面积", "area"))


def _metres(value: object) -> object:
    return parse_length(value) if isinstance(value, str) else value


def _square_metres(value: object) -> object:
    return parse_area(value) if isinstance(value, str) else value


Length = Annotated[float, BeforeValidator(_metres), Field(ge=0)]
"""A length in content, `50 m`: metres."""

Area = Annotated[float, BeforeValidator(_square_metres), Field(ge=0)]
"""An area in content, `1 亩`: square metres."""


def hectares(area_m2: float) -> float:
    """Return square metres as 公顷."""
    return area_m2 / SQUARE_METRES_PER_HECTARE


def mu(area_m2: float) -> float:
    """Return square metres as 亩: 1 公顷 is exactly 15 亩.

    >>> mu(10000.0)
    15.0
    """
    return hectares(area_m2) * MU_PER_HECTARE


SMALLEST_M2 = 0.5
"""An area below this is printed as 0.0000 公顷."""


def format_area(area_m2: float) -> Text:
    """Return an area as people hand it in: 公顷 with four decimals, 亩 with two; less than that in square metres.

    >>> format_area(12345.0)
    Text(zh='1.2345 公顷（18.52 亩）', en='1.2345 ha (18.52 mu)')
    >>> format_area(0.31), format_area(0.004)
    (Text(zh='0.31 m²', en='0.31 m²'), Text(zh='不足 0.01 m²', en='less than 0.01 m²'))
    """
    if 0 < area_m2 < SMALLEST_M2:
        # Of an overlap nobody may read that there is none.
        small = f"{area_m2:.2f} m²"
        return Text("不足 0.01 m²", "less than 0.01 m²") if small == "0.00 m²" else Text(small, small)
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
    if length_m >= 10_000:  # noqa: PLR2004 - ten kilometres
        return f"{length_m / 1000:,.2f} km"
    return f"{length_m:,.2f} m"


def unbroken(text: str) -> str:
    r"""Return a text in which no line ends between a figure and its unit.

    >>> unbroken("1.5 公顷 94.11 %").count("\u00a0")
    2
    """
    return _BEFORE_UNIT.sub("\\1\u00a0\\2", text)
