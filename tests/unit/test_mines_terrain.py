"""Slope, aspect, relief, curvature: hand-computed window, plane, cone and paraboloid, degrees against the ellipsoid."""

from collections.abc import Callable
from math import atan, cos, degrees, hypot, radians, sin
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Geod
from rasterio.transform import Affine

from zoning.mines.rasters import Grid, Scene, open_scene
from zoning.mines.terrain import (
    QUANTITIES,
    around,
    aspect_deg,
    cell_sizes_m,
    curvature,
    from_south_deg,
    relief_m,
    slope_deg,
    terrain,
    window,
)

Floats = NDArray[np.float64]
ONE = np.array([10.0])


def surface(height: Callable[[Floats, Floats], Floats], cell: float = 10.0, half: int = 8) -> Floats:
    """Heights on a square grid; x grows to the east, y to the north (row 0 is north)."""
    steps = np.arange(-half - 1, half + 2) * cell
    x, y = np.meshgrid(steps, -steps)
    return np.asarray(height(x, y), dtype=np.float64)


def sizes(heights: Floats, cell: float = 10.0) -> tuple[Floats, Floats]:
    rows = heights.shape[0] - 2
    return np.full(rows, cell), np.full(rows, cell)


def test_a_window_of_nine_by_hand() -> None:
    # 50 45 50
    # 30 30 30     the example in the manuals of desktop programs, cells of 5 m
    #  8 10 10
    nine = np.array([[50.0, 45.0, 50.0], [30.0, 30.0, 30.0], [8.0, 10.0, 10.0]])
    five = np.array([5.0])
    east = ((50 + 2 * 30 + 10) - (50 + 2 * 30 + 8)) / (8 * 5)
    north = ((50 + 2 * 45 + 50) - (8 + 2 * 10 + 10)) / (8 * 5)
    assert (east, north) == (0.05, 3.8)
    assert slope_deg(nine, five, five)[0, 0] == pytest.approx(degrees(atan(hypot(east, north))), abs=1e-12)
    assert round(float(slope_deg(nine, five, five)[0, 0]), 2) == 75.26
    # Rising to the north by 3.8, to the east by 0.05: water runs south and a little west.
    assert aspect_deg(nine, five, five)[0, 0] == pytest.approx(180 + degrees(atan(0.05 / 3.8)), abs=1e-12)
    assert from_south_deg(nine, five, five)[0, 0] == pytest.approx(degrees(atan(0.05 / 3.8)), abs=1e-12)
    across, along = ((30 + 30) / 2 - 30) / 25, ((45 + 10) / 2 - 30) / 25
    assert curvature(nine, five, five)[0, 0] == pytest.approx(-2 * (across + along) * 100, abs=1e-12)
    assert curvature(nine, five, five)[0, 0] == pytest.approx(20.0, abs=1e-12)  # a hump
    assert relief_m(nine, 1, 1)[0, 0] == 50 - 8


@given(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5), st.floats(-500, 3000))
def test_a_plane_has_its_slope_everywhere(a: float, b: float, c: float) -> None:
    heights = surface(lambda x, y: a * x + b * y + c)
    found = slope_deg(heights, *sizes(heights))
    assert np.allclose(found, degrees(atan(hypot(a, b))), atol=1e-9)
    assert np.allclose(curvature(heights, *sizes(heights)), 0.0, atol=1e-8)


@pytest.mark.parametrize("toward", [0.0, 45.0, 90.0, 135.0, 180.0, 225.0, 270.0, 359.0])
def test_aspect_is_where_the_water_runs(toward: float) -> None:
    # Falls by 1 in 5 toward the azimuth.
    heights = surface(lambda x, y: -0.2 * (sin(radians(toward)) * x + cos(radians(toward)) * y))
    off = (aspect_deg(heights, *sizes(heights)) - toward + 180) % 360 - 180
    assert np.allclose(off, 0.0, atol=1e-9)
    assert np.allclose(from_south_deg(heights, *sizes(heights)), abs(180 - toward), atol=1e-9)


