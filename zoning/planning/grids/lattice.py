"""Square cells on whole multiples of their side in a plane of metres, brought into the measuring plane.

The lattice is that of the coordinate system, not of the territory: a cell keeps its number when the border moves.
"""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.errors import UsageError
from zoning.layers.datum import LonLat, parse_crs
from zoning.overlay.plane import Geometries, MeasuringPlane
from zoning.overlay.plane_layer import STEP_M
from zoning.quantities import format_length
from zoning.sites.crs.zones import PER_ZONE, ZONES_3, zone_3_code

MOST_CELLS = 20_000
_DEGREES_OF_ZONE = 3.0


@dataclass(frozen=True, slots=True)
class Lattice:
    """Squares of a plane.

    Attributes
    ----------
    crs
        Code of the plane, in metres.
    side_m
        Length of the sides.
    mark
        What stands for the plane in the codes of cells: the number of a 3-degree zone, else the code of the plane.
    east_m
        Eastings begin here: millions of metres where the zone stands in front of them.
    """

    crs: str
    side_m: float
    mark: str
    east_m: float

    def code(self, row: int, column: int) -> str:
        """Return the code of the cell with its south-west corner at (column, row) sides from the origin.

        >>> Lattice("EPSG:4525", 5000.0, "37", 37_000_000.0).code(786, 125)
        '5km-37-0786-0125'
        """
        side = f"{self.side_m / 1000:g}km" if self.side_m >= 1000 else f"{self.side_m:g}m"  # noqa: PLR2004 - one kilometre
        return f"{side}-{self.mark}-{_digits(row)}-{_digits(column)}"


def _digits(number: int) -> str:
    return f"{number:04d}" if number >= 0 else f"S{-number:04d}"


@dataclass(frozen=True, slots=True, eq=False)
class LatticeCells:
    """Whole cells (n,) in the measuring plane, with row and column; neighbours share their vertices to the last bit."""

    lattice: Lattice
    geometries: Geometries
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]


def lattice_of(plane: MeasuringPlane, land: BaseGeometry, side_m: float, crs: str | None) -> Lattice:
    """Return the lattice for a territory: in a coordinate system, or in the 3-degree zone that its middle lies in.

    Raises
    ------
    UsageError
        When the coordinate system is no plane in metres, or no zone has the territory.
    CRSError
        When it is unknown, or cannot be converted to CGCS2000 exactly.
    """
    if crs is None:
        (west, _, east, _) = plane.one_to_lonlat(shapely.box(*land.bounds)).bounds
        zone = round((west + east) / 2 / _DEGREES_OF_ZONE)
        if zone not in ZONES_3:
            raise UsageError(
                "辖区不在任何三度带内（75°E 至 135°E）；请用 --crs 写明平面坐标系",
                "the territory lies in no 3-degree zone (75°E to 135°E): name a plane with --crs",
            )
        return Lattice(zone_3_code(zone, prefixed=True), side_m, str(zone), zone * PER_ZONE)
    parsed = parse_crs(crs)
    units = {axis.unit_name for axis in parsed.axis_info}
    if not parsed.is_projected or units != {"metre"}:
        raise UsageError(
            f"--crs：“{crs}”不是以米为单位的平面坐标系；例：EPSG:4525",
            f"--crs: '{crs}' is no plane in metres; for example EPSG:4525",
        )
    LonLat().transformer(crs)
    for zone in ZONES_3:
        for prefixed in (True, False):
            if parsed.to_epsg() == int(zone_3_code(zone, prefixed=prefixed).removeprefix("EPSG:")):
                return Lattice(crs, side_m, str(zone), zone * PER_ZONE if prefixed else 0.0)
    code = parsed.to_epsg()
    return Lattice(crs, side_m, f"E{code}" if code else "X", 0.0)


