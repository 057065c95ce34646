"""One coordinate as it stands in a cell: metres, degrees, or no coordinate at all."""

import re
from typing import NamedTuple

from zoning.sites.tables.angles import (
    AXIS_WORDS,
    Axis,
    NotationError,
    joined,
    last_digit,
    parse_angle,
    parse_packed,
)

__all__ = ["Measure", "NotationError", "is_east", "is_metres", "is_north", "measure"]

ZONES = frozenset((*range(13, 24), *range(25, 46)))
PER_ZONE = 1_000_000.0
_LOWEST_NORTH, _HIGHEST_NORTH = 1_000_000.0, 6_000_000.0
_SMALLEST_EAST = 100_000.0
_MOST_DEGREES = 180.0
_LONGEST = 100
_LOST_METRES, _LOST_DEGREES = 0.01, 1e-6

PLANE_WORDS = r"[纵横北东XY]坐标|坐标[XY]|northing|easting|[XYNE北东](?=\s*[:=0-9])"
_LABELLED = re.compile(
    rf"(?P<word>{PLANE_WORDS}|{AXIS_WORDS})\s*(?:\((?:m|米|°|度)\))?\s*[:=]?\s*(?=[-+0-9])", re.IGNORECASE
)
_BEHIND = re.compile(r"(?<=[0-9.])\s*(?P<word>东经|西经|北纬|南纬|[EWNS])$", re.IGNORECASE)
_UNIT = re.compile(r"\s*(?:m|米)$", re.IGNORECASE)
_ANGLE_SIGN = re.compile(r"[°度:\s-]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:(?P<sign>[, '])[0-9]{3})(?:(?P=sign)[0-9]{3})*(?:\.[0-9]*)?")
_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:\.(?P<decimals>[0-9]*))?[eE](?P<exponent>[+-]?[0-9]{1,3})")
_DECIMAL_COMMA = re.compile(r"[+-]?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+),[0-9]+")
_EAST_WORDS = re.compile(r"东|横|经|^(?:e|w$|lon|lng)", re.IGNORECASE)
_NORTH_WORDS = re.compile(r"北|纵|南|纬|^(?:n|s$|lat)", re.IGNORECASE)
_NEGATIVE_WORDS = ("西经", "南纬", "w", "s")


class Measure(NamedTuple):
    """A coordinate; a tuple, for a table has hundreds of thousands of them.

    Attributes
    ----------
    unit
        What one of the last written digit is, in the unit of the value.
    is_angle
        Degrees beyond doubt: written with a sign, or with minutes.
    axis
        As the cell itself says.
    packed
        What a bare number would mean in the form 度.分秒; None when it cannot be that.
    text
        The number alone, without words.
    """

    value: float
    unit: float
    is_angle: bool = False
    axis: Axis = ""
    packed: float | None = None
    text: str = ""


def measure(text: str, *, packed: bool = False) -> Measure | None:
    """Return the coordinate that a cell in plain signs holds; None when it holds anything else.

    Parameters
    ----------
    packed
        The heading says 度分秒: bare numbers are 度.分秒.

    Raises
    ------
    NotationError
        When the cell is a coordinate whose digits are lost or whose notation is wrong.
    """
    text = text.strip().lstrip("'")
    if len(text) > _LONGEST:
        return None
    if _NUMBER.fullmatch(text):
        return _bare(text, text, "", 1.0, packed=packed)
    if not any("0" <= sign <= "9" for sign in text):
        return None
    axis, sign, body = _labelled(text)
    number = _number(_UNIT.sub("", body))
    if number is not None:
        return _bare(number, text, axis, sign, packed=packed)
    return _angle(body, axis, sign) if _ANGLE_SIGN.search(body) else None


def _bare(number: str, text: str, axis: Axis, sign: float, *, packed: bool) -> Measure:
    if packed:
        return _packed(number, text, axis)
    value = sign * float(number)
    reading = parse_packed(number) if 0 < value <= _MOST_DEGREES and "." in number else None
    other = None if reading is None else reading.degrees
    return Measure(value, last_digit(number), axis=axis, packed=other, text=number)


def _angle(body: str, axis: Axis, sign: float) -> Measure | None:
    angle = parse_angle(body)
    if angle is None:
        return None
    if axis and angle.axis not in ("", axis):
        raise NotationError(
            f"“{body}” 前后的方位字互相矛盾", f"the words before and after “{body}” contradict each other"
        )
    degrees = -abs(angle.degrees) if sign < 0 else angle.degrees
    return Measure(degrees, angle.unit, is_angle=True, axis=angle.axis or axis)


