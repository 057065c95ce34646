"""The pages of a workbook beside the ledger: where every record stands, its problems, works and money."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zoning.registers.ledger.columns import PAGES
from zoning.report.spreadsheet import put_head, put_text, set_widths, text_cells
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from zoning.cli.register_workbook import LedgerBook

DATE, AS_TEXT = "yyyy-mm-dd", "@"
_NARROW, _WIDE, _LOOKED_AT = 8, 40, 200

_NUMBER, _ITEM = ("id", Text("编号", "number")), ("number", Text("序号", "item"))
_PROBLEM = (
    _ITEM,
    ("what", Text("问题", "problem")),
    ("source", Text("来源", "found by")),
    ("found", Text("发现日期", "found on")),
    ("deadline", Text("期限", "deadline")),
    ("opened_by", Text("提出人", "opened by")),
    ("closed", Text("销号日期", "closed on")),
    ("closed_by", Text("销号人", "closed by")),
    ("how", Text("整改情况", "how")),
)
_WORK = (
    _ITEM,
    ("stage", Text("阶段", "stage")),
    ("measure", Text("措施", "measure")),
    ("unit", Text("单位", "unit")),
    ("quantity", Text("计划量", "planned")),
    ("planned_from", Text("计划开始", "planned from")),
    ("planned_to", Text("计划完成", "planned to")),
    ("done", Text("完成量", "done")),
    ("actual_from", Text("实际开始", "begun")),
    ("actual_to", Text("实际完成", "finished")),
)
_PAYMENT = (
    _ITEM,
    ("source", Text("资金来源", "source")),
    ("status", Text("性质", "planned or paid")),
    ("amount", Text("金额（万元）", "amount (10,000 yuan)")),
    ("on", Text("日期", "day")),
    ("note", Text("说明", "remark")),
)
_STATE = (
    ("name", Text("名称", "name")),
    ("territory", Text("行政区代码", "territory")),
    ("state", Text("状态", "state")),
    ("word", Text("状态名称", "state in words")),
    ("since", Text("进入状态日期", "in this state since")),
    ("version", Text("版本", "version")),
)
_WORDS = {"planned": Text("计划", "planned"), "paid": Text("已付", "paid")}
_Columns = tuple[tuple[str, Text], ...]


def add_pages(book: Any, order: "LedgerBook") -> None:
    """Add the page of states, and those of problems, works and money where there are any."""
    states = order.kind.workflow.states
    rows: list[list[object]] = []
    for one in order.records:
        word = states[one.state].title.get(order.language) if one.state in states else one.state
        rows.append([one.id, one.name, one.territory, one.state, word, one.since, one.version])
    _page(book, "states", _STATE, rows, order.language)
    for page, columns, items in (
        ("problems", _PROBLEM, order.problems),
        ("works", _WORK, order.works),
        ("payments", _PAYMENT, order.payments),
    ):
        if items:
            _page(book, page, columns, _rows(columns, items, order.language), order.language)


def _rows(columns: _Columns, items: Mapping[str, Sequence[object]], language: Language) -> Iterable[list[object]]:
    for number, some in items.items():
        for one in some:
            yield [number, *(_told(getattr(one, name), language) for name, _ in columns)]


def _told(value: object, language: Language) -> object:
    return _WORDS[value].get(language) if isinstance(value, str) and value in _WORDS else value


def _page(book: Any, page: str, columns: _Columns, rows: Iterable[Sequence[object]], language: Language) -> None:
    sheet = book.create_sheet(PAGES[page].get(language))
    heads = [title.get(language) for _, title in (_NUMBER, *columns)]
    put_head(sheet, 1, heads, [False] * len(heads))
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            _put(sheet, number, column, value)
    fit_widths(sheet, len(heads), first=2)
    sheet.freeze_panes = "B2"


def _put(sheet: Any, row: int, column: int, value: object) -> None:
    if isinstance(value, date):
        sheet.cell(row, column, value).number_format = DATE
    elif isinstance(value, int | float | Decimal):
        sheet.cell(row, column, value)
    elif value is not None:
        put_text(sheet, row, column, str(value)).number_format = AS_TEXT


def fit_widths(sheet: Any, columns: int, *, first: int) -> None:
    """Set the widths of the columns to what stands in the first rows of data, from row `first` on."""
    widths = []
    for column in range(1, columns + 1):
        texts = [sheet.cell(row, column).value for row in range(1, min(sheet.max_row, first + _LOOKED_AT) + 1)]
        wide = max((text_cells(str(text)) for text in texts if text is not None), default=0) + 2
        widths.append(min(_WIDE, max(_NARROW, wide)))
    set_widths(sheet, widths)
