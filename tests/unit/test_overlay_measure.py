"""Site x zones: areas, shares, slivers, lines, touching edges, territory parts."""

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, WORLD, box_m, features, footprint, layer, metres, overlay, site
from slow_overlay import slow_overlay
from trapezoid import area_m2
from zoning.errors import CRSMismatchError
from zoning.layers.reader import Unavailable
from zoning.overlay.measure import PlaneLayer, measure
from zoning.overlay.plane import MeasuringPlane
from zoning.texts import Text

# The two boxes of the design: neighbours along 39.947°N, with different vertices on the common edge.
NORTH = shapely.box(116.3407, 39.947, 116.348, 39.948)
SOUTH = shapely.box(116.3407, 39.946, 116.3553, 39.947)
BENT = 1e-6  # edges of zones bend by up to 0.1 mm between their vertices
BEIJING = shapely.box(116.0, 39.5, 117.0, 40.5)


def in_4548(geometry: BaseGeometry) -> BaseGeometry:
    transform = Transformer.from_crs("EPSG:4490", "EPSG:4548", always_xy=True)
    return shapely.transform(geometry, lambda xy: np.column_stack(transform.transform(xy[:, 0], xy[:, 1])))


def test_neighbours_along_a_parallel_are_not_affected() -> None:
    found = overlay(NORTH, features([(SOUTH, "level-1")], coverage=BEIJING))
    assert found.status == "not_affected"
    assert found.classes == ()
    assert found.slivers.sum_m2 < 0.1
    assert found.distances_m == {"level-1": 0.0}


def test_vertex_by_vertex_in_a_projection_the_neighbours_would_overlap() -> None:
    # What a desktop overlay does: corners projected, edges straight in the projection.
    assert in_4548(NORTH).intersection(in_4548(SOUTH)).area == pytest.approx(7.96, abs=0.01)
    # Whoever hands in those corners as EPSG:4548 means straight edges there, and these do overlap.
    as_given = overlay(
        in_4548(NORTH), features([(in_4548(SOUTH), "level-1")], crs="EPSG:4548", coverage=BEIJING), site_crs="EPSG:4548"
    )
    assert as_given.status == "affected"
    assert as_given.classes[0].overlap_m2 == pytest.approx(7.92, abs=0.01)


def test_densified_before_the_projection_less_than_a_tenth_of_a_square_metre_is_left() -> None:
    north, south = (in_4548(shapely.segmentize(box, 0.0002)) for box in (NORTH, SOUTH))
    assert north.intersection(south).area < 0.1
    found = overlay(north, features([(south, "level-1")], crs="EPSG:4548", coverage=BEIJING), site_crs="EPSG:4548")
    assert found.status == "not_affected"
    assert 0 <= found.slivers.sum_m2 < 0.1


def test_site_in_lonlat_beside_a_zone_in_metres_names_its_sliver() -> None:
    south = in_4548(shapely.segmentize(SOUTH, 0.002))
    found = overlay(NORTH, features([(south, "level-1")], crs="EPSG:4548", coverage=BEIJING))
    assert found.status == "not_affected"
    assert found.slivers.count >= 1
    assert 0 < found.slivers.sum_m2 < 1


def test_moved_one_metre_into_each_other_they_overlap_by_one_strip() -> None:
    metre = 1 / 111_035.0  # one metre of latitude at 39.947°N: 111.035 km per degree
    moved = shapely.transform(NORTH, lambda xy: xy - [0.0, metre])
    found = overlay(moved, features([(SOUTH, "level-1")], coverage=BEIJING))
    assert found.status == "affected"
    strip = area_m2(shapely.box(116.3407, 39.947 - metre, 116.348, 39.947), "EPSG:4490")
    assert strip == pytest.approx(624, abs=1)
    assert found.classes[0].overlap_m2 == pytest.approx(strip, rel=1e-7)
    assert found.classes[0].share == pytest.approx(strip / footprint(moved).area_m2, rel=1e-7)


def test_zones_of_one_class_are_counted_once() -> None:
    twice = features([(box_m(0, 0, 60, 100), "level-1"), (box_m(40, 0, 200, 100), "level-1")], crs="EPSG:4525")
    found = overlay(box_m(0, 0, 100, 100), twice, site_crs="EPSG:4525")
    (hit,) = found.classes
    assert hit.share == pytest.approx(1.0, abs=BENT)
    assert hit.share <= 1.0
    assert sum(zone.overlap_m2 for zone in hit.zones) == pytest.approx(1.2 * hit.overlap_m2, rel=1e-3)


