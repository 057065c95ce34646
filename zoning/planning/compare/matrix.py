"""From class to class, per township or territory: areas that add up to the totals of both editions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from zoning.overlay.kernel.engine import RELATIONS, overlay
from zoning.overlay.kernel.shapes import Shapes
from zoning.overlay.kernel.zones import PackedZones
from zoning.overlay.plane import Geometries
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.repair import polygonal
from zoning.planning.compare.flows import Flow, Flows, geometries_of
from zoning.planning.compare.ground import ROUNDING_M2, Ground, disjoint

OUTSIDE = ""
"""Where no township is."""

_INSIDE = RELATIONS.index("site-inside")


class Division:
    """Townships or territories: a partition of the ground, and what lies outside of it.

    Parameters
    ----------
    layer
        Where two of its zones overlap, the place belongs to the first; zones with the same id are one place.
    """

    def __init__(self, layer: PlaneLayer | None) -> None:
        shapes, self.ids, self.names = np.empty(0, dtype=object), list[str](), dict[str, str]()
        if layer is not None:
            shapes, _ = disjoint(layer.whole(), np.arange(len(layer.ids)))
            filled = np.flatnonzero(~shapely.is_empty(shapes))
            shapes = shapes[filled]
            self.ids = [layer.ids[zone] for zone in filled.tolist()]
            self.names = {layer.ids[zone]: layer.names[zone] for zone in filled.tolist()}
        self._packed = PackedZones.of(shapes) if len(shapes) else None

    def split(self, geometries: Geometries) -> list[dict[str, float]]:
        """Return the area (m²) of polygons (n,) of the plane in each place, by its id; `OUTSIDE`: in none."""
        areas = shapely.area(geometries)
        found: list[dict[str, float]] = [{} for _ in range(len(geometries))]
        filled = np.flatnonzero(areas > 0)
        if self._packed is not None and len(filled):
            pairs = overlay(Shapes.of(geometries[filled]), self._packed)
            columns = (pairs.sites, pairs.zones, pairs.areas_m2, pairs.relations)
            for site, zone, area, relation in zip(*(column.tolist() for column in columns), strict=True):
                mine = found[int(filled[site])]
                if area > 0:
                    whole = float(areas[filled[site]]) if relation == _INSIDE else area
                    mine[self.ids[zone]] = mine.get(self.ids[zone], 0.0) + whole
        for number in filled.tolist():
            rest = float(areas[number]) - sum(found[number].values())
            # What is left of a piece inside is rounding; it stays with the largest part, so that nothing gets lost.
            if found[number] and abs(rest) <= max(1e-9 * float(areas[number]), 1e-6):
                largest = max(found[number], key=found[number].__getitem__)
                found[number][largest] += rest
            elif rest > 0:
                found[number][OUTSIDE] = rest
        return found


@dataclass(frozen=True, slots=True)
class Cell:
    """What was `before` and is `after` in one place: square metres, or metres of lines."""

    place: str
    before: str
    after: str
    amount: float


@dataclass(frozen=True, slots=True)
class Total:
    """What the zones of a class cover in one place, measured for each edition by itself."""

    place: str
    class_id: str
    amount: float


@dataclass(frozen=True, slots=True)
class Matrix:
    """A transition matrix per place, with the totals that its rows and columns must add up to.

    `zone_places`: of every zone of either side the places that it lies in; () for lines.
    """

    cells: tuple[Cell, ...]
    before: tuple[Total, ...]
    after: tuple[Total, ...]
    zone_places: tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]] = ((), ())

    def off_by(self) -> float:
        """Return by how much rows and columns differ from the totals at most, as a part of the whole class.

        Totals are measured zone by zone, cells piece by piece: they share no figure but those of unchanged zones.
        """
        worst = 0.0
        for totals, side in ((self.before, "before"), (self.after, "after")):
            sums: dict[tuple[str, str], float] = defaultdict(float)
            for cell in self.cells:
                sums[cell.place, getattr(cell, side)] += cell.amount
            wholes: dict[str, float] = defaultdict(float)
            for total in totals:
                wholes[total.class_id] += total.amount
            for total in totals:
                gap = abs(sums[total.place, total.class_id] - total.amount)
                worst = max(worst, gap / wholes[total.class_id])
        return worst


def matrix_of(a: Ground, b: Ground, flows: Flows, division: Division) -> Matrix:
    """Return the matrix of two editions of a layer of polygons."""
    parts_a, parts_b = division.split(a.geometries), division.split(b.geometries)
    cells: dict[tuple[str, str, str], float] = defaultdict(float)
    for zone_a, _ in flows.same.tolist():
        name = a.classes[zone_a]
        for place, area in parts_a[zone_a].items():
            cells[place, name, name] += area
    _add(cells, flows.changed, a, b, division, (parts_a, parts_b))
    places = tuple(tuple(mine) for mine in parts_a), tuple(tuple(mine) for mine in parts_b)
    return Matrix(cells_of(cells), _totals(a, parts_a), _totals(b, parts_b), places)


def cells_of(cells: Mapping[tuple[str, str, str], float]) -> tuple[Cell, ...]:
    """Return cells in the order of place and classes."""
    return tuple(Cell(*key, amount) for key, amount in sorted(cells.items()) if amount > ROUNDING_M2)


def totals_of(totals: Mapping[tuple[str, str], float]) -> tuple[Total, ...]:
    """Return totals in the order of place and class."""
    return tuple(Total(*key, amount) for key, amount in sorted(totals.items()) if amount > ROUNDING_M2)


_Parts = Sequence[Mapping[str, float]]


def _add(
    cells: dict[tuple[str, str, str], float],
    changed: Sequence[Flow],
    a: Ground,
    b: Ground,
    division: Division,
    parts: tuple[_Parts, _Parts],
) -> None:
    """Add the pieces that changed: where their zone lies in one place, they need not be cut."""
    open_: list[Flow] = []
    for flow in changed:
        place = _only(flow, parts)
        if place is None:
            open_.append(flow)
        else:
            cells[place, flow.before, flow.after] += flow.amount
    for flow, split in zip(open_, division.split(_areal(geometries_of(open_, a, b))), strict=True):
        for place, area in split.items():
            cells[place, flow.before, flow.after] += area


def _only(flow: Flow, parts: tuple[_Parts, _Parts]) -> str | None:
    for zone, mine in ((flow.zone_a, parts[0]), (flow.zone_b, parts[1])):
        if zone is not None and len(mine[zone]) == 1:
            return next(iter(mine[zone]))
    return None


def _areal(shapes: Geometries) -> Geometries:
    found = shapes.copy()
    for number, shape in enumerate(shapes):
        found[number] = polygonal(shape)
    return found


def _totals(ground: Ground, parts: Iterable[Mapping[str, float]]) -> tuple[Total, ...]:
    found: dict[tuple[str, str], float] = defaultdict(float)
    for name, mine in zip(ground.classes, parts, strict=True):
        for place, area in mine.items():
            found[place, name] += area
    return totals_of(found)
