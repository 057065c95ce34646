"""Delimited text as a table: the sign between cells, numbers of rows, encodings, and files that are something else."""

import hashlib
from pathlib import Path

import pytest

from zoning.errors import ContentError
from zoning.rules.access import tables
from zoning.rules.access.sheets import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Sheet, check_size, refusal
from zoning.rules.access.tables import read_table_file, shown
from zoning.sites.where import Where


def sheet_of(folder: Path, data: str | bytes, name: str = "清单.csv") -> Sheet:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    (sheet,) = read_table_file(path).sheets
    return sheet


def refusal_of(folder: Path, data: bytes, name: str = "清单.csv") -> ContentError:
    with pytest.raises(ContentError) as caught:
        sheet_of(folder, data, name)
    return caught.value


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("编码,名称\nA,甲\n", (("编码", "名称"), ("A", "甲"))),
        ("编码\t名称\nA\t甲\n", (("编码", "名称"), ("A", "甲"))),
        ("编码;名称\nA;甲\n", (("编码", "名称"), ("A", "甲"))),
        ("编码|名称\nA|甲\n", (("编码", "名称"), ("A", "甲"))),
        # The other signs then belong to the words.
        ("编码\t名称\nA\t甲,乙;丙\n", (("编码", "名称"), ("A", "甲,乙;丙"))),
        # One unit alone, with more commas in its clause than the header has tabs.
        ("编码\t要求\nA\t禁止a,b,c,d\n", (("编码", "要求"), ("A", "禁止a,b,c,d"))),
        # One column: nothing is cut.
        ("编码\nA\n", (("编码",), ("A",))),
        # Rows may differ in length.
        ("a,b,c\nd\ne,f,g\n", (("a", "b", "c"), ("d",), ("e", "f", "g"))),
        # No line end after the last row.
        ("a,b\nc,d", (("a", "b"), ("c", "d"))),
        ("a,b\r\nc,d\r\n", (("a", "b"), ("c", "d"))),
        # Quoted cells hold the sign, line breaks and quotes.
        ('a,b\n"c,1","d\n2"\n', (("a", "b"), ("c,1", "d\n2"))),
        ('a,b\n"他说""禁止""",d\n', (("a", "b"), ('他说"禁止"', "d"))),
    ],
)
def test_text_is_cut_into_rows_and_cells(tmp_path: Path, text: str, rows: tuple[tuple[str, ...], ...]) -> None:
    assert sheet_of(tmp_path, text).rows == rows


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("a,b\nc,d\n", (1, 2)),
        # A row of several lines has the number of its first one.
        ('a,b\n"c\n1\n2",d\ne,f\n', (1, 2, 5)),
        ("a,b\n\nc,d\n", (1, 2, 3)),
    ],
)
def test_rows_have_the_numbers_of_their_lines(tmp_path: Path, text: str, numbers: tuple[int, ...]) -> None:
    assert sheet_of(tmp_path, text).numbers == numbers


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="ZH14052210001"', "ZH14052210001"),
        (' ="ZH14052210001" ', "ZH14052210001"),
        ('="甲""乙"', '甲"乙'),
        # Something, but no wrapped text.
        ('=""', ""),
        ("=A1", "=A1"),
        ("='x'", "='x'"),
    ],
)
def test_codes_wrapped_for_excel_are_unwrapped(tmp_path: Path, cell: str, text: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    assert sheet_of(tmp_path, f"编码,名称\n{quoted},甲\n").rows[1] == (text, "甲")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_usual_encodings_are_told_apart(tmp_path: Path, encoding: str) -> None:
    sheet = sheet_of(tmp_path, "管控单元编码,空间布局约束\nZH14052210001,禁止新建采石场\n".encode(encoding))
    assert sheet.rows == (("管控单元编码", "空间布局约束"), ("ZH14052210001", "禁止新建采石场"))


def test_a_stated_encoding_is_used(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("é,b\n".encode("cp1252"))
    assert read_table_file(path, encoding="cp1252").sheets[0].rows == (("é", "b"),)


def test_a_file_is_known_by_its_name_and_the_hash_of_its_bytes(tmp_path: Path) -> None:
    data = b"a,b\nc,d\n"
    path = tmp_path / "某县清单.csv"
    path.write_bytes(data)
    file = read_table_file(path)
    assert (file.name, file.sha256) == ("某县清单.csv", hashlib.sha256(data).hexdigest())
    assert [sheet.name for sheet in file.sheets] == [""]


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (b"", "文件是空的", "the file is empty"),
        (b" \r\n\t ", "文件是空的", "the file is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "旧版 Excel（.xls）或加密", "an old Excel (.xls) or an encrypted"),
        (b"<html><table>", "这是网页或 XML", "a web page or XML"),
        (b"\xef\xbb\xbf  <HTML>", "这是网页或 XML", "a web page or XML"),
        (b"<!DOCTYPE html>", "这是网页或 XML", "a web page or XML"),
        (b"\r\n<table border=1>", "这是网页或 XML", "a web page or XML"),
        (b"<?xml version='1.0'?>", "这是网页或 XML", "a web page or XML"),
        (b"%PDF-1.7", "这是 PDF", "this is a PDF"),
    ],
)
def test_what_is_no_table_is_refused_by_its_first_bytes(tmp_path: Path, data: bytes, zh: str, en: str) -> None:
    error = refusal_of(tmp_path, data)
    assert zh in error.text.zh
    assert en in error.text.en
    assert error.text.zh.startswith("清单.csv")


def test_the_name_of_a_file_does_not_decide_what_it_is(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, "a,b\nc,d\n", "清单.xlsx").rows == (("a", "b"), ("c", "d"))


def test_a_missing_file_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        read_table_file(tmp_path / "none.csv")
    assert "无法读取" in caught.value.text.zh
    assert "none.csv: cannot be read (" in caught.value.text.en


def test_a_quote_that_never_ends_is_refused_with_its_line(tmp_path: Path) -> None:
    error = refusal_of(tmp_path, b'a,b\nc,d\n"e,f\ng,h\n')
    assert "引号没有配对" in error.text.zh
    assert "3" in error.text.zh
    assert "from here on it is no table" in error.text.en


def test_a_file_is_refused_above_the_most_bytes_and_read_at_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 8)
    assert sheet_of(tmp_path, b"a,b\nc,d\n").rows == (("a", "b"), ("c", "d"))
    error = refusal_of(tmp_path, b"a,b\nc,d\ne")
    assert "文件超过" in error.text.zh
    assert "the file is larger than" in error.text.en