def test_classes_come_strictest_first_each_with_its_area() -> None:
    zones = features([(box_m(0, 0, 200, 200), "level-2"), (box_m(50, 50, 60, 60), "level-1")], crs="EPSG:4525")
    found = overlay(box_m(0, 0, 100, 100), zones, site_crs="EPSG:4525")
    assert [hit.class_id for hit in found.classes] == ["level-1", "level-2"]
    assert found.classes[0].overlap_m2 == pytest.approx(area_m2(box_m(50, 50, 60, 60), "EPSG:4525"), rel=1e-7)
    assert found.class_overlap("level-2") is found.classes[1]


def test_zone_with_a_hole_around_the_site_is_clear() -> None:
    ring = shapely.Polygon(box_m(-500, -500, 500, 500).exterior, [box_m(-50, -50, 50, 50).exterior])
    clear = overlay(box_m(-20, -20, 20, 20), features([(ring, "level-1")], crs="EPSG:4525"), site_crs="EPSG:4525")
    assert clear.status == "not_affected"
    assert clear.distances_m == pytest.approx({"level-1": 30.0}, abs=0.02)
    part = overlay(box_m(-20, -20, 60, 20), features([(ring, "level-1")], crs="EPSG:4525"), site_crs="EPSG:4525")
    assert part.classes[0].overlap_m2 == pytest.approx(area_m2(box_m(50, -20, 60, 20), "EPSG:4525"), rel=BENT)


def test_site_with_a_hole_around_the_zone_is_clear() -> None:
    holed = shapely.Polygon(box_m(-500, -500, 500, 500).exterior, [box_m(-50, -50, 50, 50).exterior])
    found = overlay(holed, features([(box_m(-10, -10, 10, 10), "level-1")], crs="EPSG:4525"), site_crs="EPSG:4525")
    assert found.status == "not_affected"
    assert found.distances_m == pytest.approx({"level-1": 40.0}, abs=0.02)


def test_touching_edges_have_no_area() -> None:
    for neighbour in (box_m(100, 0, 200, 100), box_m(100, 100, 200, 200), box_m(100, 20, 200, 70)):
        found = overlay(
            box_m(0, 0, 100, 100), features([(neighbour, "level-1")], crs="EPSG:4525"), site_crs="EPSG:4525"
        )
        assert found.status == "not_affected"
        assert found.slivers.count == 0
        assert found.distances_m is not None
        assert found.distances_m["level-1"] == pytest.approx(0.0, abs=1e-3)


def test_long_oblique_edge_shared_with_a_zone_leaves_a_named_sliver_at_most() -> None:
    corners = [metres(0, 0), metres(3000, 2000), metres(2000, 3500)]
    zone = shapely.Polygon([metres(0, 0), metres(3000, 2000), metres(3500, -1000)])
    found = overlay(shapely.Polygon(corners), features([(zone, "level-1")], crs="EPSG:4525"), site_crs="EPSG:4525")
    assert found.status == "not_affected"
    assert found.slivers.sum_m2 < 0.3


def strips(count: int, *, classes: tuple[str, ...] = ("level-1",)) -> list[tuple[BaseGeometry, str]]:
    """Return strips of 0.9 m x 1 m, two metres apart."""
    return [(box_m(2 * n, 0, 2 * n + 0.9, 1.0), classes[n % len(classes)]) for n in range(count)]


def test_three_hundred_slivers_are_not_nothing() -> None:
    found = overlay(box_m(-5, -5, 700, 5), features(strips(300), crs="EPSG:4525"), site_crs="EPSG:4525")
    assert found.status == "affected"
    assert found.slivers.count == 300
    assert found.slivers.sum_m2 == pytest.approx(270, rel=1e-3)
    assert found.classes[0].overlap_m2 == pytest.approx(found.slivers.sum_m2, rel=1e-12)


def test_one_sliver_is_listed_and_does_not_count() -> None:
    found = overlay(box_m(-5, -5, 700, 5), features(strips(1), crs="EPSG:4525"), site_crs="EPSG:4525")
    assert found.status == "not_affected"
    assert found.classes == ()
    assert (found.slivers.count, round(found.slivers.sum_m2, 2)) == (1, 0.9)


def test_slivers_of_several_classes_count_together() -> None:
    two = features(strips(2, classes=("level-1", "level-2")), crs="EPSG:4525")
    found = overlay(box_m(-5, -5, 700, 5), two, site_crs="EPSG:4525")
    assert found.status == "affected"
    assert [hit.class_id for hit in found.classes] == ["level-1", "level-2"]


def test_tolerance_is_that_of_the_layer() -> None:
    zones = features([(box_m(0, 0, 3, 3), "level-1")], crs="EPSG:4525")
    assert overlay(box_m(0, 0, 100, 100), zones, site_crs="EPSG:4525", tolerance_m2=5).status == "affected"
    assert overlay(box_m(0, 0, 100, 100), zones, site_crs="EPSG:4525", tolerance_m2=50).status == "not_affected"


