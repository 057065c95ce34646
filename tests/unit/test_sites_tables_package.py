"""The XML of a workbook looked through before it is read: hidden rows, lost formulas, sizes, document types."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.limits import Limits
from zoning.sites.tables import package
from zoning.sites.tables.package import Marks, check_parts, damaged_workbook, document_type, marks_of, too_many_cells
from zoning.sites.vector.zip_files import opened_archive
from zoning.sites.where import Where

HERE = Where("拐点.xlsx")
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DAMAGED = (
    "拐点.xlsx：工作簿已损坏或不是 Excel 写的；请用 Excel 打开后另存",
    "拐点.xlsx: the workbook is damaged or was not written by Excel; open it in Excel and save it again",
)
DOCTYPE = "拐点.xlsx：工作簿的 XML 含有文档类型或实体定义，Excel 不会这样写；不予读取，请用 Excel 另存"


class Book:
    """Looks the parts of a workbook through."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "拐点.xlsx"

    def pack(self, parts: Mapping[str, str | bytes]) -> None:
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

    def marks_of_part(self, xml: str | bytes) -> Marks:
        self.pack({SHEET: xml})
        with opened_archive(self.path, HERE, Limits()) as archive:
            return marks_of(archive, archive.members[0], HERE)

    def marks(self, rows: str) -> Marks:
        return self.marks_of_part(f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>")

    def check(self, parts: Mapping[str, str | bytes], *, sheets: frozenset[str] = frozenset({SHEET})) -> None:
        self.pack(parts)
        with opened_archive(self.path, HERE, Limits()) as archive:
            check_parts(archive, set(sheets))


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)


# --- Hidden rows ---


@pytest.mark.parametrize(
    ("rows", "hidden"),
    [
        ('<row r="1" hidden="1"><c r="A1"><v>1</v></c></row>', [1]),
        ('<row r="1" hidden="true"><c r="A1"><v>1</v></c></row>', [1]),
        ('<row r="1" hidden="0"><c r="A1"><v>1</v></c></row>', []),
        ('<row r="1" hidden="false"><c r="A1"><v>1</v></c></row>', []),
        ('<row r="1"><c r="A1"><v>1</v></c></row>', []),
        # Hidden, but nothing stands there.
        ('<row r="1" hidden="1"/>', []),
        ('<row r="1" hidden="1"><c r="A1"/></row>', []),
        ('<row r="1" hidden="1"><c r="A1"><v></v></c></row>', []),
        ('<row r="1" hidden="1"><c r="A1"><f>B1</f></c></row>', []),
        # A text in the cell itself.
        ('<row r="1" hidden="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row>', [1]),
        # Once for all cells of a row.
        ('<row r="4" hidden="1"><c r="A4"><v>1</v></c><c r="B4"><v>2</v></c></row>', [4]),
        # Numbers of rows that are left out, and rows without a number.
        ('<row r="3" hidden="1"><c><v>1</v></c></row><row hidden="1"><c><v>1</v></c></row>', [3, 4]),
        (
            (
                '<row r="2" hidden="1"><c><v>1</v></c></row><row r="3"><c><v>1</v></c></row>'
                '<row r="5" hidden="1"><c><v>1</v></c></row>'
            ),
            [2, 5],
        ),
        ("", []),
    ],
)
def test_hidden_rows_that_hold_something(book: Book, rows: str, hidden: list[int]) -> None:
    assert book.marks(rows).hidden == hidden


# --- Formulas ---


