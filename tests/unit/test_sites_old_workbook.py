"""What stands in the cells of old workbooks beside texts and numbers, and old workbooks that cannot be read."""

import struct
from pathlib import Path

import pytest

import workbook_files as wf
from both_languages import both
from zoning.errors import SiteError
from zoning.sites.tables.grid import Flaw, Row
from zoning.sites.tables.old_workbook import old_sheets
from zoning.sites.where import Where

HERE = Where("a.xls")
SHEET_LISTED, PASSWORD = b"\x85\x00\x0a\x00", b"\x2f\x00\x0a\x00"
"""Heads of the record that lists a sheet of one letter, and of the one of a password, as long."""

NUMBER, BOOLEAN_OR_ERROR = b"\x03\x02\x0e\x00", b"\x05\x02\x0e\x00"
"""Heads of records of cells; the second holds a value and whether it is an error, where the first holds a number."""


def changed(path: Path, old: bytes, new: bytes) -> Path:
    """Replace bytes of a file; they occur there."""
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))
    return path


def rows(path: Path) -> list[Row]:
    ((_, grid, _),) = old_sheets(path, HERE)
    return grid.rows


@pytest.mark.parametrize(
    ("value", "is_error", "text", "flaw"),
    [
        (0, 0, "FALSE", None),
        (1, 0, "TRUE", None),
        (0x00, 1, "#NULL!", "error"),
        (0x07, 1, "#DIV/0!", "error"),
        (0x0F, 1, "#VALUE!", "error"),
        (0x17, 1, "#REF!", "error"),
        (0x1D, 1, "#NAME?", "error"),
        (0x24, 1, "#NUM!", "error"),
        (0x2A, 1, "#N/A", "error"),
        (0x99, 1, "#ERROR", "error"),
    ],
)
def test_truths_and_errors(tmp_path: Path, value: int, is_error: int, text: str, flaw: Flaw | None) -> None:
    (number,) = struct.unpack("<d", bytes([value, is_error, 0, 0, 0, 0, 0, 0]))
    path = changed(wf.write_biff8(tmp_path / "a.xls", ("S", [[number]])), NUMBER, BOOLEAN_OR_ERROR)
    (row,) = rows(path)
    assert row == Row(1, [text], {} if flaw is None else {0: flaw})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.0, "5"),
        (-5.0, "-5"),
        (0.1, "0.1"),
        (37618082.987, "37618082.987"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e15, "1000000000000000.0"),
        (1e22, "1e+22"),
    ],
)
def test_numbers(tmp_path: Path, value: float, text: str) -> None:
    assert rows(wf.write_biff8(tmp_path / "a.xls", ("S", [[value]]))) == [Row(1, [text])]


def test_cells_of_short_rows_are_left_out(tmp_path: Path) -> None:
    path = wf.write_biff8(tmp_path / "a.xls", ("S", [["甲", None, "乙"], ["丙"], [None, "丁"]]))
    assert [row.cells for row in rows(path)] == [["甲", "", "乙"], ["丙"], ["", "丁"]]


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    path = changed(wf.write_biff8(tmp_path / "a.xls", ("S", [["甲"]])), SHEET_LISTED, PASSWORD)
    assert both(lambda: rows(path), SiteError) == (
        "a.xls：工作簿有打开密码；请去掉密码后另存",
        "a.xls: the workbook has a password; save it without one and give that",
    )


def test_a_sheet_that_does_not_stand_where_it_should(tmp_path: Path) -> None:
    path = wf.write_biff8(tmp_path / "a.xls", ("S", [["甲"]]))
    data = path.read_bytes()
    at = data.index(SHEET_LISTED) + len(SHEET_LISTED)
    path.write_bytes(data[:at] + struct.pack("<I", 0xFFFFFF) + data[at + 4 :])
    zh, en = both(lambda: rows(path), SiteError)
    assert zh == "a.xls：工作簿已损坏或不是 Excel 写的；请用 Excel 打开后另存"
    assert en == "a.xls: the workbook is damaged or was not written by Excel; open it in Excel and save it again"


def test_sheets_are_read_one_after_the_other(tmp_path: Path) -> None:
    """The second is damaged; the first is given before that is found."""
    path = wf.write_biff8(tmp_path / "a.xls", ("S", [["甲"]]), ("T", [["乙"]]))
    data = path.read_bytes()
    first = data.index(SHEET_LISTED)
    at = data.index(SHEET_LISTED, first + 1) + len(SHEET_LISTED)
    path.write_bytes(data[:at] + struct.pack("<I", 0xFFFFFF) + data[at + 4 :])
    sheets = old_sheets(path, HERE)
    assert next(sheets)[0] == "S"
    with pytest.raises(SiteError):
        next(sheets)
