"""Where a ring meets itself: crossed, touched or run along twice, named by edges and vertices as the file has them."""

from typing import Any

import numpy as np
import pytest
import shapely

from zoning.quality.crossings import check_ring
from zoning.quality.faults import MOST_LISTED, Fault, Gathering
from zoning.quality.outline import Outline

Corners = list[tuple[float, float]]
EAST, NORTH = 37_627_000.0, 3_930_000.0
Told = tuple[str, str, str, list[tuple[float, float, int | None]]]
"""Kind, sentence in Chinese and English, places: x, y, vertex."""


def polygon(corners: Corners, *holes: Corners) -> shapely.Polygon:
    shell, *rest = ([(x + EAST, y + NORTH) for x, y in ring] for ring in (corners, *holes))
    return shapely.Polygon(shell, rest)


def outline(*shapes: shapely.Polygon, metres: tuple[float, float] = (1.0, 1.0)) -> Outline:
    array: Any = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return Outline.of(array, np.array(metres))


def faults_of(found: Gathering) -> tuple[Fault, ...]:
    return found.faults("EPSG:4525", geographic=False)


def checked(corners: Corners, **more: Any) -> tuple[bool, list[Told], Gathering]:
    found = Gathering()
    meets = check_ring(outline(polygon(corners), **more), 0, found)
    told = [
        (one.kind, one.text.zh, one.text.en, [(p.x - EAST, p.y - NORTH, p.vertex) for p in one.places])
        for one in faults_of(found)
    ]
    return meets, told, found


@pytest.mark.parametrize(
    "corners",
    [
        [(0, 0), (10, 0), (0, 10)],
        [(0, 0), (10, 0), (10, 10), (0, 10)],
        # Concave, and collinear vertices.
        [(0, 0), (10, 0), (10, 10), (5, 2), (0, 10)],
        [(0, 0), (5, 0), (10, 0), (10, 10), (0, 10)],
        # Either way round.
        [(0, 10), (10, 10), (10, 0), (0, 0)],
        # Near, and not touching.
        [(0, 0), (10, 0), (10, 10), (5, 0.01), (0, 10)],
    ],
)
def test_a_simple_ring_meets_itself_nowhere(corners: Corners) -> None:
    meets, told, found = checked(corners)
    assert (meets, told, found.counts.total()) == (False, [], 0)


@pytest.mark.parametrize(
    ("corners", "told"),
    [
        # A bow tie.
        ([(0, 0), (10, 10), (10, 0), (0, 10)],
         [("self-crossing", "第 1 圈：第 1–2 点的边与第 3–4 点的边相交", "ring 1: edge 1–2 crosses edge 3–4",
           [(5, 5, None)])]),
        ([(0, 0), (10, 0), (10, 10), (5, -10)],
         [("self-crossing", "第 1 圈：第 1–2 点的边与第 3–4 点的边相交", "ring 1: edge 1–2 crosses edge 3–4",
           [(7.5, 0, None)])]),
        # The last edge, that closes the ring.
        ([(0, 0), (10, 0), (0, -10), (10, -10)],
         [("self-crossing", "第 1 圈：第 2–3 点的边与第 4–1 点的边相交", "ring 1: edge 2–3 crosses edge 4–1",
           [(5, -5, None)])]),
        # Two vertices on one place: it turns back, and does not go through.
        ([(0, 0), (5, 5), (10, 0), (10, 10), (5, 5), (0, 10)],
         [("self-touch", "第 1 圈：第 2 点、第 5 点相接于一点", "ring 1: vertex 2, vertex 5 meet in one point",
           [(5, 5, 2), (5, 5, 5)])]),
        # The same places in another order: it goes through.
        ([(0, 0), (5, 5), (10, 10), (10, 0), (5, 5), (0, 10)],
         [("self-crossing", "第 1 圈：边界在第 2 点、第 5 点处穿过自身",
           "ring 1: the border crosses itself at vertex 2, vertex 5", [(5, 5, 2), (5, 5, 5)])]),
        # A vertex on the middle of an edge.
        ([(0, 0), (10, 0), (10, 10), (5, 0), (0, 10)],
         [("self-touch", "第 1 圈：第 1–2 点的边、第 4 点相接于一点",
           "ring 1: edge 1–2, vertex 4 meet in one point", [(5, 0, 4)])]),
        ([(0, 0), (10, 0), (10, 5), (5, 0), (3, -5), (-5, -2)],
         [("self-crossing", "第 1 圈：边界在第 1–2 点的边、第 4 点处穿过自身",
           "ring 1: the border crosses itself at edge 1–2, vertex 4", [(5, 0, 4)])]),
        # Three times through one place.
        ([(0, 0), (5, 5), (2, 8), (5, 9), (5, 5), (8, 9), (9, 6), (5, 5), (10, 0)],
         [("self-touch", "第 1 圈：第 2 点、第 5 点、第 8 点相接于一点",
           "ring 1: vertex 2, vertex 5, vertex 8 meet in one point", [(5, 5, 2), (5, 5, 5), (5, 5, 8)])]),
        # Along an edge.
        ([(0, 0), (10, 0), (10, 10), (8, 0), (4, 0), (0, 10)],
         [("self-overlap", "第 1 圈：第 1–2 点的边与第 4–5 点的边重合，边界有 4.00 米走了两遍",
           "ring 1: edge 1–2 lies on edge 4–5; the border runs twice along 4.00 m", [(6, 0, None)])]),
    ],
)  # fmt: skip
def test_what_a_ring_does_where_it_meets_itself(corners: Corners, told: list[Told]) -> None:
    meets, found, _ = checked(corners)
    assert meets
    assert found == told


