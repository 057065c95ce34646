"""Borders that all but coincide: seams between neighbours drawn with different corners, and fields that are the site.

With the coordinates of the measuring plane GEOS loses a whole field there, or finds one; `slow_areas` takes no overlay.
"""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from overlay_world import PLANE, box_m, features, metres, site
from seams import LARGE, fields
from slow_areas import strips
from zoning.overlay import robust
from zoning.overlay.footprint import Footprint
from zoning.overlay.measure import PlaneLayer, measure
from zoning.overlay.origin import Origin

CRS = "EPSG:4525"
# In EPSG:4525, as in `seams`.
LOST = LARGE.rows
LOST_FAR = (
    (37_628_028.0, (40, 0.05, 0.9, 120)),
    (37_628_028.0, (40, 0.9, 0.05, 0.05, 0.05, 120)),
    (37_628_028.0, (60,)),
)


def test_a_field_that_is_the_site_lies_in_the_fields_and_not_outside() -> None:
    lost = fields(LOST, 3_933_068.0)
    layer = PlaneLayer.of(features([(field, "level-1") for field in lost], crs=CRS), PLANE)
    parcel = Footprint.of(site(lost[6], CRS), PLANE)
    found = measure(parcel, layer, search_m=1_000.0, tolerance_m2=1.0)
    assert found.classes[0].overlap_m2 == pytest.approx(parcel.area_m2, rel=1e-12)
    assert found.beyond is not None
    outside = found.beyond(frozenset({"level-1"}), unleveled=True)
    assert outside.area_m2 == pytest.approx(0.0, abs=1e-9)
    assert not outside.possible


@pytest.mark.parametrize("far_m", [0.0, 1_000.0, 10_000.0])
def test_a_field_in_a_zone_with_seams_is_not_lost_however_far_the_origin(far_m: float) -> None:
    # Neighbours put together leave holes of no width where their corners do not meet.
    lost = fields(LOST_FAR, 3_929_503.0)
    parcel = Footprint.of(site(lost[5], CRS), PLANE)
    for turn in range(24):
        x, y = parcel.frame.x + far_m * np.cos(turn), parcel.frame.y + far_m * np.sin(turn)
        origin = Origin.beside(x, y, far_m + 100)
        zones = origin.all_near(PLANE.to_plane(lost, CRS, step_m=85.0))
        zone, near = robust.union(zones, origin.grid_m), origin.near(parcel.geometry)
        assert robust.intersection(zone, near, origin.grid_m).area == pytest.approx(parcel.area_m2, rel=1e-9)
        assert robust.difference(near, zone, origin.grid_m).area == pytest.approx(0.0, abs=1e-9)


@given(st.floats(-2_000, 2_000), st.floats(-2_000, 2_000), st.integers(3, 40), st.integers(0, 2**32))
def test_what_is_near_is_moved_to_the_last_bit(x: float, y: float, corners: int, seed: int) -> None:
    ring = np.random.default_rng(seed).uniform(-900, 900, (corners, 2)) + metres(x, y)
    shape = PLANE.to_plane([shapely.LineString(ring)], CRS, step_m=200.0)[0]
    origin = Origin.beside(*shapely.get_coordinates(shape)[0])
    near = origin.near(shape)
    assert shapely.get_coordinates(near).tolist() == shapely.get_coordinates(origin.all_near([shape])[0]).tolist()
    assert shapely.equals_identical(origin.back(near), shape)
    # Corners lie on the grid as they are.
    assert (shapely.get_coordinates(near) % origin.grid_m == 0).all()


def test_what_crosses_itself_after_it_was_rounded_is_mended() -> None:
    origin = Origin.beside(700_000.0, 4_500_000.0)
    # A needle of a tenth of a nanometre: in the plane its tip lies on the other side.
    needle = shapely.Polygon([(0, 0), (10, 0), (10, 10), (5.0, 4e-10), (0, 10)])
    assert needle.is_valid
    found = origin.back(needle)
    assert found.is_valid
    assert found.area == pytest.approx(needle.area, abs=1e-6)
    line = shapely.LineString([(0, 0), (1e-12, 0)])
    assert origin.back(line).geom_type == "LineString"


