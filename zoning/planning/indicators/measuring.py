"""What layers say of an indicator today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import UsageError
from zoning.layers.datum import WORLD
from zoning.layers.reader import Unavailable
from zoning.overlay import beside
from zoning.overlay.plane import Geometries
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.source import LayerSource
from zoning.planning.indicators.judging import Judged, contradictions, judge
from zoning.planning.indicators.plan_file import SHARE_UNIT, UNITS_M2, Indicator, Measure, Plan
from zoning.texts import Text

SEAM = 1e-6
"""Uncovered share of a territory that comes from the rounding of borders, not from missing data."""


@dataclass(frozen=True, slots=True)
class Behind:
    """An edition that a figure rests on."""

    layer: str
    title: Text
    edition: str
    valid_from: date
    sha256: str
    accuracy_m: float
    schematic: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One indicator with what layers say of it.

    Attributes
    ----------
    value
        In the unit of the indicator; None where layers do not tell.
    doubt
        By how much borders within their accuracy could change the value, at most; same unit.
    area_m2, territory_m2
        What the value was computed from, on the ellipsoid.
    behind
        The editions that it rests on.
    contradictions
        Where documents print different figures for the same thing.
    """

    id: str
    indicator: Indicator
    value: float | None
    doubt: float | None
    area_m2: float | None
    territory_m2: float
    judged: Judged
    behind: tuple[Behind, ...]
    contradictions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class PlanAnswers:
    """A plan with its answers, in its order."""

    plan: Plan
    territory: Text
    answers: tuple[Answer, ...]


Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Measured:
    """Area of some zones in the territory, m²; length of their borders there times accuracy, m²."""

    area_m2: float | None
    doubt_m2: float
    behind: tuple[Behind, ...]
    obstacles: tuple[Text, ...]


Measured = dict[str, dict[tuple[object, ...], _Measured]]
"""Territory -> layers with their classes -> what was measured of them."""


def answer_plan(
    source: LayerSource, plan: Plan, *, on: date, progress: Progress | None = None, measured: Measured | None = None
) -> PlanAnswers:
    """Answer every indicator of a plan.

    Parameters
    ----------
    measured
        What was measured for other plans, from the same source on the same day: it is not measured again, and what is
        measured for this plan is added.

    Raises
    ------
    UsageError
        When the workspace has no such territory.
    LayerError
        When the territories cannot be read.
    """
    layer = source.territories(on)
    if plan.territory not in layer.ids:
        raise UsageError(
            f"{plan.id}：工作空间没有辖区“{plan.territory}”",
            f"{plan.id}: the workspace has no territory '{plan.territory}'",
        )
    name = layer.names[list(layer.ids).index(plan.territory)]
    kept = {} if measured is None else measured.setdefault(plan.territory, {})
    desk = _Desk(source, layer.zone(plan.territory), on, kept)
    answers = []
    for indicator_id, indicator in plan.indicators.items():
        if progress is not None and indicator.measure is not None:
            progress(indicator_id)
        answers.append(desk.answer(indicator_id, indicator))
    return PlanAnswers(plan, Text(name, name), tuple(answers))


@dataclass(frozen=True, eq=False)
class _Desk:
    source: LayerSource
    land: BaseGeometry
    on: date
    kept: dict[tuple[object, ...], _Measured]

    def answer(self, indicator_id: str, indicator: Indicator) -> Answer:
        total = float(self.land.area)
        if indicator.measure is None:
            needs = (indicator.needs,) if indicator.needs is not None else ()
            judged = judge(indicator, None, needs)
            return Answer(indicator_id, indicator, None, None, None, total, judged, (), contradictions(indicator))
        found = self._measured(indicator.measure)
        factor = 100.0 / total if indicator.unit == SHARE_UNIT else 1.0 / UNITS_M2[indicator.unit]
        value = None if found.area_m2 is None else found.area_m2 * factor
        return Answer(
            id=indicator_id,
            indicator=indicator,
            value=value,
            doubt=None if value is None else found.doubt_m2 * factor,
            area_m2=found.area_m2,
            territory_m2=total,
            judged=judge(indicator, value, found.obstacles),
            behind=found.behind,
            contradictions=contradictions(indicator),
        )

    def _measured(self, measure: Measure) -> _Measured:
        key = tuple((part.layer, part.classes) for part in measure.part)
        if key not in self.kept:
            self.kept[key] = self._measure(measure)
        return self.kept[key]

    def _measure(self, measure: Measure) -> _Measured:
        shapes: list[Geometries] = []
        behind: list[Behind] = []
        obstacles: list[Text] = []
        for part in measure.part:
            layer = self._layer(part.layer)
            if isinstance(layer, Text):
                obstacles.append(layer)
                continue
            behind.append(_behind(layer))
            if (gap := self._uncovered(layer)) is not None:
                obstacles.append(gap)
                continue
            shapes.append(_chosen(layer, part.classes))
        behind = list(dict.fromkeys(behind))
        if obstacles:
            return _Measured(None, 0.0, tuple(behind), tuple(dict.fromkeys(obstacles)))
        united = self._inside(np.concatenate(shapes))
        accuracy = max((one.accuracy_m for one in behind), default=0.0)
        # The border of the territory itself is no border of a zone that could be elsewhere.
        own = beside.difference(shapely.boundary(united), shapely.boundary(self.land).buffer(1e-3))
        return _Measured(float(united.area), float(own.length) * accuracy, tuple(behind), ())

    def _layer(self, layer_id: str) -> PlaneLayer | Text:
        if layer_id not in self.source.catalogue.layers:
            return Text(f"工作空间没有图层 {layer_id}", f"the workspace has no layer {layer_id}")
        found = self.source.layer(layer_id, on=self.on, bounds=WORLD)
        if isinstance(found, Unavailable):
            return Text(
                f"图层 {layer_id} 不可用：{found.reason.zh}", f"layer {layer_id} cannot be used: {found.reason.en}"
            )
        return found

    def _uncovered(self, layer: PlaneLayer) -> Text | None:
        """Return a sentence where the layer does not speak of the whole territory."""
        share = beside.outside_m2(self.land, layer.coverage.area) / float(self.land.area)
        if share <= SEAM:
            return None
        title, percent = layer.layer.title, f"{share * 100:.2f} %"
        return Text(
            f"{title.zh}没有覆盖全境（缺 {percent}），不能代表全境",
            f"{title.en} does not cover the territory ({percent} missing): no figure for the whole",
        )

    def _inside(self, shapes: Geometries) -> BaseGeometry:
        near = shapes[shapely.intersects(shapes, self.land)]
        inside = [one if self.land.covers(one) else beside.intersection(one, self.land) for one in near]
        return beside.union(inside)


def _chosen(layer: PlaneLayer, classes: tuple[str, ...]) -> Geometries:
    shapes = layer.whole()
    if not classes:
        return shapes
    mine = np.asarray([name in classes for name in layer.class_ids], dtype=bool)
    chosen: Geometries = shapes[mine]
    return chosen


def _behind(layer: PlaneLayer) -> Behind:
    edition = layer.layer.editions[layer.edition_id]
    return Behind(
        layer.layer.id,
        layer.layer.title,
        layer.edition_id,
        edition.valid_from,
        layer.sha256,
        layer.layer.accuracy_m,
        layer.layer.schematic,
    )
