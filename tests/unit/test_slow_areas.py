"""The areas that the slow oracle sums up are those of rational numbers."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from bench.exact import exact_area_m2
from slow_areas import strips


def star(seed: int, corners: int, fine: float) -> BaseGeometry:
    """Return a ragged polygon around zero, its corners on a grid: many borders meet, or all but meet."""
    chance = np.random.default_rng(seed)
    turns = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = chance.uniform(2, 10, corners)
    ring = reach[:, None] * np.column_stack([np.cos(turns), np.sin(turns)])
    shape = Polygon(np.round(ring / fine) * fine)
    return shape if shape.is_valid and shape.area > 0 else box(-3, -3, 4, 5)


@given(st.integers(0, 2**32), st.integers(3, 25), st.integers(3, 25), st.sampled_from([1.0, 0.5, 1e-9]))
def test_common_areas_are_exact(seed: int, one: int, other: int, fine: float) -> None:
    shapes = [star(seed, one, fine), star(seed + 1, other, fine)]
    west, _, east, _ = shapes[0].bounds
    found = strips(shapes, west, east)
    assert found.area(found.inside[0]) == pytest.approx(shapes[0].area, rel=1e-12)
    assert found.area(found.inside[0] & found.inside[1]) == pytest.approx(float(exact_area_m2(*shapes)), abs=1e-12)


def test_holes_parts_and_what_lies_beside_are_counted_once() -> None:
    ring = box(0, 0, 10, 10).difference(box(2, 2, 4, 4))
    parts = MultiPolygon([box(1, 1, 3, 3), box(9, 9, 12, 12), box(20, 0, 21, 1)])
    found = strips([ring, parts, shapely.Polygon()], 0.0, 10.0)
    assert found.area(found.inside[0]) == 96.0
    assert found.area(found.inside[0] & found.inside[1]) == 3.0 + 1.0
    assert found.area(found.any_of([0, 1])) == 96.0 + 1.0 + 2.0
    assert found.of(0).area(~found.of(0).inside[1]) == 92.0
    assert not found.inside[2].any()


@pytest.mark.parametrize("apart", [1e-12, 1e-9, 1e-6])
def test_borders_that_all_but_coincide_lose_no_land(apart: float) -> None:
    # One long edge, and the same with a corner in its middle that lies beside it.
    south = Polygon([(0, 0), (90, 0), (90, 30), (45, 20 + apart), (0, 10)])
    north = Polygon([(0, 10), (90, 30), (90, 60), (0, 60)])
    place = box(0, 0, 90, 60)
    found = strips([place, south, north], 0.0, 90.0)
    assert found.area(found.inside[1] & found.inside[2]) == pytest.approx(45 * apart, rel=1e-2, abs=1e-13)
    assert found.area(found.inside[0] & ~found.any_of([1, 2])) == pytest.approx(0.0, abs=1e-12)
    assert found.area(found.any_of([1, 2])) == pytest.approx(5400.0, rel=1e-12)
