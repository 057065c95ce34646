import json
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pyogrio
import pytest
import shapely
import yaml
from shapely.geometry.base import BaseGeometry

from command_here import run_here
from command_process import run_zoning
from ledgers import BUILTIN, STAMP, Office, square
from long_runs import times
from zoning.cli.register_export import ExportRequest, run_export, run_template
from zoning.cli.register_formats import CodeStyle, ExportFormat
from zoning.cli.register_layer import AsLayerRequest, run_as_layer
from zoning.cli.register_opening import opened
from zoning.errors import ContentError, UsageError
from zoning.registers.record import Value
from zoning.registers.store import Change
from zoning.registers.types import FieldSpec, RegisterType, read_register_types
from zoning.workspace import Workspace, copy_workspace

KINDS = read_register_types(BUILTIN)
COUNT = times(15, 30)
"""Of each kind: every text of `TEXTS` comes in every field, in whatever record it is."""
# What spreadsheets, tables of a GIS and readers of texts like to change.
TEXTS = (
    *("=1+1", "+86", "@x", "-", "0012", "1e5", "TRUE", "2026-01-05", "NULL", "𠮷"),
    *("（全角）“引号”，ＡＢ", "两行\n文字", 'a,b;c\t"d"', "①　全角空格"),
)


def a_value(spec: FieldSpec, number: int) -> Value:
    """Return some value of a field; every fifth is left out."""
    if number % 5 == 4 and not spec.required:
        return None
    codes = list(spec.codes)
    low, high = spec.minimum or 0.0, spec.maximum or 1e6
    made: dict[str, Value] = {
        "text": TEXTS[number % len(TEXTS)],
        "integer": int(low) + number,
        "number": min(high, low + number * 1234.56789 / 3),
        "date": date(1999 + number % 27, 1 + number % 12, 1 + number % 28),
        "flag": number % 2 == 0,
        "code": codes[number % len(codes)] if codes else None,
        "codes": tuple(sorted({codes[number % len(codes)], codes[(number * 3) % len(codes)]})) if codes else None,
    }
    return made[spec.kind]


def a_place(kind: RegisterType, number: int) -> BaseGeometry | None:
    middle = square(number).centroid
    shapes: dict[str, BaseGeometry] = {
        "area": square(number) if number % 3 else shapely.MultiPolygon([square(number), square(number + 200)]),
        "line": shapely.LineString([middle, square(number + 1).centroid]),
        "point": middle,
    }
    return shapes[("area", "line", "point")[number % 3]] if kind.shape == "any" else shapes[kind.shape]


def changes(kind: RegisterType, count: int) -> list[Change]:
    own = {kind.id_field, kind.name_field, kind.territory_field, kind.area_field}
    made = []
    for number in range(count):
        values = {name: a_value(spec, number + place) for place, (name, spec) in enumerate(kind.fields.items())
                  if name not in own and spec.parent is None}  # fmt: skip
        for name, spec in kind.fields.items():
            if spec.parent is not None:
                above = values[spec.parent]
                values[name] = next(code for code, entry in spec.codes.items() if above in entry.under)
        place = None if number == 0 else a_place(kind, number)
        made.append(Change(f"{number:05d}号", f"名{number}", "140522", values, place))
    return made


@pytest.fixture
def plots(tmp_path: Path) -> Office:
    return Office.built(tmp_path, "contaminated-plots")


@pytest.mark.parametrize("name", sorted(KINDS))
def test_importing_what_was_exported_changes_nothing(name: str, tmp_path: Path) -> None:
    office = Office.built(tmp_path, name)
    made = changes(KINDS[name], COUNT)
    assert office.apply(made) == len(made) == COUNT
    records, events = office.records(), office.events()
    for target in ExportFormat:
        path = tmp_path / f"out{target.suffix}"
        assert office.take(path, target) == 0
        if KINDS[name].shape == "any" and target is ExportFormat.shp:
            # A shapefile holds one kind of shape: three of them are in the archive.
            continue
        assert office.bring(path) == 0, target
        assert office.records() == records, target
        assert office.events() == events, target


