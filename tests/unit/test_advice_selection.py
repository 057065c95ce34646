"""Site selection: figures of places counted by hand, ranks, and that nothing unknown counts as good."""

from collections.abc import Callable
from math import atan, degrees
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray

import tiny_workspace
from advice_world import GEOD, facts, lonlat, opened, site
from zoning.advice.selection.criteria import Criteria, Values
from zoning.advice.selection.entries import SelectionEntry
from zoning.advice.selection.select import Selection, Wish, rectangle, select
from zoning.advice.selection.slope import SlopeRaster, mean_slope, read_slopes
from zoning.advice.selection.weights import Limited, Road, Weights
from zoning.errors import ContentError, LayerError
from zoning.overlay.footprint import Footprint
from zoning.yaml_files import read_model

CORNER = (112.440, 35.450)
CELL = 0.001
AREA = (0.0, 0.0, 3000.0, 1100.0)  # west of the field, all of the field, and east of it


def elevations(path: Path, heights: NDArray[np.float64], corner: tuple[float, float] = (112.43, 35.47)) -> Path:
    """Write an elevation model whose north-west corner is given."""
    rows, columns = heights.shape
    transform = Affine(CELL, 0, corner[0], 0, -CELL, corner[1])
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=1,
        dtype="float64",
        crs="EPSG:4490",
        transform=transform,
        nodata=-9999.0,
    ) as file:
        file.write(heights, 1)
    return path


def ramp(metres_per_cell: float, rows: int = 40, columns: int = 80) -> NDArray[np.float64]:
    """Return heights that rise to the east."""
    return np.tile(np.arange(columns) * metres_per_cell, (rows, 1)).astype(float)


def test_a_ramp_has_the_slope_of_its_rise(tmp_path: Path) -> None:
    path = elevations(tmp_path / "dem.tif", ramp(10.0))
    place = lonlat(CORNER, (0, 0, 250, 130))
    (raster,) = read_slopes([path], place.bounds)
    cell_m = GEOD.inv(112.44, 35.45, 112.44 + CELL, 35.45)[2]
    assert raster.mean(place) == pytest.approx(degrees(atan(10 / cell_m)), abs=0.01)


def test_cells_count_by_the_part_that_is_covered() -> None:
    slopes = np.array([[0.0, 0.0, 0.0], [0.0, 8.0, 20.0], [0.0, 0.0, 0.0]])
    raster = SlopeRaster(slopes, 10.0, 53.0, 1.0, 1.0)
    # Three quarters of the place lie in the cell of 8, a quarter in that of 20.
    assert raster.mean(shapely.box(11.25, 51.2, 12.25, 51.8)) == pytest.approx(0.75 * 8 + 0.25 * 20)


def test_a_place_that_is_partly_without_data_has_no_slope(tmp_path: Path) -> None:
    heights = ramp(10.0)
    heights[:, 60:] = -9999.0
    path = elevations(tmp_path / "dem.tif", heights)
    inside, beyond = lonlat((112.45, 35.45), (0, 0, 100, 100)), lonlat((112.486, 35.45), (0, 0, 1000, 100))
    (raster,) = read_slopes([path], (112.43, 35.44, 112.5, 35.47))
    assert raster.mean(inside) is not None
    assert raster.mean(beyond) is None
    assert mean_slope([raster], lonlat((112.7, 35.45), (0, 0, 100, 100))) is None
    assert mean_slope([], inside) is None
    assert read_slopes([path, tmp_path / "none.tif"], (113.0, 35.0, 113.1, 35.1)) == []


def test_what_is_no_elevation_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dem.tif").write_text("not a raster", encoding="utf-8")
    with pytest.raises(LayerError, match=r"the elevation raster dem\.tif cannot be read"):
        read_slopes([tmp_path / "dem.tif"], (112.0, 35.0, 113.0, 36.0))


