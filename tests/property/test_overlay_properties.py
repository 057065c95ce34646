"""What holds for every site and every zone, whatever their shapes."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, box_m, features, footprint, metres, overlay, site
from slow_overlay import slow_overlay
from zoning.overlay.overlap import LayerOverlap

CLASSES = ("level-1", "level-2")
numbers = st.integers(min_value=-300, max_value=300)


@st.composite
def stars(draw: st.DrawFn, *, crs: str = "EPSG:4525") -> BaseGeometry:
    """Return a valid ragged polygon within some hundred metres."""
    x, y = draw(numbers), draw(numbers)
    count = draw(st.integers(min_value=3, max_value=14))
    radii = draw(st.lists(st.integers(min_value=5, max_value=250), min_size=count, max_size=count))
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    east, north = metres(x, y)
    star = shapely.Polygon(
        np.column_stack([east + np.array(radii) * np.cos(angles), north + np.array(radii) * np.sin(angles)])
    )
    assert crs == "EPSG:4525"
    return star


zones = st.lists(st.tuples(stars(), st.sampled_from(CLASSES)), max_size=8)


def areas(found: LayerOverlap) -> dict[str, float]:
    return {hit.class_id: hit.overlap_m2 for hit in found.classes}


@given(stars(), zones)
def test_the_fast_form_equals_the_slow_one(place: BaseGeometry, found: list[tuple[BaseGeometry, str]]) -> None:
    layer = features(found, crs="EPSG:4525")
    slow = slow_overlay(site(place, "EPSG:4525"), layer, PLANE, 1.0)
    fast = overlay(place, layer, site_crs="EPSG:4525")
    assert fast.status == slow.status
    assert areas(fast) == pytest.approx(slow.areas, rel=1e-9, abs=1e-6)
    assert fast.slivers.count == slow.sliver_count
    assert fast.slivers.sum_m2 == pytest.approx(slow.sliver_sum_m2, abs=1e-6)


@given(stars(), zones)
def test_shares_lie_between_nothing_and_all(place: BaseGeometry, found: list[tuple[BaseGeometry, str]]) -> None:
    measured = overlay(place, features(found, crs="EPSG:4525"), site_crs="EPSG:4525")
    for hit in measured.classes:
        assert 0 <= hit.share <= 1
        assert hit.overlap_m2 <= sum(zone.overlap_m2 for zone in hit.zones) + 1e-6
        assert all(zone.overlap_m2 <= hit.overlap_m2 + 1e-6 for zone in hit.zones)


@given(stars(), zones, st.randoms(use_true_random=False))
def test_the_order_of_zones_does_not_matter(
    place: BaseGeometry, found: list[tuple[BaseGeometry, str]], random: object
) -> None:
    mixed = list(found)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # an array shuffles as well
    one = overlay(place, features(found, crs="EPSG:4525"), site_crs="EPSG:4525")
    other = overlay(place, features(mixed, crs="EPSG:4525"), site_crs="EPSG:4525")
    assert one.status == other.status
    assert areas(one) == pytest.approx(areas(other), rel=1e-9, abs=1e-6)
    assert one.distances_m == pytest.approx(other.distances_m, abs=1e-6)


@given(stars(), zones)
def test_zones_given_twice_count_once(place: BaseGeometry, found: list[tuple[BaseGeometry, str]]) -> None:
    once = overlay(place, features(found, crs="EPSG:4525"), site_crs="EPSG:4525")
    twice = overlay(place, features(found + found, crs="EPSG:4525"), site_crs="EPSG:4525")
    assert areas(once) == pytest.approx(areas(twice), rel=1e-9, abs=1e-6)


@given(stars(), zones, numbers)
def test_a_site_cut_in_two_keeps_its_sums(place: BaseGeometry, found: list[tuple[BaseGeometry, str]], x: int) -> None:
    layer = features(found, crs="EPSG:4525")
    halves = [
        PLANE.to_plane([box], "EPSG:4525", step_m=85.0)[0]
        for box in (box_m(-3000, -3000, x, 3000), box_m(x, -3000, 3000, 3000))
    ]
    whole = overlay(place, layer, site_crs="EPSG:4525", tolerance_m2=1e-9)
    parts = [overlay(place, layer, site_crs="EPSG:4525", within=half, tolerance_m2=1e-9) for half in halves]
    assert sum(part.covered_m2 for part in parts) == pytest.approx(whole.covered_m2, rel=1e-9)
    for class_id in CLASSES:
        total = sum(areas(part).get(class_id, 0.0) for part in parts)
        assert total == pytest.approx(areas(whole).get(class_id, 0.0), rel=1e-9, abs=1e-6)


@given(stars(), zones, st.floats(min_value=-3, max_value=3))
def test_moved_along_the_parallel_together_nothing_changes(
    place: BaseGeometry, found: list[tuple[BaseGeometry, str]], degrees: float
) -> None:
    def lonlat(geometry: BaseGeometry, by: float) -> BaseGeometry:
        plain = PLANE.to_lonlat(PLANE.to_plane([geometry], "EPSG:4525", step_m=85.0))[0]
        moved: BaseGeometry = shapely.transform(plain, lambda xy: xy + np.array([by, 0.0]))
        return moved

    wide = shapely.box(100.0, 30.0, 125.0, 45.0)
    here = overlay(lonlat(place, 0.0), features([(lonlat(z, 0.0), c) for z, c in found], coverage=wide))
    there = overlay(lonlat(place, degrees), features([(lonlat(z, degrees), c) for z, c in found], coverage=wide))
    assert here.status == there.status
    assert areas(here) == pytest.approx(areas(there), rel=1e-9, abs=1e-4)
    assert here.distances_m == pytest.approx(there.distances_m, abs=1e-5)


@given(stars(), zones, st.floats(min_value=0.5, max_value=40))
def test_more_accuracy_never_brings_more_doubt(
    place: BaseGeometry, found: list[tuple[BaseGeometry, str]], accuracy_m: float
) -> None:
    exact = overlay(place, features(found, crs="EPSG:4525"), site_crs="EPSG:4525")
    rough = overlay(place, features(found, crs="EPSG:4525", accuracy_m=accuracy_m), site_crs="EPSG:4525")
    # What is certain within the accuracy overlaps as drawn, and what overlaps as drawn is at least possible.
    sure = {hit.class_id for hit in rough.classes if hit.certainty == "certain"}
    assert sure <= set(areas(exact)) <= set(areas(rough))
    for hit in rough.classes:
        if hit.flips_at_m is not None:
            flips_later = hit.flips_at_m > accuracy_m
            assert flips_later == (hit.certainty == "certain") or abs(hit.flips_at_m - accuracy_m) <= 0.1


@given(stars(), st.floats(min_value=0.1, max_value=100))
def test_a_site_lies_between_its_shrunk_and_its_grown_form(place: BaseGeometry, by: float) -> None:
    whole = footprint(place, "EPSG:4525")
    assert whole.grown(by).buffer(1e-3).covers(whole.geometry)
    assert whole.shrunk(by).difference(whole.geometry.buffer(1e-3)).is_empty
