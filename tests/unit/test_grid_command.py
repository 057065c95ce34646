"""`zoning plan grid` as a user runs it: what lies in the cells, who looks after them, files, and what it refuses."""

import csv
import io
import json
from math import fsum, isclose
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from openpyxl import load_workbook
from pyproj import Geod

import responsible_world
import scene_world
from trapezoid import area_m2
from zoning.cli.plan_grid import GridRequest, run_grid
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.workspace import Workspace, builtin_root

ON = "2026-06-01"
PLAN = """\
title: {zh: 执法网格, en: enforcement grid}
cell: 5 km
officers: 2
citation: {document: plan, section: 第一章, lines: L1, anchor: 某}
minimum: 1 km2
slivers: join
registers: [{layer: tiny}, {layer: gone}, {layer: nowhere}]
zones: [{layer: water, classes: [level-1]}, {layer: half}, {layer: roads}]
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = scene_world.build(tmp_path_factory.mktemp("grid") / "w")
    (found / "plans").mkdir()
    (found / "plans" / "enforcement-grid.yaml").write_text(PLAN, encoding="utf-8")
    return found


def request(root: Path, **more: Any) -> GridRequest:
    return GridRequest(**{"territory": "140522", "on": ON, "workspace": root, **more})


def grid(root: Path, capsys: pytest.CaptureFixture[str], **more: object) -> dict[str, Any]:
    assert run_grid(Session("en", {}), request(root, **more), as_json=True) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_what_lies_in_the_cells_adds_up(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = grid(root, capsys)
    assert isclose(fsum(cell["area_m2"] for cell in found["cells"]), found["area_m2"], rel_tol=1e-9)
    zones = [zone for cell in found["cells"] for zone in cell["zones"]]
    inside = {"W-SECRET-1": (112.48, 35.50, 112.50, 35.52), "W-SECRET-2": scene_world.SECOND, "T1": scene_world.TINY}
    for name, box in inside.items():
        parts = [zone for zone in zones if zone["id"] == name]
        expected = area_m2(shapely.box(*box), "EPSG:4490", step_m=50.0)
        assert fsum(zone["area_m2"] for zone in parts) == pytest.approx(expected, rel=1e-7)
        assert {zone["kind"] for zone in parts} == {"register" if name == "T1" else "zone"}
    along = shapely.segmentize(shapely.LineString([(112.45, 35.55), (112.50, 35.55)]), 0.0005)
    road = [zone for zone in zones if zone["layer"] == "roads"]
    assert {zone["area_m2"] for zone in road} == {None}
    assert fsum(zone["length_m"] for zone in road) == pytest.approx(
        Geod(ellps="GRS80").geometry_length(along), rel=1e-9
    )


def test_layers_without_data_are_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = grid(root, capsys)
    assert {one["layer"]: one["reason"]["en"] for one in found["missing"]} == {
        "gone": "file not found: gone.geojson",
        "nowhere": "the workspace has no such layer",
    }
    # Layer half covers the west of the county: the cells of the east say so.
    gaps = fsum(gap["area_m2"] for cell in found["cells"] for gap in cell["gaps"])
    east = area_m2(shapely.box(112.4, 35.4, 112.5, 35.6), "EPSG:4490", step_m=50.0)
    assert gaps == pytest.approx(east, rel=1e-6)


def test_the_number_of_officers_holds_where_its_document_does(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own, other = grid(root, capsys), grid(root, capsys, territory="140825")
    assert {cell["officers"] for cell in own["cells"]} == {2}
    assert own["standard"]["binds"] is True
    assert {cell["officers"] for cell in other["cells"]} == {None}
    assert (other["standard"]["binds"], other["standard"]["stated"]) == (False, 2)
    told = grid(root, capsys, territory="140825", officers=3)
    assert {cell["officers"] for cell in told["cells"]} == {3}


@pytest.mark.parametrize(
    ("territory", "sentence"),
    [
        ("140522", "2 officers per cell, {total} in all (plan L1)"),
        ("140825", "the standard of 2 per cell (plan L1) does not hold here: no number is computed"),
    ],
)
def test_the_text_says_so(root: Path, capsys: pytest.CaptureFixture[str], territory: str, sentence: str) -> None:
    count = len(grid(root, capsys, territory=territory)["cells"])
    assert run_grid(Session("en", {}), request(root, territory=territory), as_json=False) == 0
    out = capsys.readouterr().out
    assert sentence.format(total=2 * count) in out
    assert "what names persons is for the office only, never for the public" in out
    assert max(len(line) for line in out.splitlines()) <= 100


def test_people_stand_in_their_cells_and_cells_without_are_counted(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [cell["code"] for cell in grid(root, capsys)["cells"]]
    people = tmp_path / "people.csv"
    people.write_text(f"cell,name,contact\n{cells[0]},张三,139\n{cells[0]},李四,\n", encoding="utf-8")
    found = grid(root, capsys, people=people)
    assert [person["name"] for person in found["cells"][0]["people"]] == ["张三", "李四"]
    assert run_grid(Session("en", {}), request(root, people=people), as_json=False) == 0
    assert f"cells without people: {len(cells) - 1}" in capsys.readouterr().out


def test_a_wrong_row_leaves_nothing(root: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("cell,name\nnowhere,张三\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"people\.csv row 2: there is no cell 'nowhere'"):
        run_grid(Session("en", {}), request(root, people=people, out=tmp_path / "out"), as_json=True)
    assert not (tmp_path / "out").exists()


def test_files_hold_the_same_cells(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = grid(root, capsys, out=tmp_path)
    names = {path.name.removeprefix("140522-grid") for path in tmp_path.iterdir()}
    tables = {f"-{name}.csv" for name in ("cells", "contents", "people", "gaps", "layers")}
    assert names == {".json", ".xlsx", ".gpkg", *tables}
    rows = list(csv.DictReader(io.StringIO((tmp_path / "140522-grid-cells.csv").read_text("utf-8-sig"))))
    assert [row["area / m²"] for row in rows] == [repr(cell["area_m2"]) for cell in found["cells"]]
    book = load_workbook(tmp_path / "140522-grid.xlsx")
    assert book.sheetnames == ["notes", "cells", "zones and registers", "people", "no data", "layers"]
    drawn = pyogrio.read_dataframe(tmp_path / "140522-grid.gpkg", layer="enforcement grid")
    assert drawn["code"].tolist() == [cell["code"] for cell in found["cells"]]
    assert drawn.crs.to_epsg() == 4490
    areas = [area_m2(shape, "EPSG:4490", step_m=50.0) for shape in drawn.geometry]
    assert areas == pytest.approx([cell["area_m2"] for cell in found["cells"]], rel=1e-7)
    styles = pyogrio.read_dataframe(tmp_path / "140522-grid.gpkg", layer="layer_styles")
    assert styles["f_table_name"].tolist() == ["enforcement grid"]
    assert "categorizedSymbol" in styles["styleQML"][0]


def test_the_same_grid_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run_grid(Session("zh", {}), request(root, out=tmp_path / name), as_json=True)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_zones_bring_those_who_answer_for_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = responsible_world.build(tmp_path / "w")
    (root / "plans").mkdir()
    (root / "plans" / "enforcement-grid.yaml").write_text(
        "title: {zh: 网格, en: grid}\ncell: 5 km\nzones: [{layer: water}, {layer: farmland}]\n", encoding="utf-8"
    )
    found = grid(root, capsys)
    told = {zone["id"]: zone["responsible"] for cell in found["cells"] for zone in cell["zones"]}
    assert told["W1"]["name"] == responsible_world.CHIEF
    assert told["W1"]["title"] == {"zh": "河长", "en": "river chief"}
    assert told["W2"]["name"] is None
    assert told["FF"] is None


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"cell": "5"}, "--cell: '5' is no length; write a number and one of: m, 米, km, 公里, 千米"),
        ({"cell": "50 m"}, "--cell: it must lie between 100 m and 100 km"),
        ({"slivers": "drop"}, "--slivers: 'drop' is none of: join, name"),
        ({"minimum": "20 km2"}, "--minimum: it must be at most half of a cell"),
        ({"crs": "EPSG:4490"}, "--crs: 'EPSG:4490' is no plane in metres; for example EPSG:4525"),
    ],
)
def test_what_cannot_be_meant_is_refused(root: Path, more: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        run_grid(Session("en", {}), request(root, **more), as_json=True)
    assert str(caught.value) == sentence


def test_a_class_that_is_none_is_refused(tmp_path: Path) -> None:
    root = scene_world.build(tmp_path / "w")
    (root / "plans").mkdir()
    path = root / "plans" / "enforcement-grid.yaml"
    path.write_text(PLAN.replace("level-1", "level-9"), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        run_grid(Session("en", {}), request(root), as_json=True)
    assert str(caught.value) == (
        "plans/enforcement-grid.yaml: layer water has no class 'level-9'; allowed: level-1, level-2"
    )


def test_a_smaller_cell_keeps_its_part_as_the_smallest(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert grid(root, capsys, cell="2.5 km")["minimum_m2"] == 250_000.0
    assert grid(root, capsys, cell="2.5 km", minimum="1 ha")["minimum_m2"] == 10_000.0


def test_the_built_in_plan_fits_the_built_in_layers() -> None:
    from zoning.planning.grids.scheme import FILE, read_grid_scheme

    workspace = Workspace.open(builtin_root())
    scheme = read_grid_scheme(builtin_root() / FILE)
    assert scheme.mistakes(workspace.catalogue) == []
    assert [
        one.layer for one in (*scheme.zones, *scheme.registers) if one.layer not in workspace.catalogue.layers
    ] == []
    assert (scheme.cell, scheme.officers) == (5000.0, 2)
    assert scheme.citation is not None
    assert workspace.rulebook.documents[scheme.citation.document].territories == ("140825",)
