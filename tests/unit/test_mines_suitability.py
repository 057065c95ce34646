"""Memberships, scores with their trace, what is missing, limits, and the sensitivity to weights."""

import warnings
from collections.abc import Callable
from math import inf, nan
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from suitability_world import CELL, NORTH, WEST, cells_box, content_in, raster, record, values_at
from zoning.errors import ContentError, LayerError, UsageError
from zoning.layers.datum import LonLat
from zoning.mines.rasters import Grid
from zoning.mines.suitability.content import read_suitability
from zoning.mines.suitability.inputs import Given, under_parcel
from zoning.mines.suitability.membership import Interval, Limit, Membership
from zoning.mines.suitability.scoring import Score, ranked, score, scores
from zoning.mines.suitability.values import Cells, Codes, NotKnown, Reached, Value, failed
from zoning.texts import Text
from zoning.workspace import Workspace, builtin_root

BARRED = {"barred: {weight: 0, limit: {above: 1}, source: {zh: 团队取值, en: team's choice}}\n": "\n"}


def test_trapezoid_and_linear_by_hand() -> None:
    shape = Membership(trapezoid=(10, 20, 30, 50))
    values = np.array([5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, nan])
    assert np.array_equal(shape.of_numbers(values), [0, 0, 0.5, 1, 1, 1, 0.5, 0, 0, nan], equal_nan=True)
    step = Membership(trapezoid=(10, 10, 30, 30))
    assert step.of_numbers(np.array([9.999, 10.0, 30.0, 30.001])).tolist() == [0, 1, 1, 0]
    falling = Membership.model_validate({"linear": {"zero": 45, "one": 20}})
    assert falling.of_numbers(np.array([0.0, 20.0, 32.5, 45.0, 60.0])).tolist() == [1, 1, 0.5, 0, 0]


@st.composite
def memberships(draw: st.DrawFn) -> Membership:
    figures = sorted(draw(st.lists(st.integers(-50, 50), min_size=4, max_size=4)))
    if draw(st.booleans()) or figures[0] == figures[3]:
        a, b, c, d = (float(figure) for figure in figures)
        return Membership(trapezoid=(a, b, c, d))
    ends = draw(st.permutations([figures[0], figures[3]]))
    return Membership.model_validate({"linear": {"zero": ends[0], "one": ends[1]}})


@given(memberships(), st.floats(-60, 60), st.floats(0, 80), st.floats(0, 1))
def test_an_interval_of_values_holds_every_membership_in_it(
    shape: Membership, low: float, width: float, where: float
) -> None:
    found = shape.between(low, low + width)
    inside = float(shape.of_numbers(np.array([low + where * width]))[0])
    assert found.low - 1e-12 <= inside <= found.high + 1e-12
    # And no wider than what a fine comb of values meets.
    comb = shape.of_numbers(np.concatenate([np.linspace(low, low + width, 4_001), _corners(shape, low, low + width)]))
    assert found.low == pytest.approx(comb.min(), abs=1e-9)
    assert found.high == pytest.approx(comb.max(), abs=1e-9)
    beyond = shape.between(low, inf)
    assert beyond.low <= found.low
    assert beyond.high >= found.high


def _corners(shape: Membership, low: float, high: float) -> np.ndarray:
    corners = shape.trapezoid or ((shape.linear.zero, shape.linear.one) if shape.linear else ())
    beside = [x + e for x in corners for e in (-1e-12, 0.0, 1e-12)]
    return np.array([x for x in (*beside, low) if low <= x <= high])


def test_a_limit_itself_is_allowed() -> None:
    assert Limit(above=25).fails_numbers(np.array([24.9, 25.0, 25.1, nan])).tolist() == [False, False, True, False]
    assert Limit(below=1).could_fail(0.0, 5.0) == (False, True)
    assert Limit(below=1).could_fail(0.0, 0.5) == (True, True)
    assert Limit(above=1).could_fail(0.0, 1.0) == (False, False)


