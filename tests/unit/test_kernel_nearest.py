"""Nearest zones in the plane against figures worked out by hand."""

from math import sqrt

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from zoning.overlay.kernel.engine import nearest
from zoning.overlay.kernel.shapes import Shapes
from zoning.overlay.kernel.zones import PackedZones

SITE = box(0, 0, 100, 100)
HOLED = box(-500, -500, 500, 500).difference(box(-50, -50, 150, 150))


def found(site: BaseGeometry, zones: list[BaseGeometry], limit_m: float = 1000.0) -> tuple[int, float] | None:
    """Return number and distance of the nearest zone."""
    near = nearest(Shapes.of([site]), PackedZones.of(zones), limit_m)
    return (int(near.zones[0]), float(near.distances_m[0])) if len(near.sites) else None


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        ([box(130, 0, 200, 100)], (0, 30.0)),
        ([box(400, 0, 500, 100), box(130, 140, 200, 200)], (1, 50.0)),
        ([box(100, 0, 200, 100)], (0, 0.0)),
        ([box(10, 10, 20, 20)], (0, 0.0)),
        ([box(-10, -10, 200, 200)], (0, 0.0)),
        ([HOLED], (0, 50.0)),
        ([Polygon([(0, 210), (210, 0), (210, 210)])], (0, 10 / sqrt(2))),
        ([MultiPolygon([box(900, 0, 950, 50), box(107, 0, 150, 50)])], (0, 7.0)),
        ([LineString([(-50, 120), (150, 120)])], (0, 20.0)),
        ([LineString([(-50, 50), (150, 50)])], (0, 0.0)),
        ([LineString([(50, 50), (60, 50)])], (0, 0.0)),
        ([box(1100, 0, 1200, 100)], (0, 1000.0)),
        ([box(1100.001, 0, 1200, 100)], None),
        ([], None),
    ],
)
def test_one_site(zones: list[BaseGeometry], expected: tuple[int, float] | None) -> None:
    near = found(SITE, zones)
    assert (near is None) == (expected is None)
    if near is not None and expected is not None:
        assert near[0] == expected[0]
        assert near[1] == pytest.approx(expected[1], rel=1e-12)


def test_of_equals_the_first_is_named() -> None:
    right, left, inside = box(110, 0, 120, 100), box(-20, 0, -10, 100), box(40, 40, 50, 50)
    assert found(SITE, [right, left]) == (0, 10.0)
    assert found(SITE, [left, right]) == (0, 10.0)
    assert found(SITE, [right, inside, box(60, 60, 70, 70), left, SITE]) == (1, 0.0)


def test_without_a_limit() -> None:
    assert found(SITE, [box(7e6, 0, 8e6, 100)], float("inf")) == (0, 7e6 - 100)


def test_what_nearly_touches_does_not() -> None:
    near = found(SITE, [box(100 + 2**-40, 0, 200, 100)])
    assert near == (0, 2**-40)


def test_a_road_is_near_what_lies_beside_it() -> None:
    x = np.arange(0, 40_100, 100.0)
    line = np.column_stack([x, 5000 * np.sin(x / 9000)])
    site = Polygon(np.concatenate([line, (line + np.array([0.0, 30.0]))[::-1]]))
    rng = np.random.default_rng(3)
    xy = rng.uniform((0, -8000), (40_000, 8000), (2000, 2))
    zones = list(shapely.box(xy[:, 0], xy[:, 1], xy[:, 0] + 20, xy[:, 1] + 20))
    apart = [zone for zone in zones if not zone.intersects(site)]
    distances = shapely.distance(site, apart)
    near = found(site, apart)
    assert near is not None
    assert near[0] == int(np.argmin(distances))
    assert near[1] == pytest.approx(distances.min(), abs=1e-9)


def test_a_zone_of_thousands_of_parts() -> None:
    x, y = np.meshgrid(np.arange(0, 2500, 50.0), np.arange(0, 2500, 50.0))
    squares = shapely.box(x.ravel(), y.ravel(), x.ravel() + 10, y.ravel() + 10)
    zone = MultiPolygon(list(np.random.default_rng(2).permutation(squares)))
    assert found(box(1020, 1020, 1040, 1040), [zone]) == (0, 10 * sqrt(2))
    assert found(box(-40, -30, -5, -5), [zone]) == (0, 5 * sqrt(2))
    assert found(box(1002, 1002, 1003, 1003), [zone]) == (0, 0.0)


def test_many_sites_on_any_number_of_threads() -> None:
    rng = np.random.default_rng(5)
    sites = [shapely.Point(xy).buffer(20, quad_segs=3) for xy in rng.uniform(0, 5000, (300, 2))]
    zones = [shapely.Point(xy).buffer(30, quad_segs=40) for xy in rng.uniform(0, 5000, (200, 2))]
    given, packed = Shapes.of(sites), PackedZones.of(zones)
    one, two = nearest(given, packed, 100.0), nearest(given, packed, 100.0, threads=2)
    distances = np.array([shapely.distance(site, zones).min() for site in sites])
    assert one.sites.tolist() == np.flatnonzero(distances <= 100).tolist()
    assert np.allclose(one.distances_m, distances[one.sites], rtol=0, atol=1e-9)
    assert all(np.array_equal(getattr(one, name), getattr(two, name)) for name in ("sites", "zones", "distances_m"))
