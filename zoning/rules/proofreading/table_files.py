"""Tables as Markdown, CSV and Excel workbook: the same table always gives the same bytes.

What begins like a formula stays text: a content file that someone else wrote must not run anything in a spreadsheet.
"""

import csv
import gc
import re
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from zoning.errors import ContentError, os_reason
from zoning.rules.proofreading.table import DocumentTable, Table
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
_MARKDOWN = re.compile(r"([\\`*_~|\[\]])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_SHEET_NAME = 31
_FIXED_TIME = (2000, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")
_OVERVIEW = Text("总览", "overview")
_HEADER = "FFE4EAE7"
_LINE = "FFC9D1CD"
_LINK = "FF1F5FA5"


def as_markdown(table: Table) -> str:
    """Return a table in Markdown."""
    lines = [_markdown_row(table.titles), "|" + "---|" * len(table.titles)]
    lines.extend(_markdown_row(row) for row in table.rows)
    return "\n".join(lines) + "\n"


def markdown_cell(text: str) -> str:
    r"""Return a text as it stands in a cell; signs that Markdown reads stay what they are.

    >>> print(markdown_cell("a|b*"), markdown_cell("<c>"))
    a\|b\* &lt;c>
    """
    plain = text.replace("&", "&amp;").replace("<", "&lt;")
    return _MARKDOWN.sub(r"\\\1", plain).replace("\n", "<br>")


def as_csv(table: Table) -> str:
    """Return a table as CSV; what begins like a formula gets an apostrophe before it."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.titles)
    writer.writerows([f"'{cell}" if _FORMULA.match(cell) else cell for cell in row] for row in table.rows)
    return out.getvalue()


def as_workbook(overview: Table, documents: Sequence[DocumentTable], language: Language) -> bytes:
    """Return an Excel workbook: an overview, and one sheet per document.

    Raises
    ------
    ContentError
        When the temporary folder cannot be written or is full.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    book = Workbook()
    names = _sheet_names([document.title for document in documents], _OVERVIEW.get(language))
    first = book.active
    assert first is not None  # noqa: S101 - a new workbook has a sheet
    _fill(first, _OVERVIEW.get(language), overview)
    for number, name in enumerate(names, start=2):
        cell = first.cell(number, 2)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!A1")
        cell.font = Font(color=_LINK, underline="single")
    for document, name in zip(documents, names, strict=True):
        _fill(book.create_sheet(), name, document.table)
    return _without_times(_saved(book))


def _saved(book: "Workbook") -> bytes:
    """Return the bytes of a workbook; the library writes every sheet into the temporary folder first.

    Raises
    ------
    ContentError
        Where that folder cannot be written or is full.
    """
    out, hook = BytesIO(), sys.unraisablehook
    try:
        book.save(out)
    except OSError as error:
        reason, folder = os_reason(error), tempfile.gettempdir()
        # Its half-written sheets fail once more when they are cleared away, which nobody has to read.
        sys.unraisablehook = lambda _: None
        traceback.clear_frames(error.__traceback__)
        gc.collect()
        raise ContentError(
            f"{folder}：临时文件写入失败（{reason.zh}）；表格没有写出。可用环境变量 TMPDIR 指定别的文件夹",
            f"{folder}: a temporary file cannot be written ({reason.en}); the table was not written. The variable "
            "TMPDIR names another folder",
        ) from None
    finally:
        sys.unraisablehook = hook
    return out.getvalue()


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(markdown_cell(cell) for cell in cells) + " |"


def _sheet_names(titles: Sequence[str], taken: str) -> list[str]:
    """Return names that Excel accepts, each once."""
    names: list[str] = []
    for title in titles:
        plain = _NOT_IN_SHEET_NAMES.sub("", title.removeprefix("中华人民共和国")).strip()
        name, number = _cut(plain, ""), 1
        while name.casefold() in {taken.casefold(), *(other.casefold() for other in names)}:
            number += 1
            name = _cut(plain, f" ({number})")
        names.append(name)
    return names


def _cut(text: str, end: str) -> str:
    room = _LONGEST_SHEET_NAME - len(end)
    return (text if len(text) <= room else f"{text[: room - 1]}…") + end


def _fill(sheet: "Worksheet", name: str, table: Table) -> None:
    from openpyxl.styles import Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.title = name
    for row, cells in enumerate((table.titles, *table.rows), start=1):
        for column, text in enumerate(cells, start=1):
            _write(sheet, row, column, text)
    header = PatternFill("solid", fgColor=_HEADER)
    line = Border(bottom=Side("thin", color=_LINE))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = header
        cell.border = line
    for number, width in enumerate(table.widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.titles))}{len(table.rows) + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _write(sheet: "Worksheet", row: int, column: int, text: str) -> None:
    plain = _CONTROL.sub("", text)
    if row > 1 and plain.isascii() and plain.isdigit():
        sheet.cell(row, column, int(plain))
    elif plain:
        cell = sheet.cell(row, column, plain)
        cell.data_type = "s"
        cell.quotePrefix = bool(_FORMULA.match(plain))
    _place(sheet.cell(row, column))


def _place(cell: "Cell | MergedCell") -> None:
    from openpyxl.styles import Alignment

    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _without_times(data: bytes) -> bytes:
    """Return the same workbook with fixed times, so that its bytes tell its content."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in sorted(old.infolist(), key=lambda part: part.filename):
            content = old.read(part)
            if part.filename == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            info = zipfile.ZipInfo(part.filename, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            new.writestr(info, content)
    return out.getvalue()
