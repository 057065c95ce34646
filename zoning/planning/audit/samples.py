"""Borders as points with a direction, and as segments that are found by distance: in true metres of a local frame."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.overlay.plane import Geometries

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Points along borders.

    Attributes
    ----------
    xy
        (n, 2) metres.
    ways
        (n, 2) unit vectors along the border.
    line, along
        (n,) which line a point is of, and how far from its begin, metres.
    """

    xy: Floats
    ways: Floats
    line: Numbers
    along: Floats

    def __len__(self) -> int:
        return len(self.xy)

    def only(self, kept: Mask | Numbers) -> "Samples":
        """Return some of the points: `kept` is (n,) flags, or the numbers of those that stay."""
        return Samples(self.xy[kept], self.ways[kept], self.line[kept], self.along[kept])


class Segments:
    """Edges of borders, indexed.

    Parameters
    ----------
    lines
        (k,) LineStrings in metres.
    """

    def __init__(self, lines: Geometries) -> None:
        self.starts, self.ends = _edges(lines)
        edges = np.asarray(shapely.linestrings(np.stack([self.starts, self.ends], axis=1)), dtype=object)
        self._tree = shapely.STRtree(edges)
        lengths = np.hypot(*(self.ends - self.starts).T)
        self.ways = (self.ends - self.starts) / np.maximum(lengths, 1e-12)[:, None]

    def __len__(self) -> int:
        return len(self.starts)

    def near(self, xy: Floats, reach_m: float) -> tuple[Numbers, Numbers]:
        """Return the pairs of points (n, 2) and segments that are at most so far apart: numbers of both, (p,) each."""
        if not len(self):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        point, segment = self._tree.query(shapely.points(xy), predicate="dwithin", distance=reach_m)
        return point, segment

    def nearest(self, samples: Samples, shift: Floats, reach_m: float, cosine: float) -> tuple[Numbers, Floats]:
        """Return the points that have a parallel segment near, and the vector from each (moved) to its foot on it.

        Parameters
        ----------
        shift
            (2,) or (n, 2) metres by which the points are moved before.
        cosine
            Of the largest angle between point and segment that still counts as parallel.
        """
        moved = samples.xy + shift
        point, segment = self.near(moved, reach_m)
        parallel = np.abs((samples.ways[point] * self.ways[segment]).sum(axis=1)) >= cosine
        point, segment = point[parallel], segment[parallel]
        away = _feet(moved[point], self.starts[segment], self.ends[segment]) - moved[point]
        order = np.lexsort((np.hypot(*away.T), point))
        first = order[np.unique(point[order], return_index=True)[1]]
        return point[first], away[first]


def _feet(points: Floats, starts: Floats, ends: Floats) -> Floats:
    ways = ends - starts
    share = ((points - starts) * ways).sum(axis=1) / np.maximum((ways * ways).sum(axis=1), 1e-12)
    feet: Floats = starts + np.clip(share, 0.0, 1.0)[:, None] * ways
    return feet


def _edges(lines: Geometries) -> tuple[Floats, Floats]:
    xy, line = shapely.get_coordinates(lines, return_index=True)
    same = (line[1:] == line[:-1]) & (xy[1:] != xy[:-1]).any(axis=1)
    return xy[:-1][same], xy[1:][same]


def samples_of(lines: Geometries, step_m: float, most: int | None = None) -> Samples:
    """Return points in the middle of equal stretches of lines (k,) in metres; `most`: in longer steps where needed."""
    lengths = np.asarray(shapely.length(lines))
    if most is not None:
        step_m = max(step_m, float(lengths.sum()) / most)
    counts = np.maximum(np.rint(lengths / step_m), 1).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), counts)
    place = np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts, counts)
    along = (place + 0.5) * (lengths / counts)[line]
    starts, ends, owner, begun = _measured(lines)
    edge = _edge_at(owner, begun, line, along)
    ways = ends[edge] - starts[edge]
    reach = np.hypot(*ways.T)
    ways = ways / np.maximum(reach, 1e-12)[:, None]
    return Samples(starts[edge] + ways * (along - begun[edge])[:, None], ways, line, along)


def _measured(lines: Geometries) -> tuple[Floats, Floats, Numbers, Floats]:
    """Return begin, end, line and distance from the begin of the line of every edge."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    same = (line[1:] == line[:-1]) & (xy[1:] != xy[:-1]).any(axis=1)
    starts, ends, owner = xy[:-1][same], xy[1:][same], line[1:][same]
    lengths = np.hypot(*(ends - starts).T)
    run = np.cumsum(lengths) - lengths
    first = np.searchsorted(owner, owner)
    return starts, ends, owner, run - run[first]


def _edge_at(owner: Numbers, begun: Floats, line: Numbers, along: Floats) -> Numbers:
    """Return the edge that holds each place: the last of its line that begins before it."""
    lengths = float(max(begun.max(initial=0.0), along.max(initial=0.0))) + 1.0
    found: Numbers = np.searchsorted(owner * lengths + begun, line * lengths + along, side="right") - 1
    return found
