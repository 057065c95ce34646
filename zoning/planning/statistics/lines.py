"""Lengths of lines in a territory and its parts: geodesic, no stretch counted twice."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.overlay import beside, robust
from zoning.overlay.origin import Origin
from zoning.overlay.plane import Geometries, MeasuringPlane
from zoning.planning.statistics.ground import Ground, HeldLayer

_SHORTEST_M = 1e-3
"""What is shorter comes from rounding at the border of a part."""


@dataclass(frozen=True, slots=True)
class LineLength:
    """Length of a class in a part.

    Attributes
    ----------
    part
        Number of the part; -1 for land in none, None for the whole territory.
    class_id
        None for all classes of the layer together.
    count
        Lines with a stretch in the part.
    """

    layer: str
    class_id: str | None
    part: int | None
    length_m: float
    count: int


def line_lengths(ground: Ground, parts: Geometries) -> tuple[LineLength, ...]:
    """Measure all layers of lines: for each class, and for all of them, the territory and each of its parts (k,)."""
    return tuple(
        found for one in ground.layers if one.layer.geometry == "line" for found in _lengths(one, ground, parts)
    )


def _lengths(held: HeldLayer, ground: Ground, parts: Geometries) -> Iterator[LineLength]:
    land = ground.land if held.uncovered is None else beside.difference(ground.land, held.uncovered)
    # All is cut beside the territory: what was cut lies on the lines that it was cut from.
    origin = Origin.among([ground.land])
    land, parts, shapes = origin.near(land), origin.all_near(parts), origin.all_near(held.shapes)
    numbers = held.zones.class_numbers[held.near]
    choices: list[tuple[str | None, NDArray[np.bool_]]] = [
        (name, numbers == number) for number, name in enumerate(held.zones.class_order)
    ]
    if len(choices) > 1:
        choices.append((None, np.ones(len(numbers), dtype=bool)))
    for name, mine in choices:
        lines = shapes[mine]
        whole = lines_of(robust.intersection(robust.union(lines, origin.grid_m), land, origin.grid_m))
        for part, stretch in _stretches(whole, parts, origin.grid_m):
            length = _length_m(stretch, origin, ground.plane)
            yield LineLength(held.layer.id, name, part, length, _count(lines, stretch, origin, ground.plane))


def _stretches(whole: BaseGeometry, parts: Geometries, grid_m: float) -> Iterator[tuple[int | None, BaseGeometry]]:
    """Yield the whole, then the stretch in each part, then what lies in none: a stretch on a border goes to the first.

    The stretches are cut from what the parts before left over, so that they add up to the whole.
    """
    yield None, whole
    rest = whole
    for number, part in enumerate(parts):
        yield number, lines_of(robust.intersection(rest, part, grid_m))
        rest = lines_of(robust.difference(rest, part, grid_m))
    yield -1, rest


def lines_of(geometry: BaseGeometry) -> BaseGeometry:
    """Return the lines of what a cut left over, as one; points and faces are left out."""
    parts = shapely.get_parts(shapely.get_parts(np.asarray([geometry], dtype=object)))
    return shapely.MultiLineString([part for part in parts if part.geom_type == "LineString" and not part.is_empty])


def _length_m(stretch: BaseGeometry, origin: Origin, plane: MeasuringPlane) -> float:
    return plane.length_m(origin.back(stretch))


def _count(lines: Geometries, stretch: BaseGeometry, origin: Origin, plane: MeasuringPlane) -> int:
    if stretch.is_empty or not len(lines):
        return 0
    met = lines[shapely.intersects(stretch, lines)]
    if not len(met):
        return 0
    shared = robust.intersection(met, stretch, origin.grid_m)
    return sum(_length_m(lines_of(one), origin, plane) > _SHORTEST_M for one in shared)
