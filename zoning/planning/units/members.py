"""The zones that units are made of, and what could not be seen of them."""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import LayerError, UsageError
from zoning.layers.catalogue import Layer
from zoning.layers.datum import WORLD
from zoning.layers.reader import Unavailable
from zoning.overlay import beside
from zoning.overlay.plane import Geometries
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.source import LayerSource
from zoning.planning.units.scheme import Member, Scheme
from zoning.texts import Text, joined

SEAM_M2 = 1.0
"""Land without data below this is a seam between territories, as in `zoning.overlay.coverage`."""


@dataclass(frozen=True, slots=True)
class MemberZone:
    """A zone that units are made of.

    Attributes
    ----------
    class_id
        Its class in its layer.
    assumed
        It bears no class: the strictest was assumed.
    rank, kind
        The place of its class of units, and its place among the members of that class.
    """

    layer: str
    edition: str
    zone: str
    name: str
    class_id: str
    assumed: bool
    rank: int
    kind: int


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a layer that units rest on; `sha256` of its data."""

    layer: str
    edition: str
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class Unseen:
    """What was not seen: a member without data in the territory or a part of it, or without a layer at all.

    Attributes
    ----------
    layer
        None: the document counts it, and the scheme knows no layer of it.
    area_m2, geometry
        The land without data, in the measuring plane; all of the territory where the layer cannot be used.
    """

    rank: int
    layer: str | None
    title: Text
    reason: Text
    area_m2: float
    geometry: BaseGeometry

    @property
    def open(self) -> bool:
        """Whether the data, not the scheme, are to blame."""
        return self.layer is not None


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """All member zones with their geometries (n,) in the plane, the editions read, and what was not seen."""

    zones: tuple[MemberZone, ...]
    shapes: Geometries
    editions: tuple[Edition, ...]
    unseen: tuple[Unseen, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A zone that no unit crosses: a township; `county` is what its layer says, "" where it says nothing."""

    id: str
    name: str
    county: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Territory:
    """The land that is divided."""

    code: str
    name: str
    geometry: BaseGeometry
    edition: Edition


def territories(source: LayerSource, on: date) -> dict[str, str]:
    """Return the names of all territories by their codes.

    Raises
    ------
    LayerError
        When the layer of the territories cannot be read.
    """
    layer = needed(source, source.catalogue.territory_layer, on)
    return dict(zip(layer.ids, layer.names, strict=True))


def read_territory(source: LayerSource, code: str, on: date) -> Territory:
    """Return a territory by its code.

    Raises
    ------
    UsageError
        When there is none.
    LayerError
        When the layer of the territories cannot be read.
    """
    layer = needed(source, source.catalogue.territory_layer, on)
    if code not in layer.ids:
        known = ", ".join(sorted(set(layer.ids)))
        raise UsageError(f"没有辖区“{code}”；可用：{known}", f"there is no territory '{code}'; allowed: {known}")
    name = layer.names[list(layer.ids).index(code)]
    return Territory(code, name, layer.zone(code), Edition(layer.layer.id, layer.edition_id, layer.sha256))


def needed(source: LayerSource, layer_id: str, on: date) -> PlaneLayer:
    """Return a whole layer without which nothing can be built.

    Raises
    ------
    LayerError
        When it cannot be used.
    """
    found = source.layer(layer_id, on=on, bounds=WORLD)
    if isinstance(found, Unavailable):
        raise LayerError(
            f"图层 {layer_id} 不可用：{found.reason.zh}", f"layer {layer_id} cannot be used: {found.reason.en}"
        )
    return found


def read_members(source: LayerSource, scheme: Scheme, territory: Territory, on: date) -> Members:
    """Return the zones of all members near a territory.

    Raises
    ------
    LayerError, CRSError
        When a layer holds what cannot be meant.
    """
    return _Reading(source, scheme, territory, on).result()


def read_parts(source: LayerSource, scheme: Scheme, on: date) -> tuple[list[Part], Geometries, Edition | None]:
    """Return the zones that no unit crosses, with their geometries (n,) in the measuring plane.

    Raises
    ------
    LayerError
        When their layer cannot be used.
    """
    if scheme.split_by is None:
        return [], np.empty(0, dtype=object), None
    layer = needed(source, scheme.split_by, on)
    attributes = layer.attributes or [{}] * len(layer.ids)
    parts = [
        Part(id_, name, told.get("county", ""))
        for id_, name, told in zip(layer.ids, layer.names, attributes, strict=True)
    ]
    return parts, layer.whole(), Edition(layer.layer.id, layer.edition_id, layer.sha256)


