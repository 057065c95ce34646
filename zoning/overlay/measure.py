"""The exact overlay of a footprint with a layer: areas, lengths, shares, certainty, slivers, distances."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.layers.reader import NOT_HERE, Unavailable
from zoning.overlay import robust
from zoning.overlay.beyond import outskirts
from zoning.overlay.certainty import Doubt, doubt_reach_m
from zoning.overlay.coverage import Covered
from zoning.overlay.footprint import Footprint
from zoning.overlay.meeting import meet
from zoning.overlay.overlap import ClassOverlap, LayerOverlap, Slivers, Status, ZoneOverlap, accuracy_text
from zoning.overlay.plane import Geometries
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.repair import polygonal
from zoning.sites.site import Repair
from zoning.texts import Text

__all__ = ["LINE_TOLERANCE_M", "PlaneLayer", "measure"]

LINE_TOLERANCE_M = 0.1
"""Lengths of lines inside a footprint count from here on."""

_TOUCH_M = 0.001  # a line along the border, within rounding, runs beside the footprint and not in it
_ROUNDING_M2 = 1e-6  # what two borders that are the same leave between them after projection
_SLACK, _SLACK_M = 1.001, 0.01
_NOTHING = shapely.Polygon()


@dataclass(frozen=True, slots=True, eq=False)
class _Hit:
    """The zones of one class that the grown footprint meets, and what of them lies in it, seen from its origin."""

    number: int
    zones: NDArray[np.int64]
    pieces: Geometries
    overlap: BaseGeometry
    amount: float


def measure(
    footprint: Footprint,
    layer: PlaneLayer | Unavailable,
    *,
    within: BaseGeometry | None = None,
    search_m: float,
    tolerance_m2: float,
) -> LayerOverlap:
    """Measure a footprint against a layer.

    Parameters
    ----------
    within
        A territory in the measuring plane: only the part of the footprint in it is measured. The territory itself, not
        its part, so that the footprint grown by the accuracy stays inside it.
    search_m
        How far the nearest zone of each class is looked for.
    tolerance_m2
        Parts below are slivers; so is the whole overlap while the sum of all parts is below.

    Raises
    ------
    CRSMismatchError
        When footprint and layer lie in different measuring planes.
    """
    part = footprint.part(within)
    if isinstance(layer, Unavailable):
        return _unknown(layer, 0.0 if part is None else part.area_m2, footprint.site.accuracy_m)
    layer.plane.same_as(footprint.plane)
    if part is None:
        return _outside(layer, footprint.site.accuracy_m)
    return _Measuring(part, layer, search_m, tolerance_m2).result()


def _unknown(layer: Unavailable, area_m2: float, site_accuracy_m: float) -> LayerOverlap:
    return LayerOverlap(
        layer=layer.layer.id,
        edition=layer.edition_id,
        status="no_data",
        accuracy_m=layer.layer.accuracy_m + site_accuracy_m,
        site_accuracy_m=site_accuracy_m,
        uncovered_m2=area_m2,
        reason=layer.reason,
    )


def _outside(layer: PlaneLayer, site_accuracy_m: float) -> LayerOverlap:
    return LayerOverlap(
        layer=layer.layer.id,
        edition=layer.edition_id,
        status="no_data",
        accuracy_m=layer.layer.accuracy_m + site_accuracy_m,
        site_accuracy_m=site_accuracy_m,
        reason=Text("地块不在所问的辖区之内", "nothing of the site lies in the territory"),
        sha256=layer.sha256,
    )


@dataclass(frozen=True, eq=False)
class _Measuring:
    """One footprint against one layer."""

    footprint: Footprint
    layer: PlaneLayer
    search_m: float
    tolerance_m2: float

    def result(self) -> LayerOverlap:
        covered = self._covered()
        if covered.covered_m2 <= 0:
            return self._not_here(covered)
        hits = self._hits()
        classes, slivers = self._classes(hits)
        uncovered = covered.uncovered_m2 if covered.uncovered_m2 >= self.tolerance_m2 else 0.0
        status = _status(classes, uncovered)
        met = sorted({int(zone) for hit in hits for zone in hit.zones})
        return LayerOverlap(
            layer=self.layer.layer.id,
            edition=self.layer.edition_id,
            status=status,
            accuracy_m=self.accuracy_m,
            site_accuracy_m=self._site_accuracy_m,
            classes=classes,
            distances_m=self._distances(hits),
            unleveled_m=self._unleveled_m(),
            beyond=outskirts(self.footprint, self.layer, self.tolerance_m2),
            searched_m=self.search_m,
            slivers=Slivers(slivers.count, slivers.sum_m2, covered.uncovered_m2 - uncovered),
            uncovered_m2=uncovered,
            covered_m2=covered.covered_m2,
            covered_reach_m=covered.reach_m,
            reason=_reason(status, covered, accuracy_text(self.accuracy_m, self._site_accuracy_m)),
            repairs=_merged([repair for zone in met for repair in self.layer.zone_repairs.get(zone, ())]),
            sha256=self.layer.sha256,
            of_part=self.footprint.is_part,
        )

    def _not_here(self, covered: Covered) -> LayerOverlap:
        # The layer does not speak of this place: also a zone that lies here all the same is no answer.
        return LayerOverlap(
            layer=self.layer.layer.id,
            edition=self.layer.edition_id,
            status="no_data",
            accuracy_m=self.accuracy_m,
            site_accuracy_m=self._site_accuracy_m,
            searched_m=self.search_m,
            uncovered_m2=covered.uncovered_m2,
            reason=NOT_HERE,
            sha256=self.layer.sha256,
        )

    @property
    def accuracy_m(self) -> float:
        """What decides the certainty, metres; see `LayerOverlap.accuracy_m`."""
        return self.layer.layer.accuracy_m + self._site_accuracy_m

    @property
    def _site_accuracy_m(self) -> float:
        return self.footprint.site.accuracy_m

    def _covered(self) -> Covered:
        """Return what the layer speaks of; what its accuracy may carry the site out of the coverage is uncovered."""
        covered = self.layer.coverage.over(self.footprint, self.search_m)
        if self._site_accuracy_m == 0 or covered.uncovered_m2 >= self.tolerance_m2:
            return covered
        grown = self.footprint.grown(self._site_accuracy_m)
        lost = min(self.layer.coverage.outside_m2(grown, self.footprint.origin), self.footprint.area_m2)
        return replace(covered, uncovered_m2=lost) if lost > max(_ROUNDING_M2, covered.uncovered_m2) else covered

    @cached_property
    def _borders_m(self) -> dict[int, float]:
        """Distance to the nearest border of each class within the search."""
        return self.layer.index.distances_m(self.footprint, self.search_m)

    @property
    def _lines(self) -> bool:
        return self.layer.layer.geometry == "line"

    def _hits(self) -> list[_Hit]:
        """Return the classes that the grown footprint meets, strictest first."""
        near = self.layer.index.meeting(self.footprint.box(self.accuracy_m))
        if not len(near):
            return []
        # Where no border is near, what the grown footprint meets is what the footprint meets.
        nearest = min(self._borders_m.values(), default=self.search_m)
        grown = self.footprint.geometry if _beyond(nearest, self.accuracy_m) else self.footprint.grown(self.accuracy_m)
        near = near[meet(self.layer.geometries[near], grown)]
        numbers = self.layer.class_numbers[near]
        return [self._hit(int(number), near[numbers == number]) for number in np.unique(numbers)]

    def _hit(self, number: int, zones: NDArray[np.int64]) -> _Hit:
        pieces = self._pieces(self.layer.geometries[zones])
        overlap = _union(pieces, None if self._lines else self.footprint.origin.grid_m)
        return _Hit(number, zones, pieces, overlap, self._amount(overlap))

    def _pieces(self, zones: Geometries) -> Geometries:
        """Return footprint x zone for each zone, (n,): polygons, or lines inside; empty where they only touch."""
        near = self.footprint.origin.all_near
        if self._lines:
            inside = self.footprint.near_of(self.footprint.shrunk(_TOUCH_M))
            return np.asarray(robust.intersection(near(zones), inside), dtype=object)
        whole = shapely.covers(zones, self.footprint.geometry)
        pieces = np.full(len(zones), self.footprint.near, dtype=object)
        if not whole.all():
            cut = robust.intersection(near(zones[~whole]), self.footprint.near, self.footprint.origin.grid_m)
            pieces[~whole] = [polygonal(piece) for piece in cut]
        return pieces

    def _amount(self, near: BaseGeometry) -> float:
        if self._lines:
            return self.footprint.plane.length_m(self.footprint.origin.back(near))
        return float(near.area)

    def _classes(self, hits: list[_Hit]) -> tuple[tuple[ClassOverlap, ...], Slivers]:
        # Also with a tolerance of zero a neighbour that only shares a border is not touched.
        enough = LINE_TOLERANCE_M if self._lines else max(self.tolerance_m2, _ROUNDING_M2)
        if not self._lines and self._together(hits, enough):
            # No class reaches the tolerance, all of them together do: 300 strips of 0.9 m² are not nothing.
            enough = _ROUNDING_M2
        found = [entry for hit in hits if (entry := self._class(hit, enough)) is not None]
        return tuple(found), Slivers() if self._lines else _slivers(hits, self.tolerance_m2)

    def _together(self, hits: list[_Hit], enough: float) -> bool:
        amounts = [hit.amount for hit in hits]
        if not amounts or max(amounts) >= enough or sum(amounts) < enough:
            return False
        overlaps = np.asarray([*(hit.overlap for hit in hits), None], dtype=object)[:-1]
        return float(robust.union(overlaps, self.footprint.origin.grid_m).area) >= enough

    def _class(self, hit: _Hit, enough: float) -> ClassOverlap | None:
        accuracy = self.accuracy_m
        zones = self.layer.geometries[hit.zones]
        doubt = Doubt(
            self.footprint, zones, lambda m: self._around(hit.number, m), accuracy, hit.overlap, self._amount, enough
        )
        if hit.amount < enough and (accuracy == 0 or not doubt.touched(accuracy)):
            return None
        # Deeper inside than is asked for: no displacement of a border can matter.
        border = self._borders_m.get(hit.number, self.search_m)
        deep = hit.amount >= enough and not self._lines and _beyond(border, doubt_reach_m(accuracy))
        entries, nearby = self._zones(hit)
        counting = [zone for zone, piece in zip(hit.zones, hit.pieces, strict=True) if not piece.is_empty]
        return ClassOverlap(
            class_id=self.layer.class_order[hit.number],
            assumed=any(self.layer.assumed[zone] for zone in counting or hit.zones),
            zones=entries,
            overlap_m2=0.0 if self._lines else hit.amount,
            share=0.0 if self._lines else min(hit.amount / self.footprint.area_m2, 1.0),
            length_m=hit.amount if self._lines else 0.0,
            certainty="certain" if deep or doubt.certain(accuracy) else "possible",
            flips_at_m=None if deep else doubt.flips_at_m(),
            nearby=nearby,
        )

    def _around(self, number: int, metres: float) -> Geometries:
        near = self.layer.index.meeting(self.footprint.box(metres))
        mine = near[self.layer.class_numbers[near] == number]
        return np.asarray(self.layer.geometries[mine], dtype=object)

    def _zones(self, hit: _Hit) -> tuple[tuple[ZoneOverlap, ...], tuple[ZoneOverlap, ...]]:
        """Return the zones with a piece and those possibly touched beside them; without any piece only the latter."""
        pairs = [(int(zone), piece, self._amount(piece)) for zone, piece in zip(hit.zones, hit.pieces, strict=True)]
        least = 0 if self._lines else _ROUNDING_M2
        real = [pair for pair in pairs if pair[2] > least]
        beside = tuple(self._zone(zone, _NOTHING, 0.0) for zone, _, amount in pairs if amount <= least)
        return (tuple(self._zone(*pair) for pair in real), beside) if real else (beside, ())

    def _zone(self, zone: int, piece: BaseGeometry, amount: float) -> ZoneOverlap:
        return ZoneOverlap(
            id=self.layer.ids[zone],
            name=self.layer.names[zone],
            overlap_m2=0.0 if self._lines else amount,
            length_m=amount if self._lines else 0.0,
            piece=self._in_plane(piece),
            zone=self.layer.geometries[zone],
            attributes=dict(self.layer.attributes[zone]),
        )

    def _in_plane(self, piece: BaseGeometry) -> BaseGeometry:
        if piece is self.footprint.near:
            return self.footprint.geometry
        return piece if piece.is_empty else self.footprint.origin.back(piece)

    def _distances(self, hits: list[_Hit]) -> dict[str, float]:
        """Return the distance to the nearest zone of each class within the search; 0 where it touches."""
        touching = {hit.number: 0.0 for hit in hits if self._touches(hit)}
        found = self._borders_m | touching
        return {self.layer.class_order[number]: found[number] for number in sorted(found)}

    def _unleveled_m(self) -> float | None:
        if not self.layer.has_assumed:
            return None
        near = self.layer.index.meeting(self.footprint.box(0.0))
        zones = near[self.layer.assumed[near]]
        if bool(np.any(meet(self.layer.geometries[zones], self.footprint.geometry))):
            return 0.0
        return self.layer.index.unleveled_m(self.footprint, self.search_m)

    def _touches(self, hit: _Hit) -> bool:
        return bool(np.any(meet(self.layer.geometries[hit.zones], self.footprint.geometry)))


def _beyond(distance_m: float, reach_m: float) -> bool:
    """Tell whether a geodesic distance is larger than a reach, whatever is lost between ellipsoid and frame."""
    return distance_m > reach_m * _SLACK + _SLACK_M


def _status(classes: tuple[ClassOverlap, ...], uncovered_m2: float) -> Status:
    if any(found.certainty == "certain" for found in classes):
        return "affected"
    if classes:
        return "possible"
    return "no_data" if uncovered_m2 > 0 else "not_affected"


def _reason(status: Status, covered: Covered, accuracy: Text) -> Text | None:
    if status == "possible":
        return Text(f"在{accuracy.zh}之内可能涉及", f"may be touched within the {accuracy.en}")
    if status != "no_data":
        return None
    if covered.reach_m > 0:
        return Text(
            "在地块位置精度之内，可能有部分不在图层覆盖之内",
            "within the accuracy of the site a part may lie outside the layer's coverage",
        )
    if covered.covered_m2 > 0:
        return Text("部分范围不在图层覆盖之内", "a part lies outside the layer's coverage")
    return NOT_HERE


def _slivers(hits: list[_Hit], tolerance_m2: float) -> Slivers:
    areas = np.concatenate([shapely.area(shapely.get_parts(hit.overlap)) for hit in hits]) if hits else np.empty(0)
    small = areas[(areas > _ROUNDING_M2) & (areas < tolerance_m2)]
    return Slivers(len(small), float(small.sum()))


def _union(pieces: Geometries, grid_m: float | None) -> BaseGeometry:
    real = pieces[~shapely.is_empty(pieces)]
    if len(real) == 0:
        return _NOTHING
    return robust.union(real, grid_m)


def _merged(repairs: list[Repair]) -> tuple[Repair, ...]:
    """Return one entry per kind, with the sums of counts and changes."""
    kinds = dict.fromkeys(repair.kind for repair in repairs)
    return tuple(_sum([repair for repair in repairs if repair.kind == kind]) for kind in kinds)


def _sum(repairs: list[Repair]) -> Repair:
    change = sum(repair.area_change_m2 for repair in repairs)
    return Repair(repairs[0].kind, sum(repair.count for repair in repairs), change, repairs[0].text)
