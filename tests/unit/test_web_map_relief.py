"""The shaded relief: lit from the right side, and lying where the ground lies."""

import base64
import math
import warnings
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning

from zoning.errors import LayerError
from zoning.maps.content import Box
from zoning.maps.hillshade import elevations, grid_shape, ground_cell_m, mercator, relief_picture, shade
from zoning.maps.product import Relief

STYLE = Relief(azimuth=315, altitude=45, exaggeration=1, strength=0.3, pixels=400)
BOX = Box(112.0, 35.0, 113.2, 36.0)
PEAKS = ((112.3, 35.25), (112.6, 35.5), (112.9, 35.8))


def write_peaks(path: Path, *, crs: str | None = "EPSG:4490", cells: int = 1200) -> Path:
    """Write a plain with sharp peaks at known places."""
    west, south, east, north = 111.9, 34.9, 113.3, 36.1
    lon = np.linspace(west, east, cells, endpoint=False) + (east - west) / cells / 2
    lat = np.linspace(north, south, cells, endpoint=False) - (north - south) / cells / 2
    heights = np.zeros((cells, cells))
    for peak_lon, peak_lat in PEAKS:
        distance = np.hypot((lon[None, :] - peak_lon) * 0.82, lat[:, None] - peak_lat)
        heights = np.maximum(heights, 1000 * np.exp(-((distance / 0.02) ** 2)))
    with rasterio.open(
        path, "w", driver="GTiff", width=cells, height=cells, count=1, dtype="float32", crs=crs, nodata=-9999,
        transform=Affine((east - west) / cells, 0, west, 0, (south - north) / cells, north),
    ) as file:  # fmt: skip
        file.write(heights.astype("float32"), 1)
    return path


def on_picture(lon: float, lat: float, shape: tuple[int, int]) -> tuple[float, float]:
    """Row and column at which a web map shows a place: linear in web Mercator between the corners of the picture."""
    west, south = mercator(BOX.west, BOX.south)
    east, north = mercator(BOX.east, BOX.north)
    x, y = mercator(lon, lat)
    return (north - y) / (north - south) * shape[0] - 0.5, (x - west) / (east - west) * shape[1] - 0.5


def crest(heights: np.ndarray, row: float, column: float) -> tuple[float, float]:
    """Centre of the mountain near a cell, to a part of a cell."""
    r0, c0 = round(row) - 12, round(column) - 12
    part = heights[r0 : r0 + 25, c0 : c0 + 25]
    rows, columns = np.mgrid[r0 : r0 + 25, c0 : c0 + 25]
    return float((rows * part).sum() / part.sum()), float((columns * part).sum() / part.sum())


@pytest.mark.parametrize("place", PEAKS)
def test_a_mountain_lies_where_it_is_to_a_part_of_a_pixel(tmp_path: Path, place: tuple[float, float]) -> None:
    shape = grid_shape(BOX, STYLE.pixels)
    heights = elevations([write_peaks(tmp_path / "dem.tif")], BOX, shape)
    expected = on_picture(*place, shape)
    found = crest(heights, *expected)
    assert math.dist(found, expected) < 0.3


@pytest.mark.parametrize("cells", ["int16", "float32", "uint16"])
def test_beyond_a_model_that_names_no_gaps_is_no_sea(tmp_path: Path, cells: str) -> None:
    halves = []
    for number, west in enumerate((112.0, 112.6)):
        path = tmp_path / f"{number}.tif"
        with rasterio.open(
            path, "w", driver="GTiff", width=60, height=100, count=1, dtype=cells, crs="EPSG:4490",
            transform=Affine(0.01, 0, west, 0, -0.01, 36.0),
        ) as file:  # fmt: skip
            file.write(np.full((100, 60), 700 + number).astype(cells), 1)
        halves.append(path)
    shape = grid_shape(BOX, 240)
    half = elevations(halves[:1], BOX, shape)
    # GDAL weighs neighbours when it warps: numbers of cells that are all the same may differ in their last bits.
    assert half[~np.isnan(half)] == pytest.approx(700.0)
    assert np.isnan(half).mean() == pytest.approx(0.5, abs=0.02)
    both = elevations(halves, BOX, shape)[2:-2, 2:-2]
    assert np.unique(np.round(both, 6)).tolist() == [700.0, 701.0]