ROADS = """\
title: {zh: 道路, en: roads}
group: base
geometry: line
authority: {zh: 某局, en: some office}
source: {zh: 测试, en: test}
crs: EPSG:4490
schematic: false
accuracy_m: 5
id_field: zone_id
name_field: name
class_field: class
classes:
  road: {title: {zh: 路, en: road}, codes: [R]}
editions:
  "2020": {file: data/roads.gpkg, table: zones, valid_from: 2020-01-01}
coverage: {territories: ["140522"]}
"""


def roads(root: Path) -> None:
    """Write a road along the west side of the search area."""
    from overlay_world import write_zones

    line = shapely.LineString([(112.440, 35.44), (112.440, 35.47)])
    write_zones(root / "layers" / "data" / "roads.gpkg", [(line, "路", "R")])
    (root / "layers" / "roads.yaml").write_text(ROADS, encoding="utf-8")


def selected(
    root: Path,
    weights: Weights | None = None,
    *,
    wish: Wish | None = None,
    slopes: list[SlopeRaster] | None = None,
    told: dict[str, str] | None = None,
) -> Selection:
    """Select in the area around the field."""
    desk = opened(root)
    area = Footprint.of(site(lonlat(CORNER, AREA)), desk.source.plane)
    wanted = wish or Wish(rectangle(10_000, None), 45.0, 4)
    sheet = facts(desk, {"construction": "new", "supply": "no"} if told is None else told)
    return select(desk, area, sheet, wanted, weights or Weights(), slopes or [])


@pytest.fixture
def world(tmp_path: Path) -> Path:
    root = tiny_workspace.build(tmp_path / "w", accuracy_m=5.0)
    roads(root)
    return root


NEAR_ROADS = Weights(road_distance=Road(layer="roads", weight=1.0), slope=Limited(weight=0.0, worst=25.0))


def test_places_are_clear_apart_inside_and_off_the_field(world: Path) -> None:
    found = selected(world, NEAR_ROADS)
    assert len(found.candidates) == 4
    field = shapely.box(112.450, 35.450, 112.460, 35.460)
    area = lonlat(CORNER, AREA)
    shapes = [one.recheck.geometry for one in found.candidates]
    for one in found.candidates:
        assert one.recheck.decision == "permitted"
        assert one.recheck.area_m2 == pytest.approx(10_000, rel=1e-4)
        assert area.buffer(1e-8).covers(one.recheck.geometry)
        # 5 m of accuracy; a degree of longitude is 90.7 km here.
        assert field.distance(one.recheck.geometry) * 90_700 > 5.0
    assert all(not one.intersects(other) for n, one in enumerate(shapes) for other in shapes[:n])


def test_the_nearest_to_the_road_come_first(world: Path) -> None:
    found = selected(world, NEAR_ROADS)
    far = [one.values["road_distance"] for one in found.candidates]
    assert far == sorted(far, key=lambda value: value or 0.0)
    for one in found.candidates:
        west = one.recheck.geometry.bounds[0]
        middle = one.recheck.geometry.centroid.y
        metres = GEOD.inv(112.440, middle, west, middle)[2]
        assert one.values["road_distance"] == pytest.approx(metres, abs=0.1)
        assert one.values["road_distance"] is not None
        assert one.values["road_distance"] >= 10.0
        assert one.score == pytest.approx((1 * (1 - one.values["road_distance"] / 3000) + 2 * 0 + 1 + 1) / 5, abs=1e-9)


def test_what_has_no_data_is_said_and_counts_nothing(world: Path) -> None:
    without = selected(world, Weights(road_distance=Road(layer="not-there")))
    entry = SelectionEntry.of(without, Wish(rectangle(10_000, None), 45.0, 4), Weights(), "area")
    # Neither an elevation model, nor a layer of roads or of the quality of farmland.
    assert entry.without_data == ("slope", "road_distance", "farmland")
    for place in entry.places:
        assert place.criteria["slope"] is None
        assert place.score == pytest.approx(2 / 8)


