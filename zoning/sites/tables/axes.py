"""Which of two columns is east and which north: by the size of the numbers, never by the headings alone."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zoning.errors import ZoningError
from zoning.sites.limits import Bounds
from zoning.sites.tables.angles import written
from zoning.sites.tables.columns import CHINA
from zoning.sites.tables.grid import Numbers, Track
from zoning.sites.tables.measures import PER_ZONE, ZONES
from zoning.texts import Text

Floats = NDArray[np.float64]

_MOST_DEGREES = 180.0
_NORTHS = (1_000_000.0, 6_000_000.0)
_SMALLEST_EAST = 100_000.0
_FAR_DEGREES = 0.5
# Of bare numbers that may be 度.分秒: four decimals at least, and no machine's float.
_FINEST, _COARSEST = 0.5e-8, 1.5e-4


@dataclass(frozen=True, slots=True)
class Placed:
    """Points with their axes.

    Attributes
    ----------
    east, north
        Shape (n,): metres, or degrees.
    units
        What one of the last digit is: east, north.
    """

    east: Floats
    north: Floats
    units: tuple[float, float]
    warnings: tuple[Text, ...] = ()


def in_degrees(track: Track, numbers: Numbers) -> bool:
    """Tell whether the numbers are degrees.

    Raises
    ------
    SiteError
        When only some of them are.
    """
    small = np.abs(np.array(numbers.first)) <= _MOST_DEGREES
    if small.all() or not small.any():
        return bool(small[0])
    row = int(np.argmax(small != small[0]))
    now, before = (("度", "米"), ("degrees", "metres")) if small[row] else (("米", "度"), ("metres", "degrees"))
    raise track.place(row).error(
        f"坐标 ({numbers.first[row]:.10g}, {numbers.second[row]:.10g}) 是{now[0]}，前面的点却是{now[1]}；请统一",
        f"the coordinates ({numbers.first[row]:.10g}, {numbers.second[row]:.10g}) are {before[0]} but the "
        f"points before "
        f"are {before[1]}; use one of them",
    )


def place_degrees(track: Track, numbers: Numbers, expected: Bounds | None, *, alone: bool = True) -> Placed:
    """Return longitude and latitude.

    Parameters
    ----------
    alone
        There are no metres of the same points that would prove how the degrees are written.

    Raises
    ------
    SiteError
        When the numbers could be in the form 度.分秒, or do not tell which is the longitude.
    """
    first, second = np.array(numbers.first), np.array(numbers.second)
    axes = numbers.axes
    swap = axes[0] == "north" or axes[1] == "east"
    warnings: list[Text] = []
    fits = [_fits(first, second, expected), _fits(second, first, expected)]
    if any(axes):
        if fits == [swap, not swap]:
            swap = not swap
            warnings.append(_exchanged(track, numbers))
    elif fits[0] == fits[1]:
        row = int(np.argmax((first > CHINA[2]) | (second > CHINA[2]))) if not any(fits) else 0
        raise _unknown_order(track, row, first[row], second[row], any_fits=fits[0])
    else:
        swap = fits[1]
    if alone:
        _check_packed(track, numbers, expected, swap=swap)
    if swap:
        return Placed(second, first, (numbers.units[1], numbers.units[0]), tuple(warnings))
    return Placed(first, second, numbers.units, tuple(warnings))


def unpacked(numbers: Numbers, decimal: Placed) -> Placed | None:
    """Return the degrees in their other reading, 度.分秒; None when there is none."""
    if numbers.packed is None or numbers.any_angle or numbers.decimal_stated:
        return None
    first, second = (np.array(one) for one in numbers.packed)
    swapped = np.array_equal(decimal.east, np.array(numbers.second))
    return replace(decimal, east=second if swapped else first, north=first if swapped else second)


def _fits(east: Floats, north: Floats, expected: Bounds | None) -> bool:
    """Tell whether numbers can be longitude and latitude of the territories, or of the country."""
    boxes = [CHINA] if expected is None else [_grown(expected), CHINA]
    return any(bool(((east >= w) & (east <= e) & (north >= s) & (north <= n)).all()) for w, s, e, n in boxes)


def _grown(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    return west - _FAR_DEGREES, south - _FAR_DEGREES, east + _FAR_DEGREES, north + _FAR_DEGREES


def _unknown_order(track: Track, row: int, first: float, second: float, *, any_fits: bool) -> ZoningError:
    if any_fits:
        return track.place(row).error(
            f"分不清 ({first:g}, {second:g}) 哪一个是经度；请在表头写明 经度、纬度",
            f"it is not clear which of ({first:g}, {second:g}) is the longitude; add the headings 经度, 纬度 "
            "(longitude, latitude)",
        )
    return track.place(row).error(
        f"({first:g}, {second:g}) 既不是我国范围内的经纬度（73–136°E，3–54°N），也不是米；请核对，"
        f"或在表头写明 经度、纬度",
        f"({first:g}, {second:g}) is neither longitude and latitude within China (73-136°E, 3-54°N) nor metres; check "
        "it, or add the headings 经度, 纬度 (longitude, latitude)",
    )


def _exchanged(track: Track, numbers: Numbers) -> Text:
    a, b = numbers.names
    return track.place(0).sentence(
        f"“{a}”与“{b}”两列的内容与名称相反（按数值大小判定），已对调读取",
        f"the columns “{a}” and “{b}” hold each other's numbers (decided by magnitude); they were exchanged",
    )


def _check_packed(track: Track, numbers: Numbers, expected: Bounds | None, *, swap: bool) -> None:
    """Refuse bare numbers that are as well 度.分秒: nobody can tell, and the two lie kilometres apart.

    The digits of one parcel are too much alike to tell: where one point can be read both ways, mostly all can.
    """
    finest = min(numbers.units)
    if numbers.packed is None or numbers.any_angle or numbers.decimal_stated or not _FINEST < finest <= _COARSEST:
        return
    east, north = (np.array(one) for one in (numbers.packed if not swap else numbers.packed[::-1]))
    if not _fits_box(east, north, _grown(CHINA if expected is None else expected)):
        return
    value, other = f"{(numbers.second if swap else numbers.first)[0]:.10g}", written(float(east[0]))
    raise track.place(0).error(
        f"经纬度可能是十进制度，也可能是 度.分秒（{value} 或为 {other}），两者相差可达数十公里；"
        "请在表头写明 经度（度）或 经度（度.分秒），或在每个数后写上 °",
        f"the numbers may be decimal degrees or ddd.mmss ({value} may be {other}), which lie up to tens of kilometres "
        "apart; write the heading 经度（度） (decimal) or 经度（度.分秒） (ddd.mmss), or a ° behind every number",
    )


def _fits_box(east: Floats, north: Floats, box: Bounds) -> bool:
    west, south, right, top = box
    return bool(((east >= west) & (east <= right) & (north >= south) & (north <= top)).all())


def place_metres(track: Track, numbers: Numbers, *, stated: bool) -> Placed:
    """Return easting and northing.

    Parameters
    ----------
    stated
        The user states the coordinate system: numbers of other sizes than those of Gauss-Krüger planes are taken as
        the headings say, else first east.

    Raises
    ------
    SiteError
        When the sizes do not tell.
    """
    first, second = np.array(numbers.first), np.array(numbers.second)
    right = _norths(first) & _easts(second)
    wrong = _norths(second) & _easts(first)
    if not (right | wrong).all():
        if stated:
            return _as_named(numbers, first, second)
        raise _no_plane(track, int(np.argmin(right | wrong)), first, second)
    if not (wrong == wrong[0]).all():
        row = int(np.argmax(wrong != wrong[0]))
        raise track.place(row).error(
            "X、Y 的次序与前面的点相反；请统一后提交",
            "X and Y are in the opposite order to the points before; use one order",
        )
    swap = bool(wrong[0])  # the first column is east
    claims = numbers.axes
    contrary = (claims[0] == "north" or claims[1] == "east") if swap else (claims[0] == "east" or claims[1] == "north")
    customs = [name.strip().lower()[:1] for name in numbers.names]
    warnings = (_exchanged(track, numbers),) if contrary else ()
    if not contrary and swap and customs == ["x", "y"] and not any(claims):
        warnings = (
            track.place(0).sentence(
                f"“{numbers.names[0]}”是东坐标、“{numbers.names[1]}”是北坐标（按数值大小判定）",
                f"“{numbers.names[0]}” is east and “{numbers.names[1]}” is north (decided by magnitude)",
            ),
        )
    if swap:
        return Placed(first, second, numbers.units, warnings)
    return Placed(second, first, (numbers.units[1], numbers.units[0]), warnings)


def _norths(values: Floats) -> NDArray[np.bool_]:
    return (values >= _NORTHS[0]) & (values < _NORTHS[1])


def _easts(values: Floats) -> NDArray[np.bool_]:
    return np.isin(np.floor(values / PER_ZONE), [*ZONES]) | ((values >= _SMALLEST_EAST) & (values < PER_ZONE))


def _as_named(numbers: Numbers, first: Floats, second: Floats) -> Placed:
    if numbers.axes[0] == "north" or numbers.axes[1] == "east":
        return Placed(second, first, (numbers.units[1], numbers.units[0]))
    return Placed(first, second, numbers.units)


def _no_plane(track: Track, row: int, first: Floats, second: Floats) -> ZoningError:
    return track.place(row).error(
        f"坐标 ({first[row]:.10g}, {second[row]:.10g}) 不合规定：北坐标整数 7 位，东坐标整数 8 位（含带号）或 6 位；"
        "请改正；若是其他坐标系，请用 --crs 说明",
        f"the coordinates ({first[row]:.10g}, {second[row]:.10g}) are not as they should be: north has 7 "
        f"digits, east 8 "
        "with the zone or 6 without; correct them, or state another coordinate system with --crs",
    )