def test_without_the_warp_it_would_be_displaced() -> None:
    # Rows of equal latitude, stretched between the corners: the middle of one degree lies several pixels off.
    shape = grid_shape(BOX, 1600)
    row, _ = on_picture(112.6, 35.5, shape)
    assert abs(row - ((BOX.north - 35.5) / (BOX.north - BOX.south) * shape[0] - 0.5)) > 1


def test_pixels_are_square_on_the_map() -> None:
    rows, columns = grid_shape(BOX, 1000)
    west, south = mercator(BOX.west, BOX.south)
    east, north = mercator(BOX.east, BOX.north)
    assert (east - west) / columns == pytest.approx((north - south) / rows, rel=1e-3)
    assert max(rows, columns) == 1000


def test_slopes_are_computed_in_metres_on_the_ground() -> None:
    # 1 degree of latitude is 110.9 km here; the grid has 100 rows.
    assert ground_cell_m(Box(112, 35, 113, 36), 100) == pytest.approx(1113, rel=0.005)


def test_flat_ground_has_the_light_of_its_altitude() -> None:
    light = shade(np.full((5, 5), 800.0), 30, STYLE)
    assert light == pytest.approx(np.full((5, 5), math.sin(math.radians(45))))


@pytest.mark.parametrize(("rise", "expected"), [((1, 1), "dark"), ((-1, -1), "bright")])
def test_the_light_comes_from_the_north_west(rise: tuple[int, int], expected: str) -> None:
    # Heights rise towards the north-west: the slope looks south-east, away from the light.
    rows, columns = np.mgrid[0:9, 0:9]
    heights = -20.0 * (rise[0] * rows + rise[1] * columns)
    middle = shade(heights, 30, STYLE)[4, 4]
    assert (middle < math.sin(math.radians(45))) == (expected == "dark")


def test_a_slope_that_faces_the_light_at_its_altitude_is_fully_lit() -> None:
    rows, columns = np.mgrid[0:9, 0:9]
    heights = (rows + columns) * 30 / math.sqrt(2)  # falls to the north-west by 45 degrees
    assert shade(heights, 30, STYLE)[4, 4] == pytest.approx(1.0)


def test_the_picture_is_a_webp_of_the_box(tmp_path: Path) -> None:
    picture = relief_picture([write_peaks(tmp_path / "dem.tif")], BOX, STYLE, paper="#F4F2EC")
    assert picture is not None
    assert picture.box == BOX
    kind, _, body = picture.source.partition(",")
    assert kind == "data:image/webp;base64"
    with warnings.catch_warnings(), rasterio.MemoryFile(base64.b64decode(body)) as memory:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        shown = memory.open()
        assert (shown.height, shown.width) == grid_shape(BOX, STYLE.pixels)
        corner = shown.read()[:, 5, 5]
    assert corner == pytest.approx(np.array([0xF4, 0xF2, 0xEC]), abs=4)  # flat ground is paper


def test_where_no_file_reaches_there_is_no_picture(tmp_path: Path) -> None:
    away = Box(100.0, 20.0, 101.0, 21.0)
    assert relief_picture([write_peaks(tmp_path / "dem.tif", cells=60)], away, STYLE, paper="#FFFFFF") is None
    assert relief_picture([], BOX, STYLE, paper="#FFFFFF") is None


def test_a_second_file_fills_the_gaps_of_the_first(tmp_path: Path) -> None:
    first = write_peaks(tmp_path / "dem.tif", cells=200)
    with rasterio.open(first, "r+") as file:
        heights = file.read(1)
        heights[:, :100] = -9999
        file.write(heights, 1)
    second = write_peaks(tmp_path / "other.tif", cells=200)
    shape = grid_shape(BOX, 120)
    assert np.isnan(elevations([first], BOX, shape)).any()
    assert not np.isnan(elevations([first, second], BOX, shape)).any()


def test_a_file_that_is_no_raster_is_named(tmp_path: Path) -> None:
    path = tmp_path / "dem.tif"
    path.write_text("no raster", encoding="utf-8")
    with pytest.raises(LayerError, match=r"dem\.tif: cannot be read as an elevation raster"):
        elevations([path], BOX, (10, 10))


def test_a_raster_without_coordinate_system_is_named(tmp_path: Path) -> None:
    path = write_peaks(tmp_path / "dem.tif", crs=None, cells=50)
    with pytest.raises(LayerError, match=r"dem\.tif: cannot be read as an elevation raster"):
        elevations([path], BOX, (10, 10))
