"""How far a parcel is from the nearest zone or line of a layer or file, and how much of it lies in such zones."""

from collections.abc import Sequence
from datetime import date
from math import inf
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.errors import LayerError
from zoning.layers.datum import Bounds, grown_bounds
from zoning.layers.reader import Unavailable
from zoning.mines.suitability.content import Inside, Near
from zoning.mines.suitability.values import NotKnown, Reached, Value
from zoning.overlay.coverage import Coverage
from zoning.overlay.footprint import Footprint
from zoning.overlay.nearest import Borders
from zoning.overlay.plane import Geometries, MeasuringPlane
from zoning.overlay.source import LayerSource
from zoning.texts import Text

_STEP_M = 85.0
_PERCENT = 100.0
_NOTHING = shapely.Polygon()
_NO_FILE = Text("没有给出文件，工作空间也没有这个图层", "no file was given, and the workspace has no such layer")


class Nearness:
    """What distances are measured to.

    Parameters
    ----------
    geometries
        (n,) in the measuring plane.
    coverage
        Where the layer is authoritative; None: a file of the user, taken to be complete.
    origin
        Layer and edition, or the name of the file.
    """

    def __init__(self, geometries: Geometries, coverage: Coverage | None, search_m: float, origin: str) -> None:
        # Borders are made of lines: a point becomes a circle of 1 mm.
        points = shapely.get_dimensions(geometries) == 0
        self.geometries = np.where(points, shapely.buffer(geometries, 0.001, quad_segs=1), geometries)
        self.coverage = coverage
        self.search_m = search_m
        self.origin = origin
        self._tree = shapely.STRtree(self.geometries)
        self._borders = Borders(self.geometries)

    def share(self, footprint: Footprint) -> Value:
        """Return how much of a footprint lies in the zones, percent; what the layer does not cover may be all in."""
        met = self.geometries[np.sort(self._tree.query(footprint.geometry, predicate="intersects"))]
        common = shapely.union_all(shapely.intersection(met, footprint.geometry)) if met.size else _NOTHING
        inside = float(common.area) / footprint.area_m2 * _PERCENT
        uncovered = 0.0 if self.coverage is None else self.coverage.over(footprint, 0.0).uncovered_m2
        return Reached(min(inside, _PERCENT), min(inside + uncovered / footprint.area_m2 * _PERCENT, _PERCENT))

    def distance(self, footprint: Footprint) -> Value:
        """Return the geodesic distance of a footprint: 0 where it meets one of them.

        Where land without data lies nearer than what was found, something there may be nearer still.
        """
        reach = inf if self.coverage is None else self.coverage.over(footprint, self.search_m).reach_m
        if self._tree.query(footprint.geometry, predicate="intersects").size:
            return Reached(0.0, 0.0)
        found = self._borders.distance_m(footprint, self.search_m)
        if found is None:
            return Reached(min(self.search_m, reach), inf)
        return Reached(min(found, reach), found)


def nearness_of_layer(source: LayerSource, near: Near | Inside, on: date, bounds: Bounds) -> Nearness | NotKnown:
    """Return what a layer of the workspace holds around some parcels.

    Parameters
    ----------
    bounds
        Of the parcels, degrees.
    """
    if near.layer is None or near.layer not in source.catalogue.layers:
        return NotKnown(_NO_FILE)
    layer = source.layer(near.layer, on=on, bounds=grown_bounds(bounds, _search(near)))
    if isinstance(layer, Unavailable):
        return NotKnown(layer.reason)
    mine = [number for number, name in enumerate(layer.class_ids) if not near.classes or name in near.classes]
    geometries = np.asarray(layer.geometries[np.asarray(mine, dtype=np.int64)], dtype=object)
    return Nearness(geometries, layer.coverage, _search(near), f"{near.layer} {layer.edition_id}")


def nearness_of_file(path: Path, near: Near | Inside, plane: MeasuringPlane) -> Nearness:
    """Return what a file of points, lines or polygons holds.

    Raises
    ------
    LayerError
        When it cannot be read, holds nothing, or says no coordinate system.
    """
    geometries, crs = _read(path)
    moved = plane.to_plane(geometries, crs, step_m=_STEP_M)
    return Nearness(moved, None, _search(near), path.name)


def _read(path: Path) -> tuple[NDArray[np.object_], str]:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        meta, _, wkb, _ = pyogrio.raw.read(path, columns=[])
    except (DataSourceError, DataLayerError) as error:
        raise _unusable(path, Text("无法作为矢量文件读取", "it cannot be read as a vector file")) from error
    geometries = shapely.from_wkb(wkb)
    geometries = geometries[~(shapely.is_missing(geometries) | shapely.is_empty(geometries))]
    if not geometries.size:
        raise _unusable(path, Text("没有图形", "it holds no geometry"))
    if not meta["crs"]:
        raise _unusable(path, Text("没有坐标系", "it says no coordinate system"))
    return np.asarray(geometries, dtype=object), str(meta["crs"])


def _unusable(path: Path, why: Text) -> LayerError:
    return LayerError(
        f"{path.name}：{why.zh}；请换用带坐标系的 GeoPackage、Shapefile 或 GeoJSON",
        f"{path.name}: {why.en}; use a GeoPackage, shapefile or GeoJSON with a coordinate system",
    )


def _search(near: Near | Inside) -> float:
    return near.search if isinstance(near, Near) else 0.0


def bounds_of(footprints: Sequence[Footprint]) -> Bounds:
    """Return the box of footprints in degrees."""
    west, south, east, north = shapely.total_bounds([one.lonlat for one in footprints])
    return float(west), float(south), float(east), float(north)
