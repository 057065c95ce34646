"""The overlay-free kernel against figures worked out by hand."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiLineString, MultiPolygon, Polygon, box
from shapely.affinity import rotate as turn
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from zoning.overlay.kernel.engine import RELATIONS, Pairs, overlay
from zoning.overlay.kernel.shapes import Shapes
from zoning.overlay.kernel.zones import PackedZones

SITE = box(0, 0, 100, 100)
FAR = np.array([640_000.0, 4_700_000.0])
"""Where a province lies in the measuring plane."""


def one(site: BaseGeometry, zone: BaseGeometry) -> Any:
    """Return relation and area of a pair, None when they do not touch."""
    pairs = overlay(Shapes.of([site]), PackedZones.of([zone]))
    if not len(pairs.sites):
        return None
    return RELATIONS[pairs.relations[0]], float(pairs.areas_m2[0])


def rotate(shape: BaseGeometry, degrees: float) -> BaseGeometry:
    return turn(shape, degrees, origin=(0, 0))


def moved(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape in the middle of a province."""
    return translate(shape, *FAR)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (box(50, 50, 150, 150), ("crosses", 2500.0)),
        (box(-10, 40, 110, 60), ("crosses", 2000.0)),
        (box(-10, -10, 110, 110), ("site-inside", 10_000.0)),
        (box(10, 10, 30, 30), ("zone-inside", 400.0)),
        (SITE, ("crosses", 10_000.0)),
        (SITE.reverse(), ("crosses", 10_000.0)),
        (box(100, 0, 200, 100), ("touches", 0.0)),
        (box(100, 100, 200, 200), ("touches", 0.0)),
        (box(0, 0, 100, 50), ("crosses", 5000.0)),
        (box(100.001, 0, 200, 100), None),
        (Polygon([(110, 0), (210, 0), (110, 100)]), None),
        # The box meets, the triangle does not.
        (Polygon([(99, 201), (201, 99), (201, 201)]), None),
        (Polygon([(0, 0), (100, 0), (0, 100)]), ("crosses", 5000.0)),
        (Polygon([(50, -50), (150, 50), (50, 150), (-50, 50)]), ("crosses", 10_000.0)),
        # Half a square metre is measured by GEOS.
        (box(99.995, 0, 200, 100), ("crosses", 0.5)),
    ],
)
def test_two_simple_polygons(zone: BaseGeometry, expected: tuple[str, float] | None) -> None:
    found = one(SITE, zone)
    assert found == (None if expected is None else (expected[0], pytest.approx(expected[1], rel=1e-9)))
    far = one(moved(SITE), moved(zone))
    assert far == (None if expected is None else (expected[0], pytest.approx(expected[1], rel=1e-6)))


HOLED = box(-50, -50, 150, 150).difference(box(20, 20, 80, 80))
APART = MultiPolygon([box(10, 10, 20, 20), box(90, 90, 110, 110), box(500, 500, 600, 600)])


@pytest.mark.parametrize(
    ("site", "zone", "expected"),
    [
        (SITE, HOLED, ("crosses", 6400.0)),
        (box(30, 30, 70, 70), HOLED, None),
        (box(20, 20, 80, 80), HOLED, ("touches", 0.0)),
        (box(20, 30, 70, 70), HOLED, ("touches", 0.0)),
        (box(-40, -40, -10, -10), HOLED, ("site-inside", 900.0)),
        (SITE, APART, ("crosses", 200.0)),
        (box(0, 0, 1000, 1000), APART, ("zone-inside", 100.0 + 400.0 + 10_000.0)),
        (box(0, 0, 200, 200), APART, ("crosses", 500.0)),
        (MultiPolygon([SITE, box(800, 0, 900, 100)]), box(50, 50, 850, 60), ("crosses", 1000.0)),
        # The one fills the hole of the other.
        (box(-40, -40, 140, 140), box(20, 20, 80, 80), ("zone-inside", 3600.0)),
        (HOLED, box(30, 30, 70, 70), None),
        # The hole of the one lies inside the other.
        (HOLED, box(-60, -60, 160, 160), ("site-inside", 36_400.0)),
        (box(-60, -60, 160, 160), HOLED, ("zone-inside", 36_400.0)),
        (HOLED, box(10, 10, 90, 90), ("crosses", 6400.0 - 3600.0)),
    ],
)
def test_holes_and_parts(site: BaseGeometry, zone: BaseGeometry, expected: tuple[str, float] | None) -> None:
    for shift in (lambda shape: shape, moved):
        assert one(shift(site), shift(zone)) == (expected and (expected[0], pytest.approx(expected[1], rel=1e-9)))


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (LineString([(-10, 50), (110, 50)]), "crosses"),
        (LineString([(10, 10), (20, 20)]), "zone-inside"),
        (LineString([(100, -10), (100, 110)]), "crosses"),
        (LineString([(100, 100), (200, 200)]), "crosses"),
        (LineString([(99, 201), (201, 99)]), None),
        (MultiLineString([[(500, 500), (600, 600)], [(10, 10), (20, 20)]]), "crosses"),
        (LineString([(10, 10), (10, 20)]), "zone-inside"),
        (LineString([(101, 10), (101, 20)]), None),
    ],
)
def test_lines(zone: BaseGeometry, expected: str | None) -> None:
    assert one(SITE, zone) == (expected and (expected, 0.0))


