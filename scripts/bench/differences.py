"""The differential check: our answers against those of every peer, pair by pair; exact arithmetic decides disputes."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from shapely.geometry.base import BaseGeometry

from bench.exact import exact_area_m2, exactly_meet
from bench.peers.interface import Floats, Near, Pairs, Whole
from bench.province.zones import Geometries

LARGE_M2 = 1.0
RELATIVE, RELATIVE_LARGE = 1e-6, 1e-9
NOTHING_M2 = 1e-9
"""Areas that differ by less are the same: a square millimetre is a thousand times as much."""
DISTANCE_M = 1e-6
MOST_DISPUTES = 400
"""More pairs than that are not looked at one by one: then something is thoroughly wrong."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A pair on which two disagree, and who is wrong.

    Attributes
    ----------
    ours, theirs
        Square metres; None where the pair was not found.
    exact
        The area in exact arithmetic; None when they do not meet.
    """

    layer: str
    site: int
    zone: int
    ours: float | None
    theirs: float | None
    exact: float | None
    we_are_wrong: bool
    they_are_wrong: bool


@dataclass(slots=True)
class Compared:
    """What came of a comparison with one peer."""

    peer: str
    pairs: int = 0
    disputes: list[Dispute] = field(default_factory=list)
    unsettled: int = 0
    """Disputes beyond the limit; they count against us."""
    largest_relative: float = 0.0
    """Largest relative difference of areas above 1 m², disputed ones left out."""

    @property
    def wrong_by_us(self) -> int:
        """How many answers of ours are wrong, or not settled."""
        return self.unsettled + sum(dispute.we_are_wrong for dispute in self.disputes)

    @property
    def wrong_by_them(self) -> int:
        """How many answers of the peer are wrong."""
        return sum(dispute.they_are_wrong for dispute in self.disputes)


Shapes = tuple[Geometries, Callable[[int], BaseGeometry]]
"""The sites, and what gives a zone by its number."""


def same_area(one: Floats, other: Floats) -> np.ndarray:
    """Tell which areas agree: to 1e-9 above 1 m², to 1e-6 below."""
    larger = np.maximum(one, other)
    allowed = np.where(larger > LARGE_M2, RELATIVE_LARGE, RELATIVE) * larger
    return np.asarray(np.abs(one - other) <= np.maximum(allowed, NOTHING_M2))


def compare(compared: Compared, layer: str, ours: Pairs, theirs: Pairs, shapes: Shapes) -> None:
    """Compare one layer, and add to `compared`."""
    keys, other = _keys(ours), _keys(theirs)
    for pairs, name in ((ours, "our"), (theirs, compared.peer)):
        if len(np.unique(_keys(pairs))) != len(pairs.sites):
            raise ValueError(f"{layer}: a pair stands twice in {name} answer")
    _, mine, hers = np.intersect1d(keys, other, assume_unique=True, return_indices=True)
    agree = same_area(ours.areas_m2[mine], theirs.areas_m2[hers])
    large = agree & (ours.areas_m2[mine] > LARGE_M2)
    if large.any():
        found = np.abs(ours.areas_m2[mine] / np.where(large, theirs.areas_m2[hers], 1.0) - 1.0)[large].max()
        compared.largest_relative = max(compared.largest_relative, float(found))
    compared.pairs += len(keys)
    disputed = sorted({*np.setxor1d(keys, other).tolist(), *keys[mine[~agree]].tolist()})
    known = dict(zip(keys.tolist(), ours.areas_m2.tolist(), strict=True))
    said = dict(zip(other.tolist(), theirs.areas_m2.tolist(), strict=True))
    for key in disputed:
        if len(compared.disputes) >= MOST_DISPUTES:
            compared.unsettled += 1
            continue
        compared.disputes.append(_settled(layer, key, known.get(key), said.get(key), shapes))


def _keys(pairs: Pairs) -> Whole:
    return np.asarray(pairs.sites << 32 | pairs.zones)


def _settled(
    layer: str,
    key: int,
    ours: float | None,
    theirs: float | None,
    shapes: Shapes,
) -> Dispute:
    site, zone = key >> 32, key & 0xFFFFFFFF
    one, other = shapes[0][site], shapes[1](zone)
    exact = float(exact_area_m2(one, other)) if exactly_meet(one, other) else None
    return Dispute(layer, site, zone, ours, theirs, exact, not _right(ours, exact), not _right(theirs, exact))


def _right(answer: float | None, exact: float | None) -> bool:
    if answer is None or exact is None:
        return answer is exact
    return bool(same_area(np.array([answer]), np.array([exact]))[0])


def differing_distances(ours: Near, theirs: Near) -> int:
    """Return for how many sites the nearest zone is at another distance, or found by one of the two only."""
    both, mine, hers = np.intersect1d(ours.sites, theirs.sites, assume_unique=True, return_indices=True)
    only = len(ours.sites) + len(theirs.sites) - 2 * len(both)
    far = np.abs(ours.distances_m[mine] - theirs.distances_m[hers]) > DISTANCE_M
    return only + int(far.sum())
