"""Angles in every notation that surveyors use, with what the last written digit stands for."""

import re
from dataclasses import dataclass
from typing import Literal

from zoning.sites.where import PlacelessError

Axis = Literal["", "east", "north"]

_MOST_DEGREES = 180.0
_POWERS = tuple(float(f"1e-{decimals}") for decimals in range(64))
_SIXTY = 60.0
_PACKED_DIGITS = 4

AXIS_WORDS = r"东经|西经|北纬|南纬|经度|纬度|longitude|latitude|long|lon|lng|lat|[EWNS]"
_AXES: dict[str, tuple[Axis, float]] = {
    "东经": ("east", 1), "西经": ("east", -1), "北纬": ("north", 1), "南纬": ("north", -1),
    "经度": ("east", 1), "纬度": ("north", 1), "longitude": ("east", 1), "latitude": ("north", 1),
    "long": ("east", 1), "lon": ("east", 1), "lng": ("east", 1), "lat": ("north", 1),
    "e": ("east", 1), "w": ("east", -1), "n": ("north", 1), "s": ("north", -1),
}  # fmt: skip

_FRACTION = r"(?:\.[0-9]*)?"
# Old field books write the decimals behind the sign: 30".5
SIGNED = (
    r"[0-9]{1,3}(?:"
    rf"\s*[°度]\s*[0-9]{{1,2}}\s*['分]\s*[0-9]{{1,2}}{_FRACTION}(?:\s*[\"秒](?:\.[0-9]+)?)?"
    rf"|\s*[°度]\s*[0-9]{{1,2}}{_FRACTION}\s*['分]?"
    rf"|{_FRACTION}\s*[°度](?!\s*[0-9带]))"
)
"""A number of degrees with their sign; minutes and seconds may follow."""

_SECONDS = re.compile(
    r"(?P<d>[0-9]{1,3})\s*[°度]\s*(?P<m>[0-9]{1,2})\s*['分]\s*"
    r"(?P<s>[0-9]{1,2}(?:\.[0-9]*)?)\s*(?:[\"秒](?P<late>\.[0-9]+)?)?"
)
_MINUTES = re.compile(r"(?P<d>[0-9]{1,3})\s*[°度]\s*(?P<m>[0-9]{1,2}(?:\.[0-9]*)?)\s*['分]?")
_DEGREES = re.compile(r"(?P<d>[0-9]{1,3}(?:\.[0-9]*)?)\s*[°度]")
_APART = re.compile(
    r"(?P<d>[0-9]{1,3})(?:(?P<sign>[-:])|\s+)(?P<m>[0-9]{1,2})(?(sign)(?P=sign)|\s+)(?P<s>[0-9]{1,2}(?:\.[0-9]*)?)\"?"
)
_BEFORE = re.compile(rf"(?P<word>{AXIS_WORDS})\s*[:=]?\s*", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?P<word>东经|西经|北纬|南纬|[EWNS])$", re.IGNORECASE)
_PACKED = re.compile(r"(?P<d>[0-9]{1,3})\.(?P<rest>[0-9]+)")
_PACKED_WHOLE = re.compile(r"(?P<d>[0-9]{2,3})(?P<m>[0-9]{2})(?P<s>[0-9]{2}(?:\.[0-9]*)?)")


class NotationError(PlacelessError, ValueError):
    """A number that is written as nobody may write it; half a sentence, the reader adds the place."""


@dataclass(frozen=True, slots=True)
class Angle:
    """An angle.

    Attributes
    ----------
    unit
        What one of the last written digit is, degrees.
    axis
        As written in front of or behind it.
    """

    degrees: float
    unit: float
    axis: Axis = ""


def parse_angle(text: str) -> Angle | None:
    r"""Return the angle that a text in plain signs holds; None when it holds anything else, a bare number too.

    >>> parse_angle("东经112°24'30.5\"").axis, round(parse_angle("112-24-30.5").degrees, 6)
    ('east', 112.408472)

    Raises
    ------
    NotationError
        When minutes or seconds are 60 or more, the angle over 180°, or its words contradict each other.
    """
    body, axis, sign = _axis(text.strip())
    if body[:1] in ("+", "-"):
        sign *= -1 if body[0] == "-" else 1
        body = body[1:].lstrip()
    for pattern in (_SECONDS, _MINUTES, _DEGREES, _APART):
        match = pattern.fullmatch(body)
        if match:
            degrees, unit = _sum(match, text)
            return Angle(sign * degrees, unit, axis)
    return None


def _axis(text: str) -> tuple[str, Axis, float]:
    before, after = _BEFORE.match(text), _AFTER.search(text)
    words = [_AXES[match["word"].lower()] for match in (before, after) if match]
    if len(set(words)) > 1:
        raise NotationError(
            f"“{text}” 前后的方位字互相矛盾", f"the words before and after “{text}” contradict each other"
        )
    start, end = before.end() if before else 0, after.start() if after else len(text)
    axis, sign = words[0] if words else ("", 1.0)
    return text[start:end].strip(), axis, sign


def _sum(match: re.Match[str], text: str) -> tuple[float, float]:
    parts = match.groupdict()
    seconds = (parts.get("s") or "") + (parts.get("late") or "")
    if (parts.get("s") or "").count(".") and parts.get("late"):
        raise NotationError(f"“{text}” 的秒有两个小数点", f"the seconds of “{text}” have two decimal points")
    return joined(parts["d"], parts.get("m") or "", seconds, text)


def joined(degrees: str, minutes: str, seconds: str, text: str) -> tuple[float, float]:
    """Return degrees and the unit of the last digit; minutes and seconds may be empty.

    Raises
    ------
    NotationError
    """
    d, m, s = float(degrees), float(minutes or 0), float(seconds or 0)
    if m >= _SIXTY or s >= _SIXTY:
        raise NotationError(
            f"“{text}” 的分或秒不小于 60；请改正", f"“{text}” has minutes or seconds of 60 or more; correct it"
        )
    value = d + m / 60 + s / 3600
    if value > _MOST_DEGREES:
        raise NotationError(f"“{text}” 超过 180°；请改正", f"“{text}” is over 180°; correct it")
    if seconds:
        return value, last_digit(seconds) / 3600
    return (value, last_digit(minutes) / 60) if minutes else (value, last_digit(degrees))


def last_digit(number: str) -> float:
    """Return what one of the last digit is.

    >>> last_digit("30.50"), last_digit("7")
    (0.01, 1.0)
    """
    return _POWERS[len(number.partition(".")[2])] if len(number) < len(_POWERS) else 0.0


def parse_packed(text: str) -> Angle | None:
    """Return the angle that a number in the form 度.分秒 (112.24305 = 112°24'30.5") or dddmmss.s means.

    >>> round(parse_packed("112.24305").degrees, 9), parse_packed("112.6130")
    (112.408472222, None)
    """
    match = _PACKED.fullmatch(text)
    if match:
        rest = match["rest"].ljust(_PACKED_DIGITS, "0")
        parts = match["d"], rest[:2], f"{rest[2:4]}.{rest[4:]}"
    else:
        match = _PACKED_WHOLE.fullmatch(text)
        if match is None:
            return None
        parts = match["d"], match["m"], match["s"]
    try:
        return Angle(*joined(*parts, text))
    except NotationError:
        return None


def written(degrees: float) -> str:
    """Write an angle for a sentence.

    >>> written(112.408472222)
    '112°24′30.50″'
    """
    hundredths = round(degrees * 360_000)
    return f"{hundredths // 360_000}°{hundredths // 6000 % 60:02d}′{hundredths % 6000 / 100:05.2f}″"
