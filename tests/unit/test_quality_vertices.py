"""Vertices and edges of rings in a surveyor's plane, at and beside each limit."""

from collections.abc import Sequence
from math import cos, radians, sin

import numpy as np
import pytest
import shapely

from zoning.quality.faults import DEFAULTS, Fault, Gathering
from zoning.quality.outline import Outline
from zoning.quality.vertices import check_edges, without_duplicates, without_spikes

ZONE = "EPSG:4525"
METRES = np.ones(2)
EAST, NORTH = 37_627_000.0, 3_930_000.0
Points = Sequence[tuple[float, float]]
SQUARE: Points = [(0, 0), (100, 0), (100, 100), (0, 100)]


def outline(*rings: Points, holes: bool = False) -> Outline:
    """Return polygons of one ring each, or one polygon with holes; the rings are closed by themselves."""
    moved = [[(EAST + x, NORTH + y) for x, y in ring] for ring in rings]
    polygons = [shapely.Polygon(moved[0], moved[1:])] if holes else [shapely.Polygon(ring) for ring in moved]
    return Outline.of(np.asarray([*polygons, None], dtype=object)[:-1], METRES)


def listed(faults: Gathering) -> list[Fault]:
    return list(faults.faults(ZONE, geographic=False))


def at(fault: Fault) -> list[tuple[int | None, int | None]]:
    return [(place.ring, place.vertex) for place in fault.places]


# --- repeated points


def duplicates(*rings: Points) -> tuple[Outline, list[Fault]]:
    faults = Gathering()
    return without_duplicates(outline(*rings), faults), listed(faults)


def test_a_ring_without_repeated_points_stays_the_same_object() -> None:
    given, faults = outline(SQUARE), Gathering()
    assert without_duplicates(given, faults) is given
    assert listed(faults) == []


def test_a_repeated_point_is_named_with_the_one_before() -> None:
    left, (fault,) = duplicates([(0, 0), (100, 0), (100, 0), (100, 100), (0, 100)])
    assert at(fault) == [(1, 3), (1, 2)]
    assert fault.text.zh == "第 1 圈第 2 点与第 3 点坐标相同"
    assert fault.text.en == "ring 1: vertices 2 and 3 are the same"
    assert left.number.tolist() == [1, 2, 4, 5]


def test_a_point_written_three_times_is_repeated_twice() -> None:
    left, faults = duplicates([(0, 0), (100, 0), (100, 0), (100, 0), (100, 100)])
    assert [at(fault)[0] for fault in faults] == [(1, 3), (1, 4)]
    assert left.number.tolist() == [1, 2, 5]


def test_the_first_point_written_again_before_the_ring_is_closed_is_repeated() -> None:
    left, (fault,) = duplicates([*SQUARE, (0, 0), (0, 0)])
    assert at(fault)[0] == (1, 5)
    assert left.number.tolist() == [1, 2, 3, 4]


def test_rings_that_share_a_corner_do_not_repeat_it() -> None:
    other = [(0, 100), (50, 300), (-50, 300)]
    assert duplicates(SQUARE, other)[1] == []


def test_a_corner_that_is_passed_twice_with_another_between_is_not_repeated() -> None:
    assert duplicates([(0, 0), (100, 0), (0, 0), (0, 100), (-50, 50)])[1] == []


def test_vertices_of_the_second_ring_are_counted_anew() -> None:
    left, (fault,) = duplicates(SQUARE, [(300, 0), (400, 0), (400, 0), (400, 100)])
    assert at(fault) == [(2, 3), (2, 2)]
    assert left.ring.tolist() == [0, 0, 0, 0, 1, 1, 1]


# --- spikes without area


def spikes(*rings: Points) -> tuple[Outline, list[bool], list[Fault]]:
    faults = Gathering()
    left, flat = without_spikes(outline(*rings), faults)
    return left, flat.tolist(), listed(faults)


