"""Cells of workbooks: figures stay figures, and no text of a stranger becomes a formula."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from zoning.report.document import Cell, Number, Table, Word

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "Noto Sans CJK SC"
TONES = {
    "prohibited": "8C1020",
    "undetermined": "6A4C93",
    "possible": "6A4C93",
    "no_data": "6A4C93",
    "restricted": "A86400",
    "permitted": "0F7F6B",
    "quiet": "555555",
}
_BOLD = ("strong", "affected", *TONES)
_FORMULA = ("=", "+", "-", "@")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_000
_POINTS = 13.5
"""Height of a line of 9-point text."""


def put_text(sheet: "Worksheet", row: int, column: int, text: str, **look: Any) -> Any:
    """Write a text as text, whatever it begins with."""
    cell = sheet.cell(row, column)
    shown = _ILLEGAL.sub("", text)[:_LONGEST]
    if not shown:
        return cell
    cell.value = shown
    cell.data_type = "s"
    # Without the mark a spreadsheet would read `=1+1` as a formula as soon as somebody edits the cell.
    cell.quotePrefix = shown.startswith(_FORMULA)
    _style(cell, **look)
    return cell


def put_number(sheet: "Worksheet", row: int, column: int, number: Number, **look: Any) -> Any:
    """Write a figure as a number with the decimals that are printed elsewhere."""
    cell = sheet.cell(row, column, number.value)
    cell.number_format = "#,##0" + ("." + "0" * number.decimals if number.decimals else "")
    _style(cell, right=True, **look)
    return cell


def put_cell(sheet: "Worksheet", row: int, column: int, cell: Cell, *, right: bool = False) -> Any:
    """Write one cell of a table."""
    if isinstance(cell, Number):
        return put_number(sheet, row, column, cell)
    if isinstance(cell, Word):
        bold, colour = cell.tone in _BOLD, TONES.get(cell.tone)
        return put_text(sheet, row, column, cell.text, bold=bold, colour=colour)
    return put_text(sheet, row, column, cell, right=right)


def _style(cell: Any, *, bold: bool = False, colour: str | None = None, right: bool = False, size: float = 9) -> None:
    cell.font = _font(size, bold, colour or "000000")
    cell.alignment = _alignment(right)


@lru_cache(maxsize=64)
def _font(size: float, bold: bool, colour: str) -> Any:  # noqa: FBT001 - the key of a cache
    from openpyxl.styles import Font

    return Font(name=FONT, size=size, bold=bold, color=colour)


@lru_cache(maxsize=2)
def _alignment(right: bool) -> Any:  # noqa: FBT001
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=True, vertical="top", horizontal="right" if right else "left")


def put_head(sheet: "Worksheet", row: int, titles: Sequence[str], numeric: Sequence[bool]) -> None:
    """Write the head of a table."""
    from openpyxl.styles import Border, PatternFill, Side

    line = Side(style="thin", color="000000")
    for column, (title, right) in enumerate(zip(titles, numeric, strict=True), start=1):
        cell = put_text(sheet, row, column, title, bold=True, right=right)
        cell.border = Border(top=line, bottom=line)
        cell.fill = PatternFill("solid", fgColor="F4F2EC")


def put_table(sheet: "Worksheet", row: int, table: Table) -> int:
    """Write a table from a row on; return the row below it."""
    from openpyxl.styles import Border, Side

    hair = Side(style="hair", color="999999")
    if not table.pairs:
        numeric = [column.numeric for column in table.columns]
        put_head(sheet, row, [column.head for column in table.columns], numeric)
        row += 1
    for cells in table.rows:
        for column, cell in enumerate(cells, start=1):
            right = table.columns[column - 1].numeric
            put_cell(sheet, row, column, cell, right=right).border = Border(bottom=hair)
        row += 1
    return row


def text_cells(text: str) -> int:
    """Return how wide a text is: a Chinese character takes two cells.

    >>> text_cells("面积 m²")
    7
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def height_of(text: str, width: float) -> float:
    """Return the height of a text in a merged cell, which no program fits by itself."""
    lines = sum(max(1, -(-text_cells(line) // max(int(width), 1))) for line in text.split("\n"))
    return lines * _POINTS + 2


def set_widths(sheet: "Worksheet", widths: Iterable[float]) -> None:
    """Set the widths of the columns, in characters."""
    from openpyxl.utils import get_column_letter

    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def set_print(sheet: "Worksheet", foot: str, *, head_row: int | None = None) -> None:
    """Set A4 across, as wide as the page, with page numbers."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.6
    footer: Any = sheet.oddFooter
    footer.left.text, footer.right.text = foot.replace("&", "&&"), "&P / &N"
    if head_row is not None:
        sheet.print_title_rows = f"{head_row}:{head_row}"
