"""Cells of workbooks: figures stay figures, and no text of a stranger becomes a formula."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from zoning.report.document import Cell, Number, Table, Word, cell_text

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
_PADDING = 1.5
"""Of the width of a cell, in characters: what no text can use."""
_SMALLER = 1.12
_LOOKS: "WeakKeyDictionary[Any, dict[tuple[Any, ...], tuple[int, int]]]" = WeakKeyDictionary()
_HIGHEST = 409.0
"""Points; no row of a workbook can be higher."""


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


def put_cell(sheet: "Worksheet", row: int, column: int, cell: Cell, *, right: bool = False, apart: bool = False) -> Any:
    """Write one cell of a table; `apart`: a text beside figures, which end where it begins."""
    if isinstance(cell, Number):
        return put_number(sheet, row, column, cell)
    if isinstance(cell, Word):
        bold, colour = cell.tone in _BOLD, TONES.get(cell.tone)
        return put_text(sheet, row, column, cell.text, bold=bold, colour=colour, apart=apart)
    return put_text(sheet, row, column, cell, right=right, apart=apart)


def _style(
    cell: Any,
    *,
    bold: bool = False,
    colour: str | None = None,
    right: bool = False,
    size: float = 9,
    apart: bool = False,
) -> None:
    # openpyxl compares every field of a look, cell by cell: the numbers under which a workbook keeps it are the same.
    known = _LOOKS.setdefault(cell.parent.parent, {})
    look = size, bold, colour, right, apart
    style = cell._style  # noqa: SLF001 - openpyxl gives no other way to these numbers
    if look in known:
        style.fontId, style.alignmentId = known[look]
        return
    cell.font = _font(size, bold, colour or "000000")
    cell.alignment = _alignment(right=right, apart=apart)
    known[look] = style.fontId, style.alignmentId


@lru_cache(maxsize=64)
def _font(size: float, bold: bool, colour: str) -> Any:  # noqa: FBT001 - the key of a cache
    from openpyxl.styles import Font

    return Font(name=FONT, size=size, bold=bold, color=colour)


@lru_cache(maxsize=4)
def _alignment(*, right: bool, apart: bool) -> Any:
    from openpyxl.styles import Alignment

    return Alignment(
        wrap_text=True, vertical="top", horizontal="right" if right else "left", indent=1 if apart and not right else 0
    )


def apart(numeric: Sequence[bool]) -> list[bool]:
    """Tell of each column whether it holds words beside figures.

    >>> apart([False, True, False, False])
    [False, False, True, False]
    """
    return [not mine and before for mine, before in zip(numeric, [False, *numeric], strict=False)]


def put_head(sheet: "Worksheet", row: int, titles: Sequence[str], numeric: Sequence[bool]) -> None:
    """Write the head of a table."""
    from openpyxl.styles import Border, PatternFill, Side

    line = Side(style="thin", color="000000")
    for column, (title, right, far) in enumerate(zip(titles, numeric, apart(numeric), strict=True), start=1):
        cell = put_text(sheet, row, column, title, bold=True, right=right, apart=far)
        cell.border = Border(top=line, bottom=line)
        cell.fill = PatternFill("solid", fgColor="F4F2EC")


def put_table(sheet: "Worksheet", row: int, table: Table, widths: Sequence[float] | None = None) -> int:
    """Write a table from a row on; return the row below it.

    Parameters
    ----------
    widths
        Of the columns, in characters: rows are made as high as their texts need. No program does that by itself when
        it opens a file that it has not written.
    """
    from openpyxl.styles import Border, Side

    below = Border(bottom=Side(style="hair", color="999999"))
    if not table.pairs:
        numeric = [column.numeric for column in table.columns]
        heads = [column.head for column in table.columns]
        put_head(sheet, row, heads, numeric)
        set_height(sheet, row, heads, widths)
        row += 1
    sides = [column.numeric for column in table.columns]
    for cells in table.rows:
        for column, (cell, right, far) in enumerate(zip(cells, sides, apart(sides), strict=True), start=1):
            put_cell(sheet, row, column, cell, right=right, apart=far).border = below
        set_height(sheet, row, [cell_text(cell) for cell in cells], widths)
        row += 1
    return row


def set_height(sheet: "Worksheet", row: int, texts: Sequence[str], widths: Sequence[float] | None) -> None:
    """Make a row as high as the highest of its texts; as it is where the widths are not known."""
    if widths is not None:
        # 9 points are smaller than the figures that widths count by.
        heights = [height_of(text, width * _SMALLER - _PADDING) for text, width in zip(texts, widths, strict=False)]
        sheet.row_dimensions[row].height = min(max(heights, default=0.0), _HIGHEST)


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


def set_print(sheet: "Worksheet", foot: str, *, head_row: int | None = None, across: bool = True) -> None:
    """Set A4, across or upright, as wide as the page, with page numbers."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape" if across else "portrait"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.6
    footer: Any = sheet.oddFooter
    footer.left.text, footer.right.text = foot.replace("&", "&&"), "&P / &N"
    if head_row is not None:
        sheet.print_title_rows = f"{head_row}:{head_row}"