@pytest.mark.parametrize(("row", "column", "text"), [(0, 0, "a"), (0, 1, "b"), (1, 0, "c"), (1, 1, ""), (0, 2, "")])
def test_a_cell_beyond_the_end_of_its_row_is_empty(row: int, column: int, text: str) -> None:
    assert Sheet("甲", (("a", "b"), ("c",)), (1, 2)).cell(row, column) == text


@pytest.mark.parametrize(
    ("cells", "count"),
    [
        (("",) * MOST_COLUMNS, 1),
        (("a",), MOST_ROWS),
        (("字" * MOST_CHARACTERS,), 1),
        ((), 1),
    ],
)
def test_a_row_at_the_limits_of_size_passes(cells: tuple[str, ...], count: int) -> None:
    check_size(cells, count, Where("清单.csv"))


@pytest.mark.parametrize(
    ("cells", "count", "zh", "en"),
    [
        (("",) * (MOST_COLUMNS + 1), 1, "表格超过 100,000 行或 200 列", "more than 100,000 rows or 200 columns"),
        (("a",), MOST_ROWS + 1, "表格超过 100,000 行或 200 列", "more than 100,000 rows or 200 columns"),
        (
            ("字" * (MOST_CHARACTERS + 1),),
            1,
            "有 100,001 个字符（上限 100,000）",
            "100,001 characters (at most 100,000)",
        ),
        (("a", "b" * (MOST_CHARACTERS + 1)), 1, "有 100,001 个字符", "this is no clause"),
    ],
)
def test_a_row_beyond_the_limits_is_refused(cells: tuple[str, ...], count: int, zh: str, en: str) -> None:
    with pytest.raises(ContentError) as caught:
        check_size(cells, count, Where("清单.csv"))
    assert zh in caught.value.text.zh
    assert en in caught.value.text.en


def test_a_refusal_names_the_place_in_both_languages() -> None:
    error = refusal(Where("清单.csv").at_line(7), "不对", "wrong")
    assert error.text.zh.endswith("不对")
    assert error.text.en.endswith("wrong")
    assert "清单.csv" in error.text.zh
    assert "7" in error.text.zh
    assert "7" in error.text.en


@pytest.mark.parametrize(
    ("text", "most", "line"),
    [
        ("短", 30, "短"),
        ("字" * 30, 30, "字" * 30),
        ("字" * 31, 30, "字" * 30 + "…"),
        ("abc", 2, "ab…"),
        ("", 30, ""),
    ],
)
def test_a_text_is_shown_from_its_beginning(text: str, most: int, line: str) -> None:
    assert shown(text, most) == line
