"""Rows of fields whose corners do not meet: put together they have seams of no width, and GEOS loses one of them.

A row's corners lie on the edges of the next row as nearly as numbers can tell. What is lost is lost whole: the field
has nothing in common with all of them together, or lies outside of them.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE
from zoning.overlay.frame import LocalFrame
from zoning.overlay.plane import Geometries

CRS = "EPSG:4525"
Rows = tuple[tuple[float, tuple[float, ...]], ...]


def array(*shapes: BaseGeometry) -> Geometries:
    """Return shapes as an array, (n,)."""
    return np.asarray([*shapes, None], dtype=object)[:-1]


def fields(rows: Rows, south: float, high: float = 50.0) -> list[BaseGeometry]:
    """Return the fields, each row so high; of a row is told where it begins and how wide its fields are, metres."""
    found: list[BaseGeometry] = []
    for number, (first, widths) in enumerate(rows):
        west = first
        for wide in widths:
            found.append(shapely.box(west, south + high * number, west + wide, south + high * (number + 1)))
            west += wide
    return found


@dataclass(frozen=True)
class Seamed:
    """Fields in EPSG:4525, from south to north and from west to east; `lost` is the number of the one that is lost."""

    rows: Rows
    south: float
    lost: int
    high: float = 50.0

    def plane(self) -> Geometries:
        """Return them in the measuring plane."""
        return PLANE.to_plane(fields(self.rows, self.south, self.high), CRS, step_m=85.0)

    def frame(self, east_m: float) -> Geometries:
        """Return them in true metres around a point that lies so far to the east of their middle."""
        shapes = self.plane()
        west, south, east, north = shapely.total_bounds(shapes).tolist()
        return LocalFrame.at(PLANE, (west + east) / 2 + east_m, (south + north) / 2).to_frame(shapes)

    def system(self, crs: str) -> Geometries:
        """Return them in another coordinate system."""
        moved = Transformer.from_crs(CRS, crs, always_xy=True)
        dense = shapely.segmentize(np.asarray(fields(self.rows, self.south, self.high)), 85.0)
        return np.asarray(shapely.transform(dense, lambda xy: np.column_stack(moved.transform(*xy.T))), dtype=object)


LARGE = Seamed(
    (
        (37_626_103.0, (40, 0.9, 0.05, 0.05, 60)),
        (37_626_103.949999996, (40, 0.9, 0.05)),
        (37_626_103.0, (120,)),
    ),
    3_933_068.0,
    6,
)
SMALL = Seamed(
    (
        (37_631_077.95, (40, 40, 40)),
        (37_631_077.9, (40, 0.05, 120, 0.05, 120)),
        (37_631_077.9, (0.9, 120, 0.9, 40)),
    ),
    3_939_078.0,
    4,
    10.0,
)
IN_4526 = Seamed(
    ((37_630_164.9, (40, 120, 40)), (37_630_164.95, (60, 40, 0.05)), (37_630_164.05, (120,))), 3_941_391.0, 4
)
IN_4490 = Seamed(
    (
        (37_633_963.0, (60, 120, 120, 120)),
        (37_633_963.9, (40, 40, 0.05, 0.9)),
        (37_633_963.05, (0.05, 0.9, 60, 60)),
    ),
    3_941_496.0,
    5,
)


def lost(fields_: Geometries, number: int) -> tuple[BaseGeometry, BaseGeometry]:
    """Return a field, and all of them put together with their seams; GEOS says that the field lies outside of them."""
    field, whole = fields_[number], shapely.union_all(fields_)
    # Else the tests below could not fail.
    assert shapely.intersection(field, whole).area < field.area / 1_000
    assert shapely.difference(field, whole).area > field.area / 2
    return field, whole
