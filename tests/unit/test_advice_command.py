"""`zoning advise` as a user runs it: exit codes, both languages, files, and what it refuses."""

import json
import subprocess
from pathlib import Path

import jsonschema
import pyogrio
import pytest

import tiny_workspace
from command_process import run_zoning
from zoning.advice.entries import advice_schema
from zoning.advice.selection.entries import selection_schema

# West of the middle of the field's west edge, half on it, and far from all.
ON_THE_EDGE = (112.4489, 35.4545, 112.4511, 35.4554)
INSIDE = (112.4545, 35.4545, 112.4555, 35.4555)
FREE = (112.33, 35.43, 112.331, 35.431)
NEW = ("--set", "construction=new", "--set", "supply=no", "--on", "2024-05-01")


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run_zoning("advise", *arguments, cwd=cwd)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny_workspace.build(tmp_path / "w", accuracy_m=5.0)


def test_text_names_what_is_left_the_place_and_the_check(root: Path) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", ON_THE_EDGE)
    done = run(path, *NEW, cwd=root)
    assert (done.returncode, done.stderr) == (1, "")
    assert "× prohibited" in done.stdout
    assert "pieces kept: 1," in done.stdout
    assert "re-checked: permitted" in done.stdout
    assert "bearing" in done.stdout
    assert "no place is nearer by more than 1 m" in done.stdout
    assert "grown by the accuracies of layer and site and 0.20 m" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 100


def test_everything_is_said_in_chinese_as_well(root: Path) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", ON_THE_EDGE)
    done = run(path, *NEW, "--lang", "zh", cwd=root)
    assert "一、可用剩余" in done.stdout
    assert "保留 1 块" in done.stdout
    assert "重新检查：判定通过" in done.stdout
    assert "没有比此近出 1 m 以上" in done.stdout


@pytest.mark.parametrize(
    ("box", "facts", "code"), [(FREE, NEW, 0), (INSIDE, NEW, 1), (INSIDE, ("--on", "2024-05-01"), 3)]
)
def test_exit_codes_are_those_of_check(root: Path, box: tiny_workspace.Box, facts: tuple[str, ...], code: int) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", box)
    assert run(path, *facts, "--reach", "800 m", cwd=root).returncode == code


def test_json_and_files(root: Path) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", ON_THE_EDGE)
    done = run(path, *NEW, "--format", "json", "--out", "out", cwd=root)
    advice = json.loads(done.stdout)
    assert advice["schema"] == "zoning.advice/1"
    jsonschema.Draft202012Validator(advice_schema()).validate(advice)
    assert advice["decision"] == "prohibited"
    assert advice["placements"][0]["moved"]["recheck"]["clear"] is True
    assert json.loads((root / "out" / "site-advice.json").read_text(encoding="utf-8")) == advice
    features = json.loads((root / "out" / "site-advice.geojson").read_text(encoding="utf-8"))["features"]
    assert [feature["properties"]["kind"] for feature in features][:2] == ["site", "remainder"]
    assert sorted(path.name for path in (root / "out").iterdir()) == ["site-advice.geojson", "site-advice.json"]


def test_a_geopackage_on_request(root: Path) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", ON_THE_EDGE)
    assert run(path, *NEW, "--out", "out", "--gpkg", cwd=root).returncode == 1
    table = pyogrio.read_dataframe(root / "out" / "site-advice.gpkg")
    assert set(table["kind"]) >= {"site", "remainder", "moved"}
    assert table.crs.to_epsg() == 4490


def test_a_file_of_several_footprints_gives_an_array(root: Path) -> None:
    features = [
        {"type": "Feature", "properties": {"id": str(n)}, "geometry": tiny_workspace.polygon(box)}
        for n, box in enumerate((ON_THE_EDGE, FREE))
    ]
    path = root / "sites.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    done = run(path, *NEW, "--format", "json", "--reach", "500 m", cwd=root)
    assert [advice["decision"] for advice in json.loads(done.stdout)] == ["prohibited", "permitted"]
    assert done.returncode == 1


