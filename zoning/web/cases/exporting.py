"""The list of cases as an Excel workbook and as a GeoPackage."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from zoning.registers.ledger.columns import export_columns, table_row
from zoning.registers.ledger.spatial import CRS, write_features
from zoning.registers.place import Place
from zoning.registers.reading import read_records
from zoning.registers.record import Record, Value
from zoning.texts import Language, Text
from zoning.web.cases.listing import CaseLine
from zoning.web.cases.words import decision_word

_EXTRA = (
    ("decision", Text("计算结论", "computed decision"), "text"),
    ("decision_MC", Text("计算结论名称", "computed decision in words"), "text"),
    ("override", Text("人工改判", "manual override"), "text"),
    ("verdict", Text("结论序号", "number of the verdict"), "integer"),
    ("verdict_day", Text("研判日期", "day of the check"), "date"),
    ("overdue", Text("超期", "overdue"), "text"),
    ("notices", Text("待办变化提示", "open notices"), "integer"),
    ("pending", Text("复核中", "re-check pending"), "text"),
)


def _extra(line: CaseLine, language: Language) -> list[Value]:
    verdict = line.verdict
    return [
        line.decision or None,
        decision_word(line.decision).get(language),
        decision_word(line.standing).get(language) if line.standing else None,
        verdict.number if verdict is not None else None,
        verdict.day if verdict is not None else None,
        _yes_or_no(line.is_overdue).get(language),
        line.notices,
        _yes_or_no(line.is_pending).get(language),
    ]


def _yes_or_no(said: bool) -> Text:  # noqa: FBT001 - it is what is said
    return Text("是", "yes") if said else Text("否", "no")


def workbook(place: Place, lines: Sequence[CaseLine], on: date, language: Language, *, personal: bool) -> bytes:
    """Return the list as .xlsx; what begins with "=" stays a text."""
    columns = export_columns(place.type, personal=personal)
    titles = [column.title.get(language) for column in columns] + [title.get(language) for _, title, _ in _EXTRA]
    kinds = [column.kind for column in columns] + [kind for _, _, kind in _EXTRA]
    rows = [[*table_row(line.record, place.type, columns, language), *_extra(line, language)] for line in lines]
    return table_workbook(place.type.title.get(language), titles, kinds, rows, on)


def table_workbook(
    title: str, titles: Sequence[str], kinds: Sequence[str], rows: Iterable[Sequence[Value]], on: date
) -> bytes:
    """Return a table as .xlsx: one sheet, its head repeated on every printed page; texts are never formulas."""
    import openpyxl

    from zoning.report.spreadsheet import put_head, put_text, set_print, set_widths
    from zoning.report.zips import with_fixed_dates

    book: Any = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title[:31]
    put_head(sheet, 1, titles, [kind in ("number", "integer") for kind in kinds])
    for row, cells in enumerate(rows, 2):
        for column, cell in enumerate(cells, 1):
            if isinstance(cell, str):
                put_text(sheet, row, column, cell)
            elif cell is not None:
                sheet.cell(row, column, cell)
    sheet.freeze_panes = "C2"
    set_widths(sheet, [24.0 if kind == "text" else 14.0 for kind in kinds])
    set_print(sheet, f"{title} · {on}", head_row=1)
    made = io.BytesIO()
    book.save(made)
    return with_fixed_dates(made.getvalue(), on.isoformat())


def geopackage(place: Place, lines: Sequence[CaseLine], on: date, language: Language, *, personal: bool) -> bytes:
    """Return the cases whose place is known as a GeoPackage."""
    import tempfile
    from pathlib import Path

    columns = export_columns(place.type, personal=personal)
    types = {column.name: _type(column.kind) for column in columns} | {name: _type(kind) for name, _, kind in _EXTRA}
    shapes = {one.id: one.geometry for one in read_records(place, ids=[line.record.id for line in lines])}
    placed = [line for line in lines if shapes.get(line.record.id) is not None]
    rows = [
        [*table_row(_shaped(line, shapes), place.type, columns, language), *_extra(line, language)] for line in placed
    ]
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        path = Path(folder) / "cases.gpkg"
        geometries = [shapes[line.record.id] for line in placed]
        write_features(path, geometries, rows, types, crs=CRS, on=on, driver="GPKG", layer=place.kind)
        return path.read_bytes()


def _shaped(line: CaseLine, shapes: Any) -> Record:
    return replace(line.record, geometry=shapes[line.record.id])


def _type(kind: str) -> str:
    return {"integer": "int64", "number": "float", "date": "date"}.get(kind, "str")
