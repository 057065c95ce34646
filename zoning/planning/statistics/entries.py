"""Statistics of a territory as a value that is printed, written and drawn: schema `zoning.statistics/1`."""

from dataclasses import replace
from datetime import date
from typing import Literal

import numpy as np
import shapely
from pydantic import Field
from shapely.geometry.base import BaseGeometry

from zoning.overlay import beside
from zoning.overlay.plane import Geometries
from zoning.planning.statistics.faces import ClassKey, parcel
from zoning.planning.statistics.figures import class_areas, combinations, pairs, part_areas
from zoning.planning.statistics.ground import Ground, HeldLayer
from zoning.planning.statistics.lines import line_lengths
from zoning.strict_models import Document, Entry
from zoning.texts import Text

SCHEMA: Literal["zoning.statistics/1"] = "zoning.statistics/1"
NO_PART = "-"
"""Id of the land that lies in no part."""

_NOWHERE = Text("不在任何一区之内", "in none of them")


class ClassRef(Entry):
    """A class of a layer."""

    layer: str
    class_: str = Field(alias="class")


class ClassTitle(Entry):
    """A class with its title."""

    id: str
    title: Text


class LayerFigures(Entry):
    """A layer that the figures rest on; `uncovered_m2` is land of the territory without data."""

    layer: str
    title: Text
    geometry: Literal["polygon", "line"]
    edition: str
    sha256: str
    schematic: bool
    uncovered_m2: float
    classes: tuple[ClassTitle, ...]


class MissingFigures(Entry):
    """A layer without data in the territory."""

    layer: str
    title: Text
    edition: str | None
    reason: Text


class Place(Entry):
    """The territory (`kind` territory), one of its parts, or its land in no part (id "-")."""

    id: str
    name: str
    kind: Literal["territory", "part", "rest"]
    area_m2: float


class AreaRow(Entry):
    """A class in a place; `class` null: all classes of the layer, united. Null figures: no data, which is no zero.

    `share` is of the place, null where the layer does not cover all of it.
    """

    place: str
    layer: str
    class_: str | None = Field(alias="class")
    area_m2: float | None
    count: int | None
    share: float | None
    uncovered_m2: float


class LengthRow(Entry):
    """Lines of a class in a place; null figures: no data."""

    place: str
    layer: str
    class_: str | None = Field(alias="class")
    length_m: float | None
    count: int | None


class OverlapRow(Entry):
    """Land in two classes; `unknown_m2` is land of one of them where the layer of the other has no data."""

    one: ClassRef
    other: ClassRef
    area_m2: float
    share_of_one: float
    share_of_other: float
    unknown_m2: float


class CombinationRow(Entry):
    """Land in exactly these classes; `no_data` are layers that say nothing of it."""

    number: int
    classes: tuple[ClassRef, ...]
    no_data: tuple[str, ...]
    area_m2: float
    share: float


class Statistics(Document):
    """Everything that is counted in a territory on one day.

    `by` is the layer of the parts, null where it is not asked for or has no data. `twice_m2` is land in several of
    them, counted for the first.
    """

    schema_: Literal["zoning.statistics/1"] = Field(default=SCHEMA, alias="schema")
    territory: str
    name: str
    on: date
    area_m2: float
    by: str | None
    twice_m2: float
    notice: Text
    places: tuple[Place, ...]
    layers: tuple[LayerFigures, ...]
    missing: tuple[MissingFigures, ...]
    areas: tuple[AreaRow, ...]
    lengths: tuple[LengthRow, ...]
    overlaps: tuple[OverlapRow, ...]
    combinations: tuple[CombinationRow, ...]

    def layer(self, layer_id: str) -> LayerFigures:
        """Return a layer that has data."""
        return next(one for one in self.layers if one.layer == layer_id)

    def title_of(self, ref: ClassRef) -> Text:
        """Return layer and class in words."""
        layer = self.layer(ref.layer)
        title = next(one.title for one in layer.classes if one.id == ref.class_)
        if len(layer.classes) == 1:
            return layer.title
        return Text(f"{layer.title.zh}·{title.zh}", f"{layer.title.en}: {title.en}")


def statistics_of(ground: Ground, by: str | None, notice: Text) -> Statistics:
    """Count a territory.

    Parameters
    ----------
    by
        The layer of the parts (townships) among those of the ground; it is not counted itself. None: no parts.

    Raises
    ------
    ContentError
        When the faces do not add up to the territory.
    """
    split = None if by is None else _within(ground.held(by), ground.land)
    parts = np.empty(0, dtype=object) if split is None else split.shapes
    counted = Ground(
        ground.code,
        ground.name,
        ground.land,
        ground.on,
        ground.plane,
        tuple(one for one in ground.layers if one.layer.id != by),
        tuple(one for one in ground.missing),
    )
    return _Count(counted, split, parts, notice).result()


