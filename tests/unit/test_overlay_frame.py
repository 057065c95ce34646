"""The local frame: true metres around a point of the measuring plane."""

from math import cos, radians, sin, sqrt, tan

import numpy as np
import pytest
import shapely
from pyproj import Geod

from zoning.overlay.frame import LocalFrame
from zoning.overlay.plane import MeasuringPlane

A = 6_378_137.0
F = 1 / 298.257222101
E2 = F * (2 - F)
GEOD = Geod(a=A, f=F)
PLANE = MeasuringPlane(35.5)


def point(lon: float, lat: float) -> shapely.Point:
    found = PLANE.to_plane([shapely.Point(lon, lat)], "EPSG:4490", step_m=10)[0]
    assert isinstance(found, shapely.Point)
    return found


def frame_at(lon: float, lat: float) -> LocalFrame:
    here = point(lon, lat)
    return LocalFrame.at(PLANE, here.x, here.y)


def parallel(latitude: float) -> float:
    return cos(radians(latitude)) / sqrt(1 - E2 * sin(radians(latitude)) ** 2)


@pytest.mark.parametrize("latitude", [20.0, 30.0, 35.5, 41.0, 50.0])
def test_the_stretch_is_the_quotient_of_the_parallels(latitude: float) -> None:
    assert frame_at(112.0, latitude).stretch == pytest.approx(parallel(35.5) / parallel(latitude), rel=1e-10)


@pytest.mark.parametrize("latitude", [-20.0, 0.0, 30.0, 50.0])
def test_the_bend_is_the_tangent_of_the_latitude_by_the_radius_of_curvature(latitude: float) -> None:
    curve = A / sqrt(1 - E2 * sin(radians(latitude)) ** 2)
    assert frame_at(112.0, latitude).bend == pytest.approx(tan(radians(latitude)) / curve, rel=1e-9, abs=1e-17)


def test_the_point_itself_is_zero() -> None:
    frame = frame_at(112.0, 40.0)
    (found,) = frame.to_frame([shapely.Point(frame.x, frame.y)])
    assert (found.x, found.y) == (0.0, 0.0)


@pytest.mark.parametrize("latitude", [22.0, 35.5, 48.0])
@pytest.mark.parametrize("azimuth", [0, 30, 90, 135, 180, 270, 315])
@pytest.mark.parametrize(("metres", "allowed_m"), [(100.0, 2e-5), (1000.0, 1e-4), (10_000.0, 0.06)])
def test_a_place_lies_at_its_azimuth_and_distance(
    latitude: float, azimuth: float, metres: float, allowed_m: float
) -> None:
    lon, lat, _ = GEOD.fwd(112.0, latitude, azimuth, metres)
    (found,) = frame_at(112.0, latitude).to_frame([point(lon, lat)])
    expected = metres * sin(radians(azimuth)), metres * cos(radians(azimuth))
    assert (found.x, found.y) == pytest.approx(expected, abs=allowed_m)


def test_distances_between_places_beside_the_point_are_true_as_well() -> None:
    one, other = (112.003, 44.002), (111.996, 43.995)
    first, second = frame_at(112.0, 44.0).to_frame([point(*one), point(*other)])
    assert first.distance(second) == pytest.approx(GEOD.inv(*one, *other)[2], abs=1e-3)


@pytest.mark.parametrize("reach_m", [10.0, 1_000.0, 50_000.0])
def test_there_and_back_is_the_same_place(reach_m: float) -> None:
    frame = frame_at(112.0, 40.0)
    ring = shapely.Point(frame.x, frame.y).buffer(reach_m, quad_segs=3)
    (back,) = frame.to_plane(frame.to_frame([ring]))
    assert np.abs(shapely.get_coordinates(back) - shapely.get_coordinates(ring)).max() < 1e-6


def test_several_geometries_keep_order_and_kind() -> None:
    frame = frame_at(112.0, 40.0)
    given = [shapely.Point(frame.x + 10, frame.y), shapely.box(frame.x, frame.y, frame.x + 1, frame.y + 1)]
    assert [found.geom_type for found in frame.to_frame(given)] == ["Point", "Polygon"]
    assert [found.geom_type for found in frame.to_plane(given)] == ["Point", "Polygon"]
    assert frame.to_frame([]).shape == (0,)


@pytest.mark.parametrize("latitude", [22.0, 35.5, 48.0])
@pytest.mark.parametrize(("metres", "radius_m"), [(100.0, 0.0), (5_000.0, 300.0), (5_000.0, 20_000.0)])
def test_the_reach_holds_every_place_within_the_metres(latitude: float, metres: float, radius_m: float) -> None:
    frame = frame_at(112.0, latitude)
    wide, high = frame.reach(metres, radius_m)
    for azimuth in range(0, 360, 45):
        # From a place as far from the point as the radius says, on to a place as far as the metres say.
        start = GEOD.fwd(112.0, latitude, azimuth, radius_m)
        here = point(start[0], start[1])
        for turn in range(0, 360, 30):
            end = GEOD.fwd(start[0], start[1], turn, metres)
            there = point(end[0], end[1])
            assert abs(there.x - here.x) <= wide
            assert abs(there.y - here.y) <= high


@pytest.mark.parametrize("latitude", [22.0, 35.5, 48.0])
def test_the_reach_is_hardly_more_than_is_needed(latitude: float) -> None:
    frame = frame_at(112.0, latitude)
    wide, high = frame.reach(1000.0, 100.0)
    assert wide / (1000.0 * frame.stretch) < 1.001
    assert high / (1000.0 / frame.stretch) < 1.001


def test_no_metres_reach_nowhere() -> None:
    assert frame_at(112.0, 40.0).reach(0.0, 500.0) == (0.0, 0.0)


def test_the_slack_grows_with_the_distance_and_the_bend() -> None:
    flat, bent = LocalFrame(0.0, 0.0, 1.0, 0.0), LocalFrame(0.0, 0.0, 1.0, 1e-7)
    # 1 + 2 |c| d + (d / a)² + 1e-6
    assert flat.slack(0.0) == pytest.approx(1.000001, abs=1e-12)
    assert flat.slack(637_813.7) == pytest.approx(1.010001, abs=1e-12)
    assert bent.slack(10_000.0) == pytest.approx(1.002001 + (10_000 / A) ** 2, abs=1e-12)


def test_south_of_the_equator_the_slack_is_as_large_as_north_of_it() -> None:
    north, south = frame_at(112.0, 30.0), frame_at(112.0, -30.0)
    assert south.bend < 0 < north.bend
    assert south.slack(10_000.0) == pytest.approx(north.slack(10_000.0), rel=1e-12)
