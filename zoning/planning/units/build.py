"""Members of a territory -> its units: every place belongs to one, by declared precedence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.overlay.plane import Geometries
from zoning.overlay.source import LayerSource
from zoning.planning.units.members import (
    Edition,
    Members,
    MemberZone,
    Part,
    Territory,
    Unseen,
    read_members,
    read_parts,
    read_territory,
)
from zoning.planning.units.merging import Merge, common_borders, merge_small
from zoning.planning.units.partition import GRID_M, Faces, dissolve, divide
from zoning.planning.units.scheme import Scheme

Numbers = NDArray[np.int64]

SEAM_M2 = 100.0
"""Land in no township below this is a seam between the borders of two layers, whatever the minimum: it joins a unit."""


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
    unseen
        Members without data: what lies in them was not seen.
    editions
        What the units rest on.
    assumed
        How many member zones bear no class, so that the strictest was assumed.
    contested_m2
        Land that lies in two townships: the first of them has it.
    """

    territory: Territory
    units: tuple[Unit, ...]
    merges: tuple[Merge, ...]
    kept_small_m2: tuple[float, ...]
    unseen: tuple[Unseen, ...]
    editions: tuple[Edition, ...]
    assumed: int
    contested_m2: float
    grid_m: float

    @property
    def territory_m2(self) -> float:
        """The area of the territory."""
        return float(self.territory.geometry.area)


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
    land = read_territory(source, territory, on)
    members = read_members(source, scheme, land, on)
    parts, outlines, of_parts = read_parts(source, scheme, on)
    faces = divide(land.geometry, np.concatenate([members.shapes, outlines]), grid_m=grid_m)
    editions = (land.edition, *([of_parts] if of_parts else []), *members.editions)
    return _Building(scheme, land, members, parts, faces, editions).result()


@dataclass(frozen=True, eq=False)
class _Building:
    """Faces with what covers them -> pieces -> units."""

    scheme: Scheme
    land: Territory
    members: Members
    parts: Sequence[Part]
    faces: Faces
    editions: tuple[Edition, ...]

    @property
    def zones(self) -> Sequence[MemberZone]:
        return self.members.zones

    def result(self) -> Built:
        keys = [self._key(members) for members in self.faces.members_of(len(self.faces.geometries))]
        names = sorted(set(keys))
        numbers = {key: number for number, key in enumerate(names)}
        labels = np.asarray([numbers[key] for key in keys], dtype=np.int64)
        pieces, piece_of = _connected(self.faces.geometries, labels)
        keys_of_pieces = [names[label] for label in _first(labels, piece_of)]
        areas = shapely.area(pieces)
        ranks, parts = [key[0] for key in keys_of_pieces], [key[2] for key in keys_of_pieces]
        least = np.full(len(areas), self.scheme.minimum)
        if self.parts:
            least[np.asarray(parts) < 0] = max(self.scheme.minimum, SEAM_M2)
        merged = merge_small(areas, common_borders(pieces, areas < least), ranks, least, parts=parts)
        final = np.asarray([numbers[keys_of_pieces[one]] for one in merged.into.tolist()], dtype=np.int64)
        units = self._units(names, final[piece_of], _moved(areas, final, labels, piece_of))
        kept = tuple(float(areas[one]) for one in merged.kept_small)
        return Built(
            territory=self.land,
            units=units,
            merges=merged.merges,
            kept_small_m2=kept,
            unseen=self.members.unseen,
            editions=self.editions,
            assumed=sum(zone.assumed for zone in self.zones),
            contested_m2=self._contested(),
            grid_m=self.faces.grid_m,
        )

    def _contested(self) -> float:
        count = len(self.zones)
        covered = np.bincount(self.faces.face[self.faces.member >= count], minlength=len(self.faces.geometries))
        return float(self.faces.areas_m2[covered > 1].sum())

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