@pytest.mark.parametrize(
    ("rows", "unsolved"),
    [
        ('<row r="1"><c r="A1"><f>B1</f></c></row>', {(1, 0)}),
        ('<row r="1"><c r="A1"><f>B1</f><v/></c></row>', {(1, 0)}),
        ('<row r="1"><c r="A1"><f>B1</f><v>5</v></c></row>', set()),
        ('<row r="1"><c r="A1"><v>5</v></c></row>', set()),
        ('<row r="1"><c r="A1"/></row>', set()),
        ('<row r="7"><c r="AB7"><f>B1</f></c></row>', {(7, 27)}),
        ('<row r="7"><c r="XFD7"><f>B1</f></c></row>', {(7, 16_383)}),
        # Cells without a reference follow each other.
        ('<row r="2"><c><f>x</f></c><c><v>1</v></c><c><f>x</f></c></row>', {(2, 0), (2, 2)}),
        ('<row r="2"><c r="C2"><v>1</v></c><c><f>x</f></c></row>', {(2, 3)}),
        ('<row r="2"><c><f>x</f></c></row><row r="3"><c><f>x</f></c></row>', {(2, 0), (3, 0)}),
        # A result of the cell before is none of this one.
        ('<row r="1"><c r="A1"><v>5</v></c><c r="B1"><f>x</f></c></row>', {(1, 1)}),
        ('<row r="1"><c r="A1"><f>x</f></c><c r="B1"><v>5</v></c></row>', {(1, 0)}),
        # In small letters as well.
        ('<row r="1"><c r="b1"><f>x</f></c></row>', {(1, 1)}),
    ],
)
def test_formulas_without_a_result(book: Book, rows: str, unsolved: set[tuple[int, int]]) -> None:
    assert book.marks(rows).unsolved == unsolved


def test_elements_of_other_namespaces_are_no_cells(book: Book) -> None:
    other = '<x:row xmlns:x="urn:x" r="1" hidden="1"><x:c r="A1"><x:f>B1</x:f><x:v>1</x:v></x:c></x:row>'
    marks = book.marks(other)
    assert (marks.hidden, marks.unsolved) == ([], set())


# --- Damage ---


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"/><row r="2"/>',
        '<row r="2"/><row r="1"/>',
        '<row r="0"/>',
        '<row r="-1"/>',
        '<row r="1048577"/>',
        '<row r="x"/>',
        '<row r="1"><c r="1"/></row>',
        '<row r="1"><c r=""/></row>',
        '<row r="1"><c r="ABCD1"/></row>',
        '<row r="1"><c r="XFE1"/></row>',
        '<row r="1"><c r="甲1"/></row>',
        '<row r="1"><c r="A-1"/></row>',
        '<row r="1"><c>',
        "<row>&unknown;</row>",
        "<a>" * 63 + "</a>" * 63,
    ],
)
def test_sheets_that_no_program_writes_are_refused(book: Book, rows: str) -> None:
    assert both(lambda: book.marks(rows), SiteError) == DAMAGED


@pytest.mark.parametrize("rows", ['<row r="1048576"/>', "<a>" * 62 + "</a>" * 62])
def test_the_last_row_and_the_deepest_element_are_read(book: Book, rows: str) -> None:
    assert book.marks(rows) == Marks()


@pytest.mark.parametrize("xml", ["", "x", b"\xff\xfe\x00", "<worksheet>"])
def test_what_is_no_xml_is_refused(book: Book, xml: str | bytes) -> None:
    assert both(lambda: book.marks_of_part(xml), SiteError) == DAMAGED


def test_a_member_whose_bytes_are_wrong_is_refused(book: Book) -> None:
    book.pack({SHEET: f"<worksheet {MAIN}>{'<a/>' * 100}</worksheet>"})
    with opened_archive(book.path, HERE, Limits()) as archive:
        member = archive.members[0]
        member.info.CRC ^= 1
        assert both(lambda: marks_of(archive, member, HERE), SiteError) == DAMAGED


# Rows are filled up to their last cell.
@pytest.mark.parametrize(
    ("rows", "most", "allowed"),
    [
        ('<row r="1"><c r="J1"/></row>', 10, True),
        ('<row r="1"><c r="K1"/></row>', 10, False),
        ('<row r="1"><c r="E1"/></row><row r="2"><c r="E2"/></row>', 10, True),
        ('<row r="1"><c r="E1"/></row><row r="2"><c r="F2"/></row>', 10, False),
    ],
)
def test_more_cells_than_are_kept(
    book: Book, monkeypatch: pytest.MonkeyPatch, rows: str, most: int, *, allowed: bool
) -> None:
    monkeypatch.setattr(package, "MOST_CELLS", most)
    if allowed:
        assert book.marks(rows) == Marks()
        return
    zh, en = both(lambda: book.marks(rows), SiteError)
    assert zh == "拐点.xlsx：表格超过 10 个单元格；请只保留坐标各列，或改用 Shapefile、GeoPackage"
    assert en.startswith("拐点.xlsx: the table has more than 10 cells; keep the columns of coordinates alone")


