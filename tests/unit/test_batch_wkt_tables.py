"""A CSV with a geometry in each row through a batch: one row of results for each, none is merged and none is lost."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

import batch_world
from batch_world import Backwards, Stops, World
from zoning.errors import SiteError


def as_csv(world: World, path: Path, *, spoiled: dict[int, str], codec: str = "gbk") -> World:
    """Return the world with its sites as CSV; `spoiled` are cells in the place of geometries, by row from 0."""
    with path.open("w", encoding=codec, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["名称", "geom", "id"])
        for number, feature in enumerate(batch_world.boxes(40)):
            wkt = shapely.geometry.shape(feature["geometry"]).wkt
            writer.writerow([feature["properties"]["name"], spoiled.get(number, wkt), feature["properties"]["id"]])
    return replace(world, file=path)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return batch_world.make_world(tmp_path, count=40)


def test_rows_are_those_of_the_same_sites_as_geojson(world: World, tmp_path: Path) -> None:
    world.run(tmp_path / "json.csv")
    as_csv(world, tmp_path / "s.csv", spoiled={}).run(tmp_path / "csv.csv")
    told = [
        {name: value for name, value in row.items() if not name.startswith("warnings") and name != "verdict_sha256"}
        for row in read(tmp_path / "csv.csv")
    ]
    assert len(told) == 40
    for ours, theirs in zip(told, read(tmp_path / "json.csv"), strict=True):
        assert ours == {name: theirs[name] for name in ours}


def test_a_bad_row_is_a_refused_record_with_its_line(world: World, tmp_path: Path) -> None:
    out = tmp_path / "r.csv"
    spoiled = as_csv(world, tmp_path / "s.csv", spoiled={3: "", 17: "POLYGON ((112.4 35.4, 112.5 35.4", 39: "无"})
    tally = spoiled.run(out)
    assert (tally.sites, tally.refused) == (40, 3)
    found = read(out)
    assert [row["number"] for row in found] == [str(number) for number in range(1, 41)]
    refused = {int(row["number"]): (row["name"], row["error_en"]) for row in found if row["status"] == "refused"}
    no_wkt = "“无” in the column “geom” is no WKT such as POLYGON ((112.1 35.1, …)); correct it, or remove the row"
    assert refused == {
        4: ("地块3", "s.csv:5: the column “geom” is empty, this row holds no geometry; add it, or remove the row"),
        18: ("地块17", "s.csv:19: the WKT is wrong or cut off near “112.4 35.4, 112.5 35”; export it again"),
        40: ("地块39", f"s.csv:41: {no_wkt}"),
    }


def test_results_are_sites_again(world: World, tmp_path: Path) -> None:
    """A table of results with its geometry goes in as it came out."""
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    spoiled = as_csv(world, tmp_path / "s.csv", spoiled={0: "", 5: ""}, codec="utf-8-sig")
    spoiled.run(first, wkt=True)
    replace(world, file=first).run(second)
    kept = ("number", "name", "status", "decision", "error_code")
    assert [[row[name] for name in kept] for row in read(second)] == [
        [row[name] for name in kept] for row in read(first)
    ]
    for ours, theirs in zip(read(second), read(first), strict=True):
        assert (ours["area_m2"] == "") == (theirs["area_m2"] == "")
        if ours["area_m2"]:  # seven decimals are a centimetre
            assert float(ours["area_m2"]) == pytest.approx(float(theirs["area_m2"]), rel=1e-3)


def test_interrupted_and_taken_up_again(world: World, tmp_path: Path) -> None:
    spoiled = as_csv(world, tmp_path / "s.csv", spoiled={8: "", 30: "?"})
    plain, out = tmp_path / "plain.gpkg", tmp_path / "r.gpkg"
    spoiled.run(plain)
    with pytest.raises(SiteError):
        spoiled.run(out, executor=Stops(1, SiteError("停", "stop")))
    spoiled.run(out, executor=Backwards(), resume=True)
    assert out.read_bytes() == plain.read_bytes()
