"""Cells look the same however often a look was given before, in this workbook or in another."""

from itertools import product
from typing import Any

from openpyxl import Workbook

from zoning.report import spreadsheet
from zoning.report.document import Number
from zoning.report.spreadsheet import put_number, put_text

LOOKS: list[dict[str, Any]] = [
    {"bold": bold, "colour": colour, "right": right, "size": size, "apart": apart}
    for bold, colour, right, size, apart in product(
        (True, False), (None, "8C1020"), (True, False), (9, 14), (True, False)
    )
]


def filled(order: list[int], *, anew: bool = False) -> Workbook:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row, number in enumerate(order, start=1):
        if anew:
            spreadsheet._LOOKS.clear()
        put_text(sheet, row, 1, "=1+1", **LOOKS[number])
        look = {name: value for name, value in LOOKS[number].items() if name != "right"}
        put_number(sheet, row, 2, Number(1.5, number % 3), **look)
    return book


def numbers(book: Workbook) -> list[tuple[int, ...]]:
    rows: Any = book.worksheets[0].iter_rows()
    return [tuple(cell._style) for row in rows for cell in row]


def test_a_look_has_the_number_that_it_would_have_without_a_memory() -> None:
    order = [*range(len(LOOKS)), *reversed(range(len(LOOKS)))]
    # Another workbook in between has other numbers for the same looks.
    one, other, again = filled(order), filled(order[::-1]), filled(order)
    assert numbers(one) == numbers(again) == numbers(filled(order, anew=True))
    assert numbers(other) == numbers(filled(order[::-1], anew=True))


def test_a_cell_shows_what_was_asked_for() -> None:
    book = filled([*range(len(LOOKS))] * 2)
    for row, look in enumerate(LOOKS * 2, start=1):
        cell = book.worksheets[0].cell(row, 1)
        assert (cell.font.b, cell.font.sz) == (look["bold"], look["size"])
        assert cell.font.color.rgb[-6:] == (look["colour"] or "000000")
        assert cell.alignment.horizontal == ("right" if look["right"] else "left")
        assert cell.alignment.indent == (1 if look["apart"] and not look["right"] else 0)
        assert cell.quotePrefix
        assert book.worksheets[0].cell(row, 2).alignment.horizontal == "right"
