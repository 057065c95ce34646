"""Watch: pairs of dates, change by hand, patches of tiles joined, earlier patches recognised, the command."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.transform import Affine
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError, UsageError
from zoning.mines.raster_grid import Grid
from zoning.mines.rasters import Scene
from zoning.mines.watch import change as change_module
from zoning.mines.watch.change import ChangeFinder, FoundChange, RawPatch
from zoning.mines.watch.days import open_days
from zoning.mines.watch.ground import not_seen, read_ground
from zoning.mines.watch.memory import STATE_FILE, WatchState, marked, read_state, remembered
from zoning.mines.watch.pairs import Pair, pairs_of
from zoning.mines.watch.settings import Change, WatchSettings, read_watch_settings
from zoning.mines.watch.suspects import Suspect
from zoning.overlay.plane import MeasuringPlane
from zoning.workspace import Workspace, builtin_root

PLANE = MeasuringPlane(35.5)
CRS = "EPSG:4546"
LEFT, TOP = 480_000.0, 3_930_000.0
BEFORE, AFTER = date(2025, 8, 15), date(2026, 8, 15)
PAIR = Pair(BEFORE, AFTER)


@pytest.fixture(scope="module")
def settings() -> WatchSettings:
    return read_watch_settings(builtin_root() / "mines" / "watch.yaml")


@pytest.fixture(scope="module")
def rule(settings: WatchSettings) -> Change:
    return settings.change


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


def test_two_dates_are_one_pair(rule: Change) -> None:
    assert pairs_of(days("2026-03-01", "2020-09-01"), rule) == (Pair(date(2020, 9, 1), date(2026, 3, 1)),)


def test_a_series_is_compared_season_by_season_newest_first(rule: Change) -> None:
    quarters = [date(year, month, 15) for year in (2024, 2025, 2026) for month in (2, 5, 8, 11)][:11]
    assert pairs_of(quarters, rule) == (
        Pair(date(2025, 8, 15), date(2026, 8, 15)),
        Pair(date(2025, 5, 15), date(2026, 5, 15)),
        Pair(date(2025, 2, 15), date(2026, 2, 15)),
    )
    told = pairs_of(quarters, rule, before=date(2024, 8, 15), after=date(2026, 5, 15))
    assert told == (Pair(date(2024, 8, 15), date(2026, 5, 15)),)
    assert pairs_of(quarters, rule, before=date(2024, 8, 15)) == (Pair(date(2024, 8, 15), date(2026, 8, 15)),)
    # The last year is under clouds: the year before it serves.
    gap = [day for day in quarters if day.year != 2025]
    assert pairs_of(gap, rule)[0] == Pair(date(2024, 8, 15), date(2026, 8, 15))


def test_what_cannot_be_compared_is_said(rule: Change) -> None:
    with pytest.raises(UsageError, match=r"^no two dates can be compared: two of the same time of the year are needed"):
        pairs_of(days("2026-01-01", "2026-05-01", "2026-09-01"), rule)
    with pytest.raises(UsageError, match=r"^--after: there is no raster of 2026-02-02; there are: 2026-01-01$"):
        pairs_of(days("2026-01-01"), rule, after=date(2026, 2, 2))
    with pytest.raises(UsageError, match=r"^no two dates"):
        pairs_of(days("2026-01-01", "2026-02-01"), rule, before=date(2026, 2, 1), after=date(2026, 1, 1))


def write(path: Path, cells: NDArray[np.float64], pixel: float = 10, left: float = LEFT, top: float = TOP) -> Path:
    rows, columns = cells.shape
    profile = {"driver": "GTiff", "width": columns, "height": rows, "count": 1, "dtype": "float32", "nodata": -9}
    at = Affine(pixel, 0, left, 0, -pixel, top)
    with rasterio.open(path, "w", **profile, crs=CRS, transform=at, tiled=True, blockxsize=256, blockysize=256) as file:
        file.write(np.nan_to_num(cells, nan=-9).astype(np.float32), 1)
    return path


def found_in(
    tmp_path: Path,
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    rule: Change,
    land: Sequence[BaseGeometry] | None = None,
) -> FoundChange:
    scenes = [Scene(write(tmp_path / "b.tif", before), BEFORE), Scene(write(tmp_path / "a.tif", after), AFTER)]
    rows, columns = before.shape
    grid = Grid(CRS, LEFT, TOP, 10, 10, columns, rows)
    shapes = np.array(land or [shapely.box(*grid.bounds)], dtype=object)
    with open_days(scenes, [BEFORE, AFTER], grid) as opened:
        return ChangeFinder(grid, opened, [PAIR], shapes, rule).find()


def noisy(shape: tuple[int, int], seed: int, spread: float = 0.02) -> NDArray[np.float64]:
    return 0.6 + np.random.default_rng(seed).normal(0, spread, shape)


def area_m2(patch: RawPatch) -> float:
    return PLANE.area_m2(patch.geometry, "EPSG:4490", step_m=10)


def test_a_change_is_found_with_its_area_and_figures(tmp_path: Path, rule: Change) -> None:
    before = np.full((60, 80), 0.6)
    after = np.full((60, 80), 0.55)
    after[20:25, 30:40] = 0.1
    (patch,) = (found := found_in(tmp_path, before, after, rule)).patches
    # 5 x 10 pixels of 100 m²; the ellipsoid and the plane differ by less than 0.2 %.
    assert patch.pixels == 50
    assert area_m2(patch) == pytest.approx(5_000, rel=2e-3)
    assert [patch.before, patch.after] == pytest.approx([0.6, 0.1])
    assert patch.dates == 1
    (spread,) = found.spreads
    # Most pixels fell by 0.05: that is the season, not the patch.
    assert spread.pixels == 4800
    assert spread.median == pytest.approx(-0.05, abs=1e-3)
    assert len(found.invalid) == 0


def test_median_and_spread_are_those_of_all_protected_pixels(tmp_path: Path, rule: Change) -> None:
    before, after = noisy((200, 300), 1), noisy((200, 300), 2)
    land = shapely.box(LEFT + 500, TOP - 1500, LEFT + 2000, TOP - 400)
    (spread,) = found_in(tmp_path, before, after, rule, [land]).spreads
    change = (after.astype(np.float32) - before.astype(np.float32))[40:150, 50:200]
    median = float(np.median(change))
    mad = float(np.median(np.abs(change - median)))
    assert spread.pixels == change.size
    assert spread.median == pytest.approx(median, abs=4e-4)
    assert spread.spread == pytest.approx(1.4826 * mad, abs=8e-4)


def test_noise_alone_is_no_patch_worth_listing(tmp_path: Path, rule: Change) -> None:
    found = found_in(tmp_path, noisy((400, 400), 3), noisy((400, 400), 4), rule)
    assert [patch for patch in found.patches if area_m2(patch) >= rule.least_area] == []


def test_gain_is_looked_for_where_it_is_asked_for(tmp_path: Path, rule: Change) -> None:
    before = np.full((40, 40), 0.4)
    after = before.copy()
    after[10:15, 10:15], after[30:35, 30:35] = 0.1, 0.8
    for direction, wanted in (("loss", [0.1]), ("gain", [0.8]), ("both", [0.1, 0.8])):
        patches = found_in(tmp_path, before, after, rule.model_copy(update={"direction": direction})).patches
        assert sorted(patch.after for patch in patches) == pytest.approx(wanted)


def test_closing_fills_holes_and_opening_takes_lines_away(tmp_path: Path, rule: Change) -> None:
    before = np.full((60, 60), 0.6)
    after = before.copy()
    after[10, :50] = 0.1
    after[30:40, 20:40] = 0.1
    after[35, 30] = 0.6
    whole = found_in(tmp_path, before, after, rule).patches
    # As shipped a road of one pixel stays; the hole is closed.
    assert sorted(patch.pixels for patch in whole) == [50, 200]
    assert [len(shapely.get_rings(patch.geometry)) for patch in whole] == [1, 1]
    # Opened by one pixel the line goes, and the four corners of the block, and what the hole touches; closing mends it.
    (opened,) = found_in(tmp_path, before, after, rule.model_copy(update={"opening": 10.0})).patches
    assert opened.pixels == 196


def test_what_tiles_cut_is_one_patch(tmp_path: Path, rule: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    before = np.full((150, 150), 0.6)
    after = before.copy()
    after[40:90, 45:60] = 0.1
    after[100:104, 100:104] = 0.2
    before[0:20, 50:110] = np.nan
    whole = found_in(tmp_path, before, after, rule)
    monkeypatch.setattr(change_module, "_TILE", 37)
    tiled = found_in(tmp_path, before, after, rule)
    assert tiled.spreads == whole.spreads
    one, other = (
        sorted((patch.pixels, patch.before, patch.after, patch.off) for patch in found.patches)
        for found in (whole, tiled)
    )
    assert len(one) == 2
    assert [number for patch in one for number in patch] == pytest.approx(
        [number for patch in other for number in patch]
    )
    for a, b in zip(
        sorted(whole.patches, key=lambda patch: patch.pixels),
        sorted(tiled.patches, key=lambda patch: patch.pixels),
        strict=True,
    ):
        assert a.geometry.symmetric_difference(b.geometry).area < 1e-11
    assert shapely.union_all(whole.invalid).symmetric_difference(shapely.union_all(tiled.invalid)).area < 1e-11


def test_land_without_two_values_is_not_watched(tmp_path: Path, rule: Change) -> None:
    before = np.full((60, 60), 0.6)
    after = before.copy()
    after[10:20, 10:30] = np.nan
    before[50:, 50:] = np.nan
    land = shapely.box(LEFT + 150, TOP - 400, LEFT + 600, TOP)
    found = found_in(tmp_path, before, after, rule, [land])
    # Of the 10 x 20 pixels without value 10 x 15 are protected; the other gap lies outside of all land.
    lost = PLANE.area_m2(shapely.union_all(found.invalid), "EPSG:4490", step_m=10)
    assert lost == pytest.approx(15_000, rel=2e-3)


def test_the_newest_pair_with_a_value_counts(tmp_path: Path, rule: Change) -> None:
    older = Pair(date(2025, 5, 15), date(2026, 5, 15))
    cells = {day: np.full((40, 40), 0.6) for day in (BEFORE, AFTER, older.before, older.after)}
    cells[AFTER][5:10, 5:10] = 0.1
    cells[older.after][20:25, 20:25] = 0.2
    cells[AFTER][20:25, 20:25] = np.nan
    cells[older.after][30:35, 30:35] = 0.2
    scenes = [Scene(write(tmp_path / f"{day}.tif", values), day) for day, values in cells.items()]
    grid = Grid(CRS, LEFT, TOP, 10, 10, 40, 40)
    with open_days(scenes, list(cells), grid) as opened:
        finder = ChangeFinder(grid, opened, [PAIR, older], np.array([shapely.box(*grid.bounds)], dtype=object), rule)
        found = finder.find()
    # Lost on the newest date; lost before, under clouds now; what has come back is no patch.
    assert sorted(patch.after for patch in found.patches) == pytest.approx([0.1, 0.2])
    assert [patch.dates for patch in found.patches] == [1, 1]
    assert len(found.invalid) == 0


def test_rasters_of_one_day_are_seen_as_one_also_on_another_grid(tmp_path: Path) -> None:
    left = Scene(write(tmp_path / "l.tif", np.full((10, 10), 0.2)), AFTER)
    right = Scene(write(tmp_path / "r.tif", np.full((5, 5), 0.8), pixel=20, left=LEFT + 100), AFTER)
    grid = Grid(CRS, LEFT, TOP, 10, 10, 25, 10)
    with open_days([left, right], [AFTER], grid) as opened:
        values = opened[AFTER].window(0, 0, 25, 10)
    assert (values[:, :10] == np.float32(0.2)).all()
    assert (values[:, 10:20] == np.float32(0.8)).all()
    assert np.isnan(values[:, 20:]).all()


def suspect(x: float, y: float, size: float = 100) -> Suspect:
    way = Transformer.from_crs(CRS, "EPSG:4490", always_xy=True)
    box = shapely.box(LEFT + x, TOP - y - size, LEFT + x + size, TOP - y)
    shape = shapely.transform(box, lambda xy: np.column_stack(way.transform(xy[:, 0], xy[:, 1])))
    place = PLANE.to_plane([shape], "EPSG:4490", step_m=50)[0]
    raw = RawPatch(shape, 100, 0.6, 0.1, -9.0, 1)
    return Suspect(raw, shape, place, place.area, place.area, (), (), {}, explained=False, parcels={})


def test_patches_are_recognised_by_overlap_and_keep_number_and_mark() -> None:
    nothing = shapely.Polygon()
    first, listed = remembered(
        WatchState(), [suspect(0, 0), suspect(500, 0)], nothing, PLANE, on=BEFORE, same_patch=0.3
    )
    assert [(one.known.id, one.known.state) for one in listed] == [("W0001", "new"), ("W0002", "new")]
    told = marked(first, {"W0002": "confirmed"}, "on the spot")
    again = WatchState.model_validate_json(told.to_json())
    assert again == told
    # The second has grown; the first is not there any more; a third is new. Two that share too little are two.
    now = [suspect(490, 0, 130), suspect(900, 0), suspect(80, 80)]
    second, listed = remembered(again, now, nothing, PLANE, on=AFTER, same_patch=0.3)
    states = {one.known.id: (one.known.state, one.known.mark, one.known.note) for one in listed}
    assert states == {
        "W0002": ("seen_again", "confirmed", "on the spot"),
        "W0003": ("new", "open", ""),
        "W0004": ("new", "open", ""),
        "W0001": ("not_seen", "open", ""),
    }
    patches = {patch.id: patch for patch in second.patches}
    assert (patches["W0002"].first_seen, patches["W0002"].last_seen) == (BEFORE, AFTER)
    assert patches["W0001"].last_seen == BEFORE
    # The same run once more changes nothing.
    third, _ = remembered(second, now, nothing, PLANE, on=AFTER, same_patch=0.3)
    assert third == second
    # Under clouds nobody can say that it has gone; numbers are never used twice.
    fourth, _ = remembered(second, [suspect(2000, 0)], suspect(-50, -50, 1500).place, PLANE, on=AFTER, same_patch=0.3)
    found = {patch.id: patch.state for patch in fourth.patches}
    assert found == dict.fromkeys(("W0001", "W0002", "W0003", "W0004"), "not_watched") | {"W0005": "new"}


def test_marks_that_cannot_be_meant_are_said() -> None:
    state, _ = remembered(WatchState(), [suspect(0, 0)], shapely.Polygon(), PLANE, on=AFTER, same_patch=0.3)
    with pytest.raises(UsageError, match=r"^--mark: there is no patch W0009$"):
        marked(state, {"W0009": "handled"})
    with pytest.raises(
        UsageError, match=r"^--mark: 'done' is not allowed; allowed: open, confirmed, permitted, handled"
    ):
        marked(state, {"W0001": "done"})


def test_a_damaged_state_file_is_said(tmp_path: Path) -> None:
    (tmp_path / STATE_FILE).write_text("{}x")
    with pytest.raises(ContentError, match=r"is no state file of this command, or is damaged; restore a copy"):
        read_state(tmp_path / STATE_FILE)
    assert read_state(tmp_path / "none.json") == WatchState()


def test_layers_that_are_not_there_are_said(settings: WatchSettings) -> None:
    catalogue = Workspace.open(builtin_root()).catalogue
    assert settings.mistakes(catalogue) == []
    wrong = settings.model_copy(
        update={
            "layers": (
                settings.layers[0].model_copy(update={"classes": ("core",)}),
                settings.layers[0].model_copy(update={"layer": "redline"}),
            )
        }
    )
    assert [text.en for text in wrong.mistakes(catalogue)] == [
        "mines/watch.yaml: layer ecological-red-line has no class 'core'; allowed: level-1, red-line, level-2",
        "mines/watch.yaml: there is no layer 'redline'",
    ]


def test_layers_without_data_and_land_without_coverage_are_not_watched(settings: WatchSettings) -> None:
    source = Workspace.open(builtin_root()).source()
    everywhere = shapely.box(111, 35, 114, 39)

    def gaps(day: str, territory: str) -> dict[str, Any]:
        on = date.fromisoformat(day)
        ground = read_ground(source, settings, everywhere, on=on, territories=(territory,))
        assert ground.area.area == pytest.approx(areas[territory], rel=1e-9)
        return {gap.layer: (gap.why, gap.area_m2) for gap in ground.gaps}

    layer: Any = source.layer("territory", on=AFTER, bounds=(-180, -90, 180, 90))
    areas = {code: float(layer.zone(code).area) for code in ("140522", "140825")}
    # No edition of the red line began before 2017; that of 2017 was drawn for 140522 only.
    assert gaps("2016-06-01", "140522")["ecological-red-line"] == ("no_layer", pytest.approx(areas["140522"]))
    assert gaps("2020-01-01", "140825")["ecological-red-line"] == ("not_covered", pytest.approx(areas["140825"]))
    assert "ecological-red-line" not in gaps("2020-01-01", "140522")
    assert "ecological-red-line" not in gaps("2026-11-23", "140825")


def test_all_protected_land_is_seen_or_not_watched(settings: WatchSettings) -> None:
    source = Workspace.open(builtin_root()).source()
    shown = shapely.box(112.2, 35.3, 112.5, 35.5)
    ground = read_ground(source, settings, shown, on=AFTER, territories=("140522",))
    plane = source.plane
    clouds, frame = plane.to_plane([shapely.box(112.1, 35.35, 112.4, 35.45), shown], "EPSG:4490", step_m=85)
    found = not_seen(ground, clouds.intersection(frame), frame)
    for one in ground.layers:
        lost = {gap.why: gap.area_m2 for gap in found if gap.layer == one.layer}
        seen = one.land.intersection(frame).difference(clouds).area
        assert seen + sum(lost.values()) == pytest.approx(one.area_m2, abs=5)
