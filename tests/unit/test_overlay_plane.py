"""The measuring plane against the closed formulas of the cylindrical equal-area projection."""

from math import atanh, cos, pi, radians, sin, sqrt

import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from zoning.errors import CRSError, CRSMismatchError
from zoning.overlay.plane import MeasuringPlane

A = 6_378_137.0
F = 1 / 298.257222101
E2 = F * (2 - F)
DEGREES = "EPSG:4490"
PLANE = MeasuringPlane(35.5)


def true_scale(latitude: float) -> float:
    """Return k0: the radius of the parallel of true scale in units of the equator's."""
    return cos(radians(latitude)) / sqrt(1 - E2 * sin(radians(latitude)) ** 2)


def northing(latitude: float, parallel: float) -> float:
    """Return y = a q / (2 k0), with Snyder's q (Map Projections, 1987, 3-12)."""
    s, e = sin(radians(latitude)), sqrt(E2)
    q = (1 - E2) * (s / (1 - E2 * s * s) + atanh(e * s) / e)
    return A * q / (2 * true_scale(parallel))


def projected(plane: MeasuringPlane, lon: float, lat: float) -> tuple[float, float]:
    (point,) = plane.to_plane([shapely.Point(lon, lat)], DEGREES, step_m=10)
    return point.x, point.y


@pytest.mark.parametrize("parallel", [0.0, 24.0, 35.5, 52.0])
@pytest.mark.parametrize(("lon", "lat"), [(105.0, 0.0), (112.4, 35.5), (75.0, 40.25), (134.5, 48.0), (110.0, -3.0)])
def test_a_point_lies_where_the_formula_puts_it(parallel: float, lon: float, lat: float) -> None:
    x, y = projected(MeasuringPlane(parallel), lon, lat)
    assert x == pytest.approx(A * true_scale(parallel) * radians(lon - 105), abs=1e-6)
    assert y == pytest.approx(northing(lat, parallel), abs=1e-6)


@pytest.mark.parametrize("longitude", [105.0, 112.5, 87.0])
def test_x_is_zero_on_the_meridian_of_the_plane(longitude: float) -> None:
    x, _ = projected(MeasuringPlane(35.5, longitude), longitude, 40.0)
    assert x == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("plane", "text"),
    [
        (MeasuringPlane(35.5), "+proj=cea +ellps=GRS80 +lat_ts=35.5 +lon_0=105"),
        (MeasuringPlane(30.0, 112.25), "+proj=cea +ellps=GRS80 +lat_ts=30 +lon_0=112.25"),
    ],
)
def test_the_plane_says_what_it_is(plane: MeasuringPlane, text: str) -> None:
    assert plane.crs == text


def test_the_same_plane_may_be_mixed() -> None:
    PLANE.same_as(MeasuringPlane(35.5, 105.0))


@pytest.mark.parametrize("other", [MeasuringPlane(35.6), MeasuringPlane(35.5, 106.0)])
def test_two_planes_may_not_be_mixed(other: MeasuringPlane) -> None:
    with pytest.raises(CRSMismatchError) as caught:
        PLANE.same_as(other)
    assert caught.value.get("zh") == f"两个几何在不同的量算平面中：{PLANE.crs}；{other.crs}"
    assert caught.value.get("en") == f"two geometries lie in different measuring planes: {PLANE.crs}; {other.crs}"


def test_an_edge_in_degrees_gets_vertices_at_most_a_step_apart() -> None:
    # 0.01 degrees are at most 1,117 m: 12 pieces of at most 100 m.
    line = shapely.LineString([(112.0, 35.5), (112.01, 35.5)])
    (found,) = PLANE.to_plane([line], DEGREES, step_m=100.0)
    assert shapely.get_num_coordinates(found) == 13
    assert max(np.diff(shapely.get_coordinates(found)[:, 0])) <= 100.0


@pytest.mark.parametrize(("step_m", "vertices"), [(1000.0, 2), (999.9, 3), (500.0, 3), (250.0, 5), (100.0, 11)])
def test_an_edge_in_metres_is_cut_by_metres(step_m: float, vertices: int) -> None:
    line = shapely.LineString([(37_627_000, 3_930_000), (37_628_000, 3_930_000)])
    (found,) = PLANE.to_plane([line], "EPSG:4525", step_m=step_m)
    assert shapely.get_num_coordinates(found) == vertices


def test_an_oblique_edge_bends_as_its_own_system_has_it() -> None:
    # The middle of an edge of degrees is the middle in degrees, not that of the projected corners.
    line = shapely.LineString([(112.0, 35.0), (113.0, 36.0)])
    (found,) = PLANE.to_plane([line], DEGREES, step_m=10_000)
    x, y = projected(PLANE, 112.5, 35.5)
    assert found.distance(shapely.Point(x, y)) < 0.6
    straight = shapely.LineString([projected(PLANE, 112.0, 35.0), projected(PLANE, 113.0, 36.0)])
    assert straight.distance(shapely.Point(x, y)) > 100


