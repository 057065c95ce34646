"""The differential check of the benchmark sees what is planted, and says who is wrong."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from bench.differences import NOTHING_M2, Compared, compare, differing_distances, same_area
from bench.exact import exact_area_m2, exactly_meet
from bench.peers.interface import Near, Pairs, ordered

SITES = np.array([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10)], dtype=object)
ZONES = np.array([shapely.box(5, 5, 15, 15), shapely.box(10, 0, 20, 10), shapely.box(40, 40, 50, 50)], dtype=object)
TRUE = Pairs(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([25.0, 0.0, 0.0]))


def compared(ours: Pairs, theirs: Pairs) -> Compared:
    found = Compared("peer")
    compare(found, "layer", ours, theirs, (SITES, lambda zone: ZONES[zone]))
    return found


def without(pair: int) -> Pairs:
    kept = np.arange(3) != pair
    return Pairs(TRUE.sites[kept], TRUE.zones[kept], TRUE.areas_m2[kept])


def with_area(area_m2: float) -> Pairs:
    return replace(TRUE, areas_m2=np.array([area_m2, 0.0, 0.0]))


def test_equal_answers_have_no_dispute() -> None:
    found = compared(TRUE, TRUE)
    assert (found.pairs, found.disputes, found.wrong_by_us, found.wrong_by_them) == (3, [], 0, 0)


@pytest.mark.parametrize("area_m2", [25.0 * (1 + 2e-9), 25.0 * (1 - 2e-9), 24.0, 0.0])
def test_a_planted_wrong_area_is_ours_when_it_is_ours(area_m2: float) -> None:
    found = compared(with_area(area_m2), TRUE)
    assert (found.wrong_by_us, found.wrong_by_them) == (1, 0)
    assert found.disputes[0].exact == 25.0


def test_a_planted_wrong_area_is_theirs_when_it_is_theirs() -> None:
    found = compared(TRUE, with_area(25.1))
    assert (found.wrong_by_us, found.wrong_by_them) == (0, 1)


def test_a_difference_within_the_tolerance_is_none_and_is_told() -> None:
    found = compared(with_area(25.0 * (1 + 5e-10)), TRUE)
    assert found.disputes == []
    assert found.largest_relative == pytest.approx(5e-10, rel=1e-3)


@pytest.mark.parametrize("pair", [0, 1, 2])
def test_a_missing_pair_is_seen_also_where_it_only_touches(pair: int) -> None:
    assert (compared(without(pair), TRUE).wrong_by_us, compared(without(pair), TRUE).wrong_by_them) == (1, 0)
    assert (compared(TRUE, without(pair)).wrong_by_us, compared(TRUE, without(pair)).wrong_by_them) == (0, 1)


def test_a_pair_that_does_not_meet_is_seen() -> None:
    more = Pairs(np.append(TRUE.sites, 1), np.append(TRUE.zones, 2), np.append(TRUE.areas_m2, 0.0))
    assert compared(more, TRUE).wrong_by_us == 1


def test_both_may_be_wrong() -> None:
    found = compared(with_area(24.0), with_area(26.0))
    assert (found.wrong_by_us, found.wrong_by_them) == (1, 1)


def test_a_pair_that_stands_twice_is_refused() -> None:
    twice = Pairs(np.repeat(TRUE.sites, 2), np.repeat(TRUE.zones, 2), np.repeat(TRUE.areas_m2, 2))
    with pytest.raises(ValueError, match="twice in our answer"):
        compared(twice, TRUE)


def test_disputes_beyond_the_limit_count_against_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.differences.MOST_DISPUTES", 0)
    assert compared(TRUE, with_area(24.0)).wrong_by_us == 1


def test_tolerances_are_those_that_are_promised() -> None:
    areas = np.array([2.0, 2.0, 0.5, 0.5, 0.0, 0.0])
    others = np.array([2.0 + 1.9e-9, 2.0 + 2.1e-9, 0.5 + 4e-7, 0.5 + 6e-7, NOTHING_M2, 2 * NOTHING_M2])
    assert same_area(areas, others).tolist() == [True, False, True, False, True, False]


def test_parts_of_a_pair_are_added_up() -> None:
    found = ordered(np.array([1, 0, 1]), np.array([2, 5, 2]), np.array([1.0, 2.0, 3.0]))
    assert (found.sites.tolist(), found.zones.tolist(), found.areas_m2.tolist()) == ([0, 1], [5, 2], [2.0, 4.0])


def test_distances_are_compared_with_who_has_one() -> None:
    ours = Near(np.array([0, 1, 4]), np.array([0.0, 5.0, 7.0]))
    assert differing_distances(ours, ours) == 0
    assert differing_distances(ours, Near(np.array([0, 1, 3]), np.array([0.0, 5.1, 7.0]))) == 3


TWO_PARTS = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)])
HOLED = shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(2, 2), (2, 8), (8, 8), (8, 2)]])


@pytest.mark.parametrize(
    ("one", "other", "area_m2", "meet"),
    [
        (shapely.box(0, 0, 3, 3), shapely.box(1, 1, 2, 2), Fraction(1), True),
        (shapely.box(1, 1, 2, 2), shapely.box(0, 0, 3, 3), Fraction(1), True),
        (shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), Fraction(0), True),
        (shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2), Fraction(0), True),
        (shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3), Fraction(0), False),
        (shapely.Polygon([(0, 0), (4, 0), (0, 4)]), shapely.Polygon([(4, 4), (0, 4), (4, 0)]), Fraction(0), True),
        (shapely.Polygon([(0, 0), (4, 0), (2, 3)]), shapely.Polygon([(0, 2), (2, -1), (4, 2)]), None, True),
        (HOLED, shapely.box(3, 3, 7, 7), Fraction(0), False),
        (HOLED, shapely.box(1, 1, 9, 9), Fraction(64 - 36), True),
        (
            shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)]),
            shapely.box(0.5, 0, 2.5, 1),
            1,
            True,
        ),
        (shapely.box(0, 0, 4, 4), shapely.LineString([(1, 1), (2, 2)]), Fraction(0), True),
        (shapely.box(0, 0, 4, 4), shapely.LineString([(5, 0), (5, 4)]), Fraction(0), False),
    ],
)
def test_exact_arithmetic_agrees_with_what_is_known(
    one: BaseGeometry, other: BaseGeometry, area_m2: Fraction | None, *, meet: bool
) -> None:
    for a, b in ((one, other), (other, one)):
        assert exactly_meet(a, b) == meet
        found = exact_area_m2(a, b)
        assert float(found) == pytest.approx(shapely.intersection(a, b).area, abs=1e-12)
        assert area_m2 is None or found == area_m2


def test_exact_arithmetic_sees_what_floats_cannot() -> None:
    # The vertex lies 2^-60 off the edge: on the one side it overlaps, on the other it does not meet.
    tiny = 2.0**-60
    zone = shapely.Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])
    assert exactly_meet(zone, shapely.Polygon([(-tiny, 0.25), (-1, 0.5), (-1, 0)])) is False
    assert exact_area_m2(zone, shapely.Polygon([(tiny, 0.25), (-1, 0.5), (-1, 0)])) > 0
