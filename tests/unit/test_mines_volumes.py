"""Cut and fill against bodies whose volume is known, and toy grids with the arithmetic beside them."""

from math import atan, degrees, pi, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.errors import LayerError
from zoning.mines.elevation import Elevation, cells_of, ellipsoid_m2, read_elevation
from zoning.mines.volumes import (
    Level,
    RimPlane,
    SlopeClass,
    Surface,
    VerticalError,
    perimeter_m,
    slopes,
    volumes,
)
from zoning.texts import Text

# On the central meridian of 111°E the plane of Gauss-Krüger is true: a cell of 10 m has 100 m2 on the ellipsoid.
CRS, WEST, NORTH = "EPSG:4546", 500_000.0, 3_930_000.0


def grid_of(heights: Any, cell: float = 10.0) -> Elevation:
    """Return an elevation model whose north-western corner stands on the central meridian."""
    return Elevation(np.asarray(heights, dtype=np.float32), CRS, WEST, NORTH, cell, cell, "dem")


def box_of(grid: Elevation, top: float, left: float, bottom: float, right: float) -> shapely.Polygon:
    """Return a box between places of the grid, in cells from its outer corner."""
    corners = np.array([[top, left], [top, right], [bottom, right], [bottom, left]]) - 0.5
    return shapely.Polygon(grid.lonlat(corners[:, 0], corners[:, 1]))


def circle_of(grid: Elevation, row: float, column: float, radius: float) -> shapely.Polygon:
    """Return a circle, all in cells."""
    turn = np.linspace(0, 2 * pi, 721)[:-1]
    return shapely.Polygon(grid.lonlat(row + radius * np.cos(turn) - 0.5, column + radius * np.sin(turn) - 0.5))


def test_a_toy_grid_by_hand() -> None:
    # Ground    Level 100 less ground   share of the cell
    # 99 101    +1 -1                   1    1/2
    # 96  98    +4 +2                   1/2  1/4
    # fill = 100 x (1 x 1 + 4 x 0.5 + 2 x 0.25) = 350; cut = 100 x (1 x 0.5) = 50
    grid = grid_of([[99, 101], [96, 98]])
    (found,) = volumes(grid, [box_of(grid, 0, 0, 1.5, 1.5)], Level(100.0), VerticalError(0.5, 2.0))
    assert found.fill_m3 == pytest.approx(350.0, rel=1e-6)
    assert found.cut_m3 == pytest.approx(50.0, rel=1e-6)
    assert found.net_m3 == pytest.approx(300.0, rel=1e-6)
    assert (found.area_m2, found.known_m2) == pytest.approx((225.0, 225.0), rel=1e-6)
    assert (found.deepest_m, found.highest_m) == (4.0, 1.0)
    assert found.unknown_share == pytest.approx(0.0, abs=1e-9)
    # sqrt((225 x 0.5)^2 + (100^2 + 50^2 + 50^2 + 25^2) x 2^2) = sqrt(12656.25 + 62500)
    assert found.error_m3 == pytest.approx(sqrt(12_656.25 + 62_500), rel=1e-6)


def test_what_has_no_height_is_told_and_left_out() -> None:
    grid = grid_of([[99, np.nan], [96, 98]])
    (found, beyond, nowhere, none) = volumes(
        grid,
        [box_of(grid, 0, 0, 2, 2), box_of(grid, 0, 1, 1, 3), box_of(grid, 90, 90, 91, 91), None],
        Level(100.0),
    )
    assert found.unknown_share == pytest.approx(0.25, abs=1e-6)
    assert found.fill_m3 == pytest.approx(700.0, rel=1e-6)
    assert found.error_m3 is None
    assert (beyond.fill_m3, beyond.net_m3, beyond.unknown_share) == (None, None, 1.0)
    assert beyond.area_m2 == pytest.approx(200.0, rel=1e-6)
    assert (nowhere.fill_m3, nowhere.unknown_share) == (None, 1.0)
    assert nowhere.area_m2 == pytest.approx(100.0, rel=1e-5)
    assert (none.fill_m3, none.area_m2, none.unknown_share) == (None, 0.0, 1.0)


