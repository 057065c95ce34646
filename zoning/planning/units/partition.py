"""A territory divided by the borders of everything in it: faces without gap and overlap, with the members of each.

All borders are noded together on a precision grid (snap rounding, Hobby 1999, as in the OverlayNG of GEOS), and the
faces between them are what a partition is put together from. Neighbours share their vertices, to the last bit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError
from zoning.overlay import beside
from zoning.overlay.plane import Geometries

Numbers = NDArray[np.int64]

GRID_M = 1e-6
"""Precision grid of the measuring plane, metres. Borders move by less; what is thinner may belong to either side.

On coarser grids the area of a county changes by more than 1e-9: the errors of its vertices do not cancel out, and a
border along a parallel moves as a whole. Numbers of the plane have a thousandth of it to spare.
"""

_AREA_MATCHES = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """The smallest pieces of a partition.

    Attributes
    ----------
    geometries
        (n,) polygons of the measuring plane, none of which overlaps another; together they are the territory.
    face, member
        (m,) which face lies in which member; ordered by face, then by member.
    grid_m
        The precision grid.
    """

    geometries: Geometries
    face: Numbers
    member: Numbers
    grid_m: float

    @property
    def areas_m2(self) -> NDArray[np.float64]:
        """Areas (n,)."""
        areas: NDArray[np.float64] = shapely.area(self.geometries)
        return areas

    def members_of(self, count: int) -> list[tuple[int, ...]]:
        """Return the members of each of `count` faces, ascending."""
        found: list[list[int]] = [[] for _ in range(count)]
        for face, member in zip(self.face.tolist(), self.member.tolist(), strict=True):
            found[face].append(member)
        return [tuple(members) for members in found]


def divide(territory: BaseGeometry, members: Sequence[BaseGeometry] | Geometries, *, grid_m: float = GRID_M) -> Faces:
    """Divide a territory along the borders of its members.

    Parameters
    ----------
    territory
        Valid polygon of the measuring plane.
    members
        (k,) valid polygons of the measuring plane; they may overlap each other and reach out of the territory.
    grid_m
        The precision grid, metres.

    Raises
    ------
    ContentError
        When the faces do not add up to the territory: it is not valid, or finer than the grid.
    """
    shapes = np.asarray(members, dtype=object)
    shapely.prepare(territory)
    near = np.flatnonzero(shapely.intersects(territory, shapes)) if len(shapes) else np.empty(0, dtype=np.int64)
    lines = [shapely.boundary(territory), *_inside(territory, shapely.boundary(shapes[near]))]
    noded = shapely.union_all(np.asarray(lines, dtype=object), grid_size=grid_m)
    faces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))), dtype=object)
    points = shapely.point_on_surface(faces)
    own = shapely.intersects(territory, points)
    faces, points = faces[own], points[own]
    _check_area(territory, faces, grid_m)
    tree = STRtree(points)
    shapely.prepare(shapes)
    member, face = tree.query(shapes[near], predicate="intersects") if len(near) else np.empty((2, 0), dtype=np.int64)
    member = near[member]
    order = np.lexsort((member, face))
    return Faces(faces, np.asarray(face[order], dtype=np.int64), np.asarray(member[order], dtype=np.int64), grid_m)


def _inside(territory: BaseGeometry, borders: Geometries) -> Iterable[BaseGeometry]:
    """Return the parts of borders that divide the territory; those wholly inside are not cut."""
    whole = shapely.covers(territory, borders)
    cut = beside.intersection(borders[~whole], territory)
    for line in (*borders[whole], *cut):
        flat = [part for part in shapely.get_parts(line) if part.geom_type in ("LineString", "LinearRing")]
        if flat:
            yield shapely.MultiLineString(flat)


def _check_area(territory: BaseGeometry, faces: Geometries, grid_m: float) -> None:
    area, found = float(territory.area), float(shapely.area(faces).sum())
    # The border of the territory itself moves to the grid: half of it on each side, so that the sum hardly changes.
    allowed = max(_AREA_MATCHES * area, grid_m * grid_m)
    if abs(area - found) > allowed:
        raise ContentError(
            f"划分后的面积（{found:.3f} m²）与辖区面积（{area:.3f} m²）不符；请检查辖区边界，"
            f"或换更细的精度格网（现为 {grid_m:g} m）",
            f"the faces add up to {found:.3f} m² and the territory has {area:.3f} m²: check its border, "
            f"or use a finer precision grid (now {grid_m:g} m)",
        )


def dissolve(faces: Geometries, labels: Numbers) -> Geometries:
    """Join faces with the same label.

    Parameters
    ----------
    faces
        (n,) of `divide`.
    labels
        (n,) from 0 to k - 1, each of which occurs.

    Returns
    -------
    (k,) polygons; where two of them meet, each has all the vertices of the other.
    """
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(int(labels.max(initial=-1)) + 1))
    joined = np.empty(len(starts), dtype=object)
    for number, mine in enumerate(np.split(order, starts[1:]) if len(starts) else []):
        joined[number] = faces[mine[0]] if len(mine) == 1 else shapely.coverage_union_all(faces[mine])
    return joined
