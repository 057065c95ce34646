"""The fast exact engine: sites against all zones of a layer at once, on some threads, with the same answer on any."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.overlay.beside import common_m2
from zoning.overlay.kernel.layout import Floats, Ints
from zoning.overlay.kernel.packed_index import PackedIndex
from zoning.overlay.kernel.shapes import Shapes
from zoning.overlay.kernel.zones import PackedZones

__all__ = ["RELATIONS", "Nearest", "PackedIndex", "Pairs", "nearest", "overlay"]

T = TypeVar("T")

RELATIONS = ("touches", "crosses", "site-inside", "zone-inside")
"""How a site and a zone lie to each other.

- touches: their borders meet, they have no area in common
- crosses: their borders meet, they have an area in common; also where each holds only parts of the other
- site-inside, zone-inside: the one lies inside the other, their borders do not meet

Lines have no area: one whose border meets the site is said to cross it.
"""

_SLICE = 128  # sites per task of a thread
_APART = 1e-6  # of an area, of 1 m² at least: the sums are nearer than that to what they sum up


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Sites and zones with a point in common, ordered by site, then by zone.

    Attributes
    ----------
    sites, zones
        (k,) their numbers.
    areas_m2
        (k,) common area; 0 for lines.
    relations
        (k,) index in `RELATIONS`.
    """

    sites: Ints
    zones: Ints
    areas_m2: Floats
    relations: NDArray[np.int8]


def overlay(sites: Shapes, zones: PackedZones, *, threads: int = 1) -> Pairs:
    """Find all zones that each site touches, and the areas in common.

    A pair is found exactly when `shapely.intersects` says so. Areas agree with those of the GEOS overlay: what is less
    than 1 m², or too small beside the land between the two to be summed up to 1e-9, is measured by GEOS itself.

    Parameters
    ----------
    sites
        Valid polygons.
    threads
        The answer does not depend on it.
    """
    from zoning.overlay.kernel.overlaying import overlay_slice

    one, layer = sites.as_sites, zones.layer
    parts = _sliced(lambda span: overlay_slice(one, layer, sites.space(), span), len(sites), threads)
    pairs = parts[0][0] if len(parts) == 1 else np.concatenate([part[0] for part in parts])
    areas = parts[0][1] if len(parts) == 1 else np.concatenate([part[1] for part in parts])
    owners, numbers = pairs[:, 0], zones.numbers[pairs[:, 1]]
    order = np.lexsort((numbers, owners))
    pairs, areas = pairs[order], areas[order]
    relations = pairs[:, 2].astype(np.int8)
    open_ = np.flatnonzero(pairs[:, 3])
    if len(open_):
        areas[open_] = _measured(sites, zones, pairs[open_, :2], areas[open_], threads)
        relations[open_[areas[open_] == 0]] = 0
    return Pairs(pairs[:, 0], numbers[order], areas, relations)


def _measured(sites: Shapes, zones: PackedZones, pairs: Ints, sums: Floats, threads: int) -> Floats:
    """Return the areas that GEOS finds, (k,).

    In the plane it loses a zone that a site all but fills, where seams run through the site. So it is asked again,
    beside the pair on a grid, where it says something else than the sums (k,) of the kernel.
    """

    def measure(span: tuple[int, int]) -> Floats:
        mine, others = pairs[slice(*span), 0], pairs[slice(*span), 1]
        one, other, expected = sites.geometries(mine), zones.shapes.geometries(others), sums[slice(*span)]
        areas: Floats = shapely.area(shapely.intersection(one, other))
        again = np.flatnonzero(np.abs(areas - expected) > _APART * np.maximum(expected, 1.0))
        areas[again] = common_m2(one[again], other[again])
        return areas

    return np.concatenate(_sliced(measure, len(pairs), threads))


def _sliced(work: Callable[[tuple[int, int]], T], count: int, threads: int) -> list[T]:
    """Do work on slices of 0 to `count`, first and end of each; return the parts in order."""
    if count <= _SLICE:
        return [work((0, count))]
    spans = [(first, min(first + _SLICE, count)) for first in range(0, count, _SLICE)]
    if threads <= 1:
        return [work(span) for span in spans]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, spans))


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The nearest zone of each site that has one within the limit, ordered by site.

    Attributes
    ----------
    sites, zones
        (k,) their numbers; of several zones that are equally near the smallest number.
    distances_m
        (k,) in the plane; 0 where they touch.
    """

    sites: Ints
    zones: Ints
    distances_m: Floats


def nearest(sites: Shapes, zones: PackedZones, limit_m: float, *, threads: int = 1) -> Nearest:
    """Find the zone nearest to each site in the plane, not farther than `limit_m`.

    Parameters
    ----------
    sites
        Valid polygons.
    threads
        The answer does not depend on it.
    """
    from zoning.overlay.kernel.nearing import nearest_places

    one, layer, goal, limit = sites.as_sites, zones.layer, (1, -1, -1, 1), float(limit_m)
    parts = _sliced(lambda span: nearest_places(one, layer, sites.space(), goal, limit, span), len(sites), threads)
    places = np.concatenate([part[0] for part in parts])
    distances = np.concatenate([part[1] for part in parts])
    found = np.flatnonzero(places >= 0)
    return Nearest(found, zones.numbers[places[found]], distances[found])