# --- Document types ---

TYPED = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet {MAIN}/>'


def test_a_document_type_in_a_sheet_is_refused(book: Book) -> None:
    assert both(lambda: book.marks_of_part(TYPED), SiteError)[0] == DOCTYPE


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/styles.xml", "docProps/app.xml", "xl/media/image1.svg"])
def test_a_document_type_in_any_part_is_refused(book: Book, name: str) -> None:
    zh, en = both(lambda: book.check({"a.xml": "<a/>", name: TYPED}), SiteError)
    assert zh == DOCTYPE
    assert en == (
        "拐点.xlsx: the XML of the workbook defines a document type or entities, which Excel never writes; it is not "
        "read: save it again with Excel"
    )


def test_a_document_type_far_behind_the_beginning_is_found(book: Book) -> None:
    comment = f"<!--{'x' * 600_000}-->"
    assert both(lambda: book.check({SHEET: f"{comment}<!DOCTYPE x><a/>"}), SiteError)[0] == DOCTYPE


@pytest.mark.parametrize(
    "content",
    ["<a/>", "<a><!-- DOCTYPE --></a>", b"\x89PNG\r\n", b"", "<a", '<?xml version="1.0" encoding="klingon"?><a/>'],
)
def test_other_parts_are_left_to_the_reader(book: Book, content: str | bytes) -> None:
    book.check({SHEET: content})


def test_a_damaged_member_is_refused(book: Book) -> None:
    book.pack({SHEET: f"<!--{'甲' * 200}--><a/>"})
    with opened_archive(book.path, HERE, Limits()) as archive:
        archive.members[0].info.CRC ^= 1
        assert both(lambda: check_parts(archive, {SHEET}), SiteError) == DAMAGED


# --- Sizes ---


@pytest.mark.parametrize(
    ("name", "size", "allowed"),
    [
        ("xl/styles.xml", 100, True),
        ("xl/styles.xml", 101, False),
        ("xl/_rels/workbook.xml.rels", 101, False),
        ("xl/drawings/a.VML", 101, False),
        ("xl/media/image1.png", 101, True),
        (SHEET, 101, True),  # sheets are counted by their cells
    ],
)
def test_parts_that_are_kept_in_memory_are_small(
    book: Book, monkeypatch: pytest.MonkeyPatch, name: str, size: int, *, allowed: bool
) -> None:
    monkeypatch.setattr(package, "_PART_BYTES", 100)
    content = "<a>".ljust(size - 4, "x") + "</a>"
    assert len(content) == size
    if allowed:
        book.check({name: content})
        return
    zh, _ = both(lambda: book.check({name: content}), SiteError)
    assert zh == f"拐点.xlsx：其中的 {name} 有 0 MB，超过上限 0 MB；请只保留坐标，另存为新的工作簿"


def test_the_parts_together_are_checked(book: Book) -> None:
    book.pack({"a.xml": "<a/>" * 100})
    with opened_archive(book.path, HERE, Limits(unpacked_bytes=399)) as archive:
        zh, _ = both(lambda: check_parts(archive, set()), SiteError)
    assert zh.startswith("拐点.xlsx：压缩包解压后有 ")


# --- Sentences ---


def test_the_sentences() -> None:
    assert (damaged_workbook(HERE).text.zh, damaged_workbook(HERE).text.en) == DAMAGED
    assert document_type(HERE).text.zh == DOCTYPE
    assert "超过 600,000 个单元格" in too_many_cells(HERE).text.zh
    assert "more than 600,000 cells" in too_many_cells(HERE).text.en
