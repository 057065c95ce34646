"""What the lines of a coordinate TXT hold, before any of it is judged: entries, parcels and rows of numbers."""

from array import array
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zoning.sites.drawing import Coordinates


@dataclass(slots=True)
class Run:
    """Consecutive rows of a parcel with one ring number.

    Attributes
    ----------
    number
        The ring number; 0 where the rows have none.
    start, end
        Rows of the sheet, the end not included.
    first_name, second_name
        Names of the first two points; empty when names cannot tell one point from another.
    again
        Rows after the first that bear its name.
    restarts
        Those of them behind which the second name follows: the names begin anew.
    """

    number: int
    start: int
    end: int
    first_name: str = ""
    second_name: str = ""
    again: "array[int]" = field(default_factory=lambda: array("I"))
    restarts: "array[int]" = field(default_factory=lambda: array("I"))


@dataclass(slots=True)
class Parcel:
    """One parcel line with its rows."""

    line: int
    fields: dict[str, str]
    runs: list[Run] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """The whole file; the numbers of all rows stand in common columns.

    Attributes
    ----------
    attributes
        Entries of [属性描述]: value and line.
    first, second
        The coordinates in the order of the file.
    heights
        Up to the last row that has one.
    lines
        Line of every row.
    loose, first_loose
        How many lines were not in the specified characters (full width, blanks instead of commas) and were read, and
        the first of them.
    """

    attributes: dict[str, tuple[str, int]] = field(default_factory=dict)
    parcels: list[Parcel] = field(default_factory=list)
    first: "array[float]" = field(default_factory=lambda: array("d"))
    second: "array[float]" = field(default_factory=lambda: array("d"))
    heights: "array[float]" = field(default_factory=lambda: array("d"))
    lines: "array[int]" = field(default_factory=lambda: array("I"))
    loose: int = 0
    first_loose: int = 0

    def note_loose(self, line: int) -> None:
        """Remember a line that was not in the specified characters."""
        self.first_loose = self.first_loose or line
        self.loose += 1

    def columns(self) -> Coordinates:
        """Return the two columns as they stand, shape (n, 2)."""
        return np.column_stack([np.frombuffer(self.first), np.frombuffer(self.second)])

    def height_column(self) -> NDArray[np.float64]:
        """Return the heights, shape (n, 1); (n, 0) when there are none."""
        if not self.heights:
            return np.empty((len(self.first), 0))
        column = np.zeros((len(self.first), 1))
        column[: len(self.heights), 0] = np.frombuffer(self.heights)
        return column
