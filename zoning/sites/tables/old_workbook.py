"""Workbooks of old Excel (.xls), read with xlrd."""

import datetime as dt
import struct
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from zoning.sites.tables.grid import MOST_CELLS, Flaw, Grid, Row
from zoning.sites.tables.package import damaged_workbook, too_many_cells
from zoning.sites.tables.signs import plain
from zoning.sites.where import Where

_FAULTS = (
    struct.error, AssertionError, LookupError, ValueError, TypeError, AttributeError, OverflowError,
    RecursionError, EOFError, NotImplementedError, ZeroDivisionError, NameError, MemoryError,
)  # fmt: skip
"""What xlrd raises over damaged files, beside its own errors."""


def old_sheets(path: Path, where: Where, *, verbatim: bool = False) -> Iterator[tuple[str, Grid, bool]]:
    """Yield name, cells and visibility of every sheet.

    Parameters
    ----------
    verbatim
        Texts as they stand there; else in plain signs, without needless blanks.

    Raises
    ------
    SiteError
        When the file is damaged, or has a password.
    """
    from xlrd import XLRDError, open_workbook
    from xlrd.compdoc import CompDocError

    try:
        book: Any = open_workbook(file_contents=path.read_bytes(), on_demand=True, ragged_rows=True, logfile=StringIO())
        names = book.sheet_names()
    except XLRDError as error:
        if "encrypted" in str(error).lower():
            raise where.error(
                "工作簿有打开密码；请去掉密码后另存", "the workbook has a password; save it without one and give that"
            ) from error
        raise damaged_workbook(where) from error
    except (*_FAULTS, CompDocError) as error:
        raise damaged_workbook(where) from error
    for position, name in enumerate(names):
        inner = Where(f"{where.file}[{name}]")
        try:
            sheet = book.sheet_by_index(position)
            rows = list(_rows(sheet, book.datemode, inner, verbatim=verbatim))
        except (*_FAULTS, XLRDError, CompDocError) as error:
            raise damaged_workbook(where) from error
        book.unload_sheet(position)
        yield name, Grid(inner, rows, title=name, lettered=True), sheet.visibility == 0


def _rows(sheet: Any, datemode: int, where: Where, *, verbatim: bool) -> Iterator[Row]:
    cells = 0
    for number in range(sheet.nrows):
        kinds, values = sheet.row_types(number), sheet.row_values(number)
        cells += len(values)
        if cells > MOST_CELLS:
            raise too_many_cells(where)
        texts: list[str] = []
        flaws: dict[int, Flaw] = {}
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            text, flaw = _text(kind, value, datemode)
            texts.append(value if verbatim and isinstance(value, str) and flaw is None else text)
            if flaw is not None:
                flaws[column] = flaw
        yield Row(number + 1, texts, flaws)


def _text(kind: int, value: Any, datemode: int) -> tuple[str, Flaw | None]:
    import xlrd

    if kind == xlrd.XL_CELL_NUMBER:
        return (f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)), None  # noqa: PLR2004 - whole numbers that a float holds
    if kind == xlrd.XL_CELL_DATE:
        try:
            return str(xlrd.xldate_as_datetime(value, datemode)), "date"
        except (xlrd.XLDateError, ValueError, OverflowError):
            return repr(dt.timedelta(0)), "date"
    if kind == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#ERROR"), "error"
    if kind == xlrd.XL_CELL_BOOLEAN:
        return str(bool(value)).upper(), None
    return " ".join(plain(str(value)).split()), None
