"""A file opened for reading in slices, whatever its format."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from zoning.sites.crs.extent import Boxes, Extent, Piece
from zoning.sites.limits import Options
from zoning.sites.naming import Labelled
from zoning.sites.raw import Fault, RawFile, RawSite

Records = list[RawSite | Fault]
Labels = Sequence[Labelled]


class UnclearError(Exception):
    """Only putting a record together tells whether it is a footprint, and where."""


class Sliced(Protocol):
    """An open file."""

    @property
    def head(self) -> RawFile:
        """What it says of itself, without records."""

    @property
    def count(self) -> int:
        """How many records it has."""

    @property
    def says_ids(self) -> bool:
        """Whether a record may have an id of its own; else all are called by their number."""

    def boxes(self) -> Iterator[Boxes]:
        """Yield the boxes (n, 4) of all records in any order, read in a hurry; not-a-number for what is none.

        A record that turns out to be no footprint may have a box here; none that is one may lack it.

        Raises
        ------
        UnclearError
        """

    def slices(self, start: int, rows: int) -> Iterator[Records]:
        """Yield the records from number `start` on, `rows` at a time or fewer."""

    def labels(self, stop: int) -> Iterator[Labels]:
        """Yield what the records before number `stop` say of themselves."""


Opener = Callable[[Path, Options], AbstractContextManager[Sliced]]


class WholeFile:
    """A file of a format that is read at once: its limits bound it."""

    def __init__(self, raw: RawFile) -> None:
        self.head = raw
        self.count = len(raw.sites)
        self.says_ids = True

    def boxes(self) -> Iterator[Boxes]:
        """See `Sliced`."""
        for piece in Extent.of(self.head.sites).pieces():
            yield piece.boxes

    def slices(self, start: int, rows: int) -> Iterator[Records]:
        """See `Sliced`."""
        for first in range(start, self.count, rows):
            yield list(self.head.sites[first : first + rows])

    def labels(self, stop: int) -> Iterator[Labels]:
        """See `Sliced`."""
        yield self.head.sites[:stop]


def numbered(pieces: Iterator[Boxes]) -> Iterator[Piece]:
    """Give the records of consecutive pieces their numbers."""
    import numpy as np

    start = 0
    for boxes in pieces:
        yield Piece(np.arange(start, start + len(boxes)), boxes)
        start += len(boxes)
