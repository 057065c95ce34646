"""Heights between the cells of a grid, places of a grid, and boxes around parcels: all worked by hand."""

from math import cos, nan, radians

import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from zoning.mines.elevation import Elevation, around, cells_of, ellipsoid_m2

GEOD = Geod(ellps="GRS80")
# Three rows, four columns of a hundredth of a degree, the corner at 112° E, 36° N.
HEIGHTS = [[0.0, 10, 20, 30], [100, 110, 120, 130], [200, 210, 220, nan]]
STEP = 0.01


def grid() -> Elevation:
    return Elevation(np.array(HEIGHTS, dtype=np.float32), "EPSG:4490", 112.0, 36.0, STEP, STEP, "a.tif")


def floats(*numbers: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(numbers, dtype=np.float64)


@pytest.mark.parametrize(
    ("row", "column", "height"),
    [
        (0, 0, 0),
        (0, 3, 30),
        (2, 0, 200),
        (0, 0.5, 5),
        (0.5, 0, 50),
        (0.25, 0.75, 25 + 7.5),
        (1, 2, 120),
        (2, 2, 220),
        (1.5, 1.5, 165),
        (1, 3, 130),
        (2, 3, nan),  # not known itself
        (2, 2.001, nan),  # one of the two is not known
        (1.001, 3, nan),
        (1.5, 2.5, nan),
        (1, 2.5, 125),  # the unknown neighbour has no weight
        (-0.001, 0, nan),  # beyond the outermost centres
        (0, -0.001, nan),
        (2.001, 0, nan),
        (0, 3.001, nan),
        (nan, 0, nan),
    ],
)
def test_a_height_between_four_centres(row: float, column: float, height: float) -> None:
    (found,) = grid().at(floats(row), floats(column))
    assert found == pytest.approx(height, nan_ok=True)


def test_heights_of_many_places_stand_in_their_order() -> None:
    found = grid().at(floats(2, -1, 0), floats(0, 0, 1))
    assert found.tolist() == pytest.approx([200, nan, 10], nan_ok=True)
    assert grid().at(floats(), floats()).tolist() == []


def test_row_and_column_of_a_cell_are_those_of_its_centre() -> None:
    found = grid().lonlat(floats(0, 2, -0.5), floats(0, 3, -0.5))
    assert found.tolist() == [pytest.approx(place) for place in ([112.005, 35.995], [112.035, 35.975], [112.0, 36.0])]


def test_places_are_the_way_back() -> None:
    rows, columns = grid().places(np.array([[112.005, 35.995], [112.035, 35.975], [112.0, 36.0], [112.02, 35.99]]))
    assert rows.tolist() == pytest.approx([0, 2, -0.5, 0.5], abs=1e-9)
    assert columns.tolist() == pytest.approx([0, 3, -0.5, 1.5], abs=1e-9)


def test_cells_are_as_large_as_the_ellipsoid_says() -> None:
    wide, high = grid().cells_m
    for row, (east_west, north_south) in enumerate(zip(wide, high, strict=True)):
        middle = 35.995 - row * STEP
        assert east_west == pytest.approx(GEOD.inv(112.0, middle, 112.01, middle)[2], rel=1e-9)
        assert north_south == pytest.approx(GEOD.inv(112, middle - 0.005, 112, middle + 0.005)[2], rel=1e-9)
    assert wide[0] < wide[2]  # further south a degree is wider
    assert grid().shape == (3, 4)


def test_the_radius_is_the_mean_of_both_curvatures() -> None:
    # M = a (1 - e²) / w³, N = a / w at the latitude of the middle, 35.985°.
    e2 = 2 / 298.257222101 - 1 / 298.257222101**2
    w = (1 - e2 * (1 - cos(radians(35.985)) ** 2)) ** 0.5
    meridian, normal = 6378137 * (1 - e2) / w**3, 6378137 / w
    assert grid().radius_m == pytest.approx((meridian * normal) ** 0.5, rel=1e-12)


CELL = shapely.box(112.01, 35.98, 112.02, 35.99)  # row 1, column 1


@pytest.mark.parametrize(
    ("parcel", "cells"),
    [
        (CELL, {(1, 1): 1.0}),
        (shapely.box(112.01, 35.985, 112.02, 35.99), {(1, 1): 0.5}),
        (shapely.box(112.005, 35.985, 112.015, 35.995), {(0, 0): 0.25, (0, 1): 0.25, (1, 0): 0.25, (1, 1): 0.25}),
        (shapely.Polygon([(112.01, 35.98), (112.02, 35.98), (112.01, 35.99)]), {(1, 1): 0.5}),
        (shapely.box(112.03, 35.97, 112.05, 35.98), {(2, 3): 1.0}),  # half of it beyond the grid
        (shapely.box(113, 35.97, 113.01, 35.98), {}),
        (shapely.Polygon(), {}),
        (None, {}),
    ],
)
def test_a_parcel_covers_its_share_of_each_cell(
    parcel: BaseGeometry | None, cells: dict[tuple[int, int], float]
) -> None:
    found = cells_of(grid(), [parcel])
    shares = {(int(r), int(c)): s for r, c, s in zip(found.rows, found.columns, found.share, strict=True)}
    assert shares == {place: pytest.approx(share, abs=1e-5) for place, share in cells.items()}
    assert found.owner.tolist() == [0] * len(cells)


def test_what_lies_beyond_the_grid_is_told_in_square_metres() -> None:
    inside, half, out = CELL, shapely.box(112.03, 35.97, 112.05, 35.98), shapely.box(113, 35.97, 113.01, 35.98)
    found = cells_of(grid(), [inside, half, None, out, shapely.Polygon()])
    assert found.owner.tolist() == [0, 1]
    assert found.beyond_m2[0] == 0.0  # not a rounding error of its area
    assert found.beyond_m2[1] == pytest.approx(ellipsoid_m2(half) / 2, rel=1e-4)
    assert found.beyond_m2[2:].tolist() == [0.0, pytest.approx(ellipsoid_m2(out)), 0.0]
    assert found.area_m2[0] == pytest.approx(ellipsoid_m2(CELL), rel=1e-4)


def test_no_parcels_cover_no_cells() -> None:
    found = cells_of(grid(), [])
    assert (found.owner.size, found.area_m2.size, found.beyond_m2.size) == (0, 0, 0)


def test_the_area_does_not_depend_on_the_way_round() -> None:
    hole = shapely.Polygon(CELL.exterior, [[(112.013, 35.983), (112.017, 35.983), (112.017, 35.987)]])
    there, back = ellipsoid_m2(hole), ellipsoid_m2(hole.reverse())
    assert there == pytest.approx(back)
    assert there == pytest.approx(ellipsoid_m2(CELL) - ellipsoid_m2(shapely.Polygon(hole.interiors[0])))
    assert ellipsoid_m2(CELL) == pytest.approx(901.7 * 1109.5, rel=1e-3)  # by the size of its cell


@pytest.mark.parametrize("reach_m", [1.0, 500.0, 50_000.0])
@pytest.mark.parametrize(("longitude", "latitude"), [(112.4, 35.5), (100.0, 0.0), (120.0, -45.0), (110.0, 80.0)])
def test_the_box_holds_everything_within_the_reach(reach_m: float, longitude: float, latitude: float) -> None:
    west, south, east, north = around([shapely.Point(longitude, latitude)], reach_m)
    for azimuth in range(0, 360, 15):
        x, y, _ = GEOD.fwd(longitude, latitude, azimuth, reach_m)
        assert west <= x <= east
        assert south <= y <= north


def test_the_box_of_several_is_that_of_all() -> None:
    found = around([shapely.Point(112, 35), shapely.box(112.5, 35.5, 113, 36)], 0.0)
    assert found == pytest.approx((112, 35, 113, 36))


def test_the_box_is_not_much_too_large() -> None:
    west, south, east, north = around([shapely.Point(112.4, 35.5)], 1000.0)
    # A kilometre is 1/111 of a degree to the north, and 1/90.7 to the east at this latitude.
    assert (north - south) / 2 == pytest.approx(1 / 111, rel=0.01)
    assert (east - west) / 2 == pytest.approx(1 / 90.7, rel=0.01)
