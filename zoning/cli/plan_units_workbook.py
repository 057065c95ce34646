"""A plan as a workbook: totals, classes, units, lineage, the skeleton of the access list, remarks."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from zoning.report.document import Number
from zoning.report.spreadsheet import height_of, put_head, put_number, put_text, set_print, set_widths, text_cells
from zoning.report.zips import with_fixed_dates
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from zoning.cli.plan_units_files import Cell, Rows
    from zoning.planning.units.plan import Plan
    from zoning.planning.units.skeleton import UnitSkeleton

_WIDEST = 60


def workbook(plan: "Plan", skeletons: "Sequence[UnitSkeleton]", language: Language) -> bytes:
    """Return the workbook: the same plan gives the same bytes."""
    from openpyxl import Workbook

    from zoning.cli.plan_units_files import list_rows, total_rows, unit_rows

    book = Workbook()
    first = book.active
    if first is not None:
        book.remove(first)
    book.properties.title = plan.scheme.title.get(language)
    book.properties.creator = "zoning"
    _sheet(book, Text("汇总", "Totals"), total_rows(plan, language), plan, language)
    _sheet(book, Text("分类", "Classes"), _class_rows(plan, language), plan, language)
    _sheet(book, Text("单元", "Units"), unit_rows(plan, language), plan, language)
    _sheet(book, Text("组成", "Lineage"), _lineage_rows(plan, language), plan, language)
    if skeletons:
        _sheet(book, Text("准入清单骨架", "Access list skeleton"), list_rows(plan, skeletons), plan, language)
    _sheet(book, Text("说明", "Remarks"), _remark_rows(plan, language), plan, language)
    made = io.BytesIO()
    book.save(made)
    return with_fixed_dates(made.getvalue(), plan.on.isoformat())


def _sheet(book: Any, title: Text, rows: "Rows", plan: "Plan", language: Language) -> None:
    sheet = book.create_sheet(title.get(language))
    head, body = rows[0], rows[1:]
    numeric = [bool(body) and not isinstance(body[0][n], str) for n in range(len(head))]
    put_head(sheet, 1, [str(cell) for cell in head], numeric)
    whole = [row for row in (head, *body) if len(row) == len(head)]
    widths = [min(_WIDEST, max(text_cells(_text(cell)) for cell in one) + 2) for one in zip(*whole, strict=True)]
    set_widths(sheet, widths)
    for number, row in enumerate(body, start=2):
        for column, cell in enumerate(row, start=1):
            _put(sheet, number, column, cell, loud=len(row) == 1)
        if len(row) == 1:
            # A remark below the table runs over all its columns.
            sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(head))
            sheet.row_dimensions[number].height = height_of(_text(row[0]), sum(widths))
    sheet.freeze_panes = "A2"
    foot = f"{plan.built.territory.name} · {plan.scheme.title.get(language)} · {plan.on}"
    set_print(sheet, foot, head_row=1)


def _text(cell: "Cell") -> str:
    return cell.text if isinstance(cell, Number) else cell


def _put(sheet: Any, row: int, column: int, cell: "Cell", *, loud: bool) -> None:
    if isinstance(cell, str):
        put_text(sheet, row, column, cell, bold=loud)
    else:
        put_number(sheet, row, column, cell)


def _class_rows(plan: "Plan", language: Language) -> "Rows":
    from zoning.planning.units.totals import totals_of
    from zoning.quantities import hectares

    zh = language == "zh"
    totals = totals_of(plan)
    head = (
        ("类别", "所属", "个数", "面积_公顷", "占比_%") if zh else ("class", "part of", "number", "area_ha", "share_%")
    )
    rows: Rows = [head]
    for one in totals.classes:
        title = one.title_zh if zh else one.title_en
        share = Number(one.total.share * 100)
        rows.append((title, one.group, Number(one.total.count, 0), Number(hectares(one.total.area_m2), 4), share))
    for name, total in totals.groups:
        count, share = Number(total.count, 0), Number(total.share * 100)
        rows.append((name, "合计" if zh else "total", count, Number(hectares(total.area_m2), 4), share))
    return rows


def _lineage_rows(plan: "Plan", language: Language) -> "Rows":
    zh = language == "zh"
    head = (
        ("单元编码", "图层", "版本", "区编号", "区名称", "类", "面积_平方米", "占单元_%")
        if zh
        else ("unit", "layer", "edition", "zone id", "zone", "class", "area_m2", "share_%")
    )
    rows: Rows = [head]
    for one in plan.units:
        for zone, area in one.unit.members:
            layer = plan.catalogue[zone.layer]
            class_title = layer.classes[zone.class_id].title.get(language)
            share = Number(area / one.unit.area_m2 * 100)
            title = layer.title.get(language)
            rows.append((one.code, title, zone.edition, zone.zone, zone.name, class_title, Number(area), share))
    return rows


def _remark_rows(plan: "Plan", language: Language) -> "Rows":
    from zoning.planning.units.remarks import remarks_of

    kinds = {"warning": Text("注意", "warning"), "note": Text("说明", "note")}
    rows: Rows = [("类型", "内容") if language == "zh" else ("kind", "remark")]
    rows.extend((kinds[one.kind].get(language), one.text.get(language)) for one in remarks_of(plan))
    return rows
