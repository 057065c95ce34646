"""Lines and rings of a drawing as its reader has them, made from corners in metres."""

from collections.abc import Sequence

import numpy as np

from zoning.sites.cad.curves import Conic, Line, Piece
from zoning.sites.cad.grouping import Ring
from zoning.sites.cad.outlines import Outline
from zoning.sites.cad.shapes import Filling, Mark, Path

Corners = Sequence[tuple[float, float]]
TOLERANCE, CROSSINGS = 0.001, 100


def mark(handle: str = "A1", kind: str = "LWPOLYLINE") -> Mark:
    """Return what every entity has."""
    return Mark(b"L", kind, handle, 1)


def straight(*corners: tuple[float, float]) -> Line:
    """Return a straight run through corners."""
    return Line(np.array([[x, y, 0.0] for x, y in corners]))


def conic(x: float, y: float, radius: float, start: float, end: float) -> Conic:
    """Return an arc of a circle; angles in radians, to the left where the end is larger."""
    axis, other = np.array([radius, 0.0, 0.0]), np.array([0.0, radius, 0.0])
    return Conic(np.array([x, y, 0.0]), axis, other, start, end)


def path(*pieces: Piece, closed: bool = False, handle: str = "A1", filling: Filling | None = None) -> Path:
    """Return a line of pieces."""
    return Path(mark(handle), pieces, closed, filling)


def drawn(*corners: tuple[float, float], closed: bool = False, handle: str = "A1") -> Path:
    """Return a line through corners."""
    return path(straight(*corners), closed=closed, handle=handle)


def box_corners(west: float, south: float, east: float, north: float) -> Corners:
    """Return the corners of a rectangle, closed, to the left."""
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def ring(corners: Corners, *, handle: str = "A1", filling: Filling | None = None) -> Ring:
    """Return a closed ring; the first corner comes again at the end."""
    made = Outline((path(straight(*corners), handle=handle, filling=filling),))
    return Ring(made, made.ring(TOLERANCE, lambda _count: None))


def rectangle(
    west: float, south: float, east: float, north: float, *, handle: str = "A1", filling: Filling | None = None
) -> Ring:
    """Return a rectangle as a ring."""
    return ring(box_corners(west, south, east, north), handle=handle, filling=filling)
