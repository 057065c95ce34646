"""One drawing with true proportions: a window of metres on a piece of the sheet, and what is free on it."""

from dataclasses import dataclass, field
from math import cos, floor, log10, pi, sin
from typing import TYPE_CHECKING, Any

import numpy as np

from zoning.quality.outline import Floats
from zoning.quality.pictures import looks
from zoning.quality.pictures.fonts import Pen, drawable
from zoning.texts import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Box = tuple[float, float, float, float]
HALO = "halo-"
_POINTS = 72.0
_WIDE_SIGN = 0x2E80
_ANGLES = 16
_MOST_TAKEN, _MOST_STEPS = 4_000, 60
_APART = 6.0
_DISTANCES = (17.0, 26.0, 38.0, 54.0, 74.0)


def nice(length: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is not above a length.

    >>> nice(37.0), nice(0.7)
    (20.0, 0.5)
    """
    power = 10.0 ** floor(log10(length))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= length * (1 + 1e-9))


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is set, in points: a Chinese sign is as wide as high."""
    return size * sum(1.0 if ord(sign) >= _WIDE_SIGN else 0.56 for sign in text)


@dataclass(slots=True)
class Panel:
    """A window on the scene.

    Attributes
    ----------
    west, south
        Its corner in metres.
    scale
        Metres per point.
    width, height
        Its size in points.
    taken
        Where something stands already: boxes (n, 4) in points from the corner.
    """

    axes: "Axes"
    pen: Pen
    west: float
    south: float
    scale: float
    width: float
    height: float
    taken: Floats = field(default_factory=lambda: np.empty((0, 4)))

    @classmethod
    def on(
        cls,
        figure: "Figure",
        place: Box,
        bounds: Box,
        pen: Pen,
        *,
        margin: float,
    ) -> "Panel":
        """Put a window around `bounds` (metres) on a `place` of the sheet (left, bottom, width, height as shares)."""
        left, bottom, wide, high = place
        size = figure.get_size_inches()
        width, height = wide * size[0] * _POINTS, high * size[1] * _POINTS
        west, south, east, north = bounds
        scale = max((east - west) / (width - 2 * margin), (north - south) / (height - 2 * margin), 1e-6)
        x = (west + east) / 2 - width * scale / 2
        y = (south + north) / 2 - height * scale / 2
        axes = figure.add_axes((left, bottom, wide, high))
        axes.set_xlim(x, x + width * scale)
        axes.set_ylim(y, y + height * scale)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_facecolor(looks.PANEL)
        for spine in axes.spines.values():
            spine.set_color(looks.QUIET)
            spine.set_linewidth(0.6)
            spine.set_zorder(15)
        return cls(axes, pen, x, y, scale, width, height)

    @property
    def window(self) -> Box:
        """West, south, east, north in metres."""
        return (self.west, self.south, *self.metres(self.width, self.height))

    def points(self, xy: Floats) -> tuple[float, float]:
        """Return a place (2,) in points from the corner."""
        return float(xy[0] - self.west) / self.scale, float(xy[1] - self.south) / self.scale

    def metres(self, x: float, y: float) -> tuple[float, float]:
        """Return a place in points from the corner as metres."""
        return self.west + x * self.scale, self.south + y * self.scale

    def shows(self, xy: Floats) -> bool:
        """Tell whether a place lies in the window."""
        x, y = self.points(xy)
        return 0 <= x <= self.width and 0 <= y <= self.height

    def write(self, x: float, y: float, text: str, size: float, *, halo: bool = False, **style: Any) -> None:
        """Write a text at a place in points from the corner; nothing in it is taken as a formula.

        Parameters
        ----------
        halo
            Keep it readable on lines.
        """
        style = {"ha": "center", "va": "center", "color": looks.INK, "zorder": 20, **style}
        written = self.axes.text(
            *self.metres(x, y), drawable(text, self.pen.font), fontsize=size, parse_math=False, clip_on=False, **style
        )
        if halo and self.pen.as_text:
            # An effect would turn the text into outlines; the sheet makes a class of this name.
            written.set_gid(f"{HALO}{id(written)}")
        elif halo:
            from matplotlib.patheffects import withStroke

            written.set_path_effects([withStroke(linewidth=2.2, foreground=looks.PANEL)])

    def say(self, text: Text) -> str:
        """Return a text in the language of the picture."""
        return text.get(self.pen.language)

    def take(self, box: Box) -> None:
        """Keep a box (left, bottom, right, top in points) free of labels."""
        self.taken = np.vstack([self.taken, box])

    def overlap(self, box: Box) -> float:
        """Return how much of a box is taken, or lies outside."""
        left, bottom, right, top = box
        there = self.taken
        wide = np.minimum(right, there[:, 2]) - np.maximum(left, there[:, 0])
        high = np.minimum(top, there[:, 3]) - np.maximum(bottom, there[:, 1])
        lost = float((np.clip(wide, 0, None) * np.clip(high, 0, None)).sum())
        inside = max(0.0, min(right, self.width) - max(left, 0.0)) * max(0.0, min(top, self.height) - max(bottom, 0.0))
        return lost + 4 * ((right - left) * (top - bottom) - inside)

    def free_place(self, at: tuple[float, float], half: tuple[float, float], away: float) -> tuple[float, float]:
        """Return where a box of half a width and half a height disturbs least around a place.

        Parameters
        ----------
        away
            The direction that is liked best, radians.
        """
        best, least = at, float("inf")
        for rank, distance in enumerate(_DISTANCES):
            for turn in range(_ANGLES):
                angle = away + (turn + 1) // 2 * (-1) ** turn * 2 * pi / _ANGLES
                x, y = at[0] + distance * cos(angle), at[1] + distance * sin(angle)
                cost = self.overlap((x - half[0], y - half[1], x + half[0], y + half[1])) + rank * 6 + turn * 0.8
                if cost < least:
                    best, least = (x, y), cost
        return best

    @property
    def full(self) -> bool:
        """So much is taken that more would not help."""
        return len(self.taken) > _MOST_TAKEN

    def take_line(self, xy: Floats) -> None:
        """Keep labels off a line (n, 2) of metres, roughly: small boxes along it."""
        points = (xy - [self.west, self.south]) / self.scale
        lengths = np.hypot(*np.diff(points, axis=0).T)
        steps = np.clip(lengths // _APART, 1, _MOST_STEPS).astype(int)
        middles = [
            one + (other - one) * np.linspace(0, 1, step + 1)[:, None]
            for one, other, step in zip(points[:-1], points[1:], steps.tolist(), strict=True)
        ]
        if middles:
            spots = np.concatenate(middles)
            inside = ((spots >= 0) & (spots <= [self.width, self.height])).all(axis=1)
            self.taken = np.vstack([self.taken, np.hstack([spots[inside] - 1.5, spots[inside] + 1.5])])
