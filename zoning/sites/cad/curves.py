"""The pieces that lines in a drawing consist of: straight runs, arcs of ellipses, B-splines.

Kept exact in space until layer and unit are decided; flattened at the very end. All of them stay what they are under
the affine transformations of blocks. Points are arrays of shape (n, 3).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Take = Callable[[int], None]
"""Counts vertices before they are made; raises beyond the limit."""

FULL = 2 * math.pi
_WIDEST_STEP = math.radians(3)
_ROUNDS = 24
_FIRST_SPLIT = 4
_STRAIGHT_BULGE = 1e-9


@dataclass(frozen=True, slots=True)
class Line:
    """A straight run through points."""

    points: Array
    curved = False

    @property
    def ends(self) -> Array:
        """First and last point, shape (2, 3)."""
        return self.points[[0, -1]]

    def reversed(self) -> "Line":
        """Return it the other way round."""
        return Line(self.points[::-1])

    def moved(self, matrix: Array) -> "Line":
        """Return it under a transformation of shape (4, 4)."""
        return Line(_moved(self.points, matrix))

    def flat(self, _tolerance: float, take: Take) -> Array:
        """Return the points."""
        take(len(self.points))
        return self.points


@dataclass(frozen=True, slots=True)
class Conic:
    """An arc of an ellipse: centre + u cos t + v sin t, t from `start` to `end` in radians."""

    centre: Array
    u: Array
    v: Array
    start: float
    end: float
    curved = True

    @property
    def ends(self) -> Array:
        """First and last point, shape (2, 3)."""
        return self._at(np.array([self.start, self.end]))

    @property
    def radius(self) -> float:
        """At least the longer half axis."""
        return math.sqrt(float(self.u @ self.u) + float(self.v @ self.v))

    @property
    def segment_area(self) -> float:
        """The area in the plane between the arc and its chord, positive where the arc is on the right."""
        turned = self.end - self.start
        return self._cross * (turned - math.sin(turned)) / 2

    @property
    def _cross(self) -> float:
        return float(self.u[0] * self.v[1] - self.u[1] * self.v[0])

    def reversed(self) -> "Conic":
        """Return it the other way round."""
        return replace(self, start=self.end, end=self.start)

    def moved(self, matrix: Array) -> "Conic":
        """Return it under a transformation of shape (4, 4)."""
        turn = matrix[:3, :3]
        return Conic(_moved(self.centre[None, :], matrix)[0], turn @ self.u, turn @ self.v, self.start, self.end)

    def flat(self, tolerance: float, take: Take) -> Array:
        """Return points on the arc; no chord lies farther from it than `tolerance`."""
        steps = self._steps(tolerance)
        take(steps + 1)
        return self._at(np.linspace(self.start, self.end, steps + 1))

    def lost_area(self, tolerance: float) -> float:
        """Return the area in the plane between the arc and its chords, positive where it is on the right of them."""
        steps = self._steps(tolerance)
        turned = (self.end - self.start) / steps
        return steps * self._cross * (turned - math.sin(turned)) / 2

    def _steps(self, tolerance: float) -> int:
        size = math.sqrt(max(float(self.u @ self.u), float(self.v @ self.v)))
        # Under a skew the longest half axis exceeds both vectors.
        size = self.radius if abs(float(self.u @ self.v)) > 1e-9 * size * size else size
        widest = 2 * math.acos(1 - tolerance / size) if size > tolerance else _WIDEST_STEP
        step = min(widest, _WIDEST_STEP)
        # 1 - tolerance / size is 1 for an arc as large as a planet.
        step = step or math.sqrt(8 * tolerance / size)
        return max(2, math.ceil(abs(self.end - self.start) / step))

    def _at(self, t: Array) -> Array:
        made: Array = self.centre + np.cos(t)[:, None] * self.u + np.sin(t)[:, None] * self.v
        return made


@dataclass(frozen=True, slots=True)
class Spline:
    """A B-spline, rational with `weights`.

    Attributes
    ----------
    control
        Shape (n, 3).
    knots
        Shape (n + degree + 1,), not falling.
    weights
        Shape (n,), positive.
    """

    control: Array
    knots: Array
    weights: Array
    degree: int
    backwards: bool = False
    curved = True

    @property
    def ends(self) -> Array:
        """First and last point, shape (2, 3)."""
        ends = self._at(np.array([self.knots[self.degree], self.knots[-self.degree - 1]]))
        return ends[::-1] if self.backwards else ends

    def reversed(self) -> "Spline":
        """Return it the other way round."""
        return replace(self, backwards=not self.backwards)

    def moved(self, matrix: Array) -> "Spline":
        """Return it under a transformation of shape (4, 4)."""
        return replace(self, control=_moved(self.control, matrix))

    def flat(self, tolerance: float, take: Take) -> Array:
        """Return points on the curve; chords are tested at their quarters and split until within `tolerance`."""
        inner = np.unique(self.knots[self.degree : len(self.knots) - self.degree])
        share = np.arange(_FIRST_SPLIT) / _FIRST_SPLIT
        take(_FIRST_SPLIT * len(inner))
        t = np.append((inner[:-1, None] + np.diff(inner)[:, None] * share).ravel(), inner[-1])
        points = self._at(t)
        for _ in range(_ROUNDS):
            far = self._deviation(t, points) > tolerance
            if not far.any():
                break
            take(int(far.sum()))
            middle = (t[:-1][far] + t[1:][far]) / 2
            order = np.argsort(np.concatenate([t, middle]), kind="stable")
            points = np.concatenate([points, self._at(middle)])[order]
            t = np.concatenate([t, middle])[order]
        return points[::-1] if self.backwards else points

    def _deviation(self, t: Array, points: Array) -> Array:
        """Return how far the curve runs from each chord, shape (n - 1,)."""
        start, chord, worst = points[:-1], np.diff(points, axis=0), np.zeros(len(t) - 1)
        length = np.maximum((chord * chord).sum(axis=1), np.finfo(float).tiny)
        for share in (0.25, 0.5, 0.75):
            away = self._at(t[:-1] + share * np.diff(t)) - start
            along = np.clip((away * chord).sum(axis=1) / length, 0, 1)
            worst = np.maximum(worst, np.linalg.norm(away - along[:, None] * chord, axis=1))
        return worst

    def _at(self, t: Array) -> Array:
        """Evaluate by de Boor's scheme, all parameters at once."""
        p, last = self.degree, len(self.control) - 1
        span = np.clip(np.searchsorted(self.knots, t, side="right") - 1, p, last)
        homogeneous = np.column_stack([self.control * self.weights[:, None], self.weights])
        rows = [homogeneous[span - p + j] for j in range(p + 1)]
        for level in range(1, p + 1):
            for j in range(p, level - 1, -1):
                low = self.knots[span - p + j]
                gap = self.knots[span + 1 + j - level] - low
                share = np.divide(t - low, gap, out=np.zeros_like(t), where=gap > 0)[:, None]
                rows[j] = (1 - share) * rows[j - 1] + share * rows[j]
        made: Array = rows[p][:, :3] / rows[p][:, 3:]
        return made


