import json
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
import shapely

from ledgers import STAMP, Office, area_m2, parcel_row, square, table, write_book
from zoning.cli.intake import Intake
from zoning.errors import ContentError, UsageError
from zoning.registers.ledger.comparing import same_place
from zoning.registers.store import Change, open_store
from zoning.registers.types import read_register_types

HEADS = {
    "id": "图斑编号", "TBMC": "图斑名称", "XZQDM": "行政区代码", "kfx": "中心点经度（°）", "kfy": "中心点纬度",
    "tbmj": "图斑面积(m²)", "TBDL": "图斑大类", "TBXL": "图斑细类", "KCFS": "开采方式", "GBND": "关闭年度",
    "STWT": "生态问题", "SDDL": "三调地类", "HCRQ": "核查日期", "BHDLX": "保护地类型", "BZ": "备注", "wkt": "WKT",
}  # fmt: skip
COLUMN = {name: chr(ord("A") + number) for number, name in enumerate(HEADS)}
BOW = "POLYGON ((112.31 35.41, 112.311 35.411, 112.311 35.41, 112.31 35.411, 112.31 35.41))"

# What is written wrongly in a row, the column that has to be named, and what has to be said about it.
FAULTS: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"id": None}, "id", "has no number"),
    ({"id": "1405220100"}, "id", "'1405220100' also stands in row 2"),
    ({"id": "1.40522E+09"}, "id", "'1.40522E+09' is a number that the program shortened: digits are lost"),
    ({"id": datetime(2026, 3, 4)}, "id", "'2026-03-04 00:00:00' was turned into a date by the program"),  # noqa: DTZ001 - spreadsheets know no zones
    ({"id": "a-7"}, "id", "the register holds 'A-7', which differs in case only"),
    ({"id": "771405"}, "id", "the register holds '00771405', which differs in zeros in front only"),
    ({"TBDL": "50"}, "TBDL", "'50' is not in the code list"),
    ({"TBDL": "历史遗留矿上"}, "TBDL", "'历史遗留矿上' is not in the code list - did you mean '历史遗留矿山'?"),
    ({"TBXL": "22 有主废弃"}, "TBXL", "22 abandoned with owner does not go with class 10"),
    ({"TBXL": None}, "TBXL", "is empty"),
    ({"BHDLX": "1 自然保护区"}, "BHDLX", "code and word of '1 自然保护区' disagree: 1 is national park"),
    ({"KCFS": "D"}, "KCFS", "'D' is not in the code list"),
    ({"STWT": "1；9"}, "STWT", "'9' is not in the code list"),
    ({"SDDL": "0699"}, "SDDL", "'0699' is not in the code list"),
    ({"tbmj": "约两亩"}, "tbmj", "'约两亩' is no number"),
    ({"tbmj": -5}, "tbmj", "'-5' is out of range"),
    ({"tbmj": "1.2万元"}, "tbmj", "the unit '万元' does not go with m²"),
    ({"tbmj": 99_999.0}, "tbmj", "the area 99,999 m² differs from the"),
    ({"tbmj": "#REF!"}, "tbmj", "is the error #REF!"),
    ({"kfx": 190.5}, "kfx", "'190.5' is out of range"),
    ({"kfy": "abc"}, "kfy", "'abc' is no number"),
    ({"GBND": 2009.5}, "GBND", "'2009.5' is no whole number"),
    ({"GBND": 1800}, "GBND", "'1800' is out of range"),
    ({"GBND": "=A1"}, "GBND", "is a formula whose result the file does not hold"),
    ({"HCRQ": "2025年13月1日"}, "HCRQ", "'2025年13月1日' is no date"),
    ({"HCRQ": "2025-02"}, "HCRQ", "'2025-02' is no date"),
    ({"XZQDM": "999999"}, "XZQDM", "there is no territory '999999'"),
    ({"XZQDM": "甲县县"}, "XZQDM", "there is no territory '甲县县'"),
    ({"wkt": BOW}, "wkt", "the shape is not valid (Self-intersection near 112.3105 35.4105)"),
    ({"wkt": shapely.box(112.55, 35.5, 112.56, 35.51).wkt, "tbmj": None}, "wkt", "100% of the shape lies outside"),
    ({"wkt": None}, "wkt", "there is no shape"),
    ({"wkt": "POLYGON 112"}, "wkt", "'POLYGON 112' is no WKT shape"),
    ({"wkt": "LINESTRING (112.31 35.41, 112.32 35.42)"}, "wkt", "the shape is a line"),
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.built(tmp_path)