@pytest.mark.parametrize("style", CodeStyle)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_ledger_in_either_language_and_with_any_codes_comes_back(
    tmp_path: Path, style: CodeStyle, language: Any
) -> None:
    office = Office(Office.built(tmp_path).root, language=language)
    office.apply(changes(KINDS["mine-parcels"], 12))
    events = office.events()
    assert office.take(tmp_path / "a.xlsx", ExportFormat.xlsx, codes=style) == 0
    assert office.bring(tmp_path / "a.xlsx") == 0
    assert office.events() == events


def test_the_workbook_has_the_columns_of_the_national_ledger(tmp_path: Path) -> None:
    office = Office(Office.built(tmp_path).root, language="zh")
    values: dict[str, Value] = {"tbmj": 1234.5678, "TBDL": "10", "TBXL": "11", "STWT": ("1", "3"), "BZ": "=1+1",
                                "HCRQ": date(2025, 7, 1), "GBND": 2009, "HCRY": "王五"}  # fmt: skip
    office.apply([Change("0007", "甲", "140522", values, square(1))])
    with opened(office.session, office.where) as found:
        found.register.add_problem("0007", "=垮塌", found=date(2026, 1, 1), stamp=STAMP)
        found.register.plan_work("0007", "采坑回填", stamp=STAMP, quantity=5.5, unit="m³", begin=date(2026, 1, 5))
        found.register.add_payment("0007", "中央", Decimal("12.34"), status="planned", on=date(2026, 1, 1), stamp=STAMP)
    assert office.take(tmp_path / "a.xlsx", ExportFormat.xlsx) == 0
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["矿山图斑", "代码表", "状态与日期", "问题台账", "工程", "资金", "图形"]
    sheet = book["矿山图斑"]
    fields = KINDS["mine-parcels"].fields
    assert [cell.value for cell in sheet[2]] == list(fields)
    titles = {str(low.value): top.value for top, low in zip(sheet[1], sheet[2], strict=True)}
    assert titles["tbmj"] == "图斑面积（m²）"
    assert titles["TBDL"] == "图斑大类 *"
    row = {str(head.value): cell for head, cell in zip(sheet[2], sheet[3], strict=True)}
    assert (row["id"].value, row["id"].data_type) == ("0007", "s")
    assert (row["tbmj"].value, row["tbmj"].data_type) == (1234.5678, "n")
    assert row["TBXL"].value == "11 无主废弃"
    assert row["STWT"].value == "1 土地损毁；3 植被破坏"
    assert (row["BZ"].value, row["BZ"].data_type, row["BZ"].quotePrefix) == ("=1+1", "s", True)
    assert row["HCRQ"].number_format == "yyyy-mm-dd"
    assert book["状态与日期"]["E2"].value == "已发现"
    assert (book["问题台账"]["C2"].value, book["问题台账"]["C2"].data_type) == ("=垮塌", "s")
    assert [cell.value for cell in book["工程"][2]][:6] == ["0007", 1, None, "采坑回填", "m³", 5.5]
    assert [cell.value for cell in book["资金"][2]][2:5] == ["中央", "计划", 12.34]
    assert shapely.from_wkt(book["图形"]["B2"].value).equals(square(1))
    assert office.take(tmp_path / "b.xlsx", ExportFormat.xlsx, personal=False) == 0
    assert "HCRY" not in [cell.value for cell in openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0][2]]


def test_the_same_register_gives_the_same_bytes(plots: Office, tmp_path: Path) -> None:
    plots.apply(changes(KINDS["contaminated-plots"], 6))
    for target in ExportFormat:
        for name in ("one", "two"):
            plots.take(tmp_path / name / f"a{target.suffix}", target)
        assert (tmp_path / "one" / f"a{target.suffix}").read_bytes() == (
            tmp_path / "two" / f"a{target.suffix}"
        ).read_bytes()