def test_small_areas_are_those_of_geos() -> None:
    site, zone = moved(rotate(box(0, 0, 100, 100), 12)), moved(rotate(box(99.9, 0, 200, 3), 12.001))
    expected = shapely.intersection(site, zone).area
    assert 0 < expected < 1
    assert one(site, zone) == ("crosses", expected)


def test_what_is_thin_and_long_is_measured_by_geos() -> None:
    site, zone = moved(rotate(box(0, 0, 5000, 100), 30)), moved(rotate(box(0, 99.99, 5000, 200), 30))
    found = one(site, zone)
    expected = shapely.intersection(site, zone).area
    assert expected > 40
    assert found == ("crosses", expected)


def comb(teeth: int, high: float) -> Polygon:
    """Return a comb with teeth 1 wide and 1 apart on a back 1 high."""
    x = np.repeat(np.arange(2 * teeth), 2)[1:-1].astype(float)
    y = np.tile([high, high, 1.0, 1.0], teeth)[: len(x)]
    upper = np.column_stack([np.concatenate([[0], x, [2 * teeth - 1]]), np.concatenate([[high], y, [high]])])
    return Polygon([(0, 0), *upper.tolist(), (2 * teeth - 1, 0)])


def test_a_border_of_many_blocks_is_summed_near_the_site_only() -> None:
    zone = comb(6000, 50.0)
    assert zone.is_valid
    assert shapely.get_num_coordinates(zone) > 20_000
    # Teeth stand from 2k to 2k + 1.
    assert one(box(1000, 10, 1010, 20), zone) == ("crosses", pytest.approx(50.0, rel=1e-12))
    assert one(box(1000.25, 10, 1000.75, 20), zone) == ("site-inside", pytest.approx(5.0))
    assert one(box(1001.25, 10, 1001.75, 20), zone) is None
    assert one(box(-10, 0.25, 20_000, 0.5), zone) == ("crosses", pytest.approx(11_999 * 0.25, rel=1e-12))
    assert one(box(-10, -10, 20_000, 60), zone) == ("zone-inside", zone.area)


def road(length: int, width: float) -> Polygon:
    """Return a winding road with a vertex every 100 m."""
    x = np.arange(0, length + 100, 100.0)
    y = 300 * np.sin(x / 900)
    return Polygon(np.concatenate([np.column_stack([x, y]), np.column_stack([x, y + width])[::-1]]))


def test_a_long_road_through_a_chequerboard() -> None:
    site = moved(rotate(road(40_000, 30.0), 33))
    x, y = np.meshgrid(np.arange(-1000, 36_000, 250.0) + FAR[0], np.arange(-2000, 24_000, 250.0) + FAR[1])
    zones = shapely.box(x.ravel(), y.ravel(), x.ravel() + 250, y.ravel() + 250)
    pairs = overlay(Shapes.of([site]), PackedZones.of(zones))
    expected = np.sort(shapely.STRtree(zones).query(site, predicate="intersects"))
    assert pairs.zones.tolist() == expected.tolist()
    # The squares partition the plane: together they hold all of the road.
    assert pairs.areas_m2.sum() == pytest.approx(site.area, rel=1e-10)
    measured = shapely.area(shapely.intersection(site, zones[expected]))
    assert np.allclose(pairs.areas_m2, measured, rtol=1e-9, atol=0)


