"""The command `zoning mines watch`: a reserve zone of the built-in workspace, part of it lost."""

import json
import re
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

from zoning.cli.mines_parcels import ParcelsRequest
from zoning.cli.mines_recovery_series import SeriesRequest
from zoning.cli.mines_watch import WatchCall, run_watch_command
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.source import LayerSource
from zoning.workspace import Workspace, builtin_root

PLANE = MeasuringPlane(35.5)
CRS = "EPSG:4546"
BEFORE, AFTER = date(2025, 8, 15), date(2026, 8, 15)


def write(path: Path, cells: NDArray[np.float64], pixel: float, left: float, top: float) -> None:
    rows, columns = cells.shape
    profile = {"driver": "GTiff", "width": columns, "height": rows, "count": 1, "dtype": "float32", "nodata": -9}
    with rasterio.open(path, "w", **profile, crs=CRS, transform=Affine(pixel, 0, left, 0, -pixel, top)) as file:
        file.write(np.nan_to_num(cells, nan=-9).astype(np.float32), 1)


@pytest.fixture(scope="module")
def zone() -> Any:
    source = LayerSource(Workspace.open(builtin_root()).catalogue, PLANE)
    layer: Any = source.layer("nature-reserves", on=AFTER, bounds=(-180, -90, 180, 90))
    return PLANE.to_lonlat([layer.zone("140522-NR26-001")])[0]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, zone: Any) -> Path:
    """Write rasters of 20 m around the middle of a core zone, 40 hectares lost of it, a hole in the data."""
    folder = tmp_path_factory.mktemp("case")
    (folder / "ndvi").mkdir()
    way = Transformer.from_crs("EPSG:4490", CRS, always_xy=True)
    x, y = way.transform(*shapely.get_coordinates(shapely.maximum_inscribed_circle(zone))[0])
    before = np.full((100, 100), 0.6)
    after = before.copy()
    after[40:60, 45:65] = 0.15
    after[40:50, 20:30] = np.nan
    for day, cells in ((BEFORE, before), (AFTER, after)):
        write(folder / "ndvi" / f"n_{day:%Y%m%d}.tif", cells, 20, x - 1000, y + 1000)
    return folder


def call_of(case: Path, out: Path | None, **more: Any) -> WatchCall:
    return WatchCall(
        ParcelsRequest(None),
        SeriesRequest([case / "ndvi"]),
        territories=("140522",),
        out=out,
        on="2026-11-23",
        workspace=builtin_root(),
        **more,
    )


