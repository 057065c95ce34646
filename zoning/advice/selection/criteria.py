"""The figures by which places are ranked: each measured, or said to be without data, which never counts as good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.advice.ground import LocalLayer
from zoning.advice.obstacles import Obstacle
from zoning.advice.recheck import Recheck
from zoning.advice.scene import Scene
from zoning.advice.selection.slope import SlopeRaster, mean_slope
from zoning.advice.selection.weights import CRITERIA, CriterionName, Weights
from zoning.overlay import beside
from zoning.overlay.plane import Geometries

Values = Mapping[CriterionName, float | None]


@dataclass(eq=False)
class Criteria:
    """Measures places around a search area.

    Attributes
    ----------
    slopes
        Elevation models, as slopes.
    """

    scene: Scene
    weights: Weights
    slopes: Sequence[SlopeRaster]
    _kept: dict[str, Any] = field(default_factory=dict)

    def rough(self, shapes: Geometries, lonlat: Geometries) -> list[Values]:
        """Return the figures of many places (n,), with the numbers of rules foreseen and not yet re-checked."""
        roads = self._roads(shapes)
        farmland = self._farmland(shapes)
        restricting = self._touched(self.scene.obstacles.of("restricts"), shapes)
        asking = self._touched(self.scene.questions, shapes)
        return [
            {
                "slope": mean_slope(self.slopes, place),
                "road_distance": roads[number],
                "farmland": farmland[number],
                "restrictions": float(restricting[number]),
                "questions": float(asking[number]),
            }
            for number, place in enumerate(lonlat)
        ]

    def kept_off(self) -> list[Obstacle]:
        """Return the roads as obstacles: a place beside a road is wanted, and not one across it."""
        part = self.weights.road_distance
        local = self._layer(part.layer)
        if local is None or part.keep_off == 0:
            return []
        lines = local.geometries[_of_classes(local, part.classes)]
        return [Obstacle((shapely.union_all(lines).buffer(part.keep_off),), ())] if len(lines) else []

    def exact(self, values: Values, recheck: Recheck) -> Values:
        """Return the figures of a place with the numbers of rules that its re-check found."""
        counted: dict[CriterionName, float | None] = dict(values)
        counted["restrictions"] = float(len(recheck.restricting))
        counted["questions"] = float(len(recheck.questions))
        return counted

    def score(self, values: Values) -> float:
        """Return the weighted mean of the criteria, 1 at best; what has no data counts 0."""
        weights = {name: self.weights.of(name) for name in CRITERIA}
        got = sum(weight * self._part(name, values[name]) for name, weight in weights.items())
        return got / sum(weights.values())

    def _part(self, name: CriterionName, value: float | None) -> float:
        return 0.0 if value is None else float(np.clip(1.0 - value / self.weights.worst(name), 0.0, 1.0))

    def _roads(self, shapes: Geometries) -> list[float | None]:
        part = self.weights.road_distance
        local = self._layer(part.layer)
        if local is None:
            return [None] * len(shapes)
        if "roads" not in self._kept:
            lines = shapely.get_parts(local.geometries[_of_classes(local, part.classes)])
            self._kept["roads"] = shapely.STRtree(lines)
        tree: shapely.STRtree = self._kept["roads"]
        if not len(tree.geometries):
            # The layer is read around here and holds none: farther than it was looked for.
            return [None] * len(shapes)
        (who, _), far = tree.query_nearest(shapes, return_distance=True, all_matches=False)
        found: list[float | None] = [None] * len(shapes)
        covered = self._covered(part.layer, shapes)
        for number, metres in zip(who, far, strict=True):
            found[number] = float(metres) if covered[number] else None
        return found

    def _farmland(self, shapes: Geometries) -> list[float | None]:
        part = self.weights.farmland
        local = self._layer(part.layer)
        if local is None:
            return [None] * len(shapes)
        if "farmland" not in self._kept:
            zones = local.geometries[_of_classes(local, part.classes)]
            self._kept["farmland"] = beside.union(zones)
            shapely.prepare(self._kept["farmland"])
        area: BaseGeometry = self._kept["farmland"]
        shares = np.zeros(len(shapes))
        inside = shapely.covers(area, shapes)
        partly = np.flatnonzero(shapely.intersects(area, shapes) & ~inside)
        shares[inside] = 1.0
        tree = shapely.STRtree(shapely.get_parts(area))
        who, which = tree.query(shapes[partly], predicate="intersects")
        pieces = beside.common_m2(shapes[partly][who], tree.geometries[which])
        shares[partly] = np.bincount(who, weights=pieces, minlength=len(partly)) / shapely.area(shapes[partly])
        covered = self._covered(part.layer, shapes)
        return [float(share) if known else None for share, known in zip(shares, covered, strict=True)]

    def _covered(self, layer_id: str, shapes: Geometries) -> NDArray[np.bool_]:
        area = self.scene.ground.covered(layer_id)
        # Borders of one coverage that were drawn twice differ by less than this.
        return np.asarray(shapely.covers(area.buffer(1.0), shapes), dtype=bool)

    def _layer(self, layer_id: str) -> LocalLayer | None:
        catalogue = self.scene.ground.content.catalogue
        return self.scene.ground.layer(layer_id) if layer_id in catalogue.layers else None

    @staticmethod
    def _touched(obstacles: Sequence[Obstacle], shapes: Geometries) -> NDArray[np.int64]:
        """Count the rules whose zones places touch, (n,): each once, however many zones it has."""
        rules: dict[str, NDArray[np.bool_]] = {}
        for one in obstacles:
            touched = np.logical_and.reduce([shapely.intersects(area, shapes) for area in one.areas])
            for rule in one.rules:
                rules[rule] = rules[rule] | touched if rule in rules else touched
        return np.asarray(sum((found.astype(np.int64) for found in rules.values()), np.zeros(len(shapes), np.int64)))


def _of_classes(local: LocalLayer, classes: tuple[str, ...]) -> NDArray[np.bool_]:
    if not classes:
        return np.ones(len(local.numbers), dtype=bool)
    return np.asarray([local.layer.class_ids[number] in classes for number in local.numbers], dtype=bool)
