"""Rings become outlines and holes by containment, whatever order and direction they come in."""

from itertools import permutations

import numpy as np
import pytest
import shapely

from zoning.sites.drawing import Coordinates
from zoning.sites.rings import CrossingError, Grouped, regroup
from zoning.sites.tangles import mended, refuse_hopeless, tangled_border, tangled_rings


def square(west: float, south: float, side: float) -> Coordinates:
    east, north = west + side, south + side
    return np.array([(west, south), (east, south), (east, north), (west, north), (west, south)], dtype=float)


OUTER, LAKE, ISLAND, POND = square(0, 0, 100), square(10, 10, 60), square(20, 20, 30), square(25, 25, 10)
APART = square(200, 0, 50)


def outlines(found: Grouped) -> list[list[float]]:
    """Return the area of each ring of each polygon."""
    return [[shapely.Polygon(ring).area for ring in drawing.rings] for drawing in found.polygons]


@pytest.mark.parametrize(
    ("rings", "polygons", "is_hole"),
    [
        ([OUTER], [[10_000.0]], (False,)),
        ([OUTER, APART], [[10_000.0], [2_500.0]], (False, False)),
        ([APART, OUTER], [[2_500.0], [10_000.0]], (False, False)),
        ([OUTER, LAKE], [[10_000.0, 3_600.0]], (False, True)),
        ([LAKE, OUTER], [[10_000.0, 3_600.0]], (True, False)),
        ([OUTER, LAKE, ISLAND], [[10_000.0, 3_600.0], [900.0]], (False, True, False)),
        ([OUTER, LAKE, ISLAND, POND], [[10_000.0, 3_600.0], [900.0, 100.0]], (False, True, False, True)),
        ([POND, ISLAND, LAKE, OUTER], [[900.0, 100.0], [10_000.0, 3_600.0]], (True, False, True, False)),
        ([OUTER, APART, LAKE], [[10_000.0, 3_600.0], [2_500.0]], (False, False, True)),
        ([OUTER, square(5, 5, 4), square(80, 80, 5)], [[10_000.0, 16.0, 25.0]], (False, True, True)),
    ],
)
def test_one_inside_an_odd_number_of_others_is_a_hole(
    rings: list[Coordinates], polygons: list[list[float]], is_hole: tuple[bool, ...]
) -> None:
    found = regroup(rings)
    assert outlines(found) == polygons
    assert found.is_hole == is_hole


def test_no_ring_gives_no_polygon() -> None:
    assert regroup([]) == Grouped((), ())


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_shape_does_not_depend_on_the_order(order: tuple[int, ...]) -> None:
    rings = [OUTER, LAKE, ISLAND, APART]
    found = regroup([rings[i] for i in order]).geometry()
    assert found.area == 10_000 - 3_600 + 900 + 2_500
    assert found.is_valid


@pytest.mark.parametrize("turned", [(False, False), (False, True), (True, False), (True, True)])
def test_the_shape_does_not_depend_on_the_direction(turned: tuple[bool, bool]) -> None:
    rings = [ring[::-1] if turn else ring for ring, turn in zip((OUTER, LAKE), turned, strict=True)]
    assert regroup(rings).is_hole == (False, True)


def test_one_polygon_and_several() -> None:
    assert regroup([OUTER, LAKE]).geometry().geom_type == "Polygon"
    assert regroup([OUTER, APART]).geometry().geom_type == "MultiPolygon"


def test_heights_go_with_their_points() -> None:
    high = np.column_stack([LAKE, np.arange(5.0)])
    found = regroup([np.column_stack([OUTER, np.zeros(5)]), high])
    assert found.polygons[0].rings[1].tolist() == high.tolist()


def test_open_rings_hold_as_closed_ones_do() -> None:
    found = regroup([OUTER[:-1], LAKE[:-1]])
    assert found.is_hole == (False, True)
    assert [len(ring) for ring in found.polygons[0].rings] == [4, 4]


def test_a_hole_that_touches_its_outline_is_one() -> None:
    assert regroup([OUTER, square(0, 0, 30)]).is_hole == (False, True)


def test_neighbours_that_share_an_edge_are_two_outlines() -> None:
    assert regroup([OUTER, square(100, 0, 100)]).is_hole == (False, False)


