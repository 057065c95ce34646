"""`zoning plan units` on a small made workspace, whose areas can be told from the boxes it is made of."""

import csv
import io
import json
import sqlite3
from pathlib import Path

import openpyxl
import pytest

import tiny_workspace
from command_process import run_zoning
from plan_runs import FOLDER, GRID, area, made, plan
from plan_world import EAST, WEST, plan_workspace
from zoning.rules.access.lists import read_access_lists
from zoning.workspace import Workspace

# Level 2 holds level 1; the townships part it at 112.4.
WATER_WEST = area((112.39, 35.49, 112.4, 35.52))
WATER_EAST = area((112.4, 35.49, 112.42, 35.52))
FIELD = area(tiny_workspace.FARMLAND["F"])
EXPECTED = {
    "ZH14052210001": ("县140522西镇优先保护单元", WATER_WEST),
    "ZH14052210002": ("县140522东镇优先保护单元", WATER_EAST),
    "ZH14052220001": ("县140522东镇重点管控单元", FIELD),
    "ZH14052230001": ("县140522西镇一般管控单元", area(WEST) - WATER_WEST),
    "ZH14052230002": ("县140522东镇一般管控单元", area(EAST) - WATER_EAST - FIELD),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return plan_workspace(tmp_path / "w")


def test_units_have_the_names_codes_and_areas_that_the_boxes_say(root: Path) -> None:
    found = made(root)
    assert {one["code"]: one["name"] for one in found["units"]} == {code: name for code, (name, _) in EXPECTED.items()}
    for one in found["units"]:
        assert one["area_m2"] == pytest.approx(EXPECTED[one["code"]][1], rel=1e-9, abs=GRID)
    assert abs(found["area"]["relative_error"]) < 1e-9
    assert abs(found["area"]["relative_error_of_file"]) < 1e-9
    assert found["area"]["units_m2"] == pytest.approx(area(tiny_workspace.TERRITORIES["140522"]), rel=1e-9)


def test_the_lineage_of_a_unit_names_every_zone_with_its_area(root: Path) -> None:
    found = {one["code"]: one["members"] for one in made(root)["units"]}
    east = [(zone["layer"], zone["edition"], zone["zone"], zone["class"]) for zone in found["ZH14052210002"]]
    assert east == [("water", "2020", "W2", "level-2"), ("water", "2020", "W1", "level-1")]
    areas = [zone["area_m2"] for zone in found["ZH14052210002"]]
    # The zone of level 1 lies on the zone of level 2: both bind there, and both are told.
    assert areas == pytest.approx([WATER_EAST, area(tiny_workspace.WATER["1"])], abs=GRID)
    assert found["ZH14052230001"] == []


def test_a_member_without_data_is_said_in_every_output_and_in_the_exit_code(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan(root, out=root / "out") == 3
    english = "no data, not checked: red-line (red-line): the workspace has no layer red-line, on 40,2"  # 402 km²
    chinese = "数据缺失，未核查：red-line（red-line）：工作空间没有图层 red-line，涉及 40,2"
    lacking = "未计入：敏感区域（文件列为优先保护单元，没有图层）；其中的土地会落入后面的类别"
    assert f"! {english}" in capsys.readouterr().out
    folder = root / "out" / FOLDER
    found = json.loads((folder / "management-units.json").read_text("utf-8"))
    assert found["incomplete"] is True
    assert [one["layer"] for one in found["not_seen"]] == ["red-line", None]
    assert found["remarks"][0]["zh"].startswith(chinese)
    assert found["remarks"][1]["zh"] == lacking
    assert english in (folder / "management-units-totals.csv").read_text("utf-8-sig")
    book = openpyxl.load_workbook(folder / "management-units.xlsx")
    for sheet in ("Totals", "Remarks"):
        cells = [str(cell) for row in book[sheet].iter_rows(values_only=True) for cell in row]
        assert any(english in cell for cell in cells), sheet
    with sqlite3.connect(folder / "management-units.gpkg") as database:
        rows = database.execute("SELECT layer, area_m2 FROM not_seen").fetchall()
        remarks = [zh for (zh,) in database.execute("SELECT zh FROM remarks WHERE kind = 'warning'")]
    database.close()
    assert rows == [("red-line", pytest.approx(area(tiny_workspace.TERRITORIES["140522"]), rel=1e-9))]
    assert remarks[1] == lacking


def test_land_that_a_member_does_not_cover_is_told_with_its_area(root: Path) -> None:
    # Of 140825 water and farmland say nothing: its one unit is general for want of data.
    assert plan(root, "140825", out=root / "out") == 3
    found = json.loads((root / "out" / "140825" / "management-units.json").read_text("utf-8"))
    land = area(tiny_workspace.TERRITORIES["140825"])
    told = [(one["layer"], one["reason"]["en"], one["area_m2"]) for one in found["not_seen"]]
    beyond = "the layer does not cover it"
    assert told[0] == ("water", beyond, pytest.approx(land, rel=1e-9))
    assert told[3] == ("farmland", beyond, pytest.approx(land, rel=1e-9))
    assert [(one["code"], one["kept_from"]) for one in found["units"]] == [("ZH14082530001", pytest.approx(1.0))]


def test_with_all_data_the_exit_code_is_0(root: Path) -> None:
    scheme = root / "plans" / "management-units.yaml"
    scheme.write_text(scheme.read_text("utf-8").replace("      - {layer: red-line}\n", ""), encoding="utf-8")
    assert plan(root) == 0


def test_the_totals_are_the_municipal_layout_with_two_decimals(root: Path) -> None:
    made(root)
    text = (root / "out" / FOLDER / "management-units-totals.csv").read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:8] == [
        "no.",
        "county",
        "township",
        "number",
        "area_ha",
        "priority number",
        "priority area_ha",
        "priority share (%)",
    ]
    assert [row[:4] for row in rows[1:4]] == [
        ["1", "县140522", "西镇", "2"],
        ["2", "县140522", "东镇", "3"],
        ["total", "县140522", "", "5"],
    ]
    west, east = area(WEST), area(EAST)
    shares = [WATER_WEST / west, WATER_EAST / east, (WATER_WEST + WATER_EAST) / (west + east)]
    assert [row[7] for row in rows[1:4]] == [f"{share * 100:.2f}" for share in shares]
    for row in rows[1:4]:
        assert sum(float(row[n]) for n in (7, 10, 13)) == pytest.approx(100.0, abs=0.02)


def test_the_skeleton_of_the_access_list_is_a_list_that_nothing_complies_with(root: Path) -> None:
    made(root)
    path = root / "out" / FOLDER / "access-list.yaml"
    (root / "rules" / "access-lists").mkdir()
    (root / "rules" / "access-lists" / "skeleton.yaml").write_bytes(path.read_bytes())
    lists = read_access_lists(root / "rules" / "access-lists", Workspace.open(root).rulebook.vocabulary)
    edition = lists.editions["skeleton"]
    assert edition.schematic
    assert [record.code for record in edition.units] == list(EXPECTED)
    assert all(
        clause.complies_when is None and clause.text.startswith("（骨架，待补充）") for clause in edition.clauses
    )
    # Every unit has all four sections; an empty one says that it is to be filled, never that nothing is required.
    for code in EXPECTED:
        assert {clause.dimension for clause in edition.by_unit[code]} == {
            "spatial-layout",
            "pollutant-discharge",
            "risk-control",
            "resource-efficiency",
        }
        assert edition.records[code].no_clause == {}


def test_a_rule_stands_in_the_section_of_its_unit_with_its_citation(root: Path) -> None:
    found = {one["code"]: one["access_list"] for one in made(root)["units"]}
    east = found["ZH14052210002"]
    assert [entry["rule"] for entry in east["spatial-layout"]] == ["R042"]
    assert [entry["rule"] for entry in east["pollutant-discharge"]] == ["R048"]
    assert (east["risk-control"], east["resource-efficiency"]) == ([], [])
    # Level 1 lies east of 112.4: its rule is none of the western unit.
    assert found["ZH14052210001"]["spatial-layout"] == []
    entry = east["spatial-layout"][0]
    assert (entry["effect"], entry["cites"]) == ("prohibit", ["water"])
    assert entry["citation"]["zh"] == "《甲县规划》甲政发〔2023〕1号 第一章 L1"
    sheet = (root / "out" / FOLDER / "access-list.csv").read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sheet)))
    assert rows[0] == [
        "环境管控单元编码",
        "环境管控单元名称",
        "县",
        "管控单元分类",
        "空间布局约束",
        "污染物排放管控",
        "环境风险防控",
        "资源开发效率要求",
        "状态",
    ]
    assert rows[2][4] == ("1. （骨架，待补充）一级区禁止建设（规则 R042；依据《甲县规划》甲政发〔2023〕1号 第一章 L1）")
    assert rows[2][6] == "（骨架，待补充）规则库中没有引用本单元成员的规则；不表示没有要求"