def archipelago(count: int) -> MultiPolygon:
    """Return islands 10 m wide with a lake of 4 m, 30 m apart, in no order."""
    x, y = np.divmod(np.random.default_rng(1).permutation(count), int(np.sqrt(count)))
    islands = [box(30 * i, 30 * j, 30 * i + 10, 30 * j + 10) for i, j in zip(x.tolist(), y.tolist(), strict=True)]
    lakes = [box(30 * i + 3, 30 * j + 3, 30 * i + 7, 30 * j + 7) for i, j in zip(x.tolist(), y.tolist(), strict=True)]
    return MultiPolygon([Polygon(land.exterior, [lake.exterior]) for land, lake in zip(islands, lakes, strict=True)])


def test_a_zone_of_thousands_of_parts() -> None:
    zone = archipelago(2500)
    assert one(box(-5, -5, 1495, 1495), zone) == ("zone-inside", pytest.approx(2500 * 84.0))
    assert one(box(295, 295, 395, 395), zone) == ("crosses", pytest.approx(9 * 84.0 + 6 * 42.0 + 21.0, rel=1e-12))
    assert one(box(304, 304, 306, 306), zone) is None
    assert one(box(301, 301, 302.5, 302.5), zone) == ("site-inside", 2.25)
    assert one(box(312, 312, 328, 328), zone) is None
    assert one(box(310, 310, 330, 330), zone) == ("touches", 0.0)


def world() -> tuple[list[BaseGeometry], list[BaseGeometry]]:
    """Return 300 sites and 400 zones, some of them touching exactly."""
    rng = np.random.default_rng(7)
    x, y = np.meshgrid(np.arange(0, 2000, 100.0) + FAR[0], np.arange(0, 2000, 100.0) + FAR[1])
    zones = list(shapely.box(x.ravel(), y.ravel(), x.ravel() + 100, y.ravel() + 100))
    middles = rng.uniform(0, 2000, (300, 2)) + FAR
    sites = [shapely.Point(xy).buffer(rng.uniform(5, 200), quad_segs=int(rng.integers(1, 30))) for xy in middles]
    return [*sites[:200], *zones[:100]], zones


def same(one: Pairs, two: Pairs) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in Pairs.__slots__)


def test_pairs_are_ordered_and_the_same_on_any_number_of_threads() -> None:
    sites, zones = world()
    given, packed = Shapes.of(sites), PackedZones.of(zones)
    pairs = overlay(given, packed)
    order = np.lexsort((pairs.zones, pairs.sites))
    assert order.tolist() == list(range(len(order)))
    assert same(pairs, overlay(given, packed, threads=2))
    assert same(pairs, overlay(given, packed, threads=5))


def test_sites_do_not_influence_each_other() -> None:
    sites, zones = world()
    packed = PackedZones.of(zones)
    together = overlay(Shapes.of(sites), packed)
    for index in range(0, len(sites), 23):
        alone, mine = overlay(Shapes.of([sites[index]]), packed), together.sites == index
        assert alone.zones.tolist() == together.zones[mine].tolist()
        assert alone.areas_m2.tolist() == together.areas_m2[mine].tolist()


def test_mapped_arrays_give_the_same_as_those_in_memory(tmp_path: Path) -> None:
    sites, zones = world()
    packed = PackedZones.of(zones)
    for name, array in packed.arrays().items():
        np.save(tmp_path / name, array)
    mapped = PackedZones.from_arrays({path.stem: np.load(path, mmap_mode="r") for path in tmp_path.iterdir()})
    assert same(overlay(Shapes.of(sites), packed), overlay(Shapes.of(sites), mapped))


@pytest.mark.parametrize(("sites", "zones"), [([], [SITE]), ([SITE], []), ([Polygon()], [SITE]), ([SITE], [Polygon()])])
def test_nothing_touches_nothing(sites: list[BaseGeometry], zones: list[BaseGeometry]) -> None:
    assert len(overlay(Shapes.of(sites), PackedZones.of(zones)).sites) == 0
