"""Shapes of which it is certain that nothing is wrong: of a whole layer in one step, the others are judged one by one.

Every condition is stricter than that of `zoning.quality.site_quality.drawn`, by more than rounding can matter: what is
called sound here has no fault there. Where it is doubtful, a shape is not called sound.
"""

from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.quality.faults import DEFAULTS, Parameters
from zoning.quality.outline import Floats, Indices, Mask, metres_of, steps_of

Geometries = NDArray[np.object_]
_CLEAR = 1.05
"""By so much a figure must be clear of its limit. A plane whose metres differ by 0.2 % is reckoned as true."""
_CLEAR_AREA = 2.0


def surely_sound(geometries: Geometries, crs: str, parameters: Parameters = DEFAULTS) -> Mask:
    """Tell of which geometries (n,) it is certain that `drawn` finds no fault in them.

    What the reader of a file has to tell (`Site.repairs`) is not asked here.

    Parameters
    ----------
    geometries
        Of one coordinate system, as their file draws them; only of polygons it can be certain.
    """
    found = _all_polygons(geometries)
    numbers = np.flatnonzero(found)
    if len(numbers):
        sound = np.ones(len(numbers), dtype=bool)
        # What is not a number is clear of no limit.
        with np.errstate(invalid="ignore", over="ignore"):
            rings = _Rings.of(geometries[numbers], crs)
            sound[rings.zone[~rings.sound(parameters)]] = False
        sound[sound] = shapely.is_valid(geometries[numbers[sound]])
        found[numbers] = sound
    return found


def _all_polygons(geometries: Geometries) -> Mask:
    """Tell which geometries are polygons or multipolygons of which no part and no ring is empty."""
    kinds = shapely.get_type_id(geometries)
    found: Mask = np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    found &= ~shapely.is_empty(geometries)
    parts, owner = shapely.get_parts(geometries, return_index=True)
    found[owner[shapely.is_empty(parts)]] = False
    rings, part = shapely.get_rings(parts, return_index=True)
    found[owner[part[shapely.is_empty(rings)]]] = False
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Rings:
    """The edges of all rings end to end.

    Attributes
    ----------
    begins, ways
        (k, 2) where an edge begins, in metres from the first vertex of its geometry; and how it runs, in units.
    steps
        (k, 2) metres per unit, for lengths.
    first, zone
        (m,) number of the first edge of a ring, and of its geometry.
    """

    begins: Floats
    ways: Floats
    steps: Floats
    first: Indices
    zone: Indices

    @classmethod
    def of(cls, geometries: Geometries, crs: str) -> "_Rings":
        """Take geometries apart: polygons without empty parts, (n,)."""
        parts, owner = shapely.get_parts(geometries, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        zone = owner[part]
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        same = ring[1:] == ring[:-1]
        begins, ways, ring = xy[:-1][same], np.diff(xy, axis=0)[same], ring[:-1][same]
        metres = metres_of(_middles(geometries), crs)
        of_edge = zone[ring]
        start = begins[np.searchsorted(of_edge, of_edge)]
        first = np.searchsorted(ring, np.arange(len(rings)))
        return cls((begins - start) * metres[of_edge], ways, steps_of(metres)[of_edge], first, zone)

    def sound(self, parameters: Parameters) -> Mask:
        """Tell of which rings it is certain that nothing is wrong with them, (m,)."""
        previous = np.arange(-1, len(self.ways) - 1)
        previous[self.first] = np.append(self.first[1:], len(self.ways)) - 1
        before, after = -self.ways[previous] * self.steps, self.ways * self.steps
        lengths = np.hypot(after[:, 0], after[:, 1])
        narrow = cos(radians(parameters.spike_degrees * _CLEAR)) * lengths * lengths[previous]
        # A border that runs out and back on one line is the narrowest tip of all.
        clear = (before * after).sum(axis=1) < narrow
        clear &= (lengths > parameters.short_m * _CLEAR) & (lengths * _CLEAR < parameters.long_m)
        clear &= np.minimum(lengths, lengths[previous]) * _CLEAR < parameters.remote_m
        areas = self._areas_m2()
        found: Mask = np.logical_and.reduceat(clear, self.first)
        found &= areas > parameters.tiny_m2 * _CLEAR_AREA
        found &= 2 * areas > parameters.sliver_m * _CLEAR_AREA * np.add.reduceat(lengths, self.first)
        return found

    def _areas_m2(self) -> Floats:
        following = np.arange(1, len(self.begins) + 1)
        following[np.append(self.first[1:], len(self.begins)) - 1] = self.first
        cross = _cross(self.begins, self.begins[following])
        areas: Floats = np.abs(np.add.reduceat(cross, self.first)) / 2
        return areas


def _middles(geometries: Geometries) -> Floats:
    bounds = shapely.bounds(geometries)
    middles: Floats = (bounds[:, :2] + bounds[:, 2:]) / 2
    return middles


def _cross(one: Floats, other: Floats) -> Floats:
    product: Floats = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return product
