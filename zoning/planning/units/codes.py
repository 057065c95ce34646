"""Codes of management units, kept from edition to edition.

`ZH`, six digits of the county, one digit of the class (1 priority, 2 key, 3 general), four digits of the serial number.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import STRtree

from zoning.errors import ContentError
from zoning.overlay.plane import Geometries

_CODE = re.compile(r"ZH(\d{6})([123])(\d{4})")
_LAST_SERIAL = 9999
KEPT_SHARE = 0.5
"""A unit keeps the code of the older unit with which it shares more than this of the area of both together."""


@dataclass(frozen=True, slots=True)
class UnitCode:
    """The parts of a code."""

    county: str
    class_digit: int
    serial: int

    @classmethod
    def parse(cls, text: str) -> "UnitCode | None":
        """Read a code; None when it is none.

        >>> UnitCode.parse("ZH14052210007")
        UnitCode(county='140522', class_digit=1, serial=7)
        """
        found = _CODE.fullmatch(text.strip())
        return cls(found[1], int(found[2]), int(found[3])) if found else None

    def __str__(self) -> str:
        return f"ZH{self.county}{self.class_digit}{self.serial:04d}"


@dataclass(frozen=True, slots=True)
class Coded:
    """The code of a unit, and where it comes from.

    `kept_from` is the share of both areas that the unit has in common with the older one; None for a new code.
    """

    code: str
    kept_from: float | None


def assign_codes(
    county: str,
    units: Geometries,
    class_digits: Sequence[int],
    older: Mapping[str, shapely.Geometry],
    *,
    retired: Iterable[str] = (),
) -> list[Coded]:
    """Give every unit a code.

    Older codes go to the pairs with the largest share in common, as long as the class is the same; the others get the
    next serial numbers after all that were ever used. No code is used again for another unit.

    Parameters
    ----------
    units
        (n,) of the measuring plane, in the order in which new serial numbers are given.
    class_digits
        (n,) 1, 2 or 3.
    older
        Code -> unit of the edition before.
    retired
        Codes of earlier editions that no unit bears any more.

    Raises
    ------
    ContentError
        When an older code is none, or the serial numbers of a class are used up.
    """
    parsed = {code: _parsed(code) for code in older}
    found: dict[int, Coded] = {}
    taken: set[str] = set()
    for share, unit, code in _matches(units, class_digits, older, parsed):
        if unit not in found and code not in taken:
            found[unit] = Coded(code, share)
            taken.add(code)
    last = _last_serials(county, [*parsed.values(), *(_parsed(code) for code in retired)])
    for unit, digit in enumerate(class_digits):
        if unit not in found:
            last[digit] += 1
            found[unit] = Coded(str(UnitCode(county, digit, _checked(last[digit], digit))), None)
    return [found[unit] for unit in range(len(units))]


def _matches(
    units: Geometries,
    class_digits: Sequence[int],
    older: Mapping[str, shapely.Geometry],
    parsed: Mapping[str, UnitCode],
) -> list[tuple[float, int, str]]:
    """Return share, unit and older code of what has enough in common, the largest share first."""
    codes = list(older)
    shapes = np.asarray([older[code] for code in codes], dtype=object)
    if not len(shapes) or not len(units):
        return []
    mine, theirs = STRtree(shapes).query(units, predicate="intersects")
    same = np.asarray([class_digits[one] for one in mine]) == [parsed[codes[other]].class_digit for other in theirs]
    mine, theirs = mine[same], theirs[same]
    common = shapely.area(shapely.intersection(units[mine], shapes[theirs]))
    shares = common / (shapely.area(units[mine]) + shapely.area(shapes[theirs]) - common)
    pairs = zip(shares.tolist(), mine.tolist(), (codes[other] for other in theirs), strict=True)
    return sorted((pair for pair in pairs if pair[0] > KEPT_SHARE), key=lambda pair: (-pair[0], pair[1], pair[2]))


def _last_serials(county: str, used: Iterable[UnitCode]) -> dict[int, int]:
    last = {1: 0, 2: 0, 3: 0}
    for code in used:
        if code.county == county:
            last[code.class_digit] = max(last[code.class_digit], code.serial)
    return last


def _checked(serial: int, digit: int) -> int:
    if serial > _LAST_SERIAL:
        raise ContentError(
            f"第 {digit} 类管控单元的顺序号已用完（最多 {_LAST_SERIAL} 个）",
            f"the serial numbers of class {digit} are used up (at most {_LAST_SERIAL})",
        )
    return serial


def _parsed(code: str) -> UnitCode:
    found = UnitCode.parse(code)
    if found is None:
        raise ContentError(
            f"“{code}”不是管控单元编码；应为 ZH、6 位县级代码、1 位类别（1、2、3）和 4 位顺序号",
            f"'{code}' is no code of a management unit: ZH, six digits of the county, one of the class (1, 2, 3), "
            "four of the serial number",
        )
    return found
