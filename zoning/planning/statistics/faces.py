"""The territory divided by all borders of all zones: every figure is a sum of the same faces, so that sums agree."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.overlay.plane import Geometries
from zoning.planning.statistics.ground import Ground, HeldLayer
from zoning.planning.units.partition import divide

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Areas = NDArray[np.float64]

IN_NO_PART = -1


@dataclass(frozen=True, slots=True)
class ClassKey:
    """A class of a layer."""

    layer: str
    class_id: str


@dataclass(frozen=True, slots=True, eq=False)
class Parcelled:
    """The faces of a territory and what each of them lies in.

    Attributes
    ----------
    areas_m2
        (n,) they add up to the territory.
    classes
        The classes of the layers of areas, in their order; each of them, also those without a zone here.
    inside
        (n, number of classes) whether a face lies in a zone of the class, where the layer has data.
    known
        (n, number of layers of areas) whether the layer has data there.
    part
        (n,) number of the part (township) of each face, -1 in none. Land in two of them counts for the first.
    twice_m2
        Land in more than one part.
    zone_areas
        For each layer of areas (number of its zones here, number of parts + 1): area of a zone in each part, m²; the
        last column is land in no part.
    """

    areas_m2: Areas
    layers: tuple[HeldLayer, ...]
    classes: tuple[ClassKey, ...]
    inside: Flags
    known: Flags
    part: Numbers
    parts: int
    twice_m2: float
    zone_areas: tuple[Areas, ...]

    def column(self, key: ClassKey) -> Flags:
        """Return which faces (n,) lie in a class."""
        found: Flags = self.inside[:, self.classes.index(key)]
        return found


def parcel(ground: Ground, parts: Geometries) -> Parcelled:
    """Divide a territory by its layers of areas and by its parts (k,).

    Raises
    ------
    ContentError
        When the faces do not add up to the territory.
    """
    layers = tuple(one for one in ground.layers if one.layer.geometry != "line")
    shapes: list[Geometries] = [parts]
    for one in layers:
        gap = [] if one.uncovered is None else [one.uncovered]
        shapes.extend((one.shapes, np.asarray(gap, dtype=object)))
    faces = divide(ground.land, np.concatenate(shapes))
    areas = np.asarray(shapely.area(faces.geometries), dtype=np.float64)
    part, twice = _parts(faces.face, faces.member, areas, len(parts))
    known = np.ones((len(areas), len(layers)), dtype=bool)
    columns: list[Flags] = []
    classes: list[ClassKey] = []
    zone_areas: list[Areas] = []
    start = len(parts)
    for number, one in enumerate(layers):
        end = start + len(one.shapes)
        if one.uncovered is not None:
            known[faces.face[faces.member == end], number] = False
        own = (faces.member >= start) & (faces.member < end)
        face, zone = faces.face[own], faces.member[own] - start
        seen = known[face, number]
        face, zone = face[seen], zone[seen]
        names = one.zones.class_order
        inside = np.zeros((len(areas), len(names)), dtype=bool)
        inside[face, one.zones.class_numbers[one.near][zone]] = True
        columns.append(inside)
        classes.extend(ClassKey(one.layer.id, name) for name in names)
        mine = np.zeros((len(one.shapes), len(parts) + 1))
        np.add.at(mine, (zone, part[face]), areas[face])
        zone_areas.append(mine)
        start = end + (one.uncovered is not None)
    inside = np.concatenate(columns, axis=1) if columns else np.zeros((len(areas), 0), dtype=bool)
    return Parcelled(areas, layers, tuple(classes), inside, known, part, len(parts), twice, tuple(zone_areas))


def _parts(face: Numbers, member: Numbers, areas: Areas, count: int) -> tuple[Numbers, float]:
    """Return the part of each face, and the area of land in several."""
    own = member < count
    part = np.full(len(areas), IN_NO_PART, dtype=np.int64)
    # Ordered by member within each face: written backwards, the first one stays.
    part[face[own][::-1]] = member[own][::-1]
    times = np.bincount(face[own], minlength=len(areas))
    return part, float(areas[times > 1].sum())
