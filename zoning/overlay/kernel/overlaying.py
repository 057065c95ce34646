"""Which zones the sites touch and how much area they have in common, without cutting any polygon."""

import numpy as np

from zoning.overlay.kernel.borders import begin, meet_zone, result, site_pieces
from zoning.overlay.kernel.cells import add_cell, cell_window
from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.inside import rings_inside
from zoning.overlay.kernel.layout import (
    AREAL,
    AREAS,
    PART_STARTS,
    RING_STARTS,
    ZONE_BOXES,
    Flat,
    Floats,
    Ints,
)
from zoning.overlay.kernel.memory import Base, address, put_real, real, whole
from zoning.overlay.kernel.space import base_of, divide
from zoning.overlay.kernel.walking import cell_near, cells_near, next_zone, start
from zoning.overlay.kernel.windows import Window, near_count, winding

# Relations.
APART, TOUCHES, CROSSES, SITE_INSIDE, ZONE_INSIDE = -1, 0, 1, 2, 3

_EXACT = 1e-9
"""Largest relative error of an area that is given as it is."""
_SMALL_M2 = 1.0
_LAST_PLACE = 2.0**-53


@compiled
def overlay_slice(
    sites: tuple[Flat, Ints], layer: tuple[Flat, Flat], space: Floats, span: tuple[int, int]
) -> tuple[Ints, Floats]:
    """Return all pairs of some sites.

    Parameters
    ----------
    sites
        Shapes and cells.
    layer
        Shapes of the zones, and the tree over them.
    space
        Room for so many numbers as the cells say.
    span
        First site, and the one behind the last.

    Returns
    -------
    tuple
        (k, 4) site, place of the zone, relation, 1 where the area has to be measured by GEOS; (k,) areas.
    """
    one, base = (base_of(sites[0]), address(sites[1])), (base_of(layer[0]), base_of(layer[1]))
    rooms = divide(address(space), one[1])
    # No distance at all is wanted, for the one group of all zones.
    put_real(rooms[2], 0, 0.0)
    # Not written as bare numbers: for those the functions below would be compiled once more.
    goal = (rooms[2], int(np.int64(1)), int(np.int64(-1)), int(np.int64(-1)))
    pairs, areas, count = np.empty((32, 4), np.int64), np.empty(32), 0
    for site in range(span[0], span[1]):
        start(rooms[1], one[1], site, base[1])
        while True:
            zone = next_zone(rooms[1], one[1], base, goal)
            if zone < 0:
                break
            relation, area, open_ = _measure(rooms[0], rooms[1], one, base[0], (site, zone))
            if relation == APART:
                continue
            if count == len(areas):
                pairs, areas = _longer(pairs, areas)
            pairs[count, 0], pairs[count, 1], pairs[count, 2], pairs[count, 3] = site, zone, relation, open_
            areas[count] = area
            count += 1
    return pairs[:count], areas[:count]


@compiled
def _longer(pairs: Ints, areas: Floats) -> tuple[Ints, Floats]:
    count = len(areas)
    more, larger = np.empty((4 * count, 4), np.int64), np.empty(4 * count)
    for row in range(count):
        larger[row] = areas[row]
        for column in range(4):
            more[row, column] = pairs[row, column]
    return more, larger


@compiled
def _measure(at: int, walk: int, one: tuple[Base, int], zones: Base, pair: tuple[int, int]) -> tuple[int, float, int]:
    """Return the relation of a site and a zone, their common area, and 1 when that is not exact enough."""
    sites, _ = one
    site, zone = pair
    areal = whole(zones[1], AREAL) == 1
    zone_m2 = real(zones[0], whole(zones[1], AREAS) + zone) if areal else 0.0
    if _holds(at, walk, one, zones, zone):
        return ZONE_INSIDE, zone_m2, 0
    area, error, extent, meet = result(at)
    # GEOS moves the points where borders cross to numbers that there are: areas far thinner than long are as it says.
    error += extent * _LAST_PLACE * _farthest(zones, zone)
    uncertain = int(areal and (area < _SMALL_M2 or error > _EXACT * area))
    if meet:
        return CROSSES, area, uncertain
    # The borders have no point in common: what lies in the other does so ring by ring.
    site_m2 = real(sites[0], whole(sites[1], AREAS) + site)
    smaller = min(site_m2, zone_m2)
    relation = CROSSES
    if areal and _simple(sites, site) and _simple(zones, zone) and error < smaller / 8:
        if area < smaller / 2:
            return APART, 0.0, 0
        relation = SITE_INSIDE if site_m2 < zone_m2 else ZONE_INSIDE
    else:
        relation = _by_rings(sites, zones, pair)
    if relation == SITE_INSIDE:
        return relation, site_m2, 0
    if relation == ZONE_INSIDE:
        return relation, zone_m2, 0
    return relation, area, uncertain


@compiled
def _farthest(flat: Base, zone: int) -> float:
    """Return the largest number in the box of a zone."""
    box = whole(flat[1], ZONE_BOXES) + 4 * zone
    west, south, east, north = (
        real(flat[0], box),
        real(flat[0], box + 1),
        real(flat[0], box + 2),
        real(flat[0], box + 3),
    )
    return max(-west, -south, east, north)


@compiled
def _by_rings(sites: Base, zones: Base, pair: tuple[int, int]) -> int:
    """Return the relation of shapes whose borders have no point in common."""
    site, zone = pair
    parts, site_parts, site_holes = rings_inside(sites, site, zones, zone)
    zone_all, zone_parts, zone_holes = rings_inside(zones, zone, sites, site)
    if site_parts + zone_parts == 0:
        return APART
    if zone_parts == zone_all and site_parts + site_holes == 0:
        return ZONE_INSIDE
    if site_parts == parts and zone_parts + zone_holes == 0:
        return SITE_INSIDE
    return CROSSES


@compiled
def _simple(flat: Base, shape: int) -> bool:
    """Tell whether a polygon has one ring only."""
    ints = flat[1]
    first, last = whole(ints, whole(ints, PART_STARTS) + shape), whole(ints, whole(ints, PART_STARTS) + shape + 1)
    return whole(ints, whole(ints, RING_STARTS) + last) - whole(ints, whole(ints, RING_STARTS) + first) == 1


@compiled
def _holds(at: int, walk: int, one: tuple[Base, int], zones: Base, zone: int) -> bool:
    """Meet a zone with all cells that are near it; end when the zone's box lies inside the site."""
    sites, cells = one
    areal = whole(zones[1], AREAL) == 1
    box = whole(zones[1], ZONE_BOXES) + 4 * zone
    begin(at, int(areal))
    for index in range(cells_near(walk)):
        cell = cell_near(walk, index)
        window = cell_window(cells, cell, zones[0], box)
        add_cell(site_pieces(at), sites, cells, cell, window)
        flat = not (window[0] < window[2] and window[1] < window[3])
        if near_count(site_pieces(at)) == 0:
            # No border of the site: the window lies inside it or outside.
            if flat or winding(site_pieces(at)) == 0:
                continue
            if _same(window, zones[0], box):
                return True
        meet_zone(at, sites, zones, zone, window)
    return False


@compiled
def _same(window: Window, floats: int, box: int) -> bool:
    return (
        window[0] == real(floats, box)
        and window[1] == real(floats, box + 1)
        and window[2] == real(floats, box + 2)
        and window[3] == real(floats, box + 3)
    )
