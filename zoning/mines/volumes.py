"""Cut and fill of a pit between two surfaces, and how steep its ground is.

A cell of the elevation model counts with the exact part that lies in the parcel, with the height of its centre and its
size on the ellipsoid: volume = sum of (design - ground) x share x area of the cell. What is positive is fill, what is
negative cut. Cells without height on either surface are not guessed: their area is told, their volume is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from zoning.mines.elevation import Cells, Elevation, Floats, cells_of
from zoning.mines.terrain import slope_deg
from zoning.texts import Text

_GEOD = Geod(ellps="GRS80")
_PLANE = 3  # points that make a plane
_STEPS_PER_CELL = 2


@dataclass(frozen=True, slots=True)
class Rim:
    """A plane fitted to heights along the border of a parcel.

    Attributes
    ----------
    height_m
        Of the plane in the middle of the points.
    east, north
        Slope, metres per metre: how much it rises to the east and to the north.
    residual_m
        Root mean square of the points about it.
    points
        How many had a height.
    """

    height_m: float
    east: float
    north: float
    residual_m: float
    points: int

    @property
    def slope_degrees(self) -> float:
        """How steep the plane is."""
        return float(np.degrees(np.arctan(hypot(self.east, self.north))))


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """The cells of one parcel: what a design surface is asked for.

    Attributes
    ----------
    parcel
        Degrees.
    rows, columns
        (n,)
    """

    elevation: Elevation
    parcel: BaseGeometry
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]


class Design(Protocol):
    """A surface that is to be reached, or that was before."""

    @property
    def title(self) -> Text:
        """What it is, in words."""
        ...

    def heights(self, place: Place) -> tuple[Floats, Rim | None]:
        """Return the heights of the surface at the centres of the cells (n,), NaN where it has none."""
        ...


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal surface."""

    height_m: float

    @property
    def title(self) -> Text:
        """What it is, in words."""
        return Text(f"设计标高 {self.height_m:g} m", f"level of {self.height_m:g} m")

    def heights(self, place: Place) -> tuple[Floats, Rim | None]:
        """Return the level for each cell (n,), metres."""
        return np.full(len(place.rows), self.height_m), None


