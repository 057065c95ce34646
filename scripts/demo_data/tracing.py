"""From raster masks to smooth polygons."""

import numpy as np
import shapely
import shapely.geometry
from affine import Affine
from rasterio import features
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from demo_data.plane import Floats, to_degrees, to_plane
from demo_data.relief import Bools, Grid
from demo_data.shapes import polygons, softened, surface


def _smooth(points: Floats) -> Floats:
    return softened(points, closed=True, times=1)


def traced(mask: Bools, grid: Grid, least: float) -> MultiPolygon:
    """Return the true cells as polygons with softened borders; parts and holes under `least` m² are left out."""
    transform = Affine(grid.size, 0.0, grid.west, 0.0, -grid.size, grid.north)
    found = features.shapes(mask.astype(np.uint8), mask=mask, transform=transform, connectivity=4)
    rough = [polygons(shapely.transform(shapely.geometry.shape(shape), to_plane))[0] for shape, _ in found]
    cell = grid.size * 100_000
    parts = [p for p in rough if p.area >= least]
    plain = [p for part in parts for p in polygons(part.simplify(cell * 0.75))]
    soft = [_softened(p, least).simplify(cell * 0.07) for p in plain if p.area >= least]
    return surface(shapely.union_all(soft), least)


def _softened(shape: Polygon, least: float) -> BaseGeometry:
    rings = [shape.exterior, *(r for r in shape.interiors if Polygon(r).area >= least)]
    bent = [_smooth(shapely.get_coordinates(ring)) for ring in rings]
    return Polygon(bent[0], bent[1:]).buffer(0)


def burned(zone: BaseGeometry, grid: Grid) -> Bools:
    """Return which cells of a grid have their centre in a zone of the plane."""
    if zone.is_empty:
        return np.zeros((grid.rows, grid.columns), dtype=bool)
    transform = Affine(grid.size, 0.0, grid.west, 0.0, -grid.size, grid.north)
    shape = (grid.rows, grid.columns)
    found: Bools = features.rasterize([(to_degrees(zone), 1)], shape, transform=transform, dtype="uint8") == 1
    return found
