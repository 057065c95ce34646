"""Members of a territory -> its units: every place belongs to one, by declared precedence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.errors import LayerError, UsageError
from zoning.layers.datum import WORLD
from zoning.layers.reader import Unavailable
from zoning.overlay.plane import Geometries
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.source import LayerSource
from zoning.planning.units.merging import Merge, common_borders, merge_small
from zoning.planning.units.partition import GRID_M, Faces, dissolve, divide
from zoning.planning.units.scheme import Scheme

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MemberZone:
    """A zone that units are made of.

    `rank` is the place of its class of units, `kind` its place among the members of that class.
    """

    layer: str
    edition: str
    zone: str
    name: str
    rank: int
    kind: int


@dataclass(frozen=True, slots=True)
class Part:
    """A zone that no unit crosses: a township."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One unit.

    Attributes
    ----------
    geometry
        In the measuring plane; it has all vertices of its neighbours on their common borders.
    rank, kind
        Place of its class in the scheme, 0 is the strictest; place of its member where the scheme separates them.
    part
        The township that it lies in; None where units are not split, or its land lies in none.
    members
        The zones that it was made of and the area of each in it, m²: the largest first. Zones of looser classes under
        it are named as well: they still bind there.
    merged_m2
        Area of pieces that were too small and joined it.
    """

    geometry: BaseGeometry
    area_m2: float
    rank: int
    kind: int
    part: Part | None
    members: tuple[tuple[MemberZone, float], ...]
    merged_m2: float


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """The units of a territory.

    Attributes
    ----------
    units
        By class, then by township, then the largest first.
    merges, kept_small_m2
        What joined a neighbour, and the pieces below the minimum that could not.
    missing
        Members without data: what lies in them was not seen.
    """

    territory: str
    territory_m2: float
    units: tuple[Unit, ...]
    merges: tuple[Merge, ...]
    kept_small_m2: tuple[float, ...]
    missing: tuple[str, ...]
    grid_m: float


def build_units(source: LayerSource, scheme: Scheme, territory: str, *, on: date, grid_m: float = GRID_M) -> Built:
    """Build the units of a territory.

    Raises
    ------
    UsageError
        When there is no such territory.
    LayerError
        When the territories or the townships cannot be read.
    ContentError
        When the territory is finer than the precision grid.
    """
    land = _territory(source, territory, on)
    zones, shapes, missing = _members(source, scheme, on)
    parts, outlines = _parts(source, scheme, on)
    faces = divide(land, np.concatenate([shapes, outlines]), grid_m=grid_m)
    return _Building(scheme, zones, parts, faces, territory, float(land.area), missing).result()


def _whole(source: LayerSource, layer_id: str, on: date) -> PlaneLayer | Unavailable:
    return source.layer(layer_id, on=on, bounds=WORLD)


def _needed(source: LayerSource, layer_id: str, on: date) -> PlaneLayer:
    found = _whole(source, layer_id, on)
    if isinstance(found, Unavailable):
        raise LayerError(
            f"图层 {layer_id} 不可用：{found.reason.zh}", f"layer {layer_id} cannot be used: {found.reason.en}"
        )
    return found


def _territory(source: LayerSource, code: str, on: date) -> BaseGeometry:
    layer = _needed(source, source.catalogue.territory_layer, on)
    if code not in layer.ids:
        known = ", ".join(sorted(set(layer.ids)))
        raise UsageError(f"没有辖区“{code}”；可用：{known}", f"there is no territory '{code}'; allowed: {known}")
    return layer.zone(code)


def _members(source: LayerSource, scheme: Scheme, on: date) -> tuple[list[MemberZone], Geometries, tuple[str, ...]]:
    zones: list[MemberZone] = []
    shapes: list[BaseGeometry] = []
    missing: list[str] = []
    for rank, unit in enumerate(scheme.classes.values()):
        for kind, member in enumerate(unit.members):
            layer = _whole(source, member.layer, on)
            if isinstance(layer, Unavailable):
                missing.append(member.layer)
                continue
            for number, shape in enumerate(layer.whole()):
                if not member.classes or layer.class_ids[number] in member.classes:
                    name = layer.names[number]
                    zones.append(MemberZone(member.layer, layer.edition_id, layer.ids[number], name, rank, kind))
                    shapes.append(shape)
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return zones, found, tuple(dict.fromkeys(missing))


def _parts(source: LayerSource, scheme: Scheme, on: date) -> tuple[list[Part], Geometries]:
    if scheme.split_by is None:
        return [], np.empty(0, dtype=object)
    layer = _needed(source, scheme.split_by, on)
    return [Part(*pair) for pair in zip(layer.ids, layer.names, strict=True)], layer.whole()


@dataclass(frozen=True, eq=False)
class _Building:
    """Faces with what covers them -> pieces -> units."""

    scheme: Scheme
    zones: Sequence[MemberZone]
    parts: Sequence[Part]
    faces: Faces
    territory: str
    territory_m2: float
    missing: tuple[str, ...]

    def result(self) -> Built:
        keys = [self._key(members) for members in self.faces.members_of(len(self.faces.geometries))]
        names = sorted(set(keys))
        labels = np.asarray([names.index(key) for key in keys], dtype=np.int64)
        pieces, piece_of = _connected(self.faces.geometries, labels)
        keys_of_pieces = [names[label] for label in _first(labels, piece_of)]
        areas = shapely.area(pieces)
        merged = merge_small(areas, common_borders(pieces), [_rank(key) for key in keys_of_pieces], self.scheme.minimum)
        final = np.asarray([names.index(keys_of_pieces[one]) for one in merged.into.tolist()], dtype=np.int64)
        units = self._units(names, final[piece_of], _moved(areas, final, labels, piece_of))
        kept = tuple(float(areas[one]) for one in merged.kept_small)
        return Built(self.territory, self.territory_m2, units, merged.merges, kept, self.missing, self.faces.grid_m)

    def _key(self, members: tuple[int, ...]) -> tuple[int, int, int]:
        """Return class, kind of member and township of a face: what makes a unit."""
        count = len(self.zones)
        own = [self.zones[one] for one in members if one < count]
        rank, kind = min(((zone.rank, zone.kind) for zone in own), default=(len(self.scheme.classes) - 1, 0))
        kind = kind if self.scheme.separate_members else 0
        part = min((one - count for one in members if one >= count), default=-1)
        return rank, kind, part

    def _units(self, names: list[tuple[int, int, int]], labels: Numbers, moved: dict[int, float]) -> tuple[Unit, ...]:
        used, dense = np.unique(labels, return_inverse=True)
        shapes = dissolve(self.faces.geometries, np.asarray(dense, dtype=np.int64))
        inside = self._lineage(np.asarray(dense, dtype=np.int64), len(used))
        units = []
        for number, label in enumerate(used.tolist()):
            rank, kind, part = names[label]
            units.append(
                Unit(
                    geometry=shapes[number],
                    area_m2=float(shapes[number].area),
                    rank=rank,
                    kind=kind,
                    part=self.parts[part] if part >= 0 else None,
                    members=inside[number],
                    merged_m2=moved.get(label, 0.0),
                )
            )
        order = {part.id: number for number, part in enumerate(self.parts)}
        units.sort(key=lambda one: (one.rank, one.kind, order[one.part.id] if one.part else -1, -one.area_m2))
        return tuple(units)

    def _lineage(self, labels: Numbers, count: int) -> list[tuple[tuple[MemberZone, float], ...]]:
        areas = self.faces.areas_m2
        sums: list[dict[int, float]] = [{} for _ in range(count)]
        for face, member in zip(self.faces.face.tolist(), self.faces.member.tolist(), strict=True):
            if member < len(self.zones):
                mine = sums[int(labels[face])]
                mine[member] = mine.get(member, 0.0) + float(areas[face])
        return [
            tuple((self.zones[one], area) for one, area in sorted(mine.items(), key=lambda pair: (-pair[1], pair[0])))
            for mine in sums
        ]


def _rank(key: tuple[int, int, int]) -> int:
    return key[0]


def _connected(faces: Geometries, labels: Numbers) -> tuple[Geometries, Numbers]:
    """Return the connected pieces of faces with the same label, and the piece of each face (n,)."""
    joined = dissolve(faces, labels)
    parts, owner = shapely.get_parts(joined, return_index=True)
    tree = shapely.STRtree(shapely.point_on_surface(faces))
    shapely.prepare(parts)
    piece, face = tree.query(parts, predicate="intersects")
    own = owner[piece] == labels[face]
    piece_of = np.full(len(faces), -1, dtype=np.int64)
    piece_of[face[own]] = piece[own]
    return np.asarray(parts, dtype=object), piece_of


def _first(labels: Numbers, piece_of: Numbers) -> list[int]:
    """Return the label of each piece."""
    found = np.empty(int(piece_of.max(initial=-1)) + 1, dtype=np.int64)
    found[piece_of] = labels
    return [int(label) for label in found]


def _moved(areas: NDArray[np.float64], final: Numbers, labels: Numbers, piece_of: Numbers) -> dict[int, float]:
    """Return how much came to each label from pieces of others."""
    moved: dict[int, float] = {}
    for piece, before in enumerate(_first(labels, piece_of)):
        after = int(final[piece])
        if after != before:
            moved[after] = moved.get(after, 0.0) + float(areas[piece])
    return moved