@pytest.mark.parametrize(("outer", "inner", "depth"), [(40.0, 15.0, 24.0), (30.0, 0.0, 12.0)])
def test_a_pit_of_a_frustum_and_of_a_cone(outer: float, inner: float, depth: float) -> None:
    # V = pi h / 3 (R^2 + R r + r^2), in cells of 2 m
    rows, columns = np.indices((100, 100))
    off = np.hypot(rows - 49.5, columns - 49.5)
    heights = 900.0 - depth * np.clip((outer - off) / (outer - inner), 0.0, 1.0)
    grid = grid_of(heights, 2.0)
    volume = pi * depth / 3 * (outer**2 + outer * inner + inner**2) * 4.0
    (found,) = volumes(grid, [circle_of(grid, 50, 50, outer + 3)], Level(900.0))
    assert found.fill_m3 == pytest.approx(volume, rel=1e-3)
    assert found.cut_m3 == 0.0
    # The rim is the same level, and a hill of that shape is as much cut.
    (by_rim,) = volumes(grid, [circle_of(grid, 50, 50, outer + 3)], RimPlane())
    assert by_rim.fill_m3 == pytest.approx(volume, rel=1e-3)
    assert by_rim.rim is not None
    assert by_rim.rim.height_m == pytest.approx(900.0, abs=1e-3)
    (hill,) = volumes(grid_of(1800.0 - heights, 2.0), [circle_of(grid, 50, 50, outer + 3)], Level(900.0))
    assert hill.cut_m3 == pytest.approx(found.fill_m3, rel=1e-6)


def test_a_pit_in_a_hillside_is_filled_to_the_plane_of_its_rim() -> None:
    rows, columns = np.indices((100, 100))
    hillside = 700.0 + 0.2 * 2.0 * columns - 0.1 * 2.0 * rows
    pit = 15.0 * np.clip((30.0 - np.hypot(rows - 49.5, columns - 49.5)) / 30.0, 0.0, 1.0)
    grid = grid_of(hillside - pit, 2.0)
    (found,) = volumes(grid, [circle_of(grid, 50, 50, 33)], RimPlane())
    assert found.fill_m3 == pytest.approx(pi * 15.0 / 3 * 30.0**2 * 4.0, rel=2e-3)
    assert found.cut_m3 == pytest.approx(0.0, abs=1.0)
    assert found.rim is not None
    assert (found.rim.east, found.rim.north) == pytest.approx((0.2, 0.1), abs=1e-4)
    assert found.rim.residual_m == pytest.approx(0.0, abs=1e-3)
    assert found.rim.slope_degrees == pytest.approx(degrees(atan(sqrt(0.05))), abs=0.01)