def test_tables_of_a_gis_hold_codes_and_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = Office(Office.built(tmp_path).root, language="zh")
    values: dict[str, Value] = {"TBDL": "10", "TBXL": "11", "STWT": ("1", "3"), "HCRQ": date(2025, 7, 1)}
    office.apply([Change("0007", "甲", "140522", values, square(1)), Change("0008", "乙", "140522", values)])
    office.take(tmp_path / "a.gpkg", ExportFormat.gpkg)
    assert "有 1 条记录没有图形，不在文件中（0008）" in capsys.readouterr().err
    frame = geopandas.read_file(tmp_path / "a.gpkg", layer="mine-parcels")
    assert frame.crs == "EPSG:4490"
    row = frame.iloc[0]
    assert (row["id"], row["TBXL"], row["TBXL_MC"]) == ("0007", "11", "无主废弃")
    assert (row["STWT"], row["STWT_MC"]) == ("1;3", "土地损毁；植被破坏")
    assert (row["state"], row["state_MC"]) == ("found", "已发现")
    office.take(tmp_path / "a.zip", ExportFormat.shp)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert [Path(name).suffix for name in archive.namelist()] == [".cpg", ".dbf", ".prj", ".shp", ".shx"]
        archive.extractall(tmp_path / "shp")
    fields = [str(name) for name in pyogrio.read_info(tmp_path / "shp" / "a.shp")["fields"]]
    assert all(len(name.encode()) <= 10 for name in fields)
    assert {"TBXL", "TBXL_MC", "state"} <= set(fields)
    office.take(tmp_path / "a.json", ExportFormat.json)
    content = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert content["schema"] == "zoning.register/1"
    assert content["features"][1]["geometry"] is None
    assert content["features"][0]["properties"]["TBXL_MC"] == "无主废弃"


