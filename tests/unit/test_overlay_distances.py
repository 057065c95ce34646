"""Distances are geodesic, wherever the measuring plane has its true scale."""

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, WORLD, box_m, features, footprint, overlay
from zoning.overlay.frame import LocalFrame

WHOLE = shapely.box(100.0, 20.0, 125.0, 50.0)


def nearest_brute(one: BaseGeometry, other: BaseGeometry, step: float = 2e-5) -> float:
    """Return the smallest geodesic distance between densely set points of two borders in degrees."""
    first, second = (shapely.get_coordinates(shapely.segmentize(shapely.boundary(each), step)) for each in (one, other))
    best = np.inf
    for lon, lat in first:
        near = second[np.argsort(np.hypot((second[:, 0] - lon) * np.cos(np.radians(lat)), second[:, 1] - lat))[:3]]
        best = min(best, *PLANE.geod.inv([lon] * len(near), [lat] * len(near), near[:, 0], near[:, 1])[2])
    return float(best)


@pytest.mark.parametrize("latitude", [30.0, 35.5, 38.0, 41.0])
@pytest.mark.parametrize("turn", [0, 45, 100, 200, 290])
def test_distance_to_a_point_like_zone_is_the_geodesic(latitude: float, turn: int) -> None:
    lon, lat, _ = PLANE.geod.fwd(112.4, latitude, turn, 3000.0)
    tiny = 1e-7
    zone = shapely.box(lon - tiny, lat - tiny, lon + tiny, lat + tiny)
    site = shapely.box(112.4 - tiny, latitude - tiny, 112.4 + tiny, latitude + tiny)
    found = overlay(site, features([(zone, "level-1")], coverage=WHOLE), tolerance_m2=1e-9)
    assert found.distances_m == pytest.approx({"level-1": 3000.0}, abs=0.03)


@pytest.mark.parametrize("latitude", [35.5, 38.0])
def test_distance_between_ragged_borders_is_that_of_brute_force(latitude: float) -> None:
    angles = np.linspace(0, 2 * np.pi, 23, endpoint=False)

    def star(lon: float, lat: float, size: float) -> BaseGeometry:
        radii = size * (1 + 0.5 * np.sin(4 * angles))
        return shapely.Polygon(np.column_stack([lon + radii * np.cos(angles), lat + radii * np.sin(angles)]))

    site = star(112.4, latitude, 0.002)
    for lon, lat in ((112.42, latitude + 0.004), (112.401, latitude + 0.02), (112.385, latitude - 0.012)):
        zone = star(lon, lat, 0.003)
        found = overlay(site, features([(zone, "level-1")]), search_m=10_000)
        assert found.distances_m == pytest.approx({"level-1": nearest_brute(site, zone)}, abs=0.5)
        assert found.nearest_m is not None
        assert found.nearest_m <= nearest_brute(site, zone) + 1e-3


def test_nearest_in_the_stretched_plane_is_not_nearest_on_the_ground() -> None:
    # At 41°N the plane with true scale at 35.5°N is stretched by 8 % east-west and squeezed by as much north-south.
    tiny = 1e-6
    site = shapely.box(112.4 - tiny, 41 - tiny, 112.4 + tiny, 41 + tiny)
    east = PLANE.geod.fwd(112.4, 41.0, 90, 1000.0)[:2]
    north = PLANE.geod.fwd(112.4, 41.0, 0, 1060.0)[:2]
    zones = [(shapely.box(lon - tiny, lat - tiny, lon + tiny, lat + tiny), "level-1") for lon, lat in (east, north)]
    planar = [footprint(site).geometry.distance(PLANE.to_plane([zone], "EPSG:4490", step_m=85)[0]) for zone, _ in zones]
    assert planar[1] < planar[0]
    found = overlay(site, features(zones, coverage=WHOLE), tolerance_m2=1e-9)
    assert found.distances_m == pytest.approx({"level-1": 1000.0}, abs=0.3)


