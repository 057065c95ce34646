"""The ground that zones cover, without overlaps: every place belongs to one zone, the strictest that covers it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.overlay import beside
from zoning.overlay.plane import Geometries
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.repair import polygonal

Numbers = NDArray[np.int64]

ROUNDING_M2 = 1e-6
"""What two borders that are the same leave between them after projection."""
_SLICE = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Zones, each with what is left of it where a stricter one covers the same place.

    Attributes
    ----------
    geometries
        (n,) polygons of the measuring plane, disjoint; empty where nothing is left.
    classes
        (n,) class of each.
    overlap_m2
        What was taken away: counted with the stricter zone.
    """

    geometries: Geometries
    classes: Sequence[str]
    overlap_m2: float

    @classmethod
    def of(cls, layer: PlaneLayer) -> "Ground":
        """Return the ground of a layer of polygons; of two zones of one class the first of the file keeps the place."""
        found, lost = disjoint(layer.whole(), layer.class_numbers)
        return cls(found, layer.class_ids, lost)


def disjoint(geometries: Geometries, ranks: Numbers) -> tuple[Geometries, float]:
    """Return polygons (n,) that do not overlap, and the area that was taken away, m².

    Parameters
    ----------
    geometries
        (n,) valid polygons of the measuring plane. Those that overlap no other come back as they are, to the last bit.
    ranks
        (n,) the lowest keeps what several cover; of equal ones the first.
    """
    first, second = overlapping(geometries)
    if not len(first):
        return geometries, 0.0
    swap = ranks[first] > ranks[second]
    keeps, yields = np.where(swap, second, first), np.where(swap, first, second)
    found = geometries.copy()
    for zone in np.unique(yields).tolist():
        stronger = beside.union(geometries[keeps[yields == zone]])
        found[zone] = polygonal(beside.difference(geometries[zone], stronger))
    touched = np.unique(yields)
    taken = float(shapely.area(geometries[touched]).sum() - shapely.area(found[touched]).sum())
    return found, taken


def overlapping(geometries: Geometries) -> tuple[Numbers, Numbers]:
    """Return the pairs (k,), (k,) of polygons with more than `ROUNDING_M2` in common; the smaller number first."""
    suspects = _suspects(geometries)
    if not len(suspects):
        return suspects, suspects
    tree = shapely.STRtree(geometries)
    shapely.prepare(geometries[suspects])
    asked, met = tree.query(geometries[suspects], predicate="intersects")
    one, other = np.minimum(suspects[asked], met), np.maximum(suspects[asked], met)
    pairs = np.unique(np.column_stack([one, other])[one < other], axis=0)
    areas = common_m2(geometries, geometries, pairs[:, 0], pairs[:, 1])
    pairs = pairs[areas > ROUNDING_M2]
    return pairs[:, 0], pairs[:, 1]


def common_m2(one: Geometries, other: Geometries, first: Numbers, second: Numbers) -> NDArray[np.float64]:
    """Return the areas (k,) that pairs of polygons have in common."""
    areas = np.zeros(len(first))
    for start in range(0, len(first), _SLICE):
        span = slice(start, start + _SLICE)
        areas[span] = beside.common_m2(one[first[span]], other[second[span]])
    return areas


def pieces(one: Geometries, other: Geometries, first: Numbers, second: Numbers) -> Geometries:
    """Return the polygons (k,) that pairs have in common."""
    return beside.common(one[first], other[second])


def objects(geometries: Sequence[BaseGeometry]) -> Geometries:
    """Return geometries as an array (n,), never looked into."""
    found = np.empty(len(geometries), dtype=object)
    for number, geometry in enumerate(geometries):
        found[number] = geometry
    return found


def _suspects(geometries: Geometries) -> Numbers:
    """Return polygons of which each overlap holds at least one: those whose edges do not match their neighbours'."""
    if len(geometries) < 2:  # noqa: PLR2004 - nothing to overlap with
        return np.empty(0, dtype=np.int64)
    wrong = ~shapely.is_empty(shapely.coverage_invalid_edges(geometries))
    seen: set[bytes] = set()
    for number, shape in enumerate(shapely.to_wkb(shapely.normalize(geometries)).tolist()):
        if shape in seen:
            wrong[number] = True
        seen.add(shape)
    return np.flatnonzero(wrong)
