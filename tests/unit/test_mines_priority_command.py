"""`zoning mines priority`, `volumes` and `works` on a small desk: what is printed, what is written, what is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from openpyxl import load_workbook
from pyogrio import read_dataframe

from zoning.cli.mines_parcels import ParcelsRequest
from zoning.cli.mines_priority import run_priority
from zoning.cli.mines_priority_desk import DeskRequest
from zoning.cli.mines_volumes import run_volumes
from zoning.cli.mines_works import WorksRequest, run_works
from zoning.cli.session import Session
from zoning.errors import ContentError, LayerError, UsageError, ZoningError
from zoning.mines.elevation import Elevation
from zoning.mines.volumes import VerticalError
from zoning.registers.store import Change, Stamp, open_store
from zoning.registers.types import read_register_types
from zoning.workspace import builtin_root

CRS, CELL, ROWS, COLUMNS = "EPSG:4546", 30.0, 120, 160
WEST, NORTH = 630_000.0, 3_930_000.0
ON = "2026-06-01"


def grid() -> Elevation:
    """Return a plain with a ridge in the middle and a pit of 10 m (9 x 9 cells) in the west."""
    heights = np.full((ROWS, COLUMNS), 800.0, dtype=np.float32)
    heights[:, 80] = 900.0
    heights[30:39, 20:29] = 790.0
    return Elevation(heights, CRS, WEST, NORTH, CELL, CELL)


def box(top: float, left: float, bottom: float, right: float) -> shapely.Polygon:
    """Return a box between places of the grid, in cells from its outer corner."""
    corners = np.array([[top, left], [top, right], [bottom, right], [bottom, left]]) - 0.5
    return shapely.Polygon(grid().lonlat(corners[:, 0], corners[:, 1]))


PARCELS = {
    "W1": (box(28, 18, 41, 31), {"TBSX": "1", "NXFFS": "3", "NXFFX": "grass", "STWT": "2"}),
    "E1": (box(28, 120, 41, 133), {"TBSX": "3", "NXFFS": "1", "STWT": "1"}),
    "E2": (box(60, 120, 70, 130), {"HFZLQK": "B"}),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with parcels.geojson, dem.tif and rail.geojson."""
    made = tmp_path_factory.mktemp("desk")
    _features(made / "parcels.geojson", [(shape, {"id": name, **values}) for name, (shape, values) in PARCELS.items()])
    rows, columns = np.array([60.0, 60.0]), np.array([5.0, 70.0])
    _features(made / "rail.geojson", [(shapely.LineString(grid().lonlat(rows, columns)), {"id": "rail"})])
    with rasterio.open(
        made / "dem.tif", "w", driver="GTiff", width=COLUMNS, height=ROWS, count=1, dtype="float32", crs=CRS,
        transform=Affine(CELL, 0, WEST, 0, -CELL, NORTH), nodata=-9999,
    ) as file:  # fmt: skip
        file.write(grid().heights, 1)
    return made


