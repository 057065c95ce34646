"""Numbers of points: J1, 拐点 2, K0+100."""

import re

_LAST = re.compile(r"([0-9]{1,9})\D*$")


def number_of(label: str) -> int | None:
    """Return the number in a label; None when there is none.

    >>> number_of("J12"), number_of("拐点3号"), number_of("A")
    (12, 3, None)
    """
    match = _LAST.search(label)
    return int(match[1]) if match else None