def test_a_trench_is_a_prism() -> None:
    # V-shaped, 20 m wide, 10 m deep, cells of 1 m: their centres at 0.5, 1.5 ... sum up to the triangle exactly.
    # V = 20 x 10 / 2 x 30 = 3000
    columns = np.arange(40) + 0.5
    heights = np.tile(500.0 - np.clip(10.0 - np.abs(columns - 20.0), 0.0, None), (30, 1))
    grid = grid_of(heights, 1.0)
    (found,) = volumes(grid, [box_of(grid, 0, 0, 30, 40)], Level(500.0))
    assert found.fill_m3 == pytest.approx(3_000.0, rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(
    top=st.floats(1, 8), left=st.floats(1, 8), high=st.floats(0.3, 8), wide=st.floats(0.3, 8), rise=st.floats(-30, 30)
)
def test_between_parallel_surfaces_the_volume_is_the_area_times_the_distance(
    top: float, left: float, high: float, wide: float, rise: float
) -> None:
    rows, columns = np.indices((20, 20))
    ground = grid_of(800.0 + 0.7 * rows - 0.3 * columns)
    # The other model has another grid: bilinear is exact on a plane.
    r, c = np.indices((40, 40)) * 0.6 - 1.3
    later = Elevation(
        np.asarray(800.0 + rise + 0.7 * r - 0.3 * c, dtype=np.float32), CRS, WEST - 13.0 - 3.0 + 5.0,
        NORTH + 13.0 + 3.0 - 5.0, 6.0, 6.0,
    )  # fmt: skip
    parcel = box_of(ground, top, left, top + high, left + wide)
    (found,) = volumes(ground, [parcel], Surface(later))
    area = high * wide * 100.0
    assert found.known_m2 == pytest.approx(area, rel=1e-5)
    assert found.net_m3 == pytest.approx(area * rise, rel=1e-5, abs=area * 5e-4)
    assert min(found.fill_m3 or 0.0, found.cut_m3 or 0.0) <= area * 5e-4


def test_the_same_grid_is_taken_cell_by_cell_even_beside_a_gap() -> None:
    before = grid_of([[10, 10, 10], [10, 10, 10]])
    after = grid_of([[12, np.nan, 7], [12, 12, 7]])
    (found,) = volumes(before, [box_of(before, 0, 0, 2, 3)], Surface(after))
    assert (found.fill_m3, found.cut_m3) == pytest.approx((600.0, 600.0), rel=1e-6)
    assert found.unknown_share == pytest.approx(1 / 6, abs=1e-6)


def test_a_model_is_read_with_its_gaps_and_in_windows(tmp_path: Path) -> None:
    path = tmp_path / "dem.tif"
    heights = np.arange(600, dtype=np.float32).reshape(20, 30)
    heights[0, 0], heights[0, 1], heights[0, 2] = -9999, -32768, np.inf
    with rasterio.open(
        path, "w", driver="GTiff", width=30, height=20, count=1, dtype="float32", crs=CRS, nodata=-9999,
        transform=Affine(10, 0, WEST, 0, -10, NORTH),
    ) as file:  # fmt: skip
        file.write(heights, 1)
    whole = read_elevation(path)
    # Declared, a mark that is not declared, no number at all.
    assert np.isnan(whole.heights[0, :3]).all()
    assert (whole.shape, whole.heights[1, 1], len(whole.sha256)) == ((20, 30), 31.0, 64)
    west, south, east, north = box_of(whole, 10, 12, 11, 13).bounds
    part = read_elevation(path, (west, south, east, north))
    assert part.shape < whole.shape
    rows, columns = part.places(whole.lonlat(np.array([10.0]), np.array([12.0])))
    assert part.at(rows, columns) == pytest.approx(312.0, abs=1e-3)
    with pytest.raises(LayerError) as caught:
        read_elevation(path, (10.0, 10.0, 10.1, 10.1))
    assert caught.value.text.en.startswith("dem.tif: cannot be used as an elevation raster (")


@pytest.mark.parametrize("turned", [Affine(10, 1, WEST, 1, -10, NORTH), Affine(10, 0, WEST, 0, 10, NORTH)])
def test_a_model_that_is_turned_is_refused(tmp_path: Path, turned: Affine) -> None:
    path = tmp_path / "dem.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=3, height=3, count=1, dtype="float32", crs=CRS, transform=turned
    ) as file:
        file.write(np.zeros((3, 3), dtype=np.float32), 1)
    with pytest.raises(LayerError) as caught:
        read_elevation(path)
    assert caught.value.text == Text(
        "dem.tif：不能作为高程栅格使用（栅格有旋转或上下颠倒）；请换用带坐标系的 GeoTIFF",
        "dem.tif: cannot be used as an elevation raster (its rows do not run from west to east, north first); "
        "use a GeoTIFF with a coordinate system",
    )


