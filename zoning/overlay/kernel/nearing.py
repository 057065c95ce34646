"""The nearest zone of each group to a site, and the runs of borders near it."""

import numpy as np

from zoning.overlay.kernel.borders import begin, meet_zone, result, site_pieces
from zoning.overlay.kernel.cells import add_cell, cell_window
from zoning.overlay.kernel.compiled import compiled
from zoning.overlay.kernel.gaps import border_gap2
from zoning.overlay.kernel.inside import rings_inside
from zoning.overlay.kernel.layout import (
    BOX_STARTS,
    NUMBERS,
    ZONE_BOXES,
    Flat,
    Floats,
    Ints,
)
from zoning.overlay.kernel.memory import WORD, Base, address, put_real, put_whole, real, whole
from zoning.overlay.kernel.rings import rings_between
from zoning.overlay.kernel.space import base_of, divide
from zoning.overlay.kernel.walking import Goal, Layer, cell_near, cells_near, next_zone, start
from zoning.overlay.kernel.windows import near_count

_NOT_ZERO = 1e-300  # of what does not touch

Place = tuple[Base, int, int]
"""Sites, cells, and the site."""


@compiled
def nearest_places(
    sites: tuple[Flat, Ints],
    layer: tuple[Flat, Flat],
    space: Floats,
    goal: tuple[int, int, int, int],
    limit: float,
    span: tuple[int, int],
) -> tuple[Ints, Floats]:
    """Return the places of the zones nearest to each of some sites, group by group, and their distances.

    Parameters
    ----------
    sites
        Shapes and cells.
    layer
        Shapes of the zones, and the tree over them.
    space
        Room for so many numbers as the cells say.
    goal
        Number of groups; heads of the lists of groups and masks in the tree, -1 when all zones are of group 0; 1 when
        zones are meant, 0 when only their borders are.
    limit
        How far is looked.
    span
        First site, and the one behind the last.

    Returns
    -------
    tuple
        Both (sites x groups,): places, -1 for none; distances, 0 where they touch.
    """
    one, base = (base_of(sites[0]), address(sites[1])), (base_of(layer[0]), base_of(layer[1]))
    meeting, walk, _ = divide(address(space), one[1])
    count = (span[1] - span[0]) * goal[0]
    places, squares = np.full(count, -1), np.full(count, limit * limit)
    for site in range(span[0], span[1]):
        at = WORD * (site - span[0]) * goal[0]
        start(walk, one[1], site, base[1])
        wanted = (address(squares) + at, goal[0], goal[1], goal[2])
        _approach((meeting, walk, address(places) + at), (one[0], one[1], site), base, wanted, goal[3])
    for index in range(count):
        squares[index] = np.sqrt(squares[index])
    return places, squares


@compiled
def near_runs(
    sites: tuple[Flat, Ints], layer: tuple[Flat, Flat], space: Floats, goal: tuple[int, int], limits: Floats
) -> Ints:
    """Return runs of borders near the first site, (k, 4): group, number of the zone, first and last vertex.

    Parameters
    ----------
    goal
        Heads of the lists of groups and masks in the tree.
    limits
        Group -> distance up to which its runs are wanted, a little more does not hurt; below 0 for none.
    """
    one, base = (base_of(sites[0]), address(sites[1])), (base_of(layer[0]), base_of(layer[1]))
    meeting, walk, _ = divide(address(space), one[1])
    tree = layer[1].ints
    found, count, room, squares = np.empty((16, 4), np.int64), 0, np.empty(64, np.int64), limits.copy()
    for group in range(len(limits)):
        squares[group] = np.nextafter(limits[group] ** 2, np.inf) if limits[group] >= 0 else -1.0
    start(walk, one[1], 0, base[1])
    while True:
        zone = next_zone(walk, one[1], base, (address(squares), len(limits), goal[0], goal[1]))
        if zone < 0:
            return found[:count]
        if 2 * _boxes(base[0][1], zone) > len(room):
            room = np.empty(4 * _boxes(base[0][1], zone), np.int64)
        group = tree[tree[goal[0]] + zone]
        for index in range(cells_near(walk)):
            cell = (one[0], one[1], cell_near(walk, index))
            more = border_gap2(cell, base[0], zone, squares[group], meeting, address(room))[1]
            found = _longer(found, count + more)
            for run in range(more):
                found[count, 0], found[count, 1] = group, tree[tree[NUMBERS] + zone]
                found[count, 2], found[count, 3] = room[2 * run], room[2 * run + 1]
                count += 1


@compiled
def _longer(rows: Ints, count: int) -> Ints:
    if count <= len(rows):
        return rows
    grown = np.empty((2 * count, 4), np.int64)
    for row in range(len(rows)):
        for column in range(4):
            grown[row, column] = rows[row, column]
    return grown


@compiled
def _approach(rooms: tuple[int, int, int], one: Place, layer: Layer, goal: Goal, areal: int) -> None:
    """Bring the distances of the goal down to the nearest zone of each group, and write the places of those.

    Of several that are equally near it is the one with the smallest number.

    Parameters
    ----------
    rooms
        Addresses of a meeting, a walk, and the places.
    areal
        1 when what is inside counts, too, and not only the border.
    """
    at, walk, owners = rooms
    sites, cells, _ = one
    zones, tree = layer[0], layer[1][1]
    numbers = tree + WORD * whole(tree, NUMBERS)
    while True:
        zone = next_zone(walk, cells, layer, goal)
        if zone < 0:
            return
        group = whole(tree, whole(tree, goal[2]) + zone) if goal[2] >= 0 else 0
        best2, owner = real(goal[0], group), whole(owners, group)
        before = owner >= 0 and whole(numbers, owner) < whole(numbers, zone)
        if best2 == 0 and before:
            continue
        if _touch(at, walk, one, zones, (zone, areal)):
            put_real(goal[0], group, 0.0)
            put_whole(owners, group, zone)
            continue
        if best2 == 0:
            continue
        gap2 = np.nextafter(best2, np.inf)
        for index in range(cells_near(walk)):
            gap2 = border_gap2((sites, cells, cell_near(walk, index)), zones, zone, gap2, at, 0)[0]
        gap2 = max(gap2, _NOT_ZERO)
        if gap2 < best2 or (gap2 == best2 and not before):
            put_real(goal[0], group, gap2)
            put_whole(owners, group, zone)


@compiled
def _touch(at: int, walk: int, one: Place, zones: Base, what: tuple[int, int]) -> bool:
    """Tell whether a zone, or its border, has a point in common with the site."""
    sites, cells, site = one
    zone, areal = what
    box = whole(zones[1], ZONE_BOXES) + 4 * zone
    begin(at, 0)
    overlap = False
    for index in range(cells_near(walk)):
        cell = cell_near(walk, index)
        window = cell_window(cells, cell, zones[0], box)
        if window[0] > window[2] or window[1] > window[3]:
            continue
        overlap = True
        add_cell(site_pieces(at), sites, cells, cell, window)
        if near_count(site_pieces(at)) == 0:
            continue
        meet_zone(at, sites, zones, zone, window)
        if result(at)[3]:
            return True
    if not overlap:
        return False
    _, parts, holes = rings_inside(zones, zone, sites, site)
    if parts > 0 or (holes > 0 and not areal):
        return True
    return areal == 1 and rings_inside(sites, site, zones, zone)[1] > 0


@compiled
def _boxes(ints: int, zone: int) -> int:
    """Return how many boxes the runs and blocks of a zone have."""
    first, last = rings_between(ints, zone)
    return whole(ints, whole(ints, BOX_STARTS) + last) - whole(ints, whole(ints, BOX_STARTS) + first)
