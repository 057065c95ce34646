"""All rings of a footprint laid end to end, so that every vertex is looked at in one step."""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, radians, sin, sqrt

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from zoning.quality.faults import Spot
from zoning.sites.crs.identify import to_lonlat

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

_PLANE = 2e-3
_A = 6_378_137.0
_E2 = 1 / 298.257222101 * (2 - 1 / 298.257222101)


@dataclass(frozen=True, slots=True)
class Outline:
    """The vertices of all rings.

    Attributes
    ----------
    xy
        (n, 2), in the coordinate system of the footprint; what closes a ring is left out.
    ring
        (n,), which ring a vertex belongs to, from 0; rings are counted through all parts.
    number
        (n,), which vertex of its ring it is, from 1.
    is_hole, part
        (m,), per ring.
    metres
        Metres on the ellipsoid per unit, east and north; areas are made of them.
    """

    xy: Floats
    ring: Indices
    number: Indices
    is_hole: Mask
    part: Indices
    metres: Floats

    @classmethod
    def of(cls, polygons: NDArray[np.object_], metres: Floats) -> "Outline":
        """Lay out the rings of polygons (k,)."""
        rings, part = shapely.get_rings(polygons, return_index=True)
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        closing = np.append(np.diff(ring) > 0, True)
        is_hole = np.append(False, np.diff(part) == 0)
        return cls(xy[~closing], ring[~closing], _numbers(ring[~closing]), is_hole, part, metres)

    @property
    def starts(self) -> Indices:
        """Position of the first vertex of every ring."""
        return np.searchsorted(self.ring, np.arange(len(self.part)))

    @property
    def ends(self) -> Indices:
        """Position after the last vertex of every ring."""
        return np.searchsorted(self.ring, np.arange(len(self.part)), side="right")

    def neighbours(self) -> tuple[Indices, Indices]:
        """Return for every vertex the position of the one before and the one after it in its ring."""
        positions = np.arange(len(self.xy))
        before, after = positions - 1, positions + 1
        starts, ends = self.starts, self.ends
        before[starts], after[ends - 1] = ends - 1, starts
        return before, after

    def without(self, gone: Mask) -> "Outline":
        """Return the outline without some vertices; every ring must keep one."""
        kept = ~gone
        return replace(self, xy=self.xy[kept], ring=self.ring[kept], number=self.number[kept])

    def vertices_of(self, ring: int) -> slice:
        """Return where the vertices of a ring lie."""
        first, last = np.searchsorted(self.ring, [ring, ring + 1])
        return slice(int(first), int(last))

    def spot(self, position: int) -> Spot:
        """Return a vertex as a place."""
        x, y = self.xy[position].tolist()
        return Spot(x, y, int(self.ring[position]) + 1, int(self.number[position]))

    def ring_spot(self, ring: int) -> Spot:
        """Return the first vertex of a ring as its place."""
        return self.spot(int(np.searchsorted(self.ring, ring)))

    @property
    def steps(self) -> Floats:
        """Metres per unit for lengths: in a surveyor's plane as he reckons them, 1 exactly."""
        return steps_of(self.metres)

    def areas_m2(self) -> Floats:
        """Return the area by the shoelace formula of every ring, (m,)."""
        xy = (self.xy - self.xy[0]) * self.metres
        following = xy[self.neighbours()[1]]
        cross = xy[:, 0] * following[:, 1] - following[:, 0] * xy[:, 1]
        return np.abs(np.add.reduceat(cross, self.starts)) / 2

    def lengths_m(self) -> Floats:
        """Return the length of the edge from every vertex to the next, (n,)."""
        edges = (self.xy[self.neighbours()[1]] - self.xy) * self.steps
        return np.hypot(edges[:, 0], edges[:, 1])


def _numbers(ring: Indices) -> Indices:
    first = np.searchsorted(ring, ring)
    return np.arange(len(ring)) - first + 1


@lru_cache(maxsize=64)
def is_geographic(crs: str) -> bool:
    """Tell whether a coordinate system is one of longitude and latitude."""
    return bool(CRS.from_user_input(crs).is_geographic)


def steps_of(metres: Floats) -> Floats:
    """Return metres per unit for lengths, of any shape: 1 exactly in a surveyor's plane."""
    return np.where(np.abs(metres - 1) < _PLANE, 1.0, metres)


def metres_per_unit(geometry: BaseGeometry, crs: str) -> Floats:
    """Return how many metres a unit of the coordinate system is, east and north, in the middle of a geometry."""
    west, south, east, north = geometry.bounds
    x, y = (west + east) / 2, (south + north) / 2
    if is_geographic(crs):
        return _metres_per_degree(y)
    lon, lat = to_lonlat(crs).transform([x, x + 1, x], [y, y, y + 1])
    steps = np.array([[lon[1] - lon[0], lat[1] - lat[0]], [lon[2] - lon[0], lat[2] - lat[0]]])
    lengths: Floats = np.hypot(*(steps * _metres_per_degree(lat[0])).T)
    return lengths


def metres_of(middles: Floats, crs: str) -> Floats:
    """Return how many metres a unit is, east and north, (n, 2), in the middles of geometries (n, 2)."""
    x, y = middles.T
    if is_geographic(crs):
        return _metres_per_degrees(y)
    transformer = to_lonlat(crs)
    here = np.stack(transformer.transform(x, y), axis=1)
    degree = _metres_per_degrees(here[:, 1])
    steps = [np.stack(transformer.transform(*moved), axis=1) - here for moved in ((x + 1, y), (x, y + 1))]
    return np.stack([np.hypot(*(step * degree).T) for step in steps], axis=1)


def _metres_per_degrees(latitudes: Floats) -> Floats:
    bend = 1 - _E2 * np.sin(np.radians(latitudes)) ** 2
    across, along = _A / np.sqrt(bend), _A * (1 - _E2) / bend**1.5
    return np.radians(np.stack([across * np.cos(np.radians(latitudes)), along], axis=1))


def _metres_per_degree(latitude: float) -> Floats:
    bend = 1 - _E2 * sin(radians(latitude)) ** 2
    across, along = _A / sqrt(bend), _A * (1 - _E2) / bend**1.5
    return np.radians([across * cos(radians(latitude)), along])