@pytest.mark.parametrize(("reach_m", "grid_m"), [(10.0, 2.0**-37), (16_384.0, 2.0**-37), (40_000.0, 2.0**-35)])
def test_the_grid_leaves_room_around_the_site(reach_m: float, grid_m: float) -> None:
    assert Origin.beside(0.0, 0.0, reach_m).grid_m == grid_m
    assert 4 * reach_m / grid_m <= 2.0**53


def test_a_zone_of_a_whole_province_fits_the_grid_of_a_small_site() -> None:
    far = box_m(-400_000, -400_000, 100.0, 400_000)
    (province,) = PLANE.to_plane([far], CRS, step_m=85.0)
    parcel = Footprint.of(site(box_m(50, 50, 150, 150), CRS), PLANE)
    found = robust.intersection(parcel.origin.near(province), parcel.near, parcel.origin.grid_m)
    near = parcel.near
    expected = strips([near, parcel.origin.near(province)], near.bounds[0], near.bounds[2])
    assert found.area == pytest.approx(expected.area(expected.inside[0] & expected.inside[1]), rel=1e-10)
    assert found.area == pytest.approx(5_000.0, rel=1e-3)


Line = list[tuple[Fraction, Fraction]]


def at(line: Line, x: Fraction) -> Fraction:
    """Return how far north a line that runs east is at a place."""
    (x0, y0), (x1, y1) = next(edge for edge in pairwise(line) if edge[1][0] >= x)
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def between_m2(lower: Line, upper: Line) -> Fraction:
    """Return the area north of one line and south of another."""
    stops = sorted({x for line in (lower, upper) for x, _ in line})
    total = Fraction(0)
    for west, east in pairwise(stops):
        first, last = (at(upper, x) - at(lower, x) for x in (west, east))
        wide = east - west
        if first > 0 > last or first < 0 < last:
            # Half of a triangle up to the crossing.
            wide *= max(first, last) / (max(first, last) - min(first, last))
            first, last = max(first, last), Fraction(0)
        total += wide * (max(first, Fraction(0)) + max(last, Fraction(0))) / 2
    return total


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.floats(1e-5, 1.0), st.floats(500, 9_000))
def test_crossings_move_a_border_by_less_than_eight_picometres(seed: int, wide_m: float, half_m: float) -> None:
    chance = np.random.default_rng(seed)
    x = np.unique(np.round(chance.uniform(-half_m, half_m, 200), 6))
    middle = chance.normal(0, half_m / 40, len(x)).cumsum() / 10
    lines = []
    for _ in range(2):
        moved = x.copy()
        moved[1:-1] += chance.uniform(0, 0.4, len(x) - 2) * np.diff(x)[1:]
        lines.append(np.column_stack([moved, middle + chance.normal(0, wide_m, len(x))]))
    origin = Origin.beside(0.0, 0.0, half_m)
    # Corners that lie on the grid, as those of the plane do.
    lines = [np.round(line / 2.0**-30) * 2.0**-30 for line in lines]
    lower, upper = lines
    north, south = ([[half_m, y], [-half_m, y]] for y in (half_m, -half_m))
    lower, upper = (np.concatenate([[[-half_m, line[0, 1]]], line, [[half_m, line[-1, 1]]]]) for line in (lower, upper))
    above = shapely.Polygon(np.concatenate([lower, north]))
    below = shapely.Polygon(np.concatenate([upper, south]))
    assume(above.is_valid and below.is_valid)
    exact = between_m2(*([(Fraction(x), Fraction(y)) for x, y in line.tolist()] for line in (lower, upper)))
    found = robust.intersection(above, below, origin.grid_m)
    moved_m = np.sqrt(2) * (origin.grid_m / 2 + half_m * 2.0**-53)
    assert moved_m < 8e-12
    assert abs(Fraction(found.area) - exact) <= found.length * moved_m
