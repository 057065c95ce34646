"""The area of shapes together: against exact arithmetic, also where borders all but coincide far from the origin."""

from fractions import Fraction
from itertools import pairwise

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from zoning.overlay.united import united_m2

FAR = (10_200_000.0, 3_700_000.0)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(FAR[0] + west, FAR[1] + south, FAR[0] + east, FAR[1] + north)


def test_nothing_has_no_area_and_one_has_its_own() -> None:
    assert united_m2([]) == united_m2([shapely.Polygon()]) == 0.0
    assert united_m2([box(0, 0, 20, 30), shapely.Polygon()]) == 600.0


def test_what_lies_twice_counts_once() -> None:
    # 100 x 100, shifted by 50: 150 x 100.
    assert united_m2([box(0, 0, 100, 100), box(50, 0, 150, 100)]) == 15_000.0


@given(st.lists(st.tuples(*[st.integers(0, 4_000)] * 4), min_size=1, max_size=6))
def test_boxes_agree_with_counting_their_cells(sides: list[tuple[int, int, int, int]]) -> None:
    boxes = [(min(a, c), min(b, d), max(a, c) + 1, max(b, d) + 1) for a, b, c, d in sides]
    xs = sorted({x for west, _, east, _ in boxes for x in (west, east)})
    ys = sorted({y for _, south, _, north in boxes for y in (south, north)})
    exact = sum(
        (Fraction(right - left) * (top - bottom))
        for left, right in pairwise(xs)
        for bottom, top in pairwise(ys)
        if any(w <= left and right <= e and s <= bottom and top <= n for w, s, e, n in boxes)
    )
    assert united_m2([box(*each) for each in boxes]) == pytest.approx(float(exact), rel=1e-12)


@given(st.floats(0.0, 3e-9), st.integers(1, 39))
def test_a_field_along_a_border_that_all_but_coincides_is_not_lost(bend: float, corner: int) -> None:
    # The neighbour's border has one vertex more, some nanometres off: together they are the rectangle.
    west, south = FAR
    one = shapely.box(west, south, west + 45, south + 40)
    edge = (west + 45 + bend, south + corner)
    other = shapely.Polygon(
        [(west + 45, south), (west + 90, south), (west + 90, south + 40), (west + 45, south + 40), edge]
    )
    assert united_m2([one, other]) == pytest.approx(3_600.0, abs=1e-6)