def test_flat_ground_has_no_aspect_and_lies_between_sun_and_shade() -> None:
    heights = surface(lambda x, y: 0 * x + 0 * y + 700)
    assert np.isnan(aspect_deg(heights, *sizes(heights))).all()
    assert (from_south_deg(heights, *sizes(heights)) == 90.0).all()
    assert (slope_deg(heights, *sizes(heights)) == 0.0).all()


def test_a_cone_has_one_slope_but_for_its_top() -> None:
    heights = surface(lambda x, y: 1000 - 0.5 * np.hypot(x, y), half=30)
    found = slope_deg(heights, *sizes(heights))
    x = surface(np.hypot, half=30)[1:-1, 1:-1]
    far = x >= 100
    # The true slope is atan 0.5; ten cells from the top the differences of Horn are off by less than 0.1 degrees.
    assert np.abs(found[far] - degrees(atan(0.5))).max() < 0.1
    farther = x >= 200
    assert np.abs(found[farther] - degrees(atan(0.5))).max() < 0.025
    # Cone: aspect points away from the top.
    east, north = surface(lambda x, _: x, half=30)[1:-1, 1:-1], surface(lambda _, y: y, half=30)[1:-1, 1:-1]
    off = (aspect_deg(heights, *sizes(heights)) - np.degrees(np.arctan2(east, north)) + 180) % 360 - 180
    assert np.abs(off[far]).max() < 0.2


@given(st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
def test_a_paraboloid_has_its_curvature_and_slope_exactly(a: float, b: float) -> None:
    heights = surface(lambda x, y: a * x * x + b * y * y + 0.3 * x)
    # z'' = 2a and 2b: curvature -(2a + 2b), per 100 m.
    assert np.allclose(curvature(heights, *sizes(heights)), -200 * (a + b), atol=1e-8)
    x, y = surface(lambda x, _: x)[1:-1, 1:-1], surface(lambda _, y: y)[1:-1, 1:-1]
    true = np.degrees(np.arctan(np.hypot(2 * a * x + 0.3, 2 * b * y)))
    assert np.allclose(slope_deg(heights, *sizes(heights)), true, atol=1e-7)


def test_a_step_has_its_relief_only_beside_it() -> None:
    heights = surface(lambda x, _: np.where(x < 0, 100.0, 130.0), half=8)
    found = relief_m(heights, 1, 1)
    x = surface(lambda x, _: x)[1:-1, 1:-1]
    assert (found[(x == -10.0) | (x == 0.0)] == 30.0).all()
    assert (found[(x < -10.0) | (x > 0.0)] == 0.0).all()


def test_a_neighbour_without_height_leaves_the_cell_without_value() -> None:
    heights = surface(lambda x, y: 0.1 * x + 0 * y, half=4)
    heights[3, 3] = np.nan
    for found in (slope_deg(heights, *sizes(heights)), curvature(heights, *sizes(heights)), relief_m(heights, 1, 1)):
        gaps = np.isnan(found)
        assert gaps[1:4, 1:4].all()
        assert gaps.sum() == 9


@pytest.mark.parametrize("latitude", [0.5, 35.5, 60.0])
def test_cells_in_degrees_have_their_size_on_the_ellipsoid(latitude: float) -> None:
    grid = Grid("EPSG:4490", 112.0, latitude + 0.005, 0.0003, 0.0003, 40, 40)
    wide, high = cell_sizes_m(grid, 3, 1)
    middle = grid.top - 3.5 * 0.0003
    geod = Geod(ellps="GRS80")
    assert wide[0] == pytest.approx(geod.inv(112.0, middle, 112.0003, middle)[2], rel=1e-9)
    assert high[0] == pytest.approx(geod.inv(112.0, middle - 0.00015, 112.0, middle + 0.00015)[2], rel=1e-8)


def test_cells_of_a_projected_grid_are_taken_as_they_are() -> None:
    wide, high = cell_sizes_m(Grid("EPSG:4546", 5e5, 4e6, 30.0, 20.0, 5, 5), 0, 5)
    assert (wide == 30.0).all()
    assert (high == 20.0).all()
    assert around(Grid("EPSG:4546", 5e5, 4e6, 30.0, 20.0, 5, 5), 100.0, 2) == (5, 3)
    assert around(Grid("EPSG:4546", 5e5, 4e6, 300.0, 300.0, 5, 5), 100.0, 2) == (1, 1)


def write(path: Path, heights: Floats, crs: str, left: float, top: float, cell: float) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", dtype="float32", count=1, nodata=-9999.0,
        width=heights.shape[1], height=heights.shape[0], crs=crs, transform=Affine(cell, 0.0, left, 0.0, -cell, top),
    ) as file:  # fmt: skip
        file.write(np.where(np.isnan(heights), -9999.0, heights).astype(np.float32), 1)
    return path


