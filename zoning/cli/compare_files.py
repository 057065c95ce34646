"""The files of a comparison: JSON, CSV, XLSX, GeoPackage, each whole or not at all."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.cli.session import Session
from zoning.cli.writing import write_all
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from zoning.cli.compare import Comparison
    from zoning.planning.compare.tables import Column, Sheet, Value

_FORMULA = ("=", "+", "-", "@")
_WIDE, _NARROW = 26.0, 14.0
_MOST_ROWS = 200_000


def document_of(found: "Comparison") -> dict[str, Any]:
    """Return the whole comparison as JSON values."""
    from dataclasses import asdict

    from zoning.planning.compare.document import document

    sides, notice = found.sides, found.sides.after.content.settings.notice
    made = document((sides.before.label, sides.after.label), found.changes, found.keeps, found.adjustments, notice)
    diff = found.verdicts
    if diff is not None:
        made["verdicts"] = {
            "sites": diff.total,
            "rechecked": diff.rechecked,
            "everywhere": [asdict(reason) for reason in diff.everywhere],
            "layers": list(diff.layers),
            "rules": list(diff.rules),
            "verified": diff.verified,
            "contradicted": list(diff.contradicted),
            "stale": {str(number): list(pair) for number, pair in sorted(diff.stale.items())},
            "changes": [change.plain() for change in diff.changes],
        }
    return made


def write_files(session: Session, found: "Comparison", folder: Path) -> None:
    """Write everything into a folder, and say where.

    Raises
    ------
    ContentError
        When a file cannot be written.
    """
    from zoning.planning.compare.document import to_json
    from zoning.planning.compare.drawing import pieces_geopackage
    from zoning.planning.compare.tables import sheets_of, verdict_sheet

    language = session.language
    sheets = list(sheets_of(found.changes, found.keeps, found.adjustments, language))
    if found.verdicts is not None:
        sheets.append(verdict_sheet(found.verdicts.changes, language))
    on = found.sides.after.content.on.isoformat()
    contents: dict[str, str | bytes] = {"comparison.json": to_json(document_of(found))}
    contents |= {f"{sheet.key}.csv": _csv(sheet, language) for sheet in sheets}
    contents["comparison.xlsx"] = _workbook(sheets, found, on, language)
    pieces = pieces_geopackage(found.changes, language, on)
    if pieces is not None:
        contents["pieces.gpkg"] = pieces
    write_all(session, folder, contents)
    if found.verdicts is not None:
        found.verdicts.parts.remove()


def _csv(sheet: "Sheet", language: Language) -> str:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([column.title.get(language) for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_cell(value, column) for value, column in zip(row, sheet.columns, strict=True)])
    # Spreadsheets take a file without the mark for GBK.
    return "\ufeff" + made.getvalue()


def _cell(value: "Value", column: "Column") -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return f"{value:.{column.decimals or 0}f}"


def _workbook(sheets: "list[Sheet]", found: "Comparison", on: str, language: Language) -> bytes:
    from openpyxl import Workbook

    from zoning.report.document import Number
    from zoning.report.spreadsheet import put_cell, put_head, put_text, set_print, set_widths
    from zoning.report.zips import with_fixed_dates

    workbook = Workbook()
    first = workbook.active
    if first is not None:
        workbook.remove(first)
    notice = found.sides.after.content.settings.notice.get(language)
    for table in sheets:
        sheet = workbook.create_sheet(table.title.get(language))
        numeric = [column.decimals is not None for column in table.columns]
        put_head(sheet, 1, [column.title.get(language) for column in table.columns], numeric)
        for number, row in enumerate(table.rows[:_MOST_ROWS], start=2):
            for place, (value, column) in enumerate(zip(row, table.columns, strict=True), start=1):
                if isinstance(value, str):
                    put_cell(sheet, number, place, value)
                elif value is not None:
                    put_cell(sheet, number, place, Number(value, column.decimals or 0), right=True)
        if len(table.rows) > _MOST_ROWS:
            rest = Text("其余各行见 CSV", "the other rows are in the CSV file")
            put_text(sheet, _MOST_ROWS + 2, 1, rest.get(language))
        set_widths(sheet, [_NARROW if one else _WIDE for one in numeric])
        set_print(sheet, notice, head_row=1)
    made = io.BytesIO()
    workbook.save(made)
    return with_fixed_dates(made.getvalue(), on)