@pytest.mark.parametrize(
    ("out", "hole"),
    [(0.0005, True), (0.0009, True), (0.0011, None), (0.5, None), (0.9989, None), (0.9991, False), (0.9995, False)],
)
def test_slivers_beyond_the_outline_are_rounding(out: float, *, hole: bool | None) -> None:
    """A ring of 10 m that sticks out of the outline by a share of itself; None: neither in it nor beside it."""
    sticking = square(100 - 10 * (1 - out), 40, 10)
    if hole is None:
        with pytest.raises(CrossingError) as caught:
            regroup([OUTER, sticking])
        assert (caught.value.first, caught.value.second, caught.value.same) == (0, 1, False)
        return
    assert regroup([OUTER, sticking]).is_hole == (False, hole)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (OUTER, True),
        (OUTER[::-1], True),
        (square(0.01, 0.01, 99.98), True),
        (square(0.01, 0.01, 99.96), True),
        (square(0.01, 0.01, 99.9), False),
    ],
)
def test_a_ring_that_is_there_twice_is_no_hole(other: Coordinates, *, same: bool) -> None:
    if not same:
        assert regroup([OUTER, other]).is_hole == (False, True)
        return
    with pytest.raises(CrossingError) as caught:
        regroup([OUTER, other])
    assert caught.value.same


@pytest.mark.parametrize(("rings", "pair"), [((0, 1, 2), (1, 2)), ((1, 0, 2), (0, 2)), ((2, 1, 0), (0, 1))])
def test_the_two_that_cross_are_named_by_their_positions(rings: tuple[int, ...], pair: tuple[int, int]) -> None:
    given = [APART, square(0, 0, 10), square(5, 5, 30)]
    with pytest.raises(CrossingError, match=f"rings {pair[0]} and {pair[1]}") as caught:
        regroup([given[i] for i in rings])
    assert (caught.value.first, caught.value.second, caught.value.same) == (*pair, False)


def test_a_ring_without_area_is_an_outline_of_its_own() -> None:
    flat = np.array([(10, 10), (20, 10), (10, 10)], dtype=float)
    assert regroup([OUTER, flat]).is_hole == (False, False)


def test_a_ring_that_crosses_itself_encloses_what_both_loops_do() -> None:
    bow = np.array([(0, 0), (40, 40), (40, 0), (0, 40), (0, 0)], dtype=float)
    assert regroup([bow, square(30, 18, 4)]).is_hole == (False, True)
    assert regroup([bow, square(18, 30, 1)]).is_hole == (False, False)


def test_what_is_given_is_not_changed() -> None:
    rings = [OUTER.copy(), LAKE.copy()]
    regroup(rings)
    assert np.array_equal(rings[0], OUTER)
    assert np.array_equal(rings[1], LAKE)


def test_many_rings_in_one_are_its_holes() -> None:
    holes = [square(1 + 3 * (i % 30), 1 + 3 * (i // 30), 1) for i in range(600)]
    found = regroup([*holes, OUTER])
    assert found.is_hole == (*[True] * 600, False)
    assert len(found.polygons[0].rings) == 601


# --- Borders that meet themselves ---


def test_a_valid_shape_is_returned_as_it_is() -> None:
    shape = shapely.box(0, 0, 1, 1)
    assert mended(shape, 0) is shape


def test_a_bow_tie_becomes_two_triangles() -> None:
    found = mended(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]), 5)
    assert found.is_valid
    assert found.area == 2.0


def test_both_parts_of_a_shape_are_mended() -> None:
    bow = [(0, 0), (2, 2), (2, 0), (0, 2)]
    parts = shapely.MultiPolygon([shapely.Polygon(bow), shapely.Polygon([(x + 5, y) for x, y in bow])])
    assert mended(parts, 10).area == 4.0


def test_points_that_are_there_twice_are_no_crossings() -> None:
    bow = [(0, 0), (0, 0), (0, 0), (2, 2), (2, 2), (2, 0), (0, 2), (0, 2)]
    assert mended(shapely.Polygon(bow), 1).area == 2.0


def test_a_small_shape_in_any_order_is_let_through_unasked() -> None:
    chance = np.random.default_rng(5)
    refuse_hopeless(shapely.Polygon(chance.uniform(0, 1, (1_000, 2))), 10)


def test_a_large_shape_in_good_order_is_let_through() -> None:
    angles = np.linspace(0, 2 * np.pi, 25_000, endpoint=False)
    refuse_hopeless(shapely.Polygon(np.column_stack([np.cos(angles), np.sin(angles)])), 0)


def test_the_sentences_about_tangles() -> None:
    assert tangled_border(7).get("zh") == "边界与自身相交超过 7 处，不能作为范围；请检查界址点的次序后重新导出"
    assert tangled_border(7).get("en") == (
        "the border meets itself more than 7 times and cannot be a footprint; check the order of its vertices and "
        "export it again"
    )
    assert "more than 9 times" in tangled_rings(9).get("en")