def test_an_unknown_figure_never_counts_more_than_a_known_one(world: Path) -> None:
    found = selected(world, NEAR_ROADS)
    criteria = Criteria(found.scene, Weights(), [])
    known: Values = {"slope": 3.0, "road_distance": 100.0, "farmland": 0.2, "restrictions": 1.0, "questions": 1.0}
    for name in known:
        assert criteria.score({**known, name: None}) < criteria.score(known)
        assert criteria.score({**known, name: None}) <= criteria.score({**known, name: 1e9})


def test_gentle_ground_comes_first_when_slope_counts(world: Path, tmp_path: Path) -> None:
    heights = ramp(0.5)
    # From 112.46 on it rises a hundred times as much.
    heights[:, 30:] += (np.arange(50) * 50.0)[None, :]
    path = elevations(tmp_path / "dem.tif", heights)
    weights = Weights(slope=Limited(weight=5.0, worst=25.0), road_distance=Road(weight=0.0, layer="roads"))
    slopes = read_slopes([path], (112.43, 35.44, 112.50, 35.47))
    found = selected(world, weights, slopes=slopes)
    assert all(one.recheck.geometry.bounds[2] < 112.46 for one in found.candidates)
    assert all((one.values["slope"] or 99) < 1.0 for one in found.candidates)


def test_a_required_width_is_kept_and_turned(world: Path) -> None:
    wish = Wish(rectangle(20_000, 40.0), 45.0, 3)
    found = selected(world, NEAR_ROADS, wish=wish)
    for one in found.candidates:
        outline = shapely.minimum_rotated_rectangle(one.shape)
        corners = shapely.get_coordinates(outline)
        sides = sorted(np.hypot(*np.diff(corners, axis=0).T)[:2])
        assert sides == pytest.approx([40.0, 500.0], rel=1e-6)
    assert {one.turn_deg for one in found.candidates} <= {0.0, 45.0, 90.0, 135.0}


def test_open_questions_come_after_clear_places_and_are_marked(world: Path) -> None:
    found = selected(world, NEAR_ROADS, told={"supply": "no"})
    # The kind of construction is not known: the field could prohibit, the rest is clear.
    clear = [one.recheck.clear for one in found.candidates]
    assert clear == sorted(clear, reverse=True)
    assert clear[0]


def test_a_shape_that_is_too_large_finds_nothing(world: Path) -> None:
    found = selected(world, NEAR_ROADS, wish=Wish(rectangle(4e6, None), 45.0, 3))
    assert (found.candidates, found.free) == ((), 0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("slope: {weight: -1, worst: 25}", "weight"),
        ("slope: {weight: 1}", "worst"),
        ("slop: {weight: 1, worst: 3}", "slope"),
        ("road_distance: {worst: near}", "near"),
    ],
)
def test_weights_that_cannot_be_meant_are_refused_with_their_place(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "weights.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=rf"weights\.yaml:1.*{says}"):
        read_model(path, Weights)


def test_weights_are_read_over_their_defaults(tmp_path: Path) -> None:
    path = tmp_path / "weights.yaml"
    path.write_text("slope: {weight: 4, worst: 15}\nfarmland: {layer: farmland}\n", encoding="utf-8")
    weights = read_model(path, Weights)
    assert (weights.of("slope"), weights.worst("slope")) == (4.0, 15.0)
    assert (weights.farmland.layer, weights.of("farmland"), weights.worst("road_distance")) == ("farmland", 2.0, 3000.0)


@pytest.mark.parametrize(
    ("shape", "turns"),
    [
        (lambda: rectangle(100, None), [0.0, 30.0, 60.0]),
        (lambda: rectangle(100, 5), [0.0, 30.0, 60.0, 90.0, 120.0, 150.0]),
        (lambda: shapely.Polygon([(0, 0), (9, 0), (0, 5)]), [30.0 * n for n in range(12)]),
    ],
)
def test_no_turn_of_a_shape_is_tried_twice(shape: Callable[[], shapely.Polygon], turns: list[float]) -> None:
    from zoning.advice.selection.select import _turns

    assert _turns(Wish(shape(), 30.0, 1)) == turns
