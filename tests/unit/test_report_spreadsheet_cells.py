"""Cells, rows and pages of workbooks: what stands in them, how high they are, how they are printed."""

from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from zoning.report.document import Cell, Column, Number, Table, Tone, Word
from zoning.report.spreadsheet import (
    apart,
    height_of,
    put_cell,
    put_head,
    put_number,
    put_table,
    put_text,
    set_height,
    set_print,
    set_widths,
    text_cells,
)


@pytest.fixture
def sheet() -> Worksheet:
    made = Workbook().active
    assert isinstance(made, Worksheet)
    return made


# --- texts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("=1+1", True),
        ("+86", True),
        ("-5", True),
        ("@SUM", True),
        ("地块=1", False),
        (" =1", False),
        ("1", False),
        ("#REF!", False),
    ],
)
def test_a_text_never_becomes_a_formula(sheet: Worksheet, text: str, *, marked: bool) -> None:
    cell = put_text(sheet, 1, 1, text)
    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == (text, "s", marked)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b", "ab"),
        ("a\x08b\x0bc\x1fd", "abcd"),
        ("a\ud800b", "ab"),
        ("a\ufffeb\uffff", "ab"),
        ("a\tb\nc", "a\tb\nc"),
        ("𠮷野", "𠮷野"),
        ("x" * 32_001, "x" * 32_000),
    ],
)
def test_what_no_workbook_can_hold_is_left_out(sheet: Worksheet, text: str, shown: str) -> None:
    assert put_text(sheet, 1, 1, text).value == shown


@pytest.mark.parametrize("text", ["", "\x00"])
def test_nothing_is_an_empty_cell(sheet: Worksheet, text: str) -> None:
    assert put_text(sheet, 2, 3, text).value is None


# --- figures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("decimals", "form"), [(0, "#,##0"), (1, "#,##0.0"), (2, "#,##0.00"), (6, "#,##0.000000")])
def test_a_figure_is_kept_whole_and_shown_with_its_decimals(sheet: Worksheet, decimals: int, form: str) -> None:
    cell = put_number(sheet, 1, 1, Number(1234.56789, decimals))
    assert (cell.value, cell.number_format, cell.data_type) == (1234.56789, form, "n")
    assert cell.alignment.horizontal == "right"


# --- cells of tables ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tone", "bold", "colour"),
    [
        ("plain", False, "000000"),
        ("strong", True, "000000"),
        ("quiet", True, "555555"),
        ("affected", True, "000000"),
        ("prohibited", True, "8C1020"),
        ("undetermined", True, "6A4C93"),
        ("possible", True, "6A4C93"),
        ("no_data", True, "6A4C93"),
        ("restricted", True, "A86400"),
        ("permitted", True, "0F7F6B"),
    ],
)
def test_a_word_is_seen_by_its_tone(sheet: Worksheet, tone: Tone, colour: str, *, bold: bool) -> None:
    cell = put_cell(sheet, 1, 1, Word("涉及", tone))
    assert (cell.value, cell.font.b, cell.font.color.rgb[-6:]) == ("涉及", bold, colour)


@pytest.mark.parametrize(
    ("cell", "right", "far", "horizontal", "indent"),
    [
        ("x", False, False, "left", 0),
        ("x", True, False, "right", 0),
        ("x", False, True, "left", 1),
        ("x", True, True, "right", 0),
        (Number(1), False, False, "right", 0),
        (Number(1), False, True, "right", 0),
        (Word("x"), True, False, "left", 0),
        (Word("x"), True, True, "left", 1),
    ],
)
def test_figures_stand_to_the_right_and_words_keep_away_from_them(
    sheet: Worksheet, cell: Cell, horizontal: str, indent: int, *, right: bool, far: bool
) -> None:
    made = put_cell(sheet, 1, 1, cell, right=right, apart=far)
    assert (made.alignment.horizontal, made.alignment.indent) == (horizontal, indent)
    assert (made.alignment.vertical, made.alignment.wrap_text) == ("top", True)


@pytest.mark.parametrize(
    ("numeric", "expected"),
    [
        ([], []),
        ([False], [False]),
        ([True, False], [False, True]),
        ([True, True, False, False], [False, False, True, False]),
        ([False, True, False, True, False], [False, False, True, False, True]),
    ],
)
def test_words_beside_figures(numeric: list[bool], expected: list[bool]) -> None:
    assert apart(numeric) == expected


def test_a_head_is_bold_between_lines(sheet: Worksheet) -> None:
    put_head(sheet, 3, ["图层", "面积", "备注"], [False, True, False])
    cells = [sheet.cell(3, column) for column in (1, 2, 3)]
    assert [cell.value for cell in cells] == ["图层", "面积", "备注"]
    assert [cell.alignment.horizontal for cell in cells] == ["left", "right", "left"]
    assert [cell.alignment.indent for cell in cells] == [0, 0, 1]
    assert all(cell.font.b and cell.border.top.style == cell.border.bottom.style == "thin" for cell in cells)
    assert {cell.fill.fgColor.rgb[-6:] for cell in cells} == {"F4F2EC"}


