"""Faces -> figures: classes per part, pairs of classes, combinations."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum

import numpy as np

from zoning.planning.statistics.faces import IN_NO_PART, ClassKey, Flags, Parcelled

WHOLE: None = None


@dataclass(frozen=True, slots=True)
class ClassArea:
    """A class, or all classes of a layer together, in a part.

    Attributes
    ----------
    class_id
        None: all classes of the layer, united.
    part
        Number of the part; -1 for land in none, None for the whole territory.
    area_m2, count
        United area, and zones of which more than a sliver lies in the part; None where the layer has no data in it.
    share
        Of the part; None where the layer does not cover all of it.
    uncovered_m2
        Area of the part without data.
    """

    layer: str
    class_id: str | None
    part: int | None
    area_m2: float | None
    count: int | None
    share: float | None
    uncovered_m2: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two classes and the land that lies in both.

    `unknown_m2` is land of the first of which the layer of the second says nothing, or the other way round.
    """

    one: ClassKey
    other: ClassKey
    area_m2: float
    one_m2: float
    other_m2: float
    unknown_m2: float


@dataclass(frozen=True, slots=True)
class Combination:
    """The land that lies in exactly these classes; `unknown` are the layers that say nothing of it."""

    classes: tuple[ClassKey, ...]
    unknown: tuple[str, ...]
    area_m2: float


def part_areas(parcelled: Parcelled) -> dict[int | None, float]:
    """Return the area (m²) of the territory (None), of each part, and of land in none (-1) where there is some."""
    numbers = [*range(parcelled.parts), IN_NO_PART]
    areas = {number: fsum(parcelled.areas_m2[parcelled.part == number]) for number in numbers}
    if not parcelled.parts or not areas[IN_NO_PART]:
        del areas[IN_NO_PART]
    return {WHOLE: fsum(parcelled.areas_m2), **areas}


def class_areas(parcelled: Parcelled) -> Iterator[ClassArea]:
    """Yield the figures of every layer: the territory, then its parts; in each the classes, then all of them."""
    places = part_areas(parcelled)
    first = 0
    for number, one in enumerate(parcelled.layers):
        names = one.zones.class_order
        columns = {name: parcelled.inside[:, first + index] for index, name in enumerate(names)}
        first += len(names)
        choices: dict[str | None, Flags] = dict(columns.items())
        if len(names) > 1:
            choices[None] = np.any(np.stack(list(columns.values())), axis=0)
        for part, total in places.items():
            here = np.ones(len(parcelled.areas_m2), dtype=bool) if part is None else parcelled.part == part
            unknown = fsum(parcelled.areas_m2[here & ~parcelled.known[:, number]])
            for name, inside in choices.items():
                if total - unknown <= 0:
                    yield ClassArea(one.layer.id, name, part, None, None, None, unknown)
                    continue
                area = fsum(parcelled.areas_m2[here & inside])
                share = None if unknown > one.tolerance_m2 else area / total
                yield ClassArea(one.layer.id, name, part, area, _count(parcelled, number, name, part), share, unknown)


def _count(parcelled: Parcelled, layer: int, class_id: str | None, part: int | None) -> int:
    """Count the zones with more than a sliver in a part; a zone as small as a sliver counts where half of it lies."""
    one, areas = parcelled.layers[layer], parcelled.zone_areas[layer]
    numbers = one.zones.class_numbers[one.near]
    mine = np.ones(len(numbers), dtype=bool)
    if class_id is not None:
        mine = numbers == one.zones.class_order.index(class_id)
    whole = areas.sum(axis=1)
    here = whole if part is None else areas[:, part]
    return int(np.count_nonzero(mine & (here > 0) & (here >= np.minimum(one.tolerance_m2, whole / 2))))


def pairs(parcelled: Parcelled) -> tuple[Pair, ...]:
    """Return every pair of classes that both occur, each class with itself first."""
    inside = parcelled.inside.astype(np.float64)
    weighted = inside * parcelled.areas_m2[:, None]
    both = weighted.T @ inside
    layer_of = [number for number, one in enumerate(parcelled.layers) for _ in one.zones.class_order]
    unseen = weighted.T @ (~parcelled.known).astype(np.float64)
    totals = np.diagonal(both)
    found = []
    for i, one in enumerate(parcelled.classes):
        for j, other in enumerate(parcelled.classes[i:], start=i):
            if totals[i] > 0 and totals[j] > 0:
                unknown = float(unseen[i, layer_of[j]] + unseen[j, layer_of[i]])
                found.append(Pair(one, other, float(both[i, j]), float(totals[i]), float(totals[j]), unknown))
    return tuple(found)


def combinations(parcelled: Parcelled) -> tuple[Combination, ...]:
    """Return the combinations that occur, the largest first; together they are the territory."""
    state = np.concatenate([parcelled.inside, ~parcelled.known], axis=1)
    kinds, labels = np.unique(state, axis=0, return_inverse=True)
    order = np.argsort(labels.reshape(-1), kind="stable")
    starts = np.searchsorted(labels.reshape(-1)[order], np.arange(len(kinds)))
    areas = [fsum(parcelled.areas_m2[mine]) for mine in np.split(order, starts[1:])]
    count = len(parcelled.classes)
    found = [
        Combination(
            tuple(parcelled.classes[index] for index in np.flatnonzero(kind[:count])),
            tuple(parcelled.layers[index].layer.id for index in np.flatnonzero(kind[count:])),
            area,
        )
        for kind, area in zip(kinds, areas, strict=True)
    ]
    return tuple(
        sorted(found, key=lambda one: (-one.area_m2, [(k.layer, k.class_id) for k in one.classes], one.unknown))
    )
