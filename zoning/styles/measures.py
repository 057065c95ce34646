"""Hatches as measures: for programs that draw lines at an angle and a distance, or signs in rows, and not a tile."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

from zoning.styles.hatches import dash_array, hatch_tile
from zoning.styles.looks import ClassStyle, Hatch

# Direction of the lines, degrees anticlockwise from the east, and their distance in tiles.
_PARALLELS: dict[Hatch, tuple[tuple[float, float], ...]] = {
    "diagonal": ((45.0, sqrt(0.5)),),
    "back-diagonal": ((135.0, sqrt(0.5)),),
    "cross": ((45.0, sqrt(0.5)), (135.0, sqrt(0.5))),
    "vertical": ((90.0, 1.0),),
    "horizontal": ((0.0, 1.0),),
    "dense-horizontal": ((0.0, 0.5),),
}


@dataclass(frozen=True, slots=True)
class Parallels:
    """Lines of a hatch: `angle` in degrees anticlockwise from the east, `distance` between them and `width` of each."""

    angle: float
    distance: float
    width: float


@dataclass(frozen=True, slots=True)
class Marks:
    """Signs of a hatch in rows: `step` along a row, `rise` between rows, every other row moved by `shift`.

    `size` is the diameter of a dot, or the length of the arms of a plus of lines of `width`.
    """

    shape: Literal["dot", "plus"]
    size: float
    step: float
    rise: float
    shift: float
    width: float


def hatch_parts(style: ClassStyle) -> tuple[Parallels | Marks, ...]:
    """Return the hatch in points of 1/96 inch; the same pattern as the tile of `zoning.styles.hatches`."""
    tile = hatch_tile(style)
    size, width = tile.size, tile.stroke_width
    if style.hatch == "dots":
        return (Marks("dot", 2 * tile.dot_radius, size, size / 2, size / 2, 0.0),)
    if style.hatch == "cross-plus":
        return (Marks("plus", size / 2, size, size, 0.0, width),)
    return tuple(Parallels(angle, share * size, width) for angle, share in _PARALLELS.get(style.hatch, ()))


def dashes(style: ClassStyle) -> tuple[float, ...]:
    """Return the dashes of the outline, line and gap in turn, in points of 1/96 inch; () for a solid line."""
    return tuple(float(part) for part in (dash_array(style) or "").split())


def hatch_svg(style: ClassStyle) -> str:
    """Return one tile of the hatch as an SVG file, for programs that fill an area with a picture."""
    tile = hatch_tile(style)
    size = f"{tile.size:g}"
    look = f'stroke="{style.outline}" stroke-width="{tile.stroke_width:g}" stroke-opacity="{tile.opacity:g}"'
    lines = "".join(f'<path d="M{x0:g} {y0:g}L{x1:g} {y1:g}" {look}/>' for x0, y0, x1, y1 in tile.strokes)
    ink = f'r="{tile.dot_radius:g}" fill="{style.outline}" fill-opacity="{tile.opacity:g}"'
    dots = "".join(f'<circle cx="{x:g}" cy="{y:g}" {ink}/>' for x, y in tile.dots)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {size} {size}">'
        f"{lines}{dots}</svg>"
    )
