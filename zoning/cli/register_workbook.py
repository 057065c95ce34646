"""A register as an Excel ledger that can be corrected and imported again; and the empty form of one."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from zoning.cli.register_formats import CodeStyle
from zoning.cli.register_pages import AS_TEXT, DATE, add_pages, fit_widths
from zoning.registers.ledger.columns import LIST_SIGN, PAGES, flag_word, with_unit
from zoning.registers.ledger.comparing import held_values
from zoning.registers.ledger.units import factor
from zoning.report.spreadsheet import FONT, put_head, put_text, set_print, set_widths
from zoning.report.zips import with_fixed_dates
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from zoning.registers.entries import Payment, Problem, Work
    from zoning.registers.ledger.faults import RowFault
    from zoning.registers.ledger.rows import LedgerRow
    from zoning.registers.record import Record, Value
    from zoning.registers.types import FieldSpec, RegisterType

LONGEST = 32_000
"""Characters that a cell holds; longer texts and shapes are left out, never cut."""
_FIRST_ROW = 3
_FORM_ROWS = 2_000
_LONGEST_NAME = 31
_NO_NAME = str.maketrans(dict.fromkeys(r"[]:*?/\\", " "))
_GENERAL = "General"
_A3, _COLUMNS_A_PAGE = 8, 14


@dataclass(frozen=True)
class LedgerBook:
    """What goes into a workbook.

    Attributes
    ----------
    problems, works, payments
        By number of the record.
    """

    kind: "RegisterType"
    records: "Sequence[Record]"
    on: date
    language: Language
    codes: CodeStyle = CodeStyle.both
    personal: bool = True
    problems: "Mapping[str, Sequence[Problem]]" = field(default_factory=dict)
    works: "Mapping[str, Sequence[Work]]" = field(default_factory=dict)
    payments: "Mapping[str, Sequence[Payment]]" = field(default_factory=dict)

    @property
    def fields(self) -> "dict[str, FieldSpec]":
        """The fields that are shown, in the order of the ledger."""
        return {name: spec for name, spec in self.kind.fields.items() if self.personal or not spec.personal}


def ledger_workbook(order: LedgerBook) -> tuple[bytes, tuple[Text, ...]]:
    """Return the workbook and what it could not hold: the same register gives the same bytes."""
    book, notes = _new_book(order.kind, order.language), []
    sheet = _ledger_sheet(book, order)
    fields = list(order.fields.items())
    for number, record in enumerate(order.records, start=_FIRST_ROW):
        values = held_values(record, order.kind)
        for column, (name, spec) in enumerate(fields, start=1):
            value = values.get(name)
            if isinstance(value, str) and len(value) > LONGEST:
                notes.append(_too_long(record.id, spec.title))
            else:
                put_value(sheet, number, column, value, spec, order.language, order.codes)
    fit_widths(sheet, len(order.fields), first=_FIRST_ROW)
    _choices(book, sheet, order, max(len(order.records) + _FIRST_ROW, _FIRST_ROW + 1))
    add_pages(book, order)
    notes.extend(_shapes(book, order))
    return _saved(book, order.on), tuple(notes)


def form_workbook(kind: "RegisterType", on: date, language: Language) -> bytes:
    """Return an empty ledger: headings, drop-downs, and the code lists on a page of their own."""
    order = LedgerBook(kind, (), on, language)
    book = _new_book(kind, language)
    sheet = _ledger_sheet(book, order)
    fit_widths(sheet, len(order.fields), first=_FIRST_ROW)
    for column, (name, spec) in enumerate(order.fields.items(), start=1):
        _format_column(sheet, column, spec, as_text=spec.kind == "text" or name == kind.id_field)
    _choices(book, sheet, order, _FORM_ROWS)
    return _saved(book, on)


def refused_workbook(
    kind: "RegisterType",
    rows: "Sequence[LedgerRow]",
    faults: "Iterable[RowFault]",
    *,
    fields: Sequence[str],
    on: date,
    language: Language,
) -> bytes:
    """Return the refused rows as they stood, with what is wrong beside them: to be corrected and imported again."""
    from openpyxl.styles import PatternFill

    book = _new_book(kind, language)
    sheet = book.create_sheet(_sheet_name(kind.title.get(language)))
    told: dict[tuple[str, int], list[RowFault]] = {}
    for fault in faults:
        told.setdefault((fault.sheet, fault.row), []).append(fault)
    shapes = any(row.shape is not None for row in rows)
    heads = [_own_head(kind, name, rows, language) for name in fields] + ["WKT"] * shapes
    wrong_head = Text("导入错误", "import errors").get(language)
    put_head(sheet, 1, [*heads, wrong_head], [False] * (len(heads) + 1))
    marked = PatternFill("solid", fgColor="F9D5D5")
    for number, row in enumerate(rows, start=2):
        here = told.get((row.sheet, row.number), [])
        for column, name in enumerate(fields, start=1):
            cell = row.cells.get(name)
            put_text(sheet, number, column, cell.text if cell is not None else "")
            if any(fault.title == kind.fields[name].title for fault in here):
                sheet.cell(number, column).fill = marked
        if shapes and row.shape is not None:
            put_text(sheet, number, len(fields) + 1, row.shape.wkt)
        said = "\n".join(fault.text.get(language) for fault in here) or _twice(language)
        put_text(sheet, number, len(heads) + 1, said)
    fit_widths(sheet, len(heads) + 1, first=2)
    return _saved(book, on)


def _own_head(kind: "RegisterType", name: str, rows: "Sequence[LedgerRow]", language: Language) -> str:
    """Return the heading of a column, with the unit that the ledger had."""
    spec = kind.fields[name]
    units = {cell.unit for row in rows if (cell := row.cells.get(name)) is not None and cell.unit}
    unit = next(iter(units), "")
    if not unit or factor(unit, spec.unit) == 1.0:
        return with_unit(spec).get(language)
    return Text(f"{spec.title.zh}（{unit}）", f"{spec.title.en} ({unit})").get(language)


def _twice(language: Language) -> str:
    return Text("编号在文件中重复", "the number stands in another row as well").get(language)


def _new_book(kind: "RegisterType", language: Language) -> Any:
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    if first is not None:
        book.remove(first)
    book.properties.title = kind.title.get(language)
    book.properties.creator = "zoning"
    return book


def _sheet_name(title: str) -> str:
    return title.translate(_NO_NAME).strip()[:_LONGEST_NAME]


def _saved(book: Any, on: date) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return with_fixed_dates(made.getvalue(), on.isoformat())


def _ledger_sheet(book: Any, order: LedgerBook) -> Any:
    """Write the two rows of headings: what people read, and what the columns are called."""
    sheet = book.create_sheet(_sheet_name(order.kind.title.get(order.language)))
    required = {name for name, spec in order.fields.items() if spec.required}
    titles = [
        f"{with_unit(spec).get(order.language)}{' *' * (name in required)}" for name, spec in order.fields.items()
    ]
    numeric = [spec.kind in ("number", "integer") for spec in order.fields.values()]
    put_head(sheet, 1, titles, numeric)
    put_head(sheet, 2, list(order.fields), numeric)
    sheet.freeze_panes = sheet.cell(_FIRST_ROW, 2)
    set_print(sheet, f"{order.kind.title.get(order.language)} · {order.on}", head_row=1)
    # So many columns are legible on several sheets of A3 side by side, each beginning with number and name.
    sheet.page_setup.paperSize, sheet.page_setup.fitToWidth = _A3, max(1, round(len(titles) / _COLUMNS_A_PAGE))
    sheet.print_title_rows, sheet.print_title_cols = "1:2", "A:B"
    return sheet


def put_value(
    sheet: Any,
    row: int,
    column: int,
    value: "Value",
    spec: "FieldSpec",
    language: Language,
    codes: CodeStyle = CodeStyle.both,
) -> None:
    """Write a value: numbers and dates as such, codes with their words, texts as texts whatever they begin with."""
    if value is None:
        return
    if isinstance(value, bool):
        put_text(sheet, row, column, flag_word(value, language))
    elif isinstance(value, int | float):
        _put_figure(sheet, row, column, value, _GENERAL)
    elif isinstance(value, date):
        _put_figure(sheet, row, column, value, DATE)
    elif spec.codes:
        told = value if isinstance(value, tuple) else (value,)
        words = [code_text(code, spec, language, codes) for code in told]
        put_text(sheet, row, column, LIST_SIGN[language].join(words)).number_format = AS_TEXT
    else:
        put_text(sheet, row, column, str(value)).number_format = AS_TEXT


def _put_figure(sheet: Any, row: int, column: int, value: float | date, number_format: str) -> None:
    cell = sheet.cell(row, column, value)
    cell.number_format, cell.font, cell.alignment = number_format, *_figure_style()


@cache
def _figure_style() -> tuple[Any, Any]:
    from openpyxl.styles import Alignment, Font

    return Font(name=FONT, size=9), Alignment(vertical="top", horizontal="right")


def code_text(code: str, spec: "FieldSpec", language: Language, style: CodeStyle) -> str:
    """Return a code as it is written in a cell."""
    word = spec.codes[code].title.get(language) if code in spec.codes else ""
    if style is CodeStyle.code or not word:
        return code
    return word if style is CodeStyle.word else f"{code} {word}"


def _format_column(sheet: Any, column: int, spec: "FieldSpec", *, as_text: bool) -> None:
    from openpyxl.utils import get_column_letter

    # Numbers of parcels typed into a column of texts keep all their digits.
    wanted = AS_TEXT if as_text or spec.codes else DATE if spec.kind == "date" else _GENERAL
    sheet.column_dimensions[get_column_letter(column)].number_format = wanted
    for row in range(_FIRST_ROW, _FIRST_ROW + 200):
        sheet.cell(row, column).number_format = wanted


def _choices(book: Any, sheet: Any, order: LedgerBook, last_row: int) -> None:
    """Write the code lists, and drop-downs that refer to them."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    title = PAGES["codes"].get(order.language)
    page = book.create_sheet(title)
    heads = ("字段", "列名", "代码", "名称", "填写", "上级代码") if order.language == "zh" else (
        "field", "column", "code", "word", "to be written", "goes with")  # fmt: skip
    put_head(page, 1, heads, [False] * len(heads))
    row = 2
    for column, (name, spec) in enumerate(order.fields.items(), start=1):
        if not spec.codes:
            continue
        first = row
        for code, entry in spec.codes.items():
            written = code_text(code, spec, order.language, order.codes)
            cells = (spec.title.get(order.language), name, code, entry.title.get(order.language), written)
            for number, text in enumerate((*cells, "、".join(entry.under)), start=1):
                put_text(page, row, number, text).number_format = AS_TEXT
            row += 1
        if spec.kind == "code":
            rule = DataValidation(type="list", formula1=f"'{title}'!$E${first}:$E${row - 1}", allow_blank=True)
            # Ledgers may also hold the code or the word alone: the list offers, it does not refuse.
            rule.showErrorMessage = False
            letter = get_column_letter(column)
            rule.add(f"{letter}{_FIRST_ROW}:{letter}{last_row}")
            sheet.add_data_validation(rule)
    fit_widths(page, len(heads), first=2)


def _shapes(book: Any, order: LedgerBook) -> list[Text]:
    """Write the shapes as texts (WKT, EPSG:4490), so that the workbook alone holds the register."""
    notes: list[Text] = []
    placed = [(record, record.geometry) for record in order.records if record.geometry is not None]
    if not placed:
        return notes
    id_title = order.kind.fields[order.kind.id_field].title.get(order.language)
    sheet = book.create_sheet(PAGES["shapes"].get(order.language))
    put_head(sheet, 1, [id_title, "WKT (EPSG:4490)"], [False, False])
    row = 2
    for record, shape in placed:
        text = shape.wkt
        if len(text) > LONGEST:
            notes.append(_too_long(record.id, Text("图形", "shape")))
            continue
        put_text(sheet, row, 1, record.id).number_format = AS_TEXT
        sheet.cell(row, 2, text)
        row += 1
    set_widths(sheet, (24, 80))
    return notes


def _too_long(number: str, title: Text) -> Text:
    return Text(
        f"{number}：“{title.zh}”超过 {LONGEST} 字，没有写进 Excel；请另导出 GeoPackage",
        f"{number}: '{title.en}' is longer than {LONGEST} characters and not in the workbook; export a GeoPackage too",
    )
