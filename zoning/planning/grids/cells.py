"""The cells of a grid clipped to a territory: together they are the territory, and none overlaps another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.overlay.plane import Geometries, MeasuringPlane
from zoning.planning.grids.lattice import Lattice, LatticeCells, cells_over
from zoning.planning.grids.scheme import Slivers
from zoning.planning.units.merging import common_borders, merge_small
from zoning.planning.units.partition import dissolve, divide

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class GridCell:
    """One cell, clipped.

    Attributes
    ----------
    geometry
        In the measuring plane; it has all vertices of its neighbours on their common borders.
    area_m2
        On the ellipsoid.
    sliver
        It is smaller than the minimum, and was not joined to another.
    joined
        Codes of the cells of which the small rest belongs to this one.
    """

    code: str
    row: int
    column: int
    geometry: BaseGeometry
    area_m2: float
    sliver: bool
    joined: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """All cells of a territory, from north to south and from west to east."""

    lattice: Lattice
    minimum_m2: float
    cells: tuple[GridCell, ...]

    @property
    def joined_into(self) -> dict[str, str]:
        """Return the cell that each joined one belongs to."""
        return {code: cell.code for cell in self.cells for code in cell.joined}


def grid_cells(
    plane: MeasuringPlane, land: BaseGeometry, lattice: Lattice, *, minimum_m2: float, slivers: Slivers
) -> Cells:
    """Divide a territory (`land`, in the measuring plane) into the cells of a lattice.

    Raises
    ------
    UsageError
        When there would be too many cells.
    ContentError
        When the cells do not add up to the territory.
    """
    whole = cells_over(plane, land, lattice)
    faces = divide(land, whole.geometries)
    owner = _owner(faces.face, faces.member, faces.geometries, whole)
    used, labels = np.unique(owner, return_inverse=True)
    pieces = dissolve(faces.geometries, np.asarray(labels, dtype=np.int64))
    areas = np.asarray(shapely.area(pieces), dtype=np.float64)
    into = np.arange(len(used), dtype=np.int64)
    if slivers == "join" and minimum_m2 > 0:
        into = merge_small(areas, common_borders(pieces), np.zeros(len(used), dtype=np.int64), minimum_m2).into
    cells = _cells(whole, used, into, pieces, minimum_m2)
    return Cells(lattice, minimum_m2, tuple(sorted(cells, key=lambda one: (-one.row, one.column))))


def _owner(face: Numbers, member: Numbers, faces: Geometries, whole: LatticeCells) -> Numbers:
    """Return the cell of every face; what snapping left between two cells goes to the nearest."""
    owner = np.full(len(faces), -1, dtype=np.int64)
    owner[face[::-1]] = member[::-1]
    lost = np.flatnonzero(owner < 0)
    if len(lost):
        nearest = shapely.STRtree(whole.geometries).nearest(shapely.point_on_surface(faces[lost]))
        owner[lost] = nearest
    return owner


def _cells(
    whole: LatticeCells, used: Numbers, into: Numbers, pieces: Geometries, minimum_m2: float
) -> Sequence[GridCell]:
    codes = [whole.lattice.code(int(whole.rows[one]), int(whole.columns[one])) for one in used]
    kept, labels = np.unique(into, return_inverse=True)
    shapes = dissolve(pieces, np.asarray(labels, dtype=np.int64))
    found = []
    for number, piece in enumerate(kept.tolist()):
        own = int(used[piece])
        members = np.flatnonzero(into == piece).tolist()
        area = float(shapes[number].area)
        found.append(
            GridCell(
                code=codes[piece],
                row=int(whole.rows[own]),
                column=int(whole.columns[own]),
                geometry=shapes[number],
                area_m2=area,
                sliver=area < minimum_m2,
                joined=tuple(sorted(codes[one] for one in members if one != piece)),
            )
        )
    return found
