"""Why coordinates lie in the wrong place: what they would have to be to fit, likeliest first.

Every cause is a change that people and programs make by mistake, undone: another zone, exchanged columns, a mistyped
zone, no false easting, millimetres, a wrong sign, minutes read as decimals, the shift of web maps.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from zoning.sites.crs.conversion import Conversion, Floats, NotConvertibleError
from zoning.sites.crs.identify import to_lonlat
from zoning.sites.crs.mars import MARS
from zoning.sites.crs.old_datums import old_datum
from zoning.sites.crs.zones import CGCS2000, FALSE_EASTING, FAMILIES, PER_ZONE, ZONES_3, ZONES_6, Family, label
from zoning.sites.limits import Bounds
from zoning.texts import Text

MOST = 4
"""More causes than these help nobody."""

MARS_REACH_M = 2000.0
"""GCJ-02 and BD-09 shift by 0.1 to 1.5 km: what lies farther outside does not lie there because of them."""

Inside = Callable[[Floats], NDArray[np.bool_]]
"""Tells which longitudes and latitudes (n, 2) lie in the territories."""

_SOUTH = 10_000_000.0
_BESIDE = 3.5  # degrees from its meridian that a zone is used for at most, one of 6 degrees with its margin
_LARGEST_PACKED = 1_800_000.0
_UNITS = (
    (1e-3, Text("毫米", "millimetres")),
    (1e-2, Text("厘米", "centimetres")),
    (1e3, Text("千米", "kilometres")),
)


@dataclass(frozen=True, slots=True)
class _Guess:
    """Numbers as they would be without a mistake, in a system, and what to call that."""

    point: tuple[float, float]
    code: str
    text: Text


def likely_causes(
    box: Bounds, stated: str, expected: Bounds, inside: Inside, *, plain_only: bool = False
) -> list[Text]:
    """Name what the coordinates would have to be to lie in the territories, likeliest first.

    Parameters
    ----------
    box
        Least and largest coordinates of the footprint as the file has them: x, y, x, y. Its centre is tried.
    stated
        The system that they were read in, for its datum.
    expected
        Box of the territories, which zones are tried.
    plain_only
        Only other systems and the other order of the columns, no mistakes in the numbers.
    """
    family = _family(stated)
    found = _fitting(_systems(box, stated, family, expected), inside)
    # Where the numbers are right in another system, nobody mistyped them.
    return found if found or plain_only else _fitting(_mistakes(box, family, expected), inside)


def _fitting(guesses: Iterator[_Guess], inside: Inside) -> list[Text]:
    return list(islice(_distinct(guess for guess in guesses if _fits(guess, inside)), MOST))


def other_systems(box: Floats, stated: str, expected: Bounds, inside: Inside) -> list[str]:
    """Return the codes of the systems other than `stated` in which the centre of a box (4,) lies in the territories."""
    if not np.isfinite(box).all():
        return []
    x, y = ((box[:2] + box[2:]) / 2).tolist()
    codes = (code for code in _codes(x, y, _family(stated), expected) if code != stated)
    return [code for code in codes if _fits(_Guess((x, y), code, label(code)), inside)]


def mars_causes(lonlat: Floats, inside: Inside) -> list[Text]:
    """Name the shifted systems of web maps in which the vertices (n, 2) would all lie in the territories."""
    return [conversion.title for conversion in MARS.values() if _fits_back(conversion, lonlat, inside)]


def _fits_back(conversion: Conversion, lonlat: Floats, inside: Inside) -> bool:
    try:
        return bool(inside(conversion.move(lonlat)).all())
    except NotConvertibleError:
        return False


def _distinct(guesses: Iterator[_Guess]) -> Iterator[Text]:
    """Leave out guesses that are the same plane by another name."""
    seen: set[tuple[float, float]] = set()
    for guess in guesses:
        lon, lat = to_lonlat(guess.code).transform(*guess.point)
        place = (round(lon, 9), round(lat, 9))
        if place not in seen:
            seen.add(place)
            yield guess.text


def _fits(guess: _Guess, inside: Inside) -> bool:
    lon, lat = to_lonlat(guess.code).transform(*guess.point)
    found = np.array([[lon, lat]])
    return bool(np.isfinite(found).all() and inside(found)[0])


def _family(stated: str) -> Family:
    from pyproj import CRS

    old = old_datum(CRS.from_user_input(stated))
    return next((family for family in FAMILIES if old is not None and family.title == old.title), CGCS2000)


def _mistakes(box: Bounds, family: Family, expected: Bounds) -> Iterator[_Guess]:
    for mistake in (_mistyped_zone, _no_false_easting, _other_unit, _wrong_sign, _minutes):
        for exchanged, turned in _both_orders(box):
            for guess in mistake(turned, family, expected):
                yield _exchanged(guess) if exchanged else guess


def _systems(box: Bounds, stated: str, family: Family, expected: Bounds) -> Iterator[_Guess]:
    for exchanged, turned in _both_orders(box):
        x, y = _centre(turned)
        # Of two planes that are alike, the one of the same kind as was stated comes first.
        codes = sorted(_codes(x, y, family, expected), key=lambda code: _is_utm(code) != _is_utm(stated))
        for code in codes:
            guess = _Guess((x, y), code, label(code))
            yield _exchanged(guess) if exchanged else guess


def _both_orders(box: Bounds) -> tuple[tuple[bool, Bounds], ...]:
    x0, y0, x1, y1 = box
    return (False, box), (True, (y0, x0, y1, x1))


def _centre(box: Bounds) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _is_utm(code: str) -> bool:
    return code.startswith(("EPSG:326", "EPSG:327"))


def _exchanged(guess: _Guess) -> _Guess:
    text = Text(f"{guess.text.zh}（两列坐标对调）", f"{guess.text.en} with the two coordinates exchanged")
    return _Guess(guess.point, guess.code, text)


def _codes(x: float, y: float, family: Family, expected: Bounds) -> Iterator[str]:
    """Return the systems that numbers of this size may be in."""
    if abs(x) <= 180 and abs(y) <= 90:  # noqa: PLR2004 - degrees
        yield family.lonlat_code
        return
    prefix = int(x // PER_ZONE)
    if prefix in ZONES_3 or prefix in ZONES_6:
        yield family.code(prefix, prefixed=True)
    elif prefix == 0:
        yield from (family.code(zone, prefixed=False) for zone in _zones_near(expected))
        if family is CGCS2000:
            half = 32700 if y > _SOUTH else 32600
            # Every second meridian of the 3-degree zones, from 3°E on, is one of UTM.
            yield from (f"EPSG:{half + (zone + 1) // 2 + 30}" for zone in _zones_near(expected) if zone % 2)
    if prefix not in (*ZONES_3, 0) and family is CGCS2000:
        yield "EPSG:3857"


def _zones_near(expected: Bounds) -> list[int]:
    """Return the 3-degree zones used in the territories, the nearest meridian first; 6-degree ones have the same."""
    west, _, east, _ = expected
    zones = [zone for zone in ZONES_3 if west - _BESIDE <= 3 * zone <= east + _BESIDE]
    return sorted(zones, key=lambda zone: abs(3 * zone - (west + east) / 2))


def _mistyped_zone(box: Bounds, family: Family, expected: Bounds) -> Iterator[_Guess]:
    x, y = _centre(box)
    prefix = int(x // PER_ZONE)
    if prefix not in ZONES_3 and prefix not in ZONES_6:
        return
    zones = _zones_near(expected)
    if prefix in ZONES_6:
        # Every second meridian of the 3-degree zones is one of 6 degrees.
        zones = [(zone + 1) // 2 for zone in zones if zone % 2]
    for zone in zones:
        if zone != prefix:
            code = family.code(zone, prefixed=True)
            title = label(code)
            text = Text(f"{title.zh}而带号误写为 {prefix}", f"{title.en} with its zone mistyped as {prefix}")
            yield _Guess((x + (zone - prefix) * PER_ZONE, y), code, text)


def _no_false_easting(box: Bounds, family: Family, expected: Bounds) -> Iterator[_Guess]:
    x, y = _centre(box)
    if abs(x) > FALSE_EASTING or abs(y) < FALSE_EASTING:
        return
    for zone in _zones_near(expected):
        code = family.code(zone, prefixed=False)
        title = label(code)
        text = Text(f"{title.zh}而东坐标没有加 500 公里", f"{title.en} without the false easting of 500 km")
        yield _Guess((x + FALSE_EASTING, y), code, text)


def _other_unit(box: Bounds, family: Family, expected: Bounds) -> Iterator[_Guess]:
    x, y = _centre(box)
    if max(abs(x), abs(y)) <= 180:  # noqa: PLR2004 - degrees
        return
    for factor, unit in _UNITS:
        for code in _codes(x * factor, y * factor, family, expected):
            if code != family.lonlat_code:
                title = label(code)
                text = Text(f"{title.zh}而单位是{unit.zh}", f"{title.en} in {unit.en}")
                yield _Guess((x * factor, y * factor), code, text)


def _wrong_sign(box: Bounds, family: Family, expected: Bounds) -> Iterator[_Guess]:
    x, y = _centre(box)
    for sign_x, sign_y in ((-1, 1), (1, -1), (-1, -1)):
        if (sign_x < 0 and x > 0) or (sign_y < 0 and y > 0):
            continue
        for code in _codes(sign_x * x, sign_y * y, family, expected):
            title = label(code)
            text = Text(f"{title.zh}而负号多写", f"{title.en} without the minus sign")
            yield _Guess((sign_x * x, sign_y * y), code, text)
    if y > _SOUTH:
        for code in _codes(x, y - _SOUTH, family, expected):
            title = label(code)
            text = Text(
                f"{title.zh}而北坐标多加了 10000 公里（南半球的常数）",
                f"{title.en} with 10 000 km too many in the northing, as in the southern hemisphere",
            )
            yield _Guess((x, y - _SOUTH), code, text)


def _minutes(box: Bounds, family: Family, expected: Bounds) -> Iterator[_Guess]:
    """Degrees, minutes and seconds packed into one number, dd.mmss or ddmmss; radians."""
    del expected
    code = family.lonlat_code
    title = label(code)
    for scale, how in (
        (1e4, Text("度.分秒（112.1830 即 112°18′30″）", "degrees.minutes-seconds (112.1830 for 112°18′30″)")),
        (1.0, Text("度分秒连写（1121830 即 112°18′30″）", "degrees-minutes-seconds (1121830 for 112°18′30″)")),
    ):
        # Each of the four stands in the file; their mean does not.
        x0, y0, x1, y1 = (_unpacked(value * scale) for value in box)
        if x0 is not None and y0 is not None and x1 is not None and y1 is not None:
            text = Text(f"{title.zh}而写成{how.zh}", f"{title.en} written as {how.en}")
            yield _Guess(_centre((x0, y0, x1, y1)), code, text)
    x, y = np.degrees(_centre(box)).tolist()
    if abs(x) <= 180 and abs(y) <= 90:  # noqa: PLR2004 - degrees
        yield _Guess((x, y), code, Text(f"{title.zh}而单位是弧度", f"{title.en} in radians"))


def _unpacked(packed: float) -> float | None:
    """Return dddmmss.s as degrees; None where it is none."""
    if not 0 <= packed <= _LARGEST_PACKED:
        return None
    degrees, rest = divmod(round(packed, 6), 1e4)
    minutes, seconds = divmod(rest, 100)
    return degrees + minutes / 60 + seconds / 3600 if minutes < 60 and seconds < 60 else None  # noqa: PLR2004 - minutes and seconds