def test_each_class_has_its_own_distance() -> None:
    zones = [
        (box_m(200, 0, 300, 100), "level-1"),
        (box_m(100, 0, 150, 100), "level-2"),
        (box_m(-9000, 0, -8900, 9), "level-1"),
    ]
    found = overlay(box_m(0, 0, 100, 100), features(zones, crs="EPSG:4525"), site_crs="EPSG:4525")
    assert found.distances_m == pytest.approx({"level-1": 100.0, "level-2": 0.0}, abs=0.05)
    assert found.nearest_m == pytest.approx(0.0, abs=1e-3)


def test_inside_a_zone_the_distance_is_zero() -> None:
    found = overlay(
        box_m(0, 0, 10, 10), features([(box_m(-900, -900, 900, 900), "level-1")], crs="EPSG:4525"), site_crs="EPSG:4525"
    )
    assert found.distances_m == {"level-1": 0.0}


def test_zone_inside_the_site_is_at_distance_zero() -> None:
    found = overlay(
        box_m(-900, -900, 900, 900), features([(box_m(0, 0, 10, 10), "level-1")], crs="EPSG:4525"), site_crs="EPSG:4525"
    )
    assert found.distances_m == {"level-1": 0.0}


@pytest.mark.parametrize(("gap", "listed"), [(999.0, True), (1001.5, False)])
def test_search_ends_where_it_says(gap: float, listed: bool) -> None:
    zones = features([(box_m(100 + gap, 0, 2000 + gap, 100), "level-1")], crs="EPSG:4525")
    found = overlay(box_m(0, 0, 100, 100), zones, site_crs="EPSG:4525", search_m=1000.0)
    assert bool(found.distances_m) is listed
    assert found.searched_m == 1000.0


def test_long_border_is_searched_in_runs() -> None:
    # A river of 4,000 vertices; the nearest of them lies in the middle.
    x = np.linspace(112.0, 113.0, 4000)
    river = shapely.LineString(np.column_stack([x, 35.5 + 0.01 + (x - 112.5) ** 2]))
    found = overlay(shapely.box(112.499, 35.499, 112.501, 35.5), features([(river, "level-1")], lines=True))
    expected = PLANE.geod.inv(112.5, 35.5, 112.5, 35.51)[2]
    assert found.distances_m == pytest.approx({"level-1": expected}, abs=0.1)


@pytest.mark.parametrize("latitude", [20.0, 35.5, 38.0, 47.0])
def test_frame_is_true_to_length(latitude: float) -> None:
    centre = PLANE.to_plane([shapely.Point(112.4, latitude)], "EPSG:4490", step_m=85)[0]
    frame = LocalFrame.at(PLANE, centre.x, centre.y)
    for distance, allowed in ((100.0, 1e-6), (1000.0, 5e-5), (10_000.0, 0.04)):
        turns = np.arange(0, 360, 15.0)
        lon, lat, _ = PLANE.geod.fwd([112.4] * 24, [latitude] * 24, turns, [distance] * 24)
        points = PLANE.to_plane(np.asarray(shapely.points(lon, lat), dtype=object), "EPSG:4490", step_m=85)
        flat = shapely.get_coordinates(frame.to_frame(points))
        assert np.hypot(flat[:, 0], flat[:, 1]) == pytest.approx([distance] * 24, abs=allowed)
        back = shapely.get_coordinates(frame.to_plane(frame.to_frame(points)))
        assert back == pytest.approx(shapely.get_coordinates(points), abs=1e-8)


def test_way_back_from_the_plane_is_exact() -> None:
    points = np.asarray(shapely.points(np.linspace(110, 115, 50), np.linspace(20, 50, 50)), dtype=object)
    back = PLANE.to_lonlat(PLANE.to_plane(points, "EPSG:4490", step_m=85))
    # 1e-13 degrees are 10 nanometres.
    assert shapely.get_coordinates(back) == pytest.approx(shapely.get_coordinates(points), abs=2e-13)


def test_world_holds_the_latitudes_of_the_tests() -> None:
    assert WHOLE.contains(WORLD)
