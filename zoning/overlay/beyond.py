"""The part of a footprint that lies outside zones, and whether the accuracy of their borders leaves it there."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.overlay import robust
from zoning.overlay.certainty import Doubt, doubt_reach_m
from zoning.overlay.footprint import Footprint
from zoning.overlay.overlap import Beyond, BeyondZones
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.repair import polygonal

_ROUNDING_M2 = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Outskirts:
    """Measures what of a footprint lies outside some classes of a layer, inside its coverage."""

    footprint: Footprint
    layer: PlaneLayer
    tolerance_m2: float
    known: dict[tuple[frozenset[str], bool], Beyond] = field(default_factory=dict)

    def of(self, classes: frozenset[str], *, unleveled: bool) -> Beyond:
        """Measure what lies outside the zones of `classes`.

        Parameters
        ----------
        unleveled
            Whether zones that bear no class count as zones of `classes`.
        """
        # Many rules ask for the land outside the same zones.
        key = (classes, unleveled)
        if key not in self.known:
            self.known[key] = self._measure(classes, unleveled=unleveled)
        return self.known[key]

    def _measure(self, classes: frozenset[str], *, unleveled: bool) -> Beyond:
        enough = max(self.tolerance_m2, _ROUNDING_M2)
        accuracy = self._accuracy_m
        rest = self._rest(classes, unleveled=unleveled)
        part = polygonal(robust.intersection(rest, self.footprint.near, self.footprint.origin.grid_m))
        around = np.asarray([self.footprint.origin.back(rest)], dtype=object)
        doubt = Doubt(self.footprint, around, lambda _: around, accuracy, part, _area, enough)
        area = float(part.area)
        possible = area >= enough or (accuracy > 0 and doubt.touched(accuracy))
        return Beyond(area, certain=doubt.certain(accuracy), possible=possible)

    @property
    def _accuracy_m(self) -> float:
        return self.layer.layer.accuracy_m + self.footprint.site.accuracy_m

    def _rest(self, classes: frozenset[str], *, unleveled: bool) -> BaseGeometry:
        """Return the covered land around the footprint without the zones, seen from its origin."""
        limit = doubt_reach_m(self._accuracy_m)
        box = self.footprint.box(3 * limit)
        mine = self._selected(self.layer.index.meeting(box), classes, unleveled=unleveled)
        origin, place = self.footprint.origin, shapely.box(*box)
        land = self.layer.coverage.inside(place, origin)
        # Cut to the place: what is far away does not fit the grid.
        zones = robust.intersection(origin.all_near(self.layer.geometries[mine]), origin.near(place))
        return polygonal(robust.difference(land, robust.union(zones, origin.grid_m), origin.grid_m))

    def _selected(self, near: NDArray[np.int64], classes: frozenset[str], *, unleveled: bool) -> NDArray[np.int64]:
        wanted = [
            unleveled if self.layer.assumed[zone] else self.layer.class_ids[zone] in classes for zone in near.tolist()
        ]
        mine: NDArray[np.int64] = near[np.asarray(wanted, dtype=bool)]
        return mine


def _area(geometry: BaseGeometry) -> float:
    return float(geometry.area)


def outskirts(footprint: Footprint, layer: PlaneLayer, tolerance_m2: float) -> BeyondZones | None:
    """Return the function that measures what lies outside zones; lines have no inside."""
    if layer.layer.geometry == "line":
        return None
    return Outskirts(footprint, layer, tolerance_m2).of
