"""What became of lines (railways, rivers): the same as for polygons, in metres."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay import beside
from zoning.overlay.plane_layer import PlaneLayer
from zoning.planning.compare.flows import NO_DATA, NONE, Flow, Flows, Reach
from zoning.planning.compare.matrix import OUTSIDE, Matrix, cells_of, totals_of

ROUNDING_M = 1e-3
_LINES = ("LineString", "LinearRing")
_NOTHING = shapely.MultiLineString()


def line_flows(a: PlaneLayer, b: PlaneLayer, reach: Reach | None) -> Flows:
    """Return what became of the lines of `a` in `b`; lines that are the same to the last bit are skipped.

    Where lines of several classes lie on each other, the strictest counts.
    """
    same = _same(a, b)
    before, after = _by_class(a, set(same[:, 0].tolist())), _by_class(b, set(same[:, 1].tolist()))
    changed = [
        flow
        for first, one in before.items()
        for second, other in after.items()
        for flow in _flow(a, first, second, beside.intersection(one, other))
    ]
    for line, all_new, area in _rests(before, after, None if reach is None else reach.after):
        changed += _flow(a, all_new, NO_DATA if area else NONE, line)
    for line, all_old, area in _rests(after, before, None if reach is None else reach.before):
        changed += _flow(a, NO_DATA if area else NONE, all_old, line)
    return Flows(same, tuple(changed))


def line_matrix(a: PlaneLayer, b: PlaneLayer, flows: Flows) -> Matrix:
    """Return the matrix of two editions of lines, in metres; not divided by township."""
    cells: dict[tuple[str, str, str], float] = defaultdict(float)
    for zone, _ in flows.same.tolist():
        name = a.class_ids[zone]
        cells[OUTSIDE, name, name] += a.plane.length_m(a.whole()[zone])
    for flow in flows.changed:
        cells[OUTSIDE, flow.before, flow.after] += flow.amount
    totals: tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]] = defaultdict(float), defaultdict(float)
    for sums, layer, taken in ((totals[0], a, flows.same[:, 0]), (totals[1], b, flows.same[:, 1])):
        for zone in taken.tolist():
            sums[OUTSIDE, layer.class_ids[zone]] += layer.plane.length_m(layer.whole()[zone])
        for name, line in _by_class(layer, set(taken.tolist())).items():
            sums[OUTSIDE, name] += layer.plane.length_m(line)
    return Matrix(cells_of(cells), totals_of(totals[0]), totals_of(totals[1]))


def _same(a: PlaneLayer, b: PlaneLayer) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    found: dict[tuple[bytes, str], list[int]] = defaultdict(list)
    for number, key in enumerate(zip(shapely.to_wkb(b.whole()).tolist(), b.class_ids, strict=True)):
        found[key].append(number)
    pairs = [
        (number, found[key].pop(0))
        for number, key in enumerate(zip(shapely.to_wkb(a.whole()).tolist(), a.class_ids, strict=True))
        if found.get(key)
    ]
    return np.asarray(pairs, dtype=np.int64).reshape(-1, 2)


def _by_class(layer: PlaneLayer, skipped: set[int]) -> dict[str, BaseGeometry]:
    found: dict[str, BaseGeometry] = {}
    stricter: BaseGeometry = _NOTHING
    shapes = layer.whole()
    for name in layer.class_order:
        mine = [n for n, class_id in enumerate(layer.class_ids) if class_id == name and n not in skipped]
        if mine:
            united = beside.union(shapes[np.asarray(mine)])
            found[name] = beside.difference(united, stricter)
            stricter = beside.union([stricter, united])
    return found


def _rests(
    own: dict[str, BaseGeometry], others: dict[str, BaseGeometry], covered: BaseGeometry | None
) -> Iterator[tuple[BaseGeometry, str, bool]]:
    """Yield what of each class lies on no line of the other edition; whether it lies outside of its coverage."""
    taken = beside.union([*others.values()])
    for name, line in own.items():
        rest = beside.difference(line, taken)
        if covered is None:
            yield rest, name, False
            continue
        yield beside.intersection(rest, covered), name, False
        yield beside.difference(rest, covered), name, True


def _flow(layer: PlaneLayer, before: str, after: str, line: BaseGeometry) -> list[Flow]:
    parts = [part for part in shapely.get_parts(line) if part.geom_type in _LINES and not part.is_empty]
    flat = shapely.MultiLineString(parts)
    length = layer.plane.length_m(flat)
    return [Flow(before, after, None, None, length, flat)] if length > ROUNDING_M else []
