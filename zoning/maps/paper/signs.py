"""The sign of a decision on paper: the drawn shapes of the styles."""

from math import ceil
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.maps.paper.marks import MM_PER_POINT, Page, Shape
from zoning.styles.stylebook import DecisionStyle

_BOX = 24.0
_STEPS = 12


def draw_sign(page: Page, style: DecisionStyle, left: float, bottom: float, size: float) -> None:
    """Draw the badge and the sign of a decision, `size` millimetres wide."""

    def put(geometry: BaseGeometry) -> BaseGeometry:
        # SVG counts downwards.
        return shapely.transform(
            geometry,
            lambda xy: np.column_stack([left + xy[:, 0] * size / _BOX, bottom + (_BOX - xy[:, 1]) * size / _BOX]),
        )

    badge = shapely.polygons([line.coords for line in path_lines(style.badge)])
    page.add(Shape(put(shapely.multipolygons(badge)), fill=style.colour))
    sign = shapely.multilinestrings(path_lines(style.sign))
    page.add(Shape(put(sign), stroke="#FFFFFF", width=2.6 * size / _BOX / MM_PER_POINT))


def path_lines(path: str) -> list[Any]:
    """Return the strokes of an SVG path as lines, curves in short steps."""
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import parse_path

    pen = RecordingPen()
    parse_path(path, pen)
    lines: list[list[tuple[float, float]]] = []
    for kind, points in pen.value:
        if kind == "moveTo":
            lines.append([points[0]])
        elif kind == "lineTo":
            lines[-1].append(points[0])
        elif kind == "curveTo":
            lines[-1].extend(_curve(lines[-1][-1], points))
        elif kind == "closePath":
            lines[-1].append(lines[-1][0])
    return [shapely.linestrings(line) for line in lines if len(line) > 1]


def _curve(start: tuple[float, float], points: Any) -> list[tuple[float, float]]:
    corners = np.array([start, *points])
    found = []
    for t in np.linspace(0, 1, ceil(_STEPS))[1:]:
        level = corners
        while len(level) > 1:
            level = level[:-1] * (1 - t) + level[1:] * t
        found.append((float(level[0, 0]), float(level[0, 1])))
    return found
