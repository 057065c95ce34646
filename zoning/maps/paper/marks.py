"""What a sheet consists of: marks in millimetres from its lower left corner, painted in their order.

The layout writes marks; only the painter knows how a PDF or a picture is made. What lies where can be read from here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from shapely.geometry.base import BaseGeometry

from zoning.maps.fonts import Typeface, clean
from zoning.maps.paper.rectangle import Rectangle

MM_PER_POINT = 25.4 / 72
POINTS_PER_PIXEL = 0.75
"""Styles give widths and spacings in pixels of 1/96 inch."""

INK, QUIET, HAIR = "#1A1A1A", "#5C574D", "#A8A296"


@dataclass(frozen=True, slots=True)
class Shape:
    """Areas or lines: `geometry` in millimetres.

    Attributes
    ----------
    width
        Of the line, points; 0 draws none.
    dash
        Lengths of strokes and gaps, points.
    clip
        What lies outside of this rectangle is not drawn.
    """

    geometry: BaseGeometry
    fill: str | None = None
    opacity: float = 1.0
    stroke: str = INK
    stroke_opacity: float = 1.0
    width: float = 0.0
    dash: tuple[float, ...] = ()
    clip: Rectangle | None = None
    butt: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Hatching:
    """Strokes or dots inside of areas: `segments` is (n, 2, 2); a dot is a stroke without length."""

    segments: npt.NDArray[np.float64]
    within: BaseGeometry
    stroke: str
    opacity: float
    width: float
    clip: Rectangle | None = None


@dataclass(frozen=True, slots=True)
class Tinted:
    """A picture of few colours, its upper row first.

    Attributes
    ----------
    numbers
        (rows, columns) of unsigned bytes: which colour of the palette.
    palette
        (colours, 3) of unsigned bytes, at most 256 of them.
    """

    numbers: npt.NDArray[np.uint8]
    palette: npt.NDArray[np.uint8]

    def pixels(self) -> npt.NDArray[np.uint8]:
        """Return the colours themselves, (rows, columns, 3)."""
        return self.palette[self.numbers]


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture that is made when it is painted: of an atlas all of them together would fill the memory."""

    made: Callable[[], Tinted]
    place: Rectangle
    clip: Rectangle | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; (x, y) is the left end of its base line.

    Attributes
    ----------
    turn
        Degrees, counter-clockwise around (x, y).
    halo
        Width of the light rim, points; 0 draws none.
    """

    text: str
    x: float
    y: float
    size: float
    bold: bool = False
    colour: str = INK
    turn: float = 0.0
    halo: float = 0.0
    name: str = ""


Mark = Shape | Hatching | Raster | Words


@dataclass
class Page:
    """One sheet of paper with its marks.

    Attributes
    ----------
    map_place
        The neat line of the map; None on a page of tables.
    scale
        Of the map, its denominator; 0 where there is none.
    number_at
        Where the number of the page ends, and its size.
    left_out
        Names that found no place on the map.
    """

    width: float
    height: float
    faces: Typeface
    marks: list[Mark] = field(default_factory=list)
    map_place: Rectangle | None = None
    scale: int = 0
    number_at: tuple[float, float, float] = (0.0, 0.0, 6.0)
    left_out: int = 0

    def add(self, mark: Mark) -> None:
        """Put a mark over all others."""
        self.marks.append(mark)

    def wide(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width of a text, millimetres."""
        return self.faces.width_pt(clean(text), size, bold=bold) * MM_PER_POINT

    def write(  # noqa: PLR0913 - what there is to say of a line of text
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        align: str = "left",
        halo: float = 0.0,
        name: str = "",
    ) -> Rectangle:
        """Write a line of text, `x` its left end, middle or right end, `y` the base line; return the box it takes."""
        text = clean(text)
        width = self.wide(text, size, bold=bold)
        left = x - width * {"left": 0.0, "middle": 0.5, "right": 1.0}[align]
        self.add(Words(text, left, y, size, bold, colour, 0.0, halo, name))
        return text_box(left, y, width, size)


def text_box(left: float, base: float, width: float, size: float) -> Rectangle:
    """Return the box that a line of text takes: from below its deepest to above its highest sign."""
    return Rectangle(left, base - 0.22 * size * MM_PER_POINT, left + width, base + 0.90 * size * MM_PER_POINT)
