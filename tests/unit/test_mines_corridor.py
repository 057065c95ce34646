"""Stations along lines and distances to them, against the radii of the ellipsoid worked out by hand."""

from math import cos, hypot, radians, sin, sqrt

import numpy as np
import pytest
import shapely

from zoning.mines.corridor import Line, distance_to_point_m, distances_m, stations_of

# GRS 80: half the equator's axis in metres, flattening (Moritz 2000).
AXIS, FLATTENING = 6_378_137.0, 1 / 298.257222101
ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING)
LAT = 35.5


def metres_north(degrees: float, latitude: float = LAT) -> float:
    """Return the length of a short piece of a meridian around a latitude."""
    root = sqrt(1 - ECCENTRICITY_2 * sin(radians(latitude)) ** 2)
    return radians(degrees) * AXIS * (1 - ECCENTRICITY_2) / root**3


def metres_east(degrees: float, latitude: float = LAT) -> float:
    """Return the length of a short piece of a parallel."""
    root = sqrt(1 - ECCENTRICITY_2 * sin(radians(latitude)) ** 2)
    return radians(degrees) * AXIS * cos(radians(latitude)) / root


def line(*places: tuple[float, float]) -> Line:
    return Line("1", "太焦线", "railway", shapely.LineString(places))


NORTHWARD = line((112.4, LAT - 0.005), (112.4, LAT + 0.005))
WHOLE = metres_north(0.01)  # 1,109.6 m


@pytest.mark.parametrize(
    ("step_m", "count"), [(2000.0, 1), (WHOLE + 0.01, 1), (WHOLE - 0.01, 2), (300.0, 4), (100.0, 12)]
)
def test_stations_are_at_most_a_step_apart(step_m: float, count: int) -> None:
    found = stations_of([NORTHWARD], step_m)
    assert len(found) == count
    np.testing.assert_allclose(found.length_m, WHOLE / count, rtol=1e-7)
    # Each in the middle of its piece.
    middles = LAT - 0.005 + 0.01 * (np.arange(count) + 0.5) / count
    np.testing.assert_allclose(found.lonlat, [(112.4, latitude) for latitude in middles], rtol=0, atol=1e-8)
    assert found.line.tolist() == [0] * count


def test_stations_follow_the_bends_of_a_line() -> None:
    east = metres_east(0.01, LAT - 0.005)
    bent = line((112.39, LAT - 0.005), (112.4, LAT - 0.005), (112.4, LAT + 0.005))
    found = stations_of([bent], 500.0)
    assert found.length_m.sum() == pytest.approx(east + WHOLE, rel=1e-6)
    # 2,016 m are five pieces of 403 m: two on the first edge (907 m), the third not far behind the bend.
    assert len(found) == 5
    assert found.lonlat[:2, 1] == pytest.approx([LAT - 0.005] * 2, abs=1e-12)
    assert found.lonlat[2:, 0] == pytest.approx([112.4] * 3, abs=1e-12)
    third = (2.5 * (east + WHOLE) / 5 - east) / WHOLE
    assert found.lonlat[2, 1] == pytest.approx(LAT - 0.005 + 0.01 * third, abs=1e-8)


def test_every_part_of_a_line_has_stations_of_its_own() -> None:
    parts = [[(112.4, LAT - 0.005), (112.4, LAT + 0.005)], [(112.5, LAT), (112.501, LAT)]]
    both_parts = Line("2", "", "railway", shapely.MultiLineString(parts))
    found = stations_of([NORTHWARD, both_parts], 5000.0)
    assert found.line.tolist() == [0, 1, 1]
    assert found.lonlat[:, 0] == pytest.approx([112.4, 112.4, 112.5005])


def test_no_lines_and_a_line_without_length_have_no_stations() -> None:
    for lines in ([], [line((112.4, LAT), (112.4, LAT))]):
        found = stations_of(lines, 100.0)
        assert (len(found), found.lonlat.shape, found.line.shape) == (0, (0, 2), (0,))


@pytest.mark.parametrize(
    ("box", "kept"),
    [
        ((112.3, 35.0, 112.5, 36.0), [0, 1, 2, 3]),
        ((112.3, 35.0, 112.5, LAT), [0, 1]),
        ((112.3, LAT, 112.5, 36.0), [2, 3]),
        ((112.4, 35.0, 112.4, 36.0), [0, 1, 2, 3]),  # on the edge is inside
        ((112.41, 35.0, 112.5, 36.0), []),
        ((112.3, 35.0, 112.39, 36.0), []),
    ],
)
def test_only_stations_in_the_box_are_kept(box: tuple[float, float, float, float], kept: list[int]) -> None:
    every, found = stations_of([NORTHWARD], 300.0), stations_of([NORTHWARD], 300.0, box)
    np.testing.assert_array_equal(found.lonlat, every.lonlat[kept])
    np.testing.assert_array_equal(found.length_m, every.length_m[kept])
    assert len(found.line) == len(kept)


def parcel(west: float, south: float) -> shapely.Polygon:
    return shapely.box(west, south, west + 0.001, south + 0.001)


@pytest.mark.parametrize(
    ("shape", "expected_m"),
    [
        (parcel(112.42, LAT), metres_east(0.02, LAT + 0.0005)),  # beside the line
        (parcel(112.3995, LAT + 0.006), metres_north(0.001, LAT + 0.0055)),  # beyond its end
        (parcel(112.3995, LAT), 0.0),
        (
            parcel(112.403, LAT + 0.009),
            hypot(metres_east(0.003, LAT + 0.007), metres_north(0.004, LAT + 0.007)),
        ),
    ],
)
def test_the_distance_of_a_parcel_is_geodesic(shape: shapely.Polygon, expected_m: float) -> None:
    (found,) = distances_m([shape], [NORTHWARD])
    assert found == pytest.approx(expected_m, rel=2e-5)


def test_of_several_lines_the_nearest_one_counts() -> None:
    far, near = line((112.5, 35.4), (112.5, 35.6)), line((112.43, 35.4), (112.43, 35.6))
    (found,) = distances_m([parcel(112.42, LAT)], [far, near, NORTHWARD])
    assert found == pytest.approx(metres_east(0.009, LAT + 0.0005), rel=2e-5)


def test_what_has_no_place_or_nothing_to_be_near_has_no_distance() -> None:
    found = distances_m([None, shapely.Polygon(), parcel(112.4, LAT)], [NORTHWARD])
    assert np.isnan(found).tolist() == [True, True, False]
    assert np.isnan(distances_m([parcel(112.4, LAT)], [])).tolist() == [True]
    assert distances_m([], [NORTHWARD]).shape == (0,)


@pytest.mark.parametrize(
    ("at", "expected_m"), [((112.4005, LAT), 0.0), ((112.4005, LAT - 0.01), metres_north(0.01, LAT - 0.005))]
)
def test_the_distance_to_a_place_is_nothing_inside(at: tuple[float, float], expected_m: float) -> None:
    assert distance_to_point_m(parcel(112.4, LAT), at) == pytest.approx(expected_m, rel=2e-5)