def planted(folder: Path) -> Path:
    """Return a ledger with a right row, every fault in a row of its own, and another right row."""
    rows = [parcel_row(100)]
    rows += [parcel_row(number) | changes for number, (changes, _, _) in enumerate(FAULTS, start=1)]
    return write_book(folder / "planted.xlsx", table([*rows, parcel_row(101)], HEADS))


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_every_planted_fault_is_named_with_row_and_column_and_nothing_is_imported(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = {"TBDL": "10", "TBXL": "11"}
    office.apply([Change(number, "旧坑", "140522", codes, square(90)) for number in ("A-7", "00771405")])
    before = office.events()
    assert len(FAULTS) >= 30
    assert office.bring(planted(tmp_path), as_json=True) == 10
    found = told(capsys)["faults"]
    assert [(one["row"], one["column"]) for one in found] == [
        (number, COLUMN[column]) for number, (_, column, _) in enumerate(FAULTS, start=3)
    ]
    for one, (_, _, sentence) in zip(found, FAULTS, strict=True):
        assert one["wrong"]["en"].startswith(sentence)
        assert one["allowed"]["en"]
        assert one["wrong"]["zh"] != one["wrong"]["en"]
        assert (one["file"], one["sheet"]) == ("planted.xlsx", "台账")
    assert set(office.records()) == {"A-7", "00771405"}
    assert office.events() == before


def test_a_fault_reads_as_a_sentence(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_book(tmp_path / "a.xlsx", table([parcel_row(1, KCFS="D"), parcel_row(2)], HEADS))
    assert office.bring(path) == 10
    assert capsys.readouterr().out == (
        "a.xlsx[台账] row 2, column I (way of mining): 'D' is not in the code list; "
        "allowed: A open pit, B underground, C both\n"
        "1 mistake in 1 row; nothing was imported. Correct them, or import the other rows with --partial\n"
    )
    # No register is made for nothing.
    assert not office.register_file.exists()


def test_partial_imports_the_good_rows_and_the_refused_ones_come_in_once_corrected(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [parcel_row(1), parcel_row(2, KCFS="D"), parcel_row(3, tbmj=2.0, wkt=None), parcel_row(4)]
    path = write_book(tmp_path / "a.xlsx", table(rows, HEADS))
    refused = tmp_path / "refused.xlsx"
    assert office.bring(path, partial=True, refused=refused) == 3
    assert set(office.records()) == {"1405220001", "1405220004"}
    assert "\n2 refused rows in " in capsys.readouterr().out
    book = openpyxl.load_workbook(refused)
    sheet = book.worksheets[0]
    heads = {str(cell.value): number for number, cell in enumerate(sheet[1], start=1)}
    assert [sheet.cell(row, heads["parcel number"]).value for row in (2, 3)] == ["1405220002", "1405220003"]
    assert sheet.cell(2, heads["way of mining"]).fill.fgColor.rgb == "00F9D5D5"
    assert "row 3, column I" in str(sheet.cell(2, heads["import errors"]).value)
    sheet.cell(2, heads["way of mining"]).value = "露天"
    sheet.cell(3, heads["parcel area (m²)"]).value = area_m2(square(3))
    sheet.cell(3, heads["WKT"]).value = square(3).wkt
    book.save(refused)
    assert office.bring(refused) == 0
    assert set(office.records()) == {f"140522000{number}" for number in (1, 2, 3, 4)}
    assert office.records()["1405220003"].geometry == square(3)


def test_a_file_for_refused_rows_that_cannot_be_written_is_refused_before_anything_is_imported(
    office: Office, tmp_path: Path
) -> None:
    path = write_book(tmp_path / "a.xlsx", table([parcel_row(1), parcel_row(2, KCFS="D")], HEADS))
    with pytest.raises(UsageError, match=r"--refused: an \.xlsx file, not 'r\.csv'"):
        office.bring(path, partial=True, refused=tmp_path / "r.csv")
    assert not office.register_file.exists()


def test_both_rows_of_a_repeated_number_are_refused(office: Office, tmp_path: Path) -> None:
    rows = [parcel_row(1), parcel_row(1, BZ="另一行"), parcel_row(2)]
    path = write_book(tmp_path / "a.xlsx", table(rows, HEADS))
    assert office.bring(path, partial=True, refused=tmp_path / "r.xlsx") == 3
    assert set(office.records()) == {"1405220002"}


def test_importing_twice_changes_nothing_and_writes_no_event(office: Office, tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", table([parcel_row(number) for number in range(5)], HEADS))
    assert office.bring(path) == 0
    records, events = office.records(), office.events()
    assert office.bring(path) == 0
    assert office.records() == records
    assert office.events() == events == 5
    assert records["1405220001"].values["STWT"] == ("1", "3")
    assert records["1405220001"].values["KCFS"] == "A"


def test_a_dry_run_says_what_would_change_and_writes_nothing(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.bring(write_book(tmp_path / "a.xlsx", table([parcel_row(1), parcel_row(2)], HEADS)))
    capsys.readouterr()
    rows = [parcel_row(1, BZ="新的", GBND=2010), parcel_row(2), parcel_row(3)]
    path = write_book(tmp_path / "b.xlsx", table(rows, HEADS))
    before = office.records()
    assert office.bring(path, dry_run=True) == 0
    assert capsys.readouterr().out == (
        "~ 1405220001 (row 2)\n"
        "    year of closing: 2009 -> 2010\n"
        "    remarks: 注 -> 新的\n"
        "+ 1405220003 第3号采坑 (row 4)\n"
        "dry run, nothing was written: 1 new, 1 changed, 1 unchanged\n"
    )
    assert office.records() == before
    office.register_file.unlink()
    assert office.bring(path, dry_run=True) == 0
    assert not office.register_file.exists()


def test_only_what_differs_is_changed_and_versions_count_on(office: Office, tmp_path: Path) -> None:
    office.bring(write_book(tmp_path / "a.xlsx", table([parcel_row(1), parcel_row(2)], HEADS)))
    short = {name: HEADS[name] for name in ("id", "BZ")}
    rows: list[dict[str, Any]] = [{"id": "1405220001", "BZ": "=1+1"}, {"id": "1405220002", "BZ": None}]
    path = write_book(tmp_path / "b.xlsx", table(rows, short))
    # A text that begins with = is a text; openpyxl would write it as a formula.
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["B2"].data_type = "s"
    book.save(path)
    assert office.bring(path) == 0
    first, second = (office.records()[f"140522000{number}"] for number in (1, 2))
    assert (first.version, first.values["BZ"], first.values["GBND"]) == (2, "=1+1", 2009)
    assert (second.version, second.values["BZ"]) == (1, "注")
    assert office.bring(path, clear_empty=True) == 0
    second = office.records()["1405220002"]
    assert (second.version, "BZ" in second.values) == (2, False)


def test_emptying_a_required_field_is_a_fault(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.bring(write_book(tmp_path / "a.xlsx", table([parcel_row(1)], HEADS)))
    path = write_book(tmp_path / "b.xlsx", table([parcel_row(1, TBXL=None)], HEADS))
    assert office.bring(path) == 0
    capsys.readouterr()
    assert office.bring(path, clear_empty=True) == 10
    assert "row 2, column H (subclass): is empty; allowed: it is required" in capsys.readouterr().out


def test_a_code_is_compared_with_the_class_that_the_register_holds(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.bring(write_book(tmp_path / "a.xlsx", table([parcel_row(1)], HEADS)))
    path = write_book(tmp_path / "b.xlsx", [["图斑编号", "图斑大类"], ["1405220001", "20"]])
    assert office.bring(path) == 10
    out = capsys.readouterr().out
    assert "row 2, column B (class): 11 abandoned without owner does not go with class 20" in out
    assert "21 closed by policy, firm answers, 22 abandoned with owner" in out


def test_new_refuses_numbers_that_are_there(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_book(tmp_path / "a.xlsx", table([parcel_row(1)], HEADS))
    office.bring(path)
    capsys.readouterr()
    assert office.bring(path, only_new=True) == 10
    assert "the register has '1405220001' already" in capsys.readouterr().out


def test_a_row_without_territory_lies_where_its_shape_lies(office: Office, tmp_path: Path) -> None:
    heads = {name: title for name, title in HEADS.items() if name != "XZQDM"}
    there = shapely.box(112.60, 35.5, 112.601, 35.501)
    rows = [
        parcel_row(1),
        parcel_row(2, wkt=there.wkt, tbmj=area_m2(there)),
        parcel_row(3, id="1405225-9", wkt=None),
    ]
    assert office.bring(write_book(tmp_path / "a.xlsx", table(rows[:2], heads))) == 0
    without = {name: title for name, title in heads.items() if name != "wkt"}
    assert office.bring(write_book(tmp_path / "b.xlsx", table(rows[2:], without))) == 0
    assert [record.territory for record in office.records().values()] == ["140522", "140825", "140522"]
    lost = write_book(tmp_path / "c.xlsx", table([parcel_row(4, id="X1")], without))
    assert office.bring(lost) == 10
    assert office.bring(lost, territory="140825") == 0
    assert office.records()["X1"].territory == "140825"
    with pytest.raises(UsageError, match=r"--territory: there is no territory '9'; allowed: 140522"):
        office.bring(lost, territory="9")


def test_a_record_cannot_be_said_to_lie_in_another_county(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.bring(write_book(tmp_path / "a.xlsx", table([parcel_row(1)], HEADS)))
    capsys.readouterr()
    path = write_book(tmp_path / "b.xlsx", [["图斑编号", "行政区代码"], ["1405220001", "140825"]])
    assert office.bring(path) == 10
    assert "100% of the shape lies outside" in capsys.readouterr().out


def test_hidden_rows_are_imported_and_told(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_book(tmp_path / "a.xlsx", table([parcel_row(1), parcel_row(2)], HEADS))
    book = openpyxl.load_workbook(path)
    book.worksheets[0].row_dimensions[3].hidden = True
    book.save(path)
    assert office.bring(path) == 0
    assert len(office.records()) == 2
    assert "1 rows are hidden (row 3); they were read as well, check them" in capsys.readouterr().err


def test_shapes_of_a_boundary_file_are_joined_by_number(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heads = {name: title for name, title in HEADS.items() if name != "wkt"}
    path = write_book(tmp_path / "a.xlsx", table([parcel_row(1), parcel_row(2)], heads))
    frame = geopandas.GeoDataFrame(
        {"TBBH": ["1405220002", "1405220001", "1405220009"]}, geometry=[square(2), square(1), square(9)], crs=4490
    ).to_crs(4546)
    frame.to_file(tmp_path / "shapes.gpkg")
    assert office.bring(path, shapes=tmp_path / "shapes.gpkg") == 0
    shapes = [record.geometry for record in office.records().values()]
    assert [shape is not None and shape.symmetric_difference(square(n)).area < 1e-12
            for shape, n in zip(shapes, (1, 2), strict=True)] == [True, True]  # fmt: skip
    assert "the numbers of 1 shapes are not in a.xlsx, not read (1405220009)" in capsys.readouterr().err
    events = office.events()
    # Back from the projected coordinates the corners are the same to a fraction of a millimetre.
    assert office.bring(path, shapes=tmp_path / "shapes.gpkg") == 0
    assert office.events() == events
    with pytest.raises(UsageError, match="--shapes goes with tables"):
        office.bring(tmp_path / "shapes.gpkg", shapes=tmp_path / "shapes.gpkg")


@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.gdb", "a.geojson"])
def test_boundary_files_bring_values_and_shapes(office: Office, tmp_path: Path, name: str) -> None:
    rows = [{key: value for key, value in parcel_row(n, HCRQ="2025-07-01").items() if key != "wkt"} for n in (1, 2)]
    frame = geopandas.GeoDataFrame(rows, geometry=[square(1), square(2)], crs=4490).astype({"GBND": "int32"})
    driver = {"a.gdb": "OpenFileGDB"}.get(name)
    frame.to_file(tmp_path / name, **({"driver": driver} if driver else {}))
    assert office.bring(tmp_path / name) == 0
    record = office.records()["1405220001"]
    assert record.values["TBXL"] == "11"
    assert record.values["KCFS"] == "A"
    assert str(record.values["HCRQ"]) == "2025-07-01"
    assert same_place(record.geometry, square(1))
    events = office.events()
    assert office.bring(tmp_path / name) == 0
    assert office.events() == events


def test_faults_of_features_are_named_by_their_number(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {key: value for key, value in parcel_row(n, HCRQ="2025-07-01").items() if key != "wkt"} for n in range(1, 5)
    ]
    rows[1]["TBXL"] = "99"
    shapes = [square(1), square(2), None, shapely.box(10, 10, 10.1, 10.1)]
    geopandas.GeoDataFrame(rows, geometry=shapes, crs=4490).to_file(tmp_path / "a.gpkg")
    assert office.bring(tmp_path / "a.gpkg", as_json=True) == 10
    found = told(capsys)["faults"]
    assert [(one["row"], one["column"]) for one in found] == [(2, "TBXL"), (3, ""), (4, "")]
    assert "it has no geometry" in found[1]["wrong"]["en"]
    assert "outside every territory of the workspace" in found[2]["wrong"]["en"]
    assert office.bring(tmp_path / "a.gpkg", partial=True, refused=tmp_path / "r.xlsx") == 3
    assert set(office.records()) == {"1405220001"}


def test_the_sandbox_reads_the_same(office: Office, tmp_path: Path) -> None:
    rows = [{key: value for key, value in parcel_row(1, HCRQ="2025-07-01").items() if key != "wkt"}]
    geopandas.GeoDataFrame(rows, geometry=[square(1)], crs=4490).to_file(tmp_path / "a.gpkg")
    assert office.bring(tmp_path / "a.gpkg", intake=Intake(sandbox=True)) == 0
    events = office.events()
    assert office.bring(tmp_path / "a.gpkg") == 0
    assert office.events() == events


def test_a_record_changed_meanwhile_is_not_overwritten(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.bring(write_book(tmp_path / "a.xlsx", table([parcel_row(1)], HEADS)))
    types = read_register_types(Path(__file__).parents[2])
    from zoning.registers.ledger import intake

    plan_import = intake.plan_import

    def slow(*arguments: Any) -> Any:
        plan = plan_import(*arguments)
        with open_store(str(office.register_file), types, create=False) as store:
            change = Change("1405220001", values={"BZ": "别人写的"}, version=1)
            store.register("mine-parcels").apply([change], STAMP)
        return plan

    monkeypatch.setattr(intake, "plan_import", slow)
    path = write_book(tmp_path / "b.xlsx", table([parcel_row(1, BZ="我写的")], HEADS))
    with pytest.raises(ContentError, match="1405220001"):
        office.bring(path)
    assert office.records()["1405220001"].values["BZ"] == "别人写的"


def test_a_file_that_is_not_there_is_said(office: Office, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.xlsx: there is no such file"):
        office.bring(tmp_path / "none.xlsx")
