"""The short form of the demo: a district with planted changes. All are found, nothing else is called."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
import rasterio
import shapely

from demo_mines.parcels import JINCHENG, DemoParcel, demo_parcels
from demo_mines.rasters import QUARTERS, Planted, write_rasters
from zoning.check import Checker
from zoning.mines.recovery.document import Recovery, recovery_of
from zoning.mines.recovery.measuring import measure_recovery
from zoning.mines.recovery.settings import read_recovery_settings
from zoning.mines.scenes import SeriesOptions, find_scenes
from zoning.mines.watch.memory import WatchState
from zoning.mines.watch.running import Watch, WatchRequest, run_watch
from zoning.mines.watch.settings import read_watch_settings
from zoning.overlay.plane import MeasuringPlane
from zoning.registers.record import Record
from zoning.workspace import Workspace, builtin_root

ON = date(2026, 11, 23)


@dataclass(frozen=True)
class Demo:
    folder: Path
    parcels: tuple[DemoParcel, ...]
    planted: tuple[Planted, ...]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    here = [parcel for parcel in demo_parcels() if parcel.territory == JINCHENG]
    # More treated parcels than there are in the district: some of each kind are planted.
    parcels = tuple(
        replace(parcel, values={**parcel.values, "HFZLQK": "A" if number % 5 == 0 else "B"})
        for number, parcel in enumerate(here)
    )
    return Demo(folder, parcels, write_rasters(folder, parcels))


@pytest.fixture(scope="module")
def recovery(demo: Demo) -> Recovery:
    settings = read_recovery_settings(builtin_root() / "mines" / "recovery.yaml")
    scenes = find_scenes([demo.folder / "ndvi" / "manifest.csv"], SeriesOptions())
    records = [Record(one.id, one.name, one.territory, one.polygon, one.values) for one in demo.parcels]
    measured = measure_recovery([one.polygon for one in demo.parcels], scenes, settings, MeasuringPlane(35.5))
    return recovery_of(records, measured, settings, on=ON, sources=measured.digests)


@pytest.fixture(scope="module")
def watch(demo: Demo) -> Watch:
    workspace = Workspace.open(builtin_root())
    settings = read_watch_settings(workspace.root / "mines" / "watch.yaml")
    scenes = find_scenes([demo.folder / "ndvi" / "manifest.csv"], SeriesOptions())
    permitted = {one.id: one.polygon.buffer(0.0004) for one in demo.planted if one.kind == "permitted"}
    checker = Checker(
        on=ON,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
        source=workspace.source(),
    )
    parcels = {one.id: one.polygon for one in demo.parcels}
    return run_watch(WatchRequest(scenes, permitted=permitted, parcels=parcels), settings, checker, WatchState())


def test_what_is_written(demo: Demo) -> None:
    names = {path.name for path in (demo.folder / "ndvi").iterdir()}
    assert names == {"manifest.csv", *(f"{kind}_{q}.tif" for kind in ("ndvi", "clouds") for q in QUARTERS)}
    assert len(QUARTERS) == 12
    assert sum(path.stat().st_size for path in demo.folder.rglob("*.tif")) < 5_000_000
    with rasterio.open(demo.folder / "dem.tif") as dem, rasterio.open(demo.folder / "land_cover.tif") as cover:
        assert dem.shape == cover.shape
        assert set(cover.read(1).ravel().tolist()) <= {0, 1, 2, 4, 7, 8}


def test_planted_recoveries_stalls_relapses_and_disturbances_are_found(demo: Demo, recovery: Recovery) -> None:
    planted = {one.id: one.kind for one in demo.planted if not one.id.startswith("patch")}
    counts = Counter(planted.values())
    assert min(counts[kind] for kind in ("recovered", "stalled", "relapsed", "disturbed")) >= 4
    for parcel in recovery.parcels:
        found, kind = parcel.judgement.status, planted.get(parcel.record.id)
        if kind == "recovered":
            assert found in {"recovered", "on_track"}, parcel.judgement.reason.en
            assert parcel.judgement.trend is not None
            assert parcel.judgement.trend.direction == "rising"
        elif kind is not None:
            assert found == kind, f"{parcel.record.id}: {parcel.judgement.reason.en}"


def test_nothing_is_called_on_the_unchanged_remainder(demo: Demo, recovery: Recovery) -> None:
    planted = {one.id for one in demo.planted}
    rest = [parcel for parcel in recovery.parcels if parcel.record.id not in planted]
    assert len(rest) >= 30
    assert [parcel.record.id for parcel in rest if parcel.judgement.alarms] == []
    untouched = [parcel for parcel in rest if parcel.record.values["HFZLQK"] == "A"]
    assert {parcel.judgement.status for parcel in untouched} == {"not_followed"}


def test_patches_inside_protected_land_are_found_and_no_others(demo: Demo, watch: Watch) -> None:
    wanted = {one.id: one.polygon for one in demo.planted if one.kind == "zone"}
    disturbed = [one.polygon for one in demo.planted if one.kind in {"disturbed", "relapsed"}]
    assert len(wanted) >= 6
    seen = {one.known.id: one.suspect for one in watch.suspected if one.suspect is not None}
    for name, polygon in wanted.items():
        hits = [patch for patch in seen.values() if patch.geometry.intersects(polygon)]
        assert len(hits) == 1, name
        # Whole pixels of 30 m stand for it: their outline is off by a pixel at most.
        assert 0.5 < hits[0].geometry.area / polygon.area < 1.7
        assert hits[0].zones
        assert any(rule.effect == "prohibit" for rule in hits[0].rules)
    # What is left is a planted loss on a parcel that lies in a zone.
    real = shapely.union_all([*wanted.values(), *disturbed])
    assert [name for name, patch in seen.items() if not patch.geometry.intersects(real)] == []


def test_a_permitted_site_explains_its_patch(demo: Demo, watch: Watch) -> None:
    (explained,) = [one for one in watch.listed if one.known.state == "explained"]
    (site,) = [one for one in demo.planted if one.kind == "permitted"]
    assert explained.suspect is not None
    assert explained.suspect.geometry.intersects(site.polygon)
    assert explained.suspect.permitted[site.id] > 0.95


def test_land_without_data_is_not_watched_and_says_how_much(demo: Demo, watch: Watch) -> None:
    (unseen,) = [one for one in demo.planted if one.kind == "unseen"]
    gaps = {gap.layer: gap for gap in watch.gaps if gap.why == "no_valid_pixel"}
    area = MeasuringPlane(35.5).area_m2(unseen.polygon, "EPSG:4490", step_m=10.0)
    # 20 hectares in pixels of 900 m².
    assert area == pytest.approx(200_000, rel=0.001)
    assert gaps["ecological-red-line"].area_m2 == pytest.approx(area, rel=0.05)


def test_every_patch_has_pictures_and_a_number(watch: Watch) -> None:
    assert sorted(watch.chips) == [one.id for one in watch.state.patches]
    assert all(picture.startswith(b"\x89PNG") for picture in watch.chips.values())
