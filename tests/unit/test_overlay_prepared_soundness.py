"""Arrays of zones that somebody has changed are refused: each count, start and list on its own."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.overlay.kernel import layout
from zoning.overlay.kernel.zones import PackedZones
from zoning.overlay.prepared.container import Arrays, DamagedError
from zoning.overlay.prepared.soundness import check_kinds, check_zones

Change = Callable[[Arrays], None]
HOLED = shapely.box(0, 0, 9, 9).difference(shapely.box(2, 2, 3, 3))
PARTS = shapely.MultiPolygon([shapely.box(20, 0, 21, 1), shapely.box(25, 0, 26, 1)])
MANY = shapely.MultiPolygon([shapely.box(2 * step, 40, 2 * step + 1, 41) for step in range(20)])
ZONES = [HOLED, PARTS, MANY, *(shapely.box(step, 60, step + 0.5, 61) for step in range(17))]
LONG = shapely.segmentize(shapely.box(0, 80, 100, 180), 1.0)
"""A ring of 400 edges: its boxes have three levels."""
CLASSES = np.arange(len(ZONES), dtype=np.int64) % 3
ASSUMED = np.arange(len(ZONES)) % 5 == 0
LINES = [shapely.LineString([(0, 0), (1, 1)]), shapely.MultiLineString([[(5, 5), (6, 6)], [(7, 7), (8, 8), (9, 7)]])]


def sound() -> Arrays:
    return {name: array.copy() for name, array in PackedZones.of(ZONES, CLASSES, ASSUMED).arrays().items()}


def looked_at(arrays: Arrays) -> None:
    check_kinds(arrays)
    check_zones(arrays, CLASSES, ASSUMED, 3)


def head(place: int, by: int = 1) -> Change:
    def change(arrays: Arrays) -> None:
        arrays["ints"][place] += by

    return change


def entry(place: int, index: int, by: int = 1, *, of: str = "ints") -> Change:
    def change(arrays: Arrays) -> None:
        arrays[of][int(arrays[of][place]) + index] += by

    return change


def tree_head(place: int, by: int = 1) -> Change:
    def change(arrays: Arrays) -> None:
        arrays["tree_ints"][place] += by

    return change


def coordinate(index: int, value: float) -> Change:
    def change(arrays: Arrays) -> None:
        arrays["floats"][index] = value

    return change


def shorter(name: str) -> Change:
    def change(arrays: Arrays) -> None:
        arrays[name] = arrays[name][:-1]

    return change


def longer(name: str) -> Change:
    def change(arrays: Arrays) -> None:
        arrays[name] = np.append(arrays[name], arrays[name][:1])

    return change


def exchanged(place: int, one: int, other: int, *, of: str = "ints") -> Change:
    def change(arrays: Arrays) -> None:
        at = int(arrays[of][place])
        arrays[of][[at + one, at + other]] = arrays[of][[at + other, at + one]]

    return change


def test_sound_arrays_pass() -> None:
    looked_at(sound())


@pytest.mark.parametrize(
    "zones", [[], [HOLED], [shapely.Polygon()], [MANY], [LONG, HOLED], ZONES[:16], ZONES[:17], LINES]
)
def test_all_that_is_packed_passes(zones: list[BaseGeometry]) -> None:
    arrays = PackedZones.of(zones).arrays()
    check_kinds(arrays)
    check_zones(arrays, np.zeros(len(zones), np.int64), np.zeros(len(zones), bool), 1)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(head(place), id=f"head {place}")
        for place in (*range(layout.AREAL + 1), *range(layout.PART_STARTS, layout.GROVE_STARTS + 1))
    ]
    + [pytest.param(head(place), id=f"head {place}") for place in range(layout.RUN_BOXES, layout.GROVE_BOXES + 1)],
)
def test_a_head_that_names_another_count_or_place_is_refused(change: Change) -> None:
    arrays = sound()
    change(arrays)
    with pytest.raises(DamagedError, match="arrays that do not fit each other"):
        looked_at(arrays)


@pytest.mark.parametrize("place", range(layout.BOXES + 1))
def test_a_negative_count_is_refused_before_anything_is_read(place: int) -> None:
    arrays = sound()
    arrays["ints"][place] = -1
    with pytest.raises(DamagedError, match="counts"):
        check_kinds(arrays)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (entry(layout.PART_STARTS, 0), "starts"),
        (entry(layout.PART_STARTS, len(ZONES)), "starts"),
        (entry(layout.PART_STARTS, 5, 1000), "starts"),
        (entry(layout.RING_STARTS, 0, -1), "starts"),
        (entry(layout.RING_STARTS, 3, 1000), "starts"),
        (entry(layout.VERTEX_STARTS, 0), "starts"),
        (entry(layout.VERTEX_STARTS, 2, -1000), "starts"),
        (entry(layout.BOX_STARTS, 0, -1), "starts"),
        (entry(layout.KINDS, 0, 100), "types of geometry"),
        (entry(layout.SIGNS, 0, 2), "directions of rings"),
        (entry(layout.SIGNS, 1, -2), "directions of rings"),
        (entry(layout.RING_ORDER, 0, 2), "rings"),
        (entry(layout.RING_ORDER, 0), "holes"),
        (entry(layout.GROVE_STARTS, 0), "boxes of many rings"),
        (entry(layout.GROVE_STARTS, 1, 1), "boxes of many rings"),
        (coordinate(0, np.nan), "coordinates"),
        (coordinate(1, np.inf), "coordinates"),
        (coordinate(0, 123.0), "rings that are not closed"),
    ],
)
def test_a_list_that_was_changed_is_refused_with_its_name(change: Change, said: str) -> None:
    arrays = sound()
    change(arrays)
    with pytest.raises(DamagedError, match=said):
        looked_at(arrays)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (tree_head(layout.TREE_ZONES), "size of the tree"),
        (tree_head(layout.TREE_LEVELS), "size of the tree"),
        (tree_head(layout.NODES), "place of the levels"),
        (tree_head(layout.TREE_GROUPS), "number of classes"),
        (tree_head(layout.NUMBERS), "lists of the tree"),
        (tree_head(layout.GROUPS), "lists of the tree"),
        (tree_head(layout.LOOSE), "lists of the tree"),
        (tree_head(layout.GROUP_MASKS), "lists of the tree"),
        (tree_head(layout.LOOSE_MASKS), "lists of the tree"),
        (tree_head(layout.PLACES), "lists of the tree"),
        (entry(layout.NODES, 0, of="tree_ints"), "levels of the tree"),
        (entry(layout.NODES, 1, of="tree_ints"), "levels of the tree"),
        (entry(layout.NUMBERS, 0, of="tree_ints"), "numbers of zones"),
        (exchanged(layout.NUMBERS, 0, 1, of="tree_ints"), "places of zones"),
        (exchanged(layout.PLACES, 0, 1, of="tree_ints"), "places of zones"),
        (entry(layout.PLACES, 0, 100, of="tree_ints"), "places of zones"),
        # Classes that the nodes above do not know.
        (entry(layout.GROUPS, 0, 7, of="tree_ints"), "classes of nodes"),
        (entry(layout.GROUP_MASKS, 0, 64, of="tree_ints"), "classes of nodes"),
        (entry(layout.LOOSE_MASKS, 0, 64, of="tree_ints"), "classes of nodes"),
        (shorter("tree_floats"), "size of the tree"),
        (longer("tree_floats"), "size of the tree"),
        (shorter("tree_ints"), "lists of the tree"),
        (longer("tree_ints"), "lists of the tree"),
        (shorter("floats"), "areas"),
        (longer("floats"), "areas"),
        (shorter("ints"), "places of lists"),
        (longer("ints"), "places of lists"),
    ],
)
def test_a_tree_that_was_changed_is_refused_with_its_part(change: Change, said: str) -> None:
    arrays = sound()
    change(arrays)
    with pytest.raises(DamagedError, match=said):
        looked_at(arrays)


@pytest.mark.parametrize("name", ["floats", "ints", "tree_floats", "tree_ints"])
def test_an_array_that_is_missing_or_of_another_kind_is_named(name: str) -> None:
    arrays = sound()
    lacking = {key: array for key, array in arrays.items() if key != name}
    for damaged in (
        lacking,
        {**arrays, name: arrays[name].astype(np.float32)},
        {**arrays, name: arrays[name].reshape(1, -1)},
    ):
        with pytest.raises(DamagedError, match=f"zones without {name}$"):
            check_kinds(damaged)


@pytest.mark.parametrize(
    ("name", "length"), [("ints", layout.HEAD - 1), ("tree_ints", layout.TREE_HEAD + layout.MOST_LEVELS)]
)
def test_an_array_shorter_than_its_head_is_refused(name: str, length: int) -> None:
    arrays = sound()
    arrays[name] = arrays[name][:length]
    with pytest.raises(DamagedError, match="heads"):
        check_kinds(arrays)


@pytest.mark.parametrize(
    ("classes", "assumed", "count", "said"),
    [
        (CLASSES, ASSUMED, 2, "classes"),
        (CLASSES - 1, ASSUMED, 3, "classes"),
        (CLASSES[::-1].copy(), ASSUMED, 3, "classes in the tree"),
        (CLASSES, ~ASSUMED, 3, "assumed classes in the tree"),
        (CLASSES[:-1], ASSUMED[:-1], 3, "zones"),
    ],
)
def test_classes_other_than_those_that_were_packed_are_refused(
    classes: NDArray[np.int64], assumed: NDArray[np.bool_], count: int, said: str
) -> None:
    with pytest.raises(DamagedError, match=said):
        check_zones(sound(), classes, assumed, count)


def test_looking_changes_nothing() -> None:
    arrays, before = sound(), sound()
    looked_at(arrays)
    assert all(np.array_equal(arrays[name], before[name], equal_nan=True) for name in before)
