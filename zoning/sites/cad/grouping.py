"""Which outlines of a layer are the same, which lie inside another and are its holes, and which stand alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.sites.cad.curves import Array
from zoning.sites.cad.outlines import Outline
from zoning.sites.tangles import mended, tangled_rings

_INSIDE = 0.9999
"""Share of a ring's area within another for it to lie inside: rounded coordinates stick out by slivers."""

_NEARLY_ALL = 0.98
"""An inner ring that leaves less than 2 % is the same boundary drawn twice, not a hole."""

_MOST_PAIRS, _MOST_COMPARED = 2_000_000, 200_000
_ALL_FILLED, _OUTER_BAND = 2, 1

Shapes = NDArray[np.object_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ring:
    """A flattened outline.

    Attributes
    ----------
    points
        Shape (n, 3), closed.
    """

    outline: Outline
    points: Array


@dataclass(frozen=True, slots=True)
class Parcel:
    """An outer ring with the rings that are cut out of it."""

    shell: Ring
    holes: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """The rings of a layer in their roles.

    Attributes
    ----------
    doubles
        How many rings were left out because the same one was there already.
    nearly_doubles
        How many rings fill another one almost and were kept as a record of their own.
    """

    parcels: tuple[Parcel, ...]
    doubles: int
    nearly_doubles: int


def group(rings: Sequence[Ring], tolerance: float, crossings: int) -> Grouped:
    """Group rings by containment: one inside an odd number of others is a hole of the innermost; the rest stand alone.

    Parameters
    ----------
    tolerance
        Points that lie this near are the same.
    crossings
        How often a ring may cross itself.

    Raises
    ------
    TangledError
        When too many rings lie on top of one another, or one is a tangle.
    """
    kept = _filled(rings, tolerance, crossings)
    kept, doubles = _without_copies(kept)
    relations = _related(kept, tolerance, crossings)
    gone = {small for small, _, how in relations if how == "same"}
    around: list[list[int]] = [[] for _ in kept]
    nearly = 0
    for small, large, how in relations:
        if small in gone or large in gone:
            continue
        if how == "inside":
            around[small].append(large)
        nearly += how == "nearly"
    holes: dict[int, list[Ring]] = {i: [] for i, outer in enumerate(around) if len(outer) % 2 == 0 and i not in gone}
    for i, outer in enumerate(around):
        if i not in holes and i not in gone:
            # The innermost container is itself inside all the others.
            holes[max(outer, key=lambda j: len(around[j]))].append(kept[i])
    parcels = tuple(Parcel(kept[i], tuple(inner)) for i, inner in holes.items())
    return Grouped(parcels, doubles + len(gone), nearly)


def _filled(rings: Sequence[Ring], tolerance: float, crossings: int) -> list[Ring]:
    """Leave out loops that a hatch does not show as borders: what its style fills or leaves empty as a whole."""
    families: dict[tuple[int, int], list[int]] = {}
    for i, ring in enumerate(rings):
        filling = ring.outline.filling
        if filling is not None and filling.style in (_OUTER_BAND, _ALL_FILLED):
            families.setdefault((filling.hatch, filling.copy), []).append(i)
    dropped: set[int] = set()
    for members in families.values():
        if len(members) > 1:
            own = [rings[i] for i in members]
            depth = [0] * len(own)
            for small, _, how in _related(own, tolerance, crossings):
                depth[small] += how == "inside"
            filling = own[0].outline.filling
            deepest = 0 if filling is not None and filling.style == _ALL_FILLED else 1
            dropped |= {i for i, level in zip(members, depth, strict=True) if level > deepest}
    return [ring for i, ring in enumerate(rings) if i not in dropped]


def _without_copies(rings: list[Ring]) -> tuple[list[Ring], int]:
    """Leave out rings with exactly the same points, wherever they start and whichever way they run.

    A line that is also the loop of a hatch belongs to it: the hatch says which rings are holes.
    """
    seen: dict[bytes, int] = {}
    kept: list[Ring] = []
    for ring in rings:
        points = ring.points[:-1, :2]
        start = int(np.lexsort((points[:, 1], points[:, 0]))[0])
        forwards = np.roll(points, -start, axis=0)
        backwards = np.roll(forwards[::-1], 1, axis=0)
        key = min(forwards.tobytes(), backwards.tobytes())
        first = seen.setdefault(key, len(kept))
        if first == len(kept):
            kept.append(ring)
        elif kept[first].outline.filling is None and ring.outline.filling is not None:
            kept[first] = replace(kept[first], outline=kept[first].outline.filled(ring.outline.filling))
    return kept, len(rings) - len(kept)


def _related(rings: Sequence[Ring], tolerance: float, crossings: int) -> list[tuple[int, int, str]]:
    """Return pairs of a smaller and a larger ring: the `same`, `inside`, or `nearly` all of it."""
    areas = np.array([mended(shapely.Polygon(ring.points[:, :2]), crossings) for ring in rings], dtype=object)
    sizes = shapely.area(areas)
    boxes = shapely.bounds(areas)
    slack = 0.01 * np.ptp(boxes.reshape(-1, 2, 2), axis=1)
    inner = np.hstack([boxes[:, :2] + slack, boxes[:, 2:] - slack])
    found: list[tuple[int, int, str]] = []
    looked_at = 0
    for pairs in _pairs(areas):
        smaller, larger = _first_within_second(pairs, sizes, boxes, inner)
        looked_at += len(smaller)
        if looked_at > _MOST_COMPARED + len(rings):
            raise tangled_rings(_MOST_COMPARED)
        alike = sizes[smaller] > _NEARLY_ALL * sizes[larger]
        shared = shapely.area(shapely.intersection(areas[smaller], areas[larger])) >= _INSIDE * sizes[smaller]
        listed = zip(smaller.tolist(), larger.tolist(), alike.tolist(), shared.tolist(), strict=True)
        for small, large, nearly, inside in listed:
            if nearly and _same(rings[small], rings[large], tolerance):
                found.append((small, large, "same"))
            elif inside:
                found.append((small, large, "nearly" if nearly else "inside"))
    return found


def _first_within_second(pairs: Numbers, sizes: Array, boxes: Array, inner: Array) -> tuple[Numbers, Numbers]:
    """Return the pairs whose first ring is not the larger one and lies, but for a hundredth, in the box of the second.

    Parameters
    ----------
    pairs
        Shape (2, n).
    boxes, inner
        Shape (rings, 4): west, south, east, north; `inner` are those of rings drawn in by a hundredth.
    """
    first, second = pairs
    one, other = sizes[first], sizes[second]
    kept = ((one < other) | ((one == other) & (first > second))) & (one != 0)
    beside = (inner[first, :2] < boxes[second, :2]).any(axis=1) | (inner[first, 2:] > boxes[second, 2:]).any(axis=1)
    kept &= ~beside
    return first[kept], second[kept]


def _pairs(areas: Shapes) -> Iterator[Numbers]:
    """Yield pairs that touch, shape (2, n), in both orders; a few rings at a time, for all may lie upon all."""
    tree = shapely.STRtree(areas)
    batch = max(1, 2 * _MOST_PAIRS // max(len(areas), 1))
    total = 0
    for start in range(0, len(areas), batch):
        found = tree.query(areas[start : start + batch], predicate="intersects")
        total += found.shape[1]
        if total > _MOST_PAIRS + len(areas):
            raise tangled_rings(_MOST_PAIRS)
        found[0] += start
        yield found[:, found[0] != found[1]]


def _same(first: Ring, second: Ring, tolerance: float) -> bool:
    # Vertices against edges, both ways: curves of one outline may be split differently.
    for ring, other in ((first, second), (second, first)):
        line = shapely.LinearRing(other.points[:, :2])
        shapely.prepare(line)
        if not shapely.dwithin(line, shapely.points(ring.points[:, :2]), 2 * tolerance).all():
            return False
    return True
