"""Corridors (railways, expressways): lines that people travel along, and the stations from which they look out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from zoning.errors import LayerError, UsageError
from zoning.layers.datum import Bounds
from zoning.layers.reader import Unavailable
from zoning.overlay.source import LayerSource

_GEOD = Geod(ellps="GRS80")
_LINE = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a corridor.

    Attributes
    ----------
    kind
        Class of the layer, or the name of the file: figures are given per kind.
    geometry
        LineString or MultiLineString, degrees.
    """

    id: str
    name: str
    kind: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True, eq=False)
class Stations:
    """Places along lines, each in the middle of the piece that it stands for.

    Attributes
    ----------
    lonlat
        (n, 2) degrees.
    length_m
        (n,) of the piece; those of a line sum up to its length.
    line
        (n,) number of the line.
    """

    lonlat: NDArray[np.float64]
    length_m: NDArray[np.float64]
    line: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.length_m)


def stations_of(lines: Sequence[Line], step_m: float, box: Bounds | None = None) -> Stations:
    """Return stations at most `step_m` apart along every part of every line; those in a box (degrees) only."""
    places, lengths, owners = [np.empty((0, 2))], [np.empty(0)], [np.empty(0, dtype=np.int64)]
    for number, line in enumerate(lines):
        for part in shapely.get_parts(line.geometry):
            found = _along(shapely.get_coordinates(part), step_m)
            places.append(found[0])
            lengths.append(found[1])
            owners.append(np.full(len(found[1]), number, dtype=np.int64))
    lonlat, length, owner = np.vstack(places), np.concatenate(lengths), np.concatenate(owners)
    if box is not None:
        west, south, east, north = box
        x, y = lonlat[:, 0], lonlat[:, 1]
        kept = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        lonlat, length, owner = lonlat[kept], length[kept], owner[kept]
    return Stations(lonlat, length, owner)


def _along(path: NDArray[np.float64], step_m: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    edges = np.asarray(_GEOD.inv(path[:-1, 0], path[:-1, 1], path[1:, 0], path[1:, 1])[2], dtype=np.float64)
    reached = np.concatenate([[0.0], np.cumsum(edges)])
    whole = float(reached[-1])
    if whole <= 0:
        return np.empty((0, 2)), np.empty(0)
    count = ceil(whole / step_m)
    middles = (np.arange(count) + 0.5) * (whole / count)
    xy = np.column_stack([np.interp(middles, reached, path[:, axis]) for axis in (0, 1)])
    return xy, np.full(count, whole / count)


def distances_m(parcels: Sequence[BaseGeometry | None], lines: Iterable[Line]) -> NDArray[np.float64]:
    """Return the geodesic distance of each parcel (degrees) to the nearest of the lines (p,), 0 where one crosses it.

    NaN for a parcel without geometry, and where there are no lines.
    """
    shapes = [line.geometry for line in lines]
    found = np.full(len(parcels), np.nan)
    if not shapes:
        return found
    whole = shapely.union_all(np.asarray(shapes, dtype=object))
    for number, parcel in enumerate(parcels):
        if parcel is not None and not parcel.is_empty:
            found[number] = _distance_m(parcel, whole)
    return found


def _distance_m(parcel: BaseGeometry, other: BaseGeometry) -> float:
    """Return the geodesic distance; nearest points are found in degrees stretched by the latitude.

    They are looked for twice, with the latitude of the parcel and that of the middle of the way: what is found is too
    long by less than 1e-5 of itself.
    """
    latitude, found = float(parcel.centroid.y), []
    for _ in range(2):
        narrow = float(np.cos(np.radians(latitude)))

        def stretch(xy: NDArray[np.float64], by: float = narrow) -> NDArray[np.float64]:
            return np.column_stack((xy[:, 0] * by, xy[:, 1]))

        link = shapely.shortest_line(shapely.transform(parcel, stretch), shapely.transform(other, stretch))
        (x1, y1), (x2, y2) = shapely.get_coordinates(link)
        found.append(float(_GEOD.inv(x1 / narrow, y1, x2 / narrow, y2)[2]))
        latitude = (y1 + y2) / 2
    return min(found)


def distance_to_point_m(parcel: BaseGeometry, lonlat: tuple[float, float]) -> float:
    """Return the geodesic distance of a parcel (degrees) to a place, 0 inside."""
    return _distance_m(parcel, shapely.Point(lonlat))


def lines_of_layer(
    source: LayerSource, layer_id: str, classes: Sequence[str], *, on: date, bounds: Bounds
) -> tuple[Line, ...]:
    """Return the lines of a layer of the workspace in a box (degrees), those of some classes only.

    Raises
    ------
    UsageError
        When there is no such layer or class, or the layer holds areas.
    LayerError
        When the layer cannot answer here.
    """
    layer = source.catalogue.layers.get(layer_id)
    if layer is None:
        raise _no_corridor(f"没有图层“{layer_id}”", f"there is no layer '{layer_id}'")
    unknown = [name for name in classes if name not in layer.classes]
    if unknown:
        listed = ", ".join(layer.classes)
        raise _no_corridor(
            f"图层 {layer_id} 没有类别 {', '.join(unknown)}；可用：{listed}",
            f"layer {layer_id} has no class {', '.join(unknown)}; allowed: {listed}",
        )
    if layer.geometry != "line":
        raise _no_corridor(f"图层 {layer_id} 不是线图层", f"layer {layer_id} holds no lines")
    found = source.layer(layer_id, on=on, bounds=bounds)
    if isinstance(found, Unavailable):
        raise LayerError(
            f"图层 {layer_id} 不可用：{found.reason.zh}", f"layer {layer_id} cannot be used: {found.reason.en}"
        )
    wanted = [n for n, name in enumerate(found.class_ids) if not classes or name in classes]
    shapes = source.plane.to_lonlat([found.geometries[n] for n in wanted])
    return tuple(
        Line(str(found.ids[n]), str(found.names[n]), str(found.class_ids[n]), shape)
        for n, shape in zip(wanted, shapes, strict=True)
        if shapely.get_dimensions(shape) == _LINE
    )


def _no_corridor(zh: str, en: str) -> UsageError:
    return UsageError(f"--corridor：{zh}", f"--corridor: {en}")
