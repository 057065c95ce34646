"""Zones as flat arrays: what all peers are fed from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from bench.province.chance import Floats, Whole, places, starts

Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Ragged:
    """Polygons, multipolygons or lines, all of one type, in GeoArrow's layout.

    Attributes
    ----------
    kind
        shapely's number of the type: 1 line, 3 polygon, 6 multipolygon.
    xy
        (vertices, 2) metres of the measuring plane; rings are closed.
    offsets
        Where rings, polygons, multipolygons begin (innermost first), as many as the type has levels.
    """

    kind: int
    xy: Floats
    offsets: tuple[Whole, ...]

    def __len__(self) -> int:
        return len(self.offsets[-1]) - 1

    @classmethod
    def of(cls, geometries: Geometries) -> "Ragged":
        """Take geometries apart."""
        kind, xy, offsets = shapely.to_ragged_array(geometries, include_z=False)
        return cls(int(kind), np.asarray(xy), tuple(np.asarray(level, dtype=np.int64) for level in offsets))

    def geometries(self) -> Geometries:
        """Put them together, (n,)."""
        return _built(self.kind, self.xy, self.offsets)

    def some(self, numbers: Whole) -> Geometries:
        """Put some of them together, (m,): a million need not all be built."""
        wanted, levels = numbers, []
        for offsets in reversed(self.offsets):
            counts = offsets[wanted + 1] - offsets[wanted]
            owner, place = places(counts)
            wanted = offsets[wanted][owner] + place
            levels.append(starts(counts))
        return _built(self.kind, self.xy[wanted], tuple(reversed(levels)))

    def one(self, number: int) -> BaseGeometry:
        """Put one of them together."""
        shape: BaseGeometry = self.some(np.array([number], dtype=np.int64))[0]
        return shape


def _built(kind: int, xy: Floats, offsets: tuple[Whole, ...]) -> Geometries:
    return np.asarray(shapely.from_ragged_array(shapely.GeometryType(kind), xy, offsets), dtype=object)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One layer of the province: zones, and the code of the class of each."""

    name: str
    shapes: Ragged
    classes: NDArray[np.str_]

    @property
    def lines(self) -> bool:
        """Whether it holds lines, which have no area."""
        return self.shapes.kind in {1, 5}


def polygons(rings: Floats, counts: Whole, rings_of: Whole | None = None) -> Ragged:
    """Return polygons from the vertices of their rings, not closed, one after the other.

    Parameters
    ----------
    rings
        (n, 2) vertices of all rings.
    counts
        (rings,) how many each ring has.
    rings_of
        (polygons,) how many rings each polygon has, its shell first; one each when left out.
    """
    begin = starts(counts)
    closed = starts(counts + 1)
    xy = np.empty((int(closed[-1]), 2))
    keep = np.ones(len(xy), dtype=bool)
    keep[closed[1:] - 1] = False
    xy[keep] = rings
    xy[~keep] = rings[begin[:-1]]
    number = np.ones(len(counts), dtype=np.int64) if rings_of is None else rings_of
    return Ragged(3, xy, (closed, starts(number)))


def lines(xy: Floats, counts: Whole) -> Ragged:
    """Return lines from their vertices, one after the other."""
    return Ragged(1, xy, (starts(counts),))


def joined(parts: Sequence[Ragged]) -> Ragged:
    """Return ragged arrays of one type as one."""
    offsets = []
    for level in range(len(parts[0].offsets)):
        sizes = [np.diff(part.offsets[level]) for part in parts]
        offsets.append(starts(np.concatenate(sizes)))
    return Ragged(parts[0].kind, np.concatenate([part.xy for part in parts]), tuple(offsets))
