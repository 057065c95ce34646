"""The report as an Excel workbook: one sheet per section, figures as numbers, units in the heads."""

import base64
import io
import zlib
from typing import TYPE_CHECKING

from zoning.report.document import Paragraph, Picture, Report, Section, Table
from zoning.report.reading import xlsx_lines
from zoning.report.seal import Seal
from zoning.report.spreadsheet import (
    height_of,
    put_table,
    put_text,
    set_print,
    set_widths,
)
from zoning.report.zips import with_fixed_dates

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HIDDEN = "_zoning"
_CHUNK = 30_000
_SHEET_WIDTH = 130.0
_TEXT_WIDTH = 110.0
_MAP_MM = 165.0
"""So wide that a map has room on an upright page; it is not true to its scale there."""
_TITLE = 28
_NO_TITLE = str.maketrans("", "", "[]:*?/\\'")
_PIXELS_PER_MM = 3.78
_ROW_PIXELS = 20


def render_xlsx(report: Report) -> bytes:
    """Return the workbook: the same report gives the same bytes."""
    plain = _packed(report, None)
    seal = Seal(report.digest, report.language, xlsx_lines(plain))
    return with_fixed_dates(_packed(report, seal), report.made.on)


def _packed(report: Report, seal: Seal | None) -> bytes:
    from openpyxl import Workbook

    workbook = Workbook()
    _describe(workbook, report)
    first = workbook.active
    if first is not None:
        workbook.remove(first)
    _front(workbook, report)
    for section in report.sections:
        _section(workbook, report, section)
    if seal is not None:
        _hidden(workbook, report, seal)
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def _describe(workbook: "Workbook", report: Report) -> None:
    properties = workbook.properties
    properties.title = report.title
    properties.creator = report.made.maker or "zoning"
    properties.identifier = f"sha256:{report.digest}"
    properties.keywords = report.short
    properties.language = "zh-CN" if report.language == "zh" else "en"
    properties.description = report.words["preliminary"]


def _front(workbook: "Workbook", report: Report) -> None:
    front = report.front
    blocks = (
        Paragraph(report.subtitle),
        Paragraph(report.title, "answer"),
        front.facts,
        Paragraph(front.word, "answer"),
        Paragraph(front.sentence),
        front.figures,
        Paragraph(front.scope),
        *((Paragraph(front.rules_title, "heading"),) if front.rules else ()),
        *(Paragraph(text, "item") for text in front.rules),
        Paragraph(front.missing_title, "heading"),
        *(Paragraph(text, "item") for text in front.missing),
        Paragraph(front.notice, "heading"),
        Paragraph(f"{report.words['digest']} {report.short}"),
    )
    title = report.words["verdict_name"]
    _write(workbook, report, Section("front", "0", title, blocks), heading=False)


def _section(workbook: "Workbook", report: Report, section: Section) -> None:
    _write(workbook, report, section, heading=True)


def _write(workbook: "Workbook", report: Report, section: Section, *, heading: bool) -> None:
    from openpyxl.worksheet.pagebreak import Break

    title = (section.heading if heading else section.title).translate(_NO_TITLE)
    sheet = workbook.create_sheet(title[:_TITLE])
    widths = _widths(section)
    set_widths(sheet, widths)
    row = 1
    if heading:
        row = _merged(sheet, row, section.heading, widths, bold=True, size=13)
    for block in section.blocks:
        if isinstance(block, Table):
            row = put_table(sheet, row, block, widths) + 1
        elif isinstance(block, Picture):
            if block.sheet:
                # A map has a page of its own.
                sheet.row_breaks.append(Break(id=row - 1))
            row = _picture(sheet, row, block)
            row = _merged(sheet, row, block.caption, widths)
        else:
            loud = block.kind in {"heading", "answer"}
            row = _merged(sheet, row, block.text, widths, bold=loud, size=13 if block.kind == "answer" else 10)
    only = [index for index, block in enumerate(section.blocks) if isinstance(block, Table) and not block.pairs]
    head = 2 if heading and only == [0] else None
    maps = any(isinstance(block, Picture) and block.sheet for block in section.blocks)
    foot = f"{report.words['digest']} {report.short} · {report.words['preliminary']}"
    set_print(sheet, foot, head_row=head, across=not maps)
    sheet.sheet_view.showGridLines = False


def _widths(section: Section) -> list[float]:
    """Return the widths that suit all tables of a sheet."""
    tables = section.tables
    count = max((len(table.columns) for table in tables), default=1)
    found = [0.0] * count
    for table in tables:
        total = sum(column.weight for column in table.columns)
        for index, column in enumerate(table.columns):
            share = _SHEET_WIDTH * column.weight / total
            # Of a table with few columns the last ones may be cut short: their text wraps.
            found[index] = max(found[index], min(share, _SHEET_WIDTH * 3 / count))
    return [max(width, 8.0) for width in found] if tables else [_TEXT_WIDTH]


def _merged(
    sheet: "Worksheet", row: int, text: str, widths: list[float], *, bold: bool = False, size: float = 10
) -> int:
    put_text(sheet, row, 1, text, bold=bold, size=size)
    if len(widths) > 1:
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(widths))
    sheet.row_dimensions[row].height = height_of(text, sum(widths) * 10 / size) * size / 9
    return row + 1


def _picture(sheet: "Worksheet", row: int, picture: Picture) -> int:
    from openpyxl.drawing.image import Image

    image = Image(io.BytesIO(picture.png))
    width = (_MAP_MM if picture.sheet else picture.width_mm) * _PIXELS_PER_MM
    image.height, image.width = round(image.height * width / image.width), round(width)
    sheet.add_image(image, f"A{row}")
    return row + image.height // _ROW_PIXELS + 2


def _hidden(workbook: "Workbook", report: Report, seal: Seal) -> None:
    """Keep verdict and seal on a sheet that no reader sees, in pieces that a cell can hold."""
    sheet = workbook.create_sheet(HIDDEN)
    sheet.sheet_state = "veryHidden"
    for column, text in ((1, report.verdict_json), (2, seal.to_json())):
        packed = base64.b64encode(zlib.compress(text.encode(), 9)).decode()
        for row, start in enumerate(range(0, len(packed), _CHUNK), start=1):
            cell = sheet.cell(row, column, packed[start : start + _CHUNK])
            cell.data_type = "s"