def _features(path: Path, entries: list[tuple[Any, dict[str, str]]]) -> None:
    features = [
        {"type": "Feature", "properties": values, "geometry": shapely.geometry.mapping(shape)}
        for shape, values in entries
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8")


@pytest.fixture
def request_(folder: Path) -> DeskRequest:
    told = ParcelsRequest(folder / "parcels.geojson")
    return DeskRequest(told, folder / "dem.tif", None, ON, builtin_root())


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[[], dict[str, Any]]:
    """Return what was printed on stdout, as JSON."""
    return lambda: dict(json.loads(capsys.readouterr().out))


def priority(request: DeskRequest, corridor: str | None = None, start: str | None = None, language: Any = "en") -> int:
    """Run the command."""
    return run_priority(Session(language, {}), request, corridor, start, as_json=True)


def test_priority_looks_from_a_file_of_lines(
    request_: DeskRequest, folder: Path, printed: Callable[[], dict[str, Any]]
) -> None:
    assert priority(request_, str(folder / "rail.geojson")) == 0
    found = printed()
    assert found["schema"] == "zoning.mines.priority/1"
    assert found["on"] == ON
    first, second = found["parcels"]
    assert (first["id"], first["rank"], first["phase"], first["sight"]["in_sight"]) == ("W1", 1, "in-sight", "yes")
    # The ridge of 100 m hides all of the east from the west; the parcel is nearer than 5 km.
    assert (second["id"], second["rank"], second["phase"], second["sight"]["in_sight"]) == ("E1", 2, "near", "no")
    assert [one["id"] for one in found["left_out"]] == ["E2"]
    # The pit is 10 m deep and the eye 2 m above the plain: the foot of its walls is hidden.
    assert 0.5 < first["sight"]["share"] < 1.0
    assert first["corridor_m"] == pytest.approx(19.5 * CELL, rel=2e-3)
    assert set(found["sources"]) >= {"parcels.geojson", "priority.yaml", "dem.tif", "rail.geojson"}
    layers = {name.split(" ")[0] for name in found["sources"] if " " in name}
    assert {"nature-reserves", "drinking-water", "ecological-red-line"} <= layers
    assert all(len(digest) == 64 for digest in found["sources"].values())
    assert {one["zh"] for one in found["notes"]} >= {"未给出、未计入：资金落实程度", "未给出、未计入：距高铁东站的圈层"}
    assert sum(one["weight"] or 0 for one in found["parameters"]["criteria"].values()) == pytest.approx(1.0)


def test_priority_without_heights_says_that_nothing_is_known_of_sight(
    request_: DeskRequest, folder: Path, printed: Callable[[], dict[str, Any]]
) -> None:
    assert priority(replace(request_, dem=None), str(folder / "rail.geojson"), "112.5,35.5") == 0
    found = printed()
    assert found["parameters"]["sight"] is None
    for one in found["parcels"]:
        assert one["sight"] is None
        assert (one["phase"], one["phase_latest"]) == ("in-sight", "near")
        share = one["criteria"]["visible-share"]
        assert (share["low"], share["high"], share["reason"]["en"]) == (0.0, 1.0, "not known: no elevation model")
        assert one["score_high"] - one["score_low"] >= 0.35 * 0.9
        assert one["criteria"]["start-distance"]["known"]
    notes = [one["en"] for one in found["notes"]]
    assert "no elevation model (--dem): whether anything is in sight is not known, such scores are intervals" in notes


def test_priority_takes_the_corridor_from_the_workspace(
    request_: DeskRequest, printed: Callable[[], dict[str, Any]]
) -> None:
    assert priority(request_) == 0
    found = printed()
    assert found["parameters"]["corridor"] == "transport:high-speed-rail,expressway"
    kinds = {kind["kind"] for one in found["parcels"] for kind in one["sight"]["corridors"]}
    assert kinds == {"high-speed-rail", "expressway"}
    assert priority(request_, "transport:expressway") == 0
    assert {kind["kind"] for one in printed()["parcels"] for kind in one["sight"]["corridors"]} == {"expressway"}


def test_outside_the_coverage_of_the_lines_nothing_is_known_of_them(
    request_: DeskRequest, tmp_path: Path, printed: Callable[[], dict[str, Any]]
) -> None:
    inside, _ = PARCELS["W1"]
    _features(
        tmp_path / "two.geojson", [(inside, {"id": "in"}), (shapely.box(112.45, 36.2, 112.452, 36.202), {"id": "out"})]
    )
    assert priority(replace(request_, parcels=ParcelsRequest(tmp_path / "two.geojson"))) == 0
    document = printed()
    found = {one["id"]: one for one in document["parcels"]}
    assert found["out"]["sight"] is None
    assert (found["out"]["phase"], found["out"]["phase_latest"]) == ("in-sight", "rest")
    assert found["out"]["corridor_covered_m"] == 0.0
    assert found["out"]["criteria"]["protection"]["high"] == 1.0
    assert found["in"]["corridor_covered_m"] > 0
    notes = [one["en"] for one in document["notes"]]
    assert "1 parcels lie outside the coverage of the lines: distance and sight are not known there" in notes


def test_priority_writes_four_files_and_twice_the_same(
    request_: DeskRequest, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        assert (
            run_priority(
                Session("zh", {}),
                replace(request_, out=tmp_path / name),
                str(folder / "rail.geojson"),
                None,
                as_json=False,
            )
            == 0
        )
    names = ["priority-sight.tif", "priority.gpkg", "priority.json", "priority.xlsx"]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == names
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    with rasterio.open(tmp_path / "one" / "priority-sight.tif") as file:
        counts = file.read(1)
        assert file.crs.to_epsg() == 4546
    assert counts[45, 45] == -1
    assert counts[29, 19] > 0
    assert (counts[28:41, 120:133] == 0).all()
    table = read_dataframe(tmp_path / "one" / "priority.gpkg", layer="priority").set_index("id")
    assert table.loc["W1", "rank"] == 1
    assert np.isnan(table.loc["E2", "rank"])
    book = load_workbook(tmp_path / "one" / "priority.xlsx")
    assert book.sheetnames == ["说明", "顺序", "理由", "准则得分", "可视分析", "敏感性", "依据", "未排序"]
    shown = capsys.readouterr().out
    assert "第一期：高铁、高速可视范围" in shown
    assert "高程模型不含桥梁和隧道" in shown


def test_tables_too_long_for_a_workbook_are_written_as_csv(
    request_: DeskRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoning.cli.plan_statistics_tables.MOST_ROWS", 12)
    request = WorksRequest(replace(request_, dem=None, out=tmp_path))
    assert run_works(Session("en", {}), request, as_json=True) == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    # 11 items on 3 parcels; the other tables are short (the basis of 5 figures and 11 items is not).
    assert names == ["works-basis.csv", "works-quantities.csv", "works.gpkg", "works.json", "works.xlsx"]
    lines = (tmp_path / "works-quantities.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 33
    sheet = load_workbook(tmp_path / "works.xlsx")["quantities"]
    assert sheet.cell(14, 1).value == "21 more rows in the CSV"


def test_volumes_of_the_pit(request_: DeskRequest, printed: Callable[[], dict[str, Any]], tmp_path: Path) -> None:
    request = replace(request_, out=tmp_path)
    assert run_volumes(Session("en", {}), request, "800", VerticalError(0.5), as_json=True) == 0
    found = {one["id"]: one for one in printed()["parcels"]}
    pit = found["W1"]
    # 9 x 9 cells of 30 m, 10 m deep: 729,000 m3 in the plane, which 130 km from its meridian is 415 ppm too large.
    assert pit["fill_m3"] == pytest.approx(729_000.0 * (1 - 415e-6), rel=1e-4)
    assert (pit["cut_m3"], pit["deepest_m"], pit["unknown_share"]) == (0.0, 10.0, pytest.approx(0.0, abs=1e-6))
    assert pit["error_m3"] == pytest.approx(0.5 * pit["known_m2"])
    assert sum(pit["slopes"]["areas_m2"].values()) == pytest.approx(169 * 900, rel=1e-3)
    assert run_volumes(Session("en", {}), request_, "rim", None, as_json=True) == 0
    found = {one["id"]: one for one in printed()["parcels"]}
    assert found["W1"]["fill_m3"] == pytest.approx(pit["fill_m3"], rel=1e-6)
    assert found["W1"]["rim"]["residual_m"] == pytest.approx(0.0, abs=1e-4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["volumes.gpkg", "volumes.json", "volumes.xlsx"]


def test_volumes_between_two_models(request_: DeskRequest, folder: Path, printed: Callable[[], dict[str, Any]]) -> None:
    with rasterio.open(folder / "dem.tif") as source:
        profile, heights = source.profile, source.read(1)
    with rasterio.open(folder / "later.tif", "w", **profile) as file:
        file.write(heights + 2.0, 1)
    assert run_volumes(Session("en", {}), request_, str(folder / "later.tif"), None, as_json=True) == 0
    found = printed()
    assert found["parameters"]["design"]["en"] == "elevation model later.tif"
    for one in found["parcels"]:
        assert one["net_m3"] == pytest.approx(2.0 * one["area_m2"], rel=1e-6)


def test_works_with_prices_and_modes(
    request_: DeskRequest, printed: Callable[[], dict[str, Any]], tmp_path: Path
) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text("prices:\n  backfill: {value: 20, source: {zh: 某局, en: office}}\n", encoding="utf-8")
    request = WorksRequest(replace(request_, out=tmp_path / "out"), "800", None, prices)
    assert run_works(Session("en", {}), request, as_json=True) == 0
    found = printed()
    first, second, third = found["parcels"]
    items = {one["item"]: one for one in first["items"]}
    assert items["backfill"]["quantity"] == pytest.approx(729_000.0, rel=1e-3)
    assert items["backfill"]["cost_yuan"] == pytest.approx(20 * items["backfill"]["quantity"])
    assert items["backfill"]["formula"].endswith(" * 1")
    assert items["plant-grass"]["quantity"] > 0
    assert items["plant-grass"]["cost_yuan"] is None
    assert items["soil-forest"]["reason"]["en"] == "not needed: NXFFX = grass"
    assert first["cost_yuan"] is None
    assert first["cost_known_yuan"] == pytest.approx(items["backfill"]["cost_yuan"])
    # Natural recovery needs no works; a parcel of which nothing is said is not known, not free.
    assert (second["cost_yuan"], second["cost_known_yuan"]) == (0.0, 0.0)
    assert third["cost_yuan"] is None
    assert found["cost_yuan"] is None
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["works.gpkg", "works.json", "works.xlsx"]
    mode = tmp_path / "mode.json"
    modes = [
        {"id": "W1", "target": {"mode": "forest"}, "way": {"mode": "natural"}},
        {"id": "E1", "target": {"mode": None}, "way": {"mode": None}},
    ]
    mode.write_text(json.dumps({"parcels": modes}), encoding="utf-8")
    assert run_works(Session("en", {}), WorksRequest(request_, "800", mode, prices), as_json=True) == 0
    found = printed()
    first, second, _ = found["parcels"]
    assert {one["item"]: one["quantity"] for one in first["items"]}["backfill"] == 0.0
    assert {one["item"]: one["applies"] for one in second["items"]}["drain"] == "not known"
    assert any(one["en"].startswith("the modes of 2 parcels are those of mode.json") for one in found["notes"])


def test_works_without_heights_say_so(request_: DeskRequest, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_works(Session("zh", {}), WorksRequest(replace(request_, dem=None)), as_json=False) == 0
    shown = capsys.readouterr().out
    assert "没有高程模型（--dem）：填挖方和坡度未知" in shown
    assert "11 个条目没有单价：造价未知（用 --prices 给出）" in shown


def test_the_register_is_read_as_well(
    request_: DeskRequest, folder: Path, tmp_path: Path, printed: Callable[[], dict[str, Any]]
) -> None:
    address = str(tmp_path / "register.sqlite")
    stamp = Stamp("tester", datetime(2026, 1, 1, tzinfo=UTC))
    values: dict[str, Any] = {"TBDL": "10", "TBXL": "11", "STWT": ("1", "2")}
    changes = [
        Change(name, name, "140522", {"id": name, "TBMC": name, "XZQDM": "140522", **values}, shape, None)
        for name, (shape, _) in PARCELS.items()
    ]
    with open_store(address, read_register_types(builtin_root()), create=True) as store:
        store.register("mine-parcels").apply(changes, stamp)
    told = ParcelsRequest(None, "140522", register=address)
    assert priority(replace(request_, parcels=told), str(folder / "rail.geojson")) == 0
    found = printed()
    assert {one["id"] for one in found["parcels"]} == set(PARCELS)
    assert found["parcels"][0]["criteria"]["hazard"]["low"] == 1.0
    assert len(found["sources"]["register"]) == 64
    assert found["parameters"]["criteria"]["money"]["counts"] is False
    with open_store(address, read_register_types(builtin_root()), create=False) as store:
        paid: list[tuple[str, Literal["planned", "paid"]]] = [("30", "planned"), ("12.5", "planned"), ("20", "paid")]
        for amount, status in paid:
            store.register("mine-parcels").add_payment(
                "W1", "city", Decimal(amount), status=status, on=date(2025, 6, 1), stamp=stamp
            )
    works = tmp_path / "works.json"
    costs = [{"id": "W1", "cost_yuan": 850_000}, {"id": "E1", "cost_yuan": None}, {"id": "E2", "cost_yuan": 1e6}]
    works.write_text(json.dumps({"parcels": costs}), encoding="utf-8")
    request = replace(request_, parcels=told)
    assert run_priority(Session("en", {}), request, str(folder / "rail.geojson"), None, works, as_json=True) == 0
    money = {one["id"]: one["criteria"]["money"] for one in printed()["parcels"]}
    # 30 + 12.5 planned of 85; the others have no cost, or no payment: not known.
    assert (money["W1"]["low"], money["W1"]["reason"]["en"]) == (0.5, "money: 42.50 / 85.00 (10,000 yuan)")
    assert [money[name]["known"] for name in ("E1", "E2")] == [False, False]
    works.write_text("[]", encoding="utf-8")
    with pytest.raises(ContentError, match=r"works\.json: this is no works.json of zoning mines works"):
        run_priority(Session("en", {}), request, None, None, works, as_json=True)


@pytest.mark.parametrize(
    ("corridor", "start", "sentence"),
    [
        ("roads", None, "--corridor: there is no layer 'roads'"),
        (
            "transport:tram",
            None,
            "--corridor: layer transport has no class tram; allowed: high-speed-rail, railway, ",
        ),
        ("drinking-water", None, "--corridor: layer drinking-water holds no lines"),
        ("parcels.geojson", None, "--corridor: parcels.geojson: W1 is no line"),
        (None, "35.5", "--start: write '35.5' as longitude,latitude, e.g. 112.87,35.49"),
        (None, "112.5,95", "--start: write '112.5,95' as longitude,latitude, e.g. 112.87,35.49"),
    ],
)
def test_corridors_and_starts_that_cannot_be_meant(
    corridor: str | None, start: str | None, sentence: str, request_: DeskRequest, folder: Path
) -> None:
    place = str(folder / corridor) if corridor is not None and "." in corridor else corridor
    with pytest.raises(UsageError) as caught:
        priority(request_, place, start)
    assert caught.value.text.en.startswith(sentence)
    assert caught.value.text.zh != caught.value.text.en


@pytest.mark.parametrize(
    ("design", "dem", "error", "sentence"),
    [
        ("rim", None, UsageError, "name an elevation model (GeoTIFF): --dem FILE"),
        (
            "none.tif",
            "dem.tif",
            UsageError,
            "--design: there is no file 'none.tif'; write rim, a level in metres, or an elevation model",
        ),
        ("nan", "dem.tif", UsageError, "--design: there is no ground at nan m"),
        ("rim", "rail.geojson", LayerError, "rail.geojson: cannot be used as an elevation raster ("),
    ],
)
def test_surfaces_that_cannot_be_meant(
    design: str, dem: str | None, error: type[ZoningError], sentence: str, request_: DeskRequest, folder: Path
) -> None:
    request = replace(request_, dem=None if dem is None else folder / dem)
    with pytest.raises(error) as caught:
        run_volumes(Session("en", {}), request, design, None, as_json=True)
    assert caught.value.text.en.startswith(sentence)


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("rail.geojson", "rail.geojson: this is no mode.json of zoning mines mode"),
        ("no.json", "no.json: cannot be read (No such file or directory)"),
    ],
)
def test_files_that_are_no_modes(mode: str, sentence: str, request_: DeskRequest, folder: Path) -> None:
    with pytest.raises(ContentError) as caught:
        run_works(Session("en", {}), WorksRequest(request_, "rim", folder / mode), as_json=True)
    assert caught.value.text.en == sentence


def test_the_day_of_the_run_is_the_one_that_was_asked_for(
    request_: DeskRequest, folder: Path, printed: Callable[[], dict[str, Any]]
) -> None:
    assert priority(replace(request_, on="2026-07-02"), str(folder / "rail.geojson")) == 0
    assert printed()["on"] == date(2026, 7, 2).isoformat()
