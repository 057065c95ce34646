"""What became of the ground: from class to class, piece by piece, exact in the measuring plane."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.overlay import beside
from zoning.overlay.kernel.engine import RELATIONS, overlay
from zoning.overlay.kernel.shapes import Shapes
from zoning.overlay.kernel.zones import PackedZones
from zoning.overlay.plane import Floats, Geometries
from zoning.overlay.repair import polygonal
from zoning.planning.compare.ground import ROUNDING_M2, Ground, Numbers, objects, pieces

NONE = "none"
"""Covered by the layer, and in none of its zones."""
NO_DATA = "no_data"
"""Outside the coverage of that edition: nobody knows whether a zone is there."""

_INSIDE = RELATIONS.index("site-inside")
_EXACT = 1e-10
"""Of a zone: what is left of it below this share is rounding."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A part of the ground and what it was and is.

    Attributes
    ----------
    before, after
        Class, `NONE` or `NO_DATA`.
    zone_a, zone_b
        Numbers of the zones in their editions; None where there is none.
    amount
        Square metres; metres of lines.
    geometry
        In the measuring plane; None where the class stayed and nobody asked for it.
    """

    before: str
    after: str
    zone_a: int | None
    zone_b: int | None
    amount: float
    geometry: BaseGeometry | None


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """All of two editions.

    Attributes
    ----------
    same
        (k, 2) zones that are the same on both sides to the last bit, class included: skipped by the overlay.
    changed
        The rest of the ground.
    """

    same: Numbers
    changed: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """Where each edition is authoritative, in the measuring plane; None: the same area on both sides."""

    before: BaseGeometry
    after: BaseGeometry

    @classmethod
    def of(cls, before: BaseGeometry, after: BaseGeometry) -> "Reach | None":
        """Return the two areas of the plane; None where they are the same to the last bit."""
        return None if shapely.to_wkb(before) == shapely.to_wkb(after) else cls(before, after)


def flows_of(a: Ground, b: Ground, reach: Reach | None) -> Flows:
    """Return what became of the ground from `a` to `b`.

    A zone that is the same in both editions to the last bit meets no other zone of the other edition, since the zones
    of an edition are disjoint: only the rest is overlaid.
    """
    same = _same(a, b)
    left = _left(len(a.geometries), same[:, 0], a.geometries)
    right = _left(len(b.geometries), same[:, 1], b.geometries)
    one, other, areas, inside = _pairs(a.geometries[left], b.geometries[right])
    first, second = left[one], right[other]
    changed = [*_crossing(a, b, first, second, areas)]
    changed += _lost(a, b, (left, first, second, areas, inside), reach)
    # The other way round: what of the new zones lies on none of the old ones.
    changed += _gained(a, b, (right, second, first, areas), reach)
    return Flows(same, tuple(changed))


def _same(a: Ground, b: Ground) -> Numbers:
    found: dict[tuple[bytes, str], list[int]] = defaultdict(list)
    empty = shapely.is_empty(b.geometries)
    for number, key in enumerate(zip(shapely.to_wkb(b.geometries).tolist(), b.classes, strict=True)):
        if not empty[number]:
            found[key].append(number)
    pairs: list[tuple[int, int]] = []
    for number, key in enumerate(zip(shapely.to_wkb(a.geometries).tolist(), a.classes, strict=True)):
        if found.get(key):
            pairs.append((number, found[key].pop(0)))
    return np.asarray(pairs, dtype=np.int64).reshape(-1, 2)


def _left(count: int, taken: Numbers, geometries: Geometries) -> Numbers:
    rest = np.ones(count, dtype=bool)
    rest[taken] = False
    return np.flatnonzero(rest & ~shapely.is_empty(geometries))


def _pairs(one: Geometries, other: Geometries) -> tuple[Numbers, Numbers, Floats, NDArray[np.bool_]]:
    """Return pairs with an area in common: numbers, areas, and whether the first lies inside the second."""
    if not len(one) or not len(other):
        none = np.empty(0, dtype=np.int64)
        return none, none, np.empty(0), np.empty(0, dtype=bool)
    found = overlay(Shapes.of(one), PackedZones.of(other))
    real = found.areas_m2 > 0
    return found.sites[real], found.zones[real], found.areas_m2[real], found.relations[real] == _INSIDE


def _crossing(a: Ground, b: Ground, first: Numbers, second: Numbers, areas: Floats) -> list[Flow]:
    """Return what lies in a zone on both sides; geometries where the class is another."""
    differs = np.asarray(
        [a.classes[i] != b.classes[k] for i, k in zip(first.tolist(), second.tolist(), strict=True)], dtype=bool
    )
    shapes = np.full(len(first), None, dtype=object)
    shapes[differs] = pieces(a.geometries, b.geometries, first[differs], second[differs])
    amounts = areas.copy()
    amounts[differs] = shapely.area(shapes[differs])
    return [
        Flow(a.classes[i], b.classes[k], i, k, float(amount), None if shape is None else polygonal(shape))
        for i, k, amount, shape in zip(first.tolist(), second.tolist(), amounts, shapes, strict=True)
        if amount > 0
    ]


_Pairs = tuple[Numbers, Numbers, Numbers, Floats]


def _lost(
    a: Ground, b: Ground, pairs: tuple[Numbers, Numbers, Numbers, Floats, NDArray[np.bool_]], reach: Reach | None
) -> list[Flow]:
    left, first, second, areas, inside = pairs
    whole = set(first[inside].tolist())
    kept = np.asarray([zone for zone in left.tolist() if zone not in whole], dtype=np.int64)
    found: list[Flow] = []
    for zone, rest in _rests(a.geometries, b.geometries, kept, (first, second, areas)):
        for after, part in _split(rest, None if reach is None else reach.after):
            found.append(Flow(a.classes[zone], after, zone, None, float(part.area), part))
    return found


def _gained(a: Ground, b: Ground, pairs: _Pairs, reach: Reach | None) -> list[Flow]:
    right, first, second, areas = pairs
    found: list[Flow] = []
    for zone, rest in _rests(b.geometries, a.geometries, right, (first, second, areas)):
        for before, part in _split(rest, None if reach is None else reach.before):
            found.append(Flow(before, b.classes[zone], None, zone, float(part.area), part))
    return found


def _rests(
    own: Geometries, others: Geometries, zones: Numbers, pairs: tuple[Numbers, Numbers, Floats]
) -> list[tuple[int, BaseGeometry]]:
    """Return what of zones lies in no zone of the other side."""
    mine, theirs, areas = pairs
    covered = np.bincount(mine, areas, minlength=len(own)) if len(mine) else np.zeros(len(own))
    sizes = shapely.area(own[zones])
    open_ = zones[sizes - covered[zones] > np.maximum(_EXACT * sizes, ROUNDING_M2)]
    order = np.argsort(mine, kind="stable")
    starts, ends = np.searchsorted(mine[order], open_), np.searchsorted(mine[order], open_, side="right")
    found: list[tuple[int, BaseGeometry]] = []
    for zone, start, end in zip(open_.tolist(), starts.tolist(), ends.tolist(), strict=True):
        rest = own[zone]
        if end > start:
            rest = polygonal(beside.difference(rest, beside.union(others[theirs[order[start:end]]])))
        if rest.area > 0:
            found.append((zone, rest))
    return found


def _split(rest: BaseGeometry, covered: BaseGeometry | None) -> list[tuple[str, BaseGeometry]]:
    """Return land outside all zones of an edition: where the edition speaks, and where it does not."""
    if covered is None or shapely.covers(covered, rest):
        return [(NONE, rest)]
    known, unknown = polygonal(beside.intersection(rest, covered)), polygonal(beside.difference(rest, covered))
    return [(word, part) for word, part in ((NONE, known), (NO_DATA, unknown)) if part.area > ROUNDING_M2]


def geometries_of(flows: Sequence[Flow], a: Ground, b: Ground) -> Geometries:
    """Return the pieces (n,) of many flows."""
    found = np.full(len(flows), None, dtype=object)
    for number, flow in enumerate(flows):
        found[number] = flow.geometry
    missing = np.asarray([number for number, flow in enumerate(flows) if flow.geometry is None], dtype=np.int64)
    if len(missing):
        first = np.asarray([flows[number].zone_a for number in missing.tolist()], dtype=np.int64)
        second = np.asarray([flows[number].zone_b for number in missing.tolist()], dtype=np.int64)
        found[missing] = objects([polygonal(shape) for shape in pieces(a.geometries, b.geometries, first, second)])
    return found
