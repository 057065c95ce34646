"""Numbers of points: J1, 拐点 2, K0+100."""

import re

_SERIES = re.compile(r"(?P<name>[A-Za-z\u4e00-\u9fff]{0,4}[-_]?)(?P<number>[0-9]{1,6})[#号]?")
_LAST = re.compile(r"([0-9]{1,9})\D*$")


def number_of(label: str) -> int | None:
    """Return the number in a label; None when there is none.

    >>> number_of("J12"), number_of("拐点3号"), number_of("A")
    (12, 3, None)
    """
    match = _LAST.search(label)
    return int(match[1]) if match else None


def in_series(label: str) -> tuple[str, int] | None:
    """Return the name of the series that a label belongs to, and its number.

    >>> in_series("J12"), in_series("7"), in_series("A")
    (('J', 12), ('', 7), None)
    """
    match = _SERIES.fullmatch(label)
    return None if match is None else (match["name"], int(match["number"]))
