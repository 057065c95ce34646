"""Rings that cross themselves are taken apart only when that is cheap: the work grows with the square of the crossings.

A ring of 1,000 vertices in random order crosses itself 250,000 times; a mapped boundary a few times, if at all.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.errors import TangledError
from zoning.sites.drawing import Coordinates

_PAIRS_AT_ONCE = 4_000_000
_FIRST_CHUNK = 64
_LARGE = 20_000
_FEWEST, _SAMPLE = 3, 50
_PIECE = 200_000
_CERTAIN = 100
_MOST_COUNTED = 1_000_000  # an edge as an object takes 300 bytes
_NEIGHBOURS = 3  # every edge meets itself and the two beside it


def tangled_border(most: int) -> TangledError:
    """Return the error about edges that meet more than `most` times."""
    return TangledError(
        f"边界与自身相交超过 {most} 处，不能作为范围；请检查界址点的次序后重新导出",
        f"the border meets itself more than {most} times and cannot be a footprint; check the order of its "
        "vertices and export it again",
    )


def tangled_rings(most: int) -> TangledError:
    """Return the error about rings that lie over or in each other more than `most` times."""
    return TangledError(
        f"各环互相重叠或嵌套超过 {most} 处，不能作为范围；请删除重复的环后重新导出",
        f"its rings lie over or in each other more than {most} times and cannot be a footprint; remove repeated rings "
        "and export it again",
    )


# Numbers near the ends of what a float holds overflow in products; the answer to a question of containment stands.
@np.errstate(all="ignore")
def mended(geometry: BaseGeometry, most: int) -> BaseGeometry:
    """Return a polygon or multipolygon without crossings, for questions of containment only.

    What a crossing border encloses counts as inside, whichever way it runs.

    Parameters
    ----------
    most
        Meetings of edges that are allowed, in all parts together.

    Raises
    ------
    TangledError
    """
    refuse_hopeless(geometry, most)
    if geometry.is_valid:
        return geometry
    starts, ends = _edges(geometry)
    _refuse_by_sample(starts, ends, most)
    if len(starts) <= _MOST_COUNTED:
        kept = (starts != ends).any(axis=1)
        _count_all(np.stack([starts[kept], ends[kept]], axis=1), most)
    # The other method (linework) takes minutes where this one takes a second.
    valid: BaseGeometry = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    return valid


@np.errstate(all="ignore")
def refuse_hopeless(geometry: BaseGeometry, most: int) -> None:
    """Refuse a large geometry in random order before anything is asked about it: even `is_valid` takes minutes.

    Raises
    ------
    TangledError
    """
    if shapely.get_num_coordinates(geometry) > _LARGE:
        _refuse_by_sample(*_edges(geometry), most)


def _refuse_by_sample(starts: Coordinates, ends: Coordinates, most: int) -> None:
    count = len(starts)
    sample = np.linspace(0, count - 1, max(_FEWEST, min(_SAMPLE, _PAIRS_AT_ONCE // max(count, 1)))).astype(np.int64)
    met = sum(max(0, _meetings(starts, ends, edge) - _NEIGHBOURS) for edge in sample.tolist())
    # A sample proves nothing about a few crossings, and everything about a ring in random order.
    if met * count > _CERTAIN * most * len(sample):
        raise tangled_border(most)


def _count_all(ends: NDArray[np.float64], most: int) -> None:
    edges = np.asarray(shapely.linestrings(ends), dtype=object)
    tree = shapely.STRtree(edges)
    start, step, met = 0, _FIRST_CHUNK, 0
    while start < len(edges):
        asked = edges[start : start + step]
        pairs = tree.query(asked, predicate="intersects").shape[1]
        met += pairs - _NEIGHBOURS * len(asked)
        # Every meeting is found from both sides.
        if met > 2 * most:
            raise tangled_border(most)
        start += step
        step = max(1, min(2 * step, _PAIRS_AT_ONCE * step // max(pairs, 1)))


def _edges(geometry: BaseGeometry) -> tuple[Coordinates, Coordinates]:
    paths = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(geometry))]
    if len(paths) == 1:
        return paths[0][:-1], paths[0][1:]
    return np.concatenate([path[:-1] for path in paths]), np.concatenate([path[1:] for path in paths])


def _meetings(starts: Coordinates, ends: Coordinates, edge: int) -> int:
    """Return how many edges one edge meets, itself and its neighbours included; in pieces that need little memory."""
    a, b = starts[edge], ends[edge]
    met = 0
    for first in range(0, len(starts), _PIECE):
        s, e = starts[first : first + _PIECE], ends[first : first + _PIECE]
        apart = (_side(a, b, s) * _side(a, b, e) > 0) | (_side(s, e, a) * _side(s, e, b) > 0)
        # Edges of one line lie on no side of each other, however far apart they are.
        apart |= ((np.minimum(s, e) > np.maximum(a, b)) | (np.maximum(s, e) < np.minimum(a, b))).any(axis=1)
        met += int(np.count_nonzero(~apart))
    return met


def _side(p: Coordinates, q: Coordinates, r: Coordinates) -> Coordinates:
    """Return on which side of the line from p to q the point r lies: 1, 0 or -1."""
    run, rise = q - p, r - p
    return np.asarray(np.sign(run[..., 0] * rise[..., 1] - run[..., 1] * rise[..., 0]))
