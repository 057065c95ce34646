"""Zonal statistics against sums done by hand and against the areas of shapely."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.transform import Affine
from shapely.geometry.base import BaseGeometry

from zoning.errors import CRSError, LayerError, UsageError
from zoning.mines import zonal
from zoning.mines.rasters import CloudMask, Scene
from zoning.mines.zonal import zonal_statistics

LEFT, TOP = 500_000.0, 3_930_000.0
PLANE = "EPSG:4546"
TO_LONLAT = Transformer.from_crs(PLANE, "EPSG:4490", always_xy=True)
NINE = np.arange(1, 10, dtype=np.float32).reshape(3, 3)


def from_origin(west: float, north: float, dx: float, dy: float) -> Affine:
    return Affine(dx, 0, west, 0, -dy, north)


def write(path: Path, cells: NDArray[np.generic], **more: object) -> Path:
    bands = cells if cells.ndim == 3 else cells[None]
    profile = {
        "driver": "GTiff",
        "count": bands.shape[0],
        "height": bands.shape[1],
        "width": bands.shape[2],
        "dtype": bands.dtype.name,
        "crs": PLANE,
        "transform": from_origin(LEFT, TOP, 10, 10),
    }
    with rasterio.open(path, "w", **{**profile, **more}) as file:
        file.write(bands)
    return path


def lonlat(geometry: BaseGeometry) -> BaseGeometry:
    """From pixels (x right, y down) of the toy grid."""

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(TO_LONLAT.transform(LEFT + 10 * xy[:, 0], TOP - 10 * xy[:, 1]))

    moved: BaseGeometry = shapely.transform(shapely.segmentize(geometry, 5), move)
    return moved


def test_a_square_half_a_pixel_inside(tmp_path: Path) -> None:
    # Corners a quarter, edges a half, the middle whole: 4 x 1/4 + 4 x 1/2 + 1 = 4 pixels.
    # Sum = (1+3+7+9)/4 + (2+4+6+8)/2 + 5 = 5 + 10 + 5 = 20; mean 5.
    path = write(tmp_path / "nine.tif", NINE)
    found = zonal_statistics([Scene(path)], [lonlat(shapely.box(0.5, 0.5, 2.5, 2.5))], ("mean", "sum", "min", "max"))
    assert found.pixels[0, 0] == pytest.approx(4, rel=1e-6)
    assert found.stats["sum"][0, 0] == pytest.approx(20, rel=1e-6)
    assert found.stats["mean"][0, 0] == pytest.approx(5, rel=1e-6)
    assert (found.stats["min"][0, 0], found.stats["max"][0, 0]) == (1, 9)
    assert found.valid[0, 0] == pytest.approx(1, abs=1e-6)
    assert found.outside[0, 0] == pytest.approx(0, abs=1e-6)


def test_what_is_without_value_clouded_or_beyond_the_raster(tmp_path: Path) -> None:
    cells = NINE.copy()
    cells[1, 1] = -9999
    path = write(tmp_path / "nine.tif", cells, nodata=-9999)
    clouds = np.zeros((3, 3), np.uint8)
    clouds[0, 0], clouds[1, 0] = 8, 4
    write(tmp_path / "clouds.tif", clouds)
    scene = Scene(path, cloud=CloudMask(tmp_path / "clouds.tif", codes=(8, 9)))
    # Columns -1 to 2, rows 0 to 2: six pixels, two of them left of the raster; of the other four one is clouded
    # (value 1), one has no value (5). What stays is 2 and 4.
    found = zonal_statistics([scene], [lonlat(shapely.box(-1, 0, 2, 2))], ("mean",))
    assert found.pixels[0, 0] == pytest.approx(6, rel=1e-6)
    assert found.stats["mean"][0, 0] == pytest.approx(3, rel=1e-6)
    shares = [share[0, 0] for share in (found.valid, found.clouded, found.nodata, found.outside)]
    assert shares == pytest.approx([2 / 6, 1 / 6, 1 / 6, 2 / 6], abs=1e-6)


def test_where_a_mask_does_not_reach_the_sky_is_not_known(tmp_path: Path) -> None:
    path = write(tmp_path / "nine.tif", NINE)
    # The mask, of pixels half as large, shows the two left columns only; its second row of six is a cloud.
    codes = np.zeros((6, 4), np.uint8)
    codes[2:4] = 1
    small = write(tmp_path / "small.tif", codes, transform=from_origin(LEFT, TOP, 5, 5))
    found = zonal_statistics([Scene(path, cloud=CloudMask(small))], [lonlat(shapely.box(0, 0, 3, 3))], ("mean", "sum"))
    # Of the nine pixels 1, 2, 7 and 8 are clear.
    assert found.stats["sum"][0, 0] == pytest.approx(18, rel=1e-6)
    assert found.clouded[0, 0] == pytest.approx(5 / 9, abs=1e-6)


def test_damaged_results_are_computed_again(tmp_path: Path) -> None:
    scene = Scene(write(tmp_path / "nine.tif", NINE))
    zone = [lonlat(shapely.box(0, 0, 3, 3))]
    zonal_statistics([scene], zone, kept_in=tmp_path / "kept")
    (kept,) = (tmp_path / "kept").iterdir()
    for damaged in (b"", b"PK", kept.read_bytes()[:200]):
        kept.write_bytes(damaged)
        found = zonal_statistics([scene], zone, kept_in=tmp_path / "kept")
        assert found.stats["mean"][0, 0] == pytest.approx(5, rel=1e-6)
        assert kept.stat().st_size > 300


def test_a_parcel_beyond_the_raster_or_under_clouds_has_no_value(tmp_path: Path) -> None:
    path = write(tmp_path / "nine.tif", np.stack([NINE, np.ones_like(NINE)]))
    scene = Scene(path, cloud=CloudMask(band=2))
    found = zonal_statistics([scene], [lonlat(shapely.box(5, 5, 6, 6)), lonlat(shapely.box(0, 0, 3, 3))], ("mean",))
    assert np.isnan(found.stats["mean"]).all()
    assert found.outside[0].tolist() == pytest.approx([1, 0], abs=1e-9)
    assert found.clouded[0].tolist() == pytest.approx([0, 1])


def test_bits_scale_offset_formula_and_possible_values(tmp_path: Path) -> None:
    red = np.array([[100, 200, 300]], np.int16)
    near = np.array([[300, 600, 20_000]], np.int16)
    path = write(tmp_path / "bands.tif", np.stack([red, near]))
    quality = write(tmp_path / "quality.tif", np.array([[0b100, 0b011, 0]], np.uint8))
    boxes = [lonlat(shapely.box(i, 0, i + 1, 1)) for i in range(3)]
    index = Scene(path, formula="(b2-b1)/(b2+b1)", scale=0.5, offset=0.0, valid=(-1, 0.9))
    # (300-100)/400 = 0.5, (600-200)/800 = 0.5; the third (19700/20300 = 0.97) is more than can be.
    found = zonal_statistics([index], boxes, ("mean",))
    assert found.stats["mean"][0, :2].tolist() == pytest.approx([0.5, 0.5])
    assert found.nodata[0].tolist() == pytest.approx([0, 0, 1], abs=1e-6)
    # Bit 2 is set in the first pixel only.
    scaled = Scene(path, band=2, scale=0.1, offset=1.0, nodata=20_000.0, cloud=CloudMask(quality, bits=(2,)))
    found = zonal_statistics([scaled], boxes, ("mean",))
    assert found.stats["mean"][0, 1] == pytest.approx(61)
    assert found.clouded[0].tolist() == pytest.approx([1, 0, 0], abs=1e-6)
    assert found.nodata[0].tolist() == pytest.approx([0, 0, 1], abs=1e-6)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.floats(0.2, 11.8), st.floats(0.2, 7.8)), min_size=3, max_size=7), st.integers(0, 9))
def test_sums_are_those_of_areas_cut_pixel_by_pixel(
    tmp_path: Path, corners: list[tuple[float, float]], seed: int
) -> None:
    hull = shapely.MultiPoint(corners).convex_hull
    if hull.geom_type != "Polygon" or hull.area < 0.5:
        return
    chance = np.random.default_rng(seed)
    cells = chance.random((8, 12))
    cells[chance.random((8, 12)) < 0.2] = np.nan
    path = write(tmp_path / "cells.tif", cells)
    parts = np.array([[hull.intersection(shapely.box(x, y, x + 1, y + 1)).area for x in range(12)] for y in range(8)])
    seen = ~np.isnan(cells)
    found = zonal_statistics([Scene(path)], [lonlat(hull)], ("mean", "sum"))
    assert found.pixels[0, 0] == pytest.approx(hull.area, rel=1e-5)
    assert found.valid[0, 0] == pytest.approx(parts[seen].sum() / hull.area, abs=1e-5)
    assert np.nan_to_num(found.stats["sum"][0, 0]) == pytest.approx((parts * cells)[seen].sum(), abs=1e-4)


def test_coordinate_systems_and_rows_that_grow_upwards_give_the_same(tmp_path: Path) -> None:
    cells = np.arange(40 * 50, dtype=np.float32).reshape(40, 50)
    degrees = from_origin(112.30, 35.50, 0.001, 0.001)
    down = write(tmp_path / "down.tif", cells, crs="EPSG:4490", transform=degrees)
    flipped = Affine(0.001, 0, 112.30, 0, 0.001, 35.50 - 0.04)
    up = write(tmp_path / "up.tif", cells[::-1], crs="EPSG:4326", transform=flipped)
    zone = shapely.Polygon([(112.3105, 35.4705), (112.3405, 35.4755), (112.3205, 35.4955)])
    found = zonal_statistics([Scene(down), Scene(up)], [zone], ("mean",))
    assert found.stats["mean"][0, 0] == found.stats["mean"][1, 0]
    # An edge runs through the very corners of pixels, where exactextract 0.3.0 by itself loses two whole pixels.
    places = [[(112.3 + x / 1000, 35.499 - y / 1000) for x in range(50)] for y in range(40)]
    boxes = np.array([[shapely.box(x, y, x + 0.001, y + 0.001) for x, y in row] for row in places])
    parts = shapely.area(shapely.intersection(boxes, zone))
    assert found.stats["mean"][0, 0] == pytest.approx((parts * cells).sum() / zone.area, rel=1e-6)


def test_long_edges_stay_straight_in_longitude_and_latitude(tmp_path: Path) -> None:
    # A strip of 0.3 degrees: moved corner by corner its northern edge would bend away by some 70 m, seven pixels.
    strip = shapely.box(112.0, 35.5, 112.3, 35.51)
    way = Transformer.from_crs("EPSG:4490", PLANE, always_xy=True)
    dense = shapely.transform(
        shapely.segmentize(strip, 1e-4), lambda xy: np.column_stack(way.transform(xy[:, 0], xy[:, 1]))
    )
    west, south, _, north = dense.bounds
    at = from_origin(west - 100, north + 100, 100, 100)
    path = write(tmp_path / "wide.tif", np.ones((int((north - south) / 100) + 4, 280), np.uint8), transform=at)
    found = zonal_statistics([Scene(path)], [strip], ("sum",))
    assert found.stats["sum"][0, 0] == pytest.approx(dense.area / 10_000, rel=1e-6)


def test_processes_and_kept_results_give_the_same(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    scenes = [Scene(write(tmp_path / f"{i}.tif", chance.random((60, 60)))) for i in range(3)]
    zones = [lonlat(shapely.Point(*chance.uniform(5, 55, 2)).buffer(chance.uniform(1, 4))) for _ in range(20)]
    plain = zonal_statistics(scenes, zones, ("mean", "quantile(q=0.9)"))
    told: list[tuple[int, int]] = []
    kept = tmp_path / "kept"
    spread = zonal_statistics(
        scenes, zones, ("mean", "quantile(q=0.9)"), workers=2, kept_in=kept, tell=lambda *done: told.append(done)
    )
    assert told == [(1, 3), (2, 3), (3, 3)]
    names = sorted(path.name for path in kept.iterdir())
    assert len(names) == 3
    # Another raster is computed, the others are found again: a file that is made to lie shows it.
    lie = kept / names[0]
    before = lie.read_bytes()
    again = zonal_statistics(scenes, zones, ("mean", "quantile(q=0.9)"), kept_in=kept)
    assert lie.read_bytes() == before
    for name in ("mean", "quantile(q=0.9)"):
        assert np.array_equal(plain.stats[name], spread.stats[name])
        assert np.array_equal(plain.stats[name], again.stats[name])
    assert len({*plain.digests}) == 3
    zonal_statistics(scenes, zones[:19], ("mean", "quantile(q=0.9)"), kept_in=kept)
    assert len(list(kept.iterdir())) == 6


def test_kept_results_are_read_and_not_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(write(tmp_path / "nine.tif", NINE))
    zone = [lonlat(shapely.box(0, 0, 2, 2))]
    first = zonal_statistics([scene], zone, kept_in=tmp_path / "kept")
    monkeypatch.setattr("zoning.mines.zonal.open_scene", None)
    again = zonal_statistics([scene], zone, kept_in=tmp_path / "kept")
    assert first.stats["mean"].tolist() == again.stats["mean"].tolist()
    assert again.stats["mean"][0, 0] == pytest.approx(3)


def test_a_large_parcel_is_read_in_pieces(tmp_path: Path) -> None:
    cells = np.add.outer(np.arange(1500), np.arange(1500)).astype(np.float32)
    path = write(tmp_path / "large.tif", cells, tiled=True)
    found = zonal_statistics([Scene(path)], [lonlat(shapely.box(100, 100, 1400, 1400))], ("sum", "median"))
    # 1300 x 1300 pixels, mean of row + column = 2 x 749.5.
    assert found.stats["sum"][0, 0] == pytest.approx(1300 * 1300 * 1499, rel=1e-6)
    assert found.stats["median"][0, 0] == pytest.approx(1499, abs=1)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    zone = [lonlat(shapely.box(0, 0, 1, 1))]
    text = tmp_path / "text.tif"
    text.write_text("no raster")
    with pytest.raises(LayerError, match=r"^text\.tif: cannot be read as a raster"):
        zonal_statistics([Scene(text)], zone)
    path = write(tmp_path / "nine.tif", NINE)
    with pytest.raises(UsageError, match=r"^nine\.tif: there is no band 4; it has 1$"):
        zonal_statistics([Scene(path, band=4)], zone)
    with pytest.raises(UsageError, match=r"^there is no statistic 'modus'; allowed: mean, median"):
        zonal_statistics([Scene(path)], zone, ("modus",))
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        write(tmp_path / "nowhere.tif", NINE, crs=None, transform=None)
    placed = write(tmp_path / "placed.tif", NINE, crs=None)
    with pytest.raises(CRSError, match=r"^placed\.tif: the raster does not say its coordinate system; write it first"):
        zonal_statistics([Scene(placed)], zone)
    turned = write(tmp_path / "turned.tif", NINE, transform=Affine(10, 1, LEFT, 1, -10, TOP))
    with pytest.raises(CRSError, match=r"^turned\.tif: the raster is rotated or mirrored; warp it to north up first$"):
        zonal_statistics([Scene(turned)], zone)
    legacy = write(tmp_path / "legacy.tif", NINE, crs="EPSG:2436")
    with pytest.raises(CRSError, match="has no published transformation to CGCS2000"):
        zonal_statistics([Scene(legacy)], zone)


def test_what_the_library_counts_is_compared_with_the_area(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(write(tmp_path / "nine.tif", NINE))
    zones = [lonlat(shapely.box(0, 0, 2, 2)), lonlat(shapely.box(1, 1, 3, 3))]
    asked, real = [], zonal._asked

    def losing(*given: Any, only: int | None) -> Any:
        """Lose a pixel of the second parcel, the first time."""
        numbers = given[2].tolist()
        asked.append(numbers)
        counted = real(*given, only=only)
        return counted - [number == 1 and len(asked) == 1 for number in numbers]

    monkeypatch.setattr(zonal, "_asked", losing)
    found = zonal_statistics([scene], zones, ("mean",))
    assert asked == [[0, 1], [1]]
    # 1 2 4 5 and 5 6 8 9.
    assert found.stats["mean"][0].tolist() == pytest.approx([3, 7], rel=1e-5)

    def always(*given: Any, only: int | None) -> Any:
        return real(*given, only=only) - 1

    monkeypatch.setattr(zonal, "_asked", always)
    with pytest.raises(LayerError, match=r"^nine\.tif: the parts of the pixels of parcel 1 do not add up to its area$"):
        zonal_statistics([scene], zones, ("mean",))