def cells_over(plane: MeasuringPlane, land: BaseGeometry, lattice: Lattice) -> LatticeCells:
    """Return the cells of a lattice that may meet a territory (`land`, in the measuring plane).

    Raises
    ------
    UsageError
        When there would be more cells than anybody looks at.
    """
    side, east = lattice.side_m, lattice.east_m
    degrees = plane.one_to_lonlat(shapely.box(*land.bounds)).bounds
    bounds = LonLat().bounds_in(lattice.crs, degrees)
    if bounds is None:
        raise UsageError(f"--crs：{lattice.crs} 不适用于该辖区", f"--crs: {lattice.crs} cannot show the territory")
    first_x, last_x = floor((bounds[0] - east) / side), ceil((bounds[2] - east) / side)
    first_y, last_y = floor(bounds[1] / side), ceil(bounds[3] / side)
    count = (last_x - first_x) * (last_y - first_y)
    if count > MOST_CELLS:
        raise UsageError(
            f"--cell：{format_length(side)} 会产生约 {count:,} 格，超过上限 {MOST_CELLS:,}；请用大一些的网格",
            f"--cell: {format_length(side)} would make about {count:,} cells, over {MOST_CELLS:,}: take larger ones",
        )
    edges = _edges(plane, lattice, (first_x, first_y, last_x, last_y))
    columns, rows = np.meshgrid(np.arange(first_x, last_x), np.arange(first_y, last_y))
    cells = [
        _cell(edges, x - first_x, y - first_y)
        for x, y in zip(columns.ravel().tolist(), rows.ravel().tolist(), strict=True)
    ]
    shapes = np.asarray(cells, dtype=object)
    shapely.prepare(land)
    met = shapely.intersects(land, shapes)
    return LatticeCells(lattice, shapes[met], rows.ravel()[met], columns.ravel()[met])


@dataclass(frozen=True, slots=True)
class _Edges:
    """Points of the lattice: `across` (rows + 1, columns, steps + 1, 2), `up` (columns + 1, rows, steps + 1, 2)."""

    across: NDArray[np.float64]
    up: NDArray[np.float64]


def _edges(plane: MeasuringPlane, lattice: Lattice, window: tuple[int, int, int, int]) -> _Edges:
    first_x, first_y, last_x, last_y = window
    steps = ceil(lattice.side_m / STEP_M)
    fine = first_x + np.arange((last_x - first_x) * steps + 1) / steps
    coarse = np.arange(first_x, last_x + 1, dtype=np.float64)
    high = first_y + np.arange((last_y - first_y) * steps + 1) / steps
    low = np.arange(first_y, last_y + 1, dtype=np.float64)
    across = _projected(plane, lattice, np.broadcast_to(fine, (len(low), len(fine))), low[:, None])
    up = _projected(plane, lattice, coarse[:, None], np.broadcast_to(high, (len(coarse), len(high))))
    return _Edges(_cut(across, steps), _cut(up, steps))


def _projected(
    plane: MeasuringPlane, lattice: Lattice, x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return lines (lines, points, 2) in the measuring plane; a point is the same in every line."""
    across, up = np.broadcast_arrays(x * lattice.side_m + lattice.east_m, y * lattice.side_m)
    points = shapely.points(np.stack([across.ravel(), up.ravel()], axis=1).astype(np.float64))
    projected = plane.to_plane(np.asarray(points, dtype=object), lattice.crs, step_m=STEP_M)
    found: NDArray[np.float64] = shapely.get_coordinates(projected).reshape(*across.shape, 2)
    return found


def _cut(lines: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    """Cut lines (lines, n * steps + 1, 2) into edges (lines, n, steps + 1, 2) that share their ends."""
    starts = np.arange(0, lines.shape[1] - 1, steps)
    found: NDArray[np.float64] = lines[:, starts[:, None] + np.arange(steps + 1)]
    return found


def _cell(edges: _Edges, x: int, y: int) -> shapely.Polygon:
    south, north = edges.across[y, x], edges.across[y + 1, x]
    west, east = edges.up[x, y], edges.up[x + 1, y]
    return shapely.Polygon(np.concatenate([south[:-1], east[:-1], north[::-1][:-1], west[::-1][:-1]]))