def test_heights_and_measures_are_left_out() -> None:
    (found,) = PLANE.to_plane([shapely.from_wkt("POINT ZM (112 35 900 7)")], DEGREES, step_m=10)
    assert (found.has_z, found.has_m) == (False, False)


def test_given_geometries_stay_as_they_are() -> None:
    given = np.asarray([shapely.box(112.0, 35.0, 112.1, 35.1)], dtype=object)
    before = shapely.to_wkb(given[0])
    PLANE.to_plane(given, DEGREES, step_m=100)
    assert shapely.to_wkb(given[0]) == before


def test_no_geometries_are_none() -> None:
    assert PLANE.to_plane([], DEGREES, step_m=10).shape == (0,)
    assert PLANE.to_lonlat([]).shape == (0,)


def test_geometries_keep_their_order() -> None:
    places = [(112.0, 35.0), (111.0, 36.0), (113.0, 34.0)]
    found = PLANE.to_plane([shapely.Point(place) for place in places], DEGREES, step_m=10)
    assert [(point.x, point.y) for point in found] == [projected(PLANE, *place) for place in places]


@pytest.mark.parametrize("crs", ["EPSG:4525", "EPSG:4547"])
def test_coordinates_beyond_the_system_are_refused(crs: str) -> None:
    with pytest.raises(CRSError) as caught:
        PLANE.to_plane([shapely.Point(1e30, 1e30)], crs, step_m=10)
    assert caught.value.get("zh") == f"有坐标超出坐标系“{crs}”的范围；请检查坐标系、带号和坐标顺序"
    assert caught.value.get("en") == (
        f"coordinates lie outside of what '{crs}' can show; check coordinate system, zone and axis order"
    )


def test_one_bad_coordinate_among_good_ones_is_refused() -> None:
    good, bad = shapely.Point(37_627_000, 3_930_000), shapely.Point(1e30, 3_930_000)
    with pytest.raises(CRSError):
        PLANE.to_plane([good, bad], "EPSG:4525", step_m=10)


def zone_area(west: float, south: float, east: float, north: float) -> float:
    """Return the area of a trapezoid of meridians and parallels on the ellipsoid."""
    return A * radians(east - west) * (northing(north, 0.0) - northing(south, 0.0))


BOX = (112.4, 35.4, 112.42, 35.43)
INNER = (112.405, 35.41, 112.41, 35.42)


def test_area_of_a_box_of_degrees_is_that_of_its_trapezoid() -> None:
    assert PLANE.area_m2(shapely.box(*BOX), DEGREES, step_m=10) == pytest.approx(zone_area(*BOX), rel=1e-10)


def test_a_hole_is_taken_off_whichever_way_the_rings_run() -> None:
    expected = zone_area(*BOX) - zone_area(*INNER)
    shell, hole = shapely.box(*BOX).exterior, shapely.box(*INNER).exterior
    for ring in (hole, hole.reverse()):
        found = PLANE.area_m2(shapely.Polygon(shell, [ring]), DEGREES, step_m=10)
        assert found == pytest.approx(expected, rel=1e-10)


def test_two_polygons_with_holes_are_added_ring_by_ring() -> None:
    far = (112.5, 35.4, 112.53, 35.42)
    both = shapely.MultiPolygon(
        [shapely.Polygon(shapely.box(*BOX).exterior, [shapely.box(*INNER).exterior]), shapely.box(*far)]
    )
    expected = zone_area(*BOX) - zone_area(*INNER) + zone_area(*far)
    assert PLANE.area_m2(both, DEGREES, step_m=10) == pytest.approx(expected, rel=1e-10)


def test_the_loops_of_a_figure_eight_count_against_each_other() -> None:
    # Two triangles with one corner in common, the second run around the other way: 2 : 1 in width and height.
    eight = shapely.Polygon([(0, 0), (0, 200), (300, -100), (300, 0)])
    moved = shapely.transform(eight, lambda xy: np.add(xy, (37_627_000, 3_930_000)))
    left, right = 0.5 * 200 * 200, 0.5 * 100 * 100
    scale = PLANE.area_m2(shapely.box(37_627_000, 3_929_900, 37_627_300, 3_930_200), "EPSG:4525", step_m=10) / 90_000
    assert abs(PLANE.area_m2(moved, "EPSG:4525", step_m=10)) == pytest.approx((left - right) * scale, rel=1e-5)


@pytest.mark.parametrize("wkt", ["POINT (112 35)", "LINESTRING (112 35, 113 36)", "POLYGON EMPTY"])
def test_what_is_no_polygon_has_no_area(wkt: str) -> None:
    assert PLANE.area_m2(shapely.from_wkt(wkt), DEGREES, step_m=10) == 0.0