def test_what_is_not_known_of_a_parcel_may_be_anything() -> None:
    # Four cells, of which one has no value: three quarters have the mean (0.2 + 0.4 + 0.6) / 3 = 0.4.
    cells = Cells(np.empty(4), np.ones(4), 4.0)
    found = cells.spread(np.array([0.2, 0.4, 0.6, nan]), Interval(0.0, 1.0))
    assert found.low == pytest.approx(0.75 * 0.4)
    assert found.high == pytest.approx(0.75 * 0.4 + 0.25)


def test_the_score_of_a_parcel_by_hand(tmp_path: Path, workspace: Workspace) -> None:
    content = content_in(tmp_path, BARRED)
    heights = raster(tmp_path / "dem.tif", [[10, 20, 30], [40, 50, 60], [70, 80, 90]])
    cover = raster(tmp_path / "cover.tif", [[4, 4, 7], [7, 7, 7], [5, 4, 4]])
    # A box from the middle of the first cell to the middle of the one below right: quarter cells of four.
    parcel = record(cells_box(0.5, 0.5, 1.5, 1.5), STWT=("1", "3"))
    values = values_at(content, Given(dem=heights, cover=cover), parcel, workspace)
    found = scores(content, values)
    # Memberships of height / 100 at 10, 20, 40, 50: mean 0.3. Cover: grass 1, grass 1, bare 0.4, bare 0.4: 0.7.
    # The road is not known: 0 to 1.
    low = 0.5 * 0.3 + 0.3 * 0.7
    forest = found["forest"]
    assert forest.interval.low == pytest.approx(low, abs=1e-6)
    assert forest.interval.high == pytest.approx(low + 0.2, abs=1e-6)
    assert forest.not_known == ("road",)
    parts = {part.criterion: part for part in forest.parts}
    assert parts["height"].value == pytest.approx({"covered": 1.0, "mean": 30.0, "min": 10.0, "max": 50.0}, abs=1e-5)
    assert parts["cover"].value["shares"] == pytest.approx({"grass": 0.5, "bare": 0.5}, abs=1e-6)
    assert parts["cover"].limit == "passed"
    assert parts["height"].adds.low == pytest.approx(0.15, abs=1e-6)
    # Trapezoid 0-20-60-100 at 10, 20, 40, 50: 0.5, 1, 1, 1.
    assert found["grass"].interval.low == pytest.approx(0.6 * 0.875, abs=1e-6)
    assert found["grass"].interval.high == pytest.approx(0.6 * 0.875 + 0.4, abs=1e-6)
    # Of several codes the worst counts: 1 and 3 give 0.5 and 0.6.
    assert found["natural"].interval == Interval(0.5, 0.5)


def test_nothing_is_weighed_anew_when_an_input_is_missing(tmp_path: Path, workspace: Workspace) -> None:
    content = content_in(tmp_path)
    heights = raster(tmp_path / "dem.tif", [[50] * 4] * 4)
    soil = raster(tmp_path / "soil.tif", [[25] * 4] * 4)
    parcel = record(cells_box(1, 1, 3, 3))
    without = score(content, "grass", values_at(content, Given(dem=heights), parcel, workspace))
    with_soil = score(
        content, "grass", values_at(content, Given(dem=heights, rasters={"soil": soil}), parcel, workspace)
    )
    assert without.interval.low == pytest.approx(0.6)
    assert without.interval.high == pytest.approx(1.0)
    assert with_soil.interval.low == pytest.approx(0.6 + 0.4 * 0.5)
    assert with_soil.interval.is_known
    assert without.interval.low <= with_soil.interval.low <= without.interval.high
    nothing = score(content, "grass", values_at(content, Given(), parcel, workspace))
    assert nothing.interval == Interval(0.0, 1.0)
    assert nothing.open_limits == ("height",)


