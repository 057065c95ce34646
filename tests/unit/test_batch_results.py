"""The files of a batch: one row per record in its order, the same bytes whoever computed them."""

import csv
import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyarrow as pa
import pyogrio
import pytest
import shapely
from pyarrow import parquet

import batch_world
import tiny_workspace
from batch_world import Backwards, Stops, World
from zoning.batch.columns import layer_columns, schema_of
from zoning.batch.flat import without_formulas
from zoning.check import Examination, check_sites
from zoning.errors import ContentError, SiteError
from zoning.rules.facts import parse_facts
from zoning.sites import read_sites

WATER_1 = (112.404, 35.504, 112.405, 35.505)
STEM = "结果 it's; --!#?%41&x=1"
POINT = {"type": "Point", "coordinates": [112.4, 35.45]}
FLAT = {"type": "Polygon", "coordinates": [[[112.40, 35.45], [112.41, 35.45], [112.42, 35.45], [112.40, 35.45]]]}


def feature(name: str, geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"id": name, "name": name}, "geometry": geometry}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return batch_world.make_world(tmp_path_factory.mktemp("world"), lines=True)


@pytest.fixture(scope="module")
def undisturbed(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "r.parquet"
    world.run(out, lines=out.with_suffix(".jsonl"))
    return out


def rows(path: Path) -> list[dict[str, Any]]:
    return parquet.read_table(path).to_pylist()  # type: ignore[no-any-return]  # Arrow ships no types


@pytest.mark.parametrize("task", [1, 3, 16, 1000])
def test_the_size_of_tasks_moves_no_byte(world: World, undisturbed: Path, tmp_path: Path, task: int) -> None:
    out = tmp_path / "r.parquet"
    world.run(out, task=task, lines=tmp_path / "r.jsonl")
    assert out.read_bytes() == undisturbed.read_bytes()
    assert (tmp_path / "r.jsonl").read_bytes() == undisturbed.with_suffix(".jsonl").read_bytes()


@pytest.mark.parametrize("suffix", [".parquet", ".gpkg", ".csv"])
def test_neither_order_nor_interruption_moves_a_byte(world: World, tmp_path: Path, suffix: str) -> None:
    plain, other = tmp_path / f"plain{suffix}", tmp_path / f"other{suffix}"
    world.run(plain)
    with pytest.raises(SiteError):
        world.run(other, executor=Stops(1, SiteError("停", "stop")))
    world.run(other, executor=Backwards(), resume=True)
    assert other.read_bytes() == plain.read_bytes()


def test_blocks_are_put_together_in_the_order_of_the_file(
    world: World, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoning.batch.blocks.BLOCK", 7)
    out = tmp_path / "r.parquet"
    world.run(out, task=3, executor=Backwards(), lines=tmp_path / "r.jsonl")
    assert rows(out) == rows(undisturbed)
    assert [row["number"] for row in rows(out)] == list(range(1, 41))


def test_verdicts_are_those_of_the_check_byte_by_byte(world: World, undisturbed: Path) -> None:
    workspace = world.workspace
    facts = parse_facts(workspace.rulebook.vocabulary, dict(batch_world.FACTS), "t")
    sites = read_sites(world.file, expected=workspace.extent(batch_world.ON))
    found = check_sites(
        [(site, facts) for site in sites],
        on=batch_world.ON,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
    )
    lines = undisturbed.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    for one, line, row in zip(found, lines, rows(undisturbed), strict=True):
        assert isinstance(one, Examination)
        printed = one.verdict.to_json()
        assert json.dumps(json.loads(line), ensure_ascii=False, indent=2) + "\n" == printed
        assert row["verdict_sha256"] == hashlib.sha256(printed.encode()).hexdigest()
        assert row["decision"] == json.loads(line)["decision"]


def test_a_row_says_what_the_verdict_says(world: World, undisturbed: Path) -> None:
    lines = [json.loads(line) for line in undisturbed.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()]
    names = layer_columns(world.workspace.catalogue)
    assert {line["decision"] for line in lines} == {"prohibited", "undetermined", "restricted", "permitted"}
    for row, verdict in zip(rows(undisturbed), lines, strict=True):
        assert (row["id"], row["name"], row["status"]) == (verdict["site"]["id"], verdict["site"]["name"], "checked")
        assert (row["area_m2"], row["area_ha"], row["area_mu"]) == tuple(
            verdict["site"][key] for key in ("area_m2", "area_ha", "area_mu")
        )
        assert row["territories"] == verdict["site"]["territories"]
        assert [row["summary_zh"], row["summary_en"]] == [verdict["summary"]["zh"], verdict["summary"]["en"]]
        assert row["deciding_rule_count"] == len(row["deciding_rules"])
        for rule in row["deciding_rules"]:
            assert any(f["rule"] == rule and f["decision"] == verdict["decision"] for f in verdict["findings"])
        # In county B no rules are in force: nothing is permitted there, and no rule says so.
        assert (row["deciding_rules"] == []) == (verdict["decision"] == "permitted" or row["territories"] == ["140825"])
        for layer, entry in zip(names, verdict["layers"], strict=True):
            assert (layer.layer, row[layer.status]) == (entry["layer"], entry["status"])
            assert row[layer.nearest] == entry["nearest_m"]
            known = entry["status"] != "no_data"
            assert row[layer.classes] == ([found["class"] for found in entry["classes"]] if known else None)
            assert (row[layer.amount] is not None) == known


def test_land_in_two_classes_counts_once(tmp_path: Path) -> None:
    # W1 (level 1) lies inside W2 (level 2): whatever is in the one is in the other as well.
    world = batch_world.make_world(tmp_path, 0)
    batch_world.write_features(world.file, [feature("both", tiny_workspace.polygon(WATER_1))])
    world.run(tmp_path / "r.parquet")
    (row,) = rows(tmp_path / "r.parquet")
    assert row["water_classes"] == ["level-1", "level-2"]
    assert row["water_overlap_m2"] == pytest.approx(row["area_m2"], abs=1e-3)


def test_what_is_wrong_with_one_record_is_a_row(tmp_path: Path) -> None:
    world = batch_world.make_world(tmp_path, 0, lines=True)
    good = tiny_workspace.polygon(WATER_1)
    shapes = [shapely.from_geojson(json.dumps(shape)) for shape in (good, POINT, FLAT, good)]
    world.file = tmp_path / "sites.gpkg"
    frame = geopandas.GeoDataFrame({"name": list("abcd")}, geometry=shapes, crs=4490)
    pyogrio.write_dataframe(frame, world.file, driver="GPKG", geometry_type="Unknown")
    tally = world.run(tmp_path / "r.parquet", lines=tmp_path / "r.jsonl", task=1)
    found = rows(tmp_path / "r.parquet")
    assert [row["status"] for row in found] == ["checked", "refused", "refused", "checked"]
    assert (tally.sites, tally.refused, dict(tally.errors)) == (4, 2, {"site": 2})
    refused = found[1]
    assert (refused["number"], refused["error_code"], refused["decision"], refused["water_status"]) == (
        2,
        "site",
        None,
        None,
    )
    assert refused["error_zh"].startswith("sites.gpkg 第 2 个图形：")
    assert refused["error_en"].startswith("sites.gpkg, record 2: ")
    assert found[2]["name"] == "c"
    lines = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["schema"] for line in lines] == [
        "zoning.verdict/1",
        "zoning.refusal/1",
        "zoning.refusal/1",
        "zoning.verdict/1",
    ]
    assert lines[1]["error"]["en"] == refused["error_en"]
    assert [line["number"] for line in lines[1:3]] == [2, 3]


def test_a_fault_of_the_program_costs_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import zoning.check

    world = batch_world.make_world(tmp_path, 12)
    examine = zoning.check._examine

    def breaks(footprint: Any, *rest: Any) -> Any:
        if footprint.site.id == "S5":
            msg = "side location conflict"
            raise shapely.errors.GEOSException(msg)
        return examine(footprint, *rest)

    monkeypatch.setattr(zoning.check, "_examine", breaks)
    world.run(tmp_path / "r.parquet")
    found = rows(tmp_path / "r.parquet")
    assert [row["status"] for row in found].count("checked") == 11
    (row,) = [row for row in found if row["status"] == "refused"]
    assert (row["id"], row["error_code"]) == ("S5", "fault")
    assert row["error_en"] == (
        "sites.geojson: a fault of the program at footprint '地块5' (GEOSException: side location conflict); it has no "
        "verdict: check it alone with zoning check, and report it"
    )


def test_parquet_is_geoparquet_with_boxes(undisturbed: Path) -> None:
    file = parquet.ParquetFile(undisturbed)
    geo = json.loads(file.metadata.metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert (geo["version"], geo["primary_column"], column["encoding"]) == ("1.1.0", "geometry", "WKB")
    assert column["geometry_types"] == ["Polygon"]
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 4490}
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    frame = geopandas.read_parquet(undisturbed)
    assert frame.crs.to_epsg() == 4490
    assert np.allclose(frame.total_bounds, column["bbox"])
    few = geopandas.read_parquet(undisturbed, bbox=tuple(frame.geometry.iloc[0].bounds))
    assert frame["number"].iloc[0] in set(few["number"])
    assert len(few) < len(frame)


def test_geopackage_is_one_table_with_its_index(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.gpkg"
    world.run(out)
    assert pyogrio.list_layers(out).tolist() == [["results", "MultiPolygon"], ["layer_styles", None]]
    frame = geopandas.read_file(out, layer="results")
    assert frame.crs.to_epsg() == 4490
    assert list(frame["number"]) == list(range(1, 41))
    assert frame["territories"].iloc[0] == "140522"
    with sqlite3.connect(out) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        (changed,) = database.execute("SELECT last_change FROM gpkg_contents").fetchone()
    database.close()
    assert "rtree_results_geometry" in tables
    assert changed == "2026-06-01T00:00:00.000Z"


def test_csv_opens_in_a_spreadsheet(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.csv"
    world.run(out, wkt=True)
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.DictReader(file))
    assert [row["name"] for row in read[:2]] == ["地块0", "地块1"]
    assert shapely.from_wkt(read[0]["geometry"]).is_valid
    world.run(tmp_path / "plain.csv")
    with (tmp_path / "plain.csv").open(encoding="utf-8-sig", newline="") as file:
        assert "geometry" not in next(csv.DictReader(file))


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "=1\n=2"])
def test_no_text_of_a_file_is_run_as_a_formula(name: str) -> None:
    table = pa.table({"name": pa.array([name, "plain", None]), "n": pa.array([-1.5, 0.0, None])})
    assert without_formulas(table).to_pylist() == [
        {"name": f"'{name}", "n": -1.5},
        {"name": "plain", "n": 0.0},
        {"name": None, "n": None},
    ]