COLUMNS = (Column("图层"), Column("面积", "m²", numeric=True), Column("备注"))


def test_a_table_stands_below_its_head_and_says_where_it_ends(sheet: Worksheet) -> None:
    table = Table("t", COLUMNS, (("水源", Number(1.5), "x"), ("道路", "—", Word("y", "quiet"))))
    assert put_table(sheet, 2, table) == 5
    values = [tuple(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert values == [("图层", "面积 / m²", "备注"), ("水源", 1.5, "x"), ("道路", "—", "y")]
    assert sheet.cell(4, 2).alignment.horizontal == "right"
    assert sheet.cell(3, 3).alignment.indent == 1
    assert {sheet.cell(row, 1).border.bottom.style for row in (3, 4)} == {"hair"}
    assert sheet.row_dimensions[3].height is None


def test_pairs_have_no_head(sheet: Worksheet) -> None:
    table = Table("t", COLUMNS[:2], (("面积", "1"), ("长度", "2")), pairs=True)
    assert put_table(sheet, 1, table) == 3
    assert sheet.cell(1, 1).value == "面积"


def test_a_table_without_rows_ends_below_its_head(sheet: Worksheet) -> None:
    assert put_table(sheet, 7, Table("t", COLUMNS, ())) == 8
    assert put_table(sheet, 9, Table("t", COLUMNS, (), pairs=True)) == 9


def test_rows_are_as_high_as_the_highest_text_where_widths_are_known(sheet: Worksheet) -> None:
    table = Table("t", COLUMNS, (("水源", Number(1.5), "一" * 60),))
    put_table(sheet, 1, table, (20, 20, 20))
    # 20 characters of a smaller type less the padding are 20 cells; 120 cells are 6 lines of 13.5 points and 2 more.
    assert sheet.row_dimensions[2].height == 6 * 13.5 + 2
    assert sheet.row_dimensions[1].height == 1 * 13.5 + 2


# --- heights and widths ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cells"), [("", 0), ("abc", 3), ("面积", 4), ("面积 m²", 7), ("（一）", 6), ("ﾊﾟ", 2), ("Ａ", 2)]
)
def test_a_chinese_character_takes_two_cells(text: str, cells: int) -> None:
    assert text_cells(text) == cells


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("x" * 10, 10, 1),
        ("x" * 11, 10, 2),
        ("x" * 11, 10.9, 2),
        ("面" * 5, 10, 1),
        ("面" * 6, 10, 2),
        ("a\nb", 10, 2),
        ("a\n\nb", 10, 3),
        ("x" * 11 + "\nb", 10, 3),
        ("xxx", 0.5, 3),
        ("xxx", -4, 3),
    ],
)
def test_a_text_is_as_high_as_its_lines(text: str, width: float, lines: int) -> None:
    assert height_of(text, width) == lines * 13.5 + 2


@pytest.mark.parametrize(("texts", "height"), [([], 0.0), (["x"], 15.5), (["x", "y\nz"], 29.0), (["x\n" * 100], 409.0)])
def test_a_row_is_as_high_as_the_highest_and_no_higher_than_a_row_can_be(
    sheet: Worksheet, texts: list[str], height: float
) -> None:
    set_height(sheet, 1, texts, [20.0, 20.0])
    assert sheet.row_dimensions[1].height == height


def test_without_widths_a_row_stays_as_it_is(sheet: Worksheet) -> None:
    set_height(sheet, 1, ["x\n" * 5], None)
    assert sheet.row_dimensions[1].height is None


def test_columns_get_their_widths_in_order(sheet: Worksheet) -> None:
    set_widths(sheet, [8, 14.5, *[5] * 25])
    dimensions = sheet.column_dimensions
    assert [dimensions[name].width for name in ("A", "B", "C", "AA")] == [8, 14.5, 5, 5]


# --- print ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("across", "orientation"), [(True, "landscape"), (False, "portrait")])
def test_a_sheet_is_printed_as_wide_as_an_a4_page(sheet: Worksheet, orientation: str, *, across: bool) -> None:
    set_print(sheet, "甲 & 乙", across=across)
    setup: Any = sheet.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight) == (orientation, 9, 1, 0)
    page: Any = sheet.sheet_properties.pageSetUpPr
    assert page.fitToPage
    assert (sheet.page_margins.left, sheet.page_margins.right) == (0.6, 0.6)
    foot: Any = sheet.oddFooter
    assert (foot.left.text, foot.right.text) == ("甲 && 乙", "&P / &N")
    assert sheet.print_title_rows is None


def test_the_head_is_repeated_on_every_page(sheet: Worksheet) -> None:
    set_print(sheet, "", head_row=3)
    assert sheet.print_title_rows == "$3:$3"