def test_zones_of_several_parts_and_sites_of_several_parts() -> None:
    zone = shapely.MultiPolygon([box_m(0, 0, 10, 10), box_m(80, 80, 120, 120)])
    both = shapely.MultiPolygon([box_m(5, 0, 20, 10), box_m(90, 90, 200, 100)])
    found = overlay(both, features([(zone, "level-1")], crs="EPSG:4525"), site_crs="EPSG:4525")
    expected = area_m2(shapely.MultiPolygon([box_m(5, 0, 10, 10), box_m(90, 90, 120, 100)]), "EPSG:4525")
    assert found.classes[0].overlap_m2 == pytest.approx(expected, rel=1e-7)


def test_length_of_a_line_is_what_lies_inside() -> None:
    railway = shapely.LineString([metres(-500, 50), metres(500, 50)])
    found = overlay(
        box_m(0, 0, 100, 100), features([(railway, "level-1")], crs="EPSG:4525", lines=True), site_crs="EPSG:4525"
    )
    (hit,) = found.classes
    inside = PLANE.to_plane([shapely.LineString([metres(0, 50), metres(100, 50)])], "EPSG:4525", step_m=10)[0]
    assert found.status == "affected"
    assert hit.length_m == pytest.approx(PLANE.length_m(inside), abs=0.003)
    assert (hit.overlap_m2, hit.share) == (0.0, 0.0)
    assert hit.zones[0].length_m == pytest.approx(hit.length_m)


def test_the_same_line_twice_is_counted_once() -> None:
    railway = shapely.LineString([metres(-500, 50), metres(500, 50)])
    twice = features([(railway, "level-1"), (railway, "level-1")], crs="EPSG:4525", lines=True)
    found = overlay(box_m(0, 0, 100, 100), twice, site_crs="EPSG:4525")
    assert found.classes[0].length_m == pytest.approx(100, abs=0.1)


def test_line_along_the_border_only_touches() -> None:
    along = shapely.LineString([metres(-50, 100), metres(500, 100)])
    found = overlay(
        box_m(0, 0, 100, 100), features([(along, "level-1")], crs="EPSG:4525", lines=True), site_crs="EPSG:4525"
    )
    assert found.status == "not_affected"
    assert found.distances_m is not None
    assert found.distances_m["level-1"] == pytest.approx(0.0, abs=1e-3)


def test_coverage_in_part_keeps_what_was_found() -> None:
    half = shapely.box(
        111.0, 34.0, *shapely.get_coordinates(footprint(box_m(0, 0, 50, 50), "EPSG:4525").lonlat).max(axis=0)
    )
    zones = features([(box_m(0, 0, 10, 10), "level-1")], crs="EPSG:4525", coverage=half)
    found = overlay(box_m(0, 0, 100, 100), zones, site_crs="EPSG:4525")
    assert found.status == "affected"
    assert found.uncovered_m2 == pytest.approx(7500, rel=0.01)
    assert found.covered_m2 + found.uncovered_m2 == pytest.approx(footprint(box_m(0, 0, 100, 100), "EPSG:4525").area_m2)
    assert found.covered_reach_m == 0.0


def test_coverage_in_part_and_nothing_found_is_no_data() -> None:
    half = shapely.box(
        111.0, 34.0, *shapely.get_coordinates(footprint(box_m(0, 0, 50, 50), "EPSG:4525").lonlat).max(axis=0)
    )
    found = overlay(box_m(0, 0, 100, 100), features([], coverage=half), site_crs="EPSG:4525")
    assert found.status == "no_data"
    assert found.reason == Text("部分范围不在图层覆盖之内", "a part lies outside the layer's coverage")


def test_no_coverage_at_all_is_no_data() -> None:
    found = overlay(box_m(0, 0, 100, 100), features([], coverage=BEIJING), site_crs="EPSG:4525")
    assert found.status == "no_data"
    assert found.covered_m2 == pytest.approx(0.0, abs=1e-6)


def test_no_zone_inside_the_coverage_is_not_affected() -> None:
    found = overlay(box_m(0, 0, 100, 100), features([]), site_crs="EPSG:4525")
    assert (found.status, found.distances_m, found.nearest_m) == ("not_affected", {}, None)
    assert found.covered_reach_m == 5000.0


