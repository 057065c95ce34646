"""A transition matrix per township: parts add up to wholes, and what lies in no township is told."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.planning.compare.flows import NONE, Flow, Flows, flows_of
from zoning.planning.compare.ground import ROUNDING_M2, Ground
from zoning.planning.compare.matrix import OUTSIDE, Cell, Division, Matrix, Total, cells_of, matrix_of, totals_of

Zone = tuple[str, BaseGeometry]
NO_FLOWS = Flows(np.empty((0, 2), dtype=np.int64), ())


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(west, south, east, north)


def shapes_of(shapes: Sequence[BaseGeometry]) -> Any:
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def townships(*places: tuple[str, str, BaseGeometry]) -> Division:
    shapes = shapes_of([shape for *_, shape in places])
    layer: Any = SimpleNamespace(
        ids=[place for place, *_ in places], names=[name for _, name, _ in places], whole=lambda: shapes
    )
    return Division(layer)


def ground(*zones: Zone) -> Ground:
    return Ground(shapes_of([shape for _, shape in zones]), [class_id for class_id, _ in zones], 0.0)


WEST, EAST = ("W", "西镇", box(0, 0, 100, 100)), ("E", "东镇", box(100, 0, 200, 100))
BOTH = townships(WEST, EAST)


@pytest.mark.parametrize(
    ("shape", "parts"),
    [
        (box(10, 10, 20, 20), {"W": 100.0}),
        (box(110, 10, 120, 20), {"E": 100.0}),
        # Across the border, and on it.
        (box(90, 0, 120, 10), {"W": 100.0, "E": 200.0}),
        (box(90, 0, 100, 10), {"W": 100.0}),
        # The whole township, and all there is.
        (box(0, 0, 100, 100), {"W": 10_000.0}),
        (box(0, 0, 200, 100), {"W": 10_000.0, "E": 10_000.0}),
        # Partly, and wholly, in none.
        (box(-10, 0, 10, 10), {"W": 100.0, OUTSIDE: 100.0}),
        (box(90, 90, 110, 110), {"W": 100.0, "E": 100.0, OUTSIDE: 200.0}),
        (box(500, 0, 510, 10), {OUTSIDE: 100.0}),
        # It only touches a township from outside.
        (box(200, 0, 210, 10), {OUTSIDE: 100.0}),
        (shapely.Polygon(), {}),
        (shapely.MultiPolygon([box(0, 0, 1, 1), box(150, 0, 152, 1), box(300, 0, 303, 1)]),
         {"W": 1.0, "E": 2.0, OUTSIDE: 3.0}),
    ],
)  # fmt: skip
def test_a_polygon_is_divided_among_the_places(shape: BaseGeometry, parts: Mapping[str, float]) -> None:
    (found,) = BOTH.split(shapes_of([shape]))
    assert found == pytest.approx(parts)


def test_many_polygons_are_divided_each_for_itself() -> None:
    shapes = shapes_of([box(10, 0, 20, 10), shapely.Polygon(), box(110, 0, 130, 10), box(90, 0, 110, 10)])
    assert BOTH.split(shapes) == [{"W": 100.0}, {}, {"E": 200.0}, {"W": 100.0, "E": 100.0}]
    assert BOTH.split(shapes_of([])) == []


@pytest.mark.parametrize("seed", range(5))
def test_the_parts_add_up_to_the_whole_to_the_last_digits(seed: int) -> None:
    chance = np.random.default_rng(seed)
    shape = shapely.Point(*chance.uniform(20, 180, 2)).buffer(float(chance.uniform(5, 90)), quad_segs=7)
    (parts,) = BOTH.split(shapes_of([shape]))
    assert sum(parts.values()) == pytest.approx(shape.area, rel=1e-12)


def test_what_a_piece_inside_loses_to_rounding_stays_with_its_largest_part() -> None:
    third = townships(("A", "甲", box(0, 0, 1 / 3, 1)), ("B", "乙", box(1 / 3, 0, 1, 1)))
    (parts,) = third.split(shapes_of([box(0, 0, 1, 1)]))
    assert set(parts) == {"A", "B"}
    assert sum(parts.values()) == 1.0


@pytest.mark.parametrize(("over", "outside"), [(1e-8, False), (1e-5, True)])
def test_a_margin_beyond_the_border_is_rounding_or_land_in_no_place(over: float, outside: bool) -> None:
    # 1 m wide: 1e-8 m² is less than what rounding leaves, 1e-5 m² is more.
    (parts,) = BOTH.split(shapes_of([box(200 - 1, 0, 200 + over, 1)]))
    assert (OUTSIDE in parts) is outside
    assert sum(parts.values()) == pytest.approx(1 + over, rel=1e-12)


def test_without_townships_all_lies_in_none() -> None:
    nowhere = Division(None)
    assert (nowhere.ids, nowhere.names) == ([], {})
    assert nowhere.split(shapes_of([box(0, 0, 2, 2), shapely.Polygon()])) == [{OUTSIDE: 4.0}, {}]


def test_where_two_places_overlap_the_first_has_the_land() -> None:
    first = townships(WEST, ("X", "叠镇", box(50, 0, 200, 100)))
    assert first.split(shapes_of([box(40, 0, 60, 10), box(90, 0, 110, 10)])) == [
        pytest.approx({"W": 200.0}),
        pytest.approx({"W": 100.0, "X": 100.0}),
    ]


def test_a_place_of_which_nothing_is_left_is_no_place() -> None:
    hidden = townships(WEST, ("X", "叠镇", box(20, 20, 30, 30)), EAST)
    assert (hidden.ids, hidden.names) == (["W", "E"], {"W": "西镇", "E": "东镇"})
    assert hidden.split(shapes_of([box(20, 20, 30, 30), box(110, 0, 120, 10)])) == [{"W": 100.0}, {"E": 100.0}]


def test_zones_with_the_same_id_are_one_place() -> None:
    one = townships(WEST, ("W", "西镇飞地", box(300, 0, 400, 100)))
    assert one.ids == ["W", "W"]
    assert one.split(shapes_of([shapely.MultiPolygon([box(0, 0, 10, 10), box(300, 0, 320, 10)])])) == [{"W": 300.0}]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({}, ()),
        ({("W", "a", "b"): 5.0}, (Cell("W", "a", "b", 5.0),)),
        # By place, then before, then after.
        ({("W", "b", "a"): 1.0, ("E", "z", "z"): 2.0, ("W", "a", "z"): 3.0, ("W", "a", "b"): 4.0, ("", "q", "q"): 5.0},
         (Cell("", "q", "q", 5.0), Cell("E", "z", "z", 2.0), Cell("W", "a", "b", 4.0), Cell("W", "a", "z", 3.0),
          Cell("W", "b", "a", 1.0))),
        # Rounding is no cell.
        ({("W", "a", "b"): ROUNDING_M2, ("W", "a", "c"): 2 * ROUNDING_M2, ("W", "a", "d"): 0.0, ("W", "a", "e"): -1.0},
         (Cell("W", "a", "c", 2 * ROUNDING_M2),)),
    ],
)  # fmt: skip
def test_cells_stand_in_order(cells: Mapping[tuple[str, str, str], float], found: tuple[Cell, ...]) -> None:
    assert cells_of(cells) == found


@pytest.mark.parametrize(
    ("totals", "found"),
    [
        ({}, ()),
        ({("W", "b"): 1.0, ("W", "a"): 2.0, ("E", "z"): 3.0},
         (Total("E", "z", 3.0), Total("W", "a", 2.0), Total("W", "b", 1.0))),
        ({("W", "b"): ROUNDING_M2, ("W", "a"): 2 * ROUNDING_M2}, (Total("W", "a", 2 * ROUNDING_M2),)),
    ],
)  # fmt: skip
def test_totals_stand_in_order(totals: Mapping[tuple[str, str], float], found: tuple[Total, ...]) -> None:
    assert totals_of(totals) == found


def matrix(before: Sequence[Zone], after: Sequence[Zone], division: Division = BOTH) -> Matrix:
    a, b = ground(*before), ground(*after)
    return matrix_of(a, b, flows_of(a, b, None), division)


@pytest.mark.parametrize(
    ("before", "after", "cells"),
    [
        ([], [], []),
        ([("core", box(10, 0, 20, 10))], [("core", box(10, 0, 20, 10))], [("W", "core", "core", 100.0)]),
        ([("core", box(90, 0, 120, 10))], [("core", box(90, 0, 120, 10))],
         [("E", "core", "core", 200.0), ("W", "core", "core", 100.0)]),
        ([("core", box(90, 0, 120, 10))], [("rim", box(90, 0, 120, 10))],
         [("E", "core", "rim", 200.0), ("W", "core", "rim", 100.0)]),
        # What is lost and what is gained is told where it lies.
        ([("core", box(90, 0, 120, 10))], [],
         [("E", "core", NONE, 200.0), ("W", "core", NONE, 100.0)]),
        ([], [("core", box(90, 0, 120, 10))],
         [("E", NONE, "core", 200.0), ("W", NONE, "core", 100.0)]),
        # A zone across the border of which one side shrinks: the lost piece lies in the east only.
        ([("core", box(90, 0, 120, 10))], [("core", box(90, 0, 110, 10))],
         [("E", "core", "core", 100.0), ("E", "core", NONE, 100.0), ("W", "core", "core", 100.0)]),
        ([("core", box(-10, 0, 10, 10))], [("rim", box(-10, 0, 10, 10))],
         [(OUTSIDE, "core", "rim", 100.0), ("W", "core", "rim", 100.0)]),
        ([("core", box(300, 0, 310, 10))], [("rim", box(300, 0, 310, 10))], [(OUTSIDE, "core", "rim", 100.0)]),
        # Several zones of one class add up.
        ([("core", box(0, 0, 10, 10)), ("core", box(20, 0, 30, 10))], [("core", box(0, 0, 10, 10))],
         [("W", "core", "core", 100.0), ("W", "core", NONE, 100.0)]),
        # The old zone lies in one place, the new one in two: what they share lies where the old one was.
        ([("core", box(80, 0, 95, 10))], [("rim", box(80, 0, 120, 10))],
         [("E", NONE, "rim", 200.0), ("W", "core", "rim", 150.0), ("W", NONE, "rim", 50.0)]),
    ],
)  # fmt: skip
def test_cells_say_what_became_of_the_ground_of_each_place(
    before: Sequence[Zone], after: Sequence[Zone], cells: list[tuple[str, str, str, float]]
) -> None:
    found = matrix(before, after)
    assert [(one.place, one.before, one.after) for one in found.cells] == [cell[:3] for cell in sorted(cells)]
    assert [one.amount for one in found.cells] == pytest.approx([cell[3] for cell in sorted(cells)])
    assert found.off_by() < 1e-12


def test_totals_are_those_of_the_zones_of_each_edition() -> None:
    found = matrix(
        [("core", box(90, 0, 120, 10)), ("rim", box(0, 0, 10, 10))],
        [("core", box(90, 0, 110, 10)), ("core", box(-5, 0, 5, 10))],
    )
    assert found.before == (Total("E", "core", 200.0), Total("W", "core", 100.0), Total("W", "rim", 100.0))
    assert found.after == (Total(OUTSIDE, "core", 50.0), Total("E", "core", 100.0), Total("W", "core", 150.0))


def test_every_zone_is_told_with_its_places() -> None:
    found = matrix([("core", box(90, 0, 120, 10)), ("rim", box(0, 0, 10, 10))], [("core", box(300, 0, 310, 10))])
    before, after = found.zone_places
    assert [sorted(places) for places in before] == [["E", "W"], ["W"]]
    assert after == ((OUTSIDE,),)


def test_a_piece_of_two_zones_is_cut_only_where_both_lie_in_several_places() -> None:
    a, b = ground(("core", box(90, 0, 110, 10))), ground(("rim", box(90, 0, 110, 10)), ("rim", box(10, 0, 20, 10)))
    flows = Flows(
        NO_FLOWS.same,
        (
            Flow("core", "rim", 0, 0, 200.0, box(90, 0, 110, 10)),
            # Its zone lies in the west alone: the stated amount is taken as it is.
            Flow(NONE, "rim", None, 1, 77.0, box(10, 0, 20, 10)),
        ),
    )
    found = matrix_of(a, b, flows, BOTH)
    assert found.cells == (
        Cell("E", "core", "rim", 100.0),
        Cell("W", "core", "rim", 100.0),
        Cell("W", NONE, "rim", 77.0),
    )


@pytest.mark.parametrize(
    ("cells", "before", "after", "off"),
    [
        ((), (), (), 0.0),
        ((Cell("W", "a", "b", 10.0),), (Total("W", "a", 10.0),), (Total("W", "b", 10.0),), 0.0),
        # 2 of 10 are missing before, 1 of 11 after.
        ((Cell("W", "a", "b", 8.0),), (Total("W", "a", 10.0),), (Total("W", "b", 8.0),), 0.2),
        ((Cell("W", "a", "b", 10.0),), (Total("W", "a", 10.0),), (Total("W", "b", 12.5),), 0.2),
        ((Cell("W", "a", "b", 12.0),), (Total("W", "a", 10.0),), (Total("W", "b", 12.0),), 0.2),
        # As a part of the whole class: 2 of 100, though 2 of 10 in the place.
        ((Cell("W", "a", "a", 8.0), Cell("E", "a", "a", 90.0)), (Total("W", "a", 10.0), Total("E", "a", 90.0)),
         (), 0.02),
        # The worst of several, and a total of which there is no cell.
        ((Cell("W", "a", "a", 9.0), Cell("W", "b", "b", 5.0)), (Total("W", "a", 10.0), Total("W", "b", 10.0)), (), 0.5),
        ((), (Total("W", "a", 10.0),), (), 1.0),
        ((Cell("E", "a", "a", 10.0),), (Total("W", "a", 10.0),), (), 1.0),
        # Several cells of one row add up.
        ((Cell("W", "a", "a", 4.0), Cell("W", "a", "b", 6.0)), (Total("W", "a", 10.0),), (), 0.0),
    ],
)  # fmt: skip
def test_a_matrix_says_by_how_much_it_is_off(
    cells: tuple[Cell, ...], before: tuple[Total, ...], after: tuple[Total, ...], off: float
) -> None:
    assert Matrix(cells, before, after).off_by() == pytest.approx(off)


@pytest.mark.parametrize("seed", range(4))
def test_places_add_up_to_the_matrix_that_is_not_divided(seed: int) -> None:
    chance = np.random.default_rng(seed)

    def zones() -> list[Zone]:
        classes = ("core", "rim")
        return [
            (classes[n % 2], box(x, n * 20, x + float(chance.uniform(5, 90)), n * 20 + float(chance.uniform(5, 19))))
            for n, x in enumerate(chance.uniform(-20, 160, 5).tolist())
        ]

    before, after = zones(), zones()
    divided, whole = matrix(before, after), matrix(before, after, Division(None))
    sums: dict[tuple[str, str], float] = {}
    for cell in divided.cells:
        sums[cell.before, cell.after] = sums.get((cell.before, cell.after), 0.0) + cell.amount
    assert sums == pytest.approx({(cell.before, cell.after): cell.amount for cell in whole.cells}, abs=1e-5)
    assert divided.off_by() < 1e-9