def test_a_parcel_half_beyond_a_raster_has_half_an_answer(tmp_path: Path, workspace: Workspace) -> None:
    content = content_in(tmp_path)
    heights = raster(tmp_path / "dem.tif", [[50] * 2] * 2)
    found = score(content, "grass", values_at(content, Given(dem=heights), record(cells_box(1, 0, 3, 2)), workspace))
    height = found.parts[0]
    assert height.value["covered"] == pytest.approx(0.5, abs=1e-6)
    assert height.membership.low == pytest.approx(0.5, abs=1e-6)
    assert height.membership.high == pytest.approx(1.0, abs=1e-6)
    # Half of it could be above 90: not more than the half that may fail.
    assert height.limit == "passed"
    assert height.failed_share.high == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize(("failing", "state"), [(1, "passed"), (2, "passed"), (3, "failed")])
def test_a_limit_knocks_out_when_most_of_the_parcel_fails_it(
    tmp_path: Path, workspace: Workspace, failing: int, state: str
) -> None:
    content = content_in(tmp_path)
    heights = raster(tmp_path / "dem.tif", [[95.0] * failing + [50.0] * (4 - failing)])
    found = score(content, "grass", values_at(content, Given(dem=heights), record(cells_box(0, 0, 4, 1)), workspace))
    assert found.parts[0].limit == state
    assert found.parts[0].failed_share.low == pytest.approx(failing / 4, abs=1e-6)
    if state == "failed":
        assert found.interval == Interval(0.0, 0.0)
        assert found.knocked_out_by == ("height",)
        assert ranked(content, {"grass": found}, ["grass"]) == []


def test_a_class_that_the_legend_does_not_know_is_not_known(tmp_path: Path, workspace: Workspace) -> None:
    content = content_in(tmp_path, BARRED)
    cover = raster(tmp_path / "cover.tif", [[4, 77]])
    found = score(content, "forest", values_at(content, Given(cover=cover), record(cells_box(0, 0, 2, 1)), workspace))
    part = next(part for part in found.parts if part.criterion == "cover")
    # Half grass (1), half anything from 0.2 to 1.
    assert part.membership.low == pytest.approx(0.5 + 0.5 * 0.2, abs=1e-6)
    assert part.membership.high == pytest.approx(1.0, abs=1e-6)
    assert part.value["shares"] == pytest.approx({"grass": 0.5, "code 77": 0.5}, abs=1e-6)


def file_of(path: Path, shape: BaseGeometry, crs: str | None = "EPSG:4490") -> Path:
    wkb = shapely.to_wkb(np.array([shape], dtype=object))
    with warnings.catch_warnings():
        # A file without coordinate system is what one test wants.
        warnings.simplefilter("ignore" if crs is None else "error")
        pyogrio.raw.write(path, wkb, [], [], geometry_type=shape.geom_type, crs=crs, driver="GPKG")
    return path


@pytest.mark.parametrize("kind", ["point", "line"])
def test_a_distance_is_that_of_the_ellipsoid(tmp_path: Path, workspace: Workspace, kind: str) -> None:
    content = content_in(tmp_path)
    parcel = cells_box(0, 0, 2, 2)
    east = WEST + 10 * CELL
    middle = NORTH - CELL
    shape = (
        shapely.Point(east, middle) if kind == "point" else shapely.LineString([(east, middle), (east + 0.02, 35.48)])
    )
    path = file_of(tmp_path / "road.gpkg", shape)
    value = values_at(content, Given(vectors={"road": path}), record(parcel), workspace)["road"]
    assert isinstance(value, Reached)
    true = Geod(ellps="GRS80").inv(WEST + 2 * CELL, middle, east, middle)[2]
    # A point is a circle of 1 mm.
    assert value.low == value.high == pytest.approx(true, abs=0.003)
    met = values_at(content, Given(vectors={"road": path}), record(cells_box(0, 0, 11, 2)), workspace)["road"]
    assert met == Reached(0.0, 0.0)


def test_beyond_the_search_a_distance_is_at_least_that_far(tmp_path: Path, workspace: Workspace) -> None:
    content = content_in(tmp_path)
    path = file_of(tmp_path / "road.gpkg", shapely.Point(WEST + 0.2, NORTH))
    value = values_at(content, Given(vectors={"road": path}), record(cells_box(0, 0, 2, 2)), workspace)["road"]
    assert value == Reached(5000.0, inf)
    assert content.modes["forest"].uses["road"].membership is not None
    assert content.modes["forest"].uses["road"].membership.between(5000.0, inf) == Interval(0.0, 0.0)


