"""A rectangle on paper, millimetres from the lower left corner of the sheet."""

from dataclasses import dataclass

import shapely
from shapely.geometry import Polygon


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Left, bottom, right, top."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    @property
    def sides(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top, as Shapely wants them."""
        return self.left, self.bottom, self.right, self.top

    @property
    def shape(self) -> Polygon:
        """The rectangle as geometry."""
        return shapely.box(*self.sides)

    def grown(self, by: float) -> "Rectangle":
        """Return the rectangle, larger (or smaller) by so much on every side."""
        return Rectangle(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def meets(self, other: "Rectangle") -> bool:
        """Tell whether the two share ground; a common edge is none."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def holds(self, other: "Rectangle") -> bool:
        """Tell whether the other lies inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.bottom <= other.bottom
            and other.top <= self.top
        )
