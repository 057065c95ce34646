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


def test_no_piece_leaves_its_township_even_for_its_own_rank() -> None:
    pieces = np.asarray([box(0, 0, 10, 10), box(10, 0, 11, 10), box(11, 0, 20, 10)], dtype=object)
    borders = common_borders(pieces)
    # The strip is of the second rank and of the first township, where only a stricter piece lies.
    merged = merge_small(shapely.area(pieces), borders, [0, 1, 1], 15.0, parts=[0, 0, 1])
    assert merged.into.tolist() == [0, 0, 2]
    alone = merge_small(shapely.area(pieces), borders, [1, 0, 0], 15.0, parts=[0, 0, 1])
    assert (alone.into.tolist(), alone.kept_small) == ([0, 1, 2], (1,))


def test_a_seam_in_no_township_joins_any() -> None:
    pieces = np.asarray([box(0, 0, 10, 10), box(10, 0, 11, 10), box(11, 0, 20, 10)], dtype=object)
    least = np.asarray([0.0, 15.0, 0.0])
    merged = merge_small(shapely.area(pieces), common_borders(pieces), [0, 2, 1], least, parts=[0, -1, 1])
    assert merged.into.tolist() == [0, 2, 2]


@pytest.mark.parametrize("minimum", [0.0, 1.0])
def test_a_minimum_that_all_reach_merges_nothing(minimum: float) -> None:
    merged = merge_small(shapely.area(PIECES), common_borders(PIECES), [0, 1, 2, 2], minimum)
    assert (merged.into.tolist(), merged.merges) == ([0, 1, 2, 3], ())


@pytest.mark.parametrize("seed", range(20))
def test_only_the_borders_of_small_pieces_are_needed(seed: int) -> None:
    chance = np.random.default_rng(seed)
    xs, ys = (np.concatenate([[0.0], np.cumsum(chance.uniform(0.2, 3.0, 8))]) for _ in range(2))
    pieces = np.asarray([box(xs[i], ys[j], xs[i + 1], ys[j + 1]) for i in range(8) for j in range(8)], dtype=object)
    areas, ranks, parts = shapely.area(pieces), chance.integers(0, 3, 64), chance.integers(-1, 2, 64)
    whole = merge_small(areas, common_borders(pieces), ranks, 2.0, parts=parts)
    asked = merge_small(areas, common_borders(pieces, areas < 2.0), ranks, 2.0, parts=parts)
    assert (asked.into.tolist(), asked.merges) == (whole.into.tolist(), whole.merges)
    assert whole.merges
