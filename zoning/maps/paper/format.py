"""Sizes of paper, type and columns."""

from dataclasses import dataclass

from zoning.maps.map_product import PaperSize

_SIZES: dict[PaperSize, tuple[float, float]] = {
    "A4": (210.0, 297.0),
    "A3": (297.0, 420.0),
    "A2": (420.0, 594.0),
    "A1": (594.0, 841.0),
}
_TYPE: dict[PaperSize, float] = {"A4": 6.4, "A3": 7.2, "A2": 8.6, "A1": 10.6}
_COLUMN: dict[PaperSize, float] = {"A4": 57.0, "A3": 68.0, "A2": 84.0, "A1": 106.0}
_MARGIN: dict[PaperSize, float] = {"A4": 7.0, "A3": 9.0, "A2": 11.0, "A1": 13.0}


@dataclass(frozen=True, slots=True)
class Format:
    """One sheet of paper.

    Attributes
    ----------
    width, height, margin, column
        Millimetres.
    size
        Of plain text, points.
    """

    width: float
    height: float
    margin: float
    size: float
    column: float

    @classmethod
    def of(cls, paper: PaperSize, *, landscape: bool, tight: float = 1.0) -> "Format":
        """Return a format; `tight` below 1 makes the type smaller where a legend is long."""
        short, long = _SIZES[paper]
        width, height = (long, short) if landscape else (short, long)
        return cls(width, height, _MARGIN[paper], _TYPE[paper] * tight, _COLUMN[paper])

    @property
    def landscape(self) -> bool:
        """Whether the sheet is wider than high."""
        return self.width > self.height

    @property
    def small(self) -> float:
        """Type of notes."""
        return self.size * 0.88

    @property
    def head(self) -> float:
        """Type of headings in the panel."""
        return self.size * 1.2

    @property
    def title(self) -> float:
        """Type of the title."""
        return self.size * 2.5

    @property
    def gutter(self) -> float:
        """Between columns, and between the map and the panel."""
        return self.size * 0.62

    @property
    def rim(self) -> float:
        """Where the labels of the grid stand, around the neat line."""
        return self.size * 0.62