def test_a_model_in_degrees_gives_the_slope_on_the_ground(tmp_path: Path) -> None:
    # A roof that rises to the east by 0.2 m per metre on the ground, at 35.5 degrees north: 0.0003 degrees are 27.2 m.
    step = Geod(ellps="GRS80").inv(112.0, 35.5, 112.0003, 35.5)[2]
    heights = np.tile(np.arange(60) * step * 0.2, (20, 1))
    path = write(tmp_path / "dem.tif", heights, "EPSG:4490", 112.0, 35.503, 0.0003)
    with open_scene(Scene(path)) as model:
        found = window(model, (5, 9, 20, 2), ("slope", "aspect"), radius_m=100)
    assert np.allclose(found["slope"], degrees(atan(0.2)), atol=0.002)
    assert np.allclose(found["aspect"], 270.0)


def test_strips_windows_and_the_whole_agree_and_the_edge_is_not_known(tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    heights = random.uniform(500, 900, (70, 50)).astype(np.float32).astype(np.float64)
    heights[20:23, 10] = np.nan
    path = write(tmp_path / "dem.tif", heights, "EPSG:4546", 500_000, 4_000_000, 30.0)
    with open_scene(Scene(path)) as model:
        whole = window(model, (0, 0, 50, 70), QUANTITIES, radius_m=100)
        inner = window(model, (12, 33, 9, 8), QUANTITIES, radius_m=100)
        together: dict[str, list[Floats]] = {name: [] for name in QUANTITIES}
        for _, strip in terrain(model, QUANTITIES, radius_m=100):
            for name in QUANTITIES:
                together[name].append(strip[name])
    for name in QUANTITIES:
        assert np.array_equal(whole[name][33:41, 12:21], inner[name], equal_nan=True)
        assert np.array_equal(np.vstack(together[name]), whole[name], equal_nan=True)
    for name, edge in (("slope", 1), ("curvature", 1), ("relief", 3)):
        known = ~np.isnan(whole[name])
        assert not known[:edge].any()
        assert not known[:, -edge:].any()
        assert known[edge, edge]
    assert np.isnan(whole["elevation"]).sum() == 3


def test_windows_beyond_the_model_are_not_known(tmp_path: Path) -> None:
    path = write(tmp_path / "dem.tif", np.full((6, 6), 800.0), "EPSG:4546", 500_000, 4_000_000, 30.0)
    with open_scene(Scene(path)) as model:
        found = window(model, (-3, 4, 8, 9), ("slope", "elevation"), radius_m=30)
    assert np.isnan(found["elevation"][:, :3]).all()
    assert (found["elevation"][:2, 3:] == 800.0).all()
    assert np.isnan(found["elevation"][2:]).all()
    assert found["slope"][0, 4] == 0.0
    assert np.isnan(found["slope"][1]).all()
