"""Pieces too small for a unit: whom they join, and when they stay."""

import numpy as np
import pytest
import shapely
from shapely import box

from zoning.planning.units.merging import Merge, common_borders, merge_small

# Three columns; the middle one is a narrow strip, and a small square lies in the third.
PIECES = np.asarray([box(0, 0, 10, 10), box(10, 0, 11, 10), box(11, 0, 20, 10), box(20, 0, 21, 2)], dtype=object)


def test_common_borders_are_measured_and_corners_are_none() -> None:
    corners = np.asarray([box(0, 0, 1, 1), box(1, 1, 2, 2), box(1, 0, 2, 1)], dtype=object)
    borders = common_borders(corners)
    assert (borders.pairs.tolist(), borders.lengths_m.tolist()) == ([[0, 2], [1, 2]], [1.0, 1.0])


def test_a_piece_joins_its_own_rank_even_over_a_shorter_border() -> None:
    merged = merge_small(shapely.area(PIECES), common_borders(PIECES), [0, 2, 2, 2], 15.0)
    assert merged.into.tolist() == [0, 2, 2, 2]
    assert merged.merges == (Merge(3, 2, 2.0, 2.0), Merge(1, 2, 10.0, 10.0))
    assert merged.kept_small == ()


def test_without_its_own_rank_it_joins_the_next_stricter_one() -> None:
    pieces = np.asarray([box(0, 0, 10, 10), box(10, 0, 11, 10), box(11, 0, 20, 10)], dtype=object)
    merged = merge_small(shapely.area(pieces), common_borders(pieces), [0, 2, 1], 15.0)
    assert merged.into.tolist() == [0, 2, 2]


def test_a_strict_piece_never_joins_a_looser_one() -> None:
    merged = merge_small(shapely.area(PIECES), common_borders(PIECES), [1, 0, 1, 1], 15.0)
    assert merged.into.tolist() == [0, 1, 2, 2]
    assert merged.kept_small == (1,)


def test_small_pieces_together_can_be_large_enough() -> None:
    pieces = np.asarray([box(x, 0, x + 1, 4) for x in range(5)], dtype=object)
    merged = merge_small(shapely.area(pieces), common_borders(pieces), [0] * 5, 8.0)
    sums = np.bincount(merged.into, weights=shapely.area(pieces))
    assert (sums[sums > 0] >= 8.0).all()
    assert merged.kept_small == ()


@pytest.mark.parametrize("minimum", [0.0, 1.0])
def test_a_minimum_that_all_reach_merges_nothing(minimum: float) -> None:
    merged = merge_small(shapely.area(PIECES), common_borders(PIECES), [0, 1, 2, 2], minimum)
    assert (merged.into.tolist(), merged.merges) == ([0, 1, 2, 3], ())
