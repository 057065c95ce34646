"""The shift between two layers: found to a few decimetres where there is one, not claimed where there is none."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from zoning.planning.audit.shift import estimate_shift

REACH, LEAST = 60.0, 1.0
Shapes = NDArray[np.object_]


def ragged(chance: np.random.Generator) -> shapely.Polygon:
    x, y = chance.uniform(0, 20_000, 2)
    radius = chance.uniform(300, 1500)
    angles = np.sort(chance.uniform(0, 2 * np.pi, 24))
    far = radius * chance.uniform(0.6, 1.0, 24)
    return shapely.Polygon(np.column_stack([x + far * np.cos(angles), y + far * np.sin(angles)]))


def borders(seed: int, count: int = 12) -> Shapes:
    chance = np.random.default_rng(seed)
    return np.array([shapely.LineString(ragged(chance).exterior.coords) for _ in range(count)], dtype=object)


def moved(lines: Shapes, by: tuple[float, float], noise_m: float, seed: int) -> Shapes:
    chance = np.random.default_rng(seed)
    return np.asarray(shapely.transform(lines, lambda xy: xy + by + chance.normal(0, noise_m, xy.shape)), dtype=object)


@given(st.integers(0, 10_000), st.floats(0, 2 * np.pi), st.floats(2.0, 50.0), st.floats(0, 0.5))
@settings(max_examples=25)
def test_a_planted_shift_is_estimated_within_a_metre(seed: int, angle: float, metres: float, noise: float) -> None:
    lines = borders(seed)
    by = metres * np.cos(angle), metres * np.sin(angle)
    found = estimate_shift(lines, moved(lines, by, noise, seed + 1), reach_m=REACH, least_m=LEAST)
    assert found is not None
    assert np.hypot(found.dx_m - by[0], found.dy_m - by[1]) < min(1.0, 0.05 + 0.8 * noise)
    assert np.hypot(found.dx_m - by[0], found.dy_m - by[1]) < 0.01 + 2 * found.confidence_m


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_unrelated_borders_have_no_shift(seed: int) -> None:
    assert estimate_shift(borders(seed), borders(seed + 20_000, 20), reach_m=REACH, least_m=LEAST) is None


@given(st.integers(0, 10_000), st.floats(0, 0.3))
@settings(max_examples=15)
def test_the_same_borders_have_no_shift(seed: int, noise: float) -> None:
    lines = borders(seed)
    assert estimate_shift(lines, moved(lines, (0.0, 0.0), noise, seed), reach_m=REACH, least_m=LEAST) is None


def test_parallel_borders_do_not_tell_how_far_they_slid_along() -> None:
    rows = np.array([shapely.LineString([(0, y), (5000, y)]) for y in (0, 700, 1900)], dtype=object)
    assert estimate_shift(rows, moved(rows, (12.0, 16.0), 0.0, 1), reach_m=REACH, least_m=LEAST) is None


def test_part_of_a_layer_that_is_shifted_is_found_beside_the_rest() -> None:
    lines = borders(3, 20)
    mixed = np.concatenate([lines[:12], moved(lines[12:], (-15.0, 5.0), 0.0, 1)])
    found = estimate_shift(lines, mixed, reach_m=REACH, least_m=LEAST)
    assert found is not None
    assert (round(found.dx_m, 2), round(found.dy_m, 2)) == (-15.0, 5.0)
    assert 0.5 < found.share_before < 0.7


def test_no_borders_have_no_shift() -> None:
    nothing = np.empty(0, dtype=object)
    assert estimate_shift(nothing, borders(1), reach_m=REACH, least_m=LEAST) is None
    assert estimate_shift(borders(1), nothing, reach_m=REACH, least_m=LEAST) is None