def _within(held: HeldLayer | None, land: BaseGeometry) -> HeldLayer | None:
    """Leave out zones that only touch the territory: townships of its neighbours are no parts of it."""
    if held is None:
        return None
    inside = beside.common_m2(held.shapes, land)
    own = (inside > 0) & (inside >= np.minimum(held.tolerance_m2, shapely.area(held.shapes) / 2))
    return replace(held, near=held.near[own], shapes=held.shapes[own])


class _Count:
    def __init__(self, ground: Ground, split: HeldLayer | None, parts: Geometries, notice: Text) -> None:
        self.ground = ground
        self.split = split
        self.parts = parts
        self.notice = notice
        self.faces = parcel(ground, parts)
        self.totals = part_areas(self.faces)

    def result(self) -> Statistics:
        total = self.totals[None]
        faces = self.faces
        return Statistics(
            territory=self.ground.code,
            name=self.ground.name,
            on=self.ground.on,
            area_m2=total,
            by=None if self.split is None else self.split.layer.id,
            twice_m2=faces.twice_m2,
            notice=self.notice,
            places=tuple(self._place(part, area) for part, area in self.totals.items()),
            layers=tuple(_layer(one) for one in self.ground.layers),
            missing=tuple(
                MissingFigures(layer=one.layer.id, title=one.layer.title, edition=one.edition, reason=one.reason)
                for one in self.ground.missing
            ),
            areas=self._areas(),
            lengths=self._lengths(),
            overlaps=self._overlaps(),
            combinations=self._combinations(total),
        )

    def _areas(self) -> tuple[AreaRow, ...]:
        return tuple(
            AreaRow(
                place=self._id(one.part),
                layer=one.layer,
                class_=one.class_id,
                area_m2=one.area_m2,
                count=one.count,
                share=one.share,
                uncovered_m2=one.uncovered_m2,
            )
            for one in class_areas(self.faces)
        )

    def _overlaps(self) -> tuple[OverlapRow, ...]:
        return tuple(
            OverlapRow(
                one=_ref(pair.one),
                other=_ref(pair.other),
                area_m2=pair.area_m2,
                share_of_one=pair.area_m2 / pair.one_m2,
                share_of_other=pair.area_m2 / pair.other_m2,
                unknown_m2=pair.unknown_m2,
            )
            for pair in pairs(self.faces)
        )

    def _combinations(self, total: float) -> tuple[CombinationRow, ...]:
        return tuple(
            CombinationRow(
                number=number,
                classes=tuple(_ref(key) for key in one.classes),
                no_data=one.unknown,
                area_m2=one.area_m2,
                share=one.area_m2 / total,
            )
            for number, one in enumerate(combinations(self.faces), start=1)
        )

    def _id(self, part: int | None) -> str:
        if part is None:
            return self.ground.code
        return NO_PART if part < 0 or self.split is None else self.split.zones.ids[int(self.split.near[part])]

    def _place(self, part: int | None, area: float) -> Place:
        if part is None:
            return Place(id=self.ground.code, name=self.ground.name, kind="territory", area_m2=area)
        if part < 0 or self.split is None:
            return Place(id=NO_PART, name=_NOWHERE.zh, kind="rest", area_m2=area)
        name = self.split.zones.names[int(self.split.near[part])]
        return Place(id=self._id(part), name=name, kind="part", area_m2=area)

    def _lengths(self) -> tuple[LengthRow, ...]:
        parts = self.parts if self.split is not None else np.empty(0, dtype=object)
        return tuple(
            LengthRow(
                place=self._id(one.part), layer=one.layer, class_=one.class_id, length_m=one.length_m, count=one.count
            )
            for one in line_lengths(self.ground, parts)
            if one.part in self.totals
        )


def _ref(key: ClassKey) -> ClassRef:
    return ClassRef(layer=key.layer, class_=key.class_id)


def _layer(held: HeldLayer) -> LayerFigures:
    layer = held.layer
    return LayerFigures(
        layer=layer.id,
        title=layer.title,
        geometry=layer.geometry,
        edition=held.zones.edition_id,
        sha256=held.zones.sha256,
        schematic=layer.schematic,
        uncovered_m2=held.uncovered_m2,
        classes=tuple(ClassTitle(id=name, title=layer.classes[name].title) for name in held.zones.class_order),
    )
