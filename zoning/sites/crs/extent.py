"""The boxes of all records of a file, in pieces: what a decision about the whole file is taken from."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.sites.raw import RawSite
from zoning.sites.where import Where

Boxes = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some records that follow each other.

    Attributes
    ----------
    numbers
        (n,) from 0.
    boxes
        (n, 4): least x, least y, largest x, largest y, as the file has them.
    """

    numbers: NDArray[np.int64]
    boxes: Boxes


class Extent:
    """Boxes of records, read as often as they are asked for."""

    def __init__(self, pieces: Callable[[], Iterable[Piece]], where_of: Callable[[int], Where]) -> None:
        self._pieces = pieces
        self.where_of = where_of
        self.asked = False

    @classmethod
    def of(cls, sites: Sequence[RawSite]) -> "Extent":
        """Return that of records in memory."""
        piece = Piece(np.arange(len(sites)), boxes_of(sites))
        return cls(lambda: (piece,) if len(sites) else (), lambda number: sites[number].where)

    def pieces(self) -> Iterator[Piece]:
        """Yield the records in their order."""
        self.asked = True
        return iter(self._pieces())

    def first(self) -> Boxes | None:
        """Return the first box, None when there is none."""
        return next((piece.boxes[0] for piece in self.pieces() if len(piece.boxes)), None)


def boxes_of(sites: Sequence[RawSite]) -> Boxes:
    """Return the boxes of records, (n, 4)."""
    shapes = np.array([site.geometry for site in sites], dtype=object)
    return np.asarray(shapely.bounds(shapes), dtype=np.float64).reshape(-1, 4)