# --- the result is an edition


def register(root: Path, file: Path) -> None:
    path = root / "layers" / "management-units.yaml"
    text = path.read_text("utf-8")
    first = '"2020": {file: data/management-units.geojson, valid_from: 2020-01-01}'
    assert first in text
    added = f'"2024": {{file: "{file}", table: management-units, valid_from: 2024-01-01}}'
    path.write_text(text.replace(first, f"{first}\n  {added}"), encoding="utf-8")


def test_the_file_registered_as_an_edition_is_checked_and_used(root: Path) -> None:
    made(root)
    register(root, root / "out" / FOLDER / "management-units.gpkg")
    checked = run_zoning("layers", "check", cwd=root)
    assert (checked.returncode, "Traceback" in checked.stderr) == (0, False), checked.stdout
    site = tiny_workspace.site_file(root / "site.geojson", (112.398, 35.5, 112.402, 35.501))
    done = run_zoning("check", site, "--on", "2024-06-01", "--set", "construction=new", "--format", "json", cwd=root)
    verdict = json.loads(done.stdout)
    entry = next(layer for layer in verdict["layers"] if layer["layer"] == "management-units")
    assert (entry["edition"], entry["status"]) == ("2024", "affected")
    hit = [zone["id"] for found in entry["classes"] for zone in found["zones"]]
    assert hit == ["ZH14052210001", "ZH14052210002"]
    # The site lies wholly in the two: what they have of it is all of it, to the tenth of a square metre.
    overlap = sum(found["overlap_m2"] for found in entry["classes"])
    assert overlap == pytest.approx(verdict["site"]["area_m2"], abs=0.1)