def test_land_without_data_that_is_nearer_makes_a_distance_an_interval(tmp_path: Path) -> None:
    workspace = Workspace.open(builtin_root())
    content = content_in(tmp_path, {"road: {title: {zh: 路, en: road}, unit: m, from: {near: {search: 5 km}}}": (
        "road: {title: {zh: 路, en: road}, unit: m, from: {near: {layer: rivers, search: 40 km}}}"
    )})  # fmt: skip
    # At the western border of 阳城县 (112.0333 degrees): land of no county lies some hundred metres away.
    border = (
        pyogrio.read_dataframe(builtin_root() / "layers/data/territory.gpkg").set_index("zone_id").geometry["140522"]
    )
    west = shapely.intersection(border, shapely.box(111, 35.45, 113, 35.4501)).bounds[0]
    parcel = record(shapely.box(west + 0.001, 35.45, west + 0.002, 35.451))
    value = values_at(content, Given(), parcel, workspace)["road"]
    assert isinstance(value, Reached)
    assert value.low < 200 < value.high


def test_a_part_of_a_parcel_inside_a_file_is_a_share(tmp_path: Path, workspace: Workspace) -> None:
    content = content_in(tmp_path)
    path = file_of(tmp_path / "barred.gpkg", cells_box(0, 0, 1, 4))
    inside = values_at(content, Given(vectors={"barred": path}), record(cells_box(0, 0, 4, 4)), workspace)
    value = inside["barred"]
    assert isinstance(value, Reached)
    assert value.low == value.high == pytest.approx(25.0, abs=1e-6)
    assert score(content, "forest", inside).knocked_out_by == ("barred",)
    # A neighbour that only touches it does not lie in it.
    beside = values_at(content, Given(vectors={"barred": path}), record(cells_box(1, 0, 4, 4)), workspace)["barred"]
    assert isinstance(beside, Reached)
    assert beside.high < 1e-6
    unknown = score(content, "forest", values_at(content, Given(), record(cells_box(0, 0, 4, 4)), workspace))
    assert "barred" in unknown.open_limits
    assert unknown.interval.low == 0.0


@pytest.mark.parametrize(
    ("shape", "message"),
    [("no crs", "road.gpkg: it says no coordinate system"), ("text", "road.gpkg: it cannot be read as a vector file")],
)
def test_vector_files_that_cannot_be_used_are_refused(
    tmp_path: Path, workspace: Workspace, shape: str, message: str
) -> None:
    content = content_in(tmp_path)
    path = tmp_path / "road.gpkg"
    if shape == "text":
        path.write_text("nothing", encoding="utf-8")
    else:
        path = file_of(path, shapely.Point(1, 2), None)
    with pytest.raises(LayerError) as refused:
        values_at(content, Given(vectors={"road": path}), record(cells_box(0, 0, 1, 1)), workspace)
    sentence = f"{message}; use a GeoPackage, shapefile or GeoJSON with a coordinate system"
    assert refused.value.text.en == sentence


