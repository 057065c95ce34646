"""Where the pixels of a raster lie, which rasters are refused, and the way of shapes onto them and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from rasterio.io import MemoryFile
from rasterio.transform import Affine

from both_languages import both
from zoning.errors import CRSError
from zoning.layers.datum import LonLat
from zoning.mines.raster_grid import Grid, back_to_lonlat, brought_into, grid_of, ground_of

PLANE = "EPSG:4546"  # CGCS2000, Gauss-Krueger around 111°E, without zone number
DEGREES = Grid("EPSG:4490", 112.0, 36.0, 0.5, 0.25, 4, 6)
WAYS = LonLat()


@contextmanager
def raster(transform: Affine, crs: Any = "EPSG:4490") -> Iterator[Any]:
    told: dict[str, Any] = {"driver": "GTiff", "width": 4, "height": 6, "count": 1, "dtype": "uint8"}
    with MemoryFile() as file, file.open(transform=transform, crs=crs, **told) as dataset:
        yield dataset


def array(*shapes: Any) -> Any:
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made


def test_a_grid_knows_its_edges() -> None:
    assert DEGREES.bounds == (112.0, 34.5, 114.0, 36.0)
    assert DEGREES.transform == (0.5, 0.0, 112.0, 0.0, -0.25, 36.0)
    assert Affine(*DEGREES.transform) @ (4, 6) == (114.0, 34.5)


def test_shapes_in_pixels_count_from_the_lower_left_corner() -> None:
    points = array(shapely.Point(112.0, 34.5), shapely.Point(114.0, 36.0), shapely.Point(112.75, 34.625))
    assert [shape.coords[0] for shape in DEGREES.in_pixels(points)] == [(0.0, 0.0), (4.0, 6.0), (1.5, 0.5)]
    assert points[0].coords[0] == (112.0, 34.5)


@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        (Affine(0.5, 0, 112, 0, -0.25, 36), DEGREES),
        # Rows from south to north: the upper edge is the far one.
        (Affine(0.5, 0, 112, 0, 0.25, 34.5), DEGREES),
        # What rounding left beside the axes is no rotation.
        (Affine(0.5, 1e-12, 112, -1e-12, -0.25, 36), DEGREES),
    ],
)
def test_an_open_raster_tells_its_grid(transform: Affine, expected: Grid) -> None:
    with raster(transform) as dataset:
        assert grid_of(dataset, Path("dem.tif")) == expected


def test_a_system_without_a_number_is_told_in_words() -> None:
    own = "+proj=tmerc +lon_0=112.3 +ellps=GRS80 +units=m +no_defs"
    with raster(Affine(30, 0, 5e5, 0, -30, 4e6), own) as dataset:
        found = grid_of(dataset, Path("dem.tif"))
    assert found.crs.startswith("PROJCS[")
    assert (found.left, found.top, found.dx, found.dy) == (5e5, 4e6, 30.0, 30.0)


@pytest.mark.parametrize(
    "transform",
    [
        Affine(0.5, 0.001, 112, 0, -0.25, 36),
        Affine(0.5, 0, 112, 0.001, -0.25, 36),
        Affine(0.5, -0.001, 112, 0, -0.25, 36),
        Affine(-0.5, 0, 114, 0, -0.25, 36),
        Affine(0, 0.5, 112, -0.25, 0, 36),
    ],
)
def test_a_rotated_or_mirrored_raster_is_refused(transform: Affine) -> None:
    with raster(transform) as dataset:
        assert both(lambda: grid_of(dataset, Path("a/dem.tif")), CRSError) == (
            "dem.tif：栅格是旋转的或左右颠倒的；请先重采样为正北向上",
            "dem.tif: the raster is rotated or mirrored; warp it to north up first",
        )


def test_a_raster_without_a_system_is_refused() -> None:
    with raster(Affine(0.5, 0, 112, 0, -0.25, 36), crs=None) as dataset:
        assert both(lambda: grid_of(dataset, Path("dem.tif")), CRSError) == (
            "dem.tif：栅格没有坐标系；请先写入（如 gdal_edit.py -a_srs EPSG:4490）",
            (
                "dem.tif: the raster does not say its coordinate system; write it first "
                "(such as gdal_edit.py -a_srs EPSG:4490)"
            ),
        )


BOX = shapely.box(112.4, 35.4, 112.6, 35.6)


def test_shapes_stay_where_the_raster_has_their_system() -> None:
    high = shapely.force_3d(BOX, 800.0)
    (found,) = brought_into("EPSG:4490", array(high), WAYS)
    assert shapely.equals_identical(found, BOX)  # without height
    (same,) = back_to_lonlat("EPSG:4490", array(BOX), WAYS)
    assert shapely.equals_identical(same, BOX)


def test_an_edge_stays_where_it_was_on_the_way_into_a_plane() -> None:
    # The parallel of 35.6°N is no straight line in the plane: what was its middle must still lie on it.
    (moved,) = DEGREES_IN_PLANE.brought(array(BOX), WAYS)
    (middle,) = brought_into(PLANE, array(shapely.Point(112.5, 35.6)), WAYS)
    assert moved.exterior.distance(middle) < 0.001
    chord = brought_into(PLANE, array(shapely.Point(112.4, 35.6), shapely.Point(112.6, 35.6)), WAYS)
    # An arc of 18.1 km on a circle of radius N cot φ = 8,918 km rises 18,123² / (8 * 8,918,000) = 4.60 m.
    assert shapely.LineString(list(chord)).distance(middle) == pytest.approx(4.60, abs=0.02)


DEGREES_IN_PLANE = Grid(PLANE, 600_000.0, 3_950_000.0, 100.0, 100.0, 300, 300)


def test_there_and_back_is_the_same_place() -> None:
    there = brought_into(PLANE, array(BOX), WAYS)
    (back,) = back_to_lonlat(PLANE, there, WAYS)
    assert back.symmetric_difference(BOX).area < 1e-9
    assert back.hausdorff_distance(BOX) < 2e-8  # 2 mm


def test_a_place_that_the_plane_cannot_show_is_refused() -> None:
    # A point on the equator, 90° beside the middle meridian, lies at infinity.
    far = shapely.Point(-159.0, 0.0)
    zh, en = both(lambda: brought_into(PLANE, array(BOX, far), WAYS), CRSError)
    assert zh == "有图斑超出坐标系“EPSG:4546”的范围"
    assert en == "parcels lie outside of what 'EPSG:4546' can show"


def test_the_ground_of_a_raster_is_its_box_where_it_is_in_degrees() -> None:
    assert ground_of(DEGREES, WAYS).equals(shapely.box(112.0, 34.5, 114.0, 36.0))


def test_the_ground_of_a_raster_in_a_plane_has_its_bent_edges() -> None:
    ground = ground_of(DEGREES_IN_PLANE, WAYS)
    left, bottom, right, top = DEGREES_IN_PLANE.bounds
    corners = array(*(shapely.Point(x, y) for x in (left, right) for y in (bottom, top)))
    edges = array(*(shapely.Point(x, y) for x, y in (((left + right) / 2, top), (left, (bottom + top) / 2))))
    for place in (*back_to_lonlat(PLANE, corners, WAYS), *back_to_lonlat(PLANE, edges, WAYS)):
        assert ground.boundary.distance(place) < 1e-7  # 1 cm
    assert (ground.geom_type, ground.is_valid) == ("Polygon", True)
