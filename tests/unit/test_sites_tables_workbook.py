"""Workbooks with the vertices of boundaries: which sheet counts, which rows are hidden, what the cells hold."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from openpyxl.chart import BarChart

import workbook_files as wf
from both_languages import both
from zoning.errors import SiteError
from zoning.sites.limits import Options
from zoning.sites.raw import RawFile
from zoning.sites.tables.old_workbook import old_sheets
from zoning.sites.tables.workbook import cell_text, opened_workbook, read_workbook, verbatim_sheets
from zoning.sites.where import Where

OPTIONS = Options(expected=(112.0, 35.1, 112.95, 35.75))
HEAD = ["点号", "X坐标", "Y坐标"]
CORNERS: list[tuple[float, float]] = [
    (3919746.783, 37618082.987),
    (3919846.783, 37618082.987),
    (3919846.783, 37618182.987),
    (3919746.783, 37618182.987),
]
POINTS: list[list[wf.Cell]] = [[f"J{i}", n, e] for i, (n, e) in enumerate(CORNERS, 1)]
TABLE: list[Sequence[wf.Cell]] = [["2000国家大地坐标系"], HEAD, *POINTS]
NOTES: list[Sequence[wf.Cell]] = [["说明"], ["无坐标"]]
SQUARE = "POLYGON ((112.3 35.4, 112.31 35.4, 112.31 35.41, 112.3 35.4))"


def read(path: Path, layer: str | None = None) -> RawFile:
    options = OPTIONS if layer is None else Options(expected=OPTIONS.expected, layer=layer)
    return read_workbook(path, options)


def refused(path: Path, layer: str | None = None) -> tuple[str, str]:
    return both(lambda: read(path, layer), SiteError)


def said(raw: RawFile) -> list[str]:
    return [one.zh for one in raw.warnings]


# --- Cells ---


@pytest.mark.parametrize(
    ("value", "text", "flaw"),
    [
        (None, "", None),
        (True, "TRUE", None),
        (False, "FALSE", None),
        (5, "5", None),
        (5.0, "5", None),
        (-5.0, "-5", None),
        (0.1, "0.1", None),
        (37618082.987, "37618082.987", None),
        (999_999_999_999_999.0, "999999999999999", None),
        (1e15, "1000000000000000.0", None),
        (1e16, "1e+16", None),
        (float("inf"), "inf", None),
        ("  X　坐标\n（m）", "X 坐标 (m)", None),
        ("", "", None),
        ("#REF!", "#REF!", "error"),
        ("#N/A", "#N/A", "error"),
        ("#DIV/0!", "#DIV/0!", "error"),
        ("#NAME?", "#NAME?", "error"),
        ("#VALUE!", "#VALUE!", "error"),
        ("#GETTING_DATA", "#GETTING_DATA", "error"),
        ("#1", "#1", None),
        ("#甲", "#甲", None),
        ("#ABCDEFGHIJKLM", "#ABCDEFGHIJKLM", None),
        ("A#REF!", "A#REF!", None),
        (dt.datetime(2024, 1, 2, 3, 4), "2024-01-02 03:04:00", "date"),  # noqa: DTZ001 - cells have no zone
        (dt.date(2024, 1, 2), "2024-01-02", "date"),
        (dt.time(3, 4), "03:04:00", "date"),
        (dt.timedelta(hours=30), "1 day, 6:00:00", "date"),
    ],
)
def test_the_text_of_a_cell(value: Any, text: str, flaw: str | None) -> None:
    assert cell_text(value) == (text, flaw)


# --- Sheets ---


def test_the_points_of_the_only_sheet(tmp_path: Path) -> None:
    raw = read(wf.write_rows(tmp_path / "a.xlsx", *TABLE))
    (site,) = raw.sites
    assert shapely.area(site.geometry) == pytest.approx(10_000)
    assert raw.declared is not None
    assert (raw.declared.crs, said(raw)) == ("EPSG:4525", [])


def test_of_several_sheets_the_one_with_coordinates_counts(tmp_path: Path) -> None:
    path = wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("说明", NOTES), wf.Sheet("坐标", TABLE), wf.Sheet("空", []))
    raw = read(path)
    assert (len(raw.sites), said(raw)) == (1, [])


@pytest.mark.parametrize(
    "rows",
    [
        [["J1", 3919746.783, 37618082.987], *POINTS],
        [["界址点 3919746.783 37618082.987"], *[[f"{row[1]} {row[2]}"] for row in POINTS]],
    ],
)
def test_a_sheet_without_headings_holds_coordinates_too(tmp_path: Path, rows: list[Sequence[wf.Cell]]) -> None:
    path = wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("说明", NOTES), wf.Sheet("甲", rows), wf.Sheet("乙", TABLE))
    zh, en = refused(path)
    assert zh == "a.xlsx：有 2 个工作表有坐标；请用 --layer 指定一个：甲、乙"
    assert en == "a.xlsx: 2 sheets hold coordinates; choose one with --layer: 甲, 乙"


def test_the_user_chooses_a_sheet(tmp_path: Path) -> None:
    moved = [TABLE[0], HEAD, *[[name, n, float(str(e)) + 500] for name, n, e in POINTS]]
    path = wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("甲", TABLE), wf.Sheet("乙", moved))
    assert [shapely.bounds(read(path, name).sites[0].geometry)[0] for name in ("甲", "乙")] == pytest.approx(
        [37618082.987, 37618582.987]
    )


def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("甲", TABLE), wf.Sheet("乙", NOTES))
    assert refused(path, "丙") == (
        "a.xlsx：没有工作表 丙；可选：甲、乙",
        "a.xlsx: there is no sheet 丙; there are: 甲, 乙",
    )


def test_a_chosen_sheet_without_coordinates_is_refused(tmp_path: Path) -> None:
    path = wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("甲", TABLE), wf.Sheet("乙", NOTES))
    zh, en = refused(path, "乙")
    assert zh == "a.xlsx[乙]：没有找到坐标；请加上表头（如 点号、X坐标、Y坐标），每行一个点"
    assert en == (
        "a.xlsx[乙]: no coordinates were found; add headings such as 点号, X坐标, Y坐标 (point, north, east), one "
        "point a row"
    )


def test_no_sheet_with_coordinates(tmp_path: Path) -> None:
    path = wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("甲", NOTES), wf.Sheet("乙", []))
    zh, en = refused(path)
    assert zh == "a.xlsx：没有一个工作表有坐标；请加上表头（如 点号、X坐标、Y坐标），每行一个点"
    assert en.startswith("a.xlsx: no sheet holds coordinates; add headings such as 点号")


def test_an_empty_workbook(tmp_path: Path) -> None:
    path = wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("甲", []), wf.Sheet("乙", [[]]))
    assert refused(path) == ("a.xlsx：工作簿是空的；请检查文件", "a.xlsx: the workbook is empty; check the file")


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_gives_way_and_is_said(tmp_path: Path, state: str) -> None:
    path = wf.write_xlsx(
        tmp_path / "a.xlsx",
        wf.Sheet("旧", TABLE, state=state),
        wf.Sheet("新", TABLE),
        wf.Sheet("更旧", TABLE, state=state),
    )
    raw = read(path)
    assert said(raw) == ["a.xlsx：隐藏的工作表也有坐标，没有读取：旧、更旧"]
    assert raw.warnings[0].en == "a.xlsx: hidden sheets hold coordinates and were not read: 旧, 更旧"


def test_the_only_sheet_with_coordinates_may_be_hidden_and_is_said(tmp_path: Path) -> None:
    path = wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("说明", NOTES), wf.Sheet("坐标", TABLE, state="hidden"))
    raw = read(path)
    assert said(raw) == ["a.xlsx：坐标在隐藏的工作表 坐标 里，已读取；请核对"]
    assert raw.warnings[0].en == ("a.xlsx: the coordinates stand in the hidden sheet 坐标 and were read; check them")


def test_two_hidden_sheets_are_a_choice(tmp_path: Path) -> None:
    hidden = [wf.Sheet(name, TABLE, state="hidden") for name in ("甲", "乙")]
    path = wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("说明", NOTES), *hidden)
    assert refused(path)[0] == "a.xlsx：有 2 个工作表有坐标；请用 --layer 指定一个：甲、乙"


def test_a_hidden_sheet_that_the_user_names_is_nothing_to_say(tmp_path: Path) -> None:
    path = wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("甲", TABLE), wf.Sheet("乙", TABLE, state="hidden"))
    assert said(read(path, "乙")) == []


# --- Rows ---


@pytest.mark.parametrize(
    ("hidden", "zh", "en"),
    [
        ((3,), "有 1 行被隐藏（第 3 行）", "1 rows are hidden (row 3)"),
        ((3, 4), "有 2 行被隐藏（第 3、4 行）", "2 rows are hidden (row 3, 4)"),
        ((1, 2, 3, 4, 5), "有 5 行被隐藏（第 1、2、3、4、5 行）", "5 rows are hidden (row 1, 2, 3, 4, 5)"),
        (
            (1, 2, 3, 4, 5, 6),
            "有 6 行被隐藏（第 1、2、3、4、5 等行）",
            "6 rows are hidden (row 1, 2, 3, 4, 5 and 1 more)",
        ),
    ],
)
def test_hidden_rows_are_read_and_said(tmp_path: Path, hidden: tuple[int, ...], zh: str, en: str) -> None:
    raw = read(wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("S", TABLE, hidden_rows=hidden)))
    assert said(raw) == [f"a.xlsx[S]：{zh}，同样读取；请核对"]
    assert raw.warnings[0].en == f"a.xlsx[S]: {en}; they were read as well, check them"
    assert shapely.area(raw.sites[0].geometry) == pytest.approx(10_000)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (wf.Formula("A1+1"), "是公式，文件里没有它的计算结果；请用 Excel 打开、保存后再提交"),
        (wf.Fault("#REF!"), "是错误值 #REF!；请改正公式后保存"),
        (
            wf.Date(45_000.0),
            "被 Excel 当成了日期（2023-03-15 00:00:00），原来写的数字已丢失；请把该列设为“文本”后重新填写",
        ),
    ],
)
def test_a_flawed_cell_is_refused_with_its_name(tmp_path: Path, cell: wf.Cell, sentence: str) -> None:
    rows = [TABLE[0], HEAD, POINTS[0], ["J2", CORNERS[1][0], cell], *POINTS[2:]]
    assert refused(wf.write_rows(tmp_path / "a.xlsx", *rows))[0] == f"a.xlsx[Sheet1]:4：C4 单元格{sentence}"


def test_a_formula_with_its_result_is_a_number(tmp_path: Path) -> None:
    rows = [TABLE[0], HEAD, *[[name, n, wf.Formula("A1", float(str(e)))] for name, n, e in POINTS]]
    assert shapely.area(read(wf.write_rows(tmp_path / "a.xlsx", *rows)).sites[0].geometry) == pytest.approx(10_000)


def test_empty_rows_at_the_end_do_not_count(tmp_path: Path) -> None:
    rows = [*TABLE, *[[None, None, wf.Inline("")]] * 3]
    (sheet,) = verbatim_sheets(wf.write_rows(tmp_path / "a.xlsx", *rows), OPTIONS)
    assert [row.number for row in sheet.grid.rows] == [1, 2, 3, 4, 5, 6]
    assert sheet.grid.rows[0].cells == ["2000国家大地坐标系"]


def test_sheets_as_they_stand(tmp_path: Path) -> None:
    rows: list[Sequence[wf.Cell]] = [[" Ｘ　坐标 ", 5.0, None, "甲 "], [wf.Fault("#REF!")]]
    path = wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("S", rows), wf.Sheet("T", [], state="hidden"))
    one, other = verbatim_sheets(path, OPTIONS)
    assert (one.name, one.visible, other.name, other.visible) == ("S", True, "T", False)
    assert one.grid.rows[0].cells == [" Ｘ　坐标 ", "5", "", "甲 "]
    assert (one.grid.rows[1].cells, one.grid.rows[1].flaws) == (["#REF!"], {0: "error"})
    assert (one.grid.title, one.grid.lettered, one.grid.where) == ("S", True, Where("a.xlsx[S]"))


# --- Geometries ---


def test_a_sheet_with_a_geometry_in_a_row(tmp_path: Path) -> None:
    rows = [["编号", "wkt"], ["1", SQUARE], ["2", SQUARE.replace("112.3", "112.4")]]
    path = wf.write_xlsx(tmp_path / "a.xlsx", wf.Sheet("S", rows, hidden_rows=(3,)))
    raw = read(path, "S")
    assert [site.attributes for site in raw.sites] == [{"编号": "1"}, {"编号": "2"}]
    assert said(raw) == ["a.xlsx[S]：有 1 行被隐藏（第 3 行），同样读取；请核对"]
    with opened_workbook(path, Options(layer="S")) as sliced:
        assert [len(part) for part in sliced.slices(0, 1)] == [1, 1]


def test_two_columns_of_geometries_are_refused(tmp_path: Path) -> None:
    path = wf.write_rows(tmp_path / "a.xlsx", ["编号", "旧", "新"], ["1", SQUARE, SQUARE])
    zh, _ = refused(path, "Sheet1")
    assert zh == "a.xlsx[Sheet1]：有几列都是图形（旧、新），分不清该用哪一列；请只保留一列"


def test_points_are_opened_as_one_whole(tmp_path: Path) -> None:
    with opened_workbook(wf.write_rows(tmp_path / "a.xlsx", *TABLE), OPTIONS) as sliced:
        assert [len(part) for part in sliced.slices(0, 9)] == [1]


# --- Files that are none, or not read ---

DAMAGED = "工作簿已损坏或不是 Excel 写的；请用 Excel 打开后另存"
PASSWORD = "工作簿有打开密码；请去掉密码后另存"  # noqa: S105 - a sentence about one


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.xls"):
        zh, en = refused(wf.encrypted(tmp_path / name))
        assert zh == f"{name}：{PASSWORD}"
        assert en == f"{name}: the workbook has a password; save it without one and give that"


def test_an_old_workbook_under_a_new_name(tmp_path: Path) -> None:
    path = wf.write_biff8(tmp_path / "a.xlsx", ("S", TABLE))
    zh, en = refused(path)
    assert zh == "a.xlsx：扩展名是 .xlsx，内容却是旧版 Excel（.xls）；请把扩展名改为 .xls，或用 Excel 另存"
    assert en == (
        "a.xlsx: the suffix is .xlsx but the content is an old Excel file (.xls); rename it to .xls, or save it again "
        "with Excel"
    )


def test_a_binary_workbook(tmp_path: Path) -> None:
    zh, en = refused(wf.write_parts(tmp_path / "a.xlsx", {"xl/workbook.bin": b"x"}))
    assert zh == "a.xlsx：是二进制工作簿（.xlsb）；请用 Excel 另存为 .xlsx"
    assert en == "a.xlsx: it is a binary workbook (.xlsb); save it as .xlsx with Excel"


@pytest.mark.parametrize("left_out", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_workbook_without_one_of_its_parts(tmp_path: Path, left_out: str) -> None:
    made = wf.parts(wf.Sheet("S", TABLE))
    del made[left_out]
    assert refused(wf.write_parts(tmp_path / "a.xlsx", made))[0] == f"a.xlsx：{DAMAGED}"


def test_a_text_that_is_not_there(tmp_path: Path) -> None:
    made = wf.parts(wf.Sheet("S", TABLE))
    sheet = made["xl/worksheets/sheet1.xml"]
    assert '<c r="A1" t="s"><v>0</v></c>' in sheet
    made["xl/worksheets/sheet1.xml"] = sheet.replace("<v>0</v>", "<v>99</v>", 1)
    assert refused(wf.write_parts(tmp_path / "a.xlsx", made))[0] == f"a.xlsx[S]：{DAMAGED}"


def test_a_workbook_without_sheets(tmp_path: Path) -> None:
    assert refused(wf.write_xlsx(tmp_path / "a.xlsx"))[0] == f"a.xlsx：{DAMAGED}"


def test_styles_that_openpyxl_refuses_do_not_matter(tmp_path: Path) -> None:
    made = {**wf.parts(wf.Sheet("S", TABLE)), "xl/styles.xml": "<x"}
    assert len(read(wf.write_parts(tmp_path / "a.xlsx", made)).sites) == 1


def test_sheets_of_charts_are_no_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("图", 0).add_chart(BarChart())
    sheet = book["Sheet"]
    for row in TABLE:
        sheet.append(list(row))
    book.save(tmp_path / "a.xlsx")
    assert [sheet.name for sheet in verbatim_sheets(tmp_path / "a.xlsx", OPTIONS)] == ["Sheet"]
    assert len(read(tmp_path / "a.xlsx").sites) == 1


# --- Old workbooks ---


def test_the_points_of_an_old_workbook(tmp_path: Path) -> None:
    raw = read(wf.write_biff8(tmp_path / "a.xls", ("说明", NOTES), ("坐标", TABLE)))
    assert shapely.area(raw.sites[0].geometry) == pytest.approx(10_000)
    assert raw.declared is not None
    assert raw.declared.crs == "EPSG:4525"


def test_a_hidden_sheet_of_an_old_workbook(tmp_path: Path) -> None:
    path = wf.write_biff8(tmp_path / "a.xls", ("旧", TABLE), ("新", TABLE), hidden=(0,))
    assert said(read(path)) == ["a.xls：隐藏的工作表也有坐标，没有读取：旧"]


def test_the_sheets_of_an_old_workbook(tmp_path: Path) -> None:
    rows: list[Sequence[wf.Cell]] = [[" Ｘ　坐标 ", 5.0, 0.5], [], [1e15, -3.0]]
    path = wf.write_biff8(tmp_path / "a.xls", ("S", rows), ("T", [["甲"]]), hidden=(1,))
    for verbatim, heading in ((True, " Ｘ　坐标 "), (False, "X 坐标")):
        (name, grid, visible), other = old_sheets(path, Where("a.xls"), verbatim=verbatim)
        assert (name, visible, other[0], other[2]) == ("S", True, "T", False)
        assert [row.cells for row in grid.rows] == [[heading, "5", "0.5"], [], ["1000000000000000.0", "-3"]]
        assert [row.number for row in grid.rows] == [1, 2, 3]
        assert (grid.where, grid.title, grid.lettered) == (Where("a.xls[S]"), "S", True)


def test_a_bare_stream_of_excel_2(tmp_path: Path) -> None:
    assert len(read(wf.write_biff2(tmp_path / "a.xls", TABLE)).sites) == 1


@pytest.mark.parametrize(
    "content", [b"", b"\xd0\xcf\x11\xe0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"x" * 99]
)
def test_an_old_workbook_that_is_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    assert refused(path)[0] == f"a.xls：{DAMAGED}"


def test_an_old_workbook_that_ends_early(tmp_path: Path) -> None:
    path = wf.write_biff2(tmp_path / "a.xls", TABLE)
    path.write_bytes(path.read_bytes()[:60])
    assert refused(path)[0].startswith("a.xls")


def test_more_cells_than_are_kept_of_an_old_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = wf.write_biff8(tmp_path / "a.xls", ("S", [["甲", "乙"], ["丙", "丁"]]))
    for most, allowed in ((4, True), (3, False)):
        monkeypatch.setattr("zoning.sites.tables.old_workbook.MOST_CELLS", most)
        if allowed:
            assert len(list(old_sheets(path, Where("a.xls")))) == 1
        else:
            both(lambda: list(old_sheets(path, Where("a.xls"))), SiteError)