def test_a_stretch_over_several_edges_is_one_piece() -> None:
    _, told, found = checked([(0, 0), (10, 0), (10, 10), (8, 0), (6, 0), (4, 0), (0, 10)])
    assert [one[0] for one in told] == ["self-overlap"]
    assert "4.00" in told[0][1]
    assert [one.amount for one in faults_of(found)] == [4.0]


def test_two_stretches_apart_are_two() -> None:
    _, told, found = checked(
        [(0, 0), (20, 0), (20, 10), (18, 0), (15, 0), (13, 5), (8, 0), (6, 0), (0, 10)]
    )  # fmt: skip
    assert sorted(one.amount or 0 for one in faults_of(found)) == [2.0, 3.0]
    assert {one[0] for one in told} == {"self-overlap"}


@pytest.mark.parametrize(("metres", "length"), [((1.0, 1.0), 4.0), ((2.0, 1.0), 8.0), ((0.5, 3.0), 2.0)])
def test_the_length_that_is_run_twice_is_in_metres(metres: tuple[float, float], length: float) -> None:
    corners: Corners = [(0, 0), (10, 0), (10, 10), (8, 0), (4, 0), (0, 10)]
    _, told, found = checked(corners, metres=metres)
    assert [one.amount for one in faults_of(found)] == [length]
    assert f"{length:.2f} 米" in told[0][1]


def test_rings_and_vertices_are_counted_as_in_the_file() -> None:
    shape = polygon([(0, 0), (100, 0), (100, 100), (0, 100)], [(10, 10), (20, 20), (20, 10), (10, 20)])
    found = Gathering()
    made = outline(shape)
    assert not check_ring(made, 0, found)
    assert check_ring(made, 1, found)
    (one,) = faults_of(found)
    assert one.text.zh == "第 2 圈：第 1–2 点的边与第 3–4 点的边相交"
    assert one.places[0].ring == 2


def test_the_numbers_of_vertices_that_were_left_out_are_not_taken() -> None:
    # The second vertex is a repeated point: the file counts it, the ring does not.
    whole = outline(polygon([(0, 0), (0, 0), (10, 10), (10, 0), (0, 10)]))
    found = Gathering()
    check_ring(whole.without(np.array([False, True, False, False, False])), 0, found)
    (one,) = faults_of(found)
    assert one.text.en == "ring 1: edge 1–3 crosses edge 4–5"


def test_of_many_crossings_some_are_listed_and_all_are_counted() -> None:
    # A zigzag over a long edge crosses it once for each tooth and side.
    teeth: Corners = [(100 - x, 1 if x % 2 else -1) for x in range(1, 90)]
    _, told, found = checked([(0, 0), (100, 0), *teeth])
    assert found.counts["self-crossing"] == 88
    assert len(told) == min(88, MOST_LISTED)


def test_a_crossing_of_several_edges_in_one_place_is_told_once() -> None:
    star: Corners = [(0, 0), (10, 10), (5, 12), (5, -2), (10, 0), (0, 10)]
    _, told, found = checked(star)
    assert found.counts["self-crossing"] == 1
    assert [one[3] for one in told] == [[(5.0, 5.0, None)]]


def test_the_outline_is_not_changed() -> None:
    made = outline(polygon([(0, 0), (10, 10), (10, 0), (0, 10)]))
    before = made.xy.copy()
    check_ring(made, 0, Gathering())
    assert (made.xy == before).all()
