"""Arcs and circles of a VCT file as vertices whose chords stay within 0.1 mm of the curve."""

from math import acos, atan2, ceil, hypot, pi

import numpy as np

from zoning.sites.drawing import Coordinates

_SAGITTA_M = 1e-4
_MOST_CHORDS = 20_000
_STRAIGHT = 1e-9


class NoCircleError(ValueError):
    """The three points do not lie on one circle."""


def arc(points: Coordinates) -> Coordinates:
    """Return the arc from the first of three points through the second to the third, shape (n, 2), both ends exact.

    Raises
    ------
    NoCircleError
        When two of the points are the same.
    """
    if len({(x, y) for x, y in points[:, :2].tolist()}) != 3:  # noqa: PLR2004 - three points make an arc
        raise NoCircleError
    found = _centre(points)
    if found is None:
        return points[:, :2].copy()
    (x, y), radius, turn = found
    start, end = (atan2(point[1] - y, point[0] - x) for point in (points[0], points[2]))
    sweep = (end - start) % (2 * pi) if turn > 0 else -((start - end) % (2 * pi))
    made = _on_circle((x, y), radius, start, sweep)
    made[0], made[-1] = points[0, :2], points[2, :2]
    return made


def circle_through(points: Coordinates) -> Coordinates:
    """Return the closed circle through three points, beginning at the first.

    Raises
    ------
    NoCircleError
        When the points lie in a line.
    """
    found = _centre(points)
    if found is None:
        raise NoCircleError
    (x, y), radius, _ = found
    made = _on_circle((x, y), radius, atan2(points[0, 1] - y, points[0, 0] - x), 2 * pi)
    made[0] = made[-1] = points[0, :2]
    return made


def circle(centre: tuple[float, float], radius: float) -> Coordinates:
    """Return the closed circle, beginning in the east."""
    made = _on_circle(centre, radius, 0.0, 2 * pi)
    made[-1] = made[0]
    return made


def _centre(points: Coordinates) -> tuple[tuple[float, float], float, float] | None:
    """Return centre, radius and the sense of turning; None when the points lie in a line."""
    # Relative to the first point: the squares of whole eastings would eat up the millimetres.
    (bx, by), (cx, cy) = points[1, :2] - points[0, :2], points[2, :2] - points[0, :2]
    turn = float(bx * cy - by * cx)
    longest = max(hypot(bx, by), hypot(cx, cy), hypot(bx - cx, by - cy))
    if abs(turn) <= _STRAIGHT * longest * longest:
        return None
    b, c = bx * bx + by * by, cx * cx + cy * cy
    x, y = (cy * b - by * c) / (2 * turn), (bx * c - cx * b) / (2 * turn)
    return (float(points[0, 0] + x), float(points[0, 1] + y)), float(hypot(x, y)), turn


def _on_circle(centre: tuple[float, float], radius: float, start: float, sweep: float) -> Coordinates:
    step = 2 * acos(max(0.0, 1 - _SAGITTA_M / radius)) if radius > _SAGITTA_M else pi / 2
    chords = min(max(8, ceil(abs(sweep) / step)), _MOST_CHORDS)
    angles = start + sweep * np.arange(chords + 1) / chords
    made: Coordinates = np.column_stack([centre[0] + radius * np.cos(angles), centre[1] + radius * np.sin(angles)])
    return made
