"""Hatches and dashes as SVG: drawn shapes, the same on the screen and on paper."""

from dataclasses import dataclass

from zoning.styles.looks import ClassStyle, Dash, Hatch, Spacing

_TILE: dict[Spacing, float] = {"dense": 5.0, "normal": 8.0, "wide": 12.0}
_DASHES: dict[Dash, str] = {
    "solid": "",
    "dashed": "6 3",
    "long": "12 4",
    "dotted": "1.5 3",
    "dash-dot": "8 3 1.5 3",
    "dash-dot-dot": "10 3 1.5 3 1.5 3",
}
# On a tile of 1 x 1. Diagonals run over the corners as well, so that tiles meet without gaps.
_LINES: dict[Hatch, tuple[tuple[float, float, float, float], ...]] = {
    "none": (),
    "diagonal": ((-0.25, 0.25, 0.25, -0.25), (0.0, 1.0, 1.0, 0.0), (0.75, 1.25, 1.25, 0.75)),
    "back-diagonal": ((-0.25, 0.75, 0.25, 1.25), (0.0, 0.0, 1.0, 1.0), (0.75, -0.25, 1.25, 0.25)),
    "cross": ((0.0, 1.0, 1.0, 0.0), (0.0, 0.0, 1.0, 1.0)),
    "dots": (),
    "vertical": ((0.5, 0.0, 0.5, 1.0),),
    "horizontal": ((0.0, 0.5, 1.0, 0.5),),
    "dense-horizontal": ((0.0, 0.25, 1.0, 0.25), (0.0, 0.75, 1.0, 0.75)),
    "cross-plus": ((0.25, 0.5, 0.75, 0.5), (0.5, 0.25, 0.5, 0.75)),
}
_STROKE = 1.0
_STROKE_OPACITY = 0.45
_DOT_RADIUS = 1.0
_DOTS = (0.25, 0.75)


def dash_array(style: ClassStyle) -> str | None:
    """Return the `stroke-dasharray` of the outline; None for a solid line."""
    return _DASHES[style.dash] or None


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of a hatch, in pixels: what paper repeats where a browser repeats an SVG pattern.

    `strokes` are lines (x0, y0, x1, y1), y downwards; `dots` the centres of dots of `dot_radius`.
    """

    size: float
    strokes: tuple[tuple[float, float, float, float], ...]
    dots: tuple[tuple[float, float], ...]
    stroke_width: float = _STROKE
    dot_radius: float = _DOT_RADIUS
    opacity: float = _STROKE_OPACITY


def hatch_tile(style: ClassStyle) -> Tile:
    """Return the tile of a class; one without hatch has neither strokes nor dots."""
    size = _TILE[style.spacing]
    strokes = tuple((x0 * size, y0 * size, x1 * size, y1 * size) for x0, y0, x1, y1 in _LINES[style.hatch])
    dots = tuple((at * size, at * size) for at in _DOTS) if style.hatch == "dots" else ()
    return Tile(size, strokes, dots)


def needs_pattern(style: ClassStyle) -> bool:
    """Tell whether the fill is more than a plain colour."""
    return style.hatch != "none"


def svg_pattern(pattern_id: str, style: ClassStyle) -> str:
    """Return a `<pattern>` that holds the tint and the hatch of a class."""
    size = _TILE[style.spacing]
    tint = f'<rect width="{size:g}" height="{size:g}" fill="{style.fill}" fill-opacity="{style.fill_opacity:g}"/>'
    return (
        f'<pattern id="{pattern_id}" width="{size:g}" height="{size:g}" patternUnits="userSpaceOnUse">'
        f"{tint}{_marks(style, size)}</pattern>"
    )


def _marks(style: ClassStyle, size: float) -> str:
    ink = f'"{style.outline}"'
    if style.hatch == "dots":
        look = f'r="{_DOT_RADIUS:g}" fill={ink} fill-opacity="{_STROKE_OPACITY:g}"'
        return "".join(f'<circle cx="{at * size:g}" cy="{at * size:g}" {look}/>' for at in _DOTS)
    path = "".join(_line(*(value * size for value in line)) for line in _LINES[style.hatch])
    look = f'stroke={ink} stroke-width="{_STROKE:g}" stroke-opacity="{_STROKE_OPACITY:g}"'
    return f'<path d="{path}" {look} fill="none"/>'


def _line(x0: float, y0: float, x1: float, y1: float) -> str:
    # Browsers print a tile as a picture of its own size: an upright or level line is sharp only on a whole pixel.
    if x0 == x1:
        x0 = x1 = int(x0) + 0.5
    if y0 == y1:
        y0 = y1 = int(y0) + 0.5
    return f"M{x0:g} {y0:g}L{x1:g} {y1:g}"
