"""The files of a plan: GeoPackage, tables, workbook, skeleton of the access list, and last the JSON."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.report.document import Number
from zoning.rules.access.words import CLASS_TITLES, DIMENSION_TITLES, DIMENSIONS
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from zoning.cli.plan_units import Desk
    from zoning.overlay.plane import Geometries
    from zoning.planning.units.plan import Plan
    from zoning.planning.units.skeleton import UnitSkeleton

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Cell = str | Number
Rows = list[tuple[Cell, ...]]
_UNIT_HEADS = (
    Text("编码", "code"),
    Text("名称", "name"),
    Text("区/县", "county"),
    Text("乡镇", "township"),
    Text("类别", "class"),
    Text("子区", "sub-zone"),
    Text("面积_平方米", "area_m2"),
    Text("面积_公顷", "area_ha"),
    Text("面积_亩", "area_mu"),
    Text("占比_%", "share_%"),
    Text("并入_平方米", "merged_m2"),
    Text("编码来源", "code_is"),
    Text("成员", "members"),
)


def write_files(
    desk: "Desk", plan: "Plan", skeletons: "Sequence[UnitSkeleton]", written: "Geometries", document: str
) -> None:
    """Write all files of a territory; the JSON is removed first and written last: with it the folder is finished.

    Parameters
    ----------
    written
        The units (n,), longitude and latitude.

    Raises
    ------
    ContentError
        When a file cannot be written.
    """
    from zoning.atomic_write import write_whole
    from zoning.cli.plan_units import document_path
    from zoning.cli.plan_units_workbook import workbook
    from zoning.maps.qgis.geopackage import geopackage
    from zoning.planning.units.skeleton import edition_of
    from zoning.planning.units.tables import tables_of
    from zoning.styles.stylebook import read_stylebook

    language = desk.session.language
    outcomes = desk.workspace.own_or_builtin("styles/outcomes.yaml")
    stylebook = read_stylebook(desk.workspace.root / "styles", outcomes=outcomes)
    tables = tables_of(plan, written, desk.source.plane, skeletons, stylebook, language)
    last = document_path(desk, plan.built.territory.code)
    folder, stem = last.parent, plan.scheme.units
    made: dict[Path, str | bytes] = {
        folder / f"{stem}.gpkg": geopackage(tables, plan.on.isoformat()),
        folder / f"{stem}.csv": _csv(unit_rows(plan, language)),
        folder / f"{stem}-totals.csv": _csv(total_rows(plan, language)),
        folder / f"{stem}.xlsx": workbook(plan, skeletons, language),
    }
    if skeletons:
        made[folder / "access-list.yaml"] = edition_of(plan, skeletons, "access-list")
        made[folder / "access-list.csv"] = _csv(list_rows(plan, skeletons))
    last.unlink(missing_ok=True)
    for path, content in made.items():
        write_whole(path, content)
    write_whole(last, document)
    desk.session.say(
        Text(f"已写出 {folder}{'/'}（{len(made) + 1} 个文件）", f"written: {folder}/ ({len(made) + 1} files)")
    )


def unit_rows(plan: "Plan", language: Language) -> Rows:
    """Return the units as rows below a head."""
    from zoning.planning.units.tables import made_of
    from zoning.quantities import hectares, mu

    layer = plan.catalogue[plan.scheme.units]
    rows: Rows = [tuple(head.get(language) for head in _UNIT_HEADS)]
    for one in plan.units:
        area = one.unit.area_m2
        title = layer.classes[one.class_id].title
        kept = Text("新编", "new") if one.kept_from is None else Text("沿用", "kept")
        rows.append(
            (
                one.code,
                one.name,
                one.county,
                one.township,
                title.get(language),
                one.member,
                Number(area),
                Number(hectares(area), 4),
                Number(mu(area)),
                Number(area / plan.built.territory_m2 * 100),
                Number(one.unit.merged_m2),
                kept.get(language),
                made_of(plan, one),
            )
        )
    return rows


def total_rows(plan: "Plan", language: Language) -> Rows:
    """Return the municipal layout: number, county, township, then per class count, area and share in percent."""
    from zoning.planning.units.remarks import remarks_of
    from zoning.planning.units.totals import totals_of
    from zoning.quantities import hectares

    zh = language == "zh"
    totals = totals_of(plan)
    head = ["序号", "区/县", "乡镇", "个数", "面积_公顷"] if zh else ["no.", "county", "township", "number", "area_ha"]
    for one in totals.classes:
        title = one.title_zh if zh else one.title_en
        head += (
            [f"{title} 个数", f"{title} 面积_公顷", f"{title} 面积占比(%)"]
            if zh
            else [f"{title} number", f"{title} area_ha", f"{title} share (%)"]
        )
    rows: Rows = [tuple(head)]
    for number, row in enumerate((*totals.rows, totals.whole), start=1):
        first: Cell = Number(number, 0) if row is not totals.whole else ("合计" if zh else "total")
        cells: list[Cell] = [first, row.county, row.township, Number(row.count, 0), Number(hectares(row.area_m2), 4)]
        for total in row.classes:
            cells += [Number(total.count, 0), Number(hectares(total.area_m2), 4), Number(total.share * 100)]
        rows.append(tuple(cells))
    # What was not seen stands in the table itself: a table travels alone.
    warnings = [one.text.get(language) for one in remarks_of(plan) if one.kind == "warning"]
    rows.extend((("注：" if zh else "note: ") + text,) for text in warnings)
    return rows


def list_rows(plan: "Plan", skeletons: "Sequence[UnitSkeleton]") -> Rows:
    """Return the skeleton as the table that published lists are, one row per unit."""
    from zoning.planning.units.skeleton import section_text

    names = {one.code: one for one in plan.units}
    titles = [DIMENSION_TITLES[name].zh for name in DIMENSIONS]
    rows: Rows = [("环境管控单元编码", "环境管控单元名称", "县", "管控单元分类", *titles, "状态")]
    for one in skeletons:
        unit = names[one.code]
        known = {str(name): title.zh for name, title in CLASS_TITLES.items()}
        sections = [section_text(one.sections[name]) for name in DIMENSIONS]
        rows.append(
            (one.code, unit.name, unit.county, known.get(unit.class_id, unit.class_id), *sections, "骨架，待补充")
        )
    return rows


def _plain(cell: Cell) -> str:
    if isinstance(cell, Number):
        return f"{cell.value:.{cell.decimals}f}"
    # No name of a zone becomes a formula of a spreadsheet.
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _csv(rows: Rows) -> bytes:
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerows([_plain(cell) for cell in row] for row in rows)
    # With the mark a spreadsheet on Windows reads it as UTF-8.
    return made.getvalue().encode("utf-8-sig")
