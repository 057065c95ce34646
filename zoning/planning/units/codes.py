"""Codes of units and zones, kept from edition to edition.

A management unit: `ZH`, six digits of the county, one digit of the class (1 priority, 2 key, 3 general), four digits of
the serial number. Other zones: the county, a word, a serial number.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError
from zoning.overlay import beside
from zoning.overlay.origin import finest_grid
from zoning.overlay.plane import Geometries
from zoning.rules.access.unit_codes import LAND_CODE, normalised

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

KEPT_SHARE = 0.5
"""A unit keeps the code of the older unit with which it shares more than this of the area of both together."""
_SURELY_LESS = 0.99  # rounding makes much less of a difference


@dataclass(frozen=True, slots=True)
class CodeParts:
    """What a code says: the county, the number of its series in the county, the serial number."""

    county: str
    series: int
    serial: int


class CodeForm(Protocol):
    """How codes are built."""

    @property
    def last_serial(self) -> int:
        """The highest serial number."""
        ...

    def parse(self, text: str) -> CodeParts | None:
        """Read a code; None when it is none."""
        ...

    def series_of(self, digit: int | None) -> int:
        """Return the series that a class is numbered in."""
        ...

    def write(self, parts: CodeParts) -> str:
        """Return the code."""
        ...


@dataclass(frozen=True, slots=True)
class UnitForm:
    """Codes of management units.

    >>> UnitForm().parse("ZH14052210007")
    CodeParts(county='140522', series=1, serial=7)
    """

    last_serial: int = 9999

    def parse(self, text: str) -> CodeParts | None:
        """Read a code; None when it is none."""
        found = LAND_CODE.fullmatch(normalised(text))
        return CodeParts(found[1], int(found[2]), int(found[3])) if found else None

    def series_of(self, digit: int | None) -> int:
        """Return the digit of the class."""
        return digit or 0

    def write(self, parts: CodeParts) -> str:
        """Return the code."""
        return f"ZH{parts.county}{parts.series}{parts.serial:04d}"


@dataclass(frozen=True, slots=True)
class SerialForm:
    """A county, a word and a serial number.

    >>> SerialForm("LZ").write(CodeParts("140522", 0, 7)), SerialForm("LZ").parse("140522-LZ-1007")
    ('140522-LZ-007', CodeParts(county='140522', series=0, serial=1007))
    """

    word: str
    digits: int = 3
    last_serial: int = 99_999_999

    def parse(self, text: str) -> CodeParts | None:
        """Read a code; None when it is none."""
        found = re.fullmatch(rf"(\d{{6}})-{self.word}-(\d{{1,8}})", normalised(text), re.ASCII)
        return CodeParts(found[1], 0, int(found[2])) if found else None

    def series_of(self, digit: int | None) -> int:  # noqa: ARG002 - one series for all classes
        """Return the one series."""
        return 0

    def write(self, parts: CodeParts) -> str:
        """Return the code."""
        return f"{parts.county}-{self.word}-{parts.serial:0{self.digits}d}"


UNIT_FORM = UnitForm()


@dataclass(frozen=True, slots=True, eq=False)
class OlderUnit:
    """A unit of the edition before; `rank` is the place of its class, None where it bears none."""

    code: str
    geometry: BaseGeometry
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Coded:
    """The code of a unit, and where it comes from.

    `kept_from` is the share of both areas that the unit has in common with the older one; None for a new code.
    """

    code: str
    kept_from: float | None


@dataclass(frozen=True, slots=True, eq=False)
class ToCode:
    """A unit that needs a code; `digit` is that of its class, where classes have one."""

    geometry: BaseGeometry
    county: str
    rank: int
    digit: int | None = None


def assign_codes(
    units: Sequence[ToCode],
    older: Sequence[OlderUnit],
    *,
    retired: Iterable[str] = (),
    form: CodeForm = UNIT_FORM,
) -> list[Coded]:
    """Give every unit a code.

    Older codes go to the pairs with the largest share in common, as long as the class is the same; the others get the
    next serial numbers of their county after all that were ever used. No code is used again for another unit.

    Parameters
    ----------
    units
        In the order in which new serial numbers are given.
    older
        The edition before, each code once.
    retired
        Codes of earlier editions that no unit bears any more; what is no code is passed over.

    Raises
    ------
    ContentError
        When an older code is none, or the serial numbers of a series are used up.
    """
    parsed = {one.code: _parsed(one.code, form) for one in older}
    found: dict[int, Coded] = {}
    taken: set[str] = set()
    for share, unit, code in _matches(units, older, parsed, form):
        if unit not in found and code not in taken:
            found[unit] = Coded(code, share)
            taken.add(code)
    gone = (form.parse(code) for code in retired)
    last = _last_serials([*parsed.values(), *(parts for parts in gone if parts is not None)])
    for number, one in enumerate(units):
        if number not in found:
            key = (one.county, form.series_of(one.digit))
            last[key] = last.get(key, 0) + 1
            found[number] = Coded(form.write(CodeParts(*key, _checked(last[key], key, form))), None)
    return [found[number] for number in range(len(units))]


def _matches(
    units: Sequence[ToCode], older: Sequence[OlderUnit], parsed: Mapping[str, CodeParts], form: CodeForm
) -> list[tuple[float, int, str]]:
    """Return share, unit and older code of what has enough in common, the largest share first."""
    if not older or not units:
        return []
    mine, theirs = _shapes([one.geometry for one in units]), _shapes([one.geometry for one in older])
    unit, other = STRtree(theirs).query(mine, predicate="intersects")
    same = np.asarray(
        [
            _same_class(units[one], older[two], parsed, form)
            for one, two in zip(unit.tolist(), other.tolist(), strict=True)
        ],
        dtype=bool,
    )
    unit, other = unit[same], other[same]
    near = _may_be_kept(mine, theirs, unit, other)
    unit, other = unit[near], other[near]
    common = beside.common_m2(mine[unit], theirs[other])
    shares = common / (shapely.area(mine[unit]) + shapely.area(theirs[other]) - common)
    pairs = zip(shares.tolist(), unit.tolist(), (older[one].code for one in other.tolist()), strict=True)
    return sorted((pair for pair in pairs if pair[0] > KEPT_SHARE), key=lambda pair: (-pair[0], pair[1], pair[2]))


def _may_be_kept(mine: Geometries, theirs: Geometries, unit: Numbers, other: Numbers) -> Mask:
    """Tell which pairs can share enough: what they have in common is no larger than either, or than both boxes.

    Pairs that are measured are measured as if all were: the grid of the overlay depends on where they lie.
    """
    one, two = shapely.area(mine[unit]), shapely.area(theirs[other])
    boxes = shapely.bounds(mine[unit]), shapely.bounds(theirs[other])
    sides = np.minimum(boxes[0][:, 2:], boxes[1][:, 2:]) - np.maximum(boxes[0][:, :2], boxes[1][:, :2])
    most = np.minimum(np.minimum(one, two), np.maximum(sides, 0.0).prod(axis=1))
    found: Mask = ~(most < _SURELY_LESS * KEPT_SHARE * (one + two - most))
    if found.any() and finest_grid(boxes[0][found]) != finest_grid(boxes[0]):
        return np.ones(len(unit), dtype=bool)
    return found


def _same_class(unit: ToCode, older: OlderUnit, parsed: Mapping[str, CodeParts], form: CodeForm) -> bool:
    # The code itself says the series; the class is asked as well where the layer tells it.
    if parsed[older.code].series != form.series_of(unit.digit):
        return False
    return older.rank is None or older.rank == unit.rank


def _shapes(geometries: Sequence[BaseGeometry]) -> Geometries:
    found = np.empty(len(geometries), dtype=object)
    found[:] = geometries
    return found


def _last_serials(used: Iterable[CodeParts]) -> dict[tuple[str, int], int]:
    last: dict[tuple[str, int], int] = {}
    for code in used:
        key = (code.county, code.series)
        last[key] = max(last.get(key, 0), code.serial)
    return last


def _checked(serial: int, key: tuple[str, int], form: CodeForm) -> int:
    if serial > form.last_serial:
        county, series = key
        raise ContentError(
            f"{county} 第 {series} 类管控单元的顺序号已用完（最多 {form.last_serial} 个）",
            f"the serial numbers of class {series} in {county} are used up (at most {form.last_serial})",
        )
    return serial


def _parsed(code: str, form: CodeForm) -> CodeParts:
    found = form.parse(code)
    if found is None:
        raise ContentError(
            f"“{code}”不是管控单元编码；应为 ZH、6 位县级代码、1 位类别（1、2、3）和 4 位顺序号",
            f"'{code}' is no code of a management unit: ZH, six digits of the county, one of the class (1, 2, 3), "
            "four of the serial number",
        )
    return found