def test_hostile_names_stay_texts(tmp_path: Path) -> None:
    world = batch_world.make_world(tmp_path, 0)
    good = tiny_workspace.polygon(WATER_1)
    names = ["=cmd|' /C calc'!A0", '"; DROP TABLE results; --', "<script>", 'a,b"c']
    batch_world.write_features(world.file, [feature(name, good) for name in names])
    for suffix in (".csv", ".gpkg", ".parquet"):
        world.run(tmp_path / f"{STEM}{suffix}")
    with (tmp_path / f"{STEM}.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == [f"'{names[0]}", *names[1:]]
    with sqlite3.connect(str(tmp_path / f"{STEM}.gpkg")) as database:
        assert [name for (name,) in database.execute("SELECT name FROM results")] == names
    database.close()
    assert [row["name"] for row in rows(tmp_path / f"{STEM}.parquet")] == names


def test_no_record_at_all_is_an_empty_table(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "rows", lambda _: iter(()))
    for suffix in (".parquet", ".gpkg", ".csv"):
        tally = world.run(tmp_path / f"r{suffix}")
        assert tally.as_plain()["sites"] == 0
    assert len(geopandas.read_parquet(tmp_path / "r.parquet")) == 0
    assert len(geopandas.read_file(tmp_path / "r.gpkg", layer="results")) == 0
    assert len((tmp_path / "r.csv").read_text(encoding="utf-8-sig").splitlines()) == 1


def test_rows_that_are_not_those_of_the_file_are_not_written(world: World, tmp_path: Path) -> None:
    class Forgets(Backwards):
        def run(self, job: Any, tasks: Any) -> Any:
            yield from list(super().run(job, tasks))[1:]

    with pytest.raises(ContentError) as caught:
        world.run(tmp_path / "r.gpkg", executor=Forgets())
    assert "do not fit the records of the boundary file; begin anew with --restart" in caught.value.text.en
    assert not (tmp_path / "r.gpkg").exists()


def test_names_of_columns_are_plain_and_different(world: World) -> None:
    names = schema_of(world.workspace.catalogue, verdicts=False).names
    assert len(names) == len(set(names))
    assert all(name.isascii() and name == name.lower() and name.replace("_", "").isalnum() for name in names)


def test_layers_whose_names_differ_in_signs_only_have_columns_of_their_own(tmp_path: Path) -> None:
    world = batch_world.make_world(tmp_path, 1)
    layers = world.root / "layers"
    (layers / "wa-ter.yaml").write_bytes((layers / "water.yaml").read_bytes())
    (layers / "wa_ter.yaml").write_bytes((layers / "water.yaml").read_bytes())
    status = [columns.status for columns in layer_columns(world.workspace.catalogue)]
    assert status == ["farmland_status", "territory_status", "wa_ter_status", "wa_ter_2_status", "water_status"]


def test_the_summary_counts_what_the_rows_say(world: World, tmp_path: Path) -> None:
    tally = world.run(tmp_path / "r.parquet").as_plain()
    found = rows(tmp_path / "r.parquet")
    assert tally["sites"] == tally["checked"] == 40
    for decision, count in tally["decisions"].items():
        assert count == sum(row["decision"] == decision for row in found)
    water = next(layer for layer in tally["layers"] if layer["layer"] == "water")
    assert water["affected"] == sum(row["water_status"] == "affected" for row in found)
    assert water["overlap_m2"] == pytest.approx(sum(row["water_overlap_m2"] or 0 for row in found), abs=1e-3)
    assert tally["area_m2"] == pytest.approx(sum(row["area_m2"] for row in found), abs=1e-3)
    assert tally["deciding_rules"][0]["rule"] == "R048"