def test_the_command(case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run_watch_command(Session("en"), call_of(case, out), as_json=False) == 0
    said = capsys.readouterr().out
    assert said.startswith("suspected patches: 1\n")
    assert "every patch is a suspicion that somebody must go and see: no finding of an offence, no verdict" in said
    assert "not watched: nature-reserves 4.00 ha (no valid pixel (clouds, no data))" in said
    document = json.loads((out / "watch.json").read_text(encoding="utf-8"))
    assert document["schema"] == "zoning.mines.watch/1"
    (patch,) = document["patches"]
    # 20 x 20 pixels of 400 m², on the ellipsoid.
    assert patch["area_m2"] == pytest.approx(160_000, rel=2e-3)
    assert patch["inside_m2"] == pytest.approx(patch["area_m2"], rel=1e-6)
    assert (patch["id"], patch["suspicion"], patch["state"], patch["mark"]) == ("W0001", True, "new", "open")
    assert {zone["layer"] for zone in patch["zones"]} == {"ecological-red-line", "nature-reserves"}
    core = next(zone for zone in patch["zones"] if zone["layer"] == "nature-reserves")
    assert (core["class"], core["certainty"]) == ("core-protection", "certain")
    assert "NRR26-26a" in {rule["rule"] for rule in patch["rules"]}
    # All land of the layers is accounted for: what was seen, what had no pixel, what lies beyond the rasters.
    for layer in document["layers"]:
        gaps = {gap["why"]: gap["area_m2"] for gap in document["not_watched"] if gap["layer"] == layer["layer"]}
        assert layer["not_watched_m2"] == pytest.approx(sum(gaps.values()), abs=0.2)
        assert gaps["beyond_rasters"] <= layer["area_m2"]
    reserve = next(layer for layer in document["layers"] if layer["layer"] == "nature-reserves")
    assert reserve["area_m2"] - reserve["not_watched_m2"] == pytest.approx(4_000_000 - 40_000, rel=0.35)
    assert (out / "chips" / "W0001.png").read_bytes().startswith(b"\x89PNG")
    assert load_workbook(out / "watch.xlsx").sheetnames[1:] == [
        "suspected patches",
        "zones",
        "rules that could apply",
        "not watched",
    ]

    marks = replace(call_of(case, out), marks=("W0001=handled",), note="fence")
    assert run_watch_command(Session("en"), marks, as_json=True) == 0
    (again,) = json.loads(capsys.readouterr().out)["patches"]
    assert (again["id"], again["state"], again["mark"], again["note"]) == ("W0001", "new", "handled", "fence")
    stamp = (out / "watch.xlsx").stat().st_mtime_ns
    assert run_watch_command(Session("en"), replace(call_of(case, out), resume=True), as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["patches"] == [again]
    assert (out / "watch.xlsx").stat().st_mtime_ns == stamp


def test_a_permitted_site_is_no_suspicion(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], zone: Any
) -> None:
    circle = shapely.get_coordinates(shapely.maximum_inscribed_circle(zone))[0]
    site = {
        "type": "Feature",
        "properties": {"id": "P1"},
        "geometry": shapely.Point(circle).buffer(0.02).__geo_interface__,
    }
    path = tmp_path / "permitted.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [site]}))
    call = replace(call_of(case, None, permitted=path), parcels=ParcelsRequest(path))
    assert run_watch_command(Session("zh"), call, as_json=True) == 0
    document = json.loads(capsys.readouterr().out)
    (patch,) = document["patches"]
    assert (patch["state"], patch["suspicion"], patch["permitted"]) == ("explained", False, {"P1": 1.0})
    assert document["parcels"] == [{"id": "P1", "patches": [{"patch": "W0001", "share_of_patch": 1.0}]}]


def test_a_register_that_cannot_be_asked_is_said(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "none.sqlite"
    session = Session("en", {"ZONING_REGISTER": str(missing)})
    assert run_watch_command(session, call_of(case, None), as_json=False) == 0
    assert f"not compared with the parcels of a register: {missing}: there is no register" in capsys.readouterr().err


def test_a_territory_beyond_the_rasters_is_not_watched(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = replace(call_of(case, None), territories=("140825",))
    assert run_watch_command(Session("en"), call, as_json=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["patches"] == []
    assert all(gap["why"] == "beyond_rasters" for gap in document["not_watched"])
    with pytest.raises(UsageError, match=r"^--territory: there is no territory '999999'; allowed: 1403, 140502, "):
        run_watch_command(Session("en"), replace(call, territories=("999999",)), as_json=True)


def test_rasters_without_valid_pixels_watch_nothing(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = replace(call_of(case, None), series=SeriesRequest([case / "ndvi"], scale=10_000.0))
    assert run_watch_command(Session("en"), call, as_json=False) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith("suspected patches: 0 every patch is a suspicion")
    assert "there is not one valid pixel" in out
    assert re.search(r"not watched: nature-reserves [234]\d\d\.\d\d ha \(no valid pixel", out)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"resume": True}, "--resume and --mark go with --out"),
        ({"before": "last year"}, "--before: 'last year' is no date; write it like 2026-11-22"),
        ({"after": "2026-01-01"}, "--after: there is no raster of 2026-01-01; there are: 2025-08-15, 2026-08-15"),
    ],
)
def test_what_cannot_be_meant_is_said(case: Path, more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        run_watch_command(Session("en"), call_of(case, None, **more), as_json=False)
    assert caught.value.get("en") == sentence
