"""Codes of management units: `ZH`, six digits of the county, one of the class (1, 2, 3), four of the serial number.

Source: codes published with the unit lists, such as ZH44060620002 (key unit 0002 of county 440606). Marine units begin
with `HY`; how the rest of their code is built is not settled, so it is taken as it is told.
"""

import re
import unicodedata

from zoning.rules.access.words import UnitClass

LAND_CODE = re.compile(r"ZH(\d{6})([123])(\d{4})", re.ASCII)
MARINE_CODE = re.compile(r"HY[0-9A-Z]{6,20}", re.ASCII)

_ANYWHERE = re.compile(r"(?<![0-9A-Z])(?:ZH\d{6}[123]\d{4}|HY[0-9A-Z]{6,20})(?![0-9A-Z])", re.ASCII)
_CLASSES: dict[str, UnitClass] = {"1": "priority", "2": "key", "3": "general"}


def normalised(text: str) -> str:
    """Return a code as it is compared: half-width capitals without spaces.

    >>> normalised(" ｚｈ1405221 0001 ")
    'ZH14052210001'
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def is_unit_code(code: str) -> bool:
    """Tell whether `code` can be the code of a unit.

    >>> is_unit_code("ZH14052210001"), is_unit_code("ZH14052240001"), is_unit_code("ZH1405221001")
    (True, False, False)
    """
    return bool(LAND_CODE.fullmatch(code) or MARINE_CODE.fullmatch(code))


def class_in(code: str) -> UnitClass | None:
    """Return the class that the code names; None for marine units and what is no code.

    >>> class_in("ZH14052220001")
    'key'
    """
    found = LAND_CODE.fullmatch(code)
    return _CLASSES[found[2]] if found else None


def county_in(code: str) -> str | None:
    """Return the county code inside the code: the one that was valid when the plan was made.

    >>> county_in("ZH14052220001")
    '140522'
    """
    found = LAND_CODE.fullmatch(code)
    return found[1] if found else None


def codes_in(cell: str) -> tuple[tuple[str, ...], str]:
    """Return the codes that a cell holds, and what else stands in it.

    >>> codes_in("ZH14052210001、ZH14052210002（含）")
    (('ZH14052210001', 'ZH14052210002'), '(含)')
    """
    text = unicodedata.normalize("NFKC", cell).upper()
    codes = tuple(dict.fromkeys(_ANYWHERE.findall(text)))
    if codes:
        return codes, _ANYWHERE.sub("", text).strip(" \t\r\n、,;，/|")
    joined = normalised(cell)
    return ((joined,), "") if is_unit_code(joined) else ((), " ".join(cell.split()))