def test_reach_is_the_distance_to_the_end_of_the_coverage() -> None:
    box = box_m(0, 0, 100, 100)
    east = PLANE.to_lonlat(PLANE.to_plane([shapely.Point(metres(1100, 50))], "EPSG:4525", step_m=10))[0]
    found = overlay(box, features([], coverage=shapely.box(111.0, 34.0, east.x, 39.0)), site_crs="EPSG:4525")
    assert found.status == "not_affected"
    assert found.covered_reach_m == pytest.approx(1000, abs=3)


def test_unavailable_layer_is_no_data_with_its_reason() -> None:
    reason = Text("文件不存在：water.gpkg", "file not found: water.gpkg")
    place = footprint(box_m(0, 0, 100, 100), "EPSG:4525")
    found = measure(place, Unavailable(layer(), "2020", reason), search_m=1000, tolerance_m2=1)
    assert (found.status, found.reason, found.edition) == ("no_data", reason, "2020")
    assert found.uncovered_m2 == place.area_m2


def test_part_in_a_territory_is_measured_alone() -> None:
    zones = features([(box_m(60, 0, 100, 100), "level-1")], crs="EPSG:4525")
    west, east = (
        PLANE.to_plane([box], "EPSG:4525", step_m=85)[0]
        for box in (box_m(-900, -900, 50, 900), box_m(50, -900, 900, 900))
    )
    box = box_m(0, 0, 100, 100)
    clear = overlay(box, zones, site_crs="EPSG:4525", within=west)
    hit = overlay(box, zones, site_crs="EPSG:4525", within=east)
    assert clear.status == "not_affected"
    assert clear.distances_m == pytest.approx({"level-1": 10.0}, abs=0.01)
    assert hit.classes[0].overlap_m2 == pytest.approx(area_m2(box_m(60, 0, 100, 100), "EPSG:4525"), rel=BENT)
    assert hit.classes[0].share == pytest.approx(0.8, abs=1e-4)
    assert clear.covered_m2 + hit.covered_m2 == pytest.approx(footprint(box, "EPSG:4525").area_m2, rel=1e-12)


def test_nothing_of_the_site_in_the_territory_is_no_data() -> None:
    elsewhere = PLANE.to_plane([box_m(5000, 0, 6000, 900)], "EPSG:4525", step_m=85)[0]
    found = overlay(box_m(0, 0, 100, 100), features([]), site_crs="EPSG:4525", within=elsewhere)
    assert found.status == "no_data"


def test_planes_are_never_mixed() -> None:
    place = footprint(box_m(0, 0, 100, 100), "EPSG:4525")
    other = PlaneLayer.of(features([]), MeasuringPlane(36.0))
    with pytest.raises(CRSMismatchError, match="two geometries lie in different measuring planes"):
        measure(place, other, search_m=1000, tolerance_m2=1)


def test_repairs_are_those_of_the_zones_that_are_met() -> None:
    bow = shapely.Polygon([metres(0, 0), metres(100, 100), metres(100, 0), metres(0, 100)])
    far = shapely.Polygon([metres(3000, 0), metres(3100, 100), metres(3100, 0), metres(3000, 100)])
    zones = features([(bow, "level-1"), (far, "level-1")], crs="EPSG:4525")
    found = overlay(box_m(0, 0, 100, 100), zones, site_crs="EPSG:4525")
    (repair,) = found.repairs
    assert (repair.kind, repair.count) == ("self-crossing", 1)
    assert repair.area_change_m2 == pytest.approx(5000, rel=1e-3)
    assert found.classes[0].share == pytest.approx(0.5, abs=1e-3)
    clear = overlay(box_m(1000, 0, 1100, 100), zones, site_crs="EPSG:4525")
    assert clear.repairs == ()


def test_the_slow_form_agrees() -> None:
    zones = features(
        [(box_m(n * 30, n * 7, n * 30 + 45, n * 7 + 60), ("level-1", "level-2")[n % 2]) for n in range(12)],
        crs="EPSG:4525",
    )
    place = site(box_m(20, 10, 300, 55), "EPSG:4525")
    slow = slow_overlay(place, zones, PLANE, 1.0)
    fast = overlay(place.geometry, zones, site_crs="EPSG:4525")
    assert fast.status == slow.status
    assert {hit.class_id: hit.overlap_m2 for hit in fast.classes} == pytest.approx(slow.areas, rel=1e-11)


def test_world_of_the_tests_covers_the_county() -> None:
    assert WORLD.contains(footprint(box_m(-9000, -9000, 9000, 9000), "EPSG:4525").lonlat)


def test_zone_is_found_by_its_id() -> None:
    near = PlaneLayer.of(
        features([(box_m(0, 0, 10, 10), "level-1"), (box_m(20, 0, 30, 10), "level-1")], crs="EPSG:4525"), PLANE
    )
    assert near.zone("Z1").equals(near.geometries[1])
    assert near.zone("Z9").is_empty
