"""Which column is north: decided by magnitude, never by the names of the columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoning.errors import ZoningError
from zoning.sites.crs.zones import PER_ZONE, ZONES_3, ZONES_6
from zoning.sites.drawing import Coordinates
from zoning.sites.limits import Bounds
from zoning.sites.txt.sheet import Sheet
from zoning.sites.where import Where
from zoning.texts import Text

_SMALLEST_EAST = 100_000.0
_NORTHS = (1_000_000.0, 10_000_000.0)
# China with some room: the two ranges have no number in common.
_LATITUDES, _LONGITUDES = (2.0, 60.0), (65.0, 145.0)
_SIXTY = 60
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns in their order.

    Attributes
    ----------
    xy
        Shape (n, 2): east or longitude, then north or latitude.
    swapped
        East stands first in the file.
    """

    xy: Coordinates
    swapped: bool
    degrees: bool


def arrange(sheet: Sheet, where: Where) -> Columns:
    """Put east first.

    Raises
    ------
    SiteError
        Naming the first row whose numbers are no coordinates, or stand in another order than those before.
    """
    columns = sheet.columns()
    degrees = bool((np.abs(columns) <= 180).all())  # noqa: PLR2004 - degrees
    norths = _between(columns, _LATITUDES if degrees else _NORTHS)
    easts = _between(columns, _LONGITUDES) if degrees else _is_east(columns)
    right, wrong = norths[:, 0] & easts[:, 1], norths[:, 1] & easts[:, 0]
    if not (right | wrong).all():
        row = int(np.argmin(right | wrong))
        raise _no_place(where.at_line(sheet.lines[row]), *columns[row].tolist())
    same = wrong == wrong[0]
    if not same.all():
        raise where.at_line(sheet.lines[int(np.argmin(same))]).error(
            "X、Y 的次序与前面的界址点相反；请统一后导出",
            "X and Y are in the opposite order to the points before; export all in one order",
        )
    swapped = bool(wrong[0])
    return Columns(columns if swapped else columns[:, ::-1], swapped, degrees)


def swap_warning(where: Where) -> Text:
    """Say that the columns were exchanged."""
    return where.sentence(
        "X、Y 两列的次序相反（按数值大小判定），已对调读取",
        "X and Y are in the opposite order (decided by magnitude); they were exchanged",
    )


def within(xy: Coordinates, expected: Bounds | None) -> bool:
    """Tell whether the box of all degrees touches the territories, without any room beyond."""
    if expected is None:
        return False
    (x0, y0), (x1, y1) = xy.min(axis=0), xy.max(axis=0)
    west, south, east, north = expected
    return bool(x1 >= west and x0 <= east and y1 >= south and y0 <= north)


def unpacked(degrees: Coordinates) -> Coordinates | None:
    """Return numbers like 112.1830 for 112°18′30″ as degrees; None when one of them is none.

    >>> unpacked(np.array([[112.1830, 35.2430]])).round(6).tolist()
    [[112.308333, 35.408333]]
    """
    whole, rest = np.divmod(np.round(degrees * 1e4, 6), 1e4)
    minutes, seconds = np.divmod(rest, 100)
    if (minutes >= _SIXTY).any() or (seconds >= _SIXTY).any():
        return None
    found: Coordinates = whole + minutes / _SIXTY + seconds / _SIXTY**2
    return found


def degrees_refused(sheet: Sheet, where: Where) -> ZoningError:
    """Return the error about degrees that neither the header nor the territories explain."""
    return _no_place(where.at_line(sheet.lines[0]), sheet.first[0], sheet.second[0])


def _between(values: NDArray[np.float64], bounds: tuple[float, float]) -> Mask:
    return (values >= bounds[0]) & (values < bounds[1])


def _is_east(values: NDArray[np.float64]) -> Mask:
    prefixed = np.isin(np.floor(values / PER_ZONE), [*ZONES_3, *ZONES_6])
    return prefixed | ((values >= _SMALLEST_EAST) & (values < PER_ZONE))


def _no_place(place: Where, first: float, second: float) -> ZoningError:
    if abs(first) <= 180 and abs(second) <= 180:  # noqa: PLR2004 - degrees
        return place.error(
            f"坐标 ({first:g}, {second:g}) 是度数；坐标 TXT 规定用米（X 7 位、Y 8 位），请换算后导出；"
            "确为十进制度数时请在表头写明 计量单位=度",
            f"the coordinates ({first:g}, {second:g}) are degrees; a coordinate TXT is in metres (X 7 digits, Y 8 "
            "digits): export it in metres, or state 计量单位=度 in the header if they are decimal degrees",
        )
    return place.error(
        f"坐标 ({first:.3f}, {second:.3f}) 不合规定：X（北）整数 7 位，Y（东）整数 8 位（含带号）或 6 位；请改正",
        f"the coordinates ({first:.3f}, {second:.3f}) are not as specified: X (north) has 7 digits, Y (east) 8 with "
        "the zone or 6 without; correct them",
    )
