"""Recovery: index and rings by hand, status and alarms of made-up curves, the command."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from numpy.typing import NDArray
from openpyxl import load_workbook
from pyproj import Transformer
from rasterio.transform import Affine
from shapely.geometry.base import BaseGeometry

from zoning.cli.mines_parcels import ParcelsRequest
from zoning.cli.mines_recovery import RecoveryRequest, run_recovery
from zoning.cli.mines_recovery_series import SeriesRequest
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.mines.rasters import Scene
from zoning.mines.recovery.document import is_followed, recovery_of
from zoning.mines.recovery.judging import Judgement, judge
from zoning.mines.recovery.measuring import index_of, measure_recovery, rings_around
from zoning.mines.recovery.settings import RecoverySettings, read_recovery_settings
from zoning.overlay.plane import MeasuringPlane
from zoning.registers.record import Record
from zoning.workspace import builtin_root

PLANE = MeasuringPlane(35.5)
LEFT, TOP = 480_000.0, 3_930_000.0
TO_LONLAT = Transformer.from_crs("EPSG:4546", "EPSG:4490", always_xy=True)
DAYS = [date(2023 + number // 4, number % 4 * 3 + 2, 15) for number in range(12)]
LAST = 11


@pytest.fixture(scope="module")
def settings() -> RecoverySettings:
    return read_recovery_settings(builtin_root() / "mines" / "recovery.yaml")


def lonlat(geometry: BaseGeometry) -> BaseGeometry:
    """From metres right of and below the corner of the rasters."""

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(TO_LONLAT.transform(LEFT + xy[:, 0], TOP - xy[:, 1]))

    moved: BaseGeometry = shapely.transform(shapely.segmentize(geometry, 50), move)
    return moved


def write(path: Path, cells: NDArray[np.float64]) -> Path:
    rows, columns = cells.shape
    profile = {"driver": "GTiff", "width": columns, "height": rows, "count": 1, "dtype": "float32", "nodata": -9}
    with rasterio.open(path, "w", **profile, crs="EPSG:4546", transform=Affine(10, 0, LEFT, 0, -10, TOP)) as file:
        file.write(np.nan_to_num(cells, nan=-9).astype(np.float32), 1)
    return path


def judged(values: list[float], settings: RecoverySettings, *, followed: bool = True) -> Judgement:
    return judge(DAYS[: len(values)], np.array(values), settings, followed=followed)


def test_the_index_by_hand(settings: RecoverySettings) -> None:
    # Bare is 0.1: (0.3 - 0.1) / (0.5 - 0.1) = 0.5; a reference of 0.19 is itself hardly green.
    found = index_of(np.array([0.3, 0.6, 0.3, np.nan]), np.array([0.5, 0.5, 0.19, 0.5]), settings.reference)
    assert found[:2].tolist() == pytest.approx([0.5, 1.25])
    assert np.isnan(found[2:]).all()


def test_rings_keep_off_all_parcels(settings: RecoverySettings) -> None:
    one, other = lonlat(shapely.box(0, 0, 100, 100)), lonlat(shapely.box(180, 0, 280, 100))
    rings = rings_around(np.array([one, other]), settings.reference, PLANE)
    flat, parcels = PLANE.to_plane(rings, "EPSG:4490", step_m=50), PLANE.to_plane([one, other], "EPSG:4490", step_m=50)
    for ring in flat:
        assert min(ring.distance(parcel) for parcel in parcels) == pytest.approx(60, abs=0.5)
        assert ring.hausdorff_distance(parcels[0]) > 290
    # A square of 100 m grown by 300 m less what lies within 60 m of either parcel: the two corridors meet between them.
    grown = shapely.box(0, 0, 100, 100).buffer(300)
    kept_off = shapely.union_all([shapely.box(0, 0, 100, 100), shapely.box(180, 0, 280, 100)]).buffer(60)
    assert flat[0].area == pytest.approx(grown.difference(kept_off).area, rel=0.002)


def test_values_need_enough_of_the_parcel(tmp_path: Path, settings: RecoverySettings) -> None:
    cells = np.full((100, 100), 0.5)
    cells[45:55, 45:55] = 0.3
    hidden = cells.copy()
    hidden[45:51, 45:55] = np.nan
    scenes = [
        Scene(write(tmp_path / "a.tif", cells), date(2024, 8, 1)),
        Scene(write(tmp_path / "b.tif", hidden), date(2025, 8, 1)),
        # Of two rasters of one day the one that sees more counts.
        Scene(write(tmp_path / "c.tif", hidden), date(2026, 8, 1)),
        Scene(write(tmp_path / "d.tif", cells), date(2026, 8, 1)),
    ]
    parcel = lonlat(shapely.box(450, 450, 550, 550))
    found = measure_recovery([parcel], scenes, settings, PLANE)
    assert found.days == (date(2024, 8, 1), date(2025, 8, 1), date(2026, 8, 1))
    # Six of ten rows are hidden: 40 % is less than half.
    assert found.valid[:, 0].tolist() == pytest.approx([1, 0.4, 1], abs=1e-5)
    assert found.nodata[:, 0].tolist() == pytest.approx([0, 0.6, 0], abs=1e-5)
    assert found.values[[0, 2], 0].tolist() == pytest.approx([0.3, 0.3])
    assert np.isnan(found.values[1, 0])
    assert found.mean[1, 0] == pytest.approx(0.3)
    assert found.reference[:, 0].tolist() == pytest.approx([0.5, 0.5, 0.5])
    assert found.index[[0, 2], 0].tolist() == pytest.approx([0.5, 0.5])
    told = measure_recovery([parcel], scenes, settings, PLANE, reference=lonlat(shapely.box(455, 455, 495, 495)))
    assert told.index[0, 0] == pytest.approx(1.0)


def test_a_rise_is_recovered_or_on_track_or_behind(settings: RecoverySettings) -> None:
    rise = [0.1 + 0.07 * number for number in range(12)]
    assert judged(rise, settings).status == "recovered"
    on_track = judged([0.1 + 0.055 * number for number in range(12)], settings)
    # Median of the last four, 0.1 + 0.055 x 9.5; 2.75 years after the start the curve says 0.45 + 0.75 x 0.15.
    assert on_track.status == "on_track"
    assert on_track.now == pytest.approx(0.6225)
    assert on_track.target == pytest.approx(0.5623, abs=0.001)
    assert on_track.trend is not None
    assert on_track.trend.direction == "rising"
    assert on_track.reason.en == "index 0.62, +0.22 a year; 2.7 years after the start, target 0.56"
    behind = judged([0.1 + 0.03 * number for number in range(12)], settings)
    assert (behind.status, behind.alarms) == ("behind", ())


def test_a_stall_is_told_with_its_figures(settings: RecoverySettings) -> None:
    found = judged([0.1, 0.15, 0.2, 0.25, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3], settings)
    (alarm,) = found.alarms
    assert (found.status, alarm.kind, alarm.since) == ("stalled", "stalled", date(2024, 2, 15))
    assert alarm.text.en == (
        "no credible rise on 8 dates since 2024-02-15 (+0.00 a year, p = 1.00); now 0.30, target 0.56"
    )
    assert alarm.text.zh == ("2024-02-15 以来 8 期恢复指数没有可信的上升（每年 +0.00，p = 1.00），现为 0.30，目标 0.56")
    assert judged([0.3] * 12, settings, followed=False).status == "not_followed"
    # Flat, but as green as it should be.
    assert judged([0.9] * 12, settings).status == "recovered"
    # Flat, but not long enough to be called.
    assert judged([0.3] * 7, settings).status == "behind"


def test_a_relapse_is_a_slow_fall(settings: RecoverySettings) -> None:
    found = judged([0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.65, 0.6, 0.55, 0.5, 0.44, 0.4], settings)
    assert found.status == "relapsed"
    # The median of three around the peak is 0.65, now is the median of two.
    assert found.alarms[0].text.en == "the index fell from 0.65 on 2024-05-15 to 0.42 (by 0.23, limit 0.15)"
    assert judged([0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.7, 0.68, 0.66, 0.64, 0.62, 0.6], settings).alarms == ()


def test_a_disturbance_is_a_fall_at_once(settings: RecoverySettings) -> None:
    twice = judged([0.7] * 10 + [0.1, 0.12], settings)
    assert twice.alarms[0].text.en == (
        "since 2025-08-15 the index fell at once from 0.70 to 0.11 (by 0.59, limit 0.25), and stayed low on 2 dates"
    )
    once = judged([0.7] * 11 + [0.1], settings)
    assert once.alarms[0].text.zh == (
        "2025-11-15 起恢复指数由 0.70 骤降至 0.10（降 0.60，阈值 0.25）；仅 1 期，待下一期证实"
    )
    # Also where nobody expects recovery; not where it came back; not where it is old.
    assert judged([0.7] * 10 + [0.1, 0.12], settings, followed=False).status == "disturbed"
    assert judged([0.8] * 9 + [0.1, 0.8, 0.8], settings).status == "recovered"
    old = [0.7] * 4 + [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.8]
    assert judged(old, settings).status == "recovered"


def test_noise_raises_the_limits(settings: RecoverySettings) -> None:
    chance = np.random.default_rng(5)
    for _ in range(200):
        values = 0.6 + chance.normal(0, 0.06, 12)
        alarms = judged(values.tolist(), settings).alarms
        assert all(alarm.kind == "stalled" for alarm in alarms)


def test_too_few_values_are_no_status(settings: RecoverySettings) -> None:
    values = [0.5, *[float("nan")] * 7, 0.4, 0.5, 0.6, 0.1]
    found = judged(values, settings)
    assert (found.status, found.now, found.dates) == ("too_few_values", None, 5)
    assert found.reason.en == "5 of 12 dates have an index, 6 are needed"


def test_who_is_followed(settings: RecoverySettings) -> None:
    def record(state: str = "", **values: str) -> Record:
        return Record("1", "", "", None, values, state)

    rule = settings.followed
    assert is_followed(record(), rule)
    assert is_followed(record(HFZLQK="B"), rule)
    assert not is_followed(record(HFZLQK="A"), rule)
    assert not is_followed(record("found"), rule)
    assert is_followed(record("in-tending", HFZLQK="A"), rule)


def test_the_start_moves_the_target(settings: RecoverySettings) -> None:
    values = np.full(12, 0.3)
    late = judge(DAYS, values, settings, followed=True, start=DAYS[-1])
    assert late.target == 0
    assert late.status == "on_track"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two parcels on twelve quarters: one recovers, one is cleared at the end; one parcel lies elsewhere."""
    folder = tmp_path_factory.mktemp("case")
    (folder / "ndvi").mkdir()
    for number, day in enumerate(DAYS):
        cells = np.full((120, 200), 0.6)
        cells[40:60, 40:60] = 0.15 + 0.035 * number
        cells[40:60, 140:160] = 0.5 if number < 10 else 0.12
        write(folder / "ndvi" / f"n_{day:%Y%m%d}.tif", cells)
    boxes = {"up": (400, 400, 600, 600), "cleared": (1400, 400, 1600, 600), "gone": (9000, 0, 9100, 100)}
    features = [
        {"type": "Feature", "properties": {"id": name}, "geometry": lonlat(shapely.box(*box)).__geo_interface__}
        for name, box in boxes.items()
    ]
    (folder / "parcels.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return folder


def asked(case: Path, **more: Any) -> RecoveryRequest:
    series = more.pop("series", SeriesRequest([case / "ndvi"]))
    return RecoveryRequest(
        ParcelsRequest(case / "parcels.geojson"), series, on="2026-11-23", workspace=builtin_root(), **more
    )


def test_the_command(case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    request = asked(case, out=tmp_path)
    assert run_recovery(Session("en"), request, as_json=False) == 0
    out = capsys.readouterr().out
    assert out.startswith("new disturbance: 1\nrecovered: 1\ntoo few values: 1\n")
    assert "since 2025-08-15 the index fell at once from 0.80 to 0.04" in out
    assert "12 dates (2023-02-15 to 2025-11-15); 12 of 36 values are missing for want of valid pixels" in out
    document = json.loads((tmp_path / "recovery.json").read_text(encoding="utf-8"))
    assert document["schema"] == "zoning.mines.recovery/1"
    assert document["on"] == "2026-11-23"
    assert document["dates"] == [day.isoformat() for day in DAYS]
    found = {parcel["id"]: parcel for parcel in document["parcels"]}
    assert {name: parcel["status"] for name, parcel in found.items()} == {
        "up": "recovered",
        "cleared": "disturbed",
        "gone": "too_few_values",
    }
    assert found["up"]["curve"]["values"][0] == pytest.approx(0.15, abs=1e-4)
    assert found["up"]["curve"]["reference"][0] == pytest.approx(0.6, abs=1e-4)
    assert found["gone"]["curve"]["outside"] == [1.0] * 12
    assert found["gone"]["dates_without_value"] == 12
    assert set(document["sources"]) >= {"recovery.yaml", "parcels.geojson", "n_20230215.tif"}
    book = load_workbook(tmp_path / "recovery.xlsx")
    assert len(book.sheetnames) == 5
    assert [row[0] for row in book[book.sheetnames[2]].iter_rows(min_row=2, values_only=True)] == ["cleared"]
    assert (tmp_path / "recovery.gpkg").stat().st_size > 0

    kept = sorted((tmp_path / ".finished-rasters").iterdir())
    assert len(kept) == 12
    stamp = kept[0].stat().st_mtime_ns
    assert run_recovery(Session("zh"), replace(request, resume=True), as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == document
    assert kept[0].stat().st_mtime_ns == stamp
    assert run_recovery(Session("zh"), request, as_json=False) == 0
    assert kept[0].stat().st_mtime_ns > stamp
    assert capsys.readouterr().out.startswith("新扰动：1\n")


@pytest.mark.parametrize(
    ("series", "more", "sentence"),
    [
        ({"formula": "b1-"}, {}, "formula 'b1-': it is not written as one; allowed"),
        ({"formula": "b2-b1"}, {}, "n_20230215.tif: there is no band 2; it has 1"),
        ({"clouds": "3,x"}, {}, "--clouds: write 'x' as 3,8,9 or bit3"),
        ({}, {"resume": True}, "--resume goes with --out"),
        ({}, {"start": "gone"}, "--start: 'gone' is no date, and no parcel has a date in a field of that name"),
        ({"date_pattern": "%Y.tif"}, {}, "n_20230215.tif: does not fit the date pattern '%Y.tif'"),
    ],
)
def test_what_cannot_be_meant_is_said(case: Path, series: dict[str, Any], more: dict[str, Any], sentence: str) -> None:
    request = asked(case, series=SeriesRequest([case / "ndvi"], **series), **more)
    with pytest.raises(UsageError) as caught:
        run_recovery(Session("en"), request, as_json=False)
    assert caught.value.get("en").startswith(sentence)


def test_clouds_of_a_band_and_the_start_of_the_curve(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    series = SeriesRequest([case / "ndvi"], formula="b1 * 1.0", mask_band=1, clouds="bit3,7")
    assert run_recovery(Session("en"), asked(case, series=series, start="2025-01-01"), as_json=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["parcels"][0]["target"] == pytest.approx(
        0.25 * (date(2025, 11, 15) - date(2025, 1, 1)).days / 365.25, abs=1e-3
    )


def test_values_that_were_not_scaled_are_asked_about(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    series = SeriesRequest([case / "ndvi"], scale=10_000.0)
    assert run_recovery(Session("en"), asked(case, series=series), as_json=False) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith("too few values: 3 there is not one valid pixel: do the rasters show the place?")


def test_a_parcel_without_place_is_said(case: Path, settings: RecoverySettings) -> None:
    scenes = [Scene(case / "ndvi" / f"n_{day:%Y%m%d}.tif", day) for day in DAYS]
    shape = lonlat(shapely.box(400, 400, 600, 600))
    measured = measure_recovery([shape], scenes, settings, PLANE)
    records = [Record("a", "", "", None), Record("b", "", "", shape)]
    found = recovery_of(records, measured, settings, on=DAYS[-1], sources={})
    assert [one.judgement.status for one in found.parcels] == ["no_place", "recovered"]
    assert found.counts == {"recovered": 1, "no_place": 1}
    assert "curve" not in json.loads(found.to_json())["parcels"][0]
