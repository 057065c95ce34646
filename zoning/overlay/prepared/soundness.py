"""Whether the arrays of a file that nobody has seen before fit each other.

Digests tell what was damaged, not what was made to harm: compiled functions do not look whether a place that they are
told to read is there.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import GeometryType

from zoning.overlay.kernel import layout
from zoning.overlay.kernel.layout import Ints
from zoning.overlay.prepared.container import Arrays, DamagedError

_POLYGONS = (GeometryType.POLYGON, GeometryType.MULTIPOLYGON)
_LINES = (GeometryType.LINESTRING, GeometryType.MULTILINESTRING)
_SHORTEST_RING = 4  # a triangle, closed
_LAST_BIT = 63
_ZONE_ARRAYS = {"floats": np.float64, "ints": np.int64, "tree_floats": np.float64, "tree_ints": np.int64}


def check_kinds(zones: Arrays) -> None:
    """Look whether the arrays of zones are there, of the right type, and long enough for their heads.

    Raises
    ------
    DamagedError
        When they are not.
    """
    for name, dtype in _ZONE_ARRAYS.items():
        array = zones.get(name)
        if array is None or array.dtype != dtype or array.ndim != 1:
            raise DamagedError(f"zones without {name}")
    counts = zones["ints"][: layout.HEAD]
    _demand(
        len(counts) == layout.HEAD and len(zones["tree_ints"]) >= layout.TREE_HEAD + layout.MOST_LEVELS + 1, "heads"
    )
    _demand(bool((counts[: layout.BOXES + 1] >= 0).all()), "counts")


def check_zones(zones: Arrays, class_numbers: NDArray[Any], assumed: NDArray[Any], classes: int) -> None:
    """Look at every place that one array of zones names in another.

    Parameters
    ----------
    class_numbers, assumed
        (n,) of the zones, by number.
    classes
        How many classes there are.

    Raises
    ------
    DamagedError
        When something is not there, or twice.
    """
    numbers = class_numbers
    _demand(not len(numbers) or 0 <= int(numbers.min()) <= int(numbers.max()) < classes, "classes")
    _check_shapes(zones["floats"], zones["ints"], len(numbers))
    _check_tree(zones["tree_floats"], zones["tree_ints"], class_numbers, assumed)


def _check_shapes(floats: NDArray[Any], ints: Ints, count: int) -> None:
    zones, parts, rings, vertices, boxes, areal = (int(number) for number in ints[: layout.AREAL + 1])
    _demand(zones == count and areal in {0, 1}, "zones")
    places = (
        layout.PART_STARTS,
        layout.RING_STARTS,
        layout.VERTEX_STARTS,
        layout.BOX_STARTS,
        layout.KINDS,
        layout.SIGNS,
        layout.RING_ORDER,
        layout.GROVE_STARTS,
    )
    at = np.cumsum([layout.HEAD, zones + 1, parts + 1, rings + 1, rings + 1, zones, rings, rings, zones + 1])
    _demand([int(ints[place]) for place in places] == at[:-1].tolist() and len(ints) == at[-1], "places of lists")
    ends = np.cumsum([2 * vertices, 4 * boxes, 4 * zones, zones if areal else 0])
    heads = (layout.RUN_BOXES, layout.ZONE_BOXES, layout.AREAS, layout.GROVE_BOXES)
    _demand([int(ints[head]) for head in heads] == ends.tolist(), "places of boxes")
    _demand(len(floats) == int(ends[-1]) + 4 * int(ints[at[8] - 1]), "areas")
    part_starts, ring_starts, vertex_starts, box_starts = (ints[at[n] : at[n + 1]] for n in range(4))
    for starts, end in ((part_starts, parts), (ring_starts, rings), (vertex_starts, vertices), (box_starts, boxes)):
        _demand(starts[0] == 0 and starts[-1] == end and bool((np.diff(starts) >= 0).all()), "starts")
    _demand(bool((np.diff(box_starts) == _boxes_of(np.diff(vertex_starts) - 1)).all()), "boxes of rings")
    kinds = ints[at[4] : at[5]]
    _demand(bool(np.isin(kinds, _POLYGONS if areal else _LINES).all()), "types of geometry")
    single = (kinds == GeometryType.POLYGON) | (kinds == GeometryType.LINESTRING)
    _demand(bool((np.diff(part_starts)[single] <= 1).all()), "parts")
    _demand(bool(np.isin(ints[at[5] : at[6]], (0, 1)).all()), "directions of rings")
    _check_order(ints[at[6] : at[7]], ints[at[7] : at[8]], part_starts, ring_starts)
    _check_rings(floats[: 2 * vertices].reshape(-1, 2), vertex_starts, ring_starts, areal=bool(areal))


def _check_order(order: Ints, grove_starts: Ints, part_starts: Ints, ring_starts: Ints) -> None:
    """Look whether every zone names each of its rings once, and has boxes for them where there are many."""
    rings, counts = order >> 1, np.diff(ring_starts[part_starts])
    owner = np.repeat(np.arange(len(counts)), counts)
    _demand(bool((np.sort(rings) == np.arange(len(order))).all()) and bool((owner[rings] == owner).all()), "rings")
    _demand(bool(((order & 1) == ~np.isin(rings, ring_starts[:-1])).all()), "holes")
    groves = np.where(counts > layout.FANOUT, -(-counts // layout.FANOUT), 0)
    _demand(grove_starts[0] == 0 and bool((np.diff(grove_starts) == groves).all()), "boxes of many rings")


def _check_rings(xy: NDArray[Any], vertex_starts: Ints, ring_starts: Ints, *, areal: bool) -> None:
    lengths = np.diff(vertex_starts)
    _demand(bool(np.isfinite(xy).all()), "coordinates")
    if not areal:
        _demand(bool((lengths != 1).all()) and bool((np.diff(ring_starts) == 1).all()), "lines")
        return
    _demand(bool((lengths >= _SHORTEST_RING).all()), "rings")
    _demand(bool((xy[vertex_starts[:-1]] == xy[vertex_starts[1:] - 1]).all()), "rings that are not closed")


def _check_tree(floats: NDArray[Any], ints: Ints, class_numbers: NDArray[Any], assumed: NDArray[Any]) -> None:
    count, levels = int(ints[layout.TREE_ZONES]), int(ints[layout.TREE_LEVELS])
    sizes = [count]
    while sizes[-1] > 1 or len(sizes) == 1:
        sizes.append(-(-sizes[-1] // layout.FANOUT))
    nodes = sum(sizes[1:])
    _demand(count == len(class_numbers) and levels == len(sizes) - 1 and len(floats) == 4 * nodes, "size of the tree")
    at = layout.TREE_HEAD
    _demand(int(ints[layout.NODES]) == at, "place of the levels")
    starts = ints[at : at + layout.MOST_LEVELS + 1]
    _demand(starts[: len(sizes)].tolist() == np.cumsum([0, *sizes[1:]]).tolist(), "levels of the tree")
    at += layout.MOST_LEVELS + 1
    places = (
        layout.NUMBERS,
        layout.GROUPS,
        layout.LOOSE,
        layout.GROUP_MASKS,
        layout.LOOSE_MASKS,
        layout.PLACES,
    )
    ends = np.cumsum([at, count, count, count, nodes, nodes, count])
    _demand([int(ints[place]) for place in places] == ends[:-1].tolist() and len(ints) == ends[-1], "lists of the tree")
    _check_masks(ints, [int(end) for end in ends], sizes)
    numbers, groups, loose = (ints[ends[n] : ends[n + 1]] for n in range(3))
    _demand(bool((np.sort(numbers) == np.arange(count)).all()), "numbers of zones")
    _demand(bool((ints[ends[5] :][numbers] == np.arange(count)).all()), "places of zones")
    _demand(int(ints[layout.TREE_GROUPS]) == int(groups.max(initial=-1)) + 1, "number of classes")
    _demand(bool((groups == class_numbers[numbers]).all()), "classes in the tree")
    _demand(bool((loose == assumed[numbers].astype(np.int64) - 1).all()), "assumed classes in the tree")


def _check_masks(ints: Ints, ends: list[int], sizes: list[int]) -> None:
    """Look whether every node of the tree names the classes below it."""
    for values, masks in ((ends[1], ends[3]), (ends[2], ends[4])):
        places = ints[values : values + sizes[0]]
        below = np.where(places >= 0, np.int64(1) << np.clip(places, 0, _LAST_BIT), 0)
        for size in sizes[1:]:
            whole = np.zeros(size * layout.FANOUT, dtype=np.int64)
            whole[: len(below)] = below
            below = np.bitwise_or.reduce(whole.reshape(size, layout.FANOUT), axis=1)
            _demand(bool((ints[masks : masks + size] == below).all()), "classes of nodes")
            masks += size  # noqa: PLW2901 - on to the next level


def _boxes_of(edges: Ints) -> Ints:
    """Return how many boxes rings of so many edges have; see `zoning.overlay.kernel.packing.boxes_of`."""
    level = -(-np.maximum(edges, 0) // layout.FANOUT)
    total = level.copy()
    while (level > 1).any():
        level = np.where(level > 1, -(-level // layout.FANOUT), 0)
        total += level
    return total


def _demand(holds: bool, what: str) -> None:  # noqa: FBT001 - the condition itself
    if not holds:
        raise DamagedError(f"arrays that do not fit each other: {what}")