class _Reading:
    def __init__(self, source: LayerSource, scheme: Scheme, territory: Territory, on: date) -> None:
        self._source = source
        self._scheme = scheme
        self._territory = territory
        self._on = on
        self._zones: list[MemberZone] = []
        self._shapes: list[BaseGeometry] = []
        self._editions: dict[str, Edition] = {}
        self._unseen: list[Unseen] = []
        self._without: dict[int, tuple[BaseGeometry, BaseGeometry]] = {}

    def result(self) -> Members:
        for rank, unit in enumerate(self._scheme.classes.values()):
            for kind, member in enumerate(unit.members):
                self._member(member, rank, kind)
            for title in unit.lacking:
                self._not_seen(rank, None, title, Text("没有图层", "there is no layer of it"))
        shapes = np.empty(len(self._shapes), dtype=object)
        shapes[:] = self._shapes
        return Members(tuple(self._zones), shapes, tuple(self._editions.values()), tuple(self._unseen))

    def _member(self, member: Member, rank: int, kind: int) -> None:
        layer = self._source.catalogue.layers.get(member.layer)
        if layer is None:
            near = get_close_matches(member.layer, list(self._source.catalogue.layers), n=1)
            hint = Text(f"（是否想写 {near[0]}？）", f" (did you mean {near[0]}?)") if near else Text("", "")
            reason = Text(f"工作空间没有图层 {member.layer}", f"the workspace has no layer {member.layer}")
            title = member.title or Text(member.layer, member.layer)
            self._not_seen(rank, member.layer, title, Text(reason.zh + hint.zh, reason.en + hint.en))
            return
        title = title_of(member, layer)
        found = self._source.layer(member.layer, on=self._on, bounds=WORLD)
        if isinstance(found, Unavailable):
            self._not_seen(rank, member.layer, title, found.reason)
            return
        self._editions[member.layer] = Edition(member.layer, found.edition_id, found.sha256)
        self._uncovered(found, rank, title)
        self._add_zones(found, member, rank, kind)

    def _add_zones(self, found: PlaneLayer, member: Member, rank: int, kind: int) -> None:
        shapes = found.whole()
        for number in np.flatnonzero(shapely.intersects(self._territory.geometry, shapes)).tolist():
            assumed = bool(found.assumed[number])
            if assumed or _wanted(found.layer, found.class_ids[number], member):
                zone = MemberZone(
                    layer=member.layer,
                    edition=found.edition_id,
                    zone=found.ids[number],
                    name=found.names[number],
                    class_id=found.class_ids[number],
                    assumed=assumed,
                    rank=rank,
                    kind=kind,
                )
                self._zones.append(zone)
                self._shapes.append(shapes[number])

    def _uncovered(self, found: PlaneLayer, rank: int, title: Text) -> None:
        land = self._territory.geometry
        if shapely.covers(found.coverage.area, land):
            return
        # Layers share their coverage; it is kept with the land outside it, so that its id stays its own.
        kept = self._without.get(id(found.coverage.area))
        if kept is None:
            kept = found.coverage.area, beside.difference(land, found.coverage.area)
            self._without[id(found.coverage.area)] = kept
        without = kept[1]
        if without.area >= SEAM_M2:
            reason = Text("不在图层的覆盖范围之内", "the layer does not cover it")
            self._unseen.append(Unseen(rank, found.layer.id, title, reason, float(without.area), without))

    def _not_seen(self, rank: int, layer: str | None, title: Text, reason: Text) -> None:
        land = self._territory.geometry
        self._unseen.append(Unseen(rank, layer, title, reason, float(land.area), land))


def title_of(member: Member, layer: Layer | None) -> Text:
    """Return what the zones of a member are called."""
    if member.title is not None:
        return member.title
    if layer is None:
        return Text(member.layer, member.layer)
    if not member.classes:
        return layer.title
    named = joined(layer.classes[name].title for name in member.classes)
    return Text(f"{layer.title.zh}（{named.zh}）", f"{layer.title.en} ({named.en})")


def _wanted(layer: Layer, class_id: str, member: Member) -> bool:
    """Tell whether a zone counts: also where its level is not told and it may be one of the classes."""
    may_be = layer.classes[class_id].may_be
    return not member.classes or class_id in member.classes or any(name in member.classes for name in may_be)