@dataclass(frozen=True, slots=True)
class RimPlane:
    """The plane through the rim of each parcel: least squares of the heights along its border."""

    @property
    def title(self) -> Text:
        """What it is, in words."""
        return Text("坑沿拟合平面（最小二乘）", "plane fitted to the rim (least squares)")

    def heights(self, place: Place) -> tuple[Floats, Rim | None]:
        """Return the plane (n,), metres; NaN where under three points of the rim have a height, or lie on a line."""
        grid = place.elevation
        rows, columns = _border(grid, place.parcel)
        known = grid.at(rows, columns)
        kept = np.isfinite(known)
        rows, columns, known = rows[kept], columns[kept], known[kept]
        none = np.full(len(place.rows), np.nan)
        if len(known) < _PLANE:
            return none, None
        middle = rows.mean(), columns.mean()
        wide, high = (float(size[0]) for size in grid.sizes_m(np.array([middle[0]]), np.array([middle[1]])))

        def terms(row: Floats, column: Floats) -> Floats:
            return np.column_stack((np.ones(len(row)), (column - middle[1]) * wide, (middle[0] - row) * high))

        matrix = terms(rows, columns)
        found, _, rank, _ = np.linalg.lstsq(matrix, known, rcond=None)
        if rank < _PLANE:
            return none, None
        off = known - matrix @ found
        height, east, north = (float(value) for value in found)
        rim = Rim(height, east, north, float(np.sqrt(np.mean(off**2))), len(known))
        surface = terms(place.rows.astype(np.float64), place.columns.astype(np.float64)) @ found
        return np.asarray(surface, dtype=np.float64), rim


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Another elevation model, of a later or earlier day; bilinear where its cells lie elsewhere."""

    model: Elevation

    @property
    def title(self) -> Text:
        """What it is, in words."""
        return Text(f"高程模型 {self.model.name}", f"elevation model {self.model.name}")

    def heights(self, place: Place) -> tuple[Floats, Rim | None]:
        """Return its heights at the centres of the cells (n,), metres."""
        lonlat = place.elevation.lonlat(place.rows.astype(np.float64), place.columns.astype(np.float64))
        rows, columns = self.model.places(lonlat)
        # Of the same grid, rounding must not ask for the neighbour, which may be unknown.
        rows, columns = (np.where(np.abs(x - np.round(x)) < 1e-6, np.round(x), x) for x in (rows, columns))  # noqa: PLR2004 - as far as a float tells
        return self.model.at(rows, columns), None


@dataclass(frozen=True, slots=True)
class VerticalError:
    """Standard errors of the difference of the two surfaces, metres.

    Attributes
    ----------
    common_m
        The part that all cells of a parcel share: it does not average out.
    cell_m
        The part of each cell, independent of its neighbours'.
    """

    common_m: float = 0.0
    cell_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Volume:
    """Cut and fill of one parcel.

    Attributes
    ----------
    area_m2
        Of the parcel on the ellipsoid, as its cells and what lies beyond the grid add up.
    known_m2
        Of the part with a height on both surfaces; figures are of this part only.
    fill_m3, cut_m3
        Both positive; None where nothing is known.
    deepest_m, highest_m
        Largest fill and largest cut of a cell.
    error_m3
        Standard error of fill minus cut; None where no error was stated.
    """

    area_m2: float
    known_m2: float
    fill_m3: float | None
    cut_m3: float | None
    deepest_m: float | None
    highest_m: float | None
    error_m3: float | None
    rim: Rim | None = None

    @property
    def net_m3(self) -> float | None:
        """Fill minus cut: what has to be brought."""
        return None if self.fill_m3 is None or self.cut_m3 is None else self.fill_m3 - self.cut_m3

    @property
    def unknown_share(self) -> float:
        """Of the parcel, the share without a height: 0 to 1, 1 where there is no area."""
        return 1.0 if self.area_m2 <= 0 else max(0.0, 1.0 - self.known_m2 / self.area_m2)


def volumes(
    elevation: Elevation,
    parcels: Sequence[BaseGeometry | None],
    design: Design,
    error: VerticalError | None = None,
) -> tuple[Volume, ...]:
    """Return cut and fill of parcels (degrees) between the ground and a design surface."""
    cells = cells_of(elevation, parcels)
    return tuple(_volume(elevation, cells, number, parcel, design, error) for number, parcel in enumerate(parcels))


def _volume(
    elevation: Elevation,
    cells: Cells,
    number: int,
    parcel: BaseGeometry | None,
    design: Design,
    error: VerticalError | None,
) -> Volume:
    low, high = np.searchsorted(cells.owner, [number, number + 1])
    rows, columns, area = cells.rows[low:high], cells.columns[low:high], cells.area_m2[low:high]
    whole = float(area.sum() + cells.beyond_m2[number])
    if parcel is None or not len(rows):
        return Volume(whole, 0.0, None, None, None, None, None)
    surface, rim = design.heights(Place(elevation, parcel, rows, columns))
    rise = surface - elevation.heights[rows, columns]
    known = np.isfinite(rise)
    if not known.any():
        return Volume(whole, 0.0, None, None, None, None, None, rim)
    rise, area = rise[known], area[known]
    parts = rise * area
    return Volume(
        whole,
        float(area.sum()),
        float(parts[parts > 0].sum()),
        float(-parts[parts < 0].sum()),
        max(float(rise.max()), 0.0),
        max(float(-rise.min()), 0.0),
        None if error is None else _error_m3(area, error),
        rim,
    )


def _error_m3(area_m2: Floats, error: VerticalError) -> float:
    """Return the standard error of a volume: sqrt((A common)^2 + sum (a_i cell)^2)."""
    return sqrt((float(area_m2.sum()) * error.common_m) ** 2 + float((area_m2**2).sum()) * error.cell_m**2)


def _border(grid: Elevation, parcel: BaseGeometry) -> tuple[Floats, Floats]:
    """Return places on the outer borders of a parcel, half a cell apart."""
    shells = [part.exterior for part in shapely.get_parts(grid.moved(parcel)) if part.geom_type == "Polygon"]
    step = min(grid.width, grid.height) / _STEPS_PER_CELL
    points: list[Floats] = [np.empty((0, 2))]
    for shell in shells:
        count = max(int(np.ceil(shell.length / step)), _PLANE)
        places = shapely.line_interpolate_point(shell, np.arange(count) * (shell.length / count))
        points.append(shapely.get_coordinates(places))
    xy = np.vstack(points)
    return (grid.north - xy[:, 1]) / grid.height - 0.5, (xy[:, 0] - grid.west) / grid.width - 0.5


@dataclass(frozen=True, slots=True)
class SlopeClass:
    """A class of slopes: from (inclusive) to (exclusive) degrees; `up_to` None: no limit."""

    id: str
    title: Text
    up_to: float | None


@dataclass(frozen=True, slots=True)
class Slopes:
    """Areas by slope class in m2; `unknown_m2` has no slope (no height there or beside it)."""

    areas_m2: Mapping[str, float]
    unknown_m2: float
    mean_degrees: float | None


def slopes(
    elevation: Elevation, parcels: Sequence[BaseGeometry | None], classes: Sequence[SlopeClass]
) -> tuple[Slopes, ...]:
    """Return how much of each parcel (degrees) lies in which class of slopes."""
    cells = cells_of(elevation, parcels)
    steep = slope_degrees(elevation)[cells.rows, cells.columns]
    limits = [one.up_to for one in classes if one.up_to is not None]
    kind = np.where(np.isfinite(steep), np.searchsorted(limits, steep, side="right"), -1)
    made = []
    for number in range(len(parcels)):
        low, high = np.searchsorted(cells.owner, [number, number + 1])
        area, mine, degrees = cells.area_m2[low:high], kind[low:high], steep[low:high]
        known = mine >= 0
        areas = {one.id: float(area[mine == place].sum()) for place, one in enumerate(classes)}
        mean = float((degrees[known] * area[known]).sum() / area[known].sum()) if known.any() else None
        made.append(Slopes(areas, float(area[~known].sum() + cells.beyond_m2[number]), mean))
    return tuple(made)


def slope_degrees(elevation: Elevation) -> Floats:
    """Return the slope of every cell (rows, columns), degrees (Horn 1981), NaN where one of the nine is not known."""
    edge = np.pad(elevation.heights.astype(np.float64), 1, constant_values=np.nan)
    return slope_deg(edge, *elevation.cells_m)


def perimeter_m(parcel: BaseGeometry) -> float:
    """Return the length of the outer borders of a parcel (degrees), metres on the ellipsoid."""
    shells = [part.exterior for part in shapely.get_parts(parcel) if part.geom_type == "Polygon"]
    return float(sum(_GEOD.geometry_length(shell) for shell in shells))
