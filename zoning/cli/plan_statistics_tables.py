"""Tables of the planner's commands as CSV and as sheets of a workbook: the same figures in both."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoning.texts import Language, Text

if TYPE_CHECKING:
    from openpyxl import Workbook

    from zoning.maps.made import Made

Value = str | Text | float | int | None
MOST_ROWS = 20_000
"""Longer sheets open on no office computer; the CSV holds every row."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column: `decimals` as they are printed in a workbook, None for text; a CSV holds every digit."""

    title: Text
    width: float = 14
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; None in a row is an empty cell of a CSV and — in a workbook: there is no data, which is no zero."""

    id: str
    title: Text
    heads: tuple[Head, ...]
    rows: tuple[tuple[Value, ...], ...]


def csv_of(sheet: Sheet, language: Language) -> bytes:
    """Return a table as CSV in UTF-8 with the mark that spreadsheets look for."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([head.title.get(language) for head in sheet.heads])
    for row in sheet.rows:
        writer.writerow([_plain(value, language) for value in row])
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def _plain(value: Value, language: Language) -> str:
    if value is None:
        return ""
    text = value.get(language) if isinstance(value, Text) else repr(value) if isinstance(value, float) else str(value)
    # What a stranger wrote must not become a formula in the program that opens the table.
    return f"'{text}" if isinstance(value, str | Text) and text.startswith(("=", "+", "-", "@", "\t")) else text


def workbook(sheets: Sequence[Sheet], title: str, notes: Sequence[str], language: Language, made: "Made") -> bytes:
    """Return the tables as an Excel workbook, notes first; the same tables give the same bytes."""
    from openpyxl import Workbook

    from zoning.report.spreadsheet import height_of, put_text, set_widths
    from zoning.report.zips import with_fixed_dates

    book = Workbook()
    first = book.active
    if first is not None:
        book.remove(first)
    book.properties.title = title
    book.properties.creator = made.maker or "zoning"
    about = book.create_sheet(Text("说明", "notes").get(language))
    put_text(about, 1, 1, title, bold=True, size=14)
    for row, text in enumerate(notes, start=2):
        put_text(about, row, 1, text)
        about.row_dimensions[row].height = height_of(text, 100)
    set_widths(about, [100])
    for sheet in sheets:
        _put(book, sheet, notes[-1] if notes else title, language)
    content = io.BytesIO()
    book.save(content)
    return with_fixed_dates(content.getvalue(), made.on)


def _put(book: "Workbook", sheet: Sheet, foot: str, language: Language) -> None:
    from zoning.report.document import NOTHING, Number
    from zoning.report.spreadsheet import put_cell, put_head, put_text, set_print, set_widths

    made = book.create_sheet(sheet.title.get(language))
    numeric = [head.decimals is not None for head in sheet.heads]
    put_head(made, 1, [head.title.get(language) for head in sheet.heads], numeric)
    last = 1
    for last, row in enumerate(sheet.rows[:MOST_ROWS], start=2):
        for column, (value, head) in enumerate(zip(row, sheet.heads, strict=True), start=1):
            right = head.decimals is not None
            if value is None:
                put_cell(made, last, column, NOTHING, right=right)
            elif isinstance(value, int | float):
                put_cell(made, last, column, Number(float(value), head.decimals or 0))
            else:
                put_cell(made, last, column, value.get(language) if isinstance(value, Text) else value, right=right)
    if len(sheet.rows) > MOST_ROWS:
        count = f"{len(sheet.rows) - MOST_ROWS:,}"
        more = Text(f"另有 {count} 行，见 CSV", f"{count} more rows in the CSV")
        put_text(made, last + 1, 1, more.get(language))
    set_widths(made, [head.width for head in sheet.heads])
    made.freeze_panes = "A2"
    if last > 1:
        made.auto_filter.ref = f"A1:{made.cell(last, len(sheet.heads)).coordinate}"
    set_print(made, foot, head_row=1)