def test_lines_beside_a_polygon_add_nothing() -> None:
    both = shapely.GeometryCollection([shapely.LineString([(112, 35), (113, 36)]), shapely.box(*BOX)])
    assert PLANE.area_m2(both, DEGREES, step_m=10) == pytest.approx(zone_area(*BOX), rel=1e-10)


@pytest.mark.parametrize(("lon", "lat"), [(112.4, 35.5), (80.0, 18.0), (134.0, 53.0), (105.0, 0.0), (105.0, 80.0)])
def test_the_way_back_is_good_to_a_micrometre(lon: float, lat: float) -> None:
    back = PLANE.one_to_lonlat(shapely.Point(projected(PLANE, lon, lat)))
    # 1e-11 degrees are 1.1 µm.
    assert shapely.get_coordinates(back)[0].tolist() == pytest.approx([lon, lat], abs=1e-11)


def test_several_come_back_in_their_order() -> None:
    points = PLANE.to_plane([shapely.Point(112, 35), shapely.Point(110, 36)], DEGREES, step_m=10)
    found = shapely.get_coordinates(PLANE.to_lonlat(points))
    assert found.tolist() == [pytest.approx([112, 35]), pytest.approx([110, 36])]


@pytest.mark.parametrize(
    ("one", "other"), [((112.4, 35.5), (112.41, 35.5)), ((112.4, 41.0), (112.4, 41.2)), ((110.0, 20.0), (110.3, 20.4))]
)
def test_distance_is_that_of_the_geodesic(one: tuple[float, float], other: tuple[float, float]) -> None:
    expected = Geod(a=A, f=F).inv(*one, *other)[2]
    found = PLANE.distance_m(np.asarray(projected(PLANE, *one)), np.asarray(projected(PLANE, *other)))
    assert found == pytest.approx(expected, abs=0.001)


def test_a_point_is_at_no_distance_from_itself() -> None:
    here = np.asarray(projected(PLANE, 112.4, 35.5))
    assert PLANE.distance_m(here, here) == 0.0


def test_length_of_a_meridian_is_that_of_its_arc() -> None:
    # Between 35° and 36° the meridian of GRS80 is 110,949 m long (M = a(1-e²)/(1-e² sin²φ)^1.5 at 35.5°, times 1°).
    radius = A * (1 - E2) / (1 - E2 * sin(radians(35.5)) ** 2) ** 1.5
    (line,) = PLANE.to_plane([shapely.LineString([(112, 35), (112, 36)])], DEGREES, step_m=850)
    assert PLANE.length_m(line) == pytest.approx(radius * pi / 180, rel=1e-5)


def test_lengths_of_several_lines_are_added() -> None:
    lines = [[(112, 35), (112.01, 35)], [(112, 36), (112.01, 36)]]
    (both,) = PLANE.to_plane([shapely.MultiLineString(lines)], DEGREES, step_m=85)
    each = [PLANE.length_m(part) for part in both.geoms]
    assert PLANE.length_m(both) == pytest.approx(sum(each))
    assert each[0] > each[1] > 900


@pytest.mark.parametrize("empty", [shapely.LineString(), shapely.MultiLineString(), shapely.Polygon()])
def test_nothing_has_no_length(empty: BaseGeometry) -> None:
    assert PLANE.length_m(empty) == 0.0


def test_what_was_made_of_a_geometry_is_made_once() -> None:
    plane = MeasuringPlane(35.5)
    made: list[BaseGeometry] = []
    area = shapely.box(0, 0, 1, 1)

    def make(geometry: BaseGeometry) -> float:
        made.append(geometry)
        return float(geometry.area)

    assert [plane.kept_for(area, make) for _ in range(3)] == [1.0, 1.0, 1.0]
    assert made == [area]


def test_an_equal_geometry_that_is_another_object_is_made_anew() -> None:
    plane = MeasuringPlane(35.5)
    made: list[BaseGeometry] = []
    for _ in range(2):
        plane.kept_for(shapely.box(0, 0, 1, 1), made.append)
    assert len(made) == 2


def test_after_64_geometries_the_oldest_is_forgotten() -> None:
    plane = MeasuringPlane(35.5)
    made: list[BaseGeometry] = []
    areas = [shapely.box(0, 0, 1, number + 1) for number in range(65)]
    for area in areas[:64]:
        plane.kept_for(area, made.append)
    plane.kept_for(areas[0], made.append)
    assert len(made) == 64
    plane.kept_for(areas[64], made.append)
    plane.kept_for(areas[1], made.append)
    assert len(made) == 65
    plane.kept_for(areas[0], made.append)
    assert made[-1] is areas[0]