def test_what_a_shapefile_cannot_hold_is_left_out_and_stays_in_the_register(
    plots: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = "很长的备注" * 40
    plots.apply([Change("1", "甲", "140522", {"BZ": long, "DKMJ": 123456789012345.67}, square(1))])
    events = plots.events()
    assert plots.take(tmp_path / "a.zip", ExportFormat.shp) == 0
    assert "values do not fit into a shapefile and were left out" in capsys.readouterr().err
    assert plots.bring(tmp_path / "a.zip") == 0
    assert plots.events() == events
    assert plots.records()["1"].values["BZ"] == long


def test_the_form_has_headings_lists_and_choices(tmp_path: Path) -> None:
    office = Office(Office.built(tmp_path).root, language="zh")
    assert run_template(office.session, tmp_path / "form.xlsx", office.where, overwrite=False) == 0
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    assert book.sheetnames[:2] == ["矿山图斑", "代码表"]
    sheet = book.worksheets[0]
    column = next(cell.column_letter for cell in sheet[2] if cell.value == "TBDL")
    choices = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert choices[f"{column}3:{column}2000"] == "'代码表'!$E$2:$E$5"
    assert [book["代码表"][f"E{row}"].value for row in (2, 5)] == ["10 历史遗留矿山", "40 功能未损毁采矿沉陷区"]
    # What is typed into the form comes in.
    row = {"id": "0001", "TBDL": "10 历史遗留矿山", "TBXL": "12 政府责任的政策性关闭", "XZQDM": "140522"}
    for cell in sheet[2]:
        if cell.value in row:
            sheet[f"{cell.column_letter}3"] = row[str(cell.value)]
    book.save(tmp_path / "filled.xlsx")
    assert office.bring(tmp_path / "filled.xlsx") == 0
    assert office.records()["0001"].values["TBXL"] == "12"
    with pytest.raises(ContentError, match="the file exists"):
        run_template(office.session, tmp_path / "form.xlsx", office.where, overwrite=False)


def _plots_layer(root: Path) -> Path:
    """Give the small workspace the layer of plots, and the rules that look at it."""
    path = root / "layers" / "contaminated-plots.yaml"
    content = yaml.safe_load((BUILTIN / "layers" / "contaminated-plots.yaml").read_text(encoding="utf-8"))
    content["coverage"] = {"territories": ["140825"]}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    data = (BUILTIN / "layers" / "data" / "contaminated-plots.gpkg").read_bytes()
    (root / "layers" / "data" / "contaminated-plots.gpkg").write_bytes(data)
    return path


def test_plots_of_the_register_become_zones_of_the_layer(
    plots: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _plots_layer(plots.root)
    plots.apply([Change(str(n), f"地块{n}", "140522", {}, square(n)) for n in range(3)])
    plots.apply([Change("9", "外县地块", "140825", {}, shapely.box(112.6, 35.5, 112.601, 35.501))])
    paper = tmp_path / "p.txt"
    paper.write_text("x", encoding="utf-8")
    with opened(plots.session, plots.where) as found:
        for number, steps in (("1", ("surveying",)), ("2", ("surveying", "not-polluted"))):
            for version, step in enumerate(steps, start=1):
                found.register.move(number, step, on=STAMP.day.replace(year=2026, month=11, day=1), stamp=_late(),
                                    version=version, evidence=[paper] if step == "not-polluted" else ())  # fmt: skip
    request = AsLayerRequest(("140522",), None, date(2026, 11, 20))
    assert run_as_layer(plots.session, request, plots.where) == 0
    out = capsys.readouterr()
    assert "2 zones (survey unfinished 1, suspected 1); 1 further records belong to no class" in out.err
    assert "mind: from the first day of this edition the answer for 140825 is 'no data'" in out.err
    # The printed lines, put into the file as they are told, make the edition.
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["editions"] |= yaml.safe_load(out.out)["editions"]
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    workspace = Workspace.open(plots.root)
    layer = workspace.catalogue["contaminated-plots"]
    edition = layer.edition_on(date(2026, 11, 20))
    assert edition is not None
    assert edition[0] == "2026-11-20"
    zones = workspace.source().layer("contaminated-plots", on=date(2026, 11, 20), bounds=(112.0, 35.0, 113.0, 36.0))
    assert dict(zip(zones.ids, zones.class_ids, strict=True)) == {  # type: ignore[union-attr]  # zones have classes
        "0": "suspected", "1": "survey-unfinished",
    }  # fmt: skip
    frame = geopandas.read_file(plots.root / "layers" / str(edition[1].file))
    assert list(frame.columns) == ["zone_id", "name", "class", "area_ha", "geometry"]
    assert frame["area_ha"].iloc[0] == pytest.approx(1.006, abs=0.01)
    with pytest.raises(UsageError, match="has an edition '2026-11-20' already"):
        run_as_layer(plots.session, request, plots.where)


def _late() -> Any:
    return replace(STAMP, at=STAMP.at.replace(month=11, day=2))


def test_a_layer_is_never_silent_about_what_is_registered(plots: Office) -> None:
    _plots_layer(plots.root)
    plots.apply([Change("1", "甲", "140522", {}, None)])
    with pytest.raises(UsageError, match="say with --complete in which territories the register is complete"):
        run_as_layer(plots.session, AsLayerRequest(()), plots.where)
    with pytest.raises(ContentError, match=r"1 records have no shape \(1\): the layer would answer 'not affected'"):
        run_as_layer(plots.session, AsLayerRequest(("140522",)), plots.where)
    plots.apply([Change("2", "乙", "1408", {}, square(2))])
    with pytest.raises(ContentError, match=r"1 records do not say in which of the territories they lie \(2\)"):
        run_as_layer(plots.session, AsLayerRequest(("140825",)), plots.where)
    plots.apply([Change("2", None, "140522", version=1)])
    # Elsewhere the register is complete without it.
    assert run_as_layer(plots.session, AsLayerRequest(("140825",)), plots.where) == 0
    other = Office(plots.root, "river-outlets")
    other.apply([])
    with pytest.raises(UsageError, match="the kind river-outlets has no 'as_layer'"):
        run_as_layer(other.session, AsLayerRequest(("140825",)), other.where)


def test_exports_are_not_written_over_and_states_are_checked(plots: Office, tmp_path: Path) -> None:
    plots.apply(changes(KINDS["contaminated-plots"], 3))
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"mine")
    with pytest.raises(ContentError, match="the file exists"):
        run_export(plots.session, ExportRequest(ExportFormat.xlsx, path), plots.where)
    assert path.read_bytes() == b"mine"
    with pytest.raises(UsageError, match=r"the file ends in \.gpkg, not 'a\.xlsx'"):
        plots.take(path, ExportFormat.gpkg)
    with pytest.raises(UsageError, match="there is no state 'suspectd' - did you mean 'suspected'"):
        plots.take(path, ExportFormat.xlsx, state="suspectd")
    assert plots.take(path, ExportFormat.xlsx, state="suspected", territory="140825") == 0
    assert openpyxl.load_workbook(path).worksheets[0].max_row == 2


def test_a_registered_plot_blocks_housing_on_it(tmp_path: Path) -> None:
    copy_workspace(BUILTIN, tmp_path / "w")
    office = Office(tmp_path / "w", "contaminated-plots")
    plot = shapely.box(111.15, 35.6, 111.153, 35.603)  # 新绛县, where R135 holds
    office.apply([Change("DK-1", "老化工厂", "140825", {}, plot)])
    paper = tmp_path / "p.txt"
    paper.write_text("x", encoding="utf-8")
    with opened(office.session, office.where) as found:
        for version, step in enumerate(("surveying", "assessing", "registered"), start=1):
            found.register.move("DK-1", step, on=_late().day, stamp=_late(), version=version, evidence=[paper])
    site = tmp_path / "site.geojson"
    site.write_text(shapely.to_geojson(shapely.box(111.1512345, 35.6012345, 111.1523456, 35.6023456)), encoding="utf-8")
    run_as_layer(office.session, AsLayerRequest(("140825",), None, date(2026, 11, 20)), office.where)
    path = office.root / "layers" / "contaminated-plots.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["editions"]["2026-11-20"] = {
        "file": "data/contaminated-plots-2026-11-20.gpkg", "table": "contaminated-plots", "valid_from": "2026-11-20",
        "coverage": {"territories": ["140825"]},
    }  # fmt: skip
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert _findings(office.root, site)["R135"] == "applies"


def _findings(root: Path, site: Path) -> dict[str, str]:
    options = ["--on", "2026-11-22", "--set", "construction=new", "--set", "activity=housing", "--format", "json"]
    done = run_zoning("check", site, "--workspace", root, *options, cwd=root)
    verdict = json.loads(done.stdout)
    return {one["rule"]: one["outcome"] for one in verdict["findings"]}


def test_the_commands_stand_under_both_groups(tmp_path: Path) -> None:
    office = Office.built(tmp_path)

    def run(*words: str) -> str:
        done = run_here(*words, "--workspace", office.root, "--lang", "en", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    run("register", "template", "--type", "river-outlets", "--out", "form.xlsx")
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    for number, value in enumerate(("P-1", "东河口", "140522", None, "某河"), start=1):
        book.worksheets[0].cell(3, number).value = value
    book.save(tmp_path / "form.xlsx")
    assert "1 new, 0 changed" in run("register", "import", "form.xlsx", "-k", "river-outlets", "--by", "王五")
    assert "written: 0 records" in run("mines", "export", "--to", "json")
    assert "written: 1 record to" in run("register", "export", "-k", "river-outlets", "--to", "json")
