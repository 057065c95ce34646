"""What lies within a distance of a long thing: a river, a road."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay.frame import LocalFrame
from zoning.overlay.plane import MeasuringPlane

_PIECE_M = 8_000.0
"""A long thing is grown piece by piece: true metres hold to a few millimetres this near to the middle of a piece."""

_ARC, _EDGE_M = 16, 250.0


def grown(plane: MeasuringPlane, geometry: BaseGeometry, distance_m: float) -> BaseGeometry:
    """Return a geometry of the plane with everything within true metres of it."""
    pieces = []
    for piece in _pieces(geometry):
        x, y = piece.envelope.centroid.coords[0]
        frame = LocalFrame.at(plane, x, y)
        wide = shapely.buffer(frame.to_frame([piece])[0], distance_m, quad_segs=_ARC)
        pieces.append(frame.to_plane([shapely.segmentize(wide, _EDGE_M)])[0])
    united: BaseGeometry = shapely.union_all(pieces)
    return united


def _pieces(geometry: BaseGeometry) -> list[BaseGeometry]:
    west, south, east, north = geometry.bounds
    columns = np.arange(west, east, _PIECE_M)
    rows = np.arange(south, north, _PIECE_M)
    cut = [shapely.clip_by_rect(geometry, x, y, x + _PIECE_M, y + _PIECE_M) for x in columns for y in rows]
    return [piece for piece in cut if not piece.is_empty]
