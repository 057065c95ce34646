"""What planners hand on: tables with their texts as one HTML page, as a workbook, as CSV; all from one model."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zoning.maps.made import Made
from zoning.maps.page_templates import templates_in
from zoning.own_markup import own_markup
from zoning.report.document import Cell, Number, Paragraph, Section, Table, cell_text
from zoning.report.html import is_group
from zoning.texts import Language, Text

_TEMPLATE = "paper.html.j2"
_MARK = "\ufeff"
_SHEET_CELLS = 130.0
_TITLE = 28
_SHORT = 6
"""Signs of a cell that is never broken into two lines."""
_NO_TITLE = str.maketrans("", "", "[]:*?/\\'")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Paper:
    """A page of a planner.

    Attributes
    ----------
    lead
        The answer in one or two sentences: it stands first.
    warnings
        What a reader must know before using any figure: missing layers, schematic data.
    drawings
        Section id -> SVG that stands above its tables.
    """

    language: Language
    title: str
    subtitle: str
    lead: str
    sections: tuple[Section, ...]
    made: Made
    warnings: tuple[str, ...] = ()
    drawings: Mapping[str, str] = field(default_factory=dict)


def paper_html(paper: Paper) -> str:
    """Return one page without any request to anywhere; the same paper gives the same bytes."""
    environment = templates_in("zoning.planning")
    environment.filters |= {"shown": cell_text, "is_group": is_group, "tone": _tone}
    environment.tests["table"] = lambda block: isinstance(block, Table)
    environment.tests["paragraph"] = lambda block: isinstance(block, Paragraph)
    text: str = environment.get_template(_TEMPLATE).render(
        paper=paper,
        drawings={name: own_markup(svg) for name, svg in paper.drawings.items()},
        short=_SHORT,
        lang="zh-CN" if paper.language == "zh" else "en",
        made=_made(paper),
    )
    return text


def paper_workbook(paper: Paper) -> bytes:
    """Return a workbook with a sheet per section: figures are numbers, texts are never formulas; same bytes again."""
    from openpyxl import Workbook

    from zoning.report.spreadsheet import put_table, put_text, set_print, set_widths
    from zoning.report.zips import with_fixed_dates

    workbook = Workbook()
    if workbook.active is not None:
        workbook.remove(workbook.active)
    workbook.properties.title = paper.title
    workbook.properties.creator = paper.made.maker or "zoning"
    for number, section in enumerate(paper.sections):
        sheet = workbook.create_sheet(section.title.translate(_NO_TITLE)[:_TITLE])
        set_widths(sheet, _widths(section))
        row = 1
        if number == 0:
            for text in (paper.title, paper.subtitle, paper.lead, *paper.warnings):
                put_text(sheet, row, 1, text, bold=row == 1).alignment = _one_line()
                row += 1
        for block in section.blocks:
            if isinstance(block, Table):
                row = put_table(sheet, row, block) + 1
            elif isinstance(block, Paragraph):
                put_text(sheet, row, 1, block.text).alignment = _one_line()
                row += 1
        set_print(sheet, _made(paper))
        sheet.sheet_view.showGridLines = False
    made = io.BytesIO()
    workbook.save(made)
    return with_fixed_dates(made.getvalue(), paper.made.on)


def paper_csv(table: Table) -> str:
    """Return a table as CSV (UTF-8 with mark, so that spreadsheets read Chinese): figures are not rounded."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.head for column in table.columns])
    for row in table.rows:
        writer.writerow([_plain(cell) for cell in row])
    return _MARK + out.getvalue()


def _plain(cell: Cell) -> str:
    if isinstance(cell, Number):
        return repr(float(cell.value))
    text = cell_text(cell)
    # A spreadsheet would run what begins like a formula, and a bare carriage return would begin another row.
    return (f"'{text}" if text.startswith(_FORMULA) else text).replace("\r\n", "\n").replace("\r", "\n")


def _tone(cell: Cell) -> str:
    return "" if isinstance(cell, (str, Number)) else cell.tone


def _one_line() -> Any:
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=False, vertical="top")


def _widths(section: Section) -> list[float]:
    count = max((len(table.columns) for table in section.tables), default=1)
    widths = [8.0] * count
    for table in section.tables:
        total = sum(column.weight for column in table.columns)
        for index, column in enumerate(table.columns):
            widths[index] = max(widths[index], _SHEET_CELLS * column.weight / total)
    return widths


def _made(paper: Paper) -> str:
    words = Text("制作", "made by")
    maker = f" · {words.get(paper.language)} {paper.made.maker}" if paper.made.maker else ""
    return f"zoning {paper.made.version} · {paper.made.on}{maker}"
