"""The window of a map, and what is cut out of the layers for it."""

from math import cos, radians

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from zoning.maps.content import Box
from zoning.maps.product import Sheet

STRAIGHT = 1e-9
METRES_PER_DEGREE = 111_320.0
"""Of longitude on the equator; good to 1 % for the size of a sheet, and used for nothing else."""

EXACT, FOR_DISPLAY = 7, 6
"""Decimals of a degree: about 1 cm, about 10 cm."""


def sheet_of(site: BaseGeometry, sheet: Sheet) -> Box:
    """Return the window drawn around a site (longitude and latitude)."""
    west, south, east, north = site.bounds
    lat, lon = (south + north) / 2, (west + east) / 2
    per_lon = METRES_PER_DEGREE * cos(radians(lat))
    wide, high = (east - west) * per_lon, (north - south) * METRES_PER_DEGREE
    margin = max(sheet.margin, min(sheet.times * max(wide, high), sheet.most or float("inf")))
    half_wide, half_high = wide / 2 + margin, high / 2 + margin
    half_wide = max(half_wide, half_high * sheet.proportion)
    return Box(
        lon - half_wide / per_lon,
        lat - half_high / METRES_PER_DEGREE,
        lon + half_wide / per_lon,
        lat + half_high / METRES_PER_DEGREE,
    )


def cut(geometry: BaseGeometry, box: Box, *, detail_m: float) -> BaseGeometry:
    """Return what lies in the window, its boundary displaced by at most `detail_m`; empty where nothing does."""
    inside = shapely.clip_by_rect(geometry, *box)
    if inside.is_empty:
        return inside
    return shapely.simplify(inside, detail_m / METRES_PER_DEGREE, preserve_topology=True)


def label_place(geometry: BaseGeometry) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where a name stands in a zone (lat, lon), and half the height and width of the zone, in degrees."""
    largest = max(shapely.get_parts(geometry), key=lambda part: (part.area, part.length))
    west, south, east, north = largest.bounds
    half = ((north - south) / 2, (east - west) / 2)
    if largest.geom_type == "LineString":
        point = largest.interpolate(0.5, normalized=True)
    else:
        line = shapely.maximum_inscribed_circle(largest, tolerance=max(half) / 20 or 1e-6)
        point = shapely.get_point(line, 0)
    return (round(point.y, 6), round(point.x, 6)), (round(half[0], 6), round(half[1], 6))


def geojson(geometry: BaseGeometry, *, digits: int = EXACT) -> dict[str, object]:
    """Return a GeoJSON geometry, its coordinates rounded; vertices on a straight line (to 0.1 mm) are left out."""
    straight = shapely.simplify(geometry, STRAIGHT, preserve_topology=True)
    rounded = shapely.transform(straight, lambda coordinates: np.round(coordinates, digits))
    return dict(mapping(rounded))


def flat(geometry: BaseGeometry, *, lines: bool) -> BaseGeometry:
    """Return the parts that are lines, or those that are areas, as one geometry."""
    dimension = 1 if lines else 2
    parts = [
        part for part in shapely.get_parts(shapely.get_parts(geometry)) if shapely.get_dimensions(part) == dimension
    ]
    return shapely.union_all(parts) if len(parts) != 1 else parts[0]