def _packed(number: str, text: str, axis: Axis) -> Measure:
    angle = parse_packed(number)
    if angle is None:
        raise NotationError(
            f"表头说明是度分秒，“{text}” 却不是 度.分秒（如 112.24305 表示 112°24′30.5″）；请改正该值或表头",
            f"the heading says degrees, minutes and seconds but “{text}” is not ddd.mmss (112.24305 means "
            "112°24′30.5″); correct the value or the heading",
        )
    return Measure(angle.degrees, angle.unit, is_angle=True, axis=axis, text=number)


def _labelled(text: str) -> tuple[Axis, float, str]:
    """Take the word in front away: the axis that it names, and the sign."""
    match = _LABELLED.match(text)
    if match is None:
        match = _BEHIND.search(text)
        if match is None or not _NUMBER.fullmatch(text[: match.start()]):
            return "", 1.0, text
        body = text[: match.start()]
    else:
        body = text[match.end() :]
    word = match["word"].lower()
    return named_axis(word), -1.0 if word in _NEGATIVE_WORDS else 1.0, body


def named_axis(word: str) -> Axis:
    """Return the axis that a word claims; X and Y claim none, both customs occur.

    >>> named_axis("北坐标"), named_axis("lon"), named_axis("x")
    ('north', 'east', '')
    """
    if _EAST_WORDS.search(word):
        return "east"
    return "north" if _NORTH_WORDS.search(word) else ""


def _number(text: str) -> str | None:
    """Return the digits of a bare number, without signs between its thousands."""
    if _NUMBER.fullmatch(text):
        return text
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        return text.replace(grouped["sign"], "")
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific:
        return _unfolded(text, scientific)
    if _DECIMAL_COMMA.fullmatch(text):
        raise NotationError(
            f"“{text}” 的逗号看来是小数点；请把小数点写成 “.”",
            f"the comma in “{text}” seems to be a decimal comma; write a point",
        )
    return None


def _unfolded(text: str, match: re.Match[str]) -> str:
    """Return a number in scientific notation at length, when it has kept its digits."""
    decimals = len(match["decimals"] or "") - int(match["exponent"])
    value = float(text)
    if float(f"1e{-decimals}") > (_LOST_METRES if abs(value) > _MOST_DEGREES else _LOST_DEGREES):
        raise NotationError(
            f"“{text}” 是科学计数法，尾数已丢失；请在 Excel 中把该列设为“数值”（保留 3 位小数）后重新导出",
            f"“{text}” is in scientific notation and has lost its last digits; in Excel format the column as a number "
            "with 3 decimals and export it again",
        )
    return f"{value:.{max(decimals, 0)}f}"


def is_north(value: float) -> bool:
    """Tell whether metres can be a northing in China: 7 digits.

    >>> is_north(3919746.783), is_north(37618082.987)
    (True, False)
    """
    return _LOWEST_NORTH <= value < _HIGHEST_NORTH


def is_east(value: float) -> bool:
    """Tell whether metres can be an easting: 8 digits that begin with a zone, or 6 digits.

    >>> is_east(37618082.987), is_east(618082.987), is_east(3919746.783)
    (True, True, False)
    """
    return int(value // PER_ZONE) in ZONES or _SMALLEST_EAST <= value < PER_ZONE


def is_metres(value: float) -> bool:
    """Tell whether a number is too large for degrees."""
    return abs(value) > _MOST_DEGREES


def from_parts(degrees: str, minutes: str, seconds: str) -> Measure:
    """Return an angle whose parts stand in cells of their own.

    Raises
    ------
    NotationError
        When a part is no number, or 60 or more.
    """
    parts = [part.rstrip("°度'分\"秒 ").strip() for part in (degrees, minutes, seconds)]
    text = " ".join(parts).strip()
    whole, fine = parts[:2], parts[2]
    if not all(part.isdecimal() for part in whole) or not _NUMBER.fullmatch(fine or "0"):
        raise NotationError(
            f"度、分、秒各列为 “{text}”，不是整数的度和分加上秒；请改正",
            f"the columns of degrees, minutes and seconds hold “{text}”, not whole degrees and minutes and then "
            "seconds; correct them",
        )
    value, unit = joined(parts[0], parts[1], fine, text)
    return Measure(value, unit, is_angle=True)