def test_files_are_named_as_check_names_them(root: Path) -> None:
    features = [
        {"type": "Feature", "properties": {"id": name}, "geometry": tiny_workspace.polygon(box)}
        for name, box in (("2201", FREE), ("2203", ON_THE_EDGE), ("2203", INSIDE))
    ]
    path = root / "panels.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    assert run(path, *NEW, "--reach", "500 m", "--out", "advice", cwd=root).returncode == 1
    run_zoning("check", path, *NEW, "--out", "checked", cwd=root)
    checked = {file.stem for file in (root / "checked").glob("*.json")}
    assert checked == {"panels-2201", "panels-2203", "panels-2203-2"}
    assert {file.stem for file in (root / "advice").glob("*.json")} == {f"{stem}-advice" for stem in checked}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "name a boundary file"),
        (("--reach", "far"), "--reach"),
        (("--reach", "60 km"), "at most 50 km"),
        (("--resolution", "0 m"), "--resolution"),
        (("--resolution", "6 km"), "at most --reach"),
        (("--turns", "200"), "between 0 and 180"),
        (("--piece", "5"), "--piece"),
        (("--select",), "--within"),
        (("--select", "--within", "140522"), "--area"),
        (("--select", "--within", "140522", "--area", "0ha"), "--area"),
        (("--select", "--within", "999", "--area", "1ha"), "territories: 140522, 140825"),
        (("--select", "--within", "140522", "--area", "1ha", "--places", "0"), "--places"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(root: Path, options: tuple[str, ...], says: str) -> None:
    done = run(*options, cwd=root)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stdout == ""


def select(root: Path, *more: str, area: str = "1ha") -> subprocess.CompletedProcess[str]:
    path = tiny_workspace.site_file(root / "area.geojson", (112.44, 35.45, 112.47, 35.46), "查找范围")
    return run("--select", "--within", path, "--area", area, *NEW, *more, cwd=root)


def test_places_are_found_in_a_file_as_table_json_and_features(root: Path) -> None:
    done = select(root, "--places", "3", "--out", "out")
    assert done.returncode == 0
    assert done.stdout.count("permitted") == 3
    assert "no data, counted as 0: mean slope (°), distance to road (m), share on farmland" in done.stdout
    assert "Between its points nothing was looked for" in " ".join(done.stdout.split())
    made = json.loads((root / "out" / "area-selection.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(selection_schema()).validate(made)
    assert (made["schema"], len(made["places"]), made["wanted_m2"]) == ("zoning.selection/1", 3, 10_000.0)
    features = json.loads((root / "out" / "area-selection.geojson").read_text(encoding="utf-8"))["features"]
    assert [feature["properties"]["rank"] for feature in features] == ["1", "2", "3"]


def test_a_width_a_territory_and_chinese(root: Path) -> None:
    options = ("--select", "--within", "140522", "--area", "2公顷", "--width", "50", "--places", "1", "--lang", "zh")
    done = run(*options, *NEW, "--format", "json", cwd=root)
    assert done.returncode == 0
    assert json.loads(done.stdout)["area_name"] == "县140522"


def test_a_selection_without_a_place_leaves_with_1(root: Path) -> None:
    done = select(root, area="500ha")
    assert done.returncode == 1
    assert "no place was found" in done.stdout


def test_wrong_weights_are_refused_with_their_line(root: Path) -> None:
    (root / "weights.yaml").write_text("\nslope: {weight: 0}\n", encoding="utf-8")
    done = select(root, "--weights", "weights.yaml")
    assert done.returncode == 10
    assert "weights.yaml:2" in done.stderr
    (root / "weights.yaml").write_text("farmland: {layer: farmland, classes: [wood]}\n", encoding="utf-8")
    done = select(root, "--weights", "weights.yaml")
    assert done.returncode == 10
    assert "layer farmland has no class 'wood'; allowed: field" in done.stderr


def test_facts_of_a_footprint_that_is_not_searched_are_refused(root: Path) -> None:
    (root / "told.yaml").write_text("sites:\n  别处: {construction: new}\n", encoding="utf-8")
    done = select(root, "--facts", "told.yaml")
    assert done.returncode == 10
    assert "told.yaml: the boundary file has no footprint '别处'" in done.stderr


def test_the_shape_of_a_file_is_placed(root: Path) -> None:
    shape = tiny_workspace.site_file(root / "shape.geojson", (112.35, 35.45, 112.3512, 35.4505))
    area = tiny_workspace.site_file(root / "area.geojson", (112.44, 35.45, 112.47, 35.46))
    done = run(shape, "--select", "--within", area, *NEW, "--format", "json", "--places", "1", cwd=root)
    assert done.returncode == 0
    (place,) = json.loads(done.stdout)["places"]
    assert place["recheck"]["area_m2"] == pytest.approx(json.loads(done.stdout)["wanted_m2"], rel=1e-4)
