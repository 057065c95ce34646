"""The drawn sign of a decision as PNG, for formats that know no SVG."""

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

_BOX = 24
_PEN = 2.6
_FINER = 4
_CURVE_STEPS = 16
Line = list[tuple[float, float]]


def sign_png(badge: str, sign: str, colour: str, *, size: int = 320) -> bytes:
    """Return the badge with its sign on transparent ground, `size` pixels wide: the same shapes, the same bytes."""
    from PIL import Image, ImageDraw

    scale = size * _FINER / _BOX
    picture = Image.new("RGBA", (size * _FINER, size * _FINER), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    for line in _lines(badge, scale):
        draw.polygon(line, fill=colour)
    half = _PEN * scale / 2
    for line in _lines(sign, scale):
        draw.line(line, fill="#FFFFFF", width=round(2 * half), joint="curve")
        for x, y in (line[0], line[-1]):
            draw.ellipse((x - half, y - half, x + half, y + half), fill="#FFFFFF")
    made = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(made, format="PNG", optimize=True)
    return made.getvalue()


def _lines(path: str, scale: float) -> Iterator[Line]:
    """Yield the lines of an SVG path, curves as short straight pieces."""
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import parse_path

    pen = RecordingPen()
    parse_path(path, pen)
    line: Line = []
    for name, points in pen.value:
        if name == "moveTo":
            line = [points[0]]
        elif name == "lineTo":
            line.append(points[0])
        elif name in {"curveTo", "qCurveTo"}:
            line.extend(_curve([line[-1], *points]))
        else:
            yield [(x * scale, y * scale) for x, y in line]


def _curve(points: Any) -> Iterator[tuple[float, float]]:
    """Yield points of a Bézier curve by de Casteljau's construction."""
    for step in range(1, _CURVE_STEPS + 1):
        t = step / _CURVE_STEPS
        level = list(points)
        while len(level) > 1:
            level = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(level)]
        yield level[0]