Piece = Line | Conic | Spline


def turn(start: float, end: float) -> float:
    """Return how far an arc goes round to the left, in (0, 2 pi]."""
    return (end - start) % FULL or FULL


def bulged(points: Array, bulges: Sequence[float], axes: Array, *, closed: bool) -> list[Piece]:
    """Return the pieces of a polyline in its own plane.

    Parameters
    ----------
    points
        Shape (n, 3), in the plane's own coordinates.
    bulges
        Per point, of the segment that begins there: tangent of a quarter of the angle it turns, positive to the left.
    axes
        Shape (3, 3), the columns are the axes of the plane in space.
    """
    count = len(points) if closed else len(points) - 1
    pieces: list[Piece] = []
    start = 0
    for i in range(count):
        if abs(bulges[i]) < _STRAIGHT_BULGE:
            continue
        if i > start:
            pieces.append(Line(points[start : i + 1] @ axes.T))
        pieces.append(_arc(points[i], points[(i + 1) % len(points)], bulges[i], axes))
        start = i + 1
    if start < count or not pieces:
        rest = points[start:]
        pieces.append(Line((np.vstack([rest, points[:1]]) if closed else rest) @ axes.T))
    return pieces


def _arc(first: Array, second: Array, bulge: float, axes: Array) -> Conic:
    chord = second - first
    left = np.array([-chord[1], chord[0], 0.0])
    centre = (first + second) / 2 + left * ((1 - bulge * bulge) / (4 * bulge))
    u = first - centre
    u[2] = 0.0
    centre[2] = first[2]
    v = np.array([-u[1], u[0], 0.0])
    return Conic(axes @ centre, axes @ u, axes @ v, 0.0, 4 * math.atan(bulge))


def _moved(points: Array, matrix: Array) -> Array:
    made: Array = points @ matrix[:3, :3].T + matrix[:3, 3]
    return made


def flat_path(pieces: Sequence[Piece], tolerance: float, take: Take) -> Array:
    """Return the points of pieces that follow one another, each meeting point once.

    At the end of a curve the next piece's first point counts: a straight run has the number that the file holds.
    """
    parts = [piece.flat(tolerance, take) for piece in pieces]
    return np.concatenate([*(part[:-1] for part in parts[:-1]), parts[-1]])
