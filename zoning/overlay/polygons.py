"""Polygons among what an overlay or a repair leaves: points and lines have no area."""

import shapely
from shapely.geometry.base import BaseGeometry


def polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry: touching edges and points are no area."""
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        return geometry
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in {"Polygon", "MultiPolygon"}]
    single = [leaf for part in parts for leaf in shapely.get_parts(part)]
    return single[0] if len(single) == 1 else shapely.MultiPolygon(single)