def test_names_that_are_no_criterion_are_refused(tmp_path: Path) -> None:
    content = content_in(tmp_path)
    with pytest.raises(UsageError) as refused:
        Given(rasters={"soils": tmp_path}).check(content)
    assert refused.value.text.en == "--raster: there is no criterion 'soils' - did you mean 'soil'?; allowed: soil"
    with pytest.raises(UsageError) as refused:
        Given(vectors={"height": tmp_path}).check(content)
    assert refused.value.text.zh == "--vector：没有准则“height”；可用：road、barred"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("height: {weight: 0.5,", "height: {weight: 0.4,", "the weights must add up to 1, they give 0.9"),
        ("[0, 20, 60, 100]", "[0, 60, 20, 100]", "the four numbers of a trapezoid must ascend"),
        ("limit: {above: 90}", "limit: {among: [water]}", "classes need 'table' and 'among', numbers 'trapezoid', "),
        ("{grass: 1, bare: 0.4}", "{gras: 1, bare: 0.4}", "the legend has no class 'gras' - did you mean 'grass'?"),
        ("soil: {weight: 0.4", "soill: {weight: 0.4", "there is no criterion 'soill' - did you mean 'soil'?"),
        ("zero: 0, one: 50", "zero: 50, one: 50", "'zero' and 'one' cannot be the same"),
        ("barred: {weight: 0, limit: {above: 1}", "barred: {weight: 0", "a weight of 0 needs a 'limit'"),
        (", other: 0.2", "", "'table' and 'other' belong together"),
        ("{above: 90}", "{above: 90, among: [water]}", "'among' (classes), and not both"),
        ("{terrain: elevation}", "{terrain: elevation, value: x}", "below 'from' exactly one of 'terrain', 'cover', "),
    ],
)  # fmt: skip
def test_content_that_cannot_be_meant_is_named_with_its_line(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(ContentError) as refused:
        content_in(tmp_path, {old: new})
    assert sentence in refused.value.text.en
    assert "suitability.yaml:" in refused.value.text.en


def test_the_shipped_file_gives_every_figure_a_source_and_weights_of_one() -> None:
    content = read_suitability(builtin_root() / "mines" / "suitability.yaml")
    assert list(content.of("target")) == ["forest", "landscape", "cropland", "fishery", "grass"]
    assert [mode.code for mode in content.of("way").values()] == ["1", "2", "3", "4"]
    for mode in content.modes.values():
        assert sum(use.weight for use in mode.uses.values()) == pytest.approx(1.0, abs=1e-12)
        for use in mode.uses.values():
            assert use.source.zh
            assert use.source.en
    assert content.modes["cropland"].uses["slope"].limit == Limit(above=25)


@given(st.data())
def test_shares_of_cells_are_those_of_the_geometry(data: st.DataObject) -> None:
    angles = sorted(data.draw(st.lists(st.floats(0, 6.28), min_size=4, max_size=9, unique=True)))
    radius = data.draw(st.floats(0.4, 5))
    x, y = data.draw(st.floats(-2, 12)), data.draw(st.floats(-2, 10))
    shape = shapely.Polygon([(x + radius * np.cos(a), y + radius * np.sin(a)) for a in angles])
    if shape.area < 1e-3 or not shape.is_valid:
        return
    grid = Grid("EPSG:4490", WEST, NORTH, CELL, CELL, 10, 8)
    lonlat = shapely.transform(shape, lambda xy: np.column_stack((WEST + xy[:, 0] * CELL, NORTH - xy[:, 1] * CELL)))
    under = under_parcel(grid, lonlat, LonLat())
    cells = {(r, c): shape.intersection(shapely.box(c, r, c + 1, r + 1)).area for r in range(8) for c in range(10)}
    if under is None:
        assert sum(cells.values()) < 1e-6
        return
    left, top, width, _ = under.place
    found = dict.fromkeys(cells, 0.0)
    for cell, share in zip(under.cell.tolist(), under.share.tolist(), strict=True):
        found[top + cell // width, left + cell % width] = share
    assert found == pytest.approx(cells, abs=2e-5)
    assert under.total == pytest.approx(shape.area, rel=1e-6)


def test_limits_of_what_is_not_known_are_open(tmp_path: Path) -> None:
    content = content_in(tmp_path)
    missing = NotKnown(Text("无", "none"))
    use = content.modes["grass"].uses["height"]
    assert failed(use, missing, content.legend.by_code) == Interval(0.0, 1.0)
    natural: Callable[[Value], Score] = lambda value: score(content, "natural", {"damage": value})  # noqa: E731 - one line like its neighbours
    assert natural(missing).open_limits == ("damage",)
    assert natural(missing).if_passed == Interval(0.0, 0.6)
    assert natural(Codes(("2",))).knocked_out_by == ("damage",)
