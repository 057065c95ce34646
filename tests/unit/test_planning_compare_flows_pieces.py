"""What became of the ground: every square metre goes from one class to another, exactly once."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.overlay import beside
from zoning.planning.compare.flows import NO_DATA, NONE, Flow, Flows, Reach, flows_of, geometries_of
from zoning.planning.compare.ground import Ground

Zone = tuple[str, BaseGeometry]
Told = tuple[str, str, int | None, int | None, float]
WORLD = shapely.box(-1000, -1000, 1000, 1000)
EMPTY = shapely.Polygon()


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(west, south, east, north)


def ground(*zones: Zone) -> Ground:
    shapes = np.empty(len(zones), dtype=object)
    shapes[:] = [shape for _, shape in zones]
    return Ground(shapes, [class_id for class_id, _ in zones], 0.0)


def told(flows: Flows) -> list[Told]:
    rows = [(one.before, one.after, one.zone_a, one.zone_b, round(one.amount, 6)) for one in flows.changed]
    return sorted(rows, key=str)


def same(flows: Flows) -> list[tuple[int, int]]:
    return [(int(one), int(other)) for one, other in flows.same]


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        # Nothing on one side, or on both.
        ([], [], []),
        ([("core", box(0, 0, 10, 10))], [], [("core", NONE, 0, None, 100.0)]),
        ([], [("core", box(0, 0, 10, 10))], [(NONE, "core", None, 0, 100.0)]),
        # Another class on the same ground.
        ([("core", box(0, 0, 10, 10))], [("rim", box(0, 0, 10, 10))], [("core", "rim", 0, 0, 100.0)]),
        # Grown, and shrunk.
        ([("core", box(0, 0, 10, 10))], [("core", box(0, 0, 12, 10))],
         [("core", "core", 0, 0, 100.0), (NONE, "core", None, 0, 20.0)]),
        ([("core", box(0, 0, 10, 10))], [("core", box(0, 0, 7, 10))],
         [("core", NONE, 0, None, 30.0), ("core", "core", 0, 0, 70.0)]),
        # Moved: gained, lost and kept at once.
        ([("core", box(0, 0, 10, 10))], [("core", box(4, 0, 14, 10))],
         [("core", NONE, 0, None, 40.0), ("core", "core", 0, 0, 60.0), (NONE, "core", None, 0, 40.0)]),
        # They only touch: two pieces, none in common.
        ([("core", box(0, 0, 10, 10))], [("core", box(10, 0, 20, 10))],
         [("core", NONE, 0, None, 100.0), (NONE, "core", None, 0, 100.0)]),
        # One zone is divided into two classes and a rest.
        ([("core", box(0, 0, 10, 10))], [("core", box(0, 0, 4, 10)), ("rim", box(4, 0, 9, 10))],
         [("core", NONE, 0, None, 10.0), ("core", "core", 0, 0, 40.0), ("core", "rim", 0, 1, 50.0)]),
        # Two zones become one.
        ([("core", box(0, 0, 4, 10)), ("rim", box(4, 0, 10, 10))], [("rim", box(0, 0, 10, 10))],
         [("core", "rim", 0, 0, 40.0), ("rim", "rim", 1, 0, 60.0)]),
        # A hole is cut, and a hole is filled.
        ([("core", box(0, 0, 10, 10))], [("core", box(0, 0, 10, 10).difference(box(4, 4, 6, 6)))],
         [("core", NONE, 0, None, 4.0), ("core", "core", 0, 0, 96.0)]),
        ([("core", box(0, 0, 10, 10).difference(box(4, 4, 6, 6)))], [("core", box(0, 0, 10, 10))],
         [("core", "core", 0, 0, 96.0), (NONE, "core", None, 0, 4.0)]),
        # A zone that lies wholly inside of a larger one loses nothing.
        ([("rim", box(2, 2, 4, 4))], [("core", box(0, 0, 10, 10))],
         [(NONE, "core", None, 0, 96.0), ("rim", "core", 0, 0, 4.0)]),
        # A zone of which a stricter one took all is nowhere.
        ([("core", box(0, 0, 10, 10)), ("rim", EMPTY)], [("rim", EMPTY), ("core", box(0, 0, 10, 5))],
         [("core", NONE, 0, None, 50.0), ("core", "core", 0, 1, 50.0)]),
    ],
)  # fmt: skip
def test_ground_goes_from_class_to_class(before: Sequence[Zone], after: Sequence[Zone], rows: list[Told]) -> None:
    assert told(flows_of(ground(*before), ground(*after), None)) == sorted(rows, key=str)


def test_zones_that_are_the_same_to_the_last_bit_are_told_by_their_numbers() -> None:
    one, other, new = box(0, 0, 10, 10), box(20, 0, 30, 10), box(40, 0, 50, 10)
    flows = flows_of(ground(("core", one), ("rim", other)), ground(("core", new), ("rim", other), ("core", one)), None)
    assert same(flows) == [(0, 2), (1, 1)]
    assert told(flows) == [(NONE, "core", None, 0, 100.0)]


def test_the_same_shape_with_another_class_is_not_the_same() -> None:
    flows = flows_of(ground(("core", box(0, 0, 10, 10))), ground(("rim", box(0, 0, 10, 10))), None)
    assert same(flows) == []


def test_another_first_vertex_is_not_the_same_to_the_last_bit_but_no_ground_moved() -> None:
    turned = shapely.Polygon([(10, 10), (0, 10), (0, 0), (10, 0)])
    flows = flows_of(ground(("core", box(0, 0, 10, 10))), ground(("core", turned)), None)
    assert same(flows) == []
    assert told(flows) == [("core", "core", 0, 0, 100.0)]


def test_empty_zones_are_never_taken_for_the_same() -> None:
    flows = flows_of(ground(("core", EMPTY)), ground(("core", EMPTY)), None)
    assert (same(flows), told(flows)) == ([], [])
    assert flows.same.shape == (0, 2)


def test_of_two_equal_records_each_finds_its_own_partner() -> None:
    twice = [("core", box(0, 0, 10, 10)), ("core", box(0, 0, 10, 10))]
    assert same(flows_of(ground(*twice), ground(*twice), None)) == [(0, 0), (1, 1)]


@pytest.mark.parametrize(
    ("apart_m", "rows"),
    [
        # 10 m of border: up to 1e-6 m² is what projecting leaves between two borders that are the same.
        (0.9e-7, [("core", "core", 0, 0, 99.999999)]),
        (3e-7, [("core", NONE, 0, None, 3e-6), ("core", "core", 0, 0, 99.999997)]),
    ],
)
def test_what_rounding_leaves_between_two_borders_is_not_lost(apart_m: float, rows: list[Told]) -> None:
    after = ground(("core", box(0, 0, 10 - apart_m, 10)))
    assert told(flows_of(ground(("core", box(0, 0, 10, 10))), after, None)) == sorted(rows, key=str)


def test_of_a_large_zone_a_ten_thousand_millionth_is_rounding() -> None:
    large = box(0, 0, 100_000, 100_000)
    for cut, lost in ((0.5, []), (2.0, [2.0])):
        # 1e10 m²: 1 m² is what the tenth decimal place holds.
        left = shapely.Polygon([(0, 0), (100_000, 0), (100_000, 100_000), (0, 100_000 - 2 * cut / 100_000)])
        found = flows_of(ground(("core", large)), ground(("core", left)), None)
        gone = [flow.amount for flow in found.changed if flow.after == NONE]
        assert gone == pytest.approx(lost, rel=1e-2)


HALF = box(-1000, -1000, 5, 1000)


@pytest.mark.parametrize(
    ("reach", "rows"),
    [
        (Reach(WORLD, WORLD), [("core", NONE, 0, None, 100.0)]),
        # Where the later edition does not speak, nobody knows whether the zone is still there.
        (Reach(WORLD, HALF), [("core", NONE, 0, None, 50.0), ("core", NO_DATA, 0, None, 50.0)]),
        (Reach(WORLD, box(500, 500, 600, 600)), [("core", NO_DATA, 0, None, 100.0)]),
        # That the earlier edition did not speak there changes nothing about what was lost.
        (Reach(HALF, WORLD), [("core", NONE, 0, None, 100.0)]),
    ],
)
def test_what_is_lost_is_told_from_what_nobody_knows(reach: Reach, rows: list[Told]) -> None:
    assert told(flows_of(ground(("core", box(0, 0, 10, 10))), ground(), reach)) == sorted(rows, key=str)


@pytest.mark.parametrize(
    ("reach", "rows"),
    [
        (Reach(WORLD, WORLD), [(NONE, "core", None, 0, 100.0)]),
        (Reach(HALF, WORLD), [(NONE, "core", None, 0, 50.0), (NO_DATA, "core", None, 0, 50.0)]),
        (Reach(box(500, 500, 600, 600), WORLD), [(NO_DATA, "core", None, 0, 100.0)]),
        (Reach(WORLD, HALF), [(NONE, "core", None, 0, 100.0)]),
    ],
)
def test_what_is_gained_is_told_from_what_nobody_knew(reach: Reach, rows: list[Told]) -> None:
    assert told(flows_of(ground(), ground(("core", box(0, 0, 10, 10))), reach)) == sorted(rows, key=str)


def test_the_edge_of_the_coverage_makes_no_piece_of_nothing() -> None:
    # The zone ends where the coverage ends: no second piece of no size.
    flows = flows_of(ground(("core", box(0, 0, 5, 10))), ground(), Reach(WORLD, HALF))
    assert told(flows) == [("core", NONE, 0, None, 50.0)]


def test_ground_that_a_zone_keeps_is_not_asked_for_its_coverage() -> None:
    flows = flows_of(ground(("core", box(0, 0, 10, 10))), ground(("rim", box(0, 0, 10, 10))), Reach(HALF, HALF))
    assert told(flows) == [("core", "rim", 0, 0, 100.0)]


def test_a_piece_has_a_geometry_where_its_class_is_another() -> None:
    before = ground(("core", box(0, 0, 10, 10)))
    after = ground(("core", box(0, 0, 4, 10)), ("rim", box(4, 0, 9, 10)))
    found = {(flow.before, flow.after): flow.geometry for flow in flows_of(before, after, None).changed}
    assert found["core", "core"] is None
    for key, shape in ((("core", "rim"), box(4, 0, 9, 10)), (("core", NONE), box(9, 0, 10, 10))):
        piece = found[key]
        assert piece is not None
        assert shapely.equals(piece, shape)


def test_geometries_that_nobody_asked_for_can_be_asked_for_later() -> None:
    before, after = ground(("core", box(0, 0, 10, 10))), ground(("core", box(4, 0, 14, 10)))
    flows = flows_of(before, after, None).changed
    shapes = geometries_of(flows, before, after)
    assert [flow.geometry is None for flow in flows] == [True, False, False]
    wanted = {("core", "core"): box(4, 0, 10, 10), ("core", NONE): box(0, 0, 4, 10), (NONE, "core"): box(10, 0, 14, 10)}
    for flow, shape in zip(flows, shapes, strict=True):
        assert shapely.equals(shape, wanted[flow.before, flow.after])


def test_geometries_come_in_the_order_of_their_flows() -> None:
    before = ground(("core", box(0, 0, 10, 10)), ("core", box(20, 0, 30, 10)))
    after = ground(("core", box(0, 0, 10, 5)), ("core", box(20, 0, 30, 2)))
    flows = [Flow("core", "core", 1, 1, 20.0, None), Flow("core", NONE, 0, None, 1.0, WORLD),
             Flow("core", "core", 0, 0, 50.0, None)]  # fmt: skip
    found = geometries_of(flows, before, after)
    assert [shape.area for shape in found] == [20.0, WORLD.area, 50.0]
    assert len(geometries_of([], before, after)) == 0


def test_coverages_that_are_the_same_to_the_last_bit_are_no_reach() -> None:
    assert Reach.of(WORLD, shapely.box(-1000, -1000, 1000, 1000)) is None
    found = Reach.of(WORLD, HALF)
    assert found is not None
    assert (found.before, found.after) == (WORLD, HALF)


def _partition(seed: int) -> list[Zone]:
    """Cut a square by chance into strips of three classes, some of them left out."""
    chance = np.random.default_rng(seed)
    cuts = np.unique(np.concatenate([[0.0, 100.0], chance.uniform(0, 100, 6).round(2)]))
    zones: list[Zone] = []
    for west, east in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        class_id = str(chance.choice(["core", "rim", "field", ""]))
        if class_id:
            zones.append((class_id, box(west, 0, east, 100) if seed % 2 else box(0, west, 100, east)))
    return zones


@pytest.mark.parametrize("seed", range(6))
def test_pieces_add_up_to_what_either_edition_covers(seed: int) -> None:
    a, b = ground(*_partition(seed)), ground(*_partition(seed + 101))
    flows = flows_of(a, b, None)
    kept = sum(a.geometries[one].area for one, _ in flows.same)
    for side, classes, word in ((a, "zone_a", "before"), (b, "zone_b", "after")):
        total = kept + sum(one.amount for one in flows.changed if getattr(one, classes) is not None)
        assert total == pytest.approx(sum(shape.area for shape in side.geometries), abs=1e-6)
        assert all((getattr(one, classes) is None) == (getattr(one, word) == NONE) for one in flows.changed)


@pytest.mark.parametrize("seed", range(4))
def test_there_and_back_is_the_same_the_other_way_round(seed: int) -> None:
    a, b = ground(*_partition(seed)), ground(*_partition(seed + 101))
    back = [(after, before, two, one, amount) for before, after, one, two, amount in told(flows_of(b, a, None))]
    assert told(flows_of(a, b, None)) == sorted(back, key=str)


@pytest.mark.parametrize("seed", range(4))
def test_pieces_cover_the_ground_once(seed: int) -> None:
    a, b = ground(*_partition(seed)), ground(*_partition(seed + 101))
    flows = flows_of(a, b, None)
    shapes = [*geometries_of(flows.changed, a, b), *(a.geometries[one] for one, _ in flows.same)]
    united = beside.union(np.asarray(shapes, dtype=object))
    ground_both = beside.union(np.asarray(list(chain(a.geometries, b.geometries)), dtype=object))
    assert sum(shape.area for shape in shapes) == pytest.approx(united.area, abs=1e-6)
    assert united.area == pytest.approx(ground_both.area, abs=1e-6)


def test_the_editions_are_not_changed() -> None:
    a, b = ground(("core", box(0, 0, 10, 10))), ground(("rim", box(4, 0, 14, 10)))
    before = [shapely.to_wkb(side.geometries).tolist() for side in (a, b)]
    flows_of(a, b, Reach(WORLD, HALF))
    assert [shapely.to_wkb(side.geometries).tolist() for side in (a, b)] == before
