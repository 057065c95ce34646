"""The origin in the middle of shapes, and how fine the grid around it is."""

import math

import numpy as np
import pytest
import shapely

from zoning.overlay.origin import Origin, finest_grid

FINEST = 2.0**-37


@pytest.mark.parametrize(
    ("boxes", "x", "y"),
    [
        ([(680_000, 3_900_000, 680_100, 3_900_040)], 680_050.0, 3_900_020.0),
        ([(0, 0, 10, 10), (90, -30, 100, 0)], 50.0, -10.0),
        ([(-7, -9, -3, -1)], -5.0, -5.0),
        ([(0, 0, 10.8, 4.8)], 5.0, 2.0),
        ([(0, 0, 11.2, 5.2)], 6.0, 3.0),
    ],
)
def test_it_lies_in_the_middle_in_whole_metres(
    boxes: list[tuple[float, float, float, float]], x: float, y: float
) -> None:
    found = Origin.among([shapely.box(*box) for box in boxes])
    assert (found.x, found.y) == (x, y)


def test_empty_shapes_do_not_move_it() -> None:
    found = Origin.among([shapely.Polygon(), shapely.box(0, 0, 20, 40)])
    assert (found.x, found.y) == (10.0, 20.0)


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize(
    ("extent_m", "grid_m"),
    [(1.0, FINEST), (16_384.0, FINEST), (16_385.0, 2.0**-36), (32_768.0, 2.0**-36), (1e6, 2.0 ** (20 - 51))],
)
def test_the_grid_is_so_fine_that_the_longer_side_has_51_digits(extent_m: float, grid_m: float, wide: bool) -> None:
    box = shapely.box(600_000, 3_900_000, 600_001, 3_900_001 + extent_m)
    if wide:
        box = shapely.box(600_000, 3_900_000, 600_000 + extent_m, 3_900_001)
    expected = grid_m if wide else 2.0 ** (max(-37, math.ceil(math.log2(extent_m + 1)) - 51))
    assert Origin.among([box]).grid_m == expected


def test_shapes_of_a_few_centimetres_have_a_grid_as_well() -> None:
    assert Origin.among([shapely.Point(680_000, 3_900_000).buffer(0.01)]).grid_m == FINEST


@pytest.mark.parametrize(
    ("bounds", "grid"),
    [
        # From 2^21 on a number of the plane has a last digit of 2^-31; a sixty-fourth of it is 2^-37.
        ((600_000.0, 3_900_000.0, 600_100.0, 3_900_100.0), FINEST),
        ((0.0, 0.0, 2.0**20, 2.0**22), FINEST),
        ((0.0, 0.0, 2.0**20, 2.0**20), 2.0**-38),
        # Degrees: 112 has a last digit of 2^-46.
        ((112.0, 35.0, 112.1, 35.1), 2.0**-52),
        ((-112.0, -35.0, -1.0, -1.0), 2.0**-52),
        ((0.0, 0.0, 1.0, 1.0), 2.0**-58),
    ],
)
def test_smaller_numbers_need_a_finer_grid(bounds: tuple[float, float, float, float], grid: float) -> None:
    assert finest_grid(bounds) == grid


def test_boxes_of_nothing_are_passed_over() -> None:
    boxes = np.asarray([(112.0, 35.0, 112.1, 35.1), (np.nan,) * 4])
    assert finest_grid(boxes) == 2.0**-52


@pytest.mark.parametrize("wkt", ["POLYGON ((0 0, 4 0, 4 4, 0 0))", "LINESTRING (0 0, 4 4, 4 0, 0 4)", "POINT (1 2)"])
def test_there_and_back_is_the_same_shape(wkt: str) -> None:
    origin = Origin(680_000.0, 3_900_000.0)
    shape = shapely.from_wkt(wkt)
    assert origin.near(origin.back(shape)).equals_exact(shape, 0.0)


def test_a_line_that_crosses_itself_is_left_as_it_is() -> None:
    line = shapely.LineString([(0, 0), (4, 4), (4, 0), (0, 4)])
    assert shapely.get_num_coordinates(Origin(10.0, 0.0).back(line)) == 4


def test_a_polygon_that_crosses_itself_comes_back_valid_and_as_areas_alone() -> None:
    bow = shapely.Polygon([(0, 0), (4, 4), (4, 0), (0, 4), (0, 0), (-3, 0)])
    found = Origin(10.0, 0.0).back(bow)
    assert found.is_valid
    assert found.geom_type in {"Polygon", "MultiPolygon"}
    assert found.area == pytest.approx(8.0)


def test_many_are_moved_in_their_order() -> None:
    found = Origin(1.0, 2.0).all_near([shapely.Point(1, 2), shapely.Point(4, 6)])
    assert [(point.x, point.y) for point in found] == [(0.0, 0.0), (3.0, 4.0)]
    assert Origin(1.0, 2.0).all_near([]).shape == (0,)
