"""The area in the measuring plane is the official area on the ellipsoid."""

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, footprint, metres
from trapezoid import area_m2, ring_area


def ragged(count: int, radius_m: float, *, zone: int) -> BaseGeometry:
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    radii = radius_m * (1 + 0.3 * np.sin(5 * angles) + 0.1 * np.cos(11 * angles))
    east, north = metres(0, 0, zone=zone)
    return shapely.Polygon(np.column_stack([east + radii * np.cos(angles), north + radii * np.sin(angles)]))


def shapes(zone: int) -> dict[str, BaseGeometry]:
    small = shapely.box(*metres(0, 0, zone=zone), *metres(100, 100, zone=zone))
    square = shapely.box(*metres(-500, -500, zone=zone), *metres(500, 500, zone=zone))
    holed = shapely.Polygon(
        square.exterior, [shapely.box(*metres(-100, -50, zone=zone), *metres(200, 90, zone=zone)).exterior]
    )
    far = shapely.box(*metres(2000, 2000, zone=zone), *metres(2300, 2900, zone=zone))
    return {
        "small": small,
        "square kilometre": square,
        "hole": holed,
        "two parts": shapely.MultiPolygon([holed, far]),
        "ragged": ragged(48, 700, zone=zone),
        "strip": shapely.Polygon(
            [
                metres(0, 0, zone=zone),
                metres(6000, 900, zone=zone),
                metres(6000, 910, zone=zone),
                metres(0, 10, zone=zone),
            ]
        ),
        "large": ragged(17, 8000, zone=zone),
    }


CASES = [
    pytest.param(shape, crs, id=f"{name} {crs}")
    for crs, zone in (("EPSG:4525", 37), ("EPSG:4526", 38))
    for name, shape in shapes(zone).items()
]
LONLAT = [
    shapely.box(112.4, 35.4, 112.41, 35.41),
    shapely.Polygon([(112.2, 37.2), (112.31, 37.25), (112.28, 37.4), (112.22, 37.31)]),
    shapely.Polygon([(112.0, 40.0), (112.001, 40.0), (112.0013, 40.0008), (112.0002, 40.0011)]),
]


@pytest.mark.parametrize(("shape", "crs"), CASES)
def test_area_is_that_of_the_trapezoid_formula(shape: BaseGeometry, crs: str) -> None:
    assert footprint(shape, crs).area_m2 == pytest.approx(area_m2(shape, crs), rel=2e-8)


@pytest.mark.parametrize("shape", LONLAT)
def test_area_of_longitudes_and_latitudes(shape: BaseGeometry) -> None:
    assert footprint(shape).area_m2 == pytest.approx(area_m2(shape, "EPSG:4490"), rel=2e-8)


def test_the_oracle_knows_the_area_of_the_ellipsoid() -> None:
    # From pole to pole around the earth: 510,065,621.72 km² (Moritz, GRS 80, mean radius R2 = 6,371,007.1810 m).
    strip = [(60.0, -90.0), (61.0, -90.0), (61.0, 90.0), (60.0, 90.0), (60.0, -90.0)]
    assert 360 * ring_area(strip) == pytest.approx(4 * np.pi * 6_371_007.1810**2, rel=1e-9)


def test_the_same_vertices_in_three_systems_differ_by_their_edges_alone() -> None:
    square = shapely.box(*metres(-500, -500), *metres(500, 500))

    def moved(crs: str) -> BaseGeometry:
        transform = Transformer.from_crs("EPSG:4525", crs, always_xy=True)
        return shapely.transform(square, lambda xy: np.column_stack(transform.transform(xy[:, 0], xy[:, 1])))

    west = footprint(square, "EPSG:4525").area_m2
    east = footprint(moved("EPSG:4526"), "EPSG:4526").area_m2
    lonlat = footprint(moved("EPSG:4490"), "EPSG:4490").area_m2
    assert 0 < abs(east - west) / west < 1e-6
    assert 0 < abs(lonlat - west) / west < 5e-6
    # Densified first, the same edges are meant: nothing is left of the difference.
    dense = shapely.segmentize(square, 10.0)
    transform = Transformer.from_crs("EPSG:4525", "EPSG:4526", always_xy=True)
    same = shapely.transform(dense, lambda xy: np.column_stack(transform.transform(xy[:, 0], xy[:, 1])))
    assert footprint(same, "EPSG:4526").area_m2 == pytest.approx(west, rel=1e-9)


def test_planar_area_is_not_the_area() -> None:
    square = shapely.box(*metres(-500, -500), *metres(500, 500))
    # At 112.4°E in zone 37 the Gauss-Krüger plane is some hundreds of ppm too large.
    assert 2e-4 < square.area / footprint(square, "EPSG:4525").area_m2 - 1 < 7e-4


def test_point_with_a_diameter_is_a_circle() -> None:
    circle = footprint(shapely.Point(112.4, 38.0), width_m=100.0)
    # 256 corners are short of the circle by 1e-4.
    assert circle.area_m2 == pytest.approx(np.pi * 50**2, rel=2e-4)
    centre = np.array([112.4, 38.0])
    ring = shapely.get_coordinates(circle.lonlat)
    radii = [PLANE.geod.inv(*centre, *corner)[2] for corner in ring]
    assert radii == pytest.approx([50.0] * len(radii), abs=1e-4)


def test_line_with_a_width_is_a_band() -> None:
    line = shapely.LineString([metres(0, 0), metres(3000, 0)])
    band = footprint(line, "EPSG:4525", width_m=20.0)
    length = PLANE.length_m(PLANE.to_plane([line], "EPSG:4525", step_m=20.0)[0])
    assert band.area_m2 == pytest.approx(length * 20 + np.pi * 10**2, rel=1e-4)
