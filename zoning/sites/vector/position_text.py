"""Positions written as `x,y x,y,z`, the form of KML and of GML 2."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np

from zoning.sites.drawing import Coordinates
from zoning.texts import Text

_SPACED = re.compile(r",\s")
_WORD = re.compile(r"\S+")
_LONGEST_ROW = 1_000
_MOST = 3
_AT_ONCE = 50_000  # arrays take a tenth of the memory of lists

SPACES_LEFT_OUT = Text(
    "坐标的逗号后有空格，已按 “经度,纬度,高程” 分组读取",
    "spaces follow the commas inside its coordinates; they were read as longitude,latitude,height",
)


def positions(text: str, count: Callable[[int], None] = lambda _: None) -> Coordinates:
    """Return the positions, shape (n, 2 or 3); spaces around a comma belong to the position.

    >>> positions("112.1,35.2 112.3,35.4,0").tolist()
    [[112.1, 35.2], [112.3, 35.4]]
    >>> positions("112.1, 35.2, 0 112.3, 35.4, 0").shape
    (2, 3)

    Parameters
    ----------
    count
        Told how many positions come next; stops the reading by an error of its own.

    Raises
    ------
    ValueError
        When there are other numbers than two or three between the spaces, or something is no number.
    """
    if "_" in text:  # Python's own way of grouping digits
        raise ValueError(text[:30])
    rows = _rows(text)
    pieces = []
    while some := [[float(number) for number in row.split(",")] for row in islice(rows, _AT_ONCE)]:
        count(len(some))
        pieces.append(_array(some, text))
    size = min((piece.shape[1] for piece in pieces), default=2)
    return np.concatenate([piece[:, :size] for piece in pieces]) if pieces else np.empty((0, 2))


def _rows(text: str) -> Iterator[str]:
    """Yield the positions; one goes on as long as a comma ends or begins a word."""
    row = ""
    for match in _WORD.finditer(text):
        word = match[0]
        if row and not (row.endswith(",") or word.startswith(",")):
            yield row
            row = ""
        row += word
        if len(row) > _LONGEST_ROW:
            raise ValueError(row[:30])
    if row:
        yield row


def _array(rows: list[list[float]], text: str) -> Coordinates:
    size = min(map(len, rows))
    # Three numbers at most: in `x,y, x,y` nobody knows where one position ends.
    if size < 2 or max(map(len, rows)) > _MOST:  # noqa: PLR2004 - x and y
        raise ValueError(text[:30])
    return np.array([row[:size] for row in rows], dtype=np.float64)


def is_spaced(text: str) -> bool:
    """Tell whether spaces follow a comma."""
    return _SPACED.search(text) is not None