def test_cells_of_degrees_and_of_web_mercator_have_their_true_size() -> None:
    # At 35.5 degrees a degree of longitude has 90.7 km, one of latitude 111.0 km (GRS80).
    degrees_ = Elevation(np.zeros((4, 4), dtype=np.float32), "EPSG:4490", 112.0, 35.502, 0.001, 0.001)
    wide, high = degrees_.cells_m
    assert (wide[1], high[1]) == pytest.approx((90.73, 110.96), abs=0.02)
    mercator = Elevation(np.zeros((4, 4), dtype=np.float32), "EPSG:3857", 12_467_000.0, 4_232_000.0, 100.0, 100.0)
    wide, high = mercator.cells_m
    # True scale times the cosine of the latitude (and the ellipsoid, which differs east-west and north-south).
    assert (wide[1], high[1]) == pytest.approx((81.5, 81.2), abs=0.15)


def test_a_rim_without_heights_makes_no_plane() -> None:
    grid = grid_of(np.full((6, 6), np.nan))
    (found,) = volumes(grid, [box_of(grid, 1, 1, 4, 4)], RimPlane())
    assert (found.fill_m3, found.rim, found.unknown_share) == (None, None, 1.0)


CLASSES = (
    SlopeClass("flat", Text("平", "flat"), 6.0),
    SlopeClass("medium", Text("中", "medium"), 15.0),
    SlopeClass("steep", Text("陡", "steep"), None),
)


def test_classes_of_slopes_of_a_roof() -> None:
    # East of column 10 the ground rises by 0.2 (11.3 degrees), west of it it is level; row and column at the ridge and
    # the outermost cells, which have no neighbours, are left out of the parcels.
    columns = np.tile(np.maximum(np.arange(20) - 10, 0) * 2.0, (12, 1))
    grid = grid_of(columns)
    level, rising, edge, nowhere = slopes(
        grid, [box_of(grid, 2, 2, 8, 9), box_of(grid, 2, 12.5, 8, 18), box_of(grid, 0, 2, 2, 4), None], CLASSES
    )
    assert level.areas_m2 == pytest.approx({"flat": 4_200.0, "medium": 0.0, "steep": 0.0}, rel=1e-5)
    assert rising.areas_m2 == pytest.approx({"flat": 0.0, "medium": 3_300.0, "steep": 0.0}, rel=1e-5)
    assert rising.mean_degrees == pytest.approx(degrees(atan(0.2)), abs=1e-3)
    assert edge.areas_m2["flat"] == pytest.approx(200.0, rel=1e-5)
    assert edge.unknown_m2 == pytest.approx(200.0, rel=1e-5)
    assert (nowhere.mean_degrees, sum(nowhere.areas_m2.values())) == (None, 0.0)


def test_the_limit_of_a_class_belongs_to_the_steeper_one() -> None:
    limit = SlopeClass("level", Text("平", "level"), 0.0)
    grid = grid_of(np.full((9, 9), 7.0))
    (found,) = slopes(grid, [box_of(grid, 2, 2, 4, 4)], (limit, CLASSES[-1]))
    assert found.areas_m2 == pytest.approx({"level": 0.0, "steep": 400.0}, rel=1e-5)
    assert found.unknown_m2 == 0.0


def test_the_perimeter_is_that_of_the_outer_border() -> None:
    grid = grid_of(np.zeros((40, 40)))
    outer, hole = box_of(grid, 2, 2, 12, 22), box_of(grid, 4, 4, 6, 6)
    parcel = shapely.Polygon(outer.exterior, [hole.exterior])
    assert perimeter_m(parcel) == pytest.approx(600.0, rel=1e-5)
    assert ellipsoid_m2(parcel) == pytest.approx(20_000.0 - 400.0, rel=1e-5)
    assert cells_of(grid, [parcel]).area_m2.sum() == pytest.approx(19_600.0, rel=1e-5)