def test_a_spike_is_taken_off_and_named_by_its_tip() -> None:
    # Out from (100, 50) by 30 east and 40 north, and back: 50 m.
    left, flat, (fault,) = spikes([(0, 0), (100, 0), (100, 50), (130, 90), (100, 50), (100, 100), (0, 100)])
    assert at(fault) == [(1, 4)]
    assert fault.amount == pytest.approx(50.0)
    assert fault.severity == "error"
    assert fault.text.zh == "第 1 圈第 4 点：边界伸出 50.00 米后原路折返，没有面积"
    assert fault.text.en == "ring 1, vertex 4: the border runs out 50.00 m and back on the same line"
    assert 4 not in left.number
    assert flat == [False]


def test_a_spike_of_two_edges_is_one() -> None:
    ring = [(0, 0), (100, 0), (100, 50), (120, 50), (140, 50), (120, 50), (100, 50), (100, 100), (0, 100)]
    _, _, faults = spikes(ring)
    assert [fault.kind for fault in faults] == ["spike"]
    assert faults[0].amount == pytest.approx(40.0)


def test_two_spikes_are_two() -> None:
    ring = [(0, 0), (50, 0), (50, -20), (50, 0), (100, 0), (100, 100), (50, 100), (50, 130), (50, 100), (0, 100)]
    _, _, faults = spikes(ring)
    assert sorted(fault.amount or 0 for fault in faults) == pytest.approx([20.0, 30.0])


def test_a_ring_that_is_nothing_but_a_spike_is_flat_and_not_told_here() -> None:
    left, flat, faults = spikes(SQUARE, [(300, 0), (400, 0), (350, 0)])
    assert (flat, faults) == ([False, True], [])
    assert len(left.xy) == 7


def test_a_narrow_but_real_point_is_no_spike_without_area() -> None:
    # 1 mm wide after 50 m: sin = 2e-5.
    _, flat, faults = spikes([(0, 0), (100, 0), (100, 50), (150, 50.0005), (100, 50.001), (100, 100), (0, 100)])
    assert (flat, faults) == ([False], [])


# --- edges and angles


def edges(*rings: Points, flat: bool = False) -> list[Fault]:
    faults, given = Gathering(), outline(*rings)
    check_edges(given, np.full(len(rings), flat), faults, DEFAULTS)
    return listed(faults)


def test_a_square_has_no_faults() -> None:
    assert edges(SQUARE) == []


@pytest.mark.parametrize(("length", "told"), [(0.009, True), (0.0099, True), (0.0101, False), (0.02, False)])
def test_edges_below_a_centimetre_are_told(length: float, told: bool) -> None:
    found = edges([(0, 0), (100, 0), (100, 100), (length, 100), (0, 100)])
    assert [fault.kind for fault in found] == (["short-edge"] if told else [])
    if told:
        assert at(found[0]) == [(1, 4), (1, 5)]
        assert found[0].amount == pytest.approx(length, abs=1e-4)
        assert found[0].text.zh == f"第 1 圈第 4–5 点的边长只有 {length * 1000:.1f} 毫米"


@pytest.mark.parametrize(("length", "told"), [(9_999.0, 0), (10_000.0, 0), (10_001.0, 2), (12_000.0, 2)])
def test_edges_above_ten_kilometres_are_told(length: float, told: int) -> None:
    found = edges([(0, 0), (length, 0), (length, 8000), (0, 8000)])
    assert [fault.kind for fault in found] == ["long-edge"] * told
    for fault in found:
        assert fault.amount == pytest.approx(length)
        assert f"的边长 {length / 1000:.2f} 公里，请核对坐标有无写错" in fault.text.zh
        assert f"is {length / 1000:.2f} km long; check for a mistyped digit" in fault.text.en