def test_codes_are_kept_from_the_edition_that_was_registered(root: Path) -> None:
    first = made(root)
    assert first["codes"]["new"] == list(EXPECTED)
    register(root, root / "out" / FOLDER / "management-units.gpkg")
    # The water zones move by 200 m: three of ten parts of a border, and no code changes.
    moved = {"1": (112.402, 35.5, 112.412, 35.51), "2": (112.392, 35.49, 112.422, 35.52)}
    zones = [(f"W{code}", "下芹", code, box) for code, box in moved.items()]
    tiny_workspace.geojson(root / "layers" / "data" / "water.geojson", zones)
    again = made(root, overwrite=True)
    assert [one["code"] for one in again["units"]] == list(EXPECTED)
    assert again["codes"]["previous"] == "2024"
    assert (again["codes"]["kept"], again["codes"]["new"], again["codes"]["retired"]) == (5, [], [])
    anew = made(root, overwrite=True, previous="none")
    assert anew["codes"]["previous"] is None
    assert [one["kept_from"] for one in anew["units"]] == [None] * 5


def test_a_code_that_was_ever_used_is_given_to_no_other_unit(root: Path) -> None:
    far = [("ZH14052210007", "旧单元", "1", (112.3, 35.4, 112.301, 35.401)), ("外", "无编码", "1", WEST)]
    tiny_workspace.geojson(root / "layers" / "data" / "management-units.geojson", far)
    found = made(root)
    assert [one["code"] for one in found["units"]][:2] == ["ZH14052210008", "ZH14052210009"]
    assert found["codes"]["retired"] == ["ZH14052210007"]
    assert found["codes"]["unreadable"] == ["外"]
    assert "旧版本有 1 个编码无法识别，没有沿用：外" in [one["zh"] for one in found["remarks"]]