def test_the_edge_that_closes_a_ring_is_one_as_well() -> None:
    (fault,) = edges([(0, 0), (0, 6000), (0, 12_000), (300, 6000), (9000, -5.0)])[:1]
    assert fault.kind == "long-edge"
    found = edges([(0, 0), (0, 100), (6000, 50), (11_000, 100), (11_000, 0)])
    assert [at(fault) for fault in found] == [[(1, 5), (1, 1)]]


@pytest.mark.parametrize(("degrees", "told"), [(0.5, True), (0.99, True), (1.01, False), (5.0, False)])
def test_angles_below_one_degree_look_like_spikes(degrees: float, told: bool) -> None:
    # A point of 20 m, symmetric about the horizontal, on a square.
    half = 20 * sin(radians(degrees / 2))
    long = 20 * cos(radians(degrees / 2))
    found = edges([(0, 0), (100, 0), (100, 50 - half), (100 + long, 50), (100, 50 + half), (100, 100), (0, 100)])
    kinds = [(fault.kind, fault.severity) for fault in found]
    assert kinds == ([("spike", "warning")] if told else [])
    if told:
        assert at(found[0]) == [(1, 4)]
        assert found[0].amount == pytest.approx(20.0)
        assert found[0].text.en == (
            f"ring 1, vertex 4: an angle of {degrees:.2f}° that reaches out 20.00 m looks like a spike"
        )


@pytest.mark.parametrize(("length", "told"), [(0.09, False), (0.101, True)])
def test_a_point_below_ten_centimetres_is_no_spike(length: float, told: bool) -> None:
    half = length * sin(radians(0.4))
    long = length * cos(radians(0.4))
    found = edges([(0, 0), (100, 0), (100, 50 - half), (100 + long, 50), (100, 50 + half), (100, 100), (0, 100)])
    assert ("spike" in [fault.kind for fault in found]) is told


# --- a vertex far from all others


def with_remote(distance: float, side: float = 100.0) -> list[Fault]:
    """Return the faults of a hexagon of sides of 100 m, one of whose vertices lies far to the east."""
    ring = [(0, 0), (side, 0), (2 * side, 0), (distance, side / 2), (2 * side, side), (side, side), (0, side)]
    return edges(ring)


@pytest.mark.parametrize(
    ("distance", "severity"), [(1150.0, None), (1250.0, "warning"), (10_150.0, "warning"), (10_250.0, "error")]
)
def test_a_vertex_more_than_a_kilometre_away_is_remote(distance: float, severity: str | None) -> None:
    found = [fault for fault in with_remote(distance) if fault.kind == "remote-vertex"]
    assert [fault.severity for fault in found] == ([] if severity is None else [severity])


def test_the_sentence_says_how_far_the_nearer_neighbour_is() -> None:
    (fault,) = (one for one in with_remote(50_200.0) if one.kind == "remote-vertex")
    assert at(fault) == [(1, 4)]
    assert fault.text.zh == "第 1 圈第 4 点离相邻点 50.00 公里，远离其余各点，可能写错了数字"
    assert fault.text.en == (
        "ring 1, vertex 4 lies 50.00 km from its neighbours, far from all other vertices: a digit may be mistyped"
    )


def test_what_a_remote_vertex_explains_is_not_told_again() -> None:
    assert [fault.kind for fault in with_remote(50_200.0)] == ["remote-vertex"]


@pytest.mark.parametrize(("side", "told"), [(400.0, True), (600.0, False)])
def test_it_is_remote_beside_the_other_edges(side: float, told: bool) -> None:
    # Both edges of the vertex are 5 km long: more than ten times 400 m, less than ten times 600 m.
    found = with_remote(5000.0 + 2 * side, side)
    assert ("remote-vertex" in [fault.kind for fault in found]) is told


def test_a_triangle_has_no_other_edges_to_compare_with() -> None:
    assert edges([(0, 0), (300, 0), (150, 5000)]) == []


def test_rings_that_are_flat_are_passed_over() -> None:
    assert [fault.kind for fault in edges([(0, 0), (20_000, 0), (10_000, 0)], flat=True)] == []
